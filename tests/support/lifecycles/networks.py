# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of a network: set, changed and cleared, each first in check mode.

As the engine has no update of networks, a change is first refused, and then made by replacing the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..harness import Runner
from ..steps import Step
from .audit import NEW_OPTION, check_diff, moved

NAME = "options"
CONFIG = "options-config"
MODULE = "swarm_network"
IMAGE = "lab/busybox:1"
_KNOWN_AFTER = "(known after apply)"
_VXLAN = "com.docker.network.driver.overlay.vxlanid_list"


class Row(NamedTuple):
    """An option's values.

    :param second: None where there are only two values.
    :param clear: what brings back the engine's default; None where there is none.
    :param kept: what clears the option changes nothing, since the engine may have chosen what is there.
    """

    option: str
    first: Any
    second: Any
    clear: Any
    base: dict[str, Any] = {}  # noqa: RUF012 - a NamedTuple's default, never changed
    title: str = ""
    kept: bool = False

    def __str__(self) -> str:
        return self.title or self.option


def _pool(subnet: str = "10.77.0.0/24", **more: Any) -> dict[str, Any]:
    return {"subnet": subnet, **more}


_CONFIG_ONLY = {"config_only": True}
OPTIONS = [
    Row("driver_options", {"com.docker.network.driver.mtu": "1400"}, {"a": "b", "c": ""}, {}),
    Row("driver_options", {"encrypted": ""}, None, None, title="encrypted among the driver's options"),
    Row("driver_options", {_VXLAN: "6001"}, {_VXLAN: "6002"}, None, title="a VXLAN of its own"),
    Row("encrypted", True, None, False, base={"driver_options": {"com.docker.network.driver.mtu": "1400"}}),
    Row("attachable", True, None, False),
    Row("internal", True, None, False),
    Row("ipam_driver_options", {"a": "b"}, {"a": "c", "d": ""}, {}),
    Row("ipam_config", [_pool()], [_pool("10.78.0.0/23")], [], kept=True),
    Row("ipam_config", [_pool(gateway="10.77.0.7")], [_pool(gateway="10.77.0.9")], None, title="ipam_config.gateway"),
    Row("ipam_config", [_pool(iprange="10.77.0.128/25")], [_pool()], None, title="ipam_config.iprange"),
    Row("ipam_config", [_pool("10.77.0.0/25"), _pool("10.78.0.0/25")], [_pool("10.78.0.0/25")], [], title="two subnets", kept=True),
    Row("labels", {"a": "1", "b.c": ""}, {"a": "2", "d": "x=y"}, {}),
    Row("driver_options", {"parent": "eth0"}, {"parent": "eth1"}, {}, _CONFIG_ONLY, "config_only: driver_options"),
    Row("labels", {"a": "1"}, {"b": "1"}, {}, _CONFIG_ONLY, "config_only: labels"),
    Row(
        "ipam_config",
        [_pool(aux_addresses={"h": "10.77.0.5"})],
        [_pool(aux_addresses={"h": "10.77.0.6"}, gateway="10.77.0.1")],
        None,
        _CONFIG_ONLY,
        "config_only: ipam_config",
    ),
    Row("attachable", True, None, False, {"driver": "macvlan", "config_from": CONFIG}, "of nodes: attachable"),
    Row("internal", True, None, False, {"driver": "bridge", "labels": {"a": "1"}}, "of nodes: internal"),
]  # fmt: skip


def steps(row: Row) -> Iterator[Step]:
    """The network comes with the option, gets another value, gets none, and goes."""
    base = {"name": NAME, **row.base}
    yield Step(MODULE, {**base, row.option: row.first}, name="create")
    yield Step(MODULE, {"name": NAME}, changed=False, name="the name alone")
    yield Step(MODULE, {**base}, changed=False, name="without the option")
    for value in (row.second, row.clear):
        if value is None:
            continue
        task = {"name": NAME, row.option: value}
        if row.kept and value == row.clear:
            yield Step(MODULE, task, changed=False)
            continue
        yield Step(MODULE, task, failure={"kind": "refused", "options": [row.option]})
        yield Step(MODULE, {**task, "recreate": True}, diff={row.option})
    yield Step(MODULE, {"name": NAME, "state": "absent"}, name="remove")


def make_config(host: Any) -> None:
    """A config-only network, for those that name one."""
    host.do("POST", "/networks/create", {"Name": CONFIG, "ConfigOnly": True})


# -- the judges -------------------------------------------------------------------------------------------------------

