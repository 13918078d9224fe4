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
  - Creates a secret, keeps its labels, and removes it. Runs on a manager.
  - The engine changes nothing of a secret but its labels. Other O(data) takes another secret, so an unused one is
    replaced, and one that a service uses is refused, with the names of the services.
  - With O(content_names) or O(rolling_versions) other data makes a new version under a name of its own instead, which
    RV(secret_name) has, for M(hive.swarm.swarm_service) to be pointed to.
  - The engine does not return the data of a secret, so the module has the engine compare it with O(data), by an update of
    an outdated version. The engine refuses such an update in any case, and its reason tells whether the data is the same.
    No hash of the data is stored, and the label C(ansible_key) of community.docker, which is one, is removed with the next
    write.
  - A run without changes takes three requests, the list of secrets, the comparison, and a second comparison whose result
    is known, which proves that the engine compares. An engine that does not compare fails the task, with V(unsupported) as
    C(failure.kind), before anything is written. With O(content_names) it takes one more for each newer version. Without
    O(data) and O(data_src) it takes one.
  - The data is in no result, diff or log. It need not be long for that, and nothing else is blanked for it.
  - An option that is not given is not managed.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Check mode sends the same comparisons, which are POST requests that write nothing. A proxy that allows only GET
        requests refuses them, and the task fails.
  diff_mode:
    support: partial
    details:
      - Of the data it says only that it differs.
  idempotent:
    support: partial
    details:
      - Not with O(force=true).
options:
  name:
    description:
      - Name of the secret. Versions are named after it, see O(content_names) and O(rolling_versions).
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
      - What the secret holds. At most 511999 bytes.
      - Without O(data) and O(data_src) only the labels of a secret that is there are managed.
    type: str
  data_is_b64:
    description:
      - Whether O(data) is in Base64. This is the way for data that is no text.
    type: bool
    default: false
  data_src:
    description:
      - A file with what the secret holds. It is read on the node where the task runs.
    type: path
  labels:
    description:
      - Labels of the secret. Values are strings, so put numbers with a dot and words like V(yes) in quotes.
      - Labels whose names begin with C(com.docker.stack.) stay, and so do those by which versions and data are known.
    type: dict
  labels_state:
    description:
      - With V(replace) the secret has O(labels) and no others. V(merge) leaves other labels alone.
    type: str
    choices: [replace, merge]
    default: replace
  template_driver:
    description:
      - What fills in the placeholders of the data when a task starts. The engine knows V(golang). V("") removes it.
      - Needs API version 1.37. Another one takes another secret, as other O(data) does.
    type: str
  driver:
    description:
      - A plugin that the data comes from when a task starts, instead of O(data). V({}) removes it.
      - Needs API version 1.31. Another one takes another secret, as other O(data) does.
    type: dict
    suboptions:
      name:
        description:
          - Name of the plugin. The engine must have it.
        type: str
      options:
        description:
          - Options for the plugin.
        type: dict
  content_names:
    description:
      - Whether a version is named by O(name), C(_) and ten hexadecimal digits, which are
        random, as a name must not tell anything of a secret. The engine finds the version that has the data.
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
      - Whether to replace the secret, or to make a new version, even if nothing differs.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_secret_info
  - module: hive.swarm.swarm_service
"""

EXAMPLES = r"""
- name: Have a secret
  hive.swarm.swarm_secret:
    name: db_password
    data: "{{ vault_db_password }}"
    labels:
      app: shop

- name: Rotate a secret and point the service to it, with old versions removed when nothing uses them
  hive.swarm.swarm_secret:
    name: db_password
    data: "{{ vault_db_password }}"
    content_names: true
    versions_to_keep: 1
  register: made

- name: The service finds it under the same path, whatever the version
  hive.swarm.swarm_service:
    name: web
    secrets:
      - secret_name: "{{ made.secret_name }}"
        filename: db_password

- name: A certificate's key from a file of the node
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
    - The secret, or the current version of it. In check mode, as it would be. Empty for one that is removed.
  returned: success
  type: dict
  contains:
    id: {description: ID of the secret., type: str, returned: O(state=present), sample: ktnbjxoalbkvbvedmg1urrz8h}
    name: {description: Name of the version., type: str, returned: O(state=present), sample: db_password_5f1d0c92ab}
    labels: {description: Its labels., type: dict, returned: O(state=present), sample: {app: shop}}
    template_driver: {description: Its template driver., type: str, returned: O(state=present), sample: golang}
    driver: {description: Its driver., type: dict, returned: O(state=present), sample: {name: null, options: {}}}
secret_id:
  description: ID of the secret, or of the current version. V((known after apply\)) in check mode for one that would be made.
  returned: success
  type: str
  sample: ktnbjxoalbkvbvedmg1urrz8h
secret_name:
  description:
    - Name of the secret, or of the current version.
    - In check mode, that of a new version with O(content_names) ends with V((known after apply\)).
  returned: success
  type: str
  sample: db_password_5f1d0c92ab
versions:
  description: The names of all versions, the oldest first.
  returned: success
  type: list
  elements: str
  sample: [db_password_08aa3e1c55, db_password_5f1d0c92ab]
failure:
  description:
    - Why the task failed.
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(removal of secret db_password_v1). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: >-
      secret db_password would have to be replaced (other data), and it is used by web. With content_names or
      rolling_versions this makes a new version, which the service can be pointed to.
    status:
"""

from ..module_utils._definition import define
from ..module_utils._resources.swarm_secret import ARGUMENT_SPEC, SwarmSecret
from ..module_utils._runner import run_module

MODULE = define(SwarmSecret, ARGUMENT_SPEC)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
