# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..module_utils._membership.leave import MODULE
from ..plugin_utils._swarm_action import SwarmAction


class ActionModule(SwarmAction):
    definition = MODULE
