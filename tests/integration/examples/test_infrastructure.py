# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example of an infrastructure repository: its site.yml on a lab, and what its inventories say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.cluster.runs import Run, run

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "infrastructure"
MOLECULE = "molecule/default/"


class Repository:
    """A copy of the example, and a lab for the playbooks of its molecule scenario."""

    def __init__(self, folder: Path, lab: str) -> None:
        self.folder, self.lab = folder, lab
        # As molecule has it: the group_vars of the repository, and no host but this one.
        self.inventory = folder / "inventory" / "molecule.yml"
        self.inventory.write_text(json.dumps({"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}))

    def play(self, *names: str) -> Run:
        playbooks = [f"{MOLECULE}{name}.yml" for name in names]
        return run(playbooks, self.inventory, "-e", f"lab_name={self.lab}", folder=self.folder)

    def listed(self, inventory: str) -> dict[str, Any]:
        """The answer of ansible-inventory, with the repository's ansible.cfg."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
        program = str(Path(sys.executable).with_name("ansible-inventory"))
        command = [program, "-i", inventory, "--list"]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    lab = f"exa{os.getpid()}"
    try:
        yield Repository(shutil.copytree(EXAMPLE, tmp_path / "infrastructure"), lab)
    finally:
        Lab(lab).down()


def test_the_repository_makes_a_swarm_with_its_shop_and_then_changes_nothing(repository):
    first = repository.play("converge").succeeded()
    manager = f"{repository.lab}-n1"
    assert {("Keep the password of its database", manager), ("Deploy it, and wait until it runs", manager)} <= set(
        first.changed_tasks
    )
    assert "for the lab alone" not in first.output
    again = repository.play("converge", "verify").succeeded()
    assert again.changes == []
    the_swarm_is_an_inventory_with_the_same_variables(repository)


def the_swarm_is_an_inventory_with_the_same_variables(repository):
    source = repository.folder / "inventory" / "swarm.swarm.yml"
    options = yaml.safe_load(source.read_text())
    source.write_text(json.dumps({**options, "docker_host": Lab.open(repository.lab).engine("n1").docker_host}))
    found = repository.listed("inventory/swarm.swarm.yml")
    n1, n2, n3 = (f"{repository.lab}-n{number}" for number in (1, 2, 3))
    assert found["managers"]["hosts"] == found["swarm_drain"]["hosts"] == [n1]
    assert sorted(found["workers"]["hosts"]) == sorted(found["swarm_label_tier_app"]["hosts"]) == [n2, n3]
    assert found["_meta"]["hostvars"][n2]["engine_source"] == "docker"


def test_hosts_of_production_get_what_is_meant_for_them(repository):
    found = repository.listed("inventory/hosts.yml")["_meta"]["hostvars"]
    assert sorted(found) == ["alpha", "beta", "delta", "epsilon", "gamma"]
    assert found["alpha"]["swarm_availability"] == "drain"
    assert found["delta"]["swarm_labels"] == {"tier": "app"}
    for host in found.values():
        assert (host["engine_source"], host["vault_shop_database_password"]) == ("docker", "only an example")
        assert host["shop_image"].startswith("docker.io/")


def test_its_readme_names_every_file():
    named = re.findall(
        r"`([\w./]+)`", (EXAMPLE / "README.md").read_text().partition("| Where |")[2].partition("Once,")[0]
    )
    files = {path.name for path in EXAMPLE.rglob("*") if path.is_file() and "molecule" not in path.parts}
    assert {Path(name).name for name in named if not name.endswith("/")} >= files - {"README.md"}
