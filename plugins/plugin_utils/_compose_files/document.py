# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tree to values, and the line of each place."""

from __future__ import annotations

import math
import typing as t

from ...module_utils._core.values import Values, inside
from ...module_utils._stack.compose_places import ComposeError, File, problem_at
from .scalars import TAG, plain, tagged
from .yaml_nodes import NO_TEMPLATE, Node, tree

# A file of a thousand services has less. Aliases can stand for any number of values, or of long ones, and fill the
# memory of the controller.
_MOST_VALUES = 200_000
_MOST_CHARACTERS = 16_000_000
_TYPES = {bool: "a boolean", int: "a number", float: "a number", type(None): "null"}
_NOT_A_MAPPING = "what follows << must be a mapping or a list of mappings"

Pairs = dict[str, tuple[Node, Node]]


def parse(name: str, data: bytes) -> File:
    """:param name: for messages. Raises ComposeError with all that is wrong, or with the first error of the syntax.

    Refused are several documents in one file, and an infinite number; the docker command line reads the first document
    alone, and fails at the number without saying where.
    """
    return _Reader(name).file(tree(name, data))


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: dict[str, int] = {}
        self._problems: list[Values] = []
        self._count = 0
        self._characters = 0

    def file(self, root: Node | None) -> File:
        try:
            document = self._value(root, "") if root else None
        except RecursionError:
            raise ComposeError(problem_at(self._name, "is nested too deeply")) from None
        if self._problems:
            raise ComposeError(*self._problems)
        return File(self._name, document, self._lines)

    def _value(self, node: Node, place: str) -> object:
        self._count_one()
        value = node.value
        if isinstance(value, str):
            self._count_characters(value)
            return self._scalar(node, place)
        if isinstance(value, list):
            return [self._item(item, f"{place}[{number}]") for number, item in enumerate(value)]
        found = {}
        for key, (key_node, item) in self._pairs(node, place).items():
            where = inside(place, key)
            self._lines[where] = key_node.line
            found[key] = self._value(item, where)
        return found

    def _item(self, node: Node, place: str) -> object:
        self._lines[place] = node.line
        return self._value(node, place)

    def _scalar(self, node: Node, place: str) -> object:
        if not node.bare and node.tag is None:
            return node.value
        text = t.cast(str, node.value)
        try:
            value = plain(text) if node.bare else tagged(t.cast(str, node.tag), text)
        except ValueError as error:
            self._wrong(node.line, place, str(error))
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self._wrong(node.line, place, "is not a supported number. Put it in quotes")
            return None
        return value

    def _pairs(self, node: Node, place: str) -> Pairs:
        """The keys of a mapping: its own, and those that << brings and it has not; of several, the first one counts."""
        own: Pairs = {}
        merged: list[Node] = []
        seen: dict[str, int] = {}
        for key_node, item in t.cast("tuple[tuple[Node, Node], ...]", node.value):
            self._count_one()
            key = self._key(key_node, place)
            if key is None:
                continue
            if key in seen:
                self._wrong(key_node.line, inside(place, key), f"stands in line {seen[key]} already")
            seen[key] = key_node.line
            if _is_merge(key_node):
                merged += self._mappings(item, inside(place, key))
            else:
                own[key] = (key_node, item)
        for other in merged:
            for key, pair in self._pairs(other, place).items():
                own.setdefault(key, pair)
        return own

    def _key(self, node: Node, place: str) -> str | None:
        """A key, or None where it is none, which is noted."""
        if isinstance(node.value, str):
            key = self._scalar(node, place)
            if isinstance(key, str):
                return key
            text = (
                f"the key {node.value or 'that is empty'} must be a string, not {_TYPES[type(key)]}: put it in quotes"
            )
        else:
            text = f"a key must be a string, not a list or a mapping{NO_TEMPLATE}"
        self._wrong(node.line, place, text)
        return None

    def _mappings(self, node: Node, place: str) -> list[Node]:
        nodes = node.value if isinstance(node.value, list) else [node]
        if not all(isinstance(item.value, tuple) for item in nodes):
            self._wrong(node.line, place, _NOT_A_MAPPING)
            return []
        return list(nodes)

    def _wrong(self, line: int, place: str, text: str) -> None:
        self._problems.append(problem_at(self._name, text, line, place))

    def _count_one(self) -> None:
        self._count += 1
        if self._count > _MOST_VALUES:
            raise ComposeError(problem_at(self._name, f"with its aliases it has more than {_MOST_VALUES} values"))

    def _count_characters(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > _MOST_CHARACTERS:
            raise ComposeError(
                problem_at(self._name, f"with its aliases it has more than {_MOST_CHARACTERS} characters")
            )


def _is_merge(node: Node) -> bool:
    return node.value == "<<" and (node.bare or node.tag == f"{TAG}merge")
