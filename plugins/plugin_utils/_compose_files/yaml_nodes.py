# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a YAML file to a tree, by PyYAML's parser: libyaml, of which the docker command line's is a translation,
or where PyYAML was built without it, its own in Python.

Error messages show nothing of the file but one character: values may be passwords.
"""

from __future__ import annotations

import re
import typing as t

import yaml

from ...module_utils._stack.compose_places import ComposeError, problem_at

PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
NO_TEMPLATE = (
    "; where {{ }} of Ansible are meant: in a file only ${NAME} is filled in, of the task's variables, and a template "
    "is given as text, by lookup('ansible.builtin.template', …)"
)


class Node(t.NamedTuple):
    """:param line: where it begins, from 1. :param tag: one that is written; None without, or where it says nothing.
    :param bare: a word without quotes.
    :param value: of a scalar its text, of a list its nodes, of a mapping a tuple of pairs of nodes.
    """

    line: int
    tag: str | None
    bare: bool
    value: str | list[Node] | tuple[tuple[Node, Node], ...]


class YamlError(Exception):
    """Something in a line cannot be read."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


def tree(name: str, data: bytes) -> Node | None:
    """The one document of a file, None for an empty file; raises ComposeError, which names the file and the line."""
    try:
        text = _text(data)
        return _Builder(yaml.parse(text, Loader=PARSER)).document(text)
    except YamlError as wrong:
        raise ComposeError(problem_at(name, wrong.text, wrong.line)) from None
    except RecursionError:
        raise ComposeError(problem_at(name, "is nested too deeply")) from None


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlError(data.count(b"\n", 0, error.start) + 1, "is not UTF-8") from None
    found = _FORBIDDEN.search(text)
    if found:
        raise YamlError(text.count("\n", 0, found.start()) + 1, f"has the control character U+{ord(found[0]):04X}")
    return text


class _Builder:
    """A tree of the parser's events; an alias is the node of its anchor once more.

    Not ``yaml.compose``: with libyaml it recurses in C without a limit, so that a file of 200,000 brackets ends the
    process by a segmentation fault (PyYAML 6.0.3).
    """

    def __init__(self, events: t.Iterable[yaml.Event]) -> None:
        self._events = iter(events)
        self._anchors: dict[str, Node | None] = {}

    def document(self, text: str) -> Node | None:
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            raise _syntax(error, _BREAK.split(text)) from None

    def _document(self) -> Node | None:
        next(self._events)  # the stream begins
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        found = self._node(next(self._events))
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise YamlError(_line(after), "a second document begins; a compose file has one, so give several files")
        return found

    def _node(self, event: yaml.Event) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        found = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else self._collection(event)
        if event.anchor:
            self._anchors[event.anchor] = found
        return found

    def _alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            raise YamlError(
                _line(event), "no anchor before has the name after *; a value that begins with * needs quotes"
            )
        found = self._anchors[event.anchor]
        if found is None:
            raise YamlError(_line(event), "what the name after * stands for contains itself")
        return found

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        bare, quoted = event.implicit
        return Node(event.start_mark.line + 1, None if bare or quoted else event.tag, bare, event.value)

    def _collection(self, event: yaml.Event) -> Node:
        if isinstance(event, yaml.SequenceStartEvent):
            nodes: list[Node] = []
            for item in iter(self._events.__next__, None):
                if isinstance(item, yaml.SequenceEndEvent):
                    return Node(_line(event), None, False, nodes)
                nodes.append(self._node(item))
        pairs: list[tuple[Node, Node]] = []
        for key in iter(self._events.__next__, None):
            if isinstance(key, yaml.MappingEndEvent):
                break
            pairs.append((self._node(key), self._node(next(self._events))))
        return Node(_line(event), None, False, tuple(pairs))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1


def _syntax(error: yaml.MarkedYAMLError, lines: list[str]) -> YamlError:
    """What is wrong in words that say what to do, where we know some."""
    mark = error.problem_mark or error.context_mark
    said = error.problem or error.context or ""
    text = next((better for part, better in _BETTER.items() if part in said), said)
    line = lines[mark.line] if mark.line < len(lines) else ""
    begun = error.context_mark.line if error.context_mark else mark.line
    if begun != mark.line:
        text += f"; what it is in begins in line {begun + 1}"
    if "cannot start any token" in said:
        text = _cannot_begin(line[mark.column : mark.column + 1])
    return YamlError(mark.line + 1, text + (NO_TEMPLATE if "{{" in line or "{%" in line else ""))


def _cannot_begin(character: str) -> str:
    if character == "\t":
        return _TAB
    return f"a value cannot begin with {character}; put it in quotes"


_TAB = "a tab; YAML is indented with blanks"
_BETTER = {
    "tab character that violates indentation": _TAB,
    "mapping values are not allowed": "a colon where no key can be: the line or the one before is indented wrongly, or "
    "a value with a colon and a blank in it needs quotes",
    "could not find expected ':'": "a key without its colon, in this line or before",
    "did not find expected key": "this belongs to nothing: it is indented differently than the keys before",
    "expected <block end>": "this belongs to nothing: it is indented differently than the keys before",
    "block sequence entries are not allowed": "an element of a list cannot begin here",
    "did not find expected '-' indicator": "this belongs to nothing: it is indented differently than the list before",
    "found unknown escape character": "in double quotes \\ begins no such character; write \\\\, or use single quotes",
    "found unexpected end of stream": "the file ends in quotes that were never closed",
}
