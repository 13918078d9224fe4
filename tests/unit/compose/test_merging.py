# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several files: what the later one says counts, by the kind of the key."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError

from .stacks import at, places_of, spec_of, stack_of, web

C = "TaskTemplate.ContainerSpec"
PORT = {"Protocol": "tcp", "PublishMode": "ingress"}


def mounted(*pairs):
    return [{"Type": "bind", "Source": source, "Target": target} for source, target in pairs]


@pytest.mark.parametrize(
    ("base", "later", "path", "becomes"),
    [
        ({"hostname": "a"}, {"hostname": "b"}, f"{C}.Hostname", "b"),
        ({"hostname": "a"}, {"hostname": ""}, f"{C}.Hostname", "a"),
        ({"tty": True}, {"tty": False}, f"{C}.TTY", True),
        ({"init": False}, {"init": True}, f"{C}.Init", True),
        ({"command": ["a", "b"]}, {"command": "c"}, f"{C}.Args", ["c"]),
        ({"command": ["a", "b"]}, {"command": []}, f"{C}.Args", ["a", "b"]),
        ({"dns": ["::1"]}, {"dns": "::2"}, f"{C}.DNSConfig.Nameservers", ["::1", "::2"]),
        ({"tty": True}, {"dns": [], "dns_search": []}, f"{C}.DNSConfig", None),  # I3
        ({"dns": []}, {"tty": True}, f"{C}.DNSConfig", {}),
        (
            {"environment": {"A": "1", "B": "2"}},
            {"environment": ["B=3", "A=", "C=4"]},
            f"{C}.Env",
            ["A=1", "B=3", "C=4"],
        ),
        (
            {"labels": {"a": "1"}},
            {"labels": {"a": "", "b": "2"}},
            f"{C}.Labels",
            {"a": "", "b": "2", "com.docker.stack.namespace": "shop"},
        ),
        ({"deploy": {"replicas": 3}}, {"deploy": {"replicas": 0}}, "Mode.Replicated.Replicas", 0),
        ({"deploy": {"replicas": 3}}, {"deploy": {"mode": "replicated"}}, "Mode.Replicated.Replicas", 3),
        (
            {"healthcheck": {"test": ["CMD", "a"], "retries": 3}},
            {"healthcheck": {"retries": 1}},
            f"{C}.Healthcheck",
            {"Test": ["CMD", "a"], "Retries": 1},
        ),
        (
            {"ulimits": {"core": 1, "cpu": 2}},
            {"ulimits": {"cpu": {"soft": 3, "hard": 4}}},
            f"{C}.Ulimits",
            [{"Name": "core", "Soft": 1, "Hard": 1}, {"Name": "cpu", "Soft": 3, "Hard": 4}],
        ),
        ({"volumes": []}, {"volumes": ["/z:/z", "/a:/a"]}, f"{C}.Mounts", mounted(("/a", "/a"), ("/z", "/z"))),
        ({"volumes": ["/z:/z", "/a:/a"]}, {"volumes": ["/b:/a"]}, f"{C}.Mounts", mounted(("/b", "/a"), ("/z", "/z"))),
        ({"volumes": ["/z:/z", "/a:/a"]}, {"tty": True}, f"{C}.Mounts", mounted(("/a", "/a"), ("/z", "/z"))),
        (
            {"ports": ["80:80", "81:81"]},
            {"ports": ["80:8080"]},
            "EndpointSpec.Ports",
            [{**PORT, "PublishedPort": 80, "TargetPort": 8080}, {**PORT, "PublishedPort": 81, "TargetPort": 81}],
        ),
        # The command line forgets one of each pair.
        (
            {"ports": ["53:53", "53:53/udp"]},
            {"tty": True},
            "EndpointSpec.Ports",
            [
                {**PORT, "PublishedPort": 53, "TargetPort": 53},
                {**PORT, "PublishedPort": 53, "TargetPort": 53, "Protocol": "udp"},
            ],
        ),
        (
            {"ports": ["80"]},
            {"ports": ["81"]},
            "EndpointSpec.Ports",
            [{**PORT, "TargetPort": 80}, {**PORT, "TargetPort": 81}],
        ),
        # The command line forgets these options.
        (
            {"logging": {"driver": "a"}},
            {"logging": {"options": {"b": "c"}}},
            "TaskTemplate.LogDriver",
            {"Name": "a", "Options": {"b": "c"}},
        ),
        (
            {"logging": {"driver": "a", "options": {"b": "c"}}},
            {"logging": {"driver": "d"}},
            "TaskTemplate.LogDriver",
            {"Name": "d"},
        ),
        (
            {"logging": {"driver": "a", "options": {"b": "c"}}},
            {"logging": {"options": {"d": "e"}}},
            "TaskTemplate.LogDriver",
            {"Name": "a", "Options": {"b": "c", "d": "e"}},
        ),
        (
            {"networks": {"default": {"aliases": ["a"]}}},
            {"networks": {"default": {"aliases": ["b"]}}},
            "TaskTemplate.Networks",
            [{"Target": "shop_default", "Aliases": ["b", "web"]}],
        ),
        (
            {"networks": {"default": {"aliases": ["a"]}}},
            {"networks": ["default"]},
            "TaskTemplate.Networks",
            [{"Target": "shop_default", "Aliases": ["a", "web"]}],
        ),
        (
            {"networks": ["default"]},
            {"networks": {"default": {"aliases": ["b"]}}},
            "TaskTemplate.Networks",
            [{"Target": "shop_default", "Aliases": ["b", "web"]}],
        ),
        (
            {"deploy": {"placement": {"constraints": ["node.labels.a==b"]}}},
            {"deploy": {"placement": {"constraints": ["node.labels.c==d"]}}},
            "TaskTemplate.Placement.Constraints",
            ["node.labels.a==b", "node.labels.c==d"],
        ),
        (
            {"deploy": {"resources": {"limits": {"cpus": "1"}}}},
            {"deploy": {"resources": {"limits": {"memory": "4m"}}}},
            "TaskTemplate.Resources.Limits",
            {"NanoCPUs": 10**9, "MemoryBytes": 4194304},
        ),
    ],
)
def test_two_files(base, later, path, becomes):
    assert at(spec_of(stack_of(web(**base), {"services": {"web": later}})), path) == becomes


