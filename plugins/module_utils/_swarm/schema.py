# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swarm itself: one document of what is fixed at its creation and of its spec (``SwarmSpec``).

The document is that of ``POST /swarm/init``, which has the same names as what ``GET /info`` returns:
``{"AdvertiseAddr", "DataPathPort", "DefaultAddrPool", "SubnetSize", "Spec": {...}, "TLSInfo": {...}}``.
"""

from __future__ import annotations

from .._core import validators as checks
from .._core import validators as swarm_checks
from .._core.schema import Field, Schema, rows
from .._core.validators import is_ip, same_ip, split_address
from .._core.values import DURATION, LABELS, MISSING, PEM, Codec, Document, Path, Values, at, parse_duration
from .._engine.local_state import Local

_SECOND = 10**9
_HOUR = 3600 * _SECOND
# swarmkit, api/types.proto: ticks have 32 bits, and the engine cuts off what is above.
_MOST = 2**32 - 1
DEFAULT_POOL = "10.0.0.0/8"
DEFAULT_SUBNET_SIZE = 24


def _spec(*keys: str) -> Path:
    return at("Spec", *keys)


def _same_address(live: str | None, wanted: str, params: Values) -> str:
    """The engine reports an IP without port. An interface's name says nothing to compare with."""
    host = split_address(wanted)[0]
    unknown = not is_ip(host)
    return live if live and (unknown or same_ip(host, live)) else wanted


def _check_pool(pools: list[str]) -> None:
    for pool in pools:
        swarm_checks.network(pool)


def _check_expiry(expiry: str) -> None:
    if 0 < parse_duration(expiry) < _HOUR:
        raise ValueError(f"{expiry!r} is too short. The minimum is 1h")


def _check_heartbeat(period: str) -> None:
    """swarmkit takes off up to 500ms (manager/dispatcher/period.go); below, nodes are down and up by turns, and lose their
    tasks (verified with 28.5)."""
    if 0 < parse_duration(period) < _SECOND:
        raise ValueError(f"{period!r} is too short. The minimum is 1s; nodes would count as down, and lose their tasks")


def _check_url(url: str) -> None:
    if not url.startswith("https://"):
        raise ValueError(f"{url!r} must begin with https://")


# moby, daemon/cluster/convert/swarm.go and swarmkit's defaults; 0 and [] are how the default is asked for.
_PORT = Codec(decode=lambda port: port or 4789)
_POOLS = Codec(decode=lambda pools: pools or [DEFAULT_POOL])

EXTERNAL_CA = Schema(
    Field("url", at("URL"), default="", check=_check_url, spec={"required": True}),
    Field("protocol", at("Protocol"), default="cfssl", spec={"choices": ["cfssl"], "default": "cfssl"}),
    Field("options", at("Options"), type="dict", codec=LABELS, default={}),
    Field("ca_cert", at("CACert"), codec=PEM, default="", since="1.30"),
)

