# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unlock a manager that was restarted while autolock was on."""

from __future__ import annotations

from .._core import validators as swarm_checks
from .._core.errors import BadInput, Conflict, EngineError, Unreachable
from .._core.plan import KNOWN_AFTER, NONE, UNLOCK_KEY_AFTER, Change, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, Resource, failed, waiting
from .._core.values import Values
from .._engine.local_state import ACTIVE, LOCKED, PENDING, Local, broken_join, membership_view, read_local
from .._frontend.definition import WAIT_SPEC, define

UNLOCK = "unlock"
UNLOCK_SPEC: Values = {
    "unlock_keys": {
        "type": "list",
        "elements": "str",
        "required": True,
        "no_log": True,
        "aliases": ["unlock_key"],
    },
}
# Seconds within which an engine has refused a wrong key (0.3 on 20.10 and 28.5, 4 with a tenth of a processor).
_REFUSAL_TIMEOUT = 20


def _check_key(number: int, key: str) -> None:
    """Raise BadInput for what is not an unlock key; its message names the key by its place alone."""
    try:
        swarm_checks.unlock_key(key)
    except ValueError as error:
        raise BadInput("unlock_keys", f"item {number}: {error}.").with_details(key_numbers=[number]) from None


class SwarmUnlock(Resource[Local]):
    waiting_for = "unlocking this manager"
    _wrote = False

    def validate(self) -> None:
        if not self.params["unlock_keys"]:
            raise BadInput("unlock_keys", "must not be empty. Set at least one key.")
        for number, key in enumerate(self.params["unlock_keys"], 1):
            if self.check_mode and key == UNLOCK_KEY_AFTER:
                continue
            _check_key(number, key)

    def read(self) -> Local:
        return read_local(self.engine)

    def plan(self, live: Local) -> Plan:
        if live.state != LOCKED:
            return Plan("swarm membership", live.hostname, NONE)
        return Plan("swarm membership", live.hostname, UNLOCK, (Change("state", LOCKED, ACTIVE),))

    def apply(self, live: Local, plan: Plan) -> None:
        self._wrote = True
        keys = self.params["unlock_keys"]
        refusals = []
        for number, key in enumerate(keys, 1):
            try:
                self.engine.post("/swarm/unlock", {"UnlockKey": key}, timeout=self._timeout())
            except Conflict:
                return  # another client was faster
            except Unreachable as error:
                if self._goes_on():
                    return
                error.message += (
                    " The unlock of a manager does not return before a majority of the managers is back:"
                    " start and unlock the others at the same time."
                )
                raise
            except EngineError as error:
                refusals.append(f"number {number}: {error.message}")
            else:
                return
        raise BadInput(
            "unlock_keys", f"the engine refused {'all' if len(keys) > 1 else 'the'} keys: {'; '.join(refusals)}."
        ).with_details(key_numbers=list(range(1, len(keys) + 1)))

    def _timeout(self) -> float:
        """How long the engine may take to answer. It refuses a wrong key at once, and answers to a right one when it has a
        leader, for which the other managers have to be unlocked too."""
        return self.params["timeout"] if self.params["wait"] else min(self.params["timeout"], _REFUSAL_TIMEOUT)

    def _goes_on(self) -> bool:
        """Whether the engine has taken the key and is only late with its answer, which it gives when it has a leader."""
        try:
            return read_local(self.engine).state != LOCKED
        except Unreachable:
            return False

    def check_convergence(self, live: Local) -> ConvergenceStatus:
        if not self._wrote:
            return CONVERGED  # it was not locked, and nothing else is this task's business
        if live.state == LOCKED:
            return waiting("it is still locked")
        if live.state == PENDING:
            return waiting(broken_join(live))
        if live.state != ACTIVE:
            return failed(broken_join(live))
        if live.manager and not live.healthy_manager:
            return waiting(live.error or "it has no leader yet")
        return CONVERGED

    def result(self, live: Local, plan: Plan) -> Values:
        view: Values = membership_view(live)
        if self.check_mode and plan.changed:
            known_after = dict.fromkeys(("node_id", "cluster_id"), KNOWN_AFTER)
            view = {**view, **known_after, "state": ACTIVE, "role": "manager", "remote_managers": [KNOWN_AFTER]}
        return view


MODULE = define(SwarmUnlock, {**UNLOCK_SPEC, **WAIT_SPEC})
