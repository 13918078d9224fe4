# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is taken for unchanged at a glance is unchanged when one looks closely, and an unchanged stack needs no more."""

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._service.schema import SERVICE, brief_view
from ansible_collections.hive.swarm.plugins.module_utils._stack import live as stack_live
from ansible_collections.hive.swarm.plugins.module_utils._stack import services as stack_services
from ansible_collections.hive.swarm.tests.support import stack_tasks
from ansible_collections.hive.swarm.tests.support import stacks as files
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on

# What stands for another value of a leaf.
_OTHERS = (None, "", "other", 0, 7, 0.5, False, True, [], ["other"], {}, {"other": "one"})


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    """The services of all compose files."""
    folder = tmp_path_factory.mktemp("stacks")
    files.prepare(folder)
    wholes = [json.loads(stack_tasks.of_file(stack, folder)["_stack"]) for stack in files.STACKS]
    return [spec for whole in wholes for spec in whole["services"].values()]


def _closely(live, wanted):
    found = stack_services.exact_changes(SERVICE, live, wanted, {"hide_env": False})
    return [one for one in found if one.option not in ("replicas", "max_concurrent") or one.after is not None]


def _leaves(document, path=()):
    for key, value in document.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _with(document, path, value):
    made = copy.deepcopy(document)
    place = made
    for key in path[:-1]:
        place = place.setdefault(key, {})
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value
    return made


def _written_out(spec):
    """The spec as an engine gives it back: with what it means where nothing is said."""
    ports = [{"Protocol": "tcp", "PublishMode": "ingress", **port} for port in spec["EndpointSpec"].get("Ports") or ()]
    if ports:
        spec = _with(spec, ("EndpointSpec", "Ports"), ports)
    for path, value in _leaves(stack_live._WRITTEN_OUT):
        if isinstance(value, list):  # of the elements of a list
            continue
        place = spec
        for key in path[:-1]:
            place = place.get(key) or {}
        if place and place.get(path[-1]) in (None, ""):
            spec = _with(spec, path, 3 if value is stack_live._ANY else value)
    return spec


def test_what_engines_write_out_is_the_same_at_a_glance_and_closely(specs):
    for spec in specs:
        live = _written_out(spec)
        assert stack_live.same_service(live, spec)
        assert not _closely(live, spec)


def test_at_a_glance_nothing_is_the_same_that_differs(specs):
    """Each value of a service is taken away and made another one, on both sides."""
    seen = set()
    for spec in specs:
        live = _written_out(spec)
        for path, value in _leaves(live):
            if (path, str(value)) in seen:
                continue
            seen.add((path, str(value)))
            for other in (item for item in _OTHERS if item is None or type(item) is type(value)):
                for one, two in ((_with(live, path, other), spec), (live, _with(spec, path, other))):
                    assert not stack_live.same_service(one, two) or not _closely(one, two), (path, other)
    assert len(seen) > 400


def test_what_is_shown_is_what_the_schema_shows(specs):
    for spec in [*specs, {}, {"Mode": {}}, {"TaskTemplate": {"ContainerSpec": {"Image": ""}}}]:
        told = SERVICE.view(spec)
        assert brief_view(spec) == {key: told[key] for key in ("image", "mode", "replicas")}


_NETWORK = {"Name": "n", "Driver": "overlay", "Labels": {"a": "1"}, "Options": {"encrypted": ""}, "Attachable": True}


@pytest.mark.parametrize(
    "change",
    [
        {"Driver": "other"},
        {"Labels": {}},
        {"Labels": {"a": "2"}},
        {"Options": None},
        {"Options": {"encrypted": "", "more": "1"}},
        {"Attachable": False},
        {"Internal": True},
    ],
)
def test_networks(change):
    live = {**_NETWORK, "Internal": False, "IPAM": {"Driver": "default"}}
    live["Options"] = {"encrypted": "", "com.docker.network.driver.overlay.vxlanid_list": "4097"}
    assert stack_live.same_network(live, _NETWORK)
    assert not stack_live.same_network({**live, **change}, _NETWORK)
    assert not stack_live.same_network(live, {**_NETWORK, "IPAM": {"Config": [{"Subnet": "10.9.0.0/24"}]}})


@pytest.mark.parametrize(
    "change", [{"Labels": {"a": "2"}}, {"Templating": {"Name": "golang"}}, {"Driver": {"Name": "vault"}}]
)
def test_secret_config(change):
    wanted = {"Name": "shop_key", "Labels": {"a": "1"}, "Data": "eA=="}
    live = {"Name": "shop_key_v2", "Labels": {"a": "1", "hive.swarm.version-of": "shop_key"}}
    assert stack_live.same_secret_config(live, wanted)
    assert not stack_live.same_secret_config({**live, **change}, wanted)


@pytest.mark.parametrize("version", [API_1_51], indirect=True)
def test_an_unchanged_stack_is_not_looked_at_closely(cluster, monkeypatch):
    (manager,) = cluster.swarm(managers=1)
    run = on(manager, resolve_image="never")
    document = {
        "services": {
            "web": {"image": "lab/busybox:1", "networks": ["front"], "configs": ["conf"], "secrets": ["key"]},
            "once": {"image": "lab/busybox:1", "deploy": {"mode": "replicated-job"}},
        },
        "networks": {"front": {"driver_opts": {"encrypted": ""}}},
        "configs": {"conf": {"file": "./conf"}},
        "secrets": {"key": {"file": "./key"}},
    }
    task = stack_tasks.of_document("shop", document, {"conf": "one", "key": "two"})
    assert run("swarm_stack", {**task, "wait": False})["changed"]

    def never(*args):
        raise AssertionError("looked closely")

    monkeypatch.setattr(stack_services, "exact_changes", never)
    monkeypatch.setattr(type(SERVICE), "changes", never)
    monkeypatch.setattr(type(SERVICE), "view", never)
    assert not run("swarm_stack", {**task, "wait": False})["changed"]
