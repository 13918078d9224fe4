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
import os
import re
import subprocess
import time
import typing as t
from urllib.parse import quote, urlencode

from .._core.errors import BadInput, EngineError, InvalidAnswer, OutcomeUnknown, OutOfSequence, SwarmError
from .._core.values import Document, Values
from . import api_errors
from .api_errors import not_a_docker_engine, unsupported_version

if t.TYPE_CHECKING:
    Headers = t.Mapping[str, str]

_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")
# Requests that are answered with a list of objects; all others with one object.
_LISTS = ("/nodes", "/services", "/tasks", "/networks", "/secrets", "/configs")
# What the engine does itself, without a write of the managers.
_LOCAL_WRITES = ("/swarm/init", "/swarm/join", "/swarm/leave", "/swarm/unlock")

# A request that is expected: so many bytes of its body, which no daemon leaves unread while it writes another answer.
_MOST_EARLY = 16384
_EARLY_STAYS = 2.0  # seconds


class Expected(t.NamedTuple):
    """:param path: with its query, without the API's version."""

    method: str
    path: str
    body: bytes | None


class Reply(t.NamedTuple):
    """An HTTP response. :param headers: with names in lower case."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes


def version_key(version: str) -> tuple[int, ...]:
    """Return ``1.43`` as (1, 43), for comparisons."""
    return tuple(int(part) for part in version.split("."))


class Transport(t.Protocol):
    """What carries requests to one engine; raises Unreachable and OutcomeUnknown."""

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: Headers | None = None
    ) -> Reply:
        """Return the reply, whatever its status; ``timeout`` is in seconds."""

    def peer_pid(self) -> int | None:
        """Return the daemon's process where it is at the other end of a local socket, otherwise None."""

    def close(self) -> None:
        """End the connection."""


class CommandTransport(Transport, t.Protocol):
    """A transport that sends several requests in one command on a host."""

    def request_together(
        self,
        following: t.Sequence[tuple[str, str, bytes | None]],
        method: str,
        path: str,
        body: bytes | None,
        timeout: float,
        headers: Headers | None = None,
    ) -> list[Reply]:
        """Return the reply to the request, then those to the first ones of ``following``: method, path, body."""


class Reader(t.Protocol):
    """What reads from an engine: the engine, or something that remembers its answers."""

    def get(self, path: str, *, filters: t.Mapping[str, t.Sequence[str]] | None = None) -> t.Any:
        """Return the answer, as JSON."""

    def get_bytes(self, path: str, timeout: float | None = None, **query: object) -> bytes:
        """Return the raw body."""


class Node(t.Protocol):
    """The host of the task: its files, its environment and its programs, wherever the core runs."""

    def read(self, path: str) -> bytes:
        """Return the content of a file; raise OSError."""

    def environment(self) -> t.Mapping[str, str]:
        """Return the variables that a program of the task's user has there."""

    def run(self, argv: list[str], data: bytes, timeout: float) -> tuple[int, bytes]:
        """Run a program with this standard input; return its exit code and output.

        Raise FileNotFoundError where the node lacks it, another OSError or TimeoutError where it does not work.
        """


class ThisNode(t.NamedTuple):
    """The machine that this runs on.

    :param variables: of the task, in addition to those of the process.
    """

    variables: t.Mapping[str, str] = {}

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def environment(self) -> t.Mapping[str, str]:
        return {"HOME": os.path.expanduser("~"), **os.environ, **self.variables}

    def run(self, argv: list[str], data: bytes, timeout: float) -> tuple[int, bytes]:
        try:
            # AnsibleModule and its run_command are not available here.
            done = subprocess.run(  # pylint: disable=ansible-bad-function
                argv, input=data, capture_output=True, timeout=timeout, check=False, env=dict(self.environment())
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"no response within {timeout:g} seconds") from error
        return done.returncode, done.stdout


class SentWrite(t.NamedTuple):
    """:param path: without the API version. :param query: as the caller gave it."""

    method: str
    path: str
    query: Values
    body: Document


