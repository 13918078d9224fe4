# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape of an engine's answers, to tell an answer that cannot be worked with from a fault of this collection.

The code reads answers as the engine documents them, and an answer of another shape ends in some Python error. Then, and
only then, the last answers are compared with these shapes (moby, api/swagger.yaml): what differs is named, with its request.
Where nothing differs the error is ours, and stays a traceback.
"""

from __future__ import annotations

import base64
import re
import typing as t
from datetime import datetime
from ipaddress import ip_network

from .._core.errors import InvalidAnswer
from .client import Engine

# No answer of an engine is a third as deep, or has longer numbers.
_MAX_DEPTH = 64
_MAX_NUMBER = 2**64


# Types are scalars; a list has the shape of its items; a mapping names keys of an object, those that must be there with
# an exclamation mark; a function returns the shape for a value.
Shape = t.Union[type, "Text", "Each", t.Sequence["Shape"], "Object", t.Callable[[object], "Shape"]]
Object = t.Mapping[str, Shape]


class Each(t.NamedTuple):
    """An object with any keys, whose values have one shape."""

    shape: Shape


class Text(t.NamedTuple):
    """A string of a form. :param kind: what it is called."""

    kind: str
    is_valid: t.Callable[[str], bool]


def _is_time(text: str) -> bool:
    """RFC 3339, as Go writes it; also its zero time, which is in the year 1."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", text, re.ASCII):
        return text == ""
    try:
        return bool(datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))
    except ValueError:
        return False


def _is_subnet(text: str) -> bool:
    try:
        return bool(ip_network(text, strict=False))
    except ValueError:
        return False


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True


_TIME = Text("a time", _is_time)
_SUBNET = Text("a subnet", _is_subnet)
_BASE64 = Text("base64", _is_base64)

