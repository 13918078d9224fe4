# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of a service: set, changed and cleared, on a service that has no tasks (replicas: 0).

Each row is played as a life: every step is first run in check mode, then for real, then both again.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

from hypothesis import strategies

from ..harness import on
from ..steps import Step, World, run_steps
from .audit import audited_service, foretold

IMAGE = "lab/busybox:1"
NAME = "options"
# Networks, secrets and configs that must be there.
REFERRED = ("one", "two")


class Row(NamedTuple):
    """An option's values.

    :param second: None where there are only two values.
    :param clear: what brings back the engine's default; None where there is none.
    :param since: the API version that it needs.
    :param base: options of the service that the row is played on.
    """

    option: str
    first: Any
    second: Any
    clear: Any
    since: str = "1.24"
    base: dict[str, Any] = {}  # noqa: RUF012 - a NamedTuple's default, never changed
    title: str = ""

    def __str__(self) -> str:
        return self.title or self.option


def _bind(**more: Any) -> list[dict[str, Any]]:
    return [{"type": "bind", "source": "/tmp", "target": "/data", **more}]


def _volume(**more: Any) -> list[dict[str, Any]]:
    return [{"type": "volume", "source": "data", "target": "/data", **more}]


def _tmpfs(**more: Any) -> list[dict[str, Any]]:
    return [{"type": "tmpfs", "target": "/data", **more}]


_JOB = {"mode": "replicated-job", "replicas": 0, "restart_config": {"condition": "none"}}
_ROLLOUTS = [
    Row(option, {key: first}, {key: second}, {}, title=f"{option}.{key}")
    for option in ("update_config", "rollback_config")
    for key, first, second in (
        ("parallelism", 2, 0),
        ("delay", "1s", "1m30s"),
        ("monitor", "1s", "20s"),
        ("max_failure_ratio", 0.1, 0.35),
    )
]

