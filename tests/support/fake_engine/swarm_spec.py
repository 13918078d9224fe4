# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swarm's spec: how a request becomes what is stored, and what is stored becomes an answer."""

from __future__ import annotations

import copy
from typing import Any

from .errors import ApiError, rpc

SPEC_SHAPE = {
    "Name": "string",
    "Labels": ("map", "string"),
    "Orchestration": {"TaskHistoryRetentionLimit": ("pointer", "int64")},
    "Raft": {
        "SnapshotInterval": "uint64",
        "KeepOldSnapshots": ("pointer", "uint64"),
        "LogEntriesForSlowFollowers": "uint64",
        "ElectionTick": "int",
        "HeartbeatTick": "int",
    },
    "Dispatcher": {"HeartbeatPeriod": "int64"},
    "CAConfig": {
        "NodeCertExpiry": "int64",
        "ExternalCAs": [
            {"Protocol": "string", "URL": "string", "Options": ("map", "string"), "CACert": "string"},
        ],
        "SigningCACert": "string",
        "SigningCAKey": "string",
        "ForceRotate": "uint64",
    },
    "EncryptionConfig": {"AutoLockManagers": "bool"},
}

# What a new swarm starts from; durations in nanoseconds.
DEFAULTS: dict[str, Any] = {
    "Name": "default",
    "Labels": {},
    "Orchestration": {"TaskHistoryRetentionLimit": 5},
    "Raft": {
        "SnapshotInterval": 10000,
        "KeepOldSnapshots": 0,
        "LogEntriesForSlowFollowers": 500,
        "ElectionTick": 10,
        "HeartbeatTick": 1,
    },
    "Dispatcher": {"HeartbeatPeriod": 5_000_000_000},
    "CAConfig": {
        "NodeCertExpiry": 7_776_000_000_000_000,
        "ExternalCAs": [],
        "SigningCACert": "",
        "SigningCAKey": "",
        "ForceRotate": 0,
    },
    "EncryptionConfig": {"AutoLockManagers": False},
}

_HOUR = 3_600_000_000_000
# Stored whatever was sent: they have no "not given".
_TAKEN_ALWAYS = (("CAConfig", "ForceRotate"), ("EncryptionConfig", "AutoLockManagers"))
# Pointers: null keeps what was there, zero is a value.
_POINTERS = (("Orchestration", "TaskHistoryRetentionLimit"), ("Raft", "KeepOldSnapshots"))


def empty() -> dict[str, Any]:
    """What an update starts from: nothing of the old spec survives what the request leaves out."""
    return {
        "Name": "",
        "Labels": {},
        "Orchestration": {"TaskHistoryRetentionLimit": 0},
        "Raft": dict.fromkeys(DEFAULTS["Raft"], 0),
        "Dispatcher": {"HeartbeatPeriod": 0},
        "CAConfig": {
            "NodeCertExpiry": 0,
            "ExternalCAs": [],
            "SigningCACert": "",
            "SigningCAKey": "",
            "ForceRotate": 0,
        },
        "EncryptionConfig": {"AutoLockManagers": False},
    }


def merged(request: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """The request laid over a base: zero and null keep the base's value, except where Go has no "not given"."""
    spec = copy.deepcopy(base)
    spec["Name"] = request["Name"] or spec["Name"]
    spec["Labels"] = request["Labels"] or spec["Labels"]
    for block in ("Orchestration", "Raft", "Dispatcher", "CAConfig", "EncryptionConfig"):
        for key, value in request[block].items():
            if key != "ExternalCAs" and _is_taken(block, key, value):
                spec[block][key] = value
    for tick in ("ElectionTick", "HeartbeatTick"):
        spec["Raft"][tick] %= 2**32  # an int in the request, a uint32 in the store
    spec["CAConfig"]["ExternalCAs"] += [_external_ca(item) for item in request["CAConfig"]["ExternalCAs"] or []]
    return spec


def _is_taken(block: str, key: str, value: Any) -> bool:
    if (block, key) in _TAKEN_ALWAYS:
        return True
    return value is not None if (block, key) in _POINTERS else bool(value)


def _external_ca(item: dict[str, Any]) -> dict[str, Any]:
    if item["Protocol"].upper() != "CFSSL":
        raise ApiError(400, f'invalid protocol: "{item["Protocol"]}"')
    stored = {"Protocol": "cfssl", "URL": item["URL"], "CACert": item["CACert"]}
    if item["Options"]:
        stored["Options"] = item["Options"]
    return stored


def validate(spec: dict[str, Any]) -> None:
    """The manager's own checks, after the conversion."""
    if 0 != spec["CAConfig"]["NodeCertExpiry"] < _HOUR:
        raise rpc("InvalidArgument", "minimum certificate expiry time is: 1h0m0s")
    if spec["Dispatcher"]["HeartbeatPeriod"] < 0:
        raise rpc("InvalidArgument", "heartbeat time period cannot be a negative duration")


def require_name(request: dict[str, Any]) -> None:
    """A swarm is called default; an empty name becomes it."""
    if request["Name"] not in ("", "default"):
        raise ApiError(400, 'swarm spec must be named "default"')
    request["Name"] = "default"


def shown(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec as an answer: zero values vanish where Go omits them, signing material is never returned."""
    authority = spec["CAConfig"]
    return {
        "Name": spec["Name"],
        "Labels": spec["Labels"],
        "Orchestration": spec["Orchestration"],
        "Raft": _without_zeros(spec["Raft"], keep=("KeepOldSnapshots", "ElectionTick", "HeartbeatTick")),
        "Dispatcher": _without_zeros(spec["Dispatcher"]),
        "CAConfig": _without_zeros({key: authority[key] for key in ("NodeCertExpiry", "ExternalCAs", "ForceRotate")}),
        "TaskDefaults": {},
        "EncryptionConfig": spec["EncryptionConfig"],
    }


def _without_zeros(block: dict[str, Any], keep: tuple[str, ...] = ()) -> dict[str, Any]:
    return {key: value for key, value in block.items() if value or key in keep}
