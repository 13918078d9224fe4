# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_volume and swarm_volume_info on the fake engine: every option, what a plugin does, and who uses a volume."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.dialogue import speak
from ansible_collections.hive.swarm.tests.support.dialogues_volumes import OUTSIDERS, VOLUMES
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import volumes as table
from ansible_collections.hive.swarm.tests.support.lifecycles.volumes import MODULE, NAME
from ansible_collections.hive.swarm.tests.support.steps import Step, run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

INFO = "swarm_volume_info"
PLUGIN = "csi:latest"
ABSENT = {"name": NAME, "state": "absent"}
MADE = {"name": NAME, "driver": PLUGIN}


@pytest.fixture(params=[API_1_51])
def version(request):
    """Older engines have no cluster volumes."""
    return request.param


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    table.make_secret(host)
    return host


@pytest.fixture
def volumes(manager):
    """The swarm's cluster volumes behind the API, with a plugin that makes them."""
    found = manager.membership.swarm.volumes
    found.plugins.add(PLUGIN)
    return found


@pytest.fixture
def run(manager):
    return on(manager)


@pytest.fixture
def world(manager):
    return FakeWorld([manager])


def node(host):
    return host.do("GET", "/info")["Swarm"]["NodeID"]


def make_user(host, name="web", source=NAME):
    """A service that mounts a cluster volume, or one of a group."""
    mount = {"Type": "cluster", "Source": source, "Target": "/data"}
    template = {"ContainerSpec": {"Image": "lab/web:1", "Mounts": [mount]}}
    body = {"Name": name, "TaskTemplate": template, "Mode": {"Replicated": {"Replicas": 0}}}
    return host.do("POST", "/services/create", body)["ID"]


def put_task(host, service, state="running"):
    """A task of the service that has got the volume."""
    held = [{"ID": table.cluster_volumes(host)[NAME]["ClusterVolume"]["ID"], "Source": "group:g", "Target": "/data"}]
    desired = "running" if state == "running" else "shutdown"
    host.put_tasks([{"ServiceID": service, "Volumes": held, "DesiredState": desired, "Status": {"State": state}}])


# -- the engine -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VOLUMES)
def test_the_fake_says_what_the_table_says(cluster, name):
    speak(VOLUMES[name], cluster.swarm(managers=1), hasty=True)


def test_the_fake_says_what_the_table_says_of_workers(cluster):
    speak(OUTSIDERS, cluster.swarm(managers=1, workers=1)[1:], hasty=True)


# -- options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", table.OPTIONS, ids=str)
def test_option(manager, run, world, row):
    run_steps(list(table.steps(row)), table.judged(manager, run, *row.place), world)


def test_availability(manager, run, world):
    judged = table.judged(manager, run, "ClusterVolume.Spec.Group", "g")
    run_steps(list(table.availabilities()), judged, world)


@pytest.mark.parametrize(
    ("task", "fails"),
    [
        ({"name": " "}, "name: must not be empty."),
        ({"access_mode": {"scope": "multi"}}, "access_mode.sharing: must be readonly, onewriter"),
        (
            {"access_mode": {"mount_volume": {}, "block_volume": True}},
            "access_mode.block_volume: mutually exclusive with mount_volume",
        ),
        ({"capacity_range": {"required_bytes": "ten"}}, "capacity_range.required_bytes: 'ten' is not a size"),
        ({"capacity_range": {"required_bytes": "2G", "limit_bytes": "1G"}}, "capacity_range.limit_bytes: 1G is less"),
        (
            {"accessibility_requirements": {"preferred": [{"a": True}]}},
            "accessibility_requirements.preferred: the value",
        ),
        ({"labels": {"a": 1.1}}, "labels: the value of 'a' must be a string"),
        ({"driver_options": {"a": None}}, "driver_options: the value of 'a' must be a string"),
        ({"secrets": {"k": False}}, "secrets: the value of 'k' must be a string"),
    ],
)
def test_what_cannot_be_meant(run, world, task, fails):
    run_steps([Step(MODULE, {**MADE, **task}, fails=fails)], run, world)


