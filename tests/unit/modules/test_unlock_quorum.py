# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K6: an engine answers to the right key only when it has a leader, for which others have to be unlocked."""

from __future__ import annotations

import time

from ansible_collections.hive.swarm.plugins.module_utils._membership import unlock
from ansible_collections.hive.swarm.tests.support.harness import on


def test_k6_without_wait_a_key_is_handed_over_and_nothing_else(cluster, monkeypatch):
    monkeypatch.setattr(unlock, "_REFUSAL_TIMEOUT", 1)
    engine = cluster.swarm(managers=1)[0]
    state = engine.do("GET", "/swarm")
    spec = {**state["Spec"], "EncryptionConfig": {"AutoLockManagers": True}}
    engine.do("POST", f"/swarm/update?version={state['Version']['Index']}", spec)
    key = engine.do("GET", "/swarm/unlockkey")["UnlockKey"]
    engine.restart()
    engine.hang("POST", "/swarm/unlock")

    def pending(info):
        info["Swarm"]["LocalNodeState"] = "pending" if engine.count("POST", "/swarm/unlock") else "locked"
        return info

    engine.lie("/info", pending)
    begin = time.monotonic()
    result = on(engine)("swarm_unlock", {"unlock_keys": [key], "wait": False, "timeout": 30})
    assert (result["failed"], result["changed"], result["state"]) == (False, True, "pending")
    assert time.monotonic() - begin < 15
