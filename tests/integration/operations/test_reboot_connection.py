# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K7: a host that goes down without closing its connection. The program ssh is one that does as ssh does with such a host.

Nothing is rebooted: the program runs commands on this machine, and never one that has the word shutdown in it.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.integration.cluster.runs import run

SSH = """#!/bin/sh
# A connection that is kept open (ControlPersist) hangs from the reboot on, until it is closed.
state=$(dirname "$0")
case "$*" in
    *"-O check"*) exit 0 ;;
    *"-O stop"*) touch "$state/closed"; exit 0 ;;
    *shutdown*) rm -f "$state/closed"; touch "$state/down"; exit 0 ;;
esac
if [ -e "$state/down" ] && [ ! -e "$state/closed" ]; then exec sleep 600; fi
for command; do :; done
case "$command" in
    *boot_id*) if [ -e "$state/down" ]; then echo after; else echo before; fi ;;
    *) exec sh -c "$command" ;;
esac
"""
PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "ansible.builtin.import_role": {
                    "name": "hive.swarm.operations",
                    "tasks_from": "rolling_maintenance/reboot",
                },
                "vars": {"operations_reboot": "always", "operations_wait_timeout": 30},
            }
        ],
    }
]


@pytest.mark.skipif(
    not Path("/sbin/shutdown").exists(), reason="the action looks for a program that this machine lacks"
)
def test_k7_a_reboot_does_not_go_on_with_the_connection_of_before(tmp_path):
    ssh = tmp_path / "ssh"
    ssh.write_text(SSH)
    ssh.chmod(0o755)
    variables = {
        "ansible_connection": "ssh",
        "ansible_ssh_executable": str(ssh),
        "ansible_host": "192.0.2.1",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(json.dumps({"all": {"hosts": {"far": variables}}}))
    playbook = tmp_path / "reboot.yml"
    playbook.write_text(json.dumps(PLAY))
    begin = time.monotonic()
    run([str(playbook)], inventory).succeeded()
    assert time.monotonic() - begin < 150
    assert (tmp_path / "down").exists()
