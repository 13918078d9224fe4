# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Joining, leaving, unlocking: every state that an engine can be in.

Played on three engines that are in no swarm: hosts[0] becomes a manager, hosts[1] is the engine that the steps are
about, hosts[2] plays whatever else is needed. Each life makes its own swarm by hand first.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from ..steps import Step
from .stage import Life, Stage

LISTEN = {"ListenAddr": "0.0.0.0:2377"}
# Well formed, of no swarm.
STRANGE_TOKEN = f"SWMTKN-1-{'1' * 50}-{'a' * 25}"
STRANGE_KEY = f"SWMKEY-1-{'A' * 43}"


# -- the world --------------------------------------------------------------------------------------------------------


def init(host: Any, **spec: Any) -> None:
    """Make an engine the manager of a swarm of its own."""
    host.do("POST", "/swarm/init", {**LISTEN, "AdvertiseAddr": host.address, "Spec": spec})


def join(host: Any, manager: Any, role: str = "Worker") -> None:
    """Make an engine a member of a manager's swarm, up and seen as such."""
    token = manager.do("GET", "/swarm")["JoinTokens"][role]
    host.do("POST", "/swarm/join", {**LISTEN, "RemoteAddrs": [f"{manager.address}:2377"], "JoinToken": token})
    Stage.wait_for(lambda: _is_up(host, manager, role))


def _is_up(host: Any, manager: Any, role: str) -> bool:
    info = host.do("GET", "/info")["Swarm"]
    if info["LocalNodeState"] != "active" or info["ControlAvailable"] is not (role == "Manager"):
        return False
    node = manager.do("GET", f"/nodes/{info['NodeID']}")
    reachable = node.get("ManagerStatus", {}).get("Reachability") == "reachable"
    return node["Status"]["State"] == "ready" and (role == "Worker" or reachable)


def state(host: Any) -> str:
    return str(host.do("GET", "/info")["Swarm"]["LocalNodeState"])


def fail_to_join(stage: Stage, until: str) -> None:
    """Leave hosts[1] as a join to an address that nobody has leaves it: pending at once, in error half a minute later."""
    joiner = stage.hosts[1]
    nobody = joiner.address.rpartition(".")[0] + ".253"
    body = {**LISTEN, "RemoteAddrs": [f"{nobody}:2377"], "JoinToken": stage.token()}

    def ask() -> None:
        with contextlib.suppress(Exception):
            joiner.do("POST", "/swarm/join", body)

    threading.Thread(target=ask, daemon=True).start()
    stage.wait_for(lambda: state(joiner) == until)


def lock(stage: Stage, host: Any) -> str:
    """Make a manager of an autolocked swarm wait for its key; the key.

    A manager locks what it has on its disk some time after autolock was turned on, and nobody tells when.
    """
    key = host.do("GET", "/swarm/unlockkey")["UnlockKey"]
    for _restart in range(5):
        host.restart()
        stage.wait_for(lambda: state(host) in ("locked", "active"))
        if state(host) == "locked":
            return str(key)
    raise AssertionError("the manager does not lock itself")


def bad_input(option: str) -> dict[str, Any]:
    """Facts of a failure."""
    return {"kind": "bad_input", "option": option}


def refused(option: str) -> dict[str, Any]:
    """Facts of a failure."""
    return {"kind": "refused", "option": option}


#: What demoting the last manager would leave.
NO_MANAGER = {"managers": 0, "reachable": 0, "needed": 1, "margin": -1}
LOCKING = {"EncryptionConfig": {"AutoLockManagers": True}}


# -- join -------------------------------------------------------------------------------------------------------------


def _join(stage: Stage, role: str = "worker", **more: Any) -> dict[str, Any]:
    """The options of a join of hosts[1] to the swarm of hosts[0]."""
    return {
        "docker_host": stage.hosts[1].docker_host,
        "remote_addrs": [stage.first.address],
        "join_token": stage.token(role.capitalize()),
        "role": role,
        **more,
    }


