# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller is killed at the boundaries of a playbook's tasks; the next run ends as one that was never cut.

A playbook is cut after each of its writes. ``make test`` does so on one manager, ``FAULTS_ALL=1`` on five nodes.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.support.cuts import Site
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster
from ansible_collections.hive.swarm.tests.support.fake_engine.snapshot import Snapshot
from ansible_collections.hive.swarm.tests.support.fault_matrix import contents, difference

ALL = bool(os.environ.get("FAULTS_ALL"))
# Each host costs time: those that no cut needs are in the long run alone.
MANAGERS = ["manager1", "manager2", "manager3"] if ALL else ["manager1"]
WORKERS = ["worker1", "worker2"] if ALL else []
FILES = {
    "web.yml": """\
services:
  web:
    image: lab/busybox:1
    deploy: {update_config: {monitor: 1ms}}
    configs: [conf]
configs:
  conf: {file: ./conf}
""",
    "conf": "a",
}


#: Playbooks with their extra variables.
CASES: dict[str, dict[str, Any]] = {"deploy_stack": {"operations_stack": "shop", "operations_compose": ["web.yml"]}}

pytestmark = pytest.mark.once


@pytest.fixture
def site(tmp_path):
    with FakeCluster() as cluster:
        cluster.swarm(managers=len(MANAGERS), workers=len(WORKERS))
        for name, text in FILES.items():
            (tmp_path / name).write_text(text)
        yield cluster, Site(tmp_path, cluster, {"managers": MANAGERS, "workers": WORKERS})


@pytest.mark.parametrize("name", CASES)
def test_a_cut_playbook_is_finished_by_the_next_run(site, name):
    (cluster, site), options = site, CASES[name]
    start = Snapshot(cluster)
    whole = site.run(name, options)
    assert whole.code == 0, whole.output
    cuts, wanted = site.cuts(), after(cluster)
    assert cuts, "the playbook writes something"
    for cut in cuts:
        start.restore()
        killed = site.run(name, options, cut)
        assert killed.killed, f"{cut}: {killed.output}"
        check_invariants(cluster)
        again = site.run(name, options)
        assert again.code == 0, f"{cut}: {again.output}"
        assert after(cluster) == wanted, f"{cut}: {difference(wanted, after(cluster))}"
    if ALL:
        last = site.run(name, options)
        assert (last.code, last.changed) == (0, 0), last.output
    print(f"{name}: cut at {len(cuts)} tasks: {cuts}")


def after(cluster):
    """Return what there is once the engines have done all that they are about to."""
    cluster.settle()
    return contents(cluster)


def check_invariants(cluster):
    """What holds at every cut: the quorum is there, every engine runs, and what is drained says by whom."""
    swarm: Any = next(iter(cluster.engines.values())).swarm
    assert swarm.has_quorum()
    assert all(engine.running for engine in cluster.engines.values())
    for node in swarm.nodes.values():
        assert node.spec["Availability"] == "active" or node.spec["Labels"], node.hostname
