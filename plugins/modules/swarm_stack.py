#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_stack
short_description: Deploy a stack to a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Creates networks, secrets, configs and services from Compose files, like C(docker stack deploy), and removes them. Runs
    on a manager, which does not need the docker CLI.
  - Uses the names and labels of the CLI. So the module can manage a stack that the CLI has deployed, and vice versa.
    Objects that do not differ are not written, so a second run changes nothing and restarts nothing.
  - A config or secret with changed content gets a new version, C(NAME_v2) and so on, and the module updates its services to
    that version. The module removes old versions as soon as no service uses them, or would use them after a rollback.
  - The engine compares the data of each secret with the file, through an update that the engine refuses in any case, in
    check mode too. This takes one request for each secret, and one more in each run, which proves that the engine compares.
    With an engine that does not compare, the task fails before anything is written.
  - Compose files are read on the controller, see O(remote_src). The module supports the version 3 format of C(docker stack
    deploy), without the keys that only C(docker compose) supports.
  - Objects of the stack that the files do not contain stay, see O(prune). If the files do not set C(replicas), a service
    keeps its current number.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - For the data of a secret, the diff only reports that it differs.
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the stack. It prefixes the names of all its objects, as in C(NAME_web).
    type: str
    required: true
  state:
    description:
      - V(present) creates or updates everything that O(compose) describes.
      - V(absent) removes the services of the stack, then its secrets, configs and networks. Volumes stay, as with
        C(docker stack rm). O(compose) is not needed and not read.
      - V(rolled_back) rolls the services of the stack back to their previous specs, like C(docker service rollback) for
        each of them. A service that is rolled back already stays, so a second run changes nothing. Services that were never
        updated also stay, with a warning. The task fails if no service was ever updated. Networks, secrets and configs
        stay. Cannot be combined with O(compose) and O(prune).
      - The engine keeps one previous spec of each service, from the last update of this service. A service that the last
        deployment has not changed returns to a spec before that deployment. To avoid this, list the services in
        O(services).
    type: str
    choices: [present, absent, rolled_back]
    default: present
  services:
    description:
      - Services to roll back with O(state=rolled_back), by their names in the Compose file or in the swarm. The default is
        all services of the stack.
    type: list
    elements: str
  compose:
    description:
      - Compose files. Later files are merged into earlier ones, as with C(docker stack deploy -c). Required with
        O(state=present).
      - Each element is the path of a file, a mapping, or the text of a file (which has more than one line, or begins with
        C({)). To use a template, pass its text with the lookup plugin P(ansible.builtin.template#lookup).
      - In a file, only variables of the form C(${NAME}) are replaced, see O(variables). Ansible expressions are not.
      - Ansible parses a mapping in a task like any YAML, unlike a file. In such a mapping C(yes) is a boolean and C(22:22)
        is the number 1342, so quote ports. The engine's placeholders, such as C({{.Node.Hostname}}), need C(!unsafe) in a
        mapping, and nothing in a file.
    type: list
    elements: raw
  remote_src:
    description:
      - Where the files are. With V(false) they are on the controller. O(compose) is searched like C(src) of
        M(ansible.builtin.copy), in the directory C(files) of the role or playbook and in the role or playbook directory
        itself. Files that are encrypted with ansible-vault are decrypted.
      - With V(true) the files are read on the node, O(compose) by absolute path or relative to O(project_src).
      - Applies to O(compose) and O(env_files), and to all files that a Compose file refers to (C(env_file), and C(file) of
        secrets and configs).
    type: bool
    default: false
  project_src:
    description:
      - Base directory of relative paths in Compose files, on the controller or on the node depending on O(remote_src). The
        source of a mount such as C(./data:/data) is a directory on each node, so use absolute paths for such mounts with
        O(remote_src=false). The module warns about a relative path in this case.
      - The default is the directory of the first file of O(compose), or else the directory of the playbook.
    type: path
  variables:
    description:
      - Values for variables in Compose files, as strings, numbers or booleans. A variable with the value V(none) counts as
        not set.
      - Precedence, highest first, is this option, the C(environment) of the task, O(env_files), and the environment of
        Ansible on the controller. With O(remote_src=true) the controller's environment is not used.
      - The same values are used for a variable of a service that the Compose file lists without a value. An empty value
        stays empty. C(docker stack deploy) replaces it by the value in its environment.
      - The values reach the node only as parts of the objects that use them. Ansible does not show them with C(-vvv),
        unlike the C(environment) of the task. To hide them in a service's environment, see O(hide_env).
    type: dict
  env_files:
    description:
      - Files with values for variables, in the format of C(.env) of C(docker compose). Later files override earlier ones.
        Files that are not listed here are not read.
      - Relative paths are searched in the project directory first, then like O(compose).
      - To set variables of a container, use C(env_file) of the service in the Compose file.
    type: list
    elements: path
  prune:
    description:
      - Whether to remove services, networks, secrets and configs of the stack that O(compose) does not contain. They are
        removed at the end of a successful run, and stay if the run fails.
    type: bool
    default: false
  versions_to_keep:
    description:
      - Number of old versions of each secret and config of O(compose) to keep, newest first, in addition to those that a
        service uses or could be rolled back to. Other versions are removed at the end of a successful run.
      - V(0) keeps none, V(-1) keeps all. A kept version is used again if its data is deployed again.
    type: int
    default: 0
  resolve_image:
    description:
      - When to query the registry for the digest of an image's tag and for its platforms.
      - V(changed) queries the registry for a service that is created or gets another image. V(always) or V(true) queries it
        in every run, and updates services whose tag has moved, like C(docker stack deploy). V(never) or V(false) uses
        images as written.
    type: raw
    default: changed
  with_registry_auth:
    description:
      - Whether to pass the registry credentials of the user that the module runs as (C(docker login)) to the swarm, for
        the registries of the images.
    type: bool
    default: false
  hide_env:
    description:
      - Whether to hide the values of environment variables in diff and result. Their names stay visible.
      - Values of three or more characters are also hidden in returned container logs.
      - The diff of a removal and the node's syslog never show values.
    type: bool
    default: false
  recreate:
    description:
      - Whether to replace objects that cannot be changed in place, which are networks (their services are attached to the
        new network) and services with a different mode. With V(false) the task fails instead.
    type: bool
    default: false
  retry_rolled_back:
    description:
      - Whether to deploy releases again that the engine has rolled back because they failed. With V(false) the task fails
        with the reason of the rollback, until the files describe other releases.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until all services have converged, or until everything is removed. The module watches all services
        at the same time.
      - The task fails as soon as one service has failed, and names the service and the reason.
      - A run that changes nothing watches tasks that replaced a failed task for the monitor period of their service
        (C(deploy.update_config.monitor), 5 seconds by default).
      - With V(false) the task ends as soon as the engine has accepted the requests.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum number of seconds to wait for all services together. If the task fails, its message names the condition that
        it was waiting for.
    type: int
    default: 300
  detach:
    description:
      - The opposite of O(wait), over which it takes precedence. Exists for compatibility with
        C(community.docker.docker_stack), where its default is V(true).
    type: bool
  absent_retries:
    description:
      - Has no effect. Exists for compatibility with C(community.docker.docker_stack). Use O(wait_timeout) to limit the
        waiting time.
    type: int
  absent_retries_interval:
    description:
      - Has no effect, like O(absent_retries).
    type: float
  _stack:
    description:
      - Internal. Set by the action plugin to the parsed content of O(compose). A value set in a task is ignored.
    type: str
seealso:
  - module: hive.swarm.swarm_stack_info
  - module: hive.swarm.swarm_service
    description: Manage a single service.
  - ref: ansible_collections.hive.swarm.docsite.guide_coming_from
    description: Differences from C(docker stack deploy) and from community.docker.
"""

EXAMPLES = r"""
- name: Deploy files/shop.yml beside the playbook
  hive.swarm.swarm_stack:
    name: shop
    compose: shop.yml
    variables:
      TAG: "1.36"
      DB_PASSWORD: "{{ vault_db_password }}"

- name: Merge two files, read variables from a file, and remove what the files do not contain
  hive.swarm.swarm_stack:
    name: shop
    compose:
      - shop.yml
      - shop.production.yml
    env_files: [shop.env]
    prune: true
    wait_timeout: 600

- name: Deploy a template
  hive.swarm.swarm_stack:
    name: shop
    compose: "{{ lookup('ansible.builtin.template', 'shop.yml.j2') }}"

- name: Define the stack in the task
  hive.swarm.swarm_stack:
    name: shop
    compose:
      - services:
          web:
            image: busybox:1.36
            command: [httpd, "-f", "-p", "8080"]
            ports: ["8080:8080"]
            deploy:
              replicas: 2

- name: Deploy files that are on the node
  hive.swarm.swarm_stack:
    name: shop
    compose: [/srv/shop/docker-compose.yml]
    env_files: [.env]
    remote_src: true

- name: Remove the stack except its volumes
  hive.swarm.swarm_stack:
    name: shop
    state: absent

- name: Deploy, and roll back if the deployment fails
  block:
    - name: Deploy the new release
      hive.swarm.swarm_stack:
        name: shop
        compose: [shop.yml]
        versions_to_keep: 3
  rescue:
    - name: Roll back to the previous release
      hive.swarm.swarm_stack:
        name: shop
        state: rolled_back
"""

RETURN = r"""
stack:
  description:
    - The stack. In check mode, the predicted stack. Values that only the engine can determine are V((known after apply)).
      Empty if the stack is removed.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the stack.
      type: str
      returned: success
      sample: shop
    services:
      description:
        - Services by name, each with ID, name, image, mode and replicas. M(hive.swarm.swarm_service_info) returns all of
          their settings.
      type: dict
      returned: success
      sample:
        shop_web:
          id: 7xkqk8s1i5m9q0l2c4v6b8n0p
          name: shop_web
          image: busybox:1.36
          mode: replicated
          replicas: 2
    networks:
      description: Names of the networks of the services, including external ones.
      type: list
      elements: str
      returned: success
      sample: [shop_default]
    secrets:
      description: Names of the secret versions that the services use.
      type: list
      elements: str
      returned: success
      sample: [shop_db_password]
    configs:
      description: Names of the config versions that the services use.
      type: list
      elements: str
      returned: success
      sample: [shop_web_v2]
actions:
  description:
    - Actions of the run, or predicted actions in check mode. RV(actions[].kind) is V(network), V(secret), V(config) or
      V(service), RV(actions[].action) is V(create), V(update), V(resume), V(recreate), V(remove) or
      V(finish), which ends an interrupted replacement of a network.
  returned: success
  type: list
  elements: dict
  contains:
    kind: {description: Kind of the object., type: str, returned: success, sample: config}
    name:
      description: Name of the object. For a new version of a config or secret, its name in the Compose file.
      type: str
      returned: success
      sample: shop_web
    action: {description: The action., type: str, returned: success, sample: update}
  sample:
    - kind: config
      name: shop_web
      action: create
    - kind: service
      name: shop_web
      action: update
progress:
  description:
    - Progress of the rollout, each line with the seconds since its start. Shown with C(-v). Empty if there was nothing to
      wait for.
    - Also returned by a task that fails while it waits.
  returned: success
  type: list
  elements: str
  sample:
    - "0.0 s: shop_web: 0 of 2 tasks run; web.1 is pending"
    - "7.5 s: shop_web: done"
failure:
  description:
    - Why the task failed. For invalid Compose files, and for objects that the engine cannot create, the message has one
      line for each problem, with the file, the line and the key. C(problems) lists them with C(file), C(line), C(key) and
      C(message). If one object is the reason, C(object) has its C(kind) and C(name).
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If tasks of services are the reason, C(tasks) lists them, as with M(hive.swarm.swarm_service).
    - If tasks stay in the state V(new) because a network has no free addresses, C(reasons) has one entry for each such
      network, with C(kind) V(network_without_addresses), C(network), C(subnets), C(size) and C(used).
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(network shop_default).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: bad_input
    message: "shop.yml, line 7: services.web.enviroment: unknown. Did you mean 'environment'?"
    status:
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._stack.rollback import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
