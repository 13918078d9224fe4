# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make an engine a member of a swarm, and prove that it is one."""

from __future__ import annotations

import socket
import typing as t
from functools import partial

from .._core import validators as checks
from .._core.errors import (
    BadInput,
    EngineError,
    Locked,
    NotConverged,
    NotFound,
    OutOfSequence,
    Refused,
    SwarmError,
    Unreachable,
)
from .._core.plan import NONE, TOKEN_AFTER, Change, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, Resource, Write, waiting
from .._core.schema import Field, Schema, require_versions
from .._core.validators import ip_in, is_ip, same_ip, split_address
from .._core.values import Document, Values, at
from .._engine.client import Engine, path_part
from .._engine.connection import connect
from .._engine.local_state import (
    ACTIVE,
    ERROR,
    INACTIVE,
    LOCKED,
    PENDING,
    Local,
    check_interfaces,
    membership_view,
    not_in_charge,
    read_local,
)
from .._frontend.definition import WAIT_SPEC, define
from .._node import views
from .requests import demote, expected_view, leave, read_settled, undo_join

# moby, JoinRequest.
JOIN_REQUEST = Schema(
    Field("listen_addr", at("ListenAddr"), write_only=True, check=checks.ip_or_interface),
    Field("advertise_addr", at("AdvertiseAddr"), write_only=True, check=checks.advertised),
    Field("data_path_addr", at("DataPathAddr"), write_only=True, since="1.30", check=checks.data_path),
    Field("availability", at("Availability"), write_only=True, since="1.28",
          spec={"choices": ["active", "pause", "drain"]}),
)  # fmt: skip

JOIN_SPEC: Values = {
    **JOIN_REQUEST.argument_spec(),
    "remote_addrs": {"type": "list", "elements": "str", "required": True},
    "join_token": {"type": "str", "required": True, "no_log": True},
    "role": {"type": "str", "choices": ["worker", "manager"]},
    "cluster_id": {"type": "str"},
    "member_ids": {"type": "list", "elements": "str"},
    "manager_docker_host": {"type": "str"},
    "ca_digest": {"type": "str"},
    "confirm_rejoin": {"type": "str"},
}
JOIN, REJOIN = "join", "leave and join"
_LEAVE_TIMEOUT = 30


class LiveMember(t.NamedTuple):
    """:param member: whether the managers list the node; None if not known.
    :param node: the managers' entry, where one of them was asked.
    """

    local: Local
    member: bool | None
    node: Document | None = None


def _connect_manager(params: Values, docker_host: str) -> Engine:
    try:
        return connect(params, docker_host)
    except BadInput as error:
        raise BadInput("manager_docker_host", error.message) from error


