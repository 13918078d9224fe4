# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a cluster volume and their places in the request that makes one (moby, api/types/volume).

The engine answers in another form: ``as_request`` has it in that of the request. Only the availability can change
afterwards: whatever else an update names, the manager drops without a word (measured on 28.5).
"""

from __future__ import annotations

import typing as t

from .._core import validators as checks
from .._core.schema import DictField, Field, MergeStrategy, ObjectField, Schema, replace
from .._core.values import (
    MISSING,
    Codec,
    Document,
    Missing,
    Path,
    Values,
    at,
    format_size,
    is_of_a_stack,
    parse_size,
    string_map,
)
from .._service.codecs import LIST, STRINGS

SINCE = "1.42"
ACTIVE, PAUSE, DRAIN = "active", "pause", "drain"
SINGLE, MULTI = "single", "multi"
NO_SHARING = "none"
AVAILABILITY = "availability"


def with_tag(driver: str) -> str:
    """The name of a plugin with its tag, as nodes know it.

    The engine finds a plugin without it too and has it make the volume. But it knows by the whole name alone on which
    nodes the plugin is, and never publishes such a volume to one ("CSI node ID not found", seen with 28.5).
    """
    return driver if not driver or ":" in driver.rpartition("/")[2] or "@" in driver else f"{driver}:latest"


def _same_set(live: list[Values], wanted: list[Values], params: Values) -> list[Values]:
    """Of what is required, the order says nothing."""
    meant = [string_map(item) for item in wanted]
    return live if len(live) == len(meant) and all(item in live for item in meant) else wanted


def _encode_topologies(items: list[Values]) -> list[Document] | Missing:
    return [{"Segments": string_map(item)} for item in items] or MISSING


def _encode_secrets(names: Values) -> list[Document]:
    return [{"Key": key, "Secret": name} for key, name in string_map(names).items()]


_TEXT = Codec(lambda text: text or MISSING)
# The engine takes the presence of an empty object for yes.
_PRESENCE = Codec(lambda flag: {} if flag else MISSING, lambda value: True)
_TOPOLOGIES = Codec(_encode_topologies, lambda items: [dict(item.get("Segments") or {}) for item in items])
_SECRETS = Codec(_encode_secrets, lambda items: {item["Key"]: item["Secret"] for item in items})
_SIZE = Codec(parse_size, format_size)


def _cluster(*keys: str) -> Path:
    return at("ClusterVolumeSpec", *keys)


def _size(option: str, key: str) -> Field:
    return Field(option, at(key), codec=_SIZE, default="0")


def _topologies(option: str, key: str, merge_strategy: MergeStrategy = replace) -> Field:
    return Field(
        option,
        at(key),
        type="list",
        codec=_TOPOLOGIES,
        default=[],
        spec={"elements": "dict"},
        merge_strategy=merge_strategy,
    )


def _choice(option: str, path: Path, *choices: str) -> Field:
    return Field(option, path, default=choices[0], spec={"choices": list(choices)})


_MOUNT = Schema(
    Field("fs_type", at("FsType"), codec=_TEXT, default="", check=checks.one_word),
    Field("mount_flags", at("MountFlags"), type="list", codec=LIST, default=[], spec={"elements": "str"}),
)
_ACCESS_MODE = Schema(
    _choice("scope", at("Scope"), SINGLE, MULTI),
    _choice("sharing", at("Sharing"), NO_SHARING, "readonly", "onewriter", "all"),
    ObjectField("mount_volume", at("MountVolume"), _MOUNT),
    Field("block_volume", at("BlockVolume"), type="bool", codec=_PRESENCE, default=False),
)
VOLUME = Schema(
    Field("driver", at("Driver"), codec=Codec(with_tag, with_tag), default="", check=checks.driver),
    DictField("driver_options", at("DriverOpts"), STRINGS),
    Field("group", _cluster("Group"), codec=_TEXT, default=""),
    ObjectField("access_mode", _cluster("AccessMode"), _ACCESS_MODE),
    ObjectField(
        "capacity_range",
        _cluster("CapacityRange"),
        Schema(_size("required_bytes", "RequiredBytes"), _size("limit_bytes", "LimitBytes")),
    ),
    ObjectField(
        "accessibility_requirements",
        _cluster("AccessibilityRequirements"),
        Schema(_topologies("requisite", "Requisite", merge_strategy=_same_set), _topologies("preferred", "Preferred")),
    ),
    DictField("secrets", _cluster("Secrets"), _SECRETS),
    _choice(AVAILABILITY, _cluster("Availability"), ACTIVE, PAUSE, DRAIN),
    DictField(
        "labels",
        at("Labels"),
        STRINGS,
        merged=lambda params: params.get("labels_state") == "merge",
        kept=is_of_a_stack,
    ),
)


def as_request(volume: Document, secret_names: t.Mapping[str, str]) -> Document:
    """A volume as the request would be that made it, with secrets by name; one that is gone keeps its ID.

    :param secret_names: ID to name.
    """
    spec: Document = dict(volume["ClusterVolume"]["Spec"])
    if spec.get("Secrets"):
        spec["Secrets"] = [
            {**item, "Secret": secret_names.get(item["Secret"], item["Secret"])} for item in spec["Secrets"]
        ]
    return {
        "Name": volume["Name"],
        "Driver": volume["Driver"],
        "DriverOpts": volume.get("Options") or {},
        "Labels": volume.get("Labels") or {},
        "ClusterVolumeSpec": spec,
    }


def volume_id(volume: Document) -> str:
    """What the plugin calls it; empty as long as it has not made it."""
    return (volume["ClusterVolume"].get("Info") or {}).get("VolumeID", "")


def published(volume: Document) -> list[Document]:
    """``NodeID`` and ``State`` of each node that has it, or is about to get or lose it."""
    return volume["ClusterVolume"].get("PublishStatus") or []
