# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which option has the name of a driver that the engine lacks or cannot use."""

from __future__ import annotations

from .errors import SwarmError
from .values import Values

# Of all modules; the engine looks these drivers up when it creates the object.
_OPTIONS = (("driver",), ("driver", "name"), ("ipam_driver",))
_TAG = ":latest"  # the engine adds it to names of volume drivers


def driver_option(options: Values, plugin: str) -> tuple[str, ...]:
    """Return the option that has the name of this driver; empty if none has."""
    for option in _OPTIONS:
        value: object = options
        for part in option:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str) and value.removesuffix(_TAG) == plugin.removesuffix(_TAG):
            return option
    return ()


def name_driver(error: SwarmError, options: Values) -> None:
    """Name the option with the error's driver: in the message, and as ``option``."""
    found = driver_option(options, error.plugin) if error.plugin and not error.option else ()
    if found:
        error.option = found
        error.message = f"{'.'.join(found)}: {error.message}"
