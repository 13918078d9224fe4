# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real engines: names that are taken (C2), what is just going (C3), errors that pass (F1), no address left (F2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import IMAGE, RealHost, Refusal
from ansible_collections.hive.swarm.tests.support.rollouts import Rollouts, swarm_of, until
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = pytest.mark.slow

_OWN = ("ingress", "bridge", "host", "none", "docker_gwbridge")
# Takes its time to stop, so that its network goes on on the node.
_STUBBORN = ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]


@pytest.fixture
def swarm(real_lab: list[RealHost]) -> Iterator[Rollouts]:
    found = swarm_of(real_lab)
    _clear(found)
    yield found
    _clear(found)


def _clear(swarm: Rollouts) -> None:
    swarm.clear()
    for kind in ("secrets", "configs"):
        for item in swarm.manager.do("GET", f"/{kind}"):
            swarm.manager.do("DELETE", f"/{kind}/{item['ID']}")
    until(lambda: all(_gone(swarm.manager, item) for item in swarm.manager.do("GET", "/networks")))


def _gone(manager: RealHost, network: dict[str, Any]) -> bool:
    if network["Name"] in _OWN:
        return True
    try:
        manager.do("DELETE", f"/networks/{network['Id']}")
    except Refusal as refusal:
        return refusal.status == 404
    return True


def stack(swarm: Rollouts, **service: Any) -> tuple[str, dict[str, Any]]:
    here = {"placement": {"constraints": [f"node.hostname == {swarm.manager.hostname}"]}}
    web = {"image": IMAGE, "command": "sleep 3600", "init": True, "stop_grace_period": "1s", "deploy": here, **service}
    return "swarm_stack", {**of_document("shop", {"services": {"web": web}}), "wait_timeout": 90}


def test_c2_and_c3(swarm):
    """The node's own network, names in another case, then a stack that is removed and deployed again at once."""
    run, manager = on(swarm.manager), swarm.manager
    made = manager.do("POST", "/networks/create", {"Name": "shop_default", "Driver": "bridge"})["Id"]
    for check in (True, False):
        result = run(*stack(swarm), check=check)
        assert result["failed"] and result["failure"]["kind"] == "refused" and "local network" in result["msg"], result
    manager.do("DELETE", f"/networks/{made}")
    for module, options in (
        ("swarm_secret", {"data": "a"}),
        ("swarm_config", {"data": "a"}),
        ("swarm_network", {}),
        ("swarm_service", {"image": IMAGE, "replicas": 0, "resolve_image": "never"}),
    ):
        assert not run(module, {**options, "name": "KEY"})["failed"]
        result = run(module, {**options, "name": "key"})
        assert result["failed"] and result["failure"]["kind"] == "refused" and "'KEY'" in result["msg"], result
    assert not run(*stack(swarm))["failed"]
    manager.do("DELETE", f"/services/{manager.do('GET', '/services/shop_web')['ID']}")
    manager.do("DELETE", "/networks/shop_default")
    again = run(*stack(swarm))
    assert not again["failed"] and again["changed"], again["msg"]


def test_f1_addresses_that_a_node_has_not_given_back(swarm):
    """F1: rejected three times and more, and then it runs."""
    run, manager = on(swarm.manager), swarm.manager
    here = {"placement": {"constraints": [f"node.hostname == {manager.hostname}"]}, "resolve_image": "never"}
    pool = {"ipam_config": [{"subnet": "10.77.1.0/24"}]}
    service = {**here, "image": IMAGE, "restart_config": {"delay": "0.5s"}, "wait_timeout": 90}
    old = {**service, "name": "old", "command": _STUBBORN, "stop_grace_period": "8s", "networks": ["old"]}
    assert not run("swarm_network", {"name": "old", **pool})["failed"]
    assert not run("swarm_service", old)["failed"]
    manager.do("DELETE", f"/services/{manager.do('GET', '/services/old')['ID']}")
    manager.do("DELETE", "/networks/old")
    assert not run("swarm_network", {"name": "new", **pool})["failed"]
    result = run(
        "swarm_service", {**service, "name": "new", "command": "sleep 3600", "init": True, "networks": ["new"]}
    )
    assert not result["failed"], (result["msg"], result["progress"])
    assert any("Pool overlaps" in line for line in result["progress"]), result["progress"]


def test_f2_no_address_left(swarm):
    """F2: the message of a timeout says which network has no address left."""
    run = on(swarm.manager)
    assert not run("swarm_network", {"name": "small", "ipam_config": [{"subnet": "10.78.1.0/30"}]})["failed"]
    options = {"name": "tight", "image": IMAGE, "resolve_image": "never", "networks": ["small"], "wait_timeout": 8}
    result = run("swarm_service", {**options, "command": "sleep 3600", "init": True})
    assert result["failed"] and result["changed"]
    assert "the network small (10.78.1.0/30) has no address left" in result["msg"], result["msg"]
    assert [reason["network"] for reason in result["failure"]["reasons"]] == ["small"]


def test_k3_a_volume_keeps_the_options_that_it_was_made_with(swarm):
    """K3: the warning is true. The tasks are replaced, and the node mounts the volume as it is."""
    run, manager = on(swarm.manager), swarm.manager

    def task(size: str) -> dict[str, Any]:
        options = {"type": "tmpfs", "device": "tmpfs", "o": f"size={size}"}
        mount = {"type": "volume", "source": "k3", "target": "/data", "driver_config": {"options": options}}
        here = {"placement": {"constraints": [f"node.hostname == {manager.hostname}"]}, "resolve_image": "never"}
        return {**here, "name": "k3", "image": IMAGE, "command": "sleep 3600", "init": True, "mounts": [mount]}

    first = run("swarm_service", task("1m"))
    assert not first["failed"] and not first.get("warnings"), first
    second = run("swarm_service", task("2m"))
    assert second["changed"] and "volume 'k3' exists with options that differ" in second["warnings"][0], second
    assert manager.do("GET", "/volumes/k3")["Options"]["o"] == "size=1m"
    swarm.clear()
    until(lambda: manager.do("DELETE", "/volumes/k3") is not None)
