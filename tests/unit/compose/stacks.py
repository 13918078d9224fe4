# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stacks made of what a test writes, without a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError, File
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.stack import Stack, load

FOLDER = "/stacks/shop"
VALUES = {"HOME": "/home/me", "OUTSIDE": "outside", "EMPTY": "", "THREE": "3", "TRUE": "True"}
FILES = {f"{FOLDER}/a.txt": b"a", f"{FOLDER}/none.txt": b"", "/etc/b.txt": b"b"}


def read(path: str) -> bytes:
    if path not in FILES:
        raise FileNotFoundError(2, "No such file or directory", path)
    return FILES[path]


def stack_of(
    *documents: Any,
    lines: Mapping[str, int] | None = None,
    files: Mapping[str, bytes] | None = None,
    values: Mapping[str, str] | None = None,
    on_controller: bool = False,
) -> Stack:
    """The stack ``shop`` of parsed files; ``files`` stand beside them. ``values`` are further variables."""
    beside = {f"{FOLDER}/{name}": data for name, data in (files or {}).items()}

    def read_these(path: str) -> bytes:
        return beside[path] if path in beside else read(path)

    parsed = [File(f"{number}.yml", document, lines or {}) for number, document in enumerate(documents)]
    return load("shop", parsed, FOLDER, {**VALUES, **(values or {})}, read_these, on_controller)


def web(**keys: Any) -> dict[str, Any]:
    """A file with one service."""
    return {"services": {"web": {"image": "nginx", **keys}}}


def spec_of(stack: Stack) -> dict[str, Any]:
    return stack.services["shop_web"]


def places_of(error: ComposeError) -> list[tuple[str, int | None, str]]:
    """File, line and key of each problem."""
    assert error.kind == "bad_input"
    return [(problem["file"], problem["line"], problem["key"]) for problem in error.failure()["problems"]]


def at(document: Any, path: str) -> Any:
    """``TaskTemplate.Networks`` of a document; None where it has no such key."""
    for key in path.split(".") if path else ():
        document = document.get(key) if isinstance(document, dict) else None
    return document
