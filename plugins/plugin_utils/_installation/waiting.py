# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an engine has to restart."""

from __future__ import annotations

from ...module_utils._core.paths import Values
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
