# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of another type, without a unit, or that the engine accepts and then fails with: refused, with the option."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on, run_module

SERVICE = {"name": "new", "image": "lab/busybox:1", "wait": False, "resolve_image": "never"}
TASKS = {
    "swarm_service": SERVICE,
    "swarm_config": {"name": "app", "data": "x"},
    "swarm_secret": {"name": "app", "data": "x"},
    "swarm_network": {"name": "net"},
    "swarm_volume": {"name": "vol", "driver": "csi"},
    "swarm_init": {},
    "swarm_node": {"hostname": "self"},
}


def _service(title, *cases):
    return [pytest.param("swarm_service", options, start, id=f"{title}-{start}") for options, start in cases]


def _mount(**more):
    return {"mounts": [{"type": "volume", "source": "a", "target": "/a", **more}]}


def _tmpfs(mode):
    return {"mounts": [{"type": "tmpfs", "target": "/a", "tmpfs_mode": mode}]}


DURATIONS = [
    *_service(
        "k2",
        ({"stop_grace_period": 30}, "stop_grace_period: the duration '30' has no unit. Write 30s"),
        ({"stop_grace_period": "1.5"}, "stop_grace_period: the duration '1.5' has no unit"),
        ({"healthcheck": {"interval": 10}}, "healthcheck.interval: the duration '10'"),
        ({"healthcheck": {"timeout": "10"}}, "healthcheck.timeout: the duration '10'"),
        ({"healthcheck": {"start_period": 10}}, "healthcheck.start_period: the duration '10'"),
        ({"healthcheck": {"start_interval": 10}}, "healthcheck.start_interval: the duration '10'"),
        ({"restart_config": {"delay": 5}}, "restart_config.delay: the duration '5'"),
        ({"restart_config": {"window": 5.5}}, "restart_config.window: the duration '5.5'"),
        ({"update_config": {"delay": 10000000000}}, "update_config.delay: the duration '10000000000' has no unit. Write 10s"),
        ({"update_config": {"monitor": 5}}, "update_config.monitor: the duration '5'"),
        ({"rollback_config": {"delay": 5}}, "rollback_config.delay: the duration '5'"),
        ({"rollback_config": {"monitor": -5}}, "rollback_config.monitor: '-5' is not a duration"),
        ({"stop_grace_period": True}, "stop_grace_period: must be a string, not the boolean true"),
        ({"stop_grace_period": "300y"}, "stop_grace_period: '300y' is not a duration"),
        ({"stop_grace_period": "200000d"}, "stop_grace_period: '200000d' is too large"),
    ),
    pytest.param("swarm_init", {"dispatcher_heartbeat_period": 5}, "dispatcher_heartbeat_period: the duration '5'"),
    pytest.param("swarm_init", {"node_cert_expiry": 7776000000000000}, "node_cert_expiry: the duration '77760000"),
]  # fmt: skip

NUMBERS = _service(
    "k2",
    ({"limits": {"memory": "9999999P"}}, "limits.memory: '9999999P' is too large"),
    ({"limits": {"memory": -1}}, "limits.memory: '-1' is not a size"),
    ({"limits": {"memory": True}}, "limits.memory: must be a string, not the boolean true"),
    ({"limits": {"cpus": float("nan")}}, "limits.cpus: must be a number, not the number nan"),
    ({"limits": {"cpus": float("inf")}}, "limits.cpus: must be a number, not the number inf"),
    ({"limits": {"cpus": 1e18}}, "limits.cpus: "),
    ({"limits": {"cpus": True}}, "limits.cpus: must be a number, not the boolean true"),
    ({"limits": {"cpus": -1}}, "limits.cpus: "),
    ({"reservations": {"cpus": -0.5}}, "reservations.cpus: "),
    ({"replicas": True}, "replicas: must be a whole number, not the boolean true"),
    ({"replicas": 1.5}, "replicas: must be a whole number, not the number 1.5"),
    ({"replicas": "1e3"}, "replicas: must be a whole number, not '1e3'"),
    ({"replicas": 2**63}, "replicas: the number 9223372036854775808 is too large"),
    ({"publish": [{"target_port": True}]}, "publish.target_port: must be a whole number, not the boolean true"),
    ({"wait_timeout": -1}, "wait_timeout: -1 is out of bounds"),
    ({"timeout": 10**12}, "timeout: 1000000000000 is out of bounds"),
    ({"timeout": 0}, "timeout: 0 is out of bounds"),
    ({"update_config": {"max_failure_ratio": float("nan")}}, "update_config.max_failure_ratio: must be a number"),
    ({"ulimits": {"nofile": 1.5}}, "ulimits: nofile: must be a whole number"),
    ({"ulimits": {"nofile": True}}, "ulimits: nofile: must be a whole number"),
    ({"ulimits": {"nofile": -2}}, "ulimits: nofile: must be a whole number"),
    ({"ulimits": {"nofile": 2**63}}, "ulimits: "),
)  # fmt: skip

