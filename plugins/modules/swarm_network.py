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
  - Creates, replaces or removes an overlay network, or a swarm-scoped network of another driver. Runs on a manager.
  - Options that are not set are not managed, and their live values stay. Options that are set define the complete value. An
    empty value restores the engine's default.
  - The engine cannot change a network. So a difference fails the task, with both values and the users of the network,
    unless O(recreate=true) allows to replace the network.
  - Values that the engine chooses itself, such as a subnet, a gateway, or the ID of a VXLAN, are not a difference.
  - The engine accepts a network before its addresses are allocated, even if allocation then fails. This module waits for
    the allocation, and removes a new network that gets no addresses.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - A network for O(config_from) that does not exist is a warning in check mode, because an earlier task may be about
        to create it.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the network. V(bridge), V(host) and V(none) exist on every engine and cannot be managed.
    type: str
    required: true
    aliases: [network_name]
  state:
    description:
      - V(present) creates the network, or replaces it with O(recreate=true).
      - V(absent) removes the network and waits until it does not exist anymore. A network that services or containers use
        is not removed, and the failure names them. The module waits for tasks that are about to end.
    type: str
    choices: [present, absent]
    default: present
  driver:
    description:
      - Driver of the network. The default for a new network is V(overlay). The driver of an existing network is only
        compared if this option is set.
      - V(bridge), V(macvlan), V(ipvlan) and V(host) take their configuration on each node from a config-only network of
        that node, see O(config_from).
    type: str
  driver_options:
    description:
      - Options of the driver, such as C(com.docker.network.driver.mtu). V({}) removes all options.
      - The key C(encrypted) is the same as O(encrypted). Without this key, encryption is not managed.
    type: dict
  encrypted:
    description:
      - Whether to encrypt traffic between the nodes. Only for the driver overlay.
    type: bool
  attachable:
    description:
      - Whether standalone containers can be attached manually.
    type: bool
  internal:
    description:
      - Whether the network has no external connectivity.
    type: bool
  ingress:
    description:
      - Whether this is the network of the routing mesh for published ports. A swarm has at most one such network, which it
        creates automatically. To use another one, remove the existing one first, or replace it with O(recreate=true).
        Neither is possible while services publish ports on it.
    type: bool
  scope:
    description:
      - V(swarm), or V(local) with O(config_only).
    type: str
    choices: [local, swarm]
  config_only:
    description:
      - Whether the network is only a set of options that other networks refer to with O(config_from). Each engine has its
        own config-only networks, so run the task on every node, including workers. O(state=absent) also needs this option
        on workers.
    type: bool
  config_from:
    description:
      - Name of a config-only network from which each node takes driver options and addresses. Mutually exclusive with
        the options for those.
      - Not for overlay networks, which get their addresses from the swarm regardless of the config-only network.
    type: str
  ipam_driver:
    description:
      - Driver that allocates addresses. V(default) is the engine's own driver.
    type: str
  ipam_driver_options:
    description:
      - Options of O(ipam_driver). V({}) removes all options.
    type: dict
  ipam_config:
    description:
      - Subnets of the network. Their order is not significant.
      - With V([]) the engine chooses. A live network with a single subnet that the engine may have chosen is not a
        difference.
    type: list
    elements: dict
    suboptions:
      subnet:
        description:
          - Subnet in CIDR notation. It must not overlap with another subnet of the swarm.
        type: str
        required: true
      iprange:
        description:
          - Part of the subnet, in CIDR notation, from which containers get addresses. The default is the whole subnet.
        type: str
      gateway:
        description:
          - Address of the gateway. By default the engine chooses one, which is not a difference.
        type: str
      aux_addresses:
        description:
          - Names and addresses that are not allocated to containers. Only with O(config_only), because the engine silently
            drops them from swarm-scoped networks.
        type: dict
  enable_ipv4:
    description:
      - Whether to enable IPv4. V(false) is only supported with O(config_only).
      - Needs API version 1.48 (Docker Engine 28.0).
    type: bool
  enable_ipv6:
    description:
      - Whether to enable IPv6. O(ipam_config) then needs an IPv6 subnet beside an IPv4 one. Without it, containers
        get no address of an IPv6 subnet, and the module warns about it.
      - Some builds of Docker Engine 28 never allocate addresses for such a network in a swarm. The task then fails.
    type: bool
  labels:
    description:
      - Labels of the network. V({}) removes them. Like any change, a change of labels needs O(recreate).
      - A list of V(KEY=VALUE), as in Compose files, is accepted too.
    type: dict
  labels_state:
    description:
      - V(replace) removes all labels that are not in O(labels), except those of a stack (C(com.docker.stack.*)). V(merge)
        keeps them.
    type: str
    choices: [replace, merge]
    default: replace
  recreate:
    description:
      - Whether to replace a network that differs. Settings that the task does not set stay, including the subnet.
      - The module first verifies that the engine accepts the new network, under another name. It then detaches the
        services, removes the old network, creates the new one, and attaches the services again exactly as before, in the
        same position, with their aliases and options. This replaces their tasks twice, and the services cannot reach each
        other in the meantime.
      - When a service is detached, all of its tasks are replaced at once, regardless of its update policy. The policy is
        restored when the service is attached again. The previous spec of the service, for a rollback, is lost.
      - If a step fails, the module restores the old network and its services as far as possible, and the message lists
        what was restored.
      - If the run is interrupted, the next run of the task attaches the services, also without this option. Until then each
        of them has a label C(hive.swarm.detached.NAME), which M(hive.swarm.swarm_service) does not show, and a network
        C(NAME-replacement) holds the settings of the new network.
      - A network with manually attached containers is not replaced, nor is a network with jobs, which would run again.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_network_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: Create a network for the services of a shop
  hive.swarm.swarm_network:
    name: shop
    encrypted: true
    labels:
      team: web

- name: Create a network with its own subnet, also for standalone containers
  hive.swarm.swarm_network:
    name: backend
    attachable: true
    internal: true
    driver_options:
      com.docker.network.driver.mtu: "1400"
    ipam_config:
      - subnet: 10.77.0.0/24

- name: Move a network and its services to another subnet
  hive.swarm.swarm_network:
    name: backend
    ipam_config:
      - subnet: 10.78.0.0/22
    recreate: true

- name: Create the config-only network of each node (runs on every node)
  hive.swarm.swarm_network:
    name: lan-config
    config_only: true
    driver_options:
      parent: eth0
    ipam_config:
      - subnet: 192.0.2.0/24
        iprange: 192.0.2.128/27
        gateway: 192.0.2.1

- name: Create the swarm-scoped network
  hive.swarm.swarm_network:
    name: lan
    driver: macvlan
    config_from: lan-config

- name: Remove a network
  hive.swarm.swarm_network:
    name: lan
    state: absent
"""

RETURN = r"""
network:
  description:
    - The network with its options. In check mode, the predicted object. Empty if it is removed.
    - C(driver_options) and C(ipam_driver_options) omit the options that the engine has added.
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
  description: Names of the services that were attached again, after this run or an interrupted one had detached them.
  returned: success
  type: list
  elements: str
  sample: [api, web]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(network backend).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
    - If services or containers use the network, C(services) and C(containers) list them. If the network cannot be
      changed in place, C(options) lists the options that differ, and C(before) and C(after) have their values. If a
      subnet is taken, C(overlap) has the C(network) and C(subnet) it overlaps with.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "Network shop cannot be changed in place: internal is False and would be True. It is used by service web."
    status:
    options: [internal]
    before: {internal: false}
    after: {internal: true}
    services: [web]
    containers: []
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._network.resource import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
