# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users of other tools had trouble with, as values: options, where they have to land, and lives of a service.

Services here have no tasks (replicas: 0) but where the tasks are the point.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..steps import Step
from .real import IMAGE

NAME = "promise"
SECOND = 10**9
MODULE = "swarm_service"
# A service that is only a spec.
QUIET: dict[str, Any] = {"name": NAME, "image": IMAGE, "replicas": 0, "resolve_image": "never", "wait": False}
# One whose tasks start, are watched and end quickly.
QUICK: dict[str, Any] = {"monitor": "500ms", "parallelism": 0}
BUSY: dict[str, Any] = {
    "name": NAME,
    "image": IMAGE,
    "resolve_image": "never",
    "args": ["sleep", "1000"],
    "replicas": 2,
    "stop_signal": "SIGKILL",
    "restart_config": {"delay": "100ms"},
    "update_config": QUICK,
    "rollback_config": QUICK,
    "wait_timeout": 60,
}
DIGEST = "@sha256:" + "0123456789abcdef" * 4
_C = "TaskTemplate.ContainerSpec"


def change(**options: Any) -> dict[str, Any]:
    """A task that names what it changes, and nothing else."""
    return {"name": NAME, "wait": False, **options}


def step(options: dict[str, Any], **expected: Any) -> Step:
    return Step(MODULE, change(**options), **expected)


def raw(spec: Any, path: str) -> Any:
    """The value at a dotted path of the engine's document, numbers being places in lists; None where there is none."""
    for key in path.split("."):
        if spec is None:
            return None
        spec = spec[int(key)] if isinstance(spec, list) else spec.get(key)
    return spec


class Promise(NamedTuple):
    """Options, and what the engine's document has to say afterwards."""

    title: str
    options: dict[str, Any]
    lands: dict[str, Any]

    def __str__(self) -> str:
        return self.title


def _rollout(option: str, place: str) -> Promise:
    lands = {"Parallelism": 1, "Delay": SECOND, "FailureAction": "pause", "Order": "stop-first"}
    title = f"a delay in {option} makes all tasks go at once and failures be ignored"
    return Promise(title, {option: {"delay": "1s"}}, {f"{place}.{key}": value for key, value in lands.items()})


def _cpus(number: float, nano: int) -> Promise:
    limits = {"limits": {"cpus": number}, "reservations": {"cpus": number}}
    places = {f"TaskTemplate.Resources.{side}.NanoCPUs": nano for side in ("Limits", "Reservations")}
    return Promise(f"cpus: {number} is changed on every run", limits, places)


