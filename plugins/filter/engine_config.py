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
  - Merges the current content of the file with the desired keys, and returns whether the engine can reload the file or needs
    a restart.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, daemon, options
options:
  _input:
    description: Current content of the file, as text. Empty if the file does not exist.
    type: str
    required: true
  daemon:
    description: Desired keys of the file. A key with the value null is removed.
    type: dict
    required: true
  options:
    description: Keys that are derived from other options.
    type: dict
    default: {}
  purge:
    description: Whether to remove keys that are not given.
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
      C(secret) (whether the current or next file contains secrets) and C(stop), a list of reasons not to write it.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._installation.config import plan
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def engine_config(text, daemon, options=None, purge=False):
    return plan(str(text), dict(daemon), dict(options or {}), purge)


class FilterModule:
    def filters(self):
        return {"engine_config": printing(engine_config)}
