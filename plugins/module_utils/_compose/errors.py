# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a compose file, and where."""

from __future__ import annotations

import typing as t

from .._errors import BadInput


class ComposeError(BadInput):
    """A compose file cannot be meant. The message has a line for each thing that is wrong, file and line first."""


class Problem(t.NamedTuple):
    """:param place: ``services.web.ports[0]``. :param text: what is wrong there, and what would be right.
    :param file: the ``places.File`` that it stands in, where it is known.
    """

    place: str
    text: str
    file: t.Any = None


class Invalid(Exception):
    """Something at one place is wrong; the caller that knows the file makes a ComposeError of it."""

    def __init__(self, place: str, text: str, file: t.Any = None) -> None:
        super().__init__(f"{place}: {text}")
        self.problem = Problem(place, text, file)
