# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The single modules' own checks of each part of a stack: services, networks, secrets and configs.

Each document is shown in the options' words of the single module, that module's checks run on it, and what they find
gets the place of the compose file. What only an engine can tell is checked where one is at hand (module_utils/_stack).
"""

from __future__ import annotations

import typing as t

from ...module_utils._core.validators import Problem as OptionProblem
from ...module_utils._core.values import MISSING, Document, Values, inside
from ...module_utils._network import checks as network
from ...module_utils._network.schema import NETWORK, OF_NODES, SWARM
from ...module_utils._secret_config import checks as secret_config
from ...module_utils._secret_config.schema import KINDS, SCHEMAS
from ...module_utils._service import plan as service
from ...module_utils._service.checks import Ports, port_conflicts, published_ports
from ...module_utils._service.schema import MOUNT, SERVICE
from ...module_utils._stack.compose_places import Item, Problem, Section, inside_element, key_of
from .option_problems import option_problems
from .problems import Problems


class Parts(t.NamedTuple):
    """The file's keys to the documents of what the stack makes, and to its services in the long form."""

    services: dict[str, Document]
    networks: dict[str, Document]
    secrets: dict[str, Document]
    configs: dict[str, Document]
    long: dict[str, Section]


def check_parts(parts: Parts, problems: Problems) -> None:
    """Add to the problems what the single modules would refuse."""
    for key, spec in parts.services.items():
        for found in _of_service(spec):
            problems.add_near(_placed(key, parts.long[key], spec, found))
    for section in ("services", "networks", "secrets", "configs"):
        _check_names(section, getattr(parts, section), problems)
    _check_ports(parts, problems)
    _check_networks(parts.networks, problems)
    for kind in KINDS:
        for key, spec in getattr(parts, f"{kind}s").items():
            for found in _of_secret_config(kind, spec):
                problems.add_near(Problem(inside(inside(f"{kind}s", key), key_of(kind, found.option)), found.text))


def _check_names(section: str, specs: dict[str, Document], problems: Problems) -> None:
    """Two keys of one name would be one object; the swarm distinguishes no names by case."""
    seen: dict[str, tuple[str, Document]] = {}
    for key, spec in specs.items():
        name = spec["Name"]
        other, twin = seen.setdefault(name.lower(), (key, spec))
        if twin == spec:
            continue
        same = "the name of" if twin["Name"] == name else "in another case the name of"
        problems.add_near(
            Problem(inside(inside(section, key), "name"), f"{name!r} is {same} {inside(section, other)} too")
        )


# Services


_NO_SERVICE, _NO_MOUNT = SERVICE.view({}), MOUNT.view({})


def _of_service(spec: Document) -> t.Iterator[OptionProblem]:
    given = {item.option: item.read(spec) for item in SERVICE.fields if item.path.get(spec) is not MISSING}
    yield from service.name_problems(spec["Name"])
    wrong = list(option_problems(SERVICE, given))
    yield from wrong
    # The checks of the whole take values for granted that can be meant.
    bad = {found.option[0] for found in wrong}
    sound = {option: value for option, value in given.items() if option not in bad}
    yield from service.service_problems({**_NO_SERVICE, **sound}, _given(spec, sound))


def _given(spec: Document, given: Values) -> Values:
    """The options that the file gives; the command line writes out more."""
    if not (spec["TaskTemplate"].get("RestartPolicy") or {}).get("Condition"):
        given = {option: value for option, value in given.items() if option != "restart_config"}
    return {**given, "mounts": [_said(mount) for mount in given.get("mounts", [])]}


def _said(mount: Values) -> Values:
    """The options of a mount that are not the engine's defaults."""
    return {option: value for option, value in mount.items() if option == "type" or value != _NO_MOUNT[option]}


_PATHS = {item.option: item.path for item in SERVICE.fields}


def _placed(key: str, long: Section, spec: Document, found: OptionProblem) -> Problem:
    place, option = inside("services", key), found.option
    if option == ("name",):
        return Problem(place, found.text)
    if option[0] == "restart_config" and "restart_policy" not in long.get("deploy", {}):
        return Problem(inside(place, "restart"), found.text)
    if len(option) > 1 and isinstance(option[1], int):
        element = _PATHS[str(option[0])].get(spec)[option[1]]
        if isinstance(element, Item):  # words of a list have no place of their own
            sub = inside_element("service", option)
            return Problem(inside(element.place, sub) if sub else element.place, found.text, element.file)
    return Problem(inside(place, key_of("service", option)), found.text)


def _check_ports(parts: Parts, problems: Problems) -> None:
    """Ports that two services of the files want; that of the later service is reported."""
    taken: dict[str, Ports] = {}
    for spec in parts.services.values():
        wanted = published_ports(spec)
        for port, text in port_conflicts(wanted, taken):
            item = t.cast(Item, port)
            problems.add(Problem(item.place, text, item.file))
        taken[spec["Name"]] = wanted


# Networks

_OF_NODES = (
    "creates a node-local network, but services need a swarm-scoped network. Use overlay, or create it with"
    " swarm_network on all nodes (config_only, config_from), and refer to it as external"
)


def _check_networks(networks: dict[str, Document], problems: Problems) -> None:
    sound: list[Document] = []
    for key, spec in networks.items():
        place = inside("networks", key)
        wrong = [*_of_network(spec), *_overlaps(spec, sound)]
        for found in wrong:
            problems.add_near(Problem(inside(place, key_of("network", found.option)), found.text))
        if not wrong:
            sound.append(spec)


def _of_network(spec: Document) -> t.Iterator[OptionProblem]:
    shown = NETWORK.view({**spec, "Scope": SWARM})
    yield from option_problems(NETWORK, shown)
    yield from network.encryption_problems({"driver_options": spec.get("Options"), "encrypted": None})
    if shown["driver"] in OF_NODES:
        yield OptionProblem(("driver",), f"the driver {shown['driver']} {_OF_NODES}")
    else:
        yield from network.whole_problems(spec["Name"], shown)


def _overlaps(spec: Document, others: list[Document]) -> t.Iterator[OptionProblem]:
    """Subnets that an earlier network of the files has."""
    for number, pool in enumerate((spec.get("IPAM") or {}).get("Config") or []):
        try:
            twin = network.overlapping(pool.get("Subnet") or "", others)
        except ValueError:  # no subnet at all, which the options' checks report
            continue
        if twin:
            yield OptionProblem(("ipam_config", number, "subnet"), network.overlap_text(pool["Subnet"], *twin))


# Secrets and configs


def _of_secret_config(kind: str, spec: Document) -> t.Iterator[OptionProblem]:
    yield from option_problems(SCHEMAS[kind], SCHEMAS[kind].view(spec))
    yield from secret_config.name_problems(KINDS[kind], spec["Name"])
    yield from secret_config.label_problems(spec["Labels"])
