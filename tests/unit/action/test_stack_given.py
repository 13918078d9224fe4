# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's options to what the module of swarm_stack is handed."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFileNotFound
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.module_arguments import (
    ComposeInput,
    module_arguments,
)
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.sources import OnController, OnNode

WEB = {"services": {"web": {"image": "nginx", "environment": {"A": "${A-unset}"}}}}
FILE = "services:\n  web:\n    image: nginx\n    environment: {A: '${A-unset}'}\n"


class Stage:
    """A controller with one folder, a node with some files, and what was asked of the node."""

    def __init__(self, folder):
        self.folder = folder
        self.node: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.warnings: list[str] = []
        self.environment: dict[str, str] = {}
        self.process: dict[str, str] = {}

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / name.replace("_", ".")).write_text(text)

    def hand(self, **options: Any) -> dict[str, Any]:
        given = ComposeInput(self._source, str(self.folder), self.environment, self.process, self.warnings.append)
        handed = module_arguments({"name": "shop", **options}, given)
        return {**handed, "_stack": json.loads(handed["_stack"])} if "_stack" in handed else handed

    def env(self, **options: Any) -> list[str]:
        return env(self.hand(**options))

    def _source(self, on_node: bool):
        return OnNode(self._content, lambda path: path.replace("~", "/root")) if on_node else self._controller()

    def _controller(self):
        def search(path: str) -> str:
            if not (self.folder / path).exists():
                raise AnsibleFileNotFound(
                    file_name=path, paths=[f"{self.folder}/files/{path}", f"{self.folder}/{path}"]
                )
            return str(self.folder / path)

        return OnController(search, lambda path: f"{path}.plain", lambda path: Path(path).unlink())

    def _content(self, path: str) -> bytes:
        self.asked.append(path)
        if path not in self.node:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self.node[path]


def env(handed: dict[str, Any]) -> list[str]:
    return handed["_stack"]["services"]["shop_web"]["TaskTemplate"]["ContainerSpec"]["Env"]


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


def refusal(stage: Stage, **options: Any) -> str:
    with pytest.raises(BadInput) as caught:
        stage.hand(**options)
    return caught.value.message


# Which value a variable has


def test_the_word_of_the_task_counts_first_and_the_controllers_environment_last(stage):
    stage.write(a_env="A=first\n", b_env="A=second\n")
    options = {"compose": [WEB], "env_files": ["a.env", "b.env"], "variables": {"A": "variables"}}
    stage.environment, stage.process = {"A": "task"}, {"A": "process"}
    assert stage.env(**options) == ["A=variables"]
    del options["variables"]
    assert stage.env(**options) == ["A=task"]
    stage.environment = {}
    assert stage.env(**options) == ["A=second"]
    options["env_files"] = ["a.env"]
    assert stage.env(**options) == ["A=first"]
    del options["env_files"]
    assert stage.env(**options) == ["A=process"]
    stage.process = {}
    assert stage.env(**options) == ["A=unset"]


def test_s8_files_of_a_node_get_nothing_of_the_controllers_environment(stage):
    """Who writes them there could read it in the service: names alone, variables, files of both kinds, ~."""
    stage.process = {"VAULT": "secret", "HOME": "/home/controller"}
    stage.environment = {"TASK": "task"}
    stage.node = {
        "/srv/stack.yml": b"services: {web: {image: nginx, env_file: [a.env], volumes: ['~/a:/a'],"
        b" environment: [VAULT, TASK, 'TEXT=${VAULT-unset}', FROM_DOTENV]}}",
        "/srv/a.env": b"VAULT\nHOME\nHERE=node",
        "/srv/.env": b"VAULT\nFROM_DOTENV=${VAULT-unset}",
    }
    handed = stage.hand(compose=["/srv/stack.yml"], remote_src=True, env_files=["/srv/.env"])
    assert env(handed) == ["FROM_DOTENV=unset", "HERE=node", "TASK=task", "TEXT=unset", "VAULT"]
    assert "controller" not in json.dumps(handed)
    assert (
        env(stage.hand(compose=["/srv/stack.yml"], remote_src=True, variables={"VAULT": "given"}))[-1] == "VAULT=given"
    )


def test_s16_a_decrypted_file_is_removed_as_soon_as_it_has_been_read(stage):
    (stage.folder / "a.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n00\n")
    (stage.folder / "a.yml.plain").write_text(FILE)
    assert stage.env(compose=["a.yml"]) == ["A=unset"]
    assert not (stage.folder / "a.yml.plain").exists()


def test_a_variable_that_is_null_counts_as_not_set_whatever_else_has_it(stage):
    stage.process = {"A": "process"}
    assert stage.env(compose=[WEB], variables={"A": None}) == ["A=unset"]


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (1, "1"), (1.5, "1.5"), (2.0, "2.0"), ("yes", "yes"), ("", "")]
)
def test_variables_are_texts_as_yaml_writes_them(stage, value, text):
    assert stage.env(compose=[WEB], variables={"A": value}) == [f"A={text}"]
    assert ["variables.A: a number" in warning for warning in stage.warnings] == [True] * isinstance(value, float)


