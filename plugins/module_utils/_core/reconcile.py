# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the one loop of all kinds of objects: validate, read, plan, apply, wait. In check mode it ends after the plan.

The log of writes has what a run has written and what it still has to write, so that a failure in the middle returns both. A look
at the swarm has three outcomes: converged, waiting (why; the last reason is in the message when time is up) and failed (why).
"""

from __future__ import annotations

import contextlib
import random
import time
import typing as t

from .._engine.answers import explained as by_answers
from .._engine.client import Engine
from .._engine.local_state import ASSUMPTION, assume_swarm
from .errors import (
    EngineError,
    NoQuorum,
    NotAManager,
    NotConverged,
    NotFound,
    OutcomeUnknown,
    OutOfSequence,
    SwarmError,
)
from .plan import UPDATE, Change, Plan
from .values import Values

Read = t.TypeVar("Read")
# What a resource finds: the live objects.
Live = t.TypeVar("Live")
Outcome = t.TypeVar("Outcome")

# How often a lost race is run again. The writers of a playbook on many hosts are through long before.
_ATTEMPTS = 12


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


WAITING, FAILED = "waiting", "failed"


class ConvergenceStatus(t.NamedTuple):
    """What a look at the swarm says: it is there, it is on its way (why), or it will never be (why)."""

    state: str
    why: str = ""


#: The status of what is as the task wants it.
CONVERGED = ConvergenceStatus("converged")


def waiting(why: str) -> ConvergenceStatus:
    """Return the status of what is on its way. :param why: for messages, without a full stop."""
    return ConvergenceStatus(WAITING, why)


def failed(why: str) -> ConvergenceStatus:
    """Return the status that ends a wait with a failure. :param why: for its message, without a full stop."""
    return ConvergenceStatus(FAILED, why)


class Clock:
    """Time, so that tests can hand in one that does not pass."""

    def now(self) -> float:
        """Return seconds from any start, which never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait_goes_on(self, what: str, why: str, passed: float, left: float) -> None:
        """Take note of a wait that is not over; ``ReportingClock`` shows it to the user.

        :param passed: seconds since it began. :param left: seconds until it fails.
        """


def wait(
    check_convergence: t.Callable[[], ConvergenceStatus],
    timeout: float,
    what: str,
    clock: Clock,
    option: str = "wait_timeout",
) -> None:
    """Look until converged; raise NotConverged with the reason when it failed or time is up.

    :param option: the name of the user's option for the timeout.

    The pauses grow from 0.1 to 1 second: most waits here are a matter of moments, the rest of many seconds.
    """
    begin, pause = clock.now(), 0.1
    end = begin + timeout
    while True:
        status = check_convergence()
        if status == CONVERGED:
            return
        if status.state == FAILED:
            raise NotConverged(f"{what}: {status.why}")
        now = clock.now()
        if now >= end:
            raise NotConverged(f"{what}: not done after {timeout:g} seconds ({option}): {status.why}")
        clock.wait_goes_on(what, status.why, now - begin, end - now)
        clock.sleep(min(pause, max(end - clock.now(), 0.05)))
        pause = min(pause * 1.5, 1.0)


#: Seconds between two lines on a wait.
INTERVAL = 15


class ReportingClock(Clock):
    """Shows at intervals what is waited for and why, for how long already, and how much time is left.

    :param show: takes a line.
    """

    def __init__(self, show: t.Callable[[str], None]) -> None:
        self._show = show
        self._last = self.now()

    def wait_goes_on(self, what: str, why: str, passed: float, left: float) -> None:
        if self.now() - self._last < INTERVAL:
            return
        self._last = self.now()
        self._show(f"{what}: {why}; {passed:.0f} seconds passed, {left:.0f} left")


