# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a node: labels, availability, name, role, removal.

Played on a swarm of three engines: hosts[0] is its only manager and is asked, hosts[1] and hosts[2] are workers;
the node meant is that of hosts[1] unless a life says otherwise.
"""

from __future__ import annotations

from typing import Any

from ..steps import Step
from .membership import NO_MANAGER, bad_input, refused
from .stage import Life, Stage

# A node's spec in which nothing is as the engine would have it by itself.
SEASONED: dict[str, Any] = {
    "Name": "seasoned",
    "Labels": {"season": "winter", "flag": ""},
    "Role": "worker",
    "Availability": "pause",
}


def season(manager: Any, node_id: str) -> None:
    """Give a node the seasoned spec by hand."""
    node = manager.do("GET", f"/nodes/{node_id}")
    manager.do("POST", f"/nodes/{node_id}/update?version={node['Version']['Index']}", SEASONED)


def _steps(target: str, *steps: tuple[dict[str, Any], Any]) -> list[Step]:
    """(options, options that the diff names) -> steps on a node; an empty diff means that nothing changes."""
    return [
        Step("swarm_node", {"hostname": target, **options}, changed=bool(diff), diff=set(diff))
        for options, diff in steps
    ]


def _labelled(stage: Stage, labels: dict[str, str]) -> Any:
    """What the engine itself must say of the labels after a step."""

    def check(result: dict[str, Any]) -> None:
        node = stage.first.do("GET", f"/nodes/{stage.node_id(stage.hosts[1])}")
        assert node["Spec"]["Labels"] == labels == result["node"]["labels"]

    return check


def labels(stage: Stage) -> list[Step]:
    """Every operation on labels, each with what the node must have afterwards."""
    name = stage.hosts[1].hostname
    winter, flag = {"season": "winter"}, {"flag": ""}
    lives: list[tuple[dict[str, Any], bool, dict[str, str]]] = [
        ({}, False, {**winter, **flag}),
        ({"labels": {}}, False, {**winter, **flag}),
        ({"labels": flag}, False, {**winter, **flag}),
        ({"labels": {"zone": "a", "number": 3}}, True, {**winter, **flag, "zone": "a", "number": "3"}),
        ({"labels": {"zone": ""}}, True, {**winter, **flag, "zone": "", "number": "3"}),
        ({"labels_to_remove": ["zone", "number"]}, True, {**winter, **flag}),
        ({"labels_to_remove": ["flag"]}, True, winter),
        ({"labels_to_remove": ["flag", "never"]}, False, winter),
        ({"labels": {"a": "1"}, "labels_to_remove": ["season"]}, True, {"a": "1"}),
        ({"labels": {"a": "1"}, "labels_to_remove": ["a"]}, False, {"a": "1"}),
        ({"labels": {"b": ""}, "labels_state": "replace"}, True, {"b": ""}),
        ({"labels": {"b": ""}, "labels_state": "replace"}, False, {"b": ""}),
        ({"labels": {}, "labels_state": "replace"}, True, {}),
    ]
    return [
        Step(
            "swarm_node",
            {"hostname": name, **options},
            changed=changed,
            diff={"labels"} if changed else set(),
            holds=_labelled(stage, after),
        )
        for options, changed, after in lives
    ]


def availability(stage: Stage) -> list[Step]:
    return _steps(
        stage.node_id(stage.hosts[1]),
        ({"availability": "pause"}, ()),
        ({"availability": "drain"}, {"availability"}),
        ({"availability": "active"}, {"availability"}),
        ({"availability": "pause"}, {"availability"}),
    )


def name(stage: Stage) -> list[Step]:
    return _steps(
        stage.hosts[1].hostname, ({"name": "seasoned"}, ()), ({"name": "new"}, {"name"}), ({"name": ""}, {"name"})
    )


def several_at_once(stage: Stage) -> list[Step]:
    return _steps(
        stage.hosts[1].hostname,
        ({"availability": "pause", "labels": {"a": "b"}, "name": "both"}, {"labels", "name"}),
        ({"role": "worker", "availability": "active", "name": "both"}, {"availability"}),
    )


def role(stage: Stage) -> list[Step]:
    """To the managers and back. The managers' word is waited for; the engine itself follows a moment later."""
    target = stage.hosts[1].hostname

    def is_manager(result: dict[str, Any]) -> None:
        assert result["node"]["reachability"] == "reachable"
        stage.wait_for(lambda: stage.hosts[1].do("GET", "/info")["Swarm"]["ControlAvailable"])

    def is_worker(result: dict[str, Any]) -> None:
        assert result["node"]["manager"] is False
        stage.wait_for(lambda: not stage.hosts[1].do("GET", "/info")["Swarm"]["ControlAvailable"])

    return [
        Step("swarm_node", {"hostname": target, "role": "manager"}, diff={"role"}, holds=is_manager),
        Step("swarm_node", {"hostname": target, "role": "worker"}, diff={"role"}, holds=is_worker),
    ]


def self(stage: Stage) -> list[Step]:
    """The node of the engine that is asked, which is also the last manager."""

    def last(option: str) -> dict[str, Any]:
        return {**refused(option), "quorum_without": NO_MANAGER}

    return [
        Step("swarm_node", {"hostname": "self", "labels": {"me": ""}}, diff={"labels"}),
        Step("swarm_node", {"hostname": "self", "availability": "drain"}, diff={"availability"}),
        Step("swarm_node", {"hostname": "self", "role": "worker"}, failure=last("role")),
        Step("swarm_node", {"hostname": "self", "state": "absent"}, failure=last("state")),
        Step("swarm_node", {"hostname": "self", "state": "absent", "force": True}, failure=last("state")),
        Step(
            "swarm_node",
            {"hostname": "self", "labels": {}, "labels_state": "replace", "availability": "active"},
            diff={"labels", "availability"},
        ),
    ]


