# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One or two values for every field of swarm, node and join: what the user writes, the engine stores, results show.

The laws in test_field_laws.py run over this table, and fail for a field that is not in it. The options of all other
objects are in tests/support/lifecycles; test_lifecycles_are_complete.py finds missing ones, except for services.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, NamedTuple

from ansible_collections.hive.swarm.plugins.module_utils import _membership, _node, _swarm
from ansible_collections.hive.swarm.plugins.module_utils._core.schema import Field, Schema

PEM_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIBaTCCAQ+gAwIBAgIUSgE=\n-----END CERTIFICATE-----\n"
PEM_KEY = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIKp9\n-----END EC PRIVATE KEY-----\n"


class Value(NamedTuple):
    """A value in three spellings; engine and shown are the user's unless given."""

    user: Any
    engine: Any
    shown: Any


class Wrong(NamedTuple):
    """A value that cannot be meant, and a part of the message that says why."""

    user: Any
    message: str


class Samples(NamedTuple):
    """What the laws need to know of a field.

    wrong: empty where Ansible itself refuses (choices, types).
    resets: what asks the engine for its default; the engine never says it itself.
    """

    values: tuple[Value, ...]
    wrong: tuple[Wrong, ...] = ()
    resets: tuple[Value, ...] = ()


def same(value: Any) -> Value:
    """A value that everybody spells alike."""
    return Value(value, value, value)


def plain(*values: Any, wrong: tuple[Wrong, ...] = ()) -> Samples:
    """A field without a spelling of its own."""
    return Samples(tuple(map(same, values)), wrong)


_BAD_LABELS = (
    Wrong({"a": True}, "the value of 'a' must be a string, not the boolean true. Put it in quotes"),
    Wrong({"a": 1.1}, "the value of 'a' must be a string, not the number 1.1"),
    Wrong({"a": None}, "the value of 'a' must be a string, not null"),
    Wrong({"a": {"b": "c"}}, "the value of 'a' must be a string"),
)
_LABELS = Samples(
    (Value({"zone": "a", "flag": "", "number": 3}, {"zone": "a", "flag": "", "number": "3"}, {"zone": "a", "flag": "", "number": "3"}), same({})),
    _BAD_LABELS,
)  # fmt: skip
_BAD_ADDRESSES = (
    Wrong("", "'' is not a valid address. Write it like 10.0.0.1"),
    Wrong("10.0.0.1:99999", "'99999' is not a valid port (1 to 65535)"),
    Wrong("10.0.0.1:", "'' is not a valid port"),
    Wrong("10.0.0.256", "10.0.0.256 is neither an IP address nor the name of a network interface"),
    Wrong("[fe80::zz]:2377", "fe80::zz is not a valid IPv6 address"),
    Wrong("a name with blanks", "neither an IP address nor the name of a network interface"),
    Wrong("an-interface-with-too-long-a-name", "neither an IP address nor the name of a network interface"),
)
_TO_BIND = plain("192.0.2.1:2377", "eth0", "0.0.0.0:2377", "[fd00::1]:2377", wrong=_BAD_ADDRESSES)
_BAD_ADVERTISED = (
    *_BAD_ADDRESSES,
    Wrong("0.0.0.0", "'0.0.0.0' stands for all addresses"),
    Wrong("[::]:2377", "'[::]:2377' stands for all addresses"),
)
_TO_ADVERTISE = plain("192.0.2.1:2377", "eth0", "fd00::1", "[fd00::1]:2377", wrong=_BAD_ADVERTISED)
_DATA_PATH = plain(
    "192.0.2.1",
    "eth0",
    "fd00::1",
    wrong=(*_BAD_ADVERTISED, Wrong("192.0.2.1:4789", "contains a port. Use only the address or interface")),
)
_AVAILABILITY = plain("drain", "active")
_BAD_DURATIONS = (
    Wrong("soon", "'soon' is not a duration. Write it like 10s, 1m30s, 1.5s or 90d"),
    Wrong("-1h", "'-1h' is not a duration"),
    Wrong("", "'' is not a duration"),
    Wrong(30, "the duration '30' has no unit. Write 30s for seconds"),
    Wrong("5000000000", "the duration '5000000000' has no unit. Write 5s, or 5000000000s for seconds"),
    Wrong(True, "must be a string, not the boolean true"),
    Wrong("107000d", "'107000d' is too large"),
)


def counting(low: int, *values: int) -> Samples:
    """An integer with a lower bound."""
    return plain(*values, wrong=(Wrong(low - 1, f"{low - 1} is out of bounds: it must be at least {low}"),))


def _bad_ticks(low: int) -> tuple[Wrong, ...]:
    """Below the lowest number, and more than 32 bits."""
    return tuple(
        Wrong(ticks, f"{ticks} is out of bounds: it must be from {low} to 4294967295") for ticks in (low - 1, 2**32)
    )


