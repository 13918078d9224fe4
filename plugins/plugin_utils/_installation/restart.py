# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an engine has to restart, and in which order several do: never all at once."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .files import CERTIFICATES, DROPIN, MARKER, PROXY_DROPIN, PROXY_FILE, READ_AT_START
from .host import Host


def waiting(host: Host) -> list[str]:
    """Return why the running engine has to restart, whatever this run changes.

    Settings that an engine writes at its start are as old as it.
    """
    service = host.found["service"]
    started = service["started_at"]
    if not host.active or not started:
        return []
    found = ["the program was replaced"] if service["program_replaced"] else []
    if host.modified_at(MARKER) >= started:
        found.append("daemon.json was changed")
    return found + [f"{path} was changed" for path in READ_AT_START if host.modified_at(path) > started]


def after_changes(host: Host, config: Values, differing: list[str]) -> list[str]:
    """Return why the running engine has to restart when the files are written.

    :param differing: paths of the files that are written.
    """
    if not host.active:
        return []
    found = waiting(host)
    if config["needs"] == "restart":
        found.append("daemon.json changes")
    if {DROPIN, PROXY_DROPIN, PROXY_FILE} & set(differing):
        found.append("its service changes")
    if set(CERTIFICATES.values()) & set(differing):
        found.append("its certificates change")
    return found


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
