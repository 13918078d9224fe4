# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine says while its swarm changes leaders is something to wait for, not an end."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import NoQuorum, OutcomeUnknown
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine, Reply


class Refusing:
    def __init__(self, message):
        self.message = message

    def request(self, method, path, body, timeout):
        return Reply(503, {"api-version": "1.41"}, json.dumps({"message": self.message}).encode())


@pytest.mark.parametrize(
    "message",
    [
        "The swarm does not have a leader.",
        "rpc error: code = Unknown desc = node lost leader status",
        # Seen on 20.10 by GET /nodes on a leader that had just demoted itself.
        "rpc error: code = Unavailable desc = transport is closing",
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix'
        ' /var/run/docker/swarm/control.sock: connect: no such file or directory"',
    ],
)
def test_a_change_of_leaders_is_no_quorum_for_now(message):
    with pytest.raises(NoQuorum):
        Engine(Refusing(message)).get("/nodes")


@pytest.mark.parametrize(
    ("message", "path", "error"),
    [
        ("The swarm does not have a leader.", "/secrets/create", NoQuorum),
        # It may have been proposed to the other managers, which write it all the same.
        ("rpc error: code = Unknown desc = node lost leader status", "/secrets/create", OutcomeUnknown),
        ("rpc error: code = Unavailable desc = transport is closing", "/services/x/update", OutcomeUnknown),
        ("context deadline exceeded", "/services/x/update", OutcomeUnknown),
        # The engine does this one itself.
        ("context deadline exceeded", "/swarm/join", NoQuorum),
    ],
)
def test_a_write_that_a_deposed_leader_has_taken_may_be_carried_out(message, path, error):
    with pytest.raises(error) as found:
        Engine(Refusing(message), "1.41").post(path, {})
    assert found.value.kind == error.kind