SWARM = Schema(
    # Fixed when the swarm is created.
    Field(
        "advertise_addr",
        at("AdvertiseAddr"),
        default="",
        merge_strategy=_same_address,
        immutable=True,
        check=swarm_checks.advertised,
    ),
    Field(
        "default_addr_pool",
        at("DefaultAddrPool"),
        type="list",
        default=[DEFAULT_POOL],
        codec=_POOLS,
        since="1.39",
        immutable=True,
        check=_check_pool,
        spec={"elements": "str"},
    ),
    Field(
        "subnet_size",
        at("SubnetSize"),
        type="int",
        default=0,
        since="1.39",
        immutable=True,
        check=checks.between(1, 29),
    ),
    Field(
        "data_path_port",
        at("DataPathPort"),
        type="int",
        default=4789,
        codec=_PORT,
        since="1.40",
        immutable=True,
        check=lambda port: port == 0 or checks.between(1024, 49151)(port),
    ),
    # Only heard at creation, and told nowhere afterwards.
    Field("listen_addr", at("ListenAddr"), write_only=True, check=swarm_checks.ip_or_interface),
    Field("data_path_addr", at("DataPathAddr"), write_only=True, since="1.30", check=swarm_checks.data_path),
    Field(
        "availability",
        at("Availability"),
        write_only=True,
        since="1.28",
        spec={"choices": ["active", "pause", "drain"]},
    ),
    # The spec.
    Field("name", _spec("Name"), default="default", spec={"choices": ["default"]}),
    Field("labels", _spec("Labels"), type="dict", codec=LABELS, default={}),
    Field(
        "task_history_retention_limit",
        _spec("Orchestration", "TaskHistoryRetentionLimit"),
        type="int",
        default=0,
        check=checks.between(-1),
    ),
    Field("snapshot_interval", _spec("Raft", "SnapshotInterval"), type="int", default=0, check=checks.between(0)),
    Field("keep_old_snapshots", _spec("Raft", "KeepOldSnapshots"), type="int", default=0, check=checks.between(0)),
    Field(
        "log_entries_for_slow_followers",
        _spec("Raft", "LogEntriesForSlowFollowers"),
        type="int",
        default=0,
        check=checks.between(0),
    ),
    Field("heartbeat_tick", _spec("Raft", "HeartbeatTick"), type="int", default=0, check=checks.between(1, _MOST)),
    Field("election_tick", _spec("Raft", "ElectionTick"), type="int", default=0, check=checks.between(2, _MOST)),
    Field(
        "dispatcher_heartbeat_period",
        _spec("Dispatcher", "HeartbeatPeriod"),
        codec=DURATION,
        default="0s",
        check=_check_heartbeat,
    ),
    Field("node_cert_expiry", _spec("CAConfig", "NodeCertExpiry"), codec=DURATION, default="0s", check=_check_expiry),
    Field(
        "external_cas",
        _spec("CAConfig", "ExternalCAs"),
        type="list",
        codec=rows(EXTERNAL_CA),
        default=[],
        spec={"elements": "dict", "options": EXTERNAL_CA.argument_spec()},
    ),
    # Written to Spec.CAConfig.SigningCACert, which is never returned; what the nodes trust is.
    Field(
        "signing_ca_cert",
        at("TLSInfo", "TrustRoot"),
        codec=PEM,
        default="",
        since="1.30",
        check=swarm_checks.pem("CERTIFICATE"),
    ),
    Field(
        "signing_ca_key",
        _spec("CAConfig", "SigningCAKey"),
        codec=PEM,
        write_only=True,
        secret=True,
        since="1.30",
        check=swarm_checks.pem("PRIVATE KEY"),
    ),
    Field(
        "ca_force_rotate",
        _spec("CAConfig", "ForceRotate"),
        type="int",
        default=0,
        since="1.30",
        check=checks.between(0),
    ),
    Field("autolock_managers", _spec("EncryptionConfig", "AutoLockManagers"), type="bool", default=False, since="1.25"),
)

# What the engine makes of an empty init request (seen on 20.10 and 28.5), so that check mode can tell the result.
DEFAULTS: Document = {
    "DefaultAddrPool": [DEFAULT_POOL],
    "SubnetSize": DEFAULT_SUBNET_SIZE,
    "DataPathPort": 4789,
    "Spec": {
        "Name": "default",
        "Labels": {},
        "Orchestration": {"TaskHistoryRetentionLimit": 5},
        "Raft": {
            "SnapshotInterval": 10000,
            "KeepOldSnapshots": 0,
            "LogEntriesForSlowFollowers": 500,
            "HeartbeatTick": 1,
            "ElectionTick": 10,
        },
        "Dispatcher": {"HeartbeatPeriod": 5 * 10**9},
        "CAConfig": {"NodeCertExpiry": 90 * 24 * _HOUR},
        "EncryptionConfig": {"AutoLockManagers": False},
    },
}


def document(local: Local) -> Document:
    """The live document of a healthy manager."""
    return {**(local.cluster or {}), "AdvertiseAddr": local.address}


def spec_to_post(wanted: Document, live: Document | None = None, key: str | None = None) -> Document:
    """The ``SwarmSpec`` of a document, with the signing CA where the engine takes it.

    The certificate goes out only when it is another one than the nodes trust now: the engine takes it as the order
    to rotate.
    """
    spec = wanted.get("Spec", {})
    root = at("TLSInfo", "TrustRoot")
    certificate = root.get(wanted)
    if certificate is MISSING or certificate == root.get(live):
        return spec
    spec = at("CAConfig", "SigningCACert").put(spec, certificate)
    return at("CAConfig", "SigningCAKey").put(spec, PEM.encode(key)) if key else spec