class Resource(t.Generic[Live]):
    """One kind of thing and what a task wants of it. Subclasses say how; the loop below says when."""

    # What may go wrong while waiting without being the end of it.
    transient_errors: tuple[type[SwarmError], ...] = (NoQuorum, NotAManager)
    # The no_log options whose values are in nothing that this resource says, so that nothing has to be blanked for
    # them. If there are any, they are all the no_log options that the module has.
    self_redacted: tuple[str, ...] = ()
    # Head of the message when waiting fails; by default the kind and the name of what the plan is about.
    waiting_for = ""
    # What this run has written; there from the moment at which it begins to write.
    writes: WriteLog

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        self.engine = engine
        # All that this run talks to.
        self.engines = [engine]
        self.params = params
        self.check_mode = check_mode
        self.warnings: list[str] = []
        self.clock = Clock()

    def validate(self) -> None:
        """Raise BadInput for what cannot be meant. Nothing has been read yet."""

    def read(self) -> Live:
        """Read what is there."""
        raise NotImplementedError

    def plan(self, live: Live) -> Plan:
        """Return what would happen; raise where the run would be refused. Write nothing."""
        raise NotImplementedError

    def apply(self, live: Live, plan: Plan) -> None:
        """Do what the plan says."""
        raise NotImplementedError

    def expected_writes(self, plan: Plan) -> list[Write]:
        """Return the writes of the plan, in their order. What writes more than once records each one in ``writes``."""
        return [Write(f"{plan.kind} {plan.name}".strip(), plan.changes)]

    def check_convergence(self, live: Live) -> ConvergenceStatus:
        """Return whether what was found is where the task wants it to be."""
        return CONVERGED

    def on_read_error(self, error: SwarmError) -> ConvergenceStatus:
        """Return what it means that the swarm could not be read while waiting for it."""
        return waiting(error.message)

    def not_converged(self, error: SwarmError) -> None:
        """Add what is known to the error that waiting ended with."""

    def post_apply(self, plan: Plan) -> None:
        """Do what is left for when everything else is done and has been waited for."""

    def result(self, live: Live, plan: Plan) -> Values:
        """Return the task's result. In check mode ``live`` is what was there before, elsewhere what is there now."""
        raise NotImplementedError

    def hidden_values(self) -> set[str]:
        """Return values besides those of no_log options that no message, warning or log of a container may show."""
        return set()

    def secret_data(self) -> set[str]:
        """Return such values that no other task may show either: unlike a variable, none is a common word."""
        return set()

    def missing(self, error: SwarmError) -> None:
        """Raise for something that the task needs and that is not there.

        In check mode it is a warning instead, and the caller goes on as if it were there: an earlier task of the play
        may be to make it, and check mode has not run that one. A misspelt name is seen in the warning.
        """
        if not self.check_mode:
            raise error
        self.warn(f"{error.message} Check mode assumes that an earlier task creates it.")

    def remove_when_unused(self, path: str, what: str, **query: object) -> None:
        """Delete an object that tasks may use for some moments more, which the engine answers with 400.

        :param path: without the API version. :param what: such as ``network front``, for messages.
        :raises NotConverged: it is still in use after ``wait_timeout``. :raises EngineError: it is, and the task does not wait.
        """

        def attempt() -> ConvergenceStatus:
            try:
                self.engine.delete(path, **query)
            except NotFound:
                pass  # another client was faster
            except EngineError as error:
                if error.status != 400 or not self.params["wait"]:
                    raise
                return waiting(error.message)
            return CONVERGED

        wait(attempt, self.params["wait_timeout"], what, self.clock)

    def warn(self, message: object) -> None:
        """Add a warning to the result, once.

        :param message: text; what an engine sends in its place is shown as it is.
        """
        message = str(message)
        if message not in self.warnings:
            self.warnings.append(message)


def reconcile(resource: Resource[Live]) -> Values:
    """Return the result of one run: ``changed``, ``diff`` and what the resource returns. Raise SwarmError with what was written."""
    resource.validate()
    live, plan = _planned(resource)
    if resource.check_mode or not (plan.changed or not is_converged(resource, live)):
        return {**outcome(plan), **resource.result(live, plan)}
    live, plan = apply(resource, live, plan)
    with _recording_writes(resource, plan):  # the result may need another read
        return {**outcome(plan), **resource.result(live, plan)}


def _planned(resource: Resource[Live]) -> tuple[Live, Plan]:
    """What there is and what would happen."""

    def plan() -> tuple[Live, Plan]:
        live = resource.read()
        return live, resource.plan(live)

    return with_assumed_swarm(resource.engine, plan, resource.warn if resource.check_mode else None)


def with_assumed_swarm(engine: Engine, read: t.Callable[[], Read], warn: t.Callable[[str], None] | None) -> Read:
    """Return what was read; where the engine is in no swarm, what the swarm would answer that an earlier task may create.

    :param warn: takes the assumption; None outside of check mode, where nothing is assumed.
    """
    try:
        return read()
    except NotAManager:
        if warn is None:
            raise
        if not assume_swarm(engine):
            raise
        warn(ASSUMPTION)
    return read()


