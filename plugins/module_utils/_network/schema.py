# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a network and their places in the engine's document (moby, api/types/network), which has the same
form when a network is made and when it is read.

The engine adds to what it was given: a number for each subnet, a mark for its own IPAM, a subnet and a gateway where
none was asked for. None of that is a difference.
"""

from __future__ import annotations

import typing as t

from .._core import validators as checks
from .._core.plan import Change
from .._core.schema import DictField, Field, Schema
from .._core.values import MISSING, Codec, Document, Path, Values, at, is_of_a_stack
from .._service.codecs import FLAG, STRINGS
from .ipam import Pools

# The overlay driver keeps there what it was given for each subnet.
MTU = "com.docker.network.driver.mtu"
VXLAN = "com.docker.network.driver.overlay.vxlanid_list"
SERIAL = "com.docker.network.ipam.serial"
ENCRYPTED = "encrypted"
OVERLAY = "overlay"
LOCAL, SWARM = "local", "swarm"
# What they do is up to each node (swarmkit, manager/allocator/networkallocator). The manager gives out no addresses
# for them, and never tells what options such a network was given.
OF_NODES = ("bridge", "host", "ipvlan", "macvlan", "null")


class _Visible(t.NamedTuple):
    """A dictionary in a document without some of its keys, which stay."""

    whole: Path
    hidden: t.Sequence[str]

    def get(self, document: object) -> t.Any:
        found = self.whole.get(document)
        return {k: v for k, v in found.items() if k not in self.hidden} if isinstance(found, dict) else found

    def put(self, document: Document | None, value: object) -> Document:
        found = self.whole.get(document)
        rest = {k: v for k, v in found.items() if k in self.hidden} if isinstance(found, dict) else {}
        return self.whole.put(document, {**(value if isinstance(value, dict) else {}), **rest} or MISSING)


class Options(t.NamedTuple):
    """A driver's options.

    :param own: keys that the engine adds; they are the user's only where the task names them.
    :param apart: keys for which there is an option.
    """

    option: str
    path: Path
    own: tuple[str, ...]
    apart: tuple[str, ...] = ()
    since: str | None = None
    write_only: bool = False

    def _map(self, named: t.Iterable[str] = ()) -> DictField:
        hidden = [*(key for key in self.own if key not in set(named)), *self.apart]
        return DictField(self.option, _Visible(self.path, hidden), STRINGS)

    def argument_spec(self) -> Values:
        return {"type": "dict"}

    def encode(self, value: Values) -> object:
        return self._map().encode(value)

    def read(self, document: Document | None) -> Values:
        return self._map().read(document)

    def normal(self, value: Values) -> Values:
        return self._map().normal(value)

    def changes(self, live: Document | None, wanted: Values, params: Values) -> list[Change]:
        return self._map(wanted).changes(live, wanted, params)

    def write(self, document: Document, value: Values | None) -> Document:
        return self._map(value or {}).write(document, value)

    def put(self, document: Document, changes: list[Change]) -> Document:
        return self._map(change.key[0] for change in changes).put(document, changes)

    def add(self, document: Document, wanted: Values, params: Values) -> Document:
        return self._map(wanted).add(document, wanted, params)


def _flag(option: str, key: str) -> Field:
    return Field(option, at(key), type="bool", codec=FLAG, default=False)


# The driver looks whether the key is there, and at nothing else (moby, libnetwork/drivers/overlay/ov_network.go).
_PRESENCE = Codec(lambda flag: "" if flag else MISSING, lambda value: True)
_OR_NOTHING = Codec(lambda name: name or MISSING)
_OR_DEFAULT = Codec(decode=lambda name: name or "default")

NETWORK = Schema(
    Field("driver", at("Driver"), default="", check=checks.driver),
    Options("driver_options", at("Options"), (VXLAN,), (ENCRYPTED,)),
    Field("encrypted", at("Options", ENCRYPTED), type="bool", codec=_PRESENCE, default=False),
    _flag("attachable", "Attachable"),
    _flag("internal", "Internal"),
    _flag("ingress", "Ingress"),
    Field("scope", at("Scope"), default=SWARM, spec={"choices": [LOCAL, SWARM]}),
    _flag("config_only", "ConfigOnly"),
    Field("config_from", at("ConfigFrom", "Network"), codec=_OR_NOTHING, default=""),
    Field("ipam_driver", at("IPAM", "Driver"), codec=_OR_DEFAULT, default="default", check=checks.ipam_driver),
    Options("ipam_driver_options", at("IPAM", "Options"), (SERIAL,)),
    Pools("ipam_config", at("IPAM", "Config")),
    Field("enable_ipv4", at("EnableIPv4"), type="bool", default=True, since="1.48"),
    _flag("enable_ipv6", "EnableIPv6"),
    DictField(
        "labels",
        at("Labels"),
        STRINGS,
        merged=lambda params: params.get("labels_state") == "merge",
        kept=is_of_a_stack,
    ),
)

# What the engine does not tell of a network to which no addresses were given yet.
UNTOLD = ("driver", "driver_options", "encrypted", "ipam_driver", "ipam_driver_options", "ipam_config")


def allocated(network: Document) -> bool:
    """Whether the manager has given it what it needs. The engine answers 201 before, and also if it never will."""
    if network["Scope"] != SWARM:
        return True
    pools = (network.get("IPAM") or {}).get("Config")
    return bool(network["Driver"]) and (network["Driver"] in OF_NODES or bool(pools))


# What GET /networks/{id} tells that POST /networks/create does not take (API 1.52: NetworkInspect, NetworkCreateRequest).
_ANSWERS_ALONE = ("Id", "Created", "Containers", "Peers", "Services", "Status")


def as_request(network: Document) -> Document:
    """What to send to have the same network again, addresses and keys that this collection does not know included."""
    rebuilt = ("IPAM", "ConfigFrom", *_ANSWERS_ALONE)
    request = {key: value for key, value in network.items() if key not in rebuilt}
    request["Driver"] = network["Driver"] or OVERLAY  # not told before it has addresses
    ipam = dict(network.get("IPAM") or {})
    ipam["Options"] = {k: v for k, v in (ipam.get("Options") or {}).items() if k != SERIAL} or None
    request["Options"] = {k: v for k, v in (network.get("Options") or {}).items() if k != VXLAN}
    request["Labels"] = network.get("Labels") or {}
    config_from = (network.get("ConfigFrom") or {}).get("Network")
    if config_from:
        request["ConfigFrom"] = {"Network": config_from}
    elif network["ConfigOnly"] or (allocated(network) and network["Driver"] not in OF_NODES):
        request["IPAM"] = ipam
    if network["ConfigOnly"]:
        for key in ("Scope", "Driver"):
            request.pop(key)
    return request
