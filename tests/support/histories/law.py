# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be there after a task, whatever the faults and the other client were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from .model import asked, is_excused
from .operations import DATA, NAMES, Task
from .runner import Outcome

State = dict[tuple[str, str], dict[str, Any]]

#: What a failed task may call its failure where a request has met a fault.
_KINDS = ("unreachable", "outcome_unknown", "engine", "no_quorum")


class Write(NamedTuple):
    """What another client has changed during a task.

    :param number: of the request of the task before which it happened.
    """

    number: int
    before: State
    after: State


class Facts(NamedTuple):
    """A task that has run.

    :param before: what was there before it. :param after: and after it. :param writes: of the other client, meanwhile.
    """

    task: Task
    outcome: Outcome
    before: State
    after: State
    writes: tuple[Write, ...]

    @property
    def place(self) -> tuple[str, str]:
        return self.task.kind, self.task.name

    @property
    def states(self) -> list[State]:
        return [self.before, *(state for write in self.writes for state in (write.before, write.after))]


def violations(facts: Facts) -> Iterator[str]:
    """Return what is wrong, in words."""
    outcome = facts.outcome
    if outcome.ok:
        yield from _of_success(facts)
    elif outcome.result is not None:
        yield from _of_failure(facts)
    yield from _of_object(facts)
    yield from _of_others(facts)
    shown = json.dumps(outcome.result, default=str)
    if facts.task.kind == "secret" and any(text in shown for text in DATA):
        yield "a secret is in the output"


def _of_success(facts: Facts) -> Iterator[str]:
    result = facts.outcome.result or {}
    if not facts.writes:
        moved = facts.before != facts.after  # what a cut run has left is taken away
        if moved and not result["changed"]:
            yield "changed is false, but something is another one"
        if result["changed"] and not moved:
            yield "changed is true, but nothing has changed"


def _of_failure(facts: Facts) -> Iterator[str]:
    outcome = facts.outcome
    result = outcome.result or {}
    dropped = any(_drops(write, facts.place) for write in facts.writes)
    excused = dropped or _lost_addresses(facts) or any(is_excused(state, facts.task) for state in facts.states)
    if not outcome.transport.met and not excused:
        yield f"failed without a reason: {outcome.kind}: {result['msg']}"
    if outcome.transport.met and not excused and outcome.kind not in _KINDS:
        yield f"failed with {outcome.kind} after {outcome.transport.met}: {result['msg']}"
    known = outcome.kind not in ("outcome_unknown", "unreachable") and not facts.writes and not result.get("changed")
    if known and facts.before.get(facts.place) != facts.after.get(facts.place):
        yield f"failed with {outcome.kind} and changed: false, but the object is another one"


def _of_object(facts: Facts) -> Iterator[str]:
    """What became of the object of the task, attribute by attribute."""
    before, after = facts.before.get(facts.place), facts.after.get(facts.place)
    was_absent = any(facts.place not in state for state in facts.states)
    dropped = any(_drops(write, facts.place) for write in facts.writes)
    made = any(facts.place not in write.before and facts.place in write.after for write in facts.writes)
    if facts.task.options.get("state") == "absent":
        if facts.outcome.ok and after is not None and not made:
            yield "ok, but the object is there"
        if after is not None and before is not None and not made and not dropped:
            yield from _compare(facts, before, after, {})
        return
    if after is None:
        if facts.outcome.ok and not dropped:
            yield "ok, but the object is not there"
        if before is not None and not dropped and not _may_be_lost(facts):
            yield "the object is gone"
        return
    yield from _compare(facts, None if was_absent else before, after, asked(facts.task))


def _may_be_lost(facts: Facts) -> bool:
    """A replacement removes the old object first, which no service uses, and says so; the next run makes the new one."""
    met, result = facts.outcome.transport.met, facts.outcome.result
    if result is None or len(met) > 1:
        return True
    return bool(met) and facts.task.kind in ("secret", "config") and bool(result["changed"])


