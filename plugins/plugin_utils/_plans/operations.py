# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each operation: its options, what is read of the swarm for it, and its planner."""

from __future__ import annotations

import json
import os
import time
import typing as t

from ...module_utils._core.values import Values
from .._cluster.hosts import Host
from .._cluster.plan import plan as plan_site
from .._cluster.reset import plan_reset
from .._cluster.steps import EMPTY, Reason, Step, reasons
from .._operations import backup, recovery, restore, rotation
from .._operations.heal import plan_heal, site_steps
from .._operations.lists import as_names
from .._operations.maintenance import Actions, Settings, plan_maintenance
from .._operations.placement import services_without_node
from .._operations.pruning import plan_prune
from .._operations.rebalance import plan_rebalance
from .._operations.scale_in import plan_scale_in
from .._operations.scale_out import plan_scale_out
from .._operations.seal import read as read_sealed
from .._operations.seal import seal
from .._operations.stack import plan_stack, sources
from .._operations.upgrade import plan_upgrade
from .options import FLAG, NAMES, REQUIRED, TEXT, records

#: What can be read of the swarm.
NODES, SETTINGS, SERVICES, TASKS = "nodes", "settings", "services", "tasks"

OPERATION = "operation"
COMMON: Values = {
    OPERATION: REQUIRED,
    "discovered": {"type": "dict", "required": True},
    "confirm": {"type": "str", "default": ""},
    "show": {"type": "bool", "default": True},
}
UNLOCK_KEYS: Values = {"type": "list", "elements": "str", "default": [], "no_log": True}


class Swarm(t.NamedTuple):
    """What an operation knows of the swarm.

    :param discovered: the result of hive.swarm.swarm_discover.
    :param hosts: the hosts of it.
    :param nodes: as hive.swarm.swarm_node_info lists them; empty where no manager responds.
    :param settings: what hive.swarm.swarm_info returned on a manager, with ``unlock_key``.
    :param services: as hive.swarm.swarm_service_info lists them.
    :param tasks: those with the desired state running, as hive.swarm.swarm_task_info lists them.
    :param quorum: as hive.swarm.swarm_node_info returns it.
    """

    discovered: Values
    hosts: list[Host]
    nodes: list[Values]
    settings: Values
    services: list[Values]
    tasks: list[Values]
    quorum: Values

    @property
    def no_manager(self) -> bool:
        return not self.discovered["manager"]

    @property
    def autolock(self) -> bool:
        return bool((self.settings.get("swarm") or {}).get("autolock_managers"))

    def has_key(self, keys: list[str]) -> bool:
        """Return whether the unlock key of the swarm is among those that the user has given."""
        return (self.settings.get("unlock_key") or "") in keys


class Operation(t.NamedTuple):
    """:param options: argument spec of the options that it has beside the common ones.
    :param reads: what is read of the swarm.
    :param planner: makes the plan of the swarm and the validated options, without the parts that are empty.
    :param no_steps: what is shown where the plan has no steps.
    """

    options: Values
    reads: tuple[str, ...]
    planner: t.Callable[[Swarm, Values], Values]
    no_steps: str = "Nothing to do."

    def plan(self, swarm: Swarm, options: Values) -> Values:
        """Return steps, warnings, stop (reasons not to begin), confirm, and what else the operation needs."""
        return {**EMPTY, **self.planner(swarm, options)}


def _names(given: list[str]) -> list[str]:
    """Return names of the command line, which may stand between commas or spaces."""
    return as_names(",".join(given))


_MAINTENANCE: Values = {
    "maintenance_label": TEXT,
    "missing": NAMES,
    "accept_outage": FLAG,
    "unlock_keys": UNLOCK_KEYS,
}


_ACTIONS = records(
    {
        "host": REQUIRED,
        "before": TEXT,
        "patch": TEXT,
        "after": TEXT,
        "reboot": {"type": "str", "choices": ["never", "if_needed", "always"], "default": "never"},
        "local": FLAG,
        "indicates_reboot": {"type": "bool", "default": True},
    }
)


def _actions(given: list[Values]) -> dict[str, Actions]:
    """Return what is done to each host, by its name. The task files are files of the controller."""
    return {
        each["host"]: Actions(
            **{name: value for name, value in each.items() if name != "host"},
            missing_files=_missing_files(each, "before", "patch", "after"),
        )
        for each in given
    }


def _missing_files(options: Values, *names: str) -> tuple[tuple[str, str], ...]:
    files = [(name, options[name]) for name in names if options[name]]
    return tuple((name, file) for name, file in files if not os.path.isfile(file))


