# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a swarm may be restored, and which way leads there."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.restore import Copy, RestoreOptions, plan_restore
from ansible_collections.hive.swarm.tests.unit.cluster.situations import address, host, member, node, silent

NODES = [node("n1", "manager"), node("n2", "manager"), node("n3", "manager"), node("n4")]
FRESH = [host(name, "manager", engine_version="28.5.2") for name in ("n1", "n2", "n3")] + [host("n4")]


def described(name, **changes):
    return {
        "format": 1, "cluster_id": "c1", "node_id": f"id-{name}", "engine_version": "28.5.2", "checksum": "sum",
        "advertise_address": address(name), "manager_address": f"{address(name)}:2377", "managers": 3, "nodes": NODES,
        "autolocked": False, "encrypted": False, "taken_at": "20261101T000000Z", "archive": "a.tar.gz",
        "data_root": "/var/lib/docker", **changes,
    }  # fmt: skip


def copy(name, hosts=FRESH, addresses=None, checksum="sum", **changes):
    target = next(each for each in hosts if each.name == name)
    return Copy(target, described(name, **changes), checksum, [address(name)] if addresses is None else addresses)


def plan(*copies, hosts=FRESH, **options):
    return plan_restore(list(copies), hosts, RestoreOptions(**options))


def test_one_archive_of_an_unlocked_swarm_becomes_a_swarm_by_force():
    found = plan(copy("n2"))
    assert (found["targets"], found["way"], found["stop"], found["confirm"]) == (["n2"], "force", [], "c1")
    assert [(step.node, step.step.partition(",")[0]) for step in found["steps"]] == [
        ("n2", "read and unpack a.tar.gz"),
        ("n2", "stop its engine"),
        ("n2", "make it a swarm of one by force"),
        ("n1", "join as a manager"),
        ("n3", "join as a manager"),
        ("n4", "join as a worker"),
        ("", "remove the entries of the other managers"),
    ]
    assert found["steps"][0].reason == "swarm c1 as of 20261101T000000Z, 4 nodes"
    alone = plan(copy("n2"), rebuild=False)
    assert [step.node for step in alone["steps"]] == ["n2", "n2", "n2", ""]
    assert "No other host joins" in alone["warnings"][-1]


def test_autolock_that_was_off_for_the_backup_is_off_afterwards():
    assert any("Autolock was off" in each for each in plan(copy("n2", window=True))["warnings"])
    assert not any("Autolock" in each for each in plan(copy("n2"))["warnings"])


def test_what_becomes_of_a_worker_is_said():
    hosts = [*FRESH[:3], member("n4", "worker"), silent("n5")]
    steps = plan(copy("n2", hosts), hosts=hosts)["steps"]
    assert steps[-3][:2] == ("n4", "wait until it finds the managers, or join as a worker")
    assert steps[-2] == ("n5", "leave it alone", "it does not respond")


def test_an_autolocked_swarm_needs_a_majority_each_from_its_own_archive():
    locked = [copy(name, autolocked=True) for name in ("n1", "n2")]
    found = plan(*locked, keys_given=True)
    assert (found["way"], found["stop"]) == ("quorum", [])
    assert ("n1, n2", "unlock all at the same time", "a locked manager finds no others") in found["steps"]
    assert plan(locked[0], keys_given=True)["stop"][0].kind == "too_few_archives"
    assert plan(*locked)["stop"][0].kind == "unlock_key_missing"
    assert plan(*locked, keys_given=True, forks=1)["stop"][0].kind == "too_few_forks"


def test_the_only_manager_has_its_majority_alone():
    found = plan(copy("n1", managers=1, autolocked=True), keys_given=True)
    assert (found["way"], found["stop"]) == ("quorum", [])


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (copy("n2", checksum=""), "archive_missing"),
        (copy("n2", checksum="other"), "archive_damaged"),
        (copy("n2", format=2), "archive_format"),
        (copy("n2")._replace(manifest={}), "archive_missing"),
        (copy("n2", addresses=["192.0.2.99"]), "other_address"),
        (copy("n2", addresses=[]), "other_address"),
        (copy("n2", engine_version="29.0.0"), "engine_too_old"),
        (copy("n2", encrypted=True), "backup_key_missing"),
    ],
)
def test_what_is_wrong_with_archive_or_host_is_said(given, kind):
    (reason,) = plan(given)["stop"]
    assert reason.kind == kind


def test_an_older_backup_a_distribution_s_version_and_a_decryption_are_fine():
    assert plan(copy("n2", engine_version="20.10.24+dfsg1"))["stop"] == []
    assert plan(copy("n2", encrypted=True), can_decrypt=True)["stop"] == []


def test_archives_that_do_not_go_together_are_refused():
    assert plan(copy("n1"), copy("n2", cluster_id="c2"))["stop"][0].kind == "archives_differ"
    assert plan(copy("n1"), copy("n2", node_id="id-n1"))["stop"][0].kind == "archives_differ"
    assert plan(copy("n1"), copy("n2"))["stop"][0].kind == "too_many_archives"


def test_a_swarm_that_lives_is_not_restored():
    alive = [member("n1", "manager"), *FRESH[1:]]
    assert plan(copy("n2", alive), hosts=alive)["stop"][0].kind == "swarm_is_alive"
    other = [member("n1", "manager", "c2"), *FRESH[1:]]
    assert plan(copy("n2", other), hosts=other)["stop"][0].kind == "other_swarm"


def test_managers_that_cannot_be_asked_must_be_known_to_be_off():
    hosts = [silent("n1", "manager"), *FRESH[1:]]
    assert plan(copy("n2", hosts), hosts=hosts)["stop"][0].kind == "host_not_responding"
    assert plan(copy("n2", hosts), hosts=hosts, peers_gone=True)["stop"] == []
    worker = [*FRESH[:3], silent("n4")]
    assert plan(copy("n2", worker), hosts=worker)["stop"] == []


def test_leftovers_of_managers_are_moved_aside_and_workers_stay():
    hosts = [
        member("n1", "manager", cluster="", error="no leader"), host("n2", "manager", engine_version="28.5.2"),
        host("n3", "manager", state="locked"), member("n4", "worker"),
    ]  # fmt: skip
    found = plan(copy("n2", hosts), hosts=hosts)
    assert (found["rejoin"], found["stop"]) == (["n1", "n3"], [])
    assert ("n1, n3", "move its state of the swarm aside") in [step[:2] for step in found["steps"]]
    outside = [member("n1", "manager", cluster="", in_play=False), *hosts[1:]]
    assert plan(copy("n2", outside), hosts=outside)["stop"][0].kind == "host_left_out"


def test_nothing_is_planned_without_an_archive():
    assert plan()["stop"][0].kind == "bad_input"
