# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The small model of a swarm: each object is a dict of attributes, and a write of a client sets some of them.

Nothing here uses code of the collection. An object's labels are an attribute each. What no task of a history sets is one
attribute, ``rest``, which nobody may lose.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from ..fake_engine.engine import FakeEngine
from ..fake_engine.networks import VXLAN
from .operations import LABELS, Task


def state_of(engine: FakeEngine) -> dict[tuple[str, str], dict[str, Any]]:
    """Return all objects by kind and name, without what the manager chooses."""
    swarm: Any = engine.swarm
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, objects in swarm.objects.items():
        for item in objects.all.values():
            found[kind, item.name] = _split(item.spec, ("Name", "Labels", "Data"), data=item.spec["Data"])
    for network in swarm.networks.all.values():
        if not network.predefined and network.name != "ingress":
            options = {key: value for key, value in (network.options or {}).items() if key != VXLAN}
            spec = {"Labels": network.labels, "driver": network.driver, "options": options}
            flags = {"internal": network.flags["Internal"], "attachable": network.flags["Attachable"]}
            found["network", network.name] = _split(spec, ("Labels",), **flags)
    for node in swarm.nodes.values():
        spec = node.spec
        found["node", node.hostname] = _split(spec, ("Labels", "Availability"), availability=spec["Availability"])
    for volume in swarm.volumes.all.values():
        spec = volume.spec
        found["volume", volume.name] = _split(spec, ("Availability",), availability=spec["Availability"])
    names = {network.id: network.name for network in swarm.networks.all.values()}
    for service in swarm.services.all.values():
        found["service", service.name] = _service(service.spec, names)
    return found


def _split(spec: dict[str, Any], known: tuple[str, ...], **attributes: Any) -> dict[str, Any]:
    labels = {f"label {key}": value for key, value in (spec.get("Labels") or {}).items()}
    return {**attributes, **labels, "rest": _text({key: value for key, value in spec.items() if key not in known})}


_ENCODER = json.JSONEncoder(sort_keys=True)


def _text(value: Any) -> str:
    return _ENCODER.encode(_filled(value))


def _filled(value: Any) -> Any:
    """Without what is empty, which means the same to the engine as nothing."""
    if isinstance(value, dict):
        filled = {key: _filled(item) for key, item in value.items()}
        return {key: item for key, item in filled.items() if item not in (None, "", 0, False, {}, [])}
    return [_filled(item) for item in value] if isinstance(value, list) else value


def _service(spec: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    template = spec["TaskTemplate"]
    container = template["ContainerSpec"]
    rest = {
        **{key: value for key, value in spec.items() if key not in ("Name", "Labels", "TaskTemplate", "Mode")},
        "template": {key: value for key, value in template.items() if key not in ("ContainerSpec", "Networks")},
        "container": {key: value for key, value in container.items() if key not in ("Image", "Env", "Configs")},
    }
    networks = sorted(names.get(item["Target"], item["Target"]) for item in template.get("Networks") or ())
    return _with_detached(
        {
            "image": container["Image"],
            "replicas": spec["Mode"].get("Replicated", {"Replicas": "global"})["Replicas"],
            "env": sorted(container.get("Env") or ()),
            "networks": networks,
            "configs": sorted(item["ConfigName"] for item in container.get("Configs") or ()),
            **_split({**rest, "Labels": spec["Labels"]}, ("Labels",)),
        }
    )


_DETACHED = "label hive.swarm.detached."
_AT_ONCE = {"FailureAction": "continue", "Order": "stop-first"}


def _with_detached(service: dict[str, Any]) -> dict[str, Any]:
    """A service as it is once it has back what a replacement of a network has detached; ``detached`` names the networks."""
    networks = sorted(key[len(_DETACHED) :] for key in service if key.startswith(_DETACHED))
    rest = json.loads(service["rest"])
    for network in networks:
        former = json.loads(service.pop(_DETACHED + network))["update_config"]
        if _filled(former or {}) != _AT_ONCE:  # else it was detached from another network before
            rest["UpdateConfig"] = former
    return {
        **service,
        "networks": sorted({*service["networks"], *networks}),
        "rest": _text(rest),
        "detached": networks,
    }


def asked(task: Task) -> dict[str, Any]:
    """Return the attributes that a task asks for; None means that there is to be none."""
    options = task.options
    given = {option: options[option] for option in _PLAIN if option in options}
    if options.get("mode") == "global":
        given["replicas"] = "global"
    if "data" in options:
        given["data"] = base64.b64encode(options["data"].encode()).decode()
    if "env" in options:
        given["env"] = sorted(f"{key}={value}" for key, value in options["env"].items())
    given.update({option: sorted(_names(options[option])) for option in _LISTS if option in options})
    return given | _labels(options)


_PLAIN = ("internal", "attachable", "availability", "image", "replicas")
_LISTS = ("networks", "configs")


def _labels(options: dict[str, Any]) -> dict[str, Any]:
    labels = options.get("labels")
    if labels is None:
        return {}
    named = LABELS if options["labels_state"] == "replace" else labels
    return {f"label {key}": labels.get(key) for key in named}


def _names(items: list[Any]) -> list[str]:
    return [item["config_name"] if isinstance(item, dict) else item for item in items]


def users(state: Any, kind: str, name: str) -> list[str]:
    """Return the services that use an object."""
    return [
        service for (what, service), item in state.items() if what == "service" and name in item.get(f"{kind}s", ())
    ]


def is_excused(state: Any, task: Task) -> bool:
    """Whether a task may be refused, or fail, because of what is there."""
    kind, name, options = task.kind, task.name, task.options
    live, used = state.get((kind, name)), users(state, kind, name)
    if options.get("state") == "absent":
        return bool(used) or kind == "network"  # tasks that are ending hold a network for a while
    if kind == "service":
        nodes = [item["availability"] for (what, _name), item in state.items() if what == "node"]
        return "active" not in nodes or any(
            (one, item) not in state for one in ("network", "config") for item in _names(options.get(f"{one}s", ()))
        )
    differing = live is not None and any(live.get(key) != value for key, value in asked(task).items())
    if kind == "config":
        return differing and bool(used)
    if kind == "network":
        return differing and not options["recreate"]
    return False
