# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runners that hold what a module says against the engine's raw documents.

They wrap a runner and are runners themselves, so a life is walked with them as with any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from ..harness import Runner
from ..objects import lost

Places = Mapping[str, "tuple[str, ...]"]
KNOWN_AFTER = "(known after apply)"
NEW_OPTION = "If the option is new, add its key to the shapes of the fake engine (CONTRIBUTING.md, To add an option)"

# Option -> where the engine keeps it, as seen on real engines. An opinion of its own: it does not ask the schema.
SWARM_PLACES: Places = {
    "labels": ("Spec.Labels",),
    "task_history_retention_limit": ("Spec.Orchestration.TaskHistoryRetentionLimit",),
    "snapshot_interval": ("Spec.Raft.SnapshotInterval",),
    "keep_old_snapshots": ("Spec.Raft.KeepOldSnapshots",),
    "log_entries_for_slow_followers": ("Spec.Raft.LogEntriesForSlowFollowers",),
    "heartbeat_tick": ("Spec.Raft.HeartbeatTick",),
    "election_tick": ("Spec.Raft.ElectionTick",),
    "dispatcher_heartbeat_period": ("Spec.Dispatcher.HeartbeatPeriod",),
    "node_cert_expiry": ("Spec.CAConfig.NodeCertExpiry",),
    "external_cas": ("Spec.CAConfig.ExternalCAs",),
    "ca_force_rotate": ("Spec.CAConfig.ForceRotate", "TLSInfo", "JoinTokens"),
    "signing_ca_cert": ("TLSInfo", "JoinTokens"),
    "autolock_managers": ("Spec.EncryptionConfig.AutoLockManagers", "UnlockKey"),
    "worker_join_token": ("JoinTokens.Worker",),
    "manager_join_token": ("JoinTokens.Manager",),
    "manager_unlock_key": ("UnlockKey",),
}
NODE_PLACES: Places = {"role": ("Role",), "availability": ("Availability",), "labels": ("Labels",), "name": ("Name",)}
_C = "TaskTemplate.ContainerSpec"
_PRIVILEGES, _DNS, _RESOURCES = f"{_C}.Privileges", f"{_C}.DNSConfig", "TaskTemplate.Resources"
# An object that holds several options comes and goes with its last one, so it is the place of them all.
SERVICE_PLACES: Places = {
    "labels": ("Labels",),
    "mode": ("Mode",),
    "replicas": ("Mode",),
    "max_concurrent": ("Mode",),
    "image": (f"{_C}.Image",),
    "container_labels": (f"{_C}.Labels",),
    "command": (f"{_C}.Command",),
    "args": (f"{_C}.Args",),
    "hostname": (f"{_C}.Hostname",),
    "env": (f"{_C}.Env",),
    "working_dir": (f"{_C}.Dir",),
    "user": (f"{_C}.User",),
    "groups": (f"{_C}.Groups",),
    "privileges": (_PRIVILEGES,),
    "credential_spec": (_PRIVILEGES, f"{_C}.Configs"),
    "init": (f"{_C}.Init",),
    "stop_signal": (f"{_C}.StopSignal",),
    "tty": (f"{_C}.TTY",),
    "stdin_open": (f"{_C}.OpenStdin",),
    "read_only": (f"{_C}.ReadOnly",),
    "mounts": (f"{_C}.Mounts",),
    "stop_grace_period": (f"{_C}.StopGracePeriod",),
    "healthcheck": (f"{_C}.Healthcheck",),
    "hosts": (f"{_C}.Hosts",),
    "dns": (_DNS,),
    "dns_search": (_DNS,),
    "dns_options": (_DNS,),
    "secrets": (f"{_C}.Secrets",),
    "configs": (f"{_C}.Configs",),
    "isolation": (f"{_C}.Isolation",),
    "sysctls": (f"{_C}.Sysctls",),
    "cap_add": (f"{_C}.CapabilityAdd",),
    "cap_drop": (f"{_C}.CapabilityDrop",),
    "ulimits": (f"{_C}.Ulimits",),
    "oom_score_adj": (f"{_C}.OomScoreAdj",),
    "limits": (_RESOURCES,),
    "reservations": (_RESOURCES,),
    "memswap_limit": (_RESOURCES,),
    "mem_swappiness": (_RESOURCES,),
    "restart_config": ("TaskTemplate.RestartPolicy",),
    "placement": ("TaskTemplate.Placement",),
    "networks": ("TaskTemplate.Networks",),
    "logging": ("TaskTemplate.LogDriver",),
    "force_update": ("TaskTemplate.ForceUpdate",),
    "update_config": ("UpdateConfig",),
    "rollback_config": ("RollbackConfig",),
    "endpoint_mode": ("EndpointSpec",),
    "publish": ("EndpointSpec",),
}
# They move with every write.
_RESTLESS = ("Version", "UpdatedAt")


