# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: engine_config
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the next daemon.json of an engine
description:
  - Merges what the file holds and what it shall hold, and says whether the engine can reload that or needs a restart.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, daemon, options
options:
  _input:
    description: What the file holds now, as text. Empty where there is none.
    type: str
    required: true
  daemon:
    description: Keys of the file as they shall be. A key that is null goes.
    type: dict
    required: true
  options:
    description: Keys that follow from other options.
    type: dict
    default: {}
  purge:
    description: Whether keys that are not given go.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ lookup('ansible.builtin.file', 'daemon.json') | hive.swarm.engine_config({'debug': false}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(wanted) (the whole next file), C(differing) (names of keys), C(needs) (V(nothing), V(reload) or V(restart)),
      C(secret) (whether the file has secrets, now or next) and C(stop), a list of reasons not to write it.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._engine.config import plan
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def engine_config(text, daemon, options=None, purge=False):
    return plan(str(text), dict(daemon), dict(options or {}), purge)


class FilterModule:
    def filters(self):
        return {"engine_config": printing(engine_config)}