def _is_member(stage: Stage, role: str = "worker", **spec: Any) -> Any:
    """The managers' own word after a join."""

    def check(result: dict[str, Any]) -> None:
        node = stage.first.do("GET", f"/nodes/{stage.node_id(stage.hosts[1])}")
        assert (result["state"], result["role"], result["node_id"]) == ("active", role, node["ID"])
        assert result["node_address"] == stage.hosts[1].address
        assert bool(node.get("ManagerStatus")) is (role == "manager")
        assert spec.items() <= node["Spec"].items()
        stage.wait_for(lambda: _is_up(stage.hosts[1], stage.first, role.capitalize()))

    return check


JOINED = frozenset({"state", "role"})


def joins_as_worker(stage: Stage) -> list[Step]:
    init(stage.first)
    return [
        Step("swarm_join", _join(stage), diff=JOINED, hidden=[stage.token()], holds=_is_member(stage)),
        Step("swarm_join", _join(stage, "manager"), failure={**refused("role"), "role": "worker"}),
        Step("swarm_join", _join(stage, cluster_id="another"), changed=False),  # a worker does not know its cluster
    ]


def joins_as_manager(stage: Stage) -> list[Step]:
    init(stage.first)
    own = stage.first.do("GET", "/swarm")["ID"]
    return [
        Step("swarm_join", _join(stage, "manager"), diff=JOINED, holds=_is_member(stage, "manager")),
        Step("swarm_join", _join(stage, "manager", cluster_id=own), changed=False),
        Step(
            "swarm_join",
            _join(stage, "manager", cluster_id="another"),
            failure={**refused("cluster_id"), "role": "manager", "cluster_id": own},
        ),
        Step("swarm_join", _join(stage), failure={**refused("role"), "role": "manager", "cluster_id": own}),
    ]


def joins_with_proof(stage: Stage) -> list[Step]:
    """A worker cannot prove that it is one; a manager's engine or its list of nodes can."""
    init(stage.first)
    asked = {"manager_docker_host": stage.first.docker_host}

    def proved(result: dict[str, Any]) -> None:
        assert result["proved"] is True
        assert not result.get("warnings")

    def claimed(result: dict[str, Any]) -> None:
        assert result["proved"] is False
        assert "only a manager can prove it" in result["warnings"][0]

    def members() -> list[str]:
        return [node["ID"] for node in stage.first.do("GET", "/nodes")]

    listed: dict[str, Any] = _join(stage)
    return [
        Step("swarm_join", _join(stage, **asked), diff=JOINED, holds=proved),
        Step("swarm_join", _join(stage, **asked), changed=False, holds=proved),
        Step("swarm_join", _join(stage), changed=False, holds=claimed),
        Step("swarm_join", listed, changed=False, holds=proved, before=lambda: listed.update(member_ids=members())),
    ]


def joins_drained(stage: Stage) -> list[Step]:
    init(stage.first)
    member = _is_member(stage, Availability="drain")
    more = {"availability": "drain", "advertise_addr": stage.hosts[1].address}
    return [Step("swarm_join", _join(stage, **more), diff=JOINED | {"availability"}, holds=member)]


def joins_past_a_dead_manager(stage: Stage) -> list[Step]:
    """The first address answers nothing, the second is alive."""
    init(stage.first)
    addresses = [stage.hosts[2].address, f"{stage.first.address}:2377"]
    return [Step("swarm_join", _join(stage, remote_addrs=addresses), diff=JOINED, holds=_is_member(stage))]


def joins_no_dead_manager(stage: Stage) -> list[Step]:
    """Nobody answers: the task fails, the engine is as it was, and the next run may succeed."""
    init(stage.first)

    def names_the_address(result: dict[str, Any]) -> None:
        assert list(result["failure"]["refusals"]) == [stage.hosts[2].address]

    return [
        Step(
            "swarm_join",
            _join(stage, remote_addrs=[stage.hosts[2].address]),
            failure={"kind": "unreachable", "option": "remote_addrs"},
            predicts=False,
            partly=True,
            holds=names_the_address,
        ),
        Step("swarm_join", _join(stage), diff=JOINED, holds=_is_member(stage)),
    ]


def joins_after_pending(stage: Stage) -> list[Step]:
    init(stage.first)
    fail_to_join(stage, "pending")
    return [Step("swarm_join", _join(stage), diff=JOINED, holds=_is_member(stage))]


def joins_after_an_error(stage: Stage) -> list[Step]:
    init(stage.first)
    fail_to_join(stage, "error")
    return [Step("swarm_join", _join(stage), diff=JOINED, holds=_is_member(stage))]


