# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""F1: errors of tasks that pass are waited out, in bounds. F2: tasks that stay new have a reason."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import FAILED, WAITING
from ansible_collections.hive.swarm.plugins.module_utils._service.wait import PATIENCE
from ansible_collections.hive.swarm.tests.unit.service.builders import Stage, service, task

PASSING = [
    "Pool overlaps with other one on this address space",
    "invalid pool request: Pool overlaps with other one on this address space",
    "failed to allocate gateway (10.0.24.1): Address already in use",
    "starting container failed: Address already in use",
    "node is missing network attachments, ip addresses may be exhausted",
    "network t15poqu2hfeq13lkqsn1jbokg not found",
    "network sandbox join failed: subnet sandbox join failed for 10.0.1.0/24: error creating vxlan interface: file exists",
    "attaching to network failed, make sure your network options are correct and check manager logs: context deadline"
    " exceeded",
]
LASTING = [
    "No such image: lab/nope:1",
    "task: non-zero exit (1)",
    "invalid mount config for type bind: bind source path does not exist: /nope",
    "listen tcp 0.0.0.0:80: bind: address already in use",
    "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated",
]


def rejected(stage, error, count=3):
    stage.tasks = [task(n, state="rejected", desired="shutdown", error=error) for n in range(2, 2 + count)]
    stage.tasks.append(task(50, state="ready", desired="ready"))


@pytest.mark.parametrize("error", PASSING)
def test_f1_an_error_that_passes_does_not_end_the_wait(error):
    """F1: three rejections for addresses of a network that was still going ended it; 12 s later the service ran."""
    stage = Stage(task(1, state="preparing"))
    progress = stage.progress(since=10)
    progress.check_convergence(service(1))
    for _look in range(5):
        rejected(stage, error, count=5)
        verdict = progress.check_convergence(service(1))
        assert verdict.state == WAITING and error in verdict.why
        stage.time += PATIENCE / 6
    stage.time += PATIENCE
    verdict = progress.check_convergence(service(1))
    assert verdict.state == FAILED and error in verdict.why


@pytest.mark.parametrize("error", LASTING)
def test_f1_an_error_of_the_service_ends_it_as_ever(error):
    stage = Stage(task(1, state="preparing"))
    progress = stage.progress(since=10)
    progress.check_convergence(service(1))
    rejected(stage, error)
    assert progress.check_convergence(service(1)).state == FAILED


def test_f1_a_slot_that_the_engine_has_given_up_is_not_waited_for():
    stage = Stage(task(1, state="preparing"))
    progress = stage.progress(since=10)
    progress.check_convergence(service(1))
    stage.tasks = [task(2, state="rejected", desired="shutdown", error=PASSING[0])]
    assert progress.check_convergence(service(1)).state == FAILED


def attached(**network):
    """A service in one network, and a stage with that network."""
    web = service(2)
    web["Spec"]["TaskTemplate"]["Networks"] = [{"Target": "net1"}]
    web["Endpoint"] = {"VirtualIPs": [{"NetworkID": "net1", "Addr": "10.78.1.2/30"}]}
    stage = Stage(task(1, state="new", node=""), task(2, slot=2, state="new", node=""))
    pool = {"Subnet": "10.78.1.0/30", "Gateway": "10.78.1.1"}
    stage.networks = [{"Name": "small", "Id": "net1", "Scope": "swarm", "IPAM": {"Config": [pool]}, **network}]
    stage.services = [web]
    return stage, web


def test_f2_a_network_without_an_address_left_is_the_reason():
    stage, web = attached()
    progress = stage.progress(since=10)
    assert progress.check_convergence(web).why == "0 of 2 tasks run; web.2 is new; web.1 is new"
    stage.time += 4
    words = "the network small (10.78.1.0/30) has no address left: 1 of 1 are in use"
    assert progress.check_convergence(web).why.endswith(f"; {words}")
    assert progress.reasons == [
        {"kind": "network_without_addresses", "network": "small", "subnets": ["10.78.1.0/30"], "size": 1, "used": 1}
    ]


def test_f2_a_network_without_any_addresses_is_the_reason():
    stage, web = attached(IPAM={"Config": None}, Driver="")
    progress = stage.progress(since=10)
    progress.check_convergence(web)
    stage.time += 4
    assert "has given the network small no addresses" in progress.check_convergence(web).why


def test_f2_what_tasks_and_nodes_have_counts():
    stage, web = attached(IPAM={"Config": [{"Subnet": "10.78.1.0/29"}]})
    progress = stage.progress(since=10)
    progress.check_convergence(web)
    stage.time += 4
    assert progress.check_convergence(web).why == "0 of 2 tasks run; web.2 is new; web.1 is new"
    other = {"Network": {"ID": "net1"}, "Addresses": ["10.78.1.3/29"]}
    stage.old = [{**task(n, state="running"), "NetworksAttachments": [other]} for n in (7, 8, 9)]
    stage.time += 11
    assert progress.check_convergence(web).why.endswith("has no address left: 5 of 5 are in use")


def test_f2_the_reason_is_read_now_and_then_and_goes_with_it():
    stage, web = attached()
    progress = stage.progress(since=10)
    for _look in range(8):
        progress.check_convergence(web)
        stage.time += 1
    assert stage.requests.count("/networks") == 1
    stage.tasks = [task(1, state="preparing"), task(2, slot=2, state="preparing")]
    progress.check_convergence(web)
    assert progress.reasons == []
