# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the filters that plan for hosts are given."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  _input:
    description:
      - One dictionary per host of the play, with its C(name), what M(hive.swarm.swarm_info) returned on it as C(probe), and
        C(address), C(labels) and C(availability) as the inventory wants them.
    type: list
    elements: dict
    required: true
  wanted:
    description: The names of the hosts that shall be C(manager) and C(worker), as two lists.
    type: dict
    required: true
  elsewhere:
    description: Results of a looped M(hive.swarm.swarm_info) on hosts that are not in the play.
    type: list
    elements: dict
    default: []
"""

    # For what is done to a swarm that is there.
    SURVEYED = r"""
options:
  survey:
    description: What P(hive.swarm.swarm_survey#filter) returned.
    type: dict
    required: true
  nodes:
    description: The nodes, as M(hive.swarm.swarm_node_info) lists them.
    type: list
    elements: dict
    required: true
"""