@pytest.mark.parametrize("task", [{"availability": "drain"}, {}])
def test_c4_a_volume_that_an_earlier_task_may_make(run, world, task):
    task = {"name": "data", **task}
    run_steps([Step(MODULE, task, fails="driver: required for a new cluster volume", predicts=False)], run, world)
    predicted = run(MODULE, task, check=True)
    assert (
        predicted["changed"] is ("availability" in task)
        and "driver: required to create volume 'data'" in predicted["warnings"][0]
    )


def test_a_secret_that_is_not_there(run, volumes, world):
    """In check mode an earlier task may be about to create it."""
    task = {**MADE, "secrets": {"k": "options-secre"}}
    complaint = f"secrets.k: the swarm has no secret 'options-secre'. Did you mean '{table.SECRET}'?"
    run_steps([Step(MODULE, task, fails=complaint, predicts=False)], run, world)
    assert run(MODULE, task, check=True)["warnings"] == [
        f"{complaint} Check mode assumes that an earlier task creates it."
    ]


def test_a_secret_that_is_gone_is_shown_by_its_id(manager, run, volumes):
    made = run(MODULE, {**MADE, "secrets": {"k": table.SECRET}})
    assert made["volume"]["secrets"] == {"k": table.SECRET}
    secret = manager.do("GET", f"/secrets/{table.SECRET}")["ID"]
    manager.do("DELETE", f"/secrets/{secret}")
    assert run(MODULE, {"name": NAME})["volume"]["secrets"] == {"k": secret}


def test_a_volume_of_the_cli_without_a_tag_is_no_difference(manager, run, world):
    cluster = {"AccessMode": {"MountVolume": {}}}
    manager.do("POST", "/volumes/create", {"Name": NAME, "Driver": "csi", "ClusterVolumeSpec": cluster})
    tasks = [{"driver": "csi"}, {"driver": PLUGIN}]
    steps = [Step(MODULE, {"name": NAME, "wait": False, **task}, changed=False) for task in tasks]
    for done in run_steps(steps, run, world):
        assert "created with the driver csi, without a tag" in done["warnings"][0]


def test_labels_of_others(manager, run, volumes, world):
    run(MODULE, {**MADE, "labels": {"a": "b", "com.docker.stack.namespace": "shop"}})
    merged = {"name": NAME, "labels": {}, "labels_state": "merge"}
    run_steps([Step(MODULE, merged, changed=False)], run, world)
    run_steps([Step(MODULE, {"name": NAME, "labels": {"a": "b"}}, changed=False)], run, world)
    run_steps([Step(MODULE, {"name": NAME, "labels": {}}, fails="labels.a is 'b' and would be not set")], run, world)


def test_what_we_do_not_know_is_sent_back(manager, run, volumes):
    run(MODULE, MADE)
    volumes.find(NAME).spec["Stranger"] = {"a": "b"}
    assert run(MODULE, {"name": NAME, "availability": "pause"})["changed"]
    body = manager.writes[-1].body
    assert body["Spec"]["Stranger"] == {"a": "b"} and body["Spec"]["Availability"] == "pause"


# -- plugins ----------------------------------------------------------------------------------------------------------


def test_a_life_with_a_plugin(run, volumes, world):
    volumes.pace = 3
    steps = [
        Step(MODULE, MADE, diff={"driver"}, holds=lambda done: _is(done["volume"]["volume_id"], f"vol-{NAME}")),
        Step(MODULE, {"name": NAME, "availability": "drain"}, diff={"availability"}),
        Step(MODULE, ABSENT, diff={"driver", "availability"}, holds=lambda done: _is(done["volume"], {})),
    ]
    run_steps(steps, run, world)


def _is(found, expected):
    assert found == expected


