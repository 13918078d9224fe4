# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan as data: what is done to which node and why, and the reasons not to begin."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values

COLUMNS = ("node", "step", "reason")


#: What a plan has that does nothing. Planners leave out what is empty.
EMPTY: Values = {"steps": [], "warnings": [], "stop": [], "confirm": ""}


class Step(t.NamedTuple):
    """:param node: name of the host or node; empty for a step that concerns the whole swarm.
    :param step: what is done to it.
    :param reason: why it is done, or why in this place of the order.
    """

    node: str
    step: str
    reason: str = ""


class Reason(t.NamedTuple):
    """A reason to stop.

    :param kind: for programs: what speaks against it.
    :param message: for people: what it is, and what to do about it.
    """

    kind: str
    message: str


# The kinds of reasons, and their meanings in docs/docsite/rst/guide_failures.rst.
REASONS = {
    "ambiguous_name": "Several nodes of the swarm have the name.",
    "archive_damaged": "The checksum of a backup differs from the one in its description.",
    "archive_format": "A backup has a format that this release does not know.",
    "archive_missing": "A backup or its description does not exist, or cannot be read.",
    "archive_not_authentic": "A backup may have been changed since it was made.",
    "archives_differ": "The backups are not of different managers of one swarm.",
    "autolocked": "The swarm is autolocked, and its state cannot be used without its unlock key.",
    "backup_key_missing": "A backup is encrypted, and nothing that decrypts it is given.",
    "bad_input": "The value of an option or variable is not valid.",
    "data_at_risk": "Data of an engine, of a device or of a file would be hidden or lost.",
    "distrusted": "A host reports that it leads a swarm, and the inventory does not list it as a manager.",
    "downgrade": "Engines are newer than the desired version.",
    "engine_refused": "An engine refused the recovery.",
    "engine_too_old": "The engine of a host is older than the one of the backup.",
    "even_managers": "The swarm would have an even number of managers.",
    "file_missing": "A file that a variable names does not exist on the controller.",
    "foreign_engine": "The host has an engine from another source than the one that is configured.",
    "host_left_out": "The run excludes a host that the operation needs.",
    "host_not_responding": "A host or its engine does not respond.",
    "key_not_stored": "The run has no place to store the new unlock key.",
    "last_manager": "The operation would remove the last manager.",
    "local_connection": "The controller itself would have to reboot.",
    "no_engine": "The host has no engine, and nothing installs one.",
    "no_manager": "No manager is reachable.",
    "no_survivor": "No manager has state from which the swarm can be recovered.",
    "no_swarm": "No swarm was found, or it is not clear which one is meant.",
    "node_missing": "The swarm does not have the node.",
    "node_not_ready": "Nodes that the operation needs are not ready.",
    "not_autolocked": "The swarm has no unlock key, because autolock is off.",
    "not_confirmed": "The plan needs a confirmation.",
    "not_encrypted": "A backup would have to be stored without encryption.",
    "not_ready": "The preflight found problems.",
    "not_root": "The task does not run as root.",
    "not_supported": "A swarm does not work with the engine or with what it runs on.",
    "only_the_leader": "The leader is the only manager of the run, and its engine would have to stop.",
    "other_address": "A host does not have the address of the manager that it is to replace.",
    "other_swarm": "A host is a manager of another swarm.",
    "platform_not_supported": "The role does not support the system of the host.",
    "quorum_at_risk": "The managers would lose their quorum.",
    "several_survivors": "Several managers have state from which the swarm can be recovered.",
    "site_refused": "The desired swarm and the live one do not match, see the message.",
    "swarm_is_alive": "The swarm that is to be restored has a leader.",
    "tasks_lost": "Services would have no node for their tasks.",
    "too_few_archives": "The backups are not those of a majority of the managers.",
    "too_few_forks": "The run has fewer forks than managers that must be unlocked at the same time.",
    "too_few_managers": "The run does not include a majority of the managers.",
    "too_many_archives": "There is more than one backup, and one is needed.",
    "unlock_key_missing": "The run needs the unlock key.",
    "untrusted_key": "The downloaded key of a package repository is not the expected one.",
    "version_not_available": "The package manager does not offer the version.",
}


def reasons(kind: str, messages: t.Iterable[str]) -> list[Reason]:
    """Return a reason of this kind for each message."""
    return [Reason(kind, message) for message in messages]


def table(steps: t.Iterable[Step]) -> list[str]:
    """Return the lines of a table, without the columns that are empty in each row."""
    rows = [tuple(step) for step in steps]
    used = [column for column in range(len(COLUMNS)) if any(row[column] for row in rows)]
    cells = [[row[column] for column in used] for row in ([name.upper() for name in COLUMNS], *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(used))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
