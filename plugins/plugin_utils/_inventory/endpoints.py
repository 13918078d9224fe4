# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engines to ask, in order."""

from __future__ import annotations

import os
import typing as t
from urllib.parse import urlsplit, urlunsplit

from ...module_utils._core.errors import BadInput
from ...module_utils._core.validators import is_ip, told_host
from ...module_utils._core.values import Values
from ...module_utils._engine.connection import DEFAULT_HOST, SCHEME, engine_of
from .addresses import is_own

# Where another host is only another name in the URL.
_REMOTE = ("tcp", "http", "https", "ssh")


class Endpoint(t.NamedTuple):
    """:param url: what the connection takes.
    :param options: connection options of this endpoint alone, such as a context's certificates.
    :param name: how messages name it.
    :param named_by_worker: whether a worker has named it, and not the source.
    """

    url: str
    options: Values
    name: str
    named_by_worker: bool = False


def endpoints(hosts: list[str] | None) -> list[Endpoint]:
    """The endpoints of option docker_host, or what the environment says; raises BadInput."""
    if hosts is not None and not hosts:
        raise BadInput("docker_host", "the list is empty: name an engine, or leave the option out.")
    return [_endpoint(host) for host in hosts or [_default()]]


def _default() -> str:
    """DOCKER_HOST is Ansible's to read, with the options."""
    context = os.environ.get("DOCKER_CONTEXT", "")
    return SCHEME + context if context else DEFAULT_HOST


def _endpoint(host: str) -> Endpoint:
    if not host.startswith(SCHEME):
        return Endpoint(host or DEFAULT_HOST, {}, host or DEFAULT_HOST)
    return Endpoint(*engine_of(host, DEFAULT_HOST))


def managers_behind(worker: Endpoint, addresses: t.Iterable[str]) -> list[Endpoint]:
    """The managers that a worker knows, asked in the way that led to the worker; none for a local socket.

    The worker is not trusted: names are passed over, and so are addresses of the controller itself.

    :param addresses: of the managers, with the port for other nodes (2377), which is not the API's.
    """
    parts = urlsplit(worker.url)
    if parts.scheme not in _REMOTE or worker.named_by_worker:
        return []
    user, _at, host_port = parts.netloc.rpartition("@")
    port = host_port[len(_bracketed(parts.hostname or "")) :]
    found = []
    for host in filter(is_ip, map(told_host, addresses)):
        if not is_own(host) or is_own(parts.hostname or ""):
            url = urlunsplit(parts._replace(netloc=(f"{user}@" if user else "") + _bracketed(host) + port))
            found.append(Endpoint(url, worker.options, f"{url} (named by the worker)", named_by_worker=True))
    return found


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
