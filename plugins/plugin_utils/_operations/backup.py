# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which managers are backed up, what stands beside the archive, and which old backups go."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._core.values import Values
from .._cluster.hosts import Host
from .._cluster.steps import Reason, Step, reasons
from .members import host_of, is_well, majority, why_not_pause

FORMAT = 1
# swarm-CLUSTER-HOST-TIME and what belongs to it; the time sorts as text.
_FILE = re.compile(r"(?P<series>swarm-.+)-(?P<time>\d{8}T\d{6}Z)\.(?P<kind>json|tar\.gz(\.enc)?(\.partial)?)")
_OPEN = (
    "The archive is not encrypted, and who has it can read all secrets of the swarm: see operations_backup_key and"
    " operations_backup_encrypt"
)
_UNSEALED = (
    "The archive is encrypted, and nothing tells later whether it or its description was changed: give"
    " operations_backup_key as well, which authenticates both"
)
_KEPT = ("id", "hostname", "role", "manager", "leader", "availability", "labels", "address", "manager_address")


class BackupOptions(t.NamedTuple):
    """:param window: turn autolock off for the time of the backup.
    :param left_open: whether a backup that broke off has left autolock off.
    :param key_given: whether the swarm's present unlock key is among those that the user gave.
    :param encrypts: whether the archive is encrypted.
    :param seals: whether a passphrase authenticates the archive and its description.
    :param clear: whether an archive that is not encrypted may be made though autolock is on, and leave its host.
    :param fetches: whether the archive is brought to the controller.
    :param hooked: whether tasks of the user's take it elsewhere.
    :param keep: how many backups stay on each host; 0 for all.
    :param keeps_key: whether a new unlock key goes to a place where the user finds it.
    :param accept_outage: whether a swarm of one or two managers may be without a leader meanwhile.
    """

    window: bool = False
    left_open: bool = False
    key_given: bool = False
    encrypts: bool = False
    seals: bool = True
    clear: bool = False
    fetches: bool = False
    hooked: bool = False
    keep: int = 0
    keeps_key: bool = False
    accept_outage: bool = False


def plan_backup(
    hosts: list[Host], discovered: Values, nodes: list[Values], autolocked: bool, options: BackupOptions
) -> Values:
    """Who is backed up, in which order.

    :param discovered: which swarm it is, and whether a manager responds (``discovery.find_swarm``).
    :param nodes: what its managers list.
    :returns: targets (names of hosts), window (whether autolock is turned off meanwhile), steps (lines that say what
        will be done to each host), warnings and stop (reasons not to).
    """
    if not discovered["manager"]:
        return _refused(reasons("no_swarm", discovered["stop"]))
    every = autolocked and not options.window
    window = options.left_open or (autolocked and options.window)
    able = _able(hosts, nodes)
    # With autolock_window, the present key is handed over first, also one that a run which broke off has not handed over.
    stop = _key_problems(options) if every else []
    stop += _window_problems(options) if window else []
    if options.fetches and not (options.encrypts or options.clear or every):
        message = (
            "The archive holds the keys of the swarm in clear, and is not fetched like that. Encrypt it"
            " (operations_backup_key or operations_backup_encrypt), or accept it with operations_allow_plaintext_backup."
        )
        stop.append(Reason("not_encrypted", message))
    stop += _choice_problems(able, nodes, every, options.accept_outage)
    if stop:
        return _refused(stop)
    chosen = able if every else able[:1]
    return {
        "targets": [host.name for host, _node in chosen],
        "window": window,
        "steps": _steps(chosen, nodes, autolocked, options),
        "warnings": _warnings(options, every),
    }


def _warnings(options: BackupOptions, every: bool) -> list[str]:
    if options.encrypts:
        return [] if options.seals else [_UNSEALED]
    return [] if every else [_OPEN]


def _refused(stop: list[Reason]) -> Values:
    return {"targets": [], "window": False, "stop": stop}


def _able(hosts: list[Host], nodes: list[Values]) -> list[tuple[Host, Values]]:
    """Managers of this run that are well, the leader last."""
    managers = [node for node in nodes if node["manager"] and is_well(node)]
    pairs = [(host, node) for node in managers for host in [host_of(hosts, node)] if host]
    order = [host.name for host in hosts]
    return sorted(pairs, key=lambda pair: (pair[1]["leader"], order.index(pair[0].name)))


def _key_problems(options: BackupOptions) -> list[Reason]:
    if options.key_given:
        return []
    message = (
        "The swarm is autolocked and its present unlock key is not among cluster_unlock_keys: without it neither a"
        " manager that was stopped nor a backup could be opened. docker swarm unlock-key shows it on a manager."
    )
    return [Reason("unlock_key_missing", message)]


def _window_problems(options: BackupOptions) -> list[Reason]:
    why = "A backup that broke off has left autolock off" if options.left_open else "With autolock_window"
    problems = []
    if not (options.encrypts or options.clear):
        message = (
            f"{why}: the archive holds the swarm's keys in clear. Encrypt it (operations_backup_key or"
            " operations_backup_encrypt), or accept that with operations_allow_plaintext_backup."
        )
        problems.append(Reason("not_encrypted", message))
    if not options.keeps_key:
        message = (
            f"{why}: the swarm gets another unlock key when autolock is enabled again. Set where to store it:"
            " operations_secrets_file or operations_secrets_tasks."
        )
        problems.append(Reason("key_not_stored", message))
    return problems


