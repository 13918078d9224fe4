# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's placeholders in environment, host name and mounts (swarmkit, template/context.go and expand.go).

The engine refuses others when a service is written, so they are refused before. What is more than one field, such as a call
of a function, is the engine's to judge.
"""

from __future__ import annotations

import re

from .._core.validators import printable

_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_FIELD = re.compile(r"\.[A-Za-z_][A-Za-z0-9_.]*")
_FIELDS = (
    ".Service.ID",
    ".Service.Name",
    ".Node.ID",
    ".Node.Hostname",
    ".Node.Platform.OS",
    ".Node.Platform.Architecture",
    ".Task.ID",
    ".Task.Name",
    ".Task.Slot",
)
# They are printed as Go prints them.
_GROUPS = (".Service", ".Service.Labels", ".Node", ".Node.Platform", ".Task")


def check_placeholders(text: str) -> None:
    """Raise ValueError, which shows nothing of the text, for a placeholder that the engine cannot replace."""
    if "{{" in _ACTION.sub("", text):
        raise ValueError("contains a placeholder that is not closed with }}")
    for action in _ACTION.findall(text):
        known = action in _FIELDS or action in _GROUPS or action.startswith(".Service.Labels.")
        if not action or (_FIELD.fullmatch(action) and not known):
            raise ValueError(f"contains a placeholder that the engine does not have. Use {', '.join(_FIELDS)}")


def printable_text(text: str) -> None:
    """Raise ValueError for a control character, and as above."""
    printable(text)
    check_placeholders(text)
