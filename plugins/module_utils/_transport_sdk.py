# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TCP, TLS and ssh through the Docker SDK for Python, used as a transport alone (5.0.3 to 7.x).

The SDK's typed helpers carry defaults that differ from the engine's and lack many fields, so no request is built
with them: the SDK's client is a ``requests`` session that knows how to reach the daemon, and that is what it is
used for.
"""

from __future__ import annotations

import re
import traceback
import typing as t

from ._engine import Reply
from ._errors import BadInput, MissingLibrary, Unreachable

try:
    import docker
    import docker.errors
    import docker.tls
    import requests
    from requests.adapters import HTTPAdapter
except ImportError:
    SDK_ERROR: str | None = traceback.format_exc()
    HTTPAdapter = object
else:
    SDK_ERROR = None

# Requests carry their own version in the path; the SDK only has to be kept from asking for it on its own.
_ANY_VERSION = "1.24"
# How urllib3 1 and 2 begin a message: the address is said already.
_CONNECTION = r"^(<urllib3\S+ object at \w+>|HTTPS?Connection(Pool)?\([^)]*\)): "
# What to do about errors whose text says little.
_ADVICE = {
    "Invalid bind address": "it begins with unix://, tcp:// or ssh://",
    "Install paramiko": "or use the ssh program instead, with use_ssh_client: true",
    "WRONG_VERSION_NUMBER": "the engine does not speak TLS on this port",
}


class SdkTransport:
    def __init__(self, options: dict[str, t.Any]) -> None:
        if SDK_ERROR:
            raise MissingLibrary(
                f"docker_host {options['docker_host']} needs the Docker SDK for Python"
                " (a unix:// socket would need no package).",
                "docker",
                SDK_ERROR,
            )
        self._where = f"docker_host {options['docker_host']}"
        self._client = self._connect(options)

    def _connect(self, options: dict[str, t.Any]) -> t.Any:
        try:
            client = docker.APIClient(
                base_url=options["docker_host"],
                version=_ANY_VERSION,
                timeout=options["timeout"],
                tls=_tls(options),
                use_ssh_client=options["use_ssh_client"],
            )
        except docker.errors.TLSParameterError as error:
            raise BadInput(f"{self._where}: client_cert, client_key, ca_path: {error}") from error
        except docker.errors.DockerException as error:
            raise Unreachable(f"{self._where}: {_advised(str(error))}") from error
        except Exception as error:  # paramiko's and the resolver's own errors: they share no other root
            raise Unreachable(f"{self._where}: {error or type(error).__name__}") from error
        if options["validate_certs"] and options["tls_hostname"]:
            client.mount("https://", _HostnameAdapter(options["tls_hostname"]))
        return client

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        content_type = {"Content-Type": "application/json"} if body else {}
        try:
            # Without ``verify`` requests lets REQUESTS_CA_BUNDLE override what the task says.
            response = self._client.request(
                method,
                self._client.base_url + path,
                data=body,
                headers={**content_type, **(headers or {})},
                timeout=timeout,
                verify=self._client.verify,
            )
        except requests.exceptions.Timeout as error:
            raise Unreachable(f"{self._where}: no answer within {timeout:g} seconds (option timeout).") from error
        except (requests.exceptions.RequestException, docker.errors.DockerException, OSError) as error:
            raise Unreachable(f"{self._where}: {_advised(_cause(error))}") from error
        return Reply(response.status_code, response.headers, response.content)

    def peer_pid(self) -> None:
        """The daemon runs on another host."""

    def close(self) -> None:
        self._client.close()


def _cause(error: Exception) -> str:
    """The error inside the layers that requests and urllib3 put around it, on one line."""
    inner = error.args[0] if error.args else error
    reason = getattr(inner, "reason", None) or inner
    text = str(reason.args[-1] if isinstance(reason, Exception) and reason.args else reason)
    return re.sub(_CONNECTION, "", " ".join(text.split())) or type(error).__name__


def _advised(text: str) -> str:
    return "; ".join([text, *(advice for words, advice in _ADVICE.items() if words in text)])


def _tls(options: dict[str, t.Any]) -> t.Any:
    if not (options["tls"] or options["validate_certs"]):
        return False
    pair = (options["client_cert"], options["client_key"])
    return docker.tls.TLSConfig(
        client_cert=pair if all(pair) else None,
        ca_cert=options["ca_path"],
        verify=options["validate_certs"],
    )


class _HostnameAdapter(HTTPAdapter):
    """Checks the certificate against another name than the address; the SDK has had no such option since 7.0."""

    def __init__(self, hostname: str) -> None:
        self._hostname = hostname
        super().__init__()

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().init_poolmanager(*args, assert_hostname=self._hostname, **kwargs)
