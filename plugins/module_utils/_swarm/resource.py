# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create the swarm, change its spec, or recover it: a new cluster of one manager, from one that has lost its quorum.

The recovery cannot be undone and forgets every other manager, so the task has to name the cluster. Without a leader the API does
not return the cluster's ID; the node's certificate has it, as its organization (swarmkit).
"""

from __future__ import annotations

import base64
import os
import re
import typing as t

from .._core import validators as swarm_checks
from .._core.errors import BadInput, EngineError, Locked, OutOfSequence, Refused, SwarmError
from .._core.plan import (
    CREATE,
    KNOWN_AFTER,
    NODE_AFTER,
    NONE,
    TOKEN_AFTER,
    UNLOCK_KEY_AFTER,
    UPDATE,
    Change,
    Plan,
    differences,
)
from .._core.reconcile import CONVERGED, ConvergenceStatus, Resource, Write, failed, waiting
from .._core.schema import Field, require_versions
from .._core.validators import ip_in
from .._core.values import Document, Values
from .._engine.client import Engine, Node
from .._engine.local_state import INACTIVE, LOCKED, Local, check_interfaces, not_in_charge, read_local
from .._frontend.definition import WAIT_SPEC, define
from .._membership.requests import undo_join
from .._node.views import is_ready, label, quorum_of, state
from .schema import DEFAULT_POOL, DEFAULT_SUBNET_SIZE, DEFAULTS, SWARM, document, spec_to_post

FORCE_NEW_CLUSTER = "force new cluster"
# Option -> query parameter of POST /swarm/update, and what the diff calls the thing.
ROTATIONS = {
    "rotate_worker_token": ("rotateWorkerToken", "worker_join_token"),
    "rotate_manager_token": ("rotateManagerToken", "manager_join_token"),
    "rotate_manager_unlock_key": ("rotateManagerUnlockKey", "manager_unlock_key"),
}
ARGUMENT_SPEC: Values = {
    **SWARM.argument_spec(),
    **{option: {"type": "bool", "default": False} for option in ROTATIONS},
    "force_new_cluster": {"type": "str"},
    "join_tokens": {"type": "bool", "default": False},
    "unlock_key": {"type": "bool", "default": False},
}


class SwarmInit(Resource[Local]):
    waiting_for = "waiting for the swarm"

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        self._not_ready: list[Document] = []  # that a CA rotation waits for

    def validate(self) -> None:
        SWARM.check(self.params)
        if self.params["signing_ca_key"] and not self.params["signing_ca_cert"]:
            raise BadInput("signing_ca_key", "needs its certificate in signing_ca_cert.")

    def read(self) -> Local:
        return read_local(self.engine)

    def plan(self, live: Local) -> Plan:
        if self.params["force_new_cluster"] and live.in_swarm and not self._has_quorum(live):
            _confirm(live, self.params["force_new_cluster"], self.engine.node)
            return Plan("swarm", "", FORCE_NEW_CLUSTER, (Change("leader", "none", "this node"),))
        if live.state == INACTIVE:
            return self._plan_create()
        if not live.healthy_manager:
            raise not_in_charge(live)
        return self._plan_update(live)

    def _has_quorum(self, live: Local) -> bool:
        """A leader that has lost the others goes on to answer reads until it is asked to write."""
        if not live.healthy_manager:
            return False
        return quorum_of(self.engine.get("/nodes")).margin >= 0

    def _plan_create(self) -> Plan:
        _check_pools(self.params)
        body = SWARM.create(_with_pool(self.params))
        self._check_versions()
        check_interfaces(self.engine, self.params)
        expected = _expected(body)
        if self.params["heartbeat_tick"] or self.params["election_tick"]:
            _check_ticks(expected)
        if self.params["signing_ca_cert"]:
            self._check_signer(expected)
        changes = (Change(option, None, value) for option, value in SWARM.view(expected).items())
        return Plan("swarm", "", CREATE, tuple(changes), spec=body)

    def _plan_update(self, live: Local) -> Plan:
        self._check_versions()
        self._warn_of_passing_tokens(live)
        before = document(live)
        changes = SWARM.changes(before, self.params)
        _refuse_frozen(changes)
        changes = self._without_pending_ca(live, changes)
        after = SWARM.apply(before, changes)
        changed = {change.option for change in changes}
        if changed & {"heartbeat_tick", "election_tick"}:
            _check_ticks(after)
        if "signing_ca_cert" in changed:
            self._check_signer(after)
        changes += [Change(name, "", "", secret=True) for name in self._rotated(after).values()]
        return Plan("swarm", live.cluster_id, UPDATE if changes else NONE, tuple(changes), spec=after)

    def _check_versions(self) -> None:
        require_versions(self.engine, SWARM, self.params)
        if self.params["rotate_manager_unlock_key"]:
            self.engine.require("1.25", "rotate_manager_unlock_key")

    def _without_pending_ca(self, live: Local, changes: list[Change]) -> list[Change]:
        """While a rotation runs, the engine does not tell which certificate it leads to."""
        if not _rotating(live) or not any(change.option == "signing_ca_cert" for change in changes):
            return changes
        self.warn("A CA rotation is already in progress. signing_ca_cert is compared when it has finished.")
        return [change for change in changes if change.option != "signing_ca_cert"]

    def _warn_of_passing_tokens(self, live: Local) -> None:
        """A rotation creates both tokens again when it ends (swarmkit, ca/reconciler.go)."""
        if _rotating(live) and any(
            self.params[name] for name in ("rotate_worker_token", "rotate_manager_token", "join_tokens")
        ):
            self.warn("A CA rotation is in progress. Both join tokens change when it ends.")

    def _check_signer(self, after: Document) -> None:
        """The engine would create the swarm first, and refuse the certificate then."""
        if not (self.params["signing_ca_key"] or after["Spec"].get("CAConfig", {}).get("ExternalCAs")):
            raise BadInput("signing_ca_cert", "needs its key in signing_ca_key, or external_cas that sign with it.")

    def _rotated(self, after: Document) -> dict[str, str]:
        """Query parameter -> name in the diff, for what the task orders to rotate."""
        asked = {query: name for option, (query, name) in ROTATIONS.items() if self.params[option]}
        locked = after["Spec"].get("EncryptionConfig", {}).get("AutoLockManagers")
        if "rotateManagerUnlockKey" in asked and not locked:
            raise BadInput(
                "rotate_manager_unlock_key", "the swarm has no unlock key, because autolock_managers is false."
            )
        return asked

    def apply(self, live: Local, plan: Plan) -> None:
        if plan.action == FORCE_NEW_CLUSTER:
            _force_new_cluster(self.engine, live, self.params)
        elif plan.action == CREATE:
            self._create(plan)
        else:
            spec = t.cast(Document, plan.spec)
            self._post(live, spec, dict.fromkeys(self._rotated(spec), True))

    def _create(self, plan: Plan) -> None:
        body = {"ListenAddr": "0.0.0.0:2377", **(plan.spec or {})}
        body.pop("TLSInfo", None)
        body["Spec"] = spec_to_post(plan.spec or {}, key=self.params["signing_ca_key"])
        if self.params["autolock_managers"]:
            # With it the manager's key is locked from the start, with the spec alone after its first update (moby,
            # daemon/cluster/swarm.go). The docker command line sends both.
            body["AutoLockManagers"] = True
        try:
            self.engine.post("/swarm/init", body)
        except EngineError:
            # A spec that the new manager refuses leaves the engine in the swarm all the same, with the defaults.
            undo_join(self.engine, self.clock, self.params["wait_timeout"])
            raise
        self.writes.wrote("swarm")
        self._correct_zeroes()

    def _correct_zeroes(self, attempts: int = 5) -> None:
        """The engine reads a 0 of an init request as "not given" (moby, convert.MergeSwarmSpecToGRPC).

        A lost race is run again here: to plan anew would make an update of what is the creation of a swarm.
        """
        live = self.read()
        changes = [change for change in SWARM.changes(document(live), self.params) if change.after in (0, "0s", False)]
        if not changes:
            return
        settings = f"{', '.join(change.option for change in changes)} of the swarm"
        self.writes.expect([Write(settings, tuple(changes))])
        try:
            self._post(live, SWARM.apply(document(live), changes), {})
            self.writes.wrote(settings)
        except OutOfSequence:
            if attempts <= 1:
                raise
            self._correct_zeroes(attempts - 1)

    def _post(self, live: Local, wanted: Document, query: Values) -> None:
        cluster = live.cluster or {}
        body = spec_to_post(wanted, live=cluster, key=self.params["signing_ca_key"])
        self.engine.post("/swarm/update", body, version=cluster["Version"]["Index"], **query)

    def check_convergence(self, live: Local) -> ConvergenceStatus:
        self._not_ready = []
        if not live.healthy_manager:
            return waiting(not_in_charge(live).message)
        if not (self.params["ca_force_rotate"] or self.params["signing_ca_cert"]):
            return CONVERGED
        if _rotating(live):
            self._not_ready = [node for node in self.engine.get("/nodes") if not is_ready(node)]
            return waiting(_rotation_waits_for(self._not_ready))
        missed = [change for change in SWARM.changes(document(live), self.params) if change.option == "signing_ca_cert"]
        return failed("a CA rotation ended with another certificate. Run the task again") if missed else CONVERGED

    def not_converged(self, error: SwarmError) -> None:
        if self._not_ready:
            error.with_details(nodes=[{"id": node["ID"], "state": state(node)} for node in self._not_ready])

    def result(self, live: Local, plan: Plan) -> Values:
        unknown = self.check_mode and plan.action in (CREATE, FORCE_NEW_CLUSTER)
        return {
            "swarm": SWARM.view(self._shown(live, plan)),
            "cluster_id": KNOWN_AFTER if unknown and not live.cluster_id else live.cluster_id,
            "node_id": live.node_id or NODE_AFTER[self.params["availability"]],
            **self._secrets(plan),
        }

    def _shown(self, live: Local, plan: Plan) -> Document:
        if not self.check_mode or plan.spec is None:
            return document(live)
        return _expected(plan.spec) if plan.action == CREATE else plan.spec

    def _secrets(self, plan: Plan) -> Values:
        """Join tokens and unlock key, for a task that asks for them."""
        secrets: Values = {}
        ahead = self.check_mode and plan.changed
        if self.params["join_tokens"]:
            tokens = {} if ahead and plan.action != UPDATE else self.engine.get("/swarm")["JoinTokens"]
            secrets["join_tokens"] = {role.lower(): tokens.get(role, TOKEN_AFTER) for role in ("Worker", "Manager")}
            if ahead:
                _hide_renewed(secrets["join_tokens"], plan)
        if self.params["unlock_key"]:
            predicted = _predicted_key(plan) if ahead else None
            secrets["unlock_key"] = self.engine.get("/swarm/unlockkey")["UnlockKey"] if predicted is None else predicted
        return secrets


def _hide_renewed(tokens: Values, plan: Plan) -> None:
    """A token carries the fingerprint of the CA, so another CA renews both."""
    changed = {change.option for change in plan.changes}
    for role in tokens:
        if changed & {f"{role}_join_token", "signing_ca_cert", "ca_force_rotate"}:
            tokens[role] = TOKEN_AFTER


def _predicted_key(plan: Plan) -> str | None:
    """The unlock key after the run, as far as check mode can tell; None where it stays what it is."""
    if not SWARM.view(plan.spec)["autolock_managers"]:
        return ""
    renewed = {"autolock_managers", "manager_unlock_key"} & {change.option for change in plan.changes}
    return UNLOCK_KEY_AFTER if renewed else None


def _check_pools(params: Values) -> None:
    """Pools that the engine would take and then never allocate a network from (or answer with status 500)."""
    pools, size = params["default_addr_pool"], params["subnet_size"] or DEFAULT_SUBNET_SIZE
    for pool in pools or ():
        length = swarm_checks.network(pool).prefixlen
        if size < length:
            default = "" if params["subnet_size"] else "(24 where it is not given) "
            raise BadInput(
                "subnet_size",
                f"{default}a /{size} subnet does not fit into the pool {pool}. Use {length} or more.",
            )


def _with_pool(params: Values) -> Values:
    """The engine ignores a subnet size without a pool, stores 0 for a pool without a size, and nothing for an empty list."""
    pools, size = params["default_addr_pool"], params["subnet_size"]
    if pools or size:
        return {**params, "default_addr_pool": pools or [DEFAULT_POOL], "subnet_size": size or DEFAULT_SUBNET_SIZE}
    return {**params, "default_addr_pool": None}


def _expected(body: Document) -> Document:
    """The document that an init request leads to, as far as it can be known before."""
    merged = {**DEFAULTS, "TLSInfo": {"TrustRoot": KNOWN_AFTER}, **body}
    spec = dict(DEFAULTS["Spec"])
    for key, value in body.get("Spec", {}).items():
        spec[key] = {**spec[key], **value} if isinstance(value, dict) and isinstance(spec.get(key), dict) else value
    merged["Spec"] = spec
    merged["AdvertiseAddr"] = ip_in(body.get("AdvertiseAddr")) or KNOWN_AFTER
    return merged


def _refuse_frozen(changes: list[Change]) -> None:
    immutable = {item.option for item in SWARM.fields if isinstance(item, Field) and item.immutable}
    differ = [change for change in changes if change.option in immutable]
    if differ:
        what = "; ".join(f"{c.option}: is {c.before!r}, not {c.after!r}" for c in differ)
        raise Refused(f"{what}. This setting is fixed when a swarm is created.").with_details(**differences(differ))


def _check_ticks(after: Document) -> None:
    """The engine does not check it on update, and a swarm without it elects leaders indefinitely."""
    raft = after["Spec"].get("Raft", {})
    heartbeat, election = raft.get("HeartbeatTick", 0), raft.get("ElectionTick", 0)
    if election <= heartbeat:
        raise BadInput("election_tick", f"{election} must be greater than heartbeat_tick, {heartbeat}.").with_details(
            election_tick=election, heartbeat_tick=heartbeat
        )


def _rotating(live: Local) -> bool:
    return bool((live.cluster or {}).get("RootRotationInProgress"))


def _rotation_waits_for(not_ready: list[Document]) -> str:
    if not_ready:
        down = ", ".join(sorted(map(label, not_ready)))
        return f"the CA rotation needs all nodes, and these are not ready: {down}"
    return "the nodes are getting new certificates"


# DER of the attribute type organizationName (2.5.4.10), then a string type, a length and the value.
_ORGANIZATION = re.compile(rb"\x06\x03\x55\x04\x0a[\x0c\x13](.)", re.DOTALL)
_FIRST_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


def _confirm(live: Local, cluster_id: str, node: Node) -> None:
    """Raise Refused unless the engine is a manager without quorum and belongs to this cluster."""
    if live.state == LOCKED or not live.manager:
        raise not_in_charge(live)
    known = live.cluster_id or _cluster_of_certificate(live.root_dir, node)
    if not known:
        raise Refused(
            "cannot read the ID of this node's cluster. Without a leader it is only in"
            f" {_certificate(live.root_dir)}. Run this on the node itself, as root.",
            option="force_new_cluster",
        )
    if known != cluster_id:
        refusal = Refused(f"this node belongs to cluster {known}, not to {cluster_id}.", option="force_new_cluster")
        refusal.details["cluster_id"] = known
        raise refusal


def _force_new_cluster(engine: Engine, live: Local, params: Values) -> None:
    body: Document = {"ListenAddr": params["listen_addr"] or "0.0.0.0:2377", "ForceNewCluster": True}
    body["AdvertiseAddr"] = params["advertise_addr"] or live.address
    try:
        engine.post("/swarm/init", body)
    except Locked as error:
        # Seen on 20.10 and 28.5: from here on the engine says "inactive", until it is restarted.
        raise Locked(
            "force_new_cluster: autolock is enabled, and the engine must be unlocked first. Restart it, because it"
            " reports a wrong state now, unlock it with hive.swarm.swarm_unlock, and run this again.",
            error.status,
        ) from error


def _certificate(root_dir: str) -> str:
    return os.path.join(root_dir, "swarm", "certificates", "swarm-node.crt")


def _cluster_of_certificate(root_dir: str, node: Node) -> str:
    try:
        pem = _FIRST_PEM.search(node.read(_certificate(root_dir)).decode("ascii", "replace"))
    except OSError:
        return ""
    der = base64.b64decode(pem[1]) if pem else b""
    found = _ORGANIZATION.search(der)
    return der[found.end() : found.end() + found[1][0]].decode("ascii", "replace") if found else ""


MODULE = define(SwarmInit, {**ARGUMENT_SPEC, **WAIT_SPEC}, required_by={"signing_ca_key": "signing_ca_cert"})
