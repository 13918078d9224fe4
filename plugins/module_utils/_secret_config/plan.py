# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the document of a new secret or config, its differences from the one before, and the names of versions."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import typing as t
from dataclasses import replace

from .._core.plan import CREATE, KNOWN_AFTER, NONE, REMOVE, UPDATE, Change, Plan
from .._core.reconcile import Write
from .._core.values import MISSING, Document, Values
from .schema import FORCED, SCHEMAS, Kind, without_internal


def next_document(kind: Kind, base: Document, params: Values, data: bytes | None) -> Document:
    """What the task asks for over the one before. The bytes of a config go on where the task names none."""
    schema = SCHEMAS[kind.name]
    start = {**base, "Labels": without_internal(base.get("Labels"))}
    if data is not None:
        start.pop("Driver", None)  # that would be where data comes from
    spec = schema.apply(start, schema.changes(start, params))
    if params["force"] and params["content_names"]:
        spec["Labels"] = {**spec["Labels"], FORCED: "true"}
    return spec if data is None else {**spec, "Data": base64.b64encode(data).decode()}


def plan_assumed(kind: Kind, params: Values) -> Plan:
    """The change of an object that an earlier task would make: all that the task names."""
    spec = {"Name": params["name"], **SCHEMAS[kind.name].create(params)}
    changes = tuple(differences(kind, {}, spec, True))
    return Plan(kind.name, params["name"], UPDATE if changes else NONE, changes, spec)


def next_name(kind: Kind, params: Values, there: list[str], spec: Document) -> str:
    """The name, with KNOWN_AFTER in it where it will be a random one.

    :param there: the names of the versions that there are, the oldest first.
    """
    base = params["name"]
    if params["rolling_versions"]:
        last = (number_of(base, there[-1]) or 0) if there else 0
        return f"{base}_v{last + 1}"
    if not params["content_names"]:
        return base
    name = f"{base}_{KNOWN_AFTER}" if kind.hidden else content_name(base, spec)
    return f"{base}_{KNOWN_AFTER}" if name in there else name  # the same content once more, by force


def differences(kind: Kind, before: Document, after: Document, same: bool | None) -> t.Iterator[Change]:
    """The changes between two documents in the options' words; either can be empty.

    :param same: whether both hold the same data; None if not known.
    """
    if not same:
        sides = shown_data(kind, before), shown_data(kind, after)
        if kind.hidden or sides[0] != sides[1]:
            yield Change("data", *sides, kind.hidden)
    schema = SCHEMAS[kind.name]
    default = schema.view({})
    old, new = schema.view(before), schema.view(after)
    for option in new:
        if old[option] != new[option]:
            was, becomes = (MISSING if side[option] == default[option] else side[option] for side in (old, new))
            yield Change(option, was, becomes)


def expected_writes(kind: Kind, plan: Plan) -> list[Write]:
    """Return the writes of a plan: the object itself, then each version that goes, then what an earlier run left."""
    rest = tuple(change for change in plan.changes if change.option == "rehearsal")
    if rest:
        plan = replace(plan, changes=tuple(change for change in plan.changes if change not in rest))
        gone = [Write(f"removal of {kind.name} {change.before}", (change,)) for change in rest]
        return [*(expected_writes(kind, plan) if plan.changes else ()), *gone]
    versions_ = next((change for change in plan.changes if change.option == "versions"), None)
    others = tuple(change for change in plan.changes if change.option != "versions")
    if plan.action == REMOVE:
        names = versions_.before if versions_ else [plan.name]
        gone = _removals(kind, names, names, bool(versions_))
        return [*gone[:-1], gone[-1]._replace(changes=(*gone[-1].changes, *others))]
    before, after = (versions_.before, versions_.after) if versions_ else ([], [])
    there = [*before, plan.name] if versions_ and plan.action == CREATE else before
    grown = (Change("versions", before, there),) if there != before else ()
    first = [Write(f"{kind.name} {plan.name}", (*others, *grown))] if others or grown else []
    return first + _removals(kind, there, [name for name in there if name not in after], True)


def _removals(kind: Kind, there: list[str], gone: list[str], shown: bool) -> list[Write]:
    """One write for each name that goes; ``shown``: whether the list of versions is in the diff."""
    writes, left = [], list(there)
    for name in gone:
        rest = [other for other in left if other != name]
        changes = (Change("versions", left, rest or MISSING),) if shown else ()
        writes.append(Write(f"removal of {kind.name} {name}", changes))
        left = rest
    return writes


def shown_data(kind: Kind, spec: Document) -> object:
    """A config's bytes as text where they are text; of a secret that there are some."""
    if not spec:
        return MISSING
    if kind.hidden:
        return MISSING if spec.get("Driver") else "hidden"
    raw = base64.b64decode(spec.get("Data") or "")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return spec["Data"]


_SUFFIX = 10


def number_of(base: str, name: str) -> int | None:
    """N of ``base_vN``, None of any other name."""
    found = re.fullmatch(re.escape(base) + r"_v([0-9]+)", name)
    return int(found[1]) if found else None


def is_version(base: str, name: str) -> bool:
    """Whether the name is one that ``content_name`` or ``random_name`` makes."""
    return bool(re.fullmatch(re.escape(base) + rf"_[0-9a-f]{{{_SUFFIX}}}", name))


def content_name(base: str, spec: Document) -> str:
    """The name of a config with what this one cannot change: its bytes and its template driver."""
    driver = (spec.get("Templating") or {}).get("Name") or ""
    made = hashlib.sha256(f"{spec['Data']} {driver}".encode()).hexdigest()
    return f"{base}_{made[:_SUFFIX]}"


def random_name(base: str) -> str:
    """A name that says nothing of what it names."""
    return f"{base}_{os.urandom(_SUFFIX).hex()[:_SUFFIX]}"
