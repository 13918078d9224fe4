# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a ServiceSpec is made of, in Go's types; `always` marks what an answer shows even when it is zero."""

from __future__ import annotations

from typing import Any


def _always(shape: Any) -> tuple[str, Any]:
    return ("always", shape)


def _pointer(shape: Any) -> tuple[str, Any]:
    return ("pointer", shape)


_MAP = ("map", "string")
_STRINGS = ["string"]
_NETWORKS = [{"Target": "string", "Aliases": _STRINGS, "DriverOpts": _MAP}]
_DRIVER = {"Name": "string", "Options": _MAP}

_PRIVILEGES = {
    "CredentialSpec": _always(
        _pointer({"Config": _always("string"), "File": _always("string"), "Registry": _always("string")})
    ),
    "SELinuxContext": _always(
        _pointer(
            {"Disable": _always("bool"), **dict.fromkeys(("User", "Role", "Type", "Level"), _always("string"))},
        )
    ),
    "Seccomp": _pointer({"Mode": "string", "Profile": "[]uint8"}),
    "AppArmor": _pointer({"Mode": "string"}),
    "NoNewPrivileges": _always("bool"),
}

_MOUNT = {
    "Type": "string",
    "Source": "string",
    "Target": "string",
    "ReadOnly": "bool",
    "BindOptions": _pointer({"Propagation": "string", "NonRecursive": "bool"}),
    "VolumeOptions": _pointer(
        {"NoCopy": "bool", "Labels": _MAP, "Subpath": "string", "DriverConfig": _pointer(_DRIVER)},
    ),
    "TmpfsOptions": _pointer({"SizeBytes": "int64", "Mode": "uint32", "Options": [_STRINGS]}),
}

_HEALTHCHECK = {
    "Test": _STRINGS,
    **dict.fromkeys(("Interval", "Timeout", "StartPeriod", "StartInterval"), "int64"),
    "Retries": "int",
}

_FILE = {
    "Name": _always("string"),
    "UID": _always("string"),
    "GID": _always("string"),
    "Mode": _always("uint32"),
}

_CONTAINER = {
    "Image": "string",
    "Labels": _MAP,
    "Command": _STRINGS,
    "Args": _STRINGS,
    "Hostname": "string",
    "Env": _STRINGS,
    "Dir": "string",
    "User": "string",
    "Groups": _STRINGS,
    "Privileges": _pointer(_PRIVILEGES),
    "Init": _pointer("bool"),
    "StopSignal": "string",
    "TTY": "bool",
    "OpenStdin": "bool",
    "ReadOnly": "bool",
    "Mounts": [_MOUNT],
    "StopGracePeriod": _pointer("int64"),
    "Healthcheck": _pointer(_HEALTHCHECK),
    "Hosts": _STRINGS,
    "DNSConfig": _pointer({"Nameservers": _STRINGS, "Search": _STRINGS, "Options": _STRINGS}),
    "Secrets": [
        {"File": _always(_pointer(_FILE)), "SecretID": _always("string"), "SecretName": _always("string")},
    ],
    "Configs": [
        {
            "File": _pointer(_FILE),
            "Runtime": _pointer({}),
            "ConfigID": _always("string"),
            "ConfigName": _always("string"),
        },
    ],
    "Isolation": "string",
    "Sysctls": _MAP,
    "CapabilityAdd": _STRINGS,
    "CapabilityDrop": _STRINGS,
    "Ulimits": [{"Name": _always("string"), "Hard": _always("int64"), "Soft": _always("int64")}],
    "OomScoreAdj": "int64",
}

_RESOURCES = {
    "Limits": _pointer({"NanoCPUs": "int64", "MemoryBytes": "int64", "Pids": "int64"}),
    "Reservations": _pointer(
        {
            "NanoCPUs": "int64",
            "MemoryBytes": "int64",
            "GenericResources": [
                {
                    "NamedResourceSpec": _pointer({"Kind": "string", "Value": "string"}),
                    "DiscreteResourceSpec": _pointer({"Kind": "string", "Value": "int64"}),
                },
            ],
        },
    ),
}

_PLACEMENT = {
    "Constraints": _STRINGS,
    "Preferences": [{"Spread": _pointer({"SpreadDescriptor": _always("string")})}],
    "MaxReplicas": "uint64",
    "Platforms": [{"Architecture": "string", "OS": "string"}],
}

_PLUGIN = {
    "name": "string",
    "remote": "string",
    "privileges": [{"name": "string", "description": "string", "value": _STRINGS}],
    "disabled": "bool",
    "env": _STRINGS,
}

_UPDATE = {
    "Parallelism": _always("uint64"),
    "Delay": "int64",
    "FailureAction": "string",
    "Monitor": "int64",
    "MaxFailureRatio": _always("float32"),
    "Order": "string",
}

SPEC_SHAPE = {
    "Name": "string",
    "Labels": _always(_MAP),
    "TaskTemplate": {
        "ContainerSpec": _pointer(_CONTAINER),
        "PluginSpec": _pointer(_PLUGIN),
        "NetworkAttachmentSpec": _pointer({"ContainerID": "string"}),
        "Resources": _pointer(_RESOURCES),
        "RestartPolicy": _pointer(
            {
                "Condition": "string",
                "Delay": _pointer("int64"),
                "MaxAttempts": _always("uint64"),
                "Window": _pointer("int64"),
            },
        ),
        "Placement": _pointer(_PLACEMENT),
        "Networks": _NETWORKS,
        "LogDriver": _pointer(_DRIVER),
        "ForceUpdate": _always("uint64"),
        "Runtime": "string",
    },
    "Mode": {
        "Replicated": _pointer({"Replicas": _pointer("uint64")}),
        "Global": _pointer({}),
        "ReplicatedJob": _pointer({"MaxConcurrent": _pointer("uint64"), "TotalCompletions": _pointer("uint64")}),
        "GlobalJob": _pointer({}),
    },
    "UpdateConfig": _pointer(_UPDATE),
    "RollbackConfig": _pointer(_UPDATE),
    "Networks": _NETWORKS,
    "EndpointSpec": _pointer(
        {
            "Mode": "string",
            "Ports": [
                {
                    "Name": "string",
                    "Protocol": "string",
                    "TargetPort": "uint32",
                    "PublishedPort": "uint32",
                    "PublishMode": "string",
                },
            ],
        },
    ),
}

# Since which API version the engine takes a field from a request; a request of an older version loses it.
SINCE = [
    ("1.40", "TaskTemplate.ContainerSpec.Sysctls"),
    ("1.40", "TaskTemplate.Placement.MaxReplicas"),
    ("1.41", "TaskTemplate.ContainerSpec.CapabilityAdd"),
    ("1.41", "TaskTemplate.ContainerSpec.CapabilityDrop"),
    ("1.41", "TaskTemplate.ContainerSpec.Ulimits"),
    ("1.41", "TaskTemplate.Resources.Limits.Pids"),
    ("1.41", "Mode.ReplicatedJob"),
    ("1.41", "Mode.GlobalJob"),
    ("1.44", "TaskTemplate.ContainerSpec.Healthcheck.StartInterval"),
    ("1.44", "TaskTemplate.ContainerSpec.Privileges.Seccomp"),
    ("1.44", "TaskTemplate.ContainerSpec.Privileges.AppArmor"),
    ("1.44", "TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges"),
    ("1.45", "TaskTemplate.ContainerSpec.Mounts.VolumeOptions.Subpath"),
    ("1.46", "TaskTemplate.ContainerSpec.Mounts.TmpfsOptions.Options"),
    ("1.46", "TaskTemplate.ContainerSpec.OomScoreAdj"),
]
