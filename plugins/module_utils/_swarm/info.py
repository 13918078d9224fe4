# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine is in: readable on every node, whatever state it is in."""

from __future__ import annotations

from .._core.errors import SwarmError
from .._core.values import Values
from .._engine.client import Engine
from .._engine.local_state import Local, not_in_charge, read_local
from .._frontend.definition import define_info
from .._node.views import quorum_of
from .schema import SWARM, document

ARGUMENT_SPEC: Values = {
    "quorum": {"type": "bool", "default": True},
    "join_tokens": {"type": "bool", "default": False},
    "unlock_key": {"type": "bool", "default": False},
}


def read_swarm_info(engine: Engine, params: Values) -> Values:
    _expect(engine, params)
    local = read_local(engine)
    cluster = local.cluster or {}
    return {
        "state": local.state,
        "role": local.role,
        "hostname": local.hostname,
        "node_id": local.node_id,
        "node_address": local.address,
        "cluster_id": local.cluster_id,
        "error": local.error,
        "remote_managers": list(local.remote_managers),
        "quorum": _quorum(engine, local) if params["quorum"] else {},
        "swarm": SWARM.view(document(local)) if local.healthy_manager else {},
        "root_rotation_in_progress": bool(cluster.get("RootRotationInProgress")),
        "root_certificate": (cluster.get("TLSInfo") or {}).get("TrustRoot", ""),
        "created_at": cluster.get("CreatedAt", ""),
        "updated_at": cluster.get("UpdatedAt", ""),
        "engine_version": local.engine_version,
        "api_version": engine.api_version,
        "data_root": local.root_dir,
        "storage_driver": local.storage_driver,
        "live_restore": local.live_restore,
        "rootless": local.rootless,
        "swarm_warnings": list(local.warnings),
        **_secrets(engine, local, params),
    }


def _expect(engine: Engine, params: Values) -> None:
    """Name the requests that a manager gets after the first."""
    for option, path in (("quorum", "/nodes"), ("join_tokens", "/swarm"), ("unlock_key", "/swarm/unlockkey")):
        if params[option]:
            engine.expect(path)


def _quorum(engine: Engine, local: Local) -> Values:
    """The raft group as a healthy manager sees it; empty elsewhere."""
    if not local.healthy_manager:
        return {}
    try:
        return quorum_of(engine.get("/nodes")).as_dict()
    except SwarmError:
        return {}  # the leader was lost between the two requests


def _secrets(engine: Engine, local: Local, params: Values) -> Values:
    secrets: Values = {}
    if not (params["join_tokens"] or params["unlock_key"]):
        return secrets
    if not local.healthy_manager:
        raise not_in_charge(local)
    if params["join_tokens"]:
        tokens = engine.get("/swarm")["JoinTokens"]
        secrets["join_tokens"] = {"worker": tokens["Worker"], "manager": tokens["Manager"]}
    if params["unlock_key"]:
        secrets["unlock_key"] = engine.get("/swarm/unlockkey")["UnlockKey"]
    return secrets


MODULE = define_info(read_swarm_info, ARGUMENT_SPEC)
