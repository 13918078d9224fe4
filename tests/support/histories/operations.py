# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a history is made of, as data, and how a seed becomes one.

Names and values are few, so that operations meet. An operation is known by what it does and says so in its text, from
which a failure can be played again.
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple, Union

from .runner import FAULTS

NAMES = {
    "config": ("conf-a", "conf-b"),
    "secret": ("secret-a", "secret-b"),
    "network": ("net-a", "net-b"),
    "volume": ("volume-a", "volume-b"),
    "node": ("manager1", "worker1"),
    "service": ("service-a", "service-b"),
}
KINDS = tuple(NAMES)
LABELS = ("x", "y")
VALUES = ("1", "2", "")
DATA = ("correct horse battery staple", "correct horse battery stable")
IMAGES = ("lab/busybox:1", "lab/busybox:2")
AVAILABILITIES = ("active", "pause", "drain")
# Requests of a task that can meet something: most tasks send fewer.
_REQUESTS = {"network": 32, "service": 14}


class Other(NamedTuple):
    """Another client writes.

    :param action: make, drop, label or tweak.
    """

    action: str
    kind: str
    name: str
    value: Any = None


class Task(NamedTuple):
    """A task of this collection.

    :param faults: (number of the request, fault). :param meanwhile: (number of the request before which it happens, what).
    :param again: whether it runs once more although nothing went wrong.
    """

    kind: str
    name: str
    options: dict[str, Any]
    faults: tuple[tuple[int, str], ...] = ()
    meanwhile: tuple[tuple[int, Other], ...] = ()
    again: bool = False

    @property
    def module(self) -> str:
        return f"swarm_{self.kind}"


Operation = Union[Task, Other]


def history(seed: int) -> tuple[Operation, ...]:
    """Return the history of a seed."""
    chance = random.Random(seed)
    kinds = chance.sample(KINDS, chance.choice((1, 2, 2, 3, 6)))
    return tuple(
        _task(chance, kinds) if chance.random() < 0.75 else _other(chance, kinds)
        for _each in range(chance.randint(2, 5))
    )


def _task(chance: random.Random, kinds: list[str]) -> Task:
    kind = chance.choice(kinds)
    name = chance.choice(NAMES[kind])
    last = _REQUESTS.get(kind, 10)
    faults = [(chance.randint(1, last), chance.choice(FAULTS)) for _each in range(chance.choice((0, 0, 1, 1, 2)))]
    meanwhile = [(chance.randint(1, last), _other(chance, kinds)) for _each in range(chance.choice((0, 0, 1, 2)))]
    return Task(
        kind,
        name,
        _options(chance, kind, name),
        tuple(sorted(dict(faults).items())),
        tuple(meanwhile),
        chance.random() < 0.2,
    )


def _other(chance: random.Random, kinds: list[str]) -> Other:
    kind = chance.choice(kinds)
    name = chance.choice(NAMES[kind])
    actions = {"network": ("make", "drop"), "volume": ("make", "drop", "tweak"), "node": ("label", "tweak")}
    action = chance.choice(actions.get(kind, ("make", "drop", "label", "tweak")[: 4 if kind == "service" else 3]))
    value: Any = None
    if action == "label":
        value = (chance.choice(LABELS), chance.choice((*VALUES, None)))
    elif action == "make":
        value = chance.randrange(2)
    elif action == "tweak":
        value = chance.choice(AVAILABILITIES) if kind != "service" else chance.choice(TWEAKS)
    return Other(action, kind, name, value)


#: What another client changes of a service: a key of its container that no task here names, or the replicas.
TWEAKS = (("Hostname", "h1"), ("Hostname", "h2"), ("Replicas", 1), ("Replicas", 3))


def _options(chance: random.Random, kind: str, name: str) -> dict[str, Any]:
    named = "hostname" if kind == "node" else "name"
    if kind != "node" and chance.random() < 0.2:
        return {named: name, "state": "absent", **_waiting(chance, kind)}
    options: dict[str, Any] = {named: name, **_waiting(chance, kind)}
    if kind != "volume" and chance.random() < 0.6:
        options["labels"] = {key: chance.choice(VALUES) for key in LABELS if chance.random() < 0.5}
        options["labels_state"] = chance.choice(("merge", "replace"))
    options.update(_OPTIONS[kind](chance))
    return options


def _waiting(chance: random.Random, kind: str) -> dict[str, Any]:
    if kind == "node":
        return {"wait": False}
    return {"wait": chance.random() < 0.2, "wait_timeout": 20} if kind in ("service", "network") else {}


def _some(chance: random.Random, **values: tuple[Any, ...]) -> dict[str, Any]:
    return {option: chance.choice(choices) for option, choices in values.items() if chance.random() < 0.5}


#: Mode and replicas together, of which a service keeps both or gets both. Another mode takes another service.
_MODES: tuple[dict[str, Any], ...] = (
    *({},) * 3,
    *({"mode": "replicated", "replicas": replicas, "recreate": True} for replicas in (0, 1, 2)),
    {"mode": "global", "recreate": True},
)


def _of_service(chance: random.Random) -> dict[str, Any]:
    several: dict[str, list[Any]] = {
        kind: [name for name in NAMES[kind] if chance.random() < 0.4] for kind in ("network", "config")
    }
    several["config"] = [{"config_name": name, "filename": f"/{name}"} for name in several["config"]]
    given = {f"{kind}s": items for kind, items in several.items() if chance.random() < 0.5}
    return {
        "image": chance.choice(IMAGES),
        "resolve_image": "never",
        **chance.choice(_MODES),
        **_some(chance, env=({}, {"A": "1"}, {"A": "2", "B": "1"})),
        **given,
    }


_OPTIONS = {
    "config": lambda chance: {"data": chance.choice(DATA)},
    "secret": lambda chance: {"data": chance.choice(DATA)},
    "network": lambda chance: {
        "recreate": chance.random() < 0.7,
        **_some(chance, internal=(False, True), attachable=(False, True)),
    },
    "volume": lambda chance: {"driver": "csi:latest", **_some(chance, availability=AVAILABILITIES)},
    "node": lambda chance: _some(chance, availability=AVAILABILITIES),
    "service": _of_service,
}
