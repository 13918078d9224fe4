# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens, keys and signing material: in no result, diff, message or warning, unless a task asks for them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.membership import STRANGE_KEY, lock

from ..core.samples import PEM_CERTIFICATE

KEY_BODY = "MHcCAQEEIKp9SecretSigningKeyMaterial"
SIGNING_KEY = f"-----BEGIN EC PRIVATE KEY-----\n{KEY_BODY}\n-----END EC PRIVATE KEY-----\n"


@pytest.fixture
def swarm(cluster):
    """A manager with autolock on, a worker, an engine in no swarm."""
    manager, worker = cluster.swarm(managers=1, workers=1)
    live = manager.do("GET", "/swarm")
    spec = {**live["Spec"], "EncryptionConfig": {"AutoLockManagers": True}}
    manager.do("POST", f"/swarm/update?version={live['Version']['Index']}", spec)
    return manager, worker, cluster.engine("outsider")


def secrets_of(manager):
    tokens = manager.do("GET", "/swarm")["JoinTokens"]
    return [tokens["Worker"], tokens["Manager"], manager.do("GET", "/swarm/unlockkey")["UnlockKey"]]


def tasks(manager, outsider):
    worker_token = manager.do("GET", "/swarm")["JoinTokens"]["Worker"]
    join = {"docker_host": outsider.docker_host, "remote_addrs": [manager.address], "join_token": worker_token}
    return [
        ("swarm_init", {}),
        ("swarm_init", {"labels": {"a": "b"}}),
        ("swarm_init", {"rotate_worker_token": True, "rotate_manager_token": True, "rotate_manager_unlock_key": True}),
        ("swarm_init", {"signing_ca_cert": PEM_CERTIFICATE, "signing_ca_key": SIGNING_KEY}),
        ("swarm_init", {"subnet_size": 20}),
        ("swarm_info", {}),
        ("swarm_node_info", {"raw": True}),
        ("swarm_node", {"hostname": "self", "labels": {"a": "b"}}),
        ("swarm_join", join),
        ("swarm_join", {**join, "role": "manager"}),
        ("swarm_join", {**join, "docker_host": manager.docker_host}),
        ("swarm_unlock", {"unlock_keys": secrets_of(manager)[2:]}),
        ("swarm_leave", {}),
    ]


@pytest.mark.parametrize("check", [True, False])
def test_no_task_tells_what_it_was_not_asked_for(swarm, check):
    manager, _worker, outsider = swarm
    for module, options in tasks(manager, outsider):
        before = secrets_of(manager)
        shown = json.dumps(on(manager)(module, options, check=check))
        for secret in {*before, *secrets_of(manager), KEY_BODY}:
            assert secret not in shown, (module, options)


def test_the_signing_key_is_in_no_output_and_in_one_request(swarm):
    manager = swarm[0]
    result = on(manager)("swarm_init", {"signing_ca_cert": PEM_CERTIFICATE, "signing_ca_key": SIGNING_KEY})
    assert not result["failed"], result["msg"]
    assert KEY_BODY not in json.dumps(result)
    assert [KEY_BODY in json.dumps(request.body) for request in manager.requests].count(True) == 1


@pytest.mark.parametrize("message", ["invalid join token %s", "swarm could not be unlocked: invalid key %s"])
def test_an_engine_that_repeats_a_secret_is_not_repeated(swarm, message):
    """Ansible hides the values of no_log options wherever they come up."""
    manager, _worker, outsider = swarm
    token, _manager_token, key = secrets_of(manager)
    outsider.fail(500, message % token, path="/swarm/join")
    options = {"docker_host": outsider.docker_host, "remote_addrs": [manager.address], "join_token": token}
    assert token not in json.dumps(on(outsider)("swarm_join", options))
    manager.restart()
    manager.fail(401, message % key, path="/swarm/unlock")
    assert key not in json.dumps(on(manager)("swarm_unlock", {"unlock_keys": [key]}))


def test_tokens_and_key_on_request_and_under_their_names(swarm):
    manager = swarm[0]
    worker_token, manager_token, key = secrets_of(manager)
    for module in ("swarm_init", "swarm_info"):
        result = on(manager)(module, {"join_tokens": True})
        assert result["join_tokens"] == {"worker": worker_token, "manager": manager_token}
        assert key not in json.dumps(result)
        result = on(manager)(module, {"unlock_key": True})
        assert result["unlock_key"] == key
        assert worker_token not in json.dumps(result)


def test_a_rotation_tells_the_new_secrets_and_check_mode_none(swarm):
    manager = swarm[0]
    before = secrets_of(manager)
    asked = {
        "rotate_worker_token": True,
        "rotate_manager_unlock_key": True,
        "join_tokens": True,
        "unlock_key": True,
    }
    predicted = on(manager)("swarm_init", asked, check=True)
    assert predicted["join_tokens"]["manager"] == before[1]
    assert before[0] not in json.dumps(predicted)
    assert before[2] not in json.dumps(predicted)
    result = on(manager)("swarm_init", asked)
    after = secrets_of(manager)
    assert result["join_tokens"] == {"worker": after[0], "manager": before[1]}
    assert result["unlock_key"] == after[2] != before[2]
    assert "SWM" not in json.dumps(result["diff"])


@pytest.mark.parametrize(
    "options", [{"ca_force_rotate": 3}, {"signing_ca_cert": PEM_CERTIFICATE, "signing_ca_key": SIGNING_KEY}]
)
def test_a_new_ca_means_new_tokens_and_check_mode_knows_it(swarm, options):
    manager = swarm[0]
    before = secrets_of(manager)[:2]
    predicted = on(manager)("swarm_init", {**options, "join_tokens": True}, check=True)
    assert not set(before) & set(predicted["join_tokens"].values())
    result = on(manager)("swarm_init", {**options, "join_tokens": True})
    assert not set(before) & set(result["join_tokens"].values())
    assert list(result["join_tokens"].values()) == secrets_of(manager)[:2]


def test_check_mode_tells_the_key_that_stays(swarm):
    manager = swarm[0]
    result = on(manager)("swarm_init", {"labels": {"a": "b"}, "unlock_key": True}, check=True)
    assert result["unlock_key"] == secrets_of(manager)[2]
    result = on(manager)("swarm_init", {"autolock_managers": False, "unlock_key": True}, check=True)
    assert result["unlock_key"] == ""


def test_a_refused_unlock_numbers_the_keys_instead_of_showing_them(swarm):
    manager = swarm[0]

    class OneHost:
        wait_for = staticmethod(lambda test: None)

    key = lock(OneHost, manager)
    result = on(manager)("swarm_unlock", {"unlock_keys": [STRANGE_KEY, STRANGE_KEY]})
    assert result["failure"]["option"] == "unlock_keys"
    assert STRANGE_KEY not in json.dumps(result)
    assert key not in json.dumps(result)
