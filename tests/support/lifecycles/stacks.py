# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lives of a stack, for any engine. One of its services runs, the others want no tasks, so that nobody waits long."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Callable

from ..harness import Runner
from ..stack_tasks import of_document
from ..steps import Step
from .audit import KNOWN_AFTER
from .secret_config import ONE, THREE, TWO, tells

NAME = "shop"
IMAGE = "lab/busybox:1"
MODULE = "swarm_stack"
LABEL = "com.docker.stack.namespace"
VERSION_OF = "hive.swarm.version-of"
KINDS = ("services", "networks", "secrets", "configs")
DATA = {"key.txt": ONE, "conf.txt": "a = 1\n"}

Document = dict[str, Any]


def service(**more: Any) -> Document:
    """One that stops and starts at once, and that is watched for a moment."""
    quick = {"restart_policy": {"delay": "0s"}, "update_config": {"monitor": "500ms"}}
    deploy = {"replicas": 0, **quick, **more.pop("deploy", {})}
    return {"image": IMAGE, "command": ["sleep", "100000"], "init": True, "deploy": deploy, **more}


def shop() -> Document:
    """The stack that all begins with. An engine takes seconds to take a task out of a network that is not its own."""
    return {
        "services": {
            "web": service(
                environment={"A": "1"}, secrets=["key"], configs=["conf"], networks=["node"], deploy={"replicas": 1}
            ),
            "api": service(networks=["front", "default"]),
        },
        "networks": {"front": {}, "node": {"external": True, "name": "host"}},
        "secrets": {"key": {"file": "key.txt"}},
        "configs": {"conf": {"file": "conf.txt"}},
    }


def changed(document: Document, path: str, value: Any) -> Document:
    """A copy with one more value, at a path such as ``services.web.image``; None takes away what is there."""
    whole = copy.deepcopy(document)
    *way, last = path.split(".")
    place = whole
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return whole


class Host:
    """An engine with a manager, seen as a place of one stack."""

    def __init__(self, engine: Any):
        self.engine = engine

    def all(self) -> dict[str, dict[str, Document]]:
        """Kind to name to what was asked for, of all that has the stack's label; networks of services by name."""
        found: dict[str, dict[str, Document]] = {}
        networks = {item["Id"]: item["Name"] for item in self.engine.do("GET", "/networks")}
        for kind in KINDS:
            specs = [item if kind == "networks" else item["Spec"] for item in self.engine.do("GET", f"/{kind}")]
            found[kind] = {spec["Name"]: spec for spec in specs if (spec["Labels"] or {}).get(LABEL) == NAME}
        for spec in found["services"].values():
            for network in spec["TaskTemplate"]["Networks"]:
                network["Target"] = networks.get(network["Target"])
        return found

    def names(self, kind: str) -> list[str]:
        return sorted(self.all()[kind])

    def ids(self) -> dict[str, str]:
        """Name to ID of the services."""
        return {item["Spec"]["Name"]: item["ID"] for item in self.engine.do("GET", "/services")}


class StackWorld:
    """All that a stack may have, of a real engine, but for what the engine finds for it by and by."""

    def __init__(self, engine: Any):
        self.engine = engine

    def token(self) -> Any:
        """All specs, and those that a rollback would bring back."""
        held = {
            kind: {item["ID"]: (item["Spec"], item.get("PreviousSpec")) for item in self.engine.do("GET", f"/{kind}")}
            for kind in ("services", "secrets", "configs")
        }
        networks = [item["Id"] for item in self.engine.do("GET", "/networks") if item["Scope"] == "swarm"]
        return {**held, "networks": networks}, None


def audited(host: Host, run: Runner) -> Runner:
    """Hold what a real run says against what check mode foretold and what became of the engine's documents.

    How it went (``progress``) is not foretold, and not in what this returns.
    """
    foretold: list[dict[str, Any]] = []

    def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
        before = host.all()
        result = run(module, args, check=check, diff=diff)
        result.pop("progress", None)
        if result["failed"]:
            return result
        if check:
            foretold[:] = [result]
        else:
            _audit(host, result, before)
            _compare(foretold[0], result)
        return result

    return run_there


def _compare(foretold: dict[str, Any], came: dict[str, Any]) -> None:
    assert foretold["actions"] == came["actions"]
    wrong = [(was, has) for was, has in _pairs(foretold["stack"], came["stack"]) if was not in (KNOWN_AFTER, has)]
    assert not wrong, f"check mode foretold other values (foretold, came): {wrong}"


def _pairs(foretold: Any, came: Any) -> Iterator[tuple[Any, Any]]:
    """Values that stand in the same place."""
    if isinstance(foretold, dict) and isinstance(came, dict):
        for key in {*foretold, *came}:
            yield from _pairs(foretold.get(key), came.get(key))
    elif isinstance(foretold, list) and isinstance(came, list) and len(foretold) == len(came):
        for was, has in zip(foretold, came):
            yield from _pairs(was, has)
    else:
        yield foretold, came