def _settings(swarm: Swarm, options: Values) -> Settings:
    """Return what the options of _MAINTENANCE ask for."""
    return Settings(
        label=options["maintenance_label"],
        missing=tuple(_names(options["missing"])),
        accept_outage=options["accept_outage"],
        autolock=swarm.autolock,
        key_fits=swarm.has_key(options["unlock_keys"]),
    )


def _rolling_maintenance(swarm: Swarm, options: Values) -> Values:
    settings = _settings(swarm, options)._replace(
        done_label=options["done_label"], run=options["run"], actions=_actions(options["actions"])
    )
    return plan_maintenance(swarm.hosts, swarm.discovered, swarm.nodes, settings)


def _upgrade_engine(swarm: Swarm, options: Values) -> Values:
    settings = _settings(swarm, options)._replace(actions=_actions(options["actions"]))
    missing_files = _missing_files(options, "upgrade_tasks")
    plan = plan_upgrade(
        swarm.hosts, swarm.discovered, swarm.nodes, options["engine_version"], settings, missing_files=missing_files
    )
    here = [host.name for host in swarm.hosts if host.in_play]
    if options["backup"] and not set(here) & set(swarm.discovered["managers"]):
        plan["warnings"].append("The upgrade runs without a backup, because no manager is in this run (--limit).")
    return plan


# Which nodes are in the swarm


def _rebalance(swarm: Swarm, options: Values) -> Values:
    plan = plan_rebalance(swarm.services, swarm.nodes, swarm.tasks, _names(options["services"]))
    return {**plan, "stop": reasons("no_swarm", swarm.discovered["stop"]) + ([] if swarm.no_manager else plan["stop"])}


def _reset(swarm: Swarm, options: Values) -> Values:
    return plan_reset(swarm.hosts, swarm.nodes, options["confirm"])


def _scale_in(swarm: Swarm, options: Values) -> Values:
    return plan_scale_in(
        swarm.hosts,
        swarm.discovered,
        swarm.nodes,
        _names(options["nodes"]),
        allow_even=options["allow_even"],
        strangers_label=options["unmanaged_label"],
        left_out=options["left_out"],
        inventory=options["inventory"],
        confirm=options["confirm"],
    )


def _scale_out(swarm: Swarm, options: Values) -> Values:
    names = _names(options["nodes"])
    return plan_scale_out(swarm.hosts, swarm.discovered, swarm.nodes, names, options["allow_even"])


def _heal(swarm: Swarm, options: Values) -> Values:
    return plan_heal(
        swarm.hosts,
        swarm.discovered,
        swarm.nodes,
        keys_given=bool(options["unlock_keys"]),
        maintenance_label=options["maintenance_label"],
        confirm=options["confirm"],
    )


def _drain(swarm: Swarm, options: Values) -> Values:
    """The services are returned as they are before, so that the same tasks can be waited for."""
    node = next((node for node in swarm.nodes if node["id"] == options["node"]), None)
    if node is None:
        message = f"node: the managers do not list {options['node']}."
        return {"stop": [Reason("node_missing", message)]}
    here = [task["name"] for task in swarm.tasks if task["node_id"] == node["id"]]
    lost = services_without_node(swarm.services, swarm.nodes, options["going"] or [node["id"]], swarm.tasks)
    messages = [
        f"{options['name'] or node['hostname']}: draining it would cost {each['service']} {each['lost']} of its tasks, as"
        f" {each['why']}. Give them other nodes, or accept it with operations_allow_unschedulable."
        for each in lost
    ]
    reason = f"its tasks move: {', '.join(here)}" if here else "no task runs there"
    return {
        "steps": [Step(options["name"] or node["hostname"], "drain", reason)],
        "stop": [] if options["allow_stranded"] else reasons("tasks_lost", messages),
        "services": swarm.services,
        "availability": node["availability"],
        "labels": node["labels"],
    }


def _site(swarm: Swarm, options: Values) -> Values:
    choice = {name: swarm.discovered[name] for name in ("cluster_id", "manager", "init", "pinned")}
    if swarm.discovered["stop"]:
        return {**choice, "stop": reasons("no_swarm", swarm.discovered["stop"])}
    plan = plan_site(swarm.hosts, choice, swarm.nodes, options["allow_duplicate_hostnames"])
    steps = [Step(choice["init"], "create the swarm", "no host is in a swarm")] if choice["init"] else []
    return {
        **plan,
        "steps": steps + site_steps(swarm.hosts, plan, swarm.nodes),
        "listed": {"nodes": swarm.nodes, "quorum": swarm.quorum},
        "stop": reasons("site_refused", plan["stop"]),
    }


