# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The next daemon.json."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._engine import config
from ansible_collections.hive.swarm.plugins.plugin_utils._engine.config import RELOADABLE


def plan(live, *given, **more):
    return config.plan(json.dumps(live), *given, **more)


def test_nothing_given_changes_nothing():
    live = {"debug": True, "runtimes": {"other": {"path": "/bin/other"}}}
    assert plan(live, {}, {}) == {"wanted": live, "differing": [], "needs": "nothing", "stop": []}


def test_a_given_key_is_exact_and_others_stay():
    live = {"log-opts": {"max-size": "1m", "max-file": "3"}, "debug": True}
    found = plan(live, {"log-opts": {"max-size": "2m"}}, {})
    assert found["wanted"] == {"log-opts": {"max-size": "2m"}, "debug": True}
    assert found["differing"] == ["log-opts"]


def test_null_takes_a_key_away():
    assert plan({"debug": True, "ipv6": True}, {"ipv6": None}, {})["wanted"] == {"debug": True}


def test_null_for_a_key_that_is_not_there_changes_nothing():
    assert plan({}, {"ipv6": None}, {})["needs"] == "nothing"


def test_purge_takes_away_what_nobody_names():
    found = plan({"debug": True, "ipv6": True}, {"debug": True}, {"labels": ["a=b"]}, purge=True)
    assert found["wanted"] == {"debug": True, "labels": ["a=b"]}


@pytest.mark.parametrize("key", sorted(RELOADABLE))
def test_what_the_engine_reloads_needs_no_restart(key):
    assert plan({key: "a"}, {key: "b"}, {})["needs"] == "reload"
    assert plan({}, {key: "b"}, {})["needs"] == "reload"


def test_a_reloadable_key_that_goes_needs_a_restart():
    """The engine keeps the old value of a key that the file does not name."""
    assert plan({"labels": ["a=b"]}, {"labels": None}, {})["needs"] == "restart"


def test_one_key_that_cannot_be_reloaded_is_enough_for_a_restart():
    assert plan({}, {"debug": True, "data-root": "/data"}, {})["needs"] == "restart"


@pytest.mark.parametrize("live", [{}, {"live-restore": True}])
def test_live_restore_is_refused_whoever_set_it(live):
    daemon = {} if live else {"live-restore": True}
    assert "live-restore is on" in plan(live, daemon, {})["stop"][0]
    assert plan(live, {"live-restore": None}, {})["stop"] == []
    assert plan(live, {"live-restore": False}, {})["stop"] == []


def test_nftables_as_backend_is_refused():
    assert "swarms need iptables" in plan({}, {"firewall-backend": "nftables"}, {})["stop"][0]


def test_a_key_is_said_once():
    assert "labels: given in engine_daemon" in plan({}, {"labels": ["a=b"]}, {"labels": ["a=c"]})["stop"][0]
    assert plan({}, {"labels": ["a=b"]}, {"labels": ["a=b"]})["stop"] == []


@pytest.mark.parametrize("text", ["", " \n", "{}"])
def test_an_empty_file_has_no_keys(text):
    assert config.plan(text, {}, {}) == {"wanted": {}, "differing": [], "needs": "nothing", "stop": []}


@pytest.mark.parametrize(("text", "why"), [('{"debug": true,}', "line 1"), ("[1]", "no object"), ("debug", "no JSON")])
def test_a_file_that_cannot_be_read_is_not_replaced(text, why):
    found = config.plan(text, {"debug": True}, {}, purge=True)["stop"]
    assert len(found) == 1 and found[0].startswith("/etc/docker/daemon.json") and why in found[0]


@pytest.mark.parametrize(
    ("daemon", "why"),
    [
        ({"hosts": ["fd://", "tcp://0.0.0.0:2375"]}, "root there"),
        ({"hosts": ["fd://", "tcp://192.0.2.1:2375"], "tls": True}, "root there"),
        ({"hosts": ["tcp://127.0.0.1:2375"]}, "no local socket"),
    ],
)
def test_what_opens_or_closes_the_engine_is_refused(daemon, why):
    found = plan({}, daemon, {})["stop"]
    assert len(found) == 1 and why in found[0]


@pytest.mark.parametrize(
    "daemon",
    [
        {"hosts": ["fd://", "tcp://192.0.2.1:2376"], "tlsverify": True},
        {"hosts": ["unix:///run/docker.sock", "tcp://127.0.0.1:2375", "tcp://localhost:2375", "tcp://[::1]:2375"]},
        {"hosts": None},
    ],
)
def test_what_does_not_is_taken(daemon):
    assert plan({}, daemon, {})["stop"] == []


def test_what_others_have_opened_is_theirs():
    assert plan({"hosts": ["tcp://0.0.0.0:2375"], "metrics-addr": "0.0.0.0:9323"}, {}, {})["stop"] == []


@pytest.mark.parametrize("address", ["0.0.0.0:9323", ":9323", "[::]:9323"])
def test_metrics_are_not_told_to_everybody(address):
    assert "name one" in plan({}, {}, {"metrics-addr": address})["stop"][0]
    assert plan({}, {}, {"metrics-addr": "192.0.2.1:9323"})["stop"] == []
