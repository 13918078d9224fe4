# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of swarm_stack as the module sees them: its action has read the compose files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...plugins.module_utils._stack.compose_places import File
from ...plugins.plugin_utils._compose.stack import Stack, load
from ...plugins.plugin_utils._compose_files.document import parse
from .stacks import StackFile

Options = dict[str, Any]


def of_file(stack: StackFile, folder: Path) -> Options:
    """The options for a compose file of stacks/, which ``stacks.prepare`` has put into the folder."""
    files = [parse(name, (folder / name).read_bytes()) for name in stack.files]
    return _options(
        stack.files, load(stack.name, files, str(folder), stack.environment, lambda path: Path(path).read_bytes())
    )


def of_document(name: str, document: Any, files: Mapping[str, str] | None = None) -> Options:
    """The options for a parsed compose file.

    :param files: name to content, of what it takes its secrets and configs from.
    """
    beside = {f"/stacks/{path}": text.encode() for path, text in (files or {}).items()}
    return _options(["inline document 1"], load(name, [File("stack.yml", document)], "/stacks", {}, beside.__getitem__))


def of_text(name: str, text: str, files: Mapping[str, str] | None = None) -> Options:
    """The options for the text of a file ``stack.yml``, with the lines of its keys.

    :param files: name to content, of what it takes its secrets and configs from.
    """
    beside = {f"/stacks/{path}": content.encode() for path, content in (files or {}).items()}
    return _options(["stack.yml"], load(name, [parse("stack.yml", text.encode())], "/stacks", {}, beside.__getitem__))


def _options(compose: list[str], stack: Stack) -> Options:
    return {"name": stack.name, "compose": compose, "resolve_image": "never", "_stack": json.dumps(stack._asdict())}
