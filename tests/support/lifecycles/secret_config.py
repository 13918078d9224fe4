# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lives of secrets and configs, for any engine. Both kinds live the same lives, but for what only one of them has."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Callable

from ....plugins.module_utils._secret_config import schema
from ....plugins.module_utils._secret_config.plan import is_version, number_of
from ..harness import Runner
from ..steps import Step

KINDS = {"secret": schema.SECRET, "config": schema.CONFIG}
IMAGE = "lab/busybox:1"
# Long enough not to be in anything by chance.
ONE, TWO, THREE = (f"correct horse battery {word}" for word in ("staple", "stable", "steeple"))
BINARY = bytes(range(256))


class Host:
    """An engine with a manager, seen as a place of secrets or configs."""

    def __init__(self, engine: Any, kind: str):
        self.engine = engine
        self.kind = kind
        self.module = f"swarm_{kind}"

    def all(self) -> dict[str, dict[str, Any]]:
        """Name -> the engine's document."""
        return {item["Spec"]["Name"]: item for item in self.engine.do("GET", f"/{self.kind}s")}

    def make(self, name: str, data: str = ONE, **spec: Any) -> None:
        """By other means."""
        body = {"Name": name, "Data": base64.b64encode(data.encode()).decode(), **spec}
        self.engine.do("POST", f"/{self.kind}s/create", body)

    def holds(self, item: dict[str, Any], data: bytes) -> bool:
        """Whether it has this data: a secret's is compared by the engine, before it refuses an outdated version."""
        encoded = base64.b64encode(data).decode()
        if self.kind == "config":
            return item["Spec"]["Data"] == encoded
        path = f"/secrets/{item['ID']}/update?version={item['Version']['Index'] - 1}"
        try:
            self.engine.do("POST", path, {**item["Spec"], "Data": encoded})
        except Exception as error:
            return error.status == 500
        raise AssertionError("the engine took an update of an outdated version")

    def use(self, service: str, *names: str) -> None:
        """Have a service that uses these, and that runs nothing."""
        key, there = self.kind.capitalize(), self.all()
        used = [
            {f"{key}ID": there[name]["ID"], f"{key}Name": name, "File": {"Name": name, "UID": "0", "GID": "0"}}
            for name in names
        ]
        spec = {
            "Name": service,
            "TaskTemplate": {"ContainerSpec": {"Image": IMAGE, f"{key}s": used}},
            "Mode": {"Replicated": {"Replicas": 0}},
        }
        live = {item["Spec"]["Name"]: item for item in self.engine.do("GET", "/services")}.get(service)
        change = f"{live['ID']}/update?version={live['Version']['Index']}" if live else "create"
        self.engine.do("POST", f"/services/{change}", spec)

    def drop(self, service: str) -> None:
        """Remove the service."""
        self.engine.do("DELETE", f"/services/{service}")

    def clean(self) -> None:
        """No service, secret or config is left."""
        for path in ("services", "secrets", "configs"):
            for item in self.engine.do("GET", f"/{path}"):
                self.engine.do("DELETE", f"/{path}/{item['ID']}")


def tells(data: str | bytes) -> list[str]:
    """What would tell a secret: itself, its Base64 and its plain hashes."""
    raw = data if isinstance(data, bytes) else data.encode()
    hashes = [hashlib.new(name, raw) for name in ("md5", "sha1", "sha224", "sha256", "sha512")]
    text = [] if isinstance(data, bytes) else [data]
    encoded = [base64.b64encode(one.digest()).decode().rstrip("=") for one in hashes]
    return [*text, base64.b64encode(raw).decode().rstrip("="), *(one.hexdigest() for one in hashes), *encoded]


#: What tells any of the data.
TELLS = [tell for data in (ONE, TWO, THREE) for tell in tells(data)]


class ObjectsWorld:
    """Secrets and configs of a real engine: nothing of them moves by itself."""

    def __init__(self, engine: Any):
        self.engine = engine

    def token(self) -> Any:
        """All of them, as they are."""
        return [self.engine.do("GET", path) for path in ("/secrets", "/configs")], None


