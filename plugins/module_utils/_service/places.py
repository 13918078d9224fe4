# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Places in a ServiceSpec (moby, api/types/swarm/service.go): paths, and places that are not one chain of keys.

Each has ``get`` and ``put`` as ``Path`` has. ``with_names`` gives a document the names of what it refers to by ID.
"""

from __future__ import annotations

import typing as t

from .._core.codecs import Codec
from .._core.paths import MISSING, Document, Path, Values, at

NETWORKS = at("TaskTemplate", "Networks")
CREDENTIAL_CONFIG = at("TaskTemplate", "ContainerSpec", "Privileges", "CredentialSpec", "Config")
CONTAINER = at("TaskTemplate", "ContainerSpec")
CONFIGS = at("TaskTemplate", "ContainerSpec", "Configs")
IMAGE = at("TaskTemplate", "ContainerSpec", "Image")
PLATFORMS = at("TaskTemplate", "Placement", "Platforms")
FORCE_UPDATE = at("TaskTemplate", "ForceUpdate")
PORTS = at("EndpointSpec", "Ports")
# Of secrets and configs: the kind, and how the keys of a reference begin.
PREFIXES = (("secret", "Secret"), ("config", "Config"))


def with_names(spec: Document, name_of: t.Callable[[str], str] | None) -> Document:
    """A document with the names of networks, where ``name_of`` tells them, and of a credential spec's config."""
    attached = NETWORKS.get(spec)
    if name_of and attached and attached is not MISSING:
        spec = NETWORKS.put(spec, [{**item, "Target": name_of(item["Target"])} for item in attached])
    config = CREDENTIAL_CONFIG.get(spec)
    if config and config is not MISSING:
        for item in configs_of(spec):
            if item.get("ConfigID") == config:
                spec = CREDENTIAL_CONFIG.put(spec, item["ConfigName"])
    return spec


def configs_of(spec: Document) -> list[Document]:
    found = CONFIGS.get(spec)
    return found if isinstance(found, list) else []


MODES = {
    "replicated": "Replicated",
    "global": "Global",
    "replicated-job": "ReplicatedJob",
    "global-job": "GlobalJob",
}
_NAMES = {key: name for name, key in MODES.items()}
# What the docker CLI starts from; the engine's own defaults are the same.
_NEW: dict[str, Document] = {
    "replicated": {"Replicas": 1},
    "replicated-job": {"MaxConcurrent": 1, "TotalCompletions": 1},
}


def _decode_mode(mode: Document) -> str:
    return next((_NAMES[key] for key in mode if key in _NAMES), "replicated")


MODE_KIND = Codec(lambda name: {MODES[name]: dict(_NEW.get(name, {}))}, _decode_mode)


class ModePath(t.NamedTuple):
    """A number inside of Mode, whose key depends on the kind of mode; a mode that has no such number has no place."""

    keys_by_mode: t.Mapping[str, str]

    def get(self, document: object) -> t.Any:
        path = self._path(document)
        return path.get(document) if path else MISSING

    def put(self, document: Document | None, value: object) -> Document:
        path = self._path(document)
        return path.put(document, value) if path else dict(document or {})

    def _path(self, document: object) -> Path | None:
        mode = at("Mode").get(document)
        kind = _decode_mode(mode) if isinstance(mode, dict) else "replicated"
        key = self.keys_by_mode.get(kind)
        return at("Mode", MODES[kind], key) if key else None


def with_counts(spec: Document) -> Document:
    """A new service with the counts that the engine gives it where the spec has none."""
    mode = at("Mode").get(spec)
    return {
        **spec,
        "Mode": {key: {**_NEW.get(_NAMES.get(key, ""), {}), **(given or {})} for key, given in mode.items()},
    }


# Engines dereference it wherever a task differs from its service in this alone, and their managers then crash at every
# start (swarmkit, manager/orchestrator/task.go, nodeMatches; moby#37883; seen on 20.10 and 28.5). Their own clients
# always send it. To tasks an empty one and none are the same: neither restarts them.
PLACEMENT = at("TaskTemplate", "Placement")


def with_placement(spec: Document) -> Document:
    return spec if isinstance(PLACEMENT.get(spec), dict) else PLACEMENT.put(spec, {})


def lacks_placement(spec: Document, than: Document) -> bool:
    """Whether a service crashes its managers when it goes from ``than`` to this spec. Jobs replace all their tasks."""
    jobs = {"ReplicatedJob", "GlobalJob"} & set(at("Mode").get(than) or {})
    return not jobs and isinstance(PLACEMENT.get(than), dict) and not isinstance(PLACEMENT.get(spec), dict)


REPLICAS = ModePath({"replicated": "Replicas", "replicated-job": "TotalCompletions"})
MAX_CONCURRENT = ModePath({"replicated-job": "MaxConcurrent"})


class _FileConfigs(t.NamedTuple):
    """The configs that are files; those that a credential spec refers to stand in the same list (``Runtime``)."""

    whole: Path = CONFIGS

    def get(self, document: object) -> t.Any:
        found = self.whole.get(document)
        return [item for item in found if "Runtime" not in item] if isinstance(found, list) else found

    def put(self, document: Document | None, value: object) -> Document:
        found = self.whole.get(document)
        others = [item for item in found if "Runtime" in item] if isinstance(found, list) else []
        return self.whole.put(document, [*(value if isinstance(value, list) else []), *others] or MISSING)


FILE_CONFIGS = _FileConfigs()


def image_of(spec: Document | None) -> str | None:
    image = IMAGE.get(spec or {})
    return None if image is MISSING else image or None


def shown(spec: Document) -> Values:
    """The few options that tell services apart, as the schema would show them, which not every run loads."""
    mode, replicas = at("Mode").get(spec), REPLICAS.get(spec)
    return {
        "image": image_of(spec),
        "mode": _decode_mode(mode) if isinstance(mode, dict) else "replicated",
        "replicas": None if replicas is MISSING else replicas,
    }
