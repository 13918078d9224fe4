# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the options of a secret or config, read its data, and make the errors for tasks that cannot be done."""

from __future__ import annotations

import base64
import re
import typing as t

from .._core.errors import BadInput, Refused
from .._core.validators import Problem, raise_first
from .._core.values import Document, Values
from .._engine.client import Node
from .schema import Kind, is_internal

Problems = t.Iterator[Problem]

# swarmkit, manager/controlapi/secret.go, and the same for configs.
_NAME = r"[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?"
MAX_NAME = 64


def problems(kind: Kind, params: Values) -> Problems:
    """Everything about the options together that cannot be meant, but for the data."""
    yield from name_problems(kind, params["name"], _suffix(params))
    if params["rolling_versions"] and params["content_names"]:
        yield Problem(("content_names",), "mutually exclusive with rolling_versions")
    yield from label_problems(params["labels"] or {})
    if params["state"] == "present":
        yield from _data_problems(params)


def name_problems(kind: Kind, name: str, suffix: int = 0) -> Problems:
    """:param suffix: how many characters the names of versions have more."""
    if not re.fullmatch(_NAME, name):
        yield Problem(
            ("name",),
            f"{name!r} is not a valid name. Use letters, digits, '-', '_' and '.', and start and end with a letter or digit",
        )
    room = MAX_NAME - suffix
    if len(name) > room:
        yield Problem(("name",), f"{name!r} has {len(name)} characters; at most {room} are possible here")


def label_problems(labels: Values) -> Problems:
    for key in labels:
        if is_internal(str(key)):
            yield Problem(("labels",), f"{key!r} is reserved. It identifies the data")


def _suffix(params: Values) -> int:
    """How many characters versions have beside the name: _ and ten, or _v and a number of up to three digits."""
    return 11 if params["content_names"] else 5 if params["rolling_versions"] else 0


def _data_problems(params: Values) -> Problems:
    given = [option for option in ("data", "data_src") if params[option] is not None]
    if len(given) == 2:
        yield Problem(("data_src",), "mutually exclusive with data")
    if given and any((params.get("driver") or {}).values()):
        yield Problem((given[0],), "mutually exclusive with driver, which provides the data")


def read_data(kind: Kind, params: Values, node: Node) -> bytes | None:
    """The bytes of the task, None where it gives none; no message shows any of them."""
    option = "data" if params["data_src"] is None else "data_src"
    if params[option] is None:
        return None
    data = _read(params["data_src"], node) if option == "data_src" else _encode(params["data"], params["data_is_b64"])
    raise_first(size_problems(kind, option, data))
    return data


def size_problems(kind: Kind, option: str, data: bytes) -> Problems:
    if not data:
        yield Problem((option,), f"must not be empty. A {kind.name} has at least one byte")
    if len(data) > kind.most:
        yield Problem((option,), f"has {len(data)} bytes. A {kind.name} has at most {kind.most}")


def _read(path: str, node: Node) -> bytes:
    try:
        return node.read(path)
    except OSError as error:
        raise BadInput("data_src", f"{path} cannot be read: {error.strerror}.") from error


def _encode(text: str, is_base64: bool) -> bytes:
    try:
        if is_base64:
            return base64.b64decode("".join(text.split()), validate=True)
        return text.encode("utf-8", "surrogateescape")
    except ValueError:
        wrong = "invalid Base64, but data_is_b64 is true" if is_base64 else "must be text that UTF-8 can represent"
        raise BadInput("data", f"{wrong}.") from None


def no_data(kind: Kind, name: str, there: bool) -> BadInput:
    """There is nothing that the new object could hold."""
    if there:
        return BadInput("data", f"required to replace {kind.name} {name}.")
    return BadInput("data", f"required to create {kind.name} {name!r}, which does not exist.")


def in_use(kind: Kind, name: str, reasons: t.Sequence[str], used: list[str]) -> Refused:
    """Why it cannot be replaced, and what would do instead."""
    services = "the service" if len(used) == 1 else "the services"
    return Refused(
        f"{kind.name} {name} must be replaced ({'; '.join(reasons)}), but is used by {', '.join(used)}."
        f" Use content_names or rolling_versions to create a new version for {services}."
    )


def not_removed(kind: Kind, items: list[Document], used: t.Mapping[str, list[str]]) -> Refused:
    """Which of them are used, and by whom."""
    said = [
        f"{kind.name} {item['Spec']['Name']} is used by {', '.join(used[item['ID']])}"
        for item in items
        if item["ID"] in used
    ]
    return Refused(f"{', '.join(said)}. Nothing was removed.")
