# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which services use a secret or a config."""

from __future__ import annotations

import typing as t

from .kinds import Kind


def users(engine: t.Any, kind: Kind) -> dict[str, list[str]]:
    """ID of the object -> names of the services that use it; one request for all."""
    found: dict[str, list[str]] = {}
    for service in engine.get("/services"):
        container = service["Spec"].get("TaskTemplate", {}).get("ContainerSpec") or {}
        for reference in container.get(kind.references) or ():
            found.setdefault(reference[kind.id_key], []).append(service["Spec"]["Name"])
    return {key: sorted(set(names)) for key, names in found.items()}
