# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service refers to, by name: its document as it is planned."""

from __future__ import annotations

import typing as t

from ..._path import MISSING, Document, at

NETWORKS = at("TaskTemplate", "Networks")
CREDENTIAL_CONFIG = at("TaskTemplate", "ContainerSpec", "Privileges", "CredentialSpec", "Config")
CONFIGS = at("TaskTemplate", "ContainerSpec", "Configs")


def named(spec: Document, name_of: t.Callable[[str], str] | None) -> Document:
    """A document with the names of networks, where ``name_of`` tells them, and of a credential spec's config."""
    attached = NETWORKS.get(spec)
    if name_of and attached and attached is not MISSING:
        spec = NETWORKS.put(spec, [{**item, "Target": name_of(item["Target"])} for item in attached])
    config = CREDENTIAL_CONFIG.get(spec)
    if config and config is not MISSING:
        for item in configs_of(spec):
            if item.get("ConfigID") == config:
                spec = CREDENTIAL_CONFIG.put(spec, item["ConfigName"])
    return spec


def configs_of(spec: Document) -> list[Document]:
    found = CONFIGS.get(spec)
    return found if isinstance(found, list) else []
