# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core of a module in this process, on a transport that ends in the fake engine's router: no sockets, no HTTP."""

from __future__ import annotations

import functools
import importlib
import json
import pickle
from typing import Any, Callable, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ....plugins.module_utils._core.errors import OutcomeUnknown, SwarmError, Unreachable
from ....plugins.module_utils._engine.client import Engine, Reply
from ....plugins.module_utils._engine.unknown_outcome import settle
from ....plugins.module_utils._frontend.definition import Definition, Run
from ..fake_engine.engine import FakeEngine
from ..fake_engine.requests import READS
from ..fake_engine.router import Request, dispatch
from ..fake_engine.wire import ANSWER_LOST, ERROR, LOST, NO_LEADER, REFUSED

CUT_BEFORE = "the controller dies before the request"
CUT_AFTER = "the controller dies after the request"
CUTS = (CUT_BEFORE, CUT_AFTER)
#: What a request of a history can meet.
FAULTS = (REFUSED, LOST, ANSWER_LOST, ERROR, NO_LEADER, *CUTS)
_REFUSALS = {ERROR: (500, "the disk is full"), NO_LEADER: (503, "The swarm does not have a leader.")}


class ControllerDied(BaseException):
    """No code of the collection sees what comes after."""


class Transport:
    """Requests of one run of a task.

    :param faults: by number of the request, counted from 1. :param before: what happens before a request of a number.
    :param moved: returns whether the object of the task is another one than at the last call.
    :ivar met: the faults that requests have met. :ivar last_write: number of the last request that changed the object.
    :ivar removals: numbers of those that removed it.
    """

    def __init__(
        self, engine: FakeEngine, faults: dict[int, str], before: dict[int, Callable[[], None]], moved: Any = None
    ):
        self._engine, self._faults, self._before, self._moved = engine, faults, before, moved
        self.count = 0
        self.met: list[str] = []
        self.last_write = 0
        self.removals: set[int] = set()

    def request(self, method: str, path: str, body: bytes | None, timeout: float, headers: Any = None) -> Reply:
        """Answer a request, as the transports of the collection do."""
        self.count += 1
        if self.count in self._before:
            self._before[self.count]()
        fault = self._faults.get(self.count, "")
        if fault:
            self.met.append(fault)
        self._go_wrong_before(fault)
        if fault in _REFUSALS:
            status, text = _REFUSALS[fault]
            return Reply(status, {"api-version": self._engine.version.api}, json.dumps({"message": text}).encode())
        reply = None if fault == LOST else self._carry_out(method, path, body)
        if fault == CUT_AFTER:
            raise ControllerDied
        if reply is None or fault == ANSWER_LOST:
            raise (Unreachable if method in READS else OutcomeUnknown)("the answer is lost")
        return reply

    def _go_wrong_before(self, fault: str) -> None:
        """Raise for what keeps a request from being sent."""
        if fault == CUT_BEFORE:
            raise ControllerDied
        if fault == REFUSED:
            raise Unreachable("connection refused")

    def _carry_out(self, method: str, path: str, body: bytes | None) -> Reply:
        with self._engine.cluster.lock:
            status, text, headers = dispatch(self._engine, Request.parse(method, path, (body or b"").decode()))
        if method not in READS and self._moved and self._moved():
            self.last_write = self.count
            if method == "DELETE":
                self.removals.add(self.count)
        return Reply(
            status,
            {key.lower(): value for key, value in headers.items()},
            text if isinstance(text, bytes) else text.encode(),
        )

    def peer_pid(self) -> None:
        """The engine is elsewhere."""

    def close(self) -> None:
        """Nothing is open."""


class Outcome(NamedTuple):
    """What a task returned; ``result`` is None where the controller died."""

    result: dict[str, Any] | None
    transport: Transport

    @property
    def ok(self) -> bool:
        return self.result is not None and not self.result["failed"]

    @property
    def kind(self) -> str:
        """``failure.kind``; empty without a failure."""
        return str(self.result["failure"]["kind"]) if self.result and self.result["failed"] else ""


_VALIDATED: dict[str, bytes] = {}


@functools.cache
def definition(module: str) -> Definition:
    """Return what a module is."""
    name = f"{__name__.partition('.tests.')[0]}.plugins.modules.{module}"
    return importlib.import_module(name).MODULE


@functools.cache
def _validator(module: str) -> ArgumentSpecValidator:
    made = definition(module)
    return ArgumentSpecValidator(made.argument_spec, **made.rules)


def validated(module: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with defaults, as AnsibleModule and the actions validate them."""
    key = f"{module} {json.dumps(options, sort_keys=True)}"
    if key not in _VALIDATED:
        checked = _validator(module).validate(options)
        assert not checked.error_messages, checked.error_messages
        _VALIDATED[key] = pickle.dumps(checked.validated_parameters)
    return pickle.loads(_VALIDATED[key])  # noqa: S301 - written above


def run(
    engine: FakeEngine,
    module: str,
    options: dict[str, Any],
    faults: dict[int, str] | None = None,
    before: dict[int, Callable[[], None]] | None = None,
    check: bool = False,
    moved: Callable[[], bool] | None = None,
) -> Outcome:
    """Run a module's core."""
    transport = Transport(engine, faults or {}, before or {}, moved)
    client = Engine(transport, timeout=60, where="the engine")
    client.settle = settle
    work = Run(definition(module), validated(module, options), check, options)
    try:
        result = {"failed": False, **work.perform(lambda: client)}
    except SwarmError as error:
        result = {"failed": True, "changed": False, "msg": error.message, **work.failure(error)}
    except ControllerDied:
        return Outcome(None, transport)
    return Outcome({**result, "warnings": work.warnings()}, transport)
