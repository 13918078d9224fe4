# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which connections to check between hosts, and what prevents a swarm, from the options of hive.swarm.swarm_preflight."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .._operations.connectivity import plan_connectivity
from .._operations.preflight import preflight
from .._operations.preflight_record import read_record

ARGUMENT_SPEC: Values = {
    "records": {"type": "list", "elements": "dict", "required": True},
    "managers": {"type": "list", "elements": "str", "required": True},
    "data_path_port": {"type": "int", "default": 4789},
    "pools": {"type": "list", "elements": "str", "default": ["10.0.0.0/8"]},
    "subnet_size": {"type": "int", "default": 24},
    "show": {"type": "bool", "default": True},
}


def evaluate(options: Values) -> tuple[Values, Values]:
    """Return what was found (``preflight``), and the connections to check by the name of the host (``plan_connectivity``)."""
    records = [read_record(record) for record in options["records"]]
    managers = options["managers"]
    found = preflight(records, managers, options["pools"], options["subnet_size"])
    return found, plan_connectivity(records, managers, options["data_path_port"])
