# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stack is deployed and removed by the playbook."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.cluster.world import World
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS

IMAGE = "lab/busybox:1"
SHOP = {
    "services": {
        "web": {
            "image": IMAGE,
            "command": ["sleep", "100000"],
            "stop_signal": "SIGKILL",
            "deploy": {"replicas": 2, "update_config": {"monitor": "1ms"}},
        }
    }
}


@pytest.fixture
def world(tmp_path):
    _old, new = GENERATIONS.values()
    lab = Lab(name=f"ops{os.getpid()}", engines=[{"name": "n1", "binaries": new}], images=[IMAGE])
    try:
        lab.up()
        found = World(lab, tmp_path)
        found.inventory(managers="n1", workers="")
        yield found
    finally:
        lab.down()


def test_a_stack_comes_stays_and_goes(world):
    world.api("n1").post("/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": world.engines["n1"].address})
    (world.folder / "shop.yml").write_text(json.dumps({"version": "3.8", **SHOP}))
    deploy = ("deploy_stack", "-e", "operations_stack=shop", "-e", "operations_compose=shop.yml")
    shown = "Show the services of the stack"

    run = world.play(*deploy, check=True).succeeded()
    predicted = run.changes
    assert run.said(shown) == ["shop has no services."]
    run = world.play(*deploy).succeeded()
    assert run.changes == predicted
    assert run.said(shown) == [f"shop_web: 2 of 2 tasks run, {IMAGE}"]
    assert not world.play(*deploy).succeeded().changes

    remove = ("deploy_stack", "-e", "operations_stack=shop", "-e", "operations_stack_state=absent")
    assert world.play(*remove).refused().unconfirmed == "shop"
    run = world.play(*remove, "-e", "operations_confirm=shop").succeeded()
    assert run.said(shown) == ["shop has no services."]
    assert world.api("n1").get("/services") == []
