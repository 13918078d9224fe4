# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_network on the fake engine: every option, who uses a network, and what has become of it when it fails."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.lists import classify_networks
from ansible_collections.hive.swarm.plugins.module_utils._network.plan import taken
from ansible_collections.hive.swarm.plugins.module_utils._network.schema import as_request
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_41, API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import networks as table
from ansible_collections.hive.swarm.tests.support.lifecycles.networks import MODULE, NAME
from ansible_collections.hive.swarm.tests.support.steps import Step, run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

INTERNAL = {"name": NAME, "internal": True}
# What the engine alone says of a network (API 1.52).
TOLD = {"Id": "n1", "Created": "2026-01-01T00:00:00Z", "Containers": {}, "Peers": [], "Services": {}, "Status": {}}


@pytest.fixture(params=[API_1_51])
def version(request):
    """The older generation is tried on real engines; here it would be twice the same."""
    return request.param


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    return host


@pytest.fixture
def run(manager):
    return on(manager)


@pytest.fixture
def world(manager):
    return FakeWorld([manager])


@pytest.fixture
def attached(manager):
    """A network that two services use."""
    table.make_attached(manager)
    manager.cluster.settle()
    return manager


def test_a_replacement_keeps_what_we_do_not_know():
    kept = {"Name": NAME, "Driver": "overlay", "Scope": "swarm", "ConfigOnly": False, "Scrubbed": True}
    ipam = {"Driver": "default", "Options": None, "Config": [{"Subnet": "10.0.1.0/24", "Scrubbed": True}]}
    request = as_request({**kept, **TOLD, "IPAM": ipam, "Options": {"scrubbed": "1"}, "Labels": None})
    assert request == {**kept, "IPAM": ipam, "Options": {"scrubbed": "1"}, "Labels": {}}


def attach_container(host, name=NAME):
    """As ``docker run --network`` does."""
    network = host.do("GET", f"/networks/{name}")["Id"]
    spec = {"NetworkAttachmentSpec": {"ContainerID": "c0ffee" * 10}, "Networks": [{"Target": network}]}
    host.put_tasks([{"Spec": {**spec, "Runtime": "attachment"}, "ServiceID": ""}])


def test_a_network_of_the_nodes_has_no_addresses_that_could_be_taken():
    """Its restoration, after a replacement that failed, asks this."""
    request = {"Name": "mine", "ConfigFrom": {"Network": "of-nodes"}, "Driver": "macvlan"}
    other = {"Name": "other", "Scope": "swarm", "IPAM": {"Config": [{"Subnet": "10.0.0.0/24"}]}}
    assert taken(request, [other]) == ""
    assert taken({**request, "IPAM": {"Config": None}}, [other]) == ""
    assert taken({**request, "IPAM": {"Config": [{"Subnet": "10.0.0.0/16"}]}}, [other]) == "other"


@pytest.mark.parametrize("option", ["driver", "config_from"])
def test_an_empty_option_is_the_default(run, world, option):
    run_steps([Step(MODULE, {"name": "plain", option: ""}, diff={"driver", "scope"})], run, world)


@pytest.mark.parametrize("row", table.OPTIONS, ids=str)
def test_option(manager, run, world, row):
    table.make_config(manager)
    run_steps(list(table.steps(row)), table.audited(manager, run), world)


# -- what users of other tools had trouble with -----------------------------------------------------------------------


def test_an_overlay_without_a_driver_in_the_task_is_to_become_a_bridge(manager, run, world):
    """D7: the default of the option was compared with what is there."""
    manager.do("POST", "/networks/create", {"Name": NAME, "Driver": "overlay"})
    run_steps([Step(MODULE, {"name": NAME}, changed=False)], run, world)
    run_steps(
        [Step(MODULE, {"name": NAME, "driver": "macvlan"}, fails="driver is 'overlay' and would be 'macvlan'")],
        run,
        world,
    )


@pytest.mark.parametrize("name", ["host", "bridge", "none"])
def test_networks_that_every_engine_has_are_changed_on_every_run(run, world, name):
    """I1: the local one was compared with that of the swarm."""
    for state in ("present", "absent"):
        run_steps(
            [Step(MODULE, {"name": name, "state": state}, fails=f"name: {name} exists on every engine")], run, world
        )