def _audit(host: Host, result: dict[str, Any], before: dict[str, dict[str, Document]]) -> None:
    after = host.all()
    said = {(action["kind"], action["name"]) for action in result["actions"]}
    assert _moved(before, after) == said, (_moved(before, after), said)
    assert _named(result["diff"]) == said
    assert not [tell for tell in Tasks.hidden if tell in json.dumps(after)], (
        "a secret can be guessed from what is there"
    )
    ids = {item["Id"] for side in (before, after) for item in side["networks"].values()}
    assert not [one for one in ids if one in json.dumps(result["diff"])], "a network stands in the diff by its ID"
    if not result["stack"]:
        assert not any(after.values())
        return
    assert {name: view["id"] for name, view in result["stack"]["services"].items()}.items() <= host.ids().items()
    for kind in ("secrets", "configs"):
        key = f"{kind.capitalize()[:-1]}Name"
        specs = [after["services"][name]["TaskTemplate"]["ContainerSpec"] for name in result["stack"]["services"]]
        assert result["stack"][kind] == sorted(
            {item[key] for spec in specs for item in spec.get(kind.capitalize(), ())}
        )


def _moved(before: dict[str, dict[str, Document]], after: dict[str, dict[str, Document]]) -> set[tuple[str, str]]:
    """Kind and name of what is other than before; of a version that is there the name that the file has."""
    return {
        (kind[:-1], _file_name(after[kind][name]) if name in after[kind] else name)
        for kind in KINDS
        for name in {*before[kind], *after[kind]}
        if _essence(kind, before[kind].get(name)) != _essence(kind, after[kind].get(name))
    }


def _essence(kind: str, spec: Document | None) -> Any:
    """What the engine tells of a network moves by itself; another one has another ID."""
    return spec["Id"] if spec and kind == "networks" else spec


def _file_name(spec: Document) -> str:
    return str((spec["Labels"] or {}).get(VERSION_OF) or spec["Name"])


def _named(diff: dict[str, Any]) -> set[tuple[str, str]]:
    return {(kind[:-1], name) for side in ("before", "after") for kind, items in diff[side].items() for name in items}


class Tasks:
    """Steps about the one stack."""

    hidden = tuple(tell for data in (ONE, TWO, THREE) for tell in tells(data))

    def __call__(self, document: Document | None, changes: str = "", more: Any = None, **args: Any) -> Step:
        """:param document: None to remove the stack. :param changes: the kinds that the diff names.
        :param more: further attributes of the step.
        """
        names, title = set(changes.split()), f"{changes or 'nothing'} of {_title(document, args)}"
        given = {"diff": names or None, "hidden": self.hidden, "name": title, **(more or {})}
        return Step(MODULE, _args(document, args), bool(names), **given)

    def fails(self, message: str, document: Document | None, predicts: bool = True, **args: Any) -> Step:
        title = f"failing {_title(document, args)}"
        return Step(MODULE, _args(document, args), fails=message, hidden=self.hidden, predicts=predicts, name=title)


def _title(document: Document | None, args: Document) -> str:
    return json.dumps([document, args]) if document else "its end"


def _args(document: Document | None, args: Document) -> Document:
    files = args.pop("files", {})
    if document is None:
        return {"name": NAME, "state": "absent", **args}
    return {**of_document(NAME, document, {**DATA, **files}), **args}


Life = Callable[[Host], "list[Step]"]


def contents(host: Host) -> list[Step]:
    """What services are made of changes, comes and goes."""
    task, first = Tasks(), shop()
    other_env = changed(first, "services.web.environment", {"A": "2", "B": ""})
    # From here on nothing runs, as each further rollout would take seconds.
    other_image = changed(changed(other_env, "services.api.image", "lab/busybox:2"), "services.web.deploy.replicas", 0)
    labelled = changed(other_image, "configs.conf.labels", {"a": "1"})
    with_new = changed(labelled, "services.new", service(ports=["18099:80"]))
    without_key = changed(changed(labelled, "services.web.secrets", None), "secrets", None)
    conf, both = {"conf.txt": "a = 2\n"}, {"conf.txt": "a = 2\n", "key.txt": TWO}

    def there(kind: str, count: int) -> dict[str, Any]:
        def check(result: dict[str, Any]) -> None:
            assert len(host.names(kind)) == count, host.names(kind)

        return {"holds": check}

    return [
        task(first, "services networks secrets configs"),
        task(other_env, "services"),
        task(other_image, "services"),
        # The old ones stay as long as a rollback would need them.
        task(other_image, "services configs", there("configs", 2), files=conf),
        task(other_image, "services secrets configs", there("configs", 1), files=both),
        task(labelled, "configs", there("secrets", 2), files=both),
        task(with_new, "services", files=both),
        task(labelled, more=there("services", 3), files=both),
        task(labelled, "services", there("services", 2), files=both, prune=True),
        task(without_key, "services secrets", there("secrets", 1), files=both, prune=True),
        task(None, "services networks secrets configs"),
        task(None),
    ]


