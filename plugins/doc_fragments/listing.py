# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that modules for lists share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  raw:
    description:
      - Whether to also return the engine's API object of each item.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression over the list. Its result is returned as RV(result).
      - Needs the Python package C(jmespath) on the managed node.
    type: str
requirements:
  - jmespath, only for O(query)
"""

    NAMED = r"""
options:
  name:
    description:
      - Only items with these names or IDs. A name that does not exist is not an error.
    type: list
    elements: str
"""
