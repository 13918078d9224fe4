# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts that users read when something fails, warns or is waited for, side by side in messages.txt for review.

They are read from the source, with their expressions in braces, so that no message is left out for want of a test.
``HIVE_WRITE_MESSAGES=1 pytest tests/lint/test_all_messages.py`` rewrites the file. How messages look with their values is in
``tests/unit/modules/messages/``.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from ansible_collections.hive.swarm.tests.lint.test_contracts import ROOT

GOLDEN = Path(__file__).parent / "messages.txt"
# Errors and reasons, warnings, and what a wait reports; Plan and the like take no text for users.
SPEAKERS = re.compile(
    r"(?:[A-Z]\w*Error|BadInput|Conflict|Invalid\w*|Locked|Missing\w*|Need\w*|No[A-Z]\w*|NotAManager|NotConverged|NotFound|"
    r"OutOfSequence|OutcomeUnknown|Problem|Reason|Refused|Unreachable|Unsupported|HostUnreachable|problem_at|unsupported_version|"
    r"warn|warning|waiting|failed|reasons|wrong_type|fail_json)"
)
VARIABLES = re.compile(r"(?:message|text|advice|hint|reason|problem|why|words|complaint)s?")
MODULES = ("fail", "assert", "ansible.builtin.fail", "ansible.builtin.assert")


class _Loader(yaml.SafeLoader):
    """Reads tags of Ansible as the values that they mark."""


_Loader.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))


def text_of(node: ast.expr | None) -> str:
    """Return a text with its expressions in braces; empty for what is not one, or has no word of its own."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}" for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return text_of(node.left) + text_of(node.right)
    return ""


def _subject(node: ast.expr) -> str:
    """The option of an error, or the kind of a reason, before its message."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    words = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return f"{'.'.join(words)}: " if words and len(words) == len(parts) else ""


def _texts(node: ast.AST) -> list[ast.expr]:
    """The expressions of a node that may be messages."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return [*node.args, *(item.value for item in node.keywords)] if SPEAKERS.fullmatch(name) else []
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [getattr(item, "id", getattr(item, "attr", "")) for item in targets]
        return [node.value] if any(map(VARIABLES.fullmatch, names)) else []
    return [node.value] if isinstance(node, (ast.Return, ast.Yield)) and node.value else []


def spoken(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each message in a file."""
    for node in ast.walk(tree):
        call = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("BadInput", "Problem", "Reason")
        about = _subject(node.args[0]) if call and node.args else ""
        if isinstance(node, ast.Call):
            about = next((_subject(item.value) for item in node.keywords if item.arg == "option"), about)
        for text in _texts(node):
            words = " ".join(text_of(text).split())
            if re.search(r"[a-z]{2,}\S* [\S]*[a-z{]", re.sub(r"\{[^{}]*\}", "{x}", words)):
                yield text.lineno, f"{about}{words}"


def of_roles(document: object) -> Iterator[str]:
    """The messages of tasks that fail."""
    for item in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from of_roles(item)
    if isinstance(document, dict):
        for name in MODULES:
            options = document.get(name)
            if isinstance(options, dict):
                yield from (" ".join(str(options[key]).split()) for key in ("msg", "fail_msg") if key in options)


def messages(path: Path) -> list[str]:
    if path.suffix == ".py":
        found = [text for _line, text in sorted(set(spoken(ast.parse(path.read_text()))))]
    else:
        found = list(of_roles(_Loader(path.read_text()).get_single_data()))
    return list(dict.fromkeys(found))


def catalogue() -> str:
    paths = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "roles").rglob("*.yml"), *(ROOT / "playbooks").rglob("*.yml")]
    parts = []
    for path in sorted(paths):
        found = messages(path)
        if found:
            parts.append("\n".join([str(path.relative_to(ROOT)), *(f"    {text}" for text in found)]))
    return "\n\n".join(parts) + "\n"


def test_all_messages_are_in_the_file():
    text = catalogue()
    assert text.count("\n    ") > 700
    if os.environ.get("HIVE_WRITE_MESSAGES"):
        GOLDEN.write_text(text)
    assert GOLDEN.read_text() == text, (
        "HIVE_WRITE_MESSAGES=1 pytest tests/lint/test_all_messages.py, and review the change"
    )
