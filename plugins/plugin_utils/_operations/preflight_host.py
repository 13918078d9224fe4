# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What speaks against a host, whatever the others are."""

from __future__ import annotations

import typing as t
from ipaddress import ip_network

from ...module_utils._core.validators import is_ip, split_address
from ...module_utils._core.values import Values
from .preflight_record import PROBLEM, WARNING, Finding, ip_of

FAMILIES = ("Debian", "RedHat")
DISK_LEAST, DISK_LITTLE = 2 * 10**9, 10 * 10**9
# What overlay networks count on, unless they are created with another one.
MTU = 1500
# Interfaces that no other host is behind.
INNER = ("docker", "br-", "veth", "lo", "vxlan", "virbr", "cni")


def host_findings(record: Values, pools: list[str], manager: bool) -> list[Finding]:
    """:param pools: subnets that overlay networks get theirs from.
    :param manager: whether the host is to be a manager.
    """
    found = [*_engine(record), *_bridges(record, pools)]
    if not record["local"]:  # what was gathered there is of the controller
        found += [*_system(record), *_address(record, manager), *_routes(record, pools), *_mtu(record)]
        found += [*_synchronised(record), *_disk(record)]
    return [Finding(record["name"], *each) for each in found]


Found = t.Iterator[tuple[str, str, str]]


def _engine(record: Values) -> Found:
    info = record.get("docker_info") or {}
    if record.get("silence"):
        yield (
            WARNING,
            f"no engine answers ({record['silence'].strip().rstrip('.')})",
            "Where there is none yet, hive.swarm.site installs one.",
        )
    if info.get("LiveRestoreEnabled"):
        yield PROBLEM, "live-restore is on, which no swarm can live with", "Remove it from daemon.json."
    if any("rootless" in option for option in info.get("SecurityOptions") or []):
        yield PROBLEM, "its engine is rootless, which has no overlay networks", "Use one of root."
    if "nftables" in ((info.get("FirewallBackend") or {}).get("Driver") or ""):
        yield (
            PROBLEM,
            "its engine uses nftables, which a swarm refuses",
            "Set firewall-backend to iptables in daemon.json.",
        )


def _bridges(record: Values, pools: list[str]) -> Found:
    bases = [each["Base"] for each in (record.get("docker_info") or {}).get("DefaultAddressPools") or []]
    both = [base for base in bases if _overlap(base, pools)]
    if both:
        yield (
            WARNING,
            f"its engine gives bridges networks of {', '.join(both)} (default-address-pools), where overlay networks"
            f" ({', '.join(pools)}) have theirs as well",
            "Keep the two apart.",
        )


def _system(record: Values) -> Found:
    facts = record["facts"]
    if facts.get("os_family") and facts["os_family"] not in FAMILIES:
        yield WARNING, f"runs {facts.get('distribution')}, which this collection is not tried on", "Try it first."
    if record["missing_modules"]:
        package = "kernel-modules-extra" if facts.get("os_family") == "RedHat" else "linux-modules-extra"
        yield (
            PROBLEM,
            f"its kernel has no {', '.join(record['missing_modules'])}",
            f"Install the package with the rest of the modules ({package}, or the distribution's ordinary kernel), and"
            " reboot if the running kernel is an older one.",
        )
    if record["unknown_modules"]:
        yield (
            WARNING,
            f"has no folder /lib/modules/{record['kernel']} for the kernel that runs, so it cannot be told whether that has"
            f" {', '.join(record['unknown_modules'])}",
            "Reboot, if the kernel was upgraded.",
        )


def _address(record: Values, manager: bool) -> Found:
    facts, own = record["facts"], _own_addresses(record["facts"])
    given = split_address(record["address"])[0] if record.get("address") else ""
    if given and not own:
        return
    if is_ip(given) and given not in own:
        yield (
            PROBLEM,
            f"does not have the address {given} that it is to advertise; it has {', '.join(own)}",
            "Correct cluster_advertise_addr.",
        )
    elif given and not ip_of(given, facts):
        yield PROBLEM, f"has no interface {given} with an address", "Correct cluster_advertise_addr."
    elif not given and record["state"] == "inactive" and len(own) > 1:
        yield (
            WARNING,
            f"has several addresses ({', '.join(own)}), and none is set as the one to advertise",
            "Set cluster_advertise_addr.",
        )
    if manager and record["target"].address in record["dynamic_addresses"]:
        yield (
            WARNING,
            f"its address {record['target'].address} is dynamic, and a manager whose address changes is lost",
            "Give it a fixed one, or reserve this one where it comes from.",
        )


def _own_addresses(facts: Values) -> list[str]:
    """The addresses that another host may know it by."""
    inner = [
        entry.get("address")
        for name in facts.get("interfaces") or []
        if name.startswith(INNER)
        for entry in _entries(facts.get(name.replace("-", "_")) or {})
    ]
    own = [*facts.get("all_ipv4_addresses", []), *facts.get("all_ipv6_addresses", [])]
    return [each for each in own if each not in inner and not each.startswith("fe80:")]


def _entries(interface: Values) -> t.Iterator[Values]:
    yield interface.get("ipv4") or {}
    yield from interface.get("ipv4_secondaries") or []


def _routes(record: Values, pools: list[str]) -> Found:
    both = []
    for route in record["routes"]:
        words = route.split()
        network = next((word for word in words[:2] if word[0].isdigit()), "")
        if network and _overlap(network, pools):
            both.append(f"{network} ({words[words.index('dev') + 1]})" if "dev" in words else network)
    both = list(dict.fromkeys(both))
    if both:
        more = f" and {len(both) - 3} more" if len(both) > 3 else ""
        yield (
            WARNING,
            f"has routes to {', '.join(both[:3])}{more}, where overlay networks ({', '.join(pools)}) get theirs as well",
            "Create the swarm with another default_addr_pool.",
        )


def _overlap(network: str, pools: list[str]) -> bool:
    return any(ip_network(network, strict=False).overlaps(ip_network(pool, strict=False)) for pool in pools)


def _mtu(record: Values) -> Found:
    for name, mtu in record["mtu"].items():
        entries = _entries(record["facts"].get(name.replace("-", "_")) or {})
        if mtu < MTU and record["target"].data_path in [each.get("address") for each in entries]:
            yield (
                WARNING,
                f"the MTU of {name} is {mtu}, and overlay networks count on {MTU}: large packets between containers get lost",
                f"Create overlay networks with the option com.docker.network.driver.mtu: {mtu}.",
            )


def _synchronised(record: Values) -> Found:
    if record["clock_synchronized"] is False:
        yield (
            WARNING,
            "its clock is not synchronised",
            "Run chrony or systemd-timesyncd: certificates fail when clocks differ by an hour.",
        )


def _disk(record: Values) -> Found:
    root = (record.get("docker_info") or {}).get("DockerRootDir") or "/var/lib/docker"
    mounts = [m for m in record["facts"].get("mounts") or [] if _holds(m["mount"], root)]
    if not mounts:
        return
    mount = max(mounts, key=lambda each: len(each["mount"]))
    free = mount.get("size_available")
    if free is not None and free < DISK_LITTLE:
        yield (
            PROBLEM if free < DISK_LEAST else WARNING,
            f"{free / 10**9:.1f} GB are free on {mount['mount']}, where {root} is",
            "Make room, for example with hive.swarm.prune.",
        )


def _holds(mount: str, path: str) -> bool:
    return mount == "/" or path == mount or path.startswith(mount.rstrip("/") + "/")
