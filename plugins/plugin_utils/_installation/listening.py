# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an engine listens: the addresses of ``hosts`` and ``metrics-addr`` in daemon.json, parsed.

Everything that cannot be parsed counts as open: the engine resolves a name, and the C library reads ``0`` and ``0x0``
as 0.0.0.0.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_LOCAL_SCHEMES = ("fd", "unix")
#: A host name whose last label is not a number (RFC 3696, section 2), so that no resolver reads it as an address.
_NAME = re.compile(r"([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?\.?", re.ASCII)


def is_local_socket(host: object) -> bool:
    """Return whether an entry of ``hosts`` is a socket of the file system or one that systemd passes."""
    scheme, separator, _rest = str(host).strip().partition("://")
    return bool(separator) and scheme in _LOCAL_SCHEMES


def is_loopback_only(host: object) -> bool:
    """Return whether only processes of the same host reach an entry of ``hosts``.

    An entry without a scheme is TCP to the engine (moby, opts/hosts.go: parseDaemonHost).
    """
    if is_local_socket(host):
        return True
    text = str(host).strip()
    scheme, separator, rest = text.partition("://")
    address = rest if separator else text
    if separator and scheme != "tcp":
        return False
    found = _host_of(address)
    return found is not None and (found.lower() == "localhost" or _is_loopback(found))


def is_one_address(address: object) -> bool:
    """Return whether ``HOST:PORT`` names one address of the host, and not every one."""
    found = _host_of(str(address).strip())
    if not found:
        return False
    literal = _literal(found)
    return _NAME.fullmatch(found) is not None if literal is None else not literal.is_unspecified


def _host_of(address: str) -> str | None:
    """Return the host of HOST:PORT without brackets; None where it has a user, a path, a zone or cannot be parsed."""
    if not re.fullmatch(r"[!-~]+", address) or any(character in address for character in "@/\\?#%"):
        return None
    try:
        parts = urlsplit(f"//{address}")
        parts.port  # noqa: B018 -- raises ValueError for what is not a port
    except ValueError:
        return None
    return parts.hostname


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return literal is not None and literal.is_loopback
