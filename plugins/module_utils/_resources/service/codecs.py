# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units and spellings of a service's options. As everywhere, ``MISSING`` from ``encode`` removes the key."""

from __future__ import annotations

import base64
import json
import re
import typing as t

from ..._codec import Codec, string_map
from ..._durations import format_duration, parse_duration
from ..._path import MISSING

_SIZE = r"(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?"
_SIZE_UNITS = ("", "k", "m", "g", "t", "p")


def parse_size(text: t.Any) -> int:
    """Bytes from ``512M``, ``1.5g``, ``64MiB`` or a bare number; units are powers of 1024, as in the docker CLI."""
    match = re.fullmatch(_SIZE, str(text).strip().lower())
    if not match:
        raise ValueError(f"{text!r} is no size: write it like 512M, 1.5G or a number of bytes")
    return int(float(match[1]) * 1024 ** _SIZE_UNITS.index(match[2])) if "." in match[1] else _whole(match)


def _whole(match: re.Match[str]) -> int:
    return int(match[1]) * 1024 ** _SIZE_UNITS.index(match[2])


def format_size(size: int) -> str:
    """The largest unit that divides it: ``512M``; bytes without a unit."""
    power = 0
    while power < 4 and size and size % 1024 == 0:
        size, power = size // 1024, power + 1
    return f"{size}{_SIZE_UNITS[power].upper()}"


def _or_none(encode: t.Callable[[t.Any], t.Any]) -> t.Callable[[t.Any], t.Any]:
    """Empty and zero take the key away."""
    return lambda value: (encode(value) if value != "" else 0) or MISSING


SIZE = Codec(_or_none(parse_size), format_size)
# Zero is a value of its own (stop_grace_period: 0s kills at once); only empty takes the key away.
GRACE = Codec(lambda text: MISSING if text == "" else parse_duration(text), format_duration)
# As the last one, but zero is said aloud: without a delay the engine would wait 5 s before it restarts a task.
DURATION_ALWAYS = GRACE
DURATION_OR_NONE = Codec(_or_none(parse_duration), format_duration)
TEXT = Codec(lambda text: text or MISSING, lambda text: text or None)
# The engine writes it out when another option of the bind is given, and means it anyway.
PROPAGATION = Codec(
    lambda text: MISSING if text == "rprivate" else text, lambda text: None if text == "rprivate" else text
)
FLAG = Codec(lambda flag: flag or MISSING)
NUMBER = Codec(lambda number: number or MISSING)
LIST = Codec(lambda items: [str(item) for item in items] or MISSING)


def _encode_swap(text: t.Any) -> t.Any:
    return -1 if str(text).strip() == "-1" else SIZE.encode(text)


SWAP = Codec(_encode_swap, lambda size: "-1" if size == -1 else format_size(size))
# API type *int64: 0 (never swap) is a value, and -1 stands for the engine's default.
SWAPPINESS = Codec(lambda number: MISSING if number == -1 else number)


def _encode_cpus(cpus: float) -> t.Any:
    return round(cpus * 10**9) or MISSING


CPUS = Codec(_encode_cpus, lambda nano: nano / 10**9)
# The engine keeps it as a float of 32 bits (swarmkit, api/types.proto).
RATIO = Codec(float, lambda ratio: round(float(ratio), 6))


def parse_mode(text: t.Any) -> int:
    """File mode from ``"0444"``, ``444`` in YAML's octal spelling (an int by then) or ``0o444``."""
    if isinstance(text, int) and not isinstance(text, bool):
        mode = text
    elif re.fullmatch(r"(0o)?[0-7]{1,5}", str(text)):
        mode = int(str(text).replace("0o", ""), 8)
    else:
        raise ValueError(f"{text!r} is no file mode: write it like '0444', octal")
    if not 0 <= mode <= 0o7777:
        raise ValueError(f"{text!r} is no file mode: the highest is 07777")
    return mode


# Go's os.FileMode keeps setuid, setgid and sticky in bits of its own (https://pkg.go.dev/io/fs#FileMode), but what
# the docker CLI sends for services are the plain Unix bits.
MODE = Codec(parse_mode, lambda mode: f"{mode:04o}")


def _encode_command(command: t.Any) -> t.Any:
    if isinstance(command, str):
        import shlex

        command = shlex.split(command)
    if not isinstance(command, list):
        raise ValueError(f"{command!r} is neither a list nor a string")
    return [str(part) for part in command] or MISSING


COMMAND = Codec(_encode_command, list)


def _encode_test(test: t.Any) -> t.Any:
    """Compose's spellings: a string is run by the shell, NONE switches the image's healthcheck off."""
    if isinstance(test, str):
        test = test if test in ("", "NONE") else ["CMD-SHELL", test]
    if test == "NONE":
        test = ["NONE"]
    if not isinstance(test, (list, str)):
        raise ValueError(f"{test!r} is neither a list nor a string")
    if test and test[0] not in ("NONE", "CMD", "CMD-SHELL"):
        raise ValueError(f"{test!r} must begin with CMD, CMD-SHELL or NONE")
    return [str(part) for part in test] or MISSING


TEST = Codec(_encode_test, list)


# No message about the environment shows a value: it may be a password.
def _encode_env(env: t.Any) -> list[str]:
    if isinstance(env, dict):
        return [name if value is None else f"{name}={_env_text(name, value)}" for name, value in env.items()]
    if isinstance(env, str):  # as community.docker reads it
        env = env.split(",")
    if not isinstance(env, list):
        raise ValueError("it is neither a dictionary nor a list of NAME=value")
    return [str(item) for item in env]


