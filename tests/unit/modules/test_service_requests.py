# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests a run of swarm_service may cost."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table

LIVE = {
    "name": "web",
    "image": "lab/busybox:1",
    "replicas": 2,
    "env": {"A": "1"},
    "limits": {"memory": "64M"},
    "publish": [{"target_port": 80, "published_port": 8080}],
    "networks": ["one", {"name": "two", "aliases": ["a"]}],
    "secrets": [{"secret_name": "one"}, {"secret_name": "two"}],
    "configs": [{"config_name": "one"}],
    "resolve_image": "never",
}
PLAIN = {key: value for key, value in LIVE.items() if key not in ("networks", "secrets", "configs")}
NO_OPS = {
    "everything plain": (PLAIN, 1),
    "the name alone": ({"name": "web"}, 1),
    "networks": ({"name": "web", "networks": LIVE["networks"]}, 2),
    "secrets": ({"name": "web", "secrets": LIVE["secrets"]}, 2),
    "configs": ({"name": "web", "configs": LIVE["configs"]}, 2),
    "everything": (LIVE, 4),
    "an image that is there": ({"name": "web", "image": "lab/busybox:1"}, 1),
    "nothing to remove": ({"name": "never", "state": "absent"}, 1),
}
# Read, write, read back; waiting comes on top.
CHANGES = {
    "scale": ({"name": "web", "replicas": 3}, 3),
    "env": ({"name": "web", "env": {"A": "2"}}, 3),
    "another image": ({"name": "web", "image": "lab/busybox:2"}, 4),
    "force": ({"name": "web", "force_update": True}, 3),
    "create": ({**PLAIN, "name": "new", "publish": []}, 4),  # the names of all services come on top
    "remove": ({"name": "web", "state": "absent"}, 3),
}


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    table.make_referred(host)
    made = on(host)("swarm_service", {**LIVE, "wait": False})
    assert not made["failed"], made["msg"]
    return host


def counted(manager, args, **run):
    before = manager.count()
    result = on(manager)("swarm_service", args, **run)
    assert not result["failed"], result["msg"]
    return result["changed"], manager.count() - before


@pytest.mark.parametrize("name", NO_OPS)
@pytest.mark.parametrize("check", [False, True], ids=["real", "check"])
def test_a_run_without_changes(manager, name, check):
    """K4: a run that waits reads the tasks that have ended too; one request, with an empty answer where none failed."""
    args, most = NO_OPS[name]
    waits = not check and args.get("state") != "absent"
    assert counted(manager, args, check=check) == (False, most + waits)
    assert counted(manager, {**args, "wait": False}, check=check) == (False, most)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_is_not_waited_for(manager, name):
    args, most = CHANGES[name]
    assert counted(manager, {**args, "wait": False}) == (True, most)


def test_there_is_no_request_per_service_or_task(manager):
    for number in range(5):
        counted(manager, {**PLAIN, "name": f"web{number}", "publish": [], "wait": False})
    assert counted(manager, PLAIN) == (False, 2)
