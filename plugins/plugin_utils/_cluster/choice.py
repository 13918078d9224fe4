# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which swarm the hosts belong to, who is asked about it, or who creates one; and what speaks against going on."""

from __future__ import annotations

import typing as t
from ipaddress import ip_address

from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import ACTIVE, INACTIVE, LOCKED, PENDING
from .hosts import Host, names


def choose(hosts: list[Host], wanted: Values, ambiguous_names: bool = False, keys_given: bool = False) -> Values:
    """Return the swarm to work on. Only hosts that the inventory lets lead decide which one it is.

    :param wanted: the names of the hosts that must be ``manager`` and ``worker``, and the ``cluster_id`` that the
        operator has pinned, if any.
    :param ambiguous_names: whether several engines may have the same host name.
    :param keys_given: whether there are unlock keys. A manager is only locked with them in check mode.
    :returns: cluster_id, manager (the host to ask, empty if there is none), init (the host to create the
        swarm, empty if one is there), stop (reasons not to go on) and, where the operator has named the swarm, pinned.
    """
    stop = _check_answers(hosts)
    stop += [_evidence(host) for host in hosts if host.in_play and host.state == LOCKED and not host.trusted]
    if not keys_given:
        stop += [_evidence(host) for host in hosts if host.in_play and host.state == LOCKED and host.trusted]
    stop += contradictions(hosts, wanted, ambiguous_names)
    leading = _leading(hosts)
    clusters = sorted({host.cluster_id for host in leading})
    pinned = str(wanted.get("cluster_id") or "")
    result: Values = {"cluster_id": "", "manager": "", "init": "", "stop": stop, **({"pinned": True} if pinned else {})}
    if pinned and clusters != [pinned]:
        stop.append(_not_pinned(pinned, leading))
        stop += [_evidence(host) for host in hosts if host.claims_to_lead and not host.trusted]
    elif len(clusters) > 1:
        stop.append(two_swarms(leading))
    elif clusters:
        result.update(cluster_id=clusters[0], manager=leading[0].name)
    elif stop:
        stop += [_evidence(host) for host in leaderless(hosts)]
    else:
        result["init"], stop[:] = _first(hosts)
    return result


def _leading(hosts: list[Host]) -> list[Host]:
    """Return the managers that respond and have a leader, the best first: one that stays a manager, and one of this play."""
    return sorted((host for host in hosts if host.leads), key=lambda host: (host.wanted != "manager", not host.in_play))


def leaderless(hosts: list[Host]) -> list[Host]:
    """Return the managers without a leader, among the hosts that may lead."""
    return [host for host in hosts if host.trusted and host.state == ACTIVE and host.is_manager and not host.leads]


def distrusted(host: Host) -> str:
    """Return the sentence on a host that reports to be a manager, which the inventory does not list as one."""
    what = (
        f"manages the swarm {host.cluster_id}"
        if host.claims_to_lead
        else f"is a {'locked manager' if host.state == LOCKED else 'manager without quorum'}"
    )
    return (
        f"{host.name} reports that it {what}, but the inventory wants {_a(host.wanted)}, so it decides nothing and gets"
        f" no key. Move it to the managers' group, or add it to cluster_trusted_hosts if it is to be demoted; if it is"
        " in the wrong swarm, run hive.swarm.swarm_leave on it."
    )


def _a(role: str) -> str:
    return f"a {role}" if role else "neither a manager nor a worker there"


def contradictions(hosts: list[Host], wanted: Values, ambiguous_names: bool) -> list[str]:
    """Return sentences on what contradicts itself in an inventory, and between it and what the engines report."""
    return _check_input(hosts, wanted) + _check_names(hosts, ambiguous_names) + _check_addresses(hosts)


def _not_pinned(pinned: str, leading: list[Host]) -> str:
    found = "; ".join(f"{host.name} is a manager of {host.cluster_id}" for host in leading)
    return (
        f"cluster_id: the swarm must be {pinned}, {f'but {found}' if found else 'and no manager of it answers'}. Correct"
        " cluster_id, or bring back a manager of that swarm."
    )


def _check_input(hosts: list[Host], wanted: Values) -> list[str]:
    problems = []
    twice = sorted(set(wanted["manager"]) & set(wanted["worker"]))
    if twice:
        problems.append(f"In both groups, managers and workers: {', '.join(twice)}. A host is one or the other.")
    strangers = [host for host in hosts if not host.wanted]
    if strangers:
        problems.append(f"Neither in the managers' nor in the workers' group: {names(strangers)}.")
    return problems


def _check_answers(hosts: list[Host]) -> list[str]:
    silent = [host for host in hosts if host.in_play and not host.answers]
    return [
        f"{host.name}: its engine gives no answer: {(host.probe.get('msg') or 'no reason given').rstrip('.')}."
        " Fix that, or exclude the host with --limit."
        for host in silent
    ]


