# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of option values that need no engine, and the parsing of addresses.

Each check raises ValueError, or BadInput or Refused that names the option, with the fix. The swarm compares names without case,
and its filters compare them with it (verified with 20.10 and 28.5): a second spelling is refused (409, for networks 500), while a
list that is filtered by its name does not have the first. Read again, such a refusal looks like a lost race that never ends, so
``refuse_twin`` looks for another spelling.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import socket
import typing as t

from .errors import BadInput, Refused


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
