# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/volumes: those of the swarm, which CSI plugins make, and the engine's own.

What an engine says without any plugin is compared with a real one by the dialogues. What it says with one was seen on
28.5 with a small plugin made for that:

- a volume gets its Info moments after it was created, and loses nothing by an unknown plugin but that;
- what is published cannot be removed; it stays published when its tasks are gone, until nobody wants it any more;
- a removal that is under way shows nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from . import identity
from .errors import OUT_OF_SEQUENCE, ApiError, rpc
from .filters import has_label, matches, read
from .golang import loose_bool, shown, uint64
from .managers import refusal, swarm_of
from .reply import Reply
from .versions import as_numbers

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .router import Call
    from .swarm import Swarm

_FILTERS = ("dangling", "driver", "label", "name")
_BOOLS = ("true", "false", "1", "0")
_MAP = ("map", "string")
_TOPOLOGIES = [{"Segments": _MAP}]
_SPEC = {
    "Group": "string",
    "AccessMode": (
        "pointer",
        {
            "Scope": "string",
            "Sharing": "string",
            "MountVolume": ("pointer", {"FsType": "string", "MountFlags": ["string"]}),
            "BlockVolume": ("pointer", {}),
        },
    ),
    "AccessibilityRequirements": ("pointer", {"Requisite": _TOPOLOGIES, "Preferred": _TOPOLOGIES}),
    "CapacityRange": ("pointer", {"RequiredBytes": ("always", "int64"), "LimitBytes": ("always", "int64")}),
    "Secrets": [{"Key": ("always", "string"), "Secret": ("always", "string")}],
    "Availability": "string",
}
_CREATE = {
    "Name": "string",
    "Driver": "string",
    "DriverOpts": _MAP,
    "Labels": _MAP,
    "ClusterVolumeSpec": ("pointer", _SPEC),
}
_UPDATE = {"Spec": ("pointer", _SPEC)}
_SCOPES = ("single", "multi")
_SHARINGS = ("none", "readonly", "onewriter", "all")
_AVAILABILITIES = ("active", "pause", "drain")
_SINCE = "1.42"


class Volume:
    """One cluster volume.

    looks: how often it was looked at without its plugin having made it.
    """

    def __init__(self, swarm: Swarm, request: dict[str, Any]):
        self._swarm = swarm
        self.id = identity.new_id()
        self.name = request["Name"]
        self.driver = request["Driver"]
        self.options = request["DriverOpts"] or None
        self.labels = request["Labels"] or None
        self.spec = _stored(request["ClusterVolumeSpec"])
        self.info: dict[str, Any] | None = None
        self.published: list[dict[str, str]] = []
        self.going = False
        self.looks = 0
        self.created = self.updated = identity.now()
        self.version = swarm.next_index()

    def touch(self) -> None:
        """It was written."""
        self.version, self.updated = self._swarm.next_index(), identity.now()

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        cluster: dict[str, Any] = {
            "ID": self.id,
            "Version": {"Index": self.version},
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Spec": self.spec,
        }
        if self.published:
            cluster["PublishStatus"] = self.published
        if self.info:
            cluster["Info"] = self.info
        return {
            "ClusterVolume": cluster,
            "CreatedAt": self.created,
            "Driver": self.driver,
            "Labels": self.labels,
            "Mountpoint": "",
            "Name": self.name,
            "Options": self.options,
            "Scope": "global",
        }


