# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C2: a name that something else has is refused with the reason, before anything is written, in check mode too.
C3: what is just being removed is not in the way."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = pytest.mark.usefixtures("no_time")

WEB = {"image": "lab/busybox:1", "deploy": {"update_config": {"monitor": "1ms"}}}
SERVICE = {"image": "lab/busybox:1", "resolve_image": "never", "update_config": {"monitor": "1ms"}}


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


def stack(document: Any = None, files: dict[str, str] | None = None) -> tuple[str, dict[str, Any]]:
    return "swarm_stack", of_document("shop", {"services": {"web": WEB}, **(document or {})}, files)


def refused(manager: Any, task: tuple[str, dict[str, Any]], kind: str = "refused") -> str:
    """The message of a task that fails in both modes, with that kind and without a write."""
    before = len(manager.writes)
    results = [on(manager)(*task, check=check) for check in (True, False)]
    assert [result["failed"] for result in results] == [True, True], results
    assert {result["failure"]["kind"] for result in results} == {kind}
    assert results[0]["msg"] == results[1]["msg"]
    assert not manager.writes[before:]
    return results[1]["msg"]


def test_c2_a_network_of_the_node_has_the_name_of_one_of_the_stack(manager):
    """C2: this ended after 10 s with KeyError: 'secret'."""
    manager.do("POST", "/networks/create", {"Name": "shop_default", "Driver": "bridge"})
    message = refused(manager, stack())
    assert "shop_default" in message


def test_c2_the_single_module_gives_the_same_reason(manager):
    manager.do("POST", "/networks/create", {"Name": "net", "Driver": "bridge"})
    assert "already has a local network" in refused(manager, ("swarm_network", {"name": "net"}))


@pytest.mark.parametrize("driver", ["bridge", "macvlan"])
def test_c2_an_external_network_that_is_local_to_the_node(manager, driver):
    manager.do("POST", "/networks/create", {"Name": "front", "Driver": driver})
    services = {"web": {**WEB, "networks": ["front"]}}
    task = stack({"services": services, "networks": {"front": {"external": True}}})
    for one in (task, ("swarm_service", {**SERVICE, "name": "web", "networks": ["front"]})):
        message = refused(manager, one, "bad_input")
        assert f"'front' is a {driver} network of scope local" in message and "did you mean" not in message


def test_c2_a_conflict_that_lasts_ends_with_the_words_of_the_engine(manager):
    """Whatever the engine has against a name: the same error again and again is not a lost race."""
    manager.fail(409, "network with name shop_default already exists", "POST", "/networks/create", times=100)
    result = on(manager)(*stack())
    assert result["failed"] and result["failure"]["kind"] == "out_of_sequence"
    assert result["failure"]["object"] == {"kind": "network", "name": "shop_default"}
    assert manager.count("POST", "/networks/create") == 12


TWINS = [
    ("service", ("swarm_service", {**SERVICE, "name": "WEB"}), ("swarm_service", {**SERVICE, "name": "web"})),
    ("network", ("swarm_network", {"name": "Net"}), ("swarm_network", {"name": "net"})),
    ("secret", ("swarm_secret", {"name": "KEY", "data": "a"}), ("swarm_secret", {"name": "key", "data": "a"})),
    ("config", ("swarm_config", {"name": "KEY", "data": "a"}), ("swarm_config", {"name": "key", "data": "a"})),
    (
        "secret",
        ("swarm_secret", {"name": "KEY_v1", "data": "a"}),
        ("swarm_secret", {"name": "key", "data": "a", "rolling_versions": True}),
    ),
    ("network", ("swarm_network", {"name": "Shop_default"}), stack()),
    ("service", ("swarm_service", {**SERVICE, "name": "shop_WEB"}), stack()),
    (
        "secret",
        ("swarm_secret", {"name": "SHOP_KEY", "data": "a"}),
        stack({"services": {"web": {**WEB, "secrets": ["key"]}}, "secrets": {"key": {"file": "./key"}}}, {"key": "b"}),
    ),
]


