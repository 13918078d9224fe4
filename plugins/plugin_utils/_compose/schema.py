# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of the format and their types, 3.0 to 3.13 (docker/cli, cli/compose/schema/data), and the check of a file by them."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._stack.compose_places import File, Invalid
from . import unsupported_keys
from .normalize.ports import parse_port, published_ports
from .problems import Problems
from .units import duration, file_mode, size
from .validators import (
    Anything,
    Keys,
    Kind,
    ListOf,
    MapOf,
    Null,
    OneOf,
    Report,
    Scalar,
    SinceVersion,
    not_negative,
    read_boolean,
    read_integer,
    read_number,
    whole,
)

_NEWEST = 13
_VERSION = re.compile(r"3\.(0|[1-9][0-9]*)")
_ITEM_EXTENSIONS = (3, 7)
NO_REASONS: t.Mapping[str, str] = {}
Kinds = t.Mapping[str, Kind]


def _since(minor: int, kind: Kind) -> SinceVersion:
    return SinceVersion((3, minor), kind)


def _one_of(*words: str) -> Scalar:
    def proper(value: str) -> None:
        if value not in words:
            raise ValueError(f"must be {' or '.join(words)}")

    return Scalar("a string", (str,), proper=proper)


def _proper_mode(value: float | str) -> None:
    if isinstance(value, str):
        file_mode(value)
    else:
        whole(value)


def _proper_label(text: str) -> None:
    if not text.partition("=")[0].strip():
        raise ValueError("a label has no key. Write it as KEY=value")


STRING = Scalar("a string", (str,))
DURATION = Scalar("a duration", (str,), proper=duration, number="write it with its unit, such as 10s")
SIZE = Scalar("a size", (str,), proper=size)
CPUS = OneOf((STRING, Scalar("a number", (int, float), read_number)))
INTEGER = Scalar("a whole number", (int,), read_integer)
COUNT = Scalar("a whole number", (int,), read_integer, not_negative)
WHOLE = Scalar("a whole number", (int, float), read_integer, whole)
NUMBER = Scalar("a number", (int, float), read_number)
BOOLEAN = Scalar("true or false", (bool,), read_boolean)
NULL = Null()
TEXTS = ListOf(STRING, unique=True)
WORDS = OneOf((STRING, ListOf(STRING)))
TEXT_OR_TEXTS = OneOf((STRING, TEXTS))
PLAIN = OneOf((STRING, Scalar("a number", (int, float))))
_PLAIN_OR_NULL = MapOf(OneOf((*PLAIN.kinds, NULL)))
PAIRS = OneOf((_PLAIN_OR_NULL, TEXTS))
LABELS = OneOf((_PLAIN_OR_NULL, ListOf(Scalar("a string", (str,), proper=_proper_label), unique=True)))
OPTIONS = MapOf(PLAIN)
BYTES = OneOf((COUNT, SIZE))
# What a variable has is a decimal number, as the command line reads it.
MODE = Scalar("a number, or octal digits in quotes", (int, float, str), read_integer, _proper_mode)
PUBLISHED = OneOf((INTEGER, Scalar("a port", (str,), proper=published_ports)))
COMMAND = OneOf((*WORDS.kinds, NULL))
PORT = Scalar("a port", (str, int), proper=parse_port)

