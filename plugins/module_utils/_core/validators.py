# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of option values that need no engine: their types, at every level, and what fields check; and the parsing of addresses.

Types are checked before Ansible converts the values of a task. Its own conversion accepts too much: it turns a mapping or a
boolean into the text that Python shows for it, and a boolean into 1. What is neither a string nor a number is refused here.
Ansible evaluates ``{{ }}`` in values alone, so a key of a mapping that has it is refused too. In the controller, values carry
Ansible's tags and are rendered when they are read: ``native`` makes them plain.

Each check of a field raises ValueError, or BadInput or Refused that names the option, with the fix. The swarm compares names
without case, and its filters compare them with it (verified with 20.10 and 28.5): a second spelling is refused (409, for
networks 500), while a list that is filtered by its name does not have the first. Read again, such a refusal looks like a lost
race that never ends, so ``refuse_twin`` looks for another spelling.
"""

from __future__ import annotations

import datetime
import difflib
import ipaddress
import json
import re
import socket
import typing as t
from collections.abc import Mapping, Sequence

from ansible.module_utils.common.validation import check_type_dict, check_type_list
from ansible.module_utils.parsing.convert_bool import boolean

from .errors import BadInput, Refused
from .values import MAX_INT64, Values, in_int64, inside, shown, text_of


class Problem(t.NamedTuple):
    """A value of an option that cannot be meant.

    :param option: the option, then sub-options and numbers of list elements: ``("publish", 0, "target_port")``.
    :param text: what is wrong, and what would be right; without a full stop.
    """

    option: tuple[str | int, ...]
    text: str

    def inside(self, *outer: str | int) -> Problem:
        """Return the same problem of a sub-option of ``outer``."""
        return Problem((*outer, *self.option), self.text)

    def error(self) -> BadInput:
        """Return the problem as the error of a task; numbers of list elements are left out."""
        return BadInput(tuple(part for part in self.option if isinstance(part, str)), f"{self.text}.")


def raise_first(problems: t.Iterable[Problem]) -> None:
    """Raise BadInput for the first of the problems; return where there is none."""
    for problem in problems:
        raise problem.error()


def named(option: str, check: t.Callable[[t.Any], object], value: object) -> None:
    """Run a check that no field makes; raises BadInput that names the option."""
    try:
        check(value)
    except ValueError as error:
        raise BadInput(option, f"{error}.") from error


def closest(name: str, names: t.Iterable[str], similarity: float = 0.6) -> str | None:
    """Return the name that a misspelt one most likely stands for, whatever its case; None where none is similar."""
    by_case = {each.lower(): each for each in names}
    found = difflib.get_close_matches(name.lower(), by_case, n=1, cutoff=similarity)
    return by_case[found[0]] if found else None


def did_you_mean(name: str, names: t.Iterable[str], otherwise: str = ".") -> str:
    """Return the end of a message about an unknown name: a question with the closest known name, or ``otherwise``."""
    found = closest(name, names)
    return f". Did you mean {found!r}?" if found else otherwise


def known(word: str, words: t.Sequence[str], kind: str) -> str:
    """Return the word; raise ValueError where it is not one of the words, with the closest of them."""
    if word in words:
        return word
    otherwise = f". Known are {', '.join(words)}"
    raise ValueError(f"{word!r} is not a valid {kind}{did_you_mean(word, words, otherwise)}")


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Of plugins that are drivers: a built-in name or an image's (docker/cli, plugin install). The engine checks few of them.
_DRIVER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]*")
_TEMPLATE = "{{"


def printable(text: str) -> None:
    """Raise ValueError for a control character: in a name, path or argument it is a mistake, and ends up in logs."""
    if _CONTROL.search(text):
        raise ValueError(f"{text!r} contains a control character")


def one_word(text: str) -> None:
    """Raise ValueError for a name with blanks. Go templates, which the engine replaces, may have them."""
    printable(text)
    if _TEMPLATE not in text and re.search(r"\s", text):
        raise ValueError(f"{text!r} contains a blank")


# Also of Windows; the engine replaces templates before a task starts.
ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\|\{\{")


def absolute_path(path: str) -> None:
    """Raise ValueError for a relative path. Empty is valid, and so are Windows paths. Templates stay as they are here."""
    printable(path)
    if path and (path.startswith(_TEMPLATE) or not ABSOLUTE.match(path)):
        raise ValueError(f"{path!r} is not an absolute path")


def relative_path(path: str) -> None:
    """Raise ValueError for a path that leads out of its folder. Empty is valid."""
    printable(path)
    if ABSOLUTE.match(path) or ".." in re.split(r"[\\/]", path):
        raise ValueError(f"{path!r} is not a relative path inside of the volume")


def driver(name: str) -> None:
    """Raise ValueError for an invalid name of a driver or plugin; which ones there are is known to the nodes alone."""
    if name and not _DRIVER.fullmatch(name):
        raise ValueError(
            f"{name!r} is not a valid driver name. Use letters, digits and . _ / : @ -, as docker plugin ls and"
            " docker info show it"
        )


def ipam_driver(name: str) -> None:
    """Raise ValueError for the built-in driver in another spelling than ``default``.

    swarmkit accepts it in any, and finds it in this one alone when it allocates.
    """
    driver(name)
    if name.lower() == "default" != name:
        raise ValueError(
            f"{name!r} must be written as 'default'. The engine accepts this spelling, but never allocates such a network"
        )


def ip_addresses(items: t.Iterable[str]) -> None:
    """Raise ValueError for the first item that is not an IP address."""
    wrong = next((item for item in items if not is_ip(item)), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not an IP address")


def between(low: int, high: int | None = None) -> t.Callable[[int], None]:
    """Return a check that raises ValueError for a number below ``low`` or above ``high``; both are valid themselves."""

    def check(value: int) -> None:
        if value < low or (high is not None and value > high):
            bounds = f"at least {low}" if high is None else f"from {low} to {high}"
            raise ValueError(f"{value} is out of bounds: it must be {bounds}")

    return check


# Linux: at most 15 characters, no slash and no blank (net/core/dev.c, dev_valid_name).
_INTERFACE = r"^[^\s/:]{1,15}$"
# swarmkit, ca/certificates.go: version 2 carries a flag for FIPS.
_TOKEN = r"^SWMTKN-(1|2-[01])-[0-9a-z]{50}-[0-9a-z]{25}$"
_UNLOCK_KEY = r"^SWMKEY-1-[A-Za-z0-9+/]{43}$"


def ip_or_interface(address: str) -> None:
    """Raise ValueError for what the engine neither advertises nor binds.

    It resolves no host names (moby, daemon/cluster/listen_addr.go).
    """
    host = split_address(address)[0]
    if is_ip(host):
        return
    if re.fullmatch(r"[\d.]+", host) or not re.match(_INTERFACE, host):
        raise ValueError(f"{address!r}: {host} is neither an IP address nor the name of a network interface")


def advertised(address: str) -> None:
    """Raise ValueError for an address that other nodes cannot use, such as the wildcard address."""
    ip_or_interface(address)
    if _is_any(split_address(address)[0]):
        raise ValueError(
            f"{address!r} stands for all addresses. Use the address at which the other nodes reach this node"
        )


def data_path(address: str) -> None:
    """Raise ValueError as ``advertised`` does, and for a port: that one is data_path_port."""
    advertised(address)
    if split_address(address)[1] is not None:
        raise ValueError(f"{address!r} contains a port. Use only the address or interface")


def _is_any(host: str) -> bool:
    return same_ip(host, "0.0.0.0") or same_ip(host, "::")


def remote_address(address: str) -> None:
    """Raise ValueError for what is not an IP address or host name of a manager, with or without port."""
    host = split_address(address)[0]
    if not is_ip(host) and (re.fullmatch(r"[\d.]+", host) or not re.fullmatch(r"[A-Za-z0-9._-]+", host)):
        raise ValueError(f"{address!r}: {host} is neither an IP address nor a host name")


def join_token(token: str) -> None:
    """Raise ValueError, which does not show it, for what is not a join token."""
    if not re.match(_TOKEN, token):
        raise ValueError("invalid join token. A join token has the form SWMTKN-1-… with 50 and 25 characters")


def is_ca_digest(text: str) -> bool:
    """Return whether this is the part of a join token that names the root CA: SHA-256 to the base of 36."""
    return re.fullmatch("[0-9a-z]{50}", text) is not None


def unlock_key(key: str) -> None:
    """Raise ValueError, which does not show it, for what is not an unlock key."""
    if not re.match(_UNLOCK_KEY, key):
        raise ValueError("invalid unlock key. An unlock key has the form SWMKEY-1-… with 43 characters")


def network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Return a network in CIDR notation; raise ValueError where the prefix length is missing or host bits are set.

    Python reads netmasks too, which the engine refuses.
    """
    try:
        _address, slash, length = cidr.partition("/")
        if not slash:
            raise ValueError("the prefix length is missing")
        if not re.fullmatch(r"0|[1-9][0-9]{0,2}", length):
            raise ValueError(f"{length!r} is not a prefix length, such as 16")
        return ipaddress.ip_network(cidr)
    except ValueError as error:
        raise ValueError(f"{cidr!r} is not a subnet in CIDR notation, such as 10.20.0.0/16: {error}") from None


