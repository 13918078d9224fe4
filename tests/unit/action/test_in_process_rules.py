# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks run in the controller, and why the others do not."""

from __future__ import annotations

import sys

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._in_process_rules import Situation, why_not

PLAIN = Situation(
    core="2.21.5",
    wanted=True,
    connection="ansible.builtin.local",
    executable="/bin/sh",
    become=False,
    background=False,
    keep_files=False,
    open_files=0,
    interpreter=sys.executable,
    python=sys.executable,
    options={"docker_host": "unix:///run/docker.sock"},
    environment={},
    own_variables=[],
)
TCP = "tcp://192.0.2.1:2376"


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"core": "2.19.0"},
        {"core": "2.20.3.dev0"},
        {"interpreter": "auto"},
        {"interpreter": "auto_silent"},
        {"interpreter": ""},
        {"options": {"query": "nodes"}},
        {"options": {}},
        {"options": {"docker_host": ""}},
        {"options": {"docker_host": None}},
        {"options": {"docker_url": "http+unix:///run/docker.sock"}},
        {"options": {"docker_host": "unix:///x"}, "environment": {"DOCKER_HOST": TCP}},
        {"environment": {"DOCKER_HOST": "unix:///x"}, "options": {}},
        {"environment": {"DOCKER_HOST": "", "PYTHONPATH": "/the/controllers/own"}},
        {"own_variables": ["http_proxy", "DOCKER_HOST", "LC_ALL"]},
        {"options": {"manager_docker_host": "unix:///x"}},
    ],
    ids=str,
)
def test_in_the_controller(change):
    assert why_not(PLAIN._replace(**change)) == ""


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"wanted": False}, "hive_swarm_in_process"),
        ({"core": "2.22.0"}, "2.22.0"),
        ({"core": "2.2.0"}, "2.2.0"),
        ({"core": "3.0"}, "3.0"),
        ({"connection": "ansible.builtin.ssh"}, "ssh"),
        ({"connection": "community.docker.docker"}, "docker"),
        ({"become": True}, "another user"),
        ({"background": True}, "background"),
        ({"executable": "/usr/bin/env"}, "shell"),
        ({"executable": None}, "shell"),
        ({"keep_files": True}, "kept"),
        ({"open_files": 1024}, "open files"),
        ({"own_variables": ["A", "PYTHONPATH"]}, "environment"),
        ({"own_variables": ["LD_PRELOAD"]}, "environment"),
        ({"options": {"docker_host": TCP}}, "unix socket"),
        ({"options": {"docker_url": "ssh://somewhere"}}, "unix socket"),
        ({"options": {"docker_host": "nonsense"}}, "unix socket"),
        ({"options": {"docker_host": ["unix:///x"]}}, "unix socket"),
        ({"options": {}, "environment": {"DOCKER_HOST": TCP}}, "unix socket"),
        ({"options": {"docker_host": None}, "environment": {"DOCKER_HOST": TCP}}, "unix socket"),
        ({"options": {"docker_host": "unix:///x", "manager_docker_host": TCP}}, "unix socket"),
        ({"interpreter": "/somewhere/else/python3"}, "/somewhere/else"),
        ({"interpreter": "python3"}, "python3"),
        ({"interpreter": "auto_legacy"}, "auto_legacy"),
        ({"interpreter": "auto", "options": {"query": "nodes"}}, "auto"),
    ],
    ids=str,
)
def test_as_an_ordinary_module(change, word):
    assert word in why_not(PLAIN._replace(**change))


def test_a_virtual_environment_is_not_the_python_that_it_links_to(tmp_path):
    (tmp_path / "python").symlink_to(sys.executable)
    (tmp_path / "python3").symlink_to("python")
    ours = PLAIN._replace(python=str(tmp_path / "python"))
    assert why_not(ours._replace(interpreter=str(tmp_path / "python3"))) == ""
    assert why_not(ours._replace(interpreter=sys.executable)) != ""