def test_a_volume_that_no_plugin_makes(manager, run, volumes):
    volumes.plugins = {"other:latest"}
    failed = run(MODULE, {**MADE, "wait_timeout": 0})
    assert failed["failed"] and failed["changed"] and failed["failure"]["kind"] == "not_converged"
    volumes.plugins = {PLUGIN}
    again = run(MODULE, MADE)
    assert not again["failed"] and not again["changed"] and again["volume"]["volume_id"]


def test_a_plugin_that_does_not_make_it_is_there(manager, run, volumes):
    volumes.pace = 100
    failed = run(MODULE, {**MADE, "wait_timeout": 0})
    assert failed["failure"]["kind"] == "not_converged" and manager.hostname in failed["msg"]


def test_a_volume_that_no_plugin_removes(run, volumes, world):
    run(MODULE, MADE)
    volumes.plugins = set()
    failed = run(MODULE, {**ABSENT, "wait_timeout": 0})
    assert failed["failure"]["kind"] == "not_converged" and "force: true" in failed["msg"]
    run_steps([Step(MODULE, {**ABSENT, "force": True}, diff={"driver"})], run, world)


# -- users ------------------------------------------------------------------------------------------------------------


def test_a_volume_that_services_mount_is_neither_removed_nor_changed(manager, run, volumes, world):
    run(MODULE, {**MADE, "group": "g"})
    make_user(manager, "web")
    put_task(manager, make_user(manager, "api", "group:g"))
    make_user(manager, "idle", "group:g")
    used = f"Volume {NAME} is used by services api, web, so it is not removed."
    changed = (
        "group is 'g' and would be 'h'. The engine can change only the availability of a cluster volume. It is used by"
    )
    steps = [
        Step(MODULE, ABSENT, fails=used),
        Step(MODULE, {"name": NAME, "group": "h"}, fails=f"{changed} services api, web."),
        Step(MODULE, {**ABSENT, "force": True}),
    ]
    run_steps(steps, run, world)


def test_a_volume_of_a_group_that_nobody_has_got_is_removed(manager, run, volumes, world):
    run(MODULE, {**MADE, "group": "g"})
    make_user(manager, "idle", "group:g")
    run_steps([Step(MODULE, ABSENT)], run, world)


def test_a_node_that_has_it_yet_is_waited_for(manager, run, volumes, monkeypatch):
    run(MODULE, MADE)
    volumes.publish(NAME, node(manager))
    failed = run(MODULE, {**ABSENT, "wait_timeout": 0})
    assert failed["failure"]["kind"] == "not_converged"
    refused = run(MODULE, {**ABSENT, "wait": False})
    assert refused["failure"]["status"] == 400
    accepts = manager.accepts

    def release(request):
        if request.method == "DELETE" and manager.count("DELETE") > 3:
            volumes.release(NAME)
        return accepts(request)

    manager.accepts = release
    done = run(MODULE, ABSENT)
    assert done["changed"] and not done["failed"], done


def test_a_drain_waits_for_tasks_and_not_for_nodes(manager, run, volumes):
    """A node keeps a drained volume until somebody else wants it."""
    run(MODULE, MADE)
    volumes.publish(NAME, node(manager))
    service = make_user(manager)
    put_task(manager, service, "rejected")
    drain = {"name": NAME, "availability": "drain", "wait_timeout": 0}
    assert not run(MODULE, drain)["failed"]
    put_task(manager, service)
    failed = run(MODULE, drain)
    assert failed["failure"]["kind"] == "not_converged" and not failed["changed"]


# -- races and a swarm in trouble -------------------------------------------------------------------------------------


