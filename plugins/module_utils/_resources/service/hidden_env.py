# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of a service's environment, which what its containers log may repeat. Loaded when there is such a log."""

from __future__ import annotations

import typing as t

from ..._path import Document, at

_PLACES = (at("TaskTemplate", "ContainerSpec", "Env"), at("TaskTemplate", "PluginSpec", "env"))


def env_values(specs: t.Iterable[Document | None]) -> set[str]:
    """Return the values of all variables of these specs, those of plugins too.

    :param specs: of services; None is one that does not exist.
    """
    found = (place.get(spec) for spec in specs for place in _PLACES)
    return {entry.partition("=")[2] for env in found if isinstance(env, list) for entry in env} - {""}


def specs_of(services: t.Iterable[Document]) -> list[Document | None]:
    """Return what each service is and what it was before its last update."""
    return [service.get(key) for service in services for key in ("Spec", "PreviousSpec")]
