# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few HTTP requests the lab makes of its own daemons."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

from ._errors import LabError


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def request(
    path: str, method: str, url: str, body: bytes | None = None, kind: str = "application/json", timeout: float = 60
) -> tuple[int, bytes]:
    """Status and body from an engine's socket; OSError or HTTPException without a response."""
    connection = _UnixConnection(path, timeout)
    try:
        connection.request(method, url, body=body, headers={"Content-Type": kind} if body else {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def get(path: str, url: str, timeout: float = 60) -> Any:
    """The parsed body of a GET, None for 404; LabError for any other refusal or no answer."""
    try:
        status, body = request(path, "GET", url, timeout=timeout)
    except (OSError, http.client.HTTPException) as error:
        raise LabError(f"GET {url} on {path}: {error}") from error
    if status == 404:
        return None
    if status >= 400:
        raise LabError(f"GET {url} on {path}: status {status}: {body.decode('utf-8', 'replace')}")
    return json.loads(body)


def engine_answers(path: str, timeout: float = 2) -> bool:
    """Whether `GET /_ping` on the socket answers with 200."""
    try:
        return request(path, "GET", "/_ping", timeout=timeout)[0] == 200
    except (OSError, http.client.HTTPException):
        return False
