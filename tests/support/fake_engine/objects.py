# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and configs of a swarm: much the same, except that a secret's data is never returned."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from . import identity
from .errors import OUT_OF_SEQUENCE, ApiError, rpc
from .golang import shown
from .service_refusals import invalid

if TYPE_CHECKING:
    from .swarm import Swarm

_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9-_.]{0,62}[a-zA-Z0-9])?")
_MAP = ("map", "string")
_DRIVER = ("pointer", {"Name": "string", "Options": _MAP})
SHAPES: dict[str, Any] = {
    "secret": {
        "Name": "string",
        "Labels": ("always", _MAP),
        "Data": "[]uint8",
        "Driver": _DRIVER,
        "Templating": _DRIVER,
    },
    "config": {"Name": "string", "Labels": ("always", _MAP), "Data": "[]uint8", "Templating": _DRIVER},
}
_LIMITS = {"secret": 512_000, "config": 1_024_000}


class Object:
    """One secret or config."""

    def __init__(self, swarm: Swarm, kind: str, spec: dict[str, Any]):
        self._swarm = swarm
        self.kind = kind
        self.id = identity.new_id()
        self.spec = spec
        self.created = self.updated = identity.now()
        self.version = swarm.next_index()

    @property
    def name(self) -> str:
        return str(self.spec["Name"])

    def touch(self) -> None:
        """It was written."""
        self.version, self.updated = self._swarm.next_index(), identity.now()

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        hidden = ("Data",) if self.kind == "secret" else ()
        return {
            "ID": self.id,
            "Version": {"Index": self.version},
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Spec": {key: value for key, value in self.spec.items() if key not in hidden},
        }


class Objects:
    """All secrets, or all configs, of a swarm."""

    def __init__(self, swarm: Swarm, kind: str):
        self._swarm = swarm
        self.kind = kind
        self.all: dict[str, Object] = {}

    def find(self, text: str) -> Object:
        """By ID, by name, then by the beginning of the ID. ApiError 404 or 400."""
        for found in (
            [self.all[text]] if text in self.all else [],
            [item for item in self.all.values() if item.name == text],
            [item for item in self.all.values() if item.id.startswith(text)],
        ):
            if len(found) > 1:
                raise ApiError(400, f"{self.kind} {text} is ambiguous ({len(found)} matches found)")
            if found:
                return found[0]
        raise ApiError(404, f"{self.kind} {text} not found")

    def create(self, request: dict[str, Any]) -> Object:
        """A new one. ApiError 400, 409 or 500 in the manager's words."""
        spec = self._stored(request)
        self._check(spec)
        if any(item.name.lower() == spec["Name"].lower() for item in self.all.values()):
            raise rpc("AlreadyExists", f"{self.kind} {spec['Name']} already exists")
        item = Object(self._swarm, self.kind, spec)
        self.all[item.id] = item
        return item

    def update(self, item: Object, version: int, request: dict[str, Any]) -> None:
        """Only labels can change."""
        spec = self._stored(request)
        if spec["Name"] != item.name or spec.get("Data", item.spec.get("Data")) != item.spec.get("Data"):
            raise invalid("only updates to Labels are allowed")
        if version != item.version:
            raise rpc("Unknown", OUT_OF_SEQUENCE)
        item.spec = {**item.spec, "Labels": spec["Labels"]}
        item.touch()

    def remove(self, item: Object) -> None:
        """Take it away, unless services refer to it."""
        key = self.kind.capitalize()
        users = [
            service.name
            for service in self._swarm.services.all.values()
            if item.id in (ref[f"{key}ID"] for ref in service.container.get(f"{key}s", []))
        ]
        if users:
            word = "service" if len(users) == 1 else "services"
            raise invalid(f"{self.kind} '{item.name}' is in use by the following {word}: {', '.join(users)}")
        del self.all[item.id]

    def names(self) -> dict[str, str]:
        """ID -> name."""
        return {item.id: item.name for item in self.all.values()}

    def _stored(self, request: dict[str, Any]) -> dict[str, Any]:
        return {**shown(SHAPES[self.kind], request), "Labels": request["Labels"] or {}, "Name": request["Name"]}

    def _check(self, spec: dict[str, Any]) -> None:
        if not spec["Name"]:
            raise invalid("name must be provided")
        if not _NAME.fullmatch(spec["Name"]):
            raise invalid(
                "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, "
                "and the start and end character must be [a-zA-Z0-9]"
            )
        if "Driver" in spec:
            raise rpc("Unknown", f'plugin "{spec["Driver"]["Name"]}" not found')
        limit = _LIMITS[self.kind]
        if not 0 < len(base64.b64decode(spec.get("Data", ""))) < limit:
            raise invalid(f"{self.kind} data must be larger than 0 and less than {limit} bytes")
