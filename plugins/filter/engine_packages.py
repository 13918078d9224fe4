# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: engine_packages
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Choose the packages of an engine by its version
description:
  - Says which packages to install so that an engine has a version, and refuses an older one than is there.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, offers, installed
options:
  _input:
    description: Names of the packages, the engine's own first.
    type: list
    elements: str
    required: true
  offers:
    description: Lists that begin with name and version of what can be installed, the newest first.
    type: list
    elements: list
    required: true
  installed:
    description: Versions of the packages that are there, by their names.
    type: dict
    required: true
  version:
    description: The wanted version of the engine or its beginning. Empty is any.
    type: str
    default: ""
  containerd:
    description: The same for containerd.
    type: str
    default: ""
  separator:
    description: What stands between name and version, V(=) for apt and V(-) for dnf.
    type: str
    default: "="
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: >-
      {{ ['docker.io'] | hive.swarm.engine_packages([['docker.io', '28.5.2+dfsg4-5'], ['docker.io', '20.10.24+dfsg1-1']],
                                                    {}, version='20.10') }}
"""

RETURN = r"""
_value:
  description:
    - C(live) (the engine's version that is there), C(target) (the one that shall be), C(change) (V(nothing), V(install) or
      V(upgrade)), C(install) (packages with versions), C(hold) (packages to keep at their versions) and C(stop), a list of
      reasons to install nothing.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._engine.packages import plan
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def engine_packages(names, offers, installed, version="", containerd="", separator="="):
    return plan(
        list(names), [list(offer)[:2] for offer in offers], dict(installed), str(version), str(containerd), separator
    )


class FilterModule:
    def filters(self):
        return {"engine_packages": printing(engine_packages)}
