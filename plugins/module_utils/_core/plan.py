# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a run as a value: changed, diff, check mode, the result and the write all read it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .redaction import HIDDEN, printable
from .values import MISSING, Document, Values

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


def differences(changes: t.Iterable[Change]) -> Values:
    """Return what differs as facts of a failure: the options, and their values as a diff shows them."""
    changes = tuple(changes)
    return {
        "options": sorted({change.option for change in changes}),
        "before": _side(changes, "before"),
        "after": _side(changes, "after"),
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
