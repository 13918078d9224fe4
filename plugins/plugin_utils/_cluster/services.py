# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts on services as hive.swarm.swarm_service_info lists them."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values

#: States of a task that a node has, and that does not run yet (docker service ps). A task without a node is none of these.
_STARTING = ("assigned", "accepted", "preparing", "ready", "starting")
_NOT_UPDATED = ("paused", "rollback_paused")
_FAILED = ("failed", "rejected", "orphaned", "remove")


def missing_tasks(services: list[Values], before: t.Iterable[Values] = ()) -> list[str]:
    """Return the services with fewer running tasks than desired, and more before.

    :param before: the same services at an earlier time; what was missing then is not waited for.
    """
    then = {service["id"]: service["running"] or 0 for service in before}
    found = []
    for service in services:
        running, desired = service["running"], service["desired"]
        if running is None or desired is None:  # engines before API 1.41 do not count
            continue
        wanted = min(desired, then[service["id"]]) if service["id"] in then else desired
        if running < wanted and "job" not in service["spec"].get("mode", ""):
            found.append(f"{service['name']}: {running} of {desired} tasks run")
    return found


def failed(before: list[Values], tasks: list[Values]) -> list[str]:
    """Return the names of services of which a task has failed, and which had all their tasks and no failed update before.

    :param before: the services at an earlier time. :param tasks: as hive.swarm.swarm_task_info lists them.
    """
    whole = {service["name"] for service in before if _was_whole(service)}
    return sorted({task["service"] for task in tasks if task["state"] in _FAILED} & whole)


def _was_whole(service: Values) -> bool:
    is_job = "job" in service["spec"].get("mode", "")
    return not is_job and service["update_status"]["state"] not in _NOT_UPDATED and not missing_tasks([service])


def starting(service: Values, tasks: t.Iterable[Values]) -> int:
    """Return the number of tasks of a service that are about to run for the first time, or again after one that did not fail.

    :param tasks: as hive.swarm.swarm_task_info lists them, also those that have ended.
    """
    mine = [task for task in tasks if task["service_id"] == service["id"]]
    broken = {_place(task) for task in mine if task["state"] in _FAILED}
    return sum(
        task["desired_state"] == "running" and task["state"] in _STARTING and _place(task) not in broken
        for task in mine
    )


def _place(task: Values) -> object:
    return task["slot"] or task["node_id"]


def split_missing_tasks(services: list[Values], tasks: list[Values]) -> tuple[list[str], list[str]]:
    """Return sentences on services that lack tasks, and on those whose missing tasks are just starting."""
    wanting, coming = [], []
    for service in services:
        for sentence in missing_tasks([service]):
            on_the_way = starting(service, tasks)
            if service["running"] + on_the_way >= service["desired"]:
                coming.append(f"{sentence}, {on_the_way} {'is' if on_the_way == 1 else 'are'} starting")
            else:
                wanting.append(sentence)
    return wanting, coming