MODES = [
    pytest.param("swarm_service", options, start, id=f"k2-mode-{mode}-{start}")
    for mode, said in [
        (444, "the number 444 is the mode 0674 in octal. Write '0444' or '0674'"),
        (440, "the number 440 is the mode 0670 in octal. Write '0440'"),
        (400, "the number 400 is the mode 0620 in octal. Write '0400'"),
        (1777, "the number 1777 is the mode 3361 in octal. Write '1777'"),
        (500, "the number 500 is the mode 0764 in octal. Write '0500' or '0764'"),
        (True, "the boolean true is not a file mode"),
        (444.0, "the number 444.0 is not a file mode"),
        ("888", "'888' is not a file mode"),
        ("rw", "'rw' is not a file mode"),
        (-1, "the number -1 is not a file mode"),
        (0o10000, "the number 4096 is not a file mode"),
        ([], "a list is not a file mode"),
    ]
    for options, start in [
        ({"secrets": [{"secret_name": "one", "mode": mode}]}, f"secrets.mode: {said}"),
        (_tmpfs(mode), f"mounts.tmpfs_mode: {said}"),
    ]
]

TYPES = [
    *_service(
        "t1",
        ({"command": ["/bin/sh", True]}, "command: item 2 must be a string, not the boolean true. Put it in quotes"),
        ({"command": [{"a": 1}]}, "command: item 1 must be a string, not a mapping. Put it in quotes or convert it with"),
        ({"command": {"a": 1}}, "command: must be a list or a string, not a mapping"),
        ({"command": True}, "command: must be a list or a string, not the boolean true"),
        ({"command": ["a\0"]}, "command: item 1 contains a NUL character"),
        ({"args": ["sleep", [1]]}, "args: item 2 must be a string, not a list"),
        ({"args": ["sleep", None]}, "args: item 2 must be a string, not null"),
        ({"args": {"a": 1}}, "args: must be a list, not a mapping"),
        ({"args": True}, "args: must be a list, not the boolean true"),
        ({"args": [float("nan")]}, "args: item 1 must be a string, not the number nan"),
        ({"labels": {"a": {"b": 1}}}, "labels: the value of 'a' must be a string, not a mapping"),
        ({"labels": {"a": None}}, "labels: the value of 'a' must be a string, not null"),
        ({"labels": [1]}, "labels: item 1 must be a string, KEY=VALUE, not the number 1. Or write a mapping."),
        ({"labels": ["a=b", {"c": "d"}]}, "labels: item 2 must be a string, KEY=VALUE, not a mapping. Or write a mapping."),
        ({"container_labels": ["=b"]}, "container_labels: item 1 must be a string, KEY=VALUE. Or write a mapping."),
        ({"labels": 1}, "labels: must be a mapping"),
        ({"sysctls": ["a.b=1"]}, "sysctls: must be a mapping, not a list"),
        ({"env": {"A": True}}, "env: the value of 'A' must be a string, not the boolean true. Put it in quotes"),
        ({"env": {"A": [1]}}, "env: the value of 'A' must be a string, not a list. Put it in quotes or convert it with"),
        ({"env": [True]}, "env: item 1 must be a string, NAME=value"),
        ({"env": [{"A": 1}]}, "env: item 1 must be a string, NAME=value"),
        ({"hosts": {"a": {"b": 1}}}, "hosts: the address of 'a' must be an IP address, not a mapping"),
        ({"hosts": {"a": [None]}}, "hosts: the address of 'a' must be an IP address, not null"),
        ({"hosts": "a:1.1.1.1"}, "hosts: must be a mapping"),
        ({"logging": {"driver": "json-file", "options": {"max-file": True}}}, "logging.options: the value of 'max-file'"),
        ({"sysctls": {"net.core.somaxconn": True}}, "sysctls: the value of 'net.core.somaxconn' must be a string"),
        (_mount(driver_config={"options": {"a": {}}}), "mounts.driver_config.options: the value of 'a' must be"),
        ({"reservations": {"generic_resources": [{"kind": "gpu", "name": None}]}}, "reservations.generic_resources: gpu needs a value"),
        (_mount(labels={"a": []}), "mounts.labels: the value of 'a' must be"),
        ({"image": {"a": 1}}, "image: must be a string, not a mapping"),
        ({"hostname": True}, "hostname: must be a string, not the boolean true"),
        ({"registry_auth": {"username": "a", "password": {"p": "hunter2"}}}, "registry_auth.password: must be a string."),
        ({"env_files": [{}]}, "env_files: item 1 must be a string, not a mapping"),
    ),
    pytest.param("swarm_config", {"data": {"a": 1}}, "data: must be a string, not a mapping. Put it in quotes or conv"),
    pytest.param("swarm_config", {"data": [1]}, "data: must be a string, not a list"),
    pytest.param("swarm_config", {"data": True}, "data: must be a string, not the boolean true"),
    pytest.param("swarm_secret", {"data": {"a": "hunter2"}}, "data: must be a string."),
    pytest.param("swarm_secret", {"data": 1e30}, "data: must be a string."),
    pytest.param("swarm_secret", {"driver": {"name": "v", "options": {"a": [1]}}, "data": None}, "driver.options: the"),
    pytest.param("swarm_network", {"driver_options": {"a": True}}, "driver_options: the value of 'a' must be"),
    pytest.param("swarm_network", {"ipam_config": [{"subnet": "10.1.0.0/16", "aux_addresses": {"a": []}}]}, "ipam_config.aux_"),
    pytest.param("swarm_volume", {"secrets": {"a": {}}}, "secrets: the value of 'a' must be a string"),
    pytest.param("swarm_volume", {"accessibility_requirements": {"requisite": [{"a": []}]}}, "accessibility_requirements"),
    pytest.param("swarm_node", {"labels": {"a": True}}, "labels: the value of 'a' must be a string"),
    pytest.param("swarm_init", {"labels": {"a": {}}}, "labels: the value of 'a' must be a string"),
    pytest.param("swarm_init", {"default_addr_pool": [True]}, "default_addr_pool: item 1 must be a string"),
]  # fmt: skip

