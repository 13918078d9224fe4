# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a swarm may be restored from these archives on these hosts, and which way leads there."""

from __future__ import annotations

import typing as t

from ...module_utils._core.validators import same_ip, told_host
from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import ACTIVE, LOCKED
from .._cluster.hosts import Host, names
from .._cluster.steps import Reason, Step
from .backup import FORMAT
from .members import majority
from .recovery import NO_REBUILD
from .seal import INVALID, MISSING, VALID
from .versions import older

FORCE, QUORUM = "force", "quorum"
_UNLOCKED = (
    "Autolock was off for the time of the backup, and is off in the restored swarm: turn it on again with hive.swarm.site"
    " (cluster_swarm.autolock_managers); the next hive.swarm.backup does it otherwise"
)


class Copy(t.NamedTuple):
    """A backup on the host where it is to be restored.

    :param manifest: the JSON beside the archive; empty where it cannot be read.
    :param checksum: the archive's SHA-256; empty if the archive does not exist.
    :param addresses: IP addresses of the host; empty if not known.
    :param seal: how the description's authentication code is (``seal.py``).
    :param file: name of the archive's file; empty where it does not matter.
    """

    host: Host
    manifest: Values
    checksum: str
    addresses: list[str]
    seal: str = MISSING
    file: str = ""


class RestoreOptions(t.NamedTuple):
    """:param peers_gone: whether hosts that give no answer are known to be off.
    :param keys_given: whether there are unlock keys.
    :param can_decrypt: whether there is a key or command to decrypt archives with.
    :param verifies: whether only archives that are encrypted and authenticated are taken.
    :param forks: how many hosts Ansible works on at a time.
    :param rebuild: whether the hosts of this run join afterwards.
    """

    peers_gone: bool = False
    keys_given: bool = False
    can_decrypt: bool = False
    verifies: bool = False
    forks: int = 5
    rebuild: bool = True


def plan_restore(copies: list[Copy], hosts: list[Host], options: RestoreOptions) -> Values:
    """The way back.

    One archive is enough where autolock was off: the manager becomes a swarm of one by force, and the others join it.
    With autolock on, an engine that lacks its majority cannot be unlocked (unlock never returns, and blocks init), so a
    majority of the managers comes back, each from its own archive, and they are unlocked at the same time.

    :param hosts: all hosts, as they were found before.
    :returns: targets, way (``force`` or ``quorum``), cluster_id, rejoin (hosts that lose what they still know of the
        swarm and join it again), steps, warnings, stop and confirm (what has to be typed).
    """
    stop = _archive_problems(copies, options.verifies)
    if stop:
        return _refused(stop)
    first = copies[0].manifest
    way = FORCE if not first["autolocked"] and first["managers"] > 1 else QUORUM
    stop += _set_problems(copies, way, options) + [p for copy in copies for p in _host_problems(copy)]
    stop += _peer_problems(copies, hosts, options)
    rejoin = _rejoin(copies, hosts)
    return {
        "targets": [copy.host.name for copy in copies],
        "way": way,
        "cluster_id": first["cluster_id"],
        "rejoin": [] if stop else rejoin,
        "steps": _steps(copies, hosts, way, rejoin, options.rebuild),
        "warnings": [
            "What changed after the backup is lost.",
            *([_UNLOCKED] if first.get("window") else []),
            *([] if options.rebuild else [NO_REBUILD]),
        ],
        "stop": stop,
        "confirm": first["cluster_id"],
    }


def _refused(stop: list[Reason]) -> Values:
    return {"targets": [], "way": "", "cluster_id": "", "rejoin": [], "stop": stop}


def _archive_problems(copies: list[Copy], verifies: bool) -> list[Reason]:
    """What is wrong with the archives themselves, so that nothing else can be said."""
    if not copies:
        example = '{"operations_restore_archives": {"HOST": "/path"}}'
        message = f"operations_restore_archives: required. Set the archive for each host: -e '{example}'."
        return [Reason("bad_input", message)]
    found = [(copy, _archive_problem(copy, verifies)) for copy in copies]
    return [Reason(kind, f"{copy.host.name}: {why}") for copy, (kind, why) in found if kind]


