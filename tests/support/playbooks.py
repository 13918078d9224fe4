# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook of a test, run by this Python's Ansible without the settings of whoever runs the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def run_play(folder: Path, play: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one play in a folder, with further arguments of ansible-playbook; a failure is the caller's business."""
    (folder / "play.yml").write_text(json.dumps([play]))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    return subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "play.yml", *arguments],
        check=False,
        cwd=folder,
        env={**environment, "ANSIBLE_HOME": str(folder)},
        text=True,
        capture_output=True,
        timeout=120,
    )
