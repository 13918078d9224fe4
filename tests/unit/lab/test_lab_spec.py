# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab shall look like, from what the user says."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import LabError
from ansible_collections.hive.swarm.plugins.module_utils._lab import _login as login
from ansible_collections.hive.swarm.plugins.module_utils._lab import _spec as specs
from ansible_collections.hive.swarm.plugins.module_utils._lab._diff import diff
from ansible_collections.hive.swarm.plugins.modules.lab import ARGUMENTS, lab_of, shown

ROOT = "/var/lib/hive-lab"


def resolve(engines=3, **more):
    return specs.resolve("lab", ROOT, "198.18.7.0/24", specs.engine_options(engines), **more)


def addresses(spec):
    return {node.name: node.address for node in spec.nodes}


def test_a_number_makes_engines():
    spec = resolve(2)
    assert [(node.name, node.hostname, node.address) for node in spec.nodes] == [
        ("n1", "lab-n1", "198.18.7.11"),
        ("n2", "lab-n2", "198.18.7.12"),
    ]


def test_lab_json_is_the_inverse_of_itself():
    spec = resolve([{"name": "a", "env": {"X": 1}, "daemon_json": {"debug": True}}], registry=True)
    assert specs.load(json.loads(json.dumps(spec.dump()))) == spec


def test_an_engine_keeps_its_address():
    live = addresses(resolve(3))
    spec = resolve([{"name": "n0"}, {"name": "n3"}, {"name": "n1"}], known=live)
    assert addresses(spec) == {"n0": "198.18.7.14", "n3": live["n3"], "n1": live["n1"]}


def test_a_given_address_wins_over_a_kept_one():
    spec = resolve([{"name": "n1"}, {"name": "n2", "address": "198.18.7.11"}], known={"n1": "198.18.7.11"})
    assert addresses(spec) == {"n1": "198.18.7.12", "n2": "198.18.7.11"}


def test_another_subnet_gives_other_addresses():
    engine_options = specs.engine_options(1)
    spec = specs.resolve("lab", ROOT, "198.18.9.0/24", engine_options, known={"n1": "198.18.7.11"})
    assert addresses(spec) == {"n1": "198.18.9.11"}


@pytest.mark.parametrize("address", ["198.18.7.0", "198.18.7.1", "198.18.7.2", "198.18.7.255", "198.18.8.5", "x"])
def test_an_address_that_is_not_free_is_refused(address):
    with pytest.raises(LabError, match=address):
        resolve([{"name": "n1", "address": address}])


def test_daemon_json_of_lab_and_engine_lie_over_each_other():
    common = {"debug": True, "log-opts": {"max-size": "1m"}, "insecure-registries": ["10.1.1.1:5000"]}
    engine = {"name": "n1", "daemon_json": {"debug": False, "log-opts": {"max-file": "2"}, "hosts": ["unix:///x"]}}
    config = resolve([engine], daemon_json=common).nodes[0].config
    assert config["debug"] is False
    assert config["log-opts"] == {"max-size": "1m", "max-file": "2"}
    assert config["insecure-registries"] == ["198.18.7.0/24", "10.1.1.1:5000"]
    assert len(config["hosts"]) == 3
    assert common["log-opts"] == {"max-size": "1m"}


def test_two_engines_share_no_document():
    spec = resolve(2, daemon_json={"labels": ["a=b"]})
    spec.nodes[0].config["labels"].append("c=d")
    assert spec.nodes[1].config["labels"] == ["a=b"]


@pytest.mark.parametrize("key", specs.RESERVED)
def test_what_holds_the_lab_together_cannot_be_given(key):
    with pytest.raises(LabError, match=key):
        specs.engine_options([{"name": "n1", "daemon_json": {key: "x"}}])


@pytest.mark.parametrize(
    ("engines", "words"),
    [
        (0, "0 is out of bounds"),
        ([{"hostname": "x"}], "no name"),
        ([{"name": "a"}, {"name": "a"}], "given twice"),
        ([{"name": "a", "address": "198.18.7.20"}, {"name": "b", "address": "198.18.7.20"}], "given twice"),
        ([{"name": "a", "colour": "red"}], "colour"),
        ([{"name": "a", "binaries": "Forky!"}], "Forky!"),
    ],
)
def test_bad_engines_are_named(engines, words):
    with pytest.raises(LabError, match=words):
        specs.engine_options(engines)


def test_every_difference_restarts_the_daemon():
    node = resolve(1).nodes[0]
    for other in (
        resolve([{"name": "n1", "hostname": "x"}]),
        resolve([{"name": "n1", "env": {"A": "b"}}]),
        resolve([{"name": "n1", "binaries": "forky"}]),
        resolve([{"name": "n1", "daemon_json": {"debug": True}}]),
    ):
        assert other.nodes[0].fingerprint() != node.fingerprint()
    assert resolve(5).nodes[0].fingerprint() == node.fingerprint()


