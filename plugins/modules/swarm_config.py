#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_config
short_description: Manage a config of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Creates a config, keeps its labels, and removes it. Runs on a manager.
  - The engine changes nothing of a config but its labels. Other O(data) takes another config, so an unused one is
    replaced, and one that a service uses is refused, with the names of the services.
  - With O(content_names) or O(rolling_versions) other data makes a new version under a name of its own instead, which
    RV(config_name) has, for M(hive.swarm.swarm_service) to be pointed to.
  - Data is compared with that of the engine, so it makes no difference who made the config. Whoever may talk to a
    manager can read it. What must not be read belongs into M(hive.swarm.swarm_secret).
  - An option that is not given is not managed.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Not with O(force=true).
options:
  name:
    description:
      - Name of the config. Versions are named after it, see O(content_names) and O(rolling_versions).
    type: str
    required: true
  state:
    description:
      - V(present) makes sure that there is one with this data and these labels.
      - V(absent) removes it, and with O(content_names) or O(rolling_versions) all of its versions. Nothing is removed
        if a service uses one of them.
    type: str
    choices: [present, absent]
    default: present
  data:
    description:
      - What the config holds. At most 1023999 bytes.
      - Without O(data) and O(data_src) only the labels of a config that is there are managed.
    type: str
  data_is_b64:
    description:
      - Whether O(data) is in Base64. This is the way for data that is no text.
    type: bool
    default: false
  data_src:
    description:
      - A file with what the config holds. It is read on the node where the task runs.
    type: path
  labels:
    description:
      - Labels of the config. Values are strings, so put numbers with a dot and words like V(yes) in quotes.
      - Labels whose names begin with C(com.docker.stack.) stay, and so do those by which versions and data are known.
    type: dict
  labels_state:
    description:
      - With V(replace) the config has O(labels) and no others. V(merge) leaves other labels alone.
    type: str
    choices: [replace, merge]
    default: replace
  template_driver:
    description:
      - What fills in the placeholders of the data when a task starts. The engine knows V(golang). V("") removes it.
      - Needs API version 1.37. Another one takes another config, as other O(data) does.
    type: str
  content_names:
    description:
      - Whether a version is named by O(name), C(_) and ten hexadecimal digits, which are
        made from what it holds and from its template driver.
      - There is one version per data. A task with data that was there before finds the version that has it.
    type: bool
    default: false
  rolling_versions:
    description:
      - Whether a version is named by O(name), C(_v) and a number that goes up. The highest one is compared.
    type: bool
    default: false
  versions_to_keep:
    description:
      - How many old versions are kept beside the current one. V(-1) keeps all.
      - One that a service uses, or would use again after a rollback, is never removed. A later run removes it, and says
        so.
      - Other than in community.docker, the current version does not count.
    type: int
    default: 5
  force:
    description:
      - Whether to replace the config, or to make a new version, even if nothing differs.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_config_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: Have a config
  hive.swarm.swarm_config:
    name: web_conf
    data: "{{ lookup('ansible.builtin.template', 'web.conf.j2') }}"
    labels:
      app: shop

- name: Have it under a name of its own whenever it changes
  hive.swarm.swarm_config:
    name: web_conf
    data: "{{ lookup('ansible.builtin.template', 'web.conf.j2') }}"
    content_names: true
  register: made

- name: The service finds it under the same path, whatever the version
  hive.swarm.swarm_service:
    name: web
    configs:
      - config_name: "{{ made.config_name }}"
        filename: /etc/web.conf

- name: A binary file, whose placeholders are filled in for each task
  hive.swarm.swarm_config:
    name: motd
    data_src: /srv/motd.tmpl
    template_driver: golang
    rolling_versions: true
    versions_to_keep: 0

- name: Remove a config
  hive.swarm.swarm_config:
    name: web_conf
    state: absent
"""

RETURN = r"""
config:
  description:
    - The config, or the current version of it. In check mode, as it would be. Empty for one that is removed.
  returned: success
  type: dict
  contains:
    id: {description: ID of the config., type: str, returned: O(state=present), sample: ktnbjxoalbkvbvedmg1urrz8h}
    name: {description: Name of the version., type: str, returned: O(state=present), sample: web_conf_5f1d0c92ab}
    labels: {description: Its labels., type: dict, returned: O(state=present), sample: {app: shop}}
    template_driver: {description: Its template driver., type: str, returned: O(state=present), sample: golang}
config_id:
  description: ID of the config, or of the current version. V((known after apply\)) in check mode for one that would be made.
  returned: success
  type: str
  sample: ktnbjxoalbkvbvedmg1urrz8h
config_name:
  description:
    - Name of the config, or of the current version.
    - In check mode, that of a version that O(force) makes of the same data ends with V((known after apply\)).
  returned: success
  type: str
  sample: web_conf_5f1d0c92ab
versions:
  description: The names of all versions, the oldest first.
  returned: success
  type: list
  elements: str
  sample: [web_conf_08aa3e1c55, web_conf_5f1d0c92ab]
failure:
  description:
    - Why the task failed.
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(config web_conf_v2). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: >-
      config web_conf would have to be replaced (other data), and it is used by web. With content_names or
      rolling_versions this makes a new version, which the service can be pointed to.
    status:
"""

from ..module_utils._definition import define
from ..module_utils._resources.swarm_config import ARGUMENT_SPEC, SwarmConfig
from ..module_utils._runner import run_module

MODULE = define(SwarmConfig, ARGUMENT_SPEC)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
