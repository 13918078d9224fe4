# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one way to a Docker engine: raw JSON in and out, HTTP status to typed error, API version.

Every first request of a run is a read, and every answer of the engine carries its API version in the ``Api-Version``
header (moby, daemon/server/middleware/version.go). So the first read goes out without a version in its path and
doubles as the negotiation: a run saves the ``/_ping`` that would tell the same. Only where something else comes
first is ``/_ping`` asked.

The engine's own version is used as it is, not capped at one that this collection knows: the server drops fields
that are newer than the request's version, and a spec that is read and written back must keep them.
"""

from __future__ import annotations

import json
import re
import typing as t

from ._errors import BadInput, EngineError

if t.TYPE_CHECKING:
    from ._path import Document

    Headers = t.Mapping[str, str]


class Reply(t.NamedTuple):
    status: int
    headers: t.Mapping[str, str]
    body: bytes


def version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


class Engine:
    """One engine. ``api_version`` is ``auto`` or what the user insists on; ``timeout`` is in seconds.

    :param transport: carries requests, as ``UnixTransport`` does (_transport.py); raises Unreachable.
    """

    def __init__(
        self, transport: t.Any, api_version: str = "auto", timeout: float = 60, where: str = "the engine"
    ) -> None:
        self._transport = transport
        self._timeout = timeout
        self._version = None if api_version == "auto" else checked_version(api_version)
        self.where = where

    @property
    def api_version(self) -> str:
        if self._version is None:
            self._request("GET", "/_ping")
        if self._version is None:
            raise EngineError(f"{self.where} answers /_ping, but does not say its API version: is it a Docker engine?")
        return self._version

    def require(self, api_version: str, what: str) -> None:
        """Raise Unsupported if the engine's API is older than what an option needs."""
        if version_key(self.api_version) < version_key(api_version):
            from ._complaints import too_old

            raise too_old(what, api_version, self.where, self.api_version)

    def peer_pid(self) -> int | None:
        """The daemon's process where it is at the other end of a local socket, otherwise None."""
        return self._transport.peer_pid()

    def close(self) -> None:
        """End the connection; for processes that go on after it."""
        self._transport.close()

    def get(self, path: str, timeout: float | None = None, headers: Headers | None = None, **query: t.Any) -> t.Any:
        return self._json("GET", path, query, None, timeout, headers)

    def get_bytes(self, path: str, timeout: float | None = None, **query: t.Any) -> bytes:
        """The body as it came: logs are no JSON."""
        return self._request("GET", self._full(f"/v{self.api_version}{path}", query), timeout=timeout).body

    def post(
        self,
        path: str,
        body: Document | None = None,
        timeout: float | None = None,
        headers: Headers | None = None,
        **query: t.Any,
    ) -> t.Any:
        return self._json("POST", path, query, body, timeout, headers)

    def put(self, path: str, body: Document | None = None, **query: t.Any) -> t.Any:
        return self._json("PUT", path, query, body, None)

    def delete(self, path: str, **query: t.Any) -> t.Any:
        return self._json("DELETE", path, query, None, None)

    def _json(
        self,
        method: str,
        path: str,
        query: dict[str, t.Any],
        body: Document | None,
        timeout: float | None,
        headers: Headers | None = None,
    ) -> t.Any:
        if method != "GET" or self._version:
            path = f"/v{self.api_version}{path}"
        path = self._full(path, query)
        reply = self._request(method, path, body, timeout, headers)
        answer = self._parse(path, reply) if reply.body.strip() else None
        if method == "GET" and not isinstance(answer, (dict, list)):
            raise _stranger(self.where, path, reply)
        return answer

    @staticmethod
    def _full(path: str, query: dict[str, t.Any]) -> str:
        if not query:
            return path
        from urllib.parse import urlencode  # 3 ms that a run without changes does not need

        return path + "?" + urlencode({key: _query_value(value) for key, value in query.items()})

    def _parse(self, path: str, reply: Reply) -> t.Any:
        try:
            return json.loads(reply.body)
        except ValueError as error:
            raise _stranger(self.where, path, reply) from error

    def _request(
        self,
        method: str,
        path: str,
        body: Document | None = None,
        timeout: float | None = None,
        headers: Headers | None = None,
    ) -> Reply:
        data = None if body is None else json.dumps(body).encode()
        more = {"headers": headers} if headers else {}
        reply = self._transport.request(method, path, data, timeout or self._timeout, **more)
        self._version = self._version or reply.headers.get("api-version")
        if reply.status >= 400:
            from ._complaints import error_of  # as all of them: nothing that goes well has to load them

            raise error_of(reply.status, reply.body)
        return reply


def checked_version(version: str) -> str:
    if not re.fullmatch(r"\d+\.\d+", version):
        raise BadInput(f"api_version: {version!r} is no version of the Docker API: write auto, or one like 1.41.")
    return version


def path_part(text: str) -> str:
    """A name or ID as one segment of a path, so that no name can reach another endpoint."""
    from urllib.parse import quote

    return quote(text, safe="")


def _query_value(value: t.Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _stranger(where: str, path: str, reply: Reply) -> EngineError:
    from ._complaints import stranger

    return stranger(where, path, reply.status, reply.body)