def _check_names(hosts: list[Host], ambiguous: bool) -> list[str]:
    problems = []
    for node_id, same in _by(hosts, lambda host: host.node_id).items():
        problems.append(f"{names(same)} are the same engine, node {node_id}: check docker_host of these hosts.")
    if ambiguous or problems:
        return problems
    for hostname, same in _by(hosts, lambda host: host.hostname).items():
        problems.append(
            f"{names(same)} all have the host name {hostname}. Are they one engine (check docker_host)? Otherwise give"
            " each its own name, or allow it with cluster_allow_duplicate_hostnames."
        )
    return problems


def _check_addresses(hosts: list[Host]) -> list[str]:
    problems = []
    for address, same in _by(hosts, lambda host: host.address).items():
        problems.append(
            f"{names(same)} all have the address {address}: each needs its own. Set cluster_advertise_addr for each of"
            " them; where it is not set, it is the address of the host's default route."
        )
    useless = [host for host in hosts if any(_only_local(address) for address in host.addresses)]
    if useless and len(hosts) > 1:
        problems.append(f"{names(useless)}: other nodes cannot reach a loopback address. Set cluster_advertise_addr.")
    return problems


def _only_local(address: str) -> bool:
    return ip_address(address).is_loopback or ip_address(address).is_unspecified


def _by(hosts: list[Host], key: t.Callable[[Host], str]) -> dict[str, list[Host]]:
    """Return the hosts by their key, in their order, without those whose key is empty."""
    found: dict[str, list[Host]] = {}
    for host in hosts:
        found.setdefault(key(host), []).append(host)
    return {value: same for value, same in found.items() if value and len(same) > 1}


def two_swarms(leading: list[Host]) -> str:
    clusters = sorted({host.cluster_id for host in leading})
    listed = "; ".join(f"{names(h for h in leading if h.cluster_id == cluster)} in {cluster}" for cluster in clusters)
    return (
        f"The hosts are in {len(clusters)} different swarms: {listed}. Which one is right cannot be known from here:"
        " take the hosts of the wrong one out of it with hive.swarm.swarm_leave, or out of the inventory."
    )


# No manager answers for a swarm


def _first(hosts: list[Host]) -> tuple[str, list[str]]:
    """Return the name of the host to create the swarm, and why none may: a second swarm is worse than none."""
    lost = [address for host in leaderless(hosts) for address in host.addresses]
    stop = [
        _evidence(host)
        for host in hosts
        # What can be said of a worker is said of its manager.
        if host.answers and not host.outside and (host.role == "manager" or not host.knows_one_of(lost))
    ]
    stop += _unknown_managers(hosts)
    unseen = [host for host in hosts if not host.answers]
    if unseen and not stop:
        stop.append(
            f"No host has a swarm, and {names(unseen)} cannot be asked: {_no_second} Make them reachable, or take them"
            " out of the inventory."
        )
    able = [host for host in hosts if host.wanted == "manager" and host.in_play]
    if not able and not stop:
        stop.append("No swarm exists yet, and this run has no host of the managers' group that could create it.")
    return ("", stop) if stop else (able[0].name, [])


_no_second = "no second swarm is created."


def _evidence(host: Host) -> str:
    """Return the sentence on a host that is in a swarm of which no manager responds."""
    known = f" The managers that it knows are {', '.join(host.known_managers)}." if host.known_managers else ""
    if host.is_manager and not host.trusted:
        return distrusted(host)
    if host.state == LOCKED:
        return f"{host.name} is a locked manager: give its key in cluster_unlock_keys."
    if host.role == "manager":
        return (
            f"{host.name} is a manager without quorum ({host.probe.get('error') or 'no leader'}): bring the other"
            f" managers back first.{known} Where they are lost for good: hive.swarm.recover_quorum."
        )
    if host.state == ACTIVE:
        return (
            f"{host.name} is a worker in a swarm, and none of the hosts is a manager of it: {_no_second}{known} Put one"
            f" of them into the inventory, or, if that swarm is gone, run hive.swarm.swarm_leave on {host.name}."
        )
    what = "was just started and finds no manager" if host.state == PENDING else "has lost its place in a swarm"
    return (
        f"{host.name}, node {host.node_id}, {what} ({host.probe.get('error') or host.state}): {_no_second}{known} If"
        f" that swarm is gone, run hive.swarm.swarm_leave on {host.name}."
    )


def _unknown_managers(hosts: list[Host]) -> list[str]:
    """A join that failed at one of our hosts says nothing; one that failed elsewhere speaks of another swarm."""
    ours = [address for host in hosts for address in host.addresses]
    return [
        f"{host.name} tried to join a swarm at {', '.join(host.known_managers)}, which is none of the hosts:"
        f" {_no_second} Put that manager into the inventory, or run hive.swarm.swarm_leave on {host.name}."
        for host in hosts
        if host.outside and host.state != INACTIVE and host.known_managers and not host.knows_one_of(ours)
    ]
