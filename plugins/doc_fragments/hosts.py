# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that the planning filters share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  _input:
    description:
      - One dictionary per host of the play, with its C(name), what M(hive.swarm.swarm_info) returned on it as C(probe), and
        C(address), C(labels) and C(availability) from the inventory.
    type: list
    elements: dict
    required: true
  wanted:
    description: Names of the hosts that must be C(manager) and C(worker), as two lists.
    type: dict
    required: true
  elsewhere:
    description: Results of a looped M(hive.swarm.swarm_info) on hosts that are not in the play.
    type: list
    elements: dict
    default: []
"""
