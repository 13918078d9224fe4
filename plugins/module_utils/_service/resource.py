# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One service: what it runs, how it rolls out, where; or its removal, or its way back. Runs on a manager."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._core.errors import (
    BadInput,
    NotFound,
    OutOfSequence,
    SwarmError,
)
from .._core.plan import KNOWN_AFTER, NONE, RECREATE, REMOVE, RESUME, UPDATE, Change, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, failed, waiting
from .._core.redaction import HIDDEN
from .._core.schema import require_versions
from .._core.validators import KEPT_OF_NAME, named, refuse_twin
from .._core.values import MISSING, Document, Values
from .._engine.client import Engine
from .._frontend.definition import define
from .._network.unfinished import networks_of, without_detachments
from . import registry_auth, tasks
from .checks import (
    check_alone,
    clear_exclusive_suboptions,
    refuse_taken,
    with_command_as_args,
    with_env_files,
)
from .codecs import ENV
from .failures import attach_task_errors
from .image import parse_resolve_image
from .info import env_values, specs_of
from .plan import (
    ServiceTask,
    creation_changes,
    differences,
    no_image,
    plan_assumed,
    plan_assumed_rollback,
    plan_create,
    plan_rollback,
    plan_update,
    warn_of_effects,
)
from .references import References
from .rehearsal import find_rehearsal, rehearsed
from .requests import remove, write
from .resume import plan_resume
from .schema import FORCE_UPDATE, SERVICE, image_of
from .wait import Progress, gone

_STATES = {"type": "str", "choices": ["replace", "merge"], "default": "replace"}

# Options with names of other objects, for which the engine wants IDs.
_REFERRING = ("networks", "secrets", "configs", "credential_spec")

ARGUMENT_SPEC: Values = {
    **SERVICE.argument_spec(),
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent", "rolled_back"], "default": "present"},
    "resolve_image": {"type": "raw", "default": "changed"},
    "command_as_args": {"type": "bool", "default": False},
    "env_files": {"type": "list", "elements": "path"},
    "env_state": _STATES,
    "labels_state": _STATES,
    "container_labels_state": _STATES,
    "hide_env": {"type": "bool", "default": False},
    "with_registry_auth": {"type": "bool", "default": False},
    "registry_auth": {
        "type": "dict",
        "options": {
            "username": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "identity_token": {"type": "str", "no_log": True},
            "server_address": {"type": "str"},
        },
    },
    "registry_auth_from": {"type": "str", "choices": ["spec", "previous-spec"], "default": "spec"},
    "force_update": {"type": "bool", "default": False},
    "recreate": {"type": "bool", "default": False},
    "retry_rolled_back": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 300},
}


class LiveService(t.NamedTuple):
    """:param service: as the engine lists it, None if there is none.
    :param spec: its spec as it is planned, with names where the engine has IDs (references.py). Where there is none, that
        of the service that an earlier run was to create, empty without such a run.
    """

    service: Document | None
    spec: Document


