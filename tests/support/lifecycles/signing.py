# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a swarm's certificate authority. Played on engines in no swarm; the first becomes the manager."""

from __future__ import annotations

import functools
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from ..steps import Step
from . import membership
from .stage import Life, Stage
from .swarm_init import CREATED


class Pair(NamedTuple):
    """A root certificate and its key, in PEM."""

    certificate: str
    key: str

    @property
    def options(self) -> dict[str, str]:
        return {"signing_ca_cert": self.certificate, "signing_ca_key": self.key}

    @property
    def secret(self) -> str:
        """A line of the key, as it would stand in whatever form it leaks."""
        return self.key.splitlines()[1]


@functools.cache
def pair(name: str) -> Pair:
    """A root made with openssl, of a kind that swarmkit takes; the same for the same name."""
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = Path(folder, "cert.pem"), Path(folder, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "3650", "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )  # fmt: skip
        return Pair(certificate.read_text(), key.read_text())


def _trusts(stage: Stage, wanted: str) -> Any:
    """The engine's own word on what the nodes trust."""

    def check(result: dict[str, Any]) -> None:
        swarm = stage.first.do("GET", "/swarm")
        assert not swarm["RootRotationInProgress"]
        assert swarm["TLSInfo"]["TrustRoot"].strip() == wanted.strip() == result["swarm"]["signing_ca_cert"].strip()

    return check


def own_ca(stage: Stage) -> list[Step]:
    """Set, kept, in another spelling, replaced, and given up for one that the swarm makes itself."""
    membership.init(stage.first)
    one, two = pair("one"), pair("two")
    keep = _trusts(stage, one.certificate)

    def trusts_none_of_them(result: dict[str, Any]) -> None:
        root = stage.first.do("GET", "/swarm")["TLSInfo"]["TrustRoot"].strip()
        assert root not in (one.certificate.strip(), two.certificate.strip())

    return [
        Step("swarm_init", one.options, diff={"signing_ca_cert"}, hidden=[one.secret], holds=keep),
        Step("swarm_init", {"signing_ca_cert": one.certificate}, changed=False, holds=keep),
        Step(
            "swarm_init",
            {"signing_ca_cert": "\n" + one.certificate.replace("\n", "\r\n"), "labels": {"a": "b"}},
            diff={"labels"},
            holds=keep,
        ),
        Step("swarm_init", {"signing_ca_cert": two.certificate}, failure=membership.bad_input("signing_ca_cert")),
        Step(
            "swarm_init",
            {"signing_ca_key": two.key},
            failure=membership.bad_input("signing_ca_cert"),
            hidden=[two.secret],
        ),
        Step("swarm_init", two.options, diff={"signing_ca_cert"}, hidden=[two.secret]),
        Step("swarm_init", {"ca_force_rotate": 1}, diff={"ca_force_rotate"}, holds=trusts_none_of_them),
        Step("swarm_init", {"node_cert_expiry": "720h"}, diff={"node_cert_expiry"}, holds=trusts_none_of_them),
    ]


def own_ca_from_the_start(stage: Stage) -> list[Step]:
    one = pair("one")
    return [
        Step("swarm_init", one.options, diff=CREATED, hidden=[one.secret], holds=_trusts(stage, one.certificate)),
        Step("swarm_init", {"autolock_managers": True}, diff={"autolock_managers"}),
    ]


def a_key_of_another_certificate(stage: Stage) -> list[Step]:
    """Only the engine can tell. A creation leaves no swarm behind, an update changes nothing."""
    one, two = pair("one"), pair("two")
    mixed = {"signing_ca_cert": one.certificate, "signing_ca_key": two.key}
    another = {"kind": "engine"}

    def still_out() -> None:
        assert membership.state(stage.first) == "inactive"

    return [
        Step("swarm_init", mixed, failure=another, predicts=False, partly=True, hidden=[two.secret]),
        Step("swarm_init", {}, diff=CREATED, before=still_out),
        Step("swarm_init", mixed, failure=another, predicts=False, hidden=[two.secret]),
        Step("swarm_init", {}, changed=False),
    ]


def a_node_that_is_down_holds_it_up(stage: Stage) -> list[Step]:
    """The task says which one, and the next run goes on waiting; once the node is gone it is done."""
    membership.init(stage.first, Dispatcher={"HeartbeatPeriod": 10**9})  # down after three of them
    membership.join(stage.hosts[1], stage.first)
    down = stage.node_id(stage.hosts[1])
    stage.hosts[1].kill()
    stage.wait_for(lambda: stage.first.do("GET", f"/nodes/{down}")["Status"]["State"] == "down")

    def rotated() -> None:
        stage.wait_for(lambda: not stage.first.do("GET", "/swarm")["RootRotationInProgress"])

    held = {"kind": "not_converged", "nodes": [{"id": down, "state": "down"}]}
    options = {"ca_force_rotate": 1, "wait_timeout": 1}
    remove = {"hostname": down, "state": "absent"}
    removed = {"role", "availability", "labels", "name"}
    return [
        Step("swarm_init", options, failure=held, predicts=False, partly=True),
        Step("swarm_init", options, failure=held, predicts=False, partly=True),
        # Not run again: from here on the rotation goes on by itself, and the world does not stand still.
        Step("swarm_node", remove, diff=removed, repeats=False),
        Step("swarm_init", {"ca_force_rotate": 1}, changed=False, before=rotated),
    ]


LIVES: dict[str, Life] = {
    life.__name__: life for life in (own_ca, own_ca_from_the_start, a_node_that_is_down_holds_it_up)
}
#: What the fake does not know: it takes any key for any certificate.
REAL_LIVES: dict[str, Life] = {**LIVES, "a_key_of_another_certificate": a_key_of_another_certificate}
