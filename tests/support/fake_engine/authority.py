# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swarm's certificate authority: trust root, rotation, join tokens."""

from __future__ import annotations

from typing import Any

from . import identity
from .errors import rpc


class Authority:
    """Trust root and tokens of one swarm; `target` is the root that a running rotation goes to."""

    def __init__(self) -> None:
        self.certificate = identity.new_certificate()
        self.key = "generated"
        self.target: str | None = None
        self.target_key = ""
        self.last_forced = 0
        self.worker_token = self.manager_token = ""
        self.renew_tokens()

    def renew_tokens(self) -> None:
        """Both tokens anew, under the current root."""
        self.worker_token = identity.join_token(self.certificate)
        self.manager_token = identity.join_token(self.certificate)

    def plan(self, config: dict[str, Any]) -> tuple[str, str] | None:
        """The root (certificate, key) that a rotation to this CAConfig would go to, None without a rotation.

        Raises ApiError 400 for what the engine refuses; changes nothing.
        """
        wanted = identity.normalized_pem(config["SigningCACert"])
        if config["SigningCAKey"] and not wanted:
            raise rpc("InvalidArgument", "if a signing CA key is provided, the signing CA cert must also be provided")
        if not wanted:
            return (identity.new_certificate(), "generated") if config["ForceRotate"] != self.last_forced else None
        if not config["SigningCAKey"]:
            raise rpc(
                "InvalidArgument",
                "there must be at least one valid, reachable external CA corresponding to the desired CA certificate",
            )
        if wanted == self.certificate:
            return (wanted, config["SigningCAKey"])
        if config["SigningCAKey"] == self.key:
            raise rpc("InvalidArgument", "Cannot update to a cert with an identical key")
        return (wanted, config["SigningCAKey"])

    def start(self, root: tuple[str, str] | None, forced: int) -> bool:
        """Take over a planned root; True when a rotation has begun that `finish` must end."""
        if root is None:
            return False
        self.last_forced = forced
        certificate, key = root
        if certificate == self.certificate:
            self.key, self.target = key, None
            return False
        self.target, self.target_key = certificate, key
        return True

    def finish(self) -> None:
        """The target becomes the root, and the tokens follow it."""
        if self.target is None:
            return
        self.certificate, self.key, self.target = self.target, self.target_key, None
        self.renew_tokens()

    def tls_info(self) -> dict[str, str]:
        """TLSInfo of the swarm and of each node."""
        return {
            "TrustRoot": self.certificate,
            "CertIssuerSubject": identity.ISSUER_SUBJECT,
            "CertIssuerPublicKey": identity.public_key(self.certificate),
        }
