#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_connectivity
short_description: Test which ports hosts reach on each other
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Tests TCP and UDP ports between hosts, whether or not a program uses them, in three tasks. On all hosts, run
    O(phase=listen), then O(phase=probe), then O(phase=collect).
  - UDP datagrams get no response, so a listener on the receiving host records them. It uses a raw socket and therefore also sees
    datagrams for ports that an engine or the kernel uses. This needs root; without it, only TCP is tested.
  - The listener runs in the background and ends with O(phase=collect), or after O(seconds). Nothing is installed.
  - An engine in a swarm logs the datagrams on its ports (C(memberlist; Decrypt packet failed)) and drops them.
  - It needs no engine. The playbook C(hive.swarm.preflight) uses it.
extends_documentation_fragment:
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - The module does the same in check mode, because it changes nothing that lasts.
  diff_mode:
    support: N/A
  idempotent:
    support: full
  action_group:
    support: none
    membership: []
options:
  phase:
    description:
      - V(listen) starts the listener, and ends listeners of earlier runs.
      - V(probe) connects to and sends to O(targets).
      - V(collect) ends the listener and returns what it has received.
    type: str
    choices: [listen, probe, collect]
    required: true
  run:
    description: Identifier that is the same in the three tasks and different in each run. It must not contain spaces.
    type: str
    required: true
  tcp:
    description: TCP ports to listen on, with O(phase=listen).
    type: list
    elements: int
    default: []
  udp:
    description: UDP ports of which to record datagrams, with O(phase=listen).
    type: list
    elements: int
    default: []
  family:
    description: IP version to listen for, with O(phase=listen).
    type: int
    choices: [4, 6]
    default: 4
  seconds:
    description: Number of seconds after which the listener ends automatically, with O(phase=listen).
    type: int
    default: 60
  name:
    description: Name of this host in the results of the others. Required with O(phase=probe).
    type: str
  targets:
    description: Ports of other hosts to test. Required with O(phase=probe).
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the other host, for the results.
        type: str
        required: true
      address:
        description: IP address of the other host.
        type: str
        required: true
      protocol:
        description: Protocol of the port.
        type: str
        choices: [tcp, udp]
        required: true
      port:
        description: Number of the port.
        type: int
        required: true
  control:
    description: RV(listening.control) of O(phase=listen). Required with O(phase=collect).
    type: str
seealso:
  - module: hive.swarm.swarm_host_info
"""

EXAMPLES = r"""
- name: Listen on every host
  hive.swarm.swarm_connectivity:
    phase: listen
    run: "{{ run_id }}"
    tcp: [7946]
    udp: [7946, 4789]
  register: listener

- name: Test the ports of one host from all others
  hive.swarm.swarm_connectivity:
    phase: probe
    run: "{{ run_id }}"
    name: "{{ inventory_hostname }}"
    targets:
      - {name: alpha, address: 192.0.2.1, protocol: tcp, port: 7946}
      - {name: alpha, address: 192.0.2.1, protocol: udp, port: 4789}
  register: probed

- name: Collect the datagrams that arrived
  hive.swarm.swarm_connectivity:
    phase: collect
    run: "{{ run_id }}"
    control: "{{ listener.listening.control }}"
  register: collected
"""

RETURN = r"""
listening:
  description: The listener.
  returned: O(phase=listen)
  type: dict
  contains:
    tcp:
      description: Ports on which a program responds now.
      type: list
      elements: int
    udp:
      description: Ports of which datagrams are recorded. Empty without root.
      type: list
      elements: int
    reason:
      description: Why no datagrams are recorded, or empty.
      type: str
    taken:
      description: Ports that another program uses. TCP ports of these are answered by that program.
      type: list
      elements: dict
      contains:
        protocol:
          description: V(tcp) or V(udp).
          type: str
        port:
          description: Number of the port.
          type: int
    control:
      description: Name of the listener, for O(control).
      type: str
  sample:
    tcp: [7946]
    udp: [7946, 4789]
    reason: ""
    taken: []
    control: hive.swarm.preflight.5f0e2f7a
results:
  description:
    - One entry for each of O(targets).
    - V(open) and V(refused) are responses to TCP, V(silent) is none within three seconds. V(sent) means that a datagram left
      this host; whether it arrived is in RV(received) of the other one.
  returned: O(phase=probe)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the other host.
      type: str
    protocol:
      description: V(tcp) or V(udp).
      type: str
    port:
      description: Number of the port.
      type: int
    result:
      description: V(open), V(refused), V(silent) or V(sent).
      type: str
  sample:
    - {name: alpha, protocol: tcp, port: 7946, result: open}
received:
  description: Datagrams that arrived, by sender and port. Null if the listener had ended.
  returned: O(phase=collect)
  type: list
  elements: dict
  contains:
    name:
      description: O(name) of the sender.
      type: str
    port:
      description: Number of the port.
      type: int
  sample:
    - {name: beta, port: 4789}
"""

from ..module_utils._core.errors import BadInput
from ..module_utils._core.values import Values
from ..module_utils._frontend.module import Module
from ..module_utils._hosts.connectivity import Listening, Target, collect, listen, probe

REQUIRED = [("phase", "probe", ["name", "targets"]), ("phase", "collect", ["control"])]


def argument_spec() -> Values:
    target = {
        "name": {"type": "str", "required": True},
        "address": {"type": "str", "required": True},
        "protocol": {"type": "str", "choices": ["tcp", "udp"], "required": True},
        "port": {"type": "int", "required": True},
    }
    return {
        "phase": {"type": "str", "choices": ["listen", "probe", "collect"], "required": True},
        "run": {"type": "str", "required": True},
        "tcp": {"type": "list", "elements": "int", "default": []},
        "udp": {"type": "list", "elements": "int", "default": []},
        "family": {"type": "int", "choices": [4, 6], "default": 4},
        "seconds": {"type": "int", "default": 60},
        "name": {"type": "str"},
        "targets": {"type": "list", "elements": "dict", "options": target},
        "control": {"type": "str"},
    }


def outcome(params: Values) -> Values:
    run = params["run"]
    if params["phase"] == "listen":
        wanted = Listening(run, params["tcp"], params["udp"], params["family"], params["seconds"])
        return {"listening": listen(wanted)}
    if params["phase"] == "probe":
        return {"results": probe(run, params["name"], [Target(**target) for target in params["targets"]])}
    return {"received": collect(run, params["control"])}


def main() -> None:
    module = Module(argument_spec=argument_spec(), supports_check_mode=True, required_if=REQUIRED)
    try:
        result = outcome(module.params)
    except BadInput as error:
        module.fail_json(msg=error.message, failure=error.failure())
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
