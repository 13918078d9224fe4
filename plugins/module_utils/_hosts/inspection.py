# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What matters for a swarm on a host, and that no engine reports, for hive.swarm.swarm_host_info. Changes nothing."""

from __future__ import annotations

import os
import re
import time
import typing as t

from .._core.values import Values

# Runs a program with arguments, and returns its output; None where the program does not exist or fails.
Command = t.Callable[..., t.Optional[str]]
# The files by which the role hive.swarm.engine manages a firewall.
MANAGED = {"firewalld": "/etc/firewalld/hive-swarm.rules", "nftables": "/etc/nftables.hive-swarm.conf"}


def inspect(command: Command, modules: list[str], reference_time: int) -> Values:
    """:param modules: names of kernel modules.
    :param reference_time: seconds since the epoch, to which the clock is compared.
    """
    missing, unknown = _kernel_modules(command, modules)
    return {
        "clock_offset": int(time.time()) - reference_time,
        "clock_synchronized": _clock_synchronized(command),
        "kernel": os.uname().release,
        "missing_modules": missing,
        "unknown_modules": unknown,
        "mtu": _mtu(command("ip", "-o", "link", "show")),
        "dynamic_addresses": _dynamic(command("ip", "-o", "address", "show")),
        "routes": [line.strip() for line in (command("ip", "-4", "route", "show") or "").splitlines()],
        "firewalls": _firewalls(command),
    }


def _kernel_modules(command: Command, modules: list[str]) -> tuple[list[str], list[str]]:
    """Return the modules that the kernel has not got, and those of which nothing can be found out.

    A kernel that was replaced since the host was booted has no folder any more.
    """
    lacking = [name for name in modules if not os.path.isdir(f"/sys/module/{name}") and not _loadable(command, name)]
    if os.path.isdir(f"/lib/modules/{os.uname().release}"):
        return lacking, []
    return [], lacking


def _loadable(command: Command, name: str) -> bool:
    """Return whether modprobe finds the module. Without modprobe nothing speaks against it."""
    return command("modprobe", "--version") is None or command("modprobe", "-nq", name) is not None


def _clock_synchronized(command: Command) -> bool | None:
    """Return None without systemd, which reports it."""
    said = (command("timedatectl", "show", "--property=NTPSynchronized", "--value") or "").strip()
    return {"yes": True, "no": False}.get(said)


def _mtu(links: str | None) -> dict[str, int]:
    """By the names of interfaces. A line is "2: eth0@if3: <FLAGS> mtu 1500 qdisc …"."""
    found = re.findall(r"^\d+: ([^:@]+)[^:]*: .* mtu (\d+) ", links or "", re.MULTILINE)
    return {name: int(mtu) for name, mtu in found}


def _dynamic(addresses: str | None) -> list[str]:
    """The addresses that a DHCP server has leased, for example. A line is "2: eth0    inet 192.0.2.1/24 … dynamic …"."""
    lines = [line.split() for line in (addresses or "").splitlines() if " dynamic " in line]
    return [words[3].split("/")[0] for words in lines if len(words) > 3]


def _firewalls(command: Command) -> list[Values]:
    """The active firewalls, and whether hive.swarm.site manages their rules."""
    found = []
    if (command("ufw", "status") or "").startswith("Status: active"):
        found.append({"name": "ufw", "managed": "comment 'hive.swarm'" in (command("ufw", "show", "added") or "")})
    for name, path in MANAGED.items():
        if (command("systemctl", "is-active", name) or "").strip() == "active":
            found.append({"name": name, "managed": os.path.exists(path)})
    return found