# A shape is str, int (whole or not), bool; an object as a dictionary, where "key!" has to be there; a list as [shape].
# A function gives the shape of a value. What is not required may be missing,
# objects and lists may be null, and keys that are not named may hold anything.
_LABELS = Each(str)
_DRIVER: Object = {"Name": str, "Options": _LABELS}
_RESOURCES: Object = {
    "NanoCPUs": int,
    "MemoryBytes": int,
    "Pids": int,
    "GenericResources": [
        {
            "DiscreteResourceSpec": {"Kind": str, "Value": int},
            "NamedResourceSpec": {"Kind": str, "Value": str},
        }
    ],
}
_TLS: Object = {"TrustRoot": str, "CertIssuerSubject": str, "CertIssuerPublicKey": str}
_STAMPED: Object = {"ID!": str, "Version": {"Index!": int}, "CreatedAt": _TIME, "UpdatedAt": _TIME}
_NODE: Object = {
    **_STAMPED,
    "Version!": {"Index!": int},
    "Spec!": {"Name": str, "Labels": _LABELS, "Role": str, "Availability": str},
    "Description": {
        "Hostname": str,
        "Platform": {"OS": str, "Architecture": str},
        "Resources": _RESOURCES,
        "Engine": {"EngineVersion": str, "Labels": _LABELS, "Plugins": [{"Type": str, "Name": str}]},
        "TLSInfo": _TLS,
    },
    "Status": {"State": str, "Message": str, "Addr": str},
    "ManagerStatus": {"Leader": bool, "Reachability": str, "Addr": str},
}
_REFERENCE_FILE: Object = {"Name": str, "UID": str, "GID": str, "Mode": int}
_MOUNT: Object = {
    "Type": str,
    "Source": str,
    "Target": str,
    "ReadOnly": bool,
    "Consistency": str,
    "BindOptions": {"Propagation": str, "NonRecursive": bool},
    "VolumeOptions": {"NoCopy": bool, "Labels": _LABELS, "DriverConfig": _DRIVER, "Subpath": str},
    "TmpfsOptions": {"SizeBytes": int, "Mode": int},
}
_CONTAINER: Object = {
    "Image": str,
    "Labels": _LABELS,
    "Command": [str],
    "Args": [str],
    "Hostname": str,
    "Env": [str],
    "Dir": str,
    "User": str,
    "Groups": [str],
    "Privileges": {
        "CredentialSpec": {"Config": str, "File": str, "Registry": str},
        "SELinuxContext": {"Disable": bool, "User": str, "Role": str, "Type": str, "Level": str},
        "Seccomp": {"Mode": str, "Profile": str},
        "AppArmor": {"Mode": str},
        "NoNewPrivileges": bool,
    },
    "TTY": bool,
    "OpenStdin": bool,
    "ReadOnly": bool,
    "Mounts": [_MOUNT],
    "StopSignal": str,
    "StopGracePeriod": int,
    "Healthcheck": {
        "Test": [str],
        "Interval": int,
        "Timeout": int,
        "Retries": int,
        "StartPeriod": int,
        "StartInterval": int,
    },
    "Hosts": [str],
    "DNSConfig": {"Nameservers": [str], "Search": [str], "Options": [str]},
    "Secrets": [{"File": _REFERENCE_FILE, "SecretID": str, "SecretName": str}],
    "Configs": [{"File": _REFERENCE_FILE, "Runtime": {}, "ConfigID": str, "ConfigName": str}],
    "Isolation": str,
    "Init": bool,
    "Sysctls": _LABELS,
    "CapabilityAdd": [str],
    "CapabilityDrop": [str],
    "Ulimits": [{"Name": str, "Soft": int, "Hard": int}],
    "OomScoreAdj": int,
}
_ATTACHED: t.Sequence[Shape] = [{"Target!": str, "Aliases": [str], "DriverOpts": _LABELS}]
_TASK_SPEC: Object = {
    "ContainerSpec": _CONTAINER,
    "PluginSpec": {"Name": str, "Remote": str, "Disabled": bool, "Env": [str], "PluginPrivilege": [{"Name": str}]},
    "NetworkAttachmentSpec": {"ContainerID": str},
    "Resources": {"Limits": _RESOURCES, "Reservations": _RESOURCES, "SwapBytes": int, "MemorySwappiness": int},
    "RestartPolicy": {"Condition": str, "Delay": int, "MaxAttempts": int, "Window": int},
    "Placement": {
        "Constraints": [str],
        "Preferences": [{"Spread": {"SpreadDescriptor": str}}],
        "MaxReplicas": int,
        "Platforms": [{"OS": str, "Architecture": str}],
    },
    "ForceUpdate": int,
    "Runtime": str,
    "Networks": _ATTACHED,
    "LogDriver": _DRIVER,
}
_UPDATE: Object = {
    "Parallelism": int,
    "Delay": int,
    "FailureAction": str,
    "Monitor": int,
    "MaxFailureRatio": int,
    "Order": str,
}
_PORTS: t.Sequence[Shape] = [
    {"Name": str, "Protocol": str, "TargetPort": int, "PublishedPort": int, "PublishMode": str}
]
_SERVICE_SPEC: Object = {
    "Name!": str,
    "Labels": _LABELS,
    "TaskTemplate!": _TASK_SPEC,
    "Mode!": {
        "Replicated": {"Replicas": int},
        "Global": {},
        "ReplicatedJob": {"MaxConcurrent": int, "TotalCompletions": int},
        "GlobalJob": {},
    },
    "UpdateConfig": _UPDATE,
    "RollbackConfig": _UPDATE,
    "Networks": _ATTACHED,
    "EndpointSpec": {"Mode": str, "Ports": _PORTS},
}
_SERVICE: Object = {
    **_STAMPED,
    "Version!": {"Index!": int},
    "Spec!": _SERVICE_SPEC,
    "PreviousSpec": {**_SERVICE_SPEC, "Name!": str},
    "Endpoint": {
        "Spec": {"Mode": str, "Ports": _PORTS},
        "Ports": _PORTS,
        "VirtualIPs": [{"NetworkID": str, "Addr": str}],
    },
    "UpdateStatus": {"State": str, "StartedAt": _TIME, "CompletedAt": _TIME, "Message": str},
    "ServiceStatus": {"RunningTasks": int, "DesiredTasks": int, "CompletedTasks": int},
    "JobStatus": {"JobIteration": {"Index": int}, "LastExecution": _TIME},
}
_NETWORK_SPEC: Object = {"Name": str, "Labels": _LABELS, "DriverConfiguration": _DRIVER, "Scope": str}
_TASK: Object = {
    **_STAMPED,
    "Name": str,
    "Labels": _LABELS,
    "Spec": _TASK_SPEC,
    "ServiceID": str,
    "Slot": int,
    "NodeID": str,
    "Status!": {
        "Timestamp": _TIME,
        "State!": str,
        "Message": str,
        "Err": str,
        "ContainerStatus": {"ContainerID": str, "PID": int, "ExitCode": int},
        "PortStatus": {"Ports": _PORTS},
    },
    "DesiredState!": str,
    "JobIteration": {"Index": int},
    "NetworksAttachments": [{"Network": {"ID": str, "Spec": _NETWORK_SPEC}, "Addresses": [str]}],
}
_IPAM: Object = {
    "Driver": str,
    "Options": _LABELS,
    "Config": [{"Subnet!": _SUBNET, "IPRange": str, "Gateway": str, "AuxiliaryAddresses": _LABELS}],
}
_NETWORK: Object = {
    "Name!": str,
    "Id!": str,
    "Created": _TIME,
    "Scope": str,
    "Driver": str,
    "EnableIPv4": bool,
    "EnableIPv6": bool,
    "IPAM": _IPAM,
    "Internal": bool,
    "Attachable": bool,
    "Ingress": bool,
    "ConfigFrom": {"Network": str},
    "ConfigOnly": bool,
    "Containers": Each({"Name": str, "EndpointID": str}),
    "Options": _LABELS,
    "Labels": _LABELS,
    "Peers": [{"Name": str, "IP": str}],
    "Services": Each({}),
}
_SECRET_CONFIG: Object = {
    **_STAMPED,
    "Version!": {"Index!": int},
    "Spec!": {"Name!": str, "Labels": _LABELS, "Data": _BASE64, "Driver": _DRIVER, "Templating": _DRIVER},
}
_TOPOLOGY = [{"Segments": _LABELS}]
_VOLUME: Object = {
    "Name!": str,
    "Driver": str,
    "Labels": _LABELS,
    "Options": _LABELS,
    "Scope": str,
    "CreatedAt": str,
    "ClusterVolume": {
        **_STAMPED,
        "Spec": {
            "Group": str,
            "AccessMode": {"Scope": str, "Sharing": str, "MountVolume": {}, "BlockVolume": {}},
            "Secrets": [{"Key": str, "Secret": str}],
            "AccessibilityRequirements": {"Requisite": _TOPOLOGY, "Preferred": _TOPOLOGY},
            "CapacityRange": {"RequiredBytes": int, "LimitBytes": int},
            "Availability": str,
        },
        "Info": {"CapacityBytes": int, "VolumeContext": _LABELS, "VolumeID": str, "AccessibleTopology": _TOPOLOGY},
        "PublishStatus": [{"NodeID": str, "State": str, "PublishContext": _LABELS}],
    },
}
_CLUSTER: Object = {
    **_STAMPED,
    "Spec!": {
        "Name": str,
        "Labels": _LABELS,
        "Orchestration": {"TaskHistoryRetentionLimit": int},
        "Raft": {
            "SnapshotInterval": int,
            "KeepOldSnapshots": int,
            "LogEntriesForSlowFollowers": int,
            "ElectionTick": int,
            "HeartbeatTick": int,
        },
        "Dispatcher": {"HeartbeatPeriod": int},
        "CAConfig": {
            "NodeCertExpiry": int,
            "ExternalCAs": [{"Protocol": str, "URL": str, "Options": _LABELS, "CACert": str}],
            "SigningCACert": str,
            "SigningCAKey": str,
            "ForceRotate": int,
        },
        "EncryptionConfig": {"AutoLockManagers": bool},
        "TaskDefaults": {"LogDriver": _DRIVER},
    },
    "Version!": {"Index!": int},
    "TLSInfo": _TLS,
    "RootRotationInProgress": bool,
    "DefaultAddrPool": [_SUBNET],
    "SubnetSize": int,
    "DataPathPort": int,
}


