# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Registries, as GET /distribution/{image}/json asks them: a test says what they hold.

cluster.registry.add("lab/web:1", platforms=["linux/amd64", "linux/arm64"])
cluster.registry.add("registry.test/private:1", credentials=("me", "secret"))
cluster.registry.fail("registry.test/broken:1", 500, "received unexpected HTTP status: 502 Bad Gateway")
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, NamedTuple

from .errors import ApiError

_MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


class Image(NamedTuple):
    """One entry: what is answered, or how it is refused."""

    digest: str
    platforms: list[dict[str, str]]
    credentials: tuple[str, str] | None
    refusal: ApiError | None = None


class Registry:
    """Every registry of the world; what was not put there cannot be reached."""

    def __init__(self) -> None:
        self._images: dict[str, Image] = {}

    def add(
        self,
        image: str,
        digest: str = "",
        platforms: list[str] | None = None,
        credentials: tuple[str, str] | None = None,
    ) -> str:
        """Put an image there, or replace it; returns its digest. platforms: `os/architecture`."""
        digest = digest or f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"
        named = [dict(zip(("os", "architecture"), name.split("/"))) for name in platforms or ["linux/amd64"]]
        self._images[_full(image)] = Image(digest, named, credentials)
        return digest

    def fail(self, image: str, status: int, message: str) -> None:
        """Refuse to tell of this image: 404 `manifest unknown: manifest unknown`, 500 …"""
        self._images[_full(image)] = Image("", [], None, ApiError(status, message))

    def remove(self, image: str) -> None:
        """Forget an image: its registry cannot be reached any more."""
        self._images.pop(_full(image), None)

    def ask(self, image: str, header: str | None) -> dict[str, Any]:
        """Descriptor and platforms. ApiError 401 without the credentials that it takes, 500 where nobody answers."""
        name, _at, digest = image.partition("@")
        found = self._images.get(_full(name))
        if found is None:
            raise ApiError(500, _unreachable(_full(image).partition("/")[0]))
        if found.refusal:
            raise found.refusal
        if found.credentials and _login(header) != found.credentials:
            raise ApiError(401, "unauthorized: authentication required")
        descriptor = {"mediaType": _MEDIA_TYPE, "digest": digest or found.digest, "size": 528}
        return {"Descriptor": descriptor, "Platforms": found.platforms}


def _full(image: str) -> str:
    """host/path:tag of any spelling of an image."""
    image = image.partition("@")[0]
    host, slash, path = image.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, path = "docker.io", image
    if host == "docker.io" and "/" not in path:
        path = f"library/{path}"
    return f"{host}/{path}" if ":" in path.rpartition("/")[2] else f"{host}/{path}:latest"


def _unreachable(host: str) -> str:
    host = "registry-1.docker.io" if host == "docker.io" else host
    return f'Get "https://{host}/v2/": dial tcp: lookup {host}: no such host'


def _login(header: str | None) -> tuple[str, str] | None:
    """User name and password of an X-Registry-Auth header; an identity token counts as a password without a user."""
    try:
        given = json.loads(base64.urlsafe_b64decode((header or "") + "=="))
        if given.get("identitytoken"):
            return "", given["identitytoken"]
        return given["username"], given["password"]
    except (ValueError, KeyError, AttributeError):
        return None
