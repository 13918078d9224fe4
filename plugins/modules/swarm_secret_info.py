#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_secret_info
short_description: List the secrets of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Lists secrets, without their data, which the engine gives to nobody. Runs on a manager.
  - Takes one request, and one more for O(used_by), whatever the number of secrets.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  name:
    description:
      - Only secrets with these names or IDs. A name that no secret has is no error.
    type: list
    elements: str
  filters:
    description:
      - Only secrets that these filters let through. They are C(id), C(label), C(name) and C(names).
      - A value is a string or a list of strings, of which one must match; of C(label) all must match. C(id) and
        C(name) match beginnings, C(names) whole names.
    type: dict
  used_by:
    description:
      - Whether to return the names of the services that use each secret.
    type: bool
    default: false
  raw:
    description:
      - Whether to return the engine's own document of each secret too, without labels that are a hash of the data.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression over the list of secrets. Its outcome is returned as RV(result).
      - Needs the Python package C(jmespath) on the managed node.
    type: str
requirements:
  - jmespath, only for O(query)
seealso:
  - module: hive.swarm.swarm_secret
"""

EXAMPLES = r"""
- name: List the secrets
  hive.swarm.swarm_secret_info:
  register: swarm

- name: Who uses these?
  hive.swarm.swarm_secret_info:
    name: [db_password, tls_key]
    used_by: true
  register: found

- name: Which ones does no service use?
  hive.swarm.swarm_secret_info:
    used_by: true
    query: "[?!used_by].name"
  register: unused
"""

RETURN = r"""
secrets:
  description: The secrets, in the order of their names, or in that of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the secret., type: str, returned: success, sample: ktnbjxoalbkvbvedmg1urrz8h}
    name: {description: Name of the secret., type: str, returned: success, sample: db_password_5f1d0c92ab}
    version: {description: Counts the changes of the document., type: int, returned: success, sample: 42}
    created_at: {description: When it was made., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    updated_at: {description: When it changed last., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    labels:
      description: Its labels, without those by which M(hive.swarm.swarm_secret) and community.docker know data and versions.
      type: dict
      returned: success
      sample: {app: shop}
    template_driver: {description: Its template driver., type: str, returned: success, sample: golang}
    driver: {description: Its driver., type: dict, returned: success, sample: {name: null, options: {}}}
    used_by: {description: Names of the services that use it., type: list, elements: str, returned: O(used_by=true), sample: [web]}
    raw: {description: The engine's own document., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Outcome of O(query).
  returned: O(query) is given
  type: raw
  sample: [db_password_08aa3e1c55]
failure:
  description: Why the task failed.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: "This engine is in no swarm: run this on a manager."
    status: null
"""

from ..module_utils._definition import define_info
from ..module_utils._resources.swarm_secret_info import ARGUMENT_SPEC, read_secret_info
from ..module_utils._runner import run_module

MODULE = define_info(read_secret_info, ARGUMENT_SPEC)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