@pytest.mark.parametrize(("kind", "first", "second"), TWINS)
def test_c2_a_name_that_differs_in_case_alone(manager, kind, first, second):
    """C2: the swarm compares names without case; a lost race was seen in that, too."""
    assert not on(manager)(*first)["failed"]
    assert f"the swarm has a {kind} " in refused(manager, second)


@pytest.fixture
def lingering(manager):
    """An engine on which networks stay for three looks after their removal."""
    manager.lingering = 3
    return manager


def test_c3_a_stack_that_was_just_removed_is_deployed_again(lingering):
    run = on(lingering)
    assert not run(*stack())["failed"]
    for service in lingering.do("GET", "/services"):
        lingering.do("DELETE", f"/services/{service['ID']}")
    lingering.do("DELETE", "/networks/shop_default")
    assert run(*stack(), check=True)["changed"]
    again = run(*stack())
    assert not again["failed"], again["msg"]


def test_c3_a_service_is_attached_to_the_network_and_not_to_the_one_that_goes(lingering):
    run, task = on(lingering), ("swarm_service", {**SERVICE, "name": "web", "networks": ["net"]})
    old = run("swarm_network", {"name": "net"})["network"]["id"]
    lingering.lingering = 100
    lingering.do("DELETE", "/networks/net")
    result = run(*task)
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", "networks")
    lingering.networks.clear()
    new = run("swarm_network", {"name": "net"})["network"]["id"]
    assert new != old and not run(*task)["failed"]


class RemovedMeanwhile:
    """Removes an object, and may make it again, just before the engine is to create a service."""

    def __init__(self, engine: Any, *requests: tuple[Any, ...]):
        self._take, self._engine, self._requests = engine.faults.take, engine, requests
        engine.faults.take = self.take

    def take(self, method: str, path: str) -> list[Any]:
        if path.endswith("/services/create") and self._requests:
            requests, self._requests = self._requests, ()
            for request in requests:
                self._engine.do(*request)
        return list(self._take(method, path))


MADE_AGAIN = {
    "network": (("DELETE", "/networks/net"), ("POST", "/networks/create", {"Name": "net", "Driver": "overlay"})),
    "secret": (("DELETE", "/secrets/key"), ("POST", "/secrets/create", {"Name": "key", "Data": "Yg=="})),
    "config": (("DELETE", "/configs/conf"), ("POST", "/configs/create", {"Name": "conf", "Data": "Yg=="})),
}
REFERRING = {
    "network": {"networks": ["net"]},
    "secret": {"secrets": [{"secret_name": "key"}]},
    "config": {"configs": [{"config_name": "conf"}]},
}


def make_all(manager: Any) -> None:
    for module, options in (
        ("swarm_network", {"name": "net"}),
        ("swarm_secret", {"name": "key", "data": "a"}),
        ("swarm_config", {"name": "conf", "data": "a"}),
    ):
        on(manager)(module, options)


@pytest.mark.parametrize("kind", MADE_AGAIN)
def test_c3_what_a_service_refers_to_was_replaced_between_our_read_and_our_write(manager, kind):
    make_all(manager)
    RemovedMeanwhile(manager, *MADE_AGAIN[kind])
    result = on(manager)("swarm_service", {**SERVICE, "name": "web", **REFERRING[kind]})
    assert not result["failed"], result["msg"]


@pytest.mark.parametrize("kind", MADE_AGAIN)
def test_c3_what_a_service_refers_to_was_removed_between_our_read_and_our_write(manager, kind):
    make_all(manager)
    RemovedMeanwhile(manager, *MADE_AGAIN[kind][:1])
    result = on(manager)("swarm_service", {**SERVICE, "name": "web", **REFERRING[kind]})
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", f"{kind}s")


def test_c3_the_network_of_a_stack_goes_while_it_is_deployed(manager):
    """docker stack rm removes services first and networks at last."""
    run = on(manager)
    assert not run(*stack())["failed"]
    for service in manager.do("GET", "/services"):
        manager.do("DELETE", f"/services/{service['ID']}")
    RemovedMeanwhile(manager, ("DELETE", "/networks/shop_default"))
    result = run(*stack())
    assert not result["failed"], result["msg"]
    assert result["changed"] and not run(*stack())["changed"]
