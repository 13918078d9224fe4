# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files are read as the docker command line reads them, with either of PyYAML's parsers."""

from __future__ import annotations

import time

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files import yaml_nodes
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.document import parse

from . import judged
from .stacks import places_of

# PyYAML's own parser has no tabs between tokens.
ONLY_LIBYAML = ("a\tb", "x-v:\t1\n", '"\\ud83d\\ude00"')


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request, monkeypatch):
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML without libyaml")
    monkeypatch.setattr(yaml_nodes, "PARSER", getattr(yaml, request.param))
    return request.param


def read(text: str):
    return parse("stack.yml", text.encode()).document


def same(value, expected) -> bool:
    return value == expected and isinstance(value, bool) == isinstance(expected, bool)


@pytest.mark.parametrize("word", judged.STRINGS)
def test_a_word_is_a_string(word):
    assert read(f"x-v: {word}\n")["x-v"] == word


@pytest.mark.parametrize(("word", "expected"), judged.VALUES.items())
def test_a_word_is_a_value(word, expected):
    assert same(read(f"x-v: {word}\n")["x-v"], expected)


@pytest.mark.parametrize("word", judged.NO_NUMBERS)
def test_an_infinite_number_is_refused(word):
    with pytest.raises(ComposeError) as caught:
        read(f"services:\n  web: {{image: {word}}}\n")
    assert places_of(caught.value) == [("stack.yml", 2, "services.web.image")]


@pytest.mark.parametrize("word", ["2001-12-14", "2001-12-14t21:59:43.10-05:00", "!!timestamp 2001-12-14"])
def test_a_date_is_the_string_that_was_written(word):
    assert read(f"x-v: {word}\n")["x-v"] == word.split()[-1]


def expect(text: str, expected, top) -> None:
    if expected is Exception:
        with pytest.raises(ComposeError) as caught:
            read(text)
        assert all(file == "stack.yml" and line for file, line, _key in places_of(caught.value))
    else:
        assert same(top(read(text)), expected)


@pytest.mark.parametrize(("written", "expected"), judged.WRITTEN.items())
def test_tags_quotes_and_flow_style(parser, written, expected):
    if parser == "SafeLoader" and written in ONLY_LIBYAML:
        pytest.skip("the two parsers differ")
    expect(f"x-v: {written}\nx-w: 0\n", expected, lambda document: document["x-v"])


@pytest.mark.parametrize(("text", "expected"), judged.FILES.items())
def test_whole_files(parser, text, expected):
    if parser == "SafeLoader" and text in ONLY_LIBYAML:
        pytest.skip("the two parsers differ")
    expect(text, expected, lambda document: document)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null\n"])
def test_a_file_may_be_empty(text):
    assert read(text) is None


@pytest.mark.parametrize("text", ["x-v: 1\n---\nx-v: 2\n", "---\nx-v: 1\n---\nx-v: 2\n"])
def test_a_second_document_is_refused_other_than_by_the_command_line(parser, text):
    with pytest.raises(ComposeError, match=r"line [23]: a second document begins; .* give several files"):
        read(text)


def test_aliases_that_would_fill_the_memory_are_refused(parser):
    levels = [f"x-{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(ComposeError, match="with its aliases it has more than"):
        read("\n".join(["x-0: &l0 word", *levels]))


def test_s8_aliases_of_a_long_text_are_counted_too(parser):
    words = ", ".join(["*long"] * 2000)
    with pytest.raises(ComposeError, match="16000000"):
        read(f"x-0: &long {'a' * 100_000}\nx-1: [{words}]\n")


def test_merges_that_would_take_forever_are_refused():
    levels = [f"x-{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    with pytest.raises(ComposeError, match="with its aliases it has more than"):
        read("\n".join(["x-0: &l0 {a: 1}", *levels]))


@pytest.mark.parametrize("depth", [3000, 200_000])
def test_a_file_that_is_nested_too_deeply_is_refused(parser, depth):
    """The deeper one would end the process, if the nodes were composed by libyaml."""
    with pytest.raises(ComposeError, match=r"nested too deeply|line 1: "):
        read("x-v: " + "[" * depth + "]" * depth)


def test_twenty_services_are_read_in_a_moment():
    service = "\n".join(
        [f"    key{n}: value {n}" for n in range(12)] + ["    list:"] + [f"    - item {n}" for n in range(5)]
    )
    data = ("services:\n" + "".join(f"  web{n}:\n{service}\n" for n in range(20))).encode()
    assert data.count(b"\n") > 380
    best = min(_seconds(data) for _attempt in range(5))
    assert best < 0.01 * (1 if hasattr(yaml, "CSafeLoader") else 10), f"{best * 1000:.1f} ms"


def _seconds(data: bytes) -> float:
    start = time.process_time()
    parse("stack.yml", data)
    return time.process_time() - start
