# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A play that joins a node and then sets it up is foretold as a whole by check mode."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on

TOKEN = "SWMTKN-1-(known after apply)"


@pytest.mark.parametrize("availability", [None, "active", "pause", "drain"])
def test_a_node_that_would_join_is_set_up_as_the_one_that_joins(cluster, availability):
    (manager,) = cluster.swarm()
    engine = cluster.engine("node2")
    told = on(manager)("swarm_info", {"join_tokens": True})
    diffs = []
    for check, token in ((True, TOKEN), (False, told["join_tokens"]["worker"])):
        join = {"remote_addrs": [told["node_address"]], "join_token": token, "role": "worker"}
        given = {"availability": availability} if availability else {}
        joined = on(engine)("swarm_join", {**join, **given}, check=check)
        assert joined["changed"], joined
        setting = {"hostname": joined["node_id"], "labels": {"zone": "a"}, "availability": "active"}
        diff = on(manager)("swarm_node", setting, check=check)["diff"]
        diffs.append({side: diff[side] for side in ("before", "after")})
    assert diffs[0] == diffs[1]
    assert ("availability" in diffs[0]["after"]) == (availability in ("pause", "drain"))
