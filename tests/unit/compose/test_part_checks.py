# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C1: the single modules' checks apply to each part of a stack, with file, line and key, before anything is sent.

The files are read on the controller, the same way in check mode and in a run, so what is refused here is refused in both;
what takes an engine is in tests/unit/modules/test_stack_checks.py.
"""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Any, NamedTuple

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._network import checks as network
from ansible_collections.hive.swarm.plugins.module_utils._network import ipam
from ansible_collections.hive.swarm.plugins.module_utils._secret_config import checks
from ansible_collections.hive.swarm.plugins.module_utils._service import plan as service
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.stack import load
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.document import parse

from .stacks import places_of

FILES = {"/stacks/a.txt": b"a", "/stacks/none.txt": b"", "/stacks/large.txt": b"a" * 600_000}


class Case(NamedTuple):
    """:param text: of the file. :param line: of the key that is wrong. The messages are in messages.txt."""

    text: str
    line: int
    key: str


def _web(keys: str, key: str, line: int = 4, more: str = "") -> Case:
    """A service whose keys begin in line 4."""
    return Case(f"services:\n  web:\n    image: busybox\n    {keys}\n{more}", line, f"services.web.{key}")


def _top(section: str, text: str, key: str, line: int = 6, uses: str = "") -> Case:
    """An object of a section, whose keys begin in line 6."""
    body = f"services:\n  web:\n    {{image: busybox, {uses}}}\n{section}:\n  one:\n    {text}\n"
    return Case(body, line, f"{section}.one{key}")


def _net(text: str, key: str, line: int = 6) -> Case:
    return _top("networks", text, key, line, "networks: [one]")


LONG = "n" * 70
CASES = [
    # Values of options.
    _web("healthcheck: {test: [wget, localhost]}", "healthcheck.test"),
    _web("healthcheck: {test: [CMD]}", "healthcheck.test"),
    _web("healthcheck: {test: a, interval: 10us}", "healthcheck.interval"),
    _web(
        "healthcheck: {test: [NONE], retries: 3}",
        "healthcheck",
    ),
    _web("healthcheck: {test: a, retries: -1}", "healthcheck.retries"),
    _web("deploy: {placement: {constraints: [node.role=manager]}}", "deploy.placement.constraints[0]"),
    _web(
        "deploy: {placement: {constraints: [node.role==worker, 'node.role==']}}",
        "deploy.placement.constraints[1]",
    ),
    _web("deploy: {update_config: {failure_action: retry}}", "deploy.update_config.failure_action"),
    _web("deploy: {rollback_config: {failure_action: rollback}}", "deploy.rollback_config.failure_action"),
    _web("deploy: {update_config: {max_failure_ratio: 1.5}}", "deploy.update_config.max_failure_ratio"),
    _web("deploy: {endpoint_mode: dns}", "deploy.endpoint_mode"),
    _web("deploy: {restart_policy: {condition: always}}", "deploy.restart_policy.condition"),
    _web("deploy: {resources: {limits: {pids: -1}}}", "deploy.resources.limits.pids"),
    _web("deploy: {resources: {limits: {cpus: '0.0001'}}}", "deploy.resources.limits.cpus"),
    _web("deploy: {resources: {reservations: {memory: 1M}}}", "deploy.resources.reservations.memory"),
    _web("ports: [{target: 80, protocol: icmp}]", "ports[0].protocol"),
    _web("ports: [{target: 80, mode: mesh}]", "ports[0].mode"),
    _web("ports: [{target: 80, published: 70000}]", "ports[0].published"),
    _web("ports: ['8080:0']", "ports[0]"),
    _web("ports: [{published: 8080}]", "ports[0]"),
    _web("deploy: {placement: {preferences: [{}]}}", "deploy.placement.preferences[0]"),
    _web("volumes: ['/a:/b', '/c:/b/']", "volumes[1]"),
    _web("stop_grace_period: -5s", "stop_grace_period"),
    _web("environment: [A=1, '=b']", "environment"),
    _web("labels: {'': x}", "labels"),
    _web("labels: ['a=x', '=x']", "labels[1]"),
    _web("deploy: {labels: {'': x}}", "deploy.labels"),
    _web("volumes: [{type: '', target: /b}]", "volumes[0]"),
    _web("cap_add: [FOO]", "cap_add[0]"),
    _web('environment: {A: "b\\0"}', "environment"),
    _web("extra_hosts: ['a: 192.0.2.1']", "extra_hosts"),
    _web("isolation: vm", "isolation"),
    _web("ulimits: {nofile: {soft: 2, hard: 1}}", "ulimits.nofile"),
    _web("extra_hosts: ['db:db.example']", "extra_hosts"),
    _web("oom_score_adj: 2000", "oom_score_adj"),
    _web("volumes: [{type: bind, source: /a, target: /b, bind: {propagation: all}}]", "volumes[0].bind.propagation"),
    # Services as a whole.
    _web(
        "deploy: {mode: global, placement: {max_replicas_per_node: 1}}",
        "deploy.placement.max_replicas_per_node",
    ),
    _web(
        "deploy: {mode: replicated-job, update_config: {order: stop-first}}",
        "deploy.update_config",
    ),
    _web(
        "deploy: {mode: global-job, restart_policy: {condition: any}}",
        "deploy.restart_policy.condition",
    ),
    _web(
        "restart: always\n    deploy: {mode: global-job}",
        "restart",
    ),
    _web(
        "deploy: {endpoint_mode: dnsrr}\n    ports: ['80:80']",
        "ports",
        5,
    ),
    _web("ports: ['80:80', '81:81', '80:82']", "ports[2]"),
    _web("volumes: ['/a:/d/..']", "volumes[0]"),
    _web(
        "volumes: [{type: volume, source: one, target: /d, volume: {subpath: /x}}]",
        "volumes[0].volume.subpath",
        more="volumes: {one: }",
    ),
    _web("volumes: ['/a:/d', '/b:/d']", "volumes[1]"),
    _web("volumes: [{type: volume, target: data}]", "volumes[0].target"),
    _web(
        "deploy: {resources: {reservations: {generic_resources: [&g {discrete_resource_spec: {kind: gpu, value: 1}}, *g]}}}",
        "deploy.resources.reservations.generic_resources[1]",
    ),
    _web(
        "networks: [one, two]",
        "networks",
        more="networks: {one: {name: shop_x}, two: {name: shop_x}}",
    ),
    _web(
        "networks: [one, two]",
        "networks",
        more="networks: {one: {name: host, external: true}, two: }",
    ),
    _web(
        "networks: [one]\n    ports: ['80:80']",
        "ports",
        5,
        more="networks: {one: {name: host, external: true}}",
    ),
    _web("environment: {NODE: '{{.Node.HostName}}'}", "environment.NODE"),
    _web(
        "networks: [one]",
        "networks",
        more="networks: {one: {name: ingress, external: true}}",
    ),
    Case(f"services:\n  {LONG}:\n    image: a\n", 2, f"services.{LONG}"),
    Case("services:\n  a.b:\n    image: a\n", 2, "services.a.b"),
    # Objects together.
    Case(
        "services:\n  a: {image: a}\n  A: {image: a}\n",
        3,
        "services.A",
    ),
    Case(
        "services:\n  a: {image: a, networks: [one, One]}\nnetworks:\n  one: {}\n  One: {}\n",
        5,
        "networks.One",
    ),
    Case(
        "services:\n  a: {image: a}\nconfigs:\n  one: {file: a.txt, name: x}\n  two:\n    content: b\n    name: x\n",
        7,
        "configs.two.name",
    ),
    # Services together.
    Case(
        "services:\n  a:\n    image: a\n    ports: ['80:80']\n  b:\n    image: b\n    ports:\n    - 81:81\n    - '80:1'\n",
        9,
        "services.b.ports[1]",
    ),
    Case(
        "services:\n  a:\n    image: a\n    ports: [{target: 1, published: 80, mode: host}]\n  b:\n    image: b\n"
        "    ports: ['80:1']\n",
        7,
        "services.b.ports[0]",
    ),
    # Networks.
    _net("driver: bridge", ".driver"),
    _net("driver: Overlay", ".driver"),
    _net("driver: macvlan", ".driver"),
    _net(
        "{driver: weave, driver_opts: {encrypted: ''}}",
        ".driver_opts.encrypted",
    ),
    _net("driver_opts: {encrypted: 'false'}", ".driver_opts.encrypted"),
    _net("ipam: {driver: Default}", ".ipam.driver"),
    _net("ipam: {config: [{subnet: 10.1.0.1/24}]}", ".ipam.config[0].subnet"),
    _net("ipam: {config: [{subnet: 10.1.0.0/24}, {subnet: 10.1.0.0/16}]}", ".ipam.config[1].subnet"),
    _net(f"name: {LONG}", ".name"),
    _net("name: a+b", ".name"),
    _net("name: host", ".name"),
    _net("name: default", ".name"),
    _net(
        "{ipam: {config: [{subnet: 10.1.0.0/255.255.0.0}]}}",
        ".ipam.config[0].subnet",
    ),
    _net("{ipam: {config: [{subnet: 10.1.0.0/32}]}}", ".ipam.config[0].subnet"),
    _net('{ipam: {config: [{subnet: "fd00:77::/64"}]}}', ".ipam.config"),
    _net(
        "driver_opts: {com.docker.network.driver.mtu: 9000B}",
        ".driver_opts.com.docker.network.driver.mtu",
    ),
    Case(
        "services:\n  web: {image: a, networks: [one, two]}\nnetworks:\n"
        "  one: {ipam: {config: [{subnet: 10.1.0.0/16}]}}\n  two: {ipam: {config: [{subnet: 10.1.2.0/24}]}}\n",
        5,
        "networks.two.ipam.config[0].subnet",
    ),
    # Secrets and configs.
    _top("secrets", f"{{file: a.txt, name: {LONG}}}", ".name"),
    _top("configs", "{file: a.txt, labels: {'': x}}", ".labels"),
    _top("configs", "{file: a.txt, name: a b}", ".name"),
    _top("configs", "file: none.txt", ".file"),
    _top("secrets", "file: large.txt", ".file"),
    _top("secrets", "{file: a.txt, labels: {hive.swarm.digest: a}}", ".labels"),
]


def load_text(text: str) -> Any:
    def read(path: str) -> bytes:
        if path not in FILES:
            raise FileNotFoundError(2, "No such file or directory", path)
        return FILES[path]

    return load("shop", [parse("stack.yml", text.encode())], "/stacks", {}, read)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_c1_a_part_that_its_module_would_refuse(case):
    with pytest.raises(ComposeError) as caught:
        load_text(case.text)
    assert places_of(caught.value) == [("stack.yml", case.line, case.key)]


# What a compose file has no words for, or its conversion refuses before.
NOT_IN_A_FILE = (
    "must be global for a plugin, not",
    "which runs a task on every node",
    "only supported with mode replicated-job",
    "required for the {kind} mount",
    "not supported for the tmpfs mount",
    "a volume, use type: volume",
    "mounts, and the mount at",
    "two items have the filename",
    "needs limits.memory",
    "config, file and registry",
    "mode custom requires a profile",
    "not supported for the ingress network, which is only for published ports",
    "does not support swarm-scoped networks without IPv4",
    "the engine drops them from swarm-scoped networks, so they would reserve nothing",
    "the engine never returns",
    "contradicts encrypted: false",
    "is only for the network that every engine has",
    "mutually exclusive with rolling_versions",
    "mutually exclusive with data",
    "mutually exclusive with driver, which provides the data",
)


def test_each_check_of_a_single_module_has_such_a_file():
    """Of the places where the modules' checks report a problem, every one that a file can reach is reached."""
    modules = (service, network, checks, ipam)
    sites = {(module.__file__, line): text for module in modules for line, text in _sites(module)}
    reached: set[tuple[str, int]] = set()

    def trace(frame, event, _argument):
        if frame.f_code.co_filename not in {module.__file__ for module in modules}:
            return None
        reached.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for case in CASES:
            with pytest.raises(ComposeError):
                load_text(case.text)
    finally:
        sys.settrace(before)
    missing = [text for site, text in sites.items() if site not in reached]
    assert [text for text in missing if not any(known in text for known in NOT_IN_A_FILE)] == []


