#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_network_info
short_description: List the networks of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Lists the networks of the swarm named like the options of M(hive.swarm.swarm_network), and the config-only
    networks of the engine itself. Runs on a manager.
  - The networks V(host), V(bridge) and V(none), which exist on every engine, are not listed.
  - Sends one request, and two or three more with O(used_by), regardless of the number of networks.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
  - hive.swarm.listing
  - hive.swarm.listing.named
options:
  filters:
    description:
      - Only networks that match these filters of the engine. Supported are C(dangling), C(driver), C(id), C(label),
        C(name) and C(type) (V(custom) or V(builtin)).
      - A value is a string or a list of strings. One of them must match, for C(label) all of them.
    type: dict
  used_by:
    description:
      - Whether to return the services and containers that use each network.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_network
"""

EXAMPLES = r"""
- name: List the networks
  hive.swarm.swarm_network_info:
  register: swarm

- name: List the networks that are not used
  hive.swarm.swarm_network_info:
    used_by: true
    query: "[?!ingress && !used_by.services && !used_by.containers].name"
  register: idle

- name: List the networks of a stack
  hive.swarm.swarm_network_info:
    filters:
      label: com.docker.stack.namespace=shop
"""

RETURN = r"""
networks:
  description: The networks, sorted by name, or in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the network., type: str, returned: success, sample: jpphenww36vd5ozfmmm6ns9qe}
    name: {description: Name of the network., type: str, returned: success, sample: shop}
    created: {description: Time of creation., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    allocated:
      description:
        - Whether the manager has allocated driver and addresses. Until then the engine returns neither these nor the
          options.
      type: bool
      returned: success
      sample: true
    driver: {description: Driver., type: str, returned: success, sample: overlay}
    driver_options:
      description: Options of the driver, without those that the engine has added.
      type: dict
      returned: success
      sample: {com.docker.network.driver.mtu: "1400"}
    encrypted: {description: Whether traffic between nodes is encrypted., type: bool, returned: success, sample: false}
    attachable: {description: Whether containers can be attached manually., type: bool, returned: success, sample: false}
    internal: {description: Whether it has no external connectivity., type: bool, returned: success, sample: false}
    ingress: {description: Whether it is the network of published ports., type: bool, returned: success, sample: false}
    scope: {description: Either V(swarm) or V(local)., type: str, returned: success, sample: swarm}
    config_only: {description: Whether it is only a set of options., type: bool, returned: success, sample: false}
    config_from: {description: Config-only network that provides the options., type: str, returned: success, sample: ""}
    ipam_driver: {description: Driver that allocates addresses., type: str, returned: success, sample: default}
    ipam_driver_options:
      description: Options of C(ipam_driver), without those that the engine has added.
      type: dict
      returned: success
      sample: {}
    ipam_config:
      description: Subnets.
      type: list
      elements: dict
      returned: success
      sample: [{subnet: 10.0.1.0/24, iprange: "", gateway: 10.0.1.1, aux_addresses: {}}]
    enable_ipv4: {description: Whether IPv4 is enabled., type: bool, returned: success, sample: true}
    enable_ipv6: {description: Whether IPv6 is enabled., type: bool, returned: success, sample: false}
    labels: {description: Labels., type: dict, returned: success, sample: {team: web}}
    used_by:
      description: Users of the network.
      type: dict
      returned: O(used_by=true)
      contains:
        services:
          description: Names of services. For the ingress network, those that publish ports on it.
          type: list
          elements: str
          returned: success
          sample: [api, web]
        containers:
          description: Containers that were attached manually.
          type: list
          elements: str
          returned: success
          sample: [container 737e0707f3eb on node node4]
    raw: {description: The engine's API object., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Result of O(query).
  returned: O(query) is set
  type: raw
  sample: [shop]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: "This engine is not in a swarm. Run this on a manager."
    status: null
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._network.info import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
