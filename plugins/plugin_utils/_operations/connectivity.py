# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways between hosts: which of them to try, and what speaks against a swarm on those that were tried."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values
from .preflight_record import PROBLEM, WARNING, Finding

GOSSIP = 7946
TURNED_AWAY, SILENT = "refused", "silent"


def plan_connectivity(records: list[Values], managers: list[str], data_path_port: int) -> dict[str, Values]:
    """Return the options of hive.swarm.swarm_connectivity on each host: ports to listen on, and targets to probe.

    :param records: as read_record() returns them.
    :returns: by the names of hosts: listen, empty where there is nothing to do, and targets. From a local connection only
        TCP is probed, since its connections start at the controller.
    """
    there = [each for each in records if not each["unreachable"] and each["target"].address]
    plan: dict[str, Values] = {each["name"]: {"listen": {}, "targets": []} for each in records}
    for each in there if len(there) > 1 else []:
        targets = [target for other in there if other is not each for target in _to(other, managers, data_path_port)]
        mine = plan[each["name"]]
        mine["targets"] = [one for one in targets if not each["local"] or one["protocol"] == "tcp"]
        if not each["local"]:
            mine["listen"] = _listening(each, managers, data_path_port, 60 + 4 * len(there))
    return plan


def _to(record: Values, managers: list[str], data_path_port: int) -> t.Iterator[Values]:
    name, target = record["name"], record["target"]
    yield {"name": name, "address": target.address, "protocol": "tcp", "port": GOSSIP}
    if name in managers:
        yield {"name": name, "address": target.address, "protocol": "tcp", "port": target.port}
    yield {"name": name, "address": target.address, "protocol": "udp", "port": GOSSIP}
    yield {"name": name, "address": target.data_path, "protocol": "udp", "port": data_path_port}


def _listening(record: Values, managers: list[str], data_path_port: int, seconds: int) -> Values:
    target = record["target"]
    return {
        "tcp": [GOSSIP, target.port] if record["name"] in managers else [GOSSIP],
        "udp": [GOSSIP, data_path_port],
        "family": 6 if ":" in target.address else 4,
        "seconds": seconds,
    }


def connectivity_findings(records: list[Values]) -> list[Finding]:
    """What does not get through, one finding for each host that is not reached from the same others."""
    found = []
    for record in records:
        if not record["unreachable"]:
            found += [*_not_reached(record, records), *_taken(record), *_not_heard(record)]
    return found


def _not_reached(record: Values, records: list[Values]) -> list[Finding]:
    asked: dict[tuple[str, int], list[str]] = {}
    closed: dict[tuple[str, int], list[str]] = {}
    for sender, protocol, port, result in _tried(record["name"], records):
        asked.setdefault((protocol, port), []).append(sender)
        if _closed(record, sender, protocol, port, result):
            closed.setdefault((protocol, port), []).append(sender)
    by_senders: dict[tuple[str, ...], list[str]] = {}
    for (protocol, port), senders in closed.items():
        everybody = len(senders) > 1 and len(senders) == len(asked[protocol, port])
        by_senders.setdefault(("any other host",) if everybody else tuple(senders), []).append(f"{port}/{protocol}")
    return [
        Finding(
            record["name"],
            WARNING if record["closed_firewalls"] else PROBLEM,
            f"its {_listed(ports)} cannot be reached from {', '.join(senders)} (address {record['target'].address})",
            _how_to_open(record["closed_firewalls"]),
        )
        for senders, ports in by_senders.items()
    ]


def _how_to_open(firewalls: list[str]) -> str:
    needed = "2377/tcp to managers, and 7946/tcp, 7946/udp and its data path (4789/udp) between all nodes"
    if firewalls:
        return f"hive.swarm.site opens them in {_listed(firewalls)} (engine_firewall); other firewalls must let through {needed}."
    return f"Open them in the firewalls: a swarm needs {needed}."


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _tried(name: str, records: list[Values]) -> t.Iterator[tuple[str, str, int, str]]:
    for each in records:
        for one in each["probed"]:
            if one["name"] == name:
                yield each["name"], one["protocol"], one["port"], one["result"]


def _closed(record: Values, sender: str, protocol: str, port: int, result: str) -> bool:
    """Whether a firewall is in the way. One may also turn a sender away, which shows where a program listens."""
    if protocol == "tcp":
        return result == SILENT or (result == TURNED_AWAY and port in record["listening"].get("tcp", []))
    if record["received"] is None or port not in record["listening"].get("udp", []):
        return False
    return {"name": sender, "port": port} not in record["received"]


def _taken(record: Values) -> list[Finding]:
    taken = record["listening"].get("taken") or []
    if not taken or record["state"] != "inactive":
        return []
    ports = _listed([f"{each['port']}/{each['protocol']}" for each in taken])
    return [Finding(record["name"], PROBLEM, f"another program has {ports}", "See which with ss -lnptu, and move it.")]


def _not_heard(record: Values) -> list[Finding]:
    why = record["listening"].get("reason")
    if not why and record["listening"] and record["received"] is None:
        why = "the listener had ended"
    if not why:
        return []
    return [
        Finding(
            record["name"],
            WARNING,
            f"could not tell which UDP ports are open ({why[0].lower() + why[1:]})",
            "Listening for what others use needs root: run with become (-b).",
        )
    ]


def summary(records: list[Values]) -> str:
    """What was tried, for people; empty where nothing was."""
    kinds = sorted({(one["port"], one["protocol"]) for each in records for one in each["probed"]})
    if not kinds:
        return ""
    ways = sum(len(each["probed"]) for each in records)
    listed = ", ".join(f"{port}/{protocol}" for port, protocol in kinds)
    return f"Tried {ways} ways between {sum(1 for each in records if each['probed'])} hosts: {listed}."