def test_a_network_that_services_use_fails_without_saying_who_they_are(attached, run, world):
    """Issue 19."""
    used = "It is used by services back, front."
    run_steps([Step(MODULE, INTERNAL, fails=f"internal is False and would be True. {used}")], run, world)
    gone = {"name": NAME, "state": "absent"}
    run_steps([Step(MODULE, gone, fails=f"Network {NAME} is used by services back, front, so")], run, world)


def test_what_the_engine_adds_is_no_difference(manager, run, world):
    pool = {"Subnet": "10.77.0.0/24"}
    body = {"Name": NAME, "Driver": "overlay", "IPAM": {"Config": [pool], "Options": {"a": "b"}}}
    manager.do("POST", "/networks/create", {**body, "Options": {"encrypted": ""}})
    task = {"driver_options": {}, "ipam_driver_options": {"a": "b"}, "ipam_config": [{"subnet": "10.77.0.0/24"}]}
    run_steps([Step(MODULE, {"name": NAME, **task, "labels": {}}, changed=False)], run, world)


def test_labels_of_a_stack_stay(manager, run, world):
    labels = {"com.docker.stack.namespace": "shop", "a": "b"}
    manager.do("POST", "/networks/create", {"Name": NAME, "Driver": "overlay", "Labels": labels})
    run_steps([Step(MODULE, {"name": NAME, "labels": {"a": "b"}}, changed=False)], run, world)
    merge = {"name": NAME, "labels": {"c": "d"}, "labels_state": "merge", "recreate": True}
    run_steps([Step(MODULE, merge, diff={"labels"})], run, world)
    assert manager.do("GET", f"/networks/{NAME}")["Labels"] == {**labels, "c": "d"}


# -- replacing --------------------------------------------------------------------------------------------------------


def test_services_are_attached_again_exactly_as_they_were(attached, run, world):
    before, old = table.specs(attached), attached.do("GET", f"/networks/{NAME}")
    step = Step(MODULE, {**INTERNAL, "recreate": True}, diff={"internal"})
    (done,) = run_steps([step], run, world)
    assert done["reattached"] == ["back", "front"]
    assert table.specs(attached) == before
    new = attached.do("GET", f"/networks/{NAME}")
    assert new["Internal"] and new["Id"] != old["Id"] and new["IPAM"] == old["IPAM"]
    assert all(
        task["Status"]["State"] == "running"
        for task in attached.do("GET", "/tasks")
        if task["DesiredState"] == "running"
    )


def test_a_rollback_does_not_lead_back_to_the_service_without_its_network(attached, run):
    assert not run(MODULE, {**INTERNAL, "recreate": True})["failed"]
    for service in attached.do("GET", "/services"):
        assert service["PreviousSpec"] == service["Spec"]


@pytest.mark.parametrize("number", range(3, 7))  # two services are detached by one write each, and attached by two
def test_an_attachment_that_fails_once_is_finished(attached, run, number):
    """Whichever of its writes fails, the service is waited for, and a rollback does not detach it."""
    accepts, seen, specs = attached.accepts, [], table.specs(attached)

    def refuse(request):
        if request.method == "POST" and "/services/" in request.path:
            seen.append(request)
            if len(seen) == number:
                attached.fail(500, "broken", "POST")
        return accepts(request)

    attached.accepts = refuse
    done = run(MODULE, {**INTERNAL, "recreate": True})
    assert not done["failed"], done["msg"]
    assert len(seen) == 7
    assert table.specs(attached) == specs
    for service in attached.do("GET", "/services"):
        assert service["PreviousSpec"] == service["Spec"]


def test_a_service_that_somebody_changes_meanwhile_keeps_the_change(attached, run):
    accepts, before = attached.accepts, table.specs(attached)

    def meddle(request):
        if request.method == "DELETE" and attached.count("DELETE") == 1:  # the old network's, after the rehearsal's
            front = attached.do("GET", "/services/front")
            spec = {**front["Spec"], "Labels": {"new": "label"}}
            attached.do("POST", f"/services/{front['ID']}/update?version={front['Version']['Index']}", spec)
        return accepts(request)

    attached.accepts = meddle
    attached.conflict(times=3, path="/services/")
    done = run(MODULE, {**INTERNAL, "recreate": True})
    assert not done["failed"], done["msg"]
    assert table.specs(attached) == {**before, "front": {**before["front"], "Labels": {"new": "label"}}}


