# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units and spellings of a service's options. As everywhere, ``MISSING`` from ``encode`` removes the key.

File modes are octal, in quotes or as YAML's octal number. YAML reads 0444 as the number 292, and 444 as the number 444, which is
0674. A user who writes 444 means 0444, so numbers are refused whose digits are a usual mode.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from .._core.validators import closest, is_ip, known, one_word
from .._core.values import (
    LABELS,
    MISSING,
    Codec,
    Document,
    Missing,
    Values,
    format_duration,
    format_size,
    in_int64,
    number_text,
    parse_duration,
    parse_size,
    shown,
    string_map,
    text_of,
)
from .constraints import parse_constraint, split_constraint
from .placeholders import check_placeholders


def _or_none(encode: t.Callable[[object], int]) -> t.Callable[[object], int | Missing]:
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


def _encode_list(items: list[object]) -> list[str] | Missing:
    return [element(number, item) for number, item in enumerate(items, start=1)] or MISSING


def element(number: int, item: object) -> str:
    """Return an item of a list as text; raise ValueError that names its place."""
    try:
        return text_of(item)
    except ValueError as error:
        raise ValueError(f"item {number} {error}") from None


LIST = Codec(_encode_list)


def _encode_swap(text: object) -> int | Missing:
    return -1 if str(text).strip() == "-1" else _or_none(parse_size)(text)


SWAP = Codec(_encode_swap, lambda size: "-1" if size == -1 else format_size(size))
# API type *int64: 0 (never swap) is a value, and -1 stands for the engine's default.
SWAPPINESS = Codec(lambda number: MISSING if number == -1 else number)


def _encode_cpus(cpus: float) -> int | Missing:
    return in_int64(round(cpus * 10**9), cpus) or MISSING


CPUS = Codec(_encode_cpus, lambda nano: nano / 10**9)
# The engine keeps it as a float of 32 bits (swarmkit, api/types.proto).
RATIO = Codec(float, lambda ratio: round(float(ratio), 6))


def _encode_command(command: object) -> list[str] | Missing:
    if isinstance(command, str):
        command = shlex.split(command)
    if not isinstance(command, list):
        raise ValueError(f"must be a list or a string, not {shown(command)}")
    if command[:1] == [""] and len(command) > 1:  # alone, it takes the image's entrypoint away (moby, daemon/create.go)
        raise ValueError("the first item, which is the program, must not be empty")
    return _encode_list(command)


COMMAND = Codec(_encode_command, list)


def _encode_test(test: object) -> list[str] | Missing:
    """Compose's spellings: a string is run by the shell, NONE switches the image's healthcheck off."""
    if isinstance(test, str):
        test = {"": [], "NONE": ["NONE"]}.get(test, ["CMD-SHELL", test])
    if not isinstance(test, list):
        raise ValueError(f"must be a list or a string, not {shown(test)}")
    if test and test[0] not in ("NONE", "CMD", "CMD-SHELL"):
        raise ValueError(f"a list must begin with CMD, CMD-SHELL or NONE, not with {shown(test[0])}")
    _check_words(test)
    return _encode_list(test)


def _check_words(test: list[object]) -> None:
    """Without a word behind CMD, the engine of each node that runs a task crashes (moby, daemon/health.go: a slice out of
    bounds; verified with 28.5)."""
    kind, words = "".join(map(str, test[:1])), test[1:]
    if kind == "NONE" and words:
        raise ValueError("NONE must be the only item of the list")
    if kind.startswith("CMD") and (not words or (kind == "CMD" and words[0] == "")):
        raise ValueError(f"{kind} must be followed by a command")


TEST = Codec(_encode_test, list)


# No message about the environment shows a value: it may be a password.
def _encode_env(env: object) -> list[str]:
    if isinstance(env, dict):
        return [_env_text(name, value) for name, value in env.items()]
    if isinstance(env, str):  # as community.docker reads it
        env = env.split(",")
    if not isinstance(env, list):
        raise ValueError("must be a mapping or a list of NAME=value")
    for number, item in enumerate(env, start=1):
        if not isinstance(item, str):
            raise ValueError(f"item {number} must be a string, NAME=value")
    return env