LEVELS = _service(
    "t2",
    ({"networks": [{"name": "one", "aliases": "api"}]}, "networks.aliases: must be a list, not 'api'"),
    ({"networks": [{"name": "one", "aliases": [True]}]}, "networks.aliases: item 1 must be a string"),
    ({"networks": [{"name": "one", "options": [1]}]}, "networks.options: must be a mapping, not a list"),
    ({"networks": [{"name": "one", "options": {"a": []}}]}, "networks.options: the value of 'a' must be a string"),
    ({"networks": [{"name": {}}]}, "networks"),
    ({"networks": [5]}, "networks: must be the name of a network or a mapping"),
    ({"networks": {"one": None}}, "networks: must be a list, not a mapping"),
    ({"placement": {"preferences": [{"spred": "node.labels.zone"}]}}, "placement.preferences: unknown option 'spred'. Did you mean 'spread'?"),
    ({"placement": {"preferences": ["node.labels.zone"]}}, "placement.preferences: item 1 must be a mapping"),
    ({"healthcheck": {"test": {"a": 1}}}, "healthcheck.test: must be a list or a string"),
    ({"healthcheck": {"test": ["CMD", 1, True]}}, "healthcheck.test: item 3 must be a string"),
    ({"healthcheck": {"test": 5}}, "healthcheck.test: must be a list or a string"),
    ({"privileges": {"seccomp": {"mode": "custom", "profile": [1]}}}, "privileges.seccomp.profile: must be a mapping"),
    ({"ulimits": {"nofile": {"soft": 1, "hrad": 2}}}, "ulimits: nofile: must be a number, or a mapping"),
    ({"ulimits": {"nofile": {"soft": []}}}, "ulimits: nofile: must be a whole number"),
    ({"init": []}, "init: must be true or false"),
    ({"init": {}}, "init: must be true or false"),
    ({"resolve_image": []}, "resolve_image: "),
    ({"resolve_image": {"a": 1}}, "resolve_image: "),
)  # fmt: skip