def test_somebody_else_makes_it_first(manager, run, volumes):
    accepts, cluster = manager.accepts, {"AccessMode": {"MountVolume": {}}}

    def meddle(request):
        if request.path == "/volumes/create" and not volumes.all:
            accepted = accepts(request)
            volumes.create(
                {"Name": NAME, "Driver": PLUGIN, "DriverOpts": {}, "Labels": {}, "ClusterVolumeSpec": _read(cluster)}
            )
            return accepted
        return accepts(request)

    manager.accepts = meddle
    done = run(MODULE, MADE)
    assert not done["failed"], done
    assert not done["changed"] and len(volumes.all) == 1


def _read(spec):
    """A spec as the engine reads it, with everything in it."""
    mode = {"Scope": "", "Sharing": "", "BlockVolume": None, "MountVolume": {"FsType": "", "MountFlags": None}}
    rest = dict.fromkeys(("AccessibilityRequirements", "CapacityRange", "Secrets"))
    return {
        **rest,
        "Group": "",
        "Availability": "",
        "AccessMode": {**mode, **spec["AccessMode"], "MountVolume": mode["MountVolume"]},
    }


def test_a_lost_race_is_run_again(manager, run, volumes):
    run(MODULE, MADE)
    accepts, lost = manager.accepts, []

    def meddle(request):
        if request.method == "PUT" and len(lost) < 3:
            lost.append(request)
            volumes.find(NAME).touch()
        return accepts(request)

    manager.accepts = meddle
    done = run(MODULE, {"name": NAME, "availability": "pause"})
    assert done["changed"] and done["volume"]["availability"] == "pause" and len(lost) == 3


@pytest.mark.parametrize("task", [ABSENT, MADE])
def test_without_a_leader_no_volume_is_taken_for_gone(cluster, task):
    """The engine lists none then, says 200, and warns."""
    first, second = cluster.swarm(managers=2)
    first.membership.swarm.volumes.plugins.add(PLUGIN)
    assert on(first)(MODULE, MADE)["changed"]
    second.kill()
    for module, args in ((MODULE, task), (INFO, {})):
        failed = on(first)(module, args)
        assert failed["failed"] and failed["failure"]["kind"] == "no_quorum", failed


def test_a_leader_that_is_lost_while_waiting_is_no_removal(cluster):
    first, second = cluster.swarm(managers=2)
    volumes = first.membership.swarm.volumes
    volumes.plugins.add(PLUGIN)
    assert on(first)(MODULE, MADE)["changed"]
    volumes.plugins.clear()
    accepts = first.accepts

    def meddle(request):
        if request.path == "/volumes" and first.count("DELETE") and second.running:
            second.kill()
        return accepts(request)

    first.accepts = meddle
    failed = on(first)(MODULE, {**ABSENT, "wait_timeout": 0})
    assert failed["failed"] and failed["changed"] and failed["failure"]["kind"] == "not_converged", failed
    assert failed["failure"]["kind"] == "not_converged"


@pytest.mark.parametrize(("module", "task"), [(MODULE, MADE), (MODULE, ABSENT), (INFO, {})])
def test_a_worker_knows_of_none(cluster, module, task):
    _manager, worker = cluster.swarm(managers=1, workers=1)
    failed = on(worker)(module, task)
    assert failed["failure"]["kind"] == "not_a_manager" and not worker.writes


@pytest.mark.parametrize(("module", "task"), [(MODULE, MADE), (MODULE, ABSENT), (INFO, {})])
def test_an_older_version_of_the_api(manager, run, volumes, module, task):
    failed = run(module, {**task, "api_version": "1.41"})
    assert failed["failure"]["kind"] == "unsupported" and not manager.writes[1:]


def test_an_engines_own_volume_of_the_name_is_left_alone(manager, run, volumes, world):
    manager.do("POST", "/volumes/create", {"Name": NAME})
    steps = [
        Step(MODULE, MADE),
        Step(MODULE, {"name": NAME, "availability": "pause"}),
        Step(MODULE, ABSENT),
        Step(MODULE, {**ABSENT, "force": True}, changed=False),
    ]
    run_steps(steps, run, world)
    assert manager.do("GET", f"/volumes/{NAME}")["Scope"] == "local"


