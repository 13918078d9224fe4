# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of a fake cluster, to go back to as often as a test likes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cluster import FakeCluster

_OF_ENGINE = (
    "membership",
    "dormant",
    "joining",
    "networks",
    "lingering",
    "volumes",
    "running",
    "partitioned",
    "labels",
)
_OF_CLUSTER = ("script", "registry")


class Snapshot:
    """Taken when it is made. What is planned for later is carried out before: closures cannot be copied."""

    def __init__(self, cluster: FakeCluster):
        cluster.settle()
        self._cluster = cluster
        self._state = self._copy(_state(cluster))

    def restore(self) -> None:
        """Go back. Sockets, the log of requests and what a test has set up on engines stay as they are."""
        cluster = self._cluster
        cluster.agenda.forget()
        state = self._copy(self._state)
        for name, values in state["engines"].items():
            vars(cluster.engines[name]).update(values)
        vars(cluster).update(state["cluster"])

    def _copy(self, state: Any) -> Any:
        """A copy in which the machines themselves are the same."""
        same = [self._cluster, self._cluster.lock, self._cluster.agenda, *self._cluster.engines.values()]
        return copy.deepcopy(state, {id(item): item for item in same})


def _state(cluster: FakeCluster) -> dict[str, Any]:
    engines = {name: {key: vars(engine)[key] for key in _OF_ENGINE} for name, engine in cluster.engines.items()}
    return {"engines": engines, "cluster": {key: vars(cluster)[key] for key in _OF_CLUSTER}}
