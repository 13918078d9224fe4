# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing secrets and configs: creating, replacing, removing, and races with others that do the same."""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict, EngineError, NotFound, OutOfSequence
from .._core.plan import KNOWN_AFTER, Change
from .._core.validators import rehearsal_name
from .._core.values import Document
from .._engine.client import Engine
from .plan import random_name
from .schema import REHEARSAL, Kind, by_age

HasData = t.Callable[[Document], bool]

if t.TYPE_CHECKING:
    from .._core.reconcile import WriteLog


def sendable(spec: Document) -> Document:
    """Return the document as it is sent: with a random name where the plan left it open."""
    spec = dict(spec)
    if spec["Name"].endswith(f"_{KNOWN_AFTER}"):
        spec["Name"] = random_name(spec["Name"][: -len(f"_{KNOWN_AFTER}")])
    return spec


def create(engine: Engine, kind: Kind, spec: Document) -> str:
    """Make it and return its ID; OutOfSequence if another client created one with this name meanwhile."""
    try:
        return engine.post(f"{kind.path}/create", spec)["ID"]
    except Conflict as error:
        raise OutOfSequence(error.message, error.status) from error


def replace(engine: Engine, kind: Kind, old: Document, spec: Document, log: WriteLog) -> None:
    """The engine is asked first whether it takes the new one, under another name; then the names change hands.

    That other one stays until the new one is there: where the run ends between both, the next run finds in it what
    the task does not name.
    """
    rehearsal = rehearsal_name(spec["Name"])
    made = create(engine, kind, {**spec, "Name": rehearsal, "Labels": {**spec["Labels"], REHEARSAL: "true"}})
    log.expect_around(f"{kind.name} {spec['Name']}", [], [f"removal of {kind.name} {rehearsal}"])
    log.wrote(f"{kind.name} {rehearsal}")
    try:
        engine.delete_unchanged(f"{kind.path}/{old['ID']}", old["Version"]["Index"])
    except EngineError as error:
        remove(engine, kind, [{"ID": made}])
        log.took_back(f"{kind.name} {rehearsal}")
        if isinstance(error, NotFound):  # another client writes it at the same time
            raise OutOfSequence(error.message, error.status) from error
        raise
    log.wrote(f"removal of {kind.name} {spec['Name']}", [Change("id", old["ID"], None)])
    create(engine, kind, spec)
    log.wrote_expected(f"{kind.name} {spec['Name']}")
    remove(engine, kind, [{"ID": made, "Spec": {"Name": rehearsal}}], log)


def remove(engine: Engine, kind: Kind, items: list[Document], log: WriteLog | None = None) -> None:
    for item in items:
        try:
            engine.delete(f"{kind.path}/{item['ID']}")
        except NotFound:
            pass  # another client was quicker
        if log:
            log.wrote(f"removal of {kind.name} {item['Spec']['Name']}")


def prune(engine: Engine, kind: Kind, items: list[Document], log: WriteLog | None = None) -> list[str]:
    """Remove old versions; the names of those that a service uses by now, which stay."""
    kept = []
    for item in items:
        try:
            remove(engine, kind, [item], log)
        except EngineError as error:
            if error.status != 400:
                raise
            kept.append(item["Spec"]["Name"])
    return kept


def drop_duplicate_version(
    engine: Engine, kind: Kind, has_data: HasData, known: set[str], rivals: list[Document], made: str
) -> None:
    """Take back a version where another client made one with the same data before, as random names do not collide.

    :param has_data: returns whether a version has the data of the task.
    :param known: IDs of the versions that were there before; ``rivals`` are those that are there now.
    """
    order = {item["ID"]: number for number, item in enumerate(sorted(rivals, key=by_age))}
    for item in rivals:
        earlier = item["ID"] not in known and order[item["ID"]] < order.get(made, -1)
        if earlier and has_data(item):
            remove(engine, kind, [{"ID": made}])
            raise OutOfSequence(f"another client created {item['Spec']['Name']} with the same data")
