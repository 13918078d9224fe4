# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no message of a stack may show. Loaded when a stack has failed or warns."""

from __future__ import annotations

import typing as t

from ..._path import Document
from ..._redaction import data_texts
from ..service.hidden_env import env_values, specs_of
from .definition import Definition


def secret_data(wanted: Definition) -> set[str]:
    """Return the data of its secrets, plain and as it is sent."""
    return {text for secret in wanted.secrets.values() for text in data_texts(secret.get("Data"))}


def env_of(wanted: Definition | None, live: t.Iterable[Document]) -> set[str]:
    """Return the values of the variables that its services are to have, have and had."""
    return env_values([*(wanted.services.values() if wanted else ()), *specs_of(live)])
