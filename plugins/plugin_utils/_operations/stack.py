# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a deployment of a stack will do, in words, and where its files are."""

from __future__ import annotations

import posixpath

from ...module_utils._core.values import Values
from .._cluster.steps import Reason, Step, reasons


def sources(given: object, folder: str) -> list[object]:
    """Compose files as hive.swarm.swarm_stack takes them.

    :param given: a list of paths, texts and mappings, or a string of paths with commas between them.
    :param folder: what relative paths are relative to: where the command was started.
    """
    if isinstance(given, str) and not _is_text(given):
        given = [path.strip() for path in given.split(",")]
    listed = given if isinstance(given, (list, tuple)) else [given]
    return [_placed(each, folder) for each in listed if each]


def _is_text(given: str) -> bool:
    return "\n" in given or given.lstrip().startswith("{")


def _placed(given: object, folder: str) -> object:
    return posixpath.join(folder, given) if isinstance(given, str) and not _is_text(given) else given


def plan_stack(discovered: Values, name: str, compose: list[object], state: str, prune: bool) -> Values:
    """What will be done.

    :param discovered: what ``discovery.find_swarm`` returned.
    :returns: steps, warnings, stop and confirm (the stack's name, where it is to be removed).
    """
    stop = reasons("no_swarm", discovered["stop"]) if not discovered["manager"] else []
    if not name:
        stop.append(
            Reason("bad_input", "operations_stack: required. Set the name of the stack with -e operations_stack=NAME.")
        )
    if state == "present" and not compose:
        message = "operations_compose: required. Set the compose files with -e operations_compose=stack.yml, with commas between several."
        stop.append(Reason("bad_input", message))
    return {
        "steps": [] if stop else _steps(discovered, name, compose, state, prune),
        "stop": stop,
        "confirm": name if state == "absent" and not stop else "",
    }


def _steps(discovered: Values, name: str, compose: list[object], state: str, prune: bool) -> list[Step]:
    where = f"swarm {discovered['cluster_id']}, manager {discovered['manager']}"
    if state == "absent":
        return [Step("", f"remove services, secrets, configs and networks of the stack {name}; volumes stay", where)]
    described = ", ".join(_shown(each) for each in compose)
    steps = [Step("", f"deploy the stack {name} from {described}", where)]
    if prune:
        steps.append(Step("", "remove what the stack has and the files have not", "when all services run"))
    return steps


def _shown(given: object) -> str:
    return given if isinstance(given, str) and not _is_text(given) else "the given text"
