# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a swarm's settings: each option set, changed and cleared, while all the others stand."""

from __future__ import annotations

import copy
from typing import Any

from ..steps import Step
from .stage import Life, Stage

_HOUR = 3600 * 10**9
# A spec in which nothing is as the engine would have it by itself, so that whatever is reset is seen.
SEASONED: dict[str, Any] = {
    "Name": "default",
    "Labels": {"season": "winter", "flag": ""},
    "Orchestration": {"TaskHistoryRetentionLimit": 7},
    "Raft": {
        "SnapshotInterval": 7777,
        "KeepOldSnapshots": 3,
        "LogEntriesForSlowFollowers": 333,
        "HeartbeatTick": 2,
        "ElectionTick": 17,
    },
    "Dispatcher": {"HeartbeatPeriod": 7 * 10**9},
    "CAConfig": {
        "NodeCertExpiry": 1000 * _HOUR,
        "ExternalCAs": [{"Protocol": "cfssl", "URL": "https://192.0.2.200/sign", "Options": {"label": "one"}}],
    },
    "EncryptionConfig": {"AutoLockManagers": True},
}
# The same in the words of the options, spelled in other ways than the results spell it.
SEASONED_OPTIONS: dict[str, Any] = {
    "name": "default",
    "labels": {"flag": "", "season": "winter"},
    "task_history_retention_limit": 7,
    "snapshot_interval": 7777,
    "keep_old_snapshots": 3,
    "log_entries_for_slow_followers": 333,
    "heartbeat_tick": 2,
    "election_tick": 17,
    "dispatcher_heartbeat_period": "7000ms",
    "node_cert_expiry": "41d16h",
    "external_cas": [{"url": "https://192.0.2.200/sign", "options": {"label": "one"}}],
    "autolock_managers": True,
}
# Option -> the values that a life goes through, starting from the seasoned swarm.
VALUES: dict[str, list[Any]] = {
    "labels": [{"zone": "a", "flag": "", "number": 3}, {"zone": "b"}, {}],
    "task_history_retention_limit": [3, 9, 0],
    "snapshot_interval": [5000, 20000, 0],
    "keep_old_snapshots": [1, 5, 0],
    "log_entries_for_slow_followers": [250, 750, 0],
    "heartbeat_tick": [1, 3],
    "election_tick": [20, 10],
    "dispatcher_heartbeat_period": ["10s", "1m30s", "1.5s", "0"],
    "node_cert_expiry": ["720h", "90d", "0"],
    "external_cas": [
        [{"url": "https://192.0.2.201/sign"}],
        [{"url": "https://192.0.2.202/sign", "options": {"label": "two"}}, {"url": "https://192.0.2.201/sign"}],
        [],
    ],
    "autolock_managers": [False, True],
}


def season(host: Any) -> None:
    """Give a swarm the seasoned spec by hand; the counter of CA rotations stays, another one would start one."""
    live = host.do("GET", "/swarm")
    spec = copy.deepcopy(SEASONED)
    rotations = live["Spec"]["CAConfig"].get("ForceRotate")
    if rotations:
        spec["CAConfig"]["ForceRotate"] = rotations
    host.do("POST", f"/swarm/update?version={live['Version']['Index']}", spec)


def _life_of(option: str) -> Life:
    return lambda stage: [Step("swarm_init", {option: value}, diff={option}) for value in VALUES[option]]


def several_at_once(stage: Stage) -> list[Step]:
    """Several options in one task, one of which is what it was."""
    return [
        Step(
            "swarm_init",
            {"labels": {"a": "b"}, "keep_old_snapshots": 3, "heartbeat_tick": 5, "election_tick": 50},
            diff={"labels", "heartbeat_tick", "election_tick"},
        ),
        Step("swarm_init", {"labels": {}, "snapshot_interval": 1}, diff={"labels", "snapshot_interval"}),
    ]


def nothing_to_change(stage: Stage) -> list[Step]:
    """Nothing given; everything given as it is, in other spellings; what the engine tells nowhere."""
    return [
        Step("swarm_init", {}, changed=False),
        Step("swarm_init", SEASONED_OPTIONS, changed=False),
        Step("swarm_init", {"advertise_addr": stage.first.address}, changed=False),
        Step("swarm_init", {"advertise_addr": f"{stage.first.address}:2377"}, changed=False),
        Step("swarm_init", {"advertise_addr": "any0", "listen_addr": "192.0.2.250:999"}, changed=False),
        Step("swarm_init", {"data_path_addr": "any0", "availability": "drain"}, changed=False),
        Step("swarm_init", {"default_addr_pool": ["10.0.0.0/8"], "subnet_size": 24}, changed=False),
        Step("swarm_init", {"data_path_port": 4789}, changed=False),
        Step("swarm_init", {"data_path_port": 0, "default_addr_pool": []}, changed=False),
    ]


def what_is_fixed(stage: Stage) -> list[Step]:
    """What is chosen at creation is refused afterwards, with both values."""
    live = {
        "advertise_addr": stage.first.address,
        "default_addr_pool": ["10.0.0.0/8"],
        "subnet_size": 24,
        "data_path_port": 4789,
    }

    def fixed(option: str, value: Any, **more: Any) -> Step:
        facts = {"options": [option], "before": {option: live[option]}, "after": {option: value}}
        return Step("swarm_init", {option: value, **more}, failure={"kind": "refused", **facts})

    return [
        fixed("advertise_addr", "192.0.2.250"),
        fixed("default_addr_pool", ["10.99.0.0/16"]),
        fixed("subnet_size", 25),
        fixed("data_path_port", 4790),
        fixed("subnet_size", 25, labels={"not": "written"}),
    ]


