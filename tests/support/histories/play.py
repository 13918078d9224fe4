# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playing a history on a fake swarm, and making one that fails shorter."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from ..fake_engine import Delays, FakeCluster
from ..fake_engine.engine import FakeEngine
from ..fake_engine.errors import ApiError
from ..fake_engine.snapshot import Snapshot
from .law import Facts, Write, violations
from .model import state_of
from .operations import DATA, IMAGES, Operation, Other, Task, history
from .runner import Outcome, run


class Stage:
    """A fake swarm of a manager and a worker, which every history finds as it was made.

    :param clock: what time it is. :ivar tasks: how many tasks have run on it.
    """

    def __init__(self, clock: Any):
        self._cluster = FakeCluster(delays=Delays(), clock=clock)
        self.manager, _worker = self._cluster.swarm(workers=1)
        self._volumes.plugins.add("csi:latest")
        self._start = Snapshot(self._cluster)
        self.tasks = 0

    @property
    def _volumes(self) -> Any:
        swarm: Any = self.manager.swarm
        return swarm.volumes

    def close(self) -> None:
        """End the engines."""
        self._cluster.close()

    def play(self, operations: tuple[Operation, ...]) -> Iterator[str]:
        """Play a history; return what is wrong, if anything is."""
        self._start.restore()
        for number, operation in enumerate(operations, 1):
            if isinstance(operation, Other):
                self._write(operation)
                continue
            for complaint in self._play_task(operation):
                yield f"operation {number}: {complaint}"

    def _play_task(self, task: Task) -> Iterator[str]:
        facts = self._run(task)
        yield from violations(facts)
        if facts.outcome.ok and not task.again:
            return
        clean = task._replace(faults=(), meanwhile=())
        check = self._run(clean, check=True)
        if check.before != check.after:
            yield "check mode has changed something"
        second = self._run(clean)
        yield from (f"second run: {complaint}" for complaint in violations(second))
        yield from (f"check mode: {complaint}" for complaint in _foretold(check.outcome, second.outcome))
        if facts.outcome.ok and not facts.writes and second.outcome.ok and (second.outcome.result or {})["changed"]:
            yield f"second run: changed, after ok: {second.outcome.result}"
        if second.outcome.ok and (second.outcome.result or {})["changed"]:
            third = self._run(clean)
            if not third.outcome.ok or (third.outcome.result or {})["changed"]:
                yield f"third run: {third.outcome.result}"

    def _run(self, task: Task, check: bool = False) -> Facts:
        self.tasks += 1
        place = (task.kind, task.name)
        before = latest = state_of(self.manager)
        writes: list[Write] = []

        def moved() -> bool:
            nonlocal latest
            former, latest = latest, state_of(self.manager)
            return former.get(place) != latest.get(place)

        def meanwhile(number: int, other: Other) -> None:
            nonlocal latest
            former = state_of(self.manager)
            self._write(other)
            latest = state_of(self.manager)
            writes.append(Write(number, former, latest))

        events = {number: lambda n=number, other=other: meanwhile(n, other) for number, other in task.meanwhile}
        options = (dict(task.faults), events, check, moved if events else None)
        outcome = run(self.manager, task.module, task.options, *options)
        self._settle()
        return Facts(task, outcome, before, state_of(self.manager), tuple(writes))

    def _write(self, other: Other) -> None:
        write(self.manager, other)
        self._settle()

    def _settle(self) -> None:
        """Let the engines and the plugin of volumes do all that they are about to."""
        self._cluster.settle()
        for _look in range(3):
            self._volumes.look()


def _foretold(check: Outcome, done: Outcome) -> Iterator[str]:
    """Whether check mode has said what the run then did."""
    foreseen, found = check.result or {}, done.result or {}
    if foreseen["failed"] and not found["failed"]:
        yield f"failed, and the run did not: {foreseen['msg']}"
    if not foreseen["failed"] and not found["failed"] and foreseen["changed"] != found["changed"]:
        yield f"changed is {foreseen['changed']}, and the run's {found['changed']}"


# -- the other client -------------------------------------------------------------------------------------------------


def write(manager: FakeEngine, other: Other) -> None:
    """Let the other client write, as far as the engine lets it."""
    try:
        _ACTIONS[other.action](manager, other)
    except ApiError:
        pass


