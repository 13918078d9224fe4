# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller is killed at the boundaries of a playbook's tasks; the next run ends as one that was never cut.

A playbook is cut after each of its writes. ``make test`` does so for one small case, ``FAULTS_ALL=1`` for all.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, closing
from typing import Any, Callable, NamedTuple

import pytest
from ansible_collections.hive.swarm.tests.support.cuts import Site
from ansible_collections.hive.swarm.tests.support.disks import Disks
from ansible_collections.hive.swarm.tests.support.fake_engine import Delays, FakeCluster
from ansible_collections.hive.swarm.tests.support.fault_matrix import contents, difference

ALL = bool(os.environ.get("FAULTS_ALL"))
#: Which of how many shares of the cuts are made: a playbook of four hosts takes some minutes.
SHARE, SHARES = map(int, os.environ.get("FAULTS_SHARE", "1/1").split("/"))
LABEL, OPEN = "hive.swarm.maintenance", "hive.swarm.autolock_window"
QUICK = {"operations_wait_timeout": 30, "operations_stable_for": 0, "operations_settle_seconds": 0}
FILES = {
    "web.yml": """\
services:
  web:
    image: lab/busybox:1
    deploy: {update_config: {monitor: 1ms}}
    configs: [conf]
configs:
  conf: {file: ./conf}
""",
    "conf": "a",
    "patch.yml": "- {name: Patch, ansible.builtin.debug: {msg: patched}}\n",
}


class Case(NamedTuple):
    """A playbook and the state from which it starts.

    :param make: makes the engines and their swarm, and returns the groups of the inventory.
    :param options: extra variables, or a function of the cluster that returns them.
    :param variables: of all hosts.
    :param repeats: whether a run after the playbook's end changes nothing.
    :param counter: key of the swarm's settings that counts the runs.
    :param holds: what else must hold when the playbook has ended.
    :param finish: the playbook that does the rest if the cut one names what it leaves out.
    :param refusal: kind of the reason by which the next run refuses to start over, and names that playbook.
    :param undo: the playbook that runs after the cut, where the operator changes their mind: it leads back to the start.
    :param before: what happens to the hosts first; returns further extra variables. With it, the engines have disks.
    :param without_quorum: whether the swarm has lost its quorum before.
    """

    playbook: str
    make: Callable[[FakeCluster], dict[str, list[str]]]
    options: Any = {}  # noqa: RUF012 - a NamedTuple's default, never changed
    variables: dict[str, Any] = {}  # noqa: RUF012
    repeats: bool = True
    counter: str = ""
    holds: Callable[[FakeCluster, Site], None] = lambda cluster, site: None
    finish: str = ""
    refusal: str = ""
    undo: str = ""
    before: Callable[[FakeCluster, Site, Disks], dict[str, Any]] | None = None
    without_quorum: bool = False


def swarm_of(cluster: FakeCluster) -> Any:
    """Return the swarm; None before it is created."""
    return next((engine.swarm for engine in cluster.engines.values() if engine.swarm), None)


def member(cluster: FakeCluster, name: str) -> Any:
    """Return the node of an engine."""
    engine = cluster.engines[name]
    assert engine.membership is not None
    return swarm_of(cluster).nodes[engine.membership.node_id]


def service(cluster: FakeCluster, name: str = "web", replicas: int = 2) -> None:
    cluster.engines["manager1"].do(
        "POST",
        "/services/create",
        {
            "Name": name,
            "TaskTemplate": {"ContainerSpec": {"Image": "lab/busybox:1"}},
            "Mode": {"Replicated": {"Replicas": replicas}},
            "UpdateConfig": {"Parallelism": 1, "Monitor": 1_000_000},
        },
    )
    cluster.settle()