class Volumes:
    """The cluster volumes of one swarm.

    plugins: names of the CSI plugins that its nodes have. pace: looks that they take to make a volume.
    """

    def __init__(self, swarm: Swarm):
        self._swarm = swarm
        self.all: dict[str, Volume] = {}
        self.plugins: set[str] = set()
        self.pace = 1

    def descriptions(self) -> list[dict[str, str]]:
        """The plugins as a node shows them."""
        kinds = ("csicontroller", "csinode")
        return [{"Type": kind, "Name": name} for name in sorted(self.plugins) for kind in kinds]

    def look(self) -> None:
        """Let the plugins do their work."""
        for volume in list(self.all.values()):
            if volume.driver not in self.plugins and f"{volume.driver}:latest" not in self.plugins:
                continue
            if volume.going and not volume.published:
                del self.all[volume.id]
            elif not volume.info:
                volume.looks += 1
                self._make(volume)

    def _make(self, volume: Volume) -> None:
        if volume.looks > self.pace:
            volume.info = {"CapacityBytes": 1048576, "VolumeID": f"vol-{volume.name}"}
            volume.info["AccessibleTopology"] = [{"Segments": {"zone": "a"}}]
            volume.touch()

    def publish(self, name: str, node_id: str, state: str = "published") -> None:
        """Have a node have it."""
        volume = self.find(name)
        volume.published = [{"NodeID": node_id, "State": state}]
        volume.touch()

    def release(self, name: str) -> None:
        """Have no node have it any more."""
        self.find(name).published = []

    def find(self, text: str) -> Volume:
        """By ID, name, or the beginning of the ID. ApiError 404."""
        for test in (lambda v: v.id == text, lambda v: v.name == text, lambda v: v.id.startswith(text)):
            for volume in self.all.values():
                if test(volume):
                    return volume
        raise ApiError(404, f"volume {text} not found")

    def create(self, request: dict[str, Any]) -> Volume:
        """A new one. ApiError 400 or 500 in the manager's words; whether there is such a plugin is not asked."""
        spec = request["ClusterVolumeSpec"]
        mode = spec["AccessMode"]
        if not request["Name"]:
            raise rpc("InvalidArgument", "meta: name must be provided")
        if mode is None:
            raise rpc("InvalidArgument", "AccessMode must not be nil")
        if mode["MountVolume"] is None and mode["BlockVolume"] is None:
            raise rpc("InvalidArgument", "Volume AccessMode must specify either Mount or Block access type")
        for reference in spec["Secrets"] or []:
            if reference["Secret"] not in self._swarm.objects["secret"].all:
                raise rpc("InvalidArgument", f"secret not found: {reference['Secret']}")
        if any(volume.name.lower() == request["Name"].lower() for volume in self.all.values()):
            raise rpc("Unknown", "name conflicts with an existing object")
        volume = Volume(self._swarm, request)
        self.all[volume.id] = volume
        return volume

    def update(self, text: str, version: int, spec: dict[str, Any] | None) -> None:
        """Only the availability changes, and only to one that there is. ApiError 404 or 500."""
        if text not in self.all:
            raise rpc("NotFound", f"volume {text} not found")
        volume = self.all[text]
        if version != volume.version:
            raise rpc("Unknown", OUT_OF_SEQUENCE)
        if spec and spec["Availability"] in _AVAILABILITIES:
            volume.spec = {**volume.spec, "Availability": spec["Availability"]}
        volume.touch()

    def remove(self, volume: Volume, force: bool) -> None:
        """Mark it for its plugin, or just forget it. ApiError 400 while a node has it."""
        if force:
            del self.all[volume.id]
            return
        if volume.published:
            raise rpc("FailedPrecondition", "volume is still in use")
        volume.going = True
        volume.touch()