def _choice_problems(
    able: list[tuple[Host, Values]], nodes: list[Values], every: bool, accept_outage: bool
) -> list[Reason]:
    if not able:
        return [Reason("no_manager", "No manager that is up and reachable is in this run: a backup needs one.")]
    members = [node for node in nodes if node["manager"]]
    gate = why_not_pause(nodes, able[0][1], accept_outage)
    if gate:
        return [Reason("quorum_at_risk", gate)]
    if every and len(able) < majority(len(members)):
        message = (
            f"The swarm is autolocked: it can only be restored from the backups of {majority(len(members))} of its"
            f" {len(members)} managers, and this run reaches {', '.join(host.name for host, _node in able)}. Let it"
            " reach more, or use autolock_window."
        )
        return [Reason("too_few_managers", message)]
    if not every and able[0][1]["leader"] and len(members) > 1:
        message = (
            f"{able[0][0].name} is the leader, and the only manager of this run. Let the run reach another manager: to"
            " stop the leader would call an election."
        )
        return [Reason("only_the_leader", message)]
    return []


def _steps(
    chosen: list[tuple[Host, Values]], nodes: list[Values], autolocked: bool, options: BackupOptions
) -> list[Step]:
    window = options.left_open or (autolocked and options.window)
    opens = [Step("", "turn autolock off", "autolock_window")] if autolocked and options.window else []
    copies = [_copy(host, node, nodes, len(chosen), autolocked and not window) for host, node in chosen]
    closes = [Step("", "turn autolock on, with a new unlock key", _why_closed(options))] if window else []
    return [*opens, *copies, *_after_each(chosen, options), *closes]


def _copy(host: Host, node: Values, nodes: list[Values], count: int, unlocks: bool) -> Step:
    root = host.probe.get("data_root") or "/var/lib/docker"
    unlock = ", unlock it" if unlocks else ""
    members = sum(node["manager"] for node in nodes)
    reason = "leader" if node["leader"] else "manager"
    reason += f"; {members - 1} of {members} managers go on" if members > 1 else "; meanwhile no manager is available"
    if count > 1:
        reason += "; one at a time, as a restoration with autolock needs the backups of a majority"
    return Step(host.name, f"stop its engine, copy {root}/swarm, start its engine{unlock}", reason)


def _why_closed(options: BackupOptions) -> str:
    return "a backup that broke off has left it off" if options.left_open else "autolock_window"


def _after_each(chosen: list[tuple[Host, Values]], options: BackupOptions) -> list[Step]:
    """Return what is done with a copy when its engine runs again, in this order, in lines that fit into a table."""
    made = ["read the copy to its end", *(["encrypt it"] if options.encrypts else []), "describe it"]
    kept = (["fetch it to the controller"] if options.fetches else []) + (
        ["give it to your tasks"] if options.hooked else []
    )
    kept += [f"remove backups beyond the newest {options.keep}"] if options.keep else []
    hosts = ", ".join(host.name for host, _node in chosen)
    lines = [
        ", ".join(phrases) for phrases in (made, kept, ["wait until the services have their tasks back"]) if phrases
    ]
    return [Step(hosts, line, "" if number else "when the engine runs again") for number, line in enumerate(lines)]


def manifest(host: Host, nodes: list[Values], swarm: Values, facts: Values) -> Values:
    """What stands beside the archive, for people and for the restoration.

    :param swarm: the swarm's settings, as hive.swarm.swarm_info returns them.
    :param facts: archive, checksum, size, encrypted, autolocked, window and taken_at, as the run found them.
    """
    own = next(node for node in nodes if node["id"] == host.node_id)
    return {
        "format": FORMAT,
        "cluster_id": host.cluster_id,
        "node_id": host.node_id,
        "hostname": host.hostname,
        "inventory_hostname": host.name,
        "engine_version": host.probe["engine_version"],
        "data_root": host.probe["data_root"],
        "advertise_address": host.probe["node_address"],
        "manager_address": own["manager_address"],
        "data_path_port": swarm["data_path_port"],
        "default_addr_pool": swarm["default_addr_pool"],
        "subnet_size": swarm["subnet_size"],
        "managers": sum(node["manager"] for node in nodes),
        "nodes": [{key: node[key] for key in _KEPT} for node in nodes],
        **facts,
    }


def expired(paths: t.Iterable[str], current: str, keep: int) -> list[str]:
    """Files to remove: those of older backups beyond the newest ``keep``, and leftovers of runs that broke off.

    :param paths: the files of the folder; strangers among them are left alone.
    :param current: the backup just made, its path without what follows the time.
    :param keep: how many backups of this swarm and host stay, the current one included; 0 keeps all.
    """
    folder, _slash, name = current.rpartition("/")
    series, _dash, now = name.rpartition("-")
    found: dict[str, dict[str, str]] = {}
    for path in paths:
        match = _FILE.fullmatch(path.rpartition("/")[2])
        if match and path.rpartition("/")[0] == folder and match["series"] == series and match["time"] <= now:
            found.setdefault(match["time"], {})[match["kind"]] = path
    whole = sorted((time for time, kinds in found.items() if "json" in kinds), reverse=True)
    stays = set(whole[:keep] if keep else whole) | {now}
    return sorted(path for time, kinds in found.items() if time not in stays for path in kinds.values())
