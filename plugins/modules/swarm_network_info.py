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
  - Lists the networks of the swarm in the words of the options of M(hive.swarm.swarm_network), and the config-only
    networks of the engine itself. Runs on a manager.
  - The networks V(host), V(bridge) and V(none) are of every engine and not listed.
  - Takes one request, and two or three more with O(used_by), whatever the number of networks.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  name:
    description:
      - Only networks with these names or IDs. A name that no network has is no error.
    type: list
    elements: str
  filters:
    description:
      - Only networks that the engine's own filters let through. They are C(dangling), C(driver), C(id), C(label),
        C(name) and C(type) (V(custom) or V(builtin)).
      - A value is a string or a list of strings, of which one must match; of C(label) all must match.
    type: dict
  used_by:
    description:
      - Whether to return who uses each network.
    type: bool
    default: false
  raw:
    description:
      - Whether to return the engine's own document of each network too.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression over the list of networks. Its outcome is returned as RV(result).
      - Needs the Python package C(jmespath) on the managed node.
    type: str
requirements:
  - jmespath, only for O(query)
seealso:
  - module: hive.swarm.swarm_network
"""

EXAMPLES = r"""
- name: List the networks
  hive.swarm.swarm_network_info:
  register: swarm

- name: Which ones does nobody use?
  hive.swarm.swarm_network_info:
    used_by: true
    query: "[?!ingress && !used_by.services && !used_by.containers].name"
  register: idle

- name: Look at those of a stack
  hive.swarm.swarm_network_info:
    filters:
      label: com.docker.stack.namespace=shop
"""

RETURN = r"""
networks:
  description: The networks, in the order of their names, or in that of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the network., type: str, returned: success, sample: jpphenww36vd5ozfmmm6ns9qe}
    name: {description: Name of the network., type: str, returned: success, sample: shop}
    created: {description: When it was made., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    allocated:
      description:
        - Whether the manager has given it a driver and addresses. Until then the engine tells neither these nor its
          options.
      type: bool
      returned: success
      sample: true
    driver: {description: Its driver., type: str, returned: success, sample: overlay}
    driver_options:
      description: Options of the driver, without what the engine has added.
      type: dict
      returned: success
      sample: {com.docker.network.driver.mtu: "1400"}
    encrypted: {description: Whether traffic between nodes is encrypted., type: bool, returned: success, sample: false}
    attachable: {description: Whether containers can be attached by hand., type: bool, returned: success, sample: false}
    internal: {description: Whether it has no way out., type: bool, returned: success, sample: false}
    ingress: {description: Whether it is that of published ports., type: bool, returned: success, sample: false}
    scope: {description: Either V(swarm) or V(local)., type: str, returned: success, sample: swarm}
    config_only: {description: Whether it is a mere set of options., type: bool, returned: success, sample: false}
    config_from: {description: The config-only network it takes options from., type: str, returned: success, sample: ""}
    ipam_driver: {description: What gives out addresses., type: str, returned: success, sample: default}
    ipam_driver_options:
      description: Options of C(ipam_driver), without what the engine has added.
      type: dict
      returned: success
      sample: {}
    ipam_config:
      description: Its subnets.
      type: list
      elements: dict
      returned: success
      sample: [{subnet: 10.0.1.0/24, iprange: "", gateway: 10.0.1.1, aux_addresses: {}}]
    enable_ipv4: {description: Whether there is IPv4., type: bool, returned: success, sample: true}
    enable_ipv6: {description: Whether there is IPv6., type: bool, returned: success, sample: false}
    labels: {description: Its labels., type: dict, returned: success, sample: {team: web}}
    used_by:
      description: Who uses it.
      type: dict
      returned: O(used_by=true)
      contains:
        services:
          description: Names of services. Of the ingress network, those that publish ports on it.
          type: list
          elements: str
          returned: success
          sample: [api, web]
        containers:
          description: Containers that were attached by hand.
          type: list
          elements: str
          returned: success
          sample: [container 737e0707f3eb on node node4]
    raw: {description: The engine's own document., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Outcome of O(query).
  returned: O(query) is given
  type: raw
  sample: [shop]
failure:
  description: Why the task failed.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: "This engine is in no swarm: run this on a manager."
    status: null
"""

from ..module_utils._definition import define_info
from ..module_utils._resources.swarm_network_info import ARGUMENT_SPEC, read_network_info
from ..module_utils._runner import run_module

MODULE = define_info(read_network_info, ARGUMENT_SPEC)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