def joins_again_when_removed_elsewhere(stage: Stage) -> list[Step]:
    """The engine believes to be active and is on no list."""
    init(stage.first)
    join(stage.hosts[1], stage.first)
    stale = stage.node_id(stage.hosts[1])
    stage.first.do("DELETE", f"/nodes/{stale}?force=1")
    asked = {"manager_docker_host": stage.first.docker_host}

    def is_another(result: dict[str, Any]) -> None:
        assert result["node_id"] != stale
        assert result["diff"]["before"]["node_id"] == stale

    return [
        Step("swarm_join", _join(stage, **asked), diff={"node_id"}, holds=is_another),
        Step("swarm_join", _join(stage, **asked), changed=False),
    ]


def joins_no_second_swarm(stage: Stage) -> list[Step]:
    """What is in another swarm stays there, be it as its manager or as a worker."""
    init(stage.first)
    init(stage.hosts[1])
    other = {
        "role": "manager",
        "cluster_id": stage.hosts[1].do("GET", "/swarm")["ID"],
        "node_id": stage.node_id(stage.hosts[1]),
    }
    return [
        Step("swarm_join", _join(stage), failure={**refused("remote_addrs"), **other}),
        Step("swarm_join", _join(stage, cluster_id="wanted"), failure={**refused("cluster_id"), **other}),
        Step(
            "swarm_join",
            _join(stage, member_ids=[stage.node_id(stage.first)]),
            failure={**refused("remote_addrs"), **other},
        ),
    ]


def joins_no_second_swarm_as_a_worker(stage: Stage) -> list[Step]:
    init(stage.first)
    init(stage.hosts[2])
    join(stage.hosts[1], stage.hosts[2])
    other = {
        "role": "worker",
        "node_id": stage.node_id(stage.hosts[1]),
        "remote_managers": [f"{stage.hosts[2].address}:2377"],
    }
    return [Step("swarm_join", _join(stage), failure={**refused("remote_addrs"), **other})]


def joins_not_while_locked(stage: Stage) -> list[Step]:
    init(stage.hosts[1], **LOCKING)
    init(stage.first)
    lock(stage, stage.hosts[1])
    return [Step("swarm_join", _join(stage), failure={"kind": "locked", "state": "locked"})]


def joins_with_wrong_tokens(stage: Stage) -> list[Step]:
    """Only the managers can tell; the engine is as it was afterwards."""
    init(stage.first)
    init(stage.hosts[2])
    rotated = stage.token()
    version = stage.first.do("GET", "/swarm")
    path = f"/swarm/update?version={version['Version']['Index']}&rotateWorkerToken=1"
    stage.first.do("POST", path, version["Spec"])
    other = stage.hosts[2].do("GET", "/swarm")["JoinTokens"]["Worker"]
    tried: dict[str, Any] = {"predicts": False, "partly": True}
    accepted = {**bad_input("join_token"), "reason": "other_role", "address": stage.first.address}

    def left_again() -> None:
        assert state(stage.hosts[1]) == "inactive"

    return [
        Step(
            "swarm_join",
            _join(stage, join_token=other),
            failure={**bad_input("join_token"), "reason": "other_swarm"},
            hidden=[other],
            **tried,
        ),
        Step(
            "swarm_join",
            _join(stage, join_token=rotated),
            failure={**bad_input("join_token"), "reason": "refused"},
            hidden=[rotated],
            before=left_again,
            **tried,
        ),
        Step(
            "swarm_join",
            _join(stage, "manager", join_token=stage.token()),
            failure={**accepted, "role": "worker"},
            before=left_again,
            **tried,
        ),
        Step(
            "swarm_join",
            _join(stage, join_token=stage.token("Manager")),
            failure={**accepted, "role": "manager"},
            before=left_again,
            **tried,
        ),
        Step("swarm_join", _join(stage), diff=JOINED, before=left_again),
    ]