def audited(host: Host, run: Runner) -> Runner:
    """Hold what a real run says of the object and its versions against the engine's documents."""

    def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
        before = host.all()
        result = run(module, args, check=check, diff=diff)
        if not result["failed"] and not check:
            _audit(host, args, result, before)
        return result

    return run_there


def _audit(host: Host, args: dict[str, Any], result: dict[str, Any], before: dict[str, Any]) -> None:
    after = host.all()
    ids = {item["ID"] for item in before.values()}
    gone, new = ids - {item["ID"] for item in after.values()}, [i for i in after.values() if i["ID"] not in ids]
    named = {**result["diff"]["before"], **result["diff"]["after"]}
    assert bool(gone or new) == bool(named.keys() & {"id", "name", "versions"}), (gone, new, result["diff"])
    for item in new:
        assert not set(schema.FINGERPRINTS) & set(item["Spec"]["Labels"])
    if args.get("state") == "absent":
        assert not [name for name in result["versions"] if name in after]
        return
    shown, item = result[host.kind], after[result[f"{host.kind}_name"]]
    assert (shown["id"], shown["name"]) == (item["ID"], item["Spec"]["Name"])
    assert shown["id"] == result[f"{host.kind}_id"]
    assert shown["labels"] == schema.without_internal(item["Spec"]["Labels"])
    assert shown["template_driver"] == item["Spec"].get("Templating", {}).get("Name")
    assert set(result["versions"]) <= set(after)
    if "data" in args and not args.get("data_is_b64"):
        assert host.holds(item, args["data"].encode())


Life = Callable[[Host, Any], "list[Step]"]


class Tasks:
    """Steps of one kind's module, all about one name."""

    def __init__(self, host: Host, **common: Any):
        self.host = host
        self.common = {"name": "app", **common}
        self.hidden = [tell for data in (ONE, TWO, THREE, BINARY) for tell in tells(data)]

    def __call__(self, changed: bool = True, diff: str | None = None, more: Any = None, **args: Any) -> Step:
        """diff: the options that it names, as words. more: further attributes of the step."""
        names = None if diff is None else set(diff.split())
        hidden = self.hidden if self.host.kind == "secret" else ()
        return Step(self.host.module, {**self.common, **args}, changed, diff=names, hidden=hidden, **(more or {}))

    def fails(self, message: str, before: Any = None, asked: bool = False, assumed: bool = False, **args: Any) -> Step:
        """A task that changes nothing. asked: that it is the engine that refuses it. assumed: that check mode passes."""
        args = {**self.common, **args}
        hidden = self.hidden if self.host.kind == "secret" else ()
        more: dict[str, Any] = {"predicts": not (asked or assumed), "partly": asked}
        return Step(self.host.module, args, fails=message, hidden=hidden, before=before, **more)


def _secret(host: Host) -> bool:
    return host.kind == "secret"


def labels_and_data(host: Host, folder: Any) -> list[Step]:
    """Labels change in place, everything else makes another one."""
    task = Tasks(host)
    ids: list[str] = []

    def another(result: dict[str, Any]) -> None:
        assert result[f"{host.kind}_id"] not in ids
        ids.append(result[f"{host.kind}_id"])
        assert list(host.all()) == ["app"]

    def the_same(result: dict[str, Any]) -> None:
        assert result[f"{host.kind}_id"] == ids[-1]

    new, kept = {"holds": another}, {"holds": the_same}
    template = {"data": TWO} if _secret(host) else {}
    return [
        task.fails(
            f"data: required to create {host.kind} 'app', which does not exist", assumed=True, labels={"a": "1"}
        ),
        task(data=ONE, labels={"a": "1", "b": ""}, diff="name data labels", more=new),
        task(data=ONE, changed=False),
        task(changed=False),
        task(data=ONE, labels={"a": "2"}, diff="labels", more=kept),
        task(labels={"c": "3"}, labels_state="merge", diff="labels", more=kept),
        task(labels={}, diff="labels", more=kept),
        task(data=TWO, labels={"a": "1"}, diff="id data labels", more=new),
        task(template_driver="golang", diff="id template_driver", more=new, **template),
        task(data=TWO, changed=False),
        task(data=THREE, diff="id data", more=new),
        task(data=THREE, template_driver="", diff="id template_driver", more=new),
        task(data=THREE, force=True, diff="id", more={**new, "repeats": False}),
        task(state="absent", diff="name data labels"),
        task(state="absent", changed=False),
    ]


