# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of the inventory plugin: whom to ask, what was answered, and what becomes of a node.

None of them knows Ansible, and what has nothing to ask and no files to read is pure.
"""

from __future__ import annotations
