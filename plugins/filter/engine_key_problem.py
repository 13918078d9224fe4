# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: engine_key_problem
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Check the key of a package repository
description:
  - Compares an armored OpenPGP key with its expected fingerprint or checksum.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, expected
options:
  _input:
    description: Content of the key file, as text.
    type: str
    required: true
  expected:
    description:
      - Fingerprint of the only key in the file, or V(sha256:) and the checksum of the file. An empty string accepts any key.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what is wrong with a key
  ansible.builtin.debug:
    msg: "{{ 'no key' | hive.swarm.engine_key_problem('9DC858229FC7DD38854AE2D88D81803C0EBFCD88') }}"
"""

RETURN = r"""
_value:
  description: Reason why the key is not the expected one. Empty if it is.
  type: str
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._installation.repository_key import problem
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def engine_key_problem(text, expected):
    return problem(str(text), str(expected))


class FilterModule:
    def filters(self):
        return {"engine_key_problem": printing(engine_key_problem)}
