# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of community.docker after nothing but the module's name has been changed ("Missing", point 7)."""

from __future__ import annotations

import json
import re

import pytest
from ansible.errors import AnsibleParserError
from ansible_collections.hive.swarm.plugins.inventory.swarm import _refuse_foreign_options
from ansible_collections.hive.swarm.plugins.module_utils._frontend import argument_errors as foreign
from ansible_collections.hive.swarm.tests.support.harness import on

NEEDED = {
    "swarm_join": {"remote_addrs": ["192.0.2.1"], "join_token": "SWMTKN"},
    "swarm_unlock": {"unlock_keys": ["SWMKEY"]},
    "swarm_node": {"hostname": "self"},
    "swarm_network": {"name": "back"},
    "swarm_stack": {"name": "shop", "state": "absent"},
}
OF_BOTH = {
    "swarm_join": {"join_token", "remote_addrs"},
    "swarm_leave": {"force"},
    "swarm_node": {"labels", "name", "state", "force"},
}
INIT = set(foreign._INIT_ONLY)
OF_BOTH["swarm_init"] = INIT
OF_BOTH["swarm_join"] |= {"advertise_addr", "listen_addr", "data_path_addr"}


@pytest.fixture
def engine(cluster):
    return cluster.swarm(managers=1)[0]


def refused(engine, module, options):
    before = len(engine.requests)
    result = on(engine)(module, {**NEEDED.get(module, {}), **options})
    assert result["failed"]
    assert result["failure"]["kind"] == "bad_input"
    assert result["failure"]["message"] == result["msg"]
    assert len(engine.requests) == before
    return result


@pytest.mark.parametrize(
    ("module", "option"),
    [
        (module, option)
        for module, options in foreign.OPTIONS.items()
        for option in [*options, "debug"]
        if option not in OF_BOTH.get(module, ())
    ],
)
def test_an_option_is_refused_before_anything_is_sent(engine, module, option):
    result = refused(engine, module, {option: "CANARY"})
    assert result["failure"]["option"] == option
    assert "CANARY" not in json.dumps(result)


@pytest.mark.parametrize(
    ("module", "option", "value"),
    [
        (module, option, value)
        for module, options in foreign.VALUES.items()
        for option, values in options.items()
        for value in values
    ],
)
def test_a_value_is_refused_before_anything_is_sent(engine, module, option, value):
    result = refused(engine, module, {option: value})
    assert result["failure"]["option"] == option


def test_all_options_of_a_task_are_named_at_once_and_state_first(engine):
    result = refused(engine, "swarm_init", {"state": "join", "join_token": "x", "remote_addrs": ["a"], "debug": True})
    assert result["failure"]["option"] == "state"
    assert [result["msg"].count(f"{name}: swarm_init does not") for name in ("state", "join_token", "debug")] == [
        1,
        1,
        1,
    ]


def test_a_misspelt_option_beside_is_named_too(engine):
    result = refused(engine, "swarm_network", {"conected": [], "appends": True})
    assert result["failure"]["option"] == "appends"
    assert "conected: " in result["msg"]


@pytest.mark.parametrize("module", [*foreign.OPTIONS])
def test_an_unknown_option_is_refused_without_naming_internal_ones(engine, module):
    result = refused(engine, module, {"x_stack": "CANARY"})
    supported = result["msg"].partition("Supported parameters include: ")[2]
    assert "docker_host" in supported
    assert not [name for name in re.split(r"[ ,(]+", supported) if name.startswith("_")]
    assert result["failure"]["option"] == "x_stack"


@pytest.mark.parametrize(
    "options",
    [
        {"verbose_output": True},
        {"include_host_uri": True},
        {"include_host_uri_port": 2375},
        {"filters": [{"include": "true"}]},
    ],
)
def test_options_of_the_inventory(options):
    with pytest.raises(AnsibleParserError, match=f"{next(iter(options))}: hive.swarm.swarm does not"):
        _refuse_foreign_options({"plugin": "hive.swarm.swarm", **options})
    _refuse_foreign_options({"plugin": "hive.swarm.swarm", "filters": {"role": "manager"}, "raw": True})
    _refuse_foreign_options(None)


# -- command_as_args --------------------------------------------------------------------------------------------------


@pytest.fixture
def service(engine):
    def run(check=False, **options):
        result = on(engine)("swarm_service", {"name": "web", "image": "web:1", "wait": False, **options}, check=check)
        assert not result["failed"], result
        return result

    return run


def container(engine):
    return engine.do("GET", "/services")[0]["Spec"]["TaskTemplate"]["ContainerSpec"]


@pytest.mark.parametrize(
    ("options", "args"),
    [
        ({"command": ["-config.file=/etc/x"]}, ["-config.file=/etc/x"]),
        ({"command": "serve --all 'a b'", "args": ["-v"]}, ["serve", "--all", "a b", "-v"]),
        ({"args": ["-v"]}, ["-v"]),
    ],
)
def test_command_as_args_keeps_the_entrypoint_of_the_image(engine, service, options, args):
    for check in (True, False):
        assert service(check, command_as_args=True, **options)["service"]["args"] == args
    assert container(engine)["Args"] == args
    assert "Command" not in container(engine)
    for check in (True, False):
        assert not service(check, command_as_args=True, **options)["changed"]


def test_a_service_with_the_words_as_its_entrypoint_is_changed(engine, service):
    service(command=["serve"], args=["-v"])
    assert container(engine)["Command"] == ["serve"]
    diff = service(command=["serve"], args=["-v"], command_as_args=True)["diff"]
    assert diff["after"] == {"command": [], "args": ["serve", "-v"]}
    assert not container(engine).get("Command")


def test_without_a_command_nothing_is_touched(engine, service):
    service(command=["serve"], args=["-v"])
    assert not service(command_as_args=True)["changed"]
    assert container(engine)["Command"] == ["serve"]


def test_a_command_of_a_wrong_type(engine):
    result = on(engine)(
        "swarm_service", {"name": "web", "image": "web:1", "command": {"a": 1}, "command_as_args": True}
    )
    assert result["failure"]["kind"] == "bad_input"
    assert result["failure"]["option"] == "command"
