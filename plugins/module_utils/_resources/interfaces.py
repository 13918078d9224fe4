# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the engine's host has a network interface, where that can be found out.

A join with the name of an interface that is not there succeeds silently, with an address that the manager guesses
(moby, daemon/cluster/cluster.go). The API lists no interfaces; the kernel does, for the process at the other end of
a local socket, whatever network namespace it lives in.
"""

from __future__ import annotations

from .._address import is_ip, split_address
from .._engine import Engine
from .._errors import BadInput
from .._path import Values


def check_interfaces(engine: Engine, params: Values) -> None:
    """Raise BadInput for an interface that the engine's host is known not to have."""
    for option in ("advertise_addr", "listen_addr", "data_path_addr"):
        if params[option]:
            _check(engine, option, split_address(params[option])[0])


def _check(engine: Engine, option: str, host: str) -> None:
    if is_ip(host):
        return
    names = _interfaces(engine.peer_pid())
    if names and host not in names:
        raise BadInput(f"{option}: the engine's host has no network interface {host}; it has {', '.join(names)}.")


def _interfaces(pid: int | None) -> list[str]:
    try:
        with open(f"/proc/{pid}/net/dev", encoding="ascii") as file:
            lines = file.read().splitlines()[2:]
    except OSError:
        return []
    return sorted(line.split(":")[0].strip() for line in lines)
