# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options of hive.swarm.swarm_plan to the planners: what an operation takes from its options and from the swarm."""

from __future__ import annotations

import json

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.seal import read
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.discovery import ARGUMENT_SPEC, discover
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.operations import COMMON, OPERATIONS, Swarm
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent

HOSTS = [member(name, "manager") for name in ("n1", "n2", "n3")]
NODES = [node("n1", "manager", leader=True), node("n2", "manager"), node("n3", "manager"), node("n4")]
WEB = {
    "id": "id-web", "name": "web", "running": 1, "desired": 1,
    "spec": {"mode": "replicated", "replicas": 1, "placement": {"constraints": ["node.hostname==n4"]}},
}  # fmt: skip
TASK = {"service_id": "id-web", "node_id": "id-n4", "name": "web.1"}


def validated(spec, given):
    outcome = ArgumentSpecValidator(spec).validate(given)
    assert outcome.error_messages == []
    return outcome.validated_parameters


def swarm(nodes=None, settings=None, services=(), tasks=()):
    records = [{"name": host.name, "probe": host.probe, "address": host.address} for host in HOSTS]
    wanted = {"manager": ["n1", "n2", "n3"], "worker": ["n4"]}
    found = discover(validated(ARGUMENT_SPEC, {"hosts": records, "wanted": wanted}))
    return Swarm(found, HOSTS, NODES if nodes is None else nodes, settings or {}, list(services), list(tasks), {})


def plan(operation, known=None, **given):
    options = validated(
        {**COMMON, **OPERATIONS[operation].options}, {"operation": operation, "discovered": {}, **given}
    )
    return OPERATIONS[operation].plan(known or swarm(), options)


def discovered(hosts, **options):
    records = [{"name": each.name, "probe": each.probe, "address": each.address} for each in hosts]
    wanted = {role: [each.name for each in hosts if each.wanted == role] for role in ("manager", "worker")}
    return discover(validated(ARGUMENT_SPEC, {"hosts": records, "wanted": wanted, **options}))


def test_a_run_that_may_create_a_swarm_names_who_creates_it_and_needs_every_host():
    fresh = [host("n1", "manager", address="192.0.2.1"), host("n2")]
    found = discovered(fresh, creates=True)
    assert (found["init"], found["manager"], found["stop"]) == ("n1", "", [])
    assert discovered(fresh)["init"] == ""
    assert "n2: its engine gives no answer" in discovered([fresh[0], silent("n2")], creates=True)["stop"][0]
    assert discovered([*HOSTS, silent("n4")])["stop"] == []


def test_a_plan_of_site_has_what_the_role_does_as_steps():
    hosts = [host("n1", "manager", address="192.0.2.1"), host("n2")]
    found = plan("site", swarm([])._replace(discovered=discovered(hosts, creates=True), hosts=hosts))
    assert (found["init"], found["quiet"], found["stop"]) == ("n1", False, [])
    assert found["steps"] == [
        ("n1", "create the swarm", "no host is in a swarm"),
        ("n2", "join as a worker", "in no swarm"),
    ]
    quiet = plan("site", swarm(NODES[:3])._replace(discovered=discovered(HOSTS, creates=True)))
    assert (quiet["quiet"], quiet["steps"], quiet["keeper"]) == (True, [], "n1")


def test_a_run_that_must_not_go_on_has_no_plan():
    hosts = [silent("n1", "manager"), host("n2")]
    found = plan("site", swarm()._replace(discovered=discovered(hosts, creates=True), hosts=hosts))
    assert found["steps"] == []
    assert {reason.kind for reason in found["stop"]} == {"no_swarm"}


def test_tasks_that_would_be_lost_stop_a_drain_unless_that_is_allowed():
    known = swarm(services=[WEB], tasks=[TASK])
    found = plan("drain", known, node="id-n4", name="delta")
    assert found["steps"] == [("delta", "drain", "its tasks move: web.1")]
    (reason,) = found["stop"]
    assert reason.kind == "tasks_lost"
    assert "web" in reason.message and "node.hostname==n4" in reason.message
    assert plan("drain", known, node="id-n4", allow_stranded=True)["stop"] == []


def test_a_drain_returns_what_is_needed_to_go_back():
    known = swarm([node("n4", availability="pause", labels={"a": "b"})], services=[WEB])
    found = plan("drain", known, node="id-n4")
    assert (found["availability"], found["labels"], found["services"]) == ("pause", {"a": "b"}, [WEB])
    assert found["steps"] == [("n4", "drain", "no task runs there")]


def test_a_node_that_is_not_listed_is_not_drained():
    assert [reason.kind for reason in plan("drain", node="id-n9")["stop"]] == ["node_missing"]