_UPDATE: Kinds = {
    "parallelism": COUNT,
    "delay": DURATION,
    "failure_action": STRING,
    "monitor": DURATION,
    "max_failure_ratio": NUMBER,
}
_ORDER = _one_of("start-first", "stop-first")
_RESERVATIONS: Kinds = {
    "cpus": CPUS,
    "memory": SIZE,
    "generic_resources": _since(5, ListOf(Keys({"discrete_resource_spec": Keys({"kind": STRING, "value": WHOLE})}))),
}
_DEPLOY: Kinds = {
    "mode": STRING,
    "endpoint_mode": _since(2, STRING),
    "replicas": COUNT,
    "labels": LABELS,
    "update_config": Keys({**_UPDATE, "order": _since(4, _ORDER)}),
    "rollback_config": _since(7, Keys({**_UPDATE, "order": _ORDER})),
    "resources": Keys(
        {
            "limits": Keys({"cpus": CPUS, "memory": SIZE, "pids": _since(9, INTEGER)}),
            "reservations": Keys(_RESERVATIONS, reasons=unsupported_keys.RESERVATION),
        }
    ),
    "restart_policy": Keys({"condition": STRING, "delay": DURATION, "max_attempts": COUNT, "window": DURATION}),
    "placement": Keys(
        {
            "constraints": ListOf(STRING),
            "preferences": _since(3, ListOf(Keys({"spread": STRING}))),
            "max_replicas_per_node": _since(8, COUNT),
        }
    ),
}
_HEALTHCHECK: Kinds = {
    "disable": BOOLEAN,
    "interval": DURATION,
    "retries": WHOLE,
    "test": WORDS,
    "timeout": DURATION,
    "start_period": _since(4, DURATION),
    "start_interval": _since(12, DURATION),
}
_LONG_PORT = Keys(
    {
        "mode": STRING,
        "target": INTEGER,
        "published": PUBLISHED,
        "protocol": STRING,
        **dict.fromkeys(unsupported_keys.PORT, PLAIN),
    }
)
_LONG_VOLUME = Keys(
    {
        "type": STRING,
        "source": STRING,
        "target": STRING,
        "read_only": BOOLEAN,
        "consistency": STRING,
        "bind": Keys({"propagation": STRING}, loose=True),
        # subpath is in none of the schemas, which ignore it, but the command line knows it.
        "volume": Keys({"nocopy": BOOLEAN, "subpath": STRING}, loose=True),
        "tmpfs": _since(6, Keys({"size": BYTES}, loose=True)),
    },
    needed=("type",),
)
_REFERENCES = ListOf(
    OneOf(
        (
            STRING,
            Keys({"source": STRING, "target": STRING, "uid": STRING, "gid": STRING, "mode": MODE}, loose=True),
        )
    )
)
_ATTACHMENT = Keys(
    {
        "aliases": TEXTS,
        "driver_opts": _since(13, OPTIONS),
        **dict.fromkeys(unsupported_keys.ATTACHMENT, Anything()),
    }
)
_ENV_FILE = Keys({"path": STRING, "required": BOOLEAN, "format": STRING}, needed=("path",))
_ENV_FILES = OneOf((STRING, ListOf(OneOf((STRING, _ENV_FILE)), unique=True), _ENV_FILE))
_LIMITS = OneOf((INTEGER, Keys({"hard": INTEGER, "soft": INTEGER}, needed=("soft", "hard"))))

