# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant of a service: the option is named, and nothing is written, in check mode too."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table

NEW = {"name": "new", "image": "lab/busybox:1", "wait": False, "resolve_image": "never"}
BIND = {"type": "bind", "source": "/a", "target": "/b"}
WRONG = {
    "empty image": ({"image": ""}, "image: must not be empty"),
    "no reference": ({"image": "Bad Image"}, "image: "),
    "resolve_image": ({"resolve_image": "sometimes"}, "resolve_image: 'sometimes' is not valid. Use changed, always"),
    "name": ({"name": "a b"}, "is not a valid name"),
    "long name": ({"name": "a" * 64}, "name: 'aaa"),
    "replicas of a global service": ({"mode": "global", "replicas": 2}, "replicas: not supported with mode global"),
    "negative replicas": ({"replicas": -2}, "replicas: -2 is out of bounds: it must be at least 0"),
    "concurrency of no job": ({"max_concurrent": 2}, "max_concurrent: only supported with mode replicated-job"),
    "max per node of a global service": (
        {"mode": "global", "placement": {"replicas_max_per_node": 2}},
        "placement.replicas_max_per_node: not supported with mode global",
    ),
    "update of a job": (
        {"mode": "replicated-job", "update_config": {"delay": "1s"}},
        "update_config: not supported with mode replicated-job",
    ),
    "rollback of a job": ({"mode": "global-job", "rollback_config": {"delay": "1s"}}, "rollback_config: not supported with mode global-job"),
    "restart of a job": (
        {"mode": "replicated-job", "restart_config": {"condition": "any"}},
        "restart_config.condition: any is not supported for jobs",
    ),
    "dnsrr with ingress": (
        {"endpoint_mode": "dnsrr", "publish": [{"target_port": 80}]},
        "publish: endpoint_mode dnsrr does not support ingress. Publish with mode: host",
    ),
    "a port twice": (
        {"publish": [{"target_port": 80, "published_port": 8080}, {"target_port": 81, "published_port": 8080}]},
        "publish: port 8080/tcp is published twice.",
    ),
    "no port": ({"publish": [{"target_port": 0}]}, "publish.target_port: 0 is out of bounds: it must be from 1 to 65535"),
    "too high a port": ({"publish": [{"target_port": 80, "published_port": 65536}]}, "publish.published_port: 65536 is"),
    "a target twice": ({"mounts": [BIND, {**BIND, "source": "/c"}]}, "mounts.target: two mounts have the target /b."),
    "relative target": ({"mounts": [{**BIND, "target": "b"}]}, "mounts.target: 'b' is not an absolute path."),
    "relative source": ({"mounts": [{**BIND, "source": "a"}]}, "mounts.source: 'a' is not an absolute path. For a volume"),
    "no source": ({"mounts": [{"type": "bind", "target": "/b"}]}, "mounts.source: required for the bind mount at /b."),
    "a source of tmpfs": (
        {"mounts": [{"type": "tmpfs", "source": "/a", "target": "/b"}]},
        "mounts.source: not supported for the tmpfs mount at /b.",
    ),
    "an option of another type": (
        {"mounts": [{**BIND, "tmpfs_size": "1M"}]},
        "mounts, and the mount at",
    ),
    "tmpfs size": ({"mounts": [{"type": "tmpfs", "target": "/b", "tmpfs_size": "1X"}]}, "mounts.tmpfs_size: '1X' is not a size"),
    "tmpfs mode": ({"mounts": [{"type": "tmpfs", "target": "/b", "tmpfs_mode": "99"}]}, "mounts.tmpfs_mode: '99' is not a file mode"),
    "a file twice": (
        {"secrets": [{"secret_name": "one"}, {"secret_name": "two", "filename": "one"}]},
        "secrets.filename: two items have the filename one.",
    ),
    "another secret's ID": (
        {"secrets": [{"secret_name": "one", "secret_id": "nonsense"}]},
        "secrets.secret_id: the ID of the secret 'one' is ",
    ),
    "mode of a secret": ({"secrets": [{"secret_name": "one", "mode": "rw"}]}, "secrets.mode: 'rw' is not a file mode"),
    "a network twice": ({"networks": ["one", {"name": "one"}]}, "networks: one is named twice."),
    "the ingress network": ({"networks": ["ingress"]}, "networks: ingress is only for published ports"),
    "no network": ({"networks": [{"aliases": ["a"]}]}, "networks: a network needs a name."),
    "an unknown key of a network": (
        {"networks": [{"name": "one", "alias": "a"}]},
        "networks: unknown key 'alias' of a network. Use name, aliases and options.",
    ),
    "little memory": ({"limits": {"memory": "1M"}}, "limits.memory: 1M is too low. The minimum is 4M."),
    "memory": ({"limits": {"memory": "much"}}, "limits.memory: 'much' is not a size. Write it like 512M"),
    "little CPU": ({"reservations": {"cpus": 0.0001}}, "reservations.cpus: 0.0001 is too low. The minimum is 0.001."),
    "a resource twice": (
        {"reservations": {"generic_resources": [{"kind": "gpu", "value": 1}, {"kind": "gpu", "value": 2}]}},
        "reservations.generic_resources: gpu is named twice.",
    ),
    "a short interval": ({"healthcheck": {"test": "true", "interval": "10us"}}, "healthcheck.interval: 10us is too short"),
    "none with more": ({"healthcheck": {"test": "NONE", "retries": 3}}, "healthcheck: test NONE disables the check"),
    "a test": ({"healthcheck": {"test": ["true"]}}, "healthcheck.test: a list must begin with CMD, CMD-SHELL or NONE, not with 'true'."),
    "a duration": ({"stop_grace_period": "soon"}, "stop_grace_period: 'soon' is not a duration. Write it like 10s"),
    "a nested duration": ({"update_config": {"delay": "1y"}}, "update_config.delay: '1y' is not a duration"),
    "a ratio": ({"update_config": {"max_failure_ratio": 1.5}}, "update_config.max_failure_ratio: 1.5 is out of bounds"),
    "a constraint": ({"placement": {"constraints": ["node.role=manager"]}}, "placement.constraints: 'node.role=manager' is not a constraint. Write it like"),
    "two credential specs": ({"credential_spec": {"file": "a", "registry": "b"}}, "credential_spec: config, file and registry are"),
    "a profile without custom": (
        {"privileges": {"seccomp": {"profile": "{}"}}},
        "privileges.seccomp: mode custom requires a profile, and the other modes do not support it.",
    ),
    "invalid JSON": ({"privileges": {"seccomp": {"mode": "custom", "profile": "{"}}}, "privileges.seccomp.profile: the text is not JSON"),
    "an env that is a flag": ({"env": {"A": True}}, "env: the value of 'A' must be a string, not the boolean true. Put it in quotes"),
    "an env without a name": ({"env": ["=a"]}, "env: item 1 has no name. Write it as NAME=value."),
    "no env": ({"env": 3}, "env: must be a mapping or a list of NAME=value."),
    "a label": ({"labels": {"a": 1.10}}, "labels: the value of 'a' must be a string, not the number 1.1. Put it in quotes"),
    "a host": ({"hosts": {"a": "b"}}, "hosts: the address of 'a' must be an IP address, not 'b'"),
    "a host in a list": ({"hosts": ["a"]}, "hosts: item 1 must be name:address, not 'a'."),
    "a ulimit": ({"ulimits": {"nofile": "many"}}, "ulimits: nofile: must be a whole number, or -1 for no limit, not 'many'."),
    "ulimits the wrong way": ({"ulimits": {"nofile": {"soft": 2, "hard": 1}}}, "ulimits: nofile: soft (2) is above hard (1)"),
    "init": ({"init": "perhaps"}, "init: must be true or false, or empty for the daemon's default, not 'perhaps'."),
    "oom_score_adj": ({"oom_score_adj": 1001}, "oom_score_adj: 1001 is out of bounds: it must be from -1000 to 1000"),
    "a plugin elsewhere": ({"plugin": {"name": "a", "remote": "b"}, "mode": "replicated"}, "mode: must be global for a plugin"),
    "no file of variables": ({"env_files": ["/nonexistent"]}, "env_files: /nonexistent cannot be read: No such file"),
    "a short volume name": ({"mounts": [{"type": "volume", "source": "v", "target": "/v"}]}, "mounts.source: 'v' is not a valid volume name"),
    "a volume name with a blank": ({"mounts": [{"type": "volume", "source": "a b", "target": "/v"}]}, "mounts.source: 'a b' is not a valid"),
    "half a login": ({"registry_auth": {"username": "a"}}, "registry_auth: requires username and password"),
    "back to another one": ({"state": "rolled_back"}, "image: cannot be combined with state: rolled_back"),
}  # fmt: skip


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    table.make_referred(host)
    return host


