# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check of a file against the table, and the version of the format."""

from __future__ import annotations

import re
import typing as t

from .errors import Problem
from .kinds import Report
from .places import File
from .table import FILE

_NEWEST = 13
_VERSION = re.compile(r"3\.(0|[1-9][0-9]*)")


def version_of(file: File) -> tuple[int, int]:
    """The version of the format; without one, or with 3, it is the newest. Raises ComposeError."""
    if not isinstance(file.document, dict):
        raise file.error([Problem("version", "the file must be a mapping with services")])
    said = file.document.get("version", "3")
    if not isinstance(said, str):
        raise file.error([Problem("version", "must be a string: put it in quotes")])
    match = _VERSION.fullmatch(said)
    if said in ("", "3"):
        return 3, _NEWEST
    if not match or int(match[1]) > _NEWEST:
        raise file.error([Problem("version", f"{said!r} is none of 3.0 to 3.{_NEWEST}, which a swarm's files have")])
    return 3, int(match[1])


def checked(file: File, document: t.Any, warn: t.Callable[[str], None]) -> t.Any:
    """The document with typed values, without extensions; raises ComposeError with all that is wrong."""
    report = Report(version_of(file), [], [])
    found = FILE.check(document, "", report)
    if report.problems:
        raise file.error(report.problems)
    for place, text in report.warnings:
        warn(f"{file.spot(place)}: {place}: {text.rstrip('.')}.")
    return found