OPTIONS = [
    Row("labels", {"a": "1", "b.c": ""}, {"a": "2", "d": "x=y"}, {}),
    Row("replicas", 2, 3, None, base=_JOB, since="1.41", title="replicas of a job"),
    Row("max_concurrent", 2, 3, None, base=_JOB, since="1.41"),
    Row("image", "lab/busybox:2", "busybox@sha256:" + "a" * 64, None),
    Row("container_labels", {"a": "1"}, {"a": "2", "b": ""}, {}),
    Row("command", ["sh", "-c"], "sleep '1 0'", []),
    Row("args", ["a", "b"], ["b", "a"], []),
    Row("hostname", "one", "{{.Node.Hostname}}", ""),
    Row("env", {"A": "1", "B": None, "C": "x=y"}, ["A=2", "C=x=y", "D="], {}),
    Row("working_dir", "/a", "/b", ""),
    Row("user", "1000", "root:root", ""),
    Row("groups", ["100", "audio"], ["audio", "video"], []),
    Row("privileges", {"no_new_privileges": True}, None, {}, "1.44"),
    Row("privileges", {"seccomp": {"mode": "unconfined"}}, None, {}, "1.44", title="seccomp"),
    Row(
        "privileges",
        {"seccomp": {"mode": "custom", "profile": {"defaultAction": "SCMP_ACT_ALLOW"}}},
        {"seccomp": {"mode": "custom", "profile": '{"defaultAction": "SCMP_ACT_LOG"}'}},
        {},
        "1.44",
        title="seccomp profile",
    ),
    Row("privileges", {"apparmor": {"mode": "disabled"}}, None, {}, "1.44", title="apparmor"),
    Row(
        "privileges",
        {"selinux_context": {"user": "u", "type": "t"}},
        {"selinux_context": {"disable": True, "user": "v", "role": "r", "level": "s0"}},
        {},
        title="selinux_context",
    ),
    Row("credential_spec", {"file": "a.json"}, {"file": "b.json"}, {}),
    Row("credential_spec", {"registry": "a"}, {"registry": "b"}, {}, title="credential_spec.registry"),
    Row("credential_spec", {"config": "one"}, {"config": "two"}, {}, "1.40", title="credential_spec.config"),
    Row("init", True, False, ""),
    Row("stop_signal", "SIGINT", "SIGQUIT", ""),
    Row("tty", True, None, False),
    Row("stdin_open", True, None, False),
    Row("read_only", True, None, False),
    Row("stop_grace_period", "0s", "1m30s", ""),
    Row("mounts", _bind(), _bind(source="/var/tmp"), []),
    Row("mounts", _bind(readonly=True), _bind(), [], title="mounts.readonly"),
    Row("mounts", _bind(propagation="rslave"), _bind(propagation="shared"), [], title="mounts.propagation"),
    Row("mounts", _bind(non_recursive=True), _bind(), [], "1.41", title="mounts.non_recursive"),
    Row("mounts", _volume(), _volume(source="other"), [], title="a volume"),
    Row("mounts", _volume(source=None), _volume(), [], title="an anonymous volume"),
    Row("mounts", _volume(no_copy=True), _volume(), [], title="mounts.no_copy"),
    Row("mounts", _volume(labels={"a": "1"}), _volume(labels={"a": "2", "b": ""}), [], title="mounts.labels"),
    Row("mounts", _volume(subpath="a"), _volume(subpath="b"), [], "1.45", title="mounts.subpath"),
    Row(
        "mounts",
        _volume(driver_config={"name": "local", "options": {"type": "nfs"}}),
        _volume(driver_config={"name": "local", "options": {"type": "tmpfs", "o": "size=1m"}}),
        [],
        title="mounts.driver_config",
    ),
    Row("mounts", _tmpfs(tmpfs_size="1M"), _tmpfs(tmpfs_size="2048"), [], title="mounts.tmpfs_size"),
    Row("mounts", _tmpfs(tmpfs_mode="1777"), _tmpfs(tmpfs_mode=0o700), [], title="mounts.tmpfs_mode"),
    Row("mounts", _tmpfs(tmpfs_options=["noexec"]), _tmpfs(tmpfs_options=["exec"]), [], "1.46", title="tmpfs_options"),
    Row(
        "mounts",
        [{"type": "npipe", "source": "\\\\.\\pipe\\a", "target": "\\\\.\\pipe\\a"}],
        [{"type": "npipe", "source": "\\\\.\\pipe\\b", "target": "\\\\.\\pipe\\a"}],
        [],
        title="a named pipe",
    ),
    Row(
        "mounts",
        [{"type": "cluster", "source": "a", "target": "/data"}],
        [{"type": "cluster", "source": "group:b", "target": "/data"}],
        [],
        "1.42",
        title="a cluster volume",
    ),
    Row("healthcheck", {"test": "true"}, {"test": ["CMD", "true"]}, {}, title="healthcheck.test"),
    Row("healthcheck", {"test": "NONE"}, {"test": ["CMD", "true"]}, {}, title="healthcheck NONE"),
    Row("healthcheck", {"interval": "30s"}, {"interval": "1m"}, {}, title="healthcheck.interval"),
    Row("healthcheck", {"timeout": "1.5s"}, {"timeout": "2s"}, {}, title="healthcheck.timeout"),
    Row("healthcheck", {"retries": 3}, {"retries": 5}, {}, title="healthcheck.retries"),
    Row("healthcheck", {"start_period": "10s"}, {"start_period": "1h"}, {}, title="healthcheck.start_period"),
    Row("healthcheck", {"start_interval": "1s"}, {"start_interval": "2s"}, {}, "1.44", title="healthcheck.start_interval"),
    Row("hosts", {"a": "192.0.2.1", "b": "2001:db8::1"}, {"a": ["192.0.2.1", "192.0.2.2"]}, {}),
    Row("dns", ["192.0.2.1", "192.0.2.2"], ["192.0.2.2", "192.0.2.1"], []),
    Row("dns_search", ["a.example", "b.example"], ["b.example"], []),
    Row("dns_options", ["timeout:3"], ["timeout:4", "ndots:2"], []),
    Row("secrets", [{"secret_name": "one"}], [{"secret_name": "one"}, {"secret_name": "two", "mode": "0400"}], []),
    Row(
        "secrets",
        [{"secret_name": "one", "filename": "a", "uid": "1", "gid": "2", "mode": 0o440}],
        [{"secret_name": "two", "filename": "a"}],
        [],
        title="secrets: another one for the same file",
    ),
    Row("configs", [{"config_name": "one"}],
        [{"config_name": "two", "filename": "/etc/a", "uid": "1", "gid": "2", "mode": "0400"}], []),
    Row("isolation", "process", "hyperv", "default", "1.35"),
    Row("sysctls", {"net.core.somaxconn": "128"}, {"net.core.somaxconn": 256, "kernel.sem": "1 2"}, {}),
    Row("cap_add", ["NET_ADMIN", "sys_time"], ["CAP_SYS_TIME", "ALL"], []),
    Row("cap_drop", ["ALL"], ["net_raw"], []),
    Row("ulimits", {"nofile": 1024}, {"nofile": {"soft": 1024, "hard": 2048}, "core": -1}, {}),
    Row("oom_score_adj", 100, -5, 0, "1.46"),
    Row("limits", {"cpus": 0.5}, {"cpus": 2.05}, {}, title="limits.cpus"),
    Row("limits", {"memory": "64M"}, {"memory": "1.5G"}, {"memory": "0"}, title="limits.memory"),
    Row("limits", {"pids": 10}, {"pids": 20}, {"pids": 0}, "1.41", title="limits.pids"),
    Row("reservations", {"cpus": 0.25, "memory": "8M"}, {"cpus": 0}, {}),
    Row(
        "reservations",
        {"generic_resources": [{"kind": "gpu", "value": 1}]},
        {"generic_resources": [{"kind": "gpu", "value": 2}, {"kind": "fpga", "name": "a"}]},
        {"generic_resources": []},
        title="reservations.generic_resources",
    ),
    Row("restart_config", {"condition": "on-failure"}, {"condition": "none"}, {}, title="restart_config.condition"),
    Row("restart_config", {"delay": "0s"}, {"delay": "1m"}, {}, title="restart_config.delay"),
    Row("restart_config", {"max_attempts": 3}, {"max_attempts": 5}, {}, title="restart_config.max_attempts"),
    Row("restart_config", {"window": "10s"}, {"window": "20s"}, {}, title="restart_config.window"),
    *_ROLLOUTS,
    Row("update_config", {"failure_action": "rollback"}, {"failure_action": "continue"}, {}, title="failure_action"),
    Row("update_config", {"order": "start-first"}, None, {"order": "stop-first"}, title="update_config.order"),
    Row("rollback_config", {"order": "start-first"}, None, {"order": "stop-first"}, title="rollback_config.order"),
    Row("rollback_config", {"failure_action": "continue"}, None, {}, title="rollback_config.failure_action"),
    Row(
        "placement",
        {"constraints": ["node.role==manager", "node.labels.a != b"]},
        {"constraints": ["node.role!=worker"]},
        {"constraints": []},
        title="placement.constraints",
    ),
    Row(
        "placement",
        {"preferences": [{"spread": "node.labels.a"}, {"spread": "node.labels.b"}]},
        {"preferences": [{"spread": "node.labels.b"}, {"spread": "node.labels.a"}]},
        {},
        title="placement.preferences",
    ),
    Row("placement", {"replicas_max_per_node": 1}, {"replicas_max_per_node": 2}, {}, title="replicas_max_per_node"),
    Row(
        "placement",
        {"platforms": [{"os": "linux", "architecture": "amd64"}]},
        {"platforms": [{"os": "linux"}, {"os": "linux", "architecture": "amd64"}]},
        {},
        title="placement.platforms",
    ),
    Row("networks", ["one"], [{"name": "two", "aliases": ["a", "b"], "options": {"x": "y"}}, "one"], []),
    Row("networks", ["host"], ["one"], [], title="networks: one of the engine's own"),
    Row("logging", {"driver": "json-file"}, {"driver": "json-file", "options": {"max-size": "1m"}}, {}),
    Row("endpoint_mode", "dnsrr", None, "vip"),
    Row("publish", [{"target_port": 80}], [{"target_port": 80, "published_port": 18080}], []),
    Row(
        "publish",
        [{"target_port": 80, "published_port": 18080, "protocol": "udp", "mode": "host"}],
        [{"target_port": 81, "published_port": 18080, "protocol": "sctp"}, {"target_port": 82, "name": "web"}],
        [],
        "1.37",
        title="publish.protocol, publish.mode, publish.name",
    ),
]  # fmt: skip

