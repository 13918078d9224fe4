# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service refers to by name: networks, secrets and configs, and the messages about those that the swarm does not have.

The engine wants IDs, and resolves only those of networks, which it then returns as IDs. Networks, and the config of a credential
spec, stand in a document by name while it is planned, so that a diff is readable; ``with_names`` and ``with_ids`` translate.
"""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, NotFound, SwarmError
from .._core.plan import KNOWN_AFTER
from .._core.validators import did_you_mean
from .._core.values import MISSING, Document, Values
from .._engine.client import Engine, path_part
from .._network.live import PREDEFINED, SWARM_PREDEFINED, is_leftover, list_networks
from .schema import CONFIGS, CREDENTIAL_CONFIG, NETWORKS, complete_network, configs_of, with_names


class References:
    """The IDs behind the names of a task, read once per run, and only of kinds that the task names.

    :param missing: takes the error about something unknown: it raises it, or in check mode warns, and then there is
        a placeholder for it.
    """

    def __init__(self, engine: Engine, params: Values, missing: t.Callable[[SwarmError], None]) -> None:
        self._engine = engine
        self._params = params
        self._missing = missing
        self._networks: dict[str, str] | None = None  # ID to name
        self._configs: dict[str, str] = {}  # name to ID

    def resolve(self) -> Values:
        """The options of the task with names in one spelling and with IDs; raises BadInput for what is not there."""
        params = dict(self._params)
        if params.get("networks"):
            params["networks"] = [self._known_network(item) for item in map(_network, params["networks"])]
        if params.get("secrets"):
            params["secrets"] = self._with_ids("secret", params["secrets"])
        credential = (params.get("credential_spec") or {}).get("config")
        if params.get("configs") or credential:
            params["configs"] = self._with_ids("config", params.get("configs"), credential)
        return params

    # Networks

    def _network_names(self) -> dict[str, str]:
        if self._networks is None:
            self._networks = {item["Id"]: item["Name"] for item in list_networks(self._engine)}
        return self._networks

    def _known_network(self, item: Values) -> Values:
        names = self._network_names()
        given: str = item["name"]
        name = names.get(given, given)
        if name not in names.values() and not self._look_up(name):
            unknown = unknown_network(self._engine, name, names.values())
            if unknown.certain:
                raise unknown.error
            self._missing(unknown.error)
            names[KNOWN_AFTER] = name
        return {**item, "name": name}

    def _look_up(self, name: str) -> str | None:
        """The name of a network that no list has: host, bridge and none (moby, daemon/cluster/networks.go)."""
        try:
            found = self._engine.get(f"/networks/{path_part(name)}", scope="swarm")
        except NotFound:
            return None
        if found["Name"] not in PREDEFINED or name not in (found["Name"], found["Id"]):
            return None  # the start of an ID, or a network that was removed and that this engine still has
        self._network_names()[found["Id"]] = found["Name"]
        return found["Name"]

    # Secrets and configs

    def _with_ids(self, kind: str, items: list[Values] | None, credential: str | None = None) -> list[Values] | None:
        """:param credential: the name of the config that the credential spec refers to."""
        in_list = {item[f"{kind}_name"] for item in items or []}
        names = sorted(in_list | {credential} if credential else in_list)
        # Configs have no filter for whole names, only for how a name begins.
        listed = self._engine.get(f"/{kind}s", filters={"names" if kind == "secret" else "name": names})
        ids = {item["Spec"]["Name"]: item["ID"] for item in listed}
        for name in names:
            if name not in ids:
                option = f"{kind}s" if name in in_list else "credential_spec.config"
                self._missing(unknown_object(self._engine, kind, name, option))
                ids[name] = KNOWN_AFTER
        if kind == "config":
            self._configs = ids
        return None if items is None else [self._with_id(kind, item, ids) for item in items]

    def _with_id(self, kind: str, item: Values, ids: dict[str, str]) -> Values:
        name, given = item[f"{kind}_name"], item.get(f"{kind}_id")
        if given and given not in (ids[name], KNOWN_AFTER) and ids[name] != KNOWN_AFTER:
            raise BadInput(f"{kind}s.{kind}_id", f"the ID of the {kind} {name!r} is {ids[name]}, not {given}.")
        return {**item, f"{kind}_id": ids[name]}

    # Documents

    def with_names(self, spec: Document) -> Document:
        """The engine's document as it is planned."""
        name_of = self._name_of if self._params.get("networks") is not None else None
        return with_names(spec, name_of)

    def _name_of(self, target: str) -> str:
        names = self._network_names()
        return names.get(target) or self._look_up(target) or target

    def with_ids(self, spec: Document) -> Document:
        """The planned document as it is sent."""
        return with_ids(spec, {name: number for number, name in (self._networks or {}).items()}, self._configs)