def _archive_problem(copy: Copy, verifies: bool) -> tuple[str, str]:
    """Return the kind and the sentence on what is wrong with an archive; both empty where nothing is."""
    manifest = copy.manifest
    if not copy.checksum:
        return "archive_missing", "the archive does not exist."
    if not manifest:
        return "archive_missing", "the description beside the archive (.json) is missing or cannot be read."
    if manifest.get("format") != FORMAT:
        return "archive_format", f"the backup has the format {manifest.get('format')!r}, known is {FORMAT}."
    why = _why_not_authentic(copy, verifies)
    if why:
        return "archive_not_authentic", why
    if manifest["checksum"] != copy.checksum:
        return "archive_damaged", "the archive is damaged: its SHA-256 is not the one that was noted."
    return "", ""


def _why_not_authentic(copy: Copy, verifies: bool) -> str:
    """Return why the archive and its description are not known to be those that were made, empty where they are."""
    if copy.seal == INVALID:
        return (
            "the description of the backup was changed, or was made with another passphrase: its authentication code is"
            " wrong. Give the passphrase of that time in operations_backup_key, or take another backup."
        )
    if not verifies:
        return ""
    accept = "To restore it all the same, set operations_allow_plaintext_backup to true."
    if copy.manifest.get("encrypted") is not True:
        return f"the archive is not encrypted, and a passphrase or a command that decrypts is given. {accept}"
    if copy.seal != VALID:
        reason = (
            "has no authentication code" if copy.seal == MISSING else "cannot be checked without operations_backup_key"
        )
        return f"the description of the backup {reason}, so it may have been changed. {accept}"
    if copy.file and copy.file != copy.manifest["archive"]:
        return f"the archive is {copy.manifest['archive']}, and was renamed ({copy.file}). Give it its name back."
    return ""


def _set_problems(copies: list[Copy], way: str, options: RestoreOptions) -> list[Reason]:
    """What speaks against restoring these archives together."""
    first = copies[0].manifest
    clusters = sorted({copy.manifest["cluster_id"] for copy in copies})
    if len(clusters) > 1:
        return [Reason("archives_differ", f"The archives are of different swarms: {', '.join(clusters)}.")]
    ids = [copy.manifest["node_id"] for copy in copies]
    if len(set(ids)) < len(ids):
        message = "Two of the archives are of the same node: each manager comes back from its own."
        return [Reason("archives_differ", message)]
    if way == FORCE and len(copies) > 1:
        message = "One archive is enough, as autolock was off: restore one, and the other managers join again."
        return [Reason("too_many_archives", message)]
    problems = []
    needed = majority(first["managers"])
    if way == QUORUM and len(copies) < needed:
        message = (
            f"The swarm was autolocked and had {first['managers']} managers: archives of {needed} of them are needed,"
            " each on its own host, as a locked manager without its majority cannot be unlocked."
        )
        problems.append(Reason("too_few_archives", message))
    if way == QUORUM and len(copies) > options.forks:
        message = f"{len(copies)} managers are unlocked at the same time: run with --forks {len(copies)}."
        problems.append(Reason("too_few_forks", message))
    if first["autolocked"] and not options.keys_given:
        message = "The swarm was autolocked: give the unlock key of that time in cluster_unlock_keys."
        problems.append(Reason("unlock_key_missing", message))
    if any(copy.manifest["encrypted"] for copy in copies) and not options.can_decrypt:
        message = "The archive is encrypted: give operations_backup_key or operations_backup_decrypt."
        problems.append(Reason("backup_key_missing", message))
    return problems


def _host_problems(copy: Copy) -> list[Reason]:
    """What a host lacks to take the place of the one that was backed up."""
    host, manifest = copy.host, copy.manifest
    if not host.answers:
        message = f"{host.name}: its engine does not respond ({host.probe.get('msg') or 'no reason given'}): start it."
        return [Reason("host_not_responding", message)]
    problems = []
    version = host.probe["engine_version"]
    if older(version, manifest["engine_version"]):
        message = (
            f"{host.name} has Docker Engine {version}, and the backup is of {manifest['engine_version']}: a backup"
            " needs the same or a newer engine."
        )
        problems.append(Reason("engine_too_old", message))
    wanted = told_host(manifest["manager_address"] or manifest["advertise_address"])
    if not any(same_ip(wanted, address) for address in copy.addresses):
        message = (
            f"{host.name} does not have the address {wanted}, under which all nodes know this manager. Give it that"
            " address first (a second one on an interface will do): the engine does not change it in a backup."
        )
        problems.append(Reason("other_address", message))
    return problems


