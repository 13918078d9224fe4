# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a node and their places in its spec (moby, api/types/swarm/node.go)."""

from __future__ import annotations

from .._core.codecs import LABELS
from .._core.paths import Values, at
from .._core.schema import Field, Schema


def _merged_labels(live: Values, wanted: Values, params: Values) -> Values:
    kept = {} if params["labels_state"] == "replace" else dict(live)
    for key in params["labels_to_remove"] or ():
        kept.pop(key, None)
    return {**kept, **LABELS.encode(wanted)}


NODE = Schema(
    Field("role", at("Role"), spec={"choices": ["worker", "manager"]}),
    Field("availability", at("Availability"), spec={"choices": ["active", "pause", "drain"]}),
    Field("labels", at("Labels"), type="dict", codec=LABELS, default={}, merge_strategy=_merged_labels),
    Field("name", at("Name"), default=""),
)