def rotations(stage: Stage) -> list[Step]:
    """Orders: each changes what it names, every time."""
    return [
        Step("swarm_init", {"rotate_worker_token": True}, diff={"worker_join_token"}, repeats=False),
        Step("swarm_init", {"rotate_worker_token": True}, diff={"worker_join_token"}, repeats=False),
        Step("swarm_init", {"rotate_manager_token": True}, diff={"manager_join_token"}, repeats=False),
        Step("swarm_init", {"rotate_manager_unlock_key": True}, diff={"manager_unlock_key"}, repeats=False),
        Step(
            "swarm_init",
            {"rotate_worker_token": True, "rotate_manager_token": True, "labels": {"a": "b"}},
            diff={"worker_join_token", "manager_join_token", "labels"},
            repeats=False,
        ),
        Step("swarm_init", {"autolock_managers": False}, diff={"autolock_managers"}),
        Step(
            "swarm_init",
            {"rotate_manager_unlock_key": True},
            failure={"kind": "bad_input", "option": "rotate_manager_unlock_key"},
        ),
    ]


def bad_ticks(stage: Stage) -> list[Step]:
    """An election before the next heartbeat: the engine would take it."""
    wrong = {"kind": "bad_input", "option": "election_tick"}
    return [
        Step("swarm_init", {option: value}, failure={**wrong, "election_tick": value, "heartbeat_tick": value})
        for option, value in (("heartbeat_tick", 17), ("election_tick", 2))
    ]


#: Played on a manager whose swarm is seasoned.
UPDATES: dict[str, Life] = {
    **{option: _life_of(option) for option in VALUES},
    **{life.__name__: life for life in (several_at_once, nothing_to_change, what_is_fixed, rotations, bad_ticks)},
}


# -- creation ---------------------------------------------------------------------------------------------------------

CREATED = {
    "advertise_addr", "default_addr_pool", "subnet_size", "data_path_port", "name", "labels",
    "task_history_retention_limit", "snapshot_interval", "keep_old_snapshots", "log_entries_for_slow_followers",
    "heartbeat_tick", "election_tick", "dispatcher_heartbeat_period", "node_cert_expiry", "external_cas",
    "signing_ca_cert", "ca_force_rotate", "autolock_managers",
}  # fmt: skip


def _creating(**options: Any) -> Life:
    return lambda stage: [Step("swarm_init", options, diff=CREATED), Step("swarm_init", {}, changed=False)]


def created_with_everything(stage: Stage) -> list[Step]:
    """All that can be said at creation, then all of it as it is, then one thing changed."""
    options = {
        **SEASONED_OPTIONS,
        "advertise_addr": stage.first.address,
        "listen_addr": f"{stage.first.address}:2377",
        "data_path_addr": stage.first.address,
        "default_addr_pool": ["10.20.0.0/16", "10.30.0.0/16"],
        "subnet_size": 26,
        "data_path_port": 4790,
        "availability": "drain",
    }
    return [
        Step("swarm_init", options, diff=CREATED, holds=lambda _result: _is_drained(stage)),
        Step("swarm_init", {"keep_old_snapshots": 4}, diff={"keep_old_snapshots"}),
    ]


def _is_drained(stage: Stage) -> None:
    node = stage.first.do("GET", f"/nodes/{stage.node_id(stage.first)}")
    assert node["Spec"]["Availability"] == "drain"


def created_and_told_tokens(stage: Stage) -> list[Step]:
    """Tokens and key on request, from the first run on, in check mode too."""
    asked = {"join_tokens": True, "unlock_key": True, "autolock_managers": True}

    def told(result: dict[str, Any]) -> None:
        swarm, key = stage.first.do("GET", "/swarm"), stage.first.do("GET", "/swarm/unlockkey")
        tokens = swarm["JoinTokens"]
        assert result["join_tokens"] == {"worker": tokens["Worker"], "manager": tokens["Manager"]}
        assert result["unlock_key"] == key["UnlockKey"]

    return [Step("swarm_init", asked, diff=CREATED, holds=told), Step("swarm_init", asked, changed=False, holds=told)]


def created_with_an_order(stage: Stage) -> list[Step]:
    """New tokens need no rotation; the next run would rotate them."""
    orders = {"rotate_worker_token": True, "rotate_manager_token": True}
    return [Step("swarm_init", orders, diff=CREATED, repeats=False)]


def _each_alone() -> dict[str, Life]:
    return {f"with_{option}": _creating(**{option: value}) for option, value in SEASONED_OPTIONS.items()}


#: Played on an engine in no swarm.
CREATIONS: dict[str, Life] = {
    "plain": _creating(),
    "with_zeroes": _creating(
        labels={}, external_cas=[], autolock_managers=False, task_history_retention_limit=0, snapshot_interval=0,
        keep_old_snapshots=0, log_entries_for_slow_followers=0, dispatcher_heartbeat_period="0", node_cert_expiry="0",
        ca_force_rotate=0, data_path_port=0, default_addr_pool=[],
    ),
    "with_a_pool_alone": _creating(default_addr_pool=["10.20.0.0/16"]),
    "with_a_subnet_size_alone": _creating(subnet_size=25),
    "with_an_order_to_rotate": created_with_an_order,
    "with_a_ca_counter": _creating(ca_force_rotate=1),
    "with_everything": created_with_everything,
    "told_tokens": created_and_told_tokens,
}  # fmt: skip
#: Each option alone at creation: quick on fakes, a minute on real engines.
CREATIONS_EACH: dict[str, Life] = _each_alone()
