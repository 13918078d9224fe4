# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which order engines restart: never all at once."""

from __future__ import annotations


def turns(hosts: list[str], managers: list[str], leaders: list[str], at_once: int = 1) -> list[list[str]]:
    """Return names of hosts, in groups that may go down together.

    Managers go one by one and the leader goes last, for fewer elections; then the others, some at once.

    :param hosts: those whose engines restart.
    :param managers: those of them that are managers, or more.
    :param at_once: number of hosts, except managers.
    """
    first = sorted((host for host in hosts if host in managers), key=lambda host: host in leaders)
    others = [host for host in hosts if host not in managers]
    step = max(int(at_once), 1)
    return [[host] for host in first] + [others[at : at + step] for at in range(0, len(others), step)]
