# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would happen to a service: create it, change it, or go back to the previous spec, of which the engine keeps one."""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, NoQuorum, NotAManager, NotFound, Refused, Unreachable
from .._core.paths import MISSING, Document, Values, at
from .._core.plan import CREATE, KNOWN_AFTER, NONE, RECREATE, ROLLBACK, UPDATE, Change, Plan
from .._core.reconcile import Live, Resource
from .._core.validators import raise_first
from .._engine.client import Engine
from .checks import name_problems, service_problems
from .failures import error_of
from .image import AUTH_HEADER, KEEP_LIVE, USE_AS_WRITTEN, Pinned, decide_image, familiar, resolve
from .places import FORCE_UPDATE, PLATFORMS, lacks_placement
from .registry_auth import header, server_of
from .schema import SERVICE
from .tasks import timestamp_key, went_wrong


class ServiceTask(Resource[Live]):
    """A task that writes services: of one service, or of a stack."""

    # An engine that restarts meanwhile, or a leader that dies, ends no rollout.
    transient_errors = (NoQuorum, NotAManager, Unreachable)
    # Whether a run creates what an earlier one has removed, from the rehearsal that this has left.
    finishes_rehearsals = False

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        self._headers: dict[str, dict[str, str] | None] = {}  # by address of the registry
        self._pinned: dict[str, Pinned] = {}  # by name of the image

    def header(self, image: str | None) -> dict[str, str] | None:
        """Return the header with the credentials for an image's registry; None where the task gives none."""
        given, login = self.params.get("registry_auth"), self.params["with_registry_auth"]
        if not image or not (given or login):
            return None
        server = server_of(image)
        if server not in self._headers:
            value = header(image, given, login, self.warn, self.engine.node)
            self._headers[server] = {AUTH_HEADER: value} if value else None
        return self._headers[server]

    def image_to_write(self, wanted: str, live: str | None) -> Pinned:
        """Return the live image where it is the same, else the desired one as the registry has it. Raise ValueError."""
        decision = decide_image(live, wanted, self.params["resolve_image"])
        if live is not None and decision == KEEP_LIVE:
            return Pinned(live, None)
        if decision == USE_AS_WRITTEN:
            return Pinned(familiar(wanted), None)
        if wanted not in self._pinned:
            auth = (self.header(wanted) or {}).get(AUTH_HEADER)
            self._pinned[wanted] = resolve(self.engine, wanted, auth, self.warn, live)
        return self._pinned[wanted]


def no_image(name: str) -> BadInput:
    return BadInput("image", f"required to create service {name!r}, which does not exist.")


def plan_assumed(name: str, params: Values) -> Plan:
    """The change of a service that an earlier task would create: all that the task names, from unknown values."""
    raise_first(name_problems(name))
    spec = {"Name": name, **SERVICE.create(params)}
    shown = SERVICE.view(spec)
    given = [item.option for item in SERVICE.given(params)]
    changes = [Change(option, MISSING, shown[option], params["hide_env"] and option == "env") for option in given]
    if params["force_update"]:
        changes.append(Change("force_update", MISSING, KNOWN_AFTER))
    return Plan("service", name, UPDATE if changes else NONE, tuple(changes), spec=spec)


def plan_create(name: str, params: Values, before: Document | None = None) -> Plan:
    """:param before: spec of the service that an earlier run was to create, with names; what the task does not name is
    kept.
    """
    raise_first(name_problems(name))
    if before:
        changes = SERVICE.changes(before, params)
        spec = with_platforms(SERVICE.apply(_base(before, changes), changes), params)
    else:
        params = _complete(params)
        spec = with_platforms({"Name": name, **SERVICE.create(params)}, params)
    if params["plugin"]:
        spec["TaskTemplate"]["Runtime"] = "plugin"
    raise_first(service_problems(SERVICE.view(spec), params))
    return Plan("service", name, CREATE, tuple(creation_changes(spec, params)), spec=spec)


def _complete(params: Values) -> Values:
    mode = params["mode"] or ("global" if params["plugin"] else "replicated")
    replicas, concurrent = params["replicas"], params["max_concurrent"]
    if mode == "replicated-job":  # each stands for the other (docker/cli, command/service/opts.go)
        concurrent = replicas if concurrent is None else concurrent
        replicas = concurrent if replicas is None else replicas
    return {**params, "mode": mode, "replicas": replicas, "max_concurrent": concurrent}


def with_platforms(spec: Document, params: Values) -> Document:
    """What the registry says of an image keeps its tasks off nodes of another make."""
    platforms = params.get("_platforms")
    if not platforms or (params["placement"] or {}).get("platforms") is not None:
        return spec
    return PLATFORMS.put(spec, platforms)


def creation_changes(spec: Document, params: Values) -> t.Iterator[Change]:
    """Everything of a service that is not the engine's default, as changes from nothing."""
    return differences({}, _without_defaults(SERVICE.view(spec), SERVICE.view({})), params["hide_env"])


def _without_defaults(shown: Values, default: Values) -> Values:
    return {
        key: _without_defaults(value, default[key]) if _both_groups(value, default.get(key)) else value
        for key, value in shown.items()
        if key not in default or value != default[key] or key == "mode"
    }


def _both_groups(value: object, default: object) -> bool:
    return isinstance(value, dict) and isinstance(default, dict)


