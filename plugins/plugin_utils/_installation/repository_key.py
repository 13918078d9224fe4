# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the key of a package repository is the expected one, without a program that reads keys: a host need not have one.

The file must be one armored block and nothing else, so that no other program finds more keys in it than are read here.
"""

from __future__ import annotations

import base64
import hashlib
import re
import typing as t

_BLOCK = re.compile(
    r"\s*-----BEGIN PGP PUBLIC KEY BLOCK-----[ \t]*\r?\n"
    r"(?:[A-Za-z]+: [^\r\n]*\r?\n)*[ \t]*\r?\n"
    r"(?P<body>(?:[A-Za-z0-9+/=]+[ \t]*\r?\n)+?)"
    r"(?:=[A-Za-z0-9+/]{4}[ \t]*\r?\n)?"
    r"-----END PGP PUBLIC KEY BLOCK-----\s*"
)
_PUBLIC_KEY = 6  # RFC 4880, section 4.3


def problem(text: str, expected: str) -> str:
    """Return why the key is not the expected one, empty where it is.

    :param text: the key's file.
    :param expected: ``sha256:`` and the digest of the file, or the fingerprint of the only key in it, with or without
        spaces; empty takes any key.
    """
    wanted = re.sub(r"\s", "", expected)
    if not wanted:
        return ""
    if wanted.lower().startswith("sha256:"):
        found = f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()}"
        return "" if found == wanted.lower() else f"its checksum is {found}, and {expected} is expected"
    try:
        found = ", ".join(fingerprints(text))
    except ValueError as error:
        return f"it cannot be read ({error}), and a key with the fingerprint {expected} is expected"
    return "" if found == wanted.upper() else f"its fingerprint is {found or 'missing'}, and {expected} is expected"


def fingerprints(text: str) -> list[str]:
    """Return the fingerprints of the primary keys in an armored file. Raise ValueError where it is not one."""
    block = _BLOCK.fullmatch(text)
    if block is None:
        raise ValueError("not one armored public key")
    data = base64.b64decode("".join(block["body"].split()), validate=True)
    return [_fingerprint(body) for tag, body in _packets(data) if tag == _PUBLIC_KEY]


def _fingerprint(body: bytes) -> str:
    """RFC 4880, section 12.2."""
    if body[:1] != b"\x04":
        raise ValueError("not a key of version 4")
    return hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body, usedforsecurity=False).hexdigest().upper()


def _packets(data: bytes) -> t.Iterator[tuple[int, bytes]]:
    """Tags and bodies, RFC 4880, section 4.2."""
    while data:
        first = data[0]
        if first & 0xC0 == 0xC0:
            tag, (start, size) = first & 0x3F, _new_length(data)
        elif first & 0x80 and first & 3 != 3:
            width = 1 << (first & 3)
            tag, start, size = (first >> 2) & 0xF, 1 + width, int.from_bytes(data[1 : 1 + width], "big")
        else:
            raise ValueError("not a packet of a known form")
        if len(data) < start + size:
            raise ValueError("it ends too early")
        yield tag, data[start : start + size]
        data = data[start + size :]


def _new_length(data: bytes) -> tuple[int, int]:
    """Where the body begins and how long it is."""
    head = data[1:6] + bytes(5)
    if head[0] < 192:
        return 2, head[0]
    if head[0] < 224:
        return 3, ((head[0] - 192) << 8) + head[1] + 192
    if head[0] == 255:
        return 6, int.from_bytes(head[1:5], "big")
    raise ValueError("a packet of unknown length")