def _stored(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec as the engine keeps it: unknown words become the first one, and files go before a block device."""
    kept = shown(_SPEC, spec)
    mode = spec["AccessMode"]
    kind = "BlockVolume" if mode["MountVolume"] is None else "MountVolume"
    kept["AccessMode"] = {
        "Scope": mode["Scope"] if mode["Scope"] in _SCOPES else _SCOPES[0],
        "Sharing": mode["Sharing"] if mode["Sharing"] in _SHARINGS else _SHARINGS[0],
        kind: kept["AccessMode"][kind],
    }
    known = spec["Availability"] in _AVAILABILITIES
    return {**kept, "Availability": spec["Availability"] if known else _AVAILABILITIES[0]}


# -- requests ---------------------------------------------------------------------------------------------------------


def _knows(call: Call) -> bool:
    return as_numbers(call.api) >= as_numbers(_SINCE)


def _volumes(call: Call) -> Volumes | None:
    """The swarm's, for a manager of a new enough engine. ApiError 500 without a quorum."""
    if not _knows(call) or refusal(call.engine):
        return None
    return swarm_of(call.engine).volumes


def index(call: Call) -> dict[str, Any]:
    """GET /volumes: filters are for the engine's own volumes; what is wrong with the swarm is a mere warning."""
    filters = read(call, _FILTERS)
    for value in filters.get("dangling", []):
        if value not in _BOOLS:
            raise ApiError(400, f"{call.engine.version.bad_filter} 'dangling=[{value}]'")
    with call.engine.cluster.lock:
        listed = [volume for volume in call.engine.volumes.values() if _matches(volume, filters)]
        try:
            volumes = _volumes(call)
        except ApiError as error:
            return {"Volumes": listed, "Warnings": [error.message]}
        if volumes:
            volumes.look()
            listed += [volume.shown() for volume in volumes.all.values()]
        return {"Volumes": listed, "Warnings": None}


def _matches(volume: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    return matches(
        filters,
        {
            "driver": lambda wanted: wanted == volume["Driver"],
            "label": lambda wanted: has_label(volume["Labels"] or {}, wanted),
            "name": lambda wanted: wanted in volume["Name"],
        },
    )


def inspect(call: Call) -> dict[str, Any]:
    """GET /volumes/{name or ID}: the engine's own come first."""
    with call.engine.cluster.lock:
        own = call.engine.volumes.get(call.names["id"])
        if own:
            return own
        volumes = _volumes(call)
        if volumes is None:
            raise ApiError(404, f"get {call.names['id']}: no such volume")
        volumes.look()
        return volumes.find(call.names["id"]).shown()


def create(call: Call) -> Reply:
    """POST /volumes/create."""
    request = call.body("CreateOptions", _CREATE)
    with call.engine.cluster.lock:
        if not _knows(call) or request["ClusterVolumeSpec"] is None:
            return Reply(201, _own(call.engine, request))
        return Reply(201, swarm_of(call.engine).volumes.create(request).shown())


def _own(engine: FakeEngine, request: dict[str, Any]) -> dict[str, Any]:
    driver, name = request["Driver"] or "local", request["Name"]
    if driver != "local":
        raise ApiError(404, f'create {name}: error looking up volume plugin {driver}: plugin "{driver}" not found')
    volume = {"CreatedAt": identity.now(), "Driver": driver, "Labels": request["Labels"] or None, "Name": name}
    engine.volumes[name] = {
        **volume,
        "Mountpoint": f"/volumes/{name}/_data",
        "Options": request["DriverOpts"] or None,
        "Scope": "local",
    }
    return engine.volumes[name]


def update(call: Call) -> None:
    """PUT /volumes/{ID}?version=: no name will do."""
    request = call.body("UpdateOptions", _UPDATE)
    with call.engine.cluster.lock:
        if refusal(call.engine):
            raise ApiError(503, "volume update only valid for cluster volumes, but swarm is unavailable")
        version = uint64(call.request.query.get("version", ""), "swarm object")
        swarm_of(call.engine).volumes.update(call.names["id"], version, request["Spec"])


def remove(call: Call) -> Reply:
    """DELETE /volumes/{name or ID}?force=: the engine's own come first."""
    text, force = call.names["id"], loose_bool(call.request.query.get("force", ""))
    with call.engine.cluster.lock:
        if call.engine.volumes.pop(text, None):
            return Reply(204, None)
        volumes = _volumes(call)
        try:
            if volumes is None:
                raise ApiError(404, f"get {text}: no such volume")
            volumes.remove(volumes.find(text), force)
        except ApiError as error:
            if error.status != 404 or not force:
                raise
        return Reply(204, None)


_ONE = r"/volumes/(?P<id>[^/]+)"
ROUTES: list[tuple[str, str, Callable[[Call], Any]]] = [
    ("GET", r"/volumes", index),
    ("POST", r"/volumes/create", create),
    ("GET", _ONE, inspect),
    ("PUT", _ONE, update),
    ("DELETE", _ONE, remove),
]
