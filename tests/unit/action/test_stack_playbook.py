# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_stack as a playbook uses it: where files are found, which values variables have, and what a user sees.

All tasks are in one playbook, as it is Ansible that takes the time. It runs on fake engines, in the controller's process;
what goes another way elsewhere is run again so, over an ssh connection whose ssh stays here.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.worlds import ask

BIN = Path(sys.executable).parent
PASSWORD = "hunter2-plain"
WEB = """\
services:
  web:
    image: nginx
    environment: {A: "${A-unset}", B: "${B-unset}"}
    privileged: true
    labels:
      day: 2001-12-14
"""
WRONG = """\
services:
  web:
    image: nginx
    enviroment:
      PASSWORD: hunter2-plain
    ports:
      - 80:80
      - "99999:80"
"""
FILES = {
    "files/web.yml": WEB,
    "files/wrong.yml": WRONG,
    "files/syntax.yml": "services:\n  web:\n    image: @nginx\n",
    "files/twice.yml": "services:\n  web: {image: a}\n  web: {image: b}\n",
    "files/values.env": "A=file\nB='two words'\n",
    "files/vaulted.yml": "secrets:\n  token: {file: ./token.txt}\n" + WEB,
    "files/gone.yml": "secrets:\n  token: {file: ./gone.txt}\n" + WEB,
    "roles/shop/files/role.yml": WEB.replace("nginx", "from-role"),
    "roles/shop/tasks/main.yml": json.dumps(
        [{"hive.swarm.swarm_stack": {"name": "role", "compose": "role.yml"}, "register": "of_role"}]
    ),
    "templates/web.yml.j2": "services:\n  web:\n    image: {{ image }}\n    ports: [22:22]\n",
    "vault.txt": "of the vault",
    "ssh.sh": '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n',
}


def task(name: str, options: dict | None = None, **keywords) -> dict:
    return {
        "hive.swarm.swarm_stack": {"name": name, **(options or {})},
        "register": f"of_{name}",
        "ignore_errors": True,
        **keywords,
    }


INLINE = {
    "services": {"web": {"image": "{{ image }}", "environment": {"A": "{{ password }}", "N": "{{ number }}"}}},
}
TEMPLATE = "{{ lookup('ansible.builtin.template', 'web.yml.j2') }}"


def tasks(elsewhere: str, folder: Path) -> list[dict]:
    files = str(folder / "files")
    return [
        task("file", {"compose": ["web.yml"], "variables": {"A": "{{ password }}"}}, environment={"B": "{{ number }}"}),
        task("env", {"compose": "web.yml", "env_files": ["values.env"]}, environment=[{"B": "task"}]),
        task("inline", {"compose": [INLINE], "variables": {"A": 1}}),
        task("template", {"compose": TEMPLATE}),
        task("vaulted", {"compose": ["vaulted.yml"], "hide_env": True}),
        task("node", {"compose": f"{files}/web.yml", "remote_src": True, "env_files": "values.env"}),
        task("delegated", {"compose": "web.yml", "docker_host": elsewhere}, delegate_to="another"),
        task("checked", {"compose": "web.yml"}, check_mode=True),
        task("looped", {"compose": [INLINE]}, loop=["one", "two"], vars={"image": "{{ item }}"}),
        task("retried", {"compose": "web.yml"}, until="of_retried.attempts > 1", retries=2, delay=0),
        task("retried", {"state": "absent", "wait": False}, register="of_absent"),
        {"ansible.builtin.include_role": {"name": "shop"}},
        task("wrong", {"compose": ["wrong.yml"]}),
        task("syntax", {"compose": ["syntax.yml"]}),
        task("twice", {"compose": ["twice.yml"]}),
        task("gone", {"compose": ["gone.yml"]}),
        task("nowhere", {"compose": ["nowhere.yml"]}),
        task("nonode", {"compose": "/nowhere/web.yml", "remote_src": True}),
        task("nofile", {"compose": files, "remote_src": True}),
        task("nosecret", {"compose": f"{files}/gone.yml", "remote_src": True}),
        task("nothing"),
        task("unknown", {"compose": ["web.yml"], "composed": True}),
        {"hive.swarm.swarm_stack": {"compose": ["web.yml"]}, "register": "of_nameless", "ignore_errors": True},
        {
            "ansible.builtin.copy": {
                "content": "{{ dict(names | map('regex_replace', '^', '') | zip(names | map('extract', vars))) }}",
                "dest": f"{folder}/results.json",
            },
            "vars": {"names": "{{ query('ansible.builtin.varnames', '^of_') }}"},
            "no_log": True,
        },
    ]


