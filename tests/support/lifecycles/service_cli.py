# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of the docker command line, and the options of swarm_service that say the same.

The command line is that of Docker 20.10, so what newer engines have besides (start interval of healthchecks, seccomp,
subpaths of volumes, oom score, swap, cluster volumes, ...) has no line here.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

IMAGE = "lab/busybox:1"
NAME = "judged"
# Networks, secrets and configs that must be there.
REFERRED = ("one", "two")
# In the folder where the command and the module run.
FILES = {"a.env": "# colours\nRED=1\n\nGREEN=2 3\nBLUE\nSHADE\n", "b.env": "RED=4\nWHITE=\n"}
# What `--env NAME` without a value takes.
ENVIRONMENT = {"SHADE": "dark"}
# For modes that have no number of tasks to set to 0.
NOWHERE = "node.labels.there==no"
# Flags of all lines, which have no place in a spec.
EVERYWHERE = {"--detach", "--quiet", "--no-resolve-image"}
# Has a flag, which `docker service update` takes and ignores.
IDLE = {"--max-concurrent"}
SHORT = {"-e": "--env", "-l": "--label", "-p": "--publish"}

Options = dict[str, Any]


class Line(NamedTuple):
    """A `docker service create`.

    :param flags: before the image, as typed in a shell. The test adds name, image and `--replicas 0`.
    :param options: the same for swarm_service.
    :param words: after the image.
    """

    flags: str
    options: Options
    words: str = ""

    def __str__(self) -> str:
        return f"{self.flags} {self.words}".strip()[:60] or "nothing"


class Change(NamedTuple):
    """A `docker service update` of a service made by a `docker service create`; or `docker service scale`.

    :param options: what brings the same service there. They are exact, where the command adds and removes.
    :param before: flags of the create.
    :param between: flags of an update before the one that counts.
    :param again: whether the options are no order, so that a second run changes nothing.
    """

    flags: str
    options: Options
    before: str = ""
    again: bool = True
    words: str = ""
    between: str = ""

    def __str__(self) -> str:
        return self.flags[:60]


def _bind(**more: Any) -> Options:
    return {"mounts": [{"type": "bind", "source": "/tmp", "target": "/data", **more}]}


def _volume(**more: Any) -> Options:
    return {"mounts": [{"type": "volume", "source": "data", "target": "/data", **more}]}


def _tmpfs(**more: Any) -> Options:
    return {"mounts": [{"type": "tmpfs", "target": "/data", **more}]}


def _port(target: int, published: int | None = None, **more: Any) -> Options:
    return {"target_port": target, **({"published_port": published} if published else {}), **more}


def _placed(**more: Any) -> Options:
    return {"placement": {"constraints": [NOWHERE], **more}}


_PLACED = f"--constraint {NOWHERE}"
_ROLLOUT = {
    "parallelism 2": {"parallelism": 2},
    "parallelism 0": {"parallelism": 0},
    "delay 10s": {"delay": "10s"},
    "monitor 1m30s": {"monitor": "1m30s"},
    "failure-action continue": {"failure_action": "continue"},
    "max-failure-ratio 0.15": {"max_failure_ratio": 0.15},
    "order start-first": {"order": "start-first"},
}
_ALL_OF_A_ROLLOUT = {
    "parallelism": 3,
    "delay": "1s",
    "monitor": "2s",
    "failure_action": "pause",
    "max_failure_ratio": 0.5,
    "order": "stop-first",
}


def _rollouts(kind: str) -> Iterable[Line]:
    for said, option in _ROLLOUT.items():
        yield Line(f"--{kind}-{said}", {f"{kind}_config": option})
    yield Line(_whole(kind), {f"{kind}_config": _ALL_OF_A_ROLLOUT})


def _whole(kind: str) -> str:
    return (
        f"--{kind}-parallelism 3 --{kind}-delay 1s --{kind}-monitor 2s --{kind}-failure-action pause"
        f" --{kind}-max-failure-ratio .5 --{kind}-order stop-first"
    )


