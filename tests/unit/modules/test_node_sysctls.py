# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C1: the engine accepts kernel parameters of the node in a service, and runc starts no container with them."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = pytest.mark.parametrize("version", [API_1_51], indirect=True)

OWN = {"net.core.somaxconn": "1", "net/ipv4/tcp_syncookies": "1", "fs.mqueue.msg_max": "9", "kernel.shmmax": "65536"}
OF_NODE = {"vm.max_map_count": "262144", "kernel.pid_max": "99999"}


@pytest.fixture
def run(cluster):
    return on(cluster.swarm(managers=1)[0])


def about(result):
    """The parameters that the warnings name."""
    assert result["changed"], result
    return [name for text in result.get("warnings", ()) for name in OWN | OF_NODE if name in text]


@pytest.mark.parametrize("check", [True, False])
def test_a_service_with_parameters_of_the_node(run, check):
    task = {"name": "web", "image": "lab/busybox:1", "resolve_image": "never", "wait": False}
    assert about(run("swarm_service", {**task, "sysctls": OWN}, check=check)) == []
    assert about(run("swarm_service", {**task, "sysctls": OWN | OF_NODE}, check=check)) == list(OF_NODE)


@pytest.mark.parametrize("check", [True, False])
def test_a_stack_with_parameters_of_the_node(run, check):
    for sysctls, expected in ((OWN, []), (OWN | OF_NODE, list(OF_NODE))):
        document = {"services": {"web": {"image": "lab/busybox:1", "sysctls": sysctls}}}
        result = run("swarm_stack", {**of_document("shop", document), "wait": False}, check=check)
        assert about(result) == expected
        assert all("service shop_web: " in text for text in result.get("warnings", ()))