def differences(before: Values, after: Values, hide_env: bool, key: tuple[str, ...] = ()) -> t.Iterator[Change]:
    """The changes between two services in the options' words; groups and dictionaries key by key."""
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name, MISSING), after.get(name, MISSING)
        if old == new:
            continue
        groups = [{} if side is MISSING else side for side in (old, new)]
        if all(isinstance(side, dict) for side in groups):
            yield from differences(groups[0], groups[1], hide_env, (*key, name))
        else:
            path = (*key, name)
            yield Change(path[0], old, new, hide_env and path[0] == "env", path[1:], null=path[0] == "env")


def plan_update(engine: Engine, service: Document, live: Document, params: Values, changes: list[Change]) -> Plan:
    """:param service: as the engine lists it.
    :param live: its spec as it is planned.
    :param changes: at least one.
    """
    name = live["Name"]
    mode = next((change for change in changes if change.option == "mode"), None)
    if mode and not params["recreate"]:
        raise Refused(
            f"service {name} is {mode.before} and cannot be changed to {mode.after} in place. Use recreate: true to"
            " replace it by a new one. The service does not exist during the replacement.",
            option="mode",
        )
    spec = with_platforms(SERVICE.apply(_base(live, changes), changes), params)
    if mode:  # what only the old mode had goes with it
        changes = list(differences(SERVICE.view(live), SERVICE.view(spec), params["hide_env"]))
    for change in changes:
        if change.option == "force_update":
            spec = FORCE_UPDATE.put(spec, change.after)
    raise_first(service_problems(SERVICE.view(spec), params))
    if not params["retry_rolled_back"]:
        _refuse_rolled_back(engine, service, live, spec)
    return Plan("service", name, RECREATE if mode else UPDATE, tuple(changes), spec=spec)


def _base(live: Document, changes: list[Change]) -> Document:
    """Jobs have no update and rollback policies, so a service that becomes one loses them."""
    mode = next((change for change in changes if change.option == "mode"), None)
    if not mode or not mode.after.endswith("job"):
        return live
    return at("UpdateConfig").put(at("RollbackConfig").put(live, MISSING), MISSING)


def _refuse_rolled_back(engine: Engine, service: Document, live: Document, spec: Document) -> None:
    """The engine rolled a release back because it failed. The same task would ship it again, and again.

    The live release never counts as one, even if tasks of it failed meanwhile. The engine does not keep the one
    that it left (swarmkit, manager/orchestrator/update/updater.go, rollbackUpdate), but its tasks.
    """
    update = service.get("UpdateStatus") or {}
    if not update.get("State", "").startswith("rollback"):
        return
    start, wanted = timestamp_key(update["StartedAt"]), _release(spec["TaskTemplate"])
    if wanted == _release(live["TaskTemplate"]):
        return
    for task in engine.get("/tasks", filters={"service": [service["ID"]]}):
        if timestamp_key(task["CreatedAt"]) >= start and _failed(spec, task) and _release(task["Spec"]) == wanted:
            raise Refused(
                f"Service {spec['Name']} was rolled back from this release ({update['State']} at"
                f" {update.get('CompletedAt', update['StartedAt'])[:19]}Z; {_error(task)}). Deploy another release, or"
                " set retry_rolled_back: true to try it again."
            )


def _failed(spec: Document, task: Document) -> bool:
    """Whether the task went wrong, by the policy that it had itself."""
    return went_wrong({"Spec": {**spec, "TaskTemplate": task["Spec"]}}, task)


def _error(task: Document) -> str:
    state = task["Status"]["State"]
    return f"a task {'ended' if state == 'complete' else state}: {error_of(task)}"


def _release(template: Document) -> Values:
    """What tasks are made of, in the options' words; networks are counted, as one side has names and one IDs."""
    shown = SERVICE.view({"TaskTemplate": template})
    return {**shown, "networks": len(shown["networks"]), "credential_spec": None}


def plan_assumed_rollback(resource: Resource) -> Plan:
    """The rollback of a service that is not there, for check mode, where an earlier task may make it; raises NotFound."""
    name = resource.params["name"]
    resource.missing(NotFound(f"Service {name!r} does not exist and cannot be rolled back."))
    return Plan("service", name, ROLLBACK, spec={"Name": name})


def plan_rollback(service: Document, name: str, hide_env: bool) -> Plan:
    """The engine swaps the two specs, so going back twice would go forward: once back, it is done."""
    state = (service.get("UpdateStatus") or {}).get("State", "")
    if state.startswith("rollback"):  # a paused rollback counts as well
        return Plan("service", name)
    previous = service.get("PreviousSpec")
    if not previous:
        raise Refused(f"Service {name} has no previous spec: it was never updated.")
    if lacks_placement(previous, than=service["Spec"]):
        raise Refused(
            f"Service {name}: the previous spec has no Placement, and engines crash on a rollback to it (moby#37883)."
            " Set the options of the previous release instead."
        )
    changes = differences(SERVICE.view(service["Spec"]), SERVICE.view(previous), hide_env)
    return Plan("service", name, ROLLBACK, (*changes, *_forced(service["Spec"], previous)), spec=previous)


def _forced(spec: Document, previous: Document) -> list[Change]:
    """Return the change of the counter of forced updates, which is not an option with a value, and replaces the tasks."""
    before, after = (0 if count is MISSING else count for count in (FORCE_UPDATE.get(spec), FORCE_UPDATE.get(previous)))
    return [] if before == after else [Change("force_update", before, after)]