def test_a_socket_that_is_too_long_is_refused():
    assert specs.socket("/x", "n" * 30)
    with pytest.raises(LabError, match="shorter root"):
        specs.socket("/" + "x" * 100, "n1")


def test_an_unknown_engine_is_named_with_the_known_ones():
    with pytest.raises(LabError, match=r"n9.*n1, n2"):
        resolve(2).node("n9")


def test_a_foreign_lab_json_is_refused():
    with pytest.raises(LabError, match="take the lab down"):
        specs.load({"nodes": [{"name": "x"}]})


LOGIN = {"username": "robin", "password": "s3cret"}


def test_s10_a_registry_can_want_a_login_of_which_nothing_is_in_the_spec():
    """S10: neither the password nor a hash of it is in the diff, the result or lab.json."""
    config = resolve(1, registry=LOGIN, login=3).node("registry").config["auth"]["htpasswd"]
    assert config == {"realm": "lab", "path": f"{ROOT}/lab/registry/htpasswd", "number": 3}
    assert "auth" not in resolve(1, registry=True).node("registry").config


def test_s10_the_salt_of_a_login_is_random():
    """S10: one that follows from the password is a fast hash of it."""
    lines = {login.entry(LOGIN) for _number in range(8)}
    assert len({line[: len("robin:$2b$05$") + 22] for line in lines}) == 8
    assert all(line.startswith("robin:$2b$05$") for line in lines)


def test_a_login_is_known_by_its_file(tmp_path):
    path = tmp_path / "htpasswd"
    assert not login.matches(LOGIN, str(path))
    path.write_text(login.entry(LOGIN) + "\n")
    assert login.matches(LOGIN, str(path))
    assert not login.matches({**LOGIN, "password": "other"}, str(path))
    assert not login.matches({**LOGIN, "username": "other"}, str(path))
    for text in ("", "robin", "robin:", "robin:plain", "robin:$2b$05$short", "robin:$2b$99$" + "a" * 53):
        path.write_text(text)
        assert not login.matches(LOGIN, str(path))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "robin"}, "password must have 1 to 72 bytes"),
        ({"username": "robin", "password": "x" * 73}, "password must have 1 to 72 bytes"),
        ({"username": "a:b", "password": "x"}, "'a:b' is empty or has a colon"),
        ({"password": "x"}, "'' is empty or has a colon"),
        ({"username": "robin", "password": "x", "realm": "y"}, "unknown option 'realm'"),
    ],
)
def test_half_a_login_is_refused(wrong, words):
    with pytest.raises(LabError, match=words):
        login.check(wrong)


def test_a_login_without_a_registry_is_refused():
    """S11: the password is an option of its own, which Ansible hides."""
    with pytest.raises(LabError, match="registry_login: needs a registry"):
        lab_of({**dict.fromkeys(ARGUMENTS), "registry": False, "registry_login": {"username": "u", "password": "p"}})


def test_settings_of_daemons_are_not_returned():
    """S11: variables and daemon.json can hold passwords of proxies."""
    engine = {"name": "n1", "env": {"HTTP_PROXY": "http://u:CANARY@p"}, "daemon_json": {"splunk-token": "CANARY"}}
    params = {"engines": [engine], "daemon_json": {"proxies": "CANARY"}, "name": "lab"}
    assert "CANARY" not in str(shown(params))
    assert shown(params)["engines"][0]["name"] == "n1"
    assert shown({"engines": None, "daemon_json": None}) == {"engines": None, "daemon_json": None}


def test_the_diff_shows_that_a_setting_changes_and_not_what_it_is():
    """S11: and env that are numbers as texts, which is how the spec holds them."""
    node = {
        "state": "running",
        "env": {"A": "CANARY1", "B": "1"},
        "config": {"proxies": {"x": "CANARY1"}, "debug": True},
    }
    other = {**node, "env": {"A": "CANARY2", "B": "1"}, "config": {"proxies": {"x": "CANARY2"}, "debug": False}}
    shown_ = diff({"nodes": {"n1": node}}, {"subnet": "s", "nodes": {"n1": other}})
    assert "CANARY" not in str(shown_)
    after = shown_["after"]["nodes"]["n1"]
    assert after["env"] == {"A": "(hidden, another one)", "B": "(hidden)"}
    assert after["config"] == {"proxies": "(hidden, another one)", "debug": False}
    assert diff({}, {"subnet": "s"}) == {"before": {}, "after": {"subnet": "s"}}