def _env_text(name: t.Any, value: t.Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(
            f"the value of {name!r} must be a string, not of type {type(value).__name__}: put it in quotes"
        )
    return str(value)


def _checked_env(env: t.Any) -> list[str]:
    encoded = _encode_env(env)
    for number, item in enumerate(encoded, start=1):
        if not item.partition("=")[0].strip():
            raise ValueError(f"item {number} has no name: write it as NAME=value")
    # Programs disagree on which of two counts, so only one is sent; the docker CLI takes the last one too.
    return list({item.partition("=")[0]: item for item in encoded}.values())


def _decode_env(env: list[str]) -> dict[str, str | None]:
    """The last one of a name counts; NAME alone removes a variable of the image."""
    pairs = (item.partition("=") for item in env)
    return {name: value if equals else None for name, equals, value in pairs}


ENV = Codec(_checked_env, _decode_env)
STRINGS = Codec(string_map, dict)


def _encode_hosts(hosts: t.Any) -> t.Any:
    """The engine's lines are those of /etc/hosts: "IP name"."""
    if isinstance(hosts, dict):
        pairs = [(name, found) for name, one in hosts.items() for found in ([one] if isinstance(one, str) else one)]
    else:
        pairs = [_host(str(item)) for item in hosts]
    return [f"{_checked_ip(name, str(address))} {name}" for name, address in pairs]


def _host(item: str) -> tuple[str, str]:
    name, found, address = item.partition("=") if "=" in item else item.partition(":")
    if not found:
        raise ValueError(f"{item!r} is no host: write it as name:address")
    return name, address


def _checked_ip(name: t.Any, address: str) -> str:
    from ..._address import is_ip

    if not is_ip(address.strip("[]")):
        raise ValueError(f"the address of {name!r} must be an IP address, not {address!r}")
    return address.strip("[]")


def _decode_hosts(lines: list[str]) -> dict[str, t.Any]:
    hosts: dict[str, t.Any] = {}
    for line in lines:
        address, _blank, name = line.partition(" ")
        known = hosts.get(name)
        hosts[name] = address if known is None else [*([known] if isinstance(known, str) else known), address]
    return hosts


HOSTS = Codec(_encode_hosts, _decode_hosts)


def _encode_ulimits(ulimits: dict[str, t.Any]) -> t.Any:
    return [_ulimit(name, value) for name, value in sorted(ulimits.items())]


def _ulimit(name: str, value: t.Any) -> dict[str, t.Any]:
    limits = value if isinstance(value, dict) else {"soft": value, "hard": value}
    if set(limits) - {"soft", "hard"} or "soft" not in limits:
        raise ValueError(f"{name}: write a number, or soft and hard")
    try:
        soft = int(limits["soft"])
        hard = int(limits.get("hard", soft))
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {value!r} is no number") from None
    if soft > hard != -1:
        raise ValueError(f"{name}: soft ({soft}) is above hard ({hard})")
    return {"Name": name, "Soft": soft, "Hard": hard}


def _decode_ulimits(ulimits: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    return {item["Name"]: {"soft": item.get("Soft", 0), "hard": item.get("Hard", 0)} for item in ulimits}


ULIMITS = Codec(_encode_ulimits, _decode_ulimits)


def _capability(name: str) -> str:
    """As the docker CLI stores them (docker/cli, opts/capabilities.go)."""
    upper = name.strip().upper()
    return upper if upper in ("ALL", "RESET") or upper.startswith("CAP_") else f"CAP_{upper}"


CAPABILITY = Codec(_capability, _capability)


def without_included(capabilities: list[str]) -> list[str]:
    """ALL says it all, and the docker CLI then stores nothing else."""
    return ["ALL"] if "ALL" in capabilities else capabilities


_OPERATOR = re.compile(r"\s*(==|!=)\s*")


def _constraint(text: str) -> str:
    """``node.role == manager`` with one spelling of the blanks around the operator."""
    left, operator, right = (*_OPERATOR.split(text.strip(), maxsplit=1), "", "")[:3]
    if not operator or not left or not right:
        raise ValueError(f"{text!r} is no constraint: write it like node.labels.zone==a, or with !=")
    return f"{left}{operator}{right}"


def _shown_constraint(text: str) -> str:
    return _OPERATOR.sub(r"\1", text.strip(), count=1)


CONSTRAINT = Codec(_constraint, _shown_constraint)


def _encode_profile(profile: t.Any) -> t.Any:
    if not profile:
        return MISSING
    text = profile if isinstance(profile, str) else json.dumps(profile, sort_keys=True)
    try:
        json.loads(text)
    except ValueError as error:
        raise ValueError(f"the profile is no JSON: {error}") from None
    return base64.b64encode(text.encode()).decode()


# Go's []byte is base64 in JSON.
PROFILE = Codec(_encode_profile, lambda data: base64.b64decode(data).decode("utf-8", "replace"))


def _encode_init(init: t.Any) -> t.Any:
    if init == "":
        return MISSING
    from ansible.module_utils.parsing.convert_bool import boolean

    try:
        return boolean(init)
    except TypeError:
        raise ValueError(f"{init!r} is neither true nor false, nor empty for the daemon's default") from None


INIT = Codec(_encode_init)


# One option of the file system: ["noexec"] or ["uid", "1"].
TMPFS = Codec(lambda option: str(option).split("=", 1), "=".join)
