# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the one loop that writes and waits."""

from __future__ import annotations

import typing as t

from ._converge import Verdict
from ._errors import SwarmError
from ._plan import Plan
from ._reconcile import Resource, explained, settled
from ._wait import contend, wait
from ._writes import WriteLog


def act(resource: Resource, live: t.Any, plan: Plan) -> tuple[t.Any, Plan]:
    """Do what the plan says and wait until it is done; what is there then, and the plan that was carried out.

    Whatever goes wrong after the first write returns what was written until then and what was not.
    """
    log = resource.writes = WriteLog()
    try:
        if plan.changed:
            live, plan = _write(resource, live, plan)
            if not plan.changed and settled(resource, live):  # another client did it
                return live, plan
        live = _wait(resource, live, plan)
        if plan.changed:
            resource.finish(plan)
    except Exception as error:
        failure = explained(error, resource.engines)
        if failure is None:
            raise
        log.tell(failure, plan)
        if failure is error:
            raise
        raise failure from error
    return live, plan


def _write(resource: Resource, live: t.Any, plan: Plan) -> tuple[t.Any, Plan]:
    """When another client wrote in between, read and plan again, so that no change of either is lost.

    The plan that is returned is the last one, or the first one where the attempts before the last have written some
    of it: then it is what the run has done as a whole.
    """
    log, first, several = resource.writes, plan, False

    def turn(number: int) -> None:
        nonlocal live, plan, several
        if number > 1:
            several = bool(log.done)
            live = resource.find()
            plan = resource.plan(live)
        log.expect(resource.expected_writes(plan) if plan.changed else ())
        if plan.changed:
            resource.act(live, plan)
            log.complete()

    contend(turn, resource.clock)
    return live, first if several else plan


def _wait(resource: Resource, live: t.Any, plan: Plan) -> t.Any:
    found = live

    def look_again() -> Verdict:
        nonlocal found
        try:
            found = resource.find()
            return resource.look(found)
        except resource.patience as error:
            return resource.look_failed(error)

    if not resource.params.get("wait", True):
        return resource.find()
    try:
        wait(look_again, resource.params.get("wait_timeout", 120), resource.waiting_for(), resource.clock)
    except SwarmError as error:
        resource.not_converged(error)
        raise
    return found
