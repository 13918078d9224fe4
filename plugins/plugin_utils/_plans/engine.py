# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of hive.swarm.engine_plan, for each of its operations."""

from __future__ import annotations

import copy

from ...module_utils._core.values import Values
from .options import FLAG, NAMES, TEXT, options_of

OPERATION = "operation"
CONFIGURE, RESTART = "configure", "restart"
OPTIONAL: Values = {"type": "str"}
OPTIONAL_NAMES: Values = {"type": "list", "elements": "str"}

OPERATIONS: dict[str, Values] = {
    CONFIGURE: {
        "source": {"type": "str", "choices": ["distribution", "docker", "none"], "default": "distribution"},
        "version": TEXT,
        "containerd_version": TEXT,
        "hold": {"type": "bool", "default": True},
        "upgrade": FLAG,
        "repository_url": {"type": "str", "default": "https://download.docker.com/linux"},
        "repository_key_url": OPTIONAL,
        "repository_key_checksum": OPTIONAL,
        "repository_channel": {"type": "str", "default": "stable"},
        "downloaded_key": TEXT,
        "offers": FLAG,
        "extra_packages": NAMES,
        "remote_transport": FLAG,
        "daemon": {"type": "dict", "default": {}},
        "daemon_purge": FLAG,
        "data_root": OPTIONAL,
        "storage_driver": {"type": "str", "choices": ["overlay2", "btrfs"]},
        "btrfs": {"type": "dict", "default": {}, "options": {"device": OPTIONAL, "image": OPTIONAL, "size": OPTIONAL}},
        "insecure_registries": OPTIONAL_NAMES,
        "registry_mirrors": OPTIONAL_NAMES,
        "log_driver": OPTIONAL,
        "log_options": {"type": "dict"},
        "labels": {"type": "raw"},
        "metrics_address": OPTIONAL,
        "api": {
            "type": "dict",
            "default": {},
            "options": {
                "hosts": OPTIONAL_NAMES,
                "ca": OPTIONAL,
                "cert": OPTIONAL,
                "key": {"type": "str", "no_log": True},
            },
        },
        "proxy": {
            "type": "dict",
            "default": {},
            "options": {"http": OPTIONAL, "https": OPTIONAL, "no_proxy": {"type": "raw"}},
        },
        "firewall": {"type": "bool", "default": True},
        "firewall_peers": OPTIONAL_NAMES,
        "firewall_chain": {"type": "str", "default": "inet filter input"},
        "firewall_zone": TEXT,
        "data_path_port": {"type": "int", "default": 4789},
        "managers": NAMES,
        "workers": NAMES,
        "contents": FLAG,
        "show": {"type": "bool", "default": True},
    },
    RESTART: {
        "hosts": {"type": "list", "elements": "str", "required": True},
        "managers": NAMES,
        "leaders": NAMES,
        "at_once": {"type": "int", "default": 1},
    },
}
#: Options with sub-options. Those that are not given are left out.
_GROUPS = ("btrfs", "api", "proxy")


def argument_spec(operation: str) -> Values:
    """Return the options of an operation; those of all, where it does not exist, so that only its name is reported."""
    choice = {OPERATION: {"type": "str", "choices": list(OPERATIONS), "default": CONFIGURE}}
    # Validation fills the defaults of options with sub-options.
    return copy.deepcopy({**choice, **options_of(operation, OPERATIONS)})


def given(options: Values) -> Values:
    """Return the options with the sub-options that are given."""
    groups = {name: {key: item for key, item in options[name].items() if item is not None} for name in _GROUPS}
    return {**options, **groups}