def pem(kind: str) -> t.Callable[[str], None]:
    """Return a check that raises ValueError for what is not a PEM block.

    :param kind: such as ``CERTIFICATE`` or ``PRIVATE KEY``, whatever its algorithm.
    """

    def check(text: str) -> None:
        if not re.search(rf"-----BEGIN ([A-Z0-9]+ )?{kind}-----\s.+\s-----END", text, re.DOTALL):
            raise ValueError(f"this is no {kind.lower()} in PEM format, which begins with -----BEGIN")

    return check


def refuse_twin(kind: str, name: str, names: t.Iterable[str]) -> None:
    """Raise Refused where one of ``names`` is ``name`` in another spelling.

    :param kind: ``service``, ``network``, ``secret``, ``config`` or ``volume``.
    """
    lower = name.lower()
    twin = next((other for other in names if other != name and other.lower() == lower), None)
    if twin:
        raise Refused(
            f"the swarm has a {kind} {twin!r}, and does not distinguish names by case ({name!r})."
            f" Use {twin!r}, or remove it first.",
            option="name",
        )


#: So much of an object's name is in that of its rehearsal. A filter by it finds both.
KEPT_OF_NAME = 53


def rehearsal_name(name: str) -> str:
    """Return the name of an object that is made to learn whether the engine takes it: at most 63 characters, as all."""
    return f"{name[:KEPT_OF_NAME]}-rehearsal"


