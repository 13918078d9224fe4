# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant, what is ignored, and how both are told."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError, File
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.stack import load
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.unsupported_keys import (
    _IGNORED,
    _NEEDLESS,
)
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.unsupported_keys import SERVICE as _REFUSED

from .stacks import places_of, stack_of, web

SECRET = "hunter2"


def refusal(*documents, **more):
    with pytest.raises(ComposeError) as caught:
        stack_of(*documents, **more)
    return caught.value


def places(*documents, **more):
    """File, line and key of each problem."""
    return places_of(refusal(*documents, **more))


def test_s8_a_long_variable_at_many_places_is_counted():
    words = ["${LONG}"] * 2000
    with pytest.raises(ComposeError, match=r"^0\.yml: .*16000000"):
        load("shop", [File("0.yml", web(command=words))], "/", {"LONG": "a" * 100_000}, None)


# The messages of all tables are in messages.txt.
MORE = {"networks": {"front": {}}, "volumes": {"data": {}}, "secrets": {"token": {"external": True}}}
SERVICES = [
    ({"enviroment": {}}, "enviroment"),
    ({"labels": {"zone-{{ x }}": 1}}, "labels"),
    ({"deploy": {"replica": 1}}, "deploy.replica"),
    ({"deploy": {"resources": {"reservations": {"devices": []}}}}, "deploy.resources.reservations.devices"),
    ({"image": None}, "image"),
    ({"image": 1.5}, "image"),
    ({"image": "A B"}, "image"),
    ({"command": {}}, "command"),
    ({"command": "a 'b"}, "command"),
    ({"environment": None}, "environment"),
    ({"environment": {"A": True}}, "environment.A"),
    ({"environment": {1: "a"}}, "environment.1"),
    ({"environment": ["A", "A"]}, "environment[1]"),
    ({"depends_on": "db"}, "depends_on"),
    ({"stop_grace_period": 10}, "stop_grace_period"),
    ({"deploy": {"update_config": {"delay": "10"}}}, "deploy.update_config.delay"),
    ({"ports": ["80:80/icmp"]}, "ports[0]"),
    ({"ports": ["80", "x:80:80"]}, "ports[1]"),
    ({"ports": ["8080:"]}, "ports[0]"),
    ({"ports": ["70000"]}, "ports[0]"),
    ({"ports": ["1-3:1-2"]}, "ports[0]"),
    ({"ports": [{"target": "80"}]}, "ports[0].target"),
    ({"ports": [{"target": 80, "hostip": "::"}]}, "ports[0].hostip"),
    ({"volumes": ["aa::b"]}, "volumes[0]"),
    ({"volumes": ["data:/b:ro:x"]}, "volumes[0]"),
    ({"volumes": [""]}, "volumes[0]"),
    ({"volumes": ["dat:/a"]}, "volumes[0]"),
    ({"volumes": ["data:/a:rshared"]}, "volumes[0]"),
    ({"volumes": [{"target": "/a"}]}, "volumes[0]"),
    ({"volumes": [{"type": "bind"}]}, "volumes[0]"),
    ({"volumes": [{"type": "tmpfs", "source": "a"}]}, "volumes[0]"),
    ({"volumes": [{"type": "npipe"}]}, "volumes[0]"),
    ({"volumes": [{"type": "disk"}]}, "volumes[0]"),
    # swarmkit has no such mount.
    ({"volumes": [{"type": "image", "source": "nginx", "target": "/d"}]}, "volumes[0]"),
    ({"volumes": [{"type": "tmpfs", "target": "/t", "tmpfs": {"size": -1}}]}, "volumes[0].tmpfs.size"),
    ({"networks": ["frnt"]}, "networks"),
    ({"secrets": ["tokn"]}, "secrets[0]"),
    ({"secrets": ["token", "token"]}, "secrets[1]"),
    ({"configs": ["c"]}, "configs[0]"),
    ({"credential_spec": {"file": "a", "registry": "b"}}, "credential_spec"),
    ({"credential_spec": {"config": "c"}}, "credential_spec"),
    ({"healthcheck": {"test": "a", "disable": True}}, "healthcheck"),
    ({"healthcheck": {"interval": "1 s"}}, "healthcheck.interval"),
    ({"restart": "on-failure:9" + "0" * 19}, "restart"),
    ({"deploy": {"replicas": 1.5}}, "deploy.replicas"),
    ({"healthcheck": {"retries": 1.5}}, "healthcheck.retries"),
    ({"ulimits": {"nofile": {"soft": 1}}}, "ulimits.nofile"),
    ({"restart": "sometimes"}, "restart"),
    ({"env_file": "gone.env"}, "env_file"),
    ({"deploy": {"mode": "global", "replicas": 1}}, "deploy.replicas"),
    ({"deploy": {"mode": "some"}}, "deploy.mode"),
    ({"deploy": {"replicas": -1}}, "deploy.replicas"),
    ({"deploy": {"replicas": 2**63}}, "deploy.replicas"),
    ({"deploy": {"replicas": True}}, "deploy.replicas"),
    ({"deploy": {"update_config": {"order": "x"}}}, "deploy.update_config.order"),
    ({"deploy": {"resources": {"limits": {"memory": "1x"}}}}, "deploy.resources.limits.memory"),
    ({"deploy": {"resources": {"limits": {"cpus": "x"}}}}, "deploy.resources.limits.cpus"),
    *(({key: "x"}, key) for key in _REFUSED),
]


