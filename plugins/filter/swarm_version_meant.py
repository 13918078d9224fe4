# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_version_meant
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Check whether a version of Docker Engine matches
description:
  - Suffixes that a distribution adds to a version are ignored.
positional: _input, wanted
options:
  _input:
    description: A version, such as V(28.5.2+dfsg4).
    type: str
    required: true
  wanted:
    description: Desired version, or its beginning, such as V(28.5) or V(5:28.5.2-1~debian.12~bookworm).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Wait for the new engine
  hive.swarm.swarm_info:
  register: engine
  until: engine.engine_version | hive.swarm.swarm_version_meant('28.5')
"""

RETURN = r"""
_value:
  description: Whether the version matches.
  type: bool
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.versions import meant


def swarm_version_meant(version, wanted):
    return meant(str(version), str(wanted))


class FilterModule:
    def filters(self):
        return {"swarm_version_meant": swarm_version_meant}
