#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_volume
short_description: Manage a cluster volume of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Creates or removes a cluster volume, or changes its availability. Runs on a manager.
  - A CSI plugin provides a cluster volume for the whole swarm. Services mount it with the type C(cluster), and the swarm
    publishes it to the nodes whose tasks use it. Local volumes of the engines are not managed by this module.
  - Needs Docker Engine 23.0 or newer (API version 1.42). With an older engine, the task fails before anything is written.
  - Options that are not set are not managed, and their live values stay. Options that are set define the complete value. An
    empty value means the engine's default.
  - The engine can change only the availability of a cluster volume. Any other difference fails the task, with both values
    and the services that use the volume. The module has no option to replace a volume, because its data would be lost.
  - The engine accepts a new volume before the plugin has created it, even if the plugin does not exist. This module waits
    until the volume is created.
  - The engine does not report that the removal of a volume is pending. If a task with O(state=absent) has failed or has not
    waited, the volume looks unchanged, but is still going to be removed.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - A secret for O(secrets) that does not exist is a warning in check mode, because an earlier task may be about to
        create it.
      - Check mode cannot predict whether the plugin creates or removes the volume.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the volume. An engine may have a local volume with the same name, which this module ignores.
    type: str
    required: true
    aliases: [volume_name]
  state:
    description:
      - V(present) creates the volume or updates its availability.
      - V(absent) removes the volume with its data, and waits until the plugin has done so. A volume that services mount, or
        that a task uses as a member of its group, is not removed, and the failure names the services.
    type: str
    choices: [present, absent]
    default: present
  force:
    description:
      - With O(state=absent), whether to remove only the swarm's entry of the volume, even if services use it and without
        calling the plugin. The storage that the plugin has created stays.
      - Use this if the plugin does not exist anymore or refuses the removal.
    type: bool
    default: false
  driver:
    description:
      - CSI plugin that provides the volume, by its name in C(docker plugin ls). Required for a new volume.
      - A name without a tag means the tag C(latest). The engine also accepts a plugin without its tag and creates the
        volume, but never publishes it to a node (seen with Docker Engine 28.5). So the module always sends the tag, and
        warns about a volume that was created without it.
    type: str
  driver_options:
    description:
      - Options of the driver. V({}) means no options.
    type: dict
  group:
    description:
      - Group of the volume. A mount with the source C(group:NAME) uses any free volume of the group.
    type: str
  access_mode:
    description:
      - How tasks can use the volume.
    type: dict
    suboptions:
      scope:
        description:
          - Whether one node or several nodes at a time can use the volume. The engine's default is V(single).
        type: str
        choices: [single, multi]
      sharing:
        description:
          - Whether several tasks can use the volume at the same time. With V(none) only one task can use it. With
            V(readonly) all tasks can read, with V(onewriter) all tasks can read and one can write, with V(all) all tasks
            can write.
          - The engine's default is V(none), which O(access_mode.scope=multi) does not support.
        type: str
        choices: [none, readonly, onewriter, all]
      mount_volume:
        description:
          - Volume with a file system, the default for a new volume. Mutually exclusive with O(access_mode.block_volume).
        type: dict
        suboptions:
          fs_type:
            description:
              - Type of the file system. The plugin chooses the default.
            type: str
          mount_flags:
            description:
              - Flags for mounting the file system.
            type: list
            elements: str
      block_volume:
        description:
          - Whether the volume is a block device.
        type: bool
  capacity_range:
    description:
      - Capacity of the volume. The plugin chooses the default.
    type: dict
    suboptions:
      required_bytes:
        description:
          - Minimum capacity, such as V(10G) or a number of bytes. V(0) sets no minimum.
        type: str
      limit_bytes:
        description:
          - Maximum capacity. V(0) sets no maximum.
        type: str
  accessibility_requirements:
    description:
      - Topology segments, as defined by the plugin, from which the volume must be accessible.
    type: dict
    suboptions:
      requisite:
        description:
          - The volume must be accessible from at least one of these segments. Each is a dictionary with keys and values of
            the topology.
        type: list
        elements: dict
      preferred:
        description:
          - Segments from which the volume should be accessible, most preferred first.
        type: list
        elements: dict
  secrets:
    description:
      - Secrets of the swarm that are passed to the plugin. The keys are defined by the plugin, the values are names of
        secrets.
      - The engine allows to remove a secret that a volume uses. The volume then shows the ID of the removed secret.
    type: dict
  availability:
    description:
      - With V(active), new tasks can use the volume. With V(pause), new tasks cannot use it. With V(drain), running tasks
        that use it are stopped too, and the module waits for that. The volume stays on the node until another node needs it
        or no service uses it anymore.
      - The engine's default is V(active).
    type: str
    choices: [active, pause, drain]
  labels:
    description:
      - Labels of the volume. V({}) means no labels.
      - A list of V(KEY=VALUE), as in Compose files, is accepted too.
    type: dict
  labels_state:
    description:
      - With V(replace) the volume must not have labels that are not in O(labels), except those of a stack
        (C(com.docker.stack.*)). With V(merge) other labels are ignored.
    type: str
    choices: [replace, merge]
    default: replace
seealso:
  - module: hive.swarm.swarm_volume_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: Create a volume for one node at a time
  hive.swarm.swarm_volume:
    name: db
    driver: example/csi:v2
    access_mode:
      mount_volume:
        fs_type: xfs
    capacity_range:
      required_bytes: 10G
      limit_bytes: 20G

- name: Create a volume for several nodes, in a certain zone, with the password of the storage
  hive.swarm.swarm_volume:
    name: uploads
    driver: example/csi:v2
    driver_options:
      tier: fast
    group: web
    access_mode:
      scope: multi
      sharing: all
    accessibility_requirements:
      requisite:
        - zone: a
    secrets:
      password: storage-password
    labels:
      team: web

- name: Mount the volume in a service
  hive.swarm.swarm_service:
    name: web
    image: example/web:1
    mounts:
      - type: cluster
        source: uploads
        target: /uploads

- name: Unpublish the volume from all nodes
  hive.swarm.swarm_volume:
    name: uploads
    availability: drain

- name: Remove the volume and its data
  hive.swarm.swarm_volume:
    name: uploads
    state: absent
"""

RETURN = r"""
volume:
  description:
    - The volume with its options. In check mode, the predicted object. Empty if it is removed.
    - C(volume_id) is the ID that the plugin uses. It is empty until the plugin has created the volume.
  returned: success
  type: dict
  sample:
    id: 7zgr7gh5dsfqs1t145k9fq5c9
    name: uploads
    created: "2026-11-01T10:00:00.000000000Z"
    volume_id: vol-0123
    driver: example/csi:v2
    driver_options: {tier: fast}
    group: web
    access_mode:
      scope: multi
      sharing: all
      mount_volume: {fs_type: "", mount_flags: []}
      block_volume: false
    capacity_range: {required_bytes: "0", limit_bytes: "0"}
    accessibility_requirements: {requisite: [{zone: a}], preferred: []}
    secrets: {password: storage-password}
    availability: active
    labels: {team: web}
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If services use the volume, C(services) lists them. If the volume cannot be changed, C(options) lists the options that
      differ, and C(before) and C(after) have their values.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(volume data).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "Volume uploads is used by service web, so it is not removed."
    status:
    services: [web]
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._volume.resource import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
