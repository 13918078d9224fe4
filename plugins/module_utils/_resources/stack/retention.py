# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which old versions of a stack's secrets and configs stay, though no service needs them."""

from __future__ import annotations

import collections
import typing as t

from ..._errors import BadInput
from ..._path import Document

ALL = -1


def check_versions_to_keep(number: int) -> None:
    if number < ALL:
        raise BadInput(f"versions_to_keep: {number} is out of bounds. Give a number of old versions, or -1 for all.")


def beyond(removable: t.Iterable[Document], base_of: t.Callable[[Document], str], number: int) -> list[Document]:
    """Return those of the removable versions that are older than the newest ``number`` of their kin.

    :param removable: versions that no service has or could be rolled back to; of each name the newest first.
    :param base_of: the name that the file gives a version.
    :param number: ALL for all.
    """
    kept: collections.Counter[str] = collections.Counter()
    found = []
    for item in removable:
        base = base_of(item)
        kept[base] += 1
        if number != ALL and kept[base] > number:
            found.append(item)
    return found
