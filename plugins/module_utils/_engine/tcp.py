# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TCP with and without TLS, straight to the address in docker_host."""

from __future__ import annotations

import re
import socket
import time
import typing as t
from urllib.parse import urlsplit

from .._core.errors import BadInput
from .._core.validators import split_address
from .._core.values import Values
from .client import Reply
from .transport import ConnectionEnded, SocketTransport

if t.TYPE_CHECKING:
    import ssl

_SCHEMES = ("tcp", "http", "https")


class TcpTransport(SocketTransport):
    def __init__(self, options: Values) -> None:
        super().__init__(f"docker_host {options['docker_host']}")
        scheme, self._host, self._port, self._prefix = _parsed(options["docker_host"])
        checked = options["validate_certs"] or (scheme == "https" and not options["tls"])
        self._tls = _context(options, checked) if checked or options["tls"] else None
        self._has_certificate = bool(options["client_cert"])
        self._name = options["tls_hostname"] or self._host

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        return super().request(method, self._prefix + path, body, timeout, headers)

    def connected(self, timeout: float) -> socket.socket:
        end = time.monotonic() + timeout
        connection = socket.create_connection((self._host, self._port), timeout)
        if self._tls is None:
            return connection
        try:
            connection.settimeout(max(end - time.monotonic(), 0.001))
            return self._tls.wrap_socket(connection, server_hostname=self._name)
        except (OSError, ValueError):  # ValueError: the name is not one that a certificate can have
            connection.close()
            raise

    def why(self, error: Exception, timeout: float) -> str:
        if isinstance(error, socket.timeout):
            return f"{self.where}: no response within {timeout:g} seconds (option timeout)."
        words = re.sub(r" \(_?\w+\.c:\d+\)$", "", str(error) or type(error).__name__)  # the place in Python's source
        if "WRONG_VERSION_NUMBER" in words or "record layer failure" in words.lower():
            words += "; the engine does not speak TLS on this port"
        elif self._tls and not self._has_certificate and self._was_refused(error, words):
            words += "; if the engine requires a client certificate, set client_cert and client_key"
        return f"{self.where}: {words.rstrip('.')}."

    @staticmethod
    def _was_refused(error: Exception, words: str) -> bool:
        """Return whether a server may have closed the connection for want of a certificate.

        With TLS 1.3 it does so after the handshake; whether the alert, the end of the connection or a write that fails
        is seen first is a race.
        """
        return (
            "alert" in words
            or "EOF" in words
            or isinstance(error, (ConnectionResetError, BrokenPipeError, ConnectionEnded))
        )


def _parsed(docker_host: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and what stands before the paths of the API; raises BadInput."""
    try:
        parts = urlsplit(docker_host)
        host, port = split_address(parts.netloc) if parts.scheme in _SCHEMES else ("", None)
    except ValueError as error:
        raise BadInput("docker_host", f"{error}.") from error
    if parts.scheme not in _SCHEMES:
        raise BadInput(
            "docker_host", f"not a valid engine address ({docker_host!r}). It begins with unix://, tcp:// or ssh://."
        )
    if "@" in parts.netloc or parts.query or parts.fragment or not re.fullmatch("[!-~]*", parts.path):
        raise BadInput(
            "docker_host", "not a valid tcp:// address. Write it like tcp://192.0.2.10:2376, without a user."
        )
    if port is None:
        raise BadInput(
            "docker_host", f"the port is missing ({docker_host!r}). Engines use 2376 with TLS and 2375 without."
        )
    return parts.scheme, host, port, parts.path.rstrip("/")


def _context(options: Values, checked: bool) -> ssl.SSLContext:
    """:param checked: whether the engine's certificate is, against ca_path or what the system trusts."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif options["ca_path"]:
        _loaded("ca_path", options["ca_path"], lambda path: context.load_verify_locations(cafile=path))
    else:
        context.load_default_certs()
    if options["client_cert"]:
        _loaded("client_cert", options["client_cert"], _check_readable)
        _loaded("client_key", options["client_key"], lambda path: context.load_cert_chain(options["client_cert"], path))
    return context


def _check_readable(path: str) -> None:
    with open(path, "rb"):
        pass


def _loaded(option: str, path: str, load: t.Callable[[str], object]) -> None:
    """Call ``load``; raise BadInput, with the option, where the file cannot be read or does not hold what it should."""
    try:
        load(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise BadInput(option, f"cannot use the file {path}: {reason}.") from error