# What no engine of the lab has (API 1.52), or only one with experimental features. For the laws of fields alone.
ELSEWHERE = [
    Row("memswap_limit", "128M", "-1", "", "1.52"),
    Row("mem_swappiness", 0, 60, -1, "1.52"),
    Row("plugin", {"name": "p", "remote": "a/b:1"}, {"disabled": True, "env": ["A=1"]}, {}, title="plugin"),
    Row(
        "plugin",
        {"privileges": [{"name": "network", "description": "what for", "value": ["host"]}]},
        {"privileges": [{"name": "mount", "value": ["/a", "/b"]}]},
        {"privileges": []},
        title="plugin.privileges",
    ),
]


def steps(row: Row) -> Iterator[Step]:
    """Set, change, clear; what a step names in the diff is its own option."""
    for value in (row.first, row.second, row.clear):
        if value is None:
            continue
        args = {"name": NAME, "wait": False, "resolve_image": "never", row.option: value}
        yield Step("swarm_service", args, diff={row.option}, name=f"{row}: {value!r}")


# What else the service has, so that there is something to be lost.
SEASON: dict[str, Any] = {
    "labels": {"season": "winter", "com.docker.stack.namespace": "shop"},
    "env": {"SEASON": "winter"},
    "mounts": [{"type": "volume", "source": "season", "target": "/season", "labels": {"season": "winter"}}],
    "healthcheck": {"test": ["CMD", "true"], "retries": 2},
    "dns": ["192.0.2.9"],
    "limits": {"memory": "99M"},
    "restart_config": {"window": "33s"},
    "placement": {"constraints": ["node.labels.season!=summer"]},
    "logging": {"driver": "json-file", "options": {"max-file": "3"}},
    "networks": [{"name": "two", "aliases": ["winter"]}],
    "publish": [{"target_port": 99, "published_port": 19999, "mode": "host"}],
}


