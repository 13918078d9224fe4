# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an image's name, and what would be right. Loaded for names that are wrong."""

from __future__ import annotations

import re

from .image import DIGEST, HOST, TAG

_LIKE = "an image is named like busybox, busybox:1.36, registry.example.com:5000/team/app:1.0 or busybox@sha256:…"


def mistake(image: str) -> str:
    """A sentence without a full stop on a string that is no image reference (see ``image.parse``)."""
    return f"{image!r} is no image reference: {_why(image)}"


def _why(image: str) -> str:
    if not image.strip():
        return f"it is empty; {_LIKE}"
    if re.search(r"\s", image):
        return "it has blanks in it"
    if re.fullmatch(r"[a-f0-9]{64}", image):
        return f"an image's ID is written sha256:{image}"
    if "://" in image:
        return f"leave out {image.split('://')[0]}://, an image has a registry's host and no URL"
    name, at, digest = image.partition("@")
    host, path, tag = _parts(name)
    return _of_digest(digest if at else None) or _of_tag(tag) or _of_host(host) or _of_path(path) or f"{_LIKE}"


def _parts(name: str) -> tuple[str, str, str | None]:
    first, slash, rest = name.partition("/")
    if not slash or not ("." in first or ":" in first):
        first, rest = "", name
    path, colon, tag = rest.partition(":")
    return first, path, tag if colon else None


def _of_digest(digest: str | None) -> str:
    if digest is None or re.fullmatch(DIGEST, digest):
        return ""
    return f"the digest {digest!r} is not sha256: and 64 digits of 0-9 and a-f"


def _of_tag(tag: str | None) -> str:
    if tag is None or re.fullmatch(TAG, tag, re.ASCII):
        return ""
    if not tag:
        return "after the colon there is no tag"
    return (
        f"the tag {tag!r} is not up to 128 letters, digits, dots, hyphens and underscores, and no dot or hyphen first"
    )


def _of_host(host: str) -> str:
    name, colon, port = host.partition(":")
    if colon and not host.startswith("[") and not port.isdigit():
        return f"the port {port!r} of the registry {name!r} is no number"
    if host and not re.fullmatch(HOST, host):
        return f"{host!r} is no registry's host"
    return ""


def _of_path(path: str) -> str:
    if len(path) > 247:
        return "the name has more than 255 characters"
    if path != path.lower():
        return f"names are in lower case: {path.lower()!r} instead of {path!r}"
    return (
        f"{path!r} is not lower case letters and digits in parts that a slash, a dot, hyphens or up to two"
        " underscores divide"
    )
