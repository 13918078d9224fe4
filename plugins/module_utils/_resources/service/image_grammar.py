# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is an image's name (by the grammar of distribution/reference), and what is wrong with one that is none.

Loaded for names that no engine has taken yet.
"""

from __future__ import annotations

import re

from .image import HUB, Reference, split

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?"
_PATH = r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}"
_MAX_PATH = 255
_LIKE = "an image is named like busybox, busybox:1.36, registry.example.com:5000/team/app:1.0 or busybox@sha256:…"


def check(image: str) -> None:
    """Raise ValueError, without a full stop, for what is no image reference."""
    why = _of_whole(image) or _of_parts(image, split(image))
    if why:
        raise ValueError(f"{image!r} is no image reference: {why}")


def _of_whole(image: str) -> str:
    if not image.strip():
        return f"it is empty; {_LIKE}"
    if re.search(r"\s", image):
        return "it has blanks in it"
    if re.fullmatch(r"[a-f0-9]{64}", image):
        return f"an image's ID is written sha256:{image}"
    if "://" in image:
        return f"leave out {image.split('://')[0]}://, an image has a registry's host and no URL"
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
    return f"the digest {digest!r} is not sha256: and 64 digits of 0-9 and a-f"


def _of_tag(tag: str) -> str:
    if re.fullmatch(_TAG, tag):
        return ""
    if not tag:
        return "after the colon there is no tag"
    return (
        f"the tag {tag!r} is not up to 128 letters, digits, dots, hyphens and underscores, and no dot or hyphen first"
    )


def _of_host(host: str) -> str:
    name, colon, port = host.partition(":")
    if re.fullmatch(_HOST, host):
        return ""
    if colon and not host.startswith("[") and not re.fullmatch("[0-9]+", port):
        return f"the port {port!r} of the registry {name!r} is no number"
    return f"{host!r} is no registry's host"


def _of_path(path: str) -> str:
    if len(path) > _MAX_PATH:
        return f"the name has more than {_MAX_PATH} characters"
    if re.fullmatch(_PATH, path):
        return ""
    said = path[len("library/") :] if path.startswith("library/") else path
    if re.fullmatch(_PATH, path.lower()):
        return f"names are in lower case: {said.lower()!r} instead of {said!r}"
    return (
        f"{said!r} is not lower case letters and digits in parts that a slash, a dot, hyphens or up to two"
        " underscores divide"
    )