def grown(managers: int = 1, workers: int = 0, *others: str) -> Callable[[FakeCluster], dict[str, list[str]]]:
    """A swarm with a service. :param others: engines in no swarm, which the inventory wants as workers."""

    def make(cluster: FakeCluster) -> dict[str, list[str]]:
        names = [engine.name for engine in cluster.swarm(managers, workers)]
        for name in others:
            cluster.engine(name)
        service(cluster)
        return {"managers": names[:managers], "workers": [*names[managers:], *others]}

    return make


def locked(cluster: FakeCluster) -> dict[str, list[str]]:
    """A swarm with autolock."""
    groups = grown(3)(cluster)
    swarm = swarm_of(cluster)
    spec = {**swarm.info()["Spec"], "EncryptionConfig": {"AutoLockManagers": True}}
    cluster.engines["manager1"].do("POST", f"/swarm/update?version={swarm.info()['Version']['Index']}", spec)
    return groups


def rotating_slowly(cluster: FakeCluster) -> dict[str, list[str]]:
    """A swarm in which a rotation of the root certificate takes longer than to start a playbook."""
    cluster.delays.ca_rotation = 25
    return grown(3, 1)(cluster)


def left_locked(cluster: FakeCluster) -> dict[str, list[str]]:
    """A run of a maintenance was killed after it had restarted the engine of a manager."""
    groups = locked(cluster)
    change(cluster, "manager3", availability="drain", labels={LABEL: "active"})
    cluster.engines["manager3"].restart()
    return groups


def change(cluster: FakeCluster, name: str, availability: str = "active", labels: Any = None) -> None:
    """Update a node as another client does."""
    node = member(cluster, name)
    node.update(node.version, {"Name": "", **node.spec, "Availability": availability, "Labels": labels or {}})


def damaged(cluster: FakeCluster) -> dict[str, list[str]]:
    """A manager was wiped, a worker was removed elsewhere, and another one was left drained."""
    groups = grown(3, 2)(cluster)
    change(cluster, "worker2", availability="drain", labels={LABEL: "pause", "zone": "a"})
    change(cluster, "manager3", labels={"zone": "b"})
    cluster.engines["manager3"].wipe()
    cluster.engines["worker1"].kill()
    cluster.settle()
    member(cluster, "worker1").remove(True)
    cluster.engines["worker1"].start()
    return groups


def uneven(cluster: FakeCluster) -> dict[str, list[str]]:
    """All tasks of a service run on one of two nodes."""
    names = [engine.name for engine in cluster.swarm(1)]
    service(cluster, replicas=4)
    worker = cluster.engine("worker1")
    cluster.join(worker, cluster.engines["manager1"])
    cluster.settle()
    return {"managers": names, "workers": ["worker1"]}


def full(cluster: FakeCluster) -> dict[str, list[str]]:
    """Engines whose disks have what nothing uses."""
    groups = grown(1, 2)(cluster)
    for number, name in enumerate((*groups["managers"], *groups["workers"])):
        cluster.engines[name].waste = {"images": ["a", "b"], "build": ["c"] * (number % 2)}
    return groups


def fresh(cluster: FakeCluster) -> dict[str, list[str]]:
    names = [cluster.engine(name).name for name in ("manager1", "manager2", "manager3", "worker1")]
    return {"managers": names[:3], "workers": names[3:]}


def swapped(cluster: FakeCluster) -> dict[str, list[str]]:
    """The inventory wants a worker as a manager and a manager as a worker."""
    grown(3, 1)(cluster)
    return {"managers": ["manager1", "manager2", "worker1"], "workers": ["manager3"]}


def _nothing_is_left(cluster: FakeCluster, site: Site) -> None:
    assert not any(kind for engine in cluster.engines.values() for kind in engine.waste.values())


def _the_tokens_are_kept(cluster: FakeCluster, site: Site) -> None:
    kept = json.loads((site.folder / "secrets.json").read_text())["join_tokens"]
    assert kept == {role.lower(): token for role, token in swarm_of(cluster).tokens().items()}


