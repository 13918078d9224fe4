# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options, one by one, on an engine that answers as a real one."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.hive.swarm.plugins.inventory.swarm import InventoryModule

from . import replay
from .nodes import answers, manager, node

NODES = (
    manager(),
    node("w1", "web1", labels={"rack": "a", "disk": "ssd"}, address="192.0.2.11"),
    node("w2", "web2", labels={"rack": "b"}, address="192.0.2.12", availability="drain"),
    node("w3", "db1", labels={"disk": "ssd"}, address="192.0.2.13", state="down"),
)
SERVICES = [{"ID": "s1", "Spec": {"Name": "web/app", "Labels": {"com.docker.stack.namespace": "shop"}}}]
TASKS = [{"ServiceID": "s1", "NodeID": "w1", "Status": {"State": "running"}}]


@pytest.fixture
def engine():
    with replay.engine(answers(*NODES, services=SERVICES, tasks=TASKS)) as (url, engine):
        engine.url = url
        yield engine


@pytest.mark.parametrize(
    ("name", "taken"),
    [("my.swarm.yml", True), ("my.swarm.yaml", True), ("swarm.yml", False), ("my.swarm.json", False), ("x.yml", False)],
)
def test_files(tmp_path, name, taken):
    (tmp_path / name).write_text("plugin: hive.swarm.swarm\n")
    assert InventoryModule().verify_file(str(tmp_path / name)) is taken
    assert not InventoryModule().verify_file(str(tmp_path / "missing.swarm.yml"))


@pytest.mark.parametrize(
    ("mode", "hosts", "workers"),
    [
        ("include", ["boss", "db1", "web1", "web2"], ["db1", "web1", "web2"]),
        ("group", ["boss", "db1", "web1", "web2"], ["web1", "web2"]),
        ("exclude", ["boss", "web1", "web2"], ["web1", "web2"]),
    ],
)
def test_offline(engine, read, mode, hosts, workers):
    found = read(engine.url, offline=mode)
    assert found.hosts == hosts
    assert found.groups["workers"] == workers
    assert found.groups.get("swarm_offline", []) == ([] if mode == "exclude" else ["db1"])


def test_groups_of_roles_are_there_though_empty(read):
    with replay.engine(answers(manager())) as (url, _engine):
        found = read(url, managers_group="bosses", workers_group="hands")
    assert found.groups["bosses"] == ["boss"]
    assert found.groups["hands"] == []
    assert "workers" not in found.groups


def test_group_by_and_prefix(engine, read):
    found = read(engine.url, group_by=["role", "label"], group_prefix="x-")
    assert set(found.groups) == {
        "all", "ungrouped", "x_", "managers", "workers", "x_label_rack_a", "x_label_rack_b", "x_label_disk_ssd", "x_offline",
    }  # fmt: skip
    assert len(engine.asked) == 2


def test_groups_of_services_cost_two_requests_more(engine, read):
    found = read(engine.url, group_by=["role", "service", "stack"])
    assert found.groups["swarm_service_web_app"] == ["web1"]
    assert found.groups["swarm_stack_shop"] == ["web1"]
    assert [urlsplit(path).path for path in engine.asked] == [
        "/info",
        "/v1.41/nodes",
        "/v1.41/services",
        "/v1.41/tasks",
    ]


def test_filters_are_the_engines(engine, read):
    read(engine.url, filters={"role": "worker", "node.label": ["rack=a", "disk"]})
    query = parse_qs(urlsplit(engine.asked[1]).query)
    assert json.loads(query["filters"][0]) == {"role": ["worker"], "node.label": ["rack=a", "disk"]}


@pytest.mark.parametrize(
    ("query", "hosts"),
    [
        ("[?labels.disk == 'ssd']", ["db1", "web1"]),
        ("[?role == 'worker'].id", ["db1", "web1", "web2"]),
        ("[?manager].hostname", ["boss"]),
        ("[]", ["boss", "db1", "web1", "web2"]),
        ("[?id == 'nobody']", []),
    ],
)
def test_query(engine, read, query, hosts):
    assert read(engine.url, query=query).hosts == hosts


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("[?role =='worker", 'query: "[?role ==\'worker" is not a valid JMESPath expression at position 10'),
        ("length(@)", "query: its outcome must be a list of nodes, and is a number."),
        ("[].keys(id)", "cannot be applied at position 4"),
    ],
)
def test_a_query_that_cannot_be(engine, read, query, words):
    with pytest.raises(Exception, match="query") as failure:
        read(engine.url, query=query)
    assert words in str(failure.value)