CREATED = [
    Line("", {}),
    # The container.
    Line("", {"args": ["sleep", "1 0"]}, "sleep '1 0'"),
    Line("--entrypoint \"sh -c 'sleep 10'\"", {"command": "sh -c 'sleep 10'"}),
    Line("--entrypoint sleep", {"command": ["sleep"], "args": ["10"]}, "10"),
    Line("--env A=1 -e B= -e C=x=y --env 'D=d e'", {"env": {"A": "1", "B": "", "C": "x=y", "D": "d e"}}),
    Line("--env A=1 --env B=2 --env A=3", {"env": ["A=1", "B=2", "A=3"]}),
    Line("--env GONE --env SHADE", {"env": {"GONE": None, "SHADE": "dark"}}),
    Line("--env-file a.env", {"env_files": ["a.env"]}),
    Line("--env-file a.env --env-file b.env", {"env_files": ["a.env", "b.env"]}),
    Line("--env-file a.env --env RED=5 --env PINK=6", {"env_files": ["a.env"], "env": {"RED": "5", "PINK": "6"}}),
    Line("--env 'HOST={{.Node.Hostname}}'", {"env": {"HOST": "{{.Node.Hostname}}"}}),
    Line("--label a=1 -l b.c= --label d=x=y", {"labels": {"a": "1", "b.c": "", "d": "x=y"}}),
    Line("--label a", {"labels": {"a": ""}}),
    Line("--container-label a=1 --container-label b", {"container_labels": {"a": "1", "b": ""}}),
    Line("--hostname '{{.Service.Name}}' --workdir /tmp", {"hostname": "{{.Service.Name}}", "working_dir": "/tmp"}),
    Line("--user 1000:1000 --group audio --group 100", {"user": "1000:1000", "groups": ["audio", "100"]}),
    Line("--tty --read-only", {"tty": True, "read_only": True}),
    Line("--init", {"init": True}),
    Line("--init=false", {"init": False}),
    Line("--stop-signal SIGQUIT --stop-grace-period 1m30s", {"stop_signal": "SIGQUIT", "stop_grace_period": "90s"}),
    Line("--stop-grace-period 0s", {"stop_grace_period": "0s"}),
    Line("--isolation process", {"isolation": "process"}),
    Line("--host a:192.0.2.1 --host b:2001:db8::1", {"hosts": {"a": "192.0.2.1", "b": "2001:db8::1"}}),
    Line("--host a:192.0.2.1 --host a:192.0.2.2", {"hosts": {"a": ["192.0.2.1", "192.0.2.2"]}}),
    Line(
        "--dns 192.0.2.2 --dns 192.0.2.1 --dns-search b.example --dns-search a.example --dns-option timeout:3",
        {
            "dns": ["192.0.2.2", "192.0.2.1"],
            "dns_search": ["b.example", "a.example"],
            "dns_options": ["timeout:3"],
        },
    ),
    Line("--dns-option ndots:2 --dns-option timeout:1", {"dns_options": ["ndots:2", "timeout:1"]}),
    Line("--cap-add sys_time --cap-add CAP_NET_ADMIN", {"cap_add": ["sys_time", "CAP_NET_ADMIN"]}),
    Line("--cap-drop all --cap-add chown", {"cap_drop": ["all"], "cap_add": ["chown"]}),
    Line("--cap-add ALL --cap-add NET_ADMIN", {"cap_add": ["ALL", "NET_ADMIN"]}),
    Line("--cap-drop ALL --cap-drop chown", {"cap_drop": ["CHOWN", "ALL"]}),
    # What is added and dropped is added, and the command line forgets that it was to be dropped.
    Line("--cap-add chown --cap-drop chown --cap-drop kill", {"cap_add": ["chown"], "cap_drop": ["kill"]}),
    Line(
        "--sysctl net.core.somaxconn=128 --sysctl 'kernel.sem=1 2'",
        {"sysctls": {"net.core.somaxconn": 128, "kernel.sem": "1 2"}},
    ),
    Line(
        "--ulimit nofile=1024:2048 --ulimit core=-1 --ulimit nproc=9",
        {"ulimits": {"nofile": {"soft": 1024, "hard": 2048}, "core": -1, "nproc": 9}},
    ),
    Line("--credential-spec file://a.json", {"credential_spec": {"file": "a.json"}}),
    Line("--credential-spec registry://a", {"credential_spec": {"registry": "a"}}),
    Line("--credential-spec config://one", {"credential_spec": {"config": "one"}}),
    Line(
        "--credential-spec config://two --config one",
        {"credential_spec": {"config": "two"}, "configs": [{"config_name": "one"}]},
    ),
    # Health.
    Line(
        "--health-cmd 'test -e /ok' --health-interval 30s --health-timeout 1500ms --health-retries 3"
        " --health-start-period 1m",
        {
            "healthcheck": {
                "test": "test -e /ok",
                "interval": "30s",
                "timeout": "1.5s",
                "retries": 3,
                "start_period": "60s",
            }
        },
    ),
    Line("--health-interval 30s", {"healthcheck": {"interval": "30s"}}),
    Line("--health-retries 7", {"healthcheck": {"retries": 7}}),
    Line("--no-healthcheck", {"healthcheck": {"test": "NONE"}}),
    # Mounts.
    Line("--mount type=bind,source=/tmp,target=/data", _bind()),
    Line("--mount type=bind,src=/tmp,dst=/data,ro", _bind(readonly=True)),
    Line("--mount type=bind,src=/tmp,dst=/data,readonly=false,bind-propagation=rslave", _bind(propagation="rslave")),
    Line("--mount type=bind,src=/tmp,dst=/data,bind-propagation=rprivate", _bind(propagation="rprivate")),
    Line("--mount type=bind,src=/tmp,dst=/data,bind-nonrecursive", _bind(non_recursive=True)),
    Line("--mount type=bind,src=/tmp,dst=/data,consistency=cached", _bind()),
    Line("--mount source=data,destination=/data", _volume()),
    Line("--mount type=volume,target=/data", _volume(source=None)),
    Line("--mount type=volume,src=data,dst=/data,volume-nocopy", _volume(no_copy=True)),
    Line(
        "--mount type=volume,src=data,dst=/data,readonly,volume-label=a=1,volume-label=b,volume-driver=local,"
        'volume-opt=type=nfs,\\"volume-opt=o=addr=192.0.2.1,rw\\"',
        _volume(
            readonly=True,
            labels={"a": "1", "b": ""},
            driver_config={"name": "local", "options": {"type": "nfs", "o": "addr=192.0.2.1,rw"}},
        ),
    ),
    Line("--mount type=volume,src=data,dst=/data,volume-driver=local", _volume(driver_config={"name": "local"})),
    Line("--mount type=tmpfs,dst=/data", _tmpfs()),
    Line("--mount type=tmpfs,dst=/data,tmpfs-size=64m,tmpfs-mode=1777", _tmpfs(tmpfs_size="64M", tmpfs_mode="1777")),
    Line("--mount type=tmpfs,dst=/data,tmpfs-mode=700", _tmpfs(tmpfs_mode=0o700)),
    Line(
        r"--mount 'type=npipe,src=\\.\pipe\a,dst=\\.\pipe\a'",
        {"mounts": [{"type": "npipe", "source": r"\\.\pipe\a", "target": r"\\.\pipe\a"}]},
    ),
    Line(
        "--mount type=tmpfs,dst=/b --mount type=bind,src=/tmp,dst=/a --mount src=data,dst=/c",
        {
            "mounts": [
                {"type": "tmpfs", "target": "/b"},
                {"source": "/tmp", "target": "/a"},
                {"type": "volume", "source": "data", "target": "/c"},
            ]
        },
    ),
    # Secrets and configs.
    Line("--secret one --config two", {"secrets": [{"secret_name": "one"}], "configs": [{"config_name": "two"}]}),
    Line(
        "--secret source=one,target=a,uid=1,gid=2,mode=0440 --secret src=one,target=b,mode=0400",
        {
            "secrets": [
                {"secret_name": "one", "filename": "a", "uid": "1", "gid": "2", "mode": "0440"},
                {"secret_name": "one", "filename": "b", "mode": 0o400},
            ]
        },
    ),
    Line(
        "--config source=one,target=/etc/a,uid=1,gid=2,mode=0440 --config src=two,mode=0400",
        {
            "configs": [
                {"config_name": "one", "filename": "/etc/a", "uid": "1", "gid": "2", "mode": "0440"},
                {"config_name": "two", "mode": "0400"},
            ]
        },
    ),
    # Networks and ports.
    Line("--network one", {"networks": ["one"]}),
    Line("--network one --network two", {"networks": ["two", "one"]}),
    Line(
        "--network name=one,alias=web,alias=www,driver-opt=a=1,driver-opt=b=x=y",
        {"networks": [{"name": "one", "aliases": ["web", "www"], "options": {"a": "1", "b": "x=y"}}]},
    ),
    Line("--network host", {"networks": ["host"]}),
    Line("--endpoint-mode dnsrr", {"endpoint_mode": "dnsrr"}),
    Line("--endpoint-mode vip", {"endpoint_mode": "vip"}),
    Line("-p 80", {"publish": [_port(80)]}),
    Line("--publish 18080:80", {"publish": [_port(80, 18080)]}),
    Line("--publish 18053:53/udp -p 18053:53/tcp", {"publish": [_port(53, 18053, protocol="udp"), _port(53, 18053)]}),
    Line("--publish 18080-18082:80-82", {"publish": [_port(80 + n, 18080 + n) for n in range(3)]}),
    Line("--publish published=18080,target=80", {"publish": [_port(80, 18080)]}),
    Line(
        "--publish published=18080,target=80,protocol=sctp,mode=host --endpoint-mode dnsrr",
        {"publish": [_port(80, 18080, protocol="sctp", mode="host")], "endpoint_mode": "dnsrr"},
    ),
    Line(
        "-p 18080:80 -p 18080:80/udp -p 18081:80",
        {"publish": [_port(80, 18081), _port(80, 18080), _port(80, 18080, protocol="udp")]},
    ),
    # Resources.
    Line(
        "--limit-cpu 1.15 --limit-memory 1.5g --reserve-cpu .3",
        {"limits": {"cpus": 1.15, "memory": "1.5G"}, "reservations": {"cpus": 0.3}},
    ),
    Line("--limit-cpu .5 --limit-memory 64m --limit-pids 10", {"limits": {"cpus": 0.5, "memory": "64M", "pids": 10}}),
    Line("--reserve-cpu 0.25 --reserve-memory 8388608b", {"reservations": {"cpus": 0.25, "memory": "8M"}}),
    Line(
        "--generic-resource gpu=2 --generic-resource fpga=1",
        {"reservations": {"generic_resources": [{"kind": "gpu", "value": 2}, {"kind": "fpga", "value": 1}]}},
    ),
    Line("--log-driver json-file", {"logging": {"driver": "json-file"}}),
    Line("--log-driver none", {"logging": {"driver": "none", "options": {}}}),
    Line(
        "--log-driver json-file --log-opt max-size=1m --log-opt max-file=3",
        {"logging": {"driver": "json-file", "options": {"max-size": "1m", "max-file": 3}}},
    ),
    # Policies, each flag alone: the others are at the command line's defaults then.
    Line("--restart-condition on-failure", {"restart_config": {"condition": "on-failure"}}),
    Line("--restart-condition any", {"restart_config": {"condition": "any"}}),
    Line("--restart-max-attempts 3", {"restart_config": {"max_attempts": 3}}),
    Line("--restart-delay 0s", {"restart_config": {"delay": "0s"}}),
    Line("--restart-window 1h2m3s --restart-delay 1500us", {"restart_config": {"window": "1h2m3s", "delay": "1.5ms"}}),
    Line(
        "--restart-condition none --restart-delay 1s --restart-max-attempts 2 --restart-window 500ms",
        {"restart_config": {"condition": "none", "delay": "1s", "max_attempts": 2, "window": "500ms"}},
    ),
    *_rollouts("update"),
    Line("--update-max-failure-ratio .333333333", {"update_config": {"max_failure_ratio": 0.333333333}}),
    Line("--update-failure-action rollback", {"update_config": {"failure_action": "rollback"}}),
    *_rollouts("rollback"),
    # Placement and modes.
    Line(
        "--constraint node.role==manager --constraint 'node.labels.a != b'",
        {"placement": {"constraints": ["node.labels.a!=b", "node.role == manager"]}},
    ),
    Line(
        "--placement-pref spread=node.labels.b --placement-pref spread=node.labels.a --replicas-max-per-node 2",
        {
            "placement": {
                "preferences": [{"spread": "node.labels.b"}, {"spread": "node.labels.a"}],
                "replicas_max_per_node": 2,
            }
        },
    ),
    Line("--replicas 0 --with-registry-auth", {"replicas": 0, "with_registry_auth": True}),
    Line(f"--mode replicated --replicas 3 {_PLACED}", {"mode": "replicated", "replicas": 3, **_placed()}),
    Line(f"--mode replicated {_PLACED}", {"mode": "replicated", **_placed()}),
    Line(f"--mode global {_PLACED}", {"mode": "global", **_placed()}),
    Line(
        f"--mode global --publish published=18080,target=80,mode=host {_PLACED}",
        {"mode": "global", "publish": [_port(80, 18080, mode="host")], **_placed()},
    ),
    Line(f"--mode replicated-job {_PLACED}", {"mode": "replicated-job", **_placed()}),
    Line(f"--mode replicated-job --replicas 3 {_PLACED}", {"mode": "replicated-job", "replicas": 3, **_placed()}),
    Line(
        f"--mode replicated-job --replicas 3 --max-concurrent 2 {_PLACED} --restart-condition on-failure"
        " --restart-max-attempts 4",
        {
            "mode": "replicated-job",
            "replicas": 3,
            "max_concurrent": 2,
            "restart_config": {"condition": "on-failure", "max_attempts": 4},
            **_placed(),
        },
    ),
    Line(f"--mode replicated-job --max-concurrent 2 {_PLACED}", {"mode": "replicated-job", "max_concurrent": 2, **_placed()}),
    Line(f"--mode global-job {_PLACED}", {"mode": "global-job", **_placed()}),
]  # fmt: skip

