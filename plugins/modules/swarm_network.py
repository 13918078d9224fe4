#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_network
short_description: Manage a network of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Creates, replaces or removes an overlay network, or a network of another driver that reaches over the swarm. Runs on
    a manager.
  - An option that is not given is not managed, and the live value stays. An option that is given is exact. Given empty,
    it goes back to the engine's default.
  - The engine cannot change a network. So a difference is refused, with both values and with who uses the network,
    unless O(recreate=true) allows to replace it.
  - What the engine fills in by itself is no difference, like a subnet, a gateway, or the number of a VXLAN.
  - The engine says yes to a new network before it has found addresses for it, and also if it never finds any. This
    module waits until it has them, and takes a new network away again that gets none.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - A network for O(config_from) that is not there is a warning in check mode, since an earlier task may be about to
        create it.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the network. V(bridge), V(host) and V(none) are of every engine, and cannot be managed.
    type: str
    required: true
    aliases: [network_name]
  state:
    description:
      - V(present) has the network as the options say.
      - V(absent) removes it and waits until it is gone. A network that services or containers use is not removed, and
        the failure names them. Tasks that are just ending are waited for.
    type: str
    choices: [present, absent]
    default: present
  driver:
    description:
      - Driver of the network. A new one is V(overlay) if nothing is said. Of one that is there, the driver is only
        compared if it is given.
      - V(bridge), V(macvlan), V(ipvlan) or V(host) take what each node is to do from a network of that node, see
        O(config_from).
    type: str
  driver_options:
    description:
      - Options of the driver, like C(com.docker.network.driver.mtu). V({}) is none.
      - C(encrypted) among them is O(encrypted). Without it, it is not managed.
    type: dict
  encrypted:
    description:
      - Whether traffic between the nodes is encrypted. Only of the driver overlay.
    type: bool
  attachable:
    description:
      - Whether containers that are no task of a service can be attached by hand too.
    type: bool
  internal:
    description:
      - Whether the network has no way out.
    type: bool
  ingress:
    description:
      - Whether this is the network of published ports. A swarm has at most one, which it has made itself. To have
        another one, remove that one first, or replace it with O(recreate=true). Neither is possible while services
        publish ports on it.
    type: bool
  scope:
    description:
      - V(swarm), or V(local) with O(config_only).
    type: str
    choices: [local, swarm]
  config_only:
    description:
      - Whether this is a mere set of options, which networks name by O(config_from). Each engine has its own, so this
        runs on every node, workers too. There, O(state=absent) needs it too.
    type: bool
  config_from:
    description:
      - Name of a config-only network from which each node takes driver options and addresses. It excludes these options
        here.
      - Not for overlay networks. These get their addresses from the swarm, whatever the config-only network says.
    type: str
  ipam_driver:
    description:
      - Driver that gives out addresses. V(default) is the engine's own.
    type: str
  ipam_driver_options:
    description:
      - Options of O(ipam_driver). V({}) is none.
    type: dict
  ipam_config:
    description:
      - Subnets of the network. Their order says nothing.
      - V([]) leaves the choice to the engine. A single subnet that it may have chosen itself stays then.
    type: list
    elements: dict
    suboptions:
      subnet:
        description:
          - Subnet in CIDR notation. It must overlap no other one of the swarm.
        type: str
        required: true
      iprange:
        description:
          - Part of the subnet in CIDR notation, from which containers get addresses. Not given, it is the whole subnet.
        type: str
      gateway:
        description:
          - Address of the gateway. The engine chooses one if it is not given, and that one is no difference.
        type: str
      aux_addresses:
        description:
          - Names and addresses that are not to be given out. Only with O(config_only), as the engine drops them from
            networks of a swarm without saying so.
        type: dict
  enable_ipv4:
    description:
      - Whether there is IPv4. V(false) only with O(config_only).
      - Needs API version 1.48 (Docker Engine 28.0).
    type: bool
  enable_ipv6:
    description:
      - Whether there is IPv6, which takes a subnet in O(ipam_config).
      - Some builds of Docker Engine 28 never give addresses to such a network of a swarm. The task fails then.
    type: bool
  labels:
    description:
      - Labels of the network. V({}) removes them, which like any change takes O(recreate).
    type: dict
  labels_state:
    description:
      - With V(replace) the network has O(labels) and no others, except those of a stack (C(com.docker.stack.*)), which
        stay. V(merge) leaves all others alone.
    type: str
    choices: [replace, merge]
    default: replace
  recreate:
    description:
      - Whether a network that differs may be replaced. What the task does not name stays, the subnet included.
      - The engine is asked first whether it takes the new network, under another name. Then the services are detached,
        the old network is removed, the new one is made, and the services are attached again exactly as they were, in the
        same place, with their aliases and options. Their tasks are replaced twice, and they cannot reach each other
        meanwhile.
      - While a service is detached, its tasks are replaced all at once, whatever its update policy says. It has its own
        policy again when it is attached. What it could be rolled back to before is lost.
      - If something fails, the old network and its services are brought back as far as that is possible, and the
        message says how far.
      - A network with containers that were attached by hand is not replaced, nor one with jobs, which would run again.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_network_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: A network for the services of a shop
  hive.swarm.swarm_network:
    name: shop
    encrypted: true
    labels:
      team: web

- name: One with addresses of its own, also for containers that are no services
  hive.swarm.swarm_network:
    name: backend
    attachable: true
    internal: true
    driver_options:
      com.docker.network.driver.mtu: "1400"
    ipam_config:
      - subnet: 10.77.0.0/24

- name: Move it to another subnet, with the services that use it
  hive.swarm.swarm_network:
    name: backend
    ipam_config:
      - subnet: 10.78.0.0/22
    recreate: true

- name: What each node has of a network of its own (runs on every node)
  hive.swarm.swarm_network:
    name: lan-config
    config_only: true
    driver_options:
      parent: eth0
    ipam_config:
      - subnet: 192.0.2.0/24
        iprange: 192.0.2.128/27
        gateway: 192.0.2.1

- name: The same network on all nodes
  hive.swarm.swarm_network:
    name: lan
    driver: macvlan
    config_from: lan-config

- name: Remove it
  hive.swarm.swarm_network:
    name: lan
    state: absent
"""

RETURN = r"""
network:
  description:
    - The network in the words of the options. In check mode, as it would be. Empty for one that is removed.
    - What the engine has added is left out of C(driver_options) and C(ipam_driver_options).
  returned: success
  type: dict
  sample:
    id: jpphenww36vd5ozfmmm6ns9qe
    name: shop
    created: "2026-11-01T10:00:00.000000000Z"
    driver: overlay
    driver_options: {}
    encrypted: true
    attachable: false
    internal: false
    ingress: false
    scope: swarm
    config_only: false
    config_from: ""
    ipam_driver: default
    ipam_driver_options: {}
    ipam_config: [{subnet: 10.0.1.0/24, iprange: "", gateway: 10.0.1.1, aux_addresses: {}}]
    enable_ipv4: true
    enable_ipv6: false
    labels: {team: web}
reattached:
  description: Names of the services that were detached and attached again.
  returned: success
  type: list
  elements: str
  sample: [api, web]
failure:
  description:
    - Why the task failed.
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(network backend). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "Network shop cannot be changed in place: internal is False and would be True. It is used by service web."
    status:
"""

from ..module_utils._definition import WAIT_SPEC, define
from ..module_utils._resources.swarm_network import ARGUMENT_SPEC, SwarmNetwork
from ..module_utils._runner import run_module

MODULE = define(SwarmNetwork, {**ARGUMENT_SPEC, **WAIT_SPEC})


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
