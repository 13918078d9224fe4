# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an engine's answer, as a typed error with a sentence."""

from __future__ import annotations

import json
import re

from .._core.errors import (
    Conflict,
    EngineError,
    InvalidAnswer,
    Locked,
    NoQuorum,
    NotAManager,
    NotFound,
    OutcomeUnknown,
    OutOfSequence,
    SwarmError,
    Unsupported,
)

# The messages are the engine's (moby, daemon/cluster/errors.go and swarmkit); the same from 20.10 to 28.5.
_BY_MESSAGE: tuple[tuple[str, type[SwarmError]], ...] = (
    ("update out of sequence", OutOfSequence),
    ("is not a swarm manager", NotAManager),
    ("needs to be unlocked", Locked),
    ("does not have a leader", NoQuorum),
    ("node lost leader status", NoQuorum),
    # An engine that is just becoming a worker: its way to its own manager ends.
    ("transport is closing", NoQuorum),
    ("swarm/control.sock: connect", NoQuorum),
    ("context deadline exceeded", NoQuorum),
    ("client version", Unsupported),
    # Also with 404, and after 15 seconds: other clients do not remove plugins meanwhile, as they do objects.
    ('plugin "', EngineError),
)
# Of a driver that the engine lacks, and of one that it does not support in a swarm (swarmkit, manager/controlapi/common.go).
_PLUGIN = re.compile(r'plugin "([^"]+)" not found|during lookup of plugin (\S+)|legacy plugin (\S+) of type')
# Those of a manager that has given a write to the others, or to its leader, and does not learn what became of it
# (swarmkit, manager/state/raft/raft.go, processInternalRaftRequest).
_LEAVES_OPEN = ("node lost leader status", "transport is closing", "context deadline exceeded")
_BY_STATUS: dict[int, type[SwarmError]] = {404: NotFound, 409: Conflict}
_GRPC_PREFIX = r"^(rpc error: code = \w+ desc = )+"

# Which release of Docker Engine brought an API version; for messages only.
_RELEASES = {
    "1.24": "1.12",
    "1.25": "1.13",
    "1.28": "17.04",
    "1.29": "17.05",
    "1.30": "17.06",
    "1.39": "18.09",
    "1.40": "19.03",
    "1.41": "20.10",
    "1.42": "23.0",
    "1.43": "24.0",
    "1.44": "25.0",
    "1.45": "26.0",
    "1.46": "27.0",
    "1.47": "27.2",
    "1.48": "28.0",
    "1.51": "28.3",
    "1.52": "29.0",
}


def _advice(error: type[SwarmError], message: str) -> str:
    if error is NoQuorum and "managers" not in message:
        return ". Check that more than half of the managers are up"
    return ""


def error_of(status: int, body: bytes, is_write: bool = False) -> SwarmError:
    """The error of an answer with a status of 400 or more.

    :param is_write: whether it is about a write of the managers; OutcomeUnknown where these may do it all the same.
    """
    message = _message(status, body)
    if is_write and any(words in message for words in _LEAVES_OPEN):
        return OutcomeUnknown(message)
    for words, error in _BY_MESSAGE:
        if words in message:
            found = error(f"{message}{_advice(error, message)}", status)
            found.reported = message
            break
    else:
        found = _BY_STATUS.get(status, EngineError)(message, status)
    plugin = _PLUGIN.search(message)
    found.plugin = next(filter(None, plugin.groups())) if plugin else ""
    return found


def _shorten(text: str) -> str:
    """The beginning of a page, in one line."""
    return " ".join(text.split())[:200]


def _message(status: int, body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        text = json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        text = _shorten(text)  # proxies and old engines answer in plain text
    return re.sub(_GRPC_PREFIX, "", text) or f"HTTP status {status} without a message"


def not_a_docker_engine(where: str, path: str, status: int, body: bytes) -> InvalidAnswer:
    """Proxies and other servers answer with a page where an engine answers with an object."""
    said = _shorten(body.decode("utf-8", "replace")) or "nothing"
    return InvalidAnswer(f"{where} returned {said!r} for {path}. Check that it is a Docker engine.", status)


def unexpected_status(where: str, method: str, path: str, status: int) -> InvalidAnswer:
    """An engine never redirects, and what another server would answer is not shown."""
    if 300 <= status < 400:
        words = f"redirects {method} {path} to another address (status {status}), which is not followed"
    else:
        words = f"answers {method} {path} with status {status}, which a Docker engine never returns"
    return InvalidAnswer(f"{where} {words}. docker_host must be the address of the engine itself.", status)


def not_http(where: str, method: str, path: str, problem: str) -> InvalidAnswer:
    return InvalidAnswer(f"{where}: {problem} ({method} {path}). docker_host must be the address of a Docker engine.")


def unsupported_version(what: str, needed: str, where: str, spoken: str) -> Unsupported:
    release = _RELEASES.get(needed)
    needs = f"Docker API {needed}" + (f" (Docker Engine {release})" if release else "")
    error = Unsupported(f"{what} needs {needs}; {where} speaks {spoken}.")
    error.details = {"needed_api_version": needed, "api_version": spoken}
    return error
