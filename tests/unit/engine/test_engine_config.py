# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The next daemon.json."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._installation import config
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.config import RELOADABLE


def plan(live, *given, **more):
    return config.plan(json.dumps(live), *given, **more)


def test_nothing_given_changes_nothing():
    live = {"debug": True, "runtimes": {"other": {"path": "/bin/other"}}}
    assert plan(live, {}, {}) == {"wanted": live, "differing": [], "needs": "nothing", "secret": False, "stop": []}


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
    assert config.plan(text, {}, {}) == {
        "wanted": {},
        "differing": [],
        "needs": "nothing",
        "secret": False,
        "stop": [],
    }


@pytest.mark.parametrize(
    ("text", "why"), [('{"debug": true,}', "line 1"), ("[1]", "a JSON object"), ("debug", "invalid JSON")]
)
def test_a_file_that_cannot_be_read_is_not_replaced(text, why):
    found = config.plan(text, {"debug": True}, {}, purge=True)["stop"]
    assert len(found) == 1 and found[0].startswith("/etc/docker/daemon.json") and why in found[0]


@pytest.mark.parametrize(
    ("daemon", "why"),
    [
        ({"hosts": ["fd://", "tcp://192.0.2.1:2375"], "tls": True}, "without client certificates"),
        ({"hosts": ["tcp://127.0.0.1:2375"]}, "no local socket"),
    ],
)
def test_what_opens_or_closes_the_engine_is_refused(daemon, why):
    found = plan({}, daemon, {})["stop"]
    assert len(found) == 1 and why in found[0]


#: S9: what dockerd listens on for others. Without a scheme an entry is TCP to it.
OPEN = (
    "0.0.0.0:2375",
    ":2375",
    "2375",
    "0:2375",
    "0x0:2375",
    "0x7f.1:2375",
    "127.1:2375",
    "2130706433:2375",
    "[::]:2375",
    "::",
    "*:2375",
    "192.0.2.1",
    " 0.0.0.0:2375 ",
    "tcp://",
    "tcp://:2375",
    "tcp://0.0.0.0:2375",
    "tcp://0:2375",
    "tcp://[::]:2375",
    "tcp://[::0]:2375",
    "tcp://[::ffff:0.0.0.0]:2375",
    "tcp://[::ffff:192.0.2.1]:2375",
    "tcp://[::1%eth0]:2375",
    "tcp://[fe80::1%lo]:2375",
    "tcp://localhost.example.org:2375",
    "tcp://127.0.0.1.example.org:2375",
    "tcp://127.example.org:2375",
    "tcp://127.0.0.1@192.0.2.1:2375",
    "tcp://192.0.2.1:2375#127.0.0.1",
    "tcp://192.0.2.1:2375/127.0.0.1",
    "tcp://192.0.2.1\\@127.0.0.1:2375",
    "tcp://\uff11\uff12\uff17.0.0.1:2375",
    "tcp://127.0.0.1:port",
    "TCP://192.0.2.1:2375",
    "http://192.0.2.1:2375",
    "https://192.0.2.1:2375",
    "vsock://2:2375",
    "npipe:////./pipe/docker",
    "unix:/run/docker.sock",
    "fd:",
    "",
    0,
    None,
)
LOOPBACK = (
    "fd://",
    "unix:///run/docker.sock",
    " unix:///run/docker.sock ",
    "tcp://127.0.0.1:2375",
    "127.0.0.1:2375",
    "tcp://127.8.9.10:2375",
    "tcp://localhost:2375",
    "LOCALHOST:2375",
    "tcp://[::1]:2375",
    "tcp://[0:0:0:0:0:0:0:1]:2375",
    "tcp://[::ffff:127.0.0.1]:2375",
)


@pytest.mark.parametrize("host", OPEN)
@pytest.mark.parametrize("verify", [None, False, "false", "true", "no", 1])
def test_s9_hosts_without_client_certificates_are_refused(host, verify):
    """S9: the parsed address decides, and tlsverify is the boolean true or nothing."""
    daemon = {"hosts": ["fd://", host], "tlsverify": verify}
    assert [line for line in plan({}, daemon, {})["stop"] if "without client certificates" in line]


@pytest.mark.parametrize("host", OPEN)
def test_s9_hosts_with_client_certificates_are_taken(host):
    assert plan({}, {"hosts": ["fd://", host], "tlsverify": True}, {})["stop"] == []


