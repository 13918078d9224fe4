# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/_ping, /version, /info."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import identity
from .errors import DEADLINE, NO_LEADER, TWO_MANAGERS, rpc_text

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .router import Call


def ping(_call: Call) -> str:
    """GET and HEAD /_ping."""
    return "OK"


def ping_headers(engine: FakeEngine) -> dict[str, str]:
    """What /_ping carries besides the common headers."""
    headers = {"Cache-Control": "no-cache, no-store, must-revalidate", "Pragma": "no-cache"}
    if engine.version.builder:
        headers["Builder-Version"] = engine.version.builder
    if engine.version.swarm_header:
        headers["Swarm"] = _swarm_header(engine)
    return headers


def _swarm_header(engine: FakeEngine) -> str:
    if engine.state != "active":
        return engine.state
    return "active/manager" if engine.membership and engine.membership.is_manager else "active/worker"


def version(call: Call) -> dict[str, Any]:
    """GET /version."""
    facts = call.engine.version
    details = {
        "ApiVersion": facts.api,
        "Arch": "amd64",
        "BuildTime": "2026-01-01T00:00:00.000000000+00:00",
        "Experimental": "false",
        "GitCommit": "0000000",
        "GoVersion": "go1.19.8",
        "KernelVersion": "6.1.0",
        "MinAPIVersion": facts.min_api,
        "Os": "linux",
    }
    flat = {key: value for key, value in details.items() if key != "Experimental"}
    return {
        "Platform": {"Name": ""},
        "Components": [{"Name": "Engine", "Version": facts.engine, "Details": details}],
        "Version": facts.engine,
        **flat,
    }


def info(call: Call) -> dict[str, Any]:
    """GET /info: what this collection reads of it; the rest of the engine's sixty keys is left out."""
    engine = call.engine
    with engine.cluster.lock:
        engine.cluster.agenda.run_due()
        swarm = _swarm(engine)
    return {
        "ID": engine.id,
        "Containers": 0,
        "Driver": "overlay2",
        "KernelVersion": "6.1.0",
        "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
        "OSType": "linux",
        "Architecture": "x86_64",
        "NCPU": 2,
        "MemTotal": 4_000_000_000,
        "DockerRootDir": engine.data_root,
        "Name": engine.hostname,
        "Labels": [f"{key}={value}" for key, value in engine.labels.items()],
        "ServerVersion": engine.version.engine,
        "Swarm": swarm,
        "SystemTime": identity.now(),
        "LiveRestoreEnabled": False,
        "Warnings": swarm.get("Warnings"),
    }


def _swarm(engine: FakeEngine) -> dict[str, Any]:
    member, joining = engine.membership, engine.joining
    seen = None if engine.locked else member
    answer = {
        "NodeID": seen.node_id if seen else "",
        "NodeAddr": member.address if member else joining.address if joining else "",
        "LocalNodeState": engine.state,
        "ControlAvailable": bool(seen and seen.is_manager),
        "Error": engine.error,
        "RemoteManagers": seen.remotes() if seen else joining.remotes() if joining else None,
    }
    if seen and seen.is_manager:
        _add_control(answer, engine)
    return answer


def _add_control(answer: dict[str, Any], engine: FakeEngine) -> None:
    """What only a manager can tell; without a quorum it is an error and a swarm of zero values."""
    swarm = engine.swarm
    assert swarm is not None
    swarm.elect()
    if engine.is_stalled:
        answer["Error"] = rpc_text("DeadlineExceeded", DEADLINE)
        answer["Cluster"] = _nothing()
        return
    if swarm.leader is None or engine.partitioned:
        answer["Error"] = rpc_text("Unknown", NO_LEADER)
        answer["Cluster"] = _nothing()
        return
    answer["Nodes"] = len(swarm.nodes)
    answer["Managers"] = len(swarm.members)
    answer["Cluster"] = swarm.info()
    if answer["Managers"] == 2:
        answer["Warnings"] = [TWO_MANAGERS]


def _nothing() -> dict[str, Any]:
    """A cluster of which nothing is known."""
    return {
        "ID": "",
        "Version": {},
        "CreatedAt": identity.ZERO_TIME,
        "UpdatedAt": identity.ZERO_TIME,
        "Spec": {
            "Labels": None,
            "Orchestration": {},
            "Raft": {"ElectionTick": 0, "HeartbeatTick": 0},
            "Dispatcher": {},
            "CAConfig": {},
            "TaskDefaults": {},
            "EncryptionConfig": {"AutoLockManagers": False},
        },
        "TLSInfo": {},
        "RootRotationInProgress": False,
        "DefaultAddrPool": None,
        "SubnetSize": 0,
        "DataPathPort": 0,
    }
