# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a request to an answer: API version, route, handler, and how each outcome is written."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Callable, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from . import (
    api_distribution,
    api_logs,
    api_networks,
    api_nodes,
    api_objects,
    api_prune,
    api_services,
    api_swarm,
    api_system,
    api_tasks,
    volumes,
)
from .errors import ApiError
from .golang import Reader
from .reply import Raw, Reply
from .requests import Recorded
from .versions import refusal

if TYPE_CHECKING:
    from .engine import FakeEngine

Answer = tuple[int, "str | bytes", dict[str, str]]


class Request(NamedTuple):
    """A request taken apart; `path` is without version and query."""

    method: str
    path: str
    version: str | None
    query: dict[str, str]
    text: str
    registry_auth: str | None = None

    @classmethod
    def parse(cls, method: str, target: str, text: str) -> Request:
        """From the request line and the body."""
        parts = urlsplit(target)
        version = re.match(r"/v(\d+\.\d+)(?=/)", parts.path)
        path = parts.path[version.end() :] if version else parts.path
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return cls(method, path, version.group(1) if version else None, query, text)

    def recorded(self) -> Recorded:
        """As the log keeps it."""
        try:
            body = json.loads(self.text) if self.text else None
        except ValueError:
            body = self.text
        return Recorded(self.method, self.path, self.query, body, self.version, self.registry_auth)


class Call(NamedTuple):
    """What a handler gets: the engine, the request, and the named parts of the path."""

    engine: FakeEngine
    request: Request
    names: dict[str, str]

    @property
    def api(self) -> str:
        """The API version in force."""
        return self.request.version or self.engine.version.api

    def body(self, struct: str, shape: dict[str, Any]) -> dict[str, Any]:
        """The body decoded as the engine would; ApiError 400 for no JSON and wrong types."""
        prefix = self.engine.version.json_prefix
        if not self.request.text and not prefix:
            raise ApiError(400, "got EOF while reading request body")
        try:
            value = json.loads(self.request.text or "null")
        except ValueError as error:
            raise ApiError(400, f"{prefix}invalid character: {error}") from error
        return Reader(struct, prefix).read(shape, value)


Handler = Callable[[Call], Any]
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)

_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = [
    (method, re.compile(pattern), handler)
    for method, pattern, handler in [
        ("GET", r"/_ping", api_system.ping),
        ("HEAD", r"/_ping", api_system.ping),
        ("GET", r"/version", api_system.version),
        ("GET", r"/info", api_system.info),
        ("GET", r"/swarm", api_swarm.inspect),
        ("POST", r"/swarm/init", api_swarm.init),
        ("POST", r"/swarm/join", api_swarm.join),
        ("POST", r"/swarm/leave", api_swarm.leave),
        ("POST", r"/swarm/update", api_swarm.update),
        ("POST", r"/swarm/unlock", api_swarm.unlock),
        ("GET", r"/swarm/unlockkey", api_swarm.unlock_key),
        ("GET", r"/nodes", api_nodes.index),
        ("GET", r"/nodes/(?P<id>[^/]+)", api_nodes.inspect),
        ("POST", r"/nodes/(?P<id>[^/]+)/update", api_nodes.update),
        ("DELETE", r"/nodes/(?P<id>[^/]+)", api_nodes.remove),
        ("GET", r"/services", api_services.index),
        ("POST", r"/services/create", api_services.create),
        ("GET", r"/services/(?P<id>[^/]+)", api_services.inspect),
        ("POST", r"/services/(?P<id>[^/]+)/update", api_services.update),
        ("DELETE", r"/services/(?P<id>[^/]+)", api_services.remove),
        ("GET", r"/services/(?P<id>[^/]+)/logs", api_logs.of_service),
        ("GET", r"/tasks", api_tasks.index),
        ("GET", r"/tasks/(?P<id>[^/]+)", api_tasks.inspect),
        ("GET", r"/tasks/(?P<id>[^/]+)/logs", api_logs.of_task),
        ("GET", r"/networks", api_networks.index),
        ("POST", r"/networks/create", api_networks.create),
        ("GET", r"/networks/(?P<id>[^/]+)", api_networks.inspect),
        ("DELETE", r"/networks/(?P<id>[^/]+)", api_networks.remove),
        *api_objects.routes("secret"),
        *api_objects.routes("config"),
        *volumes.ROUTES,
        ("GET", r"/system/df", api_prune.usage),
        ("POST", r"/images/prune", api_prune.prune_images),
        ("POST", r"/build/prune", api_prune.prune_build_cache),
        ("GET", r"/distribution/(?P<id>.+)/json", api_distribution.inspect),
    ]
]


def headers_of(engine: FakeEngine, content_type: str) -> dict[str, str]:
    """What stands on every answer of a known route."""
    version = engine.version
    headers = {
        "Api-Version": version.api,
        "Docker-Experimental": "false",
        "Ostype": "linux",
        "Server": f"Docker/{version.engine} (linux)",
    }
    return {**headers, "Content-Type": content_type} if content_type else headers


def dispatch(engine: FakeEngine, request: Request) -> Answer:
    """Answer one request: status, text, headers."""
    call, handler = _route(engine, request)
    if handler is None:
        return 404, _message("page not found"), {"Content-Type": "application/json"}
    refused = refusal(call.api, engine.version)
    if refused:
        return 400, _message(refused), headers_of(engine, "application/json")
    try:
        result = handler(call)
    except ApiError as error:
        return error.status, _message(error.message), headers_of(engine, "application/json")
    return _written(engine, request, result)


def _route(engine: FakeEngine, request: Request) -> tuple[Call, Handler | None]:
    for method, pattern, handler in _ROUTES:
        found = pattern.fullmatch(request.path) if method == request.method else None
        if found:
            names = {name: unquote(value) for name, value in found.groupdict().items()}
            return Call(engine, request, names), handler
    return Call(engine, request, {}), None


def _written(engine: FakeEngine, request: Request, result: Any) -> Answer:
    if request.path == "/_ping":
        headers = {**headers_of(engine, "text/plain; charset=utf-8"), **api_system.ping_headers(engine)}
        return 200, result, headers
    if isinstance(result, Raw):
        return 200, result.payload, headers_of(engine, result.content_type)
    status, body = result if isinstance(result, Reply) else (200, result)
    if body is None:
        return status, "", headers_of(engine, "")
    text = _ENCODER.encode(body) + "\n"
    return status, text, headers_of(engine, "application/json")


def _message(text: str) -> str:
    return json.dumps({"message": text}, separators=(",", ":")) + "\n"
