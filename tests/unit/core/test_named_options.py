# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C1: every refusal of bad input names its option as data. The harness checks it in each run of a module."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._core.validators import Problem
from ansible_collections.hive.swarm.plugins.module_utils._service.schema import SERVICE
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError, problem_at


def test_the_option_begins_the_message_and_is_data():
    error = BadInput("update_config.delay", "must not be negative.").inside("plugin")
    assert error.failure()["option"] == "plugin.update_config.delay"
    assert error.failure()["option"] == "plugin.update_config.delay"


def test_a_key_with_dots_stays_one_part():
    assert BadInput(("labels", "com.example.a"), "x").option == ("labels", "com.example.a")


def test_numbers_of_elements_are_not_in_the_name():
    assert Problem(("publish", 0, "target_port"), "x").error().failure()["option"] == "publish.target_port"


def test_a_compose_file_is_the_option_compose():
    error = ComposeError(problem_at("a.yml", "x", 3, "services.web"))
    assert (error.message, error.failure()["option"]) == ("a.yml, line 3: services.web: x", "compose")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"update_config": {"delay": "x"}}, "update_config.delay"),
        ({"mounts": [{"target": "/a", "tmpfs_mode": "9", "type": "tmpfs"}]}, "mounts.tmpfs_mode"),
        ({"networks": [{"name": "a", "aliases": "b"}]}, "networks.aliases"),
        ({"stop_grace_period": "30"}, "stop_grace_period"),
        ({"labels": {"a": []}}, "labels"),
    ],
)
def test_sub_options_are_named_with_what_is_around_them(options, named):
    with pytest.raises(BadInput) as caught:
        SERVICE.check(options)
    assert caught.value.failure()["option"] == named
