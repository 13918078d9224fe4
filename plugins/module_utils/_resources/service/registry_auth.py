# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials for a registry, as the value of the header X-Registry-Auth. Loaded only where an option asks for them.

The docker login is read as the docker command line reads it (docker/cli, cli/config), without the Docker SDK: a file
of JSON, or a helper program that is asked on its standard input
(https://github.com/docker/docker-credential-helpers). No message names what was found.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import typing as t

from ..._errors import BadInput
from .image import HUB, parse

HUB_SERVER = "https://index.docker.io/v1/"

_HELPER_TIMEOUT = 30.0
# What a helper prints where it has no login; its exit code is then the one of every failure.
_NO_LOGIN = b"credentials not found"
# A helper's username for a secret that is a token.
_TOKEN_USER = "<token>"


def header(
    image: str, registry_auth: dict[str, t.Any] | None, with_registry_auth: bool, warn: t.Callable[[str], None]
) -> str | None:
    """The header's value for an image (or a plugin's remote), None without credentials. ``registry_auth`` wins.

    Raises BadInput for credentials that are not whole and for a login that cannot be read.
    """
    server = server_of(image)
    if registry_auth:
        return _encoded(_given(registry_auth, server))
    if not with_registry_auth:
        return None
    found = _docker_login(server)
    if not found:
        warn(f"with_registry_auth: {_config_file()} has no login for {server}; the image is asked for without one.")
        return None
    return _encoded({**found, "serveraddress": server})


def server_of(image: str) -> str:
    """The key of a login: the registry's host, for Docker Hub an address of its own."""
    host = parse(image).host
    return HUB_SERVER if host == HUB else host


def _given(options: dict[str, t.Any], server: str) -> dict[str, str]:
    username, password, token = (options.get(key) for key in ("username", "password", "identity_token"))
    if not token and not (username and password):
        raise BadInput("registry_auth: give username and password, or identity_token.")
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


def _config_file() -> str:
    folder = os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")
    return os.path.join(folder, "config.json")


def _docker_login(server: str) -> dict[str, str]:
    config = _read(_config_file())
    helper = (config.get("credHelpers") or {}).get(server, config.get("credsStore"))
    return _from_helper(helper, server) if helper else _from_file(config.get("auths") or {}, server)


def _read(path: str) -> dict[str, t.Any]:
    try:
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadInput(f"with_registry_auth: {path} cannot be read: {error.strerror}.") from error
    except ValueError:
        config = None
    if not isinstance(config, dict):
        raise BadInput(f"with_registry_auth: {path} is no JSON object.")
    return config


def _from_file(auths: dict[str, dict[str, str]], server: str) -> dict[str, str]:
    entry = auths.get(server) or next((auths[key] for key in auths if _host(key) == server), {})
    username, password = entry.get("username", ""), entry.get("password", "")
    if entry.get("auth"):
        username, password = _decoded(entry["auth"], server)
    found = {"username": username, "password": password.strip("\0")}
    found.update({key: entry.get(key, "") for key in ("identitytoken", "registrytoken")})
    return found if any(found.values()) else {}


def _host(key: str) -> str:
    """Old logins are filed under a URL."""
    return key.partition("://")[2].partition("/")[0] if "://" in key else key.partition("/")[0]


def _decoded(auth: str, server: str) -> tuple[str, str]:
    try:
        username, colon, password = base64.b64decode(auth, validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if not colon:
        raise BadInput(f"with_registry_auth: the login for {server} in {_config_file()} is damaged.")
    return username, password


def _from_helper(helper: str, server: str) -> dict[str, str]:
    """Ask the program docker-credential-NAME: it answers {ServerURL, Username, Secret}."""
    program = f"docker-credential-{helper}"
    hint = f"with_registry_auth: {_config_file()} names {program} for {server}, which"
    try:
        # There is no AnsibleModule here, and so no run_command.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            [program, "get"], input=server.encode(), capture_output=True, timeout=_HELPER_TIMEOUT, check=False
        )
    except FileNotFoundError:
        raise BadInput(f"{hint} is not in PATH on the host where the task runs.") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(f"{hint} does not work: {type(error).__name__}.") from None
    if done.returncode != 0 and _NO_LOGIN in done.stdout:
        return {}
    try:
        answer = json.loads(done.stdout) if done.returncode == 0 else None
        username, secret = answer["Username"], answer["Secret"]
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            f"{hint} gives no login (exit code {done.returncode}): try echo {server} | {program} get."
        ) from None
    if not secret:
        return {}  # as docker-credential-pass answers for what it does not know
    return {"identitytoken": secret} if username == _TOKEN_USER else {"username": username, "password": secret}
