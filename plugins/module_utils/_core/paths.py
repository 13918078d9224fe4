# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a value lives in one of the engine's JSON documents.

A path is a lens: ``get`` what you ``put``, putting back what you got changes nothing, and neighbours are left alone.
Documents are never mutated.
"""

from __future__ import annotations

import typing as t

# One of the engine's JSON objects; and options of a task with their values.
Document = dict[str, t.Any]
Values = dict[str, t.Any]


class Missing:
    """The type of ``MISSING``: the key is not in the document, which is not the same as null."""

    def __repr__(self) -> str:
        return "MISSING"

    def __deepcopy__(self, memo: dict[int, object]) -> Missing:
        return self


MISSING = Missing()


class Place(t.Protocol):
    """A place in a document: one chain of keys (``Path``), or a part of what is there."""

    def get(self, document: object) -> t.Any:
        """Return the value, or ``MISSING``."""

    def put(self, document: Document | None, value: object) -> Document:
        """Return a document in which this place holds the value, or nothing for ``MISSING``."""


class Path(t.NamedTuple):
    """A chain of keys from the top of a document."""

    keys: tuple[str, ...]

    def get(self, document: object) -> t.Any:
        """Return the value, which may be None, or ``MISSING`` where a key of the chain is not there."""
        for key in self.keys:
            if not isinstance(document, dict) or key not in document:
                return MISSING
            document = document[key]
        return document

    def put(self, document: Document | None, value: object) -> Document:
        """Return a document in which this place holds the value, or has no such key for ``MISSING``.

        Objects on the way are only made where there is something to put into them: to the engine an empty object
        and an absent one differ (it restarts tasks for less).
        """
        return _put(document, self.keys, value)

    def __str__(self) -> str:
        return ".".join(self.keys)


def _put(document: Document | None, keys: tuple[str, ...], value: object) -> Document:
    head, rest = keys[0], keys[1:]
    changed = dict(document or {})
    if not rest:
        if value is MISSING:
            changed.pop(head, None)
        else:
            changed[head] = value
        return changed
    if value is MISSING and not isinstance(changed.get(head), dict):
        return changed
    changed[head] = _put(changed.get(head), rest, value)
    return changed


def at(*keys: str) -> Path:
    """Return the path of these keys, from the outermost to the innermost."""
    return Path(keys)


def inside(place: str, key: object) -> str:
    """Return the place of a key of the mapping at ``place``, such as ``services.web``, for messages."""
    return f"{place}.{key}" if place else str(key)