def _cluster_of_info(cluster: object) -> Shape:
    """Return its shape. A manager without a leader sends an empty one."""
    return _CLUSTER if isinstance(cluster, dict) and cluster.get("ID") else {"ID": str}


_INFO: Object = {
    "Name": str,
    "ServerVersion": str,
    "DockerRootDir": str,
    "ContainersRunning": int,
    "Swarm": {
        "NodeID": str,
        "NodeAddr": str,
        "LocalNodeState": str,
        "ControlAvailable": bool,
        "Error": str,
        "RemoteManagers": [{"NodeID": str, "Addr": str}],
        "Cluster": _cluster_of_info,
        "Warnings": [str],
    },
}
_PLUGIN_OF_INFO: Object = {"Plugins": {"Volume": [str], "Network": [str], "Log": [str]}}

# The first that matches a path counts. Method, pattern of the path without version and query, shape.
_SHAPES: tuple[tuple[str, str, Shape], ...] = (
    ("GET", r"/info", {**_INFO, **_PLUGIN_OF_INFO}),
    ("GET", r"/swarm", {**_CLUSTER, "JoinTokens!": {"Worker!": str, "Manager!": str}}),
    ("GET", r"/swarm/unlockkey", {"UnlockKey!": str}),
    ("GET", r"/nodes", [_NODE]),
    ("GET", r"/nodes/.*", _NODE),
    ("GET", r"/services", [_SERVICE]),
    ("GET", r"/services/.*", _SERVICE),
    ("GET", r"/tasks", [_TASK]),
    ("GET", r"/tasks/.*", _TASK),
    ("GET", r"/networks", [_NETWORK]),
    ("GET", r"/networks/.*", _NETWORK),
    ("GET", r"/(secrets|configs)", [_SECRET_CONFIG]),
    ("GET", r"/(secrets|configs)/.*", _SECRET_CONFIG),
    ("GET", r"/volumes", {"Volumes": [_VOLUME], "Warnings": [str]}),
    ("GET", r"/volumes/.*", _VOLUME),
    (
        "GET",
        r"/distribution/.*",
        {"Descriptor!": {"digest!": str}, "Platforms": [{"os": str, "architecture": str}]},
    ),
    ("POST", r"/swarm/init", str),
    ("POST", r"/networks/create", {"Id!": str, "Warning": str}),
    ("POST", r"/volumes/create", _VOLUME),
    ("POST", r"/services/create", {"ID!": str, "Warning": str, "Warnings": [str]}),
    ("POST", r"/services/.*", {"Warnings": [str]}),
    ("POST", r"/(secrets|configs)/create", {"ID!": str}),
)