# The state of the swarm


def _backup(swarm: Swarm, options: Values) -> Values:
    labels = (swarm.settings.get("swarm") or {}).get("labels") or {}
    wanted = backup.BackupOptions(
        window=options["autolock_window"],
        left_open=not swarm.autolock and options["window_label"] in labels,
        key_given=swarm.has_key(options["unlock_keys"]),
        **{name: options[name] for name in _OF_BACKUP},
    )
    return backup.plan_backup(swarm.hosts, swarm.discovered, swarm.nodes, swarm.autolock, wanted)


_OF_BACKUP: Values = {
    "encrypts": FLAG,
    "seals": FLAG,
    "clear": FLAG,
    "fetches": FLAG,
    "hooked": FLAG,
    "keep": {"type": "int", "default": 0},
    "keeps_key": FLAG,
    "accept_outage": FLAG,
}
_COPIES = records(
    {
        "host": REQUIRED,
        "archive": REQUIRED,
        "checksum": TEXT,
        "description": TEXT,
        "addresses": NAMES,
    }
)
_RESTORED: Values = {
    "peers_gone": FLAG,
    "rebuild": {"type": "bool", "default": True},
}


def _restore(swarm: Swarm, options: Values) -> Values:
    by_name = {host.name: host for host in swarm.hosts if host.in_play}
    copies = [_copy(by_name[each["host"]], each, options["backup_key"]) for each in options["copies"]]
    wanted = restore.RestoreOptions(
        peers_gone=options["peers_gone"],
        keys_given=bool(options["unlock_keys"]),
        can_decrypt=options["can_decrypt"],
        verifies=options["verifies"],
        forks=options["forks"],
        rebuild=options["rebuild"],
    )
    plan = restore.plan_restore(copies, swarm.hosts, wanted)
    if options["left_out"]:
        message = f"operations_restore_archives: this run does not reach {', '.join(options['left_out'])}."
        plan["stop"].append(Reason("host_left_out", message))
    return {**plan, "manifests": {copy.host.name: copy.manifest for copy in copies}}


def _copy(host: Host, given: Values, passphrase: str) -> restore.Copy:
    read = read_sealed(given["description"], passphrase)
    file = os.path.basename(given["archive"])
    return restore.Copy(host, read["manifest"], given["checksum"], given["addresses"], read["seal"], file)


_STATES = records(
    {
        "host": REQUIRED,
        "log": {"type": "list", "elements": "int", "default": []},
        "encrypted": FLAG,
    }
)


def _recover_quorum(swarm: Swarm, options: Values) -> Values:
    states = {each["host"]: each for each in options["states"]}
    candidates = [
        recovery.RecoveryCandidate(host, tuple(states[host.name]["log"]), states[host.name]["encrypted"])
        for host in swarm.hosts
        if host.name in states and host.in_play and recovery.can_recover(host)
    ]
    wanted = recovery.RecoveryOptions(
        on=options["recover_on"],
        peers_gone=options["peers_gone"],
        confirm=options["confirm"],
        refusal=options["refusal"],
        cluster_id=options["cluster_id"],
        rebuild=options["rebuild"],
    )
    return recovery.plan_recovery(candidates, swarm.hosts, wanted)


_ARCHIVE: Values = {
    "archive": REQUIRED,
    "checksum": REQUIRED,
    "size": {"type": "int", "required": True},
    "encrypted": FLAG,
    "autolocked": FLAG,
    "window": FLAG,
    "taken_at": REQUIRED,
}


def _describe_backup(swarm: Swarm, options: Values) -> Values:
    host = next(host for host in swarm.hosts if host.name == options["host"])
    manifest = backup.manifest(host, options["listed"], options["swarm"], options["facts"])
    return {"description": json.dumps(seal(manifest, options["backup_key"]), indent=4, sort_keys=True)}


def _expire_backups(_swarm: Swarm, options: Values) -> Values:
    files = backup.expired(options["files"], options["current"], options["keep"])
    reason = f"older than the newest {options['keep']}, or incomplete" if options["keep"] else "incomplete"
    return {"expired": files, "steps": [Step("", f"remove {file}", reason) for file in files]}


