# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""States that one engine can be ordered into: what that changes, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _status as status
from ._errors import LabError
from ._lab import Engine


@dataclass(frozen=True)
class Order:
    """`method` of Engine; the state or connection it ends in; `always` when it is done in any case."""

    method: str
    state: str | None = None
    connected: bool | None = None
    always: bool = False


ORDERS = {
    "started": Order("start", status.RUNNING),
    "stopped": Order("stop", status.STOPPED),
    "killed": Order("kill", status.STOPPED),
    "restarted": Order("restart", status.RUNNING, always=True),
    "paused": Order("pause", status.PAUSED),
    "unpaused": Order("unpause", status.RUNNING),
    "powered_off": Order("power_off", status.OFF),
    "wiped": Order("wipe", status.RUNNING, always=True),
    "partitioned": Order("partition", connected=False),
    "connected": Order("heal", connected=True),
}
#: An engine without a daemon has nothing to stop or to let go on.
_NO_DAEMON = (status.STOPPED, status.OFF)


@dataclass(frozen=True)
class OrderPlan:
    """What an order would do to an engine."""

    before: dict[str, Any]
    after: dict[str, Any]
    always: bool

    @property
    def changed(self) -> bool:
        """Whether anything would be done."""
        return self.always or self.before != self.after

    @property
    def diff(self) -> dict[str, Any]:
        """Both sides; an order that is done in any case shows itself."""
        return {"before": self.before, "after": self.after}


def plan_order(engine: Engine, name: str) -> OrderPlan:
    """What the order would do; LabError when it makes no sense."""
    order, live = ORDERS[name], engine.status()
    before = {"state": live.state, "connected": live.connected}
    after = dict(before)
    if order.state and not _satisfied(name, live.state):
        after["state"] = order.state
    if order.connected is not None:
        after["connected"] = order.connected
    if name == "paused" and live.state in _NO_DAEMON:
        raise LabError(f"engine {engine.name!r} has no daemon to pause; start it first")
    if name == "partitioned" and not live.wired:
        raise LabError(f"engine {engine.name!r} has no link to cut; bring the lab up first")
    if order.always:
        after["order"] = name
    return OrderPlan(before, after, order.always)


def _satisfied(name: str, state: str) -> bool:
    if name in ("stopped", "killed"):
        return state in _NO_DAEMON
    if name == "unpaused":
        return state != status.PAUSED
    return False


def carry_out(engine: Engine, name: str) -> None:
    """Do what the order says."""
    getattr(engine, ORDERS[name].method)()