def explained(engines: t.Iterable[Engine]) -> InvalidAnswer | None:
    """Return the answer of an engine that explains a Python error; None where the answers are as documented."""
    for engine in engines:
        sentence = unexpected(engine)
        if sentence:
            return InvalidAnswer(sentence)
    return None


def unexpected(engine: Engine, whole: bool = True) -> str:
    """Return a sentence on the first of the engine's last answers that has another shape; empty if none has.

    :param whole: whether something that is missing counts too.
    """
    for (method, path), answer in engine.answers.items():
        shape = next((entry[2] for entry in _SHAPES if method == entry[0] and re.fullmatch(entry[1], path)), None)
        problem = _too_deep(answer) or (_problem(answer, shape, "the answer", whole) if shape is not None else "")
        if problem:
            return f"{engine.where} returned an unexpected response to {method} {path}: {problem}. Check that it is a Docker engine."
    return ""


def _too_deep(answer: object) -> str:
    level, depth = [answer], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH:
            return "its nesting is too deep"
        lists = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, (dict, list))]
        level = [item for items in lists for item in items]
    return ""


def _problem(value: object, shape: Shape, place: str, whole: bool) -> str:
    """Return what is wrong with a value, with its place; empty where nothing is."""
    if callable(shape) and not isinstance(shape, type):
        shape = shape(value)
    if isinstance(shape, dict):
        return _problem_of_object(value, shape, place, whole)
    if isinstance(shape, (Each, list)):
        return _problem_of_items(value, shape, place, whole)
    return _problem_of_scalar(value, t.cast("type | Text", shape), place)


def _problem_of_items(value: object, shape: Each | list[Shape], place: str, whole: bool) -> str:
    """A list has no items that are null."""
    if isinstance(shape, Each):
        if not isinstance(value, dict):
            return _differs(value, place, "an object")
        found = (_optional(item, shape.shape, f"{place}.{key}", whole) for key, item in value.items())
    else:
        if not isinstance(value, list):
            return _differs(value, place, "a list")
        found = (_problem(item, shape[0], f"{place}[{at}]", whole) for at, item in enumerate(value))
    return next(filter(None, found), "")


def _problem_of_object(value: object, shape: Object, place: str, whole: bool) -> str:
    if not isinstance(value, dict):
        return _differs(value, place, "an object")
    for key, inner in shape.items():
        name = key.rstrip("!")
        if whole and key != name and (value.get(name) is None or value[name] == ""):
            return f"{place} has no {name}"
        found = _optional(value[name], inner, f"{place}.{name}", whole) if name in value else ""
        if found:
            return found
    return ""


def _optional(value: object, shape: Shape, place: str, whole: bool) -> str:
    """Go writes null for an object or a list that is not there, and never for text or a number."""
    scalar = isinstance(shape, (type, Text))
    return "" if value is None and not scalar else _problem(value, shape, place, whole)


def _problem_of_scalar(value: object, shape: type | Text, place: str) -> str:
    if shape is int:
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MAX_NUMBER
        return "" if number else _differs(value, place, "a number")
    if shape is bool:
        return "" if isinstance(value, bool) else _differs(value, place, "true or false")
    if not isinstance(value, str):
        return _differs(value, place, "a string")
    return "" if isinstance(shape, type) or shape.is_valid(value) else f"{place} is not {shape.kind}"


def _differs(value: object, place: str, expected: str) -> str:
    """Values are not shown: an answer may hold a token."""
    kinds = {
        dict: "an object",
        list: "a list",
        str: "a string",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return f"{place} is {kinds.get(type(value), 'null')}, and not {expected}"
