#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_volume_info
short_description: List the cluster volumes of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Lists the cluster volumes of the swarm in the words of the options of M(hive.swarm.swarm_volume), and where they
    are. Runs on a manager with Docker Engine 23.0 or newer (API version 1.42).
  - The volumes that each engine makes for itself are not listed.
  - Takes one request, one more for the names of secrets, and two more with O(used_by), whatever the number of volumes.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  name:
    description:
      - Only volumes with these names or IDs. A name that no volume has is no error.
    type: list
    elements: str
  filters:
    description:
      - Only volumes that these filters let through. They are C(availability), C(driver), C(group), C(id) (or its
        beginning), C(label) (C(key) or C(key=value)) and C(name) (a part of it).
      - A value is a string or a list of strings, of which one must match; of C(label) all must match.
      - They are applied by this module, as the engine filters its own volumes alone and lists all of the swarm.
    type: dict
  used_by:
    description:
      - Whether to return which services use each volume.
    type: bool
    default: false
  raw:
    description:
      - Whether to return the engine's own document of each volume too. It has what the plugin says of the volume to the
        nodes, which may be confidential.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression over the list of volumes. Its outcome is returned as RV(result).
      - Needs the Python package C(jmespath) on the managed node.
    type: str
requirements:
  - jmespath, only for O(query)
seealso:
  - module: hive.swarm.swarm_volume
"""

EXAMPLES = r"""
- name: List the cluster volumes
  hive.swarm.swarm_volume_info:
  register: swarm

- name: Which ones does nobody use?
  hive.swarm.swarm_volume_info:
    used_by: true
    query: "[?!used_by].name"
  register: idle

- name: Which ones has their plugin not made yet?
  hive.swarm.swarm_volume_info:
    query: "[?volume_id == ''].[name, driver]"
  register: missing

- name: Look at those of a group
  hive.swarm.swarm_volume_info:
    filters:
      group: web
"""

RETURN = r"""
volumes:
  description: The volumes, in the order of their names, or in that of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the volume., type: str, returned: success, sample: 7zgr7gh5dsfqs1t145k9fq5c9}
    name: {description: Name of the volume., type: str, returned: success, sample: uploads}
    created: {description: When it was made., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    volume_id:
      description: What the plugin calls it. Empty as long as the plugin has not made it.
      type: str
      returned: success
      sample: vol-0123
    driver: {description: The CSI plugin., type: str, returned: success, sample: "example/csi:v2"}
    driver_options: {description: Options of the driver., type: dict, returned: success, sample: {tier: fast}}
    group: {description: Its group., type: str, returned: success, sample: web}
    access_mode:
      description: Who can use it, and as what.
      type: dict
      returned: success
      sample: {scope: multi, sharing: all, mount_volume: {fs_type: "", mount_flags: []}, block_volume: false}
    capacity_range:
      description: How much was asked for. V(0) is no wish.
      type: dict
      returned: success
      sample: {required_bytes: 10G, limit_bytes: "0"}
    accessibility_requirements:
      description: From where it must be in reach.
      type: dict
      returned: success
      sample: {requisite: [{zone: a}], preferred: []}
    secrets:
      description: Names of the secrets that the plugin is given. One that is gone is shown by its ID.
      type: dict
      returned: success
      sample: {password: storage-password}
    availability: {description: Whether tasks are placed with it., type: str, returned: success, sample: active}
    labels: {description: Its labels., type: dict, returned: success, sample: {team: web}}
    capacity_bytes:
      description: How much it holds, as the plugin says. 0 where it does not say.
      type: int
      returned: success
      sample: 10737418240
    accessible_topology:
      description: From where it is in reach, as the plugin says.
      type: list
      elements: dict
      returned: success
      sample: [{zone: a}]
    published:
      description: The nodes that have it, or are about to get it or to give it back.
      type: list
      elements: dict
      returned: success
      sample: [{node_id: 6461ii89xuzhwxn08w8jduf2j, state: published}]
    used_by:
      description: Names of the services that mount it, or have got it as one of its group.
      type: list
      elements: str
      returned: O(used_by=true)
      sample: [web]
    raw: {description: The engine's own document., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Outcome of O(query).
  returned: O(query) is given
  type: raw
  sample: [uploads]
failure:
  description: Why the task failed.
  returned: failure
  type: dict
  sample:
    kind: unsupported
    message: "A cluster volume needs Docker API 1.42 (Docker Engine 23.0); the engine speaks 1.41."
    status: null
"""

from ..module_utils._definition import define_info
from ..module_utils._resources.swarm_volume_info import ARGUMENT_SPEC, read_volume_info
from ..module_utils._runner import run_module

MODULE = define_info(read_volume_info, ARGUMENT_SPEC)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
