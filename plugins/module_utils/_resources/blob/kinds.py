# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and configs: what they have in common, and what tells them apart.

Both are a name, labels and bytes that never change. The engine gives the bytes of a config back, and those of a
secret to nobody.
"""

from __future__ import annotations

import typing as t

from ..._path import MISSING, Document, Values, at
from ..._schema import Field, Schema
from ..service.codecs import STRINGS, TEXT
from ..service.fields import Group, Map

# Labels that are ours to keep: the digest of a secret's data.
OUR_PREFIX = "hive.swarm."
DIGEST = "hive.swarm.digest"


class Kind(t.NamedTuple):
    """:param name: of the module's object, and of the engine's endpoint with an s.
    :param most: how many bytes the engine takes (swarmkit, api/validation/secrets.go; moby, configs).
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


SECRET = Kind("secret", 512000, "Secrets", "SecretID", hidden=True)
CONFIG = Kind("config", 1024000, "Configs", "ConfigID", hidden=False)


class _UserLabels(t.NamedTuple):
    """The labels without ours, which stay."""

    whole: t.Any = at("Labels")

    def get(self, document: t.Any) -> t.Any:
        found = self.whole.get(document)
        return {k: v for k, v in found.items() if not k.startswith(OUR_PREFIX)} if isinstance(found, dict) else found

    def put(self, document: Document | None, value: t.Any) -> Document:
        found = self.whole.get(document)
        ours = {k: v for k, v in found.items() if k.startswith(OUR_PREFIX)} if isinstance(found, dict) else {}
        return self.whole.put(document, {**({} if value is MISSING else value), **ours})


def _labels() -> Map:
    return Map("labels", _UserLabels(), STRINGS, merged=lambda params: params.get("labels_state") == "merge")


_DRIVER = Schema(Field("name", at("Name"), codec=TEXT), Map("options", at("Options"), STRINGS))
# The engine takes new labels and nothing else (swarmkit, manager/controlapi/secret.go and config.go).
SCHEMAS = {
    "secret": Schema(
        _labels(),
        Field("template_driver", at("Templating", "Name"), codec=TEXT, since="1.37", frozen=True),
        Group("driver", at("Driver"), _DRIVER, since="1.31"),
    ),
    "config": Schema(
        _labels(),
        Field("template_driver", at("Templating", "Name"), codec=TEXT, since="1.37", frozen=True),
    ),
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
