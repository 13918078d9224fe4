# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a swarm says of itself is data, never code: seen in a real run of Ansible, with and without its cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from . import replay
from .nodes import answers, manager, node

BOOK = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {"name": "Use the variables in every way", "ansible.builtin.set_fact": {
                "copied": "{{ swarm_node_labels.evil }}", "joined": "x{{ swarm_node_hostname }}y{{ composed }}"}},
            {"name": "In a loop and in a condition", "ansible.builtin.debug": {"msg": "{{ item.key }}={{ item.value }}"},
             "loop": "{{ swarm_node_labels | dict2items }}", "when": "copied != swarm_node_id"},
            {"name": "Write all down", "ansible.builtin.copy": {
                "dest": "{{ out }}/{{ swarm_node_id }}.json", "mode": "0600", "content": (
                    "{{ {'labels': swarm_node_labels, 'hostname': swarm_node_hostname, 'name': swarm_node_name,"
                    " 'message': swarm_node_status_message, 'engine': swarm_node_engine_labels, 'copied': copied,"
                    " 'joined': joined, 'composed': composed, 'raw': swarm_node_raw.Spec.Labels} | to_json }}")},
             "delegate_to": "localhost"},
        ],
    }
]  # fmt: skip


@pytest.fixture
def evil(tmp_path):
    """A template that would leave a file behind."""
    return "{{ lookup('ansible.builtin.pipe', 'touch " + str(tmp_path / "owned") + "') }}"


@pytest.mark.parametrize("runs", [1, 2], ids=["asked", "from the cache"])
def test_templates_are_text(tmp_path, evil, runs):
    hostile = node("n1", evil, labels={"evil": evil, evil: "key", "empty": ""}, engine_labels={"e": evil})
    hostile["Spec"]["Name"] = hostile["Status"]["Message"] = evil
    source, book = tmp_path / "x.swarm.yml", tmp_path / "book.yml"
    book.write_text(json.dumps(BOOK))
    with replay.engine(answers(manager(labels={"evil": evil}), hostile)) as (url, engine):
        options = {
            "docker_host": url,
            "raw": True,
            "hostnames": ["label:evil", "{{ swarm_node_labels.evil }}", "hostname"],
            "compose": {"composed": "swarm_node_labels.evil", "ansible_connection": "'local'"},
            "groups": {"grouped": "swarm_node_labels.evil != ''"},
            "keyed_groups": [{"key": "swarm_node_labels", "prefix": "k"}],
            "include": ["swarm_node_labels.evil is defined"],
            "cache": True,
            "cache_plugin": "jsonfile",
            "cache_connection": str(tmp_path / "cache"),
        }
        source.write_text(yaml.safe_dump({"plugin": "hive.swarm.swarm", **options}))
        for _run in range(runs):
            done = ansible("playbook", tmp_path, "-i", source, book, "-e", f"out={tmp_path}")
            assert done.returncode == 0, done.stdout + done.stderr
        assert len(engine.asked) == 2
    assert not (tmp_path / "owned").exists()
    seen = json.loads((tmp_path / "n1.json").read_text())
    assert seen == {
        "labels": {"evil": evil, evil: "key", "empty": ""},
        "raw": {"evil": evil, evil: "key", "empty": ""},
        "engine": {"e": evil},
        "hostname": evil,
        "name": evil,
        "message": evil,
        "copied": evil,
        "composed": evil,
        "joined": f"x{evil}y{evil}",
    }


def test_a_template_of_the_source_is_one(tmp_path, evil):
    """So that the test above proves something: what a user writes is evaluated."""
    with replay.engine(answers(manager())) as (url, _engine):
        source = tmp_path / "x.swarm.yml"
        options = {"docker_host": url, "hostnames": [evil, "hostname"]}
        source.write_text(yaml.safe_dump({"plugin": "hive.swarm.swarm", **options}))
        ansible("inventory", tmp_path, "-i", source, "--list")
    assert (tmp_path / "owned").exists()


def test_hostile_names_of_every_kind(tmp_path):
    names = [
        "../../../tmp/x", "/etc/passwd", "a b", "all", "managers", "localhost", "127.0.0.1", "-oProxyCommand=id", "", "w:[1:9]",
        "!web", "größe", "節点", "x" * 300, "\x1b]0;x\x07", "a\nb", "{{ 1 }}",
    ]  # fmt: skip
    nodes = [node(f"id{number}", name, address="0.0.0.0") for number, name in enumerate(names)]
    with replay.engine(answers(manager(), *nodes)) as (url, _engine):
        source = tmp_path / "x.swarm.yml"
        source.write_text(yaml.safe_dump({"plugin": "hive.swarm.swarm", "docker_host": url}))
        done = ansible("inventory", tmp_path, "-i", source, "--list")
    assert done.returncode == 0, done.stderr
    hosts = json.loads(done.stdout)["_meta"]["hostvars"]
    usable = {"größe", "節点", "boss"}
    assert set(hosts) - usable == {f"id{number}" for number, name in enumerate(names) if name not in usable}
    assert plain(hosts["id0"]["swarm_node_hostname"]) == "../../../tmp/x"
    assert {plain(variables.get("ansible_host")) for variables in hosts.values()} == {
        None,
        "192.0.2.1",
        "managers",
        "all",
    }
    assert "\x1b" not in done.stderr


def test_labels_that_make_no_groups(tmp_path):
    """Group names are made fit; what is empty, long or foreign still is a group, and no other one."""
    labels = {"a/b": "c d", "": "x", "x": "", "ü": "ö", "k" * 100: "v" * 100, "all": "all", "1": "2"}
    with replay.engine(answers(manager(labels=labels))) as (url, _engine):
        source = tmp_path / "x.swarm.yml"
        source.write_text(yaml.safe_dump({"plugin": "hive.swarm.swarm", "docker_host": url, "group_by": ["label"]}))
        done = ansible("inventory", tmp_path, "-i", source, "--list")
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr
    groups = set(json.loads(done.stdout)) - {"_meta", "all"}
    assert groups == {
        "swarm", "swarm_label_a_b_c_d", "swarm_label__x", "swarm_label_x", "swarm_label_ü_ö", "swarm_label_all_all",
        "swarm_label_1_2", f"swarm_label_{'k' * 100}_{'v' * 100}",
    }  # fmt: skip


def plain(value: object) -> object:
    """ansible-inventory --list marks strings that are no templates."""
    return value["__ansible_unsafe"] if isinstance(value, dict) else value


def ansible(program: str, folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A program of Ansible, with nothing of whoever runs the tests."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {"ANSIBLE_HOME": str(folder / "ansible"), "ANSIBLE_NOCOLOR": "1", "PYTHONUTF8": "1"}
    command = [str(Path(sys.executable).with_name(f"ansible-{program}")), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