def wrong_joins(address: str) -> list[tuple[dict[str, Any], str]]:
    """Options that cannot be meant, and the one that the failure names. ``address`` is that of a manager."""
    return [
        ({"join_token": "SWMTKN-1-short"}, "join_token"),
        ({"join_token": ""}, "join_token"),
        ({"remote_addrs": []}, "remote_addrs"),
        ({"remote_addrs": ["10.0.0.300"]}, "remote_addrs"),
        ({"remote_addrs": [address, "a:b:c"]}, "remote_addrs"),
        ({"remote_addrs": ["host:0"]}, "remote_addrs"),
        ({"advertise_addr": "10.0.0.300"}, "advertise_addr"),
        ({"advertise_addr": "nope0"}, "advertise_addr"),
        ({"listen_addr": "nope0:2377"}, "listen_addr"),
        ({"data_path_addr": "nope0"}, "data_path_addr"),
    ]


def joins_with_nonsense(stage: Stage) -> list[Step]:
    """Refused before anything is asked, in check mode too. The messages are in unit/modules/messages/membership.txt."""
    init(stage.first)
    wrong = wrong_joins(stage.first.address)
    return [Step("swarm_join", _join(stage, **options), failure=bad_input(option)) for options, option in wrong]


# -- leave ------------------------------------------------------------------------------------------------------------

LEFT = frozenset({"state", "role"})


def _leave(stage: Stage, **options: Any) -> dict[str, Any]:
    return {"docker_host": stage.hosts[1].docker_host, **options}


def _is_out(stage: Stage) -> Any:
    def check(result: dict[str, Any]) -> None:
        assert (result["state"], result["role"]) == ("inactive", None)
        assert state(stage.hosts[1]) == "inactive"

    return check


def leaves_nothing(stage: Stage) -> list[Step]:
    return [
        Step("swarm_leave", _leave(stage), changed=False),
        Step("swarm_leave", _leave(stage, force=True), changed=False),
        Step("swarm_leave", _leave(stage, demote=True), changed=False),
    ]


def leaves_as_worker(stage: Stage) -> list[Step]:
    init(stage.first)
    join(stage.hosts[1], stage.first)
    node_id = stage.node_id(stage.hosts[1])

    def tells_its_entry(result: dict[str, Any]) -> None:
        _is_out(stage)(result)
        assert result["node_id"] == node_id

    return [Step("swarm_leave", _leave(stage), diff=LEFT, holds=tells_its_entry)]


def leaves_as_worker_without_managers(stage: Stage) -> list[Step]:
    init(stage.first)
    join(stage.hosts[1], stage.first)
    stage.first.kill()
    return [Step("swarm_leave", _leave(stage), diff=LEFT, holds=_is_out(stage), before=None)]


def leaves_when_removed_elsewhere(stage: Stage) -> list[Step]:
    init(stage.first)
    join(stage.hosts[1], stage.first)
    stage.first.do("DELETE", f"/nodes/{stage.node_id(stage.hosts[1])}?force=1")
    return [Step("swarm_leave", _leave(stage), diff=LEFT, holds=_is_out(stage))]


def leaves_as_manager(stage: Stage) -> list[Step]:
    """Of three managers one goes in good order: the others are two of two."""
    init(stage.first)
    for host in stage.hosts[1:]:
        join(host, stage.first, "Manager")

    def two_are_left(result: dict[str, Any]) -> None:
        _is_out(stage)(result)
        nodes = stage.first.do("GET", "/nodes")
        assert len([node for node in nodes if node.get("ManagerStatus")]) == 2

    return [
        Step("swarm_leave", _leave(stage), failure={**refused("demote"), "role": "manager", "quorum_without": None}),
        Step("swarm_leave", _leave(stage, demote=True), diff=LEFT, holds=two_are_left),
    ]


def leaves_as_last_manager(stage: Stage) -> list[Step]:
    init(stage.hosts[1])
    return [
        Step("swarm_leave", _leave(stage), failure={**refused("demote"), "role": "manager", "quorum_without": None}),
        Step("swarm_leave", _leave(stage, demote=True), failure={**refused("demote"), "quorum_without": NO_MANAGER}),
        Step("swarm_leave", _leave(stage, force=True), diff=LEFT, holds=_is_out(stage)),
    ]


def leaves_without_quorum(stage: Stage) -> list[Step]:
    """One of two managers is dead: the other cannot be demoted, and goes by force alone."""
    init(stage.hosts[1])
    join(stage.first, stage.hosts[1], "Manager")
    stage.first.kill()
    stage.wait_for(lambda: bool(stage.hosts[1].do("GET", "/info")["Swarm"]["Error"]))
    without = {"kind": "no_quorum", "role": "manager"}
    return [
        Step("swarm_leave", _leave(stage), failure=without),
        Step("swarm_leave", _leave(stage, demote=True), failure=without),
        Step("swarm_leave", _leave(stage, demote=True, force=True), diff=LEFT, holds=_is_out(stage)),
    ]


