# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""N real Docker engines on one Linux machine, in plain Python.

lab = Lab("mine", engines=3, images=["lab/busybox:1"])
lab.up()
lab.engine("n1").docker_host
lab.engine("n2").kill()
lab.down()
"""

from __future__ import annotations

from ._errors import LabError
from ._lab import Engine, Lab, Plan
from ._spec import Spec

__all__ = ["Engine", "Lab", "LabError", "Plan", "Spec"]
