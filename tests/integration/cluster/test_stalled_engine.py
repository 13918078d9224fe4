# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A manager that the others reach and that follows no leader, on real engines. See test_stalled.py for fake ones.

A manager that joins answers as soon as it finds a manager for its own requests. It knows the others by what they send, which
it writes to its log. If its engine ends in between, it knows no other manager when it starts again, and cannot answer the
leader (verified with 28.5). That takes less than a second, so the test holds back what the others send.

Whether its node is ready then is chance: its agent asks any manager, or its own, which refers it to a leader that it does not
reach. So the engine starts until its agent asks another one.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import _names as names

REPAIR = [("Demote a manager that is gone or follows no leader", "n1"), ("Promote", "n1")]


def drop(world, name: str, change: str) -> None:
    """Insert (-I) or delete (-D) the rule that drops what other managers send to a manager."""
    namespace = f"--net=/run/netns/{names.node_namespace(world.lab.name, name)}"
    rule = ["INPUT", "--protocol", "tcp", "--dport", "2377", "--jump", "DROP"]
    subprocess.run(["nsenter", namespace, "iptables", change, *rule], check=True)


def stall(world, name: str, leader: str) -> None:
    """Join as a manager, and end before the leader's log has come; then start again.

    The leader connects to a manager before it takes it in, so the rule comes when the log's file is there. Meanwhile the leader
    is stopped.
    """
    engine, pid = world.engines[name], world.engines[leader].pid
    folder = Path(engine.folder, "data/swarm/raft")
    with ThreadPoolExecutor(1) as pool:
        join = pool.submit(world.join, name, leader, "Manager")
        while not list(folder.glob("wal*/*.wal")) and not join.done():
            time.sleep(0.0005)
        os.kill(pid, signal.SIGSTOP)
        drop(world, name, "-I")
        os.kill(pid, signal.SIGCONT)
        join.result()
    engine.kill()
    drop(world, name, "-D")
    engine.start()


def asks_another(world, name: str) -> bool:
    """Whether the agent of an engine that has just started registers its node with another manager than its own."""
    engine, chosen = world.engines[name], re.compile(r"manager selected by agent for new session: \{(.*?)\}")

    def first_choice() -> list[str]:
        return chosen.findall(Path(engine.log).read_text().split("Starting up")[-1])[:1]

    world.wait(first_choice, "a manager that the agent selects")
    (choice,) = first_choice()
    return choice.strip() != "" and f" {engine.address}:" not in choice


def follows_nobody(world, name: str) -> bool:
    """Whether a manager is a ready node and reachable, and its engine reports why it has no leader."""
    info = world.info(name)
    (node,) = [node for node in world.api("n1").get("/nodes") if node["ID"] == info["NodeID"]]
    listed = (node["Status"]["State"], node["ManagerStatus"]["Reachability"], info["LocalNodeState"])
    return listed == ("ready", "reachable", "active") and bool(info["Error"])


@pytest.mark.soak
def test_k6_heal_repairs_a_manager_that_ended_in_its_first_second(world):
    cluster = world.swarm("n1 n2", "")
    world.inventory(workers="")
    stall(world, "n3", leader="n1")
    for _attempt in range(40):
        if asks_another(world, "n3"):
            break
        world.restart("n3")
    world.wait(lambda: follows_nobody(world, "n3"), "a ready manager without a leader", 120)
    assert "its engine follows no leader" in world.play("status").failure

    confirmed = ("-e", f"operations_confirm={cluster}")
    assert [step for _node, step, _reason in world.play("heal").steps()] == ["demote", "promote"]
    assert world.play("heal", *confirmed, check=True).succeeded().changed_tasks == REPAIR
    assert world.play("heal", *confirmed).succeeded().changed_tasks == REPAIR
    assert world.roles() == {"n1": "manager", "n2": "manager", "n3": "manager"}
    assert world.cluster_id("n3") == cluster
    assert world.site().succeeded().changes == []
