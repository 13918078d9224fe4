# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-in for get-pip.py in ansible-test's cache: installs what it is asked for by uv, from where packages come from.

ansible-test runs it in an empty virtual environment with arguments such as ``pip==25.2 --no-wheel``.
"""

from __future__ import annotations

import subprocess
import sys

packages = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
subprocess.run(["uv", "pip", "install", "-q", "--system-certs", "--python", sys.executable, *packages], check=True)
