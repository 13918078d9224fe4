#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: engine_info
short_description: Read how Docker Engine is installed on a host
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Reads the host's operating system, the state of C(docker.service), versions of packages, and files, with one command on the
    host.
  - The host needs a POSIX shell and the usual programs of a Linux system. It needs no Python, except for a task with C(async) and
    for connection plugins that hand no standard input to commands, such as those to network devices.
  - M(hive.swarm.swarm_info) returns what a running engine reports.
extends_documentation_fragment:
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
attributes:
  action_group:
    support: none
    membership: []
options:
  packages:
    description: Names of packages whose versions are returned. Omitting it returns none.
    type: list
    elements: str
    default: []
  files:
    description: Absolute paths of files whose mode and time of modification are returned.
    type: list
    elements: str
    default: []
  contents:
    description:
      - Absolute paths of files whose content is returned as well.
      - Set C(no_log) for a task that reads files with secrets.
    type: list
    elements: str
    default: []
  storage:
    description:
      - A folder, and the file or block device whose btrfs file system is to be mounted there. Returns RV(storage).
      - The kernel may load its module for btrfs.
    type: dict
    suboptions:
      folder:
        description: Absolute path of the folder.
        type: str
        required: true
      source:
        description: Absolute path of the file or device.
        type: str
        required: true
  available:
    description:
      - Names of packages, for which RV(available) lists the versions that apt or dnf offers. dnf may download its lists.
    type: list
    elements: str
    default: []
  firewall:
    description: Returns RV(firewall_rules), the rules of the active firewalls.
    type: dict
    suboptions:
      chain:
        description: Family, table and chain of nftables whose rules are returned.
        type: str
        default: inet filter input
      zone:
        description: Zone of firewalld. Empty is its default zone.
        type: str
        default: ""
  daemon_config:
    description: A C(daemon.json) that the engine's own program validates. Returns RV(daemon_config).
    type: dict
    suboptions:
      file:
        description: Absolute path of the file.
        type: str
        required: true
      command:
        description: The words of the engine's start command, which contain no blanks. The engine is not started.
        type: list
        elements: str
        required: true
seealso:
  - module: hive.swarm.swarm_info
  - module: ansible.builtin.package_facts
  - module: ansible.builtin.service_facts
"""

EXAMPLES = r"""
- name: Read how the engine is installed
  hive.swarm.engine_info:
    packages: [docker-ce, containerd.io]
    files: [/etc/docker/daemon.json]
  register: engine

- name: Fail if the engine has not read its present configuration
  ansible.builtin.assert:
    that: engine.files['/etc/docker/daemon.json'].modified_at < engine.service.started_at
  when: engine.service.state == 'active' and '/etc/docker/daemon.json' in engine.files
"""

RETURN = r"""
user_id:
  description: Numeric ID of the user that the task runs as.
  returned: success
  type: int
  sample: 0
system:
  description: The operating system, from C(os-release).
  returned: success
  type: dict
  contains:
    id:
      description: Identifier of the operating system.
      returned: success
      type: str
      sample: debian
    id_like:
      description: Identifiers of systems that it derives from.
      returned: success
      type: list
      elements: str
      sample: []
    family:
      description: V(Debian) for Debian, Ubuntu and what derives from them, V(RedHat) for the Enterprise Linux family; empty for others.
      returned: success
      type: str
      sample: Debian
    name:
      description: Name with version, for people.
      returned: success
      type: str
      sample: Debian GNU/Linux 12 (bookworm)
    version:
      description: Version.
      returned: success
      type: str
      sample: "12"
    codename:
      description: Name of the release.
      returned: success
      type: str
      sample: bookworm
    service_manager:
      description: V(systemd), or the program that runs as process 1.
      returned: success
      type: str
      sample: systemd