# Each is to land when a service is created and when it is there already, and to be unchanged afterwards.
PROMISES = [
    Promise(
        "hosts with an IPv6 address are changed on every run",
        {"hosts": {"foo": "2001:db8::1"}},
        {f"{_C}.Hosts": ["2001:db8::1 foo"]},
    ),
    Promise(
        "no limit of memory, written 0, is changed on every run",
        {"limits": {"memory": "0"}},
        {"TaskTemplate.Resources.Limits.MemoryBytes": None},
    ),
    Promise(
        "no limit of cpus, written 0, is changed on every run",
        {"limits": {"cpus": 0}},
        {"TaskTemplate.Resources.Limits.NanoCPUs": None},
    ),
    _cpus(2.05, 2_050_000_000),
    _cpus(4.1, 4_100_000_000),
    _cpus(8.2, 8_200_000_000),
    Promise("healthcheck NONE is never applied", {"healthcheck": {"test": "NONE"}}, {f"{_C}.Healthcheck.Test": ["NONE"]}),
    Promise(
        "healthcheck without test is ignored",
        {"healthcheck": {"interval": "30s"}},
        {f"{_C}.Healthcheck.Interval": 30 * SECOND, f"{_C}.Healthcheck.Test": None},
    ),
    Promise(
        "durations reject 1.5s",
        {"healthcheck": {"timeout": "1.5s"}, "stop_grace_period": "1.5s"},
        {f"{_C}.Healthcheck.Timeout": 3 * SECOND // 2, f"{_C}.StopGracePeriod": 3 * SECOND // 2},
    ),
    Promise(
        "a quoted octal mode becomes a decimal one",
        {
            "secrets": [{"secret_name": "one", "mode": "0444"}, {"secret_name": "two", "mode": 0o400}],
            "configs": [{"config_name": "one", "mode": "0440"}],
        },
        {
            f"{_C}.Secrets.0.File.Mode": 0o444,
            f"{_C}.Secrets.1.File.Mode": 0o400,
            f"{_C}.Configs.0.File.Mode": 0o440,
        },
    ),
    Promise(
        "sctp is rejected",
        {"publish": [{"target_port": 80, "published_port": 18080, "protocol": "sctp", "mode": "host"}]},
        {"EndpointSpec.Ports.0.Protocol": "sctp"},
    ),
    Promise("a random port is changed on every run", {"publish": [{"target_port": 80}]}, {"EndpointSpec.Ports.0.TargetPort": 80}),
    Promise(
        "max_attempts turns restarts off",
        {"restart_config": {"max_attempts": 3}},
        {
            "TaskTemplate.RestartPolicy.Condition": "any",
            "TaskTemplate.RestartPolicy.Delay": 5 * SECOND,
            "TaskTemplate.RestartPolicy.MaxAttempts": 3,
        },
    ),
    _rollout("update_config", "UpdateConfig"),
    _rollout("rollback_config", "RollbackConfig"),
    Promise(
        "resolve_image makes nonsense of an image with a digest",
        {"image": IMAGE + DIGEST, "resolve_image": True},
        {f"{_C}.Image": IMAGE + DIGEST},
    ),
    Promise(
        "services take no ulimits",
        {"ulimits": {"nofile": 1024}},
        {f"{_C}.Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 1024}]},
    ),
    Promise("services take no limit of processes", {"limits": {"pids": 9}}, {"TaskTemplate.Resources.Limits.Pids": 9}),
    Promise("stdin cannot be kept open", {"stdin_open": True}, {f"{_C}.OpenStdin": True}),
]  # fmt: skip
# The same for what only newer engines have.
NEWER_PROMISES = [
    Promise(
        "healthcheck rejects start_interval",
        {"healthcheck": {"start_interval": "2s"}},
        {f"{_C}.Healthcheck.StartInterval": 2 * SECOND},
    ),
    Promise(
        "services take no seccomp profile",
        {"privileges": {"seccomp": {"mode": "unconfined"}, "no_new_privileges": True}},
        {f"{_C}.Privileges.Seccomp.Mode": "unconfined", f"{_C}.Privileges.NoNewPrivileges": True},
    ),
]


# -- lives: what a task does not name stays ----------------------------------------------------------------------------

# Something of every kind, so that there is something to be lost.
FULL: dict[str, Any] = {
    **QUIET,
    "args": ["sleep", "1000"],
    "user": "nobody",
    "env": {"STAGE": "winter", "EMPTY": ""},
    "labels": {"team": "shop", "com.docker.stack.namespace": "shop", "com.docker.stack.image": IMAGE},
    "container_labels": {"own": "1", "com.docker.stack.namespace": "shop"},
    "networks": [{"name": "one", "aliases": ["first"]}],
    "limits": {"memory": "64M", "cpus": 0.5},
    "healthcheck": {"test": ["CMD", "true"], "retries": 2},
    "mounts": [
        {"type": "bind", "source": "/tmp", "target": "/data", "readonly": True},
        {"type": "volume", "source": "data", "target": "/volume", "no_copy": True, "labels": {"a": "1"}},
    ],
    "secrets": [{"secret_name": "one", "uid": "33", "gid": "44", "mode": "0400"}],
    "configs": [{"config_name": "one", "filename": "/etc/one"}],
    "rollback_config": {"parallelism": 2, "delay": "3s"},
    "placement": {"constraints": ["node.labels.season!=summer"]},
    "publish": [{"target_port": 99, "published_port": 19999, "mode": "host"}],
}
_BIND, _VOLUME = FULL["mounts"]


def _without(item: dict[str, Any], *options: str) -> dict[str, Any]:
    return {option: value for option, value in item.items() if option not in options}


def _still_of_the_stack(result: dict[str, Any]) -> None:
    service, stack = result["service"], {"com.docker.stack.namespace": "shop"}
    assert (service["labels"], service["container_labels"]) == ({**stack, "com.docker.stack.image": IMAGE}, stack)


def _still_two_at_once(result: dict[str, Any]) -> None:
    assert result["service"]["rollback_config"]["parallelism"] == 2


# Each step's diff must be exactly what moves in the raw spec of a FULL service.
LIVES: dict[str, list[Step]] = {
    "a task that only scales drops env, labels, networks, limits and command": [
        step({"replicas": 3}, diff={"replicas"}),
    ],
    "a task that only sets a label drops the healthcheck": [
        step({"labels": {"team": "barn"}}, diff={"labels"}),
    ],
    "restarting a service of a stack strips it of its settings": [
        step({"force_update": True}, diff={"force_update"}, repeats=False),
        step({"force_update": True}, diff={"force_update"}, repeats=False),
        step({"replicas": 1}, diff={"replicas"}),
    ],
    "labels of the task take those of the stack away": [
        step({"labels": {}, "container_labels": {}}, diff={"labels", "container_labels"}, holds=_still_of_the_stack),
    ],
    "a mount cannot be made writable again by leaving readonly out": [
        step({"mounts": [_without(_BIND, "readonly"), _VOLUME]}, diff={"mounts"}),
    ],
    "options of a volume cannot be taken away by leaving them out": [
        step({"mounts": [_BIND, _without(_VOLUME, "no_copy", "labels")]}, diff={"mounts"}),
    ],
    "options of a secret cannot be taken away by leaving them out": [
        step({"secrets": [{"secret_name": "one"}]}, diff={"secrets"}),
    ],
    "options of a config cannot be taken away by leaving them out": [
        step({"configs": [{"config_name": "one"}]}, diff={"configs"}),
    ],
    "the user cannot be taken away": [
        step({"user": ""}, diff={"user"}),
    ],
    "rollback_config keeps what it has": [
        step({"rollback_config": {"delay": "0s"}}, diff={"rollback_config"}, holds=_still_two_at_once),
        step({"rollback_config": {}}, diff={"rollback_config"}),
    ],
    "networks as dictionaries and as names": [
        step({"networks": [{"name": "one", "aliases": ["first"]}]}, changed=False),
        step({"networks": ["one", {"name": "two", "options": {"x": "y"}}]}, diff={"networks"}),
    ],
    "what cannot be is said before anything is written": [
        step({"networks": ["on"]}, failure={"kind": "bad_input", "option": "networks"}, predicts=False),
        step({"mode": "global"}, failure={"kind": "refused", "option": "mode"}),
        step({"mode": "global", "networks": ["two"]}, failure={"kind": "refused", "option": "mode"}),
        step({"update_config": {"monitor": "soon"}}, failure={"kind": "bad_input", "option": "update_config.monitor"}),
        step(
            {"secrets": [{"secret_name": "one", "mode": "0999"}]},
            failure={"kind": "bad_input", "option": "secrets.mode"},
        ),
    ],
}


# -- lives: secrets in the environment ---------------------------------------------------------------------------------

HIDDEN = ("hunter2", "swordfish", "open-sesame")
# Older Ansible returns the options with every result, newer one when it is told to (INJECT_INVOCATION).
_SHY = {"hide_env": True, "_ansible_inject_invocation": True}
HIDDEN_LIFE = [
    Step(MODULE, {**QUIET, **_SHY, "env": {"PASSWORD": HIDDEN[0], "STAGE": "x"}}, hidden=HIDDEN, name="create"),
    step({**_SHY, "env": [f"PASSWORD={HIDDEN[1]}", "STAGE=x"]}, hidden=HIDDEN, diff={"env"}, name="change"),
    step({**_SHY, "env": {"TOKEN": HIDDEN[2]}, "env_state": "merge"}, hidden=HIDDEN, diff={"env"}, name="merge"),
    step({**_SHY, "labels": {"a": "1"}}, hidden=HIDDEN, diff={"labels"}, name="something else"),
    step({**_SHY, "env": {"STAGE": "y"}}, hidden=HIDDEN, diff={"env"}, name="take away"),
    step(
        {**_SHY, "env": [f"={HIDDEN[0]}"]},
        hidden=HIDDEN,
        failure={"kind": "bad_input", "option": "env"},
        name="no name",
    ),
    step(
        {**_SHY, "env": {"PASSWORD": [HIDDEN[0]]}},
        hidden=HIDDEN,
        failure={"kind": "bad_input", "option": "env"},
        name="no string",
    ),
    step(
        {**_SHY, "env": {"PASSWORD": HIDDEN[0]}, "networks": ["nope"]},
        hidden=HIDDEN,
        failure={"kind": "bad_input", "option": "networks"},
        predicts=False,
    ),
    step({**_SHY, "state": "rolled_back"}, hidden=HIDDEN, name="roll back", repeats=False),
    step({**_SHY, "state": "absent"}, hidden=HIDDEN, name="remove"),
]


# -- tasks that may go on ----------------------------------------------------------------------------------------------


class Gentle(NamedTuple):
    """A change, or what looks like one, for which no task has to go."""

    title: str
    options: dict[str, Any]
    changed: bool

    def __str__(self) -> str:
        return self.title


CROWD: dict[str, Any] = {
    **BUSY,
    "name": "crowd",
    "env": {"A": "1", "B": "2"},
    "mounts": [{"type": "tmpfs", "target": "/one"}, {"type": "volume", "source": "data", "target": "/two"}],
    "networks": [{"name": "one", "aliases": ["a", "b"]}, "two"],
    "publish": [{"target_port": 80, "mode": "host"}, {"target_port": 81, "mode": "host", "protocol": "udp"}],
    "placement": {"constraints": ["node.role==manager", "node.platform.os==linux"]},
    "groups": ["100", "101"],
    "cap_add": ["NET_ADMIN", "SYS_TIME"],
    "cap_drop": ["CHOWN", "MKNOD"],
    "limits": {"memory": "64M", "cpus": 0.5},
}
_EMPTY: dict[str, Any] = {
    **{key: {} for key in ("container_labels", "sysctls", "ulimits", "hosts", "healthcheck", "privileges", "logging")},
    **{key: [] for key in ("secrets", "configs", "dns", "dns_search", "dns_options", "command")},
    **dict.fromkeys(("user", "hostname", "working_dir", "init"), ""),
    "reservations": {},
    "tty": False,
    "read_only": False,
    "isolation": "default",
}
GENTLE = [
    Gentle("labels", {"labels": {"team": "shop"}}, True),
    Gentle("update policy", {"update_config": {"order": "start-first", "delay": "1s"}}, True),
    Gentle("rollback policy", {"rollback_config": {"failure_action": "continue"}}, True),
    Gentle("a constraint that the nodes meet", {"placement": {"constraints": ["node.role==manager", "node.id!=x"]}}, True),
    Gentle("env in another order", {"env": ["B=2", "A=1"]}, False),
    Gentle("mounts in another order", {"mounts": CROWD["mounts"][::-1]}, False),
    Gentle("networks in another order", {"networks": ["two", {"name": "one", "aliases": ["b", "a"]}]}, False),
    Gentle("ports in another order", {"publish": CROWD["publish"][::-1]}, False),
    Gentle("groups in another order", {"groups": ["101", "100"]}, False),
    Gentle("capabilities in another order", {"cap_add": ["sys_time", "net_admin"], "cap_drop": ["MKNOD", "CHOWN"]}, False),
    Gentle("resources as they are", {"limits": {"memory": "65536k", "cpus": 0.50}}, False),
    Gentle("restart policy as it is", {"restart_config": {"condition": "any", "window": "0s"}}, False),
    Gentle("endpoint_mode written out", {"endpoint_mode": "vip"}, False),
    Gentle("empty options that are empty", _EMPTY, False),
    Gentle("the image in full", {"image": f"docker.io/{IMAGE}", "resolve_image": "changed"}, False),
]  # fmt: skip
