# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configs of the swarm."""

from __future__ import annotations

from .._engine import Engine
from .._path import Values
from .blob.info import ARGUMENT_SPEC, read_info
from .blob.kinds import CONFIG

__all__ = ["ARGUMENT_SPEC", "read_config_info"]


def read_config_info(engine: Engine, params: Values) -> Values:
    return read_info(CONFIG, engine, params)
