# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which managers are backed up, what describes a backup, and which old ones go."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.steps import EMPTY
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.backup import (
    BackupOptions,
    expired,
    manifest,
    plan_backup,
)
from ansible_collections.hive.swarm.tests.unit.cluster.situations import member, node

SURVEY = {"manager": "n1", "stop": [], "cluster_id": "c1"}
THREE = [member(name, "manager") for name in ("n1", "n2", "n3")]
LISTED = [node("n1", "manager", leader=True), node("n2", "manager"), node("n3", "manager"), node("n4")]
KEY = BackupOptions(key_given=True)
NOTHING = BackupOptions()


def plan(hosts=THREE, nodes=None, autolocked=False, options=NOTHING):
    return {**EMPTY, **plan_backup(hosts, SURVEY, LISTED if nodes is None else nodes, autolocked, options)}


def test_a_manager_that_is_no_leader_is_enough():
    found = plan()
    assert (found["targets"], found["stop"], found["window"]) == (["n2"], [], False)
    assert found["steps"] == [
        ("n2", "stop its engine, copy /var/lib/docker/swarm, start its engine", "manager; 2 of 3 managers go on"),
        ("n2", "read the copy to its end, describe it", "when the engine runs again"),
        ("n2", "wait until the services have their tasks back", ""),
    ]
    assert "can read all secrets" in found["warnings"][0]
    assert plan(options=BackupOptions(encrypts=True))["warnings"] == []


def test_with_autolock_every_manager_in_turn_the_leader_last():
    found = plan(autolocked=True, options=KEY)
    assert found["targets"] == ["n2", "n3", "n1"]
    assert found["steps"][0].step.endswith("start its engine, unlock it")
    assert "one at a time" in found["steps"][0].reason
    assert found["steps"][2].reason.startswith("leader")
    assert found["steps"][3].node == "n2, n3, n1"


def test_with_autolock_off_for_the_backup_the_present_key_need_not_be_given():
    """It is handed over first, also one that a run which was killed after it had turned autolock on has not."""
    options = BackupOptions(window=True, encrypts=True, keeps_key=True)
    assert plan(autolocked=True, options=options)["stop"] == []
    assert plan(autolocked=True, options=options._replace(window=False))["stop"][0].kind == "unlock_key_missing"


def test_the_window_needs_one_manager_encryption_and_a_place_for_the_new_key():
    options = BackupOptions(window=True, key_given=True, encrypts=True, keeps_key=True)
    found = plan(autolocked=True, options=options)
    assert (found["targets"], found["window"], found["stop"]) == (["n2"], True, [])
    assert [step.step.partition(",")[0] for step in found["steps"]] == [
        "turn autolock off",
        "stop its engine",
        "read the copy to its end",
        "wait until the services have their tasks back",
        "turn autolock on",
    ]
    assert "unlock it" not in found["steps"][1].step
    assert plan(autolocked=True, options=options._replace(encrypts=False, clear=True))["stop"] == []
    for without, kind in (("encrypts", "not_encrypted"), ("keeps_key", "key_not_stored")):
        (reason,) = plan(autolocked=True, options=options._replace(**{without: False}))["stop"]
        assert reason.kind == kind


def test_what_is_done_with_the_copy_is_said_in_its_order():
    options = BackupOptions(encrypts=True, fetches=True, hooked=True, keep=7)
    assert [step.step for step in plan(options=options)["steps"][1:]] == [
        "read the copy to its end, encrypt it, describe it",
        "fetch it to the controller, give it to your tasks, remove backups beyond the newest 7",
        "wait until the services have their tasks back",
    ]


def test_a_window_that_was_left_open_is_closed():
    options = BackupOptions(left_open=True, encrypts=True, keeps_key=True)
    found = plan(options=options)
    assert (found["targets"], found["window"], found["stop"]) == (["n2"], True, [])
    step = ("", "turn autolock on, with a new unlock key", "a backup that broke off has left it off")
    assert found["steps"][-1] == step
    assert found["steps"][0].node == "n2"
    for without, kind in (("encrypts", "not_encrypted"), ("keeps_key", "key_not_stored")):
        (reason,) = plan(options=options._replace(**{without: False}))["stop"]
        assert reason.kind == kind


def test_nothing_is_fetched_in_clear():
    assert plan(options=BackupOptions(fetches=True))["stop"][0].kind == "not_encrypted"
    for fine in ("encrypts", "clear"):
        assert plan(options=BackupOptions(fetches=True, **{fine: True}))["stop"] == []
    assert plan(autolocked=True, options=KEY._replace(fetches=True))["stop"] == []


