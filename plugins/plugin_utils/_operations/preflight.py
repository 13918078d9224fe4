# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What speaks against making hosts a swarm, or keeping them one: findings, and what to do about each."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .._cluster.nodes import manager_count_warnings
from .connectivity import connectivity_findings, summary
from .preflight_host import host_findings
from .preflight_record import PROBLEM, WARNING, Finding

# Certificates are backdated by one hour (swarmkit, ca/certificates.go: CertBackdate).
SKEW_LITTLE, SKEW_MOST = 5, 1800
# A node takes an address of the ingress network, and so does every network on each of its nodes.
SUBNET_SMALL = 24


def preflight(records: list[Values], managers: list[str], pools: list[str], subnet_size: int = SUBNET_SMALL) -> Values:
    """All findings.

    :param records: one per host, as read_record() returns them.
    :param managers: names of the hosts that are to be managers.
    :param pools: subnets that overlay networks get theirs from, in CIDR notation.
    :param subnet_size: length of the prefix of each network.
    :returns: findings (dictionaries with host, level, what, to_do), problems and warnings (how many), lines.
    """
    there = [each for each in records if not each["unreachable"]]
    found = [*_managers(managers), *_subnets(subnet_size), *_unreachable(records), *_hostnames(there)]
    for record in there:
        found += host_findings(record, pools, record["name"] in managers)
    found += [
        *_clocks(there),
        *connectivity_findings(records),
    ]  # what is wrong with a host may be why it is not reached
    problems = [each for each in found if each.level == PROBLEM]
    tried = summary(records)
    return {
        "findings": [each._asdict() for each in found],
        "problems": len(problems),
        "warnings": len(found) - len(problems),
        "lines": _lines(found) + ([tried] if tried else []),
    }


def _lines(found: list[Finding]) -> list[str]:
    """Problems first; what several hosts have in common is one line."""
    hosts: dict[tuple[str, str, str], list[str]] = {}
    for each in sorted(found, key=lambda each: each.level != PROBLEM):
        hosts.setdefault((each.level, each.what, each.to_do), []).append(each.host)
    return [_line(Finding(", ".join(names), *each)) for each, names in hosts.items()] or ["Nothing found."]


def _line(each: Finding) -> str:
    return f"{each.level.capitalize()}: {each.host + ': ' if each.host else ''}{each.what}. {each.to_do}"


def _managers(managers: list[str]) -> list[Finding]:
    if not managers:
        return [Finding("", PROBLEM, "No host is in the managers' group", "A swarm needs one, better three.")]
    return [Finding("", WARNING, *warning.split(". ", 1)) for warning in manager_count_warnings(len(managers))]


def _subnets(size: int) -> list[Finding]:
    if size <= SUBNET_SMALL:
        return []
    return [
        Finding(
            "",
            WARNING,
            f"a network of the swarm (subnet_size {size}) has room for {2 ** (32 - size) - 2} addresses, of which every"
            " task takes one, and on the ingress network every node",
            "Create the swarm with subnet_size 24 or less.",
        )
    ]


def _unreachable(records: list[Values]) -> list[Finding]:
    return [
        Finding(each["name"], PROBLEM, f"gives no answer ({_reason(each)})", "Make it reachable.")
        for each in records
        if each["unreachable"]
    ]


def _reason(record: Values) -> str:
    return record["unreachable"].removeprefix("Task failed: ").strip().rstrip(".")


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


def _clocks(records: list[Values]) -> list[Finding]:
    """Compared with each other: what the controller's clock says does not matter to a swarm."""
    known = [each for each in records if each["clock_offset"] is not None and not each["local"]]
    if not known:
        return []
    usual = sorted(each["clock_offset"] for each in known)[(len(known) - 1) // 2]
    found = []
    for record in known:
        skew = record["clock_offset"] - usual
        if abs(skew) > SKEW_LITTLE:
            found.append(
                Finding(
                    record["name"],
                    PROBLEM if abs(skew) > SKEW_MOST else WARNING,
                    f"its clock is {abs(skew)} s {'ahead of' if skew > 0 else 'behind'} the others'",
                    "Synchronise the clocks (chrony, systemd-timesyncd): certificates fail when they differ by an hour.",
                )
            )
    return found
