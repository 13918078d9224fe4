# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stacks as people write them, which together use every key of the format that does something.

They need the networks, secrets and configs of EXTERNAL. Services have no replicas where they can, so that a real
engine has nothing to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

IMAGE = "lab/busybox:1"
EXTERNAL = ("ext", "ext2", "ext3")


class Sample(NamedTuple):
    """:param files: compose files, the first one first. :param beside: other files. :param values: the environment.
    :param newer: whether the docker command line of 20.10 does not know all of it.
    """

    name: str
    files: tuple[str, ...]
    beside: Mapping[str, str] = MappingProxyType({})
    values: Mapping[str, str] = MappingProxyType({})
    newer: bool = False


_PROXY = """
version: "3.8"
x-logging: &logging
  driver: json-file
  options: {max-size: 10m, max-file: 3}
services:
  proxy:
    image: ${REGISTRY:-lab}/busybox:${TAG-1}
    command: --providers.docker --entrypoints.web.address=:80 --label "a b" 'c d' e\\ f
    ports:
      - target: 80
        published: 18080
        mode: host
      - "18443:443"
      - 19000-19002:9000-9002/udp
      - "127.0.0.1:18081:81/tcp"
      - "82"
      - 83
    networks:
      - public
      - outside
    logging: *logging
    deploy:
      replicas: 0
      endpoint_mode: VIP
      labels:
        traefik.enable: "true"
        weight: 1.5
        empty:
      placement:
        constraints: [node.role == manager, node.labels.zone!=b]
        preferences:
          - spread: node.labels.zone
          - spread: node.labels.rack
        max_replicas_per_node: 2
      update_config: {parallelism: 2, delay: 10s, failure_action: rollback, monitor: 1m, max_failure_ratio: 0.3, order: start-first}
      rollback_config: {parallelism: 0, order: stop-first}
      restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 2m}
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - ./certs:/certs
      - ~/keys:/keys:ro,rslave
networks:
  public:
    attachable: true
    driver_opts: {encrypted: "", number: 1}
    labels: [a=1, b]
  outside:
    external: true
    name: ext
"""

_DATABASE = """
version: "3.9"
services:
  db:
    image: lab/busybox:1
    hostname: "{{.Service.Name}}-{{.Task.Slot}}"
    user: "999:999"
    working_dir: /var/lib
    read_only: true
    init: true
    stop_signal: SIGINT
    stop_grace_period: 1m30s
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD_FILE: /run/secrets/password
      NUMBER: 5
      RATIO: 0.25
      BIG: 1000000000000000000000
      FLOAT: 2.0
      PRICE: "$$5"
      EMPTY: ""
      FROM_OUTSIDE:
      UNKNOWN:
    secrets:
      - password
      - source: ext
        target: token
        uid: "103"
        gid: "104"
        mode: 0440
    configs:
      - source: settings
        target: /etc/settings.conf
      - ext2
    volumes:
      - data:/var/lib/data:nocopy
      - /anonymous
      - type: volume
        source: shared
        target: /shared
        read_only: true
        volume: {nocopy: true}
      - type: volume
        source: foreign
        target: /foreign
      - type: tmpfs
        target: /run/tmp
        tmpfs: {size: 67108864}
      - type: tmpfs
        target: /run/plain
      - type: bind
        source: /srv
        target: /srv
        bind: {propagation: rshared}
    healthcheck:
      test: pg_isready -U shop
      interval: 10s
      timeout: 1.5s
      retries: 5
      start_period: 1m
    deploy:
      replicas: 0
      resources:
        limits: {cpus: "0.50", memory: 512M, pids: 100}
        reservations:
          cpus: "0.25"
          memory: 64mb
          generic_resources:
            - discrete_resource_spec: {kind: gpu, value: 2}
            - discrete_resource_spec: {kind: ssd, value: 1}
volumes:
  data:
    driver: local
    driver_opts: {type: tmpfs, device: tmpfs, number: 5}
    labels: {keep: "yes"}
  shared: {name: really-shared}
  foreign: {external: true}
secrets:
  password: {file: ./password.txt, labels: {rotate: monthly}}
  ext: {external: true}
configs:
  settings: {file: settings.conf, template_driver: golang, name: "settings-${VERSION:?no version}"}
  ext2: {external: true}
"""

