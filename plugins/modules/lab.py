#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lab
short_description: Several real Docker engines on one Linux machine, for tests
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Starts a number of real, separate Docker engines on one machine, each in its own namespaces with its own address,
    host name and disk, and waits until all of them answer. Five are ready within seconds.
  - Mends a lab that is half dead, without touching the engines that are well. A machine's reboot leaves such a lab.
  - The engines reach each other and the machine, and nothing else. No image can be pulled from the internet. Of the machine,
    only root reaches them, as a client of an engine is root on the machine.
  - Takes a lab away with everything that belongs to it.
  - Needs root, and no systemd. Works with cgroups of version 1 and 2.
  - The role P(hive.swarm.lab#role) installs what is needed and puts the engines into the inventory.
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
      - Name of the lab. Labs with different names live side by side on one machine.
      - Up to 32 lower case letters, digits and inner hyphens.
    type: str
    default: lab
  state:
    description:
      - V(present) makes or mends the lab. Every engine of it runs and is connected afterwards.
      - V(absent) ends it and removes its disk. Unpacked engines of other Debian suites stay in C(/var/cache/hive-lab).
    type: str
    choices: [present, absent]
    default: present
  engines:
    description:
      - The engines of the lab. Those that the lab has and this list has not are removed with their disk.
      - Excludes O(engine_count).
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the engine within the lab, up to 30 lower case letters, digits and inner hyphens.
        type: str
        required: true
      hostname:
        description: Host name of the engine. The default is the lab's name, a hyphen, and the engine's name.
        type: str
      address:
        description: Address in O(subnet). The default is the next free one, from C(.11) up. An engine keeps its address.
        type: str
      binaries:
        description: As O(binaries), for this engine.
        type: str
      daemon_json:
        description: Settings for this engine's C(daemon.json), laid over O(daemon_json).
        type: dict
      env:
        description:
          - Environment variables for this engine's daemon.
          - Tasks of services use the images that an engine has and pull none, as C(DOCKER_SERVICE_PREFER_OFFLINE_IMAGE)
            is C(1). With C(0) they pull from O(registry).
        type: dict
  engine_count:
    description:
      - Number of engines, named C(n1), C(n2), and so on. The default is 5.
    type: int
  subnet:
    description:
      - IPv4 network of the lab, in CIDR notation, from C(/8) to C(/29).
      - The default is the live lab's, or a free C(/24) of C(198.18.0.0/15) that follows from the lab's name.
      - When it changes, all engines restart with other addresses, which a swarm on them does not survive.
    type: str
  registry:
    description:
      - Whether the lab has an image registry, Debian's C(docker-registry), at the third address of O(subnet), port 5000.
        The engines know it as C(registry:5000) too, and take it without TLS.
    type: bool
    default: false
  registry_login:
    description:
      - Login without which the registry serves nothing. Needs O(registry=true).
    type: dict
    suboptions:
      username:
        description: Name of the user, without a colon.
        type: str
        required: true
      password:
        description: Password, of up to 72 bytes.
        type: str
        required: true
  daemon_json:
    description:
      - Settings for every engine's C(daemon.json), laid over those of the lab.
      - The lab itself sets C(data-root), C(cgroup-parent), C(containerd), C(exec-root) and C(pidfile). These are refused.
    type: dict
  binaries:
    description:
      - Which engine to run. V(system) is the one that is installed.
      - An absolute path is a folder with C(dockerd), C(containerd) and others, in itself or below C(usr) as in an unpacked
        package.
      - Anything else is the name of a Debian suite, such as V(trixie) or V(forky). Its engine is fetched once from the
        mirror that the machine's apt uses, and unpacked in C(/var/cache/hive-lab).
    type: str
    default: system
  images:
    description:
      - Images that every engine shall have.
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
          - File in the format of C(docker save) that holds the image.
          - Without it, the image is a tiny one made of the machine's busybox. Any name and tag can be given to it.
        type: path
  root:
    description:
      - Folder for the labs' disks, on a file system that can carry overlayfs. The folder itself is only removed if it is
        the default.
    type: path
    default: /var/lib/hive-lab
  timeout:
    description:
      - Seconds that an engine may take to answer, or to end.
    type: int
    default: 60
  check_machine:
    description:
      - Whether to look for missing programs and features of the kernel before anything is changed.
      - V(false) is for check mode on a machine where the programs are still to be installed.
    type: bool
    default: true
seealso:
  - module: hive.swarm.lab_engine
"""

EXAMPLES = r"""
- name: Five engines
  hive.swarm.lab:

- name: Two versions of the engine, a registry, an image
  hive.swarm.lab:
    name: mixed
    engines:
      - name: old
      - name: new
        binaries: forky
    registry: true
    images:
      - name: lab/busybox:1

- name: Away with it
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
      description: Its name.
      type: str
      sample: lab
    subnet:
      description: Its network.
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
      description: Its engines.
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
          description: Socket of the engine, for the option docker_host of other modules.
          type: str
          sample: unix:///var/lib/hive-lab/lab/n1/docker.sock
        docker_host_tcp:
          description: The same over TCP, without TLS. Only root of the machine reaches it.
          type: str
          sample: tcp://198.18.7.11:2375
"""

from ..module_utils._lab import Lab, LabError
from ..module_utils._lab._diff import HIDDEN, diff
from ..module_utils._module import Module

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


def lab_of(params):
    """The lab that the task describes."""
    same = ("name", "subnet", "daemon_json", "binaries", "images", "root", "timeout", "check_machine")
    engines = params["engines"]
    if engines is None:
        engines = 5 if params["engine_count"] is None else params["engine_count"]
    if params["registry_login"] and not params["registry"]:
        raise LabError("registry_login: without a registry there is no login. Set registry: true, or remove it.")
    registry = params["registry_login"] or params["registry"]
    return Lab(engines=engines, registry=registry, **{key: params[key] for key in same})


def shown(params):
    """The task's options as Ansible may return them: settings and variables of daemons can hold passwords."""
    engines = [{**engine, **hidden(engine)} for engine in params["engines"] or []] or params["engines"]
    return {**params, **hidden(params), "engines": engines}


def hidden(options):
    """The settings among the options, without their values."""
    return {key: HIDDEN for key in ("daemon_json", "env") if options.get(key)}


def apply(lab, state, check_mode):
    """Do it, or say what would be done."""
    if state == "absent":
        plan = lab.plan_down() if check_mode else lab.down()
        return plan, {}
    plan = lab.plan() if check_mode else lab.up()
    return plan, lab.facts()


def main():
    module = Module(argument_spec=ARGUMENTS, mutually_exclusive=[("engines", "engine_count")], supports_check_mode=True)
    params, module.params = module.params, shown(module.params)
    try:
        plan, facts = apply(lab_of(params), params["state"], module.check_mode)
    except LabError as error:
        module.fail_json(msg=str(error), failure={"kind": "Lab", "status": None, "message": str(error)})
    module.exit_json(changed=plan.changed, diff=diff(plan.before, plan.after), lab=facts)


if __name__ == "__main__":
    main()
