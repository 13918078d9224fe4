# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S17: which key of a repository is taken."""

from __future__ import annotations

import base64
import hashlib

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.repository_key import fingerprints, problem

#: Made by gpg for this test, with a user ID and a subkey.
KEY = """\
-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawzOehYJKwYBBAHaRw8BAQdACXfFQVRMpQhkqhcJjEqdzzkMXJ4IJFFF3eKV
z0XtLY60A2FAYoiQBBMWCAA4FiEEZpE2Rid/bHicsgmL2ZGNOE8PSRIFAmsMznoC
GwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ2ZGNOE8PSRI4uAEAiN3es7wa
tj8V0Q4g5Pb02f1PmcSD1t5xjnF99sQBr00BAMxlGSBJGt+HYc9nUMYLLIOQEr9w
dAGFDXB+kcuyX6oL
=R+g7
-----END PGP PUBLIC KEY BLOCK-----
"""
FINGERPRINT = "66913646277F6C789CB2098BD9918D384F0F4912"
OTHER = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"


def armored(data):
    body = base64.encodebytes(data).decode()
    return f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}-----END PGP PUBLIC KEY BLOCK-----\n"


def test_s17_the_fingerprint_is_that_of_gpg():
    assert fingerprints(KEY) == [FINGERPRINT]
    assert problem(KEY, FINGERPRINT) == ""
    assert problem(KEY, "6691 3646 277f 6c78 9cb2  098b d991 8d38 4f0f 4912") == ""
    assert problem(KEY.replace("\n", "\r\n"), FINGERPRINT) == ""
    assert problem(KEY, "") == ""


def test_s17_the_checksum_of_the_file_will_do():
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    assert problem(KEY, f"sha256:{digest}") == problem(KEY, f"SHA256:{digest.upper()}") == ""
    assert digest in problem(KEY, f"sha256:{'0' * 64}")


def test_s17_another_key_is_refused_with_both_fingerprints():
    assert problem(KEY, OTHER) == f"its fingerprint is {FINGERPRINT}, and {OTHER} is expected"


def packet(tag, body):
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body


MINE = packet(6, b"\x04" + bytes(40))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>Not found</html>",
        KEY + KEY,
        KEY + armored(MINE),
        armored(MINE) + KEY,
        f"words before\n{KEY}",
        f"{KEY}words after",
        KEY.replace("PUBLIC KEY", "PRIVATE KEY"),
        KEY[:200] + "\n-----END PGP PUBLIC KEY BLOCK-----\n",
        armored(b""),
        armored(b"\x00\x01"),
        armored(b"\x87\x00"),
        armored(b"\xc6\xe0" + bytes(20)),
        armored(packet(6, b"\x06" + bytes(40))),
        armored(packet(6, b"")),
        armored(packet(13, b"Docker Release")),
        armored(MINE),
    ],
)
def test_s17_what_is_not_the_key_alone_is_refused(text):
    """S17: apt and dnf take all keys that they find in a file."""
    assert problem(text, FINGERPRINT) != ""


def test_s17_a_second_key_in_the_block_is_refused():
    body = "".join(KEY.split("\n\n")[1].split("-----")[0].rsplit("\n=", 1)[0].split())
    assert "66913646277F6C789CB2098BD9918D384F0F4912, " in problem(armored(base64.b64decode(body) + MINE), FINGERPRINT)