class Engine:
    """One engine. ``api_version`` is ``auto`` or what the user insists on; ``timeout`` is in seconds.

    :param transport: carries requests.
    :param node: the host of the task, whose files, environment and programs options may name.
    """

    def __init__(
        self,
        transport: Transport,
        api_version: str = "auto",
        timeout: float = 60,
        where: str = "the engine",
        node: Node | None = None,
    ) -> None:
        self._transport = transport
        self._timeout = timeout
        self._version = None if api_version == "auto" else checked_version(api_version)
        self.where = where
        self.node: Node = node or ThisNode()
        # The last answer to each request, for answers.py, which explains what could not be worked with.
        self.answers: dict[tuple[str, str], object] = {}
        # Returns the answer that a write without one would have had, see unknown_outcome.py.
        self.settle: t.Callable[[Engine, SentWrite, SwarmError], t.Any] | None = None
        self._expected: list[Expected] = []
        self._early: dict[Expected, tuple[Reply, float]] = {}  # replies to them, and when they came

    @property
    def api_version(self) -> str:
        """Return the version that requests are sent with: the option's, or the engine's own from the header of its first answer."""
        if self._version is None:
            self._request("GET", "/_ping")
        if self._version is None:
            raise InvalidAnswer(
                f"{self.where} does not report its API version in /_ping. Check that it is a Docker engine."
            )
        return self._version

    def require(self, api_version: str, what: str) -> None:
        """Raise Unsupported if the engine's API is older than what an option needs."""
        if version_key(self.api_version) < version_key(api_version):
            raise unsupported_version(what, api_version, self.where, self.api_version)

    def peer_pid(self) -> int | None:
        """Return the daemon's process where it is at the other end of a local socket, otherwise None."""
        return self._transport.peer_pid()

    def wrap(self, wrapper: t.Callable[[Transport], Transport]) -> None:
        """Put a transport around the one that the engine has."""
        self._expected, self._early = [], {}
        self._transport = wrapper(self._transport)

    def close(self) -> None:
        """End the connection; for processes that go on after it."""
        self._transport.close()

    def expect(self, path: str, body: Document | None = None, method: str = "GET", **query: object) -> None:
        """Name a request that will probably follow the next one, and does not depend on its answer.

        Where each request costs a command on a host, both travel in one, and the second one takes its reply from there. It
        is ignored where a request costs next to nothing. So it must not change anything.
        """
        if hasattr(self._transport, "request_together"):
            data = None if body is None else json.dumps(body).encode()
            if data is None or len(data) <= _MOST_EARLY:
                self._expected.append(Expected(method, with_query(path, query), data))

    def get(self, path: str, timeout: float | None = None, headers: Headers | None = None, **query: object) -> t.Any:
        """Return the answer to a GET: parsed JSON of the shape that ``answers.py`` documents.

        :param path: without version and query. :param timeout: in seconds; the option ``timeout`` where it is None.
        :param query: of the URL; booleans and mappings (``filters``) as the engine reads them.
        :raises Unreachable: no answer. :raises EngineError: a status of failure, as the type that ``api_errors.py`` reads from it.
        """
        return self._json("GET", path, query, None, timeout, headers)

    def get_bytes(self, path: str, timeout: float | None = None, **query: object) -> bytes:
        """Return the raw body, because logs are not JSON."""
        return self._request("GET", with_query(f"/v{self.api_version}{path}", query), timeout=timeout).body

    def post(
        self,
        path: str,
        body: Document | None = None,
        timeout: float | None = None,
        headers: Headers | None = None,
        **query: object,
    ) -> t.Any:
        """Return the answer to a POST; see ``get``. An empty answer is None.

        :param body: sent as JSON. :raises OutcomeUnknown: the answer is lost, and the engine may have carried the request out.
        """
        return self._json("POST", path, query, body, timeout, headers)

    def put(self, path: str, body: Document | None = None, **query: object) -> t.Any:
        """Return the answer to a PUT; see ``post``."""
        return self._json("PUT", path, query, body, None)

    def delete(self, path: str, **query: object) -> t.Any:
        """Return the answer to a DELETE; see ``post``."""
        return self._json("DELETE", path, query, None, None)

    def delete_unchanged(self, path: str, version: int) -> None:
        """Delete an object whose content has been copied. A DELETE has no version, so the object is read right before.

        :raises OutOfSequence: another client has changed it since that version. :raises NotFound: or has removed it.
        """
        if self.get(path)["Version"]["Index"] != version:
            raise OutOfSequence(f"Another client changed {path[1:]} before its replacement.")
        self.delete(path)

    def _json(
        self,
        method: str,
        path: str,
        query: Values,
        body: Document | None,
        timeout: float | None,
        headers: Headers | None = None,
    ) -> t.Any:
        full = with_query(path, query)
        reply = self._early_reply(method, full, body, headers) if self._early else None
        if reply is None and (method != "GET" or self._version):
            full = f"/v{self.api_version}{full}"
        try:
            reply = reply or self._request(method, full, body, timeout, headers)
            answer = self._parse(full, reply) if reply.body.strip() else None
            if not _has_shape(method, path, answer):
                raise _not_a_docker_engine(self.where, full, reply)
        except (OutcomeUnknown, InvalidAnswer) as error:
            if method == "GET" or self.settle is None or not _may_be_carried_out(error):
                raise
            answer = self.settle(self, SentWrite(method, path, query, body or {}), error)
        self.answers[method, path] = answer
        return answer

    def _parse(self, path: str, reply: Reply) -> t.Any:
        try:
            answer = json.loads(reply.body, parse_constant=_refuse_constant)
            if b"\\u" in reply.body:
                json.dumps(answer, ensure_ascii=False).encode()  # half a surrogate pair is not text
            return answer
        except (ValueError, RecursionError, MemoryError) as error:
            raise _not_a_docker_engine(self.where, path, reply) from error

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
        if method != "GET":
            self._early = {}
        if self._expected:
            reply = self._request_together(method, path, data, timeout or self._timeout, more)
        else:
            reply = self._transport.request(method, path, data, timeout or self._timeout, **more)
        return self._checked(method, path, reply)

    def _request_together(
        self, method: str, path: str, data: bytes | None, timeout: float, more: dict[str, Headers]
    ) -> Reply:
        """Send a request, and those that are expected to follow."""
        expected, self._expected = self._expected, []
        prefix = f"/v{self._version}" if self._version else ""
        following = [(item.method, prefix + item.path, item.body) for item in expected]
        reply, *replies = t.cast(CommandTransport, self._transport).request_together(
            following, method, path, data, timeout, **more
        )
        if 200 <= reply.status < 300:  # what follows a failure starts over
            now = time.monotonic()
            self._early.update((item, (early, now)) for item, early in zip(expected, replies))
        return reply

    def _early_reply(self, method: str, path: str, body: Document | None, headers: Headers | None) -> Reply | None:
        """Return the reply to a request that was expected, once; None where it has none that is new enough."""
        data = None if body is None else json.dumps(body).encode()
        early, came = self._early.pop(Expected(method, path, data), (None, 0.0))
        if early is None or headers or time.monotonic() - came > _EARLY_STAYS:
            return None
        return self._checked(method, path, early)

    def _checked(self, method: str, path: str, reply: Reply) -> Reply:
        """Return the reply; raise the typed error that it is."""
        if not 200 <= reply.status < 300:
            if reply.status < 400:
                raise api_errors.unexpected_status(self.where, method, path, reply.status)
            self._learn_version(path, reply)
            is_write = method != "GET" and not path.partition("?")[0].endswith(_LOCAL_WRITES)
            raise api_errors.error_of(reply.status, reply.body, is_write)
        self._learn_version(path, reply)
        return reply

    def _learn_version(self, path: str, reply: Reply) -> None:
        version = reply.headers.get("api-version")
        if self._version is None and version is not None:
            if not _VERSION.fullmatch(version):
                raise _not_a_docker_engine(
                    self.where, path, Reply(reply.status, {}, f"Api-Version: {version}".encode())
                )
            self._version = version