@pytest.mark.parametrize("host", LOOPBACK)
def test_s9_hosts_that_only_the_host_reaches_are_taken(host):
    assert plan({}, {"hosts": ["fd://", host]}, {})["stop"] == []


def test_s9_hosts_as_text_is_one_host():
    assert "without client certificates" in plan({}, {"hosts": "0.0.0.0:2375"}, {})["stop"][0]


@pytest.mark.parametrize("daemon", [{"tlsverify": None}, {"tlsverify": False}, {"tlsverify": "true"}])
def test_s9_certificates_are_not_taken_from_an_open_engine(daemon):
    """S9: hosts were opened by an earlier run, and this one would make them free for all."""
    live = {"hosts": ["fd://", "tcp://192.0.2.1:2376"], "tlsverify": True}
    assert "without client certificates" in plan(live, daemon, {})["stop"][0]
    assert plan(live, {**daemon, "hosts": None}, {})["stop"] == []


def test_s9_hosts_of_the_api_option_have_certificates():
    options = {"hosts": ["fd://", "0.0.0.0:2376"], "tlsverify": True}
    assert plan({}, {}, options)["stop"] == []


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


EVERY_ADDRESS = (
    "0.0.0.0:9323",
    ":9323",
    "[::]:9323",
    "[::0]:9323",
    "[0:0::0]:9323",
    "[::%eth0]:9323",
    "[::ffff:0.0.0.0]:9323",
    "[::ffff:0:0]:9323",
    "0:9323",
    "00.0.0.0:9323",
    "0x0:9323",
    "0.0:9323",
    "*:9323",
    " 0.0.0.0:9323",
    "tcp://0.0.0.0:9323",
    "9323",
    9323,
)


@pytest.mark.parametrize("address", EVERY_ADDRESS)
def test_s9_metrics_on_every_address_are_refused(address):
    """S9: in the option and in engine_daemon alike."""
    assert "Name one address" in plan({}, {}, {"metrics-addr": address})["stop"][0]
    assert "Name one address" in plan({}, {"metrics-addr": address}, {})["stop"][0]


@pytest.mark.parametrize(
    "address", ["192.0.2.1:9323", "127.0.0.1:9323", "[2001:db8::1]:9323", "localhost:9323", "m1.example.org:9323"]
)
def test_s9_metrics_on_one_address_are_taken(address):
    assert plan({}, {}, {"metrics-addr": address})["stop"] == []
    for closed in (None, ""):
        assert plan({"metrics-addr": "0.0.0.0:9323"}, {"metrics-addr": closed}, {})["stop"] == []


SECRETS = (
    {"log-opts": {"splunk-token": "x"}},
    {"log-opts": {"logentries-token": "x"}},
    {"log-opts": {"awslogs-credentials-endpoint": "/x"}},
    {"proxies": {"http-proxy": "http://u:p@proxy:3128"}},
    {"proxies": {"https-proxy": "u:p@proxy:3128"}},
    {"proxies": {"default": {"httpProxy": "http://u:p@proxy"}}},
    {"registry-mirrors": ["https://mirror", "https://u:p@mirror"]},
    {"cluster-store-opts": {"kv.Password": "x"}},
    {"some": [{"api_key": "x"}]},
)
PLAIN = (
    {},
    {"log-opts": {"max-size": "10m", "splunk-url": "https://splunk:8088", "splunk-token": ""}},
    {"proxies": {"http-proxy": "http://proxy:3128", "no-proxy": "localhost,127.0.0.1/8"}},
    {"registry-mirrors": ["https://mirror:5000"], "hosts": ["tcp://127.0.0.1:2375"], "tlskey": "/etc/docker/key.pem"},
    {"debug": True, "labels": ["a=b@c"], "features": {"containerd-snapshotter": True}},
)


@pytest.mark.parametrize("secret", SECRETS)
def test_s17_secrets_of_the_file_are_known(secret):
    """S17: those that are there, those that come, and those that go."""
    assert plan(secret, {}, {})["secret"] is plan({}, secret, {})["secret"] is plan({}, {}, secret)["secret"] is True
    assert plan(secret, dict.fromkeys(secret), {})["secret"] is True


@pytest.mark.parametrize("plain", PLAIN)
def test_what_is_no_secret_is_shown(plain):
    assert plan(plain, {}, {})["secret"] is False
