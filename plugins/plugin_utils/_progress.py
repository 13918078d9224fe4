# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines on long waits, which ansible-playbook shows while a task runs."""

from __future__ import annotations

import typing as t

from ansible.playbook.task import Task
from ansible.utils.display import Display

display = Display()


def shown_progress(task: Task, host: str) -> t.Callable[[str], None] | None:
    """Return a function that shows a line; None for a task with no_log.

    Standard output belongs to the callback, which may write JSON.

    :param host: name of the host that the task is of.
    """
    if task.no_log:
        return None
    return lambda line: display.display(f"[{host}]: {line}", stderr=True)
