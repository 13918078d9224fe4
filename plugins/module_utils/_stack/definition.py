# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired stack: the compose files, converted on the controller (``plugin_utils/_compose/stack.py``).

The names and labels of its objects are those of docker/cli (cli/compose/convert). What no message may show is listed here too.
"""

from __future__ import annotations

import json
import re
import typing as t

from .._core.errors import BadInput
from .._core.redaction import data_texts
from .._core.values import NAMESPACE, Document, Values
from .._service.info import env_values, specs_of


class Definition(t.NamedTuple):
    """Bodies of the engine's create requests by name; names stand where the engine wants IDs.

    :param external: ``networks``, ``secrets`` and ``configs`` to the names of those that must be there.
    :param origins: where the files describe all of it (``plugin_utils/_compose/stack.py``).
    """

    name: str
    services: dict[str, Document]
    networks: dict[str, Document]
    secrets: dict[str, Document]
    configs: dict[str, Document]
    external: dict[str, list[str]]
    origins: Values

    def of(self, kind: str) -> dict[str, Document]:
        """:param kind: ``service``, ``network``, ``secret`` or ``config``."""
        return getattr(self, f"{kind}s")


def parse(text: str | None) -> Definition:
    if not text:
        raise BadInput(
            "compose",
            "the files were not parsed. Call hive.swarm.swarm_stack by its full name, so that its action plugin runs.",
        )
    whole = json.loads(text)
    return Definition(*(whole[key] for key in Definition._fields))


IMAGE = "com.docker.stack.image"
DEFAULT_NETWORK = "default"

# docker/cli, cli/command/stack/common.go: neither blanks nor quotes.
_STACK = re.compile(r"[^\s'\"]+")


class Stack(t.NamedTuple):
    """The stack whose objects are named."""

    name: str

    def scoped(self, key: str) -> str:
        return f"{self.name}_{key}"

    def called(self, key: str, item: t.Mapping[str, object] | None) -> str:
        """The whole name of a network, volume, secret or config; ``name`` replaces ours."""
        return str((item or {}).get("name") or self.scoped(key))

    def labels(self, labels: t.Mapping[str, str] | None, **more: str) -> dict[str, str]:
        return {**(labels or {}), NAMESPACE: self.name, **more}


def check_stack_name(name: str) -> None:
    """Raises ValueError."""
    if not _STACK.fullmatch(name):
        raise ValueError(f"{name!r} is not a valid name of a stack. Do not use spaces or quotes")


def secret_data(wanted: Definition) -> set[str]:
    """Return the data of its secrets, plain and as it is sent."""
    return {text for secret in wanted.secrets.values() for text in data_texts(secret.get("Data"))}


def env_of(wanted: Definition | None, live: t.Iterable[Document]) -> set[str]:
    """Return the values of the variables that its services are to have, have and had."""
    return env_values([*(wanted.services.values() if wanted else ()), *specs_of(live)])
