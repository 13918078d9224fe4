# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that secrets and configs share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description:
      - Name of the secret or config, and prefix of the names of its versions, see O(content_names) and O(rolling_versions).
    type: str
    required: true
  state:
    description:
      - V(present) creates the secret or config with this data and these labels, or updates it.
      - V(absent) removes it, and with O(content_names) or O(rolling_versions) all of its versions. Nothing is removed if a
        service uses one of them.
    type: str
    choices: [present, absent]
    default: present
  data_is_b64:
    description:
      - Whether O(data) is encoded in Base64. Use this for binary data.
    type: bool
    default: false
  data_src:
    description:
      - File with the content, on the node where the task runs.
    type: path
  labels:
    description:
      - Labels of the secret or config. Values are strings, so quote numbers with a dot and words such as V(yes).
      - Labels whose names begin with C(com.docker.stack.) stay, and so do the labels that identify versions and data.
      - A list of V(KEY=VALUE), as in Compose files, is accepted too.
    type: dict
  labels_state:
    description:
      - V(replace) removes all labels that are not in O(labels). V(merge) keeps them.
    type: str
    choices: [replace, merge]
    default: replace
  template_driver:
    description:
      - Driver that replaces placeholders in the data when a task starts. The engine supports V(golang). V("") removes it.
      - Needs API version 1.37. A change needs a new secret or config, like a change of O(data).
    type: str
  rolling_versions:
    description:
      - Whether the name of a version is O(name), C(_v) and an increasing number. The version with the highest number is
        compared.
    type: bool
    default: false
  versions_to_keep:
    description:
      - Number of old versions to keep in addition to the current one. V(-1) keeps all.
      - A version that a service uses, or would use again after a rollback, is not removed. A later run removes and reports
        it.
      - Unlike in community.docker, the current version does not count.
    type: int
    default: 5
  force:
    description:
      - Whether to replace the secret or config, or to create a new version, even if nothing differs.
    type: bool
    default: false
"""