def test_a_variable_with_an_exponent_is_refused(stage):
    with pytest.raises(BadInput) as caught:
        stage.hand(compose=[WEB], variables={"A": 1e30})
    assert caught.value.failure()["option"] == "variables.A"


def test_t2_no_files_are_refused_by_the_action(stage):
    with pytest.raises(BadInput) as caught:
        stage.hand(compose=None)
    assert caught.value.failure()["option"] == "compose"
    assert stage.hand(state="absent", compose=None)["state"] == "absent"


def test_a_file_of_variables_uses_earlier_ones_and_the_tasks_word(stage):
    stage.write(a_env="X=file\nY=file\n", b_env="A=$X $Y\n")
    assert stage.env(compose=[WEB], env_files=["a.env", "b.env"], variables={"X": "task"}) == ["A=task file"]


def test_no_file_of_variables_is_read_that_is_not_named(stage):
    stage.write(_env="A=file\n")
    assert stage.env(compose=[WEB]) == ["A=unset"]
    assert stage.env(compose=[WEB], env_files=[".env"]) == ["A=file"]


# What the module gets


def test_the_module_gets_neither_variables_nor_documents(stage):
    stage.write(stack_yml=FILE)
    options = {"variables": {"A": "hunter2"}, "env_files": [], "prune": True, "_stack": "mine"}
    handed = stage.hand(compose=["stack.yml", WEB, FILE], **options)
    assert handed.pop("_stack")["name"] == "shop"
    assert handed == {
        "name": "shop",
        "compose": ["stack.yml", "inline document 2", "inline document 3"],
        "env_files": [],
        "prune": True,
    }


@pytest.mark.parametrize(
    ("compose", "names"),
    [
        ("stack.yml", ["stack.yml"]),
        ("stack.yml,stack.yml", ["stack.yml", "stack.yml"]),
        (FILE, ["inline document 1"]),
        (json.dumps(WEB), ["inline document 1"]),
        (WEB, ["inline document 1"]),
    ],
)
def test_one_document_needs_no_list(stage, compose, names):
    stage.write(stack_yml=FILE)
    handed = stage.hand(compose=compose)
    assert handed["compose"] == names
    assert env(handed) == ["A=unset"]


def test_nothing_is_read_to_remove_a_stack(stage):
    handed = stage.hand(state="absent", compose=["gone.yml"], variables={"A": "b"})
    assert handed == {"name": "shop", "state": "absent", "compose": ["gone.yml"]}
    assert stage.hand(state="absent") == {"name": "shop", "state": "absent"}


def test_no_file_is_needed_where_none_is_read(stage):
    """A role hands an empty list on for a stack that is to go."""
    assert stage.hand(state="absent", compose=[]) == {"name": "shop", "state": "absent", "compose": []}


def test_what_is_missing_is_left_to_the_module_to_tell(stage):
    assert stage.hand() == {"name": "shop"}
    assert "_stack" not in stage.hand(name=None, compose=[WEB])


def test_a_mapping_in_a_task_may_hold_what_ansibles_yaml_makes(stage):
    document = {"services": {"web": {"image": "nginx", "labels": {"day": datetime.date(2001, 12, 14), "n": 292}}}}
    labels = stage.hand(compose=[document])["_stack"]["services"]["shop_web"]["TaskTemplate"]["ContainerSpec"]["Labels"]
    assert (labels["day"], labels["n"]) == ("2001-12-14", "292")


def test_a_warning_is_told_once_and_not_handed_on(stage):
    documents = [{"services": {"web": {"image": "nginx", "privileged": True}}}] * 2
    assert stage.hand(compose=documents)["_stack"]["warnings"] == []
    assert stage.warnings == ["inline document 1: services.web.privileged: ignored, a swarm does not support it."]


def test_a_variable_that_is_not_set_is_told_once(stage):
    stage.write(a_env="X=$C\nY=$C\n")
    documents = [{"services": {"web": {"image": "nginx", "hostname": "$D", "user": "$D"}}}]
    stage.hand(compose=documents, env_files=["a.env"])
    assert stage.warnings == [
        "a.env: the variable C is not set and becomes empty.",
        "inline document 1: services.web.hostname: the variable D is not set and becomes empty.",
    ]


# Where files are


BOTH = {
    "services": {"web": {"image": "nginx", "env_file": "web.env", "volumes": ["./data:/data"]}},
    "secrets": {"token": {"file": "token.txt"}},
}


def mount(handed):
    return handed["_stack"]["services"]["shop_web"]["TaskTemplate"]["ContainerSpec"]["Mounts"][0]["Source"]


