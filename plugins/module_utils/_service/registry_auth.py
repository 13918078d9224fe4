# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials for a registry, as the value of the header X-Registry-Auth.

The docker login is read as the docker command line reads it (docker/cli, cli/config), without the Docker SDK: a file
of JSON, or a helper program that is asked on its standard input
(https://github.com/docker/docker-credential-helpers). No message names what was found.
"""

from __future__ import annotations

import base64
import json
import posixpath
import typing as t

from .._core.errors import BadInput
from .._core.values import Values
from .._engine.client import Node, ThisNode
from .image import HUB, parse

HUB_SERVER = "https://index.docker.io/v1/"

_HELPER_TIMEOUT = 30.0
# What a helper prints where it has no login; its exit code is then the one of every failure.
_NO_LOGIN = b"credentials not found"
# A helper's username for a secret that is a token.
_TOKEN_USER = "<token>"


def header(
    image: str,
    registry_auth: Values | None,
    with_registry_auth: bool,
    warn: t.Callable[[str], None],
    node: Node | None = None,
) -> str | None:
    """The header's value for an image (or a plugin's remote), None without credentials. ``registry_auth`` wins.

    :param registry_auth: checked by ``check``. :param node: whose docker login is read.

    Raises BadInput for a login that cannot be read.
    """
    server = server_of(image)
    if registry_auth:
        return _encoded(_given(registry_auth, server))
    if not with_registry_auth:
        return None
    login = _Login(node or ThisNode(), server)
    found = login.find()
    if not found:
        warn(f"with_registry_auth: {login.path} has no login for {server}. The registry is queried without one.")
        return None
    return _encoded({**found, "serveraddress": server})


def server_of(image: str) -> str:
    """The key of a login: the registry's host, for Docker Hub an address of its own."""
    host = parse(image).host
    return HUB_SERVER if host == HUB else host


def check(options: Values) -> None:
    """Raise BadInput for the option ``registry_auth`` without whole credentials."""
    if not options.get("identity_token") and not (options.get("username") and options.get("password")):
        raise BadInput("registry_auth", "requires username and password, or identity_token.")


def _given(options: Values, server: str) -> dict[str, str]:
    username, password, token = (options.get(key) for key in ("username", "password", "identity_token"))
    return {
        "username": username or "",
        "password": password or "",
        "identitytoken": token or "",
        "serveraddress": options.get("server_address") or server,
    }


def _encoded(credentials: dict[str, str]) -> str:
    """The engine's AuthConfig (moby, api/types/registry/authconfig.go) in base64url, with padding."""
    document = {key: value for key, value in credentials.items() if value}
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode()


class _Login:
    """The docker login of a node's user for one server.

    :param path: of the configuration of the docker command line.
    """

    def __init__(self, node: Node, server: str) -> None:
        self._node, self._server = node, server
        environment = node.environment()
        folder = environment.get("DOCKER_CONFIG") or posixpath.join(environment.get("HOME") or "/", ".docker")
        self.path = posixpath.join(folder, "config.json")

    def find(self) -> dict[str, str]:
        config = self._read()
        helper = (config.get("credHelpers") or {}).get(self._server, config.get("credsStore"))
        return self._from_helper(helper) if helper else self._from_file(config.get("auths") or {})

    def _read(self) -> Values:
        try:
            config = json.loads(self._node.read(self.path))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise BadInput("with_registry_auth", f"{self.path} cannot be read: {error.strerror}.") from error
        except ValueError:
            config = None
        if not isinstance(config, dict):
            raise BadInput("with_registry_auth", f"{self.path} is not a JSON object.")
        return config

    def _from_file(self, auths: dict[str, dict[str, str]]) -> dict[str, str]:
        entry = auths.get(self._server) or next((auths[key] for key in auths if _host(key) == self._server), {})
        username, password = entry.get("username", ""), entry.get("password", "")
        if entry.get("auth"):
            username, password = self._decoded(entry["auth"])
        found = {"username": username, "password": password.strip("\0")}
        found.update({key: entry.get(key, "") for key in ("identitytoken", "registrytoken")})
        return found if any(found.values()) else {}

    def _decoded(self, auth: str) -> tuple[str, str]:
        try:
            username, colon, password = base64.b64decode(auth, validate=True).decode().partition(":")
        except ValueError:
            colon = ""
        if not colon:
            raise BadInput("with_registry_auth", f"the login for {self._server} in {self.path} is damaged.")
        return username, password

    def _from_helper(self, helper: str) -> dict[str, str]:
        """The login that the program docker-credential-NAME returns: {ServerURL, Username, Secret}."""
        program = f"docker-credential-{helper}"
        hint = f"{self.path} names {program} for {self._server}, which"
        try:
            code, output = self._node.run([program, "get"], self._server.encode(), _HELPER_TIMEOUT)
        except FileNotFoundError:
            raise BadInput("with_registry_auth", f"{hint} is not in PATH on the host where the task runs.") from None
        except OSError as error:
            raise BadInput("with_registry_auth", f"{hint} fails: {type(error).__name__}.") from None
        if code != 0 and _NO_LOGIN in output:
            return {}
        try:
            answer = json.loads(output) if code == 0 else {}
            username, secret = answer["Username"], answer["Secret"]
        except (ValueError, KeyError, TypeError):
            raise BadInput(
                "with_registry_auth",
                f"{hint} returns no login (exit code {code}). Test it with echo {self._server} | {program} get.",
            ) from None
        if not secret:
            return {}  # as docker-credential-pass answers for what it does not know
        return {"identitytoken": secret} if username == _TOKEN_USER else {"username": username, "password": secret}


def _host(key: str) -> str:
    """Old logins are filed under a URL."""
    return key.partition("://")[2].partition("/")[0] if "://" in key else key.partition("/")[0]