def test_the_window_says_nothing_where_autolock_is_off():
    assert plan(options=BackupOptions(window=True))["window"] is False


def test_without_the_present_key_nothing_is_stopped():
    found = plan(autolocked=True)
    assert found["targets"] == []
    assert found["stop"][0].kind == "unlock_key_missing"


def test_a_minority_of_an_autolocked_swarm_is_no_backup():
    others = [member("n1", "manager", in_play=False), member("n2", "manager"), member("n3", "manager", in_play=False)]
    assert plan(others, autolocked=True, options=KEY)["stop"][0].kind == "too_few_managers"


def test_the_leader_is_not_stopped_where_there_are_others():
    hosts = [THREE[0], *(member(name, "manager", in_play=False) for name in ("n2", "n3"))]
    assert plan(hosts)["stop"][0].kind == "only_the_leader"


def test_a_manager_that_is_away_is_passed_over_and_must_not_cost_the_quorum():
    away = [LISTED[0], node("n2", "manager", state="down", reachability="unreachable"), *LISTED[2:]]
    assert plan(nodes=away)["stop"][0].kind == "quorum_at_risk"
    five = [*away, node("n5", "manager"), node("n6", "manager")]
    assert plan(nodes=five)["targets"] == ["n3"]


def test_a_worker_that_is_down_is_no_reason_against_a_backup():
    assert plan(nodes=[*LISTED[:3], node("n4", state="down")])["targets"] == ["n2"]


def test_the_only_manager_is_stopped_if_that_is_accepted():
    hosts, nodes = [THREE[0]], [LISTED[0], LISTED[3]]
    assert plan(hosts, nodes)["stop"][0].kind == "quorum_at_risk"
    found = plan(hosts, nodes, options=BackupOptions(accept_outage=True))
    assert found["targets"] == ["n1"]
    assert "meanwhile no manager is available" in found["steps"][0].reason


def test_workers_alone_cannot_be_backed_up():
    assert plan([member("n4", "worker")])["stop"][0].kind == "no_manager"


def test_without_a_leader_the_reason_is_that_of_the_survey():
    lost = {"manager": "", "stop": ["None of them."], "cluster_id": ""}
    assert plan_backup(THREE, lost, [], False, BackupOptions())["stop"] == [("no_swarm", "None of them.")]


def test_the_manifest_says_what_a_restoration_has_to_know_and_no_secret():
    host = member("n2", "manager", engine_version="28.5.2", data_root="/data")
    swarm = {"data_path_port": 4789, "default_addr_pool": ["10.0.0.0/8"], "subnet_size": 24}
    nodes = [*LISTED[:3], node("n4", labels={"zone": "a"}, availability="drain")]
    found = manifest(host, nodes, swarm, {"archive": "a.tar.gz", "checksum": "x"})
    assert found["manager_address"] == "192.0.2.2:2377"
    assert (found["managers"], found["cluster_id"], found["node_id"]) == (3, "c1", "id-n2")
    assert found["nodes"][3]["labels"] == {"zone": "a"}
    assert found["nodes"][3]["availability"] == "drain"
    assert (found["format"], found["archive"]) == (1, "a.tar.gz")


def base(day: int) -> str:
    return f"/b/swarm-c1-n2-202611{day:02}T000000Z"


WHOLE = [f"{base(day)}.{kind}" for day in (1, 2, 3) for kind in ("json", "tar.gz")]


@pytest.mark.parametrize(("keep", "days"), [(0, []), (1, [1, 2]), (2, [1]), (3, []), (9, [])])
def test_the_newest_backups_stay(keep, days):
    assert expired(WHOLE, base(3), keep) == sorted(f"{base(day)}.{kind}" for day in days for kind in ("json", "tar.gz"))


def test_leftovers_go_and_strangers_stay():
    leftovers = [f"{base(1)}.tar.gz.enc", f"{base(2)}.tar.gz.partial"]
    strangers = [
        "/b/swarm-c1-n1-20261101T000000Z.json", "/b/swarm-c2-n2-20261101T000000Z.tar.gz", "/b/notes.txt",
        "/other/swarm-c1-n2-20261101T000000Z.json", f"{base(9)}.json",
    ]  # fmt: skip
    assert expired([*leftovers, *strangers, f"{base(3)}.json"], base(3), 7) == leftovers
