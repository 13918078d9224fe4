# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts on services as hive.swarm.swarm_service_info lists them."""

from __future__ import annotations

import typing as t

Values = dict[str, t.Any]


def lacking(services: list[Values], before: list[Values] = ()) -> list[str]:
    """Services that have fewer tasks running than they shall have, and had more before.

    :param before: the same services at an earlier time; what was lacking then is not waited for.
    """
    then = {service["id"]: service["running"] or 0 for service in before}
    found = []
    for service in services:
        running, desired = service["running"], service["desired"]
        if running is None or desired is None:  # engines before API 1.41 do not count
            continue
        wanted = min(desired, then[service["id"]]) if service["id"] in then else desired
        if running < wanted and "job" not in service["spec"].get("mode", ""):
            found.append(f"{service['name']}: {running} of {desired} tasks run")
    return found
