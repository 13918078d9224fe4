# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of cluster volumes, of which engines before 23.0 know nothing. Every script begins with a manager that
has no volumes; none has a CSI plugin, so that no volume is ever really made, and none goes away but by force."""

from __future__ import annotations

from .dialogue import Ask
from .dialogues import filtered

_INVALID = "rpc error: code = InvalidArgument desc = "
_TAKEN = "rpc error: code = Unknown desc = name conflicts with an existing object"
_FILES = {"MountVolume": {}}


def make(name="v", status=201, message="", spec=(), **more):
    """A volume is made, or not; of files, unless there is another mode."""
    cluster = {"AccessMode": more.pop("mode", _FILES), **dict(spec)}
    body = {"Name": name, "Driver": "csi:latest", "ClusterVolumeSpec": cluster, **more}
    return Ask("POST", "/volumes/create", status, message, body)


def gone(name="v", status=204, message=""):
    """A volume is forgotten."""
    return Ask("DELETE", f"/volumes/{name}?force=1", status, message)


def _cluster(facts, name="v"):
    return facts.get(f"/volumes/{name}")["ClusterVolume"]


def change(body, status=200, message="", name="v"):
    """The availability is changed, or not."""

    def path(facts):
        cluster = _cluster(facts, name)
        return f"/volumes/{cluster['ID']}?version={cluster['Version']['Index']}"

    return Ask("PUT", path, status, message, body)


def _with_secret(facts):
    spec = {"AccessMode": _FILES, "Secrets": [{"Key": "k", "Secret": facts.object("/secrets/s")}]}
    return {"Name": "v", "Driver": "csi", "ClusterVolumeSpec": spec}


_SEEN = Ask("GET", "/volumes/v")
VOLUMES = {
    "plain": [make(), _SEEN, Ask("GET", "/volumes"), gone(), Ask("GET", "/volumes/v", 404, "volume v not found")],
    "whole": [
        make(
            mode={
                "Scope": "multi",
                "Sharing": "all",
                "MountVolume": {"FsType": "xfs", "MountFlags": ["ro", "noatime"]},
            },
            spec={
                "Group": "g",
                "CapacityRange": {"RequiredBytes": 1 << 30},
                "AccessibilityRequirements": {
                    "Requisite": [{"Segments": {"zone": "a", "rack": "1"}}, {}],
                    "Preferred": [{"Segments": {"zone": "a"}}],
                },
                "Availability": "pause",
            },
            Labels={"a": "b"},
            DriverOpts={"x": "y"},
        ),
        _SEEN,
        gone(),
    ],
    "a block device": [make(mode={"BlockVolume": {}}, Labels={}, DriverOpts={}), _SEEN, gone()],
    "empty objects": [
        make(mode={"MountVolume": {"FsType": "", "MountFlags": []}}, spec={"CapacityRange": {}, "Secrets": []}),
        gone(),
        make(spec={"AccessibilityRequirements": {"Requisite": [], "Preferred": []}}),
        gone(),
    ],
    "taken for something else": [
        make(mode={"Scope": "all", "Sharing": "some", "MountVolume": {}, "BlockVolume": {}}),
        gone(),
        make("a/b", spec={"Availability": "bogus", "CapacityRange": {"RequiredBytes": -1}}),
        gone("a%2Fb"),
    ],
    "refused": [
        make("", 400, f"{_INVALID}meta: name must be provided"),
        make(status=400, message=f"{_INVALID}AccessMode must not be nil", mode=None),
        make(status=400, message=f"{_INVALID}Volume AccessMode must specify either Mount or Block", mode={}),
        make(status=400, message=f"{_INVALID}secret not found: s", spec={"Secrets": [{"Key": "k", "Secret": "s"}]}),
    ],
    "taken": [make(), make(status=500, message=_TAKEN), gone()],
    "secrets": [
        Ask("POST", "/secrets/create", 201, body={"Name": "s", "Data": "eA=="}),
        Ask("POST", "/volumes/create", 201, body=_with_secret),
        _SEEN,
        Ask("DELETE", "/secrets/s", 204),
        _SEEN,
        gone(),
    ],
    "availability": [
        make(),
        change({"Spec": {"Availability": "drain"}}),
        _SEEN,
        change({"Spec": {"Availability": ""}}),
        change({"Spec": {"Availability": "nonsense", "Group": "g", "AccessMode": {"BlockVolume": {}}}}),
        change({}),
        _SEEN,
        gone(),
    ],
    "changed wrongly": [
        make(),
        Ask("PUT", "/volumes/v?version=1", 404, "rpc error: code = NotFound desc = volume v not found", {"Spec": {}}),
        Ask(
            "PUT",
            lambda facts: f"/volumes/{_cluster(facts)['ID']}?version=1",
            500,
            "rpc error: code = Unknown desc = update out of sequence",
            {"Spec": {"Availability": "drain"}},
        ),
        Ask("PUT", lambda facts: f"/volumes/{_cluster(facts)['ID']}", 400, "invalid swarm object version ''", {}),
        gone(),
    ],
    "found": [
        make(Labels={"a": "b"}),
        *(
            Ask("GET", filtered("/volumes", filters))
            for filters in (
                {"name": ["v"]},
                {"name": ["w"]},
                {"driver": ["x"]},
                {"label": ["c"]},
                {"dangling": ["true"]},
            )
        ),
        *(Ask("GET", filtered("/volumes", {name: ["x"]}), 400) for name in ("dangling", "group", "id", "scope")),
        Ask("GET", lambda facts: f"/volumes/{_cluster(facts)['ID']}"),
        Ask("GET", lambda facts: f"/volumes/{_cluster(facts)['ID'][:8]}"),
        gone(),
    ],
    "never removed": [
        make(),
        Ask("DELETE", "/volumes/v", 204),
        _SEEN,
        Ask("DELETE", "/volumes/v", 204),
        make(status=500, message=_TAKEN),
        gone(),
        gone(),
        Ask("DELETE", "/volumes/v", 404, "volume v not found"),
    ],
    "two of a name": [
        Ask("POST", "/volumes/create", 201, body={"Name": "vv"}),
        make("vv"),
        Ask("GET", "/volumes/vv", until=lambda answer: answer["Scope"] == "local"),
        Ask("DELETE", "/volumes/vv", 204),
        Ask("GET", "/volumes/vv", until=lambda answer: answer["Scope"] == "global"),
        gone("vv"),
    ],
}
# What engines say that manage no swarm.
OUTSIDERS = [
    Ask("GET", "/volumes"),
    make(status=503, message="This node is not a swarm manager."),
    Ask("PUT", "/volumes/v?version=3", 503, "volume update only valid for cluster volumes, but swarm is", {"Spec": {}}),
    Ask("GET", "/volumes/v", 404, "get v: no such volume"),
    Ask("DELETE", "/volumes/v", 404, "get v: no such volume"),
]
