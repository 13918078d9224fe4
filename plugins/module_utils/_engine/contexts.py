# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contexts of the docker CLI: where an engine is, and the certificates for it.

A context is a folder named by the SHA-256 of its name: ``contexts/meta/HASH/meta.json`` and, for TLS,
``contexts/tls/HASH/docker/{ca,cert,key}.pem`` (docker/cli, cli/context/store). The folder of all that is
DOCKER_CONFIG, or ``~/.docker``, of the user and on the host where this runs: the managed node for modules, the controller
for the inventory.
"""

from __future__ import annotations

import hashlib
import json
import os
import typing as t

from .._core.errors import BadInput
from .._core.paths import Values

# The CLI's name for what it does without any context.
DEFAULT = "default"
SCHEME = "context://"
_FILES = {"ca_path": "ca.pem", "client_cert": "cert.pem", "client_key": "key.pem"}


class ContextEngine(t.NamedTuple):
    """:param url: of the engine. :param options: connection options that belong to it, such as certificates.
    :param name: how messages name it.
    """

    url: str
    options: Values
    name: str


def engine_of(docker_host: str, socket: str) -> ContextEngine:
    """Return the engine of ``context://NAME``, or with an empty NAME of the context in use; raises BadInput.

    :param socket: the URL of the default context where DOCKER_HOST is not set.
    """
    name = docker_host[len(SCHEME) :] or current_context() or DEFAULT
    if name == DEFAULT:
        return ContextEngine(os.environ.get("DOCKER_HOST") or socket, {}, "the default docker context")
    url, options = read_context(name)
    return ContextEngine(url, options, f"docker context {name} ({url})")


def current_context() -> str:
    """The context that the CLI would use: DOCKER_CONTEXT, or the one chosen with ``docker context use``."""
    return os.environ.get("DOCKER_CONTEXT") or _read(os.path.join(_folder(), "config.json")).get("currentContext") or ""


def read_context(name: str) -> tuple[str, Values]:
    """The URL of a context's engine and the connection options that belong to it; raises BadInput."""
    key = hashlib.sha256(name.encode()).hexdigest()
    meta = os.path.join(_folder(), "contexts", "meta", key, "meta.json")
    endpoints = _read(meta, f"the docker context {name!r} does not exist").get("Endpoints") or {}
    endpoint = endpoints.get("docker") or {}
    url = endpoint.get("Host")
    if not url:
        raise BadInput("docker_host", f"the docker context {name!r} has no engine (Endpoints.docker.Host in {meta}).")
    return url, _tls(os.path.join(_folder(), "contexts", "tls", key, "docker"), bool(endpoint.get("SkipTLSVerify")))


def _folder() -> str:
    return os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")


def _tls(folder: str, unchecked: bool) -> Values:
    """The CLI uses TLS where the context has a file for it, or says that the engine's certificate does not count."""
    files = {option: os.path.join(folder, name) for option, name in _FILES.items()}
    found = {option: path for option, path in files.items() if os.path.exists(path)}
    if not found and not unchecked:
        return {}
    return {**dict.fromkeys(_FILES), **found, "tls": True, "validate_certs": not unchecked}


def _read(path: str, complaint: str = "") -> Values:
    """The JSON object in a file; without a complaint, a file that is not there is an empty one."""
    try:
        with open(path, encoding="utf-8") as stream:
            document = json.load(stream)
    except FileNotFoundError as error:
        if not complaint:
            return {}
        raise BadInput("docker_host", f"{complaint} (no {path}).") from error
    except (OSError, ValueError) as error:
        raise BadInput("docker_host", f"{path} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise BadInput("docker_host", f"{path} does not contain a JSON object.")
    return document
