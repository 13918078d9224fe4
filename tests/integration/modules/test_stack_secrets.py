# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of a stack are nowhere but where they belong: not in what Ansible shows at -vvv, in labels or in logs.

A secret is what a file of the compose file holds, what variables have, and what files of variables have. It goes to the
engine as the data of a secret and, with hide_env, as a service's environment.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import IMAGE, RealHost

# One generation is enough, as little of this is about the engine; both legs, as most of it is about Ansible.
pytestmark = [pytest.mark.floor, pytest.mark.parametrize("real_lab", ["28.5"], indirect=True)]

SECRETS = {
    "of a file": "f1le-hunter2-plain",
    "of the next file": "n3xt-hunter2-plain",
    "of a variable": "v4riable-hunter2-plain",
    "of a file of variables": "d0tenv-hunter2-plain",
    "of the environment": "3nvironment-hunter2-plain",
    "of a service's file": "s3rvice-hunter2-plain",
}
HASHES = ("md5", "sha1", "sha224", "sha256", "sha512")
# The ways of Ansible: in the controller's process, and as a module that is shipped.
HOSTS = {"here": True, "shipped": False}

SERVICE = {
    "image": IMAGE,
    "command": ["sleep", "900"],
    "init": True,
    "stop_grace_period": "1s",
    "environment": {"A": "${OF_VARIABLE}", "B": "${OF_FILE}", "C": "${OF_ENVIRONMENT}"},
    "env_file": "service.env",
    "secrets": ["token"],
}


def document(secret: str, **more: Any) -> str:
    return json.dumps({"services": {"web": {**SERVICE, **more}}, "secrets": {"token": {"file": secret}}})


FILES = {
    "token.txt": SECRETS["of a file"],
    "next.txt": f"{SECRETS['of the next file']}\n",
    "service.env": f"D={SECRETS['of a service' + chr(39) + 's file']}\n",
    "values.env": f"OF_FILE='{SECRETS['of a file of variables']}'\n",
    "stack.yml": document("token.txt"),
    "next.yml": document("next.txt", labels=["a=b"]),
    "wrong.yml": document("token.txt", environment={"A": "${OF_VARIABLE}"}, ports=["${OF_VARIABLE}:80"]),
    "missing.yml": document("token.txt", networks=["gone"])[:-1] + ', "networks": {"gone": {"external": true}}}',
}


def task(compose: Any, **keywords: Any) -> dict[str, Any]:
    options = {
        "name": "{{ inventory_hostname }}",
        "compose": compose,
        "variables": {"OF_VARIABLE": SECRETS["of a variable"]},
        "env_files": ["values.env"],
        "hide_env": True,
        "wait": False,
        "resolve_image": "never",
    }
    return {
        "hive.swarm.swarm_stack": options,
        "environment": {"OF_ENVIRONMENT": SECRETS["of the environment"]},
        "register": "found",
        "ignore_errors": True,
        **keywords,
    }


# The whole result, with its diff: more than is printed of a task.
SHOW = {"ansible.builtin.debug": {"var": "found"}}
TASKS = [
    task("stack.yml", check_mode=True),
    SHOW,
    task("stack.yml"),
    SHOW,
    task("stack.yml"),
    task("next.yml", check_mode=True),
    task("next.yml"),
    SHOW,
    task([FILES["stack.yml"], {"services": {"web": {"environment": {"A": SECRETS["of a variable"]}}}}]),
    task("wrong.yml"),
    SHOW,
    task("missing.yml"),
    task("stack.yml", vars={"docker_host": "unix:///nowhere/docker.sock"}),
]
CHANGED = [True, True, False, True, True, True, False, False, False]
FAILED = [False, False, False, False, False, False, True, True, True]


def forms(secret: str) -> Iterator[tuple[str, str]]:
    """The secret as it is, and in the forms that it could be told from."""
    for data in (secret.encode(), f"{secret}\n".encode()):
        yield "plain", data.decode()
        yield "Base64", base64.b64encode(data).decode().rstrip("=")
        for name in HASHES:
            digest = hashlib.new(name, data)
            yield name, digest.hexdigest()
            yield f"{name} in Base64", base64.b64encode(digest.digest()).decode().rstrip("=")


def finds(text: str) -> list[str]:
    return [
        f"the secret {name}: {form}"
        for name, secret in SECRETS.items()
        for form, value in forms(secret)
        if value.strip() in text
    ]


def play(folder: Path, docker_host: str) -> str:
    """The output of all tasks on both hosts, at -vvv with --diff."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    defaults = {"group/hive.swarm.swarm": {"docker_host": "{{ docker_host }}"}}
    book = [{"hosts": "all", "gather_facts": False, "module_defaults": defaults, "tasks": TASKS}]
    hosts = {
        name: {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "hive_swarm_in_process": here,
            "docker_host": docker_host,
        }
        for name, here in HOSTS.items()
    }
    (folder / "book.yml").write_text(json.dumps(book))
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_INJECT_INVOCATION": "1", "ANSIBLE_HOME": str(folder / "ansible")}
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-i", "hosts.yml", "book.yml", "-vvv", "--diff"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout + ran.stderr


def outcomes(output: str, host: str) -> list[str]:
    """What came of each task of a host, as the first word of its result."""
    words = {"changed:": "changed", "ok:": "ok", "fatal:": "failed"}
    lines = (line.split(None, 2) for line in output.splitlines())
    return [words[line[0]] for line in lines if len(line) > 1 and line[0] in words and line[1].startswith(f"[{host}]")]


def test_secrets_of_a_stack_are_nowhere_to_be_seen(real_engine: RealHost, tmp_path: Path) -> None:
    host = real_engine
    on(host)("swarm_init", {"advertise_addr": host.address})
    output = play(tmp_path, host.docker_host)

    wanted = ["failed" if failed else "changed" if changed else "ok" for changed, failed in zip(CHANGED, FAILED)]
    for name in HOSTS:
        found = outcomes(output, name)
        assert [word for word, task in zip(found, TASKS) if task is not SHOW] == wanted, name
    assert "uses the route direct" in output
    assert "uses the route module" in output
    # Ansible itself shows the environment of a task, with the command that starts a module.
    assert finds("\n".join(line for line in output.splitlines() if "> EXEC " not in line)) == []

    services = {item["Spec"]["Name"]: item["Spec"] for item in host.do("GET", "/services")}
    secrets = host.do("GET", "/secrets")
    assert sorted(services) == ["here_web", "shipped_web"]
    assert len(secrets) >= 2
    environment = services["here_web"]["TaskTemplate"]["ContainerSpec"].pop("Env")
    services["shipped_web"]["TaskTemplate"]["ContainerSpec"].pop("Env")
    # It was there to be seen.
    assert len({name for name, secret in SECRETS.items() if secret in json.dumps(environment)}) == 4
    assert finds(json.dumps([services, secrets])) == []
    log = Path(host.socket).with_name("daemon.log").read_text(errors="replace")
    assert log
    assert finds(log) == []
