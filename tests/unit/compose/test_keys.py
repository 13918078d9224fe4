# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every key of a service: what is written, and the part of the spec that it becomes."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._compose import schema, unsupported_keys

from .stacks import at, spec_of, stack_of, web

C = "TaskTemplate.ContainerSpec"
NAMESPACE = {"com.docker.stack.namespace": "shop"}
VOLUMES = {"volumes": {"data": None, "far": {"external": True}, "named": {"name": "really", "driver": "nfs"}}}
REFERENCE = {"UID": "0", "GID": "0", "Mode": 0o444}


class Key(NamedTuple):
    """:param path: in the spec. :param more: of the file, beside services."""

    keys: dict[str, Any]
    path: str
    becomes: Any
    more: dict[str, Any] = {}  # noqa: RUF012

    def __str__(self) -> str:
        return str(self.keys)[:70]


def deploy(**keys: Any) -> dict[str, Any]:
    return {"deploy": keys}


def one_mount(written: Any, becomes: dict[str, Any]) -> Key:
    return Key({"volumes": [written]}, f"{C}.Mounts", [becomes], VOLUMES)


def one_port(written: Any, *becomes: tuple[int, int, str, str]) -> Key:
    names = ("PublishedPort", "TargetPort", "Protocol", "PublishMode")
    ports = [{name: value for name, value in zip(names, port) if value} for port in becomes]
    return Key({"ports": [written]}, "EndpointSpec.Ports", ports)


