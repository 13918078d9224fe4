# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which route a task takes to its engine, and the reason that -vvv shows."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import socket_path
from ansible_collections.hive.swarm.plugins.plugin_utils._swarm_action import Task, choose

LOCAL = Task(
    wanted=True,
    background=False,
    local=True,
    become=False,
    pipes=True,
    docker_host=None,
    manager_docker_host=None,
    options={},
)
REMOTE = LOCAL._replace(local=False)
UNIX = "the engine is not reached by a unix socket"
EXPANSION = "{} has a variable or another user's home in a path"


@pytest.mark.parametrize(
    ("task", "route"),
    [
        (LOCAL, "direct"),
        (LOCAL._replace(docker_host="unix:///run/docker.sock"), "direct"),
        (LOCAL._replace(docker_host="http+unix://run/docker.sock"), "direct"),
        (LOCAL._replace(options={"env_files": ["a"], "data_src": "b", "with_registry_auth": True}), "direct"),
        (LOCAL._replace(docker_host="tcp://192.0.2.1:2376", manager_docker_host="https://192.0.2.2:2376"), "direct"),
        (LOCAL._replace(become=True), "command"),
        (REMOTE, "command"),
        (
            REMOTE._replace(become=True, options={"name": "web", "env_files": [], "with_registry_auth": False}),
            "command",
        ),
    ],
)
def test_no_module_is_shipped(task, route):
    assert choose(task).name == route


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (LOCAL._replace(wanted=False), "hive_swarm_in_process is false"),
        (REMOTE._replace(background=True), "the task is asynchronous"),
        (REMOTE._replace(pipes=False), "the connection plugin hands no standard input to commands (has_pipelining)"),
        (REMOTE._replace(docker_host="tcp://192.0.2.1:2376"), UNIX),
        (LOCAL._replace(become=True, docker_host="tcp://192.0.2.1:2376"), UNIX),
        (REMOTE._replace(manager_docker_host="tcp://192.0.2.1:2376"), UNIX),
        (REMOTE._replace(docker_host="ssh://web"), UNIX),
        (LOCAL._replace(docker_host="ssh://web"), f"{UNIX} or TCP"),
        (REMOTE._replace(options={"env_files": ["~web/a"]}), EXPANSION.format("env_files")),
        (LOCAL._replace(become=True, options={"data_src": "$HOME/a"}), EXPANSION.format("data_src")),
    ],
)
def test_a_module_is_shipped(task, reason):
    assert choose(task) == ("module", reason)


@pytest.mark.parametrize(
    "address", ["unix:///run/docker.sock", "unix://run/docker.sock", "http+unix:///run/docker.sock"]
)
def test_the_path_of_a_socket(address):
    assert socket_path(address) == "/run/docker.sock"


@pytest.mark.parametrize("address", ["unix://", "unix:///", "http+unix://"])
def test_a_socket_without_a_path_is_the_default_one(address):
    """As for the docker CLI."""
    assert socket_path(address) == "/var/run/docker.sock"
