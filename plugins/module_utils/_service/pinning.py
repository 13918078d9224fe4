# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The digest and the platforms of an image, by asking its registry through the engine.

That is what a client does since API 1.30 (moby, client/service_create.go). A registry that does not answer must not
fail: the nodes may have the image, or reach a registry that this engine does not.
"""

from __future__ import annotations

import time
import typing as t
from urllib.parse import quote

from .._core.errors import NoQuorum, NotFound, SwarmError, Unreachable
from .image import exact, parse, same_image

if t.TYPE_CHECKING:
    from .._engine.client import Engine

AUTH_HEADER = "X-Registry-Auth"

# An engine gives a registry that does not speak 25 s (seen on 20.10 and 28.5), and one that does all the time it wants.
_PATIENCE = 30.0
_DENIALS = ("unauthorized", "denied", "no basic auth credentials", "authentication required")


class Pinned(t.NamedTuple):
    """``image`` as it is to be written; ``platforms`` as in Placement.Platforms, None if not known."""

    image: str
    platforms: list[dict[str, str]] | None


def resolve(
    engine: Engine, image: str, auth: str | None, warn: t.Callable[[str], None], live: str | None = None
) -> Pinned:
    """Pin an image to what its registry has now; ``auth`` is the value of X-Registry-Auth.

    Where the registry cannot tell, that is one warning, and the image is the live one if that is the same name and
    tag (its digest is worth more than none), otherwise ``name:tag``.
    Raises ValueError for an invalid image, and Unreachable if it is the engine that does not answer.
    """
    reference = parse(image)
    try:
        answer = _ask(engine, str(reference), auth)
    except Unreachable:
        raise
    except SwarmError as error:
        kept = live is not None and same_image(live, image)
        warn(f"image {reference}: {_why(reference.host, error, auth)} {_outcome(image, kept)}")
        return Pinned(live if live is not None and kept else str(reference), None)
    digest = reference.digest or answer["Descriptor"]["digest"]
    return Pinned(str(reference._replace(digest=digest)), [_platform(item) for item in answer.get("Platforms") or []])


def _ask(engine: Engine, name: str, auth: str | None) -> t.Any:
    """GET /distribution/{name}/json: {Descriptor: {digest, …}, Platforms: [{architecture, os, …}]}."""
    began = time.monotonic()
    path = f"/distribution/{quote(name, safe='/:@')}/json"
    try:
        return engine.get(path, timeout=_PATIENCE, headers={AUTH_HEADER: auth} if auth else None)
    except Unreachable as error:
        if time.monotonic() - began < _PATIENCE:
            raise
        raise _Slow(f"no response within {_PATIENCE:g} seconds") from error


class _Slow(SwarmError):
    """It is the registry that is slow: the engine answered just before."""


def _platform(item: dict[str, str]) -> dict[str, str]:
    """As in a service's spec, which leaves out what is empty.

    A registry says arm where a node says armv7l, so that architecture is not asked for
    (https://github.com/docker/swarmkit/issues/2294).
    """
    architecture = item.get("architecture", "")
    if architecture.lower() == "arm":
        architecture = ""
    found = {"Architecture": architecture, "OS": item.get("os", "")}
    return {key: value for key, value in found.items() if value}


def _why(host: str, error: SwarmError, auth: str | None) -> str:
    # "context deadline exceeded" counts as a swarm without a leader, and gets advice for that. Here it is the registry's.
    words = (error.reported or error.message).rstrip(".")
    return f"the registry {host} {_reason(error, words, auth)} ({words})."


def _reason(error: SwarmError, words: str, auth: str | None) -> str:
    if isinstance(error, (_Slow, NoQuorum)) or "Timeout exceeded" in words:
        return "does not respond in time"
    if error.status in (401, 403) or any(denial in words for denial in _DENIALS):
        return "refuses the credentials" if auth else "requires credentials: see registry_auth and with_registry_auth"
    return "does not have this image" if isinstance(error, NotFound) else "cannot be queried"


def _outcome(image: str, kept: bool) -> str:
    if kept:
        return "The service keeps its current image."
    if exact(image):
        return "The platforms of the image are not known."
    return "It is not pinned to a digest, so nodes may run different versions of it."
