# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command of the system."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from ._errors import LabError

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def clean_env(extra: Mapping[str, str] | None = None) -> dict:
    """A small environment: nothing of the caller's (proxies, credentials) reaches a daemon."""
    env = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    env.update(extra or {})
    return env


def run(
    argv: Sequence[str],
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    check: bool = True,
    timeout: float = 60,
) -> str:
    """Return what the command printed; LabError with its words when it fails (and check is set)."""
    try:
        # AnsibleModule and its run_command are not available here.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            list(argv),
            input=stdin,
            env=clean_env(env),
            timeout=timeout,
            check=False,
            cwd="/",
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise LabError(f"the command {argv[0]!r} is missing") from error
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{' '.join(argv)}: no end after {timeout:.0f} s") from error
    if check and done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).replace("\n", "; ")
        raise LabError(f"{' '.join(argv)}: {words or f'exit code {done.returncode}'}")
    return done.stdout


def which(command: str, path: str = PATH) -> str | None:
    """Full path of a command in the PATH that the lab's daemons get, or None."""
    for folder in path.split(":"):
        full = os.path.join(folder, command)
        if os.access(full, os.X_OK) and os.path.isfile(full):
            return full
    return None
