# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of images: their spelling and grammar, whether two are the same image, and their digest and platforms.

The engine stores an image as it gets it; the client completes the name and pins the digest. So this does what the docker
command line does (docker/cli, cli/command/service, and moby, client/service_create.go), with the grammar of
distribution/reference. The engine asks the registry, since API 1.30. A registry that does not answer is a warning: the nodes may
have the image, or reach a registry that this engine does not.
"""

from __future__ import annotations

import re
import time
import typing as t
from urllib.parse import quote

from .._core.errors import NoQuorum, NotFound, SwarmError, Unreachable

HUB = "docker.io"

# What to do about an image: leave the live one, ask the registry for digest and platforms, or write it as it is.
KEEP_LIVE, RESOLVE_DIGEST, USE_AS_WRITTEN = "keep", "ask", "take"

_HUB_NAMES = (HUB, "index.docker.io")
_WHEN = {"true": "always", "yes": "always", "false": "never", "no": "never"}


class Reference(t.NamedTuple):
    """An image's name in full: ``docker.io``, ``library/busybox``; tag and digest are empty where there is none."""

    host: str
    path: str
    tag: str
    digest: str

    def __str__(self) -> str:
        """The docker command line's spelling, which leaves out what stands for Docker Hub."""
        name = f"{self.host}/{self.path}"
        if self.host == HUB:
            official, _slash, rest = self.path.partition("/")
            name = rest if official == "library" and "/" not in rest else self.path
        return name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def split(image: str) -> Reference:
    """The parts of an image's name, whatever they are made of; the tag ``latest`` where it has no tag and no digest."""
    name, at, digest = image.partition("@")
    host, slash, path = name.partition("/")
    # Without a dot or a port only localhost is a host.
    if not slash or not (host == "localhost" or "." in host or ":" in host):
        host, path = HUB, name
    if host in _HUB_NAMES:
        host, path = HUB, path if "/" in path else f"library/{path}"
    path, colon, tag = path.partition(":")
    return Reference(host, path, tag if colon or at else "latest", digest)


def parse(image: str) -> Reference:
    """As split; raises ValueError for an invalid image, with the fix."""

    check(image)
    return split(image)


def familiar(image: str) -> str:
    """The spelling that the docker command line stores: ``busybox:latest`` for ``docker.io/library/busybox``.

    ``sha256:`` and 64 digits is the ID of an image that the nodes have; it stays as it is.
    Raises ValueError with what would be right.
    """
    return str(parse(image))


def exact(image: str) -> bool:
    """Whether the name alone says which bytes: it has a digest, or is the ID of an image."""
    return "@" in image or is_id(image)


def is_id(image: str) -> bool:
    algorithm, _colon, digits = image.partition(":")
    return algorithm == "sha256" and len(digits) == 64 and set(digits) <= set("0123456789abcdef")


def same_image(live: str, wanted: str) -> bool:
    """Whether they name the same image. A live digest is not a difference where ``wanted`` has none."""
    there, aim = split(live), split(wanted)
    return aim == (there if aim.digest else there._replace(digest=""))


def parse_resolve_image(resolve_image: object) -> str:
    """The option resolve_image as ``changed``, ``always`` or ``never``; raises ValueError."""
    word = str(resolve_image).lower()
    word = _WHEN.get(word, word)
    if word not in ("changed", "always", "never"):
        raise ValueError(f"{resolve_image!r} is not valid. Use changed, always (or true) or never (or false)")
    return word


def decide_image(live: str | None, wanted: str, resolve_image: object = "changed") -> str:
    """KEEP the live image, ASK the registry about the wanted one, or TAKE it as ``familiar`` spells it.

    ``live`` is None for a service that is to be created. A digest is asked about once, for its platforms, which is
    what the command line does; it can never mean another image. About an image's ID no registry knows anything.
    Raises ValueError for an invalid ``wanted``; what an engine has is one.
    """
    when = parse_resolve_image(resolve_image)
    if live is not None and same_image(live, wanted) and (when != "always" or exact(wanted)):
        return KEEP_LIVE
    parse(wanted)
    return USE_AS_WRITTEN if when == "never" or is_id(wanted) else RESOLVE_DIGEST


_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?"
_PATH = r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}"
_MAX_PATH = 255
_LIKE = "write an image like busybox, busybox:1.36, registry.example.com:5000/team/app:1.0 or busybox@sha256:…"


def check(image: str) -> None:
    """Raise ValueError, without a full stop, for an invalid image reference."""
    why = _of_whole(image) or _of_parts(image, split(image))
    if why:
        raise ValueError(f"{image!r} is not a valid image reference: {why}")


def _of_whole(image: str) -> str:
    if not image.strip():
        return f"must not be empty; {_LIKE}"
    if re.search(r"\s", image):
        return "it contains spaces"
    if re.fullmatch(r"[a-f0-9]{64}", image):
        return f"write an image's ID as sha256:{image}"
    if "://" in image:
        return f"remove {image.split('://')[0]}://, because a reference begins with a registry's host, not with a URL"
    return ""


def _of_parts(image: str, reference: Reference) -> str:
    name, at, _digest = image.partition("@")
    tagged = ":" in name.rpartition("/")[2]
    return (
        (_of_digest(reference.digest) if at else "")
        or (_of_tag(reference.tag) if tagged else "")
        or (_of_host(reference.host) if reference.host != HUB else "")
        or _of_path(reference.path)
    )


def _of_digest(digest: str) -> str:
    if re.fullmatch(_DIGEST, digest):
        return ""
    return f"the digest {digest!r} must be sha256: and 64 digits of 0-9 and a-f"


def _of_tag(tag: str) -> str:
    if re.fullmatch(_TAG, tag):
        return ""
    if not tag:
        return "the tag after the colon is missing"
    return f"the tag {tag!r} must be up to 128 letters, digits, dots, hyphens and underscores, and not begin with a dot or hyphen"


def _of_host(host: str) -> str:
    name, colon, port = host.partition(":")
    if re.fullmatch(_HOST, host):
        return ""
    if colon and not host.startswith("[") and not re.fullmatch("[0-9]+", port):
        return f"the port {port!r} of the registry {name!r} is not a number"
    return f"{host!r} is not a valid registry host"


def _of_path(path: str) -> str:
    if len(path) > _MAX_PATH:
        return f"the name has more than {_MAX_PATH} characters"
    if re.fullmatch(_PATH, path):
        return ""
    said = path[len("library/") :] if path.startswith("library/") else path
    if re.fullmatch(_PATH, path.lower()):
        return f"names must be in lower case, {said.lower()!r} instead of {said!r}"
    return (
        f"{said!r} is not lower case letters and digits in parts that a slash, a dot, hyphens or up to two"
        " underscores divide"
    )


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
