# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the compose files describe what an error is about. Loaded when something goes wrong."""

from __future__ import annotations

import typing as t

from ..._compose.option_places import Option, key_of
from ..._compose.places import File, Origins, inside
from ..._errors import SwarmError
from ..._path import Values
from .definition import Definition

# Lists of a service whose elements stand elsewhere in the engine's document: the list as a whole is named.
_LISTS = {"publish": "ports", "mounts": "volumes", "secrets": "secrets", "configs": "configs", "networks": "networks"}


def name_origin(error: SwarmError, wanted: Definition | None, kind: str, name: str, option: Option = ()) -> None:
    """Put file, line and key, and the object, before an error's message, and into its details.

    :param kind: ``service``, ``network``, ``secret`` or ``config``. :param name: as the engine has it.
    :param option: of the kind's own module, where the error is about one.
    """
    if "object" in error.details:
        return
    error.details["object"] = {"kind": kind, "name": name}
    said = error.message if name in error.message else f"{kind} {name}: {error.message}"
    found = _find(wanted, kind, name, option) if wanted else None
    if not found:
        error.message = said
        return
    file, place = found
    problem = {"file": file.name, "line": file.line(place), "key": place, "message": error.message}
    error.details["problems"] = [problem]
    error.message = f"{file.spot(place)}: {place}: {said}"


def _find(wanted: Definition, kind: str, name: str, option: Option) -> tuple[File, str] | None:
    objects = wanted.origins.get("objects", {}).get(f"{kind}s", {})
    if name not in objects:
        return None
    place = objects[name]
    files = [File(file, None, lines) for file, lines in wanted.origins["files"]]
    if option[:1] == ("publish",) and len(option) > 1:
        number, place = wanted.origins["ports"][name][option[1]]
        return files[number], place
    if option:
        place = inside(place, _LISTS[str(option[0])] if option[0] in _LISTS else key_of(kind, option))
    return Origins(files).origin(place)


def combined(errors: list[SwarmError]) -> SwarmError:
    """One error for all: that of the first place, with a line for each."""
    if len(errors) == 1:
        return errors[0]
    ordered = sorted(errors, key=_order)
    first = ordered[0]
    first.message = "\n".join(dict.fromkeys(error.message for error in ordered))
    first.details["problems"] = [problem for error in ordered for problem in error.details.get("problems", [])]
    return first


def _order(error: SwarmError) -> tuple[str, int, str]:
    problems: list[Values] = error.details.get("problems") or [{}]
    return str(problems[0].get("file", "")), problems[0].get("line") or 0, t.cast(str, problems[0].get("key", ""))