class Run:
    """What came of the playbook: its output, each task's result by its name, and the engines."""

    def __init__(self, output: str, results: dict, services: dict, others: dict):
        self.output = output
        self.results = results
        self.services = services
        self.others = others

    def env(self, stack: str) -> list[str]:
        return self.services[f"{stack}_web"]["TaskTemplate"]["ContainerSpec"]["Env"]

    def failure(self, name: str) -> str:
        result = self.results[f"of_{name}"]
        assert result["failed"] and result["failure"]["kind"] == "bad_input"
        assert result["failure"]["message"] == result["msg"]
        assert not result["changed"]
        return result["msg"]


# What is read through the connection, and what a module is handed.
SHIPPED = {f"of_{name}" for name in ("file", "inline", "vaulted", "node", "nonode", "nofile", "nosecret")}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return _run(tmp_path_factory.mktemp("stack"), "direct")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return _run(tmp_path_factory.mktemp("stack"), "module")


@pytest.fixture(scope="module", params=["direct", "command", "module"])
def each_route(request, tmp_path_factory):
    known = {"direct": "played", "module": "shipped"}
    if request.param in known:
        return request.getfixturevalue(known[request.param])
    return _run(tmp_path_factory.mktemp("stack"), request.param)


def _run(folder: Path, route: str) -> Run:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "ssh.sh").chmod(0o755)
    (folder / "files" / "token.txt").write_text(PASSWORD)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_INJECT_INVOCATION": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_VAULT_PASSWORD_FILE": str(folder / "vault.txt"),
        "A": "controller",
    }
    vault = [str(BIN / "ansible-vault"), "encrypt", str(folder / "files" / "token.txt")]
    subprocess.run(vault, env=environment, check=True, capture_output=True)
    with FakeCluster(API_1_51) as cluster:
        engines = [cluster.engine(name) for name in ("one", "another")]
        for engine in engines:
            on(engine)("swarm_init", {"advertise_addr": "192.0.2.1"})
        output = _play(folder, engines, environment, route)
        results = json.loads((folder / "results.json").read_text())
        return Run(output, results, *map(_services, engines))