def base(row: Row) -> dict[str, Any]:
    """Options of the service that the row is played on: all kinds but the row's own."""
    own = {"name": NAME, "image": IMAGE, "replicas": 0, "wait": False, "resolve_image": "never"}
    season = {option: value for option, value in SEASON.items() if option != row.option}
    return {**own, **season, **row.base}


def make_referred(host: Any) -> None:
    """Two networks, secrets and configs."""
    for name in REFERRED:
        for kind in ("secrets", "configs"):
            host.do("POST", f"/{kind}/create", {"Name": name, "Data": base64.b64encode(b"x").decode()})
        host.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})


# -- any options together ---------------------------------------------------------------------------------------------


def _since(row: Row) -> tuple[int, ...]:
    return tuple(map(int, row.since.split(".")))


def options(api: str) -> strategies.SearchStrategy[dict[str, Any]]:
    """Any of the options of the table that an API version has and a service without tasks can have, with a value."""
    values: dict[str, list[Any]] = {}
    for row in OPTIONS:
        if _since(row) <= tuple(map(int, api.split("."))) and not row.base:
            values.setdefault(row.option, []).extend(
                value for value in (row.first, row.second, row.clear) if value is not None
            )
    each = {option: strategies.sampled_from(found) for option, found in values.items()}
    return strategies.fixed_dictionaries({}, optional=each).map(_alone)


def _alone(chosen: dict[str, Any]) -> dict[str, Any]:
    """Without what excludes another option."""
    if chosen.get("endpoint_mode") == "dnsrr" or "host" in chosen.get("networks", ()):
        chosen.pop("publish", None)
    return chosen


def compatible(live: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Options of a live service that do not stand in the way of the wanted ones."""
    clashes = {
        "endpoint_mode": {"publish"},
        "healthcheck": {"healthcheck"},
        "networks": {"publish"},
        "publish": {"endpoint_mode", "networks"},
    }
    left = {clash for option, found in clashes.items() if option in wanted for clash in found}
    return {option: value for option, value in live.items() if option not in left}


def play(host: Any, live: dict[str, Any], wanted: dict[str, Any], world: World) -> None:
    """A life in two steps: a service comes to be, and becomes another."""
    own = {"name": NAME, "wait": False, "resolve_image": "never"}
    run = on(host)
    try:
        made = run("swarm_service", {"image": IMAGE, "replicas": 0, **live, **own})
        assert not made["failed"], made["msg"]
        foreseen = run("swarm_service", {**wanted, **own}, check=True)
        assert not foreseen["failed"], foreseen["msg"]
        step = Step("swarm_service", {**wanted, **own}, changed=foreseen["changed"])
        run_steps([step], audited_service(host, NAME, foretold(run, "service")), world)
    finally:
        run("swarm_service", {"name": NAME, "state": "absent"})