NAMES = [
    *_service(
        "t3",
        ({"logging": {"driver": "not a driver"}}, "logging.driver: 'not a driver' is not a valid driver name"),
        (_mount(driver_config={"name": "not a driver"}), "mounts.driver_config.name: 'not a driver'"),
        ({"cap_add": ["NET_ADMN"]}, "cap_add: 'CAP_NET_ADMN' is not a valid capability. Did you mean 'CAP_NET_ADMIN'?"),
        ({"cap_drop": ["not a capability"]}, "cap_drop: 'CAP_NOT A CAPABILITY' is not a valid capability"),
        ({"ulimits": {"nofiles": 5}}, "ulimits: 'nofiles' is not a valid ulimit. Did you mean 'nofile'?"),
        ({"stop_signal": "SIGTREM"}, "stop_signal: 'TREM' is not a valid signal (SIGTREM). Did you mean 'TERM'?"),
        ({"stop_signal": "0"}, "stop_signal: "),
        ({"user": "a b"}, "user: 'a b' contains a blank"),
        ({"groups": [""]}, "groups: an item is empty"),
        ({"hostname": "a b"}, "hostname: 'a b' contains a blank"),
        ({"working_dir": "data"}, "working_dir: 'data' is not an absolute path"),
        ({"dns": ["one"]}, "dns: 'one' is not an IP address"),
        ({"dns_search": ["a b"]}, "dns_search: 'a b' contains a blank"),
        ({"sysctls": {"somaxconn": "1"}}, "sysctls: 'somaxconn' is not a kernel parameter"),
        ({"secrets": [{"secret_name": "one", "uid": "root"}]}, "secrets.uid: 'root' is not a numeric user"),
        ({"configs": [{"config_name": "one", "gid": "-1"}]}, "configs.gid: '-1' is not a numeric user"),
        ({"placement": {"platforms": [{"os": "Linux"}]}}, "placement.platforms.os: 'Linux' is not a platform"),
        ({"reservations": {"generic_resources": [{"kind": "a=b", "value": 1}]}}, "reservations.generic_resources.kind: 'a=b'"),
        ({"reservations": {"generic_resources": [{"kind": "gpu", "value": -1}]}}, "reservations.generic_resources.value: -1"),
    ),
    pytest.param("swarm_config", {"template_driver": "not a driver"}, "template_driver: 'not a driver' is not a valid"),
    pytest.param("swarm_config", {"template_driver": "Golang"}, "template_driver: 'Golang' is not a valid"),
    pytest.param("swarm_secret", {"template_driver": "jinja"}, "template_driver: 'jinja' is not a valid"),
    pytest.param("swarm_secret", {"driver": {"name": "a b"}, "data": None}, "driver.name: 'a b' is not a valid driver"),
    pytest.param("swarm_network", {"driver": "a b"}, "driver: 'a b' is not a valid driver name"),
    pytest.param("swarm_network", {"ipam_driver": "a b"}, "ipam_driver: 'a b' is not a valid driver name"),
    pytest.param("swarm_network", {"ipam_driver": "DEFAULT"}, "ipam_driver: 'DEFAULT' must be written as 'default'"),
    pytest.param("swarm_volume", {"driver": "a b"}, "driver: 'a b' is not a valid driver name"),
]  # fmt: skip