service:
  description: The unit C(docker.service) of systemd.
  returned: success
  type: dict
  contains:
    exists:
      description: Whether systemd has the unit.
      returned: success
      type: bool
      sample: true
    state:
      description: State of the unit, such as V(active), V(inactive) or V(failed). Empty without systemd.
      returned: success
      type: str
      sample: active
    enabled:
      description: Whether the unit starts at boot.
      returned: success
      type: bool
      sample: true
    command:
      description: First start command in the file of the unit. Drop-in files are not considered.
      returned: success
      type: str
      sample: /usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
    started_at:
      description: Time when the running engine was started, in seconds since 1970. Null if it does not run.
      returned: success
      type: int
      sample: 1795910400
    program_replaced:
      description: Whether the running program is not the one that is installed now.
      returned: success
      type: bool
      sample: false
firewalls:
  description: Active firewalls among V(firewalld), V(nftables) and V(ufw).
  returned: success
  type: list
  elements: str
  sample: [ufw]
packages:
  description: Those of O(packages) that the host's package manager (dpkg or rpm) knows as installed or held, by name.
  returned: success
  type: dict
  sample:
    docker-ce:
      version: 5:28.5.2-1~debian.12~bookworm
      installed: true
      held: true
files:
  description:
    - Those of O(files) and O(contents) that exist, by path. Links are followed.
    - C(mode) is octal, C(modified_at) is in seconds since 1970, and C(content) is in Base64.
  returned: success
  type: dict
  sample:
    /etc/docker/daemon.json:
      mode: "0644"
      modified_at: 1795910000
available:
  description: Versions of the packages in O(available) that can be installed, the newest first.
  returned: with O(available)
  type: list
  elements: dict
  sample: [{name: docker-ce, version: "5:28.5.2-1~debian.12~bookworm"}]
firewall_rules:
  description: Rules of the active firewalls, one per line.
  returned: with O(firewall)
  type: dict
  contains:
    ufw:
      description: What C(ufw show added) prints.
      returned: success
      type: list
      elements: str
      sample: [ufw allow 22/tcp]
    firewalld: {description: Rich rules of the running firewalld., type: list, elements: str, returned: success, sample: []}
    firewalld_permanent: {description: Its permanent rich rules., type: list, elements: str, returned: success, sample: []}
    nftables:
      description: What C(nft list chain) prints. Null if the chain does not exist.
      returned: success
      type: list
      elements: str
      sample: []
storage:
  description: What is in the way of a file system for O(storage).
  returned: with O(storage)
  type: dict
  contains:
    btrfs: {description: Whether the kernel has btrfs., type: bool, returned: success, sample: true}
    exists: {description: Whether the source exists., type: bool, returned: success, sample: true}
    block: {description: Whether the source is a block device., type: bool, returned: success, sample: false}
    holds:
      description: What the source contains, type and label of a file system, V(partitions) or V(data). Empty for nothing.
      returned: success
      type: str
      sample: btrfs hive-swarm
    uuid: {description: UUID of the file system of the source. Empty for none., type: str, returned: success, sample: ""}
    mounted: {description: Whether the source is mounted on the folder., type: bool, returned: success, sample: false}
    data: {description: Whether the folder contains anything else., type: bool, returned: success, sample: false}
    elsewhere:
      description: Other folders that the source is mounted on.
      returned: success
      type: list
      elements: str
      sample: []
    fstab: {description: Line of fstab that mounts another source on the folder., type: str, returned: success, sample: ""}
daemon_config:
  description: Result of the validation of O(daemon_config), C(valid) and what the engine printed as C(message).
  returned: with O(daemon_config)
  type: dict
  sample: {valid: true, message: configuration OK}
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option.
  returned: failure
  type: dict
  sample:
    kind: bad_input
    message: "files: the path must be absolute (daemon.json)."
    option: files
    status:
"""

import copy

from ..module_utils._core.errors import SwarmError
from ..module_utils._frontend.module import Module
from ..module_utils._hosts.installation import ARGUMENT_SPEC, Inspection


def main() -> None:
    module = Module(argument_spec=copy.deepcopy(ARGUMENT_SPEC), supports_check_mode=True)
    try:
        inspection = Inspection(module.params)
        _code, output, errors = module.run_command(
            inspection.command, data=inspection.script, binary_data=True, expand_user_and_vars=False
        )
        result = inspection.result(output, errors)
    except SwarmError as error:
        module.fail_json(msg=error.message, failure=error.failure())
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
