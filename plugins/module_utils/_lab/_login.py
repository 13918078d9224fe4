# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login that a registry asks for, as a line of an htpasswd file.

docker-registry takes bcrypt alone (https://distribution.github.io/distribution/about/configuration/#htpasswd), and the
crypt(3) of every Linux distribution of today makes that: no package is needed for it.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Mapping
from typing import Any

from ._errors import LabError

_LIBRARIES = ("libcrypt.so.1", "libcrypt.so.2")
#: bcrypt takes no more.
_PASSWORD_MAX = 72


def entry(registry: Mapping[str, Any]) -> str:
    """`user:hash` for {username, password}. The same login gives the same line, so that it can be compared."""
    unknown = sorted(set(registry) - {"username", "password"})
    if unknown:
        raise LabError(f"registry: unknown option {unknown[0]!r}; known are username, password")
    username, password = str(registry.get("username") or ""), str(registry.get("password") or "")
    if not username or ":" in username or not username.isprintable():
        raise LabError(f"registry: the username {username!r} is empty or has a colon in it")
    if not password or len(password.encode()) > _PASSWORD_MAX:
        raise LabError(f"registry: the password must have 1 to {_PASSWORD_MAX} bytes")
    # bcrypt reads the salt in an alphabet that has the hexadecimal digits in it.
    salt = hashlib.sha256(f"{username}:{password}".encode()).hexdigest()[:21] + "."
    return f"{username}:{_crypt(password, f'$2b$05${salt}')}"


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
