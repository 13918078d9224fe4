# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The majority of the managers, and what would cost it."""

from __future__ import annotations

import typing as t

from .._core.errors import Refused
from .._core.paths import Document, Values
from .views import is_member, is_reachable, label


class Quorum(t.NamedTuple):
    """:param managers: members of the raft group, dead ones included: they count for the majority.
    :param reachable: those that answer.
    """

    managers: int
    reachable: int

    @property
    def needed(self) -> int:
        return self.managers // 2 + 1

    @property
    def margin(self) -> int:
        """How many more managers may fail."""
        return self.reachable - self.needed

    def without(self, node: Document) -> Quorum:
        """The group after this node has left it."""
        return Quorum(self.managers - is_member(node), self.reachable - is_reachable(node))

    def as_dict(self) -> Values:
        return {
            "managers": self.managers,
            "reachable": self.reachable,
            "needed": self.needed,
            "margin": self.margin,
        }


def quorum_of(nodes: list[Document]) -> Quorum:
    members = [node for node in nodes if is_member(node)]
    return Quorum(len(members), sum(map(is_reachable, members)))


def why_not_demote(nodes: list[Document], node: Document) -> str:
    """What speaks against taking a node out of the raft group; empty if nothing does.

    The rule is swarmkit's own (CanRemoveMember): the rest must still be a majority of the rest.
    """
    if not is_member(node):
        return ""
    left = quorum_of(nodes).without(node)
    if left.managers < 1:
        return f"{label(node)} is the last manager of the swarm. Promote another node first"
    if left.reachable < left.needed:
        return (
            f"without {label(node)} only {left.reachable} of {left.managers} managers would be reachable, and"
            f" {left.needed} are needed. Bring a manager back or remove a dead one first"
        )
    return ""


def refuse_demotion(option: str, nodes: list[Document], node: Document) -> None:
    """Raise Refused, naming the option, where the node is needed among the managers."""
    reason = why_not_demote(nodes, node)
    if reason:
        raise Refused(f"{option}: {reason}.")
