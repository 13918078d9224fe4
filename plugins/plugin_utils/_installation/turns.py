# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which order engines restart: never all at once."""

from __future__ import annotations

from ...module_utils._core.paths import Values


def turns(hosts: list[Values], at_once: int = 1) -> list[list[str]]:
    """Names of hosts, in groups that may go down together.

    Managers go one by one and the leader goes last, for fewer elections; then the others, some at once.

    :param hosts: name, manager and leader of each.
    :param at_once: number of hosts, except managers.
    """
    managers = sorted((host for host in hosts if host.get("manager")), key=lambda host: bool(host.get("leader")))
    others = [host["name"] for host in hosts if not host.get("manager")]
    step = max(int(at_once), 1)
    return [[host["name"]] for host in managers] + [others[at : at + step] for at in range(0, len(others), step)]
