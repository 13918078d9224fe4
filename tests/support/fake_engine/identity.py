# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random material in the formats of swarm: IDs, tokens, keys, certificates, times."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
import secrets

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
ISSUER_SUBJECT = "MBMxETAPBgNVBAMTCHN3YXJtLWNh"  # DER of CN=swarm-ca, the same in every swarm
ZERO_TIME = "0001-01-01T00:00:00Z"


def base36(number: int, width: int) -> str:
    """A number in base 36, padded on the left."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits.rjust(width, "0")


def new_id() -> str:
    """25 characters, as node, cluster and task IDs are."""
    return base36(secrets.randbits(128), 25)[:25]


def now() -> str:
    """This moment, with the nanoseconds that the engine prints."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


def join_token(certificate: str) -> str:
    """SWMTKN-1-<digest of the root certificate>-<secret>."""
    digest = int.from_bytes(hashlib.sha256(certificate.encode()).digest(), "big")
    return f"SWMTKN-1-{base36(digest, 50)[:50]}-{base36(secrets.randbits(128), 25)}"


def token_digest(token: str) -> str | None:
    """The digest part of a well-formed token, None for anything else."""
    found = re.fullmatch(r"SWMTKN-1-([0-9a-z]{50})-([0-9a-z]{25})", token)
    return found.group(1) if found else None


def unlock_key() -> str:
    """SWMKEY-1-<32 bytes in unpadded base64>."""
    return "SWMKEY-1-" + base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def is_unlock_key(text: str) -> bool:
    """Well formed, which says nothing of whether it opens."""
    return re.fullmatch(r"SWMKEY-1-(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3})?", text) is not None


def new_certificate() -> str:
    """Something in the shape of a PEM certificate; its content is random."""
    body = base64.b64encode(b"\x30\x82" + secrets.token_bytes(364)).decode()
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def normalized_pem(text: str) -> str:
    """The certificates in a text, nothing else; empty when there is none."""
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----\s.*?-----END CERTIFICATE-----", text, re.DOTALL)
    return "".join("\n".join(line.strip() for line in block.splitlines() if line.strip()) + "\n" for block in blocks)


def public_key(certificate: str) -> str:
    """A stand-in for the issuer's public key: it changes when the certificate does."""
    return base64.b64encode(
        hashlib.sha512(certificate.encode()).digest() + b"fakefakefakefakefake\x00\x00\x00"
    ).decode()
