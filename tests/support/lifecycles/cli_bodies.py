# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of the docker command line for networks, secrets, configs, nodes and the swarm, and the same for our modules.

Those for services are in service_cli.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Options = dict[str, Any]
MISSING = "(missing)"
ANY = "(any)"
NAME = "judged"
# In the folder where the command and the module run.
FILES = {"data": "some \u00fc bytes\n", "ca.pem": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"}


class Row(NamedTuple):
    """:param flags: as typed in a shell. ``ADDRESS`` is that of the engine.
    :param options: what makes the module send the same.
    """

    flags: str
    options: Options


class Kind(NamedTuple):
    """Rows of one command.

    :param command: of the docker command line.
    :param arguments: after the flags.
    :param module: with the options that each task has besides those of the row.
    :param host: number of the lab's engine: a manager, its worker, and one in no swarm.
    :param flags: what has no row, with the reason.
    """

    command: str
    arguments: str
    module: str
    options: Options
    rows: list[Row]
    host: int = 0
    flags: Mapping[str, str] = MappingProxyType({})


class Difference(NamedTuple):
    """What our bodies have otherwise on purpose.

    :param kind: key of KINDS.
    :param path: where, with dots.
    :param theirs: what the docker command line sends; MISSING for nothing, ANY for what the engine has made up.
    :param releases: whose command line or rows have it; empty for all.
    """

    kind: str
    path: str
    theirs: Any
    ours: Any
    reason: str
    releases: tuple[str, ...] = ()

    def covers(self, path: str, theirs: Any, ours: Any) -> bool:
        return self.path == path and self.theirs in (theirs, ANY) and self.ours == ours


def _pool(subnet: str, **more: Any) -> Options:
    return {"ipam_config": [{"subnet": subnet, **more}]}


_OVERLAY = "--driver overlay"
_A = "192.0.2.0/24"
_B = "2001:db8::/64"
NETWORK = [
    Row(_OVERLAY, {}),
    Row(f"{_OVERLAY} --attachable", {"attachable": True}),
    Row(f"{_OVERLAY} --internal", {"internal": True}),
    Row(f"{_OVERLAY} --scope swarm", {"scope": "swarm"}),
    Row(f"{_OVERLAY} --label a=1 --label b", {"labels": {"a": "1", "b": ""}}),
    Row(f"{_OVERLAY} --opt a=1 -o encrypted=", {"driver_options": {"a": "1"}, "encrypted": True}),
    Row(f"{_OVERLAY} --subnet {_A}", _pool(_A)),
    Row(f"{_OVERLAY} --subnet {_A} --gateway 192.0.2.9", _pool(_A, gateway="192.0.2.9")),
    Row(f"{_OVERLAY} --subnet {_A} --ip-range 192.0.2.128/25", _pool(_A, iprange="192.0.2.128/25")),
    Row(
        f"{_OVERLAY} --ipv6 --subnet {_A} --subnet {_B} --gateway 192.0.2.1 --gateway 2001:db8::1",
        {
            "enable_ipv6": True,
            "ipam_config": [
                {"subnet": _A, "gateway": "192.0.2.1"},
                {"subnet": _B, "gateway": "2001:db8::1"},
            ],
        },
    ),
    Row(
        f"{_OVERLAY} --ipam-driver default --ipam-opt a=1",
        {"ipam_driver": "default", "ipam_driver_options": {"a": "1"}},
    ),
    Row("--driver macvlan --scope swarm --config-from base", {"driver": "macvlan", "config_from": "base"}),
    Row(f"--config-only --subnet {_A} --opt parent=lo", {"config_only": True, "driver_options": {"parent": "lo"}, **_pool(_A)}),
    # The engine drops these addresses from networks of a swarm, so ours takes them nowhere else.
    Row(
        f"--config-only --subnet {_A} --aux-address a=192.0.2.5 --aux-address b=192.0.2.6",
        {"config_only": True, **_pool(_A, aux_addresses={"a": "192.0.2.5", "b": "192.0.2.6"})},
    ),
    Row(f"{_OVERLAY} --ingress --subnet {_A}", {"ingress": True, **_pool(_A)}),
]  # fmt: skip
SECRET = [
    Row("", {"data_src": "data"}),
    Row("--label a=1 -l b", {"data_src": "data", "labels": {"a": "1", "b": ""}}),
    Row("--template-driver golang", {"data_src": "data", "template_driver": "golang"}),
]
NODE = [
    Row("--availability pause", {"availability": "pause"}),
    Row("--availability drain", {"availability": "drain"}),
    Row("--role manager", {"role": "manager"}),
    Row("--role worker --availability pause", {"role": "worker", "availability": "pause"}),
    Row("--label-add a=2 --label-add c", {"labels": {"a": "2", "c": ""}}),
    Row("--label-rm a", {"labels_to_remove": ["a"]}),
    Row("--label-rm a --label-rm b", {"labels": {}, "labels_state": "replace"}),
    Row("--label-rm a --label-add c=3", {"labels": {"b": "2", "c": "3"}, "labels_state": "replace"}),
]
_CA = "https://ca.example"
_SETTINGS = [
    Row("--task-history-limit 3", {"task_history_retention_limit": 3}),
    Row("--dispatcher-heartbeat 7s", {"dispatcher_heartbeat_period": "7s"}),
    Row("--cert-expiry 48h", {"node_cert_expiry": "48h"}),
    Row("--autolock", {"autolock_managers": True}),
    Row("--snapshot-interval 500", {"snapshot_interval": 500}),
    Row("--max-snapshots 2", {"keep_old_snapshots": 2}),
    Row(f"--external-ca protocol=cfssl,url={_CA}", {"external_cas": [{"url": _CA}]}),
    Row(
        f"--external-ca protocol=cfssl,url={_CA},a=1 --external-ca protocol=cfssl,url={_CA}/2",
        {"external_cas": [{"url": _CA, "options": {"a": "1"}}, {"url": f"{_CA}/2"}]},
    ),
]
INIT = [
    Row("", {}),
    *_SETTINGS,
    Row("--listen-addr ADDRESS:2399", {"listen_addr": "ADDRESS:2399"}),
    Row("--advertise-addr ADDRESS", {"advertise_addr": "ADDRESS"}),
    Row("--data-path-addr ADDRESS", {"data_path_addr": "ADDRESS"}),
    Row("--data-path-port 5000", {"data_path_port": 5000}),
    Row("--default-addr-pool 10.9.0.0/16", {"default_addr_pool": ["10.9.0.0/16"]}),
    Row(
        "--default-addr-pool 10.9.0.0/16 --default-addr-pool 10.8.0.0/16 --default-addr-pool-mask-length 26",
        {"default_addr_pool": ["10.9.0.0/16", "10.8.0.0/16"], "subnet_size": 26},
    ),
    Row("--availability drain", {"availability": "drain"}),
]
UPDATE = [*_SETTINGS, Row("--autolock=true --task-history-limit 0", {"autolock_managers": True, "task_history_retention_limit": 0})]  # fmt: skip
_QUIET = {"--quiet": "prints less"}
SHORT = {"-o": "--opt", "-l": "--label"}

KINDS = {
    "network": Kind(
        "network create", NAME, "swarm_network", {"name": NAME}, NETWORK,
        flags={"--ipv4": "an engine makes no network of a swarm without, so ours refuses false"},
    ),
    "secret": Kind(
        "secret create", f"{NAME} data", "swarm_secret", {"name": NAME}, SECRET,
        flags={"--driver": "takes no data: a row of its own (secret driver)"},
    ),
    "secret driver": Kind(
        "secret create", NAME, "swarm_secret", {"name": NAME}, [Row("--driver a", {"driver": {"name": "a"}})],
        flags={"--label": "a row of secret", "--template-driver": "a row of secret"},
    ),
    "config": Kind("config create", f"{NAME} data", "swarm_config", {"name": NAME}, SECRET),
    "node": Kind("node update", "WORKER", "swarm_node", {"hostname": "WORKER"}, NODE),
    "init": Kind(
        "swarm init", "", "swarm_init", {}, INIT, host=2,
        flags={"--force-new-cluster": "ours looks for a lost quorum first"},
    ),
    "update": Kind("swarm update", "", "swarm_init", {}, UPDATE),
    "worker token": Kind("swarm join-token", "worker", "swarm_init", {}, [Row("--rotate", {"rotate_worker_token": True})], flags=_QUIET),
    "manager token": Kind("swarm join-token", "manager", "swarm_init", {}, [Row("--rotate", {"rotate_manager_token": True})], flags=_QUIET),
}  # fmt: skip

# Creates: what the engine's decoder makes of a key that is not there (Go's zero values). Objects are listed below, as
# the engine may tell an empty one from none (Placement, K1). Updates replace the spec, so there nothing may be missing.
NEW = {"network", "secret", "secret driver", "config", "init", "service create"}
ZERO: list[Any] = [None, False, 0, "", []]
_DEFAULT = "the engine's default"
_STRUCT = "a part of the struct, so the engine has the same with and without it (moby, api/types/swarm/swarm.go)"
_EMPTY_MAP = "an empty map, which the engine only iterates over"
DIFFERENCES = [
    Difference("network", "body.Labels", {}, MISSING, _EMPTY_MAP),
    Difference("network", "body.Options", {}, MISSING, _EMPTY_MAP),
    Difference("network", "body.IPAM.Options", {}, MISSING, _EMPTY_MAP),
    Difference("network", "body.IPAM.Driver", "default", MISSING, _DEFAULT),
    Difference("network", "body.IPAM", {"Driver": "default", "Options": {}, "Config": []}, MISSING, _DEFAULT),
    Difference("network", "body.Scope", "", "swarm", "ours are of the swarm, with any driver"),
    Difference("network", "body.Driver", "bridge", MISSING, "of no use in a config-only network, and the default"),
    Difference("network", "body.CheckDuplicate", MISSING, True, "ours is for older engines too", ("28.5",)),
    *(
        Difference("init", f"body.Spec.{key}", theirs, MISSING, _STRUCT)
        for key, theirs in {
            "CAConfig": {},
            "Dispatcher": {},
            "EncryptionConfig": {"AutoLockManagers": False},
            "Orchestration": {},
            "Raft": {"ElectionTick": 0, "HeartbeatTick": 0},
            "TaskDefaults": {},
        }.items()
    ),
    Difference("service create", "body.Labels", {}, MISSING, _EMPTY_MAP),
    Difference("service create", "body.Mode.Replicated.Replicas", MISSING, 1, _DEFAULT),
    Difference("service create", "body.Mode.ReplicatedJob.MaxConcurrent", MISSING, 1, _DEFAULT),
    Difference("service create", "body.Mode.ReplicatedJob.TotalCompletions", MISSING, 1, _DEFAULT),
    Difference("service create", "body.Mode.ReplicatedJob.TotalCompletions", MISSING, 2, "the engine's default: max_concurrent"),
    Difference("service create", "body.TaskTemplate.LogDriver.Options", MISSING, {}, _EMPTY_MAP),
    Difference(
        "service create", "body.TaskTemplate.ContainerSpec.Mounts.Consistency", "cached", MISSING,
        "the engine stores the same service with and without it (test_service_cli.py)",
    ),
    Difference(
        "service create", "body.UpdateConfig.MaxFailureRatio", 0.33333334, 0.333333333,
        "the same float of 32 bits in the engine (swarmkit, api/types.proto)",
    ),
    Difference("service update", "body.EndpointSpec.Ports.Protocol", "tcp", MISSING, _DEFAULT),
    Difference("service update", "body.EndpointSpec.Ports.PublishMode", "ingress", MISSING, _DEFAULT),
    Difference("service update", "body.TaskTemplate.ContainerSpec.Env", MISSING, [], "no variable, written as an empty list"),
    Difference(
        "service update", "body.TaskTemplate.ContainerSpec.Privileges.CredentialSpec.Config", "", MISSING,
        "the empty text is none",
    ),
    Difference(
        "service update", "query.registryAuthFrom", MISSING, "spec", "read only where the request has no X-Registry-Auth",
    ),
    Difference("init", "body.SubnetSize", 24, MISSING, _DEFAULT),
    Difference(
        "update", "body.CAConfig.ExternalCAs.CACert", ANY, "",
        "the engine takes the swarm's own certificate for none (swarmkit, manager/controlapi/ca_rotation.go)",
    ),
    Difference("update", "body.CAConfig.ExternalCAs.Options", MISSING, {}, _EMPTY_MAP),
]  # fmt: skip