def _rotate(swarm: Swarm, options: Values) -> Values:
    wanted = rotation.RotationOptions(options["rotate"], options["keeps_key"], swarm.has_key(options["unlock_keys"]))
    return rotation.plan_rotation(swarm.discovered, swarm.nodes, swarm.settings, wanted)


# Stacks


def _deploy_stack(swarm: Swarm, options: Values) -> Values:
    files = sources(options["compose"], options["folder"])
    plan = plan_stack(swarm.discovered, options["stack"], files, options["state"], options["prune"])
    return {**plan, "compose": files}


# Disks

_USAGES = records(
    {
        "host": REQUIRED,
        "usage": {"type": "dict", "default": {}},
        "failure": TEXT,
        "kinds": {**NAMES, "choices": ["images", "build"], "default": ["images", "build"]},
        "age": {"type": "str", "default": "240h"},
    }
)


def _prune(_swarm: Swarm, options: Values) -> Values:
    return plan_prune(options["usages"], time.time())


OPERATIONS: dict[str, Operation] = {
    "backup": Operation(
        {"autolock_window": FLAG, "window_label": TEXT, "unlock_keys": UNLOCK_KEYS, **_OF_BACKUP},
        (NODES, SETTINGS),
        _backup,
    ),
    "deploy_stack": Operation(
        {
            "stack": TEXT,
            "compose": {"type": "raw"},
            "folder": {"type": "str", "default": ""},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "prune": FLAG,
        },
        (),
        _deploy_stack,
    ),
    "describe_backup": Operation(
        {
            "host": REQUIRED,
            "listed": {"type": "list", "elements": "dict", "required": True},
            "swarm": {"type": "dict", "required": True},
            "facts": {"type": "dict", "required": True, "options": _ARCHIVE},
            "backup_key": {"type": "str", "default": "", "no_log": True},
        },
        (),
        _describe_backup,
    ),
    "drain": Operation(
        {"node": REQUIRED, "name": TEXT, "going": NAMES, "allow_stranded": FLAG},
        (NODES, SERVICES, TASKS),
        _drain,
    ),
    "expire_backups": Operation(
        {"files": NAMES, "current": TEXT, "keep": {"type": "int", "default": 0}},
        (),
        _expire_backups,
    ),
    "heal": Operation({"unlock_keys": UNLOCK_KEYS, "maintenance_label": TEXT}, (NODES,), _heal),
    "prune": Operation({"usages": _USAGES}, (), _prune),
    "rebalance": Operation({"services": NAMES}, (NODES, SERVICES, TASKS), _rebalance),
    "recover_quorum": Operation(
        {"states": _STATES, "recover_on": TEXT, "refusal": TEXT, "cluster_id": TEXT, **_RESTORED},
        (),
        _recover_quorum,
    ),
    "reset": Operation({}, (NODES,), _reset),
    "restore": Operation(
        {
            "copies": _COPIES,
            "backup_key": {"type": "str", "default": "", "no_log": True},
            "unlock_keys": UNLOCK_KEYS,
            "can_decrypt": FLAG,
            "verifies": FLAG,
            "forks": {"type": "int", "default": 5},
            "left_out": NAMES,
            **_RESTORED,
        },
        (),
        _restore,
    ),
    "rolling_maintenance": Operation(
        {**_MAINTENANCE, "done_label": TEXT, "run": TEXT, "actions": _ACTIONS},
        (NODES, SETTINGS),
        _rolling_maintenance,
    ),
    "rotate": Operation(
        {"rotate": TEXT, "keeps_key": FLAG, "unlock_keys": UNLOCK_KEYS},
        (NODES, SETTINGS),
        _rotate,
    ),
    "scale_in": Operation(
        {"nodes": NAMES, "allow_even": FLAG, "unmanaged_label": TEXT, "left_out": NAMES, "inventory": NAMES},
        (NODES,),
        _scale_in,
    ),
    "scale_out": Operation({"nodes": NAMES, "allow_even": FLAG}, (NODES,), _scale_out),
    # The settings of the swarm are not in the plan: their task compares them, and may change them.
    "site": Operation({"allow_duplicate_hostnames": FLAG}, (NODES,), _site, "No node needs a change."),
    "upgrade_engine": Operation(
        {
            **_MAINTENANCE,
            "actions": _ACTIONS,
            "engine_version": TEXT,
            "backup": {"type": "bool", "default": True},
            "upgrade_tasks": TEXT,
        },
        (NODES, SETTINGS),
        _upgrade_engine,
    ),
}
