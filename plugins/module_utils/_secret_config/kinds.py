# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and configs: what they have in common, and what tells them apart.

Both are a name, labels and bytes that never change. The engine gives the bytes of a config back, and those of a
secret to no client.
"""

from __future__ import annotations

import typing as t

from .._core.paths import Document

# The label of a version that force made, although there was one with its data.
FORCED = "hive.swarm.forced"
# The label of the object by which the engine was asked whether it takes a new one, and its name.
REHEARSAL = "hive.swarm.rehearsal"
_PREFIX = "hive.swarm."
# The labels by which community.docker knows data (SHA-224, without salt) and counts versions.
_FOREIGN = ("ansible_key", "ansible_version")
# What tells the data of a secret by a hash: the label of community.docker, and one that early versions of this
# collection wrote. Such a label goes with the next write.
FINGERPRINTS = ("ansible_key", "hive.swarm.digest")


class Kind(t.NamedTuple):
    """:param name: of the module's object, and of the engine's endpoint with an s.
    :param most: how many bytes the engine takes (swarmkit, api/validation/secrets.go, manager/controlapi/config.go).
    :param references: where services name it, and which key has its ID.
    :param hidden: whether the bytes must not be shown.
    """

    name: str
    most: int
    references: str
    id_key: str
    hidden: bool

    @property
    def path(self) -> str:
        return f"/{self.name}s"


SECRET = Kind("secret", 511999, "Secrets", "SecretID", hidden=True)
CONFIG = Kind("config", 1023999, "Configs", "ConfigID", hidden=False)
KINDS = {kind.name: kind for kind in (SECRET, CONFIG)}


def is_internal(label: str) -> bool:
    """Whether a label is book-keeping, of ours or of community.docker: neither shown nor managed by a task."""
    return label.startswith(_PREFIX) or label in _FOREIGN


def without_internal(labels: t.Mapping[str, str] | None) -> dict[str, str]:
    return {key: value for key, value in (labels or {}).items() if not is_internal(key)}


def by_age(document: Document) -> tuple[str, str]:
    """Sorts from the oldest to the newest."""
    return (document["CreatedAt"], document["ID"])
