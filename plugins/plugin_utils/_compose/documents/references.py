# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets and configs that a service gets (docker/cli, cli/compose/convert/service.go).

The engine wants IDs; here stand names in their place, in SecretID and ConfigID as well.
"""

from __future__ import annotations

import typing as t

from ....module_utils._core.paths import Document
from ....module_utils._core.validators import did_you_mean
from ....module_utils._stack.compose_places import Invalid, Section
from ....module_utils._stack.compose_places import Item as PlacedItem
from ....module_utils._stack.definition import Stack
from ..problems import Problems

_MODE = 0o444
_OWNER = "0"


def references(
    kind: str, items: list[PlacedItem], objects: dict[str, Section], stack: Stack, problems: Problems
) -> list[Document]:
    """:param kind: ``Secret`` or ``Config``. :param objects: those of the file."""
    found: dict[str, Document] = {}
    for item in items:
        with problems.attempt(item.place, item.file):
            file = _file(item)
            if file["Name"] in found:
                raise Invalid(item.place, f"another one already has the target {file['Name']}")
            document = {"File": file, **_named(kind, item.get("source", ""), item.place, objects, stack)}
            found[file["Name"]] = PlacedItem(document, item.file, item.place)
    return sorted(found.values(), key=lambda reference: (reference[f"{kind}Name"], reference["File"]["Name"]))


def with_credential(configs: list[Document], key: str, place: str, objects: dict[str, Section], stack: Stack) -> None:
    """Add the config that a credential spec is in, which is not a file; keeps the order by name."""
    configs.append({"Runtime": {}, **_named("Config", key, place, objects, stack)})
    configs.sort(key=lambda reference: t.cast(str, reference["ConfigName"]))


def _file(item: Section) -> Document:
    mode = item.get("mode")
    return {
        "Name": item.get("target") or item.get("source", ""),
        "UID": item.get("uid") or _OWNER,
        "GID": item.get("gid") or _OWNER,
        "Mode": _MODE if mode is None else int(mode),
    }


def _named(kind: str, key: str, place: str, objects: dict[str, Section], stack: Stack) -> Document:
    if key not in objects:
        raise Invalid(
            place, f"the file's {kind.lower()}s have no {key or 'one without a source'}{did_you_mean(key, objects, '')}"
        )
    name = stack.called(key, objects[key])
    return {f"{kind}ID": name, f"{kind}Name": name}