def _sites(module: Any) -> list[tuple[int, str]]:
    """Line and source of each statement that makes a Problem."""
    source = inspect.getsource(module)
    lines = source.splitlines()
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield) and "Problem(" in ast.unparse(node):
            # The text may be a variable, which is set right before.
            found.append((node.lineno, " ".join(lines[max(node.lineno - 7, 0) : node.end_lineno])))
    return found


def test_all_that_is_wrong_in_all_phases_and_files_is_reported_at_once_sorted_by_place():
    """F5: syntax of values, unknown keys, references, files and the modules' checks; each in its own file."""
    first = parse(
        "a.yml",
        b"services:\n  web:\n    image: busybox\n    secrets: [gone]\n    env_file: gone.env\n    tty: 1\n"
        b"    deploy: {placement: {constraints: [node.role==worker, a=b]}}\n    ports: ['80:80']\n",
    )
    later = parse(
        "b.yml",
        b"services:\n  web:\n    deploy: {placement: {constraints: [node.id==d, c=d]}}\n    ports: ['81:81', '80:81']\n"
        b"  api:\n    image: ${GONE?has to be set}\n    nonsense: 1\n    healthcheck: {test: [a]}\n"
        b"    volumes: ['data:/data']\nsecrets:\n  s: {file: gone.txt}\n",
    )
    with pytest.raises(ComposeError) as caught:
        load("shop", [first, later], "/stacks", {}, lambda path: FILES[path] if path in FILES else _gone(path))
    assert places_of(caught.value) == [
        ("a.yml", 4, "services.web.secrets[0]"),
        ("a.yml", 5, "services.web.env_file"),
        ("a.yml", 6, "services.web.tty"),
        ("a.yml", 7, "services.web.deploy.placement.constraints[1]"),
        ("b.yml", 3, "services.web.deploy.placement.constraints[1]"),
        ("b.yml", 6, "services.api.image"),
        ("b.yml", 7, "services.api.nonsense"),
        ("b.yml", 8, "services.api.healthcheck.test"),
        ("b.yml", 9, "services.api.volumes[0]"),
        ("b.yml", 11, "secrets.s.file"),
    ]


def test_one_wrong_option_hides_no_other_of_the_service():
    text = "services:\n  web:\n    healthcheck: {test: [a]}\n    ports: ['80:80', '80:81']\n    networks: [gone]\n"
    with pytest.raises(ComposeError) as caught:
        load_text(text)
    assert [(one["line"], one["key"]) for one in caught.value.failure()["problems"]] == [
        (2, "services.web"),
        (3, "services.web.healthcheck.test"),
        (4, "services.web.ports[1]"),
        (5, "services.web.networks"),
    ]


def _gone(path: str) -> bytes:
    raise FileNotFoundError(2, "No such file or directory", path)
