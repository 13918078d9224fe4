# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login that a registry asks for, as a line of an htpasswd file.

docker-registry takes bcrypt alone (https://distribution.github.io/distribution/about/configuration/#htpasswd), and the
crypt(3) of every Linux distribution of today makes that: no package is needed for it.
"""

from __future__ import annotations

import ctypes
import hmac
import os
import re
from collections.abc import Mapping
from typing import Any

from ._errors import LabError

_LIBRARIES = ("libcrypt.so.1", "libcrypt.so.2")
#: bcrypt takes no more.
_PASSWORD_MAX = 72
#: bcrypt's alphabet. Of the 22 characters of a salt, the last one carries two bits (crypt(5)).
_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#: Version, cost and salt of a hash, and all of it.
_SETTING = 29
_HASH = re.compile(r"\$2b\$05\$[./A-Za-z0-9]{53}")


def check(registry: Mapping[str, Any]) -> tuple[str, str]:
    """Return the user's name and password of {username, password}; LabError where they cannot be a login."""
    unknown = sorted(set(registry) - {"username", "password"})
    if unknown:
        raise LabError(f"registry: unknown option {unknown[0]!r}; known are username, password")
    username, password = str(registry.get("username") or ""), str(registry.get("password") or "")
    if not username or ":" in username or not username.isprintable():
        raise LabError(f"registry: the username {username!r} is empty or has a colon in it")
    if not password or len(password.encode()) > _PASSWORD_MAX:
        raise LabError(f"registry: the password must have 1 to {_PASSWORD_MAX} bytes")
    return username, password


def entry(registry: Mapping[str, Any]) -> str:
    """Return `user:hash` with a random salt. It belongs into the registry's own file, and nowhere else."""
    username, password = check(registry)
    salt = "".join(_ALPHABET[byte % 64] for byte in os.urandom(21)) + "."
    return f"{username}:{_crypt(password, f'$2b$05${salt}')}"


def matches(registry: Mapping[str, Any], path: str) -> bool:
    """Return whether the file holds this login."""
    username, password = check(registry)
    try:
        with open(path, encoding="utf-8") as file:
            user, separator, expected = file.read().strip().partition(":")
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return False
    if not separator or user != username or not _HASH.fullmatch(expected):
        return False
    return hmac.compare_digest(_crypt(password, expected[:_SETTING]), expected)


def _crypt(password: str, setting: str) -> str:
    for library in _LIBRARIES:
        try:
            function = ctypes.CDLL(library).crypt
        except OSError:
            continue
        function.restype = ctypes.c_char_p
        made = (function(password.encode(), setting.encode()) or b"").decode()
        if made.startswith(setting):
            return made
    raise LabError("registry: the system's crypt(3) has no bcrypt, so that there can be no login")
