# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of daemon.json that options of the role have names of their own for."""

from __future__ import annotations

from ...module_utils._core.paths import Values
from .files import CERTIFICATES

_KEYS = {
    "insecure_registries": "insecure-registries",
    "registry_mirrors": "registry-mirrors",
    "log_driver": "log-driver",
    "log_options": "log-opts",
    "metrics_address": "metrics-addr",
    "data_root": "data-root",
    "storage_driver": "storage-driver",
}


def daemon_keys(options: Values) -> Values:
    """Return the keys of the options that are given."""
    found = {key: options[name] for name, key in _KEYS.items() if options[name] is not None}
    if options["labels"] is not None:
        found["labels"] = _labels(options["labels"])
    if options["btrfs"]:
        found["storage-driver"] = "btrfs"
    if options["api"]:
        found["hosts"] = ["fd://", *(options["api"].get("hosts") or ())]
        found["tlsverify"] = True
        found.update(zip(("tlscacert", "tlscert", "tlskey"), CERTIFICATES.values()))
    return found


def _labels(labels: object) -> list[object]:
    if isinstance(labels, dict):
        return [f"{key}={value}" for key, value in labels.items()]
    return list(labels) if isinstance(labels, (list, tuple)) else [labels]
