# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/distribution: what a registry knows of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ApiError
from .service_refusals import is_image

if TYPE_CHECKING:
    from .router import Call


def inspect(call: Call) -> dict[str, Any]:
    """GET /distribution/{image}/json; every engine answers, in a swarm or not."""
    image = call.names["id"]
    if not is_image(image):
        reason = "invalid reference format"
        if is_image(image.lower()):
            named = f" (library/{image})" if call.engine.version.json_prefix and "/" not in image else ""
            reason += f": repository name{named} must be lowercase"
        raise ApiError(400, reason)
    return call.engine.cluster.registry.ask(image, call.request.registry_auth)
