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
  - Makes networks, secrets, configs and services of compose files, as C(docker stack deploy) does, and removes them.
    Runs on a manager, which needs no docker CLI.
  - Names and labels are those of the CLI, so a stack that it has made can be managed on, and the other way round. What
    is the same is not written, so a second run changes nothing and restarts nothing.
  - A config or secret with another content gets a new version, C(NAME_v2) and so on, and its services are
    pointed to it. Old versions go as soon as no service has one, or would have it again after a rollback.
  - The engine compares the data of each secret with that of its file, by an update that it refuses in any case, also in check
    mode. This takes one request for each secret, and one more in each run, which proves that the engine compares. An
    engine that does not compare fails the task before anything is written.
  - Compose files are read on the controller, see O(remote_src). They have the format version 3 that a swarm
    understands, without the parts of it that only C(docker compose) knows.
  - What the stack has and the files have not stays, see O(prune). Where the files give no C(replicas), a service keeps
    those that it has.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Of a secret's data it says only that it differs.
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the stack. It stands before the names of all that it has, as in C(NAME_web).
    type: str
    required: true
  state:
    description:
      - V(present) makes sure that all that O(compose) describes is there and runs.
      - V(absent) removes the services of the stack, then its secrets, configs and networks. Volumes stay, as they do
        with C(docker stack rm). O(compose) is not needed then and not read.
      - V(rolled_back) lets the services of the stack go back to their previous specs, as C(docker service rollback) does for
        one. A service that has gone back already stays, so a second run changes nothing. Services that were never updated
        stay too, with a warning, and it is an error if no service was ever updated. Networks, secrets and configs stay.
        O(compose) and O(prune) are refused.
      - The engine keeps one previous spec of each service, from the last update of this service. A service that the last
        deployment has not changed goes further back than this deployment. Name the services with O(services) to avoid
        this.
    type: str
    choices: [present, absent, rolled_back]
    default: present
  services:
    description:
      - For O(state=rolled_back), the services that go back, by their names in the compose file or in the swarm. By default
        all services of the stack.
    type: list
    elements: str
  compose:
    description:
      - Compose files. Later ones are merged into earlier ones, as those of C(docker stack deploy -c) are. Required with
        O(state=present).
      - An element is the path of a file, a mapping, or the text of a file (which has more than one line, or begins with
        C({)). A template is given as text, with the lookup plugin P(ansible.builtin.template#lookup).
      - In a file only variables of the form C(${NAME}) are filled in, see O(variables), and no expressions of Ansible.
      - A mapping in a task is read as all YAML of Ansible, other than files. C(yes) is a boolean there and C(22:22) is
        the number 1342, so put ports in quotes. The engine's own placeholders, as C({{.Node.Hostname}}), need C(!unsafe)
        there; in a file they are left alone.
    type: list
    elements: raw
  remote_src:
    description:
      - Where files are. With V(false) on the controller. O(compose) is looked for like C(src) of
        M(ansible.builtin.copy), in the folder C(files) of the role or the playbook and in these themselves. Files that
        are encrypted with ansible-vault are decrypted.
      - With V(true) they are read on the node, O(compose) by absolute paths or below O(project_src).
      - It counts for O(compose) and O(env_files), and for all files that a compose file names (C(env_file), and C(file)
        of secrets and configs).
    type: bool
    default: false
  project_src:
    description:
      - The folder that relative paths in compose files are relative to, on the controller or on the node as
        O(remote_src) says. That of C(./data:/data) is a folder of each node, so with O(remote_src=false) give absolute
        paths for such mounts. A relative path gets a warning then.
      - By default the folder of the first file of O(compose), or else the folder of the playbook.
    type: path
  variables:
    description:
      - Values for variables in compose files. Strings, numbers and booleans; with V(none) a variable counts as one that
        is not set.
      - They count before the C(environment) of the task, that one before O(env_files), and these before the
        environment of Ansible on the controller. With O(remote_src=true) the controller's environment does not count.
      - The same values count for a variable of a service that the compose file names without a value. An empty value
        stays empty. C(docker stack deploy) replaces it by that of its environment.
      - They reach the node only as parts of what they are used in, and are not shown with the task at C(-vvv), as its
        C(environment) is. Where a service's environment has them, see O(hide_env).
    type: dict
  env_files:
    description:
      - Files with values for variables, in the form that C(.env) of C(docker compose) has. Later ones count before
        earlier ones. None is read that is not named here.
      - Relative paths are looked for in the folder of the project first, then like O(compose).
      - For variables of a container, name a file in the compose file, as C(env_file) of a service.
    type: list
    elements: path
  prune:
    description:
      - Whether to remove services, networks, secrets and configs of the stack that O(compose) does not have. They go
        when everything else is done, and stay if that fails.
    type: bool
    default: false
  versions_to_keep:
    description:
      - How many old versions of each secret and config of O(compose) are kept, the newest ones, beside those that a service
        uses or could be rolled back to. Others are removed when everything else is done.
      - V(0) keeps none, V(-1) all. A kept version is used again when the data come back.
    type: int
    default: 0
  resolve_image:
    description:
      - When to ask the registry which digest the tag of an image has and for which platforms it is made.
      - V(changed) asks for a service that is created or gets another image. V(always) or V(true) asks in every run, and
        updates services whose tag has moved, as C(docker stack deploy) does. V(never) or V(false) takes images as they
        are written.
    type: raw
    default: changed
  with_registry_auth:
    description:
      - Whether to give the swarm the docker login of the user that the module runs as, for the registries of the
        images.
    type: bool
    default: false
  hide_env:
    description:
      - Whether to hide the values of environment variables in diff and result. Their names stay visible.
      - Values of three or more characters are hidden too where the log of a container repeats them.
      - The diff of a removal never shows values, and neither does the node's syslog.
    type: bool
    default: false
  recreate:
    description:
      - Whether what cannot be changed in place may be replaced by a new one, a network (its services are attached to
        the new one) or a service that shall have another mode. Otherwise the task fails.
    type: bool
    default: false
  retry_rolled_back:
    description:
      - Whether to ship releases that the engine has rolled back because they failed. Otherwise the task fails and says
        why they were rolled back, until the files describe others.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until all services are there as the files describe them, or all is gone. They are watched
        together, for as long as the slowest of them takes.
      - The task fails as soon as one has failed, and says which and why.
      - A task that changes nothing watches tasks that took the place of a failed one for the monitor period of their
        service (C(deploy.update_config.monitor), 5 seconds by default).
      - With V(false) the task ends as soon as the engine has accepted the orders.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait at most, for all services together. The failure says what was being waited for.
    type: int
    default: 300
  detach:
    description:
      - The opposite of O(wait), and counts before it. It is there for tasks of C(community.docker.docker_stack), where
        its default is V(true).
    type: bool
  absent_retries:
    description:
      - Has no effect. It is there for tasks of C(community.docker.docker_stack). O(wait_timeout) limits the waiting.
    type: int
  absent_retries_interval:
    description:
      - Has no effect, as O(absent_retries).
    type: float
  _stack:
    description:
      - What the action plugin has made of O(compose), for the module, which does nothing without it. A task does not
        give it, and one that does is not heard.
    type: str
seealso:
  - module: hive.swarm.swarm_stack_info
  - module: hive.swarm.swarm_service
    description: For a service alone.
  - ref: ansible_collections.hive.swarm.docsite.guide_coming_from
    description: What is other than with C(docker stack deploy), and than with community.docker.
"""

EXAMPLES = r"""
- name: Deploy what files/shop.yml beside the playbook describes
  hive.swarm.swarm_stack:
    name: shop
    compose: shop.yml
    variables:
      TAG: "1.36"
      DB_PASSWORD: "{{ vault_db_password }}"

- name: Two files, of which the second changes the first, values of a file, and what is in neither goes
  hive.swarm.swarm_stack:
    name: shop
    compose:
      - shop.yml
      - shop.production.yml
    env_files: [shop.env]
    prune: true
    wait_timeout: 600

- name: A template of Ansible as compose file
  hive.swarm.swarm_stack:
    name: shop
    compose: "{{ lookup('ansible.builtin.template', 'shop.yml.j2') }}"

- name: A stack in the task itself
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

- name: Files that something else has put on the node
  hive.swarm.swarm_stack:
    name: shop
    compose: [/srv/shop/docker-compose.yml]
    env_files: [.env]
    remote_src: true

- name: Remove all of it but its volumes
  hive.swarm.swarm_stack:
    name: shop
    state: absent

- name: Deploy, and go back if it fails
  block:
    - name: Deploy the new release
      hive.swarm.swarm_stack:
        name: shop
        compose: [shop.yml]
        versions_to_keep: 3
  rescue:
    - name: Go back to the release before
      hive.swarm.swarm_stack:
        name: shop
        state: rolled_back
"""

RETURN = r"""
stack:
  description:
    - The stack. In check mode, as it would be. What only the engine can tell is V((known after apply)). Empty for a
      stack that is removed.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      returned: success
      sample: shop
    services:
      description:
        - Its services by their names, with their IDs and what tells them apart. M(hive.swarm.swarm_service_info) shows
          all of them.
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
      description: Names of the networks of its services, external ones too.
      type: list
      elements: str
      returned: success
      sample: [shop_default]
    secrets:
      description: Names of the secrets that its services have, which are those of versions.
      type: list
      elements: str
      returned: success
      sample: [shop_db_password]
    configs:
      description: Names of the configs that its services have, which are those of versions.
      type: list
      elements: str
      returned: success
      sample: [shop_web_v2]
actions:
  description:
    - What was done, or would be in check mode. RV(actions[].kind) is V(network), V(secret), V(config) or V(service),
      RV(actions[].action) is V(create), V(update), V(recreate) or V(remove).
  returned: success
  type: list
  elements: dict
  contains:
    kind: {description: What it is., type: str, returned: success, sample: config}
    name:
      description: Its name; that of the file for a new version of a config or secret.
      type: str
      returned: success
      sample: shop_web
    action: {description: What is done to it., type: str, returned: success, sample: update}
  sample:
    - kind: config
      name: shop_web
      action: create
    - kind: service
      name: shop_web
      action: update
progress:
  description:
    - How the rollout went, each line with the seconds since the beginning. Shown with C(-v). Empty where there was
      nothing to wait for.
    - A task that fails while it waits returns it too.
  returned: success
  type: list
  elements: str
  sample:
    - "0.0 s: shop_web: 0 of 2 tasks run; web.1 is pending"
    - "7.5 s: shop_web: done"
failure:
  description:
    - Why the task failed. Of compose files that are wrong, and of objects that the engine cannot make, the message has a
      line for each problem, with the file, the line and the key. C(problems) has them as a list of C(file), C(line),
      C(key) and C(message). Where one object is the reason, C(object) has its C(kind) and C(name).
    - Where tasks of services are the reason, C(tasks) has them, as with M(hive.swarm.swarm_service).
    - Where tasks stay new because a network has no address for them, C(reasons) has one entry for each such network, with
      C(kind) V(network_without_addresses), C(network), C(subnets), C(size) and C(used).
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(network shop_default). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: bad_input
    message: "shop.yml, line 7: services.web.enviroment: unknown; did you mean environment?"
    status:
"""

from ..module_utils._definition import define
from ..module_utils._resources.swarm_stack import ARGUMENT_SPEC, SwarmStack
from ..module_utils._runner import run_module

MODULE = define(SwarmStack, ARGUMENT_SPEC, required_if=[("state", "present", ("compose",))])


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
