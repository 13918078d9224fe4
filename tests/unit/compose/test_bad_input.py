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
    RESERVATION,
)
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.unsupported_keys import SERVICE as _REFUSED

from .stacks import stack_of, web

SECRET = "hunter2"


def refusal(*documents, **more):
    with pytest.raises(ComposeError) as caught:
        stack_of(*documents, **more)
    assert caught.value.kind == "bad_input"
    return caught.value.message


def test_s8_a_long_variable_at_many_places_is_counted():
    words = ["${LONG}"] * 2000
    with pytest.raises(ComposeError, match=r"^0\.yml: .*16000000"):
        load("shop", [File("0.yml", web(command=words))], "/", {"LONG": "a" * 100_000}, None)


@pytest.mark.parametrize(
    ("keys", "place", "text"),
    [
        ({"enviroment": {}}, "enviroment", "unknown. Did you mean 'environment'?"),
        ({"labels": {"zone-{{ x }}": 1}}, "labels", "a key contains {{ }}, which is supported only in values"),
        ({"deploy": {"replica": 1}}, "deploy.replica", "unknown. Did you mean 'replicas'?"),
        (
            {"deploy": {"resources": {"reservations": {"devices": []}}}},
            "deploy.resources.reservations.devices",
            f"is not supported: {RESERVATION['devices']}",
        ),
        ({"image": None}, "image", "must be a string, not null"),
        ({"image": 1.5}, "image", "must be a string, not a number: put it in quotes"),
        ({"image": "A B"}, "image", "'A B' is not a valid image reference: it contains spaces"),
        ({"command": {}}, "command", "must be a string, a list or null, not a mapping"),
        ({"command": "a 'b"}, "command", "the command ends in single quotes"),
        ({"environment": None}, "environment", "must be a mapping or a list, not null"),
        (
            {"environment": {"A": True}},
            "environment.A",
            "must be a string, a number or null, not a boolean: put it in quotes",
        ),
        ({"environment": {1: "a"}}, "environment.1", "a key must be a string, not a number. Put it in quotes"),
        ({"environment": ["A", "A"]}, "environment[1]", "is given twice"),
        ({"depends_on": "db"}, "depends_on", "must be a list or a mapping, not a string"),
        (
            {"stop_grace_period": 10},
            "stop_grace_period",
            "must be a duration, not a number: write it with its unit, such as 10s",
        ),
        (
            {"deploy": {"update_config": {"delay": "10"}}},
            "deploy.update_config.delay",
            "the duration '10' has no unit. Write 10s for seconds, or another unit: ms, m, h",
        ),
        ({"ports": ["80:80/icmp"]}, "ports[0]", "'80:80/icmp' has an unknown protocol. Use tcp, udp or sctp"),
        ({"ports": ["80", "x:80:80"]}, "ports[1]", "'x:80:80' has an invalid IP address before its ports"),
        (
            {"ports": ["8080:"]},
            "ports[0]",
            "'8080:' has no port of the container. Write it like 8080:80 or 8080:80/udp",
        ),
        (
            {"ports": ["70000"]},
            "ports[0]",
            "'70000' is not a port. Write it like 8080:80, 8080-8082:80-82 or 8080:80/udp",
        ),
        ({"ports": ["1-3:1-2"]}, "ports[0]", "'1-3:1-2' has ranges of different lengths"),
        ({"ports": [{"target": "80"}]}, "ports[0].target", "must be a whole number, not a string"),
        ({"ports": [{"target": 80, "hostip": "::"}]}, "ports[0].hostip", "unknown. Did you mean 'host_ip'?"),
        ({"volumes": ["aa::b"]}, "volumes[0]", "'aa::b' has an empty part between two colons"),
        ({"volumes": ["data:/b:ro:x"]}, "volumes[0]", "'data:/b:ro:x' has too many colons"),
        ({"volumes": [""]}, "volumes[0]", "must not be empty. Write it like data:/var/lib/data or /srv/data:/data:ro"),
        ({"volumes": ["dat:/a"]}, "volumes[0]", "the file's volumes have no dat. Did you mean 'data'?"),
        ({"volumes": ["data:/a:rshared"]}, "volumes[0]", "a mount of type volume does not support options for bind"),
        ({"volumes": [{"target": "/a"}]}, "volumes[0]", "lacks type"),
        ({"volumes": [{"type": "bind"}]}, "volumes[0]", "a bind mount needs a source"),
        (
            {"volumes": [{"type": "tmpfs", "source": "a"}]},
            "volumes[0]",
            "a mount of type tmpfs does not support a source",
        ),
        ({"volumes": [{"type": "npipe"}]}, "volumes[0]", "a mount of type npipe needs a source"),
        (
            {"volumes": [{"type": "disk"}]},
            "volumes[0]",
            "the type must be one of volume, bind, tmpfs, npipe, cluster",
        ),
        # swarmkit has no such mount.
        (
            {"volumes": [{"type": "image", "source": "nginx", "target": "/d"}]},
            "volumes[0]",
            "the type must be one of volume, bind, tmpfs, npipe, cluster",
        ),
        (
            {"volumes": [{"type": "tmpfs", "target": "/t", "tmpfs": {"size": -1}}]},
            "volumes[0].tmpfs.size",
            "must not be negative",
        ),
        ({"networks": ["frnt"]}, "networks", "the file's networks have no frnt. Did you mean 'front'?"),
        ({"secrets": ["tokn"]}, "secrets[0]", "the file's secrets have no tokn. Did you mean 'token'?"),
        ({"secrets": ["token", "token"]}, "secrets[1]", "another one already has the target token"),
        ({"configs": ["c"]}, "configs[0]", "the file's configs have no c"),
        (
            {"credential_spec": {"file": "a", "registry": "b"}},
            "credential_spec",
            "config, file and registry are mutually exclusive, not file and registry",
        ),
        ({"credential_spec": {"config": "c"}}, "credential_spec", "the file's configs have no c"),
        ({"healthcheck": {"test": "a", "disable": True}}, "healthcheck", "test and disable are mutually exclusive"),
        (
            {"healthcheck": {"interval": "1 s"}},
            "healthcheck.interval",
            "'1 s' is not a duration. Write it like 10s, 1m30s or 1.5h",
        ),
        (
            {"restart": "on-failure:9" + "0" * 19},
            "restart",
            "must be no, always, unless-stopped, on-failure or on-failure:3",
        ),
        ({"deploy": {"replicas": 1.5}}, "deploy.replicas", "must be a whole number, not a number"),
        ({"healthcheck": {"retries": 1.5}}, "healthcheck.retries", "must be a whole number"),
        ({"ulimits": {"nofile": {"soft": 1}}}, "ulimits.nofile", "lacks hard"),
        ({"restart": "sometimes"}, "restart", "must be no, always, unless-stopped, on-failure or on-failure:3"),
        ({"env_file": "gone.env"}, "env_file", "cannot read /stacks/shop/gone.env: No such file or directory"),
        ({"deploy": {"mode": "global", "replicas": 1}}, "deploy.replicas", "not supported with mode global"),
        ({"deploy": {"mode": "some"}}, "deploy.mode", "must be replicated, global, replicated-job or global-job"),
        ({"deploy": {"replicas": -1}}, "deploy.replicas", "must not be negative"),
        (
            {"deploy": {"replicas": 2**63}},
            "deploy.replicas",
            "the number 9223372036854775808 is too large. The engine's numbers have 64 bits",
        ),
        ({"deploy": {"replicas": True}}, "deploy.replicas", "must be a whole number, not a boolean"),
        (
            {"deploy": {"update_config": {"order": "x"}}},
            "deploy.update_config.order",
            "must be start-first or stop-first",
        ),
        (
            {"deploy": {"resources": {"limits": {"memory": "1x"}}}},
            "deploy.resources.limits.memory",
            "'1x' is not a size. Write it like 512M, 1.5G or a number of bytes",
        ),
        (
            {"deploy": {"resources": {"limits": {"cpus": "x"}}}},
            "deploy.resources.limits.cpus",
            "'x' is not a number of CPUs. Write it like '0.5'",
        ),
        *(({key: "x"}, key, f"is not supported: {reason}") for key, reason in _REFUSED.items()),
    ],
)
def test_a_service_that_cannot_be_meant(keys, place, text):
    more = {"networks": {"front": {}}, "volumes": {"data": {}}, "secrets": {"token": {"external": True}}}
    assert refusal({**web(**keys), **more}) == f"0.yml: services.web.{place}: {text}"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "must be a mapping with services"),
        ({"services": None}, "services: must be a mapping, not null"),
        ({"services": {"web": None}}, "services.web: must be a mapping, not null"),
        ({"services": {"web": {}}}, "services.web: needs an image, because a swarm does not build images"),
        ({"services": {"we b": {"image": "a"}}}, "services.we b: a name consists of letters, digits and . _ -"),
        (
            {"services": {"w.b": {"image": "a"}}},
            "services.w.b: 'shop_w.b' is not a valid name. Use letters, digits, '-' and '_', and start and end with a letter or digit",
        ),
        (
            {"services": {"w" * 60: {"image": "a"}}},
            f"services.{'w' * 60}: 'shop_{'w' * 60}' has 65 characters; the name of a service has at most 63",
        ),
        ({"version": "2.4"}, "version: '2.4' is not a version of the format for swarms. Use 3.0 to 3.13"),
        ({"version": "3.14"}, "version: '3.14' is not a version of the format for swarms. Use 3.0 to 3.13"),
        ({"version": 3.8}, "version: must be a string. Put it in quotes"),
        ({"version": "3.2", "configs": {}}, "configs: needs version 3.3 of the format; the version of the file is 3.2"),
        (
            {"version": "3.0", **web(init=True)},
            "services.web.init: needs version 3.7 of the format; the version of the file is 3.0",
        ),
        (
            {"version": "3.1", **web(ports=[{"target": 1}])},
            "services.web.ports[0]: needs version 3.2 of the format; the version of the file is 3.1",
        ),
        (
            {"version": "3.6", **web(**{"x-a": 1})},
            "services.web.x-a: needs version 3.7 of the format; the version of the file is 3.6",
        ),
        (
            {"networks": {"a": {"external": {"name": "b"}, "name": "c"}}},
            "networks.a: external.name and name are mutually exclusive. Use name only",
        ),
        (
            {"volumes": {"a": {"external": True, "driver": "d"}}},
            "volumes.a.driver: not supported for an external volume, which is created elsewhere",
        ),
        ({"secrets": {"a": None}}, "secrets.a: must be a mapping, not null"),
        ({"secrets": {"a": {}}}, "secrets.a: needs file, environment or driver, or external"),
        (
            {"secrets": {"a": {"file": "none.txt"}}},
            "secrets.a.file: must not be empty. A secret has at least one byte",
        ),
        (
            {"secrets": {"a": {"file": "gone.txt"}}},
            "secrets.a.file: cannot read /stacks/shop/gone.txt: No such file or directory",
        ),
        ({"secrets": {"a": {"file": "a.txt", "driver": "d"}}}, "secrets.a: driver and file are mutually exclusive"),
        ({"configs": {"a": {"contents": "x"}}}, "configs.a.contents: unknown. Did you mean 'content'?"),
        (
            {"configs": {"a": {"external": "yes"}}},
            "configs.a.external: must be true or false or a mapping, not a string",
        ),
    ],
)
def test_a_file_that_cannot_be_meant(document, message):
    assert refusal(document) == f"0.yml: {message}"


def test_all_that_is_wrong_is_said_at_once_with_lines():
    lines = {"services": 2, "services.web": 3, "services.web.ports": 7}
    document = {**web(ports=["x"], tty=1), "extra": 1}
    assert refusal(document, lines=lines).splitlines() == [
        "0.yml, line 3: services.web.tty: must be true or false, not a number",
        "0.yml, line 7: services.web.ports[0]: 'x' is not a port. Write it like 8080:80, 8080-8082:80-82 or 8080:80/udp",
        "0.yml: extra: unknown",
    ]


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
    assert SECRET not in refusal(web(**keys), files={"a.env": f"A B={SECRET}".encode()})


@pytest.mark.parametrize("data", [b"=x", b"A B=1", b"\xff"])
def test_a_file_of_variables_that_cannot_be_meant(data):
    assert "services.web.env_file: " in refusal(web(env_file="a.env"), files={"a.env": data})


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
