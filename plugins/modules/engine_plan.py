#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: engine_plan
short_description: Plan how Docker Engine is installed and configured on a host
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Reads a host and its engine, decides what has to be installed, written and restarted, and shows it as a table. Nothing is shown of
    a host that needs no change.
  - Fails if it is not safe to begin, with all reasons at once.
  - Changes nothing. Runs on the controller and reads the host with M(hive.swarm.engine_info) and the engine, if there is one, with
    M(hive.swarm.swarm_info), which takes one command each.
  - The role P(hive.swarm.engine#role) carries the plan out. The options are variables of the role without C(engine_), and messages
    name the variables.
  - Options that the operation does not have are errors.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  operation:
    description:
      - V(configure) plans the engine of the task's host.
      - V(restart) splits hosts into batches whose engines may be down at the same time, and reads nothing.
    type: str
    choices: [configure, restart]
    default: configure
  source:
    description:
      - Source of the packages, V(distribution) for the package of the distribution, V(docker) for Docker's repository.
      - With V(none), something else installs the engine.
    type: str
    choices: [distribution, docker, none]
    default: distribution
  version:
    description: Desired version of the engine, or its beginning. Empty accepts the installed version.
    type: str
    default: ""
  containerd_version:
    description: The same for containerd, where it is installed or changed together with the engine.
    type: str
    default: ""
  hold:
    description: Whether apt must keep the packages at O(version).
    type: bool
    default: true
  upgrade:
    description: Whether an installed engine of another version is to be changed. Sets RV(packages) C(upgrade).
    type: bool
    default: false
  repository_url:
    description: URL of Docker's repository, or of a copy.
    type: str
    default: https://download.docker.com/linux
  repository_key_url:
    description: URL of its key. The default is C(gpg) in the distribution's folder of the repository.
    type: str
  repository_key_checksum:
    description:
      - Fingerprint of the only key in that file, or V(sha256:) and the checksum of the file. Empty accepts any key.
      - The default is the fingerprint of Docker's key for the family of distributions.
    type: str
  repository_channel:
    description: Channel of Docker's repository.
    type: str
    default: stable
  downloaded_key:
    description: A file of the host with a downloaded key. Another key than the expected one is a reason to stop.
    type: str
    default: ""
  offers:
    description:
      - Whether to list the versions that the package manager offers, and to choose from them.
      - Without it, a plan that needs them has V(choose) as C(change) in RV(packages).
    type: bool
    default: false
  extra_packages:
    description: Packages to install together with the engine.
    type: list
    elements: str
    default: []
  remote_transport:
    description: Whether the host needs the Python packages for O(docker_host) with C(ssh://).
    type: bool
    default: false
  daemon:
    description: Keys of C(daemon.json). A key with the value null is removed, and keys that are not given stay.
    type: dict
    default: {}
  daemon_purge:
    description: Whether keys of C(daemon.json) that no option names are removed.
    type: bool
    default: false
  data_root:
    description: Folder for everything that the engine keeps.
    type: str
  storage_driver:
    description: Storage driver. One that would hide the images and containers of another driver is refused.
    type: str
    choices: [overlay2, btrfs]
  btrfs:
    description: A btrfs file system for the engine's data, on C(device), or in C(image) with C(size).
    type: dict
    default: {}
    suboptions:
      device:
        description: An empty block device.
        type: str
      image:
        description: File that contains the file system.
        type: str
      size:
        description: Size of the file.
        type: str
  insecure_registries:
    description: Registries that are used without checking a certificate.
    type: list
    elements: str
  registry_mirrors:
    description: Mirrors of Docker's registry, as URLs.
    type: list
    elements: str
  log_driver:
    description: Log driver of containers.
    type: str
  log_options:
    description: Options of the log driver.
    type: dict
  labels:
    description: Labels of the engine, as dictionary or as list of C(key=value).
    type: raw
  metrics_address:
    description: Address and port where the engine serves its metrics.
    type: str
  api:
    description: Addresses and certificates for the engine's API on the network. All four are needed.
    type: dict
    default: {}
    suboptions:
      hosts:
        description: Addresses, such as V(tcp://192.0.2.11:2376). The local socket stays.
        type: list
        elements: str
      ca:
        description: Certificate of the authority, as PEM or as path on the controller.
        type: str
      cert:
        description: Certificate of the engine.
        type: str
      key:
        description: Its key.
        type: str
  proxy:
    description: Proxy for pulling images.
    type: dict
    default: {}
    suboptions:
      http:
        description: Proxy for HTTP, as URL.
        type: str
      https:
        description: Proxy for HTTPS.
        type: str
      no_proxy:
        description: Hosts, domains and networks that need no proxy, as string or list.
        type: raw
  firewall:
    description: Whether an active firewall has to let the nodes through.
    type: bool
    default: true
  firewall_peers:
    description:
      - Addresses or networks of all nodes.
      - The default is the addresses of O(managers) and O(workers), by their variables C(cluster_advertise_addr), C(lab_address) or
        C(ansible_host), or their names. They are read only if a firewall is active.
    type: list
    elements: str
  firewall_chain:
    description: Family, table and chain of nftables in which incoming packets are filtered.
    type: str
    default: inet filter input
  firewall_zone:
    description: Zone of firewalld in which packets from the other nodes arrive. Empty is the default zone of firewalld.
    type: str
    default: ""
  data_path_port:
    description: UDP port of overlay networks.
    type: int
    default: 4789
  managers:
    description: Names of the hosts that are managers. A manager opens one port more, and restarts alone.
    type: list
    elements: str
    default: []
  workers:
    description: Names of the hosts that are workers.
    type: list
    elements: str
    default: []
  contents:
    description: Whether RV(files) and RV(config) include contents with secrets. Set C(no_log) for such a task.
    type: bool
    default: false
  show:
    description: Whether to show the steps and to fail if there are reasons to stop. With V(false) the plan is only returned.
    type: bool
    default: true
  hosts:
    description: Names of the hosts whose engines restart. For O(operation=restart), which requires it.
    type: list
    elements: str
  leaders:
    description: Names of the hosts that lead their swarm, which restart as the last managers. For O(operation=restart).
    type: list
    elements: str
    default: []
  at_once:
    description: Number of hosts, except managers, that may restart at the same time. For O(operation=restart).
    type: int
    default: 1
seealso:
  - module: hive.swarm.engine_info
"""

EXAMPLES = r"""
- name: Plan the engine
  hive.swarm.engine_plan:
    source: docker
    version: "28.5"
    daemon:
      log-driver: local
  register: plan

- name: Show what the role would change
  ansible.builtin.debug:
    msg: "{{ plan.steps }}"

- name: Split the hosts into batches
  hive.swarm.engine_plan:
    operation: restart
    hosts: "{{ ansible_play_hosts }}"
    managers: "{{ groups.managers }}"
    at_once: 3
  run_once: true
  register: restart
"""

RETURN = r"""
unchanged:
  description: Whether there is nothing to do.
  returned: V(configure), if the plan may be carried out or with O(show=false)
  type: bool
  sample: false
steps:
  description: What has to be done, in its order.
  returned: V(configure)
  type: list
  elements: dict
  contains:
    node: {description: Name of the host., type: str, returned: success, sample: alpha}
    step: {description: What is done to it., type: str, returned: success, sample: write /etc/docker/daemon.json}
    reason: {description: Why., type: str, returned: success, sample: "debug, labels"}
stop:
  description: Reasons not to begin. If the system is not supported or the user is not root, only RV(stop), RV(steps) and RV(unchanged) are returned.
  returned: V(configure)
  type: list
  elements: dict
  contains:
    kind: {description: Kind of the reason., type: str, returned: success, sample: foreign_engine}
    message: {description: The reason and what to do about it., type: str, returned: success, sample: ""}
warnings:
  description: What an administrator should know.
  returned: V(configure)
  type: list
  elements: str
  sample: []
waiting:
  description: Why the running engine has to restart, whatever is changed.
  returned: V(configure)
  type: list
  elements: str
  sample: [the program was replaced]
restart:
  description: Why it has to restart after the changes.
  returned: V(configure)
  type: list
  elements: str
  sample: [daemon.json changes]
packages:
  description:
    - C(live) (installed version of the engine), C(target) (desired version), C(change) (V(nothing), V(install), V(upgrade) or
      V(choose)), C(upgrade) (whether an upgrade was asked for), C(install) (packages with versions) and C(hold) (packages to keep at
      their versions).
  returned: V(configure)
  type: dict
  sample: {live: "", target: 28.5.2, change: install, upgrade: false, install: [docker-ce=28.5.2], hold: [docker-ce]}
hold:
  description: Packages whose hold has to change, as O(hold) says.
  returned: V(configure)
  type: list
  elements: str
  sample: []
other_packages:
  description: Other packages that are missing.
  returned: V(configure)
  type: list
  elements: str
  sample: []
repository:
  description:
    - C(names) of the engine's packages, C(folder) of the system in Docker's repository, and its C(key) with C(url), C(file) and
      C(installed). The key is empty for another source.
  returned: V(configure)
  type: dict
  sample: {names: [docker.io, docker-cli, containerd], folder: debian, key: {}}
config:
  description:
    - C(differing) keys of C(daemon.json), what the engine C(needs) for them (V(nothing), V(reload) or V(restart)), whether there are
      secrets in the file (C(secret)), its C(mode) and its next C(content).
  returned: V(configure)
  type: dict
  sample: {differing: [], needs: nothing, secret: false, mode: "0644", content: "{}\n"}
files:
  description: Files of the service and of the API, by path, with C(mode), C(content), and whether the file of the host C(differs).
  returned: V(configure)
  type: dict
  sample: {}
firewall:
  description:
    - What each active firewall needs. Rules to C(add) and to C(remove) for V(ufw) and, by C(runtime) and C(permanent), for
      V(firewalld) with the lines of the C(record) of its rules, which is null where it stays; the file for V(nftables).
  returned: V(configure)
  type: dict
  sample: {ufw: {add: [], remove: []}}
storage:
  description:
    - The file system for O(btrfs), as M(hive.swarm.engine_info) returns it, with its C(source), its C(folder), and whether it is
      C(complete). Empty without O(btrfs).
  returned: V(configure)
  type: dict
  sample: {}
engine:
  description:
    - Whether the engine is C(installed), the C(state) of its service, whether that is C(active) and C(enabled), the C(family) of the
      system, and the words of the C(command) that validates the next C(daemon.json).
  returned: V(configure)
  type: dict
  sample: {installed: true, state: active, active: true, enabled: true, family: Debian, command: [/usr/bin/dockerd]}
swarm:
  description: What M(hive.swarm.swarm_info) returned. Empty if no engine responds.
  returned: V(configure)
  type: dict
  sample: {state: active, role: manager}
batches:
  description: Names of hosts, in batches. Managers restart one by one and the leader last.
  returned: V(restart)
  type: list
  elements: list
  sample: [[beta], [alpha], [delta, epsilon]]
failure:
  description:
    - Why the task failed. C(kind) is the kind of the first reason in RV(stop), V(bad_input) with C(option), or the kind of the
      failure of the reading.
  returned: failure
  type: dict
  sample:
    kind: not_root
    message: "Docker Engine is installed and configured by root: use become."
"""