def surroundings(host: Host) -> list[Step]:
    """What a stack needs of others, and what cannot be changed in place."""
    task, first = (
        Tasks(),
        changed(changed(shop(), "services.web.networks", ["front"]), "services.web.deploy.replicas", 0),
    )
    elsewhere = changed(first, "networks.far", {"external": True, "name": "far-net"})
    elsewhere["services"]["web"]["networks"] = ["front", "far"]
    files = changed(changed(first, "secrets.key", {"external": True}), "configs.conf", {"external": True})
    internal = changed(first, "networks.front", {"internal": True})

    def make_far() -> None:
        host.engine.do("POST", "/networks/create", {"Name": "far-net", "Driver": "overlay"})

    def apart(result: dict[str, Any]) -> None:
        assert host.all()["networks"][f"{NAME}_front"]["Internal"]
        assert result["stack"]["networks"] == [f"{NAME}_default", f"{NAME}_front"]

    def gone(result: dict[str, Any]) -> None:
        assert "far-net" in [item["Name"] for item in host.engine.do("GET", "/networks")]
        host.engine.do("DELETE", "/networks/far-net")

    return [
        task.fails("far-net", elsewhere, predicts=False),
        task.fails("key", files, predicts=False),
        task(elsewhere, "services networks secrets configs", {"before": make_far}),
        task(first, "services"),
        task.fails(f"Network {NAME}_front cannot be changed in place: internal is False and would be True", internal),
        task(internal, "networks", {"holds": apart}, recreate=True),
        task(None, "services networks secrets configs", {"holds": gone, "repeats": False}),
        task(None),
    ]


def ways_back(host: Host) -> list[Step]:
    """ "Missing": the whole stack goes back to what it was, and old versions stay as long as the task says."""
    task, first = Tasks(), shop()
    second = changed(changed(first, "services.web.environment", {"A": "2"}), "services.api.image", "lab/busybox:2")
    third = changed(second, "services.web.environment", {"A": "3"})
    still = changed(third, "services.web.deploy.replicas", 0)
    conf = {"conf.txt": "a = 2\n", "key.txt": TWO}

    def back(changes: str, **more: Any) -> Step:
        holds = {"holds": more.pop("holds")} if "holds" in more else {}
        args = {"name": NAME, "state": "rolled_back", **more}
        names = set(changes.split())
        return Step(MODULE, args, bool(names), diff=names or None, name=f"back: {changes} {more}", **holds)

    def refused(message: str, predicts: bool = True, **more: Any) -> Step:
        return Step(MODULE, {"name": NAME, "state": "rolled_back", **more}, fails=message, predicts=predicts)

    def env(value: str, image: str, count: int) -> Callable[[dict[str, Any]], None]:
        def check(result: dict[str, Any]) -> None:
            services = host.all()["services"]
            container = services[f"{NAME}_web"]["TaskTemplate"]["ContainerSpec"]
            assert container["Env"] == [f"A={value}"]
            assert result["stack"]["services"][f"{NAME}_web"]["image"].startswith("lab/busybox:1")
            assert services[f"{NAME}_api"]["TaskTemplate"]["ContainerSpec"]["Image"].startswith(image)
            assert len(host.names("configs")) == count, host.names("configs")

        return check

    def versions(count: int) -> dict[str, Any]:
        def check(result: dict[str, Any]) -> None:
            assert [len(host.names(kind)) for kind in ("configs", "secrets")] == [count, count]

        return {"holds": check}

    def sequel(number: int) -> dict[str, str]:
        return {"conf.txt": f"a = {number}\n", "key.txt": f"{THREE} {number}"}

    return [
        refused("Stack 'shop' does not exist", predicts=False),
        task(first, "services networks secrets configs"),
        refused("Stack shop: no service has a previous spec (shop_api, shop_web). None was updated."),
        refused("services: stack shop has no service 'db'. It has: shop_api, shop_web.", services=["db"]),
        refused("compose: not supported with state: rolled_back", compose=["shop.yml"]),
        task(second, "services secrets configs", files=conf),
        back("services", holds=env("1", "lab/busybox:1", 2)),
        back(""),
        task(second, "services", files=conf),
        task(third, "services secrets configs", files=conf),
        # The last deployment was about web alone, and so is the way back from it.
        back("services", services=["web"], holds=_only_web(env("2", "lab/busybox:2", 1))),
        back("", services=[f"{NAME}_web"]),
        # Nothing runs from here on.
        task(still, "services", versions(1), files=conf),
        task(still, "services secrets configs", versions(2), files=sequel(3), versions_to_keep=1),
        task(still, "services secrets configs", versions(3), files=sequel(4), versions_to_keep=1),
        task(still, "services secrets configs", versions(4), files=sequel(5), versions_to_keep=-1),
        task(still, "secrets configs", versions(3), files=sequel(5), versions_to_keep=1),
        task(still, "secrets configs", versions(2), files=sequel(5)),
        task.fails("versions_to_keep: -2 is out of bounds", still, versions_to_keep=-2),
        task(None, "services networks secrets configs"),
        refused("Stack 'shop' does not exist", predicts=False),
    ]


def _only_web(check: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def check_both(result: dict[str, Any]) -> None:
        assert list(result["stack"]["services"]) == [f"{NAME}_web"]
        check(result)

    return check_both


LIVES: dict[str, Life] = {life.__name__: life for life in (contents, surroundings, ways_back)}
