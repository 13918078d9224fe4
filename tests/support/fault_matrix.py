# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request of a task times every fault, on fake engines and, through a proxy, on real ones (``real_faults.py``).

A task that changes something is recorded with the state before it, its requests and the state after it. Then it runs
from the same state once for each pair of request and fault, and what it returns and leaves behind has to agree with:

1. It is ``ok`` only where everything is as after the undisturbed run.
2. ``failure.kind`` tells what was not sent from what may have been carried out.
3. The same task again, without a fault, ends as the undisturbed run: nothing is missing, left over, twice or lost.
4. The run after that changes nothing.
5. Check mode, after the fault, predicts the run that follows.
6. No secret is in any output.
7. A failure without doubt about its outcome says ``changed: false`` only where nothing has changed.
"""

from __future__ import annotations

import json
import random
import re
import time as real_time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Callable, NamedTuple, Protocol

from .fake_engine.cluster import FakeCluster
from .fake_engine.snapshot import Snapshot
from .fake_engine.wire import (
    ERROR,
    FAULTS,
    LEADER_LOST,
    NEW_LEADER,
    NO_LEADER,
    OPEN,
    OUT_OF_SEQUENCE,
    REFUSED,
    SENT,
    Line,
)
from .harness import Runner, run_module

_LOCAL_WRITES = ("/swarm/init", "/swarm/join", "/swarm/leave", "/swarm/unlock")
#: Options whose values no output may contain.
SECRETS = ("data", "join_token", "unlock_keys", "signing_ca_key")


class Start(Protocol):
    """A state of the engines."""

    def restore(self) -> None:
        """Go back to it."""


class Case(NamedTuple):
    """One task and what it did undisturbed.

    :param requests: method and path of each. :param repeats: whether the next run changes nothing.
    """

    title: str
    module: str
    args: dict[str, Any]
    start: Start
    requests: tuple[tuple[str, str], ...]
    before: Any
    after: Any
    result: dict[str, Any]
    repeats: bool


class Pair(NamedTuple):
    """A request of a case, counted from 1, and a fault."""

    case: Case
    number: int
    fault: str

    def __str__(self) -> str:
        method, path = self.case.requests[self.number - 1]
        return f"{self.case.title}: request {self.number} ({method} {path}): {self.fault}"


class Time:
    """A clock that passes by waiting alone."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.now += seconds


class Engines:
    """Engines that fail by order.

    :ivar cases: the tasks that were recorded.
    """

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def arm(self, number: int = 0, fault: str = "") -> None:
        """Have the request of this number, counted from 1 and from now on, meet a fault. Without a number: none."""
        raise NotImplementedError

    @property
    def requests(self) -> list[tuple[str, str]]:
        """Method and path of each request since the engines were armed."""
        raise NotImplementedError

    def faults(self, method: str, path: str) -> tuple[str, ...]:
        """Return the faults that this request can meet here."""
        raise NotImplementedError

    def start(self) -> Start:
        """Return the present state."""
        raise NotImplementedError

    def contents(self) -> Any:
        """Return all that the engines have once nothing is going on, without IDs, versions and times."""
        raise NotImplementedError

    def recording(self, title: str, run: Runner = run_module) -> Runner:
        """Return a runner that records each real run that changes something."""

        def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
            if check:
                return run(module, args, check=True, diff=diff)
            start, before = self.start(), self.contents()
            self.arm()
            result = run(module, args, check=False, diff=diff)
            requests = tuple(self.requests)
            if result.get("changed") and not result["failed"]:
                after = self.contents()
                name = f"{title}: {len(self.cases) + 1}. {module} {json.dumps(args, default=str)}"
                case = Case(name, module, dict(args), start, requests, before, after, result, True)
                self.cases.append(case._replace(repeats=self._repeats(case, run)))
            return result

        return run_there

    def _repeats(self, case: Case, run: Runner) -> bool:
        end = self.start()
        again = run(case.module, case.args)
        if not again["failed"] and not again["changed"]:
            return True
        end.restore()
        return False


class Lab(Engines):
    """A fake cluster on a line that fails by order."""

    def __init__(self, cluster: FakeCluster, line: Line, time: Time):
        super().__init__()
        self.cluster, self.line, self.time = cluster, line, time

    def arm(self, number: int = 0, fault: str = "") -> None:
        self.line.arm(number, fault)

    @property
    def requests(self) -> list[tuple[str, str]]:
        return self.line.requests

    def faults(self, method: str, path: str) -> tuple[str, ...]:
        """All; what an engine does itself, no leader writes."""
        is_local = path.partition("?")[0].endswith(_LOCAL_WRITES)
        return tuple(fault for fault in FAULTS if not (is_local and fault in LEADER_LOST))

    def start(self) -> Start:
        return Snapshot(self.cluster)

    def contents(self) -> Any:
        self.cluster.settle()
        return contents(self.cluster)

    def wait_for(self, test: Callable[[], bool]) -> None:
        """Let time pass until the test does."""
        for _attempt in range(1000):
            if test():
                return
            self.time.sleep(0.1)
            real_time.sleep(0.002)  # a life may have a thread of its own
        raise AssertionError("the engines did not get there")


