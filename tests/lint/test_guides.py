# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one-line tasks of the guides use modules, options and playbooks that exist."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible.vars.reserved import get_reserved_names
from ansible_collections.hive.swarm.tests.lint.test_contracts import MODULES, ROOT, accepted

GUIDE = (ROOT / "docs" / "docsite" / "rst" / "guide_coming_from.rst").read_text()
ONE_LINERS = re.findall(r"``(hive\.swarm\.\w+: \{.*?\})``", GUIDE)
PLAYBOOKS = sorted(set(re.findall(r"``(?:ansible-playbook )?hive\.swarm\.(\w*[a-z])(?: --check --diff)?``", GUIDE)))


def test_there_are_one_liners_and_playbooks():
    assert len(ONE_LINERS) > 25
    assert {"site", "scale_in", "rotate"} <= set(PLAYBOOKS)


@pytest.mark.parametrize("text", ONE_LINERS)
def test_a_one_liner_is_a_task(text):
    ((name, options),) = yaml.safe_load(text).items()
    (module,) = [path for path in MODULES if name == f"hive.swarm.{path.stem}"]
    assert set(options) <= accepted(module)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_is_there(name):
    assert (ROOT / "playbooks" / f"{name}.yml").is_file()


def test_no_variable_that_is_asked_for_on_the_command_line_has_a_name_of_ansible():
    """Ansible warns of each of them."""
    documents = [ROOT / "README.md", *ROOT.glob("docs/docsite/rst/*.rst"), *ROOT.glob("roles/*/README.md")]
    asked = {name for path in documents for name in re.findall(r"-e (\w+)=", path.read_text())}
    assert {"operations_confirm", "operations_batch"} <= asked
    assert not asked & set(get_reserved_names())