_HOST_PORT = r"^(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]*))(?::(?P<port>[^:]*))?$"


def split_address(address: str) -> tuple[str, int | None]:
    """Return host and port of ``10.0.0.1``, ``10.0.0.1:2377``, ``eth0:2377``, ``[::1]:2377`` or ``::1``."""
    if is_ip(address):
        return address, None
    match = re.match(_HOST_PORT, address)
    if not match or not (match["v6"] or match["host"]):
        raise ValueError(f"{address!r} is not a valid address. Write it like 10.0.0.1, 10.0.0.1:2377 or [fd00::1]:2377")
    if match["v6"] and not is_ip(match["v6"]):
        raise ValueError(f"{address!r}: {match['v6']} is not a valid IPv6 address")
    return match["v6"] or match["host"], _port(address, match["port"])


def _port(address: str, port: str | None) -> int | None:
    if port is None:
        return None
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError(f"{address!r}: {port!r} is not a valid port (1 to 65535)")
    return int(port)


def is_ip(text: str) -> bool:
    """Return whether a text is an IPv4 or IPv6 address, without port."""
    return bool(_packed(text))


def told_host(address: str) -> str:
    """Return the host in an address that an engine or a node has reported; empty where it is not an address.

    What they tell is not input of the user, so it is not an error of the task.
    """
    try:
        return split_address(address)[0]
    except (ValueError, TypeError):
        return ""


def ip_in(address: str | None) -> str:
    """Return the IP address of an address with or without port; empty for an interface's name and for nothing."""
    host = split_address(address)[0] if address else ""
    return host if is_ip(host) else ""


def same_ip(one: str, other: str) -> bool:
    """Return whether both are the same address, however they spell it."""
    return is_ip(one) and _packed(one) == _packed(other)


