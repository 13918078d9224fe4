# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What preflight finds on a host, and what the tasks have gathered there."""

from __future__ import annotations

import json
import typing as t

from ...module_utils._core.addresses import is_ip, split_address
from ...module_utils._core.paths import Values

PROBLEM, WARNING = "problem", "warning"


class Finding(t.NamedTuple):
    """:param host: name of the host, empty for what concerns all.
    :param level: ``problem`` or ``warning``.
    """

    host: str
    level: str
    what: str
    to_do: str


class Target(t.NamedTuple):
    """Where others find a host; address and data_path are IP addresses, or empty if not known."""

    address: str
    port: int
    data_path: str


def read_record(raw: Values) -> Values:
    """A record for preflight() and plan_ways(), from what the tasks have gathered.

    :param raw: name, local, address and data_path (as the inventory gives them), hostname, state and node_address (of
        hive.swarm.swarm_info), silence (why no engine answers), docker_info, unreachable, and as they were printed: facts
        (of ansible.builtin.setup), look (lines of a word and what it is about), opens (whether
        hive.swarm.site opens its firewalls), listening, tried and heard (JSON of ways.py).
    :returns: raw with target, with facts without their prefix, with listening, tried and heard as they were in Python,
        and with what the lines said: clock (seconds, None if unknown), modules (that are missing), unknown (modules of
        which nothing can be told, with the kernel), mtu (by interface), dynamic, routes, synchronised and
        closed_firewalls.
    """
    facts = {key.removeprefix("ansible_"): value for key, value in (raw.get("facts") or {}).items()}
    said: dict[str, list[str]] = {}
    for line in (raw.get("look") or "").splitlines():
        word, _space, about = line.partition(" ")
        said.setdefault(word, []).append(about)
    clock = (said.get("clock") or [""])[0]
    return {
        **raw,
        "facts": facts,
        "hostname": raw.get("hostname") or ("" if raw.get("local") else facts.get("hostname", "")),
        "clock": int(clock) if clock.lstrip("-").isdigit() else None,
        "modules": said.get("module", []),
        "unknown": [about.split(" ") for about in said.get("unknown", [])],
        "mtu": {name: int(mtu) for name, mtu in (about.split(" ") for about in said.get("mtu", []))},
        "dynamic": said.get("dynamic", []),
        "routes": said.get("route", []),
        "closed_firewalls": _to_be_opened(raw, said.get("firewall", [])),
        "synchronised": (said.get("synchronised") or [""])[0],
        "listening": json.loads(raw.get("listening") or "{}"),
        "tried": json.loads(raw.get("tried") or "[]"),
        "heard": json.loads(raw.get("heard") or "{}"),
        "target": _target({**raw, "facts": facts}),
    }


def _to_be_opened(raw: Values, firewalls: list[str]) -> list[str]:
    """The firewalls of a host that hive.swarm.site opens, as long as it has not done so."""
    return [
        name for name, _space, opened in (line.partition(" ") for line in firewalls) if raw.get("opens") and not opened
    ]


def _target(record: Values) -> Target:
    given, port = split_address(record["address"]) if record.get("address") else ("", None)
    address = ip_of(given, record["facts"]) or _own_choice(record)
    return Target(address, port or 2377, ip_of(record.get("data_path") or "", record["facts"]) or address)


def _own_choice(record: Values) -> str:
    """Where nothing is given: what the node advertises, or is to advertise according to the role."""
    node_address = record.get("node_address") or ""
    if is_ip(node_address) and node_address != "0.0.0.0":
        return node_address
    return "" if record.get("local") else (record["facts"].get("default_ipv4") or {}).get("address", "")


def ip_of(given: str, facts: Values) -> str:
    """The IP address of an address or an interface; empty where there is none."""
    if is_ip(given):
        return given
    return ((facts.get(given.replace("-", "_")) or {}).get("ipv4") or {}).get("address", "")
