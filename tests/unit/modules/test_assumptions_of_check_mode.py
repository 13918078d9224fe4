# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C4: what an earlier task of a play would make is a visible assumption of check mode, in all modules."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = pytest.mark.usefixtures("no_time")

SERVICE = {"image": "lab/busybox:1", "resolve_image": "never", "update_config": {"monitor": "1ms"}}
REFERRING = {
    "networks": ["net"],
    "secrets": [{"secret_name": "key"}],
    "configs": [{"config_name": "conf"}],
}
EXTERNAL = {
    "services": {"web": {"image": "lab/busybox:1", "networks": ["net"], "secrets": ["key"], "configs": ["conf"]}},
    "networks": {"net": {"external": True}},
    "secrets": {"key": {"external": True}},
    "configs": {"conf": {"external": True}},
}
# A play on a fresh host: each task, and whether it changes something.
PLAY: list[tuple[str, dict[str, Any], bool]] = [
    ("swarm_init", {}, True),
    ("swarm_info", {"join_tokens": True}, False),
    ("swarm_node_info", {"self": True}, False),
    ("swarm_network", {"name": "net"}, True),
    ("swarm_secret", {"name": "key", "data": "a"}, True),
    ("swarm_config", {"name": "conf", "data": "a"}, True),
    ("swarm_secret", {"name": "key", "labels": {"a": "b"}}, True),
    ("swarm_service", {**SERVICE, **REFERRING, "name": "web", "env": {"A": "1"}}, True),
    ("swarm_service", {"name": "web", "labels": {"a": "b"}, "replicas": 1}, True),
    ("swarm_service", {"name": "web", "force_update": True}, True),
    ("swarm_service", {"name": "web", "state": "rolled_back"}, True),
    ("swarm_node", {"hostname": "self", "labels": {"disk": "ssd"}}, True),
    ("swarm_node", {"hostname": "node1", "labels": {"disk": "ssd", "rack": "1"}}, True),
    ("swarm_stack", of_document("shop", EXTERNAL), True),
    ("swarm_stack", {"name": "shop", "state": "rolled_back"}, True),
    ("swarm_stack", {"name": "shop", "state": "rolled_back", "services": ["web"]}, True),
    ("swarm_service_info", {"name": ["web"]}, False),
    ("swarm_stack_info", {}, False),
    ("swarm_task_info", {}, False),
    ("swarm_network_info", {}, False),
    ("swarm_secret_info", {}, False),
    ("swarm_config_info", {}, False),
]


def ids(play: list[tuple[str, dict[str, Any], bool]]) -> list[str]:
    return [f"{number} {module}" for number, (module, _options, _changed) in enumerate(play, start=1)]


def test_c4_a_whole_play_on_a_fresh_host(engine):
    """C4: every task passes, and says what it takes for granted; nothing is written."""
    for module, options, changed in PLAY:
        result = on(engine)(module, options, check=True)
        assert not result["failed"], (module, result["msg"])
        assert result["changed"] is changed, (module, options)
        if module not in ("swarm_init",):
            assert any("earlier task" in warning for warning in result["warnings"]), (module, result.get("warnings"))
    assert not engine.writes and engine.state == "inactive"


def test_c4_the_same_play_for_real(engine):
    """Where check mode says changed, the run changes something: the play is one that works."""
    for module, options, changed in PLAY:
        if options.get("state") == "rolled_back":
            continue  # it would take the network away again
        result = on(engine)(module, options)
        assert not result["failed"], (module, result["msg"])
        assert result["changed"] is changed, (module, options)
        assert not any("earlier task" in warning for warning in result.get("warnings", ()))


MISSING = [
    (
        "swarm_service",
        {"name": "wbe", "replicas": 2},
        "image: required to create service 'wbe', which does not exist.",
    ),
    ("swarm_service", {"name": "wbe", "labels": {"a": "b"}}, "required to create service 'wbe'"),
    ("swarm_service", {"name": "wbe", "state": "rolled_back"}, "Service 'wbe' does not exist"),
    ("swarm_service", {**SERVICE, "name": "new", "networks": ["nte"]}, "no network 'nte'. Did you mean 'net'?"),
    ("swarm_service", {**SERVICE, "name": "new", "secrets": [{"secret_name": "kye"}]}, "Did you mean 'key'?"),
    ("swarm_service", {**SERVICE, "name": "new", "configs": [{"config_name": "cnof"}]}, "Did you mean 'conf'?"),
    ("swarm_node", {"hostname": "manager9", "labels": {"a": "b"}}, "no node with the ID or host name manager9"),
    ("swarm_secret", {"name": "kye", "labels": {"a": "b"}}, "required to create secret 'kye'"),
    ("swarm_config", {"name": "cnof", "labels": {"a": "b"}}, "required to create config 'cnof'"),
    ("swarm_network", {"name": "other", "driver": "macvlan", "config_from": "nte"}, "nte"),
    (
        "swarm_stack",
        of_document("shop", {**EXTERNAL, "networks": {"net": {"external": True, "name": "nte"}}}),
        "Did you mean 'net'?",
    ),
]


@pytest.mark.parametrize(("module", "options", "words"), MISSING)
def test_c4_a_misspelt_name_fails_the_run_and_is_seen_in_the_warning_of_check_mode(cluster, module, options, words):
    manager = cluster.swarm(managers=1)[0]
    for made in PLAY[3:6]:
        on(manager)(made[0], made[1])
    before = len(manager.writes)
    predicted = on(manager)(module, options, check=True)
    assert not predicted["failed"] and predicted["changed"], predicted
    assert any(words in warning and "earlier task" in warning for warning in predicted["warnings"]), predicted
    failed = on(manager)(module, options)
    assert failed["failed"] and words in failed["msg"], failed["msg"]
    assert len(manager.writes) == before


def test_c4_a_worker_is_no_fresh_host(cluster):
    """What it is in is known, so nothing is assumed."""
    worker = cluster.swarm(managers=1, workers=1)[1]
    for module, options in (("swarm_network", {"name": "net"}), ("swarm_service", {**SERVICE, "name": "web"})):
        result = on(worker)(module, options, check=True)
        assert result["failed"] and result["failure"]["kind"] == "not_a_manager"


def test_c4_outside_of_check_mode_nothing_is_assumed(engine):
    for module, options, _changed in PLAY[3:]:
        result = on(engine)(module, options)
        assert result["failed"], module
        assert result["failure"]["kind"] == "not_a_manager", (module, result["failure"])


def test_c4_the_environment_stays_hidden(engine):
    result = on(engine)("swarm_service", {"name": "web", "env": {"A": "s3cr3t"}, "hide_env": True}, check=True)
    assert result["changed"] and "s3cr3t" not in str(result)