UPDATED = [
    # Scaling and orders.
    Change("--replicas 2", {"replicas": 2}, _PLACED),
    Change("scale 3", {"replicas": 3}, _PLACED),
    Change("--force", {"force_update": True}, again=False),
    Change("--force --env-add A=1", {"force_update": True, "env": {"A": "1"}}, again=False),
    Change("--rollback", {"state": "rolled_back"}, "--env A=1", between="--env-add B=2 --limit-cpu 1"),
    Change(f"--image {IMAGE}0", {"image": f"{IMAGE}0"}),
    Change("--image lab/busybox", {"image": "lab/busybox"}),
    Change("--image docker.io/library/alpine:3", {"image": "docker.io/library/alpine:3"}),
    # Words and names.
    Change("--args 'sleep 2'", {"args": ["sleep", "2"]}, words="sleep 1"),
    Change("--args ''", {"args": []}, words="sleep 1"),
    Change("--entrypoint 'sh -c'", {"command": ["sh", "-c"]}, "--entrypoint sleep"),
    Change("--entrypoint ''", {"command": ""}, "--entrypoint sleep"),
    Change(
        "--env-add B=3 --env-add C=4 --env-rm A",
        {"env": {"B": "3", "C": "4", "Z": "9"}},
        "--env Z=9 --env A=1 --env B=2",
    ),
    Change("--env-add C=4", {"env": {"C": "4"}, "env_state": "merge"}, "--env A=1"),
    Change("--env-rm A", {"env": {}}, "--env A=1"),
    Change("--label-add a=2 --label-add c=3 --label-rm b", {"labels": {"a": "2", "c": "3"}}, "--label a=1 --label b=1"),
    Change("--label-add a=2", {"labels": {"a": "2"}, "labels_state": "merge"}, "--label b=1"),
    Change(
        "--container-label-add a=2 --container-label-rm b",
        {"container_labels": {"a": "2"}},
        "--container-label a=1 --container-label b=1",
    ),
    Change("--hostname b --user 2 --workdir /b", {"hostname": "b", "user": "2", "working_dir": "/b"}, "--hostname a"),
    Change("--hostname '' --workdir ''", {"hostname": "", "working_dir": ""}, "--hostname a --workdir /a"),
    Change("--group-add 3 --group-rm 1", {"groups": ["2", "3"]}, "--group 2 --group 1"),
    Change("--tty --read-only --init", {"tty": True, "read_only": True, "init": True}),
    Change("--tty=false --read-only=false", {"tty": False, "read_only": False}, "--tty --read-only"),
    Change(
        "--stop-signal SIGINT --stop-grace-period 20s --isolation process",
        {"stop_signal": "SIGINT", "stop_grace_period": "20s", "isolation": "process"},
        "--stop-grace-period 10s",
    ),
    Change("--host-add b:192.0.2.2 --host-rm a:192.0.2.1", {"hosts": {"b": "192.0.2.2"}}, "--host a:192.0.2.1"),
    Change(
        "--dns-add 192.0.2.2 --dns-rm 192.0.2.1 --dns-option-add ndots:2 --dns-option-rm timeout:3"
        " --dns-search-add b.example --dns-search-rm a.example",
        {"dns": ["192.0.2.2"], "dns_options": ["ndots:2"], "dns_search": ["b.example"]},
        "--dns 192.0.2.1 --dns-option timeout:3 --dns-search a.example",
    ),
    Change(
        "--host-add a:192.0.2.2",
        {"hosts": {"a": ["192.0.2.1", "192.0.2.2"]}},
        "--host a:192.0.2.1",
    ),
    Change("--dns-rm 192.0.2.1", {"dns": []}, "--dns 192.0.2.1"),
    Change("--cap-add chown --cap-drop kill", {"cap_add": ["CHOWN"], "cap_drop": ["KILL"]}),
    Change("--cap-drop sys_time", {"cap_add": [], "cap_drop": ["all"]}, "--cap-add sys_time --cap-drop all"),
    Change("--sysctl-add net.b=2 --sysctl-rm net.a", {"sysctls": {"net.b": "2"}}, "--sysctl net.a=1"),
    Change(
        "--ulimit-add nofile=5:6 --ulimit-rm core",
        {"ulimits": {"nofile": {"soft": 5, "hard": 6}, "nproc": 1}},
        "--ulimit nofile=1:2 --ulimit core=3 --ulimit nproc=1",
    ),
    Change("--credential-spec file://b", {"credential_spec": {"file": "b"}}, "--credential-spec file://a"),
    Change("--credential-spec file://b", {"credential_spec": {"config": "", "file": "b"}}, "--credential-spec config://one"),
    Change("--credential-spec config://two", {"credential_spec": {"config": "two"}}, "--credential-spec config://one"),
    # Health.
    Change("--health-interval 9s", {"healthcheck": {"interval": "9s"}}, "--health-cmd true --health-timeout 3s"),
    Change(
        "--health-cmd false --health-retries 2 --health-start-period 4s --health-timeout 5s",
        {"healthcheck": {"test": "false", "retries": 2, "start_period": "4s", "timeout": "5s"}},
    ),
    Change("--no-healthcheck", {"healthcheck": {"test": "NONE"}}, "--health-cmd true"),
    Change("--health-cmd true", {"healthcheck": {"test": "true"}}, "--no-healthcheck"),
    # Mounts, files, networks, ports.
    Change("--mount-add type=tmpfs,dst=/t", {"mounts": [{"type": "tmpfs", "target": "/t"}]}),
    Change("--mount-rm /data", {"mounts": []}, "--mount src=data,dst=/data"),
    Change("--mount-add src=other,dst=/data", _volume(source="other"), "--mount src=data,dst=/data,volume-nocopy"),
    Change("--secret-add two --secret-rm one", {"secrets": [{"secret_name": "two"}]}, "--secret one"),
    Change(
        "--secret-rm one --secret-add source=two,target=key",
        {"secrets": [{"secret_name": "two", "filename": "key"}]},
        "--secret source=one,target=key",
    ),
    Change("--config-add src=two,target=/b --config-rm one", {"configs": [{"config_name": "two", "filename": "/b"}]}, "--config one"),
    Change("--config-rm one", {"configs": []}, "--config one --credential-spec config://two"),
    Change("--network-add two --network-rm one", {"networks": ["two"]}, "--network one"),
    Change(
        "--network-add name=two,alias=b,driver-opt=x=y",
        {"networks": [{"name": "one", "aliases": ["a"]}, {"name": "two", "aliases": ["b"], "options": {"x": "y"}}]},
        "--network name=one,alias=a",
    ),
    Change("--publish-add 18081:81", {"publish": [_port(80, 18080), _port(81, 18081)]}, "--publish 18080:80"),
    Change("--publish-rm 80", {"publish": []}, "--publish 18080:80"),
    Change("--publish-rm 80/udp", {"publish": [_port(80, 18080)]}, "-p 18080:80 -p 18080:80/udp"),
    Change("--publish-add 18090:80/udp", {"publish": [_port(80, 18080), _port(80, 18090, protocol="udp")]}, "-p 18080:80"),
    Change("--endpoint-mode dnsrr", {"endpoint_mode": "dnsrr"}, "--endpoint-mode vip"),
    # Resources.
    Change(
        "--limit-cpu 2 --limit-memory 128m --reserve-cpu 1 --reserve-memory 16m --limit-pids 5",
        {"limits": {"cpus": 2, "memory": "128M", "pids": 5}, "reservations": {"cpus": 1, "memory": "16M"}},
        "--limit-cpu 1 --reserve-memory 8m",
    ),
    Change("--limit-memory 0", {"limits": {"memory": "0"}}, "--limit-memory 64m"),
    Change("--limit-cpu 1", {"limits": {"cpus": 1}}),
    Change(
        "--limit-cpu 0 --limit-memory 0 --limit-pids 0", {"limits": {}}, "--limit-cpu 1 --limit-memory 9m --limit-pids 3"
    ),
    Change(
        "--generic-resource-add fpga=2 --generic-resource-rm gpu",
        {"reservations": {"generic_resources": [{"kind": "fpga", "value": 2}]}},
        "--generic-resource gpu=1",
    ),
    Change(
        "--log-driver syslog --log-opt tag=a",
        {"logging": {"driver": "syslog", "options": {"tag": "a"}}},
        "--log-driver json-file --log-opt max-size=1m",
    ),
    # Policies.
    Change("--restart-condition none", {"restart_config": {"condition": "none"}}),
    Change("--restart-max-attempts 2", {"restart_config": {"max_attempts": 2}}, "--restart-delay 1s"),
    Change("--restart-window 3s --restart-delay 4s", {"restart_config": {"window": "3s", "delay": "4s"}}, "--restart-window 1s"),
    *(Change(_whole(kind), {f"{kind}_config": _ALL_OF_A_ROLLOUT}) for kind in ("update", "rollback")),
    Change("--update-delay 10s", {"update_config": {"delay": "10s"}}),
    Change("--rollback-order start-first", {"rollback_config": {"order": "start-first"}}),
    Change("--update-delay 2s", {"update_config": {"delay": "2s"}}, "--update-parallelism 4 --update-order start-first"),
    Change("--update-failure-action rollback", {"update_config": {"failure_action": "rollback"}}, "--update-monitor 7s"),
    # Placement and jobs.
    Change(
        "--constraint-add node.labels.b==1 --constraint-rm node.labels.a==1",
        {"placement": {"constraints": ["node.labels.b==1"]}},
        "--constraint node.labels.a==1",
    ),
    Change("--constraint-rm node.labels.a==1", {"placement": {"constraints": []}}, "--constraint node.labels.a==1"),
    Change(
        "--placement-pref-add spread=node.labels.b --placement-pref-rm spread=node.labels.a",
        {"placement": {"preferences": [{"spread": "node.labels.b"}]}},
        "--placement-pref spread=node.labels.a",
    ),
    Change("--replicas-max-per-node 3", {"placement": {"replicas_max_per_node": 3}}, "--replicas-max-per-node 2"),
    Change("scale 5", {"replicas": 5}, f"--mode replicated-job --replicas 4 {_PLACED}"),
    Change("--env-add A=1", {"env": {"A": "1"}}, f"--mode global-job {_PLACED}"),
    Change("--with-registry-auth --label-add a=1", {"with_registry_auth": True, "labels": {"a": "1"}}),
]  # fmt: skip


