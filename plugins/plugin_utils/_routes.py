# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task reaches its engine: directly, by commands over the task's connection, or by the shipped module."""

from __future__ import annotations

import importlib.util
import typing as t

from ..module_utils._engine.connection import UNIX_SCHEMES

#: What needs nothing but a socket of this process.
_TCP_SCHEMES = ("tcp://", "http://", "https://")

#: Options that name files of the node.
_PATHS = ("env_files", "data_src")


class Task(t.NamedTuple):
    """What the route of a task depends on.

    :param wanted: the variable hive_swarm_in_process.
    :param local: whether the connection plugin is ansible.builtin.local.
    :param pipes: whether the connection plugin hands standard input to a command.
    :param docker_host: of the options, or of the task's environment; None where neither names one.
    """

    wanted: bool
    background: bool
    local: bool
    become: bool
    pipes: bool
    docker_host: str | None
    manager_docker_host: str | None
    options: t.Mapping[str, object]


class Route(t.NamedTuple):
    """:param name: ``direct``, ``command`` or ``module``. :param reason: for ``-vvv``."""

    name: str
    reason: str


def choose(task: Task) -> Route:
    for applies, reason in _against(task):
        if applies:
            return Route("module", reason)
    if _is_here(task):
        return Route("direct", "the task runs on the controller, without become")
    return Route("command", "the engine's socket is reached over the task's connection")


def _against(task: Task) -> t.Iterator[tuple[bool, str]]:
    yield not task.wanted, "hive_swarm_in_process is false"
    yield task.background, "the task is asynchronous"
    yield not task.pipes, "the connection plugin hands no standard input to commands (has_pipelining)"
    schemes = (*UNIX_SCHEMES, *_TCP_SCHEMES) if _is_here(task) else UNIX_SCHEMES
    for host in (task.docker_host, task.manager_docker_host):
        yield bool(host) and not str(host).startswith(schemes), f"the engine is not reached by {_names(schemes)}"
    yield bool(task.options.get("query")) and not _has_jmespath(), "query needs jmespath, which the controller lacks"
    for option in _PATHS:
        yield _needs_expansion(task.options.get(option)), f"{option} has a variable or another user's home in a path"


def _is_here(task: Task) -> bool:
    return task.local and not task.become


def _names(schemes: t.Sequence[str]) -> str:
    return "a unix socket or TCP" if "tcp://" in schemes else "a unix socket"


def _needs_expansion(value: object) -> bool:
    """Whether only a module expands a path of the node as ``type: path`` does."""
    paths = value if isinstance(value, (list, tuple)) else [value]
    return any("$" in str(path) or (str(path).startswith("~") and not str(path).startswith("~/")) for path in paths)


def _has_jmespath() -> bool:
    return importlib.util.find_spec("jmespath") is not None


def socket_path(docker_host: str) -> str:
    """Return the path in a unix:// address."""
    return "/" + docker_host.partition("://")[2].lstrip("/")
