# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files for `docker stack deploy`, and the options of swarm_service that say the same of one service.

They need the networks, secrets and configs of service_cli.py, and stand beside its files.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .service_cli import IMAGE, NOWHERE

Options = dict[str, Any]


class Stack(NamedTuple):
    """A compose file.

    :param service: the one of its services that is looked at, as the swarm calls it.
    :param options: of the task that says what the file says.
    :param change: options of a task that changes something.
    :param moved: the places in the raw spec that this changes, and nothing else.
    """

    name: str
    compose: str
    service: str
    options: Options
    change: Options
    moved: set[str]

    def __str__(self) -> str:
        return f"stack {self.name}"


_WEB = f"""
version: "3.9"
services:
  web:
    image: {IMAGE}
    entrypoint: ["sh", "-c"]
    command: sleep 10
    hostname: "{{{{.Node.Hostname}}}}"
    user: "1000:1000"
    working_dir: /tmp
    stop_signal: SIGQUIT
    stop_grace_period: 1m30s
    init: true
    read_only: true
    env_file: [b.env]
    environment:
      TZ: UTC
      EMPTY: ""
      GONE:
    labels: {{colour: red}}
    dns: [192.0.2.1]
    dns_search: [a.example]
    extra_hosts: ["db:192.0.2.7"]
    healthcheck:
      test: test -e /ok
      interval: 10s
      retries: 3
      start_period: 1m
    logging:
      driver: json-file
      options: {{max-size: 1m, max-file: "3"}}
    networks:
      front: {{aliases: [www]}}
      back:
    ports:
      - "18080:80"
      - "18053:53/udp"
    secrets:
      - one
      - {{source: two, target: key, uid: "1", gid: "2", mode: 0400}}
    configs:
      - {{source: one, target: /etc/one.conf}}
    volumes:
      - data:/data:ro
      - type: tmpfs
        target: /cache
        tmpfs: {{size: 1048576}}
    deploy:
      replicas: 0
      labels: {{team: shop}}
      update_config: {{parallelism: 2, delay: 5s, order: start-first, failure_action: rollback}}
      rollback_config: {{parallelism: 0}}
      restart_policy: {{condition: on-failure, max_attempts: 3, window: 2m}}
      resources:
        limits: {{cpus: "0.5", memory: 64M, pids: 20}}
        reservations: {{memory: 8M, generic_resources: [{{discrete_resource_spec: {{kind: gpu, value: 1}}}}]}}
      placement:
        constraints: ["node.role == manager"]
        preferences: [{{spread: node.labels.zone}}]
        max_replicas_per_node: 2
networks:
  front: {{driver: overlay}}
  back: {{external: true, name: one}}
secrets:
  one: {{external: true}}
  two: {{external: true}}
configs:
  one: {{external: true}}
volumes:
  data: {{driver: local, driver_opts: {{type: tmpfs, device: tmpfs}}, labels: {{keep: "yes"}}}}
"""

_AGENT = f"""
version: "3.9"
services:
  agent:
    image: {IMAGE}
    command: ["sleep", "1 0"]
    tty: true
    stdin_open: true
    cap_add: [net_admin, SYS_TIME]
    cap_drop: [ALL]
    sysctls: {{net.core.somaxconn: 128}}
    ulimits:
      nproc: 100
      nofile: {{soft: 1024, hard: 2048}}
    credential_spec: {{file: agent.json}}
    healthcheck: {{disable: true}}
    isolation: default
    networks: [hostnet]
    ports:
      - {{target: 9100, published: 19100, protocol: tcp, mode: host}}
    volumes:
      - {{type: bind, source: /proc, target: /host/proc, read_only: true, bind: {{propagation: rslave}}}}
      - /var/log:/logs
    deploy:
      mode: global
      endpoint_mode: dnsrr
      placement: {{constraints: [{NOWHERE}]}}
networks:
  hostnet: {{external: true, name: host}}
"""

_JOB = f"""
version: "3.9"
services:
  job:
    image: {IMAGE}
    environment: ["A=1", "B=x=y"]
    credential_spec: {{config: two}}
    restart: "on-failure:4"
    configs: [{{source: one, mode: 0440}}]
    volumes: [scratch:/scratch]
    deploy:
      replicas: 0
  idle:
    image: {IMAGE}
    deploy: {{replicas: 0}}
configs:
  one: {{external: true}}
  two: {{external: true}}
volumes:
  scratch:
    name: shared-scratch
"""