def test_containers_that_were_attached_by_hand_are_not_cut_off(attached, run, world):
    attach_container(attached)
    (failed,) = run_steps(
        [Step(MODULE, {**INTERNAL, "recreate": True}, fails="is used by container c0ffeec0ffee on node ")], run, world
    )
    assert failed["failure"]["kind"] == "refused"
    run_steps(
        [Step(MODULE, INTERNAL, fails="used by services back, front and container c0ffeec0ffee on node ")], run, world
    )


def test_a_job_is_not_run_again(attached, run, world):
    job = {**table.service_spec("front"), "Name": "job", "Mode": {"ReplicatedJob": {}}}
    del job["UpdateConfig"]
    attached.do("POST", "/services/create", job)
    run_steps(
        [Step(MODULE, {**INTERNAL, "recreate": True}, fails="used by job. Detaching a job would run it again")],
        run,
        world,
    )


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("POST", "/services/", f"Network {NAME} is unchanged, with its services attached."),
        ("DELETE", "/networks/", f"Network {NAME} is unchanged, with its services attached."),
        ("POST", "/networks/create", f"Network {NAME} was created again unchanged, with its services attached."),
    ],
    ids=["detaching fails", "removing fails", "making fails"],
)
def test_what_fails_brings_everything_back(attached, run, method, path, said):
    before, network = table.specs(attached), table.document(attached, NAME)
    rehearsed = run(MODULE, {"name": "unrelated"})  # so that the path of the fault is in no request before
    assert not rehearsed["failed"]
    fail_after_rehearsal(attached, method, path)
    failed = run(MODULE, {**INTERNAL, "recreate": True, "wait_timeout": 1})
    assert failed["failed"] and "broken" in failed["msg"] and said in failed["msg"], failed
    assert table.specs(attached) == before
    assert table.document(attached, NAME) == network


def fail_after_rehearsal(host, method, path):
    """Let the first request of this kind that is no part of the rehearsal, and does not create the holder, fail."""
    accepts, seen = host.accepts, []

    def watch(request):
        seen.append(request)
        rehearsing = {"POST": 2, "DELETE": 1}[method] if path.startswith("/networks") else 0
        hits = [r for r in seen if r.method == method and path in r.path]
        if len(hits) == rehearsing + 1 and hits[-1] is request:
            host.fail(500, "broken", method)
        return accepts(request)

    host.accepts = watch


def test_a_network_that_the_engine_would_not_take_destroys_nothing(attached, run):
    before, ids = table.specs(attached), {item["Id"] for item in attached.do("GET", "/networks")}
    attached.fail(400, "no such option", "POST", "/networks/create")
    failed = run(MODULE, {"name": NAME, "driver_options": {"a": "b"}, "recreate": True})
    assert failed["failure"]["kind"] == "engine" and not failed["changed"]
    assert table.specs(attached) == before and {item["Id"] for item in attached.do("GET", "/networks")} == ids


def test_a_network_that_would_get_no_addresses_destroys_nothing(attached, run):
    attached.swarm.networks.exhausted = True
    before = table.specs(attached)
    failed = run(MODULE, {**INTERNAL, "recreate": True, "wait_timeout": 1})
    assert failed["failure"]["kind"] == "not_converged" and not failed["changed"]
    assert table.specs(attached) == before


def test_what_the_task_does_not_name_stays_in_a_config_only_network(run):
    pool = {"subnet": "10.77.0.0/24", "aux_addresses": {"h": "10.77.0.5"}}
    config = {"name": NAME, "config_only": True, "driver_options": {"parent": "eth0"}, "ipam_config": [pool]}
    made = run(MODULE, config)["network"]
    again = run(MODULE, {"name": NAME, "labels": {"a": "b"}, "recreate": True})["network"]
    assert again == {**made, "id": again["id"], "created": again["created"], "labels": {"a": "b"}}


