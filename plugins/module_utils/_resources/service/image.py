# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an image is spelled, whether two spellings are the same image, and when a registry is asked. Pure.

The engine stores an image as it gets it; it is the client that completes the name and pins the digest. So this does
what the docker command line does (docker/cli, cli/command/service, and moby, client/service_create.go), by the
grammar of distribution/reference.
"""

from __future__ import annotations

import re
import typing as t

HUB = "docker.io"

# What to do about an image: leave the live one, ask the registry for digest and platforms, or write it as it is.
KEEP, ASK, TAKE = "keep", "ask", "take"

_HUB_NAMES = (HUB, "index.docker.io")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?"
_PATH = r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*"
TAG = r"\w[\w.-]{0,127}"
DIGEST = r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}"
_MAX_PATH = 255


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


def parse(image: str) -> Reference:
    """The parts of an image's name, tag ``latest`` where it names neither tag nor digest; raises ValueError."""
    name, at, digest = image.partition("@")
    host, rest = _split_host(name)
    path, colon, tag = rest.partition(":")
    valid = (
        re.fullmatch(_PATH, path)
        and len(path) <= _MAX_PATH
        and (host == HUB or re.fullmatch(HOST, host))
        and (not colon or re.fullmatch(TAG, tag, re.ASCII))
        and (not at or re.fullmatch(DIGEST, digest))
        and not re.fullmatch(r"[a-f0-9]{64}", image)
    )
    if not valid:
        from .image_mistakes import mistake

        raise ValueError(mistake(image))
    return Reference(host, path, tag if colon or at else "latest", digest)


def _split_host(name: str) -> tuple[str, str]:
    """The registry's host and the rest. Without a dot or a port only ``localhost`` is a host."""
    first, slash, rest = name.partition("/")
    if slash and (first == "localhost" or "." in first or ":" in first):
        host, path = (HUB if first in _HUB_NAMES else first), rest
    else:
        host, path = HUB, name
    return host, f"library/{path}" if host == HUB and "/" not in path else path


def familiar(image: str) -> str:
    """The spelling that the docker command line stores: ``busybox:latest`` for ``docker.io/library/busybox``.

    ``sha256:`` and 64 digits is the ID of an image that the nodes have; it stays as it is.
    Raises ValueError with what would be right.
    """
    return str(parse(image))


def exact(image: str) -> bool:
    """Whether the name alone says which bytes: it has a digest, or is the ID of an image."""
    return bool(parse(image).digest) or _is_id(image)


def _is_id(image: str) -> bool:
    return bool(re.fullmatch(r"sha256:[a-f0-9]{64}", image))


def same_image(live: str, wanted: str) -> bool:
    """Whether they name the same image. A live digest is no difference where ``wanted`` has none.

    Raises ValueError for a ``wanted`` that is no image reference.
    """
    if live == wanted:
        return True
    target = parse(wanted)
    try:
        there = parse(live)
    except ValueError:  # by older engines and other tools, whatever they took
        return False
    return target == (there if target.digest else there._replace(digest=""))


def when_to_ask(resolve_image: t.Any) -> str:
    """The option resolve_image as ``changed``, ``always`` or ``never``; raises ValueError."""
    word = str(resolve_image).lower()
    word = {"true": "always", "yes": "always", "false": "never", "no": "never"}.get(word, word)
    if word not in ("changed", "always", "never"):
        raise ValueError(f"{resolve_image!r} is none of changed, always (or true) and never (or false)")
    return word


def target(live: str | None, wanted: str, resolve_image: t.Any = "changed") -> str:
    """KEEP the live image, ASK the registry about the wanted one, or TAKE it as ``familiar`` spells it.

    ``live`` is None for a service that is to be created. A digest is asked about once, for its platforms, which is
    what the command line does; it can never mean another image. About an image's ID no registry knows anything.
    Raises ValueError.
    """
    when, name = when_to_ask(resolve_image), familiar(wanted)
    same = live is not None and same_image(live, name)
    if same and (when != "always" or exact(name)):
        return KEEP
    return TAKE if when == "never" or _is_id(name) else ASK
