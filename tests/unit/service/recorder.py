# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Films the rollouts of services on real engines: the documents of the API, each time one of them changes.

``python recorder.py LAB FOLDER [SCENE...]`` needs a lab of three engines with the images lab/busybox:1 and :2, the
first of them the only manager and the others workers. One file is written per scene; films.py plays them.
"""

from __future__ import annotations

import copy
import json
import pathlib
import sys
import time
import typing as t

from ansible_collections.hive.swarm.plugins.module_utils._core.errors import NotFound
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import make_transport
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.unit.service.scenes import SCENES

Document = dict[str, t.Any]
_PAUSE = 0.2
# What progress.py may look at; the rest would only be bulk.
_SERVICE = (
    "ID",
    "Version",
    "CreatedAt",
    "UpdatedAt",
    "Spec",
    "PreviousSpec",
    "UpdateStatus",
    "ServiceStatus",
    "JobStatus",
)
_STOPPED = ("complete", "shutdown", "failed", "rejected", "remove", "orphaned")
_TASK = ("ID", "ServiceID", "NodeID", "Slot", "CreatedAt", "Status", "DesiredState", "JobIteration")
_NODE = ("ID", "Spec", "Status", "ManagerStatus")


class Stage:
    """A swarm of three to play a scene on. ``film`` is what was recorded last."""

    def __init__(self, lab: Lab) -> None:
        self.engines = lab.engines
        self.api = Engine(make_transport({"docker_host": self.engines[0].docker_host}), timeout=20)
        self.film: Document = {}
        self._service = ""

    def create(self, **spec: t.Any) -> str:
        self._service = self.api.post("/services/create", spec)["ID"]
        return self._service

    def service(self) -> Document:
        return self.api.get("/services", filters={"id": [self._service]}, status=True)[0]

    def update(self, change: t.Callable[[Document], t.Any], **query: t.Any) -> None:
        service = self.service()
        spec = copy.deepcopy(service["Spec"])
        change(spec)
        self.api.post(f"/services/{service['ID']}/update", spec, version=service["Version"]["Index"], **query)

    def roll(self, write: t.Callable[[], t.Any], seconds: float) -> None:
        """Write, and record for so long."""
        since = self.service()["Version"]["Index"] if self._service else 0
        write()
        start, frames, last = time.monotonic(), [], {}
        while time.monotonic() - start < seconds:
            at = round(time.monotonic() - start, 2)
            now = self._now()
            frame = {key: value for key, value in now.items() if last.get(key) != value}
            if frame:
                frames.append({"at": at, **_less(frame, last)})
            last = now
            time.sleep(_PAUSE)
        self.film = {"service_id": self._service, "since": since, "frames": frames}

    def _now(self) -> Document:
        only = {"service": [self._service]}
        try:
            tasks = self.api.get("/tasks", filters=only)
            current = self.api.get("/tasks", filters={**only, "_up-to-date": ["true"]})
            service: Document | None = _kept(self.service(), _SERVICE)
        except (NotFound, IndexError):
            tasks = [task for task in self.api.get("/tasks") if task["ServiceID"] == self._service]
            service, current = None, []
        return {
            "service": service,
            "tasks": {task["ID"]: _task(task) for task in tasks},
            "current": sorted(task["ID"] for task in current),
            "nodes": [_node(node) for node in self.api.get("/nodes")],
        }

    def clear(self) -> None:
        if self._service:
            try:
                self.api.delete(f"/services/{self._service}")
            except NotFound:
                pass
            # Docker 20.10 keeps the completed tasks of a job that was removed.
            while any(self._holds(task) for task in self.api.get("/tasks")):
                time.sleep(0.3)
        self._service = ""

    def _holds(self, task: Document) -> bool:
        return task["ServiceID"] == self._service and task["Status"]["State"] not in _STOPPED


def _less(frame: Document, last: Document) -> Document:
    """Only the tasks, and the service's keys, that changed; those that are gone are None."""
    for key in ("tasks", "service"):
        if frame.get(key) is not None:
            frame = {**frame, key: _changed(last.get(key) or {}, frame[key])}
    return frame


def _changed(before: Document, now: Document) -> Document:
    changed = {key: value for key, value in now.items() if before.get(key) != value}
    return {**changed, **{key: None for key in before if key not in now}}


def _kept(document: Document, keys: t.Iterable[str]) -> Document:
    return {key: document[key] for key in keys if key in document}


def _task(task: Document) -> Document:
    kept = _kept(task, _TASK)
    kept["Status"] = _kept(task["Status"], ("State", "Message", "Err"))
    if "ContainerStatus" in task["Status"]:
        kept["Status"]["ContainerStatus"] = _kept(task["Status"]["ContainerStatus"], ("ContainerID", "ExitCode"))
    return kept


def _node(node: Document) -> Document:
    description = node["Description"]
    short = {key: description[key] for key in ("Hostname", "Platform")}
    return {**_kept(node, _NODE), "Description": {**short, "Engine": _kept(description["Engine"], ["Labels"])}}


def developed(film: Document) -> str:
    """One line per frame."""
    head = json.dumps({key: value for key, value in film.items() if key != "frames"})
    frames = ",\n".join(json.dumps(frame, separators=(",", ":"), sort_keys=True) for frame in film["frames"])
    return f'{head[:-1]}, "frames": [\n{frames}\n]}}\n'


def main(lab: str, folder: str, *names: str) -> None:
    stage = Stage(Lab.open(lab))
    for name in names or SCENES:
        print(name, flush=True)
        try:
            SCENES[name](stage)
        finally:
            stage.clear()
        (pathlib.Path(folder) / f"{name}.json").write_text(developed(stage.film))


if __name__ == "__main__":
    main(*sys.argv[1:])