# Objects that say nothing when they are empty: the command line writes them out for a new service, and our module
# makes none of them, as engines do not need them (unlike Placement, K1). Those of a service that exists both leave.
_HOLLOW = (
    "EndpointSpec",
    "TaskTemplate.Resources.Limits",
    "TaskTemplate.Resources.Reservations",
    "TaskTemplate.Resources",
    "TaskTemplate.ContainerSpec.DNSConfig",
)
# Lists whose order says nothing: the command line sorts some (capabilities, networks by ID), moves what it repeats to
# the end (environment), or gives them the order of a Go map (configs, secrets, ports,
# generic resources).
_UNORDERED = (
    "EndpointSpec.Ports",
    "TaskTemplate.Networks",
    "TaskTemplate.Placement.Constraints",
    "TaskTemplate.Resources.Reservations.GenericResources",
    "TaskTemplate.ContainerSpec.CapabilityAdd",
    "TaskTemplate.ContainerSpec.CapabilityDrop",
    "TaskTemplate.ContainerSpec.Configs",
    "TaskTemplate.ContainerSpec.Env",
    "TaskTemplate.ContainerSpec.Secrets",
)


def effective(spec: dict[str, Any], options: Options, new: bool = True) -> dict[str, Any]:
    """A raw spec without what makes no difference to the engine. All that is levelled out is:

    - of new services, empty objects (_HOLLOW, and those of a volume);
    - the order of lists without one (_UNORDERED);
    - EndpointSpec.Mode vip, which is also what the engine means by none;
    - Init false where the task says nothing of init. The command line decides so for everybody, our module leaves it
      to the engine's own setting, which is false too unless daemon.json says otherwise;
    - BindOptions.Propagation rprivate, likewise;
    - blanks around the operator of a constraint.
    """
    made: dict[str, Any] = copy.deepcopy(spec)
    container = made["TaskTemplate"]["ContainerSpec"]
    if "init" not in options and container.get("Init") is False:
        del container["Init"]
    if made.get("EndpointSpec", {}).get("Mode") == "vip":
        del made["EndpointSpec"]["Mode"]
    for mount in container.get("Mounts", ()):
        _level_mount(mount)
    placement = made["TaskTemplate"].get("Placement", {})
    if "Constraints" in placement:
        placement["Constraints"] = [re.sub(r"\s*([=!]=)\s*", r"\1", said) for said in placement["Constraints"]]
    for path in _HOLLOW if new else ():
        _drop_empty(made, *path.split("."))
    for path in _UNORDERED:
        *way, last = path.split(".")
        place = _follow(made, way)
        if last in place:
            place[last] = sorted(place[last], key=lambda item: json.dumps(item, sort_keys=True))
    return made


def _level_mount(mount: dict[str, Any]) -> None:
    if mount.get("BindOptions") == {"Propagation": "rprivate"}:
        del mount["BindOptions"]
    _drop_empty(mount, "VolumeOptions", "DriverConfig")
    _drop_empty(mount, "VolumeOptions")


def _drop_empty(document: dict[str, Any], *path: str) -> None:
    place = _follow(document, path[:-1])
    if place.get(path[-1]) == {}:
        del place[path[-1]]


def _follow(document: dict[str, Any], path: Iterable[str]) -> dict[str, Any]:
    for key in path:
        document = document.get(key, {})
    return document
