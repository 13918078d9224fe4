#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_host_info
short_description: Read what matters for a swarm on a host
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Returns the clock, missing kernel modules, MTUs, addresses, routes and firewalls of a host. It needs no engine.
  - The playbook C(hive.swarm.preflight) uses it on hosts that are to become nodes.
extends_documentation_fragment:
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
attributes:
  idempotent:
    support: full
  action_group:
    support: none
    membership: []
options:
  modules:
    description: Names of kernel modules to look for.
    type: list
    elements: str
    default: [overlay, br_netfilter, vxlan, ip_vs, xt_addrtype, veth]
  reference_time:
    description:
      - Time to compare the clock of the host to, in seconds since the epoch.
      - Compare the results of several hosts with each other, since commands reach them with a delay.
    type: int
    default: 0
seealso:
  - module: hive.swarm.swarm_connectivity
"""

EXAMPLES = r"""
- name: Read clocks, kernel modules, routes and firewalls
  hive.swarm.swarm_host_info:
    reference_time: "{{ now(utc=true).timestamp() | int }}"
  register: inspected

- name: Fail if the kernel has no modules for overlay networks
  ansible.builtin.assert:
    that: inspected.host.missing_modules | length == 0
"""

RETURN = r"""
host:
  description: What was found.
  returned: success
  type: dict
  contains:
    clock_offset:
      description: Seconds by which the clock is ahead of O(reference_time).
      type: int
      sample: 1
    clock_synchronized:
      description: Whether systemd reports a synchronized clock. Null without systemd.
      type: bool
      sample: true
    kernel:
      description: Release of the running kernel.
      type: str
      sample: 6.1.0-28-amd64
    missing_modules:
      description: Kernel modules that the running kernel does not have.
      type: list
      elements: str
      sample: [ip_vs]
    unknown_modules:
      description: >-
        Kernel modules that are not loaded and that cannot be looked for, because C(/lib/modules) has no directory of the running
        kernel.
      type: list
      elements: str
      sample: []
    mtu:
      description: MTU by interface.
      type: dict
      sample: {eth0: 1500}
    dynamic_addresses:
      description: Addresses that may change, such as those of DHCP.
      type: list
      elements: str
      sample: [192.0.2.1]
    routes:
      description: IPv4 routes as C(ip route show) prints them.
      type: list
      elements: str
      sample: [default via 192.0.2.254 dev eth0]
    firewalls:
      description: Active firewalls.
      type: list
      elements: dict
      contains:
        name:
          description: V(ufw), V(firewalld) or V(nftables).
          type: str
        managed:
          description: Whether P(hive.swarm.engine#role) manages rules in it.
          type: bool
      sample: [{name: ufw, managed: false}]
"""

from ..module_utils._frontend.module import Module
from ..module_utils._hosts.inspection import inspect

ARGUMENTS = {
    "modules": {
        "type": "list",
        "elements": "str",
        "default": ["overlay", "br_netfilter", "vxlan", "ip_vs", "xt_addrtype", "veth"],
    },
    "reference_time": {"type": "int", "default": 0},
}
FOLDERS = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]


def main() -> None:
    module = Module(argument_spec=ARGUMENTS, supports_check_mode=True)

    def command(name: str, *arguments: str) -> str | None:
        path = module.get_bin_path(name, opt_dirs=FOLDERS)
        code, output, _errors = module.run_command([path, *arguments]) if path else (1, "", "")
        return output if code == 0 else None

    host = inspect(command, module.params["modules"], module.params["reference_time"])
    module.exit_json(changed=False, host=host)


if __name__ == "__main__":
    main()
