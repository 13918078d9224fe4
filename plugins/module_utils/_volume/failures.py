# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a volume is not made, not given back, or not removed, as far as an engine tells."""

from __future__ import annotations

import typing as t

from .._core.paths import Document
from .live import VolumeTask
from .schema import published, volume_id, with_tag

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


def explain_use(engine: t.Any, volume: Document) -> str:
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
