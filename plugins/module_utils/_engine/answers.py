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


# Types are scalars, where int is whole or not; a list has the shape of its items; a mapping names keys of an object,
# those that must be there with an exclamation mark; a function returns the shape for a value.
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

# What is not required may be missing, objects and lists may be null, and keys that are not named may hold anything.


def _texts(*names: str) -> Object:
    return dict.fromkeys(names, str)


def _numbers(*names: str) -> Object:
    return dict.fromkeys(names, int)


def _flags(*names: str) -> Object:
    return dict.fromkeys(names, bool)


_LABELS = Each(str)
_DRIVER: Object = {"Name": str, "Options": _LABELS}
_RESOURCES: Object = {
    **_numbers("NanoCPUs", "MemoryBytes", "Pids"),
    "GenericResources": [
        {"DiscreteResourceSpec": {"Kind": str, "Value": int}, "NamedResourceSpec": _texts("Kind", "Value")}
    ],
}
_TLS = _texts("TrustRoot", "CertIssuerSubject", "CertIssuerPublicKey")
_PLATFORM = _texts("OS", "Architecture")
_STAMPED: Object = {"ID!": str, "Version": {"Index!": int}, "CreatedAt": _TIME, "UpdatedAt": _TIME}
_VERSIONED: Object = {**_STAMPED, "Version!": {"Index!": int}}
_NODE: Object = {
    **_VERSIONED,
    "Spec!": {**_texts("Name", "Role", "Availability"), "Labels": _LABELS},
    "Description": {
        "Hostname": str,
        "Platform": _PLATFORM,
        "Resources": _RESOURCES,
        "Engine": {"EngineVersion": str, "Labels": _LABELS, "Plugins": [_texts("Type", "Name")]},
        "TLSInfo": _TLS,
    },
    "Status": _texts("State", "Message", "Addr"),
    "ManagerStatus": {"Leader": bool, **_texts("Reachability", "Addr")},
}
_REFERENCE_FILE: Object = {**_texts("Name", "UID", "GID"), "Mode": int}
_MOUNT: Object = {
    **_texts("Type", "Source", "Target", "Consistency"),
    "ReadOnly": bool,
    "BindOptions": {"Propagation": str, "NonRecursive": bool},
    "VolumeOptions": {"NoCopy": bool, "Labels": _LABELS, "DriverConfig": _DRIVER, "Subpath": str},
    "TmpfsOptions": _numbers("SizeBytes", "Mode"),
}
_CONTAINER: Object = {
    **_texts("Image", "Hostname", "Dir", "User", "StopSignal", "Isolation"),
    **_flags("TTY", "OpenStdin", "ReadOnly", "Init"),
    **_numbers("StopGracePeriod", "OomScoreAdj"),
    **{key: [str] for key in ("Command", "Args", "Env", "Groups", "Hosts", "CapabilityAdd", "CapabilityDrop")},
    "Labels": _LABELS,
    "Sysctls": _LABELS,
    "Privileges": {
        "CredentialSpec": _texts("Config", "File", "Registry"),
        "SELinuxContext": {"Disable": bool, **_texts("User", "Role", "Type", "Level")},
        "Seccomp": _texts("Mode", "Profile"),
        "AppArmor": {"Mode": str},
        "NoNewPrivileges": bool,
    },
    "Mounts": [_MOUNT],
    "Healthcheck": {
        "Test": [str],
        **_numbers("Interval", "Timeout", "Retries", "StartPeriod", "StartInterval"),
    },
    "DNSConfig": {"Nameservers": [str], "Search": [str], "Options": [str]},
    "Secrets": [{"File": _REFERENCE_FILE, **_texts("SecretID", "SecretName")}],
    "Configs": [{"File": _REFERENCE_FILE, "Runtime": {}, **_texts("ConfigID", "ConfigName")}],
    "Ulimits": [{"Name": str, **_numbers("Soft", "Hard")}],
}
_ATTACHED: t.Sequence[Shape] = [{"Target!": str, "Aliases": [str], "DriverOpts": _LABELS}]
_TASK_SPEC: Object = {
    "ContainerSpec": _CONTAINER,
    "PluginSpec": {**_texts("Name", "Remote"), "Disabled": bool, "Env": [str], "PluginPrivilege": [{"Name": str}]},
    "NetworkAttachmentSpec": {"ContainerID": str},
    "Resources": {"Limits": _RESOURCES, "Reservations": _RESOURCES, **_numbers("SwapBytes", "MemorySwappiness")},
    "RestartPolicy": {"Condition": str, **_numbers("Delay", "MaxAttempts", "Window")},
    "Placement": {
        "Constraints": [str],
        "Preferences": [{"Spread": {"SpreadDescriptor": str}}],
        "MaxReplicas": int,
        "Platforms": [_PLATFORM],
    },
    "ForceUpdate": int,
    "Runtime": str,
    "Networks": _ATTACHED,
    "LogDriver": _DRIVER,
}
_UPDATE: Object = {
    **_numbers("Parallelism", "Delay", "Monitor", "MaxFailureRatio"),
    **_texts("FailureAction", "Order"),
}
_PORTS: t.Sequence[Shape] = [{**_texts("Name", "Protocol", "PublishMode"), **_numbers("TargetPort", "PublishedPort")}]
_SERVICE_SPEC: Object = {
    "Name!": str,
    "Labels": _LABELS,
    "TaskTemplate!": _TASK_SPEC,
    "Mode!": {
        "Replicated": {"Replicas": int},
        "Global": {},
        "ReplicatedJob": _numbers("MaxConcurrent", "TotalCompletions"),
        "GlobalJob": {},
    },
    "UpdateConfig": _UPDATE,
    "RollbackConfig": _UPDATE,
    "Networks": _ATTACHED,
    "EndpointSpec": {"Mode": str, "Ports": _PORTS},
}
_SERVICE: Object = {
    **_VERSIONED,
    "Spec!": _SERVICE_SPEC,
    "PreviousSpec": _SERVICE_SPEC,
    "Endpoint": {
        "Spec": {"Mode": str, "Ports": _PORTS},
        "Ports": _PORTS,
        "VirtualIPs": [_texts("NetworkID", "Addr")],
    },
    "UpdateStatus": {"StartedAt": _TIME, "CompletedAt": _TIME, **_texts("State", "Message")},
    "ServiceStatus": _numbers("RunningTasks", "DesiredTasks", "CompletedTasks"),
    "JobStatus": {"JobIteration": {"Index": int}, "LastExecution": _TIME},
}
_NETWORK_SPEC: Object = {"Labels": _LABELS, "DriverConfiguration": _DRIVER, **_texts("Name", "Scope")}
_TASK: Object = {
    **_STAMPED,
    **_texts("Name", "ServiceID", "NodeID"),
    "Labels": _LABELS,
    "Spec": _TASK_SPEC,
    "Slot": int,
    "Status!": {
        "Timestamp": _TIME,
        "State!": str,
        **_texts("Message", "Err"),
        "ContainerStatus": {"ContainerID": str, **_numbers("PID", "ExitCode")},
        "PortStatus": {"Ports": _PORTS},
    },
    "DesiredState!": str,
    "JobIteration": {"Index": int},
    "NetworksAttachments": [{"Network": {"ID": str, "Spec": _NETWORK_SPEC}, "Addresses": [str]}],
}
_NETWORK: Object = {
    "Name!": str,
    "Id!": str,
    "Created": _TIME,
    **_texts("Scope", "Driver"),
    **_flags("EnableIPv4", "EnableIPv6", "Internal", "Attachable", "Ingress", "ConfigOnly"),
    "IPAM": {
        "Driver": str,
        "Options": _LABELS,
        "Config": [{"Subnet!": _SUBNET, **_texts("IPRange", "Gateway"), "AuxiliaryAddresses": _LABELS}],
    },
    "ConfigFrom": {"Network": str},
    "Containers": Each(_texts("Name", "EndpointID")),
    "Options": _LABELS,
    "Labels": _LABELS,
    "Peers": [_texts("Name", "IP")],
    "Services": Each({}),
}
_SECRET_CONFIG: Object = {
    **_VERSIONED,
    "Spec!": {"Name!": str, "Labels": _LABELS, "Data": _BASE64, "Driver": _DRIVER, "Templating": _DRIVER},
}
_TOPOLOGY = [{"Segments": _LABELS}]
_VOLUME: Object = {
    "Name!": str,
    **_texts("Driver", "Scope", "CreatedAt"),
    "Labels": _LABELS,
    "Options": _LABELS,
    "ClusterVolume": {
        **_STAMPED,
        "Spec": {
            **_texts("Group", "Availability"),
            "AccessMode": {**_texts("Scope", "Sharing"), "MountVolume": {}, "BlockVolume": {}},
            "Secrets": [_texts("Key", "Secret")],
            "AccessibilityRequirements": {"Requisite": _TOPOLOGY, "Preferred": _TOPOLOGY},
            "CapacityRange": _numbers("RequiredBytes", "LimitBytes"),
        },
        "Info": {"CapacityBytes": int, "VolumeContext": _LABELS, "VolumeID": str, "AccessibleTopology": _TOPOLOGY},
        "PublishStatus": [{**_texts("NodeID", "State"), "PublishContext": _LABELS}],
    },
}
_CLUSTER: Object = {
    **_VERSIONED,
    "Spec!": {
        "Name": str,
        "Labels": _LABELS,
        "Orchestration": {"TaskHistoryRetentionLimit": int},
        "Raft": _numbers(
            "SnapshotInterval", "KeepOldSnapshots", "LogEntriesForSlowFollowers", "ElectionTick", "HeartbeatTick"
        ),
        "Dispatcher": {"HeartbeatPeriod": int},
        "CAConfig": {
            **_numbers("NodeCertExpiry", "ForceRotate"),
            "ExternalCAs": [{**_texts("Protocol", "URL", "CACert"), "Options": _LABELS}],
            **_texts("SigningCACert", "SigningCAKey"),
        },
        "EncryptionConfig": {"AutoLockManagers": bool},
        "TaskDefaults": {"LogDriver": _DRIVER},
    },
    "TLSInfo": _TLS,
    "RootRotationInProgress": bool,
    "DefaultAddrPool": [_SUBNET],
    **_numbers("SubnetSize", "DataPathPort"),
}


def _cluster_of_info(cluster: object) -> Shape:
    """Return its shape. A manager without a leader sends an empty one."""
    return _CLUSTER if isinstance(cluster, dict) and cluster.get("ID") else {"ID": str}


_INFO: Object = {
    **_texts("Name", "ServerVersion", "DockerRootDir"),
    "ContainersRunning": int,
    "Swarm": {
        **_texts("NodeID", "NodeAddr", "LocalNodeState", "Error"),
        "ControlAvailable": bool,
        "RemoteManagers": [_texts("NodeID", "Addr")],
        "Cluster": _cluster_of_info,
        "Warnings": [str],
    },
    "Plugins": {"Volume": [str], "Network": [str], "Log": [str]},
}

# The first that matches a path counts. Method, pattern of the path without version and query, shape.
_SHAPES: tuple[tuple[str, str, Shape], ...] = (
    ("GET", r"/info", _INFO),
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
    ("GET", r"/distribution/.*", {"Descriptor!": {"digest!": str}, "Platforms": [_texts("os", "architecture")]}),
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
