# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""I1: another spelling of a choice is refused, or it is no change in the second run."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._core.validators import native
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.module_arguments import (
    ComposeInput,
    module_arguments,
)
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.sources import OnController
from ansible_collections.hive.swarm.tests.support import fuzz
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on

MODULES = (
    "swarm_config", "swarm_init", "swarm_join", "swarm_network", "swarm_node", "swarm_secret", "swarm_service", "swarm_stack",
    "swarm_task_info", "swarm_volume",
)  # fmt: skip
CHOICES = [
    pytest.param(module, place, choice.upper(), id=f"{module}-{place[-1]}-{choice}")
    for module in MODULES
    for place, item in fuzz.places(fuzz.argument_spec(module))
    if place[-1] != 0
    for choice in item.get("choices") or ()
]


@pytest.mark.parametrize("version", [API_1_51], indirect=True, ids=["api1.51"])
@pytest.mark.parametrize(("module", "place", "value"), CHOICES)
def test_an_option(run, module, place, value):
    """The modules' own choices are Ansible's, which takes no other spelling."""
    value = [value] if module == "swarm_task_info" else value
    result = run(module, fuzz.build(fuzz.argument_spec(module), {}, place, value), check=True)
    assert result["failed"]
    assert result["failure"]["kind"] == "bad_input"


def _deploy(**more):
    return {"deploy": more}


def _port(**more):
    return {"ports": [{"target": 80, "published": 80, **more}]}


COMPOSE = {
    "protocol": _port(protocol="UDP"),
    "protocol, short": {"ports": ["81:80/UDP"]},
    "unknown protocol": _port(protocol="icmp"),
    "mode of a port": _port(mode="HOST"),
    "isolation": {"isolation": "HyperV"},
    "endpoint_mode": _deploy(endpoint_mode="DNSRR"),
    "mode": _deploy(mode="Global"),
    "order": _deploy(update_config={"order": "Start-First"}),
    "failure_action": _deploy(update_config={"failure_action": "Rollback"}),
    "condition": _deploy(restart_policy={"condition": "On-Failure"}),
    "restart": {"restart": "Always"},
    "propagation": {"volumes": [{"type": "bind", "source": "/a", "target": "/a", "bind": {"propagation": "RShared"}}]},
    "type of a mount": {"volumes": [{"type": "Bind", "source": "/a", "target": "/a"}]},
    "capability": {"cap_add": ["net_admin", "Cap_Sys_Admin"]},
    "ulimit": {"ulimits": {"NOFILE": 5}},
    "signal": {"stop_signal": "sigterm"},
    "log driver": {"logging": {"driver": "JSON-File"}},
    "constraint": _deploy(placement={"constraints": ["NODE.ROLE==Manager"]}),
    "spread": _deploy(placement={"preferences": [{"spread": "NODE.LABELS.zone"}]}),
    "healthcheck": {"healthcheck": {"test": ["none"]}},
}


@pytest.mark.parametrize("name", COMPOSE)
def test_a_key_of_a_compose_file(cluster, tmp_path, name):
    (host,) = cluster.swarm(managers=1)
    document = {"version": "3.8", "services": {"web": {"image": "lab/busybox:1", **COMPOSE[name]}}}
    source = OnController(str, str, lambda path: None)
    given = ComposeInput(lambda on_node: source, str(tmp_path), {}, {}, lambda text: None)
    try:
        options = native(module_arguments({"name": "shop", "compose": [document]}, given))
    except BadInput:
        return
    options.update(resolve_image="never", wait=False)
    assert on(host)("swarm_stack", options)["changed"]
    assert not on(host)("swarm_stack", options)["changed"]
