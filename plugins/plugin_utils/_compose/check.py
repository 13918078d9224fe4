# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check of a file against the table, and the version of the format."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._stack.compose_places import File, Invalid
from .problems import Problems
from .schema import FILE
from .validators import Report

_NEWEST = 13
_VERSION = re.compile(r"3\.(0|[1-9][0-9]*)")


def version_of(file: File) -> tuple[int, int]:
    """The version of the format; without one, or with 3, it is the newest. Raises Invalid."""
    if not isinstance(file.document, dict):
        raise Invalid("", "must be a mapping with services", file)
    said = file.document.get("version", "3")
    if not isinstance(said, str):
        raise Invalid("version", "must be a string. Put it in quotes", file)
    match = _VERSION.fullmatch(said)
    if said in ("", "3"):
        return 3, _NEWEST
    if not match or int(match[1]) > _NEWEST:
        raise Invalid("version", f"{said!r} is not a version of the format for swarms. Use 3.0 to 3.{_NEWEST}", file)
    return 3, int(match[1])


def checked(
    file: File, document: t.Any, version: tuple[int, int], problems: Problems, warn: t.Callable[[str, str], None]
) -> t.Any:
    """The document with typed values, without extensions and without what is wrong, which is added to the problems."""
    report = Report(version, [], [])
    found = FILE.check(document, "", report)
    for problem in report.problems:
        problems.add(problem._replace(file=file))
    for warning in report.warnings:
        warn(warning.place, warning.text)
    return found
