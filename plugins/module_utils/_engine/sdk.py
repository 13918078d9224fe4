# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ssh with paramiko, through the Docker SDK for Python (5.0.3 to 7.x), used as a transport alone.

The SDK's typed helpers carry defaults that differ from the engine's and lack many fields, so no request is built
with them: the SDK's client is a ``requests`` session that knows how to reach the daemon, and that is what it is
used for, without what requests does on its own: redirects, proxies and .netrc of the environment, decompression.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
import traceback
import typing as t
import warnings

from .._core.errors import MissingLibrary, OutcomeUnknown, Unreachable
from .._core.values import Values
from .api_errors import not_http
from .client import Reply
from .transport import MAX_BODY

try:
    import docker
    import docker.errors
    import requests
    import urllib3
except ImportError:
    SDK_ERROR: str | None = traceback.format_exc()
else:
    SDK_ERROR = None

# Requests carry their own version in the path; the SDK only has to be kept from asking for it on its own.
_ANY_VERSION = "1.24"
# How urllib3 1 and 2 begin a message: the address is said already.
_CONNECTION = r"^(<urllib3\S+ object at \w+>|HTTPS?Connection(Pool)?\([^)]*\)): "
# What to do about errors whose text says little.
_ADVICE = {
    "Install paramiko": "or use the ssh program instead, with use_ssh_client: true",
    "Unknown ": "add its key to known_hosts",
    "not found in known_hosts": "add its key to known_hosts",
}
_PIECE = 65536


class SdkTransport:
    def __init__(self, options: Values) -> None:
        if SDK_ERROR:
            raise MissingLibrary(
                f"docker_host {options['docker_host']} needs the Docker SDK for Python"
                " (a unix:// socket and use_ssh_client: true do not need it).",
                "docker",
                SDK_ERROR,
            )
        self.where = f"docker_host {options['docker_host']}"
        self._client = self._connect(options)

    def _connect(self, options: Values) -> docker.APIClient:
        try:
            with _known_hosts_only():
                client = docker.APIClient(
                    base_url=options["docker_host"], version=_ANY_VERSION, timeout=options["timeout"]
                )
        except docker.errors.DockerException as error:
            raise Unreachable(f"{self.where}: {_advised(str(error))}") from error
        except Exception as error:  # paramiko's and the resolver's own errors: they share no other root
            raise Unreachable(f"{self.where}: {_advised(str(error) or type(error).__name__)}") from error
        client.trust_env = False
        return client

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        end = time.monotonic() + timeout
        try:
            with _known_hosts_only(), self._cut_off_after(timeout):
                response = self._client.request(
                    method,
                    self._client.base_url + path,
                    data=body,
                    headers={**_headers(body), **(headers or {})},
                    timeout=timeout,
                    stream=True,
                    allow_redirects=False,
                )
                content = b"".join(self._pieces(response, method, path))
            if time.monotonic() >= end:  # the answer was cut off
                raise requests.exceptions.ReadTimeout
        except _errors() as error:
            unsent = method == "GET" or isinstance(error, requests.exceptions.ConnectTimeout)
            kind = Unreachable if unsent else OutcomeUnknown
            if isinstance(error, requests.exceptions.Timeout) or time.monotonic() >= end:
                raise kind(f"{self.where}: no response within {timeout:g} seconds (option timeout).") from error
            raise kind(f"{self.where}: {_advised(_cause(error))}") from error
        return Reply(response.status_code, response.headers, content)

    @contextlib.contextmanager
    def _cut_off_after(self, timeout: float) -> t.Iterator[None]:
        """requests limits each read, not the whole answer."""
        timer = threading.Timer(timeout, self._client.close)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _pieces(self, response: requests.Response, method: str, path: str) -> t.Iterator[bytes]:
        room = MAX_BODY
        for piece in response.raw.stream(_PIECE, decode_content=False):
            room -= len(piece)
            if room < 0:
                raise not_http(self.where, method, path, f"the response is longer than {MAX_BODY // 2**20} MiB")
            yield piece

    def peer_pid(self) -> None:
        """The daemon runs on another host."""

    def close(self) -> None:
        self._client.close()


def _errors() -> tuple[type[Exception], ...]:
    """What a request ends with. The body is read from urllib3 itself, and a host key that is not known is a warning."""
    named = (requests.exceptions.RequestException, docker.errors.DockerException, urllib3.exceptions.HTTPError)
    return (*named, OSError, UserWarning)


@contextlib.contextmanager
def _known_hosts_only() -> t.Iterator[None]:
    """Docker SDK 5 only warns of a host whose key is not in known_hosts; this makes the warning end the connection.

    It is given before the client authenticates (paramiko, client.py, WarningPolicy).
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Unknown .* host key")
        yield


def _headers(body: bytes | None) -> dict[str, str]:
    """An answer that is compressed could be a thousand times its size."""
    plain = {"Accept-Encoding": "identity"}
    return {**plain, "Content-Type": "application/json"} if body else plain


def _cause(error: Exception) -> str:
    """The error inside the layers that requests and urllib3 put around it, on one line."""
    inner = error.args[0] if error.args else error
    reason = getattr(inner, "reason", None) or inner
    text = str(reason.args[-1] if isinstance(reason, Exception) and reason.args else reason)
    return re.sub(_CONNECTION, "", " ".join(text.split())) or type(error).__name__


def _advised(text: str) -> str:
    return "; ".join([text, *(advice for words, advice in _ADVICE.items() if words in text)])
