# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that create, change and remove a volume, and why a node did not do so, as far as the engine reports it.

All but the first name the volume by its ID: where the engine has a volume of its own with the same name, the name is that one's.
"""

from __future__ import annotations

from .._core.errors import EngineError, NotConverged, OutOfSequence
from .._core.values import Document, Path
from .._engine.client import Engine
from .._engine.lists import list_volumes
from .live import VolumeTask
from .schema import published, volume_id, with_tag

_SECRETS = Path(("ClusterVolumeSpec", "Secrets"))


def create(resource: VolumeTask, spec: Document) -> None:
    """Secrets are looked up by ID."""
    ids = {name: key for key, name in resource.secrets.items()} if "Secrets" in spec["ClusterVolumeSpec"] else {}
    if ids:
        items = spec["ClusterVolumeSpec"]["Secrets"]
        spec = _SECRETS.put(spec, [{**item, "Secret": ids.get(item["Secret"], item["Secret"])} for item in items])
    try:
        resource.engine.post("/volumes/create", spec)
    except EngineError as error:
        if "name conflicts with an existing object" in error.message:
            raise OutOfSequence(error.message, error.status) from error  # another client was faster
        raise


def set_availability(engine: Engine, volume: Document, availability: str) -> None:
    cluster = volume["ClusterVolume"]
    body = {"Spec": {**cluster["Spec"], "Availability": availability}}
    engine.put(f"/volumes/{cluster['ID']}", body, version=cluster["Version"]["Index"])


def remove(resource: VolumeTask, volume: Document) -> None:
    """A node that runs a task with the volume no more has it for some moments yet."""
    path = f"/volumes/{volume['ClusterVolume']['ID']}"
    force = {"force": True} if resource.params["force"] else {}
    try:
        resource.remove_when_unused(path, f"volume {volume['Name']}", **force)
    except NotConverged as error:
        error.message += f". {explain_use(resource.engine, _again(resource.engine, volume))}"
        raise


def _again(engine: Engine, volume: Document) -> Document:
    mine = (item for item in list_volumes(engine) if item["ClusterVolume"]["ID"] == volume["ClusterVolume"]["ID"])
    return next(mine, volume)


_KINDS = ("csicontroller", "csinode")
_FORCE = "With force: true the swarm removes only its entry, and the storage of the plugin stays."
_AGAIN = "The engine continues to try, at increasing intervals, and the next run of the task waits again."


def explain(resource: VolumeTask, volume: Document) -> str:
    """What a task that has waited in vain can say."""
    nodes = resource.engine.get("/nodes")
    if resource.params["state"] == "absent":
        return f"{_of_plugin(nodes, volume['Driver'])} {_FORCE}"
    if volume_id(volume):
        return _places(nodes, volume)
    return f"{_of_plugin(nodes, volume['Driver'])} {_AGAIN}"


def explain_use(engine: Engine, volume: Document) -> str:
    """Of a volume that the engine does not remove because nodes have it."""
    return f"{_places(engine.get('/nodes'), volume)} {_FORCE}".strip()


def _of_plugin(nodes: list[Document], driver: str) -> str:
    """The API tells whether there is a plugin, and nothing of its errors."""
    known = sorted({plugin["Name"] for node in nodes for plugin in _plugins(node)})
    if with_tag(driver) not in known:
        others = f"there is {', '.join(known)}" if known else "no node has one"
        return f"No node of the swarm has an enabled CSI plugin {with_tag(driver)}; {others}."
    leader = next((n["Description"]["Hostname"] for n in nodes if (n.get("ManagerStatus") or {}).get("Leader")), "")
    return (
        f"The plugin {with_tag(driver)} exists. Its reason is only in the log of the engine of the leader"
        f" ({leader}), in lines with module=csi/manager."
    )


def _plugins(node: Document) -> list[Document]:
    found = node["Description"].get("Engine", {}).get("Plugins") or ()
    return [plugin for plugin in found if plugin["Type"] in _KINDS]


def _places(nodes: list[Document], volume: Document) -> str:
    hosts = {node["ID"]: node["Description"]["Hostname"] for node in nodes}
    places = [f"{hosts.get(item['NodeID'], item['NodeID'])} ({item['State']})" for item in published(volume)]
    return f"It is published to {', '.join(sorted(places))}." if places else ""