CONSTRAINTS = [
    *(
        pytest.param("swarm_service", {"placement": {"constraints": [text]}}, f"placement.constraints: {start}", id=f"f6-{text}")
        for text, start in [
            ("rack == large", "nodes have no key 'rack', so the constraint matches none of them. Did you mean 'node.labels.rack'?"),
            ("node.label.rack == large", "nodes have no key 'node.label.rack', so the constraint matches none of them. Did you mean 'node.labels.rack'?"),
            ("node.rack==large", "nodes have no key 'node.rack', so the constraint matches none of them. Did you mean 'node.labels.rack'?"),
            ("node.hostnme==a", "nodes have no key 'node.hostnme', so the constraint matches none of them. Did you mean 'node.hostname'?"),
            ("engine.label.os==a", "nodes have no key 'engine.label.os', so the constraint matches none of them. Did you mean 'engine.labels.os'?"),
            ("node.labels.==a", "nodes have no key 'node.labels.'"),
            ("node.role==boss", "'node.role==boss' matches no node. node.role is manager or worker"),
            ("node.ip==a", "'node.ip==a' matches no node. node.ip is compared with an IP address"),
            ("node.role=manager", "'node.role=manager' is not a constraint"),
            ("node.labels.a==", "'node.labels.a==' is not a constraint"),
            ("node.labels.a==b,c", "'node.labels.a==b,c' contains a character"),
        ]
    ),
    *_service(
        "f6",
        ({"placement": {"preferences": [{"spread": "rack"}]}}, "placement.preferences.spread: 'rack' is ignored by the engine"),
        ({"placement": {"preferences": [{"spread": "node.hostname"}]}}, "placement.preferences.spread: 'node.hostname' is"),
    ),
]  # fmt: skip


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    return host


@pytest.mark.parametrize("version", [API_1_51], indirect=True, ids=["api1.51"])
@pytest.mark.parametrize(
    ("module", "options", "start"), [*DURATIONS, *NUMBERS, *MODES, *TYPES, *LEVELS, *NAMES, *CONSTRAINTS]
)
def test_what_is_refused(manager, module, options, start):
    for check in (True, False):
        before = len(manager.writes)
        args = {key: value for key, value in {**TASKS[module], **options}.items() if value is not None}
        result = on(manager)(module, args, check=check)
        assert result["failed"], result
        assert result["failure"]["kind"] == "bad_input", result["msg"]
        assert result["msg"].startswith(start), result["msg"]
        assert "hunter2" not in json.dumps(result)
        assert len(manager.writes) == before


