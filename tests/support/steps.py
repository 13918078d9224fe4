# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The truth test: what a module says it would do, what it says it did, and what it did, held side by side.

A life of an object is data, a list of steps; each step is run four times:

1. in check mode: the world must not move;
2. for real: `changed`, the diff and the shape of the result must be those of the prediction;
3. in check mode and 4. for real again: nothing to change, an empty diff, and the world must not move.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Protocol

from .harness import Runner, run_module
from .shapes import redundant, shape

# Not part of what the module says of its object.
_ASIDE = ("invocation", "warnings", "deprecations", "diff", "changed", "failed")
_ATTEMPTS = 3


class World(Protocol):
    """What must not move while nothing may be written."""

    def token(self) -> tuple[Any, Any]:
        """Two values to compare: what moves only by a write, and what may also move by itself.

        A move of the second (versions, of a real swarm) is believed when it repeats with every run.
        """


@dataclass(frozen=True)
class Step:
    """One task of a life.

    changed: what it must report. failure: facts of the failure that it must end with, such as kind and option, nothing written.
    fails: a part of the message of such a failure, where no fact tells it.
    diff: the options that the diff must name, all of them. hidden: values that must appear in no output.
    repeats: False for an action that changes something every time (rotating a token).
    predicts: False for a failure that only the engine can know (a token of another swarm): check mode passes.
    partly: True for a failure after something was written (a timeout).
    before: called ahead of the step, to move the world for it.
    holds: called with the result of the real run, for further asserts.
    """

    module: Any
    args: dict[str, Any] = field(default_factory=dict)
    changed: bool = True
    failure: Mapping[str, Any] | None = None
    fails: str | None = None
    diff: frozenset[str] | set[str] | None = None
    hidden: Sequence[str] = ()
    repeats: bool = True
    predicts: bool = True
    partly: bool = False
    before: Callable[[], Any] | None = None
    holds: Callable[[dict[str, Any]], Any] | None = None
    name: str = ""

    def __str__(self) -> str:
        return self.name or f"{getattr(self.module, '__name__', self.module)} {json.dumps(self.args, default=str)}"


class Untrue(AssertionError):
    """A module said one thing and did another."""


def run_steps(steps: Sequence[Step], run: Runner = run_module, world: World | None = None) -> list[dict[str, Any]]:
    """Run a life; the results of the real runs. Raises Untrue with the step and what was wrong.

    run: run_module, or anything called alike: run(module, args, check=…, diff=True) -> result.
    world: what must not move where nothing may be written; without one only the words are compared.
    """
    return [_Trial(number, step, run, world).result() for number, step in enumerate(steps, start=1)]