class SwarmJoin(Resource[LiveMember]):
    waiting_for = "joining the swarm"

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        asked = params["manager_docker_host"]
        self._manager = _connect_manager(params, asked) if asked else None
        self.engines += [self._manager] if self._manager else []
        self._joined = False

    # What is there

    def validate(self) -> None:
        params = self.params
        JOIN_REQUEST.check(params)
        if not params["remote_addrs"]:
            raise BadInput("remote_addrs", "must not be empty. Set at least one manager.")
        for address in params["remote_addrs"]:
            checks.named("remote_addrs", checks.remote_address, address)
        if not (self.check_mode and params["join_token"] == TOKEN_AFTER):
            checks.named("join_token", checks.join_token, params["join_token"])
            self._check_digest(params["ca_digest"], params["join_token"])

    @staticmethod
    def _check_digest(pinned: str | None, token: str) -> None:
        """A token is ``SWMTKN-1-DIGEST-SECRET``; the engine joins only a swarm whose root CA has that digest."""
        if pinned is None:
            return
        if not checks.is_ca_digest(pinned):
            raise BadInput(
                "ca_digest", f"invalid digest {pinned!r}. Use the 50 characters after SWMTKN-1- of a join token."
            )
        if token.split("-")[2] != pinned:
            raise BadInput(
                "join_token",
                "belongs to a swarm whose root CA does not match ca_digest. Get the token from a manager"
                " of the right swarm; after a rotation of the CA, correct ca_digest.",
            ).with_details(reason="other_swarm")

    def read(self) -> LiveMember:
        settle = self.params["wait_timeout"] if self.params["wait"] else 0
        local = read_settled(self.engine, self.clock, settle)
        if local.state != ACTIVE:
            return LiveMember(local, None)
        node = self._entry(local)
        if self._joined:
            return LiveMember(local, True, node)
        if self._manager or local.healthy_manager:
            return LiveMember(local, node is not None, node)
        known = self.params["member_ids"]
        return LiveMember(local, None if known is None else local.node_id in known)

    def _entry(self, local: Local) -> Document | None:
        """The managers' own entry of the node, from the manager that may be asked: another one, or the node itself."""
        manager = self._manager or (self.engine if local.healthy_manager else None)
        if manager is None or not local.node_id:
            return None
        try:
            return manager.get(f"/nodes/{path_part(local.node_id)}")
        except NotFound:
            return None

    # What would happen

    def plan(self, live: LiveMember) -> Plan:
        try:
            return self._plan(live)
        except (Refused, Locked, NotConverged) as error:
            error.with_details(**membership_view(live.local))
            raise

    def _plan(self, live: LiveMember) -> Plan:
        local = live.local
        if local.state == ACTIVE:
            return self._plan_active(live)
        if local.state == LOCKED:
            raise Locked(
                "This manager is locked. Unlock it with hive.swarm.swarm_unlock. Leaving would lose its state."
            )
        if local.state == PENDING and local.node_id:
            raise NotConverged(
                f"This engine is node {local.node_id} of a swarm and has not found its managers"
                f" ({', '.join(local.remote_managers) or 'none are known'}) after {self.params['wait_timeout']} seconds."
            )
        if local.state == ERROR and local.node_id and self.params["role"] != "worker":
            self._refuse_loss(local)
        return self._plan_join(local, JOIN if local.state == INACTIVE else REJOIN)

    def _refuse_loss(self, local: Local) -> None:
        """Refuse to remove what may be the only copy of a swarm's state.

        An engine in the state error does not report whether it was a manager.
        """
        params = self.params
        listed = local.node_id in (params["member_ids"] or ())
        if listed or params["confirm_rejoin"] == local.node_id or self._confirmed_by_manager():
            return
        raise Refused(
            f"joining again removes the manager state of node {local.node_id}, and no manager of"
            " the swarm cluster_id confirms that the node was removed there. To discard the state, set"
            f" confirm_rejoin: {local.node_id}.",
            option="confirm_rejoin",
        )

    def _confirmed_by_manager(self) -> bool:
        """Whether a manager of the swarm that the task names can be asked for its members."""
        wanted = self.params["cluster_id"]
        return bool(self._manager and wanted and read_local(self._manager).cluster_id == wanted)

    def _plan_join(self, local: Local, action: str) -> Plan:
        require_versions(self.engine, JOIN_REQUEST, self.params)
        check_interfaces(self.engine, self.params)
        wanted = {"state": ACTIVE, "role": self.params["role"], "availability": self.params["availability"]}
        live = {"state": local.state, "role": local.role}
        changes = [Change(option, live.get(option), value) for option, value in wanted.items() if value]
        changes = [change for change in changes if change.before != change.after]
        if local.node_id:
            changes.append(Change("node_id", local.node_id, None))
        return Plan("swarm membership", local.hostname, action, tuple(changes))

    def _plan_active(self, live: LiveMember) -> Plan:
        local, wanted = live.local, self.params
        if wanted["cluster_id"] and local.cluster_id and local.cluster_id != wanted["cluster_id"]:
            raise Refused(
                f"this engine is {_a(local)} of cluster {local.cluster_id}, not of"
                f" {wanted['cluster_id']}. {_LEAVE_FIRST}",
                option="cluster_id",
            )
        if not self._is_told(live) and not self._knows_them(local):
            raise Refused(
                f"this engine is {_a(local)} in another swarm, whose managers are"
                f" {', '.join(local.remote_managers) or 'unknown'}. {_LEAVE_FIRST}",
                option="remote_addrs",
            )
        if live.member is False:
            return self._plan_rejoin(local)
        if wanted["role"] and wanted["role"] != local.role:
            raise Refused(
                f"this engine is {_a(local)}, not a {wanted['role']}. Promote or demote it with"
                f" hive.swarm.swarm_node on a manager: hostname {local.node_id}, role {wanted['role']}.",
                option="role",
            )
        if local.manager and not local.healthy_manager:
            raise not_in_charge(local)
        if live.member is None:
            self.warn(
                "The engine reports that it is a worker of this swarm, but only a manager can prove it. Set"
                " manager_docker_host or member_ids."
            )
        return Plan("swarm membership", local.hostname, NONE)

    def _plan_rejoin(self, local: Local) -> Plan:
        """It belonged to this swarm and was removed there; it does not notice that by itself."""
        if local.healthy_manager:
            raise Refused(
                f"this engine leads its own swarm, cluster {local.cluster_id}, as node {local.node_id}. {_LEAVE_FIRST}",
                option="member_ids",
            )
        if local.manager:
            self._refuse_loss(local)
        return self._plan_join(local, REJOIN)

    def _is_told(self, live: LiveMember) -> bool:
        """Whether a manager, and not only the engine, reports it as a member of the swarm of the task.

        The list of a manager proves that it is in a swarm, not in which one.
        """
        local, wanted = live.local, self.params
        if self._manager or not local.healthy_manager:
            return bool(live.member)
        return local.cluster_id == wanted["cluster_id"] or local.node_id in (wanted["member_ids"] or ())

    def _knows_them(self, local: Local) -> bool:
        """Whether the swarm that the engine is in has one of the managers that the task names."""
        wanted = {host for address in self.params["remote_addrs"] for host in _resolve(address)}
        return any(same_ip(known, host) for known in local.known_hosts for host in wanted)

    # Doing it

    def expected_writes(self, plan: Plan) -> list[Write]:
        return [Write("joining the swarm", plan.changes)]

    def apply(self, live: LiveMember, plan: Plan) -> None:
        if plan.action == REJOIN:
            # Without force the engine itself refuses, should it have become a manager since it was read.
            before = [change._replace(after=None) for change in plan.changes if change.before]
            force = live.local.manager or live.local.state == PENDING
            wrote = partial(self.writes.wrote, "leaving the previous swarm", before)
            leave(self.engine, force, self.clock, _LEAVE_TIMEOUT, wrote)
        refusals: dict[str, str] = {}
        for address in self.params["remote_addrs"]:
            try:
                self.engine.post("/swarm/join", self._body(address), timeout=self.engine_timeout())
            except EngineError as error:
                self._undo(error)
                _raise_if_token(error)
                refusals[address] = error.message
                continue
            self._joined = True
            self.writes.wrote("joining the swarm")
            return self._verify(address)
        raise _not_accepted(refusals)

    def _undo(self, error: EngineError) -> None:
        """Clean up after a refused join; a member is left alone, as another client has had it join meanwhile."""
        if read_local(self.engine).state == ACTIVE:
            raise OutOfSequence(f"Another client has made this engine join: {error.message}.", error.status)
        undo_join(self.engine, self.clock, _LEAVE_TIMEOUT)

    def engine_timeout(self) -> float:
        """The engine gives up on a manager after 20 seconds (moby, swarmConnectTimeout)."""
        return max(self.params["timeout"], 30)

    def _body(self, address: str) -> Document:
        token = self.params["join_token"]
        body = JOIN_REQUEST.create(self.params)
        return {"ListenAddr": "0.0.0.0:2377", **body, "RemoteAddrs": [_with_port(address)], "JoinToken": token}

    def _leave(self) -> None:
        leave(self.engine, True, self.clock, _LEAVE_TIMEOUT)

    def _verify(self, address: str) -> None:
        """What the engine made of the token and the address: it says yes to any of them."""
        local = read_local(self.engine)
        if self.params["role"] == "manager" and local.state == ACTIVE and not local.manager:
            local = self._wait_for_control()
        if self.params["role"] and local.role and local.role != self.params["role"]:
            self._step_back()
            raise BadInput(
                "join_token",
                f"{address} accepted it as a {local.role} token, but role is {self.params['role']}."
                f" {_left_again(local)}",
            ).with_details(reason="other_role", address=address, **_left_behind(local))
        wanted = ip_in(self.params["advertise_addr"])
        if wanted and local.address and not same_ip(wanted, local.address):
            self._step_back()
            raise BadInput(
                "advertise_addr", f"the swarm lists this node at {local.address}, not at {wanted}. {_left_again(local)}"
            ).with_details(**_left_behind(local))

    def _wait_for_control(self) -> Local:
        """A new manager serves the API a moment after the join has returned."""
        for _again in range(20):
            local = read_local(self.engine)
            if local.manager:
                break
            self.clock.sleep(0.25)
        return local

    def _step_back(self) -> None:
        """Undo a join that is not what the task wants; a manager is demoted first, so that it does not count on."""
        local = read_local(self.engine)
        if local.healthy_manager:
            demote(self.engine, local, self.clock, _LEAVE_TIMEOUT, self.writes)
        self._joined = False
        self._leave()
        self.writes.took_back("joining the swarm")

    # Until it is done

    def check_convergence(self, live: LiveMember) -> ConvergenceStatus:
        local = live.local
        if local.state != ACTIVE:
            return waiting(f"the engine is {local.state}{': ' + local.error if local.error else ''}")
        if self.params["role"] == "manager" and not local.healthy_manager:
            return waiting(local.error or "it is not a working manager yet")
        if live.node is None:
            return waiting("the managers do not list it yet") if self._manager else CONVERGED
        if not views.is_ready(live.node):
            return waiting(f"the managers report it as {views.state(live.node)}")
        if local.manager and not views.is_reachable(live.node):
            return waiting("the other managers do not reach it yet")
        return CONVERGED

    def result(self, live: LiveMember, plan: Plan) -> Values:
        if self.check_mode and plan.changed:
            address = ip_in(self.params["advertise_addr"])
            view = expected_view(self.params["role"], address, self.params["cluster_id"], self.params["availability"])
        else:
            view = membership_view(live.local)
        return {**view, "proved": bool(live.member) or plan.changed}