# -- requests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "task", "requests"),
    [
        (MODULE, {**MADE, "group": "", "labels": {}}, 1),
        (MODULE, {"name": "with-secret"}, 2),
        (MODULE, {"name": "nobody", "state": "absent"}, 2),
        (INFO, {"name": [NAME]}, 1),
        (INFO, {}, 2),
        (INFO, {"used_by": True}, 4),
    ],
)
def test_requests_without_changes(manager, run, volumes, module, task, requests):
    run(MODULE, MADE)
    run(MODULE, {"name": "with-secret", "driver": PLUGIN, "secrets": {"k": table.SECRET}})
    before = len(manager.requests)
    assert not run(module, task)["changed"]
    assert len(manager.requests) - before == requests


# -- swarm_volume_info ------------------------------------------------------------------------------------------------


@pytest.fixture
def three(manager, run, volumes):
    """Three volumes, the last of which is not made, and one of the engine's own."""
    run(MODULE, {**MADE, "name": "alpha", "group": "g", "labels": {"a": "b", "c": ""}})
    run(MODULE, {**MADE, "name": "beta", "labels": {"a": "x"}, "availability": "pause"})
    run(MODULE, {"name": "gamma", "driver": "other", "wait": False})
    manager.do("POST", "/volumes/create", {"Name": "own"})


@pytest.mark.parametrize(
    ("task", "names"),
    [
        ({}, ["alpha", "beta", "gamma"]),
        ({"name": ["gamma", "nobody", "alpha", "gamma"]}, ["gamma", "alpha"]),
        ({"filters": {"name": "a"}}, ["alpha", "beta", "gamma"]),
        ({"filters": {"name": ["alp", "gam"]}}, ["alpha", "gamma"]),
        ({"filters": {"group": "g"}}, ["alpha"]),
        ({"filters": {"group": ""}}, ["beta", "gamma"]),
        ({"filters": {"label": ["a", "c"]}}, ["alpha"]),
        ({"filters": {"label": "a=x"}}, ["beta"]),
        ({"filters": {"label": "c="}}, ["alpha"]),
        ({"filters": {"driver": "csi", "availability": ["pause", "drain"]}}, ["beta"]),
        ({"filters": {"driver": "other:latest"}}, ["gamma"]),
        ({"query": "[?volume_id == ''].name"}, ["gamma"]),
    ],
)
def test_info_lists(run, three, task, names):
    done = run(INFO, task)
    found = done["result"] if "query" in task else [volume["name"] for volume in done["volumes"]]
    assert found == names


def test_info_finds_by_id(run, three):
    (alpha,) = run(INFO, {"name": ["alpha"]})["volumes"]
    assert run(INFO, {"name": [alpha["id"]]})["volumes"] == run(INFO, {"filters": {"id": alpha["id"][:20]}})["volumes"]
    assert run(INFO, {"name": [alpha["id"]]})["volumes"] == [alpha]


def test_info_tells_all(manager, run, volumes):
    made = run(MODULE, {**MADE, "group": "g", "secrets": {"k": table.SECRET}})["volume"]
    volumes.publish(NAME, node(manager))
    put_task(manager, make_user(manager, "api", "group:g"))
    make_user(manager)
    (shown,) = run(INFO, {"used_by": True, "raw": True})["volumes"]
    assert shown.pop("raw") == table.cluster_volumes(manager)[NAME]
    assert shown == {
        **made,
        "capacity_bytes": 1048576,
        "accessible_topology": [{"zone": "a"}],
        "published": [{"node_id": node(manager), "state": "published"}],
        "used_by": ["api", "web"],
    }


@pytest.mark.parametrize(
    "task",
    [{"filters": {"scope": "global"}}, {"filters": {"availability": "on"}}, {"query": "[?"}],
)
def test_info_refuses(run, task):
    assert run(INFO, task)["failure"]["option"] == next(iter(task))
