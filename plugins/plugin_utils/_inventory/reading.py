# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking one endpoint after the other until a manager with quorum answers.

``GET /info`` tells what an engine is, and on a manager the swarm's ID and root certificate; ``GET /nodes`` is the rest.
So two requests, for any number of nodes; what runs where is two more.
"""

from __future__ import annotations

import time
import typing as t

from ...module_utils._core.errors import (
    BadInput,
    InvalidAnswer,
    Locked,
    MissingLibrary,
    NoQuorum,
    NotAManager,
    Refused,
    SwarmError,
)
from ...module_utils._core.reconcile import explained
from ...module_utils._core.redaction import printable
from ...module_utils._core.validators import is_ip
from ...module_utils._core.values import NAMESPACE, Document, Values
from ...module_utils._engine.answers import unexpected
from ...module_utils._engine.client import Engine
from ...module_utils._engine.connection import connect
from ...module_utils._engine.local_state import ACTIVE, INACTIVE, LOCKED, Local, read_local
from ...module_utils._node.views import quorum_of
from .endpoints import Endpoint, managers_behind
from .variables import facts

# A change of what a snapshot holds must not meet an older one in the cache.
FORMAT = 1
# A worker is not trusted to be honest: how many managers of those that workers name are asked, and for how long.
MOST_NAMED = 16
NAMED_TIMEOUTS = 2


class ReadOptions(t.NamedTuple):
    """:param filters: the API's filters of nodes.
    :param raw: whether each node keeps the engine's own document.
    :param services: whether to ask what runs where.
    """

    filters: dict[str, list[str]]
    raw: bool
    services: bool


class NoManager(SwarmError):
    """The inventory plugin reached no manager with quorum.

    :param passing: whether that can be a failure of the swarm or of the way to it, rather than of the list.
    """

    kind = "no_manager"

    def __init__(self, message: str, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


class _Worker(NotAManager):
    """The endpoint is a worker's."""

    def __init__(self, local: Local) -> None:
        known = list(filter(is_ip, local.known_hosts))[:MOST_NAMED]
        super().__init__(f"a worker, whose managers are at {', '.join(known) or 'addresses unknown'}")
        self.managers = local.remote_managers


def read_swarm(found: list[Endpoint], options: Values, wanted: ReadOptions, tell: t.Callable[[str], object]) -> Values:
    """The first answer: format, at (seconds since 1970), endpoint, nodes, services.

    The endpoints of the source come first, then the managers that workers among them have named: MOST_NAMED at most,
    and for NAMED_TIMEOUTS times the timeout in all.

    :param options: the connection options, without docker_host.
    :param tell: gets a sentence on each endpoint that is passed over.
    :raises NoManager: with what each endpoint said; BadInput at once, as asking others would not help.
    """
    failures: list[tuple[Endpoint, SwarmError]] = []
    queue, end = list(found), None
    named: list[Endpoint] = []
    seen: set[str] = set()
    while queue or named:
        endpoint = queue.pop(0) if queue else named.pop(0)
        if endpoint.url in seen:
            continue
        seen.add(endpoint.url)
        if endpoint.named_by_worker:
            end = end or time.monotonic() + NAMED_TIMEOUTS * options["timeout"]
            left = end - time.monotonic()
            if left <= 0:
                break
            options = {**options, "timeout": min(options["timeout"], left)}
        try:
            return _ask(endpoint, options, wanted)
        except BadInput:
            raise
        except SwarmError as error:
            failures.append((endpoint, error))
            tell(printable(f"passed over: {endpoint.name}: {_words(endpoint, error)}"))
            if isinstance(error, _Worker):
                named += managers_behind(endpoint, error.managers)[: MOST_NAMED - len(named)]
    raise _nobody(failures)


def _ask(endpoint: Endpoint, options: Values, wanted: ReadOptions) -> Values:
    engine = _engine(endpoint, options)
    try:
        local = read_local(engine)
        _check(local)
        snapshot = _snapshot(engine, local, endpoint, wanted)
        surprise = unexpected(engine, whole=False)
        if surprise:
            raise InvalidAnswer(surprise)
        return snapshot
    except Exception as error:
        failure = explained(error, [engine])
        if failure is None:
            raise
        if failure is error:
            raise
        raise failure from error
    finally:
        engine.close()


