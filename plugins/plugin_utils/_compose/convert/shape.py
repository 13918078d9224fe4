# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which keys a document has: Go's ``omitempty`` leaves out what is empty, but not what a pointer points to.

The engine tells the difference between a key that is missing and one that is empty, and restarts tasks for it.
"""

from __future__ import annotations

import typing as t

from ....module_utils._core.values import Document


def filled(**values: object) -> Document:
    """Without empty strings and lists, zeros and false. An empty object stays: in Go it is a pointer to one."""
    return {key: value for key, value in values.items() if value or value == {}}


def given(**values: object) -> Document:
    """Without None: zeros are values."""
    return {key: value for key, value in values.items() if value is not None}


def strings(values: t.Mapping[str, str] | None) -> dict[str, str] | None:
    """A mapping of strings for ``filled``, which is left out when it is empty."""
    return dict(values) if values else None