PLACES = {
    "driver": ("Driver",),
    "driver_options": ("Options",),
    "encrypted": ("Options.encrypted",),
    "attachable": ("Attachable",),
    "internal": ("Internal",),
    "ingress": ("Ingress",),
    "scope": ("Scope",),
    "config_only": ("ConfigOnly",),
    "config_from": ("ConfigFrom",),
    "ipam_driver": ("IPAM.Driver",),
    "ipam_driver_options": ("IPAM.Options",),
    "ipam_config": ("IPAM.Config",),
    "enable_ipv6": ("EnableIPv6",),
    "labels": ("Labels",),
}


def document(host: Any, name: str) -> dict[str, Any]:
    """What users can have said of a network; empty where there is none."""
    network = next((item for item in host.do("GET", "/networks") if item["Name"] == name), {})
    kept = {key: value for key, value in network.items() if key not in ("Id", "Created", "Containers", "Peers")}
    options = {key: value for key, value in (kept.get("Options") or {}).items() if key != _VXLAN}
    return {**kept, "Options": options, "Labels": kept.get("Labels") or {}}


def audited(host: Any, run: Runner) -> Runner:
    """Hold the diff of each change against the engine's documents, and each object against what was foretold."""
    foretold: list[dict[str, Any]] = []

    def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
        before = document(host, args["name"])
        result = run(module, args, check=check, diff=diff)
        if result["failed"]:
            return result
        if check:
            foretold[:] = [result["network"]]
            return result
        after = document(host, args["name"])
        if "Name" in before and "Name" in after and _VXLAN not in (args.get("driver_options") or {}):
            check_diff(result["diff"], moved(before, after), PLACES)
        came = result["network"]
        assert same(foretold[0], came), f"foretold {foretold[0]}, came {came}. {NEW_OPTION}"
        return result

    return run_there


def same(foretold: Any, came: Any) -> bool:
    """Equal, but for what only the engine can know."""
    if foretold == _KNOWN_AFTER:
        return bool(came)
    if isinstance(foretold, dict) and isinstance(came, dict):
        return set(foretold) == set(came) and all(same(foretold[key], came[key]) for key in foretold)
    if isinstance(foretold, list) and isinstance(came, list):
        return len(foretold) == len(came) and all(map(same, foretold, came))
    return bool(foretold == came)


class NetworkWorld:
    """Networks by ID and services by version of a real engine: what no run without changes may move."""

    def __init__(self, host: Any):
        self._host = host

    def token(self) -> tuple[Any, Any]:
        listed = self._host.do("GET", "/networks")  # bridges of the engine itself come and go
        networks = sorted(item["Id"] for item in listed if item["Scope"] == "swarm" or item["ConfigOnly"])
        services = {item["ID"]: item["Version"] for item in self._host.do("GET", "/services")}
        return [networks, services], None


# -- services that use a network --------------------------------------------------------------------------------------

# The network in different places, with all that an attachment can have.
ATTACHED: dict[str, list[dict[str, Any]]] = {
    "front": [{"Target": "other"}, {"Target": NAME, "Aliases": ["www", "shop"], "DriverOpts": {"a": "b"}}],
    "back": [{"Target": NAME}, {"Target": "other", "Aliases": ["db"]}],
}


def service_spec(name: str, **blocks: Any) -> dict[str, Any]:
    """A service that stops at once, with an update policy that would take its time."""
    container = {"Image": IMAGE, "Command": ["sleep", "1000"], "StopSignal": "SIGKILL", "Env": ["A=1"]}
    return {
        "Name": name,
        "Labels": {"a": "b"},
        "TaskTemplate": {"ContainerSpec": container, "Networks": ATTACHED[name]},
        "Mode": {"Replicated": {"Replicas": 1}},
        "UpdateConfig": {"Parallelism": 1, "FailureAction": "rollback", "Monitor": 500_000_000},
        **blocks,
    }


def make_attached(host: Any) -> None:
    """The network and two services that use it, beside another network."""
    for name in (NAME, "other"):
        host.do("POST", "/networks/create", {"Name": name, "Driver": "overlay", "Attachable": True})
    for name in ATTACHED:
        host.do("POST", "/services/create", service_spec(name))


def specs(host: Any) -> dict[str, Any]:
    """The services' specs, with the network by name."""
    ids = {item["Id"]: item["Name"] for item in host.do("GET", "/networks")}
    found = {}
    for service in host.do("GET", "/services"):
        spec = service["Spec"]
        for item in spec["TaskTemplate"].get("Networks", []):
            item["Target"] = ids.get(item["Target"], "gone")
        found[spec["Name"]] = spec
    return found
