# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any value at any place of a task's options, from the modules' argument specs. Deterministic for a seed.

trials = Trials(cluster, line, manager)
for case in cases("swarm_service", base, random.Random(1), per_place=5):
    complaint = trials.complaint(case, run_module)
"""

from __future__ import annotations

import copy
import importlib
import json
import random
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from .fake_engine import FakeCluster
from .fake_engine.engine import FakeEngine
from .fake_engine.requests import READS
from .fake_engine.snapshot import Snapshot
from .fake_engine.wire import Line
from .fault_matrix import contents, difference
from .harness import HarnessError, Runner

Options = dict[str, Any]
Place = tuple[Any, ...]

_DEEP: Any = []
for _level in range(60):
    _DEEP = [_DEEP] if _level % 2 else {"a": _DEEP}

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 444, 65536, 2**31, 2**63, -(2**63) - 1, 10**30, 10**400, 0.0, -0.5, 1.5, 1e30, 1e-300,
    float("nan"), float("inf"), float("-inf"),
    "", " ", "a", "a b", "a,b", "a=b", "a:b", "=", ":", ",", "-", ".", "/", "//", "..", "../../etc/passwd", "~", "~nobody/x",
    "$", "${X", "{{ x }}", "{{", "{%", "{}", "[]", "{", "[", "{'a': 1}", '{"a": [1]}', '{"a": 1e999}', "a: [", "a: 1\nb: 2\n",
    "0", "-1", "1e3", "1_000", "0x10", "0o17", "nan", "inf", "Infinity", "null", "None", "True", "yes", "\u0663", "\u00b2", "1.",
    "5", "10s", "5m3", "-5s", "999999999999h", "1.5", "512M", "99999999P", "0444", "rw", "10.0.0.0/8", "10.0.0.1", "::1", "[::",
    "10.0.0.1:99999", "host:port", "https://", "unix:///nowhere", "tcp://x:y", "tcp://[", "ssh://", "npipe://", "context://", "://",
    "\u00e9\u2603", "\U0001f600", "\n", "\r\n", "\t", "\0", "a\0b", "\x1b[31m", "\u202e", "\ud800", "\udc80", "a" * 300, "a" * 20000,
    "node.role==manager", "rack == large", "==", "a==b==c", "sha256:", "@", "a@b", "a/b:c@d", "A/B", "[?", "[?a==`1`]", "a.b[",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "-----BEGIN", "b'bytes'",
)  # fmt: skip
TREES: tuple[Any, ...] = (
    [], [None], [True], [1], [1.5], [""], ["a"], ["a", "a"], ["a", 1, None, True, [], {}], [[]], [[["a"]]], [{}], [{"a": 1}],
    [{"name": None}], [{"": ""}], ["x"] * 500, {}, {"": ""}, {"": None}, {"a": None}, {"a": True}, {"a": 1}, {"a": 1.5}, {"a": "b"},
    {"a": []}, {"a": ["b"]}, {"a": [None]}, {"a": {}}, {"a": {"b": {"c": [1]}}}, {"name": "x"}, {"name": []}, {"name": {}},
    {"type": []}, {"{{ x }}": "{{ y }}"}, {"a b": "c d"}, {"\0": "\0"}, {"\ud800": "a"}, {"a" * 5000: "b"},
    {"soft": "a", "hard": []}, {"username": [], "password": {}}, _DEEP,
)  # fmt: skip
VALUES = (*SCALARS, *TREES)

# What Python and its libraries say of a value; nothing that a user could act on.
_PYTHON = re.compile(
    r"Traceback|object has no attribute|NoneType|invalid literal|KeyError|IndexError|TypeError|ValueError|unhashable|"
    r"not subscriptable|is not iterable|object is not|<class '|codec can't|index out of range|must be str|expected str|"
    r"unsupported operand|Exceeds the limit|Expecting (value|property)|log to syslog|embedded null|not supported between|OverflowError|"
    r"argument must be|cannot be converted to|unable to convert|could not convert|recursion|Decimal|not JSON serializable"
)


class Case(NamedTuple):
    """:param place: keys and indexes from the options to the value."""

    module: str
    place: Place
    value: Any
    options: Options

    def __str__(self) -> str:
        value = repr(self.value)
        return f"{self.module} {'.'.join(map(repr, self.place))} = {value if len(value) < 200 else value[:200] + '...'}"


def argument_spec(module: str) -> Options:
    """The argument spec that a module hands to Ansible."""
    imported = importlib.import_module(f"ansible_collections.hive.swarm.plugins.modules.{module}")
    return imported.MODULE.argument_spec if hasattr(imported, "MODULE") else imported.ARGUMENTS


def places(spec: Options, before: Place = ()) -> Iterator[tuple[Place, Options]]:
    """Every place of a value: options, sub-options, elements, and keys and values of mappings, with what is around it.

    The second is a builder's recipe: the options that have to stand beside the place, by their place.
    """
    for name, item in spec.items():
        here = (*before, name)
        yield here, item
        kind = item.get("type", "str")
        inner = (*here, 0) if kind == "list" else here
        if kind == "list":
            yield inner, item
        if item.get("options"):
            yield from places(item["options"], inner)
        elif "dict" in (kind, item.get("elements")) or "raw" in (kind, item.get("elements")):
            yield (*inner, "key"), item
            yield (*inner, "key", "inner"), item
        if kind == "raw":
            yield (*here, 0), item
            yield (*here, 0, "name"), item


def cases(module: str, base: Options, chance: random.Random, per_place: int) -> Iterator[Case]:
    """:param base: options that make a valid task. :param per_place: how many values each place gets."""
    spec = argument_spec(module)
    for place, _item in places(spec):
        for value in chance.sample(VALUES, per_place):
            yield Case(module, place, value, build(spec, base, place, value))
    for _more in range(per_place * 4):
        place, value = (chance.choice(list(spec)),), _grown(chance, 3)
        yield Case(module, place, value, build(spec, base, place, value))


def _grown(chance: random.Random, depth: int) -> Any:
    """A random tree of values."""
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(SCALARS)
    if chance.random() < 0.5:
        return [_grown(chance, depth - 1) for _item in range(chance.randrange(4))]
    return {_key(chance): _grown(chance, depth - 1) for _item in range(chance.randrange(4))}


def _key(chance: random.Random) -> str:
    return str(chance.choice(("name", "type", "source", "target", "test", "options", chance.choice(SCALARS))))[:50]


def mutated(document: Any, chance: random.Random) -> tuple[Place, Any, Any]:
    """A document with another value, or another key, at a random place; the place, the value and the document."""
    changed = copy.deepcopy(document)
    place: list[Any] = []
    here = changed
    while True:
        step = chance.choice(list(here) if isinstance(here, dict) else range(len(here)))
        place.append(step)
        if not (isinstance(here[step], (dict, list)) and here[step]) or chance.random() < 0.2:
            break
        here = here[step]
    value = chance.choice(VALUES)
    if isinstance(here, dict) and chance.random() < 0.2:
        key = chance.choice((*SCALARS[:20], value if isinstance(value, str) else "x"))
        here[key] = here.pop(step)
        return tuple(place), key, changed
    here[step] = value
    return tuple(place), value, changed


def build(spec: Options, base: Options, place: Place, value: Any) -> Options:
    """The task with the value at a place; sub-options that are required stand beside it."""
    options = copy.deepcopy(base)
    here: Any = options
    around: Options | None = spec
    for number, step in enumerate(place[:-1]):
        item = (around or {}).get(step, {}) if around else {}
        made: Any = [] if place[number + 1] == 0 else {}
        if isinstance(step, int):
            here.append(made)
        else:
            here[step] = made
        here = made
        if not isinstance(step, int):
            around = item.get("options")
        if isinstance(made, dict):
            made.update({name: _sample(one) for name, one in (around or {}).items() if one.get("required")})
    if isinstance(here, list):
        here.append(value)
    else:
        here[place[-1]] = value
    return options


def _sample(item: Options) -> Any:
    if item.get("choices"):
        return item["choices"][0]
    return {"int": 1, "bool": True, "float": 1.0, "list": [], "dict": {}}.get(item.get("type", "str"), "/a")


def complaint_about(result: Options, case: Case) -> str | None:
    """What is wrong with a result: nothing if it is a success, or a failure that names the option in our words."""
    if not result.get("failed"):
        return None
    failure = result.get("failure")
    if not failure or not failure.get("kind"):
        return "has no failure.kind"
    text = json.dumps([result["msg"], failure], default=str)
    found = _PYTHON.search(text)
    if found:
        return f"has Python's words {found[0]!r}"
    # Messages about a compose file name the file and the key instead.
    if failure["kind"] == "bad_input" and case.place[0] != "compose" and case.place[0] not in str(result["msg"]):
        return f"does not name {case.place[0]}"
    return None


# Options of which a task does something on every run.
_ACTIONS = ("force", "force_update", "rotate_worker_token", "rotate_manager_token", "rotate_manager_unlock_key")


class Trials:
    """Runs each case in check mode, for real and again, from one state of a fake cluster.

    :ivar manager: an engine that a task may name.
    """

    def __init__(self, cluster: FakeCluster, line: Line, manager: FakeEngine):
        self.manager = manager
        self._cluster, self._line = cluster, line
        self._start = Snapshot(cluster)
        self._before: Any = None

    def complaints(self, cases: Iterator[Case], base: Options, run: Runner) -> list[tuple[Case, str | None]]:
        """Return each case with what is wrong with it. Every second one finds what the base task makes."""
        return [(case, self._complaint(case, run, base if number % 2 else None)) for number, case in enumerate(cases)]

    def _complaint(self, case: Case, run: Runner, first: Options | None) -> str | None:
        """Return None for a case that succeeds and stays, or is refused and writes nothing."""
        self._line.arm()
        try:
            if first is not None:
                run(case.module, first)
            self._before = contents(self._cluster)
            return self._played(case, run)
        except HarnessError as error:
            return str(error)[-300:]
        finally:
            if self._has_written():
                self._start.restore()

    def _played(self, case: Case, run: Runner) -> str | None:
        predicted = run(case.module, case.options, check=True)
        if self._difference():
            return f"check mode wrote: {self._difference()}"
        result = run(case.module, case.options)
        for told in (predicted, result):
            complaint = complaint_about(told, case)
            if complaint:
                return f"{complaint}: {told['msg'][:300]}"
        if result["failed"]:
            return self._refused(predicted, result)
        return self._done(case, predicted, result, run(case.module, case.options))

    def _refused(self, predicted: Options, result: Options) -> str | None:
        assumes = any("Check mode assumes" in text for text in predicted.get("warnings", ()))
        if not predicted["failed"] and not assumes and result["failure"]["kind"] == "bad_input":
            return f"check mode did not refuse it: {result['msg'][:300]}"
        if not result.get("changed") and self._difference():
            return f"failed, changed is false, but it wrote: {self._difference()}: {result['msg'][:300]}"
        return None

    def _done(self, case: Case, predicted: Options, result: Options, again: Options) -> str | None:
        if predicted["failed"]:
            return f"succeeds, but check mode failed: {predicted['msg'][:300]}"
        if predicted.get("changed") != result.get("changed"):
            return f"check mode predicted changed={predicted.get('changed')}"
        if again["failed"] or (again.get("changed") and case.place[0] not in _ACTIONS):
            return f"a second run: {again.get('msg', again.get('diff'))}"
        return None

    def _has_written(self) -> bool:
        return any(method not in READS for method, _path in self._line.requests)

    def _difference(self) -> str:
        """Return what the runs so far have changed."""
        return difference(self._before, contents(self._cluster)) if self._has_written() else ""


def complaint_of_check_mode(case: Case, run: Runner) -> str | None:
    """Return what is wrong with a case that must not run for real."""
    try:
        result = run(case.module, case.options, check=True)
    except HarnessError as error:
        return str(error)[-300:]
    complaint = complaint_about(result, case)
    return f"{complaint}: {result['msg'][:300]}" if complaint else None