def _env_text(name: object, value: object) -> str:
    if "=" in str(name):
        raise ValueError(f"the name {name!r} contains '='. Write the name as the key and its value behind the colon")
    if value is None:
        return str(name)
    try:
        return f"{name}={value if isinstance(value, str) else number_text(value)}"
    except ValueError:
        what = f", not {shown(value)}" if isinstance(value, (bool, list, dict)) else ""
        hint = " or convert it with the filter to_json" if isinstance(value, (list, dict)) else ""
        raise ValueError(f"the value of {name!r} must be a string{what}. Put it in quotes{hint}") from None


def _checked_env(env: object) -> list[str]:
    encoded = _encode_env(env)
    for number, item in enumerate(encoded, start=1):
        name, _equals, value = item.partition("=")
        if not name.strip():
            raise ValueError(f"item {number} has no name. Write it as NAME=value")
        element(number, item)
        try:
            check_placeholders(value)
        except ValueError as error:
            raise ValueError(f"the value of {name!r} {error}") from None
    # Programs disagree on which of two counts, so only one is sent; the docker CLI takes the last one too.
    return list({item.partition("=")[0]: item for item in encoded}.values())


def _decode_env(env: list[str]) -> dict[str, str | None]:
    """The last one of a name counts; NAME alone removes a variable of the image."""
    pairs = (item.partition("=") for item in env)
    return {name: value if equals else None for name, equals, value in pairs}


ENV = Codec(_checked_env, _decode_env)


