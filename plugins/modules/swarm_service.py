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
  - Creates, updates, rolls back or removes a service. Runs on a manager.
  - Options that are not set are not managed. Their live values stay, no matter which client set them. Settings that this
    module does not support stay as well.
  - Options that are set define the complete value. An empty value (V([]), V({}), V("")) restores the engine's default.
  - The same applies to each suboption of an option of type C(dict). The elements of a list, such as a mount or a port, are
    exactly as written.
  - The task waits until the service has converged, and fails if it does not converge.
  - An update that the engine has paused half-way is finished by the next task that changes nothing else, like C(docker service
    update NAME) does, as soon as the tasks of the new release have run for O(update_config.monitor). While they fail, the task
    fails and replaces no further replica. The engine then has no spec to roll back to. O(force_update) starts the update again
    in any case.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - A network, secret or config that does not exist is a warning in check mode, because an earlier task may be about to
        create it. The same applies to a service that does not exist if the task has no O(image). All options of the task
        are then predicted as changed.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(force_update) reports a change in every run.
      - With O(resolve_image=always) the task reports a change whenever the tag in the registry refers to another image.
options:
  name:
    description:
      - Name of the service. A service cannot be renamed.
    type: str
    required: true
  state:
    description:
      - V(present) creates the service or updates it to the options of the task.
      - V(absent) removes the service and waits until its tasks have ended.
      - V(rolled_back) restores the spec that the service had before its last update. A second run changes nothing until
        the service is updated again. Cannot be combined with options that describe the service.
    type: str
    choices: [present, absent, rolled_back]
    default: present
  image:
    description:
      - The image, such as V(registry.example.com/team/web:1.4). Only required when the service is created.
      - The image is pinned to the digest that the registry has for the tag, see O(resolve_image). A service that runs the
        same tag with a digest is not changed.
    type: str
  resolve_image:
    description:
      - When to query the registry for the digest of the tag of O(image) and for its platforms.
      - V(changed) queries the registry when the service is created or gets another image. V(always) or V(true) queries it
        in every run, and updates the service when the tag has moved. V(never) or V(false) uses O(image) as written.
      - If the registry does not respond, the module warns. The service then keeps its digest, or gets the tag without a
        digest.
    type: raw
    default: changed
  command:
    description:
      - Command that replaces the image's entrypoint, as a list or as a string that is split like in a shell.
      - Corresponds to C(entrypoint) of Compose. V([]) restores the image's entrypoint.
    type: raw
  command_as_args:
    description:
      - With V(true), O(command) and O(args) together are the arguments of the image's entrypoint, as in
        C(docker service create IMAGE COMMAND ARG). Has no effect if neither option is set.
      - With V(false), O(command) replaces the image's entrypoint.
      - Works as in community.docker, with one difference. This module also changes a service that has the same words as
        its entrypoint.
    type: bool
    default: false
  args:
    description:
      - Arguments of the entrypoint, which replace the image's command.
      - Corresponds to C(command) of Compose. V([]) restores the image's command.
    type: list
    elements: str
  env:
    description:
      - Environment variables, as a dictionary or as a list of C(NAME=value). V({}) removes all of them.
      - A name without a value removes a variable that the image sets. The order is not significant, so another order does
        not restart tasks.
      - Quote values such as V(yes) and V(1.10). For the engine's placeholders, such as C({{.Node.Hostname}}), use
        C(!unsafe), so that Ansible does not treat them as templates.
    type: raw
  env_files:
    description:
      - Files with lines of the form C(NAME=value), on the host that the module runs on. Lines that begin with C(#) are
        comments. A name without a value takes its value from the environment of the module.
      - Later files override earlier ones, and O(env) overrides all of them. The merged variables are managed like O(env).
      - V([]) means no variables, like V({}) for O(env).
    type: list
    elements: path
  env_state:
    description:
      - V(replace) removes all variables that are not in O(env) or O(env_files). V(merge) keeps them.
    type: str
    choices: [replace, merge]
    default: replace
  hide_env:
    description:
      - Whether to hide the values of environment variables in diff and result. Their names stay visible.
      - Values of three or more characters are also hidden in returned container logs.
      - The diff of a removal and the node's syslog never show values.
    type: bool
    default: false
  labels:
    description:
      - Labels of the service. V({}) removes them. A change does not restart tasks.
      - Values are strings, so quote numbers with a dot and words such as V(yes).
      - A list of V(KEY=VALUE), as in Compose files, is accepted too.
      - Labels C(hive.swarm.detached.*), by which an interrupted task of M(hive.swarm.swarm_network) is finished, are not shown.
        They stay until a task sets O(networks) or the network's task runs again.
    type: dict
  labels_state:
    description:
      - V(replace) removes all labels that are not in O(labels), except those of a stack (C(com.docker.stack.*)). V(merge)
        keeps them.
    type: str
    choices: [replace, merge]
    default: replace
  container_labels:
    description:
      - Labels of the service's containers. V({}) removes them. A change restarts the tasks.
      - A list of V(KEY=VALUE), as in Compose files, is accepted too.
    type: dict
  container_labels_state:
    description:
      - Like O(labels_state), for O(container_labels).
    type: str
    choices: [replace, merge]
    default: replace
  hostname:
    description:
      - Host name in the containers. V("") restores the default, the container's ID.
      - Supports the engine's placeholders, such as C({{.Service.Name}}-{{.Task.Slot}}), see O(env).
    type: str
  user:
    description:
      - User that the containers run as, by name or ID, such as V(www-data) or V("1000:1000"). V("") restores the image's
        user.
    type: str
  groups:
    description:
      - Additional groups of the user in the containers, by name or ID. V([]) removes them.
    type: list
    elements: str
  working_dir:
    description:
      - Working directory in the containers. V("") restores the image's working directory.
    type: str
  tty:
    description:
      - Whether to allocate a terminal for each container. The engine's default is V(false).
    type: bool
  stdin_open:
    description:
      - Whether to keep the standard input of containers open. The engine's default is V(false).
    type: bool
  read_only:
    description:
      - Whether the containers' root file system is read-only. The engine's default is V(false).
    type: bool
  init:
    description:
      - Whether to run an init process in each container that reaps children and forwards signals. V("") restores the
        setting of each node's engine.
      - Needs API version 1.37.
    type: raw
  isolation:
    description:
      - Isolation technology of containers on Windows.
      - Needs API version 1.35.
    type: str
    choices: [default, process, hyperv]
  stop_signal:
    description:
      - Signal that stops a container, such as V(SIGQUIT). V("") restores the image's signal.
    type: str
  stop_grace_period:
    description:
      - Time that a container may take to stop before it is killed, such as V(30s) or V(1m30s). V(0s) kills it immediately.
        V("") restores the engine's default, 10s.
    type: str
  hosts:
    description:
      - Entries of the containers' C(/etc/hosts), as a dictionary that maps each host name to an IP address or to a list of
        them, or as a list of C(name:address) or C(name=address). V({}) removes them.
    type: raw
  dns:
    description:
      - IP addresses of DNS servers, in order. V([]) restores the servers of the node.
    type: list
    elements: str
  dns_search:
    description:
      - DNS search domains, in order. V([]) restores the domains of the node.
    type: list
    elements: str
  dns_options:
    description:
      - Options of the resolver, such as V(timeout:3). V([]) removes them.
    type: list
    elements: str
  cap_add:
    description:
      - Capabilities to add, such as V(NET_ADMIN), with or without the prefix C(CAP_). V([]) removes them.
      - Needs API version 1.41.
    type: list
    elements: str
  cap_drop:
    description:
      - Capabilities to drop, V(ALL) for all of them. V([]) drops none.
      - Needs API version 1.41.
    type: list
    elements: str
  sysctls:
    description:
      - Kernel parameters of the containers, such as C(net.core.somaxconn). Values are strings. V({}) removes them.
      - Needs API version 1.40.
    type: dict
  ulimits:
    description:
      - Limits of the containers' processes by name. The value is a number, or a dictionary with C(soft) and C(hard).
        V(-1) is unlimited. V({}) restores the limits of the node's engine.
      - Needs API version 1.41.
    type: dict
  oom_score_adj:
    description:
      - Preference of the kernel's OOM killer for the containers, from -1000 (never killed) to 1000. V(0) is the default.
      - Needs API version 1.46 (Docker Engine 27.0).
    type: int
  privileges:
    description:
      - Security settings of the containers' processes. V({}) restores the engine's defaults.
    type: dict
    suboptions:
      no_new_privileges:
        description:
          - Whether to prevent processes from gaining privileges, for example through setuid programs. The engine's default
            is V(false).
          - Needs API version 1.44 (Docker Engine 25.0).
        type: bool
      seccomp:
        description:
          - Filter of system calls. V({}) restores the engine's default.
          - Needs API version 1.44 (Docker Engine 25.0).
        type: dict
        suboptions:
          mode:
            description:
              - V(default) uses the engine's profile, V(unconfined) none, V(custom) the profile in
                O(privileges.seccomp.profile).
            type: str
            choices: [default, unconfined, custom]
          profile:
            description:
              - The profile for V(custom), as a dictionary or as JSON. V("") removes it.
            type: raw
      apparmor:
        description:
          - AppArmor profile. V({}) restores the engine's default.
          - Needs API version 1.44 (Docker Engine 25.0).
        type: dict
        suboptions:
          mode:
            description:
              - V(default) uses the engine's profile, V(disabled) none.
            type: str
            choices: [default, disabled]
      selinux_context:
        description:
          - SELinux context of the containers. V({}) restores the engine's default.
        type: dict
        suboptions:
          disable:
            description:
              - Whether to disable SELinux for the containers.
            type: bool
          user:
            description:
              - User of the context. V("") restores the engine's default.
            type: str
          role:
            description:
              - Role of the context. V("") restores the engine's default.
            type: str
          type:
            description:
              - Type of the context. V("") restores the engine's default.
            type: str
          level:
            description:
              - Level of the context. V("") restores the engine's default.
            type: str
  credential_spec:
    description:
      - Credential spec of a managed service account for Windows containers. Set one of the three suboptions. V({}) removes
        it.
      - Needs API version 1.29.
    type: dict
    suboptions:
      config:
        description:
          - Name of a config of the swarm that contains the credential spec.
        type: str
      file:
        description:
          - Name of a file in the engine's directory of credential specs on each node.
        type: str
      registry:
        description:
          - Name of a value in the Windows registry of each node.
        type: str
  healthcheck:
    description:
      - Check that determines whether a container is healthy. A task counts as running when its check passes for the first
        time. V({}) restores the image's check.
    type: dict
    suboptions:
      test:
        description:
          - Command of the check, as a list that begins with V(CMD) or V(CMD-SHELL), or as a string for the container's
            shell.
          - V(NONE) disables the image's check. V("") or V([]) restores it.
        type: raw
      interval:
        description:
          - Time between two checks, such as V(30s). The minimum is V(1ms). V("") restores the image's value.
        type: str
      timeout:
        description:
          - Timeout of one check. V("") restores the image's value.
        type: str
      retries:
        description:
          - Number of consecutive failures after which the container is unhealthy. V(0) restores the image's value.
        type: int
      start_period:
        description:
          - Time after the start during which failures do not count. V("") restores the image's value.
        type: str
      start_interval:
        description:
          - Time between two checks during O(healthcheck.start_period). V("") restores the image's value.
          - Needs API version 1.44 (Docker Engine 25.0).
        type: str
  mounts:
    description:
      - Complete list of the containers' mounts. A mount is identified by its target. V([]) removes all mounts.
    type: list
    elements: dict
    suboptions:
      type:
        description:
          - V(bind) mounts a path of the node, V(volume) a volume, V(tmpfs) memory, V(npipe) a named pipe of Windows.
            V(cluster) mounts a volume of a CSI driver and needs API version 1.42 (Docker Engine 23.0).
          - The default differs from that of the docker CLI, which is V(volume).
        type: str
        choices: [bind, volume, tmpfs, npipe, cluster]
        default: bind
      source:
        description:
          - Path on the node, or name of the volume. Without a source, each task gets a new anonymous volume with
            O(mounts[].type=volume). C(group:NAME) selects any cluster volume of that group.
          - The path must exist on every node that may run a task. Otherwise the node rejects the task.
        type: str
      target:
        description:
          - Absolute path in the container.
        type: str
        required: true
      readonly:
        description:
          - Whether the mount is read-only.
        type: bool
      propagation:
        description:
          - Propagation of mounts below the path between node and container. Only for O(mounts[].type=bind).
        type: str
        choices: [private, rprivate, shared, rshared, slave, rslave]
      non_recursive:
        description:
          - Whether to exclude mounts below the path. Only for O(mounts[].type=bind).
        type: bool
      no_copy:
        description:
          - Whether to keep a new volume empty instead of copying the image's content of the path to it. Only for
            O(mounts[].type=volume).
        type: bool
      labels:
        description:
          - Labels for a volume that is created for the task. An existing volume keeps its labels. Only for
            O(mounts[].type=volume).
          - Labels of a stack (C(com.docker.stack.*)) that the live mount at this target has are kept.
        type: dict
      subpath:
        description:
          - Directory in the volume to mount instead of the whole volume. Only for O(mounts[].type=volume).
          - Needs API version 1.45 (Docker Engine 26.1).
        type: str
      driver_config:
        description:
          - Driver of a volume that is created for the task. Only for O(mounts[].type=volume).
          - A node uses the driver and the labels only when it creates the volume. A node that has a volume with the name
            O(mounts[].source) mounts that volume unchanged. The module warns about a difference if it can detect one. It
            compares with the live spec of the service, and for a new service with the volumes of the engine that it
            connects to.
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
          - Maximum size, such as V(64M). The default is unlimited. Only for O(mounts[].type=tmpfs).
        type: str
      tmpfs_mode:
        description:
          - File mode in octal, V("1777") or V(01777). A number without the leading 0 is refused, because it is another
            mode. Only for O(mounts[].type=tmpfs).
        type: raw
      tmpfs_options:
        description:
          - Options of the mount, V(exec) or V(noexec); the engine supports no other. Only for O(mounts[].type=tmpfs).
          - Needs API version 1.46 (Docker Engine 27.0).
        type: list
        elements: str
  networks:
    description:
      - Complete list of the service's networks, by name or ID. Each element is a string, or a dictionary with C(name),
        C(aliases) (a list of additional DNS names) and C(options) (a dictionary for the driver). V([]) detaches all
        networks.
      - Supported are overlay networks of the swarm, and V(host) or V(bridge), which every node has.
    type: list
    elements: raw
  endpoint_mode:
    description:
      - With V(vip) the service has one virtual IP address, which distributes connections over its tasks. With V(dnsrr) the
        service's name resolves to the addresses of its tasks. The engine's default is V(vip).
      - V(dnsrr) supports only published ports with O(publish[].mode=host).
    type: str
    choices: [vip, dnsrr]
  publish:
    description:
      - Complete list of the published ports. V([]) removes all ports. A change restarts the tasks. Another order does not.
    type: list
    elements: dict
    suboptions:
      published_port:
        description:
          - Port on the nodes. By default the swarm chooses a port and keeps it.
        type: int
      target_port:
        description:
          - Port in the container.
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
          - V(ingress) publishes the port on every node and forwards connections to any task. V(host) publishes it only on
            the nodes that run a task.
          - With V(host), a node can run only one task with the same published port. If there are more replicas than nodes,
            or with O(update_config.order=start-first), tasks wait for a port that does not become free.
        type: str
        choices: [ingress, host]
        default: ingress
      name:
        description:
          - Name of the port. Only C(docker service inspect) shows it.
        type: str
  secrets:
    description:
      - Complete list of the secrets that are mounted as files in the containers. V([]) removes all secrets.
      - The data of a secret cannot be changed. To rotate a secret, create one with a new name and set that name here with
        the same O(secrets[].filename). When the task has finished, the old secret can be removed.
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
          - ID of the secret. The module looks the secret up by name. Set the ID only to verify that it is this secret.
        type: str
      filename:
        description:
          - Name of the file in C(/run/secrets), or an absolute path. The default is O(secrets[].secret_name).
        type: str
      uid:
        description:
          - Numeric user ID of the file's owner. The default is V("0").
        type: str
      gid:
        description:
          - Numeric group ID of the file. The default is V("0").
        type: str
      mode:
        description:
          - File mode in octal, V("0400") or V(0400). The default is V("0444"). A number without the leading 0, such as
            V(400), is refused, because it is another mode.
        type: raw
  configs:
    description:
      - Complete list of the configs that are mounted as files in the containers. V([]) removes all configs. Rotate them
        like O(secrets).
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
          - ID of the config. The module looks the config up by name. Set the ID only to verify that it is this config.
        type: str
      filename:
        description:
          - Path of the file. A relative path is relative to C(/). The default is O(configs[].config_name).
        type: str
      uid:
        description:
          - Numeric user ID of the file's owner. The default is V("0").
        type: str
      gid:
        description:
          - Numeric group ID of the file. The default is V("0").
        type: str
      mode:
        description:
          - File mode in octal, V("0400") or V(0400). The default is V("0444"). A number without the leading 0, such as
            V(400), is refused, because it is another mode.
        type: raw
  limits:
    description:
      - Resource limits of each task. V({}) removes all limits.
    type: dict
    suboptions:
      cpus:
        description:
          - Number of CPUs. The minimum is 0.001. V(0) is unlimited.
        type: float
      memory:
        description:
          - Memory, such as V(512M). The minimum is V(4M). V(0) is unlimited.
        type: str
      pids:
        description:
          - Number of processes and threads. V(0) is unlimited.
        type: int
  reservations:
    description:
      - Resources that a node must have available to get a task. If no node has them, tasks stay pending. V({}) removes all
        reservations.
    type: dict
    suboptions:
      cpus:
        description:
          - Number of CPUs. V(0) reserves none.
        type: float
      memory:
        description:
          - Memory, such as V(256M). V(0) reserves none.
        type: str
      generic_resources:
        description:
          - Complete list of resources that the nodes' engines advertise, such as GPUs. Each element has
            O(reservations.generic_resources[].value) or O(reservations.generic_resources[].name). V([]) reserves none.
        type: list
        elements: dict
        suboptions:
          kind:
            description:
              - Kind of the resource, such as V(gpu).
            type: str
            required: true
          value:
            description:
              - Number of resources of this kind. Mutually exclusive with O(reservations.generic_resources[].name).
            type: int
          name:
            description:
              - Name of one specific resource. Mutually exclusive with O(reservations.generic_resources[].value).
            type: str
  memswap_limit:
    description:
      - Swap that a task may use, such as V(1G). V(-1) is unlimited. V("") restores the engine's default.
      - Needs O(limits.memory). Needs API version 1.52 (Docker Engine 29.0).
    type: str
  mem_swappiness:
    description:
      - Tendency of the kernel to swap the containers' memory, from 0 to 100. V(-1) restores the engine's default.
      - Needs API version 1.52 (Docker Engine 29.0).
    type: int
  restart_config:
    description:
      - Restart policy for tasks that end. V({}) restores the engine's default, which always restarts after 5s.
    type: dict
    suboptions:
      condition:
        description:
          - When to start a new task. The engine's default is V(any). Jobs support only V(none) and V(on-failure).
        type: str
        choices: [none, on-failure, any]
      delay:
        description:
          - Time to wait before a restart. V(0s) restarts immediately. V("") restores the engine's default, 5s.
        type: str
      max_attempts:
        description:
          - Maximum number of restarts within O(restart_config.window). V(0) is unlimited.
        type: int
      window:
        description:
          - Time window in which restarts count for O(restart_config.max_attempts). With V(0s) all restarts count.
        type: str
  update_config:
    description:
      - Rollout policy for updates. V({}) restores the engine's default. A change does not restart tasks.
      - For a service that has no policy yet, suboptions that are not set get the defaults of the docker CLI, which updates
        one task at a time and pauses after a failure.
      - Not supported for jobs.
    type: dict
    suboptions:
      parallelism:
        description:
          - Number of tasks to replace at a time. V(0) replaces all tasks at once. The default is 1.
        type: int
      delay:
        description:
          - Time between two batches of tasks, such as V(10s). The default is V(0s).
        type: str
      failure_action:
        description:
          - Action when new tasks fail. V(pause) stops the update, V(continue) continues it, V(rollback) restores the
            previous spec. The default is V(pause).
          - After V(pause) and V(rollback) the Ansible task fails. For the next run see O(retry_rolled_back).
        type: str
        choices: [pause, continue, rollback]
      monitor:
        description:
          - Time after the start of a task during which a failure of the task counts as a failure of the update. The default
            is 5s.
          - The Ansible task watches new tasks for the same time, so set a longer time for a service that crashes later.
        type: str
      max_failure_ratio:
        description:
          - Fraction of the tasks that may fail, from V(0) to V(1). The default is V(0).
        type: float
      order:
        description:
          - Whether an old task stops before or after its replacement starts. The default is V(stop-first).
          - With V(start-first) set a O(healthcheck). Without one the swarm sends requests to a task as soon as its process
            runs, before it listens. In a measurement through the routing mesh, 3 of 2,167 requests were refused without a
            healthcheck, and 0 of 3,125 with one.
        type: str
        choices: [stop-first, start-first]
  rollback_config:
    description:
      - Rollout policy for rollbacks, both automatic and by O(state=rolled_back). V({}) restores the engine's default. A
        change does not restart tasks.
      - For a service that has no policy yet, suboptions that are not set get the same defaults as in O(update_config).
    type: dict
    suboptions:
      parallelism:
        description:
          - Number of tasks to replace at a time. V(0) replaces all tasks at once. The default is 1.
        type: int
      delay:
        description:
          - Time between two batches of tasks, such as V(10s). The default is V(0s).
        type: str
      failure_action:
        description:
          - Action when tasks fail. V(pause) stops the rollback, V(continue) continues it. The default is V(pause).
        type: str
        choices: [pause, continue]
      monitor:
        description:
          - Time after the start of a task during which a failure of the task counts as a failure of the rollback. The
            default is 5s.
        type: str
      max_failure_ratio:
        description:
          - Fraction of the tasks that may fail, from V(0) to V(1). The default is V(0).
        type: float
      order:
        description:
          - Whether an old task stops before or after its replacement starts. The default is V(stop-first).
        type: str
        choices: [stop-first, start-first]
  placement:
    description:
      - Nodes that may run tasks. V({}) allows all nodes. A change moves only tasks whose node does not fit anymore.
    type: dict
    suboptions:
      constraints:
        description:
          - Constraints, such as V(node.role==worker) or V(node.labels.zone!=a), which a node must all meet. V([]) removes
            them.
          - Their order and spaces around the operator are not significant. Supported keys are C(node.id), C(node.hostname),
            C(node.ip), C(node.role), C(node.platform.os), C(node.platform.arch), C(node.labels.NAME) and
            C(engine.labels.NAME). Other keys match no node and are refused.
        type: list
        elements: str
      preferences:
        description:
          - Preferences for spreading tasks, most important first. V([]) removes them.
        type: list
        elements: dict
        suboptions:
          spread:
            description:
              - Label of the nodes or of their engines to spread over, such as V(node.labels.zone) or
                V(engine.labels.rack). The engine supports no other kind.
            type: str
            required: true
      replicas_max_per_node:
        description:
          - Maximum number of tasks for each node. V(0) is unlimited. Not for global services.
        type: int
      platforms:
        description:
          - Supported platforms of a node. By default the platforms of the image in the registry, see O(resolve_image).
            V([]) allows all platforms.
        type: list
        elements: dict
        suboptions:
          os:
            description:
              - Operating system, such as V(linux).
            type: str
            required: true
          architecture:
            description:
              - Architecture, such as V(amd64). The default is all architectures.
            type: str
  logging:
    description:
      - Log driver of the containers. V({}) restores the setting of each node's engine.
    type: dict
    suboptions:
      driver:
        description:
          - Name of the driver, such as V(json-file). V("") restores the driver of each node's engine.
        type: str
      options:
        description:
          - Complete set of options of the driver. Values are strings.
        type: dict
  mode:
    description:
      - V(replicated) runs O(replicas) tasks, V(global) one task on every node that fits. V(replicated-job) and
        V(global-job) do the same with tasks that complete. Each change of such a service runs the job again.
      - The default for a new service is V(replicated). Changing the mode later needs O(recreate).
    type: str
    choices: [replicated, global, replicated-job, global-job]
  replicas:
    description:
      - Number of tasks of the service, or the number of completions of a V(replicated-job). The default for a new service
        is 1. Changing only this option keeps running tasks.
      - V(-1) does not manage the number, like an option that is not set. Not supported for global services.
    type: int
  max_concurrent:
    description:
      - Number of tasks of a V(replicated-job) that run at the same time. A new job runs all O(replicas) at once by default.
      - Needs API version 1.41.
    type: int
  plugin:
    description:
      - Installs an engine plugin on the nodes instead of running containers. Excludes O(image), needs O(mode=global), and
        requires an engine in experimental mode.
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
          - Environment variables of the plugin, each in the form V(NAME=value).
        type: list
        elements: str
      privileges:
        description:
          - Complete list of privileges that are granted to the plugin.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the privilege, such as V(network).
            type: str
            required: true
          description:
            description:
              - Description of the privilege.
            type: str
          value:
            description:
              - Values of the privilege, such as V(host).
            type: list
            elements: str
  with_registry_auth:
    description:
      - Whether to pass the registry credentials of the user that the module runs as to the swarm. They come from
        C(docker login) on the same host, including credential helpers.
      - With V(false) the nodes use the credentials that the swarm already has for the service.
      - The engine never returns credentials, so new credentials alone are not a change. The module sends them with the
        next change.
    type: bool
    default: false
  registry_auth:
    description:
      - Credentials for the registry of the image. This option takes precedence over O(with_registry_auth).
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
          - Identity token of the registry, instead of user name and password.
        type: str
      server_address:
        description:
          - Registry that the credentials are for. The default is the registry of O(image).
        type: str
  registry_auth_from:
    description:
      - Which credentials an update without new credentials keeps, those of the current spec or of the previous spec.
    type: str
    choices: [spec, previous-spec]
    default: spec
  force_update:
    description:
      - Replace all tasks according to O(update_config), even if nothing else changes.
      - Reports a change in every run, except when the task creates the service.
    type: bool
    default: false
  recreate:
    description:
      - Whether to replace the service by a new one if O(mode) differs. With V(false) the task fails instead.
      - Before the module removes the old service, it verifies that the engine accepts the new one. If the engine then
        refuses it, the module restores the old service. The service does not exist during the replacement.
    type: bool
    default: false
  retry_rolled_back:
    description:
      - Whether to deploy a release again that the engine has rolled back because it failed. With V(false) the task fails
        with the reason of the rollback, until it describes another release.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the service has converged, like the docker CLI. A service has converged when all tasks belong
        to the last change and have run on nodes that are up for O(update_config.monitor). A job has converged when it is
        complete.
      - The Ansible task fails as soon as an update pauses or is rolled back, or tasks are rejected or crash repeatedly. It
        waits for tasks that fit on no node. A run that changes nothing also waits for a rollout in progress, and watches
        tasks that replaced a failed task until they have run for O(update_config.monitor).
      - Transient errors of tasks, such as addresses that a node has not released yet, are tolerated for 60 seconds. If an
        update pauses because of them, the engine does not resume it automatically.
      - With V(false) the task ends as soon as the engine has accepted the request.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum number of seconds to wait. If the task fails, its message names the condition that it was waiting for. The
        rollout continues on the swarm.
    type: int
    default: 300
notes:
  - A change of O(labels), O(replicas), O(update_config) or O(rollback_config) keeps running tasks. A change of O(placement)
    moves only tasks whose node does not fit anymore. Any other change replaces all tasks according to O(update_config).
seealso:
  - module: hive.swarm.swarm_service_info
  - module: hive.swarm.swarm_task_info
  - ref: ansible_collections.hive.swarm.docsite.guide_coming_from
    description: How the options map to flags of the CLI, keys of Compose and options of community.docker.
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

- name: Scale the service. Running tasks and all other settings stay
  hive.swarm.swarm_service:
    name: web
    replicas: 3

- name: Update one task at a time, and roll back automatically if tasks fail within 10 seconds
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

- name: Deploy the same release again after the engine has rolled it back
  hive.swarm.swarm_service:
    name: web
    image: busybox:1.37
    retry_rolled_back: true

- name: Add a variable and a label to a service that another tool manages
  hive.swarm.swarm_service:
    name: web
    env:
      TRACING: "on"
    env_state: merge
    labels:
      traced: "yes"
    labels_state: merge
    hide_env: true

- name: Replace all tasks although nothing has changed
  hive.swarm.swarm_service:
    name: web
    force_update: true

- name: Roll back to the spec before the last update
  hive.swarm.swarm_service:
    name: web
    state: rolled_back

- name: Set limits and a health check, and run on workers only
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

- name: Restore the defaults
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

- name: Add a secret and a config. To rotate them, change the names to the new versions
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

- name: Pull from a registry that requires a login
  hive.swarm.swarm_service:
    name: private
    image: registry.example.com/team/app:2.0
    args: [tail, -f, /dev/null]
    registry_auth:
      username: deploy
      password: "{{ registry_password }}"

- name: Remove a service, and wait until its tasks have ended
  hive.swarm.swarm_service:
    name: agent
    state: absent
"""

RETURN = r"""
service:
  description:
    - The service, with its ID and all options that describe a service.
    - In check mode, the predicted service. Values that only the engine can determine are V((known after apply)). Empty if
      the service is removed.
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
    - Progress of the rollout, each line with the seconds since its start. Shown with C(-v). Empty if there was nothing to
      wait for.
    - Also returned by a task that fails while it waits.
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
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If tasks of the service are the reason, C(tasks) lists them, newest first, with node, error, exit code and the last
      lines of the container's log. C(count) is the number of times that the same replica failed in the same way.
    - If tasks stay in the state V(new) because a network has no free addresses, C(reasons) has one entry for each such
      network, with C(kind) V(network_without_addresses), C(network), C(subnets), C(size) and C(used).
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(service web).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
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

from ..module_utils._frontend.module import run_module
from ..module_utils._service.resource import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
