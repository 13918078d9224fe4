# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of another type, without a unit, or that the engine accepts and then fails with: refused, with the option.

The messages are in messages/values.txt.
"""

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
    return [
        pytest.param("swarm_service", options, option, id=f"{title}-{str(options)[:60]}") for options, option in cases
    ]


def _mount(**more):
    return {"mounts": [{"type": "volume", "source": "a", "target": "/a", **more}]}


def _tmpfs(mode):
    return {"mounts": [{"type": "tmpfs", "target": "/a", "tmpfs_mode": mode}]}


DURATIONS = [
    *_service(
        "k2",
        ({"stop_grace_period": 30}, "stop_grace_period"),
        ({"stop_grace_period": "1.5"}, "stop_grace_period"),
        ({"healthcheck": {"interval": 10}}, "healthcheck.interval"),
        ({"healthcheck": {"timeout": "10"}}, "healthcheck.timeout"),
        ({"healthcheck": {"start_period": 10}}, "healthcheck.start_period"),
        ({"healthcheck": {"start_interval": 10}}, "healthcheck.start_interval"),
        ({"restart_config": {"delay": 5}}, "restart_config.delay"),
        ({"restart_config": {"window": 5.5}}, "restart_config.window"),
        ({"update_config": {"delay": 10000000000}}, "update_config.delay"),
        ({"update_config": {"monitor": 5}}, "update_config.monitor"),
        ({"rollback_config": {"delay": 5}}, "rollback_config.delay"),
        ({"rollback_config": {"monitor": -5}}, "rollback_config.monitor"),
        ({"stop_grace_period": True}, "stop_grace_period"),
        ({"stop_grace_period": "300y"}, "stop_grace_period"),
        ({"stop_grace_period": "200000d"}, "stop_grace_period"),
    ),
    pytest.param("swarm_init", {"dispatcher_heartbeat_period": 5}, "dispatcher_heartbeat_period"),
    pytest.param("swarm_init", {"dispatcher_heartbeat_period": "999ms"}, "dispatcher_heartbeat_period"),
    pytest.param("swarm_init", {"election_tick": 2**32}, "election_tick"),
    pytest.param("swarm_init", {"node_cert_expiry": 7776000000000000}, "node_cert_expiry"),
]  # fmt: skip

NUMBERS = _service(
    "k2",
    ({"limits": {"memory": "9999999P"}}, "limits.memory"),
    ({"limits": {"memory": -1}}, "limits.memory"),
    ({"limits": {"memory": True}}, "limits.memory"),
    ({"limits": {"cpus": float("nan")}}, "limits.cpus"),
    ({"limits": {"cpus": float("inf")}}, "limits.cpus"),
    ({"limits": {"cpus": 1e18}}, "limits.cpus"),
    ({"limits": {"cpus": True}}, "limits.cpus"),
    ({"limits": {"cpus": -1}}, "limits.cpus"),
    ({"reservations": {"cpus": -0.5}}, "reservations.cpus"),
    ({"replicas": True}, "replicas"),
    ({"replicas": 1.5}, "replicas"),
    ({"replicas": "1e3"}, "replicas"),
    ({"replicas": 2**63}, "replicas"),
    ({"publish": [{"target_port": True}]}, "publish.target_port"),
    ({"wait_timeout": -1}, "wait_timeout"),
    ({"timeout": 10**12}, "timeout"),
    ({"timeout": 0}, "timeout"),
    ({"update_config": {"max_failure_ratio": float("nan")}}, "update_config.max_failure_ratio"),
    ({"ulimits": {"nofile": 1.5}}, "ulimits"),
    ({"ulimits": {"nofile": True}}, "ulimits"),
    ({"ulimits": {"nofile": -2}}, "ulimits"),
    ({"ulimits": {"nofile": 2**63}}, "ulimits"),
)  # fmt: skip

MODES = [
    case
    for mode in (444, 440, 400, 1777, 500, True, 444.0, "888", "rw", -1, 0o10000, [])
    for case in _service(
        "k2",
        ({"secrets": [{"secret_name": "one", "mode": mode}]}, "secrets.mode"),
        (_tmpfs(mode), "mounts.tmpfs_mode"),
    )
]

TYPES = [
    *_service(
        "t1",
        ({"command": ["/bin/sh", True]}, "command"),
        ({"command": [{"a": 1}]}, "command"),
        ({"command": {"a": 1}}, "command"),
        ({"command": True}, "command"),
        ({"command": ["a\0"]}, "command"),
        ({"args": ["sleep", [1]]}, "args"),
        ({"args": ["sleep", None]}, "args"),
        ({"args": {"a": 1}}, "args"),
        ({"args": True}, "args"),
        ({"args": [float("nan")]}, "args"),
        ({"labels": {"a": {"b": 1}}}, "labels"),
        ({"labels": {"a": None}}, "labels"),
        ({"labels": [1]}, "labels"),
        ({"labels": ["a=b", {"c": "d"}]}, "labels"),
        ({"container_labels": ["=b"]}, "container_labels"),
        ({"labels": 1}, "labels"),
        ({"sysctls": ["a.b=1"]}, "sysctls"),
        ({"env": {"A": True}}, "env"),
        ({"env": {"A": [1]}}, "env"),
        ({"env": [True]}, "env"),
        ({"env": [{"A": 1}]}, "env"),
        ({"hosts": {"a": {"b": 1}}}, "hosts"),
        ({"hosts": {"a": [None]}}, "hosts"),
        ({"hosts": "a:1.1.1.1"}, "hosts"),
        ({"logging": {"driver": "json-file", "options": {"max-file": True}}}, "logging.options"),
        ({"sysctls": {"net.core.somaxconn": True}}, "sysctls"),
        (_mount(driver_config={"options": {"a": {}}}), "mounts.driver_config.options"),
        ({"reservations": {"generic_resources": [{"kind": "gpu", "name": None}]}}, "reservations.generic_resources"),
        (_mount(labels={"a": []}), "mounts.labels"),
        ({"image": {"a": 1}}, "image"),
        ({"hostname": True}, "hostname"),
        ({"registry_auth": {"username": "a", "password": {"p": "hunter2"}}}, "registry_auth.password"),
        ({"env_files": [{}]}, "env_files"),
    ),
    pytest.param("swarm_config", {"data": {"a": 1}}, "data"),
    pytest.param("swarm_config", {"data": [1]}, "data"),
    pytest.param("swarm_config", {"data": True}, "data"),
    pytest.param("swarm_secret", {"data": {"a": "hunter2"}}, "data"),
    pytest.param("swarm_secret", {"data": 1e30}, "data"),
    pytest.param("swarm_secret", {"driver": {"name": "v", "options": {"a": [1]}}, "data": None}, "driver.options"),
    pytest.param("swarm_network", {"driver_options": {"a": True}}, "driver_options"),
    pytest.param("swarm_network", {"ipam_config": [{"subnet": "10.1.0.0/16", "aux_addresses": {"a": []}}]}, "ipam_config.aux_addresses.a"),
    pytest.param("swarm_volume", {"secrets": {"a": {}}}, "secrets"),
    pytest.param("swarm_volume", {"accessibility_requirements": {"requisite": [{"a": []}]}}, "accessibility_requirements.requisite"),
    pytest.param("swarm_node", {"labels": {"a": True}}, "labels"),
    pytest.param("swarm_init", {"labels": {"a": {}}}, "labels"),
    pytest.param("swarm_init", {"default_addr_pool": [True]}, "default_addr_pool"),
]  # fmt: skip

LEVELS = _service(
    "t2",
    ({"networks": [{"name": "one", "aliases": "api"}]}, "networks.aliases"),
    ({"networks": [{"name": "one", "aliases": [True]}]}, "networks.aliases"),
    ({"networks": [{"name": "one", "options": [1]}]}, "networks.options"),
    ({"networks": [{"name": "one", "options": {"a": []}}]}, "networks.options"),
    ({"networks": [{"name": {}}]}, "networks"),
    ({"networks": [5]}, "networks"),
    ({"networks": {"one": None}}, "networks"),
    ({"placement": {"preferences": [{"spred": "node.labels.zone"}]}}, "placement.preferences.spred"),
    ({"placement": {"preferences": ["node.labels.zone"]}}, "placement.preferences"),
    ({"healthcheck": {"test": {"a": 1}}}, "healthcheck.test"),
    ({"healthcheck": {"test": ["CMD", 1, True]}}, "healthcheck.test"),
    ({"healthcheck": {"test": 5}}, "healthcheck.test"),
    ({"privileges": {"seccomp": {"mode": "custom", "profile": [1]}}}, "privileges.seccomp.profile"),
    ({"ulimits": {"nofile": {"soft": 1, "hrad": 2}}}, "ulimits"),
    ({"ulimits": {"nofile": {"soft": []}}}, "ulimits"),
    ({"init": []}, "init"),
    ({"init": {}}, "init"),
    ({"resolve_image": []}, "resolve_image"),
    ({"resolve_image": {"a": 1}}, "resolve_image"),
)  # fmt: skip

NAMES = [
    *_service(
        "t3",
        ({"logging": {"driver": "not a driver"}}, "logging.driver"),
        (_mount(driver_config={"name": "not a driver"}), "mounts.driver_config.name"),
        ({"cap_add": ["NET_ADMN"]}, "cap_add"),
        ({"cap_drop": ["not a capability"]}, "cap_drop"),
        ({"ulimits": {"nofiles": 5}}, "ulimits"),
        ({"stop_signal": "SIGTREM"}, "stop_signal"),
        ({"stop_signal": "0"}, "stop_signal"),
        ({"user": "a b"}, "user"),
        ({"groups": [""]}, "groups"),
        ({"hostname": "a b"}, "hostname"),
        ({"working_dir": "data"}, "working_dir"),
        ({"dns": ["one"]}, "dns"),
        ({"dns_search": ["a b"]}, "dns_search"),
        ({"sysctls": {"somaxconn": "1"}}, "sysctls"),
        ({"secrets": [{"secret_name": "one", "uid": "root"}]}, "secrets.uid"),
        ({"configs": [{"config_name": "one", "gid": "-1"}]}, "configs.gid"),
        ({"placement": {"platforms": [{"os": "Linux"}]}}, "placement.platforms.os"),
        ({"reservations": {"generic_resources": [{"kind": "a=b", "value": 1}]}}, "reservations.generic_resources.kind"),
        ({"reservations": {"generic_resources": [{"kind": "gpu", "value": -1}]}}, "reservations.generic_resources.value"),
    ),
    pytest.param("swarm_config", {"template_driver": "not a driver"}, "template_driver"),
    pytest.param("swarm_config", {"template_driver": "Golang"}, "template_driver"),
    pytest.param("swarm_secret", {"template_driver": "jinja"}, "template_driver"),
    pytest.param("swarm_secret", {"driver": {"name": "a b"}, "data": None}, "driver.name"),
    pytest.param("swarm_network", {"driver": "a b"}, "driver"),
    pytest.param("swarm_network", {"ipam_driver": "a b"}, "ipam_driver"),
    pytest.param("swarm_network", {"ipam_driver": "DEFAULT"}, "ipam_driver"),
    pytest.param("swarm_volume", {"driver": "a b"}, "driver"),
]  # fmt: skip

CONSTRAINTS = [
    *_service(
        "f6",
        *(
            ({"placement": {"constraints": [text]}}, "placement.constraints")
            for text in [
                "rack == large",
                "node.label.rack == large",
                "node.rack==large",
                "node.hostnme==a",
                "engine.label.os==a",
                "node.labels.==a",
                "node.role==boss",
                "node.ip==a",
                "node.ip==10.0.0.0/255.0.0.0",
                "node.role=manager",
                "node.labels.a==",
                "node.labels.a==b,c",
            ]
        ),
    ),
    *_service(
        "f6",
        ({"placement": {"preferences": [{"spread": "rack"}]}}, "placement.preferences.spread"),
        ({"placement": {"preferences": [{"spread": "node.hostname"}]}}, "placement.preferences.spread"),
    ),
]  # fmt: skip


REFUSED = [*DURATIONS, *NUMBERS, *MODES, *TYPES, *LEVELS, *NAMES, *CONSTRAINTS]


def task_of(module, options):
    """The options of a task; None takes one away that it has otherwise."""
    return {key: value for key, value in {**TASKS[module], **options}.items() if value is not None}


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    return host


@pytest.mark.parametrize("version", [API_1_51], indirect=True, ids=["api1.51"])
@pytest.mark.parametrize(("module", "options", "option"), REFUSED)
def test_what_is_refused(manager, module, options, option):
    for check in (True, False):
        before = len(manager.writes)
        result = on(manager)(module, task_of(module, options), check=check)
        assert result["failed"], result
        assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", option), result["msg"]
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
