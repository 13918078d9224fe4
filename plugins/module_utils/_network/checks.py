# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant of a network, said before anything is written."""

from __future__ import annotations

import re
import typing as t

from .._core.errors import BadInput, Refused
from .._core.validators import Problem, did_you_mean, raise_first, rehearsal_name
from .._core.values import Document, Values
from .ipam import overlaps, subnet
from .live import is_reserved
from .schema import ENCRYPTED, LOCAL, MTU, NETWORK, OF_NODES, OVERLAY, SWARM

Problems = t.Iterator[Problem]

# swarmkit, manager/controlapi/common.go; of an engine's own networks: moby, daemon/names.
_NAME = {SWARM: r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*", LOCAL: r"[a-zA-Z0-9][a-zA-Z0-9_.-]*"}
_NOT_WITH_CONFIG_ONLY = ("ingress", "internal", "attachable", "config_from", "driver")
_NOT_WITH_OF_NODES = ("driver_options", "ipam_driver_options", "ipam_config", "enable_ipv6")
_NOT_WITH_CONFIG_FROM = (*_NOT_WITH_OF_NODES, "encrypted", "ipam_driver", "labels")


def check_task(params: Values) -> Values:
    """The options as they are meant, without reading anything; raises BadInput."""
    name = params["name"]
    if is_reserved(name):
        raise BadInput("name", f"{_reserved(name)}.")
    raise_first(encryption_problems(params))
    params = _with_driver(_with_encryption(params))
    NETWORK.check(params)
    if params["state"] == "present":
        _check_together(params)
    return params


def _reserved(name: str) -> str:
    return f"{name} exists on every engine and cannot be created or removed"


def encryption_problems(params: Values) -> Problems:
    """:param params: ``driver_options`` and ``encrypted``."""
    options = params["driver_options"] or {}
    if ENCRYPTED not in options:
        return
    option, value = ("driver_options", ENCRYPTED), str(options[ENCRYPTED]).lower()
    if value in ("false", "no", "0", "off"):
        text = f"the engine enables encryption for this key even with the value {value!r}. Use the option encrypted"
        yield Problem(option, text)
    if params["encrypted"] is False:
        yield Problem(option, "contradicts encrypted: false")


def _with_encryption(params: Values) -> Values:
    """``encrypted`` among the driver's options, which is how other tools have it."""
    options = params["driver_options"] or {}
    if ENCRYPTED not in options:
        return params
    rest = {key: value for key, value in options.items() if key != ENCRYPTED}
    return {**params, "driver_options": rest, "encrypted": True}


def _with_driver(params: Values) -> Values:
    """An empty driver is the default one."""
    if params["driver"] != "":
        return params
    return {**params, "driver": None if params["config_only"] else OVERLAY}


def _check_together(params: Values) -> None:
    if params["config_only"]:
        _refuse(params, _NOT_WITH_CONFIG_ONLY, "not supported with config_only, which is only a set of options")
        if params["scope"] == SWARM:
            raise BadInput(
                "scope", "must be local with config_only, because each engine has its own config-only networks."
            )
    elif params["scope"] == LOCAL:
        raise BadInput("scope", "local is only supported with config_only. All other networks are swarm-scoped.")
    if params["config_from"]:
        _refuse(params, _NOT_WITH_CONFIG_FROM, f"not supported together with config_from ({params['config_from']})")


def _refuse(given: Values, options: t.Iterable[str], why: str) -> None:
    for option in options:
        if given[option]:
            raise BadInput(option, f"{why}.")


def whole_problems(name: str, after: Values) -> Problems:
    """:param after: the network as it would be, in the options' words."""
    yield from _name_problems(name, LOCAL if after["config_only"] else SWARM)
    if after["config_only"]:
        return
    if after["ingress"] and after["attachable"]:
        text = "not supported for the ingress network, which is only for published ports"
        yield Problem(("attachable",), text)
    yield from _driver_problems(after)
    if not after["enable_ipv4"]:
        yield Problem(("enable_ipv4",), "the engine does not support swarm-scoped networks without IPv4")
    yield from _family_problems(after)
    for number, pool in enumerate(after["ipam_config"]):
        if pool["aux_addresses"]:
            text = (
                "the engine drops them from swarm-scoped networks, so they would reserve nothing. They are only supported"
                " with config_only"
            )
            yield Problem(("ipam_config", number, "aux_addresses"), text)
        yield from (problem.inside("ipam_config", number) for problem in _size_problems(pool))


def _family_problems(after: Values) -> Problems:
    """Subnets of IPv6 alone: Docker Engine 20.10 rejects each task, and 28.5 never allocates, with and without enable_ipv6."""
    if _families(after) == {6}:
        text = "a network that has only IPv6 subnets never runs a task. Add an IPv4 subnet"
        yield Problem(("ipam_config",), text)


def _families(after: Values) -> set[int]:
    """The IP versions of the subnets that the engine's own driver gives out addresses of."""
    if (after["driver"], after["ipam_driver"]) != (OVERLAY, "default"):
        return set()
    try:
        return {subnet(pool["subnet"]).version for pool in after["ipam_config"] or () if pool["subnet"]}
    except ValueError:  # the options' checks report it
        return set()


def family_warning(after: Values) -> str:
    """What is to be said of a subnet whose addresses no container gets (Docker Engine 20.10); empty if there is none."""
    if 6 not in _families(after) or after["enable_ipv6"]:
        return ""
    return "ipam_config has an IPv6 subnet, but containers get no IPv6 address without enable_ipv6: true."


# The gateway, the virtual IP of a service and one task.
_FEWEST = 3


def _size_problems(pool: Values) -> Problems:
    """A subnet or range from which no task of a service can ever get an address."""
    for option, fewest in (("subnet", _FEWEST), ("iprange", 2)):
        try:
            size = subnet(pool[option]).num_addresses if pool[option] else fewest
        except ValueError:  # the options' checks report it
            continue
        if size < fewest:
            yield Problem((option,), f"{pool[option]} has too few addresses for a service. Use a shorter prefix length")


def _name_problems(name: str, scope: str) -> Problems:
    if is_reserved(name):
        yield Problem(("name",), _reserved(name))
    if not re.fullmatch(_NAME[scope], name):
        yield Problem(
            ("name",),
            f"{name!r} is not a valid name. Use letters, digits, '-' and '_', and start and end with a letter or digit",
        )
    if scope == SWARM and len(name) > 63:
        yield Problem(("name",), f"{name!r} has {len(name)} characters; the name of a network has at most 63")


def _driver_problems(after: Values) -> Problems:
    driver = after["driver"]
    own = driver.lower()
    if driver != own and own in (OVERLAY, *OF_NODES):
        yield Problem(("driver",), f"{driver!r} must be written as {own!r}")
    if driver == OVERLAY and not re.fullmatch(
        "[0-9]{1,9}", after["driver_options"].get(MTU, "0")
    ):  # tasks are rejected
        yield Problem(
            ("driver_options", MTU), f"{after['driver_options'][MTU]!r} is not a number of bytes, such as 1400"
        )
    if driver != OVERLAY:
        text = f"only supported with the driver overlay, not with {driver}"
        yield from (Problem((option,), text) for option in ("encrypted", "ingress") if after[option])
    if driver in ("host", "null"):
        yield Problem(("driver",), f"{driver} is only for the network that every engine has")
    elif driver in OF_NODES:
        text = (
            f"the engine never returns it for a swarm-scoped {driver} network. Set it in a config-only network (config_only)"
            " on every node, and refer to that network with config_from"
        )
        yield from (Problem((option,), text) for option in _NOT_WITH_OF_NODES if after[option])


def check_against(name: str, after: Values, others: t.Iterable[Document]) -> BadInput | None:
    """Hold a network that would be made against the others; raises Refused.

    :return: an error about something that an earlier task may be about to make.
    """
    own = (name, rehearsal_name(name))  # a run that was cut may have left the latter, and this one removes it
    others = [item for item in others if item["Name"] not in own]
    swarms = [item for item in others if item["Scope"] == SWARM]
    if after["ingress"]:
        first = next((item["Name"] for item in swarms if item["Ingress"]), None)
        if first:
            raise Refused(
                f"the swarm already has the ingress network {first}, and supports only one. Remove it first.",
                option="ingress",
            )
    if not after["config_only"]:
        for pool in after["ipam_config"]:
            _check_free(pool["subnet"], swarms)
    return _unknown_config(after["config_from"], others)


def _check_free(text: str, others: list[Document]) -> None:
    found = overlapping(text, others)
    if found:
        error = Refused(f"{overlap_text(text, *found)}.", option="ipam_config.subnet")
        error.details["overlap"] = dict(zip(("network", "subnet"), found))
        raise error


def overlap_text(text: str, other: str, subnet_of_other: str) -> str:
    return (
        f"{text} overlaps {subnet_of_other} of the network {other}. The engine would accept the network, and never allocate"
        " addresses"
    )


def overlapping(text: str, others: t.Iterable[Document]) -> tuple[str, str] | None:
    """Name and subnet of a network of the swarm that has addresses of this subnet."""
    wanted = subnet(text)
    for item in others:
        for pool in (item.get("IPAM") or {}).get("Config") or ():
            if pool.get("Subnet") and overlaps(wanted, subnet(pool["Subnet"])):
                return item["Name"], pool["Subnet"]
    return None


def _unknown_config(name: str, others: list[Document]) -> BadInput | None:
    known = [item["Name"] for item in others if item["ConfigOnly"]]
    if not name or name in known:
        return None
    return BadInput("config_from", f"this engine has no config-only network {name!r}{did_you_mean(name, known)}")
