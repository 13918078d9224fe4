# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/secrets and /configs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .errors import ApiError
from .filters import has_label, matches, read
from .managers import swarm_of
from .objects import SHAPES, Object, Objects
from .reply import Reply

if TYPE_CHECKING:
    from .router import Call

_FILTERS = {"secret": ("id", "label", "name", "names"), "config": ("id", "label", "name")}


def routes(kind: str) -> list[tuple[str, str, Callable[[Call], Any]]]:
    """Method, pattern and handler of all requests for one kind."""

    def store(call: Call) -> Objects:
        return swarm_of(call.engine).objects[kind]

    def index(call: Call) -> list[dict[str, Any]]:
        filters = read(call, _FILTERS[kind], "decoder")
        with call.engine.cluster.lock:
            found = [item for item in store(call).all.values() if _matches(item, filters)]
            return [item.shown() for item in sorted(found, key=lambda item: item.id)]

    def inspect(call: Call) -> dict[str, Any]:
        with call.engine.cluster.lock:
            return store(call).find(call.names["id"]).shown()

    def create(call: Call) -> Reply:
        request = call.body(f"{kind.capitalize()}Spec", SHAPES[kind])
        with call.engine.cluster.lock:
            return Reply(201, {"ID": store(call).create(request).id})

    def update(call: Call) -> None:
        request = call.body(f"{kind.capitalize()}Spec", SHAPES[kind])
        text = call.request.query.get("version", "")
        if not text.isdigit():
            raise ApiError(400, f"invalid {kind} version")
        with call.engine.cluster.lock:
            objects = store(call)
            objects.update(objects.find(call.names["id"]), int(text), request)

    def remove(call: Call) -> Reply:
        with call.engine.cluster.lock:
            objects = store(call)
            objects.remove(objects.find(call.names["id"]))
            return Reply(204, None)

    one = rf"/{kind}s/(?P<id>[^/]+)"
    return [
        ("GET", rf"/{kind}s", index),
        ("POST", rf"/{kind}s/create", create),
        ("GET", one, inspect),
        ("POST", rf"{one}/update", update),
        ("DELETE", one, remove),
    ]


def _matches(item: Object, filters: dict[str, list[str]]) -> bool:
    return matches(
        filters,
        {
            "id": item.id.startswith,
            "label": lambda wanted: has_label(item.spec["Labels"], wanted),
            "name": lambda wanted: item.name.lower().startswith(wanted.lower()),
            "names": lambda wanted: wanted.lower() == item.name.lower(),
        },
    )
