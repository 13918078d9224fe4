# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""F4: with use_ssh_client, a failure to connect has the words of ssh, whenever ssh ends."""

from __future__ import annotations

import os

import pytest
from ansible_collections.hive.swarm.tests.support.harness import run_module

SAID = {
    "a refused connection": ("ssh: connect to host manager port 22: Connection refused", 255),
    "a host that is not known": ("No ED25519 host key is known for manager.\nHost key verification failed.", 255),
    "a key that is not taken": ("Banner: private system\nroot@manager: Permission denied (publickey).", 255),
    "a name without an address": ("ssh: Could not resolve hostname manager: Name or service not known", 255),
    "no docker there": ("bash: line 1: docker: command not found", 127),
}


@pytest.mark.parametrize("reads", [False, True], ids=["ends at once", "ends after the request"])
@pytest.mark.parametrize("name", SAID)
def test_f4_the_words_of_ssh(tmp_path, monkeypatch, name, reads):
    """F4: this was ``[Errno 32] Broken pipe``."""
    words, code = SAID[name]
    lines = "".join(f"echo '{line}' >&2\n" for line in words.splitlines())
    program = tmp_path / "ssh"
    program.write_text(f"#!/bin/sh\n{'read request' if reads else ''}\n{lines}exit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = run_module("swarm_info", {"docker_host": "ssh://root@manager", "use_ssh_client": True, "timeout": 10})
    assert found["failed"] and found["failure"]["kind"] == "unreachable"
    assert words.splitlines()[-1].rstrip(".") in found["msg"] and "Broken pipe" not in found["msg"]
    assert found["msg"].startswith("docker_host ssh://root@manager: ")


def test_f4_there_is_no_ssh(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = run_module("swarm_info", {"docker_host": "ssh://root@manager", "use_ssh_client": True})
    assert found["failure"]["kind"] == "unreachable"
