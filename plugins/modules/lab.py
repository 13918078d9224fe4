#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lab
short_description: Run several real Docker engines on one Linux machine for tests
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Starts several real, separate Docker engines on one machine, each in its own namespaces with its own address, host name
    and disk, and waits until all of them respond. Five engines are ready within seconds.
  - Repairs a lab that is partly broken, for example after a reboot of the machine, without touching healthy engines.
  - The engines reach each other and the machine, and nothing else. They cannot pull images from the internet. On the
    machine, only root can connect to them, because a client of an engine has root access to the machine.
  - Removes a lab with everything that belongs to it.
  - Needs root. Does not need systemd. Works with cgroups version 1 and 2.
  - The role P(hive.swarm.lab#role) installs the requirements and adds the engines to the inventory.
extends_documentation_fragment:
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
  action_group:
    support: none
    membership: []
options:
  name:
    description:
      - Name of the lab. Labs with different names can run on the same machine.
      - Up to 32 lower case letters, digits and hyphens, with no hyphen at the start or end.
    type: str
    default: lab
  state:
    description:
      - V(present) creates or repairs the lab. Afterwards all of its engines run and are connected.
      - V(absent) stops the lab and removes its disk. Unpacked engines of other Debian suites stay in
        C(/var/cache/hive-lab).
    type: str
    choices: [present, absent]
    default: present
  engines:
    description:
      - Complete list of the lab's engines. Engines that are not in this list are removed with their disk.
      - Mutually exclusive with O(engine_count).
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the engine in the lab, up to 30 lower case letters, digits and hyphens, with no hyphen at the start or
            end.
        type: str
        required: true
      hostname:
        description: Host name of the engine. The default is the lab's name, a hyphen, and the engine's name.
        type: str
      address:
        description:
          - Address in O(subnet). The default is the next free address, starting at C(.11). An engine keeps its address.
        type: str
      binaries:
        description: Like O(binaries), for this engine.
        type: str
      daemon_json:
        description: Settings for this engine's C(daemon.json), merged over O(daemon_json).
        type: dict
      env:
        description:
          - Environment variables for this engine's daemon.
          - Tasks of services use the images on the engine and do not pull, because C(DOCKER_SERVICE_PREFER_OFFLINE_IMAGE)
            is C(1). With C(0) they pull from O(registry).
        type: dict
  engine_count:
    description:
      - Number of engines, named C(n1), C(n2), and so on. The default is 5.
    type: int
  subnet:
    description:
      - IPv4 network of the lab, in CIDR notation, from C(/8) to C(/29).
      - The default is the subnet of the existing lab, or a free C(/24) of C(198.18.0.0/15) that is derived from the lab's
        name.
      - When the subnet changes, all engines restart with new addresses, which destroys a swarm on them.
    type: str
  registry:
    description:
      - Whether the lab has an image registry, Debian's C(docker-registry), at the third address of O(subnet), port 5000.
        The engines also resolve it as C(registry:5000), and use it without TLS.
    type: bool
    default: false
  registry_login:
    description:
      - Login that the registry requires. Needs O(registry=true).
    type: dict
    suboptions:
      username:
        description: Name of the user, without a colon.
        type: str
        required: true
      password:
        description: Password with up to 72 bytes.
        type: str
        required: true
  daemon_json:
    description:
      - Settings for every engine's C(daemon.json), merged over those of the lab.
      - C(data-root), C(cgroup-parent), C(containerd), C(exec-root) and C(pidfile) are refused, because the lab sets them.
    type: dict
  binaries:
    description:
      - Engine to run. V(system) is the installed engine.
      - An absolute path is a directory with C(dockerd), C(containerd) and the other programs, directly or below C(usr) as
        in an unpacked package.
      - Any other value is the name of a Debian suite, such as V(trixie) or V(forky). Its engine is downloaded once from the
        mirror that the machine's apt uses, and unpacked in C(/var/cache/hive-lab).
    type: str
    default: system
  images:
    description:
      - Images to load into every engine.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name and tag of the image.
        type: str
        required: true
      archive:
        description:
          - File with the image in the format of C(docker save).
          - By default a small image is built from the machine's busybox, with any name and tag.
        type: path
  root:
    description:
      - Directory for the labs' disks, on a file system that supports overlayfs. The directory itself is only removed if it
        is the default.
    type: path
    default: /var/lib/hive-lab
  timeout:
    description:
      - Maximum number of seconds for an engine to respond, or to stop.
    type: int
    default: 60
  check_machine:
    description:
      - Whether to check for missing programs and kernel features before anything is changed.
      - Use V(false) for check mode on a machine on which the programs are not installed yet.
    type: bool
    default: true
seealso:
  - module: hive.swarm.lab_engine
"""

EXAMPLES = r"""
- name: Run five engines
  hive.swarm.lab:

- name: Run two versions of the engine, with a registry and an image
  hive.swarm.lab:
    name: mixed
    engines:
      - name: old
      - name: new
        binaries: forky
    registry: true
    images:
      - name: lab/busybox:1

- name: Remove the lab
  hive.swarm.lab:
    name: mixed
    state: absent
"""

RETURN = r"""
lab:
  description: The lab. Empty with O(state=absent).
  returned: success
  type: dict
  contains:
    name:
      description: Name of the lab.
      type: str
      sample: lab
    subnet:
      description: Subnet of the lab.
      type: str
      sample: 198.18.7.0/24
    machine_address:
      description: Address of the machine in the lab.
      type: str
      sample: 198.18.7.1
    registry:
      description: Address and port of the registry, or null.
      type: str
      sample: 198.18.7.2:5000
    engines:
      description: Engines of the lab.
      type: list
      elements: dict
      contains:
        name:
          description: Name within the lab.
          type: str
          sample: n1
        hostname:
          description: Host name.
          type: str
          sample: lab-n1
        address:
          description: Address in the lab.
          type: str
          sample: 198.18.7.11
        docker_host:
          description: Socket of the engine, for the option C(docker_host) of other modules.
          type: str
          sample: unix:///var/lib/hive-lab/lab/n1/docker.sock
        docker_host_tcp:
          description: TCP address of the engine, without TLS. Only root on the machine can connect to it.
          type: str
          sample: tcp://198.18.7.11:2375
"""

from ..module_utils._core.values import Values
from ..module_utils._frontend.module import Module
from ..module_utils._lab import Lab, LabError, Plan
from ..module_utils._lab._diff import HIDDEN, diff

ENGINE = {
    "name": {"type": "str", "required": True},
    "hostname": {"type": "str"},
    "address": {"type": "str"},
    "binaries": {"type": "str"},
    "daemon_json": {"type": "dict"},
    "env": {"type": "dict"},
}
LOGIN = {"username": {"type": "str", "required": True}, "password": {"type": "str", "required": True, "no_log": True}}
IMAGE = {"name": {"type": "str", "required": True}, "archive": {"type": "path"}}
ARGUMENTS = {
    "name": {"type": "str", "default": "lab"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "engines": {"type": "list", "elements": "dict", "options": ENGINE},
    "engine_count": {"type": "int"},
    "subnet": {"type": "str"},
    "registry": {"type": "bool", "default": False},
    "registry_login": {"type": "dict", "options": LOGIN},
    "daemon_json": {"type": "dict"},
    "binaries": {"type": "str", "default": "system"},
    "images": {"type": "list", "elements": "dict", "default": [], "options": IMAGE},
    "root": {"type": "path", "default": "/var/lib/hive-lab"},
    "timeout": {"type": "int", "default": 60},
    "check_machine": {"type": "bool", "default": True},
}


def lab_of(params: Values) -> Lab:
    """The lab that the task describes."""
    same = ("name", "subnet", "daemon_json", "binaries", "images", "root", "timeout", "check_machine")
    engines = params["engines"]
    if engines is None:
        engines = 5 if params["engine_count"] is None else params["engine_count"]
    if params["registry_login"] and not params["registry"]:
        raise LabError("registry_login: needs a registry. Set registry: true, or remove it.")
    registry = params["registry_login"] or params["registry"]
    return Lab(engines=engines, registry=registry, **{key: params[key] for key in same})


def shown(params: Values) -> Values:
    """The task's options as Ansible may return them: settings and variables of daemons can hold passwords."""
    engines = [{**engine, **hidden(engine)} for engine in params["engines"] or []] or params["engines"]
    return {**params, **hidden(params), "engines": engines}


def hidden(options: Values) -> Values:
    """The settings among the options, without their values."""
    return {key: HIDDEN for key in ("daemon_json", "env") if options.get(key)}


def apply(lab: Lab, state: str, check_mode: bool) -> tuple[Plan, Values]:
    """Do it, or say what would be done."""
    if state == "absent":
        plan = lab.plan_down() if check_mode else lab.down()
        return plan, {}
    plan = lab.plan() if check_mode else lab.up()
    return plan, lab.facts()


def main() -> None:
    module = Module(argument_spec=ARGUMENTS, mutually_exclusive=[("engines", "engine_count")], supports_check_mode=True)
    params, module.params = module.params, shown(module.params)
    try:
        plan, facts = apply(lab_of(params), params["state"], module.check_mode)
    except LabError as error:
        module.fail_json(msg=str(error), failure={"kind": "lab", "status": None, "message": str(error)})
    module.exit_json(changed=plan.changed, diff=diff(plan.before, plan.after), lab=facts)


if __name__ == "__main__":
    main()
