# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks, secrets and configs of a stack, and what has to be there already."""

from __future__ import annotations

import pytest

from .stacks import at, stack_of, web

NAMESPACE = {"com.docker.stack.namespace": "shop"}
USES = {"networks": {"networks": ["x"]}, "secrets": {"secrets": ["x"]}, "configs": {"configs": ["x"]}}


def made(kind, item):
    found = getattr(stack_of({**web(**USES[kind]), kind: {"x": item}}), kind)
    assert len(found) == 1
    return next(iter(found.items()))


@pytest.mark.parametrize(
    ("kind", "item", "body"),
    [
        ("networks", None, {"Driver": "overlay"}),
        ("networks", {"driver": "weave", "driver_opts": {"a": 1}}, {"Driver": "weave", "Options": {"a": "1"}}),
        (
            "networks",
            {"internal": True, "attachable": True},
            {"Driver": "overlay", "Internal": True, "Attachable": True},
        ),
        ("networks", {"labels": ["a=b"]}, {"Driver": "overlay", "Labels": {"a": "b", **NAMESPACE}}),
        (
            "networks",
            {"ipam": {"driver": "d", "config": [{"subnet": "192.0.2.0/24"}]}},
            {"Driver": "overlay", "IPAM": {"Driver": "d", "Config": [{"Subnet": "192.0.2.0/24"}]}},
        ),
        ("networks", {"ipam": {}}, {"Driver": "overlay"}),
        ("secrets", {"file": "./a.txt"}, {"Data": "YQ=="}),
        ("secrets", {"file": "/etc/b.txt"}, {"Data": "Yg=="}),
        ("secrets", {"file": "a.txt", "template_driver": "golang"}, {"Data": "YQ==", "Templating": {"Name": "golang"}}),
        ("secrets", {"driver": "d", "driver_opts": {"a": 1}}, {"Driver": {"Name": "d", "Options": {"a": "1"}}}),
        ("secrets", {"file": "a.txt", "labels": {"a": None}}, {"Data": "YQ==", "Labels": {"a": "", **NAMESPACE}}),
        ("configs", {"file": "a.txt", "template_driver": "golang"}, {"Data": "YQ==", "Templating": {"Name": "golang"}}),
        ("configs", {"file": "a.txt", "external": False}, {"Data": "YQ=="}),
    ],
)
def test_what_is_made(kind, item, body):
    assert made(kind, item) == ("shop_x", {"Name": "shop_x", "Labels": NAMESPACE, **body})


@pytest.mark.parametrize("kind", ["networks", "secrets", "configs"])
def test_a_name_replaces_ours(kind):
    name, body = made(kind, {"name": "whole", **({} if kind == "networks" else {"file": "a.txt"})})
    assert name == body["Name"] == "whole"


@pytest.mark.parametrize("kind", ["networks", "secrets", "configs"])
@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"external": True}, "x"),
        ({"external": True, "name": "far"}, "far"),
        ({"external": {}}, "x"),
        ({"external": {"name": "far"}}, "far"),
        ({"external": "${TRUE}"}, "x"),
    ],
    ids=str,
)
def test_what_has_to_be_there(kind, item, name):
    stack = stack_of({**web(**USES[kind]), kind: {"x": item}})
    assert stack.external == {"networks": [], "secrets": [], "configs": [], kind: [name]}
    assert not getattr(stack, kind)
    assert bool(stack.warnings) == (item["external"] == {"name": "far"})


def test_networks_that_nobody_uses_are_not_made():
    assert list(stack_of({**web(), "networks": {"idle": {}, "far": {"external": True}}}).networks) == ["shop_default"]


def test_secrets_and_configs_that_nobody_uses_are_made_but_needed_by_nobody():
    stack = stack_of({**web(), "secrets": {"idle": {"file": "a.txt"}, "far": {"external": True}}})
    assert (list(stack.secrets), stack.external["secrets"]) == (["shop_idle"], [])


@pytest.mark.parametrize("name", ["host", "bridge"])
def test_networks_of_every_engine_need_no_look(name):
    stack = stack_of({**web(networks=["x"]), "networks": {"x": {"external": True, "name": name}}})
    assert (stack.networks, stack.external["networks"]) == ({}, [])


@pytest.mark.parametrize("name", ["none", "default", "container:x"])
def test_c1_networks_without_services_are_looked_for(name):
    """C1: the command line does not look for them, and the engine then refuses the service."""
    stack = stack_of({**web(networks=["x"]), "networks": {"x": {"external": True, "name": name}}})
    assert stack.external["networks"] == [name]


def test_volumes_are_made_by_no_one():
    stack = stack_of({**web(volumes=["data:/d"]), "volumes": {"data": {"x-cluster-spec": {"group": "g"}}}})
    assert at(stack.services["shop_web"], "TaskTemplate.ContainerSpec.Mounts")[0]["Source"] == "shop_data"
