# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a task may run without a module being shipped. Pure: what is known of the task in, the reason against it out."""

from __future__ import annotations

import os
import typing as t

# The versions whose module start we know: it is Ansible's own and no public interface.
KNOWN_CORES = ("2.19", "2.20", "2.21")
# The unix socket's transport and all that is behind it need nothing but the standard library.
_UNIX_SCHEMES = ("unix://", "http+unix://")
# Read when a Python process starts, so that setting them in a running one has no effect.
_START_VARIABLES = ("PYTHON", "LD_")
_DISCOVERY = ("auto", "auto_silent")


class Situation(t.NamedTuple):
    """What a task's way depends on.

    core: ansible-core's version. connection: the plugin's full name. executable: the shell that commands are run with.
    interpreter: what the configuration says, a path or a mode of discovery. python: the controller's own.
    options: the task's. environment: the task's own variables over those of the controller.
    own_variables: names of those that the task sets.
    """

    core: str
    wanted: bool
    connection: str
    executable: str
    become: bool
    background: bool
    keep_files: bool
    open_files: int
    interpreter: str
    python: str
    options: t.Mapping[str, t.Any]
    environment: t.Mapping[str, str]
    own_variables: t.Sequence[str]


def is_known(core: str) -> bool:
    return ".".join(core.split(".")[:2]) in KNOWN_CORES


def why_not(situation: Situation) -> str:
    """The reason why the module has to be run as any other, or an empty string."""
    for applies, reason in _reasons(situation):
        if applies:
            return reason
    return ""


def _reasons(it: Situation) -> t.Iterator[tuple[bool, str]]:
    yield not it.wanted, "hive_swarm_in_process is false"
    yield not is_known(it.core), f"ansible-core {it.core} has not been tried"
    yield it.connection != "ansible.builtin.local", f"the connection is {it.connection}"
    yield it.become, "the task becomes another user"
    yield it.background, "the task runs in the background"
    yield it.executable != "/bin/sh", f"the shell is {it.executable}"
    yield it.keep_files, "the files of the module are to be kept"
    yield bool(it.open_files), "a limit of open files is set"
    yield _needs_a_start(it.own_variables), "the environment sets what Python reads when it starts"
    yield not _all_unix(it), "the engine is not reached by a unix socket"
    yield _is_other_python(it), f"the Python is {it.interpreter}"


def _needs_a_start(names: t.Sequence[str]) -> bool:
    return any(name.startswith(_START_VARIABLES) for name in names)


def _all_unix(it: Situation) -> bool:
    """Whether every engine that the task may ask is at a unix socket."""
    hosts = [it.options.get(name) for name in ("docker_host", "docker_url")]
    if not any(hosts):
        hosts.append(it.environment.get("DOCKER_HOST"))
    hosts.append(it.options.get("manager_docker_host"))
    return all(str(host).startswith(_UNIX_SCHEMES) for host in hosts if host)


def _is_other_python(it: Situation) -> bool:
    """Any Python gives the same result, unless the task needs a package: discovery could have found one that has it."""
    if not it.interpreter or it.interpreter in _DISCOVERY:
        return bool(it.options.get("query"))
    return _place(it.interpreter) != _place(it.python)


def _place(python: str) -> tuple[str, str]:
    """python and python3 in one folder are one; a virtual environment's is not the one that it links to."""
    return os.path.dirname(python), os.path.realpath(python)
