# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The message authentication code of a backup: encrypt, then MAC.

The description beside an archive names the SHA-256 of the encrypted archive. The code covers the description, so it covers
both. HMAC-SHA256 (RFC 2104) under a key that PBKDF2 (RFC 8018) makes of the passphrase, both of Python's standard library.
The salt is longer than the 8 bytes that ``openssl enc`` uses, so the key is never the one that encrypts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os

from ...module_utils._core.values import Values

MAC = "mac"
#: What a description has to say for itself.
VALID, INVALID, MISSING, UNCHECKED = "valid", "invalid", "missing", "unchecked"
# Not part of the description: who changes it must not choose how expensive or cheap the check is.
_ITERATIONS = 600_000
_SALT = 32


def seal(manifest: Values, passphrase: str) -> Values:
    """Return the description with its code; unchanged without a passphrase."""
    if not passphrase:
        return manifest
    salt = os.urandom(_SALT)
    return {**manifest, MAC: {"salt": salt.hex(), "value": _code(manifest, passphrase, salt)}}


def read(text: str, passphrase: str) -> Values:
    """Return the description as ``manifest``, and how its code is as ``seal``.

    :param text: the file beside the archive.
    :returns: an empty manifest where it is not a JSON object.
    """
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return {"manifest": {}, "seal": MISSING}
    mac = found.pop(MAC, None)
    return {"manifest": found, "seal": _state(found, mac, passphrase)}


def _state(manifest: Values, mac: object, passphrase: str) -> str:
    if mac is None:
        return MISSING
    if not passphrase:
        return UNCHECKED
    if not isinstance(mac, dict):
        return INVALID
    try:
        salt, value = bytes.fromhex(mac["salt"]), mac["value"]
        same = hmac.compare_digest(_code(manifest, passphrase, salt).encode(), value.encode())
    except (TypeError, KeyError, ValueError, AttributeError):
        return INVALID
    return VALID if same else INVALID


def _code(manifest: Values, passphrase: str, salt: bytes) -> str:
    key = hashlib.pbkdf2_hmac("sha256", passphrase.rstrip("\n").encode(), salt, _ITERATIONS)
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(key, text.encode(), "sha256").hexdigest()
