# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of ``docker compose config`` deploys to the same objects as the file itself; and what the Compose
Specification has beyond that is read, ignored with a warning, or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose import unsupported_keys
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.stack import load
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.document import parse
from ansible_collections.hive.swarm.tests.support.compose_config import EVERYTHING, canonical
from ansible_collections.hive.swarm.tests.support.stacks import STACKS, prepare

from .stacks import at, places_of, spec_of, stack_of, web

ALONE = [stack for stack in STACKS if not stack.more]
# The Specification's schema (compose-spec.json): keys of a service, and of the rest, that format 3 has not.
OF_A_SERVICE = [
    "annotations",
    "attach",
    "blkio_config",
    "cgroup",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpus",
    "develop",
    "device_cgroup_rules",
    "dns_opt",
    "gpus",
    "group_add",
    "label_file",
    "mem_reservation",
    "mem_swappiness",
    "models",
    "oom_kill_disable",
    "pids_limit",
    "platform",
    "post_start",
    "pre_start",
    "pre_stop",
    "profiles",
    "provider",
    "pull_policy",
    "pull_refresh_after",
    "runtime",
    "scale",
    "storage_opt",
    "use_api_socket",
    "uts",
    "cpu_quota",
    "cpu_shares",
    "cpuset",
    "extends",
    "mem_limit",
    "memswap_limit",
    "volumes_from",
]
ELSEWHERE = {
    "include": {"include": ["a.yml"]},
    "models": {"models": {"m": {"model": "a"}}},
    "networks.default.enable_ipv4": {"networks": {"default": {"enable_ipv4": True}}},
    "networks.default.enable_ipv6": {"networks": {"default": {"enable_ipv6": True}}},
    "networks.default.ipam.options": {"networks": {"default": {"ipam": {"options": {"a": "b"}}}}},
    "networks.default.ipam.config[0].gateway": {"networks": {"default": {"ipam": {"config": [{"gateway": "a"}]}}}},
    "networks.default.ipam.config[0].ip_range": {"networks": {"default": {"ipam": {"config": [{"ip_range": "a"}]}}}},
    "networks.default.ipam.config[0].aux_addresses": {
        "networks": {"default": {"ipam": {"config": [{"aux_addresses": {}}]}}}
    },
    "services.web.deploy.resources.reservations.devices": web(
        deploy={"resources": {"reservations": {"devices": [{"capabilities": ["gpu"]}]}}}
    ),
}


@pytest.mark.parametrize("stack", ALONE, ids=lambda stack: stack.name)
def test_the_output_of_compose_config_is_the_same_stack(stack, tmp_path):
    prepare(tmp_path)
    (name,) = stack.files

    def loaded(text: bytes):
        return load(
            stack.name, [parse(name, text)], str(tmp_path), stack.environment, lambda path: Path(path).read_bytes()
        )

    written = (tmp_path / name).read_bytes()
    printed = canonical(parse(name, written), stack.name, str(tmp_path), stack.environment)
    ours, theirs = loaded(written), loaded(yaml.safe_dump(printed, allow_unicode=True).encode())
    for part in ("services", "networks", "secrets", "configs", "external"):
        assert _written_out(getattr(theirs, part)) == _written_out(getattr(ours, part)), part


def _written_out(documents):
    """With what the engine takes for granted of a port, and docker compose writes out."""
    found = json.loads(json.dumps(documents))
    for document in found.values():
        for port in document.get("EndpointSpec", {}).get("Ports", []) if isinstance(document, dict) else []:
            port.setdefault("Protocol", "tcp")
            port.setdefault("PublishMode", "ingress")
    return found