_AGENT = """
version: "3.7"
services:
  agent:
    image: lab/busybox:1
    entrypoint: ["sleep", "1 0"]
    command: []
    tty: true
    stdin_open: true
    cap_add: [net_admin, SYS_TIME, net_raw]
    cap_drop: [ALL, CAP_NET_RAW]
    dns: 192.0.2.1
    dns_search: [a.example, b.example]
    extra_hosts: ["db:192.0.2.7", "six:2001:db8::1"]
    sysctls: {net.core.somaxconn: 1024}
    ulimits:
      nproc: 65535
      nofile: {soft: 20000, hard: 40000}
    labels: ["com.example.a=b=c", "com.example.bare"]
    isolation: default
    networks: {hostnet: {}}
    deploy:
      mode: global
      placement: {constraints: ["node.labels.nowhere == yes"]}
networks:
  hostnet: {external: true, name: host}
"""

_JOBS = """
version: "3.9"
services:
  migrate:
    image: lab/busybox:1
    command: "true"
    deploy:
      mode: replicated-job
      replicas: 3
      placement: {constraints: ["node.labels.nowhere == yes"]}
      restart_policy: {condition: on-failure, delay: 0s, max_attempts: 0}
  sweep:
    image: lab/busybox:1
    deploy:
      mode: global-job
      placement: {constraints: ["node.labels.nowhere == yes"]}
"""

_NETWORKS = """
version: "3.5"
services:
  web:
    image: lab/busybox:1
    networks:
      front:
        aliases: [www, web.example]
      back:
      named:
        aliases: []
    deploy: {replicas: 0, endpoint_mode: dnsrr}
  other:
    image: lab/busybox:1
    deploy: {replicas: 0}
networks:
  default:
    driver: overlay
    ipam:
      driver: default
      config:
        - subnet: 10.77.0.0/24
  front: {internal: true, labels: {tier: front}}
  back:
    ipam: {config: [{subnet: 10.78.0.0/24}]}
  named: {name: "judged-net"}
  unused: {driver: overlay}
"""

_ENVIRONMENT = """
version: "3.8"
services:
  app:
    image: lab/busybox:1
    env_file:
      - common.env
      - special.env
    environment:
      - B=service
      - OUTSIDE
      - NOWHERE
      - EMPTY=
      - EQUALS=a=b
    deploy: {replicas: 0}
  single:
    image: lab/busybox:1
    env_file: common.env
    environment: {}
    deploy: {replicas: 0}
"""
_COMMON_ENV = """\
# comment
A=common
B=common
  C = not trimmed
QUOTED="kept"
TRAILING=blank \nOUTSIDE
ABSENT
EMPTIED=
""".replace("  C = not trimmed\n", "  C= leading kept\n")

_HEALTH = """
version: "3.8"
services:
  none:
    image: lab/busybox:1
    healthcheck: {disable: true}
    deploy: {replicas: 0}
  list:
    image: lab/busybox:1
    healthcheck: {test: ["CMD", "test", "-e", "/ok"], retries: 0}
    deploy: {replicas: 0}
  shell:
    image: lab/busybox:1
    healthcheck: {test: ["CMD-SHELL", "test -e /ok || exit 1"], interval: 1h5m, start_period: 500ms}
    deploy: {replicas: 0}
  only_interval:
    image: lab/busybox:1
    healthcheck: {interval: 3s}
    deploy: {replicas: 0}
"""

_RESTARTS = """
version: "3.8"
services:
  always: {image: "lab/busybox:1", restart: always, deploy: {replicas: 0}}
  stopped: {image: "lab/busybox:1", restart: unless-stopped, deploy: {replicas: 0}}
  failing: {image: "lab/busybox:1", restart: "on-failure:4", deploy: {replicas: 0}}
  failed: {image: "lab/busybox:1", restart: on-failure, deploy: {replicas: 0}}
  never: {image: "lab/busybox:1", restart: "no", deploy: {replicas: 0}}
  both: {image: "lab/busybox:1", restart: always, deploy: {replicas: 0, restart_policy: {condition: none}}}
  empty: {image: "lab/busybox:1", deploy: {replicas: 0, restart_policy: {}, update_config: {}, rollback_config: {}}}
"""

