# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of a cluster volume: given when it is made, kept, refused another value, each first in check mode.

No engine of the tests has a CSI plugin, so nothing here waits for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..harness import Runner
from ..steps import Step
from .audit import NEW_OPTION

NAME = "options"
SECRET = "options-secret"
MODULE = "swarm_volume"
_DRIVER = {"driver": "csi:latest"}
_GIB = 1 << 30
_KNOWN_AFTER = "(known after apply)"


class Row(NamedTuple):
    """An option's values.

    :param place: where the first value stands in the engine's document, and how.
    :param second: what is refused then.
    :param same: the first value in other words.
    :param clear: what asks for the engine's default, and is refused too.
    """

    option: str
    first: Any
    place: tuple[str, Any]
    second: Any
    same: Any = None
    clear: Any = None
    title: str = ""

    def __str__(self) -> str:
        return self.title or self.option


def _mode(**mode: Any) -> dict[str, Any]:
    return mode


_SPEC = "ClusterVolume.Spec"
OPTIONS = [
    Row("driver", "example/csi", ("Driver", "example/csi:latest"), "csi", "example/csi:latest"),
    Row("driver", "r:5000/csi:v2", ("Driver", "r:5000/csi:v2"), "r:5000/csi", title="driver with a tag"),
    Row("driver_options", {"a": "b", "c": 1}, ("Options", {"a": "b", "c": "1"}), {"a": "b"}, clear={}),
    Row("group", "g", (f"{_SPEC}.Group", "g"), "h", clear=""),
    Row(
        "access_mode",
        _mode(scope="multi", sharing="all"),
        (f"{_SPEC}.AccessMode", {"Scope": "multi", "Sharing": "all", "MountVolume": {}}),
        _mode(sharing="readonly"),
        _mode(scope="multi"),
    ),
    Row(
        "access_mode",
        _mode(sharing="onewriter"),
        (f"{_SPEC}.AccessMode.Sharing", "onewriter"),
        _mode(scope="multi"),
        clear={},
        title="one sub-option",
    ),
    Row(
        "access_mode",
        _mode(mount_volume={"fs_type": "xfs", "mount_flags": ["ro", "noatime"]}),
        (f"{_SPEC}.AccessMode.MountVolume", {"FsType": "xfs", "MountFlags": ["ro", "noatime"]}),
        _mode(mount_volume={"mount_flags": ["ro"]}),
        _mode(mount_volume={"fs_type": "xfs"}),
        _mode(block_volume=True),
        title="files",
    ),
    Row(
        "access_mode",
        _mode(block_volume=True),
        (f"{_SPEC}.AccessMode", {"Scope": "single", "Sharing": "none", "BlockVolume": {}}),
        _mode(mount_volume={}),
        clear=_mode(block_volume=False),
        title="a block device",
    ),
    Row(
        "capacity_range",
        {"required_bytes": "1G", "limit_bytes": "1.5G"},
        (f"{_SPEC}.CapacityRange", {"RequiredBytes": _GIB, "LimitBytes": 3 * _GIB // 2}),
        {"limit_bytes": "2G"},
        {"required_bytes": "1024M"},
        {},
    ),
    Row(
        "capacity_range",
        {"required_bytes": "5"},
        (f"{_SPEC}.CapacityRange", {"RequiredBytes": 5, "LimitBytes": 0}),
        {"limit_bytes": "7"},
        {"required_bytes": "5", "limit_bytes": "0"},
        title="no limit",
    ),
    Row(
        "accessibility_requirements",
        {"requisite": [{"zone": "a"}, {"zone": "b", "rack": 1}], "preferred": [{"zone": "b"}]},
        (
            f"{_SPEC}.AccessibilityRequirements",
            {
                "Requisite": [{"Segments": {"zone": "a"}}, {"Segments": {"zone": "b", "rack": "1"}}],
                "Preferred": [{"Segments": {"zone": "b"}}],
            },
        ),
        {"preferred": [{"zone": "a"}]},
        {"requisite": [{"zone": "b", "rack": "1"}, {"zone": "a"}]},
        {"requisite": []},
    ),
    Row("labels", {"a": "1", "b.c": ""}, ("Labels", {"a": "1", "b.c": ""}), {"a": "2"}, clear={}),
]
BASE = {"name": NAME, **_DRIVER, "wait": False}


def steps(row: Row) -> Iterator[Step]:
    """The volume comes with the option, keeps it, is refused another value, and goes."""
    made = {**BASE, row.option: row.first}
    named = {"driver", row.option}
    yield Step(MODULE, made, diff=named, name="create")
    task = {"name": NAME, "wait": False}
    yield Step(MODULE, task, changed=False, name="the name alone")
    if row.same is not None:
        yield Step(MODULE, {**task, row.option: row.same}, changed=False, name="the same in other words")
    for value in (row.second, row.clear):
        if value is not None:
            yield Step(MODULE, {**task, row.option: value}, failure={"kind": "refused", "options": [row.option]})
    yield Step(MODULE, {**task, "state": "absent", "force": True}, diff=named, name="remove")


def availabilities() -> Iterator[Step]:
    """The one thing that changes. What else the engine knows of the volume stays."""
    task = {"name": NAME, "wait": False}
    made = {**BASE, "availability": "pause", "group": "g", "secrets": {"k": SECRET}}
    yield Step(MODULE, made, diff={"driver", "availability", "group", "secrets"}, name="create")
    for value in ("drain", "active"):
        yield Step(MODULE, {**task, "availability": value, "secrets": {"k": SECRET}}, diff={"availability"})
    fixed = {"kind": "refused", "options": ["secrets"], "before": {"secrets": {"k": SECRET}}, "after": {}}
    yield Step(MODULE, {**task, "secrets": {}}, failure=fixed)
    yield Step(MODULE, {**task, "state": "absent", "force": True}, name="remove")
    yield Step(MODULE, {**task, "state": "absent"}, changed=False, name="remove again")


def make_secret(host: Any) -> None:
    """What a plugin may be given."""
    host.do("POST", "/secrets/create", {"Name": SECRET, "Data": "eA=="})


# -- the judges -------------------------------------------------------------------------------------------------------


def cluster_volumes(host: Any) -> dict[str, dict[str, Any]]:
    """Name -> document, without the engine's own volumes."""
    listed = host.do("GET", "/volumes")["Volumes"]
    return {item["Name"]: item for item in listed if "ClusterVolume" in item}


def at(document: dict[str, Any], place: str) -> Any:
    """The value at a path of keys."""
    found: Any = document
    for key in place.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def judged(host: Any, run: Runner, place: str, value: Any) -> Runner:
    """Hold what the engine has against what was meant, and the result against what was foretold."""
    foretold: list[dict[str, Any]] = []

    def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
        result = run(module, args, check=check, diff=diff)
        if result["failed"]:
            return result
        if check:
            foretold[:] = [result["volume"]]
            return result
        known = {key: value for key, value in foretold[0].items() if value != _KNOWN_AFTER}
        came = result["volume"]
        assert {**came, **known} == came, f"foretold {known}, came {came}. {NEW_OPTION}"
        if args.get("state") != "absent":
            assert at(cluster_volumes(host)[NAME], place) == value
        return result

    return run_there


class VolumeWorld:
    """Cluster volumes of a real engine: what no run without changes may move."""

    def __init__(self, host: Any):
        self._host = host

    def token(self) -> tuple[Any, Any]:
        volumes = cluster_volumes(self._host)
        return {name: item["ClusterVolume"]["Version"] for name, item in volumes.items()}, None