def leaves_after_pending(stage: Stage) -> list[Step]:
    init(stage.first)
    fail_to_join(stage, "pending")
    return [Step("swarm_leave", _leave(stage), diff={"state"}, holds=_is_out(stage))]


def leaves_after_an_error(stage: Stage) -> list[Step]:
    init(stage.first)
    fail_to_join(stage, "error")
    return [Step("swarm_leave", _leave(stage), diff={"state"}, holds=_is_out(stage))]


def leaves_while_locked(stage: Stage) -> list[Step]:
    init(stage.hosts[1], **LOCKING)
    lock(stage, stage.hosts[1])
    return [
        Step("swarm_leave", _leave(stage), failure={"kind": "locked", "state": "locked"}),
        Step("swarm_leave", _leave(stage, force=True), diff={"state"}, holds=_is_out(stage)),
    ]


# -- unlock -----------------------------------------------------------------------------------------------------------


def _unlock(stage: Stage, *keys: str) -> dict[str, Any]:
    return {"docker_host": stage.hosts[1].docker_host, "unlock_keys": list(keys)}


def unlocks(stage: Stage) -> list[Step]:
    """With one wrong key, with several of which one is right, and then not again."""
    init(stage.hosts[1], **LOCKING)
    key = lock(stage, stage.hosts[1])

    def is_manager(result: dict[str, Any]) -> None:
        assert (result["state"], result["role"]) == ("active", "manager")
        assert stage.hosts[1].do("GET", "/swarm")["ID"] == result["cluster_id"]

    def still_locked() -> None:
        assert state(stage.hosts[1]) == "locked"

    hidden = [key, STRANGE_KEY]
    return [
        Step(
            "swarm_unlock", _unlock(stage, STRANGE_KEY), failure={**bad_input("unlock_keys"), "key_numbers": [1]},
            hidden=hidden, predicts=False, partly=True,
        ),
        Step(
            "swarm_unlock", _unlock(stage, STRANGE_KEY, STRANGE_KEY),
            failure={**bad_input("unlock_keys"), "key_numbers": [1, 2]}, hidden=hidden, predicts=False, partly=True, before=still_locked,
        ),
        Step(
            "swarm_unlock", _unlock(stage, STRANGE_KEY, key), diff={"state"}, hidden=hidden, holds=is_manager,
            before=still_locked,
        ),
        Step("swarm_unlock", _unlock(stage, STRANGE_KEY), changed=False, hidden=hidden),
    ]  # fmt: skip


def unlocks_what_is_not_locked(stage: Stage) -> list[Step]:
    """In no swarm, a worker, a manager: whatever it is, it is not locked."""
    inactive = Step("swarm_unlock", _unlock(stage, STRANGE_KEY), changed=False)
    init(stage.first)

    def become_worker() -> None:
        join(stage.hosts[1], stage.first)

    return [
        inactive,
        Step("swarm_unlock", _unlock(stage, STRANGE_KEY), changed=False, before=become_worker),
        Step("swarm_unlock", {"docker_host": stage.first.docker_host, "unlock_key": STRANGE_KEY}, changed=False),
        Step("swarm_unlock", _unlock(stage), failure={**bad_input("unlock_keys"), "key_numbers": None}),
        Step(
            "swarm_unlock",
            _unlock(stage, STRANGE_KEY, "SWMKEY-1-no"),
            failure={**bad_input("unlock_keys"), "key_numbers": [2]},
        ),
    ]


# -- init, where it cannot be -----------------------------------------------------------------------------------------


def _init(stage: Stage, **options: Any) -> dict[str, Any]:
    return {"docker_host": stage.hosts[1].docker_host, "labels": {"a": "b"}, **options}


def inits_no_worker(stage: Stage) -> list[Step]:
    init(stage.first)
    join(stage.hosts[1], stage.first)
    worker = {
        "role": "worker",
        "node_id": stage.node_id(stage.hosts[1]),
        "remote_managers": [f"{stage.first.address}:2377"],
    }
    return [Step("swarm_init", _init(stage), failure={"kind": "not_a_manager", **worker})]


