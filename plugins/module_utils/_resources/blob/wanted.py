# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a secret or config: what cannot be meant, and the data that they come to."""

from __future__ import annotations

import base64
import binascii
import re

from ..._errors import BadInput
from ..._path import Values
from .kinds import OUR_PREFIX, Kind

# swarmkit, manager/controlapi/secret.go, and the same for configs.
_NAME = r"[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?"
_MAX_NAME = 64
_SUFFIX_ROOM = 11


def check(kind: Kind, params: Values) -> None:
    name = params["name"]
    if not re.fullmatch(_NAME, name):
        raise BadInput(f"name: {name!r} is no name of a {kind.name}: letters, digits, and inside of it - _ and .")
    if params["rolling_versions"] and params["content_names"]:
        raise BadInput("content_names: rolling_versions names versions by numbers; give one of the two.")
    room = _MAX_NAME - (_SUFFIX_ROOM if params["rolling_versions"] or params["content_names"] else 0)
    if len(name) > room:
        raise BadInput(f"name: {name!r} has {len(name)} characters; here it can have {room}.")
    for key in params["labels"] or ():
        if str(key).startswith(OUR_PREFIX):
            raise BadInput(f"labels: {key} begins with {OUR_PREFIX}, which is kept for this collection.")
    if params["data"] is not None and params["data_src"] is not None:
        raise BadInput("data_src: give data or data_src, not both.")
    if params.get("driver") and (params["data"] is not None or params["data_src"] is not None):
        raise BadInput("data: the data of a secret with a driver comes from the driver.")


def read_data(kind: Kind, params: Values) -> bytes | None:
    """The bytes of the task, None where it gives none; no message shows any of them."""
    if params["data_src"] is not None:
        data = _read(params["data_src"])
    elif params["data"] is None:
        return None
    elif params["data_is_b64"]:
        data = _decode(params["data"])
    else:
        data = params["data"].encode()
    if not data:
        raise BadInput(f"data: it is empty; a {kind.name} has at least one byte.")
    if len(data) > kind.most:
        raise BadInput(f"data: it has {len(data)} bytes; a {kind.name} has at most {kind.most}.")
    return data


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise BadInput(f"data_src: {path} cannot be read: {error.strerror}.") from error


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("data: data_is_b64 is true, and this is no base64.") from None


def in_use(kind: Kind, name: str, same: bool | None, used: list[str]) -> str:
    """Why it cannot be replaced, and what would do instead."""
    users = ", ".join(used)
    if same is None:
        reason = f"nobody can tell whether {kind.name} {name} has this data, as it was made by other means"
    else:
        reason = f"{kind.name} {name} would have to be replaced to have this data"
    return (
        f"{reason}, and it is used by {users}. With content_names or rolling_versions a change makes a new version,"
        f" which {'the service' if len(used) == 1 else 'services'} can be pointed to."
    )