_IGNORED = """
version: "3.8"
services:
  web:
    image: lab/busybox:1
    build: .
    container_name: web
    depends_on: [db]
    devices: ["/dev/null:/dev/null"]
    domainname: example.com
    expose: ["80", 81]
    external_links: [a]
    ipc: host
    links: [db]
    mac_address: 02:42:ac:11:65:43
    network_mode: host
    pid: host
    privileged: true
    security_opt: [label:disable]
    shm_size: 64M
    tmpfs: /tmp
    userns_mode: host
    cgroup_parent: m
    x-mine: anything
    deploy: {replicas: 0}
  db:
    image: lab/busybox:1
    networks:
      default: {ipv4_address: 10.0.0.9}
    deploy: {replicas: 0}
volumes:
  unused: {}
networks:
  unused: {}
secrets:
  unused: {external: true, name: nowhere}
"""

_OBJECTS = """
version: "3.8"
services:
  app:
    image: lab/busybox:1
    secrets: [one, {source: named, target: /etc/named}, {source: tmpl, mode: 0}]
    configs: [conf, {source: far, uid: "5"}, ext2]
    deploy: {replicas: 0}
secrets:
  one: {file: one.txt}
  named: {file: one.txt, name: special-name}
  tmpl: {file: one.txt, template_driver: golang}
  idle: {file: one.txt, labels: [a]}
configs:
  conf: {file: conf.txt, labels: {a: b}}
  far: {external: {name: ext3}}
  ext2: {external: true}
"""

_BASE = """
version: "3.8"
services:
  web:
    image: lab/busybox:1
    command: [one, two]
    entrypoint: sh
    environment: {A: "1", B: "2", C: "3", E: }
    labels: {l1: a, l2: b}
    ports: ["18080:80", "18443:443"]
    volumes: ["data:/data", "/srv:/srv:ro"]
    secrets: [ext]
    configs: [ext]
    networks: {front: {aliases: [a]}, back: , third: {aliases: [c]}}
    dns: [192.0.2.1]
    cap_add: [SYS_TIME]
    tty: true
    init: true
    stop_grace_period: 30s
    ulimits: {nofile: 10, nproc: {soft: 1, hard: 2}}
    healthcheck: {test: ["CMD", "a"], interval: 10s, retries: 4}
    logging: {driver: json-file, options: {max-size: 1m, max-file: "2"}}
    sysctls: {net.a: "1"}
    extra_hosts: ["a:192.0.2.1"]
    deploy:
      replicas: 4
      labels: {d1: a}
      update_config: {parallelism: 3, delay: 5s}
      restart_policy: {condition: any, max_attempts: 3}
      placement: {constraints: ["node.labels.nowhere == yes"], max_replicas_per_node: 3}
      resources: {limits: {cpus: "0.5", memory: 64M}, reservations: {generic_resources: [{discrete_resource_spec: {kind: a, value: 1}}]}}
  only_base: {image: "lab/busybox:1", deploy: {replicas: 0}}
  untouched:
    image: lab/busybox:1
    volumes: ["data:/b", "data2:/a"]
    ports: ["19002:2", "19001:1"]
    deploy: {replicas: 0}
networks:
  front: {labels: {a: b}, internal: true}
  back: {}
  third: {}
volumes:
  data: {driver: local, labels: {a: b}}
  data2: {}
secrets:
  ext: {external: true}
  ext2: {external: true}
configs:
  ext: {external: true}
  ext2: {external: true}
"""
_OVERRIDE = """
version: "3.8"
services:
  web:
    command: three
    environment: {B: "22", C: "", D: "4", E: "5"}
    labels: {l2: "", l3: c}
    ports: ["18080:81", "18090:90"]
    volumes: ["data2:/data", "/opt:/opt"]
    secrets: [{source: ext, target: renamed}, ext2]
    configs: [ext2]
    networks: {front: {}, back: {aliases: [b]}, third: }
    dns: 192.0.2.2
    cap_add: [NET_ADMIN]
    tty: false
    init: false
    stop_grace_period: 40s
    ulimits: {nofile: {soft: 5, hard: 6}}
    healthcheck: {test: ["b"], timeout: 3s, retries: 0}
    logging: {options: {max-file: "9", tag: x}}
    sysctls: {net.b: "2"}
    extra_hosts: ["b:192.0.2.2"]
    user: nobody
    deploy:
      replicas: 0
      labels: {d2: b}
      update_config: {parallelism: 0, order: start-first}
      restart_policy: {max_attempts: 0}
      placement: {constraints: ["node.role == worker"], max_replicas_per_node: 0}
      resources: {limits: {memory: 32M}, reservations: {generic_resources: [{discrete_resource_spec: {kind: b, value: 2}}]}}
  untouched: {user: me}
  only_later: {image: "lab/busybox:1", deploy: {replicas: 0}}
networks:
  front: {attachable: true}
volumes:
  data: {driver_opts: {o: p}}
"""

