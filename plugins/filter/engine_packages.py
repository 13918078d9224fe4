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
  - Selects the packages to install for a version of the engine, and refuses a version that is older than the installed one.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, offers, installed
options:
  _input:
    description: Names of the packages, the package of the engine first.
    type: list
    elements: str
    required: true
  offers:
    description: Lists that begin with name and version of an available package, newest first.
    type: list
    elements: list
    required: true
  installed:
    description: Versions of the installed packages, by name.
    type: dict
    required: true
  version:
    description: Desired version of the engine, or its beginning. An empty string accepts any version.
    type: str
    default: ""
  containerd:
    description: Desired version of containerd, or its beginning. An empty string accepts any version.
    type: str
    default: ""
  separator:
    description: Separator between name and version, V(=) for apt and V(-) for dnf.
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
    - C(live) (installed version of the engine), C(target) (desired version), C(change) (V(nothing), V(install) or
      V(upgrade)), C(install) (packages with versions), C(hold) (packages to keep at their versions) and C(stop), a list of
      reasons to install nothing.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._installation.packages import plan
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def engine_packages(names, offers, installed, version="", containerd="", separator="="):
    return plan(
        list(names), [list(offer)[:2] for offer in offers], dict(installed), str(version), str(containerd), separator
    )


class FilterModule:
    def filters(self):
        return {"engine_packages": printing(engine_packages)}