def spellings(host: Host, folder: Any) -> list[Step]:
    """Text, Base64 and a file are ways to say the same."""
    task = Tasks(host)
    text, binary = folder / "text", folder / "binary"
    text.write_text(ONE)
    binary.write_bytes(BINARY)
    encoded = base64.encodebytes(BINARY).decode()  # in lines, as the base64 program writes it
    umlauts = "Größe: 5 €\n"
    return [
        task(data=ONE),
        task(data_src=str(text), changed=False),
        task(data=base64.b64encode(ONE.encode()).decode(), data_is_b64=True, changed=False),
        task(data_src=str(binary)),
        task(data=encoded, data_is_b64=True, changed=False),
        task(data=umlauts),
        task(data="1"),
    ]


def used(host: Host, folder: Any) -> list[Step]:
    """What a service uses is not taken away from it, and who uses it is told in check mode as well."""
    task = Tasks(host)
    name = f"{host.kind} app must be replaced"

    def use() -> None:
        host.use("web", "app")
        host.use("api", "app")

    return [
        task(data=ONE),
        task.fails(f"{name} (other data), but is used by api, web. Use content_names", data=TWO, before=use),
        task.fails(f"{name} (another template_driver), but", data=ONE, template_driver="golang"),
        task.fails(f"{name} (force is true), but is used by", data=ONE, force=True),
        task.fails(f"{host.kind} app is used by api, web. Nothing was removed", state="absent"),
        task(data=ONE, changed=False),
        task(data=ONE, labels={"a": "1"}, diff="labels"),
        task.fails("but is used by web. Use", data=TWO, before=lambda: host.drop("api")),
        task(data=TWO, diff="id data", more={"before": lambda: host.drop("web")}),
    ]


def rolling(host: Host, folder: Any) -> list[Step]:
    """Numbered versions: the old ones go in the run that makes a new one, but for those that are used."""
    task = Tasks(host, rolling_versions=True, versions_to_keep=1)

    def there(*names: str) -> dict[str, Any]:
        def check(result: dict[str, Any]) -> None:
            assert result["versions"] == list(names)
            assert {name for name in host.all() if number_of("app", name)} == set(names)

        return {"holds": check}

    def uses(*names: str) -> Any:
        return lambda: host.use("web", *names)

    def keep_others() -> None:
        for name in ("app", "app_v", "app_v2x", "application_v9"):
            host.make(name)

    return [
        task(data=ONE, labels={"a": "1"}, diff="name data labels versions", more=there("app_v1")),
        task(data=TWO, diff="name data versions", more={**there("app_v1", "app_v2"), "before": keep_others}),
        task(data=THREE, diff="name data versions", more=there("app_v2", "app_v3")),
        task(labels={"b": ""}, diff="labels", more=there("app_v2", "app_v3")),
        task(data=ONE, more={**there("app_v2", "app_v3", "app_v4"), "before": uses("app_v2")}),
        task(data=ONE, changed=False, more=there("app_v2", "app_v3", "app_v4")),
        # A rollback would take the service back to app_v2.
        task(data=ONE, changed=False, more={**there("app_v2", "app_v3", "app_v4"), "before": uses("app_v4")}),
        task(data=ONE, diff="versions", more={**there("app_v3", "app_v4"), "before": uses("app_v4", "app_v3")}),
        task.fails(f"{host.kind} app_v3 is used by web, {host.kind} app_v4 is used by web. Nothing", state="absent"),
        task(data=ONE, force=True, versions_to_keep=-1, diff="name versions",
             more={**there("app_v3", "app_v4", "app_v5"), "repeats": False}),
        task(data=ONE, template_driver="golang", versions_to_keep=0, diff="name template_driver versions",
             more={**there("app_v6"), "before": lambda: host.drop("web")}),
        task(state="absent", more=there()),
        task(state="absent", changed=False, more={"holds": lambda result: len(host.all()) == 4}),
    ]  # fmt: skip


