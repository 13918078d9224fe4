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
  - A cluster volume is made by a CSI plugin and reaches over the swarm. Services mount it with the type C(cluster), and
    the swarm brings it to the node where a task wants it. The volumes that each engine makes for itself are no matter
    of this module.
  - Needs Docker Engine 23.0 or newer (API version 1.42). An older engine fails the task before anything is written.
  - An option that is not given is not managed, and the live value stays. An option that is given is exact. Given empty,
    it asks for the engine's default.
  - The engine changes nothing of a cluster volume but its availability. Any other difference is refused, with both
    values and with who uses the volume. There is no option to replace a volume, as its data would be lost.
  - The engine says yes to a new volume before the plugin has made it, and also where there is no such plugin. This
    module waits until it is made.
  - The engine does not tell that a volume is about to be removed. If a task with O(state=absent) has failed or has not
    waited, the volume looks as if nothing had happened, and is still going to be removed.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - A secret for O(secrets) that is not there is a warning in check mode, since an earlier task may be about to
        create it.
      - Whether a plugin makes or removes the volume is only known by trying.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the volume. An engine may have a volume of its own with the same name, which this module leaves alone.
    type: str
    required: true
    aliases: [volume_name]
  state:
    description:
      - V(present) has the volume as the options say, made by its plugin.
      - V(absent) removes it, with its data, and waits until the plugin has done so. A volume that services mount, or
        that a task of theirs has got as one of its group, is not removed, and the failure names the services.
    type: str
    choices: [present, absent]
    default: present
  force:
    description:
      - With O(state=absent), whether the swarm just forgets the volume, whoever uses it and without asking the plugin.
        What the plugin has made stays where it is.
      - It is the way out where the plugin is gone or refuses.
    type: bool
    default: false
  driver:
    description:
      - The CSI plugin that makes the volume, by its name as C(docker plugin ls) has it. A new volume needs one.
      - Without a tag it is that with the tag C(latest). The engine finds a plugin without its tag too, and makes the
        volume, but never publishes it to a node (seen with Docker Engine 28.5). So the tag is always sent, and a volume
        that was made without is warned about.
    type: str
  driver_options:
    description:
      - Options of the driver. V({}) is none.
    type: dict
  group:
    description:
      - Group of the volume. A mount with the source C(group:NAME) takes any free volume of the group.
    type: str
  access_mode:
    description:
      - Who can use the volume, and as what.
    type: dict
    suboptions:
      scope:
        description:
          - Whether one node at a time can have it, or several. The engine's default is V(single).
        type: str
        choices: [single, multi]
      sharing:
        description:
          - Whether tasks can use it at the same time. With V(none) one task has it. With V(readonly) all read, with
            V(onewriter) all read and one writes, with V(all) all write.
          - The engine's default is V(none), which cannot be had with O(access_mode.scope=multi).
        type: str
        choices: [none, readonly, onewriter, all]
      mount_volume:
        description:
          - The volume holds files. This is how a new volume is if nothing is said. Excludes
            O(access_mode.block_volume).
        type: dict
        suboptions:
          fs_type:
            description:
              - File system. The plugin chooses if it is not given.
            type: str
          mount_flags:
            description:
              - Flags for mounting it.
            type: list
            elements: str
      block_volume:
        description:
          - Whether the volume is a block device.
        type: bool
  capacity_range:
    description:
      - How much it can hold. The plugin chooses if nothing is said.
    type: dict
    suboptions:
      required_bytes:
        description:
          - At least so much, like V(10G) or a number of bytes. V(0) is no wish.
        type: str
      limit_bytes:
        description:
          - At most so much. V(0) is no limit.
        type: str
  accessibility_requirements:
    description:
      - Parts of the topology, in the plugin's words, from which the volume must be in reach.
    type: dict
    suboptions:
      requisite:
        description:
          - The volume must be in reach from at least one of these. Each is a dictionary of the topology's keys and
            values.
        type: list
        elements: dict
      preferred:
        description:
          - The same, as a wish, the first being the dearest.
        type: list
        elements: dict
  secrets:
    description:
      - Secrets of the swarm that the plugin is given. The keys are the plugin's, the values are names of secrets.
      - Secrets that are in use like this can be removed all the same. A volume with a secret that is gone shows its ID.
    type: dict
  availability:
    description:
      - With V(active), tasks are placed with the volume. With V(pause), no new ones are. With V(drain), those that run
        with it are stopped too, which is waited for. The node keeps the volume until another node or nobody wants it.
      - The engine's default is V(active).
    type: str
    choices: [active, pause, drain]
  labels:
    description:
      - Labels of the volume. V({}) is none.
    type: dict
  labels_state:
    description:
      - With V(replace) the volume must have O(labels) and no others, except those of a stack (C(com.docker.stack.*)).
        With V(merge) others are no difference.
    type: str
    choices: [replace, merge]
    default: replace
seealso:
  - module: hive.swarm.swarm_volume_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: A volume for one node at a time
  hive.swarm.swarm_volume:
    name: db
    driver: example/csi:v2
    access_mode:
      mount_volume:
        fs_type: xfs
    capacity_range:
      required_bytes: 10G
      limit_bytes: 20G

- name: One for many nodes, in a certain zone, with the password of the storage
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

- name: Use it
  hive.swarm.swarm_service:
    name: web
    image: example/web:1
    mounts:
      - type: cluster
        source: uploads
        target: /uploads

- name: Take it away from all nodes for a while
  hive.swarm.swarm_volume:
    name: uploads
    availability: drain

- name: Remove it, with its data
  hive.swarm.swarm_volume:
    name: uploads
    state: absent
"""

RETURN = r"""
volume:
  description:
    - The volume in the words of the options. In check mode, as it would be. Empty for one that is removed.
    - The C(volume_id) is what the plugin calls it, and empty as long as it has not made it.
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
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(volume data). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "Volume uploads is used by service web, so it is not removed."
    status:
"""

from ..module_utils._definition import WAIT_SPEC, define
from ..module_utils._resources.swarm_volume import ARGUMENT_SPEC, SwarmVolume
from ..module_utils._runner import run_module

MODULE = define(SwarmVolume, {**ARGUMENT_SPEC, **WAIT_SPEC})


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
