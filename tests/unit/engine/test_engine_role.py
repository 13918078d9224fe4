# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role's files promise, and what it would write on systems that are not here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.hive.swarm.plugins.module_utils._hosts.installation import Inspection
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.engine import CONFIGURE, OPERATION, argument_spec
from ansible_collections.hive.swarm.tests.support.playbooks import run_play

from .test_engine_plan import found_on, planned

ROLE = Path(__file__).resolve().parents[3] / "roles" / "engine"


def read(path: str):
    return yaml.safe_load((ROLE / path).read_text())


def templar(system: str, **options) -> Templar:
    """Ansible's own templates with the role's words, on a host of that system without an engine, with these options."""
    loader = DataLoader()
    loader.set_basedir(str(ROLE))
    variables = {"engine__plan": planned(found_on(system), source=options.get("engine_source", "distribution"))}
    for name in ("defaults", "vars"):
        variables.update(loader.load_from_file(str(ROLE / name / "main.yml"), trusted_as_template=True))
    return Templar(loader, {**variables, **options})


def test_defaults_are_documented():
    documented = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    for name, default in read("defaults/main.yml").items():
        if "{{" not in str(default):
            assert documented[name].get("default") == default, name
    assert set(read("defaults/main.yml")) <= set(documented)


def test_only_modules_of_ansible_itself_and_of_this_collection():
    for path in sorted(ROLE.glob("tasks/**/*.yml")):
        for task in yaml.safe_load(path.read_text()):
            for step in [task, *task.get("block", []), *task.get("always", [])]:
                dotted = [key for key in step if "." in key]
                assert all(key.startswith(("ansible.builtin.", "hive.swarm.")) for key in dotted), (path, dotted)


def task_of(path: str, name: str) -> dict:
    return next(task for task in read(path) if task["name"] == name)


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("rhel8", "rhel"),
        ("rhel10", "rhel"),
        ("rocky9", "centos"),
        ("alma9", "centos"),
        ("oracle9", "centos"),
        ("stream10", "centos"),
    ],
)
def test_dnf_is_told_of_dockers_repository(system, name):
    task = task_of("tasks/repository.yml", "Name Docker's repository to dnf")
    module = {
        key: templar(system, engine_source="docker", engine_version="28.5").template(trust_as_template(str(value)))
        for key, value in task["ansible.builtin.yum_repository"].items()
    }
    assert module == {
        "name": "docker-ce-stable",
        "description": "Docker CE",
        "baseurl": f"https://download.docker.com/linux/{name}/$releasever/$basearch/stable",
        "gpgkey": "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-docker-ce",
        "gpgcheck": "True",
        "exclude": ["docker-ce", "docker-ce-cli", "containerd.io"],
        "mode": "0644",
    }


def steps_of(name):
    """The tasks of a file, those of blocks as well."""
    for task in read(f"tasks/{name}.yml"):
        yield from task.get("block", [task])
        yield from task.get("always", [])


def test_s17_no_task_shows_a_file_with_secrets():
    """S17: with -v and --diff, every task that reads or writes contents with secrets hides it."""
    whole = ("engine__plan.config.content", "engine__contents", "engine__proxy_file].content", "'.pem'].content")
    found = [
        task
        for path in sorted(ROLE.glob("tasks/**/*.yml"))
        for task in steps_of(path.stem)
        if any(words in json.dumps(task) for words in whole) and "ansible.builtin.import_tasks" not in task
    ]
    assert {task["name"]: str(task.get("no_log")) for task in found} == {
        "Install the certificates of the API": "True",
        "Write the engine's file": "{{ engine__plan.config.secret }}",
        "Read the host and plan its engine": "{{ engine__contents | default(false) }}",
        "Write the engine's proxy": "True",
        "Write the next file there": "{{ engine__plan.config.secret }}",
    }


def test_each_option_of_the_plan_is_a_variable_of_the_role():
    """And each is passed on."""
    (task,) = read("tasks/plan.yml")
    passed = task["hive.swarm.engine_plan"]
    own = {"managers", "workers", "offers", "downloaded_key", "contents", "show"}
    assert {name: str(value).split()[1] for name, value in passed.items() if name not in own} == {
        name: f"engine_{name}" for name in passed if name not in own
    }
    assert set(passed) == {"docker_host", *argument_spec(CONFIGURE)} - {OPERATION}


@pytest.mark.parametrize(
    ("config", "right"),
    [
        ({"debug": True}, True),
        ({"debug": 3}, False),
        ({"nonsense": 1}, False),
        ({"debug": True, "labels": ["a=" + "x" * 100_000]}, True),  # longer than a pipe holds
    ],
)
def test_the_engine_of_this_machine_judges_a_file(tmp_path, config, right):
    """With an engine that has no --validate as with one that has. S17: no other user can open the file meanwhile."""
    file = tmp_path / "daemon.json"
    file.write_text(json.dumps(config))
    file.chmod(0o600)
    tmp_path.chmod(0o700)
    asked = {"file": str(file), "command": ["dockerd", "-H", "fd://"]}
    task = Inspection({"packages": [], "files": [], "contents": [], "daemon_config": asked})
    done = subprocess.run(task.command, input=task.script, capture_output=True, timeout=60, check=False)
    found = task.result(done.stdout.decode(), done.stderr.decode())["daemon_config"]
    assert found["valid"] is right, found
    assert right or found["message"]


STOP = [
    {"kind": kind, "message": f"because {kind}."} for kind in ("bad_input", "foreign_engine", "downgrade", "not_root")
]


@pytest.mark.parametrize(
    ("stop", "concerning", "message"),
    [
        (STOP, None, "because foreign_engine. because not_root."),
        (STOP, ["version_not_available", "downgrade"], "because downgrade."),
        (STOP[:1], None, ""),
        (STOP[:1], ["downgrade"], ""),
    ],
)
def test_only_the_reasons_that_concern_an_entry_point_stop_it(tmp_path, stop, concerning, message):
    """An installation after a drain does not fail because of a firewall."""
    include = {"name": "hive.swarm.engine", "tasks_from": "refuse"}
    task = {"ansible.builtin.include_role": include, "vars": {"engine__concerning": concerning} if concerning else {}}
    given = {"engine__plan": {"stop": stop}}
    (tmp_path / "facts.yml").write_text(json.dumps(given))
    play = {"hosts": "n1", "gather_facts": False, "tasks": [task]}
    done = run_play(tmp_path, play, "-i", "n1,", "-c", "local", "-e", "@facts.yml")
    assert (done.returncode != 0) == bool(message), done.stdout + done.stderr
    assert message in done.stdout
