# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as types: playbooks test for the kind, people read the message.

The first paragraph of each docstring is the meaning of the kind in docs/docsite/rst/guide_failures.rst.
"""

from __future__ import annotations

import typing as t

from .values import Values

Error = t.TypeVar("Error", bound="SwarmError")


class SwarmError(Exception):
    """The root of every failure that this collection reports on purpose.

    ``kind`` ends up in the result as ``failure.kind``, ``status`` is the engine's HTTP status where it gave one.
    ``result`` holds what is already known about the object, so that a failure does not lose it; ``details`` is what
    else belongs to the failure.
    """

    kind = "error"
    # The option that it is about, then sub-options: failure.option. Every BadInput has one, and a Refused where there is one.
    option: tuple[str, ...] = ()
    # The message of the engine, without advice that was added to it. Empty where the error is not the engine's.
    reported = ""
    # The driver that the engine lacks or cannot use, as its message names it.
    plugin = ""

    def __init__(self, message: str, status: int | None = None, result: Values | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.result = result or {}
        self.details: Values = {}

    def with_details(self: Error, **details: object) -> Error:
        """Return the error with more facts in ``failure``."""
        self.details.update(details)
        return self

    def failure(self) -> Values:
        """Return the error as ``failure`` of a result: kind, status, message, option where it has one, and details."""
        named = {"option": ".".join(map(str, self.option))} if self.option else {}
        return {"kind": self.kind, "status": self.status, "message": self.message, **named, **self.details}


class BadInput(SwarmError):
    """The value of an option is not valid. Nothing was written.

    :param option: with its sub-options: ``"image"``, ``"update_config.delay"`` or ``("labels", "com.example.zone")``.
        It is the beginning of the message and ``failure.option``.
    :param problem: what is wrong, and what to write instead; the rest of the message.
    """

    kind = "bad_input"

    def __init__(self, option: str | tuple[str, ...], problem: str, status: int | None = None) -> None:
        self.option = tuple(option.split(".")) if isinstance(option, str) else option
        # Callers end the text of a ValueError with a full stop, but it may end with a question.
        self.problem = problem[:-1] if problem.endswith("?.") else problem
        super().__init__(f"{'.'.join(self.option)}: {self.problem}", status)

    def inside(self, outer: str) -> BadInput:
        """Return the same error for a sub-option of the option ``outer``."""
        return BadInput((outer, *self.option), self.problem, self.status).with_details(**self.details)


class MissingLibrary(SwarmError):
    """A connection or a query needs a Python package that the host of the task lacks."""

    kind = "missing_library"

    def __init__(self, message: str, library: str, traceback: str | None = None) -> None:
        super().__init__(message)
        self.library = library
        self.details = {"library": library}
        self.traceback = traceback


class Unsupported(SwarmError):
    """The API version of the engine does not have what an option needs."""

    kind = "unsupported"


class Unreachable(SwarmError):
    """The engine did not respond: no socket, no permission, no daemon, or a daemon that hangs."""

    kind = "unreachable"


class OutcomeUnknown(Unreachable):
    """A write was sent, and no answer tells its outcome. The engine may have carried it out, or may still do so."""

    kind = "outcome_unknown"


class EngineError(SwarmError):
    """The engine returned an error that has no kind of its own."""

    kind = "engine"


class InvalidAnswer(EngineError):
    """The answer is not one of a Docker engine: not HTTP, too long, not JSON, or of another shape."""

    kind = "invalid_answer"


class NotFound(EngineError):
    """An object that the task needs does not exist."""

    kind = "not_found"


class Conflict(EngineError):
    """The engine refused a write because of another object, such as one of the same name."""

    kind = "conflict"


class NotAManager(EngineError):
    """The engine is a worker or in no swarm, and the task needs a manager."""

    kind = "not_a_manager"


class Locked(EngineError):
    """The manager was restarted with autolock enabled, and waits for its unlock key."""

    kind = "locked"


class NoQuorum(EngineError):
    """The managers have no leader. Nothing can be read or written until a majority of them is back."""

    kind = "no_quorum"


class OutOfSequence(EngineError):
    """Another client wrote the object between the read and the write, in each attempt."""

    kind = "out_of_sequence"


class Refused(SwarmError):
    """The engine would carry it out, but it would destroy something, or cannot be done in place.

    :param option: the one that the swarm speaks against; it is put before the message.
    """

    kind = "refused"

    def __init__(self, message: str, option: str = "") -> None:
        self.problem = message
        super().__init__(f"{option}: {message}" if option else message)
        self.option = tuple(option.split(".")) if option else ()


class NotConverged(SwarmError):
    """The write was accepted, but the swarm did not reach the desired state in time."""

    kind = "not_converged"