def _the_key_is_kept(cluster: FakeCluster, site: Site) -> None:
    kept = json.loads((site.folder / "secrets.json").read_text())["unlock_keys"]
    assert kept[0] == swarm_of(cluster).unlock_key


def untouched(cluster: FakeCluster, site: Site, disks: Disks) -> dict[str, Any]:
    """The hosts are as they were made."""
    return {}


def destroyed(cluster: FakeCluster, site: Site, disks: Disks) -> dict[str, Any]:
    """The swarm was backed up, then all managers have lost their disks."""
    change(cluster, "manager3", availability="pause", labels={"zone": "b"})
    given = {"operations_confirm": swarm_of(cluster).id}
    made = site.run("backup", {**QUICK, **PLAIN, "cluster_unlock_keys": [swarm_of(cluster).unlock_key]})
    assert made.code == 0, made.output
    archives = sorted((site.folder / "backups").glob("*.tar.gz"))
    hosts = [json.loads(file.with_name(file.name[:-7] + ".json").read_text()) for file in archives]
    chosen = list(zip((host["inventory_hostname"] for host in hosts), map(str, archives)))[-2:]
    for name in ("manager1", "manager2", "manager3"):
        disks.wipe(name)
    return {**given, "operations_restore_archives": dict(chosen)}


def alone(cluster: FakeCluster, site: Site, disks: Disks) -> dict[str, Any]:
    """Two of three managers have lost their disks."""
    change(cluster, "manager3", availability="pause", labels={"zone": "b"})
    for name in ("manager2", "manager3"):
        disks.wipe(name)
    return {}


def _backups_are_whole(cluster: FakeCluster, site: Site) -> None:
    names = [path.name for path in (site.folder / "backups").iterdir()]
    archives = {name.removesuffix(".tar.gz") for name in names if name.endswith(".tar.gz")}
    assert sorted(names) == sorted([f"{name}.tar.gz" for name in archives] + [f"{name}.json" for name in archives])


def _backups_and_key(cluster: FakeCluster, site: Site) -> None:
    _backups_are_whole(cluster, site)
    _the_key_is_kept(cluster, site)


def cluster_id(cluster: FakeCluster) -> dict[str, str]:
    return {"operations_confirm": swarm_of(cluster).id}


def keys(cluster: FakeCluster) -> dict[str, Any]:
    return {"cluster_unlock_keys": [swarm_of(cluster).unlock_key]}


