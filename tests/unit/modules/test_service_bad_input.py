# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant of a service: the option is named, and nothing is written, in check mode too.

The messages are in messages/services.txt.
"""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table

NEW = {"name": "new", "image": "lab/busybox:1", "wait": False, "resolve_image": "never"}
BIND = {"type": "bind", "source": "/a", "target": "/b"}
VOLUME = {"type": "volume", "source": "data", "target": "/b"}
WRONG = {
    "empty image": ({"image": ""}, "image"),
    "no reference": ({"image": "Bad Image"}, "image"),
    "resolve_image": ({"resolve_image": "sometimes"}, "resolve_image"),
    "name": ({"name": "a b"}, "name"),
    "long name": ({"name": "a" * 64}, "name"),
    "replicas of a global service": ({"mode": "global", "replicas": 2}, "replicas"),
    "negative replicas": ({"replicas": -2}, "replicas"),
    "concurrency of no job": ({"max_concurrent": 2}, "max_concurrent"),
    "max per node of a global service": (
        {"mode": "global", "placement": {"replicas_max_per_node": 2}},
        "placement.replicas_max_per_node",
    ),
    "update of a job": (
        {"mode": "replicated-job", "update_config": {"delay": "1s"}},
        "update_config",
    ),
    "rollback of a job": ({"mode": "global-job", "rollback_config": {"delay": "1s"}}, "rollback_config"),
    "restart of a job": (
        {"mode": "replicated-job", "restart_config": {"condition": "any"}},
        "restart_config.condition",
    ),
    "dnsrr with ingress": (
        {"endpoint_mode": "dnsrr", "publish": [{"target_port": 80}]},
        "publish",
    ),
    "a port twice": (
        {"publish": [{"target_port": 80, "published_port": 8080}, {"target_port": 81, "published_port": 8080}]},
        "publish",
    ),
    "no port": ({"publish": [{"target_port": 0}]}, "publish.target_port"),
    "too high a port": ({"publish": [{"target_port": 80, "published_port": 65536}]}, "publish.published_port"),
    "a target twice": ({"mounts": [BIND, {**BIND, "source": "/c"}]}, "mounts.target"),
    "a target twice, with a slash": ({"mounts": [BIND, {**BIND, "target": f"{BIND['target']}/"}]}, "mounts.target"),
    "a secret's empty file name": ({"secrets": [{"secret_name": "one", "filename": ""}]}, "secrets.filename"),
    "relative target": ({"mounts": [{**BIND, "target": "b"}]}, "mounts.target"),
    "relative source": ({"mounts": [{**BIND, "source": "a"}]}, "mounts.source"),
    "no source": ({"mounts": [{"type": "bind", "target": "/b"}]}, "mounts.source"),
    "a source of tmpfs": (
        {"mounts": [{"type": "tmpfs", "source": "/a", "target": "/b"}]},
        "mounts.source",
    ),
    "an option of another type": (
        {"mounts": [{**BIND, "tmpfs_size": "1M"}]},
        "mounts.tmpfs_size",
    ),
    "a mount over everything": ({"mounts": [{**BIND, "target": "/a/.."}]}, "mounts.target"),
    "an absolute subpath": ({"mounts": [{**VOLUME, "subpath": "/a"}]}, "mounts.subpath"),
    "a subpath that leads out": ({"mounts": [{**VOLUME, "subpath": "a/../../b"}]}, "mounts.subpath"),
    "an option of the file system": (
        {"mounts": [{"type": "tmpfs", "target": "/b", "tmpfs_options": ["uid=1000"]}]},
        "mounts.tmpfs_options",
    ),
    "a capability of updates with the command line": ({"cap_add": ["RESET"]}, "cap_add"),
    "a long host name": ({"hostname": "é" * 33}, "hostname"),
    "a negative user": ({"user": "-1"}, "user"),
    "a group out of bounds": ({"user": "0:2147483648"}, "user"),
    "no program": ({"command": ["", "a"]}, "command"),
    "tmpfs size": ({"mounts": [{"type": "tmpfs", "target": "/b", "tmpfs_size": "1X"}]}, "mounts.tmpfs_size"),
    "tmpfs mode": ({"mounts": [{"type": "tmpfs", "target": "/b", "tmpfs_mode": "99"}]}, "mounts.tmpfs_mode"),
    "a file twice": (
        {"secrets": [{"secret_name": "one"}, {"secret_name": "two", "filename": "one"}]},
        "secrets.filename",
    ),
    "another secret's ID": (
        {"secrets": [{"secret_name": "one", "secret_id": "nonsense"}]},
        "secrets.secret_id",
    ),
    "mode of a secret": ({"secrets": [{"secret_name": "one", "mode": "rw"}]}, "secrets.mode"),
    "a network twice": ({"networks": ["one", {"name": "one"}]}, "networks"),
    "the host's network and another": ({"networks": ["host", "one"]}, "networks"),
    "ports on the host's network": (
        {"networks": ["host"], "publish": [{"target_port": 80, "published_port": 80}]},
        "publish",
    ),
    "an unknown placeholder": ({"env": {"NODE": "{{ .Node.HostName }}"}}, "env"),
    "an open placeholder": ({"env": ["NODE={{.Node.Hostname}"]}, "env"),
    "an empty placeholder": ({"hostname": "a-{{}}"}, "hostname"),
    "a placeholder in a source": (
        {"mounts": [{"type": "volume", "source": "{{.Task.slot}}", "target": "/b"}]},
        "mounts.source",
    ),
    "a placeholder in a target": ({"mounts": [{**BIND, "target": "/{{.Task}"}]}, "mounts.target"),
    "a placeholder as directory": ({"working_dir": "{{.Node.ID}}"}, "working_dir"),
    "the ingress network": ({"networks": ["ingress"]}, "networks"),
    "no network": ({"networks": [{"aliases": ["a"]}]}, "networks"),
    "an unknown key of a network": (
        {"networks": [{"name": "one", "alias": "a"}]},
        "networks",
    ),
    "little memory": ({"limits": {"memory": "1M"}}, "limits.memory"),
    "memory": ({"limits": {"memory": "much"}}, "limits.memory"),
    "little CPU": ({"reservations": {"cpus": 0.0001}}, "reservations.cpus"),
    "a resource twice": (
        {"reservations": {"generic_resources": [{"kind": "gpu", "value": 1}, {"kind": "gpu", "value": 2}]}},
        "reservations.generic_resources",
    ),
    "a short interval": ({"healthcheck": {"test": "true", "interval": "10us"}}, "healthcheck.interval"),
    "none with more": ({"healthcheck": {"test": "NONE", "retries": 3}}, "healthcheck"),
    "a test without a word": ({"healthcheck": {"test": ["CMD"]}}, "healthcheck.test"),
    "a test of an empty word": ({"healthcheck": {"test": ["CMD", ""]}}, "healthcheck.test"),
    "a test of the shell without a word": ({"healthcheck": {"test": ["CMD-SHELL"]}}, "healthcheck.test"),
    "none with words": ({"healthcheck": {"test": ["NONE", "true"]}}, "healthcheck.test"),
    "a test": ({"healthcheck": {"test": ["true"]}}, "healthcheck.test"),
    "a duration": ({"stop_grace_period": "soon"}, "stop_grace_period"),
    "a nested duration": ({"update_config": {"delay": "1y"}}, "update_config.delay"),
    "a ratio": ({"update_config": {"max_failure_ratio": 1.5}}, "update_config.max_failure_ratio"),
    "a constraint": ({"placement": {"constraints": ["node.role=manager"]}}, "placement.constraints"),
    "two credential specs": ({"credential_spec": {"file": "a", "registry": "b"}}, "credential_spec"),
    "a profile without custom": (
        {"privileges": {"seccomp": {"profile": "{}"}}},
        "privileges.seccomp",
    ),
    "invalid JSON": ({"privileges": {"seccomp": {"mode": "custom", "profile": "{"}}}, "privileges.seccomp.profile"),
    "an env that is a flag": ({"env": {"A": True}}, "env"),
    "an env without a name": ({"env": ["=a"]}, "env"),
    "an env with = in a name": ({"env": {"A=B": 1}}, "env"),
    "no env": ({"env": 3}, "env"),
    "a label": ({"labels": {"a": 1.10}}, "labels"),
    "a label without a key": ({"labels": {"": "x"}}, "labels"),
    "a label in a list with a blank as its key": ({"labels": [" =x"]}, "labels"),
    "a container's label without a key": ({"container_labels": {" ": "x"}}, "container_labels"),
    "a volume's label without a key": ({"mounts": [{**BIND, "labels": {"": "x"}}]}, "mounts.labels"),
    "a capability unlike all others": ({"cap_add": ["FOO"]}, "cap_add"),
    "a host": ({"hosts": {"a": "b"}}, "hosts"),
    "a host in a list": ({"hosts": ["a"]}, "hosts"),
    "a ulimit": ({"ulimits": {"nofile": "many"}}, "ulimits"),
    "ulimits the wrong way": ({"ulimits": {"nofile": {"soft": 2, "hard": 1}}}, "ulimits"),
    "init": ({"init": "perhaps"}, "init"),
    "oom_score_adj": ({"oom_score_adj": 1001}, "oom_score_adj"),
    "a plugin elsewhere": ({"plugin": {"name": "a", "remote": "b"}, "mode": "replicated"}, "mode"),
    "no file of variables": ({"env_files": ["/nonexistent"]}, "env_files"),
    "a short volume name": ({"mounts": [{"type": "volume", "source": "v", "target": "/v"}]}, "mounts.source"),
    "a volume name with a blank": ({"mounts": [{"type": "volume", "source": "a b", "target": "/v"}]}, "mounts.source"),
    "half a login": ({"registry_auth": {"username": "a"}}, "registry_auth"),
    "back to another one": ({"state": "rolled_back"}, "image"),
}  # fmt: skip


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    table.make_referred(host)
    return host


def refused(manager, args, kind, message="", option=None):
    for check in (True, False):
        before = len(manager.writes)
        result = on(manager)("swarm_service", args, check=check)
        assert result["failed"], result
        assert result["failure"]["kind"] == kind, result["msg"]
        assert message in result["msg"]
        assert option in (None, result["failure"].get("option"))
        assert len(manager.writes) == before


@pytest.mark.parametrize("version", [API_1_51], indirect=True)
@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_meant(manager, name):
    args, option = WRONG[name]
    task = {key: value for key, value in {**NEW, **args}.items() if value is not None}
    refused(manager, task, "bad_input", option=option)


UNKNOWN = {
    "a network": ({"networks": ["onee"]}, "networks"),
    "a network of the engine's own": ({"networks": ["hosst"]}, "networks"),
    "a secret": ({"secrets": [{"secret_name": "tow"}]}, "secrets"),
    "a config": ({"configs": [{"config_name": "zzz"}]}, "configs"),
    "a credential spec": (
        {"credential_spec": {"config": "noe"}},
        "credential_spec.config",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_there_may_come_in_check_mode(manager, name):
    """An earlier task of the same run may create it, so check mode warns and goes on."""
    args, option = UNKNOWN[name]
    before = len(manager.writes)
    foreseen = on(manager)("swarm_service", {**NEW, **args}, check=True)
    assert foreseen["changed"]
    assert any(warning.startswith(f"{option}: ") for warning in foreseen["warnings"])
    result = on(manager)("swarm_service", {**NEW, **args})
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", option)
    assert len(manager.writes) == before


@pytest.mark.parametrize("version", [API_1_51], indirect=True)
def test_c2_a_hint_names_only_networks_that_services_can_have(manager):
    message = on(manager)("swarm_service", {**NEW, "networks": ["nonee"]})["msg"]
    assert "nonee" in message and "'none'" not in message


CHANGES = {
    "another mode": (
        {"mode": "global"},
        "refused",
        "mode: service new is replicated and cannot be changed to global in place",
    ),
    "replicas of what is global": (
        {"name": "agent", "replicas": 2},
        "bad_input",
        "replicas: not supported with mode global",
    ),
    "no previous spec": (
        {"state": "rolled_back"},
        "refused",
        "Service new has no previous spec: it was never updated.",
    ),
    "dnsrr where ports are": (
        {"endpoint_mode": "dnsrr"},
        "bad_input",
        "publish: endpoint_mode dnsrr does not support ingress",
    ),
}


@pytest.mark.parametrize("version", [API_1_51], indirect=True)
@pytest.mark.parametrize("name", CHANGES)
def test_what_a_live_service_cannot_become(manager, name):
    for own in ({}, {"name": "agent", "mode": "global"}):
        made = on(manager)("swarm_service", {**NEW, "publish": [{"target_port": 80}], **own})
        assert not made["failed"], made["msg"]
    args, kind, message = CHANGES[name]
    refused(manager, {"name": "new", "wait": False, **args}, kind, message)


def test_a_login_that_cannot_be_read(manager, tmp_path, monkeypatch):
    """C1: also where the registry is not asked, and only the nodes would use the login."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text("[]")
    refused(manager, {**NEW, "with_registry_auth": True}, "bad_input", "config.json is not a JSON object")


def test_volumes_of_other_drivers_and_templates_have_any_name(manager):
    mounts = [
        {"type": "volume", "source": "v", "target": "/a", "driver_config": {"name": "other"}},
        {"type": "volume", "source": "{{.Task.Slot}}", "target": "/b"},
    ]
    assert not on(manager)("swarm_service", {**NEW, "mounts": mounts}, check=True)["failed"]
