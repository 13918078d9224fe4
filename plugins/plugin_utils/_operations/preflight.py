# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What speaks against making hosts a swarm, or keeping them one: findings, and what to do about each."""

from __future__ import annotations

import typing as t
from ipaddress import ip_address, ip_network

from ...module_utils._address import is_ip
from .._cluster.nodes import manager_count_warnings

Values = dict[str, t.Any]
PROBLEM, WARNING = "problem", "warning"
FAMILIES = ("Debian", "RedHat")
DISK_LEAST, DISK_LITTLE = 2 * 10**9, 10 * 10**9
# Certificates are backdated by one hour (swarmkit, ca/certificates.go: CertBackdate).
SKEW_LITTLE, SKEW_MOST = 5, 1800


class Finding(t.NamedTuple):
    """:param host: name of the host, empty for what concerns all.
    :param level: ``problem`` or ``warning``.
    """

    host: str
    level: str
    what: str
    to_do: str


def read_record(raw: Values) -> Values:
    """A record for preflight(), from what the tasks have printed.

    :param raw: a record with facts as ansible.builtin.setup returns them, and with skew, modules and ports as texts; a
        port is a line of four words: to, address, port, result.
    """
    facts = {key.removeprefix("ansible_"): value for key, value in (raw.get("facts") or {}).items()}
    words = [line.split() for line in (raw.get("ports") or "").splitlines()]
    skew = (raw.get("skew") or "").strip()
    return {
        **raw,
        "facts": facts,
        "hostname": raw.get("hostname") or ("" if raw.get("local") else facts.get("hostname", "")),
        "skew": int(skew) if skew.lstrip("-").isdigit() else None,
        "modules": (raw.get("modules") or "").split(),
        "ports": [dict(zip(("to", "address", "port", "result"), each)) for each in words if len(each) == 4],
    }


def preflight(records: list[Values], managers: list[str], pools: list[str]) -> Values:
    """All findings.

    :param records: per host: name, local (whether facts are of this machine and not of the host), facts (of
        ansible.builtin.setup), skew (seconds; None if unknown), modules (names of kernel modules that are missing), ports
        (dictionaries with to, address, port and result: open, closed, silent), address (that it shall advertise),
        hostname, docker_info (GET /info; empty if no engine answers), unreachable (why; empty if it answers).
    :param managers: names of the hosts that shall be managers.
    :param pools: subnets that overlay networks get theirs from, in CIDR notation.
    :returns: findings (dictionaries with host, level, what, to_do), problems and warnings (how many), lines.
    """
    found = [*_managers(managers), *_hostnames(records)]
    for record in records:
        found += _host(record, pools)
    problems = [each for each in found if each.level == PROBLEM]
    return {
        "findings": [each._asdict() for each in found],
        "problems": len(problems),
        "warnings": len(found) - len(problems),
        "lines": [_line(each) for each in sorted(found, key=lambda each: each.level != PROBLEM)] or ["Nothing found."],
    }


def _line(each: Finding) -> str:
    return f"{each.level.capitalize()}: {each.host + ': ' if each.host else ''}{each.what}. {each.to_do}"


def _managers(managers: list[str]) -> list[Finding]:
    if not managers:
        return [Finding("", PROBLEM, "No host is in the managers' group", "A swarm needs one, better three.")]
    return [Finding("", WARNING, *warning.split(". ", 1)) for warning in manager_count_warnings(len(managers))]


def _hostnames(records: list[Values]) -> list[Finding]:
    by_name: dict[str, list[str]] = {}
    for record in records:
        if record.get("hostname"):
            by_name.setdefault(record["hostname"], []).append(record["name"])
    return [
        Finding(", ".join(same), PROBLEM, f"the same host name, {hostname}", "Give each machine a name of its own.")
        for hostname, same in by_name.items()
        if len(same) > 1
    ]


def _host(record: Values, pools: list[str]) -> list[Finding]:
    if record.get("unreachable"):
        return [
            Finding(
                record["name"], PROBLEM, f"gives no answer ({record['unreachable'].rstrip('.')})", "Make it reachable."
            )
        ]
    found = [*_ports(record), *_engine(record)]
    if not record.get("local"):
        found += [*_system(record), *_address(record), *_networks(record, pools), *_time(record), *_disk(record)]
    return found