def not_to_be_meant(stage: Stage) -> list[Step]:
    """What is refused before anything is asked of the engine, and names that nobody has."""
    target = stage.hosts[1].hostname
    unknown = [  # check mode assumes that an earlier task makes it a node
        {"hostname": f"{target}x"},
        {"hostname": "zzzzzzzz"},
        {"hostname": "../swarm"},
    ]
    not_found = {"kind": "not_found", "option": "hostname"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"hostname": ""}, "hostname"),
        ({"hostname": target, "labels_state": "replace"}, "labels_state"),
        (
            {"hostname": target, "labels_state": "replace", "labels": {}, "labels_to_remove": ["a"]},
            "labels_to_remove",
        ),
        ({"hostname": target, "labels": {"a": True}}, "labels"),
    ]
    return [
        *(Step("swarm_node", options, failure=bad_input(option)) for options, option in wrong),
        *(Step("swarm_node", options, failure=not_found, predicts=False) for options in unknown),
    ]


def missing(stage: Stage) -> list[Step]:
    """A node that is not there is absent."""
    return [
        Step("swarm_node", {"hostname": "zzzzzzzz", "state": "absent"}, changed=False),
        Step("swarm_node", {"hostname": "", "state": "absent"}, changed=False),
        Step("swarm_node", {"hostname": "zzzzzzzz", "state": "absent", "force": True}, changed=False),
    ]


#: Nothing of these lasts: they can follow each other on one swarm.
LIVES: dict[str, Life] = {
    life.__name__: life for life in (labels, availability, name, several_at_once, self, not_to_be_meant, missing)
}
#: Waits for the managers on real engines.
ROLES: dict[str, Life] = {"role": role}

REMOVED = {"role", "availability", "labels", "name"}


def removed_after_it_left(stage: Stage) -> list[Step]:
    """A node that left is removed by its ID, as its engine's leave returned it."""
    node_id = stage.node_id(stage.hosts[1])

    def leave() -> None:
        stage.hosts[1].do("POST", "/swarm/leave")

    return [
        Step("swarm_node", {"hostname": node_id, "state": "absent"}, diff=REMOVED, before=leave),
        Step("swarm_node", {"hostname": stage.hosts[1].hostname, "state": "absent"}, changed=False),
    ]


def removed_by_force(stage: Stage) -> list[Step]:
    """A node that is up, and whose engine is not asked."""
    return [
        Step("swarm_node", {"hostname": stage.hosts[1].hostname, "state": "absent", "force": True}, diff=REMOVED),
    ]


def not_removed_while_it_is_up(stage: Stage) -> list[Step]:
    """It is drained and waited for; the message says what to do, and the result what was done."""
    options = {"hostname": stage.hosts[2].hostname, "state": "absent", "wait_timeout": 1}
    fails: dict[str, Any] = {"failure": {"kind": "not_converged", "reason": "still_up"}, "predicts": False}

    def drained(result: dict[str, Any]) -> None:
        assert result["changed"] is True
        assert result["diff"]["before"] == {"availability": "active"}
        assert result["diff"]["after"] == {"availability": "drain"}

    def nothing_more(result: dict[str, Any]) -> None:
        assert result["changed"] is False

    return [
        Step("swarm_node", options, **fails, partly=True, holds=drained),
        Step("swarm_node", options, **fails, holds=nothing_more),
    ]


def twins(stage: Stage) -> list[Step]:
    """An engine that left and joined again: the entry that is up is meant, the stale one is named and goes by ID."""
    target = stage.hosts[1]
    stale = stage.node_id(target)

    def rejoin() -> None:
        token = stage.token()
        target.do("POST", "/swarm/leave")
        target.do(
            "POST",
            "/swarm/join",
            {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": [f"{stage.first.address}:2377"], "JoinToken": token},
        )
        stage.wait_for(lambda: [_states(stage)[node] for node in (stale, stage.node_id(target))] == ["down", "ready"])

    def names_the_stale_one(result: dict[str, Any]) -> None:
        assert result["stale"] == [{"id": stale, "state": "down"}]
        assert result["node"]["id"] == stage.node_id(target)
        assert any(stale in warning and "nodes have the host name" in warning for warning in result["warnings"])

    def names_both(result: dict[str, Any]) -> None:
        both = [{"id": stale, "state": "down"}, {"id": stage.node_id(target), "state": "ready"}]
        assert sorted(result["failure"]["nodes"], key=lambda node: str(node["state"])) == both

    by_name = {"hostname": target.hostname}
    removal = Step("swarm_node", {**by_name, "state": "absent"}, failure=refused("hostname"), holds=names_both)
    return [
        Step(
            "swarm_node", {**by_name, "labels": {"a": "b"}}, diff={"labels"}, before=rejoin, holds=names_the_stale_one
        ),
        removal,
        Step("swarm_node", {"hostname": stale, "state": "absent"}, diff=REMOVED),
        Step("swarm_node", {**by_name, "labels": {"a": "b"}}, changed=False),
    ]


def _states(stage: Stage) -> dict[str, str]:
    return {node["ID"]: node["Status"]["State"] for node in stage.first.do("GET", "/nodes")}


#: Each needs a swarm of its own.
REMOVALS: dict[str, Life] = {
    life.__name__: life for life in (removed_after_it_left, removed_by_force, not_removed_while_it_is_up, twins)
}
