# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has written and what it still has to write, so that a failure in the middle returns both.

Loaded when something is written.
"""

from __future__ import annotations

import typing as t

from ._errors import SwarmError
from ._path import Values
from ._plan import UPDATE, Change, Plan


class Write(t.NamedTuple):
    """:param what: such as ``network shop_default`` or ``removal of service shop_old``.
    :param changes: what it changes, for the diff.
    :param late: whether it waits until everything else has been written and has converged.
    """

    what: str
    changes: tuple[Change, ...] = ()
    late: bool = False


class WriteLog:
    """The writes of one run, over all its attempts."""

    def __init__(self) -> None:
        self.done: list[Write] = []
        self.left: list[Write] = []
        # Where the changes of unexpected writes stand in the diff, such as ("services", "shop_web") in a stack.
        self.place: tuple[str, ...] = ()

    def expect(self, writes: t.Iterable[Write]) -> None:
        """Set what is left, in order. A new attempt replaces what the one before expected."""
        self.left = list(writes)

    def expect_around(self, what: str, before: t.Iterable[str], after: t.Iterable[str]) -> None:
        """Add to what is left: writes that an expected one brings with it."""
        at = next((number for number, write in enumerate(self.left) if write.what == what), 0)
        self.left[at + 1 : at + 1] = [Write(text) for text in after]
        self.left[at:at] = [Write(text) for text in before]

    def wrote(self, what: str, changes: t.Iterable[Change] = ()) -> None:
        """Record a write that the engine has accepted; ``changes`` only where it was not expected."""
        if not self.wrote_expected(what):
            self.done.append(Write(what, tuple(map(self._placed, changes))))

    def wrote_expected(self, what: str) -> bool:
        """Record an expected write, unless that has been done on the way; whether it was still left."""
        expected = next((write for write in self.left if write.what == what), None)
        if expected:
            self.left.remove(expected)
            self.done.append(expected)
        return expected is not None

    def _placed(self, change: Change) -> Change:
        if not self.place:
            return change
        return change._replace(option=self.place[0], key=(*self.place[1:], change.option, *change.key))

    def forget(self, what: str) -> None:
        """Drop a write that has become a part of another one: the removal of what is there again."""
        self.done = [write for write in self.done if write.what != what]

    def rename(self, what: str, name: str) -> None:
        """Give a write that was done the name that only the write has brought."""
        self.done = [write._replace(what=name) if write.what == what else write for write in self.done]

    def took_back(self, what: str) -> None:
        """Record that a write was undone, so that nothing of it is left."""
        undone = next((write for write in reversed(self.done) if write.what == what), None)
        if undone:
            self.done.remove(undone)
            self.left.insert(0, undone)

    def complete(self, late: bool = False) -> None:
        """Record that all expected writes were done; those that wait until the end only with ``late``."""
        for write in [write for write in self.left if late or not write.late]:
            self.wrote(write.what)

    def changes(self) -> tuple[Change, ...]:
        """The changes of all writes together: from before the first to after the last."""
        merged: dict[tuple[str, ...], Change] = {}
        for change in (change for write in self.done for change in write.changes):
            place = (change.option, *change.key)
            merged[place] = change._replace(before=merged[place].before) if place in merged else change
        return tuple(change for change in merged.values() if change.secret or change.before != change.after)

    def tell(self, error: SwarmError, plan: Plan) -> None:
        """Put into an error what was done until then and what was not."""
        error.details = {**error.details, "done": _words(self.done), "left": _words(self.left)}
        error.result = {**self.outcome(plan), **error.result}

    def outcome(self, plan: Plan) -> Values:
        """``changed`` and the diff of what was done. ``plan`` has the head of the diff."""
        if not self.done:
            return {"changed": False, "diff": {"before": {}, "after": {}}}
        return {"changed": True, "diff": Plan(plan.kind, plan.name, UPDATE, self.changes()).diff()}


def _words(writes: t.Iterable[Write]) -> list[str]:
    return [write.what for write in writes]