KEYS = [
    Key({"image": "nginx"}, f"{C}.Image", "nginx:latest"),
    Key({"image": "docker.io/library/nginx:1"}, f"{C}.Image", "nginx:1"),
    Key(
        {"image": "docker.io/library/nginx:1"},
        "Labels",
        {**NAMESPACE, "com.docker.stack.image": "docker.io/library/nginx:1"},
    ),
    Key({"command": "sh -c 'a b' \"c\\nd\" e\\ f # g"}, f"{C}.Args", ["sh", "-c", "a b", "cnd", "e f"]),
    Key({"command": ["a b", "c"]}, f"{C}.Args", ["a b", "c"]),
    Key({"command": ""}, f"{C}.Args", None),
    Key({"entrypoint": "sh -c"}, f"{C}.Command", ["sh", "-c"]),
    Key({"entrypoint": []}, f"{C}.Command", None),
    Key(
        {"environment": {"B": 1, "A": "x", "N": None, "F": 1.0, "OUTSIDE": ""}},
        f"{C}.Env",
        ["A=x", "B=1", "F=1", "N", "OUTSIDE="],
    ),
    # K5: an empty value is one; only a name without a value is looked up.
    Key({"environment": {"OUTSIDE": None}}, f"{C}.Env", ["OUTSIDE=outside"]),
    Key({"environment": ["OUTSIDE="]}, f"{C}.Env", ["OUTSIDE="]),
    Key({"environment": {"OUTSIDE": "${EMPTY:-}"}}, f"{C}.Env", ["OUTSIDE="]),
    Key({"labels": {"OUTSIDE": ""}}, f"{C}.Labels.OUTSIDE", ""),
    Key({"deploy": {"labels": ["OUTSIDE"]}}, "Labels.OUTSIDE", ""),
    Key({"env_file": "empty.env"}, f"{C}.Env", ["OUTSIDE="]),
    Key({"env_file": "empty.env", "environment": ["OUTSIDE"]}, f"{C}.Env", ["OUTSIDE=outside"]),
    Key({"environment": ["A=b=c", "N", "OUTSIDE", "EMPTY"]}, f"{C}.Env", ["A=b=c", "EMPTY=", "N", "OUTSIDE=outside"]),
    Key({"environment": {}}, f"{C}.Env", None),
    Key({"hostname": "h"}, f"{C}.Hostname", "h"),
    Key({"user": "1:2"}, f"{C}.User", "1:2"),
    Key({"working_dir": "/w"}, f"{C}.Dir", "/w"),
    Key({"tty": True}, f"{C}.TTY", True),
    Key({"tty": False}, f"{C}.TTY", None),
    Key({"stdin_open": True}, f"{C}.OpenStdin", True),
    Key({"read_only": True}, f"{C}.ReadOnly", True),
    Key({"init": True}, f"{C}.Init", True),
    Key({"init": False}, f"{C}.Init", False),
    Key({"isolation": "process"}, f"{C}.Isolation", "process"),
    Key({"stop_signal": "SIGQUIT"}, f"{C}.StopSignal", "SIGQUIT"),
    Key({"stop_grace_period": "1m30s"}, f"{C}.StopGracePeriod", 90 * 10**9),
    Key({"stop_grace_period": "0s"}, f"{C}.StopGracePeriod", 0),
    Key({"sysctls": {"net.a": 1}}, f"{C}.Sysctls", {"net.a": "1"}),
    Key({"sysctls": ["net.a=1"]}, f"{C}.Sysctls", {"net.a": "1"}),
    # The command line takes it and forgets it.
    Key({"oom_score_adj": -5}, f"{C}.OomScoreAdj", -5),
    Key({"labels": {"a": 1, "b": None}}, f"{C}.Labels", {"a": "1", "b": "", **NAMESPACE}),
    Key({"labels": ["a=b=c", "d"]}, f"{C}.Labels", {"a": "b=c", "d": "", **NAMESPACE}),
    Key({"cap_add": ["net_raw", "CAP_SYS_TIME", "sys_time"]}, f"{C}.CapabilityAdd", ["CAP_NET_RAW", "CAP_SYS_TIME"]),
    Key({"cap_add": ["all", "kill"]}, f"{C}.CapabilityAdd", ["ALL"]),
    Key({"cap_add": ["kill"], "cap_drop": ["KILL", "chown"]}, f"{C}.CapabilityDrop", ["CAP_CHOWN"]),
    Key({"entrypoint": [""]}, f"{C}.Command", [""]),
    Key({"cap_add": ["RESET"]}, f"{C}.CapabilityAdd", None),
    Key(
        {"extra_hosts": ["a:192.0.2.1", "b=192.0.2.2", "c:[2001:db8::1]", "ignored"]},
        f"{C}.Hosts",
        ["192.0.2.1 a", "192.0.2.2 b", "2001:db8::1 c"],
    ),
    Key({"extra_hosts": {"b": "192.0.2.2", "a": "192.0.2.1"}}, f"{C}.Hosts", ["192.0.2.1 a", "192.0.2.2 b"]),
    # I1: as the engine returns it.
    Key({"isolation": "HyperV"}, f"{C}.Isolation", "hyperv"),
    # Whole numbers with a point or an exponent.
    Key({"deploy": {"replicas": 2.0}}, "Mode", {"Replicated": {"Replicas": 2}}),
    Key({"healthcheck": {"test": "a", "retries": 1e1}}, f"{C}.Healthcheck.Retries", 10),
    Key(
        {"ports": [{"target": 80.0, "published": 8e3}]},
        "EndpointSpec.Ports",
        [{"PublishedPort": 8000, "TargetPort": 80}],
    ),
    Key({"dns": "192.0.2.1"}, f"{C}.DNSConfig", {"Nameservers": ["192.0.2.1"]}),
    Key({"dns_search": ["a", "b"]}, f"{C}.DNSConfig", {"Search": ["a", "b"]}),
    Key({}, f"{C}.DNSConfig", None),
    Key(
        {"ulimits": {"nproc": 5, "nofile": {"soft": 1, "hard": 2}}},
        f"{C}.Ulimits",
        [{"Name": "nofile", "Soft": 1, "Hard": 2}, {"Name": "nproc", "Soft": 5, "Hard": 5}],
    ),
    Key(
        {
            "healthcheck": {
                "test": "a b",
                "interval": "1s",
                "timeout": "2s",
                "retries": 3,
                "start_period": "4s",
                "start_interval": "5s",
            }
        },
        f"{C}.Healthcheck",
        {
            "Test": ["CMD-SHELL", "a b"],
            "Interval": 10**9,
            "Timeout": 2 * 10**9,
            "Retries": 3,
            "StartPeriod": 4 * 10**9,
            "StartInterval": 5 * 10**9,
        },
    ),
    Key({"healthcheck": {"test": ["CMD", "a"]}}, f"{C}.Healthcheck", {"Test": ["CMD", "a"]}),
    Key({"healthcheck": {"disable": True}}, f"{C}.Healthcheck", {"Test": ["NONE"]}),
    Key({"healthcheck": {}}, f"{C}.Healthcheck", {}),
    Key(
        {"secrets": ["s", {"source": "far", "target": "/f", "uid": "1", "gid": "2", "mode": 0o400}]},
        f"{C}.Secrets",
        [
            {"File": {"Name": "/f", "UID": "1", "GID": "2", "Mode": 0o400}, "SecretID": "other", "SecretName": "other"},
            {"File": {"Name": "s", **REFERENCE}, "SecretID": "shop_s", "SecretName": "shop_s"},
        ],
        {"secrets": {"s": {"file": "a.txt"}, "far": {"external": True, "name": "other"}}},
    ),
    Key(
        {"configs": [{"source": "c", "mode": 0}]},
        f"{C}.Configs",
        [{"File": {"Name": "c", **REFERENCE, "Mode": 0}, "ConfigID": "shop_c", "ConfigName": "shop_c"}],
        {"configs": {"c": {"file": "a.txt"}}},
    ),
    Key(
        {"credential_spec": {"config": "c"}},
        f"{C}.Configs",
        [{"Runtime": {}, "ConfigID": "shop_c", "ConfigName": "shop_c"}],
        {"configs": {"c": {"file": "a.txt"}}},
    ),
    Key(
        {"credential_spec": {"config": "c"}},
        f"{C}.Privileges.CredentialSpec",
        {"Config": "shop_c", "File": "", "Registry": ""},
        {"configs": {"c": {"file": "a.txt"}}},
    ),
    Key(
        {"credential_spec": {"file": "f"}},
        f"{C}.Privileges.CredentialSpec",
        {"Config": "", "File": "f", "Registry": ""},
    ),
    Key(
        {"credential_spec": {"registry": "r"}},
        f"{C}.Privileges.CredentialSpec",
        {"Config": "", "File": "", "Registry": "r"},
    ),
    Key({}, f"{C}.Privileges", {"CredentialSpec": None, "SELinuxContext": None}),
    # A letter is a drive of Windows, so no volume can be called by one.
    one_mount("d:/d", {"Type": "volume", "Target": "d:/d"}),
    one_mount("/anonymous", {"Type": "volume", "Target": "/anonymous"}),
    one_mount(
        "data:/d", {"Type": "volume", "Source": "shop_data", "Target": "/d", "VolumeOptions": {"Labels": NAMESPACE}}
    ),
    one_mount(
        "data:/d:ro,nocopy",
        {
            "Type": "volume",
            "Source": "shop_data",
            "Target": "/d",
            "ReadOnly": True,
            "VolumeOptions": {"NoCopy": True, "Labels": NAMESPACE},
        },
    ),
    one_mount("far:/d:rw", {"Type": "volume", "Source": "far", "Target": "/d", "VolumeOptions": {}}),
    one_mount(
        "named:/d",
        {
            "Type": "volume",
            "Source": "really",
            "Target": "/d",
            "VolumeOptions": {"Labels": NAMESPACE, "DriverConfig": {"Name": "nfs"}},
        },
    ),
    one_mount("./a/../b:/d", {"Type": "bind", "Source": "/stacks/shop/b", "Target": "/d"}),
    one_mount(
        "~/b:/d:rslave",
        {"Type": "bind", "Source": "/home/me/b", "Target": "/d", "BindOptions": {"Propagation": "rslave"}},
    ),
    one_mount("/a/../b:/d", {"Type": "bind", "Source": "/a/../b", "Target": "/d"}),
    one_mount(r"C:\a:D:\b:ro", {"Type": "bind", "Source": r"C:\a", "Target": r"D:\b", "ReadOnly": True}),
    one_mount(
        r"\\.\pipe\a:\\.\pipe\b", {"Type": "bind", "Source": r"/stacks/shop/\\.\pipe\a", "Target": r"\\.\pipe\b"}
    ),
    one_mount(
        {"type": "volume", "source": "data", "target": "/d", "consistency": "cached", "volume": {"subpath": "s"}},
        {
            "Type": "volume",
            "Source": "shop_data",
            "Target": "/d",
            "Consistency": "cached",
            "VolumeOptions": {"Subpath": "s", "Labels": NAMESPACE},
        },
    ),
    one_mount(
        {"type": "tmpfs", "target": "/d", "tmpfs": {"size": 5}},
        {"Type": "tmpfs", "Target": "/d", "TmpfsOptions": {"SizeBytes": 5}},
    ),
    one_mount({"type": "tmpfs", "target": "/d", "tmpfs": {}}, {"Type": "tmpfs", "Target": "/d", "TmpfsOptions": {}}),
    one_mount(
        {"type": "bind", "source": "/s", "target": "/d", "bind": {}},
        {"Type": "bind", "Source": "/s", "Target": "/d", "BindOptions": {}},
    ),
    one_mount({"type": "npipe", "source": "p", "target": "/q"}, {"Type": "npipe", "Source": "p", "Target": "/q"}),
    one_mount(
        {"type": "cluster", "source": "data", "target": "/d"},
        {"Type": "cluster", "Source": "shop_data", "Target": "/d", "ClusterOptions": {}},
    ),
    one_mount(
        {"type": "cluster", "source": "group:g", "target": "/d"},
        {"Type": "cluster", "Source": "group:g", "Target": "/d", "ClusterOptions": {}},
    ),
    one_port("80", (0, 80, "tcp", "ingress")),
    one_port(80, (0, 80, "tcp", "ingress")),
    one_port("8080:80/UDP", (8080, 80, "udp", "ingress")),
    one_port("0.0.0.0:8080:80/sctp", (8080, 80, "sctp", "ingress")),
    one_port("[::1]:8080:80", (8080, 80, "tcp", "ingress")),
    one_port("127.0.0.1::80", (0, 80, "tcp", "ingress")),
    one_port("80-81", (0, 80, "tcp", "ingress"), (0, 81, "tcp", "ingress")),
    one_port("8080-8081:80-81", (8080, 80, "tcp", "ingress"), (8081, 81, "tcp", "ingress")),
    one_port("8080-8081:80", (8080, 80, "tcp", "ingress"), (8081, 80, "tcp", "ingress")),
    one_port({"target": 80}, (0, 80, "", "")),
    one_port({"target": 80, "published": 8080, "protocol": "udp", "mode": "host"}, (8080, 80, "udp", "host")),
    Key(
        {"ports": ["3:1", "2:2", "2:1/udp"]},
        "EndpointSpec.Ports",
        [
            {"PublishedPort": p, "TargetPort": t, "Protocol": protocol, "PublishMode": "ingress"}
            for p, t, protocol in ((2, 2, "tcp"), (2, 1, "udp"), (3, 1, "tcp"))
        ],
    ),
    Key({}, "EndpointSpec", {}),
    Key(deploy(endpoint_mode="DNSRR"), "EndpointSpec", {"Mode": "dnsrr"}),
    Key({}, "TaskTemplate.Networks", [{"Target": "shop_default", "Aliases": ["web"]}]),
    Key(
        {"networks": ["b", "a"]},
        "TaskTemplate.Networks",
        [{"Target": "shop_a", "Aliases": ["web"]}, {"Target": "shop_b", "Aliases": ["web"]}],
        {"networks": {"a": None, "b": {}}},
    ),
    Key(
        {"networks": {"a": {"aliases": ["x"], "driver_opts": {"n": 1}}}},
        "TaskTemplate.Networks",
        [{"Target": "named", "Aliases": ["x", "web"], "DriverOpts": {"n": "1"}}],
        {"networks": {"a": {"name": "named"}}},
    ),
    Key(
        {"networks": ["a"]},
        "TaskTemplate.Networks",
        [{"Target": "host"}],
        {"networks": {"a": {"external": True, "name": "host"}}},
    ),
    Key(
        {"logging": {"driver": "d", "options": {"a": 1, "b": None}}},
        "TaskTemplate.LogDriver",
        {"Name": "d", "Options": {"a": "1", "b": ""}},
    ),
    Key({"logging": {}}, "TaskTemplate.LogDriver", {}),
    Key({}, "Mode", {"Replicated": {}}),
    Key(deploy(replicas=0), "Mode", {"Replicated": {"Replicas": 0}}),
    Key(deploy(mode="replicated", replicas=2), "Mode", {"Replicated": {"Replicas": 2}}),
    Key(deploy(mode="global"), "Mode", {"Global": {}}),
    Key(deploy(mode="global-job"), "Mode", {"GlobalJob": {}}),
    Key(
        deploy(mode="replicated-job", replicas=2),
        "Mode",
        {"ReplicatedJob": {"MaxConcurrent": 2, "TotalCompletions": 2}},
    ),
    Key({"deploy": None}, "Mode", {"Replicated": {}}),
    Key(deploy(labels=["a=b"]), "Labels", {"a": "b", **NAMESPACE, "com.docker.stack.image": "nginx"}),
    Key(deploy(update_config={}), "UpdateConfig", {"Parallelism": 1, "MaxFailureRatio": 0, "Order": ""}),
    Key(
        deploy(
            update_config={
                "parallelism": 0,
                "delay": "1s",
                "failure_action": "pause",
                "monitor": "2s",
                "max_failure_ratio": 0.5,
                "order": "start-first",
            }
        ),
        "UpdateConfig",
        {
            "Parallelism": 0,
            "Delay": 10**9,
            "FailureAction": "pause",
            "Monitor": 2 * 10**9,
            "MaxFailureRatio": 0.5,
            "Order": "start-first",
        },
    ),
    Key(
        deploy(rollback_config={"parallelism": 3}),
        "RollbackConfig",
        {"Parallelism": 3, "MaxFailureRatio": 0, "Order": ""},
    ),
    Key({}, "UpdateConfig", None),
    Key(
        deploy(restart_policy={"condition": "any", "delay": "0s", "max_attempts": 0, "window": "1m"}),
        "TaskTemplate.RestartPolicy",
        {"Condition": "any", "Delay": 0, "MaxAttempts": 0, "Window": 60 * 10**9},
    ),
    Key(deploy(restart_policy={}), "TaskTemplate.RestartPolicy", {}),
    Key({"restart": "always"}, "TaskTemplate.RestartPolicy", {"Condition": "any"}),
    # I2: the command line ignores the count but for on-failure.
    Key({"extra_hosts": ["host.docker.internal:host-gateway"]}, f"{C}.Hosts", ["host-gateway host.docker.internal"]),
    Key({"restart": "always:3"}, "TaskTemplate.RestartPolicy", {"Condition": "any"}),
    Key({"restart": "unless-stopped:3"}, "TaskTemplate.RestartPolicy", {"Condition": "any"}),
    Key({"restart": "no:3"}, "TaskTemplate.RestartPolicy", None),
    Key({"restart": "unless-stopped"}, "TaskTemplate.RestartPolicy", {"Condition": "any"}),
    Key({"restart": "on-failure:3"}, "TaskTemplate.RestartPolicy", {"Condition": "on-failure", "MaxAttempts": 3}),
    Key({"restart": "no"}, "TaskTemplate.RestartPolicy", None),
    Key(
        {"restart": "always", "deploy": {"restart_policy": {"condition": "none"}}},
        "TaskTemplate.RestartPolicy",
        {"Condition": "none"},
    ),
    Key(
        deploy(resources={"limits": {"cpus": "0.5", "memory": "1.5G", "pids": 3}}),
        "TaskTemplate.Resources",
        {"Limits": {"NanoCPUs": 5 * 10**8, "MemoryBytes": 3 * 2**29, "Pids": 3}},
    ),
    Key(
        deploy(resources={"limits": {}, "reservations": {}}),
        "TaskTemplate.Resources",
        {"Limits": {}, "Reservations": {}},
    ),
    Key(
        deploy(
            resources={
                "reservations": {
                    "memory": "64mb",
                    "generic_resources": [{"discrete_resource_spec": {"kind": "gpu", "value": 2}}],
                }
            }
        ),
        "TaskTemplate.Resources",
        {
            "Reservations": {
                "MemoryBytes": 2**26,
                "GenericResources": [{"DiscreteResourceSpec": {"Kind": "gpu", "Value": 2}}],
            }
        },
    ),
    Key({}, "TaskTemplate.Resources", {}),
    Key(
        deploy(
            placement={
                "constraints": ["node.role==manager"],
                "preferences": [{"spread": "node.labels.z"}],
                "max_replicas_per_node": 2,
            }
        ),
        "TaskTemplate.Placement",
        {
            "Constraints": ["node.role==manager"],
            "Preferences": [{"Spread": {"SpreadDescriptor": "node.labels.z"}}],
            "MaxReplicas": 2,
        },
    ),
    Key({}, "TaskTemplate.Placement", {}),
    Key({}, "TaskTemplate.ForceUpdate", 0),
    Key({}, "Name", "shop_web"),
    Key({"env_file": "a.env"}, f"{C}.Env", ["A=1", "B=two words ", "EMPTIED=", "OUTSIDE=outside"]),
    Key(
        {"env_file": ["a.env", "b.env"], "environment": {"A": 3}},
        f"{C}.Env",
        ["A=3", "B=late", "EMPTIED=", "OUTSIDE=outside"],
    ),
]
ENV_FILES = {
    "a.env": b"\xef\xbb\xbf# c\n\n A=1\r\nB=two words \nOUTSIDE\nABSENT\nEMPTIED=\n",
    "b.env": b"A=2\nB=late",
    "empty.env": b"OUTSIDE=\n",
}
# What services may say that a swarm has no place for.
SILENT: set[str] = set()


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_key(key):
    stack = stack_of({**web(**key.keys), **key.more}, files=ENV_FILES)
    assert at(spec_of(stack), key.path) == key.becomes


def test_every_key_of_the_format_is_looked_at():
    ignored = {*unsupported_keys._IGNORED, *unsupported_keys._NEEDLESS}
    assert {name for key in KEYS for name in key.keys} | ignored | SILENT == set(schema.SERVICE)


def test_a_service_that_says_nothing():
    """As it is sent, to the last key: a restart is what one too many costs."""
    assert spec_of(stack_of(web())) == {
        "Name": "shop_web",
        "Labels": {**NAMESPACE, "com.docker.stack.image": "nginx"},
        "TaskTemplate": {
            "ContainerSpec": {
                "Image": "nginx:latest",
                "Labels": NAMESPACE,
                "Privileges": {"CredentialSpec": None, "SELinuxContext": None},
            },
            "Resources": {},
            "Placement": {},
            "Networks": [{"Target": "shop_default", "Aliases": ["web"]}],
            "ForceUpdate": 0,
        },
        "Mode": {"Replicated": {}},
        "EndpointSpec": {},
    }