STACKS = [
    Stack(
        "shop",
        _WEB,
        "shop_web",
        {
            "image": IMAGE,
            "command": ["sh", "-c"],
            "args": ["sleep", "10"],
            "hostname": "{{.Node.Hostname}}",
            "user": "1000:1000",
            "working_dir": "/tmp",
            "stop_signal": "SIGQUIT",
            "stop_grace_period": "1m30s",
            "init": True,
            "read_only": True,
            "env_files": ["b.env"],
            "env": {"TZ": "UTC", "EMPTY": "", "GONE": None},
            "container_labels": {"colour": "red"},
            "dns": ["192.0.2.1"],
            "dns_search": ["a.example"],
            "hosts": {"db": "192.0.2.7"},
            "healthcheck": {"test": "test -e /ok", "interval": "10s", "retries": 3, "start_period": "1m"},
            "logging": {"driver": "json-file", "options": {"max-size": "1m", "max-file": "3"}},
            # The stack gives each network the service's own name too.
            "networks": [{"name": "one", "aliases": ["web"]}, {"name": "shop_front", "aliases": ["www", "web"]}],
            "publish": [
                {"target_port": 80, "published_port": 18080},
                {"target_port": 53, "published_port": 18053, "protocol": "udp"},
            ],
            "secrets": [
                {"secret_name": "one"},
                {"secret_name": "two", "filename": "key", "uid": "1", "gid": "2", "mode": "0400"},
            ],
            "configs": [{"config_name": "one", "filename": "/etc/one.conf"}],
            "mounts": [
                {
                    "type": "volume",
                    "source": "shop_data",
                    "target": "/data",
                    "readonly": True,
                    "labels": {"keep": "yes"},
                    "driver_config": {"name": "local", "options": {"type": "tmpfs", "device": "tmpfs"}},
                },
                {"type": "tmpfs", "target": "/cache", "tmpfs_size": "1M"},
            ],
            "replicas": 0,
            "labels": {"team": "shop"},
            "update_config": {
                "parallelism": 2,
                "delay": "5s",
                "order": "start-first",
                "failure_action": "rollback",
            },
            "rollback_config": {"parallelism": 0},
            "restart_config": {"condition": "on-failure", "max_attempts": 3, "window": "2m"},
            "limits": {"cpus": 0.5, "memory": "64M", "pids": 20},
            "reservations": {"memory": "8M", "generic_resources": [{"kind": "gpu", "value": 1}]},
            "placement": {
                "constraints": ["node.role==manager"],
                "preferences": [{"spread": "node.labels.zone"}],
                "replicas_max_per_node": 2,
            },
        },
        {"labels": {"team": "blue"}},
        {"Labels.team"},
    ),
    Stack(
        "watch",
        _AGENT,
        "watch_agent",
        {
            "image": IMAGE,
            "args": ["sleep", "1 0"],
            "tty": True,
            "stdin_open": True,
            "cap_add": ["NET_ADMIN", "sys_time"],
            "cap_drop": ["all"],
            "sysctls": {"net.core.somaxconn": "128"},
            "ulimits": {"nofile": {"soft": 1024, "hard": 2048}, "nproc": 100},
            "credential_spec": {"file": "agent.json"},
            "healthcheck": {"test": "NONE"},
            "isolation": "default",
            "networks": ["host"],
            "publish": [{"target_port": 9100, "published_port": 19100, "mode": "host"}],
            "mounts": [
                {"source": "/proc", "target": "/host/proc", "readonly": True, "propagation": "rslave"},
                {"source": "/var/log", "target": "/logs"},
            ],
            "mode": "global",
            "endpoint_mode": "dnsrr",
            "labels": {},
            "container_labels": {},
            "placement": {"constraints": [NOWHERE]},
        },
        {"container_labels": {"colour": "red"}},
        {"TaskTemplate.ContainerSpec.Labels.colour"},
    ),
    Stack(
        "night",
        _JOB,
        "night_job",
        {
            "image": IMAGE,
            "env": {"B": "x=y", "A": "1"},
            "credential_spec": {"config": "two"},
            "restart_config": {"condition": "on-failure", "max_attempts": 4},
            "configs": [{"config_name": "one", "mode": "0440"}],
            "mounts": [
                {
                    "type": "volume",
                    "source": "shared-scratch",
                    "target": "/scratch",
                    "labels": {"com.docker.stack.namespace": "night"},
                }
            ],
            "networks": [{"name": "night_default", "aliases": ["job"]}],
            "replicas": 0,
            "init": "",
            "endpoint_mode": "vip",
        },
        {"env": {"A": "2"}, "env_state": "merge"},
        {"TaskTemplate.ContainerSpec.Env"},
    ),
]
