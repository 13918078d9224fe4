# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers other than 200: an exception with the status and the engine's own words."""

from __future__ import annotations


class ApiError(Exception):
    """One refusal: HTTP status and the text of its `message`."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status
        self.message = message


# gRPC codes as the engine maps them on HTTP; every other code is a 500.
_HTTP_OF_CODE = {
    "InvalidArgument": 400,
    "FailedPrecondition": 400,
    "NotFound": 404,
    "AlreadyExists": 409,
    "PermissionDenied": 403,
    "Unauthenticated": 401,
    "Unimplemented": 501,
    "Unavailable": 503,
}


DEADLINE = "context deadline exceeded"


def rpc_text(code: str, text: str) -> str:
    """An error of the swarm's manager as the engine spells it."""
    return f"rpc error: code = {code} desc = {text}"


def rpc(code: str, text: str) -> ApiError:
    """An error of the swarm's manager as the engine passes it on."""
    return ApiError(_HTTP_OF_CODE.get(code, 500), rpc_text(code, text))


NOT_IN_SWARM = "This node is not part of a swarm"
ALREADY_IN_SWARM = (
    'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.'
)
JOIN_TIMEOUT = (
    "Timeout was reached before node joined. The attempt to join the swarm will continue in the background. "
    'Use the "docker info" command to see the current swarm status of your node.'
)
LOCKED = (
    'Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it.'
)
NO_SWARM_MANAGER = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" '
    "to connect this node to swarm and try again."
)
WORKER = (
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. "
    "Please run this command on a manager node or promote the current node to a manager."
)
MANAGER_NOT_READY = (
    "This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster."
)
NO_LEADER = (
    "The swarm does not have a leader. It's possible that too few managers are online. "
    "Make sure more than half of the managers are online."
)
OUT_OF_SEQUENCE = "update out of sequence"

LEAVE_LOCKED = "Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message."
_LEAVE_MANAGER = "You are attempting to leave the swarm on a node that is participating as a manager. "
LEAVE_LAST_MANAGER = (
    _LEAVE_MANAGER
    + "Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. "
)
_LEAVE_END = (
    "The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. "
    "Use `--force` to suppress this message."
)
LEAVE_MANAGER = _LEAVE_MANAGER + _LEAVE_END


def leave_loses_quorum(left: int, total: int) -> str:
    """The refusal of a leave that would end the quorum."""
    return (
        f"{_LEAVE_MANAGER}Removing this node leaves {left} managers out of {total}. "
        f"Without a Raft quorum your swarm will be inaccessible. {_LEAVE_END}"
    )


TWO_MANAGERS = """WARNING: Running Swarm in a two-manager configuration. This configuration provides
         no fault tolerance, and poses a high risk to lose control over the cluster.
         Refer to https://docs.docker.com/engine/swarm/admin_guide/ to configure the
         Swarm for fault-tolerance."""