def pairs(engines: Engines) -> Iterator[Pair]:
    """All of them."""
    for case in engines.cases:
        for number, request in enumerate(case.requests, start=1):
            for fault in engines.faults(*request):
                yield Pair(case, number, fault)


def sample(engines: Engines, count: int | None, seed: str) -> list[Pair]:
    """So many of the pairs, or all of them."""
    found = list(pairs(engines))
    return found if count is None or count >= len(found) else random.Random(seed).sample(found, count)


class Trials:
    """Runs pairs, and counts what became of them.

    :ivar outcomes: how often a fault ended in ``ok`` or in a kind of failure. :ivar violations: what was wrong.
    """

    def __init__(self, engines: Engines, run: Runner = run_module, secrets: Iterable[str] = ()):
        self._engines, self._runner = engines, run
        self._secrets = tuple(secrets)
        self._followed: dict[tuple[str, str], list[str]] = {}
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.violations: list[str] = []

    def play(self, pair: Pair) -> None:
        """Run the task with the fault, and what follows it."""
        case = pair.case
        case.start.restore()
        self._engines.arm(pair.number, pair.fault)
        result = self._run(pair, case)
        self._engines.arm()
        kind = (result.get("failure") or {}).get("kind", "no kind") if result["failed"] else "ok"
        self.outcomes[pair.fault, kind] += 1
        there = self._engines.contents()
        if not result["failed"]:
            self._claim(pair, there == case.after, lambda: f"ok, but not as asked: {difference(case.after, there)}")
            self._claim(pair, result["changed"], lambda: "ok, but changed is false")
            return
        wanted = kinds(pair)
        self._claim(pair, kind in wanted, lambda: f"{kind}, not {' or '.join(wanted)}: {result['msg']}")
        if pair.fault not in OPEN and not result.get("changed"):
            moved = there != case.before
            self._claim(pair, not moved, lambda: f"changed is false: {difference(case.before, there)}")
        # A task that does something on every run cannot take up what an earlier one has begun.
        if case.repeats or there == case.before:
            self._follow(pair, there)

    def _follow(self, pair: Pair, there: Any) -> None:
        """Run again, in check mode and without. States that are equal are followed once for each task."""
        key = (pair.case.title, json.dumps(there, sort_keys=True))
        if key not in self._followed:
            self._followed[key] = list(self._again(pair))
        self.violations += [f"{pair}: {complaint}" for complaint in self._followed[key]]

    def _again(self, pair: Pair) -> Iterator[str]:
        case = pair.case
        predicted = self._run(pair, case, check=True)
        second = self._run(pair, case)
        if second["failed"]:
            yield f"the second run failed: {second['msg']}"
            return
        there = self._engines.contents()
        if there != case.after:
            yield f"the second run left something else: {difference(case.after, there)}"
        if predicted["failed"] or predicted.get("changed") != second["changed"]:
            yield f"check mode predicted {_brief(predicted)}, the second run was {_brief(second)}"
        elif _unnamed(predicted.get("diff")) != _unnamed(second.get("diff")):
            yield f"check mode predicted the diff {predicted.get('diff')}, the second run's is {second.get('diff')}"
        third = self._run(pair, case)
        if case.repeats and (third["failed"] or third["changed"]):
            yield f"the third run was {_brief(third)}"

    def _run(self, pair: Pair, case: Case, check: bool = False) -> dict[str, Any]:
        result = self._runner(case.module, case.args, check=check)
        shown = json.dumps(result, default=str)
        for secret in (*self._secrets, *secrets_of(case)):
            self._claim(pair, secret not in shown, lambda: "a secret is in the output")
        return result

    def _claim(self, pair: Pair, true: bool, complaint: Any) -> None:
        if not true:
            self.violations.append(f"{pair}: {complaint()}")


def kinds(pair: Pair) -> tuple[str, ...]:
    """Return the kinds of failure that tell the truth about a pair."""
    method, path = pair.case.requests[pair.number - 1]
    is_write = method not in ("GET", "HEAD")
    if path.endswith("/swarm/join") and pair.fault in (ERROR, NO_LEADER):
        return ("unreachable",)  # the engine refuses in the name of the manager that it could not join
    if path.endswith("/swarm/unlock") and pair.fault in (ERROR, NO_LEADER):
        return ("bad_input",)  # the engine refuses a key in many ways
    if pair.fault == REFUSED:
        return ("unreachable",)
    if pair.fault in OPEN and is_write:
        return ("outcome_unknown",)
    if pair.fault in SENT:
        return ("unreachable",)
    refusals = {ERROR: ("engine",), NEW_LEADER: (), OUT_OF_SEQUENCE: ("out_of_sequence",)}
    return refusals.get(pair.fault, ("no_quorum",))


