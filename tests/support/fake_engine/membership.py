# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one engine knows of its swarm: it survives a restart of the engine, not a wipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .swarm import Swarm


class Membership:
    """An engine's own belief. The swarm may have struck the node off its list without the engine knowing."""

    def __init__(self, swarm: Swarm, node_id: str, address: str, port: str, is_manager: bool):
        self.swarm = swarm
        self.node_id = node_id
        self.address = address
        self.port = port
        self.is_manager = is_manager
        self.lock_key: str | None = None  # what opens it, while it is locked

    @property
    def raft_address(self) -> str:
        """host:port under which other managers reach it."""
        return f"{self.address}:{self.port}"

    def remotes(self) -> list[dict[str, str]]:
        """RemoteManagers of GET /info: the managers, its own entry first."""
        members = sorted(self.swarm.members.items(), key=lambda item: item[0] != self.node_id)
        return [{"NodeID": node_id, "Addr": address} for node_id, address in members]


class Joining:
    """A join that got no answer: pending for a while, then in error, and left only by a leave."""

    def __init__(self, remote: str, address: str, dialing: str):
        self.remote = remote
        self.dialing = dialing
        self.address = address
        self.error = ""

    def fail(self) -> None:
        """The engine gives up."""
        self.error = (
            f'rpc error: code = Unavailable desc = connection error: desc = "transport: {self.dialing} '
            f'dial tcp {self.remote}: connect: no route to host"'
        )

    def remotes(self) -> list[dict[str, Any]] | None:
        """RemoteManagers of GET /info: the address that was given, until the error."""
        return None if self.error else [{"NodeID": "", "Addr": self.remote}]
