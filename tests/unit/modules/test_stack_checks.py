# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C1, F5: what only an engine can tell is found while a stack is planned, the same in check mode and in a run."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_41, API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_text

pytestmark = pytest.mark.usefixtures("no_time")
newer = pytest.mark.parametrize("version", [API_1_51], indirect=True)

WEB = """services:
  web:
    image: lab/busybox:1
    command: sleep 100000
    deploy: {update_config: {monitor: 1ms}}
"""


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


@pytest.fixture
def deploy(manager):
    """Run swarm_stack for a file; the result."""

    def run(text, files=None, name="shop", check=False, **options):
        return on(manager)("swarm_stack", {**of_text(name, text, files), **options}, check=check)

    return run


@pytest.fixture
def refused(manager, deploy):
    """The failure of a file, which is the same in check mode and in a run, and comes before anything is written."""

    def run(text, files=None, **options):
        before = len(manager.writes)
        results = [deploy(text, files, check=check, **options) for check in (True, False)]
        assert [result["failed"] for result in results] == [True, True]
        assert results[0]["failure"] == results[1]["failure"]
        assert not manager.writes[before:]
        return results[0]["failure"]

    return run


def places(failure):
    return [(one["file"], one["line"], one["key"]) for one in failure["problems"]]


@newer
def test_a_port_that_another_stack_has(deploy, refused):
    deploy(f"{WEB}    ports: ['8080:80']\n", name="other")
    failure = refused(f"{WEB}    ports:\n    - 8081:80\n    - 8080:80\n")
    assert places(failure) == [("stack.yml", 8, "services.web.ports[1]")]
    assert failure["object"] == {"kind": "service", "name": "shop_web"}


@newer
def test_a_service_alone_with_a_port_that_another_one_has(manager, deploy):
    """The sibling in swarm_service: created, and changed."""
    deploy(f"{WEB}    ports: ['8080:80']\n", name="other")
    task = {"name": "alone", "image": "lab/busybox:1", "resolve_image": "never", "wait": False}
    ports = {"publish": [{"published_port": 8080, "target_port": 81}]}
    before = len(manager.writes)
    for options in ({**task, **ports}, {**task, "publish": []}, {**task, **ports}):
        results = [on(manager)("swarm_service", options, check=check) for check in (True, False)]
        assert [result["failed"] for result in results] == [bool(options["publish"])] * 2
        if options["publish"]:
            assert results[0]["failure"] == results[1]["failure"]
            assert results[0]["failure"]["option"] == "publish"
    assert len(manager.writes) == before + 1


@newer
def test_a_port_that_comes_free_in_the_same_run_is_none_of_them(deploy):
    two = "  {0}:\n    image: lab/busybox:1\n    command: sleep 100000\n    ports: ['{1}:80']\n    deploy: {{update_config: {{monitor: 1ms}}}}\n"
    assert not deploy("services:\n" + two.format("api", 81) + two.format("web", 80))["failed"]
    moved = "services:\n" + two.format("api", 82) + two.format("web", 81)
    assert deploy(moved, check=True)["changed"]
    assert not deploy(moved)["failed"]


@newer
def test_ports_that_two_services_exchange(deploy, refused):
    """The engine would refuse the first of them."""
    two = "  {0}:\n    image: lab/busybox:1\n    command: sleep 100000\n    ports: ['{1}:80']\n    deploy: {{update_config: {{monitor: 1ms}}}}\n"
    assert not deploy("services:\n" + two.format("api", 81) + two.format("web", 80))["failed"]
    failure = refused("services:\n" + two.format("api", 80) + two.format("web", 81))
    assert places(failure)[0] == ("stack.yml", 5, "services.api.ports[0]")


@newer
def test_a_subnet_that_a_network_of_the_swarm_has(manager, refused):
    manager.do(
        "POST",
        "/networks/create",
        {"Name": "old", "Driver": "overlay", "IPAM": {"Config": [{"Subnet": "10.9.0.0/16"}]}},
    )
    failure = refused(f"{WEB}    networks: [n]\nnetworks:\n  n:\n    ipam: {{config: [{{subnet: 10.9.1.0/24}}]}}\n")
    assert (failure["kind"], failure["object"]) == ("refused", {"kind": "network", "name": "shop_n"})
    (problem,) = failure["problems"]
    assert (problem["line"], problem["key"]) == (9, "networks.n.ipam.config.subnet")


@newer
def test_other_data_of_a_config_whose_name_has_no_room_for_a_version(deploy, refused):
    name = "c" * 62
    text = f"{WEB}    configs: [c]\nconfigs:\n  c:\n    file: c\n    name: {name}\n"
    assert not deploy(text, {"c": "one"})["failed"]
    failure = refused(text, {"c": "two"})
    assert places(failure) == [("stack.yml", 10, "configs.c.name")]
    assert failure["object"] == {"kind": "config", "name": name}


@newer
def test_c1_a_network_that_no_service_can_have(refused):
    failure = refused(f"{WEB}    networks: [n]\nnetworks:\n  n: {{external: true, name: none}}\n")
    assert places(failure) == [("stack.yml", 8, "networks.n")]


@newer
@pytest.mark.parametrize("status", [404, 409])
@pytest.mark.parametrize("path", ["/networks/create", "/secrets/create", "/configs/create", "/services/create"])
def test_c2_a_write_whose_object_is_not_found_for_good(manager, deploy, path, status):
    """C2: such as a network's driver that the engine does not have. Each attempt reads all of the swarm again."""
    text = f"{WEB}    secrets: [s]\n    configs: [c]\nsecrets:\n  s: {{file: s}}\nconfigs:\n  c: {{file: c}}\n"
    manager.fail(status, 'plugin "x" not found', "POST", path, times=100)
    result = deploy(text, {"s": "one", "c": "two"})
    assert result["failed"]
    assert (result["failure"]["status"], result["changed"]) == (status, bool(result["failure"]["done"]))
    assert [one.path for one in manager.writes].count(path) == 1


@pytest.mark.parametrize("version", [API_1_41], indirect=True)
def test_options_that_the_engine_is_too_old_for(refused):
    failure = refused(f"{WEB}    healthcheck:\n      test: a\n      start_interval: 1s\n")
    assert failure["kind"] == "unsupported"
    assert places(failure) == [("stack.yml", 8, "services.web.healthcheck.start_interval")]


@newer
def test_all_that_the_engine_lacks_is_reported_at_once(deploy, manager):
    deploy(f"{WEB}    ports: ['8080:80']\n", name="other")
    text = (
        f"{WEB}    networks: [gone]\n    secrets: [lost]\n"
        "networks:\n  gone: {external: true}\nsecrets:\n  lost: {external: true}\n"
    )
    result = deploy(text)
    assert [(one["line"], one["key"]) for one in result["failure"]["problems"]] == [
        (9, "networks.gone"),
        (11, "secrets.lost"),
    ]
    assert [line.split(": ")[0] for line in result["msg"].splitlines()] == ["stack.yml, line 9", "stack.yml, line 11"]
    checked = deploy(text, check=True)
    assert not checked["failed"]
    assert len(checked["warnings"]) == 2
