# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage a secret or a config and its versions. Runs on a manager."""

from __future__ import annotations

import base64
import typing as t
from dataclasses import replace

from .._core.errors import OutOfSequence
from .._core.plan import CREATE, KNOWN_AFTER, NONE, REMOVE, UPDATE, Change, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, Resource, failed
from .._core.redaction import data_texts
from .._core.schema import require_versions
from .._core.validators import KEPT_OF_NAME, raise_first, refuse_twin, rehearsal_name
from .._core.values import MISSING, Document, Values
from .._engine.client import Engine
from .._frontend.definition import define
from . import requests
from .checks import in_use, no_data, not_removed, problems, read_data
from .live import DataComparison, Users, users
from .plan import differences, expected_writes, is_version, next_document, next_name, number_of, plan_assumed
from .schema import CONFIG, FORCED, REHEARSAL, SCHEMAS, SECRET, Kind, argument_spec, by_age

if t.TYPE_CHECKING:
    from .._core.reconcile import Write

REPLACE = "replace"


class LiveVersions(t.NamedTuple):
    """:param all: the object, or its versions, the oldest first.
    :param current: the one that the task is about, None if there is none.
    :param same: whether that one holds the data of the task; None where no data is given.
    """

    all: list[Document]
    current: Document | None
    same: bool | None

    @property
    def names(self) -> list[str]:
        return [item["Spec"]["Name"] for item in self.all]


