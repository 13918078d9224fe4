# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for all services of a stack together: four requests a look, however many services there are."""

from __future__ import annotations

import typing as t

from .._core.reconcile import CONVERGED, FAILED, Clock, ConvergenceStatus, failed, waiting
from .._core.values import Document, Values
from .._engine.client import Engine
from .._service.tasks import failed_before, is_converged_by_counts
from .._service.wait import Progress

_NAMED = 3


class _Snapshot:
    """An engine to the progress of each service, which asks once for all of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._answers: dict[str, list[Document]] = {}
        self._services: list[str] = []

    def renew(self, services: list[str]) -> None:
        self._answers, self._services = {}, services

    def get(self, path: str, *, filters: t.Mapping[str, t.Sequence[str]] | None = None) -> t.Any:
        wanted = (filters or {}).get("service") or [""]
        if path == "/nodes" and not filters:
            return self._once(path, lambda: self._engine.get(path))
        if path == "/tasks" and filters and wanted[0] in self._services:
            of_all = {**filters, "service": self._services}
            tasks = self._once(repr(sorted(filters)), lambda: self._engine.get(path, filters=of_all))
            return [task for task in tasks if task["ServiceID"] == wanted[0]]
        return self._engine.get(path, filters=filters) if filters else self._engine.get(path)

    def _once(self, key: str, read: t.Callable[[], list[Document]]) -> list[Document]:
        if key not in self._answers:
            self._answers[key] = read()
        return self._answers[key]

    def get_bytes(self, path: str, timeout: float | None = None, **query: object) -> bytes:
        return self._engine.get_bytes(path, timeout, **query)


class StackProgress:
    """The rollout of the services that this run wrote, and of those that it found on their way.

    :param written: by the name of a service, its ID and the version that it was to get.
    :param rolling_back: the run asked for rollbacks itself.
    """

    def __init__(
        self, engine: Engine, clock: Clock, written: t.Mapping[str, tuple[str, int]], rolling_back: bool = False
    ) -> None:
        self._rolling_back = rolling_back
        self._snapshot = _Snapshot(engine)
        self._clock = clock
        self._start = clock.now()
        self._written = written
        self._parts: dict[str, Progress] = {}
        self._done: set[str] = set()
        self._failed_before: set[str] | None = None  # IDs of services
        self._failed: list[str] = []
        self._last: dict[str, str] = {}
        self.timeline: list[str] = []

    def check_convergence(self, services: t.Mapping[str, Document]) -> ConvergenceStatus:
        gone = sorted(set(self._written) - set(services))
        if gone:
            return failed(f"another client removed {', '.join(gone)}")
        if self._failed_before is None:
            quiet = [
                item for name, item in services.items() if name not in self._written and is_converged_by_counts(item)
            ]
            self._failed_before = failed_before(self._snapshot, quiet)
        open_ = {name: item for name, item in services.items() if self._is_open(name, item)}
        self._snapshot.renew([item["ID"] for item in open_.values()])
        verdicts = {name: self._part(name, item).check_convergence(item) for name, item in open_.items()}
        for name, verdict in verdicts.items():
            self._note(name, verdict)
        self._done |= {name for name, verdict in verdicts.items() if verdict == CONVERGED}
        return self._sum(verdicts)

    def _is_open(self, name: str, service: Document) -> bool:
        """A service that was found at rest is watched too where a task of it had failed."""
        if name in self._done:
            return False
        return (
            name in self._written or not is_converged_by_counts(service) or service["ID"] in (self._failed_before or ())
        )

    def _part(self, name: str, service: Document) -> Progress:
        if name not in self._parts:
            since = self._written[name][1] if name in self._written else None
            self._parts[name] = Progress(self._snapshot, service["ID"], self._clock, since, self._rolling_back)
        return self._parts[name]

    def _sum(self, verdicts: t.Mapping[str, ConvergenceStatus]) -> ConvergenceStatus:
        self._failed = [name for name, verdict in verdicts.items() if verdict.state == FAILED]
        late = self._failed or [name for name in verdicts if name not in self._done]
        if not late:
            return CONVERGED
        words = [f"{name}: {verdicts[name].why}" for name in late[:_NAMED]]
        more = [f"{len(late) - _NAMED} more services"] if len(late) > _NAMED else []
        text = " | ".join(words + more)
        return failed(text) if self._failed else waiting(text)

    def _note(self, name: str, verdict: ConvergenceStatus) -> None:
        text = verdict.why or "done"
        if self._last.get(name) != text:
            self._last[name] = text
            self.timeline.append(f"{self._clock.now() - self._start:.1f} s: {name}: {text}")

    @property
    def failing(self) -> list[Values]:
        """The tasks that went wrong, of the services that failed or else of those that are late."""
        names = self._failed or [name for name in self._parts if name not in self._done]
        return [task for name in names for task in self._parts[name].failing]

    @property
    def reasons(self) -> list[Values]:
        """Why tasks stay new, of the services that are late."""
        found = [reason for name, part in self._parts.items() if name not in self._done for reason in part.reasons]
        return [reason for number, reason in enumerate(found) if reason not in found[:number]]
