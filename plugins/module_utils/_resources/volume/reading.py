# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading cluster volumes, and the names of their secrets."""

from __future__ import annotations

import typing as t

from ..._errors import EngineError
from ..._path import Document


def list_volumes(engine: t.Any, **query: t.Any) -> list[Document]:
    """The cluster volumes; those of the engine itself are left out.

    The engine filters its own volumes only, and lists all of the swarm whatever the filters say (28.5). Without a
    leader it answers 200 with none of the swarm and puts the reason among the warnings, which is raised here: volumes
    that cannot be read are not gone.
    """
    answer = engine.get("/volumes", **query)
    found = [item for item in answer.get("Volumes") or () if item.get("ClusterVolume")]
    if answer.get("Warnings") and not found:
        _raise_known(answer["Warnings"])
    return found


def _raise_known(warnings: list[str]) -> None:
    from ..._complaints import error_of

    for warning in warnings:
        error = error_of(500, warning.encode())
        if error.kind != EngineError.kind:  # else it is about a driver of the engine's own volumes
            raise error


def secret_names(engine: t.Any) -> dict[str, str]:
    """ID to name."""
    return {item["ID"]: item["Spec"]["Name"] for item in engine.get("/secrets")}


def require_manager(engine: t.Any) -> None:
    """Any engine answers a list of volumes: others than managers without those of the swarm."""
    from ..local import not_in_charge, read_local

    local = read_local(engine)
    if not local.healthy_manager:
        raise not_in_charge(local)
