# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of secrets and configs, their places in the engine's documents, and what tells the two kinds apart.

Both kinds are a name, labels and bytes that never change. The engine returns the bytes of a config, and those of a secret to no
client.
"""

from __future__ import annotations

import typing as t

from .._core.schema import DictField, Field, ObjectField, Schema, SchemaItem
from .._core.validators import driver, known
from .._core.values import LABELS, MISSING, Codec, Document, Path, Values, at, is_of_a_stack

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


_TEXT = Codec(lambda text: text or MISSING, lambda text: text or None)


class _UserLabels(t.NamedTuple):
    """The labels but for the internal ones, which stay, except for those in ``dropped``."""

    dropped: tuple[str, ...] = ()
    whole: Path = at("Labels")

    def get(self, document: object) -> t.Any:
        found = self.whole.get(document)
        return without_internal(found) if isinstance(found, dict) else found

    def put(self, document: Document | None, value: object) -> Document:
        found = self.whole.get(document)
        kept = found if isinstance(found, dict) else {}
        internal = {key: text for key, text in kept.items() if is_internal(key) and key not in self.dropped}
        return self.whole.put(document, {**(value if isinstance(value, dict) else {}), **internal})


class _Template(t.NamedTuple):
    """The template driver's name; without one the object is omitted, because an empty one is a driver without name."""

    whole: Path = at("Templating")
    name: Path = at("Templating", "Name")

    def get(self, document: object) -> t.Any:
        return self.name.get(document)

    def put(self, document: Document | None, value: object) -> Document:
        return self.whole.put(document, MISSING) if value is MISSING else self.name.put(document, value)


def _known_template_driver(name: str) -> None:
    """swarmkit, template/getter.go: there is one, and with any other name the tasks are rejected."""
    if name:
        known(name, ("golang",), "template driver")


def _common(dropped: tuple[str, ...] = ()) -> tuple[SchemaItem, SchemaItem]:
    labels = DictField(
        "labels",
        _UserLabels(dropped),
        LABELS,
        merged=lambda params: params.get("labels_state") == "merge",
        kept=is_of_a_stack,
    )
    return labels, Field(
        "template_driver", _Template(), codec=_TEXT, check=_known_template_driver, since="1.37", immutable=True
    )


_DRIVER = Schema(Field("name", at("Name"), codec=_TEXT, check=driver), DictField("options", at("Options"), LABELS))
# The engine takes new labels and nothing else (swarmkit, manager/controlapi/secret.go and config.go).
SCHEMAS = {
    # The data is either here or with a driver, so an empty one is a driver too.
    "secret": Schema(
        *_common(FINGERPRINTS), ObjectField("driver", at("Driver"), _DRIVER, since="1.31", removable=True)
    ),
    "config": Schema(*_common()),
}


def argument_spec(kind: Kind) -> Values:
    return {
        **SCHEMAS[kind.name].argument_spec(),
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "data": {"type": "str", "no_log": kind.hidden},
        "data_is_b64": {"type": "bool", "default": False},
        "data_src": {"type": "path"},
        "labels_state": {"type": "str", "choices": ["replace", "merge"], "default": "replace"},
        "force": {"type": "bool", "default": False},
        "rolling_versions": {"type": "bool", "default": False},
        "content_names": {"type": "bool", "default": False},
        "versions_to_keep": {"type": "int", "default": 5},
    }
