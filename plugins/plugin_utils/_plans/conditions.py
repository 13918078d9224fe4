# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conditions of hive.swarm.swarm_wait: the options of each, what is read for it, and what is missing."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._core.reconcile import CONVERGED, ConvergenceStatus, failed, waiting
from ...module_utils._core.values import Values
from .._cluster.nodes import unsettled
from .._cluster.services import missing_tasks
from .._operations.gate import never_keeps_quorum, why_not_down
from .._operations.lists import as_names
from .._operations.rotation import waits_for
from .._operations.versions import pattern
from .options import FLAG, NAMES, TEXT

COMMON: Values = {
    "condition": {"type": "str", "required": True},
    "wait_timeout": {"type": "int", "default": 120},
    "prefix": {"type": "str", "default": "operations_"},
}


class Condition(t.NamedTuple):
    """:param what: what is waited for. :param reads: the info modules whose results it is judged by.
    :param judge: takes these results in one, and the validated options.
    :param options: argument spec of the options that it has beside the common ones.
    :param advice: what to do where it is not met; ``PREFIX`` stands for the beginning of the variables' names.
    :param comes_first: whether it is waited for before a task changes anything: in check mode too, and a read that fails
        ends the wait, because the engine may not be there.
    """

    what: str
    reads: tuple[str, ...]
    judge: t.Callable[[Values, Values], ConvergenceStatus]
    options: Values
    advice: str = ""
    comes_first: bool = False


def _unless(reasons: t.Iterable[str]) -> ConvergenceStatus:
    why = "; ".join(reasons)
    return waiting(why) if why else CONVERGED


def _can_do_without(found: Values, options: Values) -> ConvergenceStatus:
    going, accepts = options["nodes"], options["accept_outage"]
    missing = as_names(",".join(options["missing"]))
    reasons = why_not_down(found["nodes"], going, missing, accepts, f"{options['prefix']}accept_outage")
    if never_keeps_quorum(found["nodes"], going, accepts):
        return failed("; ".join(reasons))
    return _unless(reasons)


def _said(found: Values) -> str:
    error = found["error"].strip().rstrip(".")
    return f"the engine's state is {found['state']}" + (f" ({error})" if error else "")


def _engine_ready(found: Values, options: Values) -> ConvergenceStatus:
    """An engine that has just started is pending, without an error until it knows why."""
    state, error, cluster_id, said = found["state"], found["error"], found["cluster_id"], _said(found)
    if options["states"] and state not in options["states"]:
        return waiting(said)
    if state == "pending" and not error:
        return waiting(said)
    if state == "active" and error and not options["accept_errors"]:
        return waiting(said)
    if options["role"] and found["role"] != options["role"]:
        return waiting(f"{said}, and its role is {found['role'] or 'not known'}")
    if options["cluster_id"] and cluster_id != options["cluster_id"]:
        return waiting(f"{said}, and it is not in the swarm {options['cluster_id']}")
    version, wanted = found["engine_version"], options["engine_version"]
    if wanted and not re.match(pattern(wanted), version):
        return waiting(f"the engine's version is {version} and must be {wanted}")
    return CONVERGED


def _membership_known(found: Values, _options: Values) -> ConvergenceStatus:
    """An engine that was just started looks for its managers for a while, and a manager without a leader reports an error."""
    if not found["node_id"] or (found["state"] == "active" and not found["error"]):
        return CONVERGED
    return waiting(_said(found))


def _nodes_ready(found: Values, options: Values) -> ConvergenceStatus:
    return _unless(unsettled(found["nodes"], options["expected"]))


def _services_running(found: Values, options: Values) -> ConvergenceStatus:
    return _unless(missing_tasks(found["services"], options["before"]))


def _root_rotated(found: Values, options: Values) -> ConvergenceStatus:
    why = waits_for(found["nodes"], found["root_rotation_in_progress"])
    return _unless([why] if why else [])


CONDITIONS: dict[str, Condition] = {
    "can_do_without": Condition(
        "waiting until the swarm can do without the node",
        ("swarm_node_info",),
        _can_do_without,
        {
            "nodes": {"type": "list", "elements": "str", "required": True},
            "missing": NAMES,
            "accept_outage": FLAG,
        },
        "Fix that and run this again. Nodes that are known to be missing are named with PREFIXmissing.",
    ),
    "engine_ready": Condition(
        "waiting for the engine",
        ("swarm_info",),
        _engine_ready,
        {
            "states": {"type": "list", "elements": "str", "default": ["active"]},
            "accept_errors": FLAG,
            "role": TEXT,
            "cluster_id": TEXT,
            "engine_version": TEXT,
        },
    ),
    "membership_known": Condition(
        "waiting until the engine knows its place in a swarm",
        ("swarm_info",),
        _membership_known,
        {},
        comes_first=True,
    ),
    "nodes_ready": Condition(
        "waiting until the managers report the nodes as ready",
        ("swarm_node_info",),
        _nodes_ready,
        {"expected": {"type": "list", "elements": "dict", "required": True}},
        "Fix the nodes and run this again.",
    ),
    "root_rotated": Condition(
        "waiting until every node has a certificate of the new root",
        ("swarm_info", "swarm_node_info"),
        _root_rotated,
        {},
        "The old root certificate is valid until then, and the join tokens are the old ones. Bring the nodes back or remove"
        " their entries, then run this again, which continues to wait.",
    ),
    "services_running": Condition(
        "waiting until the services run as many tasks as before",
        ("swarm_service_info",),
        _services_running,
        {"before": {"type": "list", "elements": "dict", "default": []}},
        "See why with hive.swarm.swarm_task_info, then run this again.",
    ),
}
