# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a thing stands in its file, and what is said of files that cannot be read."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.stack import load
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.document import parse

from .stacks import places_of

STACK = """\
# a comment
x-common: &common
  image: nginx
  deploy:
    replicas: 2

services:
  web:
    <<: *common
    ports:
      - 80:80
      - target: 443
        published: 8443
  db: {image: postgres,
    labels: [a=b]}
  "odd.name": {image: a}
"""


def test_each_key_and_element_has_its_line():
    lines = parse("stack.yml", STACK.encode()).lines
    wanted = {
        "x-common": 2,
        "services": 7,
        "services.web": 8,
        "services.web.image": 3,  # where the merged key stands
        "services.web.deploy.replicas": 5,
        "services.web.ports": 10,
        "services.web.ports[0]": 11,
        "services.web.ports[1]": 12,
        "services.web.ports[1].published": 13,
        "services.db": 14,
        "services.db.labels": 15,
        "services.db.labels[0]": 15,
        "services.odd.name.image": 16,
    }
    assert {place: lines.get(place) for place in wanted} == wanted


def refusal(text: str | bytes) -> ComposeError:
    with pytest.raises(ComposeError) as caught:
        parse("stack.yml", text if isinstance(text, bytes) else text.encode())
    assert "hunter2" not in f"{caught.value.message} {caught.value.failure()}"
    return caught.value


WRONG = [
    ("a:\n  b: 1\n\tc: 2\n", 3, ""),
    ("a:\n  b: @hunter2\n", 2, ""),
    ("a:\n  b: 1\n c: 2\n", 3, ""),
    ("a: hunter2\n  b: 2\n", 2, ""),
    ("a:\n  hunter2\nb\nc: 1\n", 4, ""),
    ("a:\n- b\n-c\nd: 1\n", 4, ""),
    ('a: "hunter2\n\n', 3, ""),
    ("a: [hunter2\nb: 2\n", 2, ""),
    ("a:\n\tb: 1\n", 2, ""),
    ("a: *hunter2\n", 1, ""),
    ("a: &a [*a]\n", 1, ""),
    ("a: 1\nb: \x08\n", 2, ""),
    (b"a: 1\nb: caf\xe9\n", 2, ""),
    ("a:\n  b: 1\n  c: 2\n  b: hunter2\n", 4, "a.b"),
    ("a:\n  80: 1\n", 2, "a"),
    ("a: !!int hunter2\n", 1, "a"),
    ("a: {<<: hunter2}\n", 1, "a.<<"),
    ('a: "\\qhunter2"\n', 1, ""),
]


@pytest.mark.parametrize(("text", "line", "key"), WRONG)
def test_what_is_wrong_and_in_which_line(text, line, key):
    assert places_of(refusal(text)) == [("stack.yml", line, key)]


@pytest.mark.parametrize("text", ["a: {{ image }}\n", "a:\n  - {{ image }}:80\n", "{% if a %}\na: 1\n{% endif %}\n"])
def test_a_template_in_a_file_is_told_what_to_do(text):
    assert "{{ }} of Ansible" in refusal(text).message


def test_all_that_is_wrong_beside_the_syntax_is_told_at_once():
    assert places_of(refusal("a: 1\na: 2\nb: .inf\n")) == [("stack.yml", 2, "a"), ("stack.yml", 3, "b")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 1\na: 2\nb: .inf\n", [(2, "a"), (3, "b")]),
        ("a:\n  b: 1\n\tc: 2\n", [(3, "")]),
        (b"a: 1\nb: caf\xe9\n", [(2, "")]),
        ("[" * 5000, [(None, "")]),
    ],
)
def test_problems_are_listed_as_data(text, wanted):
    """``failure.problems``, which a playbook or an editor reads."""
    with pytest.raises(ComposeError) as caught:
        parse("stack.yml", text if isinstance(text, bytes) else text.encode())
    problems = caught.value.failure()["problems"]
    assert [(problem["line"], problem["key"]) for problem in problems] == wanted
    assert {problem["file"] for problem in problems} == {"stack.yml"} and all(
        problem["message"] for problem in problems
    )


def test_what_the_format_refuses_is_told_with_its_line():
    file = parse("stack.yml", b"services:\n  web:\n    image: nginx\n    tty: yes\n    enviroment:\n      A: b\n")
    with pytest.raises(ComposeError) as caught:
        load("shop", [file], "/", {}, lambda path: b"")
    assert places_of(caught.value) == [
        ("stack.yml", 4, "services.web.tty"),
        ("stack.yml", 5, "services.web.enviroment"),
    ]