def test_every_form_of_the_specification():
    stack = stack_of(EVERYTHING, files={"common.env": b"A='1'\n"}, values={"WORD": "w"})
    container = spec_of(stack)["TaskTemplate"]["ContainerSpec"]
    assert container["Env"] == ["A='1'"]  # format: raw
    assert stack.services["shop_db"]["TaskTemplate"]["ContainerSpec"]["Env"] == ["A=1"]
    assert "Args" not in container
    assert "Command" not in container
    assert container["Configs"][0]["File"] == {"Name": "text", "UID": "0", "GID": "0", "Mode": 0o440}
    assert container["Secrets"][0]["File"] == {"Name": "word", "UID": "0", "GID": "0", "Mode": 0o400}
    assert container["Mounts"][0]["TmpfsOptions"] == {"SizeBytes": 1048576}
    assert at(spec_of(stack), "TaskTemplate.Resources.Limits") == {"NanoCPUs": 5 * 10**8, "MemoryBytes": 2**29}
    assert at(spec_of(stack), "EndpointSpec.Ports")[-1]["PublishedPort"] == 18180
    assert (stack.configs["shop_text"]["Data"], stack.configs["shop_other"]["Data"]) == ("YSAkYg==", "dw==")
    assert stack.secrets["shop_word"]["Data"] == "dw=="
    ignored = {warning.split(": ")[1] for warning in stack.warnings}
    service = "services.web"
    assert ignored >= {
        *(f"{service}.{key}" for key in ("annotations", "attach", "depends_on", "develop", "platform", "pull_policy")),
        *(f"{service}.ports[3].{key}" for key in ("host_ip", "app_protocol", "name")),
        *(f"{service}.networks.default.{key}" for key in EVERYTHING["services"]["web"]["networks"]["default"]),
    }


def test_another_name_than_the_tasks_is_ignored_with_a_warning():
    stack = stack_of({"name": "other", **web()})
    assert list(stack.services) == ["shop_web"]
    assert stack.warnings == ["0.yml: name: ignored, the task sets the name of the stack to shop."]
    assert not stack_of({"name": "shop", **web()}).warnings


@pytest.mark.parametrize("key", OF_A_SERVICE)
def test_f5_each_key_of_the_specification_has_a_reason(key):
    if key in unsupported_keys.OF_ONE_MACHINE:
        (warning,) = stack_of(web(**{key: "x"})).warnings
        assert warning.startswith(f"0.yml: services.web.{key}: ignored, ")
        return
    with pytest.raises(ComposeError) as caught:
        stack_of(web(**{key: "x"}))
    assert places_of(caught.value) == [("0.yml", None, f"services.web.{key}")]
    assert key in unsupported_keys.SERVICE


@pytest.mark.parametrize("place", ELSEWHERE)
def test_f5_keys_of_other_mappings_too(place):
    with pytest.raises(ComposeError) as caught:
        stack_of(ELSEWHERE[place])
    assert places_of(caught.value) == [("0.yml", None, place)]


WRONG = [
    (web(env_file=[{"path": "a", "format": "toml"}]), "services.web.env_file[0].format"),
    (web(env_file=[{"path": "gone"}]), "services.web.env_file[0]"),
    (web(env_file=[{"required": False}]), "services.web.env_file[0]"),
    ({**web(), "configs": {"c": {"content": "a", "file": "b"}}}, "configs.c"),
    ({**web(), "secrets": {"s": {"environment": "GONE"}}}, "secrets.s.environment"),
    ({**web(), "secrets": {"s": {"environment": "EMPTY"}}}, "secrets.s.environment"),
    ({**web(), "secrets": {"s": {"content": "a"}}}, "secrets.s.content"),
    (web(ports=[{"target": 80, "published": "http"}]), "services.web.ports[0].published"),
    (
        {**web(secrets=[{"source": "s", "mode": "0999"}]), "secrets": {"s": {"file": "a.txt"}}},
        "services.web.secrets[0].mode",
    ),
]


@pytest.mark.parametrize(("document", "key"), WRONG, ids=str)
def test_what_cannot_be_meant_of_it(document, key):
    with pytest.raises(ComposeError) as caught:
        stack_of(document)
    assert places_of(caught.value) == [("0.yml", None, key)]


def test_a_range_of_published_ports_is_each_of_them():
    ports = at(spec_of(stack_of(web(ports=[{"target": 80, "published": "8080-8081"}]))), "EndpointSpec.Ports")
    assert [port["PublishedPort"] for port in ports] == [8080, 8081]
    assert json.dumps(ports)