def _make(manager: FakeEngine, other: Other) -> None:
    data = base64.b64encode(DATA[other.value].encode()).decode()
    bodies: dict[str, dict[str, Any]] = {
        "config": {"Data": data},
        "secret": {"Data": data},
        "network": {"Driver": "overlay", "Attachable": bool(other.value)},
        "volume": {
            "Driver": "csi:latest",
            "ClusterVolumeSpec": {"AccessMode": {"Scope": "single", "Sharing": "none", "MountVolume": {}}},
        },
        "service": {
            "TaskTemplate": {"ContainerSpec": {"Image": IMAGES[other.value]}},
            "Mode": {"Replicated": {"Replicas": 1}},
        },
    }
    manager.do("POST", f"/{other.kind}s/create", {"Name": other.name, **bodies[other.kind]})


def _drop(manager: FakeEngine, other: Other) -> None:
    manager.do("DELETE", f"/{other.kind}s/{other.name}")


def _label(manager: FakeEngine, other: Other) -> None:
    key, value = other.value

    def change(spec: dict[str, Any]) -> None:
        labels = {name: text for name, text in (spec.get("Labels") or {}).items() if name != key}
        spec["Labels"] = labels if value is None else {**labels, key: value}

    _update(manager, other, change)


def _tweak(manager: FakeEngine, other: Other) -> None:
    def change(spec: dict[str, Any]) -> None:
        if other.kind != "service":
            spec["Availability"] = other.value
        elif other.value[0] == "Replicas":
            spec["Mode"] = {"Replicated": {"Replicas": other.value[1]}}
        else:
            spec["TaskTemplate"]["ContainerSpec"][other.value[0]] = other.value[1]

    _update(manager, other, change)


def _update(manager: FakeEngine, other: Other, change: Any) -> None:
    found = manager.do("GET", f"/{other.kind}s/{other.name}")
    item = found["ClusterVolume"] if other.kind == "volume" else found
    change(item["Spec"])
    body = {"Spec": item["Spec"]} if other.kind == "volume" else item["Spec"]
    ident = item["ID"]
    method = "PUT" if other.kind == "volume" else "POST"
    path = f"/volumes/{ident}" if other.kind == "volume" else f"/{other.kind}s/{ident}/update"
    manager.do(method, f"{path}?version={item['Version']['Index']}", body)


_ACTIONS = {"make": _make, "drop": _drop, "label": _label, "tweak": _tweak}


# -- seeds ------------------------------------------------------------------------------------------------------------


def shrink(stage: Stage, operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """Return a history that is wrong as well, of which nothing can be left out."""
    for shorter in _shorter(operations):
        if any(True for _complaint in stage.play(shorter)):
            return shrink(stage, shorter)
    return operations


def _shorter(operations: tuple[Operation, ...]) -> Iterator[tuple[Operation, ...]]:
    for number, operation in enumerate(operations):
        head, tail = operations[:number], operations[number + 1 :]
        yield (*head, *tail)
        if isinstance(operation, Task):
            for smaller in _smaller(operation):
                yield (*head, smaller, *tail)


#: Options that are left out with another one.
_PARTNERS = {"labels": ("labels_state",), "replicas": ("mode",)}


def _smaller(task: Task) -> Iterator[Task]:
    for field in ("faults", "meanwhile"):
        items = getattr(task, field)
        for number in range(len(items)):
            yield task._replace(**{field: (*items[:number], *items[number + 1 :])})
    for option in task.options:
        if option in ("labels", "env", "networks", "configs", "replicas", "internal", "attachable", "availability"):
            left = {key: value for key, value in task.options.items() if key != option}
            for partner in _PARTNERS.get(option, ()):
                left.pop(partner, None)
            yield task._replace(options=left)


def complaint(stage: Stage, seed: int) -> str:
    """Play the history of a seed; return what is wrong with its shortest form, or nothing."""
    operations = history(seed)
    if not any(True for _complaint in stage.play(operations)):
        return ""
    least = shrink(stage, operations)
    lines = [f"seed {seed}:", *(f"  {number}. {operation}" for number, operation in enumerate(least, 1))]
    return "\n".join([*lines, *(f"  -> {text}" for text in stage.play(least))])