def parse_env_file(data: bytes, values: t.Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a file as ``docker service create --env-file`` reads it (docker/cli, pkg/kvfile).

    A value has no quotes and ends with its line; only a line feed ends a line, while str.splitlines() cuts at U+2028
    too. A name alone takes the value that it has in ``values``, or is left out. Raise ValueError, which shows no value.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(env_file_text(data).split("\n"), start=1):
        name, equals, value = line.removesuffix("\r").lstrip().partition("=")
        if name.startswith("#") or not (name or equals):
            continue
        if not name or " " in name or "\t" in name:
            raise ValueError(f"line {number} is not a variable. Write it as NAME=value")
        if equals:
            found[name] = value
        elif name in values:
            found[name] = values[name]
    return found


def env_file_text(data: bytes) -> str:
    """Return the text of a file of variables in any grammar; raise ValueError, which shows nothing of it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None


STRINGS = LABELS
# Names below /proc/sys, with dots or slashes.
_SYSCTL = re.compile(r"[A-Za-z0-9_-]+([./][A-Za-z0-9_.*-]+)+")


def _encode_sysctls(values: Values) -> dict[str, str]:
    wrong = next((name for name in values if not _SYSCTL.fullmatch(name)), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not a kernel parameter. Write it like net.core.somaxconn")
    return string_map(values)


SYSCTLS = Codec(_encode_sysctls, dict)


def _encode_word(text: str) -> str:
    one_word(text)
    if not text:
        raise ValueError("an item is empty")
    return text


WORD = Codec(_encode_word)
# moby/sys/signal, signal_linux.go; also numbers, and without SIG in front, in any case.
_SIGNALS = (
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
    "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1",
    "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
)  # fmt: skip
_REALTIME = re.compile(r"RTMIN\+([1-9]|1[0-5])|RTMAX-([1-9]|1[0-4])")


def check_signal(text: str) -> None:
    """The engine accepts any text, and rejects the tasks."""
    name = text.upper()[3:] if text.upper().startswith("SIG") else text.upper()
    if name and not re.fullmatch("[1-9]|[1-5][0-9]|6[0-4]", name) and not _REALTIME.fullmatch(name):
        known(name, _SIGNALS, f"signal ({text})")


def _encode_hosts(hosts: object) -> list[str]:
    """The engine's lines are those of /etc/hosts: "IP name"."""
    if isinstance(hosts, dict):
        pairs = [
            (name, one) for name, found in hosts.items() for one in (found if isinstance(found, list) else [found])
        ]
    elif isinstance(hosts, list):
        pairs = [_host(number, item) for number, item in enumerate(hosts, start=1)]
    else:
        raise ValueError(f"must be a mapping of names to addresses or a list of name:address, not {shown(hosts)}")
    return [f"{_checked_ip(name, address)} {_checked_host(name)}" for name, address in pairs]


def _host(number: int, item: object) -> tuple[str, str]:
    if not isinstance(item, str) or not re.search("[=:]", item):
        raise ValueError(f"item {number} must be name:address, not {shown(item)}")
    name, _sign, address = item.partition("=" if "=" in item else ":")
    return name, address


def _checked_host(name: object) -> str:
    if not isinstance(name, str) or not name or re.search(r"[\s\x00-\x1f\x7f]", name):
        raise ValueError(f"{name!r} is not a host name")
    return name


def _checked_ip(name: object, address: object) -> str:
    found = address.strip("[]") if isinstance(address, str) else ""
    # The engine of each node fills in an address of its own (moby, opts/hosts.go, HostGatewayName).
    if found != "host-gateway" and not is_ip(found):
        raise ValueError(f"the address of {name!r} must be an IP address, not {shown(address)}")
    return found


def _decode_hosts(lines: list[str]) -> Values:
    hosts: Values = {}
    for line in lines:
        address, _blank, name = line.partition(" ")
        known = hosts.get(name)
        hosts[name] = address if known is None else [*([known] if isinstance(known, str) else known), address]
    return hosts


HOSTS = Codec(_encode_hosts, _decode_hosts)


# docker/go-units, ulimit.go: the names that setrlimit(2) has on Linux, as the docker CLI accepts them.
_ULIMITS = (
    "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
    "rttime", "sigpending", "stack",
)  # fmt: skip


def _encode_ulimits(ulimits: Document) -> list[Document]:
    return [_ulimit(name, value) for name, value in sorted(ulimits.items())]


def _ulimit(name: str, value: object) -> Document:
    known(name, _ULIMITS, "ulimit")
    limits = value if isinstance(value, dict) else {"soft": value, "hard": value}
    if set(limits) - {"soft", "hard"} or "soft" not in limits:
        raise ValueError(f"{name}: must be a number, or a mapping with soft and hard")
    soft = _limit(name, limits["soft"])
    hard = _limit(name, limits.get("hard", soft))
    if hard != -1 and (soft > hard or soft == -1):
        raise ValueError(f"{name}: soft ({soft}) is above hard ({hard})")
    return {"Name": name, "Soft": soft, "Hard": hard}


def _limit(name: str, value: object) -> int:
    """-1 is unlimited, as in the docker CLI."""
    text = text_of(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,19}|-1", text.strip()):
        raise ValueError(f"{name}: must be a whole number, or -1 for no limit, not {shown(value)}")
    return in_int64(int(text), value)


def _decode_ulimits(ulimits: list[Document]) -> Values:
    return {item["Name"]: {"soft": item.get("Soft", 0), "hard": item.get("Hard", 0)} for item in ulimits}


ULIMITS = Codec(_encode_ulimits, _decode_ulimits)


# linux/capability.h, as in moby's list; the last addition was in Linux 5.9.
_CAPABILITIES = (
    "ALL", "CAP_AUDIT_CONTROL", "CAP_AUDIT_READ", "CAP_AUDIT_WRITE", "CAP_BLOCK_SUSPEND", "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID",
    "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_KILL", "CAP_LEASE", "CAP_LINUX_IMMUTABLE", "CAP_MAC_ADMIN",
    "CAP_MAC_OVERRIDE", "CAP_MKNOD", "CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_RAW",
    "CAP_PERFMON", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYSLOG", "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT", "CAP_SYS_CHROOT", "CAP_SYS_MODULE", "CAP_SYS_NICE", "CAP_SYS_PACCT", "CAP_SYS_PTRACE",
    "CAP_SYS_RAWIO", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_WAKE_ALARM",
)  # fmt: skip


def capability(name: str) -> str:
    """As the docker CLI stores them (docker/cli, opts/capabilities.go)."""
    upper = name.strip().upper()
    return upper if upper in ("ALL", "RESET") or upper.startswith("CAP_") else f"CAP_{upper}"


def _known_capability(name: str) -> str:
    full = capability(name)
    if full not in _CAPABILITIES:
        # With the prefix, which all have, each would be similar.
        bare = [each.removeprefix("CAP_") for each in _CAPABILITIES]
        near = closest(full.removeprefix("CAP_"), bare)
        hint = f"Did you mean {capability(near)!r}?" if near else f"Known are {', '.join(bare)}"
        raise ValueError(f"{full!r} is not a valid capability. {hint}")
    return full


CAPABILITY = Codec(_known_capability, capability)


def without_included(capabilities: list[str]) -> list[str]:
    """ALL says it all, and the docker CLI then stores nothing else."""
    return ["ALL"] if "ALL" in capabilities else capabilities


def _constraint(text: str) -> str:
    """``node.role == manager`` with one spelling of the blanks around the operator."""
    return str(parse_constraint(text))


def _shown_constraint(text: str) -> str:
    return str(split_constraint(text) or text.strip())


CONSTRAINT = Codec(_constraint, _shown_constraint)


def _encode_profile(profile: object) -> str | Missing:
    if not profile:
        return MISSING
    if not isinstance(profile, (str, dict)):
        raise ValueError(f"must be a mapping or JSON, not {shown(profile)}")
    text = profile if isinstance(profile, str) else json.dumps(profile, sort_keys=True)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(f"the text is not JSON{place}") from None
    if not isinstance(found, dict):
        raise ValueError(f"must be a mapping or the JSON of one, not that of {shown(found)}")
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


# Go's []byte is base64 in JSON.
PROFILE = Codec(_encode_profile, lambda data: base64.b64decode(data).decode("utf-8", "replace"))


def _encode_init(init: object) -> bool | Missing:
    if init == "":
        return MISSING
    try:
        return boolean(init)
    except TypeError:
        raise ValueError(f"must be true or false, or empty for the daemon's default, not {shown(init)}") from None


INIT = Codec(_encode_init)


# The engine accepts any option, and the nodes reject the tasks (moby, volume/mounts/linux_parser.go; verified with 28.5).
_TMPFS_OPTIONS = ("exec", "noexec")
# One option of the file system: ["noexec"]; of other clients also ["uid", "1"].
TMPFS = Codec(lambda option: [known(option, _TMPFS_OPTIONS, "option of a tmpfs mount")], "=".join)


_HIGHEST = 0o7777
_TEXT = re.compile(r"(?:0o)?[0-7]{1,5}")


def parse_mode(value: object) -> int:
    """Return the bits of ``"0444"``, ``"444"``, ``"0o444"`` or 0444 (292 by then); raise ValueError."""
    if isinstance(value, str) and _TEXT.fullmatch(value.strip()):
        mode = int(value.strip().replace("o", ""), 8)
    elif isinstance(value, int) and not isinstance(value, bool):
        mode = value
        _refuse_decimal(mode)
    else:
        raise ValueError(f"{shown(value)} is not a file mode. Write it in octal and in quotes, like '0444'")
    if not 0 <= mode <= _HIGHEST:
        raise ValueError(f"{shown(value)} is not a file mode. The highest is '07777'")
    return mode


def _refuse_decimal(number: int) -> None:
    """Raise ValueError for 444: without quotes and without a 0 in front it is another mode than it looks like."""
    text = str(number)
    if re.fullmatch(r"[0-7]{3,4}", text) and _is_usual(int(text, 8)):
        raise ValueError(
            f"the number {text} is the mode {number:04o} in octal. Write '{int(text, 8):04o}' or '{number:04o}', in quotes"
        )


def _is_usual(mode: int) -> bool:
    """Whether no other user may do more than the owner or than the group, and who may write or execute may read."""
    owner, group, others = mode >> 6 & 7, mode >> 3 & 7, mode & 7
    readable = all(bits == 0 or bits & 4 for bits in (owner, group, others))
    return readable and not group & ~owner and not others & ~group


# Go's os.FileMode keeps setuid, setgid and sticky in bits of its own (https://pkg.go.dev/io/fs#FileMode), but what
# the docker CLI sends for services are the plain Unix bits.
MODE = Codec(parse_mode, lambda mode: f"{mode:04o}")
# The engine treats 0 as an unset mode, so as the default.
MODE_OR_NONE = Codec(lambda value: (parse_mode(value) if value != "" else 0) or MISSING, MODE.decode)