def _play(folder: Path, engines, environment: dict[str, str], route: str) -> str:
    here = route == "direct"
    defaults = {
        "hive.swarm.swarm_stack": {"wait": False, "resolve_image": "never", "docker_host": engines[0].docker_host}
    }
    play = {
        "hosts": "one",
        "gather_facts": False,
        "module_defaults": defaults,
        "vars": {"password": PASSWORD, "number": 7, "image": "nginx", "hive_swarm_in_process": route != "module"},
        "tasks": [
            task
            for task in tasks(engines[1].docker_host, folder)
            if here or task.get("register") in SHIPPED or "ansible.builtin.copy" in task
        ],
    }
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    if not here:
        host |= {"ansible_connection": "ssh", "ansible_ssh_executable": str(folder / "ssh.sh")}
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": {"one": host, "another": host}}}))
    (folder / "book.yml").write_text(json.dumps([play]))
    command = [str(BIN / "ansible-playbook"), "-i", "hosts.yml", "book.yml", "-vvv"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout + ran.stderr


def _services(engine) -> dict:
    return {item["Spec"]["Name"]: item["Spec"] for item in ask(engine.socket, "GET", "/services")[1]}


def test_values_of_variables(played):
    assert played.env("file") == [f"A={PASSWORD}", "B=7"]
    assert played.env("env") == ["A=file", "B=task"]
    assert played.env("role") == ["A=controller", "B=unset"]


def test_files_of_the_node_are_read_through_the_connection(each_route):
    assert each_route.env("node") == ["A=file", "B=two words"]
    assert each_route.failure("nonode") == "compose: cannot read /nowhere/web.yml: No such file or directory"
    assert re.fullmatch(r"compose: cannot read /\S+/files: Is a directory", each_route.failure("nofile"))
    assert re.fullmatch(
        r"/\S+/gone.yml, line 2: secrets.token.file: cannot read /\S+/gone.txt: No such file or directory",
        each_route.failure("nosecret"),
    )


def test_what_commands_print_is_in_no_output(each_route):
    """With -vvv the ssh connection shows what a command prints: files of the node, and answers of the engine."""
    for text in ("HTTP/1.1", "day: 2001-12-14"):
        assert text not in each_route.output
    assert base64.b64encode(WEB.encode()).decode() not in each_route.output
    assert base64.b64encode(FILES["files/values.env"].encode()).decode() not in each_route.output


def test_documents_in_a_task_are_templated(played):
    assert played.env("inline") == [f"A={PASSWORD}", "N=7"]
    assert played.services["template_web"]["EndpointSpec"]["Ports"][0]["PublishedPort"] == 22
    assert played.services["looped_web"]["TaskTemplate"]["ContainerSpec"]["Image"] == "two:latest"


def test_files_of_a_role_are_found(played):
    assert played.services["role_web"]["TaskTemplate"]["ContainerSpec"]["Image"] == "from-role:latest"


def test_a_task_goes_to_the_host_that_it_is_delegated_to(played):
    assert "delegated_web" in played.others
    assert "delegated_web" not in played.services


def test_check_mode_and_removal(played):
    assert played.results["of_checked"]["changed"]
    assert "checked_web" not in played.services
    assert played.results["of_absent"]["changed"]
    assert "retried_web" not in played.services


def test_a_task_that_is_tried_again_finds_its_files_again(played):
    assert played.results["of_retried"]["attempts"] == 2
    assert not played.results["of_retried"]["changed"]


def test_a_vaulted_file_is_a_secrets_data(played):
    assert played.results["of_vaulted"]["stack"]["secrets"] == []
    assert not played.results["of_vaulted"]["failed"]


def test_warnings_are_told_once_per_task(played):
    warning = "web.yml, line 5: services.web.privileged: ignored, a swarm does not support it."
    assert played.results["of_file"]["warnings"] == [warning]


def test_variables_and_documents_are_not_among_the_options_of_the_module(shipped):
    shown = {options["name"]: options for options in _options(shipped.output)}
    for name, compose in (("file", "web.yml"), ("inline", "inline document 1"), ("vaulted", "vaulted.yml")):
        assert shown[name]["compose"] == [compose]
        assert not shown[name].get("variables")
        assert PASSWORD not in json.dumps(shown[name])


def _options(output: str) -> Iterator[dict[str, Any]]:
    """The options of each module's run, as -vvv shows them."""
    for match in re.finditer(r'"module_args": (?=\{)', output):
        yield json.JSONDecoder().raw_decode(output, match.end())[0]


def test_what_is_wrong_with_a_file_is_told_with_its_line_and_key(played):
    assert played.failure("wrong").splitlines() == [
        "wrong.yml, line 4: services.web.enviroment: unknown. Did you mean 'environment'?",
        "wrong.yml, line 8: services.web.ports[1]: '99999:80' is not a port. Write it like 8080:80, 8080-8082:80-82 or 8080:80/udp",
    ]
    assert played.failure("syntax") == "syntax.yml, line 3: a value cannot begin with @; put it in quotes"
    assert played.failure("twice") == "twice.yml, line 3: services.web: stands in line 2 already"
    assert played.failure("gone").startswith("gone.yml, line 2: secrets.token.file: cannot read ")
    assert "fatal: [one]: FAILED!" in played.output
    assert re.search(r"\[ERROR\]: Task failed: .*wrong.yml, line 4: services.web.enviroment: unknown", played.output)


def test_what_is_missing_is_told(played):
    assert played.failure("nowhere").startswith("compose: nowhere.yml is not on the controller; looked for it at ")
    results = played.results
    options = [results[name]["failure"]["option"] for name in ("of_nothing", "of_nameless", "of_unknown")]
    assert options == [None, "name", "composed"]
