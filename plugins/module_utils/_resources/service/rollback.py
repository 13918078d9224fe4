# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Going back to the previous spec, which the engine keeps one of."""

from __future__ import annotations

import typing as t

from ..._errors import NotFound, Refused
from ..._path import Document
from ..._plan import ROLLBACK, Plan
from .creation import differences
from .places import lacks_placement
from .schema import SERVICE


def plan_assumed(resource: t.Any) -> Plan:
    """The rollback of a service that is not there, for check mode, where an earlier task may make it; raises NotFound."""
    name = resource.params["name"]
    resource.missing(NotFound(f"There is no service {name!r} to roll back."))
    return Plan("service", name, ROLLBACK, spec={"Name": name})


def plan_rollback(service: Document, name: str, hide_env: bool) -> Plan:
    """The engine swaps the two specs, so going back twice would go forward: once back, it is done."""
    state = (service.get("UpdateStatus") or {}).get("State", "")
    if state.startswith("rollback"):  # one that is paused is no less back
        return Plan("service", name)
    previous = service.get("PreviousSpec")
    if not previous:
        raise Refused(f"Service {name} has no previous spec: it was never updated.")
    if lacks_placement(previous, than=service["Spec"]):
        raise Refused(
            f"Service {name}: the previous spec has no Placement, and engines crash on the way back to one (moby#37883)."
            " Set the options of the previous release instead."
        )
    changes = differences(SERVICE.view(service["Spec"]), SERVICE.view(previous), hide_env)
    return Plan("service", name, ROLLBACK, tuple(changes), spec=previous)