@pytest.mark.parametrize(("keys", "place"), SERVICES)
def test_a_service_that_cannot_be_meant(keys, place):
    assert places({**web(**keys), **MORE}) == [("0.yml", None, f"services.web.{place}")]


DOCUMENTS = [
    ([], ""),
    ({"services": None}, "services"),
    ({"services": {"web": None}}, "services.web"),
    ({"services": {"web": {}}}, "services.web"),
    ({"services": {"we b": {"image": "a"}}}, "services.we b"),
    ({"services": {"w.b": {"image": "a"}}}, "services.w.b"),
    ({"services": {"w" * 60: {"image": "a"}}}, f"services.{'w' * 60}"),
    ({"version": "2.4"}, "version"),
    ({"version": "3.14"}, "version"),
    ({"version": 3.8}, "version"),
    ({"version": "3.2", "configs": {}}, "configs"),
    ({"version": "3.0", **web(init=True)}, "services.web.init"),
    ({"version": "3.1", **web(ports=[{"target": 1}])}, "services.web.ports[0]"),
    ({"version": "3.6", **web(**{"x-a": 1})}, "services.web.x-a"),
    ({"networks": {"a": {"external": {"name": "b"}, "name": "c"}}}, "networks.a"),
    ({"volumes": {"a": {"external": True, "driver": "d"}}}, "volumes.a.driver"),
    ({"secrets": {"a": None}}, "secrets.a"),
    ({"secrets": {"a": {}}}, "secrets.a"),
    ({"secrets": {"a": {"file": "none.txt"}}}, "secrets.a.file"),
    ({"secrets": {"a": {"file": "gone.txt"}}}, "secrets.a.file"),
    ({"secrets": {"a": {"file": "a.txt", "driver": "d"}}}, "secrets.a"),
    ({"configs": {"a": {"contents": "x"}}}, "configs.a.contents"),
    ({"configs": {"a": {"external": "yes"}}}, "configs.a.external"),
]


@pytest.mark.parametrize(("document", "key"), DOCUMENTS)
def test_a_file_that_cannot_be_meant(document, key):
    assert places(document) == [("0.yml", None, key)]


def test_all_that_is_wrong_is_said_at_once_with_lines():
    lines = {"services": 2, "services.web": 3, "services.web.ports": 7}
    document = {**web(ports=["x"], tty=1), "extra": 1}
    assert places(document, lines=lines) == [
        ("0.yml", 3, "services.web.tty"),
        ("0.yml", 7, "services.web.ports[0]"),
        ("0.yml", None, "extra"),
    ]


def test_the_message_has_a_line_for_each_problem():
    error = refusal({**web(tty=1), "extra": 1}, lines={"services.web": 3})
    (first, second) = error.failure()["problems"]
    assert error.message == f"0.yml, line 3: services.web.tty: {first['message']}\n0.yml: extra: {second['message']}"


@pytest.mark.parametrize("name", ["", "a b", "a'b"])
def test_the_name_of_a_stack(name):
    with pytest.raises(BadInput) as caught:
        load(name, [File("a", web())], "/", {}, bytes)
    assert caught.value.option == ("name",)


@pytest.mark.parametrize(
    "keys",
    [
        {"environment": {"A": [SECRET]}},
        {"environment": [f"A={SECRET}", f"A={SECRET}"]},
        {"environment": {"A": f"{SECRET}$5"}},
        {"environment": {"A": f"${{{SECRET}"}},
        {"labels": {"A": {SECRET: 1}}},
        {"env_file": "a.env"},
    ],
    ids=str,
)
def test_no_value_of_a_variable_is_shown(keys):
    error = refusal(web(**keys), files={"a.env": f"A B={SECRET}".encode()})
    assert SECRET not in f"{error.message} {error.failure()}"


