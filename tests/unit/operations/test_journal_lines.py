# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S17: a container that logs to the journal does not decide which manager has the newest state."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

ROLES = Path(__file__).resolve().parents[3] / "roles"
TRUE = 'time="2026-11-30T01:00:00.1Z" level=info msg="6b4c1f [logterm: 3, index: 20, vote: 0] sent MsgVote request" module=raft'
FORGED = [
    'msg="6b4c1f [logterm: 99, index: 999999',
    'time="x" level=error msg="a container says msg=\\"6b4c1f [logterm: 99, index: 999999"',
    'level=info time="x" msg="6b4c1f [logterm: 99, index: 999999, vote: 0]"',
]


def pipeline():
    task = yaml.safe_load((ROLES / "operations" / "tasks" / "recover_quorum" / "read_log.yml").read_text())[0]
    return task["ansible.builtin.command"]["argv"][2].replace("{{ operations__engine_log }}", "cat").replace("\n", " ")


def test_s17_forged_lines_do_not_count():
    log = "\n".join([*FORGED[:1], TRUE, *FORGED]) + "\n"
    done = subprocess.run(["sh", "-c", pipeline()], input=log, capture_output=True, text=True, check=True)
    assert re.findall("[0-9]+(?=,|$)", done.stdout.strip()) == ["3", "20"]


def test_s17_only_what_the_engine_itself_prints_is_read_from_the_journal():
    """Containers with the log driver journald are under docker.service too, sent by dockerd, but over another transport."""
    texts = [path.read_text() for path in sorted(ROLES.glob("*/**/*.yml"))]
    reading = [line for text in texts for line in text.splitlines() if "journalctl" in line and "--unit" in line]
    assert len(reading) >= 2
    for line in reading:
        assert "_COMM=dockerd" in line
        assert "_TRANSPORT=stdout" in line