def content_names(host: Host, folder: Any) -> list[Step]:
    """A version per data: what was there before is found again, and other template drivers are other versions."""
    task = Tasks(host, content_names=True, versions_to_keep=1)
    made: dict[str, str] = {}

    def version(key: str, count: int) -> dict[str, Any]:
        """The version is the one that was first met under this key."""

        def check(result: dict[str, Any]) -> None:
            name = result[f"{host.kind}_name"]
            assert made.setdefault(key, name) == name
            assert len(set(made.values())) == len(made)
            assert len(result["versions"]) == count
            assert is_version("app", name)
            for tell in Tasks(host).hidden if _secret(host) else ():
                assert name[4:] not in tell

        return {"holds": check}

    def use_one() -> None:
        host.use("web", made["one"])

    return [
        task(data=ONE, labels={"a": "1"}, diff="name data labels versions", more=version("one", 1)),
        task(data=TWO, diff="name data versions", more=version("two", 2)),
        task(data=ONE, changed=False, more=version("one", 2)),
        task(data=THREE, more={**version("three", 3), "before": use_one}),
        task(data=THREE, changed=False, more=version("three", 3)),
        task(data=THREE, versions_to_keep=0, diff="versions", more=version("three", 2)),
        task.fails("is used by web. Nothing was removed", state="absent"),
        task(data=THREE, template_driver="golang", diff="name template_driver versions", more=version("golang", 3)),
        task(data=THREE, changed=False, more={"holds": lambda result: len(result["versions"]) == 3}),
        task(data=THREE, force=True, versions_to_keep=-1, diff="name versions",
             more={**version("forced", 4), "repeats": False}),
        task(data=ONE, versions_to_keep=0, diff="versions", more=version("one", 1)),
        task(state="absent", diff="versions data labels", more={"before": lambda: host.drop("web")}),
    ]  # fmt: skip


def by_others(host: Host, folder: Any) -> list[Step]:
    """What community.docker made is understood; of a secret that anybody else made the engine is asked."""
    task, other = Tasks(host), Tasks(host, name="cli")
    foreign = {"ansible_key": hashlib.sha224(ONE.encode()).hexdigest(), "ansible_version": "3", "a": "1"}

    def make() -> None:
        host.make("app", Labels=foreign)
        host.make("app_v3", Labels=foreign)
        host.make("cli", Labels={"a": "1"})
        host.use("web", "app", "cli")

    def without_plain_hash(result: dict[str, Any]) -> None:
        assert ("ansible_key" in host.all()["app"]["Spec"]["Labels"]) is not _secret(host)

    steps = [
        task(data=ONE, labels={"a": "1"}, changed=False, more={"before": make}),
        task(data=ONE, rolling_versions=True, changed=False),
        task.fails("(other data), but is used by web", data=TWO),
        task(data=ONE, labels={"b": "1"}, diff="labels", more={"holds": without_plain_hash}),
        task(data=TWO, rolling_versions=True, diff="name data versions"),
        other(changed=False),
        other(labels={}, diff="labels"),
    ]
    return [
        *steps,
        other(data=ONE, changed=False),
        other.fails("(other data), but is used by web", data=TWO),
        other(data=ONE, labels={"a": "1"}, diff="labels"),
        other(data=ONE, changed=False),
    ]


def refused_by_the_engine(host: Host, folder: Any) -> list[Step]:
    """The engine is asked before the old one goes: this plugin it does not have."""
    task = Tasks(host)
    plugin = {"name": "vault", "options": {"path": "a/b"}}
    if not _secret(host):
        return [task.fails("Unsupported parameters", data=ONE, driver=plugin)]
    there: list[str] = []

    def stands() -> None:
        there.append(host.all()["app"]["ID"])
        assert len(set(there)) == 1
        assert list(host.all()) == ["app"]

    return [
        task.fails('plugin "vault" not found', asked=True, driver=plugin),
        task(data=ONE),
        task.fails('plugin "vault" not found', asked=True, driver=plugin, before=stands),
        task(data=ONE, changed=False, more={"before": stands}),
        task(data=ONE, driver={}, changed=False),
    ]


LIVES: dict[str, Life] = {
    life.__name__: life
    for life in (
        labels_and_data,
        spellings,
        used,
        rolling,
        content_names,
        by_others,
        refused_by_the_engine,
    )
}