PLAIN = {"operations_allow_plaintext_backup": True}
WINDOW = {"operations_disable_autolock_for_backup": True, "operations_secrets_file": "secrets.json"}
SETTINGS = {
    "cluster_swarm": {"labels": {"a": "b"}},
    "swarm_labels": {"zone": "a"},
    "cluster_host_label": "hive.swarm.host",
}
CASES = {
    "deploy_stack": Case("deploy_stack", grown(3, 2), {"operations_stack": "shop", "operations_compose": ["web.yml"]}),
    "scale_in": Case(
        "scale_in",
        grown(3, 2),
        {
            "operations_nodes": "worker2,manager3",
            "operations_confirm": "worker2,manager3",
            "operations_allow_even": True,
        },
    ),
    "scale_in_taken_back": Case(
        "scale_in",
        grown(3, 2),
        {
            "operations_nodes": "worker2,manager3",
            "operations_confirm": "worker2,manager3",
            "operations_allow_even": True,
        },
        undo="heal",
    ),
    # Hosts that have joined are none of scale_out anymore; it names those that lack their labels, which site sets.
    "scale_out": Case(
        "scale_out", grown(1, 1, "worker2", "worker3"), {}, {"swarm_labels": {"zone": "a"}}, finish="site"
    ),
    "rotate_tokens": Case(
        "rotate",
        grown(1),
        {"operations_rotate": "tokens", "operations_secrets_file": "secrets.json"},
        repeats=False,
        holds=_the_tokens_are_kept,
    ),
    "rotate_unlock_key": Case(
        "rotate",
        locked,
        {"operations_rotate": "unlock_key", "operations_secrets_file": "secrets.json"},
        repeats=False,
        holds=_the_key_is_kept,
    ),
    "rotate_ca": Case(
        "rotate",
        grown(3, 1),
        lambda cluster: {"operations_rotate": "ca", "operations_secrets_file": "secrets.json", **cluster_id(cluster)},
        repeats=False,
        counter="ForceRotate",
        holds=_the_tokens_are_kept,
    ),
    # The next run begins before the rotation has ended: it waits, and begins no other.
    "rotate_ca_in_progress": Case(
        "rotate",
        rotating_slowly,
        lambda cluster: {"operations_rotate": "ca", "operations_secrets_file": "secrets.json", **cluster_id(cluster)},
        repeats=False,
        holds=_the_tokens_are_kept,
    ),
    "prune": Case("prune", full, holds=_nothing_is_left),
    "reset": Case("reset", grown(3, 2), cluster_id),
    "heal": Case("heal", damaged, cluster_id),
    "rebalance": Case("rebalance", uneven, {"operations_confirm": "web"}),
    "rolling_maintenance": Case(
        "rolling_maintenance", grown(3, 1), {"operations_patch": "patch.yml", "operations_run": "2026-11"}
    ),
    "rolling_maintenance_of_a_locked_manager": Case(
        "rolling_maintenance",
        left_locked,
        lambda cluster: {"operations_run": "2026-11", "cluster_unlock_keys": [swarm_of(cluster).unlock_key]},
    ),
    "backup": Case("backup", grown(3), PLAIN, before=untouched, repeats=False, holds=_backups_are_whole),
    "backup_of_locked_managers": Case(
        "backup",
        locked,
        lambda cluster: {**PLAIN, **keys(cluster)},
        before=untouched,
        repeats=False,
        holds=_backups_are_whole,
    ),
    "backup_with_autolock_off": Case(
        "backup",
        locked,
        lambda cluster: {**PLAIN, **keys(cluster), **WINDOW},
        before=untouched,
        repeats=False,
        holds=_backups_and_key,
    ),
    # Once the swarm lives again, what it lacks is left to site.
    "restore": Case(
        "restore",
        grown(3, 1),
        before=destroyed,
        repeats=False,
        without_quorum=True,
        finish="site",
        refusal="swarm_is_alive",
    ),
    "restore_of_locked_managers": Case(
        "restore",
        locked,
        keys,
        before=destroyed,
        repeats=False,
        without_quorum=True,
        finish="site",
        refusal="swarm_is_alive",
    ),
    "recover_quorum": Case("recover_quorum", grown(3, 1), cluster_id, before=alone, without_quorum=True, finish="site"),
    "upgrade_engine": Case("upgrade_engine", grown(3, 1), {"engine_version": "28.6"}, before=untouched),
    "site_bootstrap": Case("site", fresh, {}, SETTINGS),
    "site_roles": Case("site", swapped, {}, SETTINGS),
}
#: What ``make test`` runs: each host costs time.
SMALL = {
    "scale_in": Case("scale_in", grown(1, 1), {"operations_nodes": "worker1", "operations_confirm": "worker1"}),
}

pytestmark = pytest.mark.once


@pytest.fixture
def place(tmp_path):
    """Return what makes a case: its cluster, its site and its options."""
    with FakeCluster(delays=Delays()) as cluster, ExitStack() as stack:
        for name, text in FILES.items():
            (tmp_path / name).write_text(text)

        def made(case: Case) -> tuple[FakeCluster, Site, dict[str, Any]]:
            groups = case.make(cluster)
            options = case.options(cluster) if callable(case.options) else case.options
            disks = stack.enter_context(closing(Disks(cluster, tmp_path))) if case.before else None
            site = Site(tmp_path, cluster, groups, disks, **case.variables)
            more = case.before(cluster, site, disks) if case.before else {}
            return cluster, site, {**QUICK, **options, **more}

        yield made


