# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fake engine: its socket, its log of requests, its place in a swarm, and what tests do to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

from . import identity, local
from .errors import LOCKED, ApiError
from .faults import Fault, Faults
from .membership import Joining, Membership
from .requests import READS, ReadOnlyViolation, Recorded
from .router import Request, dispatch
from .server import Listener
from .versions import Version

if TYPE_CHECKING:
    from .cluster import FakeCluster
    from .networks import Network
    from .swarm import Swarm


class FakeEngine:
    """A Docker engine as the API shows it.

    name, hostname: what the cluster calls it, and what it calls itself (the same unless given).
    address: its IPv4 address among the engines. interfaces: name -> address; eth0 with `address` unless given.
    labels: of the engine, as in daemon.json. tcp: serve on a free loopback port as well (`tcp_url`).
    default_route: without one (as in a lab) only addresses of the engine's own /24 can be tried at all.
    """

    def __init__(
        self,
        cluster: FakeCluster,
        name: str,
        *,
        version: Version,
        address: str,
        hostname: str | None = None,
        interfaces: dict[str, str] | None = None,
        labels: dict[str, str] | None = None,
        tcp: bool = False,
        default_route: bool = True,
    ):
        self.cluster = cluster
        self.name = name
        self.hostname = hostname or name
        self.version = version
        self.address = address
        self.interfaces = interfaces or {"eth0": address}
        self.labels = labels or {}
        self.id = str(identity.new_id()).upper()
        self.membership: Membership | None = None
        self.dormant: Membership | None = None  # on the disk, unknown to the running engine
        self.joining: Joining | None = None
        self.networks: list[Network] = []  # its own; those of the swarm are the swarm's
        self.lingering = 0  # for how many looks a network that was removed stays in its list
        self.volumes: dict[str, Any] = {}  # its own, too
        self.waste: dict[str, list[str]] = {"images": [], "build": []}  # IDs of what no container uses
        self.requests: list[Recorded] = []
        self.violations: list[Recorded] = []
        self.faults = Faults()
        self.data_root = "/var/lib/docker"
        self.lies: dict[str, Callable[[Any], Any]] = {}
        self.read_only = False
        self.running = False
        self.partitioned = False
        self.socket = str(cluster.directory / f"{name}.sock")
        self.default_route = default_route
        self._wants_tcp = tcp
        self._listeners: list[Listener] = []
        self._start()

    # -- where it is ----------------------------------------------------------------------------------------------

    @property
    def docker_host(self) -> str:
        """The value of docker_host / DOCKER_HOST."""
        return f"unix://{self.socket}"

    @property
    def tcp_url(self) -> str:
        """tcp://127.0.0.1:<port>, for engines made with tcp=True."""
        return f"tcp://{self._listeners[-1].address}"

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        """Waiting for its unlock key."""
        return bool(self.membership and self.membership.lock_key)

    @property
    def is_online(self) -> bool:
        """Running, unlocked and connected: other engines can talk to it."""
        return self.running and not self.partitioned and not self.locked

    @property
    def is_stalled(self) -> bool:
        """A manager that the others reach and that follows no leader."""
        return bool(self.membership and self.membership.node_id in self.membership.swarm.stalled)

    @property
    def state(self) -> str:
        """LocalNodeState."""
        if self.joining:
            return "error" if self.joining.error else "pending"
        if self.locked:
            return "locked"
        return "active" if self.membership else "inactive"

    @property
    def error(self) -> str:
        """Error of GET /info, as far as it is this engine's own."""
        return LOCKED if self.locked else self.joining.error if self.joining else ""

    @property
    def swarm(self) -> Swarm | None:
        """The swarm that the engine believes to be in."""
        return self.membership.swarm if self.membership else None

    # -- the log --------------------------------------------------------------------------------------------------

    @property
    def writes(self) -> list[Recorded]:
        """The requests that could change something."""
        return [request for request in self.requests if request.is_write]

    def count(self, method: str = "", path: str = "") -> int:
        """How many requests had this method and this path; empty means any."""
        return sum(1 for asked in self.requests if method in ("", asked.method) and path in ("", asked.path))

    def forget(self) -> None:
        """Empty the log."""
        self.requests.clear()

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the engine without a socket and without a trace in the log. Raises ApiError for a refusal."""
        status, text, _headers = dispatch(self, Request.parse(method, path, "" if body is None else json.dumps(body)))
        if isinstance(text, bytes):
            return text
        answer = json.loads(text) if text.startswith(("{", "[", '"')) else text
        if status >= 400:
            raise ApiError(status, answer["message"])
        return answer

    def check_read_only(self) -> None:
        """Raise for the writes that came while the engine was read-only."""
        if self.violations:
            asked, self.violations = self.violations, []
            raise ReadOnlyViolation(f"{self.name} was read-only, but was asked: {', '.join(map(str, asked))}")

    # -- faults ---------------------------------------------------------------------------------------------------

    def delay(self, seconds: float, method: str = "", path: str = "", times: int = 1) -> None:
        """Answer that much later."""
        self.faults.add(Fault("delay", method, path, seconds), times)

    def hang(self, method: str = "", path: str = "", times: int = 1) -> None:
        """Do not answer before `resume`; the request is logged but not carried out until then."""
        self.faults.add(Fault("hang", method, path), times)

    def resume(self) -> None:
        """End all faults of requests; what hangs is answered."""
        self.faults.clear()

    def drop(self, method: str = "", path: str = "", times: int = 1) -> None:
        """Close the connection instead of an answer; the request is not carried out."""
        self.faults.add(Fault("drop", method, path), times)

    def fail(self, status: int, message: str, method: str = "", path: str = "", times: int = 1) -> None:
        """Refuse with this status and message."""
        self.faults.add(Fault("error", method, path, ApiError(status, message)), times)

    def conflict(self, times: int = 1, path: str = "") -> None:
        """Let somebody else be quicker: the objects' versions move just before each of the next writes."""
        self.faults.add(Fault("conflict", "POST", path), times)

    def accepts(self, request: Recorded) -> bool:
        """Log a request; False when a read-only engine must not carry it out."""
        self.requests.append(request)
        if self.read_only and request.method not in READS:
            self.violations.append(request)
            return False
        return True

    def lie(self, path: str, change: Callable[[Any], Any]) -> None:
        """Answer every read of a path with what the function makes of the true answer, as a hostile engine does."""
        self.lies[path] = change

    # -- life -----------------------------------------------------------------------------------------------------

    def kill(self) -> None:
        """kill -9: the socket stays as a dead file, the swarm's state stays on the disk."""
        with self.cluster.lock:
            local.go_down(self)
            self.running = False
        self.close()

    def start(self) -> None:
        """Start again after a kill or a wipe. An autolocked manager comes up locked."""
        with self.cluster.lock:
            local.come_up(self)
        self._start()

    def restart(self) -> None:
        """kill and start."""
        self.kill()
        self.start()

    def wipe(self) -> None:
        """Lose the disk and start empty; the swarm still lists the node that was."""
        self.kill()
        self.membership = self.dormant = self.joining = None
        self.start()

    def partition(self, cut: bool = True) -> None:
        """Cut the engine off from the others (or connect it again); its socket goes on answering."""
        with self.cluster.lock:
            if cut:
                local.go_down(self, locks=False)
            self.partitioned = cut
            if not cut:
                local.come_back(self)

    def stall(self) -> None:
        """End in the first second as a manager and start again (seen on 28.5: K6)."""
        membership = self._membership()
        with self.cluster.lock:
            membership.swarm.stalled.add(membership.node_id)

    def set_tasks(self, tasks: list[dict[str, Any]]) -> None:
        """Script the tasks on this engine's node; missing keys are filled (running, desired running)."""
        swarm, node_id = self._membership().swarm, self._membership().node_id
        with self.cluster.lock:
            local.drop_tasks(swarm, node_id)
            local.put_tasks(swarm, tasks, node_id)

    def put_tasks(self, tasks: list[dict[str, Any]]) -> None:
        """Add tasks to the swarm as they are, as many as one likes; a NodeID that is not given is this engine's."""
        with self.cluster.lock:
            local.put_tasks(self._membership().swarm, tasks, self._membership().node_id)

    def put_nodes(self, count: int, **attributes: Any) -> list[str]:
        """Add that many workers without engines (node-1, node-2 …) to the list; their IDs.

        attributes: of Node, such as state="down", or spec={"Labels": {}, "Role": "worker", "Availability": "drain"}.
        """
        with self.cluster.lock:
            return local.put_nodes(self._membership().swarm, self, count, attributes)

    def say(self, service: str, line: str, stream: str = "stdout") -> None:
        """Let every task of a service, or the task of this ID, print a line."""
        swarm = self._membership().swarm
        with self.cluster.lock:
            local.say(swarm, service, line, stream)

    def _membership(self) -> Membership:
        if not self.membership:
            raise ValueError(f"{self.name} is in no swarm")
        return self.membership

    def close(self) -> None:
        """Stop serving, let go of what hangs."""
        self.faults.clear()
        for listener in self._listeners:
            listener.close()
        self._listeners = []

    def _start(self) -> None:
        self._listeners = [Listener(self, unix=self.socket)]
        if self._wants_tcp:
            self._listeners.append(Listener(self))
        self.running = True