def explained(error: Exception, engines: list[Engine]) -> SwarmError | None:
    """Return the failure that an error is; None for a fault of this collection, which stays a traceback."""
    if isinstance(error, SwarmError):
        return error
    return by_answers(engines)


def is_converged(resource: Resource[Live], live: Live) -> bool:
    """Return whether nothing is left to wait for. A task that changes nothing waits too if an earlier one did not get there."""
    return not resource.params.get("wait", True) or resource.check_convergence(live) == CONVERGED


def outcome(plan: Plan) -> Values:
    """Return ``changed`` and ``diff`` of a plan."""
    return {"changed": plan.changed, "diff": plan.diff()}


def apply(resource: Resource[Live], live: Live, plan: Plan) -> tuple[Live, Plan]:
    """Do what the plan says and wait until it is done; what is there then, and the plan that was carried out.

    Whatever goes wrong after the first write returns what was written until then and what was not.
    """
    resource.writes = WriteLog()
    with _recording_writes(resource, plan):
        if plan.changed:
            live, plan = _write(resource, live, plan)
            if not plan.changed and is_converged(resource, live):  # another client did it
                return live, plan
        live = _wait(resource, live, plan)
        if plan.changed:
            resource.post_apply(plan)
    return live, plan


@contextlib.contextmanager
def _recording_writes(resource: Resource[Live], plan: Plan) -> t.Iterator[None]:
    """Put into whatever goes wrong what was written until then and what was not. ``plan`` has the head of the diff."""
    try:
        yield
    except Exception as error:
        failure = explained(error, resource.engines)
        if failure is None:
            raise
        resource.writes.add_to(failure, plan)
        if failure is error:
            raise
        raise failure from error


def _write(resource: Resource[Live], live: Live, plan: Plan) -> tuple[Live, Plan]:
    """When another client wrote or removed it in between, read and plan again, so that no change of either is lost.

    The plan that is returned is the last one, or the first one where the attempts before the last have written some
    of it: then it is what the run has done as a whole.
    """
    log, first, several = resource.writes, plan, False
    unknown = False

    def attempt(number: int) -> None:
        nonlocal live, plan, several, unknown
        if number > 1:
            several = bool(log.done)
            live = resource.read()
            plan = resource.plan(live)
        log.expect(resource.expected_writes(plan) if plan.changed else ())
        if not plan.changed:
            return
        try:
            resource.apply(live, plan)
        except OutOfSequence as error:
            unknown = unknown or isinstance(error.__cause__, OutcomeUnknown)
            raise
        except NotFound as error:
            raise OutOfSequence(error.message, error.status) from error
        log.complete()

    try:
        retry_on_conflict(attempt, resource.clock)
    except OutOfSequence as error:
        if isinstance(error.__cause__, NotFound):  # what is missing is not what was read
            raise error.__cause__ from None  # pylint: disable=raising-non-exception
        raise
    # What is as the task wants it after a write of unknown outcome may well be so by that write.
    return live, first if several or (unknown and not plan.changed) else plan


def retry_on_conflict(attempt: t.Callable[[int], Outcome], clock: Clock) -> Outcome:
    """Run attempts, counted from 1, until no other client writes in between; the last one's OutOfSequence is raised.

    An attempt after the first has to read anew what it writes, so that no change of either is lost.
    """
    for number in range(1, _ATTEMPTS):
        try:
            return attempt(number)
        except OutOfSequence:
            clock.sleep(random.uniform(0.02, 0.1 * number))
    return attempt(_ATTEMPTS)


def _wait(resource: Resource[Live], live: Live, plan: Plan) -> Live:
    found = live
    last: SwarmError | None = None

    def check_again() -> ConvergenceStatus:
        nonlocal found, last
        try:
            found = resource.read()
            last = None
            return resource.check_convergence(found)
        except resource.transient_errors as error:
            last = error
            return resource.on_read_error(error)

    if not resource.params.get("wait", True):
        return resource.read()
    try:
        what = resource.waiting_for or f"{plan.kind} {plan.name}"
        wait(check_again, resource.params.get("wait_timeout", 120), what, resource.clock)
    except SwarmError as error:
        if last:  # its result may name the host as unreachable, which it then is for the tasks that follow
            error.result = {**last.result, **error.result}
        resource.not_converged(error)
        raise
    return found