class SwarmService(ServiceTask[LiveService]):
    finishes_rehearsals = True

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        self._id = ""
        self._since: int | None = None  # the version that our write was to give the service
        self._references: References | None = None
        self._given: Values | None = None  # the options before names were resolved
        self._progress: Progress | None = None
        self._seen: list[Document] = []  # the service, as each read found it
        self._rehearsal: Document | None = None  # what a run that ended has left

    # What the task wants

    def validate(self) -> None:
        if self.params["state"] != "present" or self.params["env_files"] is not None:
            check_alone(self.params)
            self.params = with_env_files(self.params, self.engine.node)
        if self.params["command_as_args"]:
            self.params = with_command_as_args(self.params)
        if self.params["credential_spec"] or self.params["privileges"]:
            self.params = clear_exclusive_suboptions(self.params)
        if self.params["replicas"] == -1:  # community.docker's way to leave it alone
            self.params = {**self.params, "replicas": None}
        SERVICE.check(self.params)
        if self.params["registry_auth"]:
            registry_auth.check(self.params["registry_auth"])
        self._check_image()

    def _check_image(self) -> None:
        """Whether it is a reference at all is seen when it is compared: what the service has needs no grammar."""
        named("resolve_image", parse_resolve_image, self.params["resolve_image"])
        if self.params["image"] == "":
            raise BadInput("image", "must not be empty.")

    # What is there

    def read(self) -> LiveService:
        service = self._find_service()
        self._seen = [*self._seen[:1], service] if service else self._seen
        require_versions(self.engine, SERVICE, self.params)
        if service is not None:
            self._id = service["ID"]
        if self._references is None and self.params["state"] == "present":
            self._resolve_references()
        spec = service["Spec"] if service else self._rehearsed()
        return LiveService(service, self._references.with_names(spec) if self._references else spec)

    def _rehearsed(self) -> Document:
        left = self._rehearsal if self.params["state"] == "present" else None
        return rehearsed(left, self.params["name"]) if left else {}

    def _resolve_references(self) -> None:
        if not any(self.params[option] is not None for option in _REFERRING):
            return
        self._given = self._given or self.params
        references = References(self.engine, self._given, self.missing)
        self.params = references.resolve()
        self._references = references

    def _find_service(self) -> Document | None:
        name = self.params["name"]
        if self._waits_for_nothing_else():
            self.engine.expect("/tasks", filters=tasks.ended_tasks({"service": [name]}))
        listed = self.engine.get("/services", filters=self._filters(), status=True)
        if listed and not self._id:
            self._rehearsal = find_rehearsal(listed, name)
        # The engine's filter takes any name that begins so.
        return next((item for item in listed if item["ID"] == self._id or item["Spec"]["Name"] == name), None)

    def _filters(self) -> Values:
        found: Values = {"id": [self._id]} if self._id else {"name": [self.params["name"][:KEPT_OF_NAME]]}
        return {**found, "runtime": ["plugin"]} if self.params["plugin"] else found

    def _waits_for_nothing_else(self) -> bool:
        """Whether this may be a run that changes nothing, and reads the tasks that have ended (``_is_quiet``)."""
        waits = self.params["wait"] and not self.check_mode
        return waits and not self._id and self.params["state"] != "absent"

    # What would happen

    def plan(self, live: LiveService) -> Plan:
        plan = self._plan_service(live)
        if self._rehearsal is None or self.params["state"] == "rolled_back":
            return plan
        left = Change("rehearsal", self._rehearsal["Spec"]["Name"], MISSING)
        return replace(plan, action=UPDATE if plan.action == NONE else plan.action, changes=(*plan.changes, left))

    def _plan_service(self, live: LiveService) -> Plan:
        if self.params["state"] == "absent":
            return self._plan_remove(live)
        if self.params["state"] == "rolled_back":
            if live.service is None:
                return plan_assumed_rollback(self)
            return plan_rollback(live.service, self.params["name"], self.params["hide_env"])
        params = self._with_image(live)
        plan = self._plan_update(live, params) if live.service else self._plan_create(params, live.spec)
        warn_of_effects(self.warn, self.engine, plan, live.spec if live.service else None)
        if plan.changed:
            self.header(image_of(plan.spec))  # a login that cannot be read is refused before the first write
        return plan

    def _with_image(self, live: LiveService) -> Values:
        """The options with the image to write: the live one where it is the same, else as the registry tells."""
        wanted = self.params["image"]
        if not wanted:
            return self.params
        try:
            found = self.image_to_write(wanted, image_of(live.spec))
        except ValueError as error:
            raise BadInput("image", f"{error}.") from error
        return {**self.params, "image": found.image, "_platforms": found.platforms}

    def _plan_create(self, params: Values, before: Document) -> Plan:
        refuse_twin("service", self.params["name"], [item["Spec"]["Name"] for item in self.engine.get("/services")])
        if not params["image"] and not params["plugin"] and not before:
            self.missing(no_image(self.params["name"]))
            return plan_assumed(self.params["name"], params)
        return self._with_free_ports(plan_create(self.params["name"], params, before), None)

    def _with_free_ports(self, plan: Plan, service: Document | None) -> Plan:
        """The plan; raise BadInput for a new port that another service has, which the engine would refuse (C1)."""
        if any(change.option == "publish" for change in plan.changes):
            refuse_taken(plan.spec or {}, service, self.params["name"], self.engine)
        return plan

    def _plan_update(self, live: LiveService, params: Values) -> Plan:
        base = self._without_detachments(live.spec)
        changes = SERVICE.changes(base, params)
        if params["force_update"]:
            count = FORCE_UPDATE.get(live.spec)
            count = 0 if count is MISSING else count
            changes.append(Change("force_update", count, count + 1))
        if not changes and base is live.spec:
            return plan_resume(self, live.service or {}, live.spec)
        plan = plan_update(self.engine, live.service or {}, base, params, changes)
        if base is not live.spec:
            shown = differences(SERVICE.view(live.spec), SERVICE.view(plan.spec or {}), params["hide_env"])
            plan = replace(plan, changes=(*shown, *(change for change in changes if change.option == "force_update")))
        return self._with_free_ports(plan, live.service)

    def _without_detachments(self, spec: Document) -> Document:
        """The spec that the options are compared with.

        A task that sets the networks ends a detachment that a replacement has left. Another one keeps what the next run of
        the replacement needs.
        """
        if self.params["networks"] is not None:
            return without_detachments(spec)
        for network in networks_of(spec):
            self.warn(
                f"Service {self.params['name']} is detached from the network {network}, because its replacement did not end."
                " Run that task again, which attaches the service, or set networks."
            )
        return spec

    def _plan_remove(self, live: LiveService) -> Plan:
        """The values of its variables are not shown: the task that made it may have hidden them."""
        if live.service is None:
            return Plan("service", self.params["name"], NONE)
        removed = creation_changes(live.spec, {"hide_env": True})
        changes = [change._replace(before=change.after, after=MISSING) for change in removed]
        return Plan("service", self.params["name"], REMOVE, tuple(changes))

    # Doing it

    def apply(self, live: LiveService, plan: Plan) -> None:
        if any(change.option != "rehearsal" for change in plan.changes):
            self._write(live, plan)
        if self._rehearsal:
            remove(self.engine, self._rehearsal)
            self._rehearsal = None

    def _write(self, live: LiveService, plan: Plan) -> None:
        if self._id and plan.action in (UPDATE, RESUME):
            self.engine.expect("/services", filters=self._filters(), status=True)
        try:
            new = write(self, live.service, self._sendable(plan), plan.action)
        except OutOfSequence:
            self._references = None  # what it refers to may have been replaced
            self._id = ""  # and the service itself
            raise
        self._id = new or self._id
        self._since = live.service["Version"]["Index"] + 1 if live.service and not new else 0

    def _sendable(self, plan: Plan) -> Document:
        spec = plan.spec or {}
        return self._references.with_ids(spec) if self._references else spec

    # Until it is done

    def check_convergence(self, live: LiveService) -> ConvergenceStatus:
        if self.params["state"] == "absent":
            return self._check_removal(live)
        if live.service is None:
            return failed("another client removed it")
        try:
            if self._is_quiet(live.service):
                return CONVERGED
            return self._watch().check_convergence(live.service)
        except NotFound:  # removed between two requests; the next look settles it
            return waiting("no longer listed")

    def _is_quiet(self, service: Document) -> bool:
        """Whether nothing is under way and no task has failed, in a run that has written nothing."""
        if self._since is not None or self._progress is not None or not tasks.is_converged_by_counts(service):
            return False
        return not tasks.failed_before(self.engine, [service], {"service": [self.params["name"]]})

    def on_read_error(self, error: SwarmError) -> ConvergenceStatus:
        status = super().on_read_error(error)
        if self._progress:
            self._progress.note(status)
        return status

    def _check_removal(self, live: LiveService) -> ConvergenceStatus:
        if live.service is not None:
            return waiting("still listed")
        if not self._id:
            return CONVERGED
        return gone(self.engine, self._id, self.params["name"])

    def _watch(self) -> Progress:
        if self._progress is None:
            back = self.params["state"] == "rolled_back"
            self._progress = Progress(self.engine, self._id, self.clock, self._since, rolling_back=back)
        return self._progress

    def not_converged(self, error: SwarmError) -> None:
        """Put the failing tasks' own errors into the failure."""
        if self._progress is None:
            return
        attach_task_errors(error, self._progress)

    def hidden_values(self) -> set[str]:
        """A container may log its environment."""
        if not self.params["hide_env"]:
            return set()
        try:
            wanted = ENV.encode(self.params["env"]) if self.params["env"] else []
        except ValueError:
            wanted = []
        given = {"TaskTemplate": {"ContainerSpec": {"Env": wanted}, "PluginSpec": self.params["plugin"] or {}}}
        return env_values([given, *specs_of(self._seen)])

    def result(self, live: LiveService, plan: Plan) -> Values:
        progress = {"progress": self._progress.timeline} if self._progress else {"progress": []}
        if self.params["state"] == "absent" or (live.service is None and not plan.spec):
            return {"service": {}, **progress}
        planned = self.check_mode and plan.spec is not None
        spec = plan.spec if planned else live.spec
        # A service that is replaced gets another ID.
        service = {} if planned and plan.action == RECREATE else live.service
        return {"service": self._view(service or {}, spec or {}), **progress}

    def _view(self, service: Document, spec: Document) -> Values:
        shown = SERVICE.view(spec)
        if self.params["hide_env"]:
            shown["env"] = dict.fromkeys(shown["env"], HIDDEN)
        return {"id": service.get("ID", KNOWN_AFTER), "name": spec.get("Name", self.params["name"]), **shown}


MODULE = define(SwarmService, ARGUMENT_SPEC)
