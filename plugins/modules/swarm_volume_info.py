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
  - Lists the cluster volumes of the swarm, named like the options of M(hive.swarm.swarm_volume), and the nodes that they are
    published on. Runs on a manager with Docker Engine 23.0 or newer (API version 1.42).
  - Local volumes of the engines are not listed.
  - Sends one request, one more for the names of secrets, and two more with O(used_by), regardless of the number of volumes.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
  - hive.swarm.listing
  - hive.swarm.listing.named
options:
  filters:
    description:
      - Only volumes that match these filters. Supported are C(availability), C(driver), C(group), C(id) (or its
        beginning), C(label) (C(key) or C(key=value)) and C(name) (a part of it).
      - A value is a string or a list of strings. One of them must match, for C(label) all of them.
      - This module applies the filters, because the engine filters only its local volumes and lists all cluster volumes.
    type: dict
  used_by:
    description:
      - Whether to return the services that use each volume.
    type: bool
    default: false
  raw:
    description:
      - Whether to also return the engine's API object of each volume. It contains the data that
        the plugin passes to the nodes, which may be confidential.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_volume
"""

EXAMPLES = r"""
- name: List the cluster volumes
  hive.swarm.swarm_volume_info:
  register: swarm

- name: List the volumes that are not used
  hive.swarm.swarm_volume_info:
    used_by: true
    query: "[?!used_by].name"
  register: idle

- name: List the volumes that the plugin has not created yet
  hive.swarm.swarm_volume_info:
    query: "[?volume_id == ''].[name, driver]"
  register: missing

- name: List the volumes of a group
  hive.swarm.swarm_volume_info:
    filters:
      group: web
"""

RETURN = r"""
volumes:
  description: The volumes, sorted by name, or in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the volume., type: str, returned: success, sample: 7zgr7gh5dsfqs1t145k9fq5c9}
    name: {description: Name of the volume., type: str, returned: success, sample: uploads}
    created: {description: Time of creation., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    volume_id:
      description: ID that the plugin uses for the volume. Empty until the plugin has created it.
      type: str
      returned: success
      sample: vol-0123
    driver: {description: CSI plugin., type: str, returned: success, sample: "example/csi:v2"}
    driver_options: {description: Options of the driver., type: dict, returned: success, sample: {tier: fast}}
    group: {description: Group of the volume., type: str, returned: success, sample: web}
    access_mode:
      description: How tasks can use the volume.
      type: dict
      returned: success
      sample: {scope: multi, sharing: all, mount_volume: {fs_type: "", mount_flags: []}, block_volume: false}
    capacity_range:
      description: Requested capacity. V(0) means that it is not set.
      type: dict
      returned: success
      sample: {required_bytes: 10G, limit_bytes: "0"}
    accessibility_requirements:
      description: Topology segments from which the volume must be accessible.
      type: dict
      returned: success
      sample: {requisite: [{zone: a}], preferred: []}
    secrets:
      description: Names of the secrets that are passed to the plugin. For a removed secret, its ID.
      type: dict
      returned: success
      sample: {password: storage-password}
    availability: {description: Availability for tasks., type: str, returned: success, sample: active}
    labels: {description: Labels., type: dict, returned: success, sample: {team: web}}
    capacity_bytes:
      description: Capacity that the plugin reports. 0 if the plugin does not report it.
      type: int
      returned: success
      sample: 10737418240
    accessible_topology:
      description: Topology segments from which the volume is accessible, as the plugin reports them.
      type: list
      elements: dict
      returned: success
      sample: [{zone: a}]
    published:
      description: Nodes on which the volume is published, or is about to be published or unpublished.
      type: list
      elements: dict
      returned: success
      sample: [{node_id: 6461ii89xuzhwxn08w8jduf2j, state: published}]
    used_by:
      description: Names of the services that mount the volume, directly or as a member of its group.
      type: list
      elements: str
      returned: O(used_by=true)
      sample: [web]
    raw: {description: The engine's API object., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Result of O(query).
  returned: O(query) is set
  type: raw
  sample: [uploads]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
  returned: failure
  type: dict
  sample:
    kind: unsupported
    message: "A cluster volume needs Docker API 1.42 (Docker Engine 23.0); the engine speaks 1.41."
    status: null
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._volume.info import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