# -- waiting ----------------------------------------------------------------------------------------------------------


def test_a_network_that_never_gets_addresses_fails_and_goes(manager, run, world):
    manager.swarm.networks.exhausted = True
    step = Step(
        MODULE,
        {"name": NAME, "wait_timeout": 1},
        fails="the manager has not allocated its addresses",
        predicts=False,
        partly=True,
    )
    (failed,) = run_steps([step], run, world)
    assert failed["failure"]["kind"] == "not_converged"
    assert not table.document(manager, NAME).get("Name")


def test_a_subnet_of_ipv6_without_enable_ipv6(run):
    """Docker Engine 20.10 runs such a network without its IPv6 addresses, and Debian's build of 28.5 never allocates it."""
    task = {"name": NAME, "wait_timeout": 1, "ipam_config": [POOL, {"subnet": "fd00:77::/64"}]}
    foreseen, failed = (run(MODULE, task, check=check) for check in (True, False))
    for result in (foreseen, failed):
        assert "without enable_ipv6" in result["warnings"][0]
    assert failed["failure"]["kind"] == "not_converged" and "for IPv6 in" in failed["msg"]
    assert not run(MODULE, {**task, "enable_ipv6": True}, check=True).get("warnings")


def test_one_that_somebody_else_has_left_without_addresses_is_named(manager, run):
    for name in ("first", NAME):
        body = {"Name": name, "Driver": "overlay", "IPAM": {"Config": [{"Subnet": "10.77.0.0/24"}]}}
        manager.do("POST", "/networks/create", body)
    task = {"name": NAME, "ipam_config": [{"subnet": "10.77.0.0/24"}], "wait_timeout": 1}
    failed = run(MODULE, task)
    assert failed["failure"]["kind"] == "not_converged" and "10.77.0.0/24 of the network first" in failed["msg"]
    moved = run(MODULE, {**task, "ipam_config": [{"subnet": "10.78.0.0/24"}], "recreate": True})
    assert moved["changed"] and moved["network"]["ipam_config"][0]["subnet"] == "10.78.0.0/24"


def test_a_network_whose_tasks_are_just_ending_is_waited_for(manager, run):
    manager.do("POST", "/networks/create", {"Name": NAME, "Driver": "overlay"})
    manager.fail(400, "network is in use by task x", "DELETE", "/networks", times=2)
    assert run(MODULE, {"name": NAME, "state": "absent"})["changed"]
    manager.do("POST", "/networks/create", {"Name": NAME, "Driver": "overlay"})
    manager.fail(400, "network is in use by task x", "DELETE", "/networks", times=99)
    failed = run(MODULE, {"name": NAME, "state": "absent", "wait_timeout": 1})
    assert failed["failure"]["kind"] == "not_converged"


def test_what_only_this_engine_still_has_is_no_network_of_the_swarm():
    listed = [{"Name": NAME, "Scope": "swarm", "Containers": {}}]
    assert classify_networks(listed, NAME) == (None, True, None)
    assert classify_networks([{"Name": NAME, "Scope": "swarm", "Containers": None}, *listed], NAME).leftover is False


# -- who can ----------------------------------------------------------------------------------------------------------


def test_a_worker_has_config_only_networks_and_no_others(cluster):
    _manager, worker = cluster.swarm(managers=1, workers=1)
    world = FakeWorld([worker])
    config = {"name": NAME, "config_only": True}
    run_steps([Step(MODULE, config), Step(MODULE, {**config, "state": "absent"})], on(worker), world)
    for task in ({"name": NAME}, {"name": NAME, "state": "absent"}):
        run_steps([Step(MODULE, task, fails="This engine is a worker")], on(worker), world)
    assert on(worker)("swarm_network_info")["failure"]["kind"] == "not_a_manager"


def test_an_engine_without_a_swarm(engine, run):
    assert on(engine)(MODULE, {"name": NAME})["failure"]["kind"] == "not_a_manager"


# -- bad input --------------------------------------------------------------------------------------------------------