ACCEPTED = [
    ({"command": "sleep 5", "args": [1, 1.5, "true"]}, ("args", ["1", "1.5", "true"])),
    ({"command": ["sleep", 5]}, ("command", ["sleep", "5"])),
    ({"stop_grace_period": 0}, ("stop_grace_period", "0s")),
    ({"stop_grace_period": "0"}, ("stop_grace_period", "0s")),
    ({"replicas": "2"}, ("replicas", 2)),
    ({"replicas": 2.0}, ("replicas", 2)),
    ({"limits": {"memory": 536870912}}, ("limits.memory", "512M")),
    ({"limits": {"cpus": "0.5"}}, ("limits.cpus", 0.5)),
    ({"env": {"A": 1, "B": 1.5, "C": None}}, ("env", {"A": "1", "B": "1.5", "C": None})),
    ({"cap_add": ["net_admin"]}, ("cap_add", ["CAP_NET_ADMIN"])),
    ({"stop_signal": "sigterm"}, ("stop_signal", "sigterm")),
    ({"stop_signal": 15}, ("stop_signal", "15")),
    ({"ulimits": {"nofile": -1}}, ("ulimits", {"nofile": {"soft": -1, "hard": -1}})),
    ({"placement": {"constraints": ["NODE.Role==Manager"]}}, ("placement.constraints", ["NODE.Role==Manager"])),
    ({"dns": "1.1.1.1,1.0.0.1"}, ("dns", ["1.1.1.1", "1.0.0.1"])),
    ({"tty": "yes"}, ("tty", True)),
    ({"labels": ["a=b", "c", "d=e=f", "a=2"]}, ("labels", {"a": "2", "c": "", "d": "e=f"})),
    ({"labels": []}, ("labels", {})),
    ({"container_labels": ["zone=a"]}, ("container_labels", {"zone": "a"})),
    (_tmpfs(0o1777), ("mounts.0.tmpfs_mode", "1777")),
    (_tmpfs("1777"), ("mounts.0.tmpfs_mode", "1777")),
    (_tmpfs(0o400), ("mounts.0.tmpfs_mode", "0400")),
    (_tmpfs(0o644), ("mounts.0.tmpfs_mode", "0644")),
    (_tmpfs(0o777), ("mounts.0.tmpfs_mode", "0777")),
    (_tmpfs("0o440"), ("mounts.0.tmpfs_mode", "0440")),
    (_tmpfs(0), ("mounts.0.tmpfs_mode", None)),
]


@pytest.mark.parametrize("version", [API_1_51], indirect=True, ids=["api1.51"])
@pytest.mark.parametrize(("options", "shown"), ACCEPTED)
def test_what_is_accepted(manager, options, shown):
    """K2, T1: numbers as YAML writes them, and a second run changes nothing."""
    result = on(manager)("swarm_service", {**SERVICE, **options})
    assert not result["failed"], result
    found = result["service"]
    for key in shown[0].split("."):
        found = found[int(key)] if isinstance(found, list) else found[key]
    assert found == shown[1]
    assert not on(manager)("swarm_service", {**SERVICE, **options})["changed"]


@pytest.mark.parametrize("version", [API_1_51], indirect=True, ids=["api1.51"])
@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"env": {"A": 1, "B": 1.5, "C": "1.10"}}, "env.B"),
        ({"args": [1, 1.1], "container_labels": {"a": "1.1"}}, "args"),
        ({"command": ["a", 2.0], "hosts": {"a": "192.0.2.1"}}, "command"),
        ({"mounts": [{"source": 1.1, "target": "/a", "type": "volume"}]}, "mounts.source"),
        ({"limits": {"cpus": 1.5}, "update_config": {"max_failure_ratio": 0.5}, "replicas": 2.0}, None),
        ({"env": ["A=1.10"], "args": ["1.10"]}, None),
    ],
)
def test_a_number_with_a_point_where_a_string_is_meant_is_warned_of(manager, options, names):
    """T1: YAML reads 1.10 as 1.1, and no code can see that it was written otherwise. The value is not shown."""
    for check in (True, False):
        result = on(manager)("swarm_service", {**SERVICE, **options}, check=check)
        assert not result["failed"], result
        found = [each for each in result.get("warnings", []) if "YAML drops the zeros" in each]
        assert [each.partition(": ")[0] for each in found] == ([names] if names else [])


@pytest.mark.parametrize("module", ["lab", "lab_engine", "swarm_info", "swarm_leave"])
def test_every_module_checks_types(module, run):
    """T1: Ansible would use the text that Python has for the mapping; what it refuses itself has a kind too."""
    lab = {"name": "x", "state": "absent" if module == "lab" else "started"} if module.startswith("lab") else {}
    for options in ({"root" if lab else "docker_host": {"a": 1}}, {"no_such_option": 1}):
        result = run_module(module, {**lab, **options}) if lab else run(module, options)
        assert result["failed"]
        assert result["failure"]["kind"] == "bad_input"
        assert next(iter(options)) in result["msg"]