def test_an_image_may_come_with_a_later_file():
    assert (
        spec_of(stack_of({"services": {"web": {"build": "."}}}, web()))["Labels"]["com.docker.stack.image"] == "nginx"
    )


def test_services_of_all_files():
    stack = stack_of(
        web(), {"services": {"db": {"image": "a"}}}, {"services": {"db": {"image": "b"}, "mq": {"image": "c"}}}
    )
    assert {name: at(spec, f"{C}.Image") for name, spec in stack.services.items()} == {
        "shop_web": "nginx:latest",
        "shop_db": "b:latest",
        "shop_mq": "c:latest",
    }


def test_objects_of_a_later_file_replace_those_of_an_earlier_one():
    stack = stack_of(
        {**web(), "networks": {"default": {"internal": True, "labels": {"a": "b"}}}},
        {"networks": {"default": {"attachable": True}}},
    )
    assert stack.networks["shop_default"] == {
        "Name": "shop_default",
        "Driver": "overlay",
        "Attachable": True,
        "Labels": {"com.docker.stack.namespace": "shop"},
    }


def test_secrets_count_by_their_source():
    secrets = {"secrets": {"a": {"external": True}, "b": {"external": True}}}
    stack = stack_of(
        {**web(secrets=["b", "a"]), **secrets}, {"services": {"web": {"secrets": [{"source": "a", "target": "t"}]}}}
    )
    assert [item["File"]["Name"] for item in at(spec_of(stack), f"{C}.Secrets")] == ["t", "b"]


def test_files_of_one_stack_have_one_version():
    with pytest.raises(ComposeError) as caught:
        stack_of(web(), {"version": "3.8"})
    assert places_of(caught.value) == [("1.yml", None, "version")]


def test_what_is_wrong_is_told_of_the_file_that_says_it():
    with pytest.raises(ComposeError) as caught:
        stack_of(web(), {"services": {"web": {"tty": 1}}})
    assert places_of(caught.value) == [("1.yml", None, "services.web.tty")]


def test_files_are_not_changed():
    documents = [web(environment={"A": "$OUTSIDE"}, deploy={"labels": {"a": "b"}}), web(deploy={"labels": {"a": "c"}})]
    before = repr(documents)
    stack_of(*documents)
    assert repr(documents) == before
