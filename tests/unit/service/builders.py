# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services, tasks and nodes made by hand, in the shape of the API, for what no film shows."""

from __future__ import annotations

import typing as t

from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import Clock
from ansible_collections.hive.swarm.plugins.module_utils._service.wait import Progress

Document = dict[str, t.Any]
LONG_AGO = "2026-01-01T00:00:00Z"
NOW = "2026-01-02T00:00:00.5Z"


def service(replicas: int = 2, **changes: t.Any) -> Document:
    """One that was changed NOW. Keys of ``changes`` are keys of the document, of Spec, or of TaskTemplate."""
    spec: Document = {
        "Name": "web",
        "Mode": {"Replicated": {"Replicas": replicas}},
        "TaskTemplate": {"ContainerSpec": {"Image": "web:1"}},
    }
    made: Document = {
        "ID": "service",
        "Version": {"Index": 20},
        "CreatedAt": LONG_AGO,
        "UpdatedAt": NOW,
        "Spec": spec,
        "PreviousSpec": spec,
    }
    for key, value in changes.items():
        place = {"Mode": spec, "UpdateConfig": spec, "RestartPolicy": spec["TaskTemplate"]}
        place["Placement"] = spec["TaskTemplate"]
        place.get(key, made)[key] = value
    return made


def task(number: int, slot: int = 1, state: str = "running", desired: str = "running", **changes: t.Any) -> Document:
    """Made at second ``number`` after NOW's minute; ``error``, ``created`` and ``node`` may be given."""
    made: Document = {
        "ID": f"task{number:021d}",
        "ServiceID": "service",
        "NodeID": changes.get("node", "n1"),
        "CreatedAt": changes.get("created", f"2026-01-02T00:01:{number:02d}.25Z"),
        "DesiredState": desired,
        "Status": {"State": state, "Message": "started", "Err": changes.get("error", "")},
    }
    if slot:
        made["Slot"] = slot
    if "exit_code" in changes:
        made["Status"]["ContainerStatus"] = {"ContainerID": "c" * 64, "ExitCode": changes["exit_code"]}
    return made


def node(name: str = "n1", **changes: t.Any) -> Document:
    """``state``, ``availability``, ``role``, ``labels``, ``engine_labels``, ``arch``, ``address`` may be given."""
    return {
        "ID": name,
        "Spec": {
            "Role": changes.get("role", "worker"),
            "Availability": changes.get("availability", "active"),
            "Labels": changes.get("labels", {}),
        },
        "Description": {
            "Hostname": f"host-{name}",
            "Platform": {"OS": "linux", "Architecture": changes.get("arch", "x86_64")},
            "Engine": {"Labels": changes.get("engine_labels", {})},
        },
        "Status": {"State": changes.get("state", "ready"), "Addr": changes.get("address", "10.0.0.1")},
    }


class Stage(Clock):
    """An engine that answers with what it is given, and a clock that stands until it is moved."""

    def __init__(self, *tasks: Document, nodes: tuple[Document, ...] = (), old: tuple[Document, ...] = ()) -> None:
        self.tasks, self.old = list(tasks), list(old)
        self.nodes = list(nodes or (node("n1"), node("n2")))
        self.time = 100.0
        self.system_time = ""  # of the manager; not known
        self.networks: list[Document] = []
        self.services: list[Document] = []
        self.requests: list[str] = []

    def now(self) -> float:
        return self.time

    def get(self, path: str, **query: t.Any) -> t.Any:
        self.requests.append(path)
        if path == "/nodes":
            return self.nodes
        if path == "/info":
            return {"SystemTime": self.system_time}
        if path in ("/networks", "/services"):
            return getattr(self, path[1:])
        if not query:
            return self.tasks + self.old
        return self.tasks if "_up-to-date" in query["filters"] else self.tasks + self.old

    def progress(self, **options: t.Any) -> Progress:
        return Progress(t.cast(t.Any, self), "service", self, **options)
