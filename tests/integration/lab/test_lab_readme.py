# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role's README shows works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from .test_lab_role import changed, play

ROLE = Path(__file__).resolve().parents[3] / "roles" / "lab"


def blocks():
    """The README's YAML blocks in order."""
    return re.findall(r"```yaml\n(.*?)```", (ROLE / "README.md").read_text(), re.DOTALL)


def test_the_playbook_runs(new_lab, tmp_path):
    lab = new_lab()
    playbook = tmp_path / "play.yml"
    playbook.write_text(blocks()[0].replace("lab_mine", f"lab_{lab.name.replace('-', '_')}").replace("mine", lab.name))
    assert changed(play(str(playbook))) == 1
    assert changed(play(str(playbook))) == 0


def test_the_molecule_example_runs(new_lab, tmp_path):
    lab = new_lab()
    settings, create, converge, destroy = blocks()[-4:]
    variables = {**yaml.safe_load(settings)["provisioner"]["inventory"]["group_vars"]["all"], "lab_name": lab.name}
    converge = converge.replace("lab_molecule", f"lab_{lab.name.replace('-', '_')}")
    for number, text in enumerate((create, converge, destroy)):
        playbook = tmp_path / f"{number}.yml"
        playbook.write_text(text)
        assert changed(play(str(playbook), **variables)) == (number != 1)


def test_every_variable_is_explained_with_its_default():
    spec = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    readme = (ROLE / "README.md").read_text()
    assert re.findall(r"^\| `(lab_\w+)`", readme, re.MULTILINE) == list(spec)
    assert {name: spec[name]["default"] for name in spec if "default" in spec[name]} == defaults