def _packed(text: str) -> bytes:
    """The address in network order; nothing for what is none. The ipaddress module costs more than the rest of a look."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
    return b""


# -- the types of a task's values ----------------------------------------------------------------------------------------

_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")
# The option whose text may be any bytes: what is not UTF-8 comes as surrogates (PEP 383).
_BYTES = "data"
# Mappings that compose files write as lists too.
_LABELS = ("labels", "container_labels")
_DECIMAL = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?\s*", re.IGNORECASE)


def checked_options(spec: Values, params: Values, parents: str = "") -> Values:
    """Return the options with lists and mappings that are written as text taken apart, numbers as numbers.

    :param spec: the argument spec of these options.
    :param parents: the names of the options around them, each followed by a dot.
    Raise BadInput for the first value of another type, and for an unknown sub-option. Other unknown options are left to
    Ansible.
    """
    known = {alias: item for item in spec.values() for alias in item.get("aliases") or ()}
    known.update(spec)
    if parents and not known.keys() >= params.keys():
        raise _unknown(parents, known, params)
    if parents:
        _require(spec, params, parents)
    return {
        name: _checked(f"{parents}{name}", known[name], value) if name in known and value is not None else value
        for name, value in params.items()
        if value is not None or not _has_default(f"{parents}{name}", known.get(name, {}))
    }


def decimal_texts(spec: Values, params: Values, parents: str = "") -> list[str]:
    """Return the names of values that are strings to the engine and that YAML has read as numbers with a decimal point.

    Such a number becomes text without the zeros at its end: ``1.10`` is 1.1.

    :param params: the options as the task has them.
    """
    found: list[str] = []
    for name, value in params.items():
        item = spec.get(name)
        if value is None or item is None or isinstance(value, (str, int)):
            continue
        if item.get("options"):
            for element in value if isinstance(value, list) else [value]:
                if isinstance(element, dict):
                    found += decimal_texts(item["options"], element, f"{parents}{name}.")
        elif item.get("type", "str") not in ("float", "int", "bool", "dict") and item.get("elements") != "float":
            found += _decimals(f"{parents}{name}", value)
    return found


def decimal_warnings(names: t.Sequence[str]) -> list[str]:
    """Return a warning of these names, or none. The values are not in it: they may be passwords."""
    if not names:
        return []
    return [
        f"{', '.join(names)}: a number with a decimal point becomes text, and YAML drops the zeros at its end: 1.10 is sent as"
        " 1.1. Put it in quotes."
    ]


def _decimals(name: str, value: object) -> list[str]:
    if isinstance(value, float):
        return [name]
    if isinstance(value, dict):
        return [place for key, item in value.items() for place in _decimals(f"{name}.{key}", item)]
    return [place for item in value for place in _decimals(name, item)] if isinstance(value, list) else []


def _has_default(name: str, item: Values) -> bool:
    """Whether null has to be left out: Ansible would convert it, or compare it with the choices.

    Raise BadInput where there has to be a value.
    """
    if item.get("required"):
        raise wrong_type(name, "is required and must not be null.")
    return "default" in item or "choices" in item


def _require(spec: Values, params: Values, parents: str) -> None:
    """Raise BadInput for the first sub-option that is missing. Of options, Ansible reports the missing ones all at once."""
    for name, item in spec.items():
        if item.get("required") and not params.keys() & {name, *item.get("aliases", ())}:
            raise wrong_type(f"{parents}{name}", "is required.")


def wrong_type(name: str, problem: str) -> BadInput:
    return BadInput(name, problem)


def _unknown(parents: str, known: Values, params: Values) -> BadInput:
    """Ansible would first complain of the option that a misspelt one is missing for."""
    name = next(name for name in params if name not in known)
    hint = did_you_mean(str(name), known, f". There are {', '.join(sorted(known))}.")
    return wrong_type(parents[:-1], f"unknown option {name!r}{hint}")


def _checked(name: str, item: Values, value: object) -> object:
    kind = item.get("type", "str")
    if kind == "list":
        return _elements(name, item, value)
    if kind == "dict":
        return _mapping(name, item, value)
    if name == _BYTES and isinstance(value, str):
        return value
    try:
        return _scalar(kind, value)
    except ValueError as error:
        secret = item.get("no_log") and not isinstance(value, str)  # of a string, no error here shows a part
        problem = "must be a string. Put it in quotes" if secret else error
        raise wrong_type(name, f"{problem}.") from None


def _elements(name: str, item: Values, value: object) -> list[object]:
    kind = item.get("elements", "raw")
    if isinstance(value, (bool, dict)):
        raise wrong_type(name, f"must be a list, not {shown(value)}.")
    if kind == "dict":
        return [_mapping(name, item, element, number) for number, element in enumerate(check_type_list(value), 1)]
    if kind == "raw" and not isinstance(value, (list, str)):
        raise wrong_type(name, f"must be a list, not {shown(value)}.")
    elements = [value] if isinstance(value, float) else list(check_type_list(value))  # what the task has stays as it is
    for number, element in enumerate(elements):
        try:
            elements[number] = _scalar(kind, element)
        except ValueError as error:
            raise wrong_type(name, f"item {number + 1} {error}.") from None
    return elements


def _mapping(name: str, item: Values, value: object, number: int = 0) -> Values:
    """:param number: the place of an element in its list, from 1."""
    labels = name.rpartition(".")[2] in _LABELS
    if isinstance(value, list) and labels:
        return _labels(name, value)
    try:
        found = check_type_dict(value)
    except TypeError:
        place = f"item {number} " if number else ""
        raise wrong_type(name, f"{place}must be a mapping, not {shown(value)}.") from None
    if labels:
        _refuse_empty_key(name, found)
    return checked_options(item["options"], found, f"{name}.") if item.get("options") else found


def _labels(name: str, items: list[object]) -> Values:
    """Return labels that are written as in a compose file, ``[KEY=VALUE, KEY]``; of a key that is there twice, the last."""
    for number, item in enumerate(items, start=1):
        if not isinstance(item, str) or not item.partition("=")[0].strip():
            hint = "" if isinstance(item, str) else f", not {shown(item)}"
            raise wrong_type(name, f"item {number} must be a string, KEY=VALUE{hint}. Or write a mapping.")
    return {key: value for key, _equals, value in (str(item).partition("=") for item in items)}


def _refuse_empty_key(name: str, labels: Values) -> None:
    """As the docker CLI does (opts/opts.go, ValidateLabel); the engine stores such a label."""
    for key, value in labels.items():
        if isinstance(key, str) and not key.strip():
            raise wrong_type(name, f"the key of the value {shown(value)} must not be empty.")


def _scalar(kind: str, value: object) -> object:
    """Raise ValueError with a message that begins with a verb."""
    check = _CHECKS.get(kind)
    return check(value) if check else value


def _whole(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return in_int64(int(value), value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value % 1 == 0:
        return in_int64(int(value), value)
    raise ValueError(f"must be a whole number, not {shown(value)}")


def _decimal(value: object) -> float:
    found = float("nan")
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        found = float(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        found = float(value) if abs(value) <= MAX_INT64 else float("nan")
    if not abs(found) <= MAX_INT64:
        raise ValueError(f"must be a number, not {shown(value)}")
    return found


def _flag(value: object) -> bool:
    if isinstance(value, (bool, str, int, float)):
        try:
            return bool(boolean(value))
        except TypeError:
            pass
    raise ValueError(f"must be true or false, not {shown(value)}")


def _any(value: object) -> object:
    """What a raw option is made of, its own code checks; but no text of any option may be unreadable."""
    return text_of(value) if isinstance(value, str) else value


_CHECKS: dict[str, t.Callable[[object], object]] = {
    "raw": _any,
    "str": text_of,
    "path": text_of,
    "int": _whole,
    "float": _decimal,
    "bool": _flag,
}


def refuse_template_keys(options: t.Mapping[str, object]) -> None:
    """Raise BadInput for a key of labels, variables and the like with ``{{``: Ansible fills in values alone."""
    for option, value in options.items():
        place = _template_key(value)
        if place is not None:
            raise BadInput(
                (option, *place),
                f"Ansible does not evaluate {{{{ }}}} in a key. Build the whole mapping in one"
                f" expression, as in {option}: \"{{{{ {{'zone-' ~ number: 'a'}} }}}}\".",
            )


def _template_key(value: object) -> tuple[str, ...] | None:
    """The keys that lead to the first one with a template."""
    if isinstance(value, dict):
        pairs: t.Iterable[tuple[object, object]] = value.items()
    else:
        pairs = enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        if isinstance(key, str) and "{{" in key:
            return (key,)
        inner = _template_key(item)
        if inner is not None:
            return inner if isinstance(key, int) else (str(key), *inner)
    return None


@t.overload
def native(value: Mapping[str, object]) -> Values: ...


@t.overload
def native(value: object) -> object: ...


def native(value: object) -> object:
    """Return the value made of dict, list, str, int, float, bool and None, as JSON would hand it to a module."""
    return rebuilt(value, _key, _as_json)


def rebuilt(
    value: object, key_of: t.Callable[[object], object], other: t.Callable[[object, str], object], place: str = ""
) -> object:
    """Return the value made of dict, list, str, int, float, bool and None. A date becomes text.

    :param key_of: what a key of a mapping becomes.
    :param other: what a value of any other type becomes that stands at a place, such as ``services.web.ports[0]``.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key_of(key): rebuilt(item, key_of, other, inside(place, key)) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [rebuilt(item, key_of, other, f"{place}[{number}]") for number, item in enumerate(value)]
    return other(value, place)


def _key(key: object) -> str:
    return str(key) if isinstance(key, str) else json.dumps(native(key))


def _as_json(value: object, _place: str) -> object:
    return [native(item) for item in value] if isinstance(value, set) else str(value)
