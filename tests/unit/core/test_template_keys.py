# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible fills in the values of a mapping, and leaves its keys as they are."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._core.validators import refuse_template_keys


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"labels": {"zone-{{ x }}": 1}}, "labels.zone-{{ x }}"),
        (
            {"mounts": [{"labels": {}}, {"driver_config": {"options": {"{{ x }}": 1}}}]},
            "mounts.driver_config.options.{{ x }}",
        ),
        ({"name": "a", "env": {"A": "{{.Node.ID}}", "{{ x }}": ""}}, "env.{{ x }}"),
    ],
)
def test_a_key_with_a_template_is_refused(options, place):
    with pytest.raises(BadInput) as caught:
        refuse_template_keys(options)
    assert caught.value.message.startswith(f"{place}: Ansible does not evaluate {{{{ }}}} in a key. Build")


def test_templates_of_the_engine_in_values_are_fine():
    refuse_template_keys({"env": {"A": "{{.Node.ID}}"}, "env_files": ["{{x}}"], "labels": None})