def _ports(record: Values) -> list[Finding]:
    """A port that nobody listens on yet answers that it is closed; a firewall swallows the question."""
    return [
        Finding(
            record["name"],
            PROBLEM,
            f"does not get through to {each['to']} ({each['address']}, TCP port {each['port']})",
            "Open 2377/tcp to managers, 7946/tcp, 7946/udp and 4789/udp between all nodes.",
        )
        for each in record.get("ports") or []
        if each["result"] == "silent"
    ]


def _engine(record: Values) -> list[Finding]:
    info = record.get("docker_info") or {}
    found = []
    if info.get("LiveRestoreEnabled"):
        found.append(
            Finding(
                record["name"],
                PROBLEM,
                "live-restore is on, which no swarm can live with",
                "Remove it from daemon.json.",
            )
        )
    if any("rootless" in option for option in info.get("SecurityOptions") or []):
        found.append(
            Finding(
                record["name"], PROBLEM, "its engine is rootless, which has no overlay networks", "Use one of root."
            )
        )
    return found


def _system(record: Values) -> list[Finding]:
    facts, found = record.get("facts") or {}, []
    if facts.get("os_family") and facts["os_family"] not in FAMILIES:
        found.append(
            Finding(
                record["name"],
                WARNING,
                f"runs {facts.get('distribution')}, which this collection is not tried on",
                "Try it first.",
            )
        )
    missing = record.get("modules") or []
    if missing:
        found.append(
            Finding(
                record["name"],
                PROBLEM,
                f"its kernel has no {', '.join(missing)}",
                "Install the package with the rest of the modules (kernel-modules-extra, linux-modules-extra).",
            )
        )
    return found


def _address(record: Values) -> list[Finding]:
    address, facts = record.get("address") or "", record.get("facts") or {}
    own = [*facts.get("all_ipv4_addresses", []), *facts.get("all_ipv6_addresses", [])]
    if not is_ip(address) or not own or address in own:
        return []
    return [
        Finding(
            record["name"],
            PROBLEM,
            f"does not have the address {address} that it shall advertise; it has {', '.join(own)}",
            "Correct cluster_advertise_addr.",
        )
    ]


def _networks(record: Values, pools: list[str]) -> list[Finding]:
    found = []
    for interface, network in _own_networks(record.get("facts") or {}):
        for pool in pools:
            if network.overlaps(ip_network(pool, strict=False)):
                found.append(
                    Finding(
                        record["name"],
                        WARNING,
                        f"its network {network} ({interface}) lies in {pool}, from which overlay networks get theirs",
                        "Create the swarm with another default_addr_pool.",
                    )
                )
    return found


def _own_networks(facts: Values) -> t.Iterator[tuple[str, t.Any]]:
    for interface in facts.get("interfaces") or []:
        if interface.startswith(("docker", "br-", "veth", "lo")):
            continue
        ipv4 = (facts.get(interface.replace("-", "_")) or {}).get("ipv4") or {}
        if ipv4.get("network") and ipv4.get("netmask") and ip_address(ipv4["network"]).version == 4:
            yield interface, ip_network(f"{ipv4['network']}/{ipv4['netmask']}", strict=False)


def _time(record: Values) -> list[Finding]:
    skew = record.get("skew")
    if skew is None or abs(skew) <= SKEW_LITTLE:
        return []
    level = PROBLEM if abs(skew) > SKEW_MOST else WARNING
    return [
        Finding(
            record["name"],
            level,
            f"its clock is {abs(skew)} s {'ahead of' if skew > 0 else 'behind'} the controller's",
            "Synchronise the clocks (chrony, systemd-timesyncd): certificates fail when they differ by an hour.",
        )
    ]


def _disk(record: Values) -> list[Finding]:
    root = (record.get("docker_info") or {}).get("DockerRootDir") or "/var/lib/docker"
    mounts = [m for m in (record.get("facts") or {}).get("mounts") or [] if _holds(m["mount"], root)]
    if not mounts:
        return []
    mount = max(mounts, key=lambda each: len(each["mount"]))
    free = mount.get("size_available")
    if free is None or free >= DISK_LITTLE:
        return []
    return [
        Finding(
            record["name"],
            PROBLEM if free < DISK_LEAST else WARNING,
            f"{free / 10**9:.1f} GB are free on {mount['mount']}, where {root} is",
            "Make room, for example with hive.swarm.prune.",
        )
    ]


def _holds(mount: str, path: str) -> bool:
    return mount == "/" or path == mount or path.startswith(mount.rstrip("/") + "/")
