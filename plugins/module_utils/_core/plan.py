# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a run as a value, and the log of its writes.

``changed``, diff, check mode, the result and the write all read the plan. The log has what a run has written and what it still
has to write, so that a failure in the middle returns both.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .errors import SwarmError
from .paths import MISSING, Document, Values
from .redaction import HIDDEN, printable

HIDDEN_NEW = "(hidden, another one)"
# What check mode shows where only the engine can tell; the modules accept it back in check mode.
KNOWN_AFTER = "(known after apply)"
# Not KNOWN_AFTER itself: a token is a no_log option, and Ansible blanks its value wherever it stands in a result.
TOKEN_AFTER = f"SWMTKN-1-{KNOWN_AFTER}"
UNLOCK_KEY_AFTER = f"SWMKEY-1-{KNOWN_AFTER}"
# The ID of a node that would join, by the availability that it would join with: the task that activates it
# afterwards can tell in check mode that it changes something.
NODE_AFTER = {
    None: KNOWN_AFTER,
    "active": KNOWN_AFTER,
    "pause": "(known after apply, paused)",
    "drain": "(known after apply, drained)",
}

NONE, CREATE, UPDATE, REMOVE = "none", "create", "update", "remove"
RECREATE, ROLLBACK, RESUME, FINISH = "recreate", "rollback", "resume", "finish"


class Change(t.NamedTuple):
    """One option that differs. A secret's values never leave this object by way of the diff.

    :param before: None or ``MISSING`` where there was none; ``after`` alike.
    :param key: which sub-option, or which key of a dictionary; empty for the option as a whole.
    :param null: whether None is a value (an environment variable without one), and only ``MISSING`` is none.
    """

    option: str
    before: t.Any
    after: t.Any
    secret: bool = False
    key: tuple[str, ...] = ()
    null: bool = False

    def words(self) -> str:
        """Return what differs, for a message. Not for a secret."""
        before, after = (
            "not set" if value in (None, MISSING, "") else repr(value) for value in (self.before, self.after)
        )
        return f"{'.'.join((self.option, *self.key))} is {before} and would be {after}"


@dataclass(frozen=True)
class Plan:
    """:param kind: what it is about, for the head of the diff.
    :param name: which one.
    :param action: ``none``, ``create``, ``update``, ``remove`` or the verb of the module (``join`` …).
    :param changes: what differs, in the options' words.
    :param spec: the whole next document to write, where one is written. What is more than one document has a plan of
        its own type.
    """

    kind: str
    name: str
    action: str = NONE
    changes: tuple[Change, ...] = ()
    spec: Document | None = None

    @property
    def changed(self) -> bool:
        """Return whether the run would write anything."""
        return self.action != NONE

    def diff(self) -> Values:
        """Return Ansible's diff: exactly the options that change, in the options' words."""
        if not self.changed:
            return {"before": {}, "after": {}}
        title = f"{self.kind} {self.name}".strip()
        if not title.isprintable():  # a host name; the header is shown as it is
            title = printable(title)
        return {
            "before_header": title,
            "after_header": title,
            "before": _side(self.changes, "before"),
            "after": _side(self.changes, "after"),
        }


def _side(changes: t.Iterable[Change], side: str) -> Values:
    """One side of a diff; where it has no value for an option (not there before, gone after), it does not name it."""
    shown: Values = {}
    for change in changes:
        value = getattr(change, side)
        if value is MISSING or (value is None and not change.null):
            continue
        place = shown
        for part in (change.option, *change.key)[:-1]:
            place = place.setdefault(part, {})
        place[(change.option, *change.key)[-1]] = _hidden(change, side) if change.secret else _items(value)
    return shown


def _items(value: t.Any) -> t.Any:
    """Return a list whose objects name only what is set in them; anything else as it is."""
    return [_set_in(item) for item in value] if isinstance(value, list) else value


def _set_in(item: t.Any) -> t.Any:
    if not isinstance(item, dict):
        return item
    parts = {key: _set_in(value) for key, value in item.items()}
    return {key: value for key, value in parts.items() if value not in (None, [], {})}


def _hidden(change: Change, side: str) -> str:
    """A secret's value that takes the place of another one says so."""
    return HIDDEN_NEW if side == "after" and change.before not in (None, MISSING) else HIDDEN


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
        """Return the changes of all writes together: from before the first to after the last."""
        merged: dict[tuple[str, ...], Change] = {}
        for change in (change for write in self.done for change in write.changes):
            place = (change.option, *change.key)
            merged[place] = change._replace(before=merged[place].before) if place in merged else change
        return tuple(change for change in merged.values() if change.secret or change.before != change.after)

    def add_to(self, error: SwarmError, plan: Plan) -> None:
        """Put into an error what was done until then and what was not."""
        error.details = {**error.details, "done": _words(self.done), "left": _words(self.left)}
        error.result = {**self.outcome(plan), **error.result}

    def outcome(self, plan: Plan) -> Values:
        """Return ``changed`` and the diff of what was done. ``plan`` has the head of the diff."""
        if not self.done:
            return {"changed": False, "diff": {"before": {}, "after": {}}}
        return {"changed": True, "diff": Plan(plan.kind, plan.name, UPDATE, self.changes()).diff()}


def _words(writes: t.Iterable[Write]) -> list[str]:
    return [write.what for write in writes]