@pytest.mark.parametrize("name", CASES if ALL else SMALL)
def test_a_cut_playbook_is_finished_by_the_next_run(place, name):
    case = (CASES if ALL else SMALL)[name]
    cluster, site, options = place(case)
    before = after(cluster, case)
    site.save()
    whole = site.run(case.playbook, options)
    assert whole.code == 0, whole.output
    cuts = site.cuts()
    rest = {**QUICK, **{key: value for key, value in options.items() if key.startswith("cluster_")}}
    if case.finish:
        assert site.run(case.finish, rest).code == 0
    wanted = before if case.undo else after(cluster, case)
    following, given = (case.undo, {**QUICK, **cluster_id(cluster)}) if case.undo else (case.playbook, options)
    assert cuts, "the playbook writes something"
    case.holds(cluster, site)
    for cut in cuts[SHARE - 1 :: SHARES]:
        site.restore()
        killed = site.run(case.playbook, options, cut)
        assert killed.killed, f"{cut}: {killed.output}"
        check_invariants(cluster, case, site)
        again = site.run(following, given)
        assert again.code == 0 or (case.refusal and case.refusal in again.output), f"{cut}: {again.output}"
        if case.finish:
            done = site.run(case.finish, rest)
            assert done.code == 0, f"{cut}: {done.output}"
        found = after(cluster, case)
        assert found == wanted, f"{cut}: {difference(wanted, found)}"
        case.holds(cluster, site)
    if ALL and case.repeats:
        last = site.run(following, given)
        assert (last.code, last.changed) == (0, 0), last.output
    print(f"{name}: cut at {len(cuts)} tasks: {cuts}")


def after(cluster, case):
    """Return what there is once the engines have done all that they are about to."""
    cluster.settle()
    return _without(contents(cluster), case.counter)


def _without(value, counter):
    if isinstance(value, dict):
        return {key: _without(item, counter) for key, item in value.items() if key != counter}
    return [_without(item, counter) for item in value] if isinstance(value, list) else value


def lacks_quorum(cluster):
    swarm = swarm_of(cluster)
    return swarm is not None and not swarm.has_quorum()


def check_invariants(cluster, case, site):
    """What holds at every cut: the quorum is there, every engine runs, and what is drained says by whom.

    A note on its host tells the next run of an engine that is stopped, a label of the swarm that autolock was on.
    """
    for engine in cluster.engines.values():
        assert engine.running or (site.folder / "backups" / f"stopped-{engine.name}").exists(), engine.name
    swarm = swarm_of(cluster)
    if swarm is None:
        return
    assert case.without_quorum or not lacks_quorum(cluster)
    for node in swarm.nodes.values():
        assert node.spec["Availability"] != "drain" or LABEL in node.spec["Labels"], node.hostname
    assert case.make is not locked or swarm.unlock_key or OPEN in swarm.spec["Labels"]


def test_an_upgrade_stops_before_the_first_turn_without_the_key_that_its_backup_made(place):
    options = {"engine_version": "28.6", **PLAIN, **WINDOW}
    upgrade = Case("upgrade_engine", locked, lambda cluster: {**options, **keys(cluster)}, before=untouched)
    cluster, site, given = place(upgrade)
    stopped = site.run("upgrade_engine", given)
    assert stopped.code == 2 and "No engine was upgraded" in stopped.output, stopped.output
    nodes = cluster.engines["manager1"].do("GET", "/nodes")
    assert [node["Spec"]["Availability"] for node in nodes] == ["active"] * 3
    if ALL:
        again = site.run("upgrade_engine", {**given, **keys(cluster), "operations_upgrade_backup": False})
        assert again.code == 0, again.output
