# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection options and contexts of the docker CLI; the names, aliases and DOCKER_* fallbacks are those of community.docker.

A context is a folder named by the SHA-256 of its name: ``contexts/meta/HASH/meta.json`` and, for TLS,
``contexts/tls/HASH/docker/{ca,cert,key}.pem`` (docker/cli, cli/context/store). The folder of all that is DOCKER_CONFIG, or
``~/.docker``, of the user and on the host where this runs: the managed node for modules, the controller for the inventory.
"""

from __future__ import annotations

import hashlib
import json
import os
import typing as t

from ansible.module_utils.basic import env_fallback

from .._core.errors import BadInput
from .._core.values import Values
from .client import Engine, Node, Transport
from .ssh import SshTransport
from .tcp import TcpTransport
from .transport import UnixTransport
from .unknown_outcome import settle

UNIX_SCHEMES = ("unix://", "http+unix://")
# Seconds. No socket can wait for 64 bits of them.
_LONGEST_TIMEOUT = 10**6
# An empty DOCKER_HOST means this to the docker CLI too.
DEFAULT_SOCKET = "/var/run/docker.sock"
DEFAULT_HOST = f"unix://{DEFAULT_SOCKET}"
_TLS_HOSTNAME = "DOCKER_TLS_HOSTNAME"


def connection_spec() -> Values:
    return {
        "docker_host": {
            "type": "str",
            "default": DEFAULT_HOST,
            "fallback": (env_fallback, ["DOCKER_HOST"]),
            "aliases": ["docker_url"],
        },
        "tls_hostname": {"type": "str", "fallback": (env_fallback, [_TLS_HOSTNAME])},
        "api_version": {
            "type": "str",
            "default": "auto",
            "fallback": (env_fallback, ["DOCKER_API_VERSION"]),
            "aliases": ["docker_api_version"],
        },
        "timeout": {"type": "int", "default": 60, "fallback": (env_fallback, ["DOCKER_TIMEOUT"])},
        "ca_path": {"type": "path", "aliases": ["ca_cert", "tls_ca_cert", "cacert_path"]},
        "client_cert": {"type": "path", "aliases": ["tls_client_cert", "cert_path"]},
        "client_key": {"type": "path", "aliases": ["tls_client_key", "key_path"]},
        "tls": {"type": "bool", "default": False, "fallback": (env_fallback, ["DOCKER_TLS"])},
        "validate_certs": {
            "type": "bool",
            "default": False,
            "fallback": (env_fallback, ["DOCKER_TLS_VERIFY"]),
            "aliases": ["tls_verify"],
        },
        "use_ssh_client": {"type": "bool", "default": False},
    }


def connect(
    params: Values, docker_host: str | None = None, transport: Transport | None = None, node: Node | None = None
) -> Engine:
    """The engine that the task's connection options name; ``docker_host`` asks another one with the same options.

    :param transport: how it is reached, where that is not for the options to say.
    :param node: the host of the task where that is not this machine.
    """
    options = {key: params[key] for key in connection_spec()}
    options["docker_host"] = docker_host or options["docker_host"] or DEFAULT_HOST
    where = f"the engine at {options['docker_host']}"
    if options["docker_host"].startswith("context://"):
        url, own, where = engine_of(options["docker_host"], DEFAULT_HOST)
        options.update(own, docker_host=url)
    if "://" not in options["docker_host"]:  # the docker CLI takes host:port too
        options["docker_host"] = f"tcp://{options['docker_host']}"
    if not 0 < options["timeout"] <= _LONGEST_TIMEOUT:  # the inventory gives what is left, a fraction
        raise BadInput(
            "timeout", f"{options['timeout']} is out of bounds: it must be from 1 to {_LONGEST_TIMEOUT} seconds."
        )
    _check_tls(options)
    _add_cert_path(options)
    if bool(options["client_cert"]) != bool(options["client_key"]):
        raise BadInput("client_cert", "give both client_cert and client_key, or none of them.")
    engine = Engine(
        transport or make_transport(options),
        api_version=options["api_version"],
        timeout=options["timeout"],
        where=where,
        node=node,
    )
    engine.settle = settle
    return engine


def _check_tls(options: Values) -> None:
    """Raise BadInput where a task gives certificates and the request would go out without TLS.

    DOCKER_CERT_PATH and DOCKER_TLS_HOSTNAME alone mean nothing, as they mean nothing to the docker CLI.
    """
    scheme = options["docker_host"].partition("://")[0].lower()
    wanted = next((option for option in ("validate_certs", "tls") if options[option]), "")
    if scheme == "http" and wanted:
        raise BadInput("docker_host", f"http:// does not use TLS, but {wanted} is set. Use tcp:// or https://.")
    if scheme not in ("tcp", "http") or wanted:
        return
    for option in ("ca_path", "client_cert", "client_key", "tls_hostname"):
        if options[option] and not (option == "tls_hostname" and options[option] == os.environ.get(_TLS_HOSTNAME)):
            raise BadInput(
                option,
                "needs TLS, but neither validate_certs nor tls is set, so the request would not be encrypted."
                " Set validate_certs: true.",
            )


def _add_cert_path(options: Values) -> None:
    """DOCKER_CERT_PATH is a folder with the three files that the docker CLI looks for, not the path of one."""
    folder = os.environ.get("DOCKER_CERT_PATH")
    if folder:
        for option, name in (("ca_path", "ca.pem"), ("client_cert", "cert.pem"), ("client_key", "key.pem")):
            options[option] = options[option] or os.path.join(folder, name)


def socket_path(docker_host: str) -> str:
    """Return the path in a unix:// address: without one it is the default one, as for the docker CLI."""
    path = docker_host.partition("://")[2].lstrip("/")
    return f"/{path}" if path else DEFAULT_SOCKET


def make_transport(options: Values) -> Transport:
    """The transport for the connection options of a task (see the documentation fragment ``docker``)."""
    host = options["docker_host"]
    if host.startswith(UNIX_SCHEMES):
        path = socket_path(host)
        if len(path) > 107:
            raise BadInput("docker_host", f"{path} has {len(path)} characters. The maximum for a unix socket is 107.")
        return UnixTransport(path)
    if host.startswith("ssh://"):
        return _ssh_transport(options)
    return TcpTransport(options)


def _ssh_transport(options: Values) -> Transport:
    if options["use_ssh_client"]:
        return SshTransport(options["docker_host"])
    from .sdk import SdkTransport  # loads the Docker SDK for Python, some 80 ms

    return SdkTransport(options)


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
