# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K7: no task waits without a limit for a host or an engine that goes down."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "roles").glob("*/tasks/**/*.yml"))
SERVICES = ("ansible.builtin.service", "ansible.builtin.systemd_service")


def tasks(items):
    for item in items:
        yield item
        for part in ("block", "rescue", "always"):
            yield from tasks(item.get(part, ()))


EVERY = [
    pytest.param(task, id=f"{path.relative_to(ROOT / 'roles')}: {task.get('name')}")
    for path in FILES
    for task in tasks(yaml.safe_load(path.read_text()) or [])
]


def having(*keys):
    return [each for each in EVERY if set(keys) & set(each.values[0])]


@pytest.mark.parametrize("task", having(*SERVICES))
def test_k7_services_start_and_stop_within_a_limit(task):
    """docker.service has TimeoutStartSec=0, and systemctl waits for as long as that says."""
    given = next(task[name] for name in SERVICES if name in task)
    assert "timeout" in task or "state" not in given


@pytest.mark.parametrize("task", having("ansible.builtin.reboot"))
def test_k7_a_reboot_is_bounded_in_every_part(task):
    given = task["ansible.builtin.reboot"]
    assert {"reboot_timeout", "connect_timeout"} <= set(given)
    assert "timeout" in task


@pytest.mark.parametrize("task", having("until"))
def test_k7_what_is_repeated_ends(task):
    assert "retries" in task
    assert "delay" in task


@pytest.mark.parametrize("task", having("hive.swarm.swarm_wait"))
def test_k7_waits_have_the_timeout_of_the_user(task):
    assert "wait_timeout" in task["hive.swarm.swarm_wait"]


def test_k7_there_are_such_tasks():
    assert having("ansible.builtin.reboot")
    assert len(having(*SERVICES)) > 4
    assert having("until")
    assert len(having("hive.swarm.swarm_wait")) > 9


def test_k7_the_example_gives_ssh_a_limit():
    config = configparser.ConfigParser()
    config.read(ROOT / "examples" / "infrastructure" / "ansible.cfg")
    assert "ServerAliveInterval=" in config["ssh_connection"]["ssh_args"]
    assert "ServerAliveCountMax=" in config["ssh_connection"]["ssh_args"]
