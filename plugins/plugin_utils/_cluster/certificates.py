# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When certificates end: the root's, which the managers return, and those of nodes and of engines' APIs, which are files."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
import typing as t
from datetime import datetime, timezone

from ...module_utils._core.values import Values

DAY = 86400
# Nothing renews the root but hive.swarm.rotate (or docker swarm ca --rotate). It lives for 20 years.
ROOT_LITTLE, ROOT_LEAST = 180 * DAY, 30 * DAY
# A node gets a new certificate after 50 to 80 percent of the life of the old one (swarmkit, ca/renewer.go).
NODE_LEAST = 0.1
# Nothing renews that of an engine's API, which lives for days or for years: the root's limits, or a part of its life.
API_LITTLE, API_LEAST = 1 / 3, 0.1
NODE_FILE = "swarm-node.crt"


class Certificate(t.NamedTuple):
    """:param name: the common name; of a node, its ID.
    :param start: seconds since 1970, as is end.
    """

    name: str
    start: float
    end: float

    @property
    def ends(self) -> str:
        return datetime.fromtimestamp(self.end, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def day(self) -> str:
        return self.ends[:10]


def read_certificates(text: str) -> list[Certificate]:
    """Return the certificates in a PEM text, also one in Base64; none where the text has none that can be read."""
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", _plain(text), re.DOTALL)
    try:
        return [_read(block) for block in blocks]
    except ValueError:
        return []


def _plain(text: str) -> str:
    if "-----BEGIN" in text:
        return text
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _read(block: str) -> Certificate:
    from cryptography import x509  # Ansible needs it, too

    read = x509.load_pem_x509_certificate(block.encode())
    names = read.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return Certificate(
        str(names[0].value) if names else "", _seconds(read, "not_valid_before"), _seconds(read, "not_valid_after")
    )


def _seconds(read: object, what: str) -> float:
    """Before version 42, cryptography gives times without their zone, which is UTC."""
    aware = getattr(read, f"{what}_utc", None)
    return (aware or getattr(read, what).replace(tzinfo=timezone.utc)).timestamp()


def root_of(pem: str) -> Certificate | None:
    """Return the root certificate; during a rotation the younger one."""
    return max(read_certificates(pem), key=lambda each: each.end, default=None)


def node_of(text: str, node_id: str) -> Certificate | None:
    """Return the certificate of a node from the text of a file; None where it is another node's: the file may belong to another
    machine than the engine."""
    return next((each for each in read_certificates(text) if each.name == node_id), None)


def files_of(files: Values) -> tuple[str, dict[str, Certificate]]:
    """Return the content of the node's file, and the first of the API's certificates to end in each other file, by its path.

    :param files: as hive.swarm.engine_info returns them.
    """
    texts = {path: file.get("content") or "" for path, file in files.items()}
    node = next((text for path, text in texts.items() if posixpath.basename(path) == NODE_FILE), "")
    others = {path: read_certificates(text) for path, text in texts.items() if posixpath.basename(path) != NODE_FILE}
    return node, {path: min(read, key=lambda each: each.end) for path, read in others.items() if read}


def root_problems(root: Certificate | None, now: float) -> tuple[list[str], list[str]]:
    """Return problems and warnings: sentences on a certificate that has ended or ends soon. ``now`` is in seconds since 1970."""
    if not root or root.end - now > ROOT_LITTLE:
        return [], []
    said = [
        f"The swarm's root certificate {_when(root, now)}, and no node is let in then: hive.swarm.rotate -e operations_rotate=ca."
    ]
    return (said, []) if root.end - now < ROOT_LEAST else ([], said)


def node_certificate_problems(name: str, certificate: Certificate, now: float) -> list[str]:
    """Return problems: sentences on a certificate that has ended, or that a running node has not been able to renew in time."""
    if certificate.end - now > NODE_LEAST * (certificate.end - certificate.start):
        return []
    return [
        f"{name}: its certificate {_when(certificate, now)} and was not renewed. Does it reach a manager, and is its clock"
        " right? Once it has ended, the node has to leave and join again (hive.swarm.heal)."
    ]


def api_certificate_problems(name: str, path: str, certificate: Certificate, now: float) -> tuple[list[str], list[str]]:
    """Return problems and warnings: sentences on a certificate that has ended or ends soon. ``now`` is in seconds since 1970."""
    left, life = certificate.end - now, certificate.end - certificate.start
    if left > min(ROOT_LITTLE, API_LITTLE * life):
        return [], []
    said = [
        f"{name}: a certificate of the engine's API ({path}) {_when(certificate, now)}, and clients with TLS are refused then:"
        " install another one, with engine_api of hive.swarm.engine."
    ]
    return (said, []) if left <= min(ROOT_LEAST, API_LEAST * life) else ([], said)


def _when(certificate: Certificate, now: float) -> str:
    return f"{'ends' if certificate.end > now else 'has ended'} on {certificate.day}"
