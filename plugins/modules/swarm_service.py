#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_service
short_description: Manage a service of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Creates, changes, rolls back or removes a service. Runs on a manager.
  - An option that is not given is not managed. The live value stays, whoever set it, and so does what this module knows
    nothing of.
  - An option that is given is exact. Given empty (V([]), V({}), V("")), it goes back to the engine's default.
  - In an option with sub-options the same goes for each of them. The elements of a list, like a mount or a port, are
    exactly as written.
  - The task waits until the service runs as the task wants it, and fails if it does not get there.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - A network, secret or config that is not there is a warning in check mode, since an earlier task may be about to
        create it. So is a service that is not there, for a task without O(image); all that the task names is predicted as
        changed then.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(force_update) is an order and changes something every time.
      - With O(resolve_image=always) something changes whenever the registry has another image under the same tag.
options:
  name:
    description:
      - Name of the service. A service cannot be renamed.
    type: str
    required: true
  state:
    description:
      - V(present) has the service as the options say.
      - V(absent) removes it and waits until its tasks are gone.
      - V(rolled_back) returns it to what it was before the last update. Done once, it is done until the next update,
        so a second run changes nothing. No option that describes the service can be given with it.
    type: str
    choices: [present, absent, rolled_back]
    default: present
  image:
    description:
      - The image, like V(registry.example.com/team/web:1.4). Only needed when the service is created.
      - It is pinned to the digest that the registry has for the tag, see O(resolve_image). A service that runs the same
        tag with a digest is unchanged.
    type: str
  resolve_image:
    description:
      - When to ask the registry which digest the tag of O(image) has and for which platforms it is made.
      - V(changed) asks when the service is created or gets another image. V(always) or V(true) asks in every run, and
        updates the service when the tag has moved. V(never) or V(false) takes O(image) as it is written.
      - A registry that does not answer is a warning. The service then keeps its digest, or gets the tag alone.
    type: raw
    default: changed
  command:
    description:
      - What to run instead of the image's entrypoint, as a list or as a string that is split as a shell would.
      - Compose calls it C(entrypoint). V([]) returns to the image's.
    type: raw
  command_as_args:
    description:
      - With V(true), O(command) and O(args) together are what the image's entrypoint is called with, as in
        C(docker service create IMAGE COMMAND ARG), and the entrypoint is the image's. Nothing changes where neither
        option is given.
      - With V(false), O(command) replaces the image's entrypoint.
      - As in community.docker, with one difference. A service that has the same words as its entrypoint is changed here.
    type: bool
    default: false
  args:
    description:
      - What to run instead of the image's command, that is, the arguments of the entrypoint.
      - Compose calls it C(command). V([]) returns to the image's.
    type: list
    elements: str
  env:
    description:
      - Environment variables, as a dictionary or as a list of C(NAME=value). V({}) removes all of them.
      - A name without value removes a variable that the image sets. The order says nothing, so another one restarts no
        task.
      - Put values like V(yes) and V(1.10) in quotes. For the engine's own templates, like C({{.Node.Hostname}}), use
        C(!unsafe), or Ansible takes them for its own.
    type: raw
  env_files:
    description:
      - Files with lines like C(NAME=value), on the host that the module runs on. Lines that begin with C(#) are
        comments. A name alone takes its value from the environment of the module.
      - A later file beats an earlier one, and O(env) beats them all. Together they are what O(env) alone would be.
      - V([]) are no variables, like V({}) for O(env).
    type: list
    elements: path
  env_state:
    description:
      - With V(replace) the service has the variables of O(env) and O(env_files) and no others. V(merge) leaves others
        alone.
    type: str
    choices: [replace, merge]
    default: replace
  hide_env:
    description:
      - Whether to hide the values of environment variables in diff and result. Their names stay visible.
      - Values of three or more characters are hidden too where the log of a container repeats them.
      - The diff of a removal never shows values, and neither does the node's syslog.
    type: bool
    default: false
  labels:
    description:
      - Labels of the service. V({}) removes them. A change restarts no task.
      - Values are strings, so put numbers with a dot and words like V(yes) in quotes.
    type: dict
  labels_state:
    description:
      - With V(replace) the service has O(labels) and no others, except those of a stack (C(com.docker.stack.*)), which
        stay. V(merge) leaves all others alone.
    type: str
    choices: [replace, merge]
    default: replace
  container_labels:
    description:
      - Labels of the service's containers. V({}) removes them. A change restarts tasks.
    type: dict
  container_labels_state:
    description:
      - As O(labels_state), for O(container_labels).
    type: str
    choices: [replace, merge]
    default: replace
  hostname:
    description:
      - Host name inside of the containers. V("") returns to the container's ID.
      - The engine's templates are possible, like C({{.Service.Name}}-{{.Task.Slot}}), see O(env).
    type: str
  user:
    description:
      - User that the containers run as, by name or ID, like V(www-data) or V("1000:1000"). V("") is the image's.
    type: str
  groups:
    description:
      - Further groups of that user inside of the containers, by name or ID. V([]) is none.
    type: list
    elements: str
  working_dir:
    description:
      - Folder to start in. V("") is the image's.
    type: str
  tty:
    description:
      - Whether containers get a terminal. By default they do not.
    type: bool
  stdin_open:
    description:
      - Whether to keep the standard input of containers open. By default it is closed.
    type: bool
  read_only:
    description:
      - Whether the containers' root file system is read-only. By default it is not.
    type: bool
  init:
    description:
      - Whether an init process in each container reaps its children and passes signals on. V("") leaves that to each
        engine's own setting.
      - Needs API version 1.37.
    type: raw
  isolation:
    description:
      - How containers are isolated on Windows.
      - Needs API version 1.35.
    type: str
    choices: [default, process, hyperv]
  stop_signal:
    description:
      - Signal that stops a container, like V(SIGQUIT). V("") is the image's.
    type: str
  stop_grace_period:
    description:
      - How long a container may take to stop before it is killed, like V(30s) or V(1m30s). V(0s) kills at once, V("")
        is the engine's default, 10s.
    type: str
  hosts:
    description:
      - Lines of the containers' C(/etc/hosts), as a dictionary of names with an IP address, or several in a list.
        A list of C(name:address) or C(name=address) is possible too. V({}) removes them.
    type: raw
  dns:
    description:
      - IP addresses of DNS servers to ask, in this order. V([]) are those of the node.
    type: list
    elements: str
  dns_search:
    description:
      - DNS domains to look for names in, in this order. V([]) are those of the node.
    type: list
    elements: str
  dns_options:
    description:
      - Options of the resolver, like V(timeout:3). V([]) is none.
    type: list
    elements: str
  cap_add:
    description:
      - Capabilities to add, like V(NET_ADMIN), with or without C(CAP_). V([]) is none.
      - Needs API version 1.41.
    type: list
    elements: str
  cap_drop:
    description:
      - Capabilities to take away, V(ALL) for all of them. V([]) is none.
      - Needs API version 1.41.
    type: list
    elements: str
  sysctls:
    description:
      - Kernel parameters of the containers, like C(net.core.somaxconn). Values are strings. V({}) is none.
      - Needs API version 1.40.
    type: dict
  ulimits:
    description:
      - Limits of the containers' processes by name. The value is a number, or a dictionary of C(soft) and C(hard).
        V(-1) is unlimited. V({}) are those of the node's engine.
      - Needs API version 1.41.
    type: dict
  oom_score_adj:
    description:
      - How likely the kernel ends the containers when memory runs out, from -1000 (never) to 1000. V(0) is the default.
      - Needs API version 1.46 (Docker Engine 27.0).
    type: int
  privileges:
    description:
      - What the kernel allows the containers' processes. V({}) is the engine's default.
    type: dict
    suboptions:
      no_new_privileges:
        description:
          - Whether to keep processes from gaining privileges, as by setuid programs. By default they can.
          - Needs API version 1.44 (Docker Engine 25.0).
        type: bool
      seccomp:
        description:
          - Which system calls are allowed. V({}) is the engine's default.
          - Needs API version 1.44 (Docker Engine 25.0).
        type: dict
        suboptions:
          mode:
            description:
              - V(default) is the engine's profile, V(unconfined) none, V(custom) that of
                O(privileges.seccomp.profile).
            type: str
            choices: [default, unconfined, custom]
          profile:
            description:
              - The profile for V(custom), as a dictionary or as JSON. V("") removes it.
            type: raw
      apparmor:
        description:
          - The AppArmor profile. V({}) is the engine's default.
          - Needs API version 1.44 (Docker Engine 25.0).
        type: dict
        suboptions:
          mode:
            description:
              - V(default) is the engine's profile, V(disabled) none.
            type: str
            choices: [default, disabled]
      selinux_context:
        description:
          - The SELinux context of the containers. V({}) is the engine's default.
        type: dict
        suboptions:
          disable:
            description:
              - Whether to switch SELinux off for the containers.
            type: bool
          user:
            description:
              - User of the context. V("") is the engine's default.
            type: str
          role:
            description:
              - Role of the context. V("") is the engine's default.
            type: str
          type:
            description:
              - Type of the context. V("") is the engine's default.
            type: str
          level:
            description:
              - Level of the context. V("") is the engine's default.
            type: str
  credential_spec:
    description:
      - The managed service account of Windows containers. Give one of the three. V({}) removes it.
      - Needs API version 1.29.
    type: dict
    suboptions:
      config:
        description:
          - Name of a config of the swarm that holds the credential spec.
        type: str
      file:
        description:
          - Name of a file in the engine's folder of credential specs on each node.
        type: str
      registry:
        description:
          - Name of a value in the Windows registry of each node.
        type: str
  healthcheck:
    description:
      - How to tell whether a container is well. A task counts as running when its check passes for the first time.
        V({}) returns to the image's check.
    type: dict
    suboptions:
      test:
        description:
          - The command, as a list that begins with V(CMD) or V(CMD-SHELL), or as a string for the container's shell.
          - V(NONE) switches the image's check off. V("") or V([]) is the image's.
        type: raw
      interval:
        description:
          - Time between two checks, like V(30s), at least V(1ms). V("") is the image's.
        type: str
      timeout:
        description:
          - How long one check may take. V("") is the image's.
        type: str
      retries:
        description:
          - How many checks in a row have to fail. V(0) is the image's.
        type: int
      start_period:
        description:
          - How long after the start failures do not count. V("") is the image's.
        type: str
      start_interval:
        description:
          - Time between two checks during O(healthcheck.start_period). V("") is the image's.
          - Needs API version 1.44 (Docker Engine 25.0).
        type: str
  mounts:
    description:
      - The mounts of the containers, all of them. They are told apart by their target. V([]) is none.
    type: list
    elements: dict
    suboptions:
      type:
        description:
          - V(bind) is a path of the node, V(volume) a volume, V(tmpfs) is memory, V(npipe) a named pipe of Windows.
            V(cluster) is a volume of a CSI driver and needs API version 1.42 (Docker Engine 23.0).
          - Where this is left out, the docker CLI means V(volume).
        type: str
        choices: [bind, volume, tmpfs, npipe, cluster]
        default: bind
      source:
        description:
          - Path on the node, or name of the volume. Without it, a V(volume) is a new one for every task. C(group:NAME)
            takes any cluster volume of that group.
          - A path has to be there on every node that may run a task, or the node rejects it.
        type: str
      target:
        description:
          - Absolute path inside of the container.
        type: str
        required: true
      readonly:
        description:
          - Whether the container cannot write to it.
        type: bool
      propagation:
        description:
          - How mounts below the path spread between node and container. Only for O(mounts[].type=bind).
        type: str
        choices: [private, rprivate, shared, rshared, slave, rslave]
      non_recursive:
        description:
          - Whether to leave out what is mounted below the path. Only for O(mounts[].type=bind).
        type: bool
      no_copy:
        description:
          - Whether a new volume stays empty instead of getting what the image has at the path. Only for
            O(mounts[].type=volume).
        type: bool
      labels:
        description:
          - Labels for a volume that is made for the task. One that is there keeps its own. Only for
            O(mounts[].type=volume).
          - Labels of a stack (C(com.docker.stack.*)) that the mount at this target has stay.
        type: dict
      subpath:
        description:
          - Folder inside of the volume to mount instead of all of it. Only for O(mounts[].type=volume).
          - Needs API version 1.45 (Docker Engine 26.1).
        type: str
      driver_config:
        description:
          - Driver of a volume that is made for the task. Only for O(mounts[].type=volume).
          - A node uses it, and the labels, when it first makes the volume. A node that has a volume with the name of
            O(mounts[].source) mounts that one as it is. The module warns where it can see a difference, which is in the
            spec that the service has, and for a new service among the volumes of the engine that it talks to.
        type: dict
        suboptions:
          name:
            description:
              - Name of the driver. The engine's default is V(local).
            type: str
          options:
            description:
              - Options of the driver.
            type: dict
      tmpfs_size:
        description:
          - Size at most, like V(64M). Without it there is no limit. Only for O(mounts[].type=tmpfs).
        type: str
      tmpfs_mode:
        description:
          - File mode in octal, V("1777") or V(01777). A number without the 0 in front is refused, as it is another mode. Only for O(mounts[].type=tmpfs).
        type: raw
      tmpfs_options:
        description:
          - Options of the mount, like V(noexec) or V(uid=1000). Only for O(mounts[].type=tmpfs).
          - Needs API version 1.46 (Docker Engine 27.0).
        type: list
        elements: str
  networks:
    description:
      - The networks of the service, all of them, by name or ID. Each is a string, or a dictionary of C(name),
        C(aliases) (a list of further DNS names) and C(options) (a dictionary for the driver). V([]) is none.
      - They have to be overlay networks of the swarm, or V(host) or V(bridge), which every node has.
    type: list
    elements: raw
  endpoint_mode:
    description:
      - V(vip) gives the service one address that spreads connections over its tasks, V(dnsrr) has its name answer with
        the addresses of the tasks. The engine's default is V(vip).
      - With V(dnsrr) only ports of O(publish[].mode=host) are possible.
    type: str
    choices: [vip, dnsrr]
  publish:
    description:
      - The published ports, all of them. V([]) is none. A change restarts tasks, another order does not.
    type: list
    elements: dict
    suboptions:
      published_port:
        description:
          - Port on the nodes. Without it the swarm chooses one and keeps it.
        type: int
      target_port:
        description:
          - Port inside of the container.
        type: int
        required: true
      protocol:
        description:
          - Protocol of the port.
        type: str
        choices: [tcp, udp, sctp]
        default: tcp
      mode:
        description:
          - V(ingress) publishes on every node and forwards to some task. V(host) publishes only on the nodes that run a
            task.
          - A node can run one task with the same published port of V(host). More replicas than nodes, or
            O(update_config.order=start-first), wait for a port that does not come free.
        type: str
        choices: [ingress, host]
        default: ingress
      name:
        description:
          - A name of the port. Only inspection shows it.
        type: str
  secrets:
    description:
      - The secrets that containers see as files, all of them. V([]) is none.
      - A secret cannot be changed. To rotate one, create it under a new name and give that name here with the same
        O(secrets[].filename). The old one can be removed when the task is done.
    type: list
    elements: dict
    suboptions:
      secret_name:
        description:
          - Name of the secret.
        type: str
        required: true
      secret_id:
        description:
          - ID of the secret. It is looked up by name, so it only has to be given to make sure that it is this one.
        type: str
      filename:
        description:
          - Name of the file below C(/run/secrets), or an absolute path. The default is O(secrets[].secret_name).
        type: str
      uid:
        description:
          - Owner of the file, as a number. The default is V("0").
        type: str
      gid:
        description:
          - Group of the file, as a number. The default is V("0").
        type: str
      mode:
        description:
          - File mode in octal, V("0400") or V(0400). The default is V("0444"). A number without the 0 in front, like V(400),
            is refused, as it is another mode.
        type: raw
  configs:
    description:
      - The configs that containers see as files, all of them. V([]) is none. They are rotated as O(secrets) are.
      - Needs API version 1.30.
    type: list
    elements: dict
    suboptions:
      config_name:
        description:
          - Name of the config.
        type: str
        required: true
      config_id:
        description:
          - ID of the config. It is looked up by name, so it only has to be given to make sure that it is this one.
        type: str
      filename:
        description:
          - Path of the file. Where it is not absolute, it is below C(/). The default is O(configs[].config_name).
        type: str
      uid:
        description:
          - Owner of the file, as a number. The default is V("0").
        type: str
      gid:
        description:
          - Group of the file, as a number. The default is V("0").
        type: str
      mode:
        description:
          - File mode in octal, V("0400") or V(0400). The default is V("0444"). A number without the 0 in front, like V(400),
            is refused, as it is another mode.
        type: raw
  limits:
    description:
      - What each task may use. V({}) is no limit.
    type: dict
    suboptions:
      cpus:
        description:
          - Number of CPUs, at least 0.001. V(0) is no limit.
        type: float
      memory:
        description:
          - Memory, like V(512M), at least V(4M). V(0) is no limit.
        type: str
      pids:
        description:
          - Number of processes and threads. V(0) is no limit.
        type: int
  reservations:
    description:
      - What a node must have free to get a task. Where no node has, tasks stay pending. V({}) is nothing.
    type: dict
    suboptions:
      cpus:
        description:
          - Number of CPUs. V(0) is none.
        type: float
      memory:
        description:
          - Memory, like V(256M). V(0) is none.
        type: str
      generic_resources:
        description:
          - Resources that the engines of the nodes advertise, like GPUs, all of them. Each has
            O(reservations.generic_resources[].value) or O(reservations.generic_resources[].name). V([]) is none.
        type: list
        elements: dict
        suboptions:
          kind:
            description:
              - Kind of the resource, like V(gpu).
            type: str
            required: true
          value:
            description:
              - How many of them.
            type: int
          name:
            description:
              - This very one.
            type: str
  memswap_limit:
    description:
      - Swap that a task may use, like V(1G). V(-1) is unlimited, V("") the engine's default.
      - Needs O(limits.memory). Needs API version 1.52 (Docker Engine 29.0).
    type: str
  mem_swappiness:
    description:
      - How readily the kernel swaps memory of the containers, from 0 to 100. V(-1) is the engine's default.
      - Needs API version 1.52 (Docker Engine 29.0).
    type: int
  restart_config:
    description:
      - What happens when a task ends. V({}) is the engine's default, restart always after 5s.
    type: dict
    suboptions:
      condition:
        description:
          - When to start a new task. The engine's default is V(any). Jobs take V(none) and V(on-failure) alone.
        type: str
        choices: [none, on-failure, any]
      delay:
        description:
          - How long to wait before. V(0s) is at once, V("") the engine's default, 5s.
        type: str
      max_attempts:
        description:
          - How often to try before giving up, within O(restart_config.window). V(0) is without end.
        type: int
      window:
        description:
          - The time in which O(restart_config.max_attempts) are counted. V(0s) counts from the beginning.
        type: str
  update_config:
    description:
      - How changes are rolled out. V({}) is the engine's default. A change restarts no task.
      - For a service that has none yet, the defaults of what is not given are those of the docker CLI, one task at a
        time and pause after a failure.
      - Jobs have none.
    type: dict
    suboptions:
      parallelism:
        description:
          - How many tasks to replace at a time. V(0) is all at once. The default is 1.
        type: int
      delay:
        description:
          - Time between two groups of tasks, like V(10s). The default is V(0s).
        type: str
      failure_action:
        description:
          - What to do when new tasks fail. V(pause) stops there, V(continue) goes on, V(rollback) goes back to the spec
            before. The default is V(pause).
          - The task fails after V(pause) and V(rollback). See O(retry_rolled_back) for what comes then.
        type: str
        choices: [pause, continue, rollback]
      monitor:
        description:
          - How long after its start a task that fails counts as a failure of the update. The default is 5s.
          - The task waits that long too, so a service that takes longer to crash needs a longer time here.
        type: str
      max_failure_ratio:
        description:
          - Which part of the tasks may fail, from V(0) to V(1). The default is V(0).
        type: float
      order:
        description:
          - Whether an old task ends before its successor starts or after. The default is V(stop-first).
          - With V(start-first) give a O(healthcheck). Without one the swarm sends requests to a task as soon as its
            process runs, before it listens. In a measurement through the routing mesh 3 of 2,167 requests were refused;
            with a healthcheck 0 of 3,125.
        type: str
        choices: [stop-first, start-first]
  rollback_config:
    description:
      - How a rollback is rolled out, be it automatic or by O(state=rolled_back). V({}) is the engine's default.
        A change restarts no task.
      - For a service that has none yet, the defaults of what is not given are those of O(update_config).
    type: dict
    suboptions:
      parallelism:
        description:
          - How many tasks to replace at a time. V(0) is all at once. The default is 1.
        type: int
      delay:
        description:
          - Time between two groups of tasks, like V(10s). The default is V(0s).
        type: str
      failure_action:
        description:
          - What to do when tasks fail. V(pause) stops there, V(continue) goes on. The default is V(pause).
        type: str
        choices: [pause, continue]
      monitor:
        description:
          - How long after its start a task that fails counts as a failure of the rollback. The default is 5s.
        type: str
      max_failure_ratio:
        description:
          - Which part of the tasks may fail, from V(0) to V(1). The default is V(0).
        type: float
      order:
        description:
          - Whether an old task ends before its successor starts or after. The default is V(stop-first).
        type: str
        choices: [stop-first, start-first]
  placement:
    description:
      - Which nodes may run tasks. V({}) is all of them. A change moves only tasks whose node does not fit any more.
    type: dict
    suboptions:
      constraints:
        description:
          - What a node must fulfil, like V(node.role==worker) or V(node.labels.zone!=a), all of it. V([]) is nothing.
          - Blanks around the operator and the order say nothing. Keys are C(node.id), C(node.hostname),
            C(node.ip), C(node.role), C(node.platform.os), C(node.platform.arch), C(node.labels.NAME) and
            C(engine.labels.NAME). Any other fits no node and is refused.
        type: list
        elements: str
      preferences:
        description:
          - What to spread tasks over, most important first. V([]) is nothing.
        type: list
        elements: dict
        suboptions:
          spread:
            description:
              - A label of the nodes or of their engines, like V(node.labels.zone) or V(engine.labels.rack). The engine
                spreads over nothing else.
            type: str
            required: true
      replicas_max_per_node:
        description:
          - How many tasks a node may run. V(0) is no limit. Not for global services.
        type: int
      platforms:
        description:
          - Platforms that a node may be of. By default those that the registry tells for the image, see
            O(resolve_image). V([]) is all.
        type: list
        elements: dict
        suboptions:
          os:
            description:
              - Operating system, like V(linux).
            type: str
            required: true
          architecture:
            description:
              - Architecture, like V(amd64). Without it, all.
            type: str
  logging:
    description:
      - Where the output of containers goes. V({}) is the setting of each node's engine.
    type: dict
    suboptions:
      driver:
        description:
          - The driver, like V(json-file). V("") is that of each node's engine.
        type: str
      options:
        description:
          - Options of the driver, all of them. Values are strings.
        type: dict
  mode:
    description:
      - V(replicated) runs O(replicas) tasks, V(global) one on every node that fits. V(replicated-job) and V(global-job)
        do the same with tasks that end, and each change of such a service runs the job again.
      - A new service is V(replicated) by default. Another mode later needs O(recreate).
    type: str
    choices: [replicated, global, replicated-job, global-job]
  replicas:
    description:
      - How many tasks the service has, or of a V(replicated-job), how often it shall complete. A new service has 1. A
        change alone keeps the tasks that run.
      - V(-1) leaves it alone, like not giving it. Global services have none.
    type: int
  max_concurrent:
    description:
      - How many tasks of a V(replicated-job) run at the same time. A new job runs all of its O(replicas) at once.
      - Needs API version 1.41.
    type: int
  plugin:
    description:
      - Makes it a service that installs an engine plugin on the nodes instead of running containers. It takes no
        O(image), needs O(mode=global), and the engine has to be in experimental mode.
      - Needs API version 1.31.
    type: dict
    suboptions:
      name:
        description:
          - Name of the plugin on the nodes.
        type: str
      remote:
        description:
          - Image of the plugin in a registry.
        type: str
      disabled:
        description:
          - Whether to install the plugin without enabling it.
        type: bool
      env:
        description:
          - Environment variables of the plugin, each like V(NAME=value).
        type: list
        elements: str
      privileges:
        description:
          - Privileges that the plugin is granted, all of them.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the privilege, like V(network).
            type: str
            required: true
          description:
            description:
              - What it is for, in words.
            type: str
          value:
            description:
              - Its values, like V(host).
            type: list
            elements: str
  with_registry_auth:
    description:
      - Whether to give the swarm the docker login of the user that the module runs as, for the registry of the image.
        It is that of C(docker login) on the same host, credential helpers included.
      - Otherwise the nodes use the credentials that the swarm already has for the service.
      - The engine never tells credentials, so new ones alone are no change. They are sent with the next one.
    type: bool
    default: false
  registry_auth:
    description:
      - Credentials for the registry of the image. They take precedence over O(with_registry_auth).
    type: dict
    suboptions:
      username:
        description:
          - Name of the user.
        type: str
      password:
        description:
          - Password of the user.
        type: str
      identity_token:
        description:
          - A token of the registry, instead of name and password.
        type: str
      server_address:
        description:
          - The registry that they are for. By default that of O(image).
        type: str
  registry_auth_from:
    description:
      - Which credentials an update without any takes over, those of the service as it is or of the spec before.
    type: str
    choices: [spec, previous-spec]
    default: spec
  force_update:
    description:
      - Replace all tasks, even if nothing else changes, as O(update_config) says.
      - This is an order and changes something every time, except when the task creates the service.
    type: bool
    default: false
  recreate:
    description:
      - Whether a service that shall have another O(mode) may be replaced by a new one. Otherwise the task fails.
      - The engine is asked whether it would take the new one before the old one goes, and the old one comes back if it
        then does not. In between there is no service.
    type: bool
    default: false
  retry_rolled_back:
    description:
      - Whether to ship a release that the engine has rolled back because it failed. Otherwise the task fails and says
        why it was rolled back, until it describes another release.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the rollout is through, as the docker CLI does. That is when all tasks are those of the
        last change, run on nodes that are up, and have done so for O(update_config.monitor). A job has to complete.
      - The task fails as soon as an update pauses or is rolled back, or tasks are rejected or crash time and again. One
        that no node fits is waited for. A task that changes nothing waits as well for a rollout that is under way, and
        watches tasks that took the place of a failed one until they have run for O(update_config.monitor).
      - Errors of tasks that pass without a change, such as addresses that a node has not given back yet, are waited out for
        60 seconds. Where an update pauses because of them, the engine does not go on by itself.
      - With V(false) the task ends as soon as the engine has accepted the order.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait at most. The failure says what was being waited for. The rollout goes on all the same.
    type: int
    default: 300
notes:
  - A change of O(labels), O(replicas), O(update_config) or O(rollback_config) keeps the tasks that run. One of
    O(placement) moves those that have to move. Any other replaces all of them, as O(update_config) says.
seealso:
  - module: hive.swarm.swarm_service_info
  - module: hive.swarm.swarm_task_info
  - ref: ansible_collections.hive.swarm.docsite.guide_coming_from
    description: Which option is which flag of the CLI, which key of compose and which option of community.docker.
"""

EXAMPLES = r"""
- name: Deploy a service, and wait until it runs
  hive.swarm.swarm_service:
    name: web
    image: busybox:1.36
    args: [httpd, -f, -p, "8080", -h, /www]
    replicas: 2
    env:
      STAGE: production
      WORKERS: 4
    labels:
      team: shop
    stop_grace_period: 2s
    mounts:
      - type: volume
        source: web-data
        target: /www

- name: Scale it. All else stays as it is, and tasks that run go on
  hive.swarm.swarm_service:
    name: web
    replicas: 3

- name: Ship a release one task at a time, and go back by itself if tasks fail within 10 seconds
  hive.swarm.swarm_service:
    name: web
    image: busybox:1.37
    # Without a healthcheck, start-first sends requests to a task that does not listen yet.
    healthcheck:
      test: nc -w 1 127.0.0.1 8080 < /dev/null
      interval: 2s
    update_config:
      parallelism: 1
      order: start-first
      failure_action: rollback
      monitor: 10s
    wait_timeout: 600

- name: Ship it again, although the engine has rolled it back
  hive.swarm.swarm_service:
    name: web
    image: busybox:1.37
    retry_rolled_back: true

- name: Add a variable and a label to what another tool manages
  hive.swarm.swarm_service:
    name: web
    env:
      TRACING: "on"
    env_state: merge
    labels:
      traced: "yes"
    labels_state: merge
    hide_env: true

- name: Replace all tasks, though nothing has changed
  hive.swarm.swarm_service:
    name: web
    force_update: true

- name: Go back to what was there before the last update
  hive.swarm.swarm_service:
    name: web
    state: rolled_back

- name: Limit what it uses, check its health, and keep it off the managers
  hive.swarm.swarm_service:
    name: web
    limits:
      cpus: 0.5
      memory: 64M
      pids: 100
    reservations:
      memory: 16M
    healthcheck:
      test: [CMD, pidof, httpd]
      interval: 5s
      retries: 3
    restart_config:
      delay: 2s
    placement:
      constraints:
        - node.role==worker
      preferences:
        - spread: node.labels.zone

- name: Return to the defaults
  hive.swarm.swarm_service:
    name: web
    limits: {}
    reservations: {}
    healthcheck: {}
    placement: {}

- name: Attach networks and publish ports
  hive.swarm.swarm_service:
    name: proxy
    image: busybox:1.36
    args: [httpd, -f, -p, "8080"]
    networks:
      - frontend
      - name: backend
        aliases: [gateway]
    publish:
      - published_port: 8080
        target_port: 8080
      - published_port: 8443
        target_port: 8443
        mode: host

- name: Give it a secret and a config. For a rotation, name the new version
  hive.swarm.swarm_service:
    name: proxy
    secrets:
      - secret_name: proxy_key_v2
        filename: key.pem
        mode: "0400"
    configs:
      - config_name: proxy_conf_v5
        filename: /etc/proxy.conf

- name: Run an agent on every node
  hive.swarm.swarm_service:
    name: agent
    image: busybox:1.36
    args: [tail, -f, /dev/null]
    mode: global
    hostname: agent
    read_only: true
    mounts:
      - source: /sys
        target: /host/sys
        readonly: true
      - type: tmpfs
        target: /tmp
        tmpfs_size: 16M
        tmpfs_mode: "1777"

- name: Run a job five times, two at a time, and wait until it has completed
  hive.swarm.swarm_service:
    name: migrate
    image: busybox:1.36
    args: [echo, done]
    mode: replicated-job
    replicas: 5
    max_concurrent: 2
    restart_config:
      condition: on-failure
      max_attempts: 3

- name: Pull from a registry that wants a login
  hive.swarm.swarm_service:
    name: private
    image: registry.example.com/team/app:2.0
    args: [tail, -f, /dev/null]
    registry_auth:
      username: deploy
      password: "{{ registry_password }}"

- name: Remove a service, and wait until its tasks are gone
  hive.swarm.swarm_service:
    name: agent
    state: absent
"""

RETURN = r"""
service:
  description:
    - The service, in the words of the options, with its ID. It has all options that describe a service.
    - In check mode, as it would be. What only the engine can tell is V((known after apply)). Empty for a service
      that is removed.
  returned: success
  type: dict
  sample:
    id: 7xkqk8s1i5m9q0l2c4v6b8n0p
    name: web
    image: busybox:1.36@sha256:9e2bbca079387d7965c3a9cee6d0c53f4f4e63ff7637877a83c4c05f2a666112
    args: [httpd, "-f", "-p", "8080", "-h", /www]
    command: []
    container_labels: {}
    endpoint_mode: vip
    env:
      STAGE: production
      WORKERS: "4"
    labels:
      team: shop
    limits:
      cpus:
      memory:
      pids:
    mode: replicated
    mounts:
      - type: volume
        source: web-data
        target: /www
        readonly: false
        propagation:
        non_recursive: false
        no_copy: false
        labels: {}
        subpath:
        driver_config:
          name:
          options: {}
        tmpfs_size:
        tmpfs_mode:
        tmpfs_options: []
    networks: []
    publish: []
    replicas: 2
    restart_config:
      condition: any
      delay: 5s
      max_attempts: 0
      window: 0s
    stop_grace_period: 2s
    update_config:
      delay: 0s
      failure_action: pause
      max_failure_ratio: 0.0
      monitor: 5s
      order: stop-first
      parallelism: 1
progress:
  description:
    - How the rollout went, each line with the seconds since the beginning. Shown with C(-v). Empty where there was
      nothing to wait for.
    - A task that fails while it waits returns it too.
  returned: success
  type: list
  elements: str
  sample:
    - "0.0 s: 0 of 3 tasks run; web.1 is pending; 2 still to be updated"
    - "1.3 s: 2 of 3 tasks run; web.3 on node2 is starting"
    - "2.4 s: all of 3 tasks run; watching the new ones for 5 s"
    - "7.5 s: done"
failure:
  description:
    - Why the task failed.
    - Where tasks of the service are the reason, C(tasks) has them, newest first, with node, error, exit code and the
      end of the container's log. C(count) is how often the same has happened to the same replica.
    - Where tasks stay new because a network has no address for them, C(reasons) has one entry for each such network, with
      C(kind) V(network_without_addresses), C(network), C(subnets), C(size) and C(used).
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(service web). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: not_converged
    message: "service web: web.1 failed 3 times (node2): task: non-zero exit (1)"
    status:
    tasks:
      - id: wiyczb5vvjy67s406b4j62bic
        name: web.1
        slot: 1
        node: node2
        state: failed
        error: "task: non-zero exit (1)"
        message: started
        exit_code: 1
        log: ["cannot open /etc/web.conf"]
        count: 3
"""

from ..module_utils._definition import define
from ..module_utils._resources.swarm_service import ARGUMENT_SPEC, SwarmService
from ..module_utils._runner import run_module

MODULE = define(SwarmService, ARGUMENT_SPEC)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