class _Trial:
    """One step under test."""

    def __init__(self, number: int, step: Step, run: Runner, world: World | None):
        self.title = f"step {number} ({step})"
        self.step = step
        self.runner = run
        self.world = world

    def result(self) -> dict[str, Any]:
        if self.step.before:
            self.step.before()
        passing = self.step.fails is None and self.step.failure is None
        return self._passing() if passing else self._failing()

    # -- the two kinds of steps -----------------------------------------------------------------------------------

    def _passing(self) -> dict[str, Any]:
        predicted = self._passed("check mode", self._still("check mode", check=True))
        if self.step.changed:
            done = self._passed("the real run", self._run(check=False))
        else:
            done = self._passed("the real run", self._still("a run with nothing to change", check=False))
        self._compare(predicted, done)
        if self.step.holds:
            self.step.holds(done)
        if self.step.repeats:
            for what, check in (("check mode afterwards", True), ("the second run", False)):
                self._unchanged(what, self._passed(what, self._still(what, check=check)))
        return done

    def _failing(self) -> dict[str, Any]:
        foreseen = self._still("check mode", check=True)
        if self.step.predicts:
            self._failed("check mode", foreseen)
        else:
            self._passed("check mode", foreseen)
        failed = self._run(check=False) if self.step.partly else self._still("the failing run", check=False)
        self._failed("the real run", failed)
        if self.step.holds:
            self.step.holds(failed)
        return failed

    # -- runs -----------------------------------------------------------------------------------------------------

    def _run(self, check: bool) -> dict[str, Any]:
        result = self.runner(self.step.module, dict(self.step.args), check=check, diff=True)
        shown = json.dumps(result, default=str)
        for secret in self.step.hidden:
            self._claim(secret not in shown, f"a secret is in the output{' of check mode' if check else ''}")
        return result

    def _still(self, what: str, check: bool) -> dict[str, Any]:
        """Run, and have the world stand still meanwhile."""
        if self.world is None:
            return self._run(check)
        for _attempt in range(_ATTEMPTS):
            before = self.world.token()
            result = self._run(check)
            after = self.world.token()
            if before == after:
                return result
            if before[0] != after[0]:
                break
        raise Untrue(f"{self.title}: {what} wrote something:\n  before {before}\n  after  {after}")

    # -- comparisons ----------------------------------------------------------------------------------------------

    def _compare(self, predicted: dict[str, Any], done: dict[str, Any]) -> None:
        wanted = self.step.changed
        self._claim(predicted["changed"] is wanted, f"check mode says changed={predicted['changed']}, not {wanted}")
        self._claim(done["changed"] is wanted, f"the real run says changed={done['changed']}, not {wanted}")
        before, after = _diff(predicted), _diff(done)
        self._claim(before == after, f"the diffs differ:\n  check mode   {before}\n  the real run {after}")
        self._check_diff(after)
        expected, found = shape(_own(predicted)), shape(_own(done))
        self._claim(
            expected == found, f"the results have different shapes:\n  check mode   {expected}\n  the real run {found}"
        )

    def _check_diff(self, diff: dict[str, Any]) -> None:
        before, after = diff.get("before") or {}, diff.get("after") or {}
        self._claim((before != after) is self.step.changed, f"changed={self.step.changed}, but the diff is {diff}")
        too_much = redundant(before, after)
        self._claim(not too_much, f"the diff names what does not change: {', '.join(too_much)}")
        if self.step.diff is not None:
            named = set(before) | set(after)
            self._claim(named == set(self.step.diff), f"the diff names {sorted(named)}, not {sorted(self.step.diff)}")

    def _unchanged(self, what: str, result: dict[str, Any]) -> None:
        self._claim(result["changed"] is False, f"{what} says changed={result['changed']}: {_diff(result)}")
        diff = _diff(result)
        self._claim(not diff.get("before") and not diff.get("after"), f"{what} has a diff: {diff}")

    def _passed(self, what: str, result: dict[str, Any]) -> dict[str, Any]:
        self._claim(not result.get("failed"), f"{what} failed: {result.get('msg')}")
        self._claim(isinstance(result.get("changed"), bool), f"{what} does not say whether it changed something")
        return result

    def _failed(self, what: str, result: dict[str, Any]) -> None:
        self._claim(bool(result.get("failed")), f"{what} did not fail: {_own(result)}")
        message, facts = str(result.get("msg")), result.get("failure") or {}
        self._claim((self.step.fails or "") in message, f"{what} failed with {message!r}, not with {self.step.fails!r}")
        for fact, expected in (self.step.failure or {}).items():
            found = facts.get(fact)
            self._claim(found == expected, f"{what} failed with {fact} {found!r}, not {expected!r}: {message}")

    def _claim(self, true: bool, complaint: str) -> None:
        if not true:
            raise Untrue(f"{self.title}: {complaint}")


def _diff(result: dict[str, Any]) -> dict[str, Any]:
    diff = result.get("diff") or {}
    if not isinstance(diff, dict):
        raise Untrue(f"the diff is no dict of before and after: {diff!r}")
    return diff


def _own(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key not in _ASIDE}
