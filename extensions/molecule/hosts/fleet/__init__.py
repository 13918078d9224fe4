# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole hosts on one Linux machine: systemd, sshd, sudo and apt, each in a network namespace of its own.

Links, cgroups and the search for processes are those of a lab (plugins/module_utils/_lab); so a fleet and a lab of the
same name never run at once, and a fleet that was cut off is found and ended all the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

# The collection may lie where no Python finds it by name (a checkout, ANSIBLE_COLLECTIONS_PATH); _lab needs nothing of it.
sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "plugins" / "module_utils"))