def refused(manager, args, kind, message):
    for check in (True, False):
        before = len(manager.writes)
        result = on(manager)("swarm_service", args, check=check)
        assert result["failed"], result
        assert result["failure"]["kind"] == kind, result["msg"]
        assert message in result["msg"]
        assert len(manager.writes) == before


@pytest.mark.parametrize("version", [API_1_51], indirect=True)
@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_meant(manager, name):
    args, message = WRONG[name]
    refused(manager, {key: value for key, value in {**NEW, **args}.items() if value is not None}, "bad_input", message)


UNKNOWN = {
    "a network": ({"networks": ["onee"]}, "networks: the swarm has no network 'onee'. Did you mean 'one'?"),
    "a network of the engine's own": ({"networks": ["hosst"]}, "no network 'hosst'. Did you mean 'host'?"),
    "a secret": ({"secrets": [{"secret_name": "tow"}]}, "secrets: the swarm has no secret 'tow'. Did you mean 'two'?"),
    "a config": ({"configs": [{"config_name": "zzz"}]}, "configs: the swarm has no config 'zzz'."),
    "a credential spec": (
        {"credential_spec": {"config": "noe"}},
        "credential_spec.config: the swarm has no config 'noe'. Did you mean 'one'?",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_there_may_come_in_check_mode(manager, name):
    """An earlier task of the same run may create it, so check mode warns and goes on."""
    args, message = UNKNOWN[name]
    before = len(manager.writes)
    foreseen = on(manager)("swarm_service", {**NEW, **args}, check=True)
    assert foreseen["changed"]
    assert any(message in warning for warning in foreseen["warnings"])
    result = on(manager)("swarm_service", {**NEW, **args})
    assert result["failure"]["kind"] == "bad_input"
    assert message in result["msg"]
    assert len(manager.writes) == before


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