def test_a_backup_is_described_and_sealed():
    facts = {"archive": "a.tar.gz.enc", "checksum": "x", "size": 7, "encrypted": True, "taken_at": "now"}
    kept = member("n1", "manager", engine_version="28.5.2", data_root="/data")
    swarm_settings = {"data_path_port": 4789, "default_addr_pool": [], "subnet_size": 24}
    given = {"host": "n1", "listed": NODES, "swarm": swarm_settings, "facts": facts}
    found = json.loads(plan("describe_backup", swarm()._replace(hosts=[kept]), **given)["description"])
    assert (found["archive"], found["size"], found["window"], found["node_id"]) == ("a.tar.gz.enc", 7, False, "id-n1")
    sealed = plan("describe_backup", swarm()._replace(hosts=[kept]), backup_key="a passphrase", **given)["description"]
    assert read(sealed, "a passphrase") == {"manifest": found, "seal": "valid"}


def test_old_backups_expire():
    files = [f"/b/swarm-c1-n2-2026110{day}T000000Z.json" for day in (1, 2, 3)]
    found = plan("expire_backups", files=files, current="/b/swarm-c1-n2-20261103T000000Z", keep=2)
    assert found["expired"] == files[:1]
    assert found["steps"] == [("", f"remove {files[0]}", "older than the newest 2, or incomplete")]


def test_a_backup_closes_the_window_that_a_label_of_the_swarm_tells_of():
    settings = {"swarm": {"autolock_managers": False, "labels": {"window": "x"}}}
    given = {"window_label": "window", "encrypts": True, "keeps_key": True}
    assert plan("backup", swarm(settings=settings), **given)["window"]
    assert not plan("backup", swarm(settings={"swarm": {"autolock_managers": False}}), **given)["window"]


def test_an_upgrade_without_a_manager_in_the_run_has_no_backup():
    known = swarm(settings={"swarm": {"autolock_managers": False}})
    hosts = [member(name, "manager", engine_version="28.5.2") for name in ("n1", "n2", "n3")]
    given = {"engine_version": "28.5"}
    assert plan("upgrade_engine", known._replace(hosts=hosts), **given)["warnings"] == []
    outside = [member(host.name, "manager", engine_version="28.5.2", in_play=False) for host in hosts]
    (line,) = plan("upgrade_engine", known._replace(hosts=outside), **given)["warnings"]
    assert "without a backup" in line
    assert plan("upgrade_engine", known._replace(hosts=outside), backup=False, **given)["warnings"] == []


def test_an_upgrade_by_a_task_file_that_does_not_exist_stops():
    hosts = [member(name, "manager", engine_version="28.5.2") for name in ("n1", "n2", "n3")]
    known = swarm(settings={"swarm": {"autolock_managers": False}})._replace(hosts=hosts)
    (reason,) = plan("upgrade_engine", known, engine_version="28.5", upgrade_tasks="/nonexistent.yml")["stop"]
    assert reason == ("file_missing", "operations_upgrade_tasks: the file /nonexistent.yml does not exist.")
    assert plan("upgrade_engine", known, engine_version="28.5")["stop"] == []


def test_an_upgrade_runs_the_task_files_around_a_drain(tmp_path):
    """As a load balancer wants it; what a maintenance does to the drained node is no part of an upgrade."""
    hosts = [member(name, "manager", engine_version="20.10.24") for name in ("n1", "n2", "n3")]
    known = swarm(settings={"swarm": {"autolock_managers": False}})._replace(hosts=hosts)
    before = tmp_path / "out.yml"
    actions = [{"host": "n1", "before": str(before), "after": "/nonexistent.yml"}]
    found = plan("upgrade_engine", known, engine_version="28.5", actions=actions)
    assert found["stop"][0] == ("file_missing", f"operations_before: the file {before} does not exist.")
    assert found["stop"][1].kind == "file_missing"
    before.touch()
    found = plan("upgrade_engine", known, engine_version="28.5", actions=[{"host": "n1", "before": str(before)}])
    steps = {step[0]: step[1] for step in found["steps"]}
    assert steps["n1"] == "run out.yml, drain, upgrade the engine to 28.5, set to active"
    assert steps["n2"] == "drain, upgrade the engine to 28.5, set to active"


def test_an_archive_for_a_host_outside_the_run_stops_a_restoration():
    found = plan("restore", copies=[{"host": "n1", "archive": "/a.tar.gz"}], left_out=["n9"])
    assert [reason.kind for reason in found["stop"]] == ["archive_missing", "host_left_out"]


def test_names_may_stand_between_commas_or_spaces():
    assert plan("rebalance", services="a b,c")["stop"][0].kind == "bad_input"
