# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the files of the role promise each other."""

from __future__ import annotations

from pathlib import Path

import yaml
from ansible_collections.hive.swarm.plugins.module_utils._swarm.resource import ARGUMENT_SPEC

ROLE = Path(__file__).resolve().parents[3] / "roles" / "cluster"
# Options of hive.swarm.swarm_init that are no settings of the swarm: of the first node, orders, and secrets to return.
OTHERS = {
    "advertise_addr", "listen_addr", "data_path_addr", "availability", "join_tokens", "unlock_key", "force_new_cluster",
    "rotate_worker_token", "rotate_manager_token", "rotate_manager_unlock_key",
}  # fmt: skip


def read(path: str):
    return yaml.safe_load((ROLE / path).read_text())


def test_every_setting_of_the_swarm_can_be_given():
    settings = set(ARGUMENT_SPEC) - OTHERS
    task = read("tasks/create.yml")[0]["hive.swarm.swarm_init"]
    assert {name for name, value in task.items() if "cluster_swarm" in str(value)} == settings
    documented = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]["cluster_swarm"]["options"]
    assert set(documented) == settings
    for name in settings:
        assert documented[name]["type"] == ARGUMENT_SPEC[name].get("type", "str"), name


def test_the_first_node_gets_its_own_addresses():
    """The task runs once, with the variables of whatever host comes first in the play."""
    task = read("tasks/create.yml")[0]
    given = task["hive.swarm.swarm_init"]
    for option in ("advertise_addr", "listen_addr", "data_path_addr", "availability"):
        assert "cluster_first." in given[option], option
    assert "hostvars[cluster_plan.init]" in task["vars"]["cluster_first"]


def test_defaults_are_documented():
    documented = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    defaults = read("defaults/main.yml")
    assert set(documented) - set(defaults) == {"swarm_labels", "swarm_availability"}
    for name, default in defaults.items():
        if "{{" not in str(default):
            assert default == documented[name].get("default", ""), name