POOL = {"subnet": "10.77.0.0/24"}
WRONG = {
    "host bits": ({"ipam_config": [{"subnet": "10.77.0.5/24"}]},
                  "ipam_config.subnet"),
    "no subnet": ({"ipam_config": [{"subnet": "everything"}]}, "ipam_config.subnet"),
    "a gateway elsewhere": ({"ipam_config": [{**POOL, "gateway": "10.78.0.1"}]}, "ipam_config.gateway"),
    "no gateway": ({"ipam_config": [{**POOL, "gateway": "router"}]}, "ipam_config.gateway"),
    "a range elsewhere": ({"ipam_config": [{**POOL, "iprange": "10.78.0.0/25"}]}, "ipam_config.iprange"),
    "a range too wide": ({"ipam_config": [{**POOL, "iprange": "10.77.0.0/16"}]}, "ipam_config.iprange"),
    "a netmask": ({"ipam_config": [{"subnet": "10.77.0.0/255.255.255.0"}]}, "ipam_config.subnet"),
    "zeros before a prefix length": ({"ipam_config": [{"subnet": "10.77.0.0/024"}]}, "ipam_config.subnet"),
    "the first address as gateway": ({"ipam_config": [{**POOL, "gateway": "10.77.0.0"}]}, "ipam_config.gateway"),
    "the last address as gateway": ({"ipam_config": [{**POOL, "gateway": "10.77.0.255"}]}, "ipam_config.gateway"),
    "two addresses": ({"ipam_config": [{"subnet": "10.77.0.0/31"}]}, "ipam_config.subnet"),
    "subnets of IPv6 alone": ({"ipam_config": [{"subnet": "fd00:77::/64"}]}, "ipam_config"),
    "subnets of IPv6 alone, with IPv6": (
        {"ipam_config": [{"subnet": "fd00:77::/64"}], "enable_ipv6": True}, "ipam_config"),
    "a range of one address": ({"ipam_config": [{**POOL, "iprange": "10.77.0.5/32"}]}, "ipam_config.iprange"),
    "no number as MTU": ({"driver_options": {"com.docker.network.driver.mtu": "1500.0"}},
                         "driver_options.com.docker.network.driver.mtu"),
    "the driver of the host's network": ({"driver": "host"}, "driver"),
    "the driver of no network": ({"driver": "null"}, "driver"),
    "a name that every engine has": ({"name": "host"}, "name"),
    "a name of the swarm's own in another case": ({"name": "Bridge"}, "name"),
    "the reserved name of containers": ({"name": "default"}, "name"),
    "overlapping subnets": ({"ipam_config": [POOL, {"subnet": "10.77.0.0/16"}]},
                            "ipam_config.subnet"),
    "a subnet that is taken": ({"ipam_config": [{"subnet": "10.99.1.0/24"}]}, "ipam_config.subnet"),
    "auxiliary addresses": ({"ipam_config": [{**POOL, "aux_addresses": {"h": "10.77.0.5"}}]},
                            "ipam_config.aux_addresses"),
    "an attachable ingress": ({"ingress": True, "attachable": True}, "attachable"),
    "a second ingress": ({"ingress": True}, "ingress"),
    "config-only with more": ({"config_only": True, "attachable": True}, "attachable"),
    "config-only of the swarm": ({"config_only": True, "scope": "swarm"}, "scope"),
    "a local one": ({"scope": "local"}, "scope"),
    "config-from with more": ({"config_from": "known", "labels": {"a": "b"}}, "labels"),
    "options of nodes": ({"driver": "macvlan", "driver_options": {"parent": "eth0"}},
                         "driver_options"),
    "a driver in capitals": ({"driver": "Overlay"}, "driver"),
    "encryption elsewhere": ({"driver": "macvlan", "encrypted": True}, "encrypted"),
    "encrypted false": ({"driver_options": {"encrypted": "false"}}, "driver_options.encrypted"),
    "encrypted or not": ({"driver_options": {"encrypted": ""}, "encrypted": False}, "driver_options.encrypted"),
    "a flag as a label": ({"labels": {"a": True}}, "labels"),
    "a dot": ({"name": "a.b"}, "name"),
    "a long name": ({"name": "a" * 64}, "name"),
    "a name of this engine": ({"name": "mine"}, "name"),
}  # fmt: skip


