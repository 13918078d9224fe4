# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_backup_seal
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Authenticate the description of a backup
description:
  - Adds a message authentication code (HMAC-SHA256) to the description, with a key that is derived from the passphrase.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, passphrase
options:
  _input:
    description: The description, as P(hive.swarm.swarm_backup_manifest#filter) makes it.
    type: dict
    required: true
  passphrase:
    description: The passphrase. If it is empty, the description is not changed.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Authenticate a description
  ansible.builtin.set_fact:
    sealed: "{{ {'archive': 'swarm.tar.gz.enc', 'checksum': 'abc'} | hive.swarm.swarm_backup_seal('a passphrase') }}"
"""

RETURN = r"""
_value:
  description: The description with C(mac), a dictionary with C(salt) and C(value).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.seal import seal


def swarm_backup_seal(manifest, passphrase):
    return seal(dict(manifest), str(passphrase))


class FilterModule:
    def filters(self):
        return {"swarm_backup_seal": swarm_backup_seal}
