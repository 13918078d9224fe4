# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the objects of a stack are called and labelled (docker/cli, cli/compose/convert)."""

from __future__ import annotations

import re
import typing as t

NAMESPACE = "com.docker.stack.namespace"
IMAGE = "com.docker.stack.image"
DEFAULT_NETWORK = "default"

# docker/cli, cli/command/stack/common.go: neither blanks nor quotes.
_STACK = re.compile(r"[^\s'\"]+")


class Stack(t.NamedTuple):
    """The stack whose objects are named."""

    name: str

    def scoped(self, key: str) -> str:
        return f"{self.name}_{key}"

    def called(self, key: str, item: t.Mapping[str, t.Any] | None) -> str:
        """The whole name of a network, volume, secret or config; ``name`` replaces ours."""
        return (item or {}).get("name") or self.scoped(key)

    def labels(self, labels: t.Mapping[str, str] | None, **more: str) -> dict[str, str]:
        return {**(labels or {}), NAMESPACE: self.name, **more}


def check_stack_name(name: str) -> None:
    """Raises ValueError."""
    if not _STACK.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a stack: no blanks and no quotes")
