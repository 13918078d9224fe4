# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_plan
short_description: Plan an operation on a swarm, show the plan and check its confirmation
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Decides what an operation does to which node and in which order, and shows it as a table before anything is done.
  - Fails if the operation is not safe, with all reasons at once, or if it needs a confirmation and O(confirm) does not contain it.
    In check mode a missing confirmation is accepted, a wrong one is not.
  - Changes nothing. Runs on the controller and reads the swarm over the connection of the task, so delegate the task to
    RV(hive.swarm.swarm_discover#module:manager). If no manager responds, nothing is read.
  - Options that the operation does not have are errors.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  operation:
    description:
      - The operation to plan. Most have a playbook of their name in this collection.
      - V(backup) copies the state of managers.
      - V(deploy_stack) deploys or removes a stack.
      - V(describe_backup) only returns the description that is stored beside an archive.
      - V(drain) moves the tasks of a node to other nodes.
      - V(expire_backups) removes old backups of a host.
      - V(heal) repairs the membership of hosts.
      - V(prune) removes images and build caches that no container uses.
      - V(rebalance) replaces the tasks of services that are distributed unevenly.
      - V(recover_quorum) continues a swarm that has lost most of its managers with one of them.
      - V(reset) takes hosts out of their swarm. O(confirm) is the ID of the swarm.
      - V(restore) brings a swarm back from backups.
      - V(rolling_maintenance) drains, patches and reboots the nodes one after another.
      - V(rotate) renews join tokens, root certificate or unlock key.
      - V(scale_in) removes nodes from the swarm.
      - V(scale_out) joins hosts that are not in the swarm.
      - V(site) makes the hosts one swarm, as the role P(hive.swarm.cluster#role) does. The result has what the role needs.
      - V(upgrade_engine) changes the version of the engines one after another.
    type: str
    required: true
    choices:
      - backup
      - deploy_stack
      - describe_backup
      - drain
      - expire_backups
      - heal
      - prune
      - rebalance
      - recover_quorum
      - reset
      - restore
      - rolling_maintenance
      - rotate
      - scale_in
      - scale_out
      - site
      - upgrade_engine
  discovered:
    description: The result of M(hive.swarm.swarm_discover).
    type: dict
    required: true
  confirm:
    description: The confirmation of the user. Names may be in any order, separated by commas or spaces.
    type: str
    default: ""
  show:
    description:
      - Whether to show the plan, and to fail if it has reasons to stop or lacks its confirmation. With V(false) the plan is only
        returned.
    type: bool
    default: true
  accept_outage:
    description:
      - Whether a swarm of one or two managers may be without a leader for a while. For V(backup), V(rolling_maintenance) and
        V(upgrade_engine).
    type: bool
    default: false
  actions:
    description:
      - What is done to each host in its turn. For V(rolling_maintenance) and V(upgrade_engine).
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: Name of the host.
        type: str
        required: true
      before:
        description: Task file of the controller that runs before the node is drained.
        type: str
        default: ""
      patch:
        description: Task file of the controller that runs when the node is drained.
        type: str
        default: ""
      after:
        description: Task file of the controller that runs when the node is back.
        type: str
        default: ""
      reboot:
        description: When the host is rebooted.
        type: str
        choices: [never, if_needed, always]
        default: never
      local:
        description: Whether the connection to the host is local. Such a host is not rebooted.
        type: bool
        default: false
      indicates_reboot:
        description: Whether something on the host indicates that a reboot is needed.
        type: bool
        default: true
  allow_duplicate_hostnames:
    description: Whether several engines may have the same host name. For O(operation=site).
    type: bool
    default: false
  allow_even:
    description:
      - Whether the swarm may have an even number of managers afterwards. For V(scale_in) and V(scale_out).
    type: bool
    default: false
  allow_stranded:
    description: Whether services may lose tasks that no other node can run. For O(operation=drain).
    type: bool
    default: false
  autolock_window:
    description:
      - Whether autolock is off during the backup, so that the backup of one manager is enough. For O(operation=backup).
    type: bool
    default: false
  backup:
    description:
      - Whether the swarm is backed up before. For O(operation=upgrade_engine).
    type: bool
    default: true
  backup_key:
    description:
      - The passphrase that authenticates the descriptions of backups. For V(describe_backup) and V(restore).
    type: str
    default: ""
  can_decrypt:
    description:
      - Whether archives can be decrypted. For O(operation=restore).
    type: bool
    default: false
  clear:
    description:
      - Whether an archive that is not encrypted is accepted although autolock is enabled, or although it leaves its host. For
        O(operation=backup).
    type: bool
    default: false
  cluster_id:
    description:
      - ID of the swarm, from RV(hive.swarm.swarm_init#module:failure) of the refusal. Empty if it is not known. For
        O(operation=recover_quorum).
    type: str
    default: ""
  compose:
    description:
      - Compose files, as O(hive.swarm.swarm_stack#module:compose), or paths separated by commas. For
        O(operation=deploy_stack).
    type: raw
  copies:
    description: The backup of each host that gets one. For O(operation=restore).
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: Name of the host.
        type: str
        required: true
      archive:
        description: Path of the archive.
        type: str
        required: true
      checksum:
        description: SHA-256 of the archive. Empty if the archive does not exist.
        type: str
        default: ""
      description:
        description: Content of the JSON file beside the archive. Empty if it cannot be read.
        type: str
        default: ""
      addresses:
        description: IP addresses of the host.
        type: list
        elements: str
        default: []
  current:
    description: Path of the newest backup, up to its time. For O(operation=expire_backups).
    type: str
    default: ""
  done_label:
    description:
      - Node label that stores the name of the last run that was finished on a node. For O(operation=rolling_maintenance).
    type: str
    default: ""
  encrypts:
    description:
      - Whether the archive is encrypted. For O(operation=backup).
    type: bool
    default: false
  engine_version:
    description:
      - Desired version of Docker Engine, or its beginning. For O(operation=upgrade_engine).
    type: str
    default: ""
  facts:
    description: What is known of the archive. For O(operation=describe_backup), which requires it.
    type: dict
    suboptions:
      archive:
        description: Name of its file.
        type: str
        required: true
      checksum:
        description: Its SHA-256.
        type: str
        required: true
      size:
        description: Its size in bytes.
        type: int
        required: true
      encrypted:
        description: Whether it is encrypted.
        type: bool
        default: false
      autolocked:
        description: Whether autolock was enabled.
        type: bool
        default: false
      window:
        description: Whether autolock was off during the backup.
        type: bool
        default: false
      taken_at:
        description: Time of the backup.
        type: str
        required: true
  fetches:
    description:
      - Whether the archive is copied to the controller. For O(operation=backup).
    type: bool
    default: false
  files:
    description: Files in the directory of backups. Others than backups of this swarm and host stay. For O(operation=expire_backups).
    type: list
    elements: str
    default: []
  folder:
    description:
      - Directory that relative paths of O(compose) are relative to. For O(operation=deploy_stack).
    type: str
    default: ""
  forks:
    description:
      - Number of hosts that Ansible works on at a time. For O(operation=restore).
    type: int
    default: 5
  going:
    description: IDs of all nodes that are drained at the same time. For O(operation=drain).
    type: list
    elements: str
    default: []
  hooked:
    description:
      - Whether tasks of the user copy the archive elsewhere. For O(operation=backup).
    type: bool
    default: false
  host:
    description: Name of the host that was backed up. For O(operation=describe_backup), which requires it.
    type: str
  inventory:
    description:
      - Names of all hosts of the inventory, whatever their groups. For O(operation=scale_in).
    type: list
    elements: str
    default: []
  keep:
    description:
      - Number of backups to keep on each host. V(0) keeps all. For V(backup) and V(expire_backups).
    type: int
    default: 0
  keeps_key:
    description:
      - Whether new keys are stored where the user can find them. For V(backup) and V(rotate).
    type: bool
    default: false
  left_out:
    description:
      - Names of hosts that the operation would need and that are not in the run (C(--limit)). For V(restore) and V(scale_in).
    type: list
    elements: str
    default: []
  listed:
    description:
      - The nodes, as M(hive.swarm.swarm_node_info) lists them. For O(operation=describe_backup), which requires it.
    type: list
    elements: dict
  maintenance_label:
    description:
      - Node label that stores the availability of a node while an operation has it drained. Empty if nodes have no such label.
        For V(heal), V(rolling_maintenance) and V(upgrade_engine).
    type: str
    default: ""
  missing:
    description:
      - Host names or IDs of nodes that may be missing. For V(rolling_maintenance) and V(upgrade_engine).
    type: list
    elements: str
    default: []
  name:
    description: Name to show for the node. The default is its host name. For O(operation=drain).
    type: str
    default: ""
  node:
    description: ID of the node. For O(operation=drain), which requires it.
    type: str
  nodes:
    description:
      - Names of hosts, and to remove nodes also their host names or IDs. Without it, V(scale_out) joins all hosts of the
        play. For V(scale_in) and V(scale_out).
    type: list
    elements: str
    default: []
  peers_gone:
    description:
      - Whether managers that do not respond are known to be off. For V(recover_quorum) and V(restore).
    type: bool
    default: false
  prune:
    description:
      - Whether to remove objects of the stack that the files do not contain. For O(operation=deploy_stack).
    type: bool
    default: false
  rebuild:
    description:
      - Whether the hosts of the run join afterwards. For V(recover_quorum) and V(restore).
    type: bool
    default: true
  recover_on:
    description:
      - Name of the host that goes on. Empty if only one can. For O(operation=recover_quorum).
    type: str
    default: ""
  refusal:
    description:
      - Why the engine of the chosen host refused the confirmation. Empty if it did not. For O(operation=recover_quorum).
    type: str
    default: ""
  rotate:
    description:
      - What to renew, C(tokens), C(ca) or C(unlock_key). For O(operation=rotate).
    type: str
    default: ""
  run:
    description:
      - Name of this run. Nodes that it has finished are skipped. An empty string includes every node. For
        O(operation=rolling_maintenance).
    type: str
    default: ""
  seals:
    description:
      - Whether a passphrase authenticates the archive and its description. For O(operation=backup).
    type: bool
    default: false
  services:
    description:
      - Names of services whose tasks are replaced. Without it, those that are distributed unevenly. For
        O(operation=rebalance).
    type: list
    elements: str
    default: []
  stack:
    description:
      - Name of the stack. For O(operation=deploy_stack).
    type: str
    default: ""
  state:
    description:
      - Desired state of the stack. For O(operation=deploy_stack).
    type: str
    choices: [present, absent]
    default: present
  states:
    description: The state of each manager that is left. For O(operation=recover_quorum).
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: Name of the host.
        type: str
        required: true
      log:
        description: Term and index of the last entry of its Raft log. Empty if not known.
        type: list
        elements: int
        default: []
      encrypted:
        description: Whether its keys are encrypted with an unlock key.
        type: bool
        default: false
  swarm:
    description: The settings of the swarm, from M(hive.swarm.swarm_info). For O(operation=describe_backup), which requires it.
    type: dict
  unlock_keys:
    description:
      - The unlock keys that the user has. The task compares them with the key of the swarm, and does not return it. For
        V(backup), V(heal), V(restore), V(rolling_maintenance), V(rotate) and V(upgrade_engine).
    type: list
    elements: str
    default: []
  unmanaged_label:
    description:
      - Node label with the name of the node's host. Nodes whose host is not in O(inventory) are removed, too. Empty to keep
        them. For O(operation=scale_in).
    type: str
    default: ""
  upgrade_tasks:
    description: Task file of the controller that changes the version of an engine, which must exist. For O(operation=upgrade_engine).
    type: str
    default: ""
  usages:
    description: The disk usage of each host. For O(operation=prune).
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: Name of the host.
        type: str
        required: true
      usage:
        description: The engine's answer to C(GET /system/df).
        type: dict
        default: {}
      failure:
        description: Why the engine did not answer.
        type: str
        default: ""
      kinds:
        description: What to remove.
        type: list
        elements: str
        choices: [images, build]
        default: [images, build]
      age:
        description: Minimum age of what is removed. Of images, the engine counts from the build time.
        type: str
        default: 240h
  verifies:
    description:
      - Whether only archives that are encrypted and authentic are restored. For O(operation=restore).
    type: bool
    default: false
  window_label:
    description:
      - Label of the swarm that an interrupted backup leaves when autolock is off. For O(operation=backup).
    type: str
    default: ""
seealso:
  - module: hive.swarm.swarm_discover
"""

EXAMPLES = r"""
- name: Plan the maintenance
  hive.swarm.swarm_plan:
    operation: rolling_maintenance
    discovered: "{{ discovered }}"
    maintenance_label: hive.swarm.maintenance
    actions:
      - host: alpha
        patch: /srv/tasks/patch.yml
        reboot: if_needed
  delegate_to: "{{ discovered.manager or inventory_hostname }}"
  run_once: true
  register: plan

- name: Show who has a turn
  ansible.builtin.debug:
    msg: "{{ plan.managers + plan.workers }}"
"""

RETURN = r"""
steps:
  description: The steps in their order. C(node) is empty for a step that concerns the whole swarm.
  returned: if the swarm could be read
  type: list
  elements: dict
  contains:
    node: {description: Name of the host or node., type: str, returned: success, sample: alpha}
    step: {description: What is done to it., type: str, returned: success, sample: "drain, reboot, set to active"}
    reason: {description: Why., type: str, returned: success, sample: "leader, so the last manager"}
lines:
  description: The steps as a table, line by line, as the task shows it.
  returned: success
  type: list
  elements: str
  sample: ["NODE   STEP                  REASON", "alpha  drain, set to active  worker"]
stop:
  description: Reasons why the operation is not safe.
  returned: if the swarm could be read
  type: list
  elements: dict
  contains:
    kind: {description: Kind of the reason., type: str, returned: success, sample: quorum_at_risk}
    message: {description: The reason and what to do about it., type: str, returned: success, sample: ""}
confirm:
  description: The confirmation that the operation needs. Empty for none.
  returned: if the swarm could be read
  type: str
  sample: ""
adds_managers:
  description:
    - Whether the swarm gets managers, by joins or promotions.
  returned: V(site)
  type: bool
  sample: false
alone:
  description:
    - Names of the hosts in other swarms, which are left alone.
  returned: V(reset)
  type: list
  elements: str
  sample: []
availability:
  description:
    - Availability of the node before.
  returned: V(drain)
  type: str
  sample: active
cluster_id:
  description:
    - ID of the restored swarm, or of the one that the hosts belong to. Empty where it is to be created.
  returned: V(restore), V(site)
  type: str
  sample: abc123def456ghi789jkl0mno
compose:
  description:
    - The compose files for M(hive.swarm.swarm_stack).
  returned: V(deploy_stack)
  type: list
  elements: raw
  sample: [/srv/stacks/shop.yml]
counter:
  description:
    - Value for O(hive.swarm.swarm_init#module:ca_force_rotate).
  returned: V(rotate)
  type: int
  sample: 2
description:
  description:
    - Text of the description, JSON without secrets. With O(backup_key) it has an authentication code (HMAC-SHA256).
  returned: V(describe_backup)
  type: str
  sample: "{}"
demote:
  description:
    - The nodes that become workers, each with C(host), C(id) and C(hostname).
  returned: V(site)
  type: list
  elements: dict
  sample: []
drained:
  description:
    - The C(id) and C(name) of each node that an interrupted operation has drained and that gets its availability back.
  returned: V(heal)
  type: list
  elements: dict
  sample: []
entries:
  description:
    - IDs of the entries that the hosts leave behind.
  returned: V(reset)
  type: list
  elements: str
  sample: []
expected:
  description:
    - What the managers must list of each host when all is done, C(name), C(id) (empty until it has joined), C(hostname) and C(role).
  returned: V(site)
  type: list
  elements: dict
  sample: [{name: alpha, id: abc123def456ghi789jkl0mno, hostname: alpha, role: manager}]
expired:
  description:
    - Files to remove.
  returned: V(expire_backups)
  type: list
  elements: str
  sample: []
force:
  description:
    - Whether managers leave that cannot be demoted, because the swarm ends.
  returned: V(reset)
  type: bool
  sample: true
hosts:
  description:
    - Names of the hosts that are changed.
  returned: V(heal), V(scale_out)
  type: list
  elements: str
  sample: [delta]
ids:
  description:
    - ID of the node of each host that is in the swarm, by name of the host.
  returned: V(site)
  type: dict
  sample: {alpha: abc123def456ghi789jkl0mno}
init:
  description:
    - Name of the host that creates the swarm. Empty if there is one.
  returned: V(site)
  type: str
  sample: ""
join:
  description:
    - C(role) and C(availability) of each host that joins, by name of the host.
  returned: V(site)
  type: dict
  sample: {delta: {role: worker, availability: pause}}
keeper:
  description:
    - Name of a manager that stays one. It is queried after the roles have changed.
  returned: V(site)
  type: str
  sample: alpha
labels:
  description:
    - Labels of the node before.
  returned: V(drain)
  type: dict
  sample: {}
leader:
  description:
    - Name of the leader, if it leaves.
  returned: V(reset)
  type: str
  sample: alpha
listed:
  description:
    - The C(nodes) and the C(quorum), as M(hive.swarm.swarm_node_info) returns them. Empty where the swarm is to be created.
  returned: V(site)
  type: dict
  sample: {nodes: [], quorum: {}}
manager:
  description:
    - Name of the manager that is queried. Empty where the swarm is to be created.
  returned: V(site)
  type: str
  sample: alpha
managers:
  description:
    - Names of the managers with a turn, in the order of their turns.
  returned: V(reset), V(rolling_maintenance), V(upgrade_engine)
  type: list
  elements: str
  sample: [beta, gamma, alpha]
manifests:
  description:
    - The description of each backup by name of its host.
  returned: V(restore)
  type: dict
  sample: {}
member_ids:
  description:
    - IDs of all nodes that the managers list.
  returned: V(site)
  type: list
  elements: str
  sample: [abc123def456ghi789jkl0mno]
needed:
  description:
    - Whether there is anything to do.
  returned: V(recover_quorum), V(upgrade_engine)
  type: bool
  sample: true
pinned:
  description:
    - Whether the ID of the swarm was given.
  returned: V(site)
  type: bool
  sample: false
promote:
  description:
    - The nodes that become managers, each with C(host), C(id) and C(hostname).
  returned: V(site)
  type: list
  elements: dict
  sample: []
prunable:
  description:
    - Numbers of C(images) and C(build) records that are removed, their C(bytes), and C(until), the age for the engine's filter,
      by name of the host.
  returned: V(prune)
  type: dict
  sample: {}
quiet:
  description:
    - Whether nothing has to be done.
  returned: V(site)
  type: bool
  sample: true
rejoin:
  description:
    - Names of the hosts whose state is moved aside and that join again.
    - For V(site), the node ID that each host loses when it joins again, by name of the host.
  returned: V(recover_quorum), V(restore), V(site)
  type: raw
  sample: [beta]
remote_addrs:
  description:
    - Addresses of managers that other hosts join at.
  returned: V(site)
  type: list
  elements: str
  sample: ["192.0.2.11:2377"]
remove:
  description:
    - Entries of nodes that no longer exist, which are removed at the end, each with C(id), C(hostname), C(role) and C(manager), whether it is a
      member of the raft.
  returned: V(site)
  type: list
  elements: dict
  sample: []
retire:
  description:
    - Those of RV(remove) that are demoted before any host joins.
  returned: V(site)
  type: list
  elements: dict
  sample: []
services:
  description:
    - Names of the services whose tasks are replaced. For V(drain) all services before, as M(hive.swarm.swarm_service_info)
      lists them.
  returned: V(drain), V(rebalance)
  type: list
  elements: raw
  sample: [web]
settings:
  description:
    - C(labels) and C(availability) to set on the node of each host where they differ, by name of the host.
  returned: V(site)
  type: dict
  sample: {}
silence:
  description:
    - Names of the hosts whose engines are stopped first.
  returned: V(recover_quorum)
  type: list
  elements: str
  sample: [beta]
start:
  description:
    - Whether to start a rotation. It is false while one is in progress.
  returned: V(rotate)
  type: bool
  sample: true
takeovers:
  description:
    - Address of the former entry that each host replaces, by name of the host.
  returned: V(site)
  type: dict
  sample: {}
target:
  description:
    - Name of the host that goes on.
  returned: V(recover_quorum)
  type: str
  sample: alpha
targets:
  description:
    - Names of the hosts that are backed up or restored, or the nodes that are removed, as dictionaries, in their order.
  returned: V(backup), V(restore), V(scale_in)
  type: list
  elements: raw
  sample: [alpha]
unlock_first:
  description:
    - Whether the managers must be unlocked before more is known.
  returned: V(heal)
  type: bool
  sample: false
way:
  description:
    - V(force) if one manager becomes a swarm of one, V(quorum) if a majority is restored.
  returned: V(restore)
  type: str
  sample: force
window:
  description:
    - Whether autolock is off during the backup.
  returned: V(backup)
  type: bool
  sample: false
workers:
  description:
    - Names of the workers with a turn, in the order of their turns.
  returned: V(reset), V(rolling_maintenance), V(upgrade_engine)
  type: list
  elements: str
  sample: [delta]
failure:
  description:
    - Why the task failed. C(kind) is the kind of the first reason in RV(stop), V(not_confirmed), V(bad_input) with C(option), or
      the kind of the failure of the engine that was read.
  returned: failure
  type: dict
  sample:
    kind: quorum_at_risk
    message: alpha must not go down.
"""