def _peer_problems(copies: list[Copy], hosts: list[Host], options: RestoreOptions) -> list[Reason]:
    """Hosts that still live in the swarm: two of one identity, or of one swarm, would fight."""
    first = copies[0].manifest
    alive = [host for host in hosts if host.leads and host.cluster_id == first["cluster_id"]]
    if alive:
        message = (
            f"The swarm lives: {names(alive)} {'are managers' if len(alive) > 1 else 'is a manager'} of it, with a"
            " leader. Do not restore it. Repair it with hive.swarm.site, or end it first with hive.swarm.reset."
        )
        return [Reason("swarm_is_alive", message)]
    others = [host for host in hosts if host.leads]
    problems = [
        Reason("other_swarm", f"{host.name} is a manager of another swarm, {host.cluster_id}.") for host in others
    ]
    silent = [host for host in hosts if not host.answers and host.wanted == "manager" and not _is_target(copies, host)]
    if silent and not options.peers_gone:
        message = (
            f"{names(silent)} cannot be queried. A manager that still runs would fight the restored one: stop its engine"
            " or switch it off, then confirm that with -e operations_lost_managers_are_off=true."
        )
        problems.append(Reason("host_not_responding", message))
    left = [h for h in hosts if not h.in_play and h.answers and _was_manager(h, first) and h.state != "inactive"]
    if left:
        message = (
            f"{names(left)} still {'have' if len(left) > 1 else 'has'} the state of a manager of this swarm, and this"
            " run leaves them out: include them, or run hive.swarm.swarm_leave there."
        )
        problems.append(Reason("host_left_out", message))
    return problems


def _is_target(copies: list[Copy], host: Host) -> bool:
    return any(copy.host.name == host.name for copy in copies)


def _was_manager(host: Host, manifest: Values) -> bool:
    """Whether what the host has is a manager's state of the swarm of the backup."""
    if host.state == LOCKED or (host.state == ACTIVE and host.role == "manager"):
        return True
    managers = {node["id"] for node in manifest["nodes"] if node["manager"]}
    return host.node_id in managers


def _rejoin(copies: list[Copy], hosts: list[Host]) -> list[str]:
    """Hosts of this run with what is left of a manager, that are not restored themselves."""
    found = [
        host
        for host in hosts
        if host.in_play and not _is_target(copies, host) and host.answers and host.state != "inactive"
    ]
    return [host.name for host in found if _was_manager(host, copies[0].manifest)]


def _steps(copies: list[Copy], hosts: list[Host], way: str, rejoin: list[str], rebuild: bool) -> list[Step]:
    first = copies[0].manifest
    steps = []
    for copy in copies:
        steps += _of_copy(copy)
    if rejoin:
        listed = ", ".join(rejoin)
        steps.append(
            Step(listed, "move its state of the swarm aside", "it would fight the restored swarm; it joins again")
        )
    if way == FORCE:
        step = "make it a swarm of one by force"
        steps.append(Step(copies[0].host.name, step, "autolock was off, so one archive is enough"))
    elif first["autolocked"]:
        targets = ", ".join(copy.host.name for copy in copies)
        steps.append(Step(targets, "unlock all at the same time", "a locked manager finds no others"))
    mine = [host for host in hosts if host.in_play and not _is_target(copies, host)]
    steps += [_join_step(host) for host in mine] if rebuild else []
    former = Step("", "remove the entries of the other managers", "they are not managers any more")
    return [*steps, former] if way == FORCE else steps


def _of_copy(copy: Copy) -> list[Step]:
    """What is done to the host of an archive: while everything runs, and while its engine is stopped."""
    manifest = copy.manifest
    root = copy.host.probe.get("data_root") or manifest["data_root"]
    of = f"swarm {manifest['cluster_id']} as of {manifest['taken_at']}, {len(manifest['nodes'])} nodes"
    unpack = f"read{', decrypt' if manifest['encrypted'] else ''} and unpack {manifest['archive']}"
    aside = "" if copy.host.state in ("", "inactive") else "move its state of the swarm aside, "
    swap = f"stop its engine, {aside}put the archive into {root}/swarm, start its engine"
    return [Step(copy.host.name, unpack, of), Step(copy.host.name, swap, "the engine reads its state when it starts")]


def _join_step(host: Host) -> Step:
    """What becomes of another host when the role cluster has run."""
    if host.wanted == "manager":
        return Step(host.name, "join as a manager", "from the inventory")
    if host.state == ACTIVE and host.role != "manager":
        return Step(host.name, "wait until it finds the managers, or join as a worker", "from the inventory")
    if host.answers:
        return Step(host.name, "join as a worker", "from the inventory")
    return Step(host.name, "leave it alone", "it does not respond")
