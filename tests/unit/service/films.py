# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays what recorder.py filmed: an engine that answers what the real one answered at that moment."""

from __future__ import annotations

import json
import pathlib
import typing as t

from ansible_collections.hive.swarm.plugins.module_utils._core.errors import NotFound
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import WAITING, Clock, ConvergenceStatus
from ansible_collections.hive.swarm.plugins.module_utils._service.wait import Progress

GENERATIONS = ("20.10", "28.5")
_FOLDER = pathlib.Path(__file__).parent / "recorded"


def _merged(before: t.Any, news: t.Any) -> t.Any:
    """Of the tasks and of the service a frame has what changed, and None for what is gone."""
    if not isinstance(news, dict):
        return news
    return {key: value for key, value in {**(before or {}), **news}.items() if value is not None}


class Film(Clock):
    """The engine and its time. ``pace`` is the pause between two looks in seconds."""

    def __init__(self, generation: str, name: str, pace: float = 0.5) -> None:
        recorded = json.loads((_FOLDER / generation / f"{name}.json").read_text())
        self.service_id, self.since = recorded["service_id"], recorded["since"]
        self._frames, self._pace, self._time = recorded["frames"], pace, 0.0
        self.requests: list[str] = []

    # The clock

    def now(self) -> float:
        return self._time

    def sleep(self, seconds: float) -> None:
        self._time += seconds

    # The engine

    def get(self, path: str, **query: t.Any) -> t.Any:
        self.requests.append(path)
        now = self._now()
        if path == "/nodes":
            return now["nodes"]
        if path == "/info":
            return {}  # not recorded
        assert path == "/tasks"
        filters = query.get("filters", {})
        if filters and now["service"] is None:
            raise NotFound("service not found", 404)
        tasks = now["tasks"].values()
        return [task for task in tasks if "_up-to-date" not in filters or task["ID"] in now["current"]]

    def get_bytes(self, path: str, timeout: float | None = None, **query: t.Any) -> bytes:
        self.requests.append(path)
        return b"cannot reach the database\n"

    @property
    def service(self) -> t.Any:
        return self._now()["service"]

    def services(self) -> list[t.Any]:
        """The service at each moment at which anything changed."""
        found = []
        for frame in self._frames:
            self._time = frame["at"]
            found.append(self.service)
        return found

    def _now(self) -> t.Any:
        now: dict[str, t.Any] = {"tasks": {}, "service": None}
        for frame in self._frames:
            if frame["at"] > self._time:
                break
            now = {**now, **{key: _merged(now.get(key), value) for key, value in frame.items()}}
        return now

    # Watching it

    def play(self, patience: float = 60, **options: t.Any) -> tuple[ConvergenceStatus, float, Progress]:
        """Look until it is done, failed, or time is up; the last verdict, and when that was."""
        progress = Progress(t.cast(t.Any, self), self.service_id, self, **{"since": self.since, **options})
        while True:
            verdict = progress.check_convergence(self.service)
            if verdict.state != WAITING or self._time >= patience:
                return verdict, self._time, progress
            self.sleep(self._pace)
