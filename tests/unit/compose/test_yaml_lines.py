# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a thing stands in its file, and what is said of files that cannot be read."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.stack import load
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.document import parse

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


def refusal(text: str | bytes) -> str:
    with pytest.raises(ComposeError) as caught:
        parse("stack.yml", text if isinstance(text, bytes) else text.encode())
    assert "hunter2" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n  b: 1\n\tc: 2\n", "line 3: a tab; YAML is indented with blanks"),
        ("a:\n  b: @hunter2\n", "line 2: a value cannot begin with @; put it in quotes"),
        ("a:\n  b: 1\n c: 2\n", "line 3: this belongs to nothing: it is indented differently than the keys before"),
        (
            "a: hunter2\n  b: 2\n",
            "line 2: a colon where no key can be: the line or the one before is indented wrongly, or a value with a "
            "colon and a blank in it needs quotes",
        ),
        ("a:\n  hunter2\nb\nc: 1\n", "line 4: a key without its colon, in this line or before"),
        ("a:\n- b\n-c\nd: 1\n", "line 4: a key without its colon, in this line or before"),
        (
            'a: "hunter2\n\n',
            "line 3: the file ends in quotes that were never closed; what it is in begins in line 1",
        ),
        ("a: [hunter2\nb: 2\n", "line 2: did not find expected ',' or ']'; what it is in begins in line 1"),
        ("a:\n\tb: 1\n", "line 2: a tab; YAML is indented with blanks"),
        ("a: *hunter2\n", "line 1: no anchor before has the name after *; a value that begins with * needs quotes"),
        ("a: &a [*a]\n", "line 1: what the name after * stands for contains itself"),
        ("a: 1\nb: \x08\n", "line 2: has the control character U+0008"),
        (b"a: 1\nb: caf\xe9\n", "line 2: is not UTF-8"),
        ("a:\n  b: 1\n  c: 2\n  b: hunter2\n", "line 4: a.b: stands in line 2 already"),
        ("a:\n  80: 1\n", "line 2: a: the key 80 must be a string, not a number: put it in quotes"),
        ("a: !!int hunter2\n", "line 1: a: what follows !!int is none"),
        ("a: {<<: hunter2}\n", "line 1: a.<<: what follows << must be a mapping or a list of mappings"),
        ('a: "\\qhunter2"\n', "line 1: in double quotes \\ begins no such character"),
    ],
)
def test_what_is_wrong_and_in_which_line(text, message):
    assert refusal(text).startswith(f"stack.yml, {message}")


@pytest.mark.parametrize("text", ["a: {{ image }}\n", "a:\n  - {{ image }}:80\n", "{% if a %}\na: 1\n{% endif %}\n"])
def test_a_template_in_a_file_is_told_what_to_do(text):
    assert "{{ }} of Ansible" in refusal(text)


def test_all_that_is_wrong_beside_the_syntax_is_told_at_once():
    assert refusal("a: 1\na: 2\nb: .inf\n").splitlines() == [
        "stack.yml, line 2: a: stands in line 1 already",
        "stack.yml, line 3: b: is not a supported number. Put it in quotes",
    ]


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
    assert caught.value.message.splitlines() == [
        "stack.yml, line 4: services.web.tty: must be true or false, not a string",
        "stack.yml, line 5: services.web.enviroment: unknown. Did you mean 'environment'?",
    ]
