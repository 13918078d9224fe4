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
  - Creates a config, updates its labels, and removes it. Runs on a manager.
  - The engine can change only the labels of a config. If O(data) differs, the module replaces a config that is not used. If a
    service uses it, the task fails and names the services.
  - With O(content_names) or O(rolling_versions), changed data creates a new version under its own name instead. Use
    RV(config_name) to refer to it in M(hive.swarm.swarm_service).
  - The module compares the data with the data that the engine returns, so it does not matter which client created the
    config. Every client of a manager can read the data. Use M(hive.swarm.swarm_secret) for confidential data.
  - Options that are not set are not managed.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.secret_config
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Not idempotent with O(force=true).
options:
  data:
    description:
      - Content of the config. The maximum is 1023999 bytes.
      - Without O(data) and O(data_src), only the labels of an existing config are managed.
    type: str
  content_names:
    description:
      - Whether the name of a version is O(name), C(_) and ten hexadecimal digits, which are a hash of its content and its
        template driver.
      - There is one version for each content. A task with earlier data uses the existing version with this data.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_config_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: Create or update a config
  hive.swarm.swarm_config:
    name: web_conf
    data: "{{ lookup('ansible.builtin.template', 'web.conf.j2') }}"
    labels:
      app: shop

- name: Create a new version whenever the content changes
  hive.swarm.swarm_config:
    name: web_conf
    data: "{{ lookup('ansible.builtin.template', 'web.conf.j2') }}"
    content_names: true
  register: made

- name: Mount the current version under a fixed path
  hive.swarm.swarm_service:
    name: web
    configs:
      - config_name: "{{ made.config_name }}"
        filename: /etc/web.conf

- name: Create a config from a binary file with placeholders, which are replaced for each task
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
    - The config, or its current version. In check mode, the predicted config. Empty if it is removed.
  returned: success
  type: dict
  contains:
    id: {description: ID of the config., type: str, returned: O(state=present), sample: ktnbjxoalbkvbvedmg1urrz8h}
    name: {description: Name of the version., type: str, returned: O(state=present), sample: web_conf_5f1d0c92ab}
    labels: {description: Labels., type: dict, returned: O(state=present), sample: {app: shop}}
    template_driver: {description: Template driver., type: str, returned: O(state=present), sample: golang}
config_id:
  description: ID of the config, or of its current version. V((known after apply\)) in check mode if it would be created.
  returned: success
  type: str
  sample: ktnbjxoalbkvbvedmg1urrz8h
config_name:
  description:
    - Name of the config, or of its current version.
    - In check mode, the name of a version that O(force) would create for the same data ends with V((known after apply\)).
  returned: success
  type: str
  sample: web_conf_5f1d0c92ab
versions:
  description: Names of all versions, oldest first.
  returned: success
  type: list
  elements: str
  sample: [web_conf_08aa3e1c55, web_conf_5f1d0c92ab]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(config web_conf_v2).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: >-
      config web_conf would have to be replaced (other data), and it is used by web. With content_names or
      rolling_versions this makes a new version, which the service can be pointed to.
    status:
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._secret_config.resource import CONFIG_MODULE as MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