_LEAVE_FIRST = "To move it to another swarm, run hive.swarm.swarm_leave on it first."


def _left_again(local: Local) -> str:
    return f"The engine has left again. The managers list node {local.node_id} until it is removed there."


def _left_behind(local: Local) -> Values:
    """The facts of a membership that was given up again; its entry stays on the managers."""
    return {"role": local.role, "node_id": local.node_id, "node_address": local.address}


def _a(local: Local) -> str:
    return f"a {local.role}, node {local.node_id},"


def _not_accepted(refusals: dict[str, str]) -> Unreachable:
    """:param refusals: the message of the engine for each address."""
    listed = " ".join(f"{address}: {message}" for address, message in refusals.items())
    error = Unreachable(f"remote_addrs: no manager accepted this engine. {listed}").with_details(refusals=refusals)
    error.option = ("remote_addrs",)
    return error


def _with_port(address: str) -> str:
    host, port = split_address(address)
    return f"[{host}]:{port or 2377}" if ":" in host else f"{host}:{port or 2377}"


def _resolve(address: str) -> set[str]:
    host = split_address(address)[0]
    if is_ip(host):
        return {host}
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return set()


def _raise_if_token(error: SwarmError) -> None:
    """A wrong token is wrong at every manager (swarmkit, ca/config.go and ca/server.go)."""
    message = error.message
    if "does not match fingerprint" in message:
        raise BadInput(
            "join_token", f"belongs to another swarm, or the CA was rotated: {message}.", error.status
        ).with_details(reason="other_swarm")
    if "join token" in message:
        raise BadInput(
            "join_token", f"the managers refuse it. Check whether it was rotated: {message}.", error.status
        ).with_details(reason="refused")


MODULE = define(SwarmJoin, {**JOIN_SPEC, **WAIT_SPEC})
