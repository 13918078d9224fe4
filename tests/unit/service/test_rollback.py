# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of a service: what its diff shows."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.plan import Change
from ansible_collections.hive.swarm.plugins.module_utils._service.plan import plan_rollback


def spec(**template) -> dict:
    task = {"ContainerSpec": {"Image": "lab/busybox:1"}, "Placement": {}, **template}
    return {"Name": "web", "Mode": {"Replicated": {"Replicas": 1}}, "TaskTemplate": task}


@pytest.mark.parametrize(
    ("now", "before", "changes"),
    [
        (spec(ForceUpdate=1), spec(), (Change("force_update", 1, 0),)),
        (spec(ForceUpdate=2), spec(ForceUpdate=1), (Change("force_update", 2, 1),)),
        (spec(ForceUpdate=0), spec(), ()),
    ],
)
def test_the_way_back_from_a_forced_update_is_in_the_diff(now, before, changes):
    assert plan_rollback({"Spec": now, "PreviousSpec": before}, "web", hide_env=False).changes == changes