def inits_no_locked_manager(stage: Stage) -> list[Step]:
    init(stage.hosts[1], **LOCKING)
    lock(stage, stage.hosts[1])
    return [Step("swarm_init", _init(stage), failure={"kind": "locked", "state": "locked"})]


def inits_no_pending_node(stage: Stage) -> list[Step]:
    init(stage.first)
    fail_to_join(stage, "pending")
    return [Step("swarm_init", _init(stage), failure={"kind": "refused", "state": "pending"})]


def inits_no_failed_node(stage: Stage) -> list[Step]:
    init(stage.first)
    fail_to_join(stage, "error")
    return [Step("swarm_init", _init(stage), failure={"kind": "refused", "state": "error"})]


def finds_its_way_out_of_pending(stage: Stage) -> list[Step]:
    """What a pending node must not be, may be told to stop, and can become."""
    return [*inits_no_pending_node(stage), Step("swarm_join", _join(stage), diff=JOINED, holds=_is_member(stage))]


def finds_its_way_out_of_an_error(stage: Stage) -> list[Step]:
    return [*inits_no_failed_node(stage), Step("swarm_join", _join(stage), diff=JOINED, holds=_is_member(stage))]


def recovers_from_a_lost_quorum(stage: Stage) -> list[Step]:
    """By force, with the cluster's ID as confirmation, and once: settings stay, the lost manager is forgotten."""
    init(stage.hosts[1], Orchestration={"TaskHistoryRetentionLimit": 7})
    join(stage.first, stage.hosts[1], "Manager")
    cluster_id = stage.hosts[1].do("GET", "/swarm")["ID"]
    stage.first.kill()
    stage.wait_for(lambda: bool(stage.hosts[1].do("GET", "/info")["Swarm"]["Error"]))
    here = {"docker_host": stage.hosts[1].docker_host}

    def leads_again(result: dict[str, Any]) -> None:
        assert result["cluster_id"] == cluster_id
        assert result["swarm"]["task_history_retention_limit"] == 7
        assert result["join_tokens"]["worker"] == stage.hosts[1].do("GET", "/swarm")["JoinTokens"]["Worker"]

    force = {**here, "force_new_cluster": cluster_id, "join_tokens": True}
    return [
        Step("swarm_init", {**here, "labels": {}}, failure={"kind": "no_quorum", "role": "manager"}),
        Step(
            "swarm_init",
            {**here, "force_new_cluster": "another"},
            failure={**refused("force_new_cluster"), "cluster_id": cluster_id},
        ),
        Step("swarm_init", force, diff={"leader"}, holds=leads_again),
    ]


def _named(*lives: Life) -> dict[str, Life]:
    return {life.__name__: life for life in lives}


#: A matter of seconds on real engines.
QUICK: dict[str, Life] = _named(
    joins_as_worker, joins_as_manager, joins_with_proof, joins_drained, joins_again_when_removed_elsewhere,
    joins_no_second_swarm, joins_no_second_swarm_as_a_worker, joins_with_nonsense, joins_not_while_locked,
    leaves_nothing, leaves_as_worker, leaves_as_worker_without_managers, leaves_when_removed_elsewhere,
    leaves_as_last_manager, leaves_while_locked, unlocks, unlocks_what_is_not_locked, inits_no_worker,
    inits_no_locked_manager,
)  # fmt: skip
#: Waiting for managers that do not answer, or for elections: up to half a minute each on real engines.
SLOW: dict[str, Life] = _named(
    joins_with_wrong_tokens, joins_past_a_dead_manager, joins_no_dead_manager, finds_its_way_out_of_pending,
    finds_its_way_out_of_an_error, leaves_as_manager, leaves_without_quorum,
)  # fmt: skip
#: What the lives above hold already, one by one: for the fake, where it costs nothing.
ALSO: dict[str, Life] = _named(
    joins_after_pending, joins_after_an_error, leaves_after_pending, leaves_after_an_error, inits_no_pending_node,
    inits_no_failed_node,
)  # fmt: skip
#: What the fake cannot play: the cluster's ID stands in a file of the real engine.
REAL: dict[str, Life] = _named(recovers_from_a_lost_quorum)
