# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a handler may answer besides a plain 200 with JSON."""

from __future__ import annotations

from typing import Any, NamedTuple


class Reply(NamedTuple):
    """Another status than 200; a body of None is no body."""

    status: int
    body: Any


class Raw(NamedTuple):
    """Bytes as they are; an empty content type sends no header of that name."""

    payload: bytes
    content_type: str