@pytest.mark.parametrize("data", [b"=x", b"A B=1", b"\xff"])
def test_a_file_of_variables_that_cannot_be_meant(data):
    ((_file, _line, key),) = places(web(env_file="a.env"), files={"a.env": data})
    assert key == "services.web.env_file"


# What is ignored


@pytest.mark.parametrize("key", [*_IGNORED, *_NEEDLESS])
def test_what_is_ignored_is_told_of_once_with_its_places(key):
    value = (
        True
        if key == "privileged"
        else ["a"]
        if key in ("depends_on", "devices", "external_links", "links", "security_opt", "expose")
        else "a"
    )
    document = web(**{key: value})
    document["services"]["other"] = {"image": "a", key: value}
    (warning,) = stack_of(document, document, lines={"services.web": 2, f"services.other.{key}": 7}).warnings
    assert warning.startswith(f"0.yml, line 2: services.web.{key}; 0.yml, line 7: services.other.{key}: ignored, ")


@pytest.mark.parametrize(
    ("keys", "warning"),
    [
        (
            {"ports": ["127.0.0.1:80:80"]},
            "0.yml: services.web.ports[0]: a swarm publishes on every address, not only on this one.",
        ),
        ({"ports": ["[::]:80:80"]}, None),
        (
            {"volumes": ["/a:/b:z,ro"]},
            "0.yml: services.web.volumes[0]: ignored, the option after the target is not known.",
        ),
        (
            {"volumes": [{"type": "bind", "source": "/a", "target": "/a", "bind": {"create_host_path": True}}]},
            "0.yml: services.web.volumes[0].bind.create_host_path: is ignored.",
        ),
        ({"restart": "always"}, None),
        ({"x-any": {"thing": 1}, "deploy": {"x-any": 1}}, None),
    ],
)
def test_warnings(keys, warning):
    assert stack_of(web(**keys)).warnings == ([warning] if warning else [])


# What is worth a word


@pytest.mark.parametrize(
    ("document", "files", "warning"),
    [
        (
            web(env_file="a.env"),
            {"a.env": b"A=\"x\"\nB='y'\nC=it's\nD=\"\n"},
            "services.web.env_file: the quotes around the values of A, B reach the container, as with docker stack.",
        ),
        (
            web(volumes=["./data:/data"]),
            {},
            "services.web.volumes[0]: the source is relative to a directory of the controller, and must exist on"
            " each node. Use an absolute path.",
        ),
        (
            {**web(networks=["n"]), "networks": {"n": {"external": True, "driver": "overlay"}}},
            {},
            "networks.n.driver: ignored, external networks are created elsewhere.",
        ),
        (
            {**web(), "secrets": {"s": {"external": True, "file": "a.txt"}}},
            {},
            "secrets.s.file: ignored, external secrets are created elsewhere.",
        ),
        (
            {**web(secrets=[{"source": "s", "mode": 440}]), "secrets": {"s": {"file": "a.txt"}}},
            {},
            "services.web.secrets[0].mode: 440 is a decimal number, which is the mode 0670. Write 0440.",
        ),
    ],
)
def test_what_is_taken_and_told_of(document, files, warning):
    assert stack_of(document, files=files, on_controller=True).warnings == [f"0.yml: {warning}"]


def test_a_relative_source_of_a_file_of_the_node_is_one_of_the_node():
    assert not stack_of(web(volumes=["./data:/data"])).warnings


def test_s17_no_piece_of_a_variables_value_is_shown():
    """Problems and warnings of whatever reads a value: image, volumes, ports, URLs, constraints, durations."""
    values = {"SECRET": "CANARY1/canary2:CANARY3,canary4@CANARY5 http://canary6"}
    keys = {
        "image": "${SECRET}",
        "volumes": ["${SECRET}", "data:/d:${SECRET}"],
        "ports": ["${SECRET}"],
        "stop_grace_period": "${SECRET}",
        "env_file": "${SECRET}",
        "command": "'${SECRET}",
        "extra_hosts": ["a:${SECRET}"],
        "networks": ["${SECRET}"],
        "secrets": ["${SECRET}"],
        "healthcheck": {"test": ["${SECRET}"]},
        "deploy": {
            "placement": {"constraints": ["${SECRET}"]},
            "resources": {"limits": {"cpus": "${SECRET}"}},
            "update_config": {"failure_action": "${SECRET}"},
        },
    }
    for key, value in keys.items():
        document = {**web(), "services": {"web": {"image": "a", key: value}}, "volumes": {"data": {}}}
        try:
            said = "\n".join(stack_of(document, values=values).warnings)
        except ComposeError as error:
            said = f"{error.message} {error.failure()}"
        assert "canary" not in said.lower(), said