class SecretOrConfig(Resource[LiveVersions]):
    kind: Kind  # of the subclass

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        self.waiting_for = f"{self.kind.name} {params['name']}"
        self._data: bytes | None = None
        self._users: Users | None = None
        self._listed: list[str] = []  # all names that begin as the option name does, in any spelling
        self._rehearsal: Document | None = None
        self._comparison = DataComparison(engine, self.kind)
        self._schema = SCHEMAS[self.kind.name]

    @property
    def _versioned(self) -> bool:
        return bool(self.params["rolling_versions"] or self.params["content_names"])

    def validate(self) -> None:
        self._schema.check(self.params)
        raise_first(problems(self.kind, self.params))
        if self.params["state"] == "present":
            self._data = read_data(self.kind, self.params, self.engine.node)

    def secret_data(self) -> set[str]:
        """The data of a secret, which may have come from a file."""
        if not self.kind.hidden or not self._data:
            return set()
        return data_texts(base64.b64encode(self._data).decode())

    # What is there

    def read(self) -> LiveVersions:
        self._users = None
        if self._data is not None and not self._versioned:
            self._comparison.expect(self.params["name"], self._data)
        found = self._versions()
        require_versions(self.engine, self._schema, self.params)
        if self._data is None or not found:
            return LiveVersions(found, found[-1] if found else None, None)
        if not self.params["content_names"]:
            return LiveVersions(found, found[-1], self._comparison.has(found[-1], self._data))
        holder = self._holder(found)
        return LiveVersions(found, holder, True if holder else None)

    def _holder(self, found: list[Document]) -> Document | None:
        """The version that has the data; of several that were made at once the oldest, as the others give way."""
        holder = None
        for item in reversed(found):
            if self._comparison.has(item, self._data or b"") and not self._fixed(self._changes(item)):
                holder = item
                if FORCED in item["Spec"]["Labels"]:
                    break
            elif holder:
                break
        return holder

    def _versions(self) -> list[Document]:
        """The object, or all of its versions, the oldest first. The engine's filter takes any name that begins so."""
        listed = self.engine.get(self.kind.path, filters={"name": [self.params["name"][:KEPT_OF_NAME]]})
        self._listed = [item["Spec"]["Name"] for item in listed]
        self._rehearsal = next((item for item in listed if self._is_rehearsal(item["Spec"])), None)
        found = sorted((item for item in listed if self._is_ours(item["Spec"]["Name"])), key=self._order)
        if self.params["state"] == "absent" and not found:
            self._tell_of_others([item["Spec"]["Name"] for item in listed])
        return found

    def _is_rehearsal(self, spec: Document) -> bool:
        """Whether an earlier run has left it (see requests.replace)."""
        return spec["Name"] == rehearsal_name(self.params["name"]) and REHEARSAL in (spec.get("Labels") or {})

    def _tell_of_others(self, names: list[str]) -> None:
        """Nothing of the name is there to be removed, but something that another task made of the name."""
        base = self.params["name"]
        ways = {
            "rolling_versions": [name for name in names if number_of(base, name) is not None],
            "content_names": [name for name in names if is_version(base, name)],
        }
        for way, there in ways.items():
            if there:
                named = ", ".join(sorted(there))
                self.warn(
                    f"{self.kind.name} {base} does not exist, but {named} does. Use {way} to remove all versions."
                )

    def _is_ours(self, name: str) -> bool:
        base = self.params["name"]
        if self.params["rolling_versions"]:
            return number_of(base, name) is not None
        return is_version(base, name) if self.params["content_names"] else name == base

    def _order(self, item: Document) -> tuple[int, str, str]:
        if self.params["rolling_versions"]:
            return (number_of(self.params["name"], item["Spec"]["Name"]) or 0, "", "")
        return (0, *by_age(item))

    def _changes(self, item: Document) -> list[Change]:
        return self._schema.changes(item["Spec"], self.params)

    @staticmethod
    def _fixed(changes: list[Change]) -> list[str]:
        """The options among them that the engine cannot change."""
        return list(dict.fromkeys(change.option for change in changes if change.option != "labels"))

    def _service_names(self) -> Users:
        if self._users is None:
            self._users = users(self.engine, self.kind)
        return self._users

    # What would happen

    def plan(self, live: LiveVersions) -> Plan:
        plan = self._plan_object(live)
        if self._rehearsal is None:
            return plan
        left = Change("rehearsal", self._rehearsal["Spec"]["Name"], MISSING)
        return replace(plan, action=UPDATE if plan.action == NONE else plan.action, changes=(*plan.changes, left))

    def _plan_object(self, live: LiveVersions) -> Plan:
        if self.params["state"] == "absent":
            return self._plan_remove(live)
        if live.current is None:
            return self._plan_new(live)
        changes = self._changes(live.current)
        reasons = self._reasons(live, changes)
        if reasons:
            return self._plan_new(live) if self._versioned else self._plan_replace(live, reasons)
        return self._plan_update(live, live.current, changes)

    def _reasons(self, live: LiveVersions, changes: list[Change]) -> list[str]:
        """Why it takes another object: labels are all that the engine changes."""
        reasons = [f"another {option}" for option in self._fixed(changes)]
        if self._data is not None and not live.same:
            reasons.append("other data")  # shown by options.in_use
        return reasons or (["force is true"] if self.params["force"] else [])

    def _plan_new(self, live: LiveVersions) -> Plan:
        """A new version or the first one, with what the one before has and the task does not name."""
        before = live.all[-1]["Spec"] if live.all else {}
        base = before or (self._rehearsal or {}).get("Spec") or {}
        if self.check_mode and not live.all and self._takes_data(base):
            self.missing(no_data(self.kind, self.params["name"], False))
            return plan_assumed(self.kind, self.params)
        spec = self._next(base, live)
        refuse_twin(self.kind.name, spec["Name"], self._listed)
        same = self._comparison.has(live.all[-1], self._data) if live.all and self._data else None
        name = Change("name", before.get("Name"), spec["Name"])
        changes = (name, *differences(self.kind, before, spec, same))
        return self._with_versions(live, Plan(self.kind.name, spec["Name"], CREATE, changes, spec), spec["Name"])

    def _takes_data(self, before: Document) -> bool:
        """Whether there is nothing that a new object could hold."""
        return _is_empty(next_document(self.kind, before, self.params, self._data))

    def _next(self, before: Document, live: LiveVersions) -> Document:
        spec = next_document(self.kind, before, self.params, self._data)
        if _is_empty(spec):
            raise no_data(self.kind, self.params["name"], bool(live.all))
        return {**spec, "Name": next_name(self.kind, self.params, live.names, spec)}

    def _plan_replace(self, live: LiveVersions, reasons: list[str]) -> Plan:
        current = t.cast(Document, live.current)
        used = self._service_names().now.get(current["ID"])
        if used:
            raise in_use(self.kind, self.params["name"], reasons, used)
        spec = self._next(current["Spec"], live)
        changes = differences(self.kind, current["Spec"], spec, live.same)
        another = Change("id", current["ID"], KNOWN_AFTER)
        return Plan(self.kind.name, spec["Name"], REPLACE, (another, *changes), spec)

    def _plan_update(self, live: LiveVersions, current: Document, changes: list[Change]) -> Plan:
        spec = self._schema.apply(current["Spec"], changes)
        action = UPDATE if changes else NONE
        return self._with_versions(live, Plan(self.kind.name, spec["Name"], action, tuple(changes), spec))

    def _with_versions(self, live: LiveVersions, plan: Plan, new: str = "") -> Plan:
        """The plan with what becomes of the list of versions."""
        if not self._versioned:
            return plan
        after = self._names_after(live, new)
        if live.names == after:
            return plan
        action = UPDATE if plan.action == NONE else plan.action
        return replace(plan, action=action, changes=(*plan.changes, Change("versions", live.names, after)))

    def _names_after(self, live: LiveVersions, new: str) -> list[str]:
        surplus = self._surplus(live, bool(new))
        return [item["Spec"]["Name"] for item in live.all if item not in surplus] + ([new] if new else [])

    def _surplus(self, live: LiveVersions, grows: bool) -> list[Document]:
        """The versions that are too old, but for those that services need."""
        keep = self.params["versions_to_keep"]
        if not self._versioned or keep < 0:
            return []
        old = [item for item in live.all if grows or item is not live.current]
        too_old = old[: max(len(old) - keep, 0)]
        return [item for item in too_old if not self._service_names().needed(item)]

    def _plan_remove(self, live: LiveVersions) -> Plan:
        if not live.all:
            return Plan(self.kind.name, self.params["name"])
        used = self._service_names().now
        if any(item["ID"] in used for item in live.all):
            raise not_removed(self.kind, live.all, used)
        changes = differences(self.kind, live.all[-1]["Spec"], {}, None)
        gone = Change("versions", live.names, MISSING) if self._versioned else Change("name", live.names[0], MISSING)
        return Plan(self.kind.name, self.params["name"], REMOVE, (gone, *changes))

    # Doing it

    def expected_writes(self, plan: Plan) -> list[Write]:
        return expected_writes(self.kind, plan)

    def _record(self, plan: Plan, name: str) -> None:
        """The object itself is written, under a name that is sometimes known only now; old versions still go."""
        planned = f"{self.kind.name} {plan.name}"
        if self.writes.wrote_expected(planned):
            self.writes.rename(planned, f"{self.kind.name} {name}")

    def apply(self, live: LiveVersions, plan: Plan) -> None:
        left = [self._rehearsal] if self._rehearsal else []
        if self.params["state"] == "absent":
            requests.remove(self.engine, self.kind, [*live.all, *left], self.writes)
            return
        spec = requests.sendable(plan.spec or {})
        if plan.action == REPLACE:
            requests.remove(self.engine, self.kind, left, self.writes)
            requests.replace(self.engine, self.kind, t.cast(Document, live.current), spec, self.writes)
        elif plan.action == CREATE:
            self._create(live, plan, spec)
        elif any(change.option == "labels" for change in plan.changes):
            current = t.cast(Document, live.current)
            path = f"{self.kind.path}/{current['ID']}/update"
            self.engine.post(path, spec, version=current["Version"]["Index"])
        self._record(plan, spec["Name"])
        if plan.action != REPLACE:
            requests.remove(self.engine, self.kind, left, self.writes)
        kept = requests.prune(self.engine, self.kind, self._surplus(live, plan.action == CREATE), self.writes)
        if kept:
            self.warn(f"{', '.join(kept)}: kept, because a service uses it now. A later run removes it.")

    def _create(self, live: LiveVersions, plan: Plan, spec: Document) -> None:
        made = requests.create(self.engine, self.kind, spec)
        self._record(plan, spec["Name"])
        if self.kind.hidden and self.params["content_names"] and self._data and not self.params["force"]:
            known = {item["ID"] for item in live.all}
            try:
                requests.drop_duplicate_version(self.engine, self.kind, self._has_data, known, self._versions(), made)
            except OutOfSequence:
                self.writes.took_back(f"{self.kind.name} {spec['Name']}")
                raise

    def _has_data(self, item: Document) -> bool:
        return self._comparison.has(item, self._data or b"")

    # What it says

    def check_convergence(self, live: LiveVersions) -> ConvergenceStatus:
        if self.params["state"] == "present" and live.current is None:
            return failed("another client removed it")
        return CONVERGED

    def result(self, live: LiveVersions, plan: Plan) -> Values:
        key = self.kind.name
        if self.params["state"] == "absent":
            return {key: {}, f"{key}_id": None, f"{key}_name": None, "versions": []}
        current: Document = live.current or {"ID": KNOWN_AFTER, "Spec": plan.spec}
        spec, names = current["Spec"], live.names
        if self.check_mode and plan.changed:
            spec = t.cast(Document, plan.spec)
            new = plan.action in (CREATE, REPLACE)
            names = self._names_after(live, spec["Name"] if plan.action == CREATE else "")
            current = {"ID": KNOWN_AFTER} if new else current
        shown = {"id": current["ID"], "name": spec["Name"], **self._schema.view(spec)}
        return {key: shown, f"{key}_id": shown["id"], f"{key}_name": shown["name"], "versions": names}


def _is_empty(spec: Document) -> bool:
    """Whether it has neither data nor a driver that the data comes from."""
    return not spec.get("Data") and not (spec.get("Driver") or {}).get("Name")


SECRET_SPEC = argument_spec(SECRET)


class SwarmSecret(SecretOrConfig):
    kind = SECRET
    self_redacted = ("data",)


CONFIG_SPEC = argument_spec(CONFIG)


class SwarmConfig(SecretOrConfig):
    kind = CONFIG


CONFIG_MODULE = define(SwarmConfig, CONFIG_SPEC)
SECRET_MODULE = define(SwarmSecret, SECRET_SPEC)
