# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning the change of a service that is there."""

from __future__ import annotations

import typing as t

from ..._errors import Refused
from ..._path import MISSING, Document, Values, at
from ..._plan import RECREATE, UPDATE, Change, Plan
from .checks import check_service
from .creation import differences, with_platforms
from .schema import SERVICE

_FORCE_UPDATE = at("TaskTemplate", "ForceUpdate")


def plan_update(engine: t.Any, service: Document, live: Document, params: Values, changes: list[Change]) -> Plan:
    """:param service: as the engine lists it.
    :param live: its spec as it is planned.
    :param changes: at least one.
    """
    name = live["Name"]
    mode = next((change for change in changes if change.option == "mode"), None)
    if mode and not params["recreate"]:
        raise Refused(
            f"mode: service {name} is {mode.before} and cannot become {mode.after} in place. With recreate: true it"
            " is replaced by a new one, and there is none in between."
        )
    base = _without_rollouts(live) if mode and mode.after.endswith("job") else live
    spec = with_platforms(SERVICE.apply(base, changes), params)
    if mode:  # what only the old mode had goes with it
        changes = list(differences(SERVICE.view(live), SERVICE.view(spec), params["hide_env"]))
    for change in changes:
        if change.option == "force_update":
            spec = _FORCE_UPDATE.put(spec, change.after)
    check_service(SERVICE.view(spec), params)
    if not params["retry_rolled_back"]:
        _refuse_rolled_back(engine, service, live, spec)
    return Plan("service", name, RECREATE if mode else UPDATE, tuple(changes), spec=spec)


def _without_rollouts(live: Document) -> Document:
    """Jobs have no update and rollback policies, so a service that becomes one loses them."""
    return at("UpdateConfig").put(at("RollbackConfig").put(live, MISSING), MISSING)


def _refuse_rolled_back(engine: t.Any, service: Document, live: Document, spec: Document) -> None:
    """The engine rolled a release back because it failed. The same task would ship it again, and again.

    The one that is live is no such release, even if tasks of it failed meanwhile. The engine does not keep the one
    that it left (swarmkit, manager/orchestrator/update/updater.go, rollbackUpdate), but its tasks.
    """
    update = service.get("UpdateStatus") or {}
    if not update.get("State", "").startswith("rollback"):
        return
    from .progress_slots import moment

    start, wanted = moment(update["StartedAt"]), _release(spec["TaskTemplate"])
    if wanted == _release(live["TaskTemplate"]):
        return
    for task in engine.get("/tasks", filters={"service": [service["ID"]]}):
        if moment(task["CreatedAt"]) >= start and _failed(spec, task) and _release(task["Spec"]) == wanted:
            raise Refused(
                f"Service {spec['Name']} was rolled back from this very release ({update['State']} at"
                f" {update.get('CompletedAt', update['StartedAt'])[:19]}Z; {_error(task)}). Give another one, or"
                " retry_rolled_back: true to try it again."
            )


def _failed(spec: Document, task: Document) -> bool:
    """Whether the task went wrong, by the policy that it had itself."""
    from .progress_slots import went_wrong

    return went_wrong({"Spec": {**spec, "TaskTemplate": task["Spec"]}}, task)


def _error(task: Document) -> str:
    from .failures import error_of

    state = task["Status"]["State"]
    return f"a task {'ended' if state == 'complete' else state}: {error_of(task)}"


def _release(template: Document) -> Values:
    """What tasks are made of, in the options' words; networks are counted, as one side has names and one IDs."""
    shown = SERVICE.view({"TaskTemplate": template})
    return {**shown, "networks": len(shown["networks"]), "credential_spec": None}