_NEWER = """
services:
  web:
    image: lab/busybox:1
    healthcheck: {test: "true", start_interval: 2s}
    extra_hosts: {b: "[2001:db8::1]", a: 192.0.2.1}
    networks:
      front: {driver_opts: {com.docker.network.endpoint.sysctls: "net.ipv4.conf.IFNAME.log_martians=1"}}
    build: {context: ., anything: {goes: here}}
    volumes:
      - {type: volume, source: data, target: /data, volume: {subpath: below}}
    deploy:
      replicas: 0
      resources: {limits: {pids: 10}}
networks:
  front: {}
volumes:
  data: {}
"""

_VARIABLES = """
version: "3.8"
services:
  ${KEPT}web:
    image: $IMAGE_NAME:${TAG}
    read_only: ${YES}
    command: ["$UNSET", "$$HOME", "${A}${B-b}", "${EMPTY:-filled}", "${EMPTY-stays}", "$A-not default"]
    healthcheck: {test: "true", retries: "${NUMBER}"}
    ports: [{target: "${NUMBER}", published: "1808${NUMBER}"}, "${NUMBER}:${NUMBER}"]
    ulimits: {nofile: "${NUMBER}", nproc: {soft: "${NUMBER}", hard: "1${NUMBER}"}}
    secrets: [{source: ext, mode: "${MODE}"}]
    deploy:
      replicas: ${ZERO}
      update_config: {parallelism: "${NUMBER}", max_failure_ratio: "${RATIO}"}
networks:
  default: {attachable: "${YES}"}
secrets:
  ext: {external: "${YES}"}
""".replace("${KEPT}web", "web")

SAMPLES = [
    Sample("proxy", (_PROXY,)),
    Sample(
        "database",
        (_DATABASE,),
        {"password.txt": "s3cret\\n", "settings.conf": "a = {{.Service.Name}}\\n"},
        {"VERSION": "7", "FROM_OUTSIDE": "outside", "EMPTY": "filled from outside"},
    ),
    Sample("agent", (_AGENT,)),
    Sample("jobs", (_JOBS,), newer=True),
    Sample("networks", (_NETWORKS,)),
    Sample(
        "environment",
        (_ENVIRONMENT,),
        {"common.env": _COMMON_ENV, "special.env": "A=special\\r\\n"},
        {"OUTSIDE": "outside", "EMPTIED": "not so"},
    ),
    Sample("health", (_HEALTH,)),
    Sample("restarts", (_RESTARTS,)),
    Sample("ignored", (_IGNORED,)),
    Sample("objects", (_OBJECTS,), {"one.txt": "1", "conf.txt": "2"}),
    Sample("merged", (_BASE, _OVERRIDE), newer=True),
    Sample("newer", (_NEWER,), newer=True),
    Sample(
        "variables",
        (_VARIABLES,),
        values={
            "IMAGE_NAME": "lab/busybox",
            "TAG": "1",
            "YES": "Yes",
            "A": "a",
            "EMPTY": "",
            "NUMBER": "3",
            "MODE": "256",
            "ZERO": "0",
            "RATIO": "0.5",
        },
    ),
]
