# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A secret or a config, or the line of its versions. Runs on a manager."""

from __future__ import annotations

import base64
import typing as t

from ..._errors import BadInput, Conflict, OutOfSequence, Refused
from ..._path import MISSING, Document, Values
from ..._plan import CREATE, KNOWN_AFTER, NONE, REMOVE, UPDATE, Change, Plan
from ..._reconcile import Resource
from . import versions
from .kinds import DIGEST, OUR_PREFIX, SCHEMAS, Kind

REPLACE = "replace"


class LiveBlob(t.NamedTuple):
    """:param all: the object, or its versions, the oldest first.
    :param current: the one that the task is about, None if there is none.
    :param same: whether that one holds the data of the task; None where nobody can tell or no data is given.
    """

    all: list[Document]
    current: Document | None
    same: bool | None


class Blob(Resource):
    kind: Kind  # of the subclass

    def __init__(self, engine: t.Any, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        self._data: bytes | None = None
        self._new_name = ""
        self._users: dict[str, list[str]] | None = None
        self._schema = SCHEMAS[self.kind.name]

    @property
    def _versioned(self) -> bool:
        return bool(self.params["rolling_versions"] or self.params["content_names"])

    def prepare(self) -> None:
        from .wanted import check, read_data

        self._schema.check(self.params)
        check(self.kind, self.params)
        self._data = read_data(self.kind, self.params) if self.params["state"] == "present" else None

    # What is there

    def find(self) -> LiveBlob:
        base = self.params["name"]
        listed = self.engine.get(self.kind.path, filters={"name": [base]})
        self.require_versions(self._schema)
        found = sorted((item for item in listed if self._is_ours(item["Spec"]["Name"])), key=self._order)
        for item in reversed(found) if self.params["content_names"] else found[-1:]:
            same = None if self._data is None else versions.same(self.kind, item, self._data)
            if same or not self.params["content_names"]:
                return LiveBlob(found, item, same)
        return LiveBlob(found, found[-1] if found and self._data is None else None, None)

    def _is_ours(self, name: str) -> bool:
        base = self.params["name"]
        if self.params["rolling_versions"]:
            return versions.number_of(base, name) is not None
        return versions.is_version(base, name) if self.params["content_names"] else name == base

    def _order(self, item: Document) -> t.Any:
        if self.params["rolling_versions"]:
            return versions.number_of(self.params["name"], item["Spec"]["Name"])
        return versions.sort_key(item)

    def _used_by(self, item: Document) -> list[str]:
        """Names of the services that use it: the engine does not let go of it while there are any."""
        if self._users is None:
            from .users import users

            self._users = users(self.engine, self.kind)
        return self._users.get(item["ID"], [])

    # What would happen

    def plan(self, live: LiveBlob) -> Plan:
        if self.params["state"] == "absent":
            return self._plan_remove(live)
        current = live.current
        if current is None or self._is_new(live):
            return self._plan_create(live)
        changes = self._schema.changes(current["Spec"], self.params)
        if self._is_replaced(live, changes):
            return self._plan_replace(live, changes)
        spec = self._schema.apply(current["Spec"], changes)
        return self._with_pruned(live, Plan(self.kind.name, current["Spec"]["Name"], NONE, tuple(changes), spec=spec))

    def _is_new(self, live: LiveBlob) -> bool:
        """Whether it takes a new version: nothing of an old one but its labels can change."""
        return self._versioned and self._is_replaced(live, self._schema.changes(live.current["Spec"], self.params))

    def _is_replaced(self, live: LiveBlob, changes: list[Change]) -> bool:
        differs = self._data is not None and not live.same
        return differs or self.params["force"] or any(change.option != "labels" for change in changes)

    def _plan_create(self, live: LiveBlob) -> Plan:
        if self._data is None and not self.params.get("driver"):
            raise BadInput(f"data: there is no {self.kind.name} {self.params['name']!r}, and to create it takes data.")
        spec = self._new_spec(live, {})
        before = live.current["Spec"] if live.current else {}
        changes = self._differences(before, spec, live.current is not None)
        return self._with_pruned(live, Plan(self.kind.name, spec["Name"], CREATE, tuple(changes), spec=spec), spec)

    def _new_spec(self, live: LiveBlob, base: Document) -> Document:
        """The next document: the labels of the version before go on where the task names none."""
        if live.current is not None:
            labels = {k: v for k, v in (live.current["Spec"].get("Labels") or {}).items() if not _is_digest(k)}
            base = {**live.current["Spec"], "Labels": labels}
        spec = {**self._schema.apply(base, self._schema.changes(base, self.params)), "Name": self._name(live)}
        spec.pop("Data", None)
        if self._data is not None:
            spec["Data"] = base64.b64encode(self._data).decode()
            if self.kind.hidden:
                spec["Labels"] = {**spec.get("Labels", {}), DIGEST: KNOWN_AFTER}  # made when it is written
        return spec

    def _name(self, live: LiveBlob) -> str:
        base = self.params["name"]
        if self.params["rolling_versions"]:
            last = versions.number_of(base, live.all[-1]["Spec"]["Name"]) if live.all else 0
            return f"{base}_v{(last or 0) + 1}"
        if self.params["content_names"]:
            self._new_name = self._new_name or versions.content_name(base, self.kind, self._data or b"")
            return self._random_name() if self.check_mode else self._new_name
        return base

    def _random_name(self) -> str:
        """What a diff and check mode have for a name that nobody can foretell."""
        return f"{self.params['name']}_{KNOWN_AFTER}" if self.kind.hidden else self._new_name

    def _named(self, spec: Document) -> str:
        return self._random_name() if self.params["content_names"] else spec["Name"]

    def _plan_replace(self, live: LiveBlob, changes: list[Change]) -> Plan:
        current = t.cast(Document, live.current)
        used = self._used_by(current)
        if used:
            from .wanted import in_use

            raise Refused(in_use(self.kind, self.params["name"], live.same, used))
        if self._data is None:
            raise BadInput(f"data: to replace the {self.kind.name} {self.params['name']} takes its data.")
        spec = self._new_spec(live, {})
        return Plan(self.kind.name, spec["Name"], REPLACE, tuple(self._differences(current["Spec"], spec, True)), spec)

    def _differences(self, before: Document, after: Document, known: bool) -> t.Iterator[Change]:
        if before.get("Name") != after["Name"] and self._versioned:
            yield Change(f"{self.kind.name}_name", before.get("Name"), self._named(after))
        if self._data is not None:
            yield Change("data", self._shown(before) if known else None, self._shown(after), self.kind.hidden)
        empty = not before
        for option, value in self._schema.view(after).items():
            old = None if empty else self._schema.view(before)[option]
            if old != value and value not in (None, {}):
                yield Change(option, old, value)

    def _shown(self, spec: Document) -> str:
        """A config's bytes as text where they are text."""
        if self.kind.hidden:
            return "hidden"
        raw = base64.b64decode(spec.get("Data") or "")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return spec["Data"]

    # Old versions, and removal

    def _with_pruned(self, live: LiveBlob, plan: Plan, new: Document | None = None) -> Plan:
        """The plan with the removal of versions that are too old and used by nobody."""
        action = plan.action if plan.action != NONE else (UPDATE if plan.changes else NONE)
        surplus = self._surplus(live, new is not None)
        if not surplus:
            return plan._replace(action=action)
        names = [item["Spec"]["Name"] for item in live.all]
        left = [item["Spec"]["Name"] for item in live.all if item not in surplus]
        changes = (*plan.changes, Change("versions", names, [*left, *([self._named(new)] if new else [])]))
        return plan._replace(action=action if action != NONE else UPDATE, changes=changes)

    def _surplus(self, live: LiveBlob, grows: bool) -> list[Document]:
        keep = self.params["versions_to_keep"]
        if not self._versioned or keep < 0:
            return []
        old = [item for item in live.all if grows or item is not live.current]
        too_old = old[: max(len(old) - keep, 0)]
        return [item for item in too_old if not self._used_by(item)]

    def _plan_remove(self, live: LiveBlob) -> Plan:
        if not live.all:
            return Plan(self.kind.name, self.params["name"])
        for item in live.all:
            used = self._used_by(item)
            if used:
                raise Refused(
                    f"{self.kind.name} {item['Spec']['Name']} is used by {', '.join(used)}, so it cannot be removed."
                )
        changes = [
            Change(option, value, MISSING)
            for option, value in self._schema.view(live.all[-1]["Spec"]).items()
            if value not in (None, {}, [])
        ]
        names = [item["Spec"]["Name"] for item in live.all]
        return Plan(self.kind.name, self.params["name"], REMOVE, (Change("versions", names, MISSING), *changes))

    # Doing it

    def act(self, live: LiveBlob, plan: Plan) -> None:
        self._users = None
        if plan.action == REMOVE:
            self._remove(live.all)
        elif plan.action == REPLACE:
            from .replacing import replace

            replace(self, t.cast(Document, live.current), self._sendable(plan.spec))
        elif plan.action == CREATE:
            self.create(self._sendable(plan.spec))
            self._remove(self._surplus(live, True))
        else:
            self._update(t.cast(Document, live.current), plan)
            self._remove(self._surplus(live, False))

    def _update(self, current: Document, plan: Plan) -> None:
        if any(change.option == "labels" for change in plan.changes):
            path, version = f"{self.kind.path}/{current['ID']}/update", current["Version"]["Index"]
            self.engine.post(path, plan.spec, version=version)

    def create(self, spec: Document) -> str:
        try:
            return self.engine.post(f"{self.kind.path}/create", spec)["ID"]
        except Conflict as error:  # somebody made the same version: look again
            raise OutOfSequence(error.message, error.status) from error

    def _sendable(self, spec: Document | None) -> Document:
        spec = dict(spec or {})
        if self.kind.hidden and self._data is not None:
            spec["Labels"] = {**spec["Labels"], DIGEST: versions.digest(self._data)}
        return spec

    def _remove(self, items: list[Document]) -> None:
        from ..._errors import NotFound

        for item in items:
            try:
                self.engine.delete(f"{self.kind.path}/{item['ID']}")
            except NotFound:
                continue

    # What it says

    def result(self, live: LiveBlob, plan: Plan) -> Values:
        key = self.kind.name
        if self.params["state"] == "absent":
            return {key: {}, f"{key}_id": None, f"{key}_name": None}
        document = self._after(live, plan)
        labels = self._schema.view(document["Spec"])["labels"]
        shown = {**self._schema.view(document["Spec"]), "labels": labels, "id": document["ID"]}
        shown["name"] = document["Spec"]["Name"]
        return {key: shown, f"{key}_id": shown["id"], f"{key}_name": shown["name"]}

    def _after(self, live: LiveBlob, plan: Plan) -> Document:
        current = live.current
        if not self.check_mode or not plan.changed or plan.spec is None:
            return t.cast(Document, current)
        new = plan.action in (CREATE, REPLACE) or current is None
        return {"ID": KNOWN_AFTER if new else current["ID"], "Spec": plan.spec}


def _is_digest(label: str) -> bool:
    return label.startswith(OUR_PREFIX)