def read_swarm(host: Any) -> dict[str, Any]:
    """The swarm with its tokens and its unlock key."""
    return {**host.do("GET", "/swarm"), **host.do("GET", "/swarm/unlockkey")}


def moved(before: Any, after: Any, path: str = "") -> set[str]:
    """The leaves that differ; a key that is missing on one side is a leaf."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return set() if before == after else {path}
    return {
        leaf
        for key in {*before, *after} - set(_RESTLESS)
        for leaf in moved(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
    }


def check_diff(diff: dict[str, Any], leaves: set[str], places: Places) -> None:
    """The diff names what moved, and what it names did move. All places of an option may move, one must."""
    named = {*diff["before"], *diff["after"]}
    for option in named:
        assert option in places, f"{option} has no place: add it to the table of places, such as SERVICE_PLACES"
        moves = any(_lies_in(leaf, places[option]) for leaf in leaves)
        assert moves, f"{option} is in the diff but did not move. {NEW_OPTION}"
    allowed = [place for option in named for place in places[option]]
    unnamed = [leaf for leaf in sorted(leaves) if not _lies_in(leaf, allowed)]
    assert not unnamed, f"moved, but not in the diff: {unnamed}"


def _lies_in(leaf: str, places: Any) -> bool:
    return any(leaf == place or leaf.startswith(f"{place}.") for place in places)


def audited_swarm(host: Any, run: Runner) -> Runner:
    """Hold the diff of every real run against what moved in the raw swarm document."""
    return _audited(run, lambda: read_swarm(host), lambda: SWARM_PLACES)


def audited_service(host: Any, name: str, run: Runner) -> Runner:
    """The same for the spec of a service that is there all the time."""
    return _audited(run, lambda: host.do("GET", f"/services/{name}")["Spec"], lambda: SERVICE_PLACES)


def audited_nodes(host: Any, target: Callable[[], str], run: Runner) -> Runner:
    """The same for the specs of all nodes: that of the target moves as the diff says, all others stand still."""

    def read() -> dict[str, Any]:
        return {node["ID"]: node["Spec"] for node in host.do("GET", "/nodes")}

    def places() -> Places:
        return {option: tuple(f"{target()}.{place}" for place in NODE_PLACES[option]) for option in NODE_PLACES}

    return _audited(run, read, places)


def _audited(run: Runner, read: Callable[[], Any], places: Callable[[], Places]) -> Runner:
    def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
        if check:
            return run(module, args, check=True, diff=diff)
        before = read()
        result = run(module, args, check=False, diff=diff)
        if not result["failed"]:
            after = read()
            check_diff(result["diff"], moved(before, after), places())
            # What recreate makes is another object, of another kind even.
            gone = set() if (args or {}).get("recreate") else lost(before, after, told=True)
            assert not gone, f"objects that a client always sends are gone: {gone}"
        return result

    return run_there


def foretold(run: Runner, key: str) -> Runner:
    """Hold the object of a real run against the one that check mode foretold just before, value by value."""
    predicted: list[dict[str, Any]] = []

    def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
        result = run(module, args, check=check, diff=diff)
        if check:
            predicted[:] = [result]
        elif predicted and not result["failed"] and not predicted[0]["failed"]:
            wrong = {
                name: (value, result[key].get(name))
                for name, value in predicted[0][key].items()
                if value not in (KNOWN_AFTER, result[key].get(name))
            }
            assert not wrong, f"check mode foretold other values (foretold, came): {wrong}"
        return result

    return run_there
