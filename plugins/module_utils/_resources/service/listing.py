# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of services and tasks, of whatever runtime."""

from __future__ import annotations

import typing as t

from ..._path import Values
from ..filters import Filters, api_filters

# Without this filter the engine lists containers alone (moby, daemon/cluster/services.go and tasks.go).
EVERY_RUNTIME = ("container", "plugin")


def runtime_filters(given: Values | None, kind: str, known: t.Sequence[str], choices: t.Mapping[str, t.Any]) -> Filters:
    """As ``api_filters``, with each runtime where none is chosen."""
    return {"runtime": list(EVERY_RUNTIME), **api_filters(given, kind, known, choices)}
