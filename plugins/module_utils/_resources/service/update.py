# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning the change of a service that is there."""

from __future__ import annotations

import typing as t

from ..._errors import Refused
from ..._path import MISSING, Document, Values, at
from ..._plan import UPDATE, Change, Plan
from .checks import check_service
from .creation import with_platforms
from .schema import SERVICE

RECREATE = "recreate"
_FORCE_UPDATE = at("TaskTemplate", "ForceUpdate")


def plan_update(service: Document, live: Document, params: Values, changes: list[Change]) -> Plan:
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
    if mode and mode.after.endswith("job"):
        live, dropped = _without_rollouts(live)
        changes = [*changes, *dropped]
    spec = with_platforms(SERVICE.apply(live, changes), params)
    if any(change.option == "force_update" for change in changes):
        count = _FORCE_UPDATE.get(spec)
        spec = _FORCE_UPDATE.put(spec, (0 if count is MISSING else count) + 1)
    check_service(SERVICE.view(spec), params)
    if not params["retry_rolled_back"]:
        _refuse_rolled_back(service, spec)
    return Plan("service", name, RECREATE if mode else UPDATE, tuple(changes), spec=spec)


def _without_rollouts(live: Document) -> tuple[Document, list[Change]]:
    """Jobs have no update and rollback policies, so a service that becomes one loses them."""
    dropped = []
    shown = SERVICE.view(live)
    for option, key in (("update_config", "UpdateConfig"), ("rollback_config", "RollbackConfig")):
        if key in live:
            dropped.append(Change(option, shown[option], None))
            live = at(key).put(live, MISSING)
    return live, dropped


def _refuse_rolled_back(service: Document, spec: Document) -> None:
    """The engine rolled a release back because it failed. The same task would ship it again, and again."""
    update = service.get("UpdateStatus") or {}
    previous = service.get("PreviousSpec")
    if not str(update.get("State", "")).startswith("rollback") or not previous:
        return
    if "manually" in update.get("Message", "") or _release(previous) != _release(spec):
        return
    raise Refused(
        f"Service {spec['Name']} was rolled back from this very release: {update.get('Message', 'no reason given')}"
        f" ({update['State']}). Give another one, or retry_rolled_back: true to try it again."
    )


def _release(spec: Document) -> t.Any:
    """What a task of the service is made of."""
    template = dict(spec.get("TaskTemplate", {}))
    template.pop("ForceUpdate", None)
    # By ID in one and by name in the other.
    template["Networks"] = len(template.get("Networks") or ())
    return template