def test_a_query_without_the_package(engine, read, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jmespath", None)
    with pytest.raises(Exception, match="jmespath"):
        read(engine.url, query="[]")
    assert engine.asked == []


@pytest.mark.parametrize(
    ("options", "hosts"),
    [
        ({"include": ["swarm_node_labels.rack == 'a'", "swarm_node_leader"]}, ["web1"]),
        ({"include": ["swarm_node_labels.rack == 'a'", "swarm_node_manager"]}, ["boss", "web1"]),
        ({"exclude": ["swarm_node_labels.disk == 'ssd'"]}, ["boss", "web2"]),
        (
            {"include": ["swarm_node_role == 'worker'"], "exclude": ["swarm_node_availability == 'drain'"]},
            ["db1", "web1"],
        ),
        ({"include": ["ansible_host == '192.0.2.12'"]}, ["web2"]),
    ],
)
def test_include_and_exclude(engine, read, options, hosts):
    assert read(engine.url, **options).hosts == hosts


@pytest.mark.parametrize(
    "options",
    [
        {"include": ["swarm_node_labels.rack == 'a'"]},
        {"exclude": ["nonsense("]},
        {"hostnames": ["{{ swarm_node_labels.rack }}"]},
        {"keyed_groups": [{"key": "swarm_node_labels.rack", "prefix": "rack"}]},
        {"compose": {"rack": "swarm_node_labels.rack"}},
        {"groups": {"racked": "swarm_node_labels.rack == 'a'"}},
    ],
)
def test_strict(engine, read, options):
    """A label that is not there is an error only where options say so."""
    assert read(engine.url, **options).hosts
    with pytest.raises(Exception, match=r"rack|nonsense"):
        read(engine.url, strict=True, **options)


def test_constructed(engine, read):
    found = read(
        engine.url,
        compose={"ansible_user": "'admin'", "gigabytes": "swarm_node_memory_bytes // 2 ** 30"},
        groups={"big": "gigabytes >= 4"},
        keyed_groups=[
            {"key": "swarm_node_labels.rack", "prefix": "rack"},
            {"key": "swarm_node_availability", "separator": "_"},
        ],
        leading_separator=False,
    )
    assert found.vars["web1"]["ansible_user"] == "admin"
    assert found.vars["web1"]["gigabytes"] == 4
    assert found.groups["big"] == found.hosts
    assert found.groups["rack_a"] == ["web1"]
    assert found.groups["drain"] == ["web2"]


def test_names_from_labels_and_templates(engine, read):
    found = read(engine.url, hostnames=["label:rack", "{{ swarm_node_role }}-{{ swarm_node_hostname }}"])
    assert found.hosts == ["a", "b", "manager-boss", "worker-db1"]


def test_addresses_from_elsewhere(read):
    nodes = (manager(labels={"public": "203.0.113.1"}), node("w1", "web1"))
    with replay.engine(answers(*nodes)) as (url, _engine):
        found = read(url, address_from=["label:public", "hostname"])
    assert found.addresses() == {"boss": "203.0.113.1", "web1": "web1"}


def test_extra_variables_are_seen_where_they_shall(engine, read, monkeypatch):
    monkeypatch.setattr("ansible.plugins.inventory.load_extra_vars", lambda loader: {"rack": "a"})
    options = {"hostnames": ["{{ rack }}-{{ swarm_node_id }}", "id"], "include": ["swarm_node_labels.rack == rack"]}
    assert read(engine.url, use_extra_vars=True, **options).hosts == ["a-w1"]
    assert read(engine.url, **options).hosts == []


def test_names_do_not_depend_on_what_is_chosen(read):
    """A former life does not take the name when its successor is left out."""
    old, new = (
        node("old", "web", state="down"),
        node("new", "web", created="2026-02-02T00:00:00Z", availability="drain"),
    )
    with replay.engine(answers(manager(), old, new)) as (url, _engine):
        found = read(url, query="[?state == 'down']")
    assert found.hosts == ["web_old"]
    assert len(found.warnings) == 1


def test_prefix_of_variables(engine, read):
    found = read(engine.url, hostvars_prefix="docker_", raw=False)
    assert found.vars["web1"]["docker_id"] == "w1"
    assert not [name for name in found.vars["web1"] if name.startswith("swarm_")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"filters": {"zone": "a"}}, "filters: 'zone' is not a filter of nodes"),
        ({"filters": {"role": "boss"}}, "filters: role must be manager or worker"),
        ({"hostnames": ["nodename"]}, "hostnames: 'nodename' is none of"),
        ({"hostnames": [{"label": "rack"}]}, "hostnames: item 1 must be a string, not a mapping. Write label:rack"),
        ({"hostnames": ["id", 5]}, "hostnames: item 2 must be a string"),
        ({"hostnames": ["label:"]}, "hostnames: 'label:' is none of"),
        ({"address_from": ["anywhere"]}, "address_from: 'anywhere' is none of"),
        ({"address_from": [{"label": "ip"}]}, "address_from: item 1 must be a string"),
        ({"include": [{"a": "b"}]}, "include: item 1 must be a string"),
        ({"exclude": [True]}, "exclude: item 1 must be a string"),
        ({"timeout": 0}, "timeout: 0 is out of bounds"),
        ({"client_cert": "x"}, "client_cert: give both client_cert and client_key, or none of them"),
        ({"api_version": "new"}, "api_version: 'new' is not a version"),
        ({"offline": "maybe"}, "offline"),
        ({"group_by": ["colour"]}, "group_by"),
    ],
)
def test_bad_input_asks_nobody(engine, read, options, words):
    with pytest.raises(Exception, match=r".") as failure:
        read(engine.url, **options)
    assert words in str(failure.value)
    assert engine.asked == []


def test_t2_a_misspelt_option_is_named(engine, read):
    assert read(engine.url).warnings == []
    found = read(engine.url, hostname=["label:rack"])
    assert found.hosts == ["boss", "db1", "web1", "web2"]
    assert found.warnings == ["hostname: unknown option, ignored. Did you mean 'hostnames'?"]


def test_an_old_engine(engine, read):
    with pytest.raises(Exception, match=r"filters: node\.label needs Docker API 1\.40"):
        read(engine.url, filters={"node.label": "x"}, api_version="1.30")
