# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several processes write at once to a real engine, and nothing of what any of them writes is lost."""

from __future__ import annotations

import json
import subprocess
import sys

from ansible_collections.hive.swarm.tests.support.lifecycles.membership import init

_WRITERS = 6
_WRITER = """
import json, sys
from ansible_collections.hive.swarm.tests.support.harness import run_module
docker_host, number = sys.argv[1:]
for turn in range(4):
    result = run_module("swarm_node", {"docker_host": docker_host, "hostname": "self", "labels": {f"w{number}-{turn}": ""}})
    if result["failed"] or not result["changed"]:
        break
print(json.dumps(result))
"""


def test_parallel_labels_are_all_kept(real_engine):
    init(real_engine)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, real_engine.docker_host, str(number)], stdout=subprocess.PIPE, text=True
        )
        for number in range(_WRITERS)
    ]
    for writer in writers:
        result = json.loads(writer.communicate(timeout=300)[0])
        assert not result["failed"], result["msg"]
        assert result["changed"]
    node_id = real_engine.do("GET", "/info")["Swarm"]["NodeID"]
    labels = real_engine.do("GET", f"/nodes/{node_id}")["Spec"]["Labels"]
    assert labels == {f"w{number}-{turn}": "" for number in range(_WRITERS) for turn in range(4)}