def secrets_of(case: Case) -> Iterator[str]:
    """The values of the task that must stay secret, but for those that are too short to be recognized."""
    for option in SECRETS:
        value = case.args.get(option)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and len(text) > 7 and case.module != "swarm_config":
                yield text


def _brief(result: dict[str, Any]) -> str:
    return f"failed: {result['msg']}" if result["failed"] else f"changed={result.get('changed')} {result.get('diff')}"


# -- what there is ----------------------------------------------------------------------------------------------------

_ID = re.compile(r"\b[0-9a-z]{25}\b|\b[0-9a-f]{64}\b")
_RANDOM_NAME = re.compile(r"_[0-9a-f]{10}\b")
_CHOSEN_SUBNET = re.compile(r"\b10\.(0|255)\.[0-9]+\.[0-9]+\b")
_OF_MOMENT = (
    "Version",
    "CreatedAt",
    "UpdatedAt",
    "Created",
    "ID",
    "Id",
    "PreviousSpec",
    "UpdateStatus",
    "Endpoint",
    "Peers",
    "Containers",
)
_VXLAN = "com.docker.network.driver.overlay.vxlanid_list"


def contents(cluster: FakeCluster) -> Any:
    """All that the engines and their swarms have, without IDs, versions and times."""
    return json.loads(json.dumps([_engine(engine) for engine in cluster.engines.values()]))


def comparable(value: Any) -> Any:
    """Return documents of engines without IDs, versions and times."""
    return json.loads(json.dumps(_plain(value, {})))


def _engine(engine: Any) -> Any:
    # A join that did not succeed leaves the engine in no swarm; how it says so passes.
    outside = engine.state in ("pending", "error")
    state = [engine.name, "inactive" if outside else engine.state, engine.running]
    swarm = engine.swarm
    if not swarm:
        return state
    manager = bool(engine.membership and engine.membership.is_manager)
    if not manager or engine.locked or not swarm.has_quorum():
        return [*state, manager]
    found = {kind: named(engine, kind) for kind in ("networks", "services", "secrets", "configs")}
    volumes = [volume.shown() for volume in swarm.volumes.all.values()]
    nodes = [
        _plain(item["Spec"], {}) | {"Host": item["Description"]["Hostname"]} for item in engine.do("GET", "/nodes")
    ]
    data = [(item.name, str(item.spec.get("Data"))) for item in swarm.objects["secret"].all.values()]
    return [
        *state,
        manager,
        found,
        [_plain(item, {}) for item in volumes],
        sorted(nodes, key=str),
        sorted([_RANDOM_NAME.sub("_random", name), text] for name, text in data),
        _plain(swarm.info()["Spec"], {}),
        bool(swarm.unlock_key),
    ]


def named(engine: Any, kind: str) -> Any:
    """Return the objects of a kind; what they use is named."""
    networks = {item["Id"]: item["Name"] for item in engine.do("GET", "/networks")}
    items = [item.get("Spec") or item for item in engine.do("GET", f"/{kind}")]
    return sorted((_plain(item, networks) for item in items), key=str)


def _plain(value: Any, networks: dict[str, str]) -> Any:
    """Without what is another one each time."""
    if isinstance(value, dict):
        return {key: _plain(item, networks) for key, item in value.items() if key not in _OF_MOMENT and key != _VXLAN}
    if isinstance(value, list):
        return [_plain(item, networks) for item in value]
    if isinstance(value, str):
        text = networks.get(value, value)
        return _CHOSEN_SUBNET.sub("chosen", _RANDOM_NAME.sub("_random", _ID.sub("id", text)))
    return value


def _unnamed(value: Any) -> Any:
    """Without what check mode cannot know."""
    text = re.sub(r"\(known after apply\)", "known", json.dumps(value, sort_keys=True))
    return json.loads(_ID.sub("known", _RANDOM_NAME.sub("_known", text.replace("_(known", "_known"))))


def difference(one: Any, other: Any, place: str = "") -> str:
    """The first places in which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = [difference(one.get(key), other.get(key), f"{place}.{key}") for key in {**one, **other}]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = [difference(*both, f"{place}[{number}]") for number, both in enumerate(zip(one, other))]
    else:
        return "" if one == other else f"{place}: {one!r} is {other!r}"
    return "; ".join(part for part in found if part)[:300]