REFUSED = {"a second ingress", "a subnet that is taken", "a name of this engine"}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_meant(manager, run, world, name):
    """The messages are in messages/networks.txt. What the swarm speaks against is refused."""
    options, option = WRONG[name]
    pool = {"Config": [{"Subnet": "10.99.0.0/16"}]}
    manager.do("POST", "/networks/create", {"Name": "taken", "Driver": "overlay", "IPAM": pool})
    manager.do("POST", "/networks/create", {"Name": "mine", "Driver": "bridge"})

    def named(result):
        assert result["failure"]["kind"] == ("refused" if name in REFUSED else "bad_input")
        assert result["failure"]["option"] == option

    run_steps([Step(MODULE, {"name": "new", **options}, fails="", holds=named)], run, world)


def test_a_config_that_is_not_there(manager, run):
    table.make_config(manager)
    task = {"name": NAME, "driver": "macvlan", "config_from": "options-confg"}
    complaint = "this engine has no config-only network 'options-confg'. Did you mean 'options-config'?"
    failed, checked = run(MODULE, task), run(MODULE, task, check=True)
    assert failed["failure"]["kind"] == "bad_input" and complaint in failed["msg"]
    assert checked["changed"] and complaint in checked["warnings"][0]


@pytest.mark.parametrize("version", [API_1_41, API_1_51], indirect=True)
def test_ipv4(manager, run, version):
    failed = run(MODULE, {"name": NAME, "enable_ipv4": False})
    assert failed["failure"]["kind"] == ("unsupported" if version is API_1_41 else "bad_input")
    assert failed["failure"]["option"] == "enable_ipv4"
    assert run(MODULE, {"name": NAME, "enable_ipv4": True})["changed"]  # as any engine does


# -- requests ---------------------------------------------------------------------------------------------------------

NO_OPS = {
    "present": ({"name": NAME, "attachable": True, "labels": {}, "ipam_config": []}, 1),
    "nothing to remove": ({"name": "never", "state": "absent"}, 2),
}


@pytest.mark.parametrize("name", NO_OPS)
def test_requests_of_a_run_without_changes(attached, run, name):
    args, most = NO_OPS[name]
    attached.forget()
    assert run(MODULE, args)["changed"] is False
    assert attached.count() == most


# -- information ------------------------------------------------------------------------------------------------------


def test_info(attached, run):
    attach_container(attached)
    table.make_config(attached)
    attached.forget()
    shown = run("swarm_network_info")
    assert attached.count() == 1
    assert [item["name"] for item in shown["networks"]] == ["ingress", NAME, table.CONFIG, "other"]
    shown = run("swarm_network_info", {"name": [NAME, "nobody"], "used_by": True, "raw": True, "query": "[].id"})
    (network,) = shown["networks"]
    assert network["used_by"]["services"] == ["back", "front"]
    assert network["used_by"]["containers"][0].startswith("container c0ffeec0ffee on node ")
    assert shown["result"] == [network["raw"]["Id"]] == [network["id"]]
    by_id = run("swarm_network_info", {"name": [network["id"]]})["networks"]
    assert [item["name"] for item in by_id] == [NAME]


def test_what_info_shows_is_what_the_module_takes(attached, run, world):
    (network,) = run("swarm_network_info", {"name": [NAME]})["networks"]
    task = {key: value for key, value in network.items() if key not in ("id", "created", "allocated", "enable_ipv4")}
    run_steps([Step(MODULE, task, changed=False)], run, world)


def test_t1_a_boolean_filter_is_sent_as_the_engine_spells_it(manager, run):
    manager.forget()
    assert not run("swarm_network_info", {"filters": {"dangling": True}})["failed"]
    assert json.loads(manager.requests[-1].query["filters"])["dangling"] == ["true"]


@pytest.mark.parametrize(
    "filters", [{"scope": "swarm"}, {"type": "strange"}, {"label": None}, {"label": {"a": "b"}}, {"label": [["a"]]}]
)
def test_info_refuses_filters_that_are_none(manager, run, filters):
    assert run("swarm_network_info", {"filters": filters})["failure"]["kind"] == "bad_input"
