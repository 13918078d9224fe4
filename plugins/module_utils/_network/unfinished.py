# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a replacement of a network leaves in the swarm while it is under way, so that the next run can finish it.

Each detached service has a label with how it was attached. The label is written with the detachment and removed with the
attachment; there is one for each network. The holder is a network without addresses and tasks. Its label has the request for the
new network: options that the task omits would be lost with the old one.
"""

from __future__ import annotations

import json
import typing as t

from .._core.validators import rehearsal_name
from .._core.values import DETACHED, MISSING, Document, Path, at
from .schema import SWARM

#: The lists of networks that a service has: that of its tasks, and the one of old API versions.
LISTS = (at("TaskTemplate", "Networks"), at("Networks"))
UPDATE = at("UpdateConfig")
# Without its network a service may well fail. That must not stop the engine from replacing tasks, nor have it go back
# to the network. It is in force while the service is detached.
AT_ONCE = {"Parallelism": 0, "FailureAction": "continue", "Order": "stop-first"}
_LABELS = at("Labels")


class Detachment(t.NamedTuple):
    """:param places: for each of LISTS, the place and the rest of each attachment to the network.
    :param update: the UpdateConfig; MISSING if there was none.
    """

    places: list[list[tuple[int, Document]]]
    update: t.Any

    def label(self) -> str:
        """Return the value of the label."""
        update = None if self.update is MISSING else self.update
        return json.dumps({"networks": self.places, "update_config": update}, sort_keys=True)

    def attached(self, spec: Document, network_id: str) -> Document:
        """Return the spec with the network under an ID, and without what is in force while it is detached.

        A list to which another client has attached the service meanwhile stays as it is.
        """
        for path, places in zip(LISTS, self.places):
            items = items_of(spec, path)
            if places and not any(item["Target"] == network_id for item in items):
                for place, item in places:
                    items = [*items[:place], {**item, "Target": network_id}, *items[place:]]
                spec = path.put(spec, items)
        return self.with_update_config(spec)

    def with_update_config(self, spec: Document) -> Document:
        """Return the spec with the UpdateConfig of before, unless another client has changed it meanwhile."""
        return UPDATE.put(spec, self.update) if is_at_once(spec) else spec


def detached(spec: Document, network: str, network_id: str) -> Document:
    """Return the spec without the network and with its label; the spec itself if it is not attached."""
    if not has_network(spec, network_id):
        return spec
    record = _recorded(spec, network, network_id)
    for path in LISTS:
        items = items_of(spec, path)
        if items:
            spec = path.put(spec, [item for item in items if item["Target"] != network_id] or MISSING)
    labels = {**(spec.get("Labels") or {}), DETACHED + network: record.label()}
    return _LABELS.put(UPDATE.put(spec, dict(AT_ONCE)), labels)


def _recorded(spec: Document, network: str, network_id: str) -> Detachment:
    former = read(spec, network)
    update = former.update if former and is_at_once(spec) else UPDATE.get(spec)
    return Detachment([list(_places(spec, path, network_id)) for path in LISTS], update)


def _places(spec: Document, path: Path, network_id: str) -> t.Iterator[tuple[int, Document]]:
    for place, item in enumerate(items_of(spec, path)):
        if item["Target"] == network_id:
            yield place, {key: value for key, value in item.items() if key != "Target"}


def read(spec: Document | None, network: str) -> Detachment | None:
    """Return what the label of a network states; None without one, and for one that another client has written."""
    text = ((spec or {}).get("Labels") or {}).get(DETACHED + network)
    if text is None:
        return None
    try:
        found = json.loads(text)
        places = [[(int(place), dict(item)) for place, item in items] for items in found["networks"]]
        update = found["update_config"]
    except (ValueError, TypeError, KeyError):
        return None
    if len(places) != len(LISTS) or not isinstance(update, (dict, type(None))):
        return None
    return Detachment(places, MISSING if update is None else update)


def networks_of(spec: Document) -> list[str]:
    """Return the names of the networks from which a service is detached."""
    return [key[len(DETACHED) :] for key in spec.get("Labels") or {} if key.startswith(DETACHED)]


def without_labels(spec: Document, *networks: str) -> Document:
    """Return the spec without the labels of these networks."""
    labels = spec.get("Labels") or {}
    gone = {DETACHED + network for network in networks} & labels.keys()
    return _LABELS.put(spec, {key: value for key, value in labels.items() if key not in gone}) if gone else spec


def without_detachments(spec: Document) -> Document:
    """Return the spec of a service whose networks are set by a task, which ends all its detachments."""
    for network in networks_of(spec):
        record = read(spec, network)
        spec = without_labels(record.with_update_config(spec) if record else spec, network)
    return spec


def is_unfinished(service: Document, network: str) -> bool:
    """Whether a service has to be attached again, or has been by the first of its two writes alone."""
    return any(read(service.get(key), network) for key in ("Spec", "PreviousSpec"))


def has_network(spec: Document, *networks: str) -> bool:
    """Whether a spec names any of these IDs."""
    return any(item["Target"] in networks for path in LISTS for item in items_of(spec, path))


def items_of(spec: Document, path: Path) -> list[Document]:
    """Return one of the lists of networks."""
    found = path.get(spec)
    return found if isinstance(found, list) else []


def is_at_once(spec: Document) -> bool:
    """Whether no other client has changed it; the engine writes defaults into what it is given, and leaves zeros out."""
    live = UPDATE.get(spec)
    return isinstance(live, dict) and all(live.get(key, 0) == value for key, value in AT_ONCE.items())


_LABEL = "hive.swarm.replacement"
#: The label of the network by which a replacement is tested.
REHEARSAL = "hive.swarm.rehearsal"


def holder_name(network: str) -> str:
    """Return its name: at most 63 characters, as of all objects."""
    return f"{network[:51]}-replacement"


def holder_of(spec: Document) -> Document:
    """Return the request that creates it, in the scope of the network."""
    kind: Document = {"ConfigOnly": True} if spec.get("ConfigOnly") else {"Driver": "bridge", "Scope": SWARM}
    return {"Name": holder_name(spec["Name"]), **kind, "Labels": {_LABEL: json.dumps(spec, sort_keys=True)}}


def find_holder(listed: t.Iterable[Document], network: str) -> Document | None:
    """Return the holder among networks; None without one, and for a network that another client has created."""
    return next((item for item in listed if item["Name"] == holder_name(network) and recorded(item, network)), None)


def find_rehearsal(listed: t.Iterable[Document], network: str) -> Document | None:
    """Return the test of a replacement that did not end; None without one, and for a network of another client."""
    name = rehearsal_name(network)
    return next((item for item in listed if item["Name"] == name and REHEARSAL in (item.get("Labels") or {})), None)


def recorded(holder: Document | None, network: str) -> Document | None:
    """Return the request for the new network."""
    text = ((holder or {}).get("Labels") or {}).get(_LABEL)
    try:
        spec = json.loads(text) if text else None
    except ValueError:
        return None
    return spec if isinstance(spec, dict) and spec.get("Name") == network else None
