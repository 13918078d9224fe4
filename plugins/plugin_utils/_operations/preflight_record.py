# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What preflight finds on a host, and what the tasks have gathered there."""

from __future__ import annotations

import typing as t

from ...module_utils._core.validators import is_ip, split_address
from ...module_utils._core.values import Values

PROBLEM, WARNING = "problem", "warning"
# Of a host that did not respond.
NOT_INSPECTED: Values = {
    "clock_offset": None, "clock_synchronized": None, "kernel": "", "missing_modules": [], "unknown_modules": [],
    "mtu": {}, "dynamic_addresses": [], "routes": [], "firewalls": [],
}  # fmt: skip


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
    """A record for preflight() and plan_connectivity(), from what the tasks have gathered.

    :param raw: name, local, address and data_path (as the inventory gives them), hostname, state and node_address (of
        hive.swarm.swarm_info), silence (why no engine answers), docker_info, unreachable, opens (whether
        hive.swarm.site opens its firewalls), facts (of ansible.builtin.setup), inspected (host of
        hive.swarm.swarm_host_info), and listening, results and received of hive.swarm.swarm_connectivity.
    :returns: raw with target, with facts without their prefix, with the values of inspected, with probed and received,
        and with closed_firewalls.
    """
    facts = {key.removeprefix("ansible_"): value for key, value in (raw.get("facts") or {}).items()}
    inspected = {**NOT_INSPECTED, **(raw.get("inspected") or {})}
    return {
        **raw,
        **inspected,
        "facts": facts,
        "hostname": raw.get("hostname") or ("" if raw.get("local") else facts.get("hostname", "")),
        "closed_firewalls": _to_be_opened(raw, inspected["firewalls"]),
        "listening": raw.get("listening") or {},
        "probed": raw.get("results") or [],
        "received": raw.get("received"),
        "target": _target({**raw, "facts": facts}),
    }


def _to_be_opened(raw: Values, firewalls: list[Values]) -> list[str]:
    """The firewalls of a host that hive.swarm.site opens, as long as it has not done so."""
    return [each["name"] for each in firewalls if raw.get("opens") and not each["managed"]]


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
