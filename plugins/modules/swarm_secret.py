#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_secret
short_description: Manage a secret of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Creates a secret, updates its labels, and removes it. Runs on a manager.
  - The engine can change only the labels of a secret. If O(data) differs, the module replaces a secret that is not used. If a
    service uses it, the task fails and names the services.
  - With O(content_names) or O(rolling_versions), changed data creates a new version under its own name instead. Use
    RV(secret_name) to refer to it in M(hive.swarm.swarm_service).
  - The engine does not return the data of a secret. To compare it with O(data), the module sends an update of an outdated
    version. The engine refuses such an update in any case, and the reason shows whether the data is the same. The module
    stores no hash of the data, and removes the label C(ansible_key) of community.docker, which is one, with the next write.
  - A run without changes takes three requests, which are the list of secrets, the comparison, and a second comparison with
    a known result, which proves that the engine compares. With an engine that does not compare, the task fails before
    anything is written, with C(failure.kind) V(unsupported). O(content_names) takes one more request for each newer
    version. Without O(data) and O(data_src) the run takes one request.
  - Results, diffs and logs never contain the data. This does not depend on the length of the data, and does not mask
    anything else.
  - Options that are not set are not managed.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.secret_config
attributes:
  check_mode:
    support: full
    details:
      - Check mode sends the same comparisons, which are POST requests that do not write anything. If a proxy allows only GET
        requests, the task fails.
  diff_mode:
    support: partial
    details:
      - For the data, the diff only reports that it differs.
  idempotent:
    support: partial
    details:
      - Not idempotent with O(force=true).
options:
  data:
    description:
      - Content of the secret. The maximum is 511999 bytes.
      - Without O(data) and O(data_src), only the labels of an existing secret are managed.
    type: str
  driver:
    description:
      - Plugin that provides the data when a task starts, instead of O(data). V({}) removes it.
      - Needs API version 1.31. A change needs a new secret, like a change of O(data).
    type: dict
    suboptions:
      name:
        description:
          - Name of the plugin, which must be installed on the engine.
        type: str
      options:
        description:
          - Options for the plugin.
        type: dict
  content_names:
    description:
      - Whether the name of a version is O(name), C(_) and ten hexadecimal digits. The digits are random, so that the name
        does not reveal anything about the data. The engine finds the version with the same data.
      - There is one version for each content. A task with earlier data uses the existing version with this data.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_secret_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: Create or update a secret
  hive.swarm.swarm_secret:
    name: db_password
    data: "{{ vault_db_password }}"
    labels:
      app: shop

- name: Create a new version of a secret, and remove old versions that no service uses
  hive.swarm.swarm_secret:
    name: db_password
    data: "{{ vault_db_password }}"
    content_names: true
    versions_to_keep: 1
  register: made

- name: Mount the current version under a fixed path
  hive.swarm.swarm_service:
    name: web
    secrets:
      - secret_name: "{{ made.secret_name }}"
        filename: db_password

- name: Create a secret from a file on the node
  hive.swarm.swarm_secret:
    name: tls_key
    data_src: /etc/ssl/private/shop.key
    rolling_versions: true

- name: Remove all versions of a secret
  hive.swarm.swarm_secret:
    name: db_password
    content_names: true
    state: absent
"""

RETURN = r"""
secret:
  description:
    - The secret, or its current version. In check mode, the predicted secret. Empty if it is removed.
  returned: success
  type: dict
  contains:
    id: {description: ID of the secret., type: str, returned: O(state=present), sample: ktnbjxoalbkvbvedmg1urrz8h}
    name: {description: Name of the version., type: str, returned: O(state=present), sample: db_password_5f1d0c92ab}
    labels: {description: Labels., type: dict, returned: O(state=present), sample: {app: shop}}
    template_driver: {description: Template driver., type: str, returned: O(state=present), sample: golang}
    driver: {description: Driver., type: dict, returned: O(state=present), sample: {name: null, options: {}}}
secret_id:
  description: ID of the secret, or of its current version. V((known after apply\)) in check mode if it would be created.
  returned: success
  type: str
  sample: ktnbjxoalbkvbvedmg1urrz8h
secret_name:
  description:
    - Name of the secret, or of its current version.
    - In check mode, the name of a new version with O(content_names) ends with V((known after apply\)).
  returned: success
  type: str
  sample: db_password_5f1d0c92ab
versions:
  description: Names of all versions, oldest first.
  returned: success
  type: list
  elements: str
  sample: [db_password_08aa3e1c55, db_password_5f1d0c92ab]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(removal of secret db_password_v1).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: >-
      secret db_password would have to be replaced (other data), and it is used by web. With content_names or
      rolling_versions this makes a new version, which the service can be pointed to.
    status:
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._secret_config.resource import SECRET_MODULE as MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
