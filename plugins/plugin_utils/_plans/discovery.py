# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hive.swarm.swarm_discover found out, from its result to the values that the planners take, and back."""

from __future__ import annotations

import dataclasses
import typing as t

from ...module_utils._core.values import Values
from .._cluster.choice import choose
from .._cluster.hosts import Host, read_hosts
from .._cluster.situation import no_answer_reason
from .._operations.lists import as_names

_NAMES: Values = {"type": "list", "elements": "str", "default": []}
ARGUMENT_SPEC: Values = {
    "hosts": {"type": "list", "elements": "dict", "required": True},
    "elsewhere": {"type": "list", "elements": "dict", "default": []},
    "wanted": {
        "type": "dict",
        "required": True,
        "options": {
            "manager": {"type": "list", "elements": "str", "required": True},
            "worker": {"type": "list", "elements": "str", "required": True},
            "trusted": _NAMES,
            "confirmed": _NAMES,
            "cluster_id": {"type": "str", "default": ""},
            "host_label": {"type": "str", "default": ""},
        },
    },
    "avoid": _NAMES,
    "keys_given": {"type": "bool", "default": False},
    "creates": {"type": "bool", "default": False},
    "allow_duplicate_hostnames": {"type": "bool", "default": False},
}


def discover(options: Values) -> Values:
    """Return the swarm that exists (``find_swarm``), or the choice (``choice.choose``) of a run that may create a swarm.

    And, as ``hosts``, the records of all hosts that it is made of.
    """
    wanted = options["wanted"]
    hosts = read_hosts(options["hosts"], wanted, options["elsewhere"])
    avoid = as_names(",".join(options["avoid"]))
    found = {
        **find_swarm(hosts, wanted, avoid, options["keys_given"]),
        "init": "",
        "pinned": bool(wanted["cluster_id"]),
    }
    if options["creates"]:
        found.update(choose(hosts, wanted, options["allow_duplicate_hostnames"], options["keys_given"]))
    return {**found, "wanted": wanted, "hosts": [_record(host) for host in hosts]}


def find_swarm(hosts: list[Host], wanted: Values, avoid: t.Iterable[str] = (), keys_given: bool = False) -> Values:
    """The swarm that the hosts are in. Hosts that give no answer are named, and stop nothing here.

    :param avoid: names of hosts that are asked only where no other manager answers.
    :param keys_given: whether there are unlock keys, so that a locked manager does not stop the run.
    :returns: cluster_id, manager (the host to ask; empty with a reason in stop), managers (all that could be asked,
        that one first), silent (name and why of each host of the play that gives no answer) and stop.
    """
    answering = [host for host in hosts if host.answers]
    choice = choose(answering, wanted, keys_given=keys_given) if answering else {"cluster_id": "", "stop": []}
    spared = set(avoid)
    leading = [host for host in answering if host.leads and host.cluster_id == choice["cluster_id"]]
    leading.sort(key=lambda host: (host.name in spared, host.wanted != "manager", not host.in_play))
    stop = list(choice["stop"])
    if not leading and not stop:
        stop.append("None of the hosts that answer is in a swarm.")
    return {
        "cluster_id": choice["cluster_id"],
        "manager": leading[0].name if leading else "",
        "managers": [host.name for host in leading],
        "silent": [{"name": h.name, "why": no_answer_reason(h)} for h in hosts if h.in_play and not h.answers],
        "stop": stop,
    }


def _record(host: Host) -> Values:
    return {**dataclasses.asdict(host), "confirmed": sorted(host.confirmed)}


def hosts_of(discovered: Values) -> list[Host]:
    """Return the hosts of a result of ``discover``, those of the play first."""
    fields = [field.name for field in dataclasses.fields(Host)]
    records = [{name: record[name] for name in fields} for record in discovered["hosts"]]
    return [Host(**{**record, "confirmed": frozenset(record["confirmed"])}) for record in records]
