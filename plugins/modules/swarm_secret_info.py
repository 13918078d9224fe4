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
  - Lists secrets without their data, which the engine never returns. Runs on a manager.
  - Sends one request, and one more for O(used_by), regardless of the number of secrets.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
  - hive.swarm.listing
  - hive.swarm.listing.named
options:
  filters:
    description:
      - Only secrets that match these filters. Supported are C(id), C(label), C(name) and C(names).
      - A value is a string or a list of strings. One of them must match, for C(label) all of them. C(id) and
        C(name) match prefixes, C(names) matches whole names.
    type: dict
  used_by:
    description:
      - Whether to return the names of the services that use each secret.
    type: bool
    default: false
  raw:
    description:
      - Whether to also return the engine's API object of each secret, without labels that contain a hash of the data.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_secret
"""

EXAMPLES = r"""
- name: List the secrets
  hive.swarm.swarm_secret_info:
  register: swarm

- name: List the services that use two secrets
  hive.swarm.swarm_secret_info:
    name: [db_password, tls_key]
    used_by: true
  register: found

- name: List the secrets that no service uses
  hive.swarm.swarm_secret_info:
    used_by: true
    query: "[?!used_by].name"
  register: unused
"""

RETURN = r"""
secrets:
  description: The secrets, sorted by name, or in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the secret., type: str, returned: success, sample: ktnbjxoalbkvbvedmg1urrz8h}
    name: {description: Name of the secret., type: str, returned: success, sample: db_password_5f1d0c92ab}
    version: {description: "Version of the object, which the engine increases with each change.", type: int, returned: success, sample: 42}
    created_at: {description: Time of creation., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    updated_at: {description: Time of the last change., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    labels:
      description: Labels, without those by which M(hive.swarm.swarm_secret) and community.docker identify data and versions.
      type: dict
      returned: success
      sample: {app: shop}
    template_driver: {description: Template driver., type: str, returned: success, sample: golang}
    driver: {description: Driver., type: dict, returned: success, sample: {name: null, options: {}}}
    used_by: {description: Names of the services that use it., type: list, elements: str, returned: O(used_by=true), sample: [web]}
    raw: {description: The engine's API object., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Result of O(query).
  returned: O(query) is set
  type: raw
  sample: [db_password_08aa3e1c55]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: "This engine is not in a swarm. Run this on a manager."
    status: null
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._secret_config.info import SECRET_MODULE as MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
