# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that the swarm cannot tell apart: it compares them without case, and its filters compare them with it.

Verified with 20.10 and 28.5: a second one is refused (409, for networks 500), while a list that is filtered by its name
does not have the first. Read again, such a refusal looks like a lost race that never ends.
"""

from __future__ import annotations

import typing as t

from .._errors import Refused


def refuse_twin(kind: str, name: str, names: t.Iterable[str]) -> None:
    """Raise Refused where one of ``names`` is ``name`` in another spelling.

    :param kind: ``service``, ``network``, ``secret``, ``config`` or ``volume``.
    """
    lower = name.lower()
    twin = next((other for other in names if other != name and other.lower() == lower), None)
    if twin:
        raise Refused(
            f"name: the swarm has a {kind} {twin!r}, and names that differ in case alone are the same to it ({name!r})."
            f" Use {twin!r}, or remove it first."
        )
