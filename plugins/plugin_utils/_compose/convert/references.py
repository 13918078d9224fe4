# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets and configs that a service gets (docker/cli, cli/compose/convert/service.go).

The engine wants IDs; here stand names in their place, in SecretID and ConfigID as well.
"""

from __future__ import annotations

import typing as t

from ....module_utils._core.validators import did_you_mean
from ....module_utils._core.values import Document, Values
from ....module_utils._service.schema import CONFIG, SECRET
from ....module_utils._stack.compose_places import Invalid, Section
from ....module_utils._stack.compose_places import Item as PlacedItem
from ....module_utils._stack.definition import Stack
from ..problems import Problems

_MODE = 0o444
_OWNER = "0"
SCHEMAS = {"secret": SECRET, "config": CONFIG}


def references(
    kind: str, items: list[PlacedItem], objects: dict[str, Section], stack: Stack, problems: Problems
) -> list[Document]:
    """:param kind: ``secret`` or ``config``. :param objects: those of the file."""
    found: dict[str, tuple[str, PlacedItem]] = {}
    for item in items:
        with problems.attempt(item.place, item.file):
            file = _file(item)
            if file["filename"] in found:
                raise Invalid(item.place, f"another one already has the target {file['filename']}")
            name = _called(kind, item.get("source", ""), item.place, objects, stack)
            document = SCHEMAS[kind].document({**file, **_named(kind, name)})
            found[file["filename"]] = (name, PlacedItem(document, item.file, item.place))
    by_name = sorted(found, key=lambda filename: (found[filename][0], filename))
    return [found[filename][1] for filename in by_name]


def with_credential(configs: list[Document], key: str, place: str, objects: dict[str, Section], stack: Stack) -> None:
    """Add the config that a credential spec is in, which is not a file; keeps the order by name."""
    name = _called("config", key, place, objects, stack)
    configs.append(CONFIG.document(_named("config", name), {"Runtime": {}}))
    configs.sort(key=lambda reference: t.cast(str, reference["ConfigName"]))


def _file(item: Section) -> Values:
    mode = item.get("mode")
    return {
        "filename": item.get("target") or item.get("source", ""),
        "uid": item.get("uid") or _OWNER,
        "gid": item.get("gid") or _OWNER,
        "mode": _MODE if mode is None else int(mode),
    }


def _called(kind: str, key: str, place: str, objects: dict[str, Section], stack: Stack) -> str:
    if key not in objects:
        raise Invalid(
            place, f"the file's {kind}s have no {key or 'one without a source'}{did_you_mean(key, objects, '')}"
        )
    return stack.called(key, objects[key])


def _named(kind: str, name: str) -> Values:
    return {f"{kind}_id": name, f"{kind}_name": name}
