# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of joining, leaving and unlocking, and the places of those that a join request has (moby, JoinRequest)."""

from __future__ import annotations

from .._core import validators as checks
from .._core.paths import Values, at
from .._core.schema import Field, Schema

JOIN_REQUEST = Schema(
    Field("listen_addr", at("ListenAddr"), write_only=True, check=checks.ip_or_interface),
    Field("advertise_addr", at("AdvertiseAddr"), write_only=True, check=checks.advertised),
    Field("data_path_addr", at("DataPathAddr"), write_only=True, since="1.30", check=checks.data_path),
    Field("availability", at("Availability"), write_only=True, since="1.28",
          spec={"choices": ["active", "pause", "drain"]}),
)  # fmt: skip

JOIN_SPEC: Values = {
    **JOIN_REQUEST.argument_spec(),
    "remote_addrs": {"type": "list", "elements": "str", "required": True},
    "join_token": {"type": "str", "required": True, "no_log": True},
    "role": {"type": "str", "choices": ["worker", "manager"]},
    "cluster_id": {"type": "str"},
    "member_ids": {"type": "list", "elements": "str"},
    "manager_docker_host": {"type": "str"},
    "ca_digest": {"type": "str"},
    "confirm_rejoin": {"type": "str"},
}
LEAVE_SPEC: Values = {
    "force": {"type": "bool", "default": False},
    "demote": {"type": "bool", "default": False},
}
UNLOCK_SPEC: Values = {
    "unlock_keys": {
        "type": "list",
        "elements": "str",
        "required": True,
        "no_log": True,
        "aliases": ["unlock_key"],
    },
}