def checked_version(version: str) -> str:
    """Return the option ``api_version``; raise BadInput where it is not a version such as 1.41."""
    if not _VERSION.fullmatch(version):
        raise BadInput(
            "api_version", f"{version!r} is not a version of the Docker API. Use auto, or a version such as 1.41."
        )
    return version


def _has_shape(method: str, path: str, answer: object) -> bool:
    """Whether an answer is a list or an object as the engine's is. Some writes are answered with nothing or an ID."""
    if method != "GET":
        return answer is None or isinstance(answer, (dict, str))
    if path in _LISTS:
        return isinstance(answer, list) and all(isinstance(item, dict) for item in answer)
    return isinstance(answer, dict)


def _refuse_constant(word: str) -> t.NoReturn:
    raise ValueError(f"{word} is not JSON")


def path_part(text: str) -> str:
    """Return a name or ID as one segment of a path, so that no name can reach another endpoint."""
    return quote(text, safe="")


def with_query(path: str, query: Values) -> str:
    """Return a path with a query: booleans in lower case, filters as JSON."""
    if not query:
        return path
    return path + "?" + urlencode({key: _query_value(value) for key, value in query.items()})


def _query_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _may_be_carried_out(error: SwarmError) -> bool:
    """Return whether an engine may have carried out a write: the answer is lost, or unreadable behind a status of success."""
    status = error.status if isinstance(error, EngineError) else None
    return status is None or 200 <= status < 300


def _not_a_docker_engine(where: str, path: str, reply: Reply) -> EngineError:
    return not_a_docker_engine(where, path, reply.status, reply.body)