def with_ids(spec: Document, networks: t.Mapping[str, str], configs: t.Mapping[str, str]) -> Document:
    """The way back. Both map names to IDs; what they do not know stays as it is."""
    attached = NETWORKS.get(spec)
    if networks and attached is not MISSING:
        spec = NETWORKS.put(
            spec, [{**item, "Target": networks.get(item["Target"], item["Target"])} for item in attached]
        )
    return _numbered_config(spec, configs)


def _numbered_config(spec: Document, known: t.Mapping[str, str]) -> Document:
    """A credential spec refers to a config by ID, and wants it among the configs, marked ``Runtime``."""
    configs = configs_of(spec)
    name = CREDENTIAL_CONFIG.get(spec)
    runtime = {item["ConfigName"]: item["ConfigID"] for item in configs if "Runtime" in item}
    if name in (MISSING, "", None):
        files = [item for item in configs if "Runtime" not in item]
        return CONFIGS.put(spec, files or MISSING) if runtime else spec
    number = known.get(name) or runtime.get(name, name)
    spec = CREDENTIAL_CONFIG.put(spec, number)
    if name not in runtime:
        files = [item for item in configs if "Runtime" not in item]
        spec = CONFIGS.put(spec, [*files, {"ConfigID": number, "ConfigName": name, "Runtime": {}}])
    return spec


def _network(item: str | Values) -> Values:
    try:
        return complete_network(item)
    except ValueError as error:
        raise BadInput("networks", f"{error}.") from error


def are_gone(engine: Engine, spec: Document) -> bool:
    """Whether something that a service refers to does not exist anymore: removed between our read and our write.

    :param spec: as it was sent, with IDs.
    """
    container = spec.get("TaskTemplate", {}).get("ContainerSpec") or {}
    for kind in ("Secret", "Config"):
        wanted = {item.get(f"{kind}ID") for item in container.get(f"{kind}s") or ()}
        if wanted and wanted - {item["ID"] for item in engine.get(f"/{kind.lower()}s")}:
            return True
    attached = NETWORKS.get(spec)
    targets = {item["Target"] for item in attached} if isinstance(attached, list) else set()
    if not targets:
        return False
    known = {name for item in list_networks(engine) for name in (item["Id"], item["Name"])}
    return any(_is_gone(engine, target) for target in targets - known)


def _is_gone(engine: Engine, target: str) -> bool:
    """Whether a network that no list has is none of those that every engine has (host, bridge, none) either."""
    try:
        return engine.get(f"/networks/{path_part(target)}", scope="swarm")["Name"] not in PREDEFINED
    except NotFound:
        return True


class Unknown(t.NamedTuple):
    """:param certain: whether no earlier task can make it: something else has the name."""

    error: BadInput
    certain: bool = False


def unknown_network(engine: Engine, name: str, known: t.Iterable[str]) -> Unknown:
    """Why the name is none that a service can be attached to."""
    here = [item for item in engine.get("/networks") if name in (item["Name"], item["Id"])]
    if any(map(is_leftover, here)):
        text = f"the network {name!r} was removed from the swarm; this engine still has tasks that use it."
        return Unknown(BadInput("networks", text))
    if here:
        driver, scope = here[0]["Driver"], here[0]["Scope"]
        text = f"{name!r} is a {driver} network of scope {scope}; services need one of scope swarm (overlay)."
        return Unknown(BadInput("networks", text), certain=True)
    text = f"the swarm has no network {name!r}{did_you_mean(name, [*known, *SWARM_PREDEFINED])}"
    return Unknown(BadInput("networks", text))


def unknown_object(engine: Engine, kind: str, name: str, option: str = "") -> BadInput:
    """:param option: the one that names the object; ``secrets`` or ``configs`` by default."""
    known = [item["Spec"]["Name"] for item in engine.get(f"/{kind}s")]
    return BadInput(option or f"{kind}s", f"the swarm has no {kind} {name!r}{did_you_mean(name, known)}")