SAMPLES: dict[str, dict[str, Samples]] = {
    "SWARM": {
        "advertise_addr": plain("192.0.2.1", "fd00::1", wrong=_BAD_ADVERTISED),
        "default_addr_pool": Samples(
            (same(["10.20.0.0/16"]), same(["10.20.0.0/16", "10.30.0.0/16"])),
            wrong=(
                Wrong(["10.20.0.0"], "'10.20.0.0' is not a subnet in CIDR notation, such as 10.20.0.0/16"),
                Wrong(["10.20.0.0/33"], "'10.20.0.0/33' is not a subnet in CIDR notation"),
                Wrong(["10.20.0.1/16"], "has host bits set"),
                Wrong(["everything"], "'everything' is not a subnet in CIDR notation"),
            ),
            resets=(Value([], [], ["10.0.0.0/8"]),),
        ),
        "subnet_size": plain(
            25,
            1,
            29,
            wrong=(Wrong(0, "0 is out of bounds: it must be from 1 to 29"), Wrong(30, "30 is out of bounds")),
        ),
        "data_path_port": Samples(
            (same(4790), same(1024), same(49151)),
            (Wrong(1023, "it must be from 1024 to 49151"), Wrong(49152, "it must be from 1024 to 49151")),
            resets=(Value(0, 0, 4789),),
        ),
        "listen_addr": _TO_BIND,
        "data_path_addr": _DATA_PATH,
        "availability": _AVAILABILITY,
        "name": plain("default"),
        "labels": _LABELS,
        "task_history_retention_limit": counting(-1, 3, 0),
        "snapshot_interval": counting(0, 5000, 0),
        "keep_old_snapshots": counting(0, 2, 0),
        "log_entries_for_slow_followers": counting(0, 250, 0),
        "heartbeat_tick": plain(2, 1, wrong=_bad_ticks(1)),
        "election_tick": plain(20, 2, wrong=_bad_ticks(2)),
        "dispatcher_heartbeat_period": Samples(
            (Value("1m30s", 90_000_000_000, "1m30s"), Value("1.5s", 1_500_000_000, "1s500ms"), Value("0", 0, "0s")),
            _BAD_DURATIONS,
        ),
        "node_cert_expiry": Samples(
            (Value("90d", 7_776_000_000_000_000, "2160h"), Value("1h", 3_600_000_000_000, "1h"), Value("0", 0, "0s")),
            (*_BAD_DURATIONS, Wrong("59m", "'59m' is too short. The minimum is 1h")),
        ),
        "external_cas": Samples(
            (
                Value(
                    [{"url": "https://ca.example.com", "protocol": "cfssl", "options": {"a": "b"}, "ca_cert": f"\n{PEM_CERTIFICATE}"}],
                    [{"URL": "https://ca.example.com", "Protocol": "cfssl", "Options": {"a": "b"}, "CACert": PEM_CERTIFICATE}],
                    [{"url": "https://ca.example.com", "protocol": "cfssl", "options": {"a": "b"}, "ca_cert": PEM_CERTIFICATE}],
                ),
                same([]),
            ),
            (
                Wrong([{"url": "http://ca.example.com"}], "external_cas.url: 'http://ca.example.com' must begin with https://"),
                Wrong([{"url": "https://ca.example.com", "options": {"a": 1.5}}], "external_cas.options: the value of 'a'"),
            ),
        ),
        "signing_ca_cert": Samples(
            (Value(f"\n {PEM_CERTIFICATE}\n\n", PEM_CERTIFICATE, PEM_CERTIFICATE), same(PEM_CERTIFICATE)),
            (Wrong("none", "this is no certificate in PEM form"), Wrong(PEM_KEY, "this is no certificate in PEM form")),
        ),
        "signing_ca_key": Samples(
            (Value(PEM_KEY.replace("\n", "\r\n"), PEM_KEY, PEM_KEY),),
            (Wrong("none", "this is no private key in PEM form"), Wrong(PEM_CERTIFICATE, "this is no private key")),
        ),
        "ca_force_rotate": counting(0, 7, 0),
        "autolock_managers": plain(True, False),
    },
    "EXTERNAL_CA": {
        "url": plain("https://ca.example.com/sign", wrong=(Wrong("ca.example.com", "must begin with https://"),)),
        "protocol": plain("cfssl"),
        "options": _LABELS,
        "ca_cert": Samples((Value(f"{PEM_CERTIFICATE}\n", PEM_CERTIFICATE, PEM_CERTIFICATE), same(""))),
    },
    "NODE": {
        "role": plain("manager", "worker"),
        "availability": _AVAILABILITY,
        "labels": _LABELS,
        "name": plain("a name", ""),
    },
    "JOIN_REQUEST": {
        "listen_addr": _TO_BIND,
        "advertise_addr": _TO_ADVERTISE,
        "data_path_addr": _DATA_PATH,
        "availability": _AVAILABILITY,
    },
}  # fmt: skip


def schemas() -> dict[str, Schema]:
    """Return the schemas of plain fields of swarm, node and join, by name.

    The options of services, networks, volumes, secrets and configs are in tests/support/lifecycles.
    """
    found = {}
    for package in (_swarm, _membership, _node):
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, value in vars(loaded).items():
                plain = isinstance(value, Schema) and all(isinstance(item, Field) for item in value.fields)
                if plain and value not in found.values():
                    found[name] = value
    return found


def cases() -> list[tuple[str, Schema, Field, Samples]]:
    """Return each field that has samples, with its schema. Raise LookupError for samples of another schema."""
    known = schemas()
    unknown = sorted(SAMPLES.keys() - known.keys())
    if unknown:
        raise LookupError(
            f"SAMPLES: {', '.join(unknown)}: not a schema of plain fields of swarm, node or join ({', '.join(known)})."
            " Put the values of an option of another object into tests/support/lifecycles."
        )
    return [
        (f"{name}.{field.option}", known[name], field, SAMPLES[name][field.option])
        for name in SAMPLES
        for field in known[name].fields
        if field.option in SAMPLES[name]
    ]
