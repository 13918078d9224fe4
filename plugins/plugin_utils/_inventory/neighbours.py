# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of the inventory's other sources, whose names no node may take.

Ansible gives a plugin what the sources before it have added. Those after it are read here, as their hosts would be joined
with hosts of the same name that the plugin has added: with a node's address, and the other host's variables.
"""

from __future__ import annotations

import os
import typing as t

from ansible import context
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

from ...module_utils._core.validators import is_ip
from .names import ForeignHost

# Files beside a source in a folder that Ansible does not take for one (config: inventory_ignore_extensions).
_IGNORED = (".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry")
_OWN = (".swarm.yml", ".swarm.yaml")


def others(inventory: InventoryData, loader: DataLoader, path: str, id_variable: str) -> dict[str, ForeignHost]:
    """Name -> host, of the sources before this one and of those after it.

    :param inventory: Ansible's InventoryData, as far as it has been filled.
    :param path: of this source. :param id_variable: in which this plugin has a node's ID.
    """
    found = {}
    later = later_sources(path, list(context.CLIARGS.get("inventory") or []))
    if later:
        found.update(_hosts(InventoryManager(loader=loader, sources=later), id_variable))
    return {**found, **_hosts(inventory, id_variable)}


def _hosts(inventory: InventoryData, id_variable: str) -> dict[str, ForeignHost]:
    return {name: _other(name, host.vars, id_variable) for name, host in inventory.hosts.items()}


def _other(name: str, variables: t.Mapping[str, object], id_variable: str) -> ForeignHost:
    address = str(variables.get("ansible_host") or name)
    return ForeignHost(address if is_ip(address) else "", str(variables.get(id_variable) or ""))


def later_sources(path: str, sources: list[str]) -> list[str]:
    """The sources that Ansible reads after the one at ``path``; sources of this plugin apart."""
    files = [file for source in sources for file in _files(source)]
    own = [number for number, file in enumerate(files) if os.path.realpath(file) == os.path.realpath(path)]
    after = files[own[-1] + 1 :] if own else []
    return [file for file in after if not file.endswith(_OWN)]


def _files(source: str) -> list[str]:
    """A folder is read file by file, in the order of their names, its folders too (ansible, InventoryManager)."""
    if not os.path.isdir(source):
        return [source]
    names = sorted(name for name in os.listdir(source) if name not in ("group_vars", "host_vars", "vars_plugins"))
    visible = [name for name in names if not name.startswith(".") and not name.endswith(_IGNORED)]
    return [file for name in visible for file in _files(os.path.join(source, name))]
