# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether data is the same, and which names its versions have."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re

from ..._path import Document
from .kinds import DIGEST, FOREIGN_DIGEST, Kind

# What one test of a guess costs whoever reads the label: some 30 ms and 8 MB (RFC 7914).
_COST = {"n": 2**13, "r": 8, "p": 1, "dklen": 32}
_SUFFIX = 10


def digest(data: bytes) -> str:
    """A salted, slow hash of a secret's data: ``scrypt$SALT$HASH`` in base64."""
    salt = os.urandom(16)
    return "$".join(("scrypt", _text(salt), _text(hashlib.scrypt(data, salt=salt, **_COST))))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def same(kind: Kind, document: Document, data: bytes) -> bool | None:
    """Whether the object holds this data; None where nobody can tell: a secret made by other means."""
    spec = document["Spec"]
    if not kind.hidden:
        return base64.b64decode(spec.get("Data") or "") == data
    labels = spec.get("Labels") or {}
    if DIGEST in labels:
        return _matches(labels[DIGEST], data)
    if FOREIGN_DIGEST in labels:
        return labels[FOREIGN_DIGEST] == hashlib.sha224(data).hexdigest()
    return None


def _matches(label: str, data: bytes) -> bool | None:
    try:
        name, salt, expected = label.split("$")
        raw = base64.b64decode(salt)
    except ValueError:
        return None
    if name != "scrypt":
        return None
    return hmac.compare_digest(expected.encode(), _text(hashlib.scrypt(data, salt=raw, **_COST)).encode())


# -- names ------------------------------------------------------------------------------------------------------------


def number_of(base: str, name: str) -> int | None:
    """N of ``base_vN``, None of any other name."""
    found = re.fullmatch(re.escape(base) + r"_v([0-9]+)", name)
    return int(found[1]) if found else None


def is_version(base: str, name: str) -> bool:
    """Whether the name is one that ``content_name`` or ``random_name`` makes."""
    return bool(re.fullmatch(re.escape(base) + rf"_[0-9a-f]{{{_SUFFIX}}}", name))


def content_name(base: str, spec: Document) -> str:
    """The name of a config with what this one cannot change: its bytes and its template driver."""
    driver = (spec.get("Templating") or {}).get("Name") or ""
    made = hashlib.sha256(f"{spec['Data']} {driver}".encode()).hexdigest()
    return f"{base}_{made[:_SUFFIX]}"


def random_name(base: str) -> str:
    """A name that says nothing of what it names."""
    return f"{base}_{os.urandom(_SUFFIX).hex()[:_SUFFIX]}"
