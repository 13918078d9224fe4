# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets and configs of a stack. Their data never changes, so other data makes a version with a name of its own:
``shop_key``, ``shop_key_v2`` and so on. The first one has the name that `docker stack deploy` gives it."""

from __future__ import annotations

import base64
import typing as t

from .._core.errors import BadInput
from .._core.plan import CREATE, REMOVE, UPDATE, Change
from .._core.validators import refuse_twin
from .._core.values import Document
from .._engine.client import Engine
from .._secret_config import requests
from .._secret_config.checks import MAX_NAME
from .._secret_config.live import DataComparison
from .._secret_config.plan import differences
from .._secret_config.schema import KINDS, SCHEMAS, Kind, by_age
from .compose_places import ErrorCollector
from .live import same_secret_config
from .steps import Step

# The label of a version: the name that the file gives it.
VERSION_OF = "hive.swarm.version-of"


class ResolvedObject(t.NamedTuple):
    """The object that services are to use; the ID of one that is still to be made is KNOWN_AFTER."""

    name: str
    id: str


class SecretConfigPlan(t.NamedTuple):
    """:param steps: creations and new labels. :param resolved: the file's name to the object.
    :param old: versions that the file does not want any more.
    """

    steps: list[Step]
    resolved: dict[str, ResolvedObject]
    old: list[Document]


def plan_secret_config(
    engine: Engine, name: str, wanted: t.Mapping[str, Document], live: list[Document], errors: ErrorCollector
) -> SecretConfigPlan:
    """:param name: ``secret`` or ``config``."""
    planned = SecretConfigPlan([], {}, [])
    kind = KINDS[name]
    comparison = _comparison(engine, kind)
    for key, spec in wanted.items():
        family = sorted((item for item in live if base_of(item) == key), key=by_age, reverse=True)
        holder = next((item for item in family if _fits(comparison, kind, item, spec)), None)
        planned.old.extend(item for item in family if item is not holder)
        if holder:
            planned.resolved[key] = ResolvedObject(holder["Spec"]["Name"], holder["ID"])
            planned.steps.extend(_labels(kind, key, holder, spec))
        else:
            planned.resolved[key] = ResolvedObject(key, "")
            with errors.attempt(name, key):
                step = _new(kind, key, spec, family, {item["Spec"]["Name"] for item in live} | set(wanted))
                planned.resolved[key] = ResolvedObject(t.cast(Document, step.spec)["Name"], "")
                planned.steps.append(step)
    return planned


def base_of(item: Document) -> str:
    """Return the name that the file gives a version."""
    spec = item["Spec"]
    return (spec.get("Labels") or {}).get(VERSION_OF) or spec["Name"]


def _comparison(engine: Engine, kind: Kind) -> DataComparison | None:
    return DataComparison(engine, kind) if kind.hidden else None


def _fits(comparison: DataComparison | None, kind: Kind, item: Document, spec: Document) -> bool:
    """Whether it has what the engine cannot change: the data and the drivers."""
    if not same_secret_config(item["Spec"], spec) and not _same_drivers(kind, item["Spec"], spec):
        return False
    if not spec.get("Data"):
        return True
    if comparison is None:
        return item["Spec"].get("Data") == spec["Data"]
    return comparison.has(item, base64.b64decode(spec["Data"]))


def _same_drivers(kind: Kind, live: Document, wanted: Document) -> bool:
    there, aim = (SCHEMAS[kind.name].view(side) for side in (live, wanted))
    return all(there[option] == aim[option] for option in there if option != "labels")


def _labels(kind: Kind, key: str, item: Document, spec: Document) -> t.Iterator[Step]:
    if same_secret_config(item["Spec"], spec):
        return
    schema = SCHEMAS[kind.name]
    changes = schema.changes(item["Spec"], {"labels": spec["Labels"]})
    if changes:
        yield Step(kind.name, key, UPDATE, tuple(changes), item, schema.apply(item["Spec"], changes))


def _new(kind: Kind, key: str, spec: Document, family: list[Document], taken: set[str]) -> Step:
    refuse_twin(kind.name, key, taken)
    if not family:
        return Step(kind.name, key, CREATE, tuple(differences(kind, {}, spec, None)), spec=spec)
    before = family[0]["Spec"]
    number = next(n for n in range(2, len(family) + len(taken) + 3) if f"{key}_v{n}" not in taken)
    made = {**spec, "Name": f"{key}_v{number}", "Labels": {**spec["Labels"], VERSION_OF: key}}
    _check_length(kind, key, made["Name"])
    same = None if kind.hidden else before.get("Data") == spec.get("Data")
    changes = (Change("name", before["Name"], made["Name"]), *differences(kind, before, made, same))
    return Step(kind.name, key, CREATE, changes, spec=made)


def _check_length(kind: Kind, key: str, name: str) -> None:
    if len(name) > MAX_NAME:
        raise BadInput(
            "name",
            f"the changed data needs a new version, whose name {name} has {len(name)} characters. The maximum of a {kind.name} is"
            f" {MAX_NAME}. Use a name of at most {MAX_NAME - len(name) + len(key)} characters.",
        )


def removal(name: str, item: Document) -> Step:
    kind = KINDS[name]
    changes = tuple(differences(kind, item["Spec"], {}, None))
    return Step(name, item["Spec"]["Name"], REMOVE, changes, item, late=True)


def send_new(engine: Engine, step: Step) -> str:
    """Make it; its ID."""
    return requests.create(engine, KINDS[step.kind], t.cast(Document, step.spec))


def send_labels(engine: Engine, step: Step) -> None:
    live = t.cast(Document, step.live)
    path = f"{KINDS[step.kind].path}/{live['ID']}/update"
    engine.post(path, step.spec, version=live["Version"]["Index"])


def send_removal(engine: Engine, step: Step) -> list[str]:
    """The name, if a service has come to use it, so that it stays."""
    return requests.prune(engine, KINDS[step.kind], [t.cast(Document, step.live)])
