# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C1: what check mode of swarm_stack refuses, and what a run would have come to without it, on real engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import RealHost, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_text

WEB = "services:\n  web:\n    image: lab/busybox:1\n    command: sleep 100000\n"
ONE = f"{WEB}    networks: [one]\nnetworks:\n  one: "
# The inputs of C1, each with its key.
REFUSED = {
    "services.web.healthcheck.test": f"{WEB}    healthcheck: {{test: [wget, localhost]}}\n",
    "services.web.ports[1]": f"{WEB}    ports: ['18280:80', '18280:81']\n",
    "services.web.deploy.placement.constraints[0]": f"{WEB}    deploy: {{placement: {{constraints: [node.role=a]}}}}\n",
    "services.web.deploy.placement.constraints[1]": (
        f"{WEB}    deploy: {{placement: {{constraints: [node.role==manager, 'node.role==']}}}}\n"
    ),
    "services.web.deploy.update_config.failure_action": (
        f"{WEB}    deploy: {{update_config: {{failure_action: retry}}}}\n"
    ),
    "services.web.deploy.endpoint_mode": f"{WEB}    deploy: {{endpoint_mode: dns}}\n",
    "services.web.deploy.update_config.max_failure_ratio": (
        f"{WEB}    deploy: {{update_config: {{max_failure_ratio: 1.5}}}}\n"
    ),
    "networks.one.driver": f"{ONE}{{driver: bridge}}\n",
    "networks.two.ipam.config[0].subnet": (
        f"{WEB}    networks: [one, two]\nnetworks:\n  one: {{ipam: {{config: [{{subnet: 10.99.0.0/16}}]}}}}\n"
        "  two: {ipam: {config: [{subnet: 10.99.1.0/24}]}}\n"
    ),
    "services.api.ports[0]": (
        f"{WEB}    ports: ['18280:80']\n  api:\n    image: lab/busybox:1\n    ports: ['18280:81']\n"
    ),
}


@pytest.fixture(scope="module")
def host(real_lab: list[RealHost]) -> Iterator[RealHost]:
    reset_all(real_lab[:1])
    make_swarm(real_lab[:1])
    yield real_lab[0]
    for name in ("shop", "other"):
        on(real_lab[0])("swarm_stack", {"name": name, "state": "absent"})


def deployed(host: RealHost, text: str, name: str = "shop", check: bool = False, **files: str) -> dict[str, Any]:
    return on(host)("swarm_stack", {**of_text(name, text, files), "wait": False}, check=check)


@pytest.mark.parametrize("key", REFUSED)
def test_c1_is_refused_before_anything_is_sent(host: RealHost, key: str) -> None:
    with pytest.raises(ComposeError) as caught:
        deployed(host, REFUSED[key], check=True)
    assert [problem["key"] for problem in caught.value.failure()["problems"]] == [key]


def test_c1_what_another_stack_has(host: RealHost) -> None:
    """The same failure in check mode and in a run, and what the engine itself would refuse."""
    other = f"{ONE}{{ipam: {{config: [{{subnet: 10.98.0.0/16}}]}}}}\n".replace(
        "    networks", "    ports: ['18281:80']\n    networks"
    )
    assert not deployed(host, other, name="other")["failed"]
    text = f"{WEB}    ports: ['18281:80']\n    networks: [one]\nnetworks:\n  one: {{ipam: {{config: [{{subnet: 10.98.1.0/24}}]}}}}\n"
    checked, run = (deployed(host, text, check=check) for check in (True, False))
    assert checked["failed"]
    assert checked["failure"] == run["failure"]
    assert [one["key"] for one in run["failure"]["problems"]] == ["networks.one.ipam.config.subnet"]
    checked, run = (deployed(host, f"{WEB}    ports: ['18281:80']\n", check=check) for check in (True, False))
    assert checked["failed"]
    assert checked["failure"] == run["failure"]
    assert [one["key"] for one in run["failure"]["problems"]] == ["services.web.ports[0]"]
    assert not [item for item in host.do("GET", "/services") if item["Spec"]["Name"].startswith("shop")]


def test_c1_a_version_that_has_no_name(host: RealHost) -> None:
    text = f"{WEB}    configs: [c]\nconfigs:\n  c: {{file: c, name: {'c' * 62}}}\n"
    assert not deployed(host, text, c="one")["failed"]
    checked, run = (deployed(host, text, check=check, c="two") for check in (True, False))
    assert checked["failed"]
    assert checked["failure"] == run["failure"]
    assert [one["key"] for one in run["failure"]["problems"]] == ["configs.c.name"]


def test_ports_that_move_on_in_one_run(host: RealHost) -> None:
    """What a service gives away, the next one can have."""
    two = "services:\n" + "".join(
        f"  {name}:\n    image: lab/busybox:1\n    command: sleep 100000\n    ports: ['{{{name}}}:80']\n"
        for name in ("a", "b")
    )
    assert not deployed(host, two.format(a=18291, b=18290))["failed"]
    moved = two.format(a=18292, b=18291)
    assert deployed(host, moved, check=True)["changed"]
    result = deployed(host, moved)
    assert not result["failed"], result["msg"]
