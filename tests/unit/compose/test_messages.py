# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages about compose files and files of variables, each below what it is about, so that a person can review them.

``HIVE_WRITE_MESSAGES=1 pytest tests/unit/compose/test_messages.py`` rewrites messages.txt.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.document import parse
from ansible_collections.hive.swarm.tests.unit.compose import (
    test_bad_input,
    test_compose_config,
    test_dotenv,
    test_part_checks,
    test_template,
    test_yaml_lines,
)

from .stacks import stack_of, web

GOLDEN = Path(__file__).parent / "messages.txt"
NUMBERS = "services:\n  web: {image: .inf}\n"


def _yaml(text: str | bytes) -> None:
    parse("stack.yml", text if isinstance(text, bytes) else text.encode())


def cases() -> Iterator[tuple[object, Callable[[], Any]]]:
    """What is wrong, and what reads it."""
    for keys, _place in test_bad_input.SERVICES:
        yield keys, lambda keys=keys: stack_of({**web(**keys), **test_bad_input.MORE})
    for keys, _place in test_template.WRONG:
        yield keys, lambda keys=keys: stack_of(web(**keys))
    for document, _key in (*test_bad_input.DOCUMENTS, *test_compose_config.WRONG):
        yield document, lambda document=document: stack_of(document)
    for document in test_compose_config.ELSEWHERE.values():
        yield document, lambda document=document: stack_of(document)
    yield "two versions", lambda: stack_of(web(), {"version": "3.8"})
    for text in (*(text for text, *_place in test_yaml_lines.WRONG), NUMBERS):
        yield text, lambda text=text: _yaml(text)
    for case in test_part_checks.CASES:
        yield case.text, lambda case=case: test_part_checks.load_text(case.text)
    for text, _line in test_dotenv.WRONG:
        yield text, lambda text=text: test_dotenv.read(text)


def message_of(run: Callable[[], Any]) -> str:
    with pytest.raises(ComposeError) as caught:
        run()
    return caught.value.message


def test_messages():
    text = "".join(f"{subject!r}\n    {message_of(run)}\n" for subject, run in cases())
    if os.environ.get("HIVE_WRITE_MESSAGES"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()