def _drops(write: Write, place: tuple[str, str]) -> bool:
    return place in write.before and place not in write.after


def _lost_addresses(facts: Facts) -> bool:
    """Whether another client made a network while this one was away, and removed it too late.

    It can have had the addresses of this one, which the manager looks for again after five minutes (swarmkit,
    manager/allocator/network.go, retryInterval). As long as it is there, the task chooses others.
    """
    made = {place for write in facts.writes for place in {*write.after} - {*write.before} if place[0] == "network"}
    return facts.task.kind == "network" and any(_drops(write, place) for write in facts.writes for place in made)


def _compare(
    facts: Facts, before: dict[str, Any] | None, after: dict[str, Any], given: dict[str, Any]
) -> Iterator[str]:
    """:param before: None where the object was not there all the time, so that the rest of it may be anything."""
    for key in {**(before or {}), **after, **given}:
        if key == "detached":
            continue
        others = [write for write in facts.writes if _changes(write, facts.place, key) and not _is_unseen(facts, write)]
        last = others[-1] if others else None
        kept = _value(last.after, facts.place, key) if last else (before or {}).get(key)
        value = after.get(key)
        if key not in given:
            allowed = [kept] if before is not None else [value]
        elif not facts.outcome.ok:
            allowed = [given[key], kept] if before is not None else [value]
        elif last and last.number > max(1, facts.outcome.transport.last_write):
            allowed = [given[key], kept]
        else:
            allowed = [given[key]]
        if value not in allowed:
            yield f"{key} is {value!r}, not {' or '.join(map(repr, allowed))}"


def _is_unseen(facts: Facts, write: Write) -> bool:
    """Whether it happened between the last read of an object that is replaced and its DELETE.

    A DELETE has no version and no condition, so the engine removes what another client has written after that read. No
    client can close this window. One request earlier, the read finds the write.
    """
    return write.number in facts.outcome.transport.removals


def _changes(write: Write, place: tuple[str, str], key: str) -> bool:
    return _value(write.before, place, key) != _value(write.after, place, key)


def _value(state: State, place: tuple[str, str], key: str) -> Any:
    return state.get(place, {}).get(key)


def _is_stranded(facts: Facts, place: tuple[str, str]) -> bool:
    """Whether a service cannot be attached again, because another client has removed the new network meanwhile."""
    uses = facts.task.name in facts.before.get(place, {}).get("networks", ())
    return facts.task.kind == "network" and uses and any(_drops(write, facts.place) for write in facts.writes)


def _of_others(facts: Facts) -> Iterator[str]:
    """Nothing else is another one, except as the other client has written it."""
    for place in {**facts.before, **facts.after}:
        if place == facts.place or _is_stranded(facts, place):
            continue
        wanted = facts.before.get(place)
        for write in facts.writes:
            if write.before.get(place) != write.after.get(place):
                wanted = write.after.get(place)
        found = facts.after.get(place)
        if place[1] not in NAMES[place[0]]:  # what a replacement makes on its way
            if facts.outcome.ok and place[1].startswith(facts.task.name) and found is not None:
                yield f"{' '.join(place)} is left"
        else:
            yield from (f"{' '.join(place)} {text}" for text in _of_other(facts, found, wanted))


def _of_other(facts: Facts, found: dict[str, Any] | None, wanted: dict[str, Any] | None) -> Iterator[str]:
    if _lasting(found) != _lasting(wanted):
        yield f"is {found}, not {wanted}"
    elif facts.outcome.ok and facts.task.kind == "network" and facts.task.name in (found or {}).get("detached", ()):
        yield "is left detached"


def _lasting(item: dict[str, Any] | None) -> dict[str, Any]:
    """Without what a replacement that was cut leaves to the next run."""
    return {key: value for key, value in (item or {}).items() if key != "detached"}