def _check(local: Local) -> None:
    """Raise what keeps an engine from telling, in few words: others may do so in its place."""
    if local.worker:
        raise _Worker(local)
    if local.state == INACTIVE:
        raise NotAManager("in no swarm")
    if local.state == LOCKED:
        raise Locked("a manager that is locked (see hive.swarm.swarm_unlock)")
    if local.state != ACTIVE:
        raise Refused(f"its place in the swarm is {local.state} ({local.error or 'no reason given'})")
    if not local.healthy_manager:
        raise NoQuorum("a manager that finds no leader: more than half of the managers must be up")


def _engine(endpoint: Endpoint, options: Values) -> Engine:
    """A connection; where ssh:// has no Docker SDK, through the program ssh."""
    options = {**options, **endpoint.options}
    try:
        return connect(options, endpoint.url)
    except MissingLibrary:
        return connect({**options, "use_ssh_client": True}, endpoint.url)


def _snapshot(engine: Engine, local: Local, endpoint: Endpoint, wanted: ReadOptions) -> Values:
    nodes = engine.get("/nodes", filters=wanted.filters) if wanted.filters else engine.get("/nodes")
    if "node.label" in wanted.filters:
        engine.require("1.40", "filters: node.label")
    _check_quorum(nodes)
    services, tasks = _running(engine) if wanted.services else ([], [])
    return {
        "format": FORMAT,
        "at": time.time(),
        "endpoint": endpoint.name,
        "nodes": [facts(node, local.cluster or {}, wanted.raw) for node in nodes],
        "services": placement(services, tasks),
    }


def _running(engine: Engine) -> tuple[list[Document], list[Document]]:
    return engine.get("/services"), engine.get("/tasks", filters={"desired-state": ["running"]})


def _check_quorum(nodes: list[Document]) -> None:
    """A leader that has lost its followers goes on answering for some seconds, from what it knew."""
    quorum = quorum_of(nodes)
    if quorum.reachable < quorum.needed and quorum.managers:
        raise NoQuorum(
            f"a leader that reaches {quorum.reachable} of {quorum.managers} managers, and needs {quorum.needed}"
        )


def _nobody(failures: list[tuple[Endpoint, SwarmError]]) -> NoManager:
    said = "; ".join(f"{endpoint.name}: {_words(endpoint, error)}" for endpoint, error in failures)
    passing = not all(isinstance(error, (NotAManager, MissingLibrary)) for _endpoint, error in failures)
    return NoManager(f"No manager of a swarm with quorum answers. {said}.", passing)


def _words(endpoint: Endpoint, error: SwarmError) -> str:
    """The error without the endpoint's name, which stands before it already, and in one sentence."""
    words = error.message
    prefix = f"docker_host {endpoint.url}: "
    words = words[len(prefix) :] if words.startswith(prefix) else words
    if isinstance(error, MissingLibrary):
        words += f" Install the Python package {error.library} on the controller"
    return words.rstrip(".")


def placement(services: list[Document], tasks: list[Document]) -> dict[str, dict[str, list[str]]]:
    """Node ID -> ``services`` and ``stacks``: the names of those that have a running task there, each once, sorted."""
    names = {service["ID"]: _names_of(service) for service in services}
    found: dict[str, tuple[set[str], set[str]]] = {}
    for task in tasks:
        if task.get("NodeID") and (task.get("Status") or {}).get("State") == "running" and task["ServiceID"] in names:
            on_node = found.setdefault(task["NodeID"], (set(), set()))
            for kept, name in zip(on_node, names[task["ServiceID"]]):
                kept.add(name)
    return {
        node_id: {"services": sorted(services), "stacks": sorted(stacks - {""})}
        for node_id, (services, stacks) in found.items()
    }


def _names_of(service: Document) -> tuple[str, str]:
    spec: Document = service.get("Spec") or {}
    return spec.get("Name") or "", (spec.get("Labels") or {}).get(NAMESPACE) or ""
