# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, environment and programs of a node behind a connection; the machine itself gives the same."""

from __future__ import annotations

import base64
import json
import os
import subprocess

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import ThisNode
from ansible_collections.hive.swarm.plugins.module_utils._service.checks import with_env_files
from ansible_collections.hive.swarm.plugins.module_utils._service.registry_auth import header
from ansible_collections.hive.swarm.plugins.plugin_utils._task_node import TaskNode


@pytest.fixture(params=["this", "behind a connection"])
def node(request, tmp_path):
    variables = {"HOME": str(tmp_path), "PATH": f"{tmp_path}:{os.environ['PATH']}", "FROM_TASK": "x=y"}
    if request.param == "this":
        return ThisNode(variables)

    return TaskNode(Commands(variables))


class Commands:
    """Runs commands as TaskCommands does."""

    def __init__(self, variables):
        self._variables = variables

    def run(self, command, data, timeout, repeatable=True):
        done = subprocess.run(
            ["/bin/sh", "-c", command], input=data, capture_output=True, env=self._variables, check=False
        )
        noise = "Last login: today\n"
        return {"rc": done.returncode, "stdout": noise + done.stdout.decode("utf-8", "surrogateescape"), "stderr": ""}


def test_a_file_of_any_bytes_and_name(node, tmp_path):
    path = tmp_path / "-it's $(a) file"
    path.write_bytes(bytes(range(256)))
    assert node.read(str(path)) == bytes(range(256))


@pytest.mark.parametrize(("name", "error"), [("gone", FileNotFoundError), ("", IsADirectoryError)])
def test_files_that_cannot_be_read(node, tmp_path, name, error):
    with pytest.raises(error):
        node.read(str(tmp_path / name))


def test_the_environment(node):
    assert node.environment()["FROM_TASK"] == "x=y"


def test_variables_of_a_file(node, tmp_path):
    """A line ends with a line feed alone, and a bare name is looked up on the node."""
    (tmp_path / "a.env").write_text("A=1\u20282\r\n# comment\nFROM_TASK\nABSENT\n")
    params = {"env_files": [str(tmp_path / "a.env")], "env": None}
    assert with_env_files(params, node)["env"] == {"A": "1\u20282", "FROM_TASK": "x=y"}


def login_of(header_value):
    return json.loads(base64.urlsafe_b64decode(header_value))


def test_the_docker_login_of_the_nodes_user(node, tmp_path):
    (tmp_path / ".docker").mkdir()
    auths = {"r.example": {"auth": base64.b64encode(b"me:password").decode()}}
    (tmp_path / ".docker" / "config.json").write_text(json.dumps({"auths": auths}))
    found = login_of(header("r.example/web", None, True, pytest.fail, node))
    assert found == {"username": "me", "password": "password", "serveraddress": "r.example"}


def test_a_credential_helper_of_the_node(node, tmp_path):
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text(json.dumps({"credsStore": "test"}))
    helper = tmp_path / "docker-credential-test"
    helper.write_text('#!/bin/sh\nread -r server\nprintf \'{"Username": "%s", "Secret": "s"}\' "$server"\n')
    helper.chmod(0o755)
    assert login_of(header("r.example/web", None, True, pytest.fail, node))["username"] == "r.example"


def test_a_program_that_the_node_lacks(node):
    with pytest.raises(FileNotFoundError):
        node.run(["docker-credential-absent", "get"], b"", 5)


def test_a_program_that_hangs(node):
    with pytest.raises(TimeoutError):
        node.run(["sleep", "30"], b"", 1)


def test_the_home_of_the_nodes_user(tmp_path):
    """The machine's own paths are expanded by the argument spec (type path); those of a node are expanded there."""
    (tmp_path / "a").write_text("x")
    assert TaskNode(Commands({"HOME": str(tmp_path)})).read("~/a") == b"x"