def test_paths_are_relative_to_the_first_file_the_project_or_the_playbook(stage):
    for folder in ("stacks", "project"):
        (stage.folder / folder).mkdir()
        (stage.folder / folder / "web.env").write_text(f"A={folder}\n")
        (stage.folder / folder / "token.txt").write_text(folder)
    (stage.folder / "stacks" / "stack.yml").write_text(json.dumps(BOTH))
    stage.write(web_env="A=playbook\n", token_txt="playbook")

    handed = stage.hand(compose=["stacks/stack.yml"])
    assert (env(handed), mount(handed)) == (["A=stacks"], f"{stage.folder}/stacks/data")
    handed = stage.hand(compose=["stacks/stack.yml"], project_src="project")
    assert (env(handed), mount(handed)) == (["A=project"], f"{stage.folder}/project/data")
    handed = stage.hand(compose=[BOTH])
    assert (env(handed), mount(handed)) == (["A=playbook"], f"{stage.folder}/data")


def test_a_vaulted_file_is_decrypted(stage):
    stage.write(stack_yml="$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    (stage.folder / "stack.yml.plain").write_text(FILE)
    assert stage.env(compose=["stack.yml"]) == ["A=unset"]


def test_all_files_are_the_nodes_with_remote_src_and_each_is_read_once(stage):
    stage.node = {
        "/srv/shop/stack.yml": json.dumps({**BOTH, "configs": {"c": {"file": "token.txt"}}}).encode(),
        "/srv/shop/.env": b"B=1\n",
        "/srv/shop/web.env": b"A=node\n",
        "/srv/shop/token.txt": b"secret",
    }
    handed = stage.hand(compose=["/srv/shop/stack.yml"], env_files=[".env"], remote_src=True)
    assert (env(handed), mount(handed)) == (["A=node"], "/srv/shop/data")
    assert sorted(stage.asked) == sorted(stage.node)
    assert "_stack" in stage.hand(compose=["stack.yml"], project_src="/srv/shop", remote_src="yes")
    stage.node = {path.replace("/srv", "/root"): data for path, data in stage.node.items()}
    assert "_stack" in stage.hand(compose=["~/shop/stack.yml"], remote_src=True)


# What is wrong


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"compose": ["gone.yml"]}, "compose: gone.yml is not on the controller; looked for it at "),
        ({"compose": [WEB], "env_files": ["gone.env"]}, "env_files: gone.env is not on the controller"),
        ({"compose": [WEB], "project_src": "gone"}, "project_src: gone is not on the controller"),
        (
            {"compose": ["stack.yml"], "remote_src": True},
            "compose: stack.yml is read on the node, so it must be absolute",
        ),
        (
            {"compose": ["/gone.yml"], "remote_src": True},
            "compose: cannot read /gone.yml: No such file or directory",
        ),
        (
            {"compose": [WEB], "remote_src": True},
            "project_src: with remote_src and no path in compose it must be given",
        ),
        ({"compose": [WEB], "remote_src": "perhaps"}, "remote_src: must be true or false, not 'perhaps'"),
        ({"compose": [1]}, "compose: item 1 must be a path, a mapping, or the text of a document"),
        ({"compose": 1.5}, "compose: "),
        ({"compose": [WEB], "variables": ["A"]}, "variables: "),
        ({"compose": [WEB], "variables": {"A": ["hunter2"]}}, "variables.A: must be a string, a number, a boolean or"),
        (
            {"compose": [{"services": {"web": {"image": b"x"}}}]},
            "inline document 1: services.web.image: a compose file",
        ),
        ({"compose": [{"services": {"web": {"imag": "x"}}}]}, "inline document 1: services.web.imag: unknown"),
        ({"compose": ["services:\n  web: {imag: x}"]}, "inline document 1, line 2: services.web.imag: unknown"),
        (
            {"compose": [{"services": {"web": {"image": "x", "env_file": "gone.env"}}}]},
            "inline document 1: services.web.env_file: cannot read ",
        ),
        (
            {"compose": [{"secrets": {"token": {"file": "gone.txt"}}}]},
            "inline document 1: secrets.token.file: cannot read ",
        ),
        ({"compose": [WEB], "name": "a b"}, "name: "),
    ],
)
def test_what_is_wrong_and_which_key_wants_it(stage, options, message):
    said = refusal(stage, **options)
    assert message in said
    assert "hunter2" not in said


@pytest.mark.parametrize("value", ["hunter2", "it's \\ hunter2"])
def test_values_of_variables_are_in_no_message(stage, value):
    document = {"services": {"web": {"image": "nginx", "ports": ["${A}:80"], "hostname": "$B"}}}
    said = refusal(stage, compose=[document], variables={"A": value, "B": "80"})
    assert said.startswith("inline document 1: services.web.ports[0]: ")
    assert "${A}:80" in said
    assert "hunter2" not in said


def test_a_folder_is_no_file(stage):
    assert refusal(stage, compose=["."]).startswith(f"compose: cannot read {stage.folder}: Is a directory")