SERVICE: Kinds = {
    **dict.fromkeys(unsupported_keys.OF_ONE_MACHINE, Anything()),
    "build": Anything(),
    "cap_add": TEXTS,
    "cap_drop": TEXTS,
    "cgroup_parent": STRING,
    "cgroupns_mode": _since(9, STRING),
    "command": COMMAND,
    "configs": _since(3, _REFERENCES),
    "container_name": STRING,
    "credential_spec": _since(3, Keys({"config": _since(8, STRING), "file": STRING, "registry": STRING})),
    "depends_on": OneOf((TEXTS, MapOf(Anything()))),
    "deploy": OneOf((Keys(_DEPLOY), NULL)),
    "devices": TEXTS,
    "dns": TEXT_OR_TEXTS,
    "dns_search": TEXT_OR_TEXTS,
    "domainname": STRING,
    "entrypoint": COMMAND,
    "env_file": _ENV_FILES,
    "environment": PAIRS,
    "expose": ListOf(PLAIN, unique=True),
    "external_links": TEXTS,
    "extra_hosts": PAIRS,
    "healthcheck": Keys(_HEALTHCHECK),
    "hostname": STRING,
    "image": STRING,
    "init": _since(7, BOOLEAN),
    "ipc": STRING,
    "isolation": _since(5, STRING),
    "labels": LABELS,
    "links": TEXTS,
    "logging": Keys({"driver": STRING, "options": _PLAIN_OR_NULL}),
    "mac_address": STRING,
    "network_mode": STRING,
    "networks": OneOf((MapOf(OneOf((_ATTACHMENT, NULL)), named=True), TEXTS)),
    "oom_score_adj": _since(13, INTEGER),
    "pid": OneOf((STRING, NULL)),
    "ports": ListOf(OneOf((PORT, _since(2, _LONG_PORT))), unique=True),
    "privileged": BOOLEAN,
    "read_only": BOOLEAN,
    "restart": STRING,
    "secrets": _since(1, _REFERENCES),
    "security_opt": TEXTS,
    "shm_size": PLAIN,
    "stdin_open": BOOLEAN,
    "stop_grace_period": DURATION,
    "stop_signal": STRING,
    "sysctls": PAIRS,
    "tmpfs": TEXT_OR_TEXTS,
    "tty": BOOLEAN,
    "ulimits": MapOf(_LIMITS),
    "user": STRING,
    "userns_mode": STRING,
    "volumes": ListOf(OneOf((STRING, _since(2, _LONG_VOLUME)))),
    "working_dir": STRING,
}
_EXTERNAL = OneOf((BOOLEAN, Keys({"name": STRING})))
_NETWORK: Kinds = {
    "attachable": _since(2, BOOLEAN),
    "driver": STRING,
    "driver_opts": OPTIONS,
    "external": _EXTERNAL,
    "internal": BOOLEAN,
    "ipam": Keys(
        {"driver": STRING, "config": ListOf(Keys({"subnet": STRING}, reasons=unsupported_keys.POOL))},
        reasons=unsupported_keys.IPAM,
    ),
    "labels": LABELS,
    "name": _since(5, STRING),
}
_VOLUME: Kinds = {
    "driver": STRING,
    "driver_opts": OPTIONS,
    "external": _EXTERNAL,
    "labels": LABELS,
    "name": _since(4, STRING),
}
_SECRET_OR_CONFIG: Kinds = {
    "environment": STRING,
    "external": _EXTERNAL,
    "file": STRING,
    "labels": LABELS,
    "name": _since(5, STRING),
    "template_driver": _since(8, STRING),
}
_CONFIG: Kinds = {**_SECRET_OR_CONFIG, "content": STRING}
_SECRET: Kinds = {**_SECRET_OR_CONFIG, "driver": _since(8, STRING), "driver_opts": _since(8, OPTIONS)}


def _section(keys: Kinds, empty: bool = False, reasons: t.Mapping[str, str] | None = None) -> MapOf:
    item = Keys(keys, _ITEM_EXTENSIONS, reasons=reasons or NO_REASONS)
    return MapOf(OneOf((item, NULL)) if empty else item, named=True)


FILE = Keys(
    {
        "version": STRING,
        "name": STRING,
        "services": _section(SERVICE, reasons=unsupported_keys.SERVICE),
        "networks": _section(_NETWORK, empty=True, reasons=unsupported_keys.NETWORK),
        "volumes": _section(_VOLUME, empty=True),
        "secrets": _since(1, _section(_SECRET)),
        "configs": _since(3, _section(_CONFIG)),
    },
    extensions=(3, 4),
    reasons=unsupported_keys.FILE,
)


def version_of(file: File) -> tuple[int, int]:
    """The version of the format; without one, or with 3, it is the newest. Raises Invalid."""
    if not isinstance(file.document, dict):
        raise Invalid("", "must be a mapping with services", file)
    said = file.document.get("version", "3")
    if not isinstance(said, str):
        raise Invalid("version", "must be a string. Put it in quotes", file)
    match = _VERSION.fullmatch(said)
    if said in ("", "3"):
        return 3, _NEWEST
    if not match or int(match[1]) > _NEWEST:
        raise Invalid("version", f"{said!r} is not a version of the format for swarms. Use 3.0 to 3.{_NEWEST}", file)
    return 3, int(match[1])


def checked(
    file: File, document: t.Any, version: tuple[int, int], problems: Problems, warn: t.Callable[[str, str], None]
) -> t.Any:
    """The document with typed values, without extensions and without what is wrong, which is added to the problems."""
    report = Report(version, [], [])
    found = FILE.check(document, "", report)
    for problem in report.problems:
        problems.add(problem._replace(file=file))
    for warning in report.warnings:
        warn(warning.place, warning.text)
    return found
