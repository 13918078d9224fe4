# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of services: how specs are stored, what is refused, how updates go.

Every script begins with a manager whose swarm has nothing in it. BEHAVIOURS tells the fake what real containers do.
"""

from __future__ import annotations

from .dialogue import Ask
from .dialogues import filtered
from .fake_engine import behaviours

IMAGE = "lab/busybox:1"
NOWHERE = "127.0.0.1:1/nope:1"
_FAST = {"Monitor": 100_000_000, "Parallelism": 0}

BEHAVIOURS = {
    "exit3": behaviours.crashed(3, output=["boo"]),
    "ok": behaviours.complete(),
    NOWHERE: behaviours.rejected(f"No such image: {NOWHERE}"),
    "nomount": behaviours.rejected(
        'invalid mount config for type "bind": bind source path does not exist: /nope',
    ),
    "job": behaviours.complete(),
}


def spec(name="x", container=None, task=None, **blocks):
    """A service that sleeps, with more in its container, its task template and its top level."""
    sleeps = {"Image": IMAGE, "Command": ["sleep", "1d"], "StopSignal": "SIGKILL"}
    return {"Name": name, "TaskTemplate": {"ContainerSpec": {**sleeps, **(container or {})}, **(task or {})}, **blocks}


def create(name="x", container=None, task=None, **blocks):
    """It is created."""
    return Ask("POST", "/services/create", 201, body=spec(name, container, task, **blocks))


def refused(status, message, container=None, task=None, **blocks):
    """It is not."""
    return [Ask("POST", "/services/create", status, message, spec("x", container, task, **blocks))]


def invalid(message, container=None, task=None, **blocks):
    """The manager refuses it as invalid."""
    return refused(400, f"rpc error: code = InvalidArgument desc = {message}", container, task, **blocks)


def kept(container=None, task=None, version="", **blocks):
    """What is stored of it."""
    return [
        Ask("POST", f"{version}/services/create", 201, body=spec("x", container, task, **blocks)),
        Ask("GET", "/services/x", until=allocated),
    ]


def allocated(service):
    """Whether the manager has given ports and addresses."""
    wanted = len(service["Endpoint"]["Spec"].get("Ports", [])) if "EndpointSpec" in service["Spec"] else 0
    networks = service["Spec"]["TaskTemplate"].get("Networks", [])
    ready = len(service["Endpoint"].get("VirtualIPs", [])) >= len(networks)
    return len(service["Endpoint"].get("Ports", [])) == wanted and ready and _same_endpoint(service)


def _same_endpoint(service):
    wanted = service["Spec"].get("EndpointSpec", {})
    return service["Endpoint"]["Spec"] == (wanted if wanted.get("Ports") else {})


def running(count):
    """Whether that many tasks run, and no others are left of them."""
    return lambda found: found[0]["ServiceStatus"]["RunningTasks"] == count


def counted(name="x"):
    """The list entry of a service with its counts."""
    return filtered("/services?status=true", {"name": [name]}).replace("true?", "true&")


def updated(state="completed"):
    """Whether an update has got there."""
    return lambda service: service.get("UpdateStatus", {}).get("State") == state


def settled(count):
    """The service, once that many tasks run."""
    return Ask("GET", counted(), until=running(count))


def change(container=None, query="", status=200, message="", **blocks):
    """An update of x."""
    return Ask(
        "POST",
        lambda f: f.update_of("x", query),
        status,
        message,
        lambda f: f.changed("x", container, **blocks),
        again=True,
    )


def tasks_of(*names, **more):
    """The path of the tasks of some services."""
    return filtered("/tasks", {"service": list(names), **more})


PORT = {"TargetPort": 80}
FIXED = {"TargetPort": 80, "PublishedPort": 8080}

STORED = {
    "nothing but an image": kept(),
    "mode": kept(Mode={"Replicated": {}}),
    "no mode": kept(Mode={}),
    "zero values": kept(
        {"Env": [], "Labels": {}, "User": "", "TTY": False, "Groups": None, "Mounts": [], "Healthcheck": {}},
        {"Placement": {}, "LogDriver": {}, "Resources": {}, "Networks": []},
        Labels=None,
        UpdateConfig=None,
    ),
    "empty objects": kept(
        {"DNSConfig": {}, "Privileges": {}, "Init": False},
        {"Resources": {"Limits": {}, "Reservations": {}}, "RestartPolicy": {}},
        UpdateConfig={},
        RollbackConfig={},
        EndpointSpec={},
    ),
    "container": kept(
        {
            "Args": ["a"],
            "Hostname": "h",
            "Env": ["B=1", "A=2", "B=3", "C"],
            "Dir": "/tmp",
            "User": "root",
            "Groups": ["1", "0"],
            "StopSignal": "SIGINT",
            "TTY": True,
            "OpenStdin": True,
            "ReadOnly": True,
            "Hosts": ["10.9.9.9 one two"],
            "Sysctls": {"net.core.somaxconn": "1"},
            "Init": True,
            "CapabilityAdd": ["net_admin"],
            "CapabilityDrop": ["ALL"],
            "Labels": {"a": "b"},
            "Ulimits": [{"Name": "nofile", "Soft": 5}],
            "OomScoreAdj": 5,
            "Isolation": "process",
            "DNSConfig": {"Nameservers": ["10.9.9.9"], "Search": ["b", "a"], "Options": ["x"]},
            "Junk": 1,
        },
    ),
    "health": kept(
        {
            "Healthcheck": {
                "Test": ["CMD", "true"],
                "Interval": 1_000_000,
                "Timeout": 2_000_000,
                "Retries": 3,
                "StartPeriod": 4_000_000,
                "StartInterval": 5_000_000,
            },
        },
    ),
    "mounts": kept(
        {
            "Mounts": [
                {"Target": "/a", "Source": "/tmp", "Consistency": "cached", "BindOptions": {}},
                {"Type": "bind", "Target": "/b", "Source": "/tmp", "BindOptions": {"NonRecursive": True}},
                {"Type": "bind", "Target": "/c", "Source": "/tmp", "BindOptions": {"CreateMountpoint": True}},
                {"Type": "bind", "Target": "/d", "Source": "/tmp", "BindOptions": {"Propagation": "rslave"}},
                {"Type": "volume", "Target": "/e", "VolumeOptions": {}},
                {
                    "Type": "volume",
                    "Target": "/f",
                    "Source": "v",
                    "ReadOnly": True,
                    "VolumeOptions": {"NoCopy": True, "Labels": {"a": "b"}, "Subpath": "s", "DriverConfig": {}},
                },
                {"Type": "tmpfs", "Target": "/g", "TmpfsOptions": {"SizeBytes": 5, "Mode": 1023, "Options": [["x"]]}},
                {"Type": "tmpfs", "Target": "/h", "TmpfsOptions": {}},
                {"Type": "volume"},
            ],
        },
    ),
    "privileges": kept(
        {
            "Privileges": {
                "SELinuxContext": {"User": "u"},
                "Seccomp": {},
                "AppArmor": {"Mode": "disabled"},
                "NoNewPrivileges": True,
            },
        },
    ),
    "words that nobody knows": kept(
        {"Isolation": "bogus", "Privileges": {"Seccomp": {"Mode": "bogus"}, "AppArmor": {"Mode": "bogus"}}},
        EndpointSpec={"Ports": [{"TargetPort": 1, "Protocol": "bogus", "PublishMode": "bogus"}]},
    ),
    "credentials of a file": kept({"Privileges": {"CredentialSpec": {"File": "f"}}}),
    "resources": kept(
        task={
            "Resources": {
                "Limits": {"NanoCPUs": 1_000_000_000, "MemoryBytes": 5_000_000, "Pids": 7},
                "Reservations": {
                    "NanoCPUs": 1_000_000,
                    "MemoryBytes": 5_000_000,
                    "GenericResources": [
                        {"DiscreteResourceSpec": {"Kind": "gpu", "Value": 1}},
                        {"NamedResourceSpec": {"Kind": "gpu", "Value": "a"}},
                    ],
                },
            },
        },
    ),
    "pids alone": kept(task={"Resources": {"Limits": {"Pids": 7}}}),
    "restart at once": kept(task={"RestartPolicy": {"Delay": 0, "Window": 0}}, UpdateConfig={"Delay": 0, "Monitor": 0}),
    "restart": kept(task={"RestartPolicy": {"Delay": 0, "Window": 5, "MaxAttempts": 3, "Condition": "on-failure"}}),
    "placement": kept(
        task={
            "Placement": {
                "Constraints": [" node.role  ==manager", "unknown.key!=x"],
                "Preferences": [{"Spread": {"SpreadDescriptor": "node.labels.a"}}, {}],
                "MaxReplicas": 2,
                "Platforms": [{"Architecture": "x86_64", "OS": "linux"}, {"OS": "linux"}],
            },
        },
    ),
    "log driver": kept(task={"LogDriver": {"Name": "json-file", "Options": {"max-size": "1m"}}}),
    "update": kept(
        UpdateConfig={"Parallelism": 2, "Delay": 5, "Monitor": 0, "MaxFailureRatio": 0.1, "Order": "start-first"},
        RollbackConfig={"FailureAction": "continue", "MaxFailureRatio": 5, "Delay": -1},
    ),
    "ports": kept(
        EndpointSpec={
            "Ports": [
                {"TargetPort": 81, "PublishedPort": 8081, "Protocol": "UDP", "Name": "n"},
                {"TargetPort": 80, "PublishMode": "HOST"},
                PORT,
                {"TargetPort": 80, "PublishedPort": 8082, "PublishMode": "host", "Protocol": "sctp"},
            ],
        },
    ),
    "round robin": kept(EndpointSpec={"Mode": "dnsrr", "Ports": [{"TargetPort": 80, "PublishMode": "host"}]}),
    "global": kept(Mode={"Global": {}}),
    "a job": kept(Mode={"ReplicatedJob": {}}),
    "a job of many": kept(Mode={"ReplicatedJob": {"MaxConcurrent": 3}}),
    "a job one by one": kept(Mode={"ReplicatedJob": {"TotalCompletions": 2}}),
    "a global job": kept(Mode={"GlobalJob": {}}, RollbackConfig={"Parallelism": 1}),
    "an old version of the API": kept(
        {
            "OomScoreAdj": 5,
            "Healthcheck": {"Test": ["NONE"], "StartInterval": 5_000_000},
            "Privileges": {"Seccomp": {"Mode": "unconfined"}, "NoNewPrivileges": True},
            "Mounts": [{"Type": "tmpfs", "Target": "/a", "TmpfsOptions": {"Options": [["x"]]}}],
        },
        version="/v1.41",
    ),
    "a very old version of the API": kept(
        {
            "Sysctls": {"net.core.somaxconn": "1"},
            "CapabilityAdd": ["ALL"],
            "CapabilityDrop": ["ALL"],
            "Ulimits": [{"Name": "nofile", "Soft": 5}],
        },
        {"Placement": {"MaxReplicas": 2}, "Resources": {"Limits": {"Pids": 5}}},
        version="/v1.30",
    ),
    "defaults": [create(EndpointSpec={}), Ask("GET", "/services/x?insertDefaults=true", until=allocated)],
    "defaults beside what is there": [
        create(
            task={"RestartPolicy": {"Condition": "none"}, "Placement": {}},
            UpdateConfig={"Parallelism": 5},
            RollbackConfig={"Monitor": 7},
        ),
        Ask("GET", "/services/x?insertDefaults=1"),
    ],
    "many": [
        create("a_c-d"),
        create("a", Labels={"k": "v"}),
        create("ab", Labels={"k": "w", "j": "w"}, Mode={"Global": {}}),
        create("b", Mode={"ReplicatedJob": {}}),
        Ask("GET", "/services"),
        *(
            Ask("GET", filtered("/services", filters))
            for filters in (
                {"name": ["a"]},
                {"name": ["b", "ab"]},
                {"name": ["A"]},
                {"label": ["k"]},
                {"label": ["k=v"]},
                {"label": ["k=v", "j=w"]},
                {"label": ["k=w", "j=w"]},
                {"label": ["k=x"]},
                {"mode": ["global"]},
                {"mode": ["replicated", "replicated-job"]},
                {"mode": ["bogus"]},
                {"runtime": ["container"]},
                {"runtime": ["plugin"]},
                {"runtime": ["bogus"]},
                {"name": ["a"], "mode": ["global"]},
            )
        ),
        Ask("GET", lambda f: filtered("/services", {"id": [f.service("ab")["ID"][:6]]})),
        Ask("GET", lambda f: f"/services/{f.service('ab')['ID'][:12]}"),
    ],
}

REFUSED = {
    "nothing": [
        Ask("POST", "/services/create", 400, "mismatched Runtime and *Spec fields", {}),
        Ask("POST", "/services/create", 400, "mismatched Runtime and *Spec fields", {"Name": "x", "TaskTemplate": {}}),
    ],
    "no image": invalid("ContainerSpec: image reference must be provided", {"Image": ""}),
    "bad image": invalid('ContainerSpec: "a b" is not a valid repository/tag', {"Image": "a b"}),
    "bad name": [
        *(
            Ask("POST", "/services/create", 400, "rpc error: code = InvalidArgument desc = name must be", spec(name))
            for name in ("a_", "-a", "a-", "a.b", "a b", "a" * 64)
        ),
    ],
    "wrong types": [
        *refused(400, "", {"Env": "A=B"}),
        *refused(400, "", {"Image": 5}),
        *refused(400, "", task={"ForceUpdate": -1}),
        *refused(400, "", Mode={"Replicated": {"Replicas": "1"}}),
        *refused(400, "", Mode={"Replicated": {"Replicas": -1}}),
        *refused(400, "", UpdateConfig={"Parallelism": -1}),
        *refused(400, "", Labels={"a": 1}),
    ],
    "runtime": [
        *refused(400, "unsupported runtime", task={"Runtime": "bogus"}),
        *refused(400, "unsupported runtime", task={"Runtime": "attachment"}),
        *refused(400, "mismatched Runtime and *Spec fields", task={"Runtime": "plugin"}),
    ],
    "mounts": [
        *refused(400, 'invalid MountType: "image"', {"Mounts": [{"Type": "image", "Target": "/a"}]}),
        *refused(
            400,
            'invalid MountPropagation: "x"',
            {"Mounts": [{"Target": "/a", "Source": "/a", "BindOptions": {"Propagation": "x"}}]},
        ),
        *invalid("ContainerSpec: duplicate mount point: /a", {"Mounts": [{"Type": "tmpfs", "Target": "/a"}] * 2}),
    ],
    "health": [
        *(
            invalid(f"ContainerSpec: {name} in HealthConfig cannot be less than 1ms", {"Healthcheck": {name: 5}})[0]
            for name in ("Interval", "Timeout", "StartPeriod")
        ),
        *invalid("ContainerSpec: Retries in HealthConfig cannot be negative", {"Healthcheck": {"Retries": -1}}),
    ],
    "templates": [
        *invalid("expanding hostname failed: template: expansion:1:2: executing", {"Hostname": "{{.Bogus}}"}),
        *invalid("expanding hostname failed: template: expansion:1: unclosed action", {"Hostname": "{{"}),
        *invalid('expanding env failed: expanding env "A={{.Bogus}}"', {"Env": ["A={{.Bogus}}"]}),
    ],
    "credential spec": [
        *refused(400, "invalid CredentialSpec: must either provide", {"Privileges": {"CredentialSpec": {}}}),
        *refused(
            400,
            'invalid CredentialSpec: cannot specify both "file" and "registry"',
            {"Privileges": {"CredentialSpec": {"File": "a", "Registry": "b"}}},
        ),
        *invalid("CredentialSpec references config 'no'", {"Privileges": {"CredentialSpec": {"Config": "no"}}}),
    ],
    "resources": [
        *(
            invalid("invalid cpu value 5e-09: Must be at least 0.001", task={"Resources": {name: {"NanoCPUs": 5}}})[0]
            for name in ("Limits", "Reservations")
        ),
        *invalid("invalid memory value 5: Must be at least 4MiB", task={"Resources": {"Limits": {"MemoryBytes": 5}}}),
    ],
    "restart": [
        *refused(400, 'invalid RestartCondition: "x"', task={"RestartPolicy": {"Condition": "x"}}),
        *invalid("TaskSpec: restart-delay cannot be negative", task={"RestartPolicy": {"Delay": -1}}),
        *invalid("TaskSpec: restart-window cannot be negative", task={"RestartPolicy": {"Window": -1}}),
    ],
    "constraints": [
        *(
            refused(500, f"rpc error: code = Unknown desc = {words}", task={"Placement": {"Constraints": [text]}})[0]
            for text, words in (
                ("bogus", "constraint expected one operator from ==, !="),
                ("node.role=manager", "constraint expected one operator from ==, !="),
                ("node.role==manager && x==y", "value 'manager && x==y' is invalid"),
                ("!!==x", "key '!!' is invalid"),
                ("node.id==", "value '' is invalid"),
            )
        ),
    ],
    "update": [
        *refused(400, "unrecognized update failure action x", UpdateConfig={"FailureAction": "x"}),
        *refused(400, "unrecognized update failure action x", RollbackConfig={"FailureAction": "x"}),
        *refused(400, "unrecognized update order x", UpdateConfig={"Order": "x"}),
        *invalid("TaskSpec: update-maxfailureratio cannot be", UpdateConfig={"MaxFailureRatio": 2}),
        *invalid("TaskSpec: update-delay cannot be negative", UpdateConfig={"Delay": -1}),
        *invalid("TaskSpec: update-monitor cannot be negative", UpdateConfig={"Monitor": -1}),
    ],
    "endpoint": [
        *refused(400, 'invalid resolution mode: "VIP"', EndpointSpec={"Mode": "VIP"}),
        *invalid(
            "EndpointSpec: port published with ingress mode can't", EndpointSpec={"Mode": "dnsrr", "Ports": [PORT]}
        ),
        *invalid("EndpointSpec: duplicate published ports provided", EndpointSpec={"Ports": [FIXED, FIXED]}),
    ],
    "mode": [
        *refused(400, "must specify only one service mode", Mode={"Replicated": {}, "Global": {}}),
        *invalid("Jobs may not have an update config", Mode={"ReplicatedJob": {}}, UpdateConfig={"Parallelism": 1}),
    ],
    "the name is taken": [
        create(),
        *refused(
            409,
            "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service x already exists",
        ),
    ],
    "the port is taken": [
        create("web", EndpointSpec={"Ports": [FIXED]}),
        *invalid("port '8080' is already in use by service 'web' (", EndpointSpec={"Ports": [FIXED]}),
        *invalid("port '8080' is already in use by", EndpointSpec={"Ports": [{**FIXED, "PublishMode": "host"}]}),
        create("udp", EndpointSpec={"Ports": [{**FIXED, "Protocol": "udp"}]}),
    ],
    "the host port is taken": [
        create("web", EndpointSpec={"Ports": [{**FIXED, "PublishMode": "host"}]}),
        *invalid("port '8080' is already in use by service '", EndpointSpec={"Ports": [FIXED]}),
        create("too", EndpointSpec={"Ports": [{**FIXED, "PublishMode": "host"}]}),
    ],
    "nobody": [
        Ask("GET", "/services/nobody", 404, "service nobody not found"),
        Ask("DELETE", "/services/nobody", 404, "service nobody not found"),
        Ask("POST", "/services/nobody/update?version=1", 404, "service nobody not found", spec("nobody")),
        Ask("GET", "/services/nobody/logs?stdout=1", 404, "service nobody not found"),
    ],
    "queries": [
        Ask("GET", "/services?status=bogus", 400, "invalid value for status: bogus"),
        Ask("GET", "/services/x?insertDefaults=bogus", 400, "invalid value for insertDefaults: bogus"),
        Ask("GET", filtered("/services", {"bogus": ["x"]}), 400),
        Ask("POST", "/services/x/update", 400, "invalid service version ''", spec()),
        Ask("POST", "/services/x/update?version=x", 400, "invalid service version 'x'", spec()),
    ],
}

UPDATED = {
    "labels alone": [
        create(Mode={"Replicated": {"Replicas": 2}}),
        settled(2),
        change(Labels={"a": "b"}),
        Ask("GET", "/services/x"),
        Ask("GET", tasks_of("x")),
        Ask("GET", tasks_of("x", **{"_up-to-date": ["true"]})),
    ],
    "no change": [
        create(),
        settled(1),
        change(),
        Ask("GET", "/services/x"),
        Ask("GET", tasks_of("x")),
    ],
    "scaled": [
        create(),
        settled(1),
        change(Mode={"Replicated": {"Replicas": 3}}),
        settled(3),
        change(Mode={"Replicated": {"Replicas": 1}}),
        Ask("GET", tasks_of("x"), until=lambda tasks: len(tasks) == 1),
        change(Mode={"Replicated": {"Replicas": 0}}),
        Ask("GET", tasks_of("x"), until=lambda tasks: not tasks),
        Ask("GET", counted()),
    ],
    "another template": [
        create(UpdateConfig=_FAST),
        settled(1),
        change({"Env": ["A=B"]}),
        Ask("GET", "/services/x", until=updated()),
        Ask("GET", tasks_of("x"), until=lambda tasks: "shutdown" in [task["Status"]["State"] for task in tasks]),
        Ask("GET", tasks_of("x", **{"desired-state": ["running"]})),
        Ask("GET", tasks_of("x", **{"_up-to-date": ["true"]})),
    ],
    "a forced update": [
        create(UpdateConfig=_FAST),
        settled(1),
        change(TaskTemplate={"ForceUpdate": 1}),
        Ask("GET", "/services/x", until=updated()),
    ],
    "placement that still holds": [
        create(),
        settled(1),
        change(TaskTemplate={"Placement": {"Constraints": ["node.role==manager"]}}),
        Ask("GET", "/services/x"),
        Ask("GET", tasks_of("x")),
        Ask("GET", tasks_of("x", **{"_up-to-date": ["1"]})),
    ],
    "an endpoint for the first time": [
        create(UpdateConfig=_FAST),
        settled(1),
        change(EndpointSpec={"Mode": "vip"}),
        Ask("GET", "/services/x", until=updated()),
    ],
    "ports in another order": [
        create(UpdateConfig=_FAST, EndpointSpec={"Ports": [PORT, {"TargetPort": 81}]}),
        settled(1),
        change(EndpointSpec={"Ports": [{"TargetPort": 81}, PORT]}),
        Ask("GET", "/services/x", until=updated()),
    ],
    "no ports any more": [
        create(UpdateConfig=_FAST, EndpointSpec={"Ports": [PORT]}),
        settled(1),
        change(EndpointSpec=None),
        Ask("GET", "/services/x", until=lambda service: updated()(service) and allocated(service)),
    ],
    "nothing given": [
        create(Labels={"a": "b"}, Mode={"Replicated": {"Replicas": 2}}),
        Ask("POST", lambda f: f.update_of("x"), body=spec(), again=True),
        Ask("GET", "/services/x"),
    ],
    "what cannot change": [
        create(),
        Ask(
            "POST",
            lambda f: f.update_of("x"),
            501,
            "rpc error: code = Unimplemented desc = renaming services is not supported",
            spec("y"),
        ),
        Ask("POST", lambda f: f.update_of("x"), 501, "rpc error: code = Unimplemented desc = renaming", spec("")),
        change(
            status=501,
            message="rpc error: code = Unimplemented desc = service mode change is not allowed",
            Mode={"Global": {}},
        ),
        Ask("POST", lambda f: f.update_of("x"), 400, "mismatched Runtime and *Spec fields", {}),
        Ask("POST", "/services/x/update?version=1", 500, "rpc error: code = Unknown desc = update out of", spec()),
    ],
    "queries": [
        create(),
        change(query="&registryAuthFrom=bogus", status=500, message="unsupported registryAuthFrom value"),
        change(query="&registryAuthFrom=previous-spec", status=500, message="service does not have a previous spec"),
        change(query="&rollback=bogus", status=500, message="unrecognized rollback option bogus"),
        change(query="&rollback=previous", status=400, message="rpc error: code = FailedPrecondition desc = service "),
        change(query="&rollback=none&registryAuthFrom=spec"),
        change(query="&registryAuthFrom=previous-spec"),
    ],
    "back and forth": [
        create(UpdateConfig=_FAST, RollbackConfig=_FAST),
        settled(1),
        change({"Env": ["A=B"]}),
        Ask("GET", "/services/x", until=updated()),
        change(query="&rollback=previous"),
        Ask("GET", "/services/x", until=updated("rollback_completed")),
        change(query="&rollback=previous"),
        Ask("GET", "/services/x", until=updated("rollback_completed")),
    ],
    "back of labels alone": [
        create(),
        settled(1),
        change(Labels={"a": "b"}),
        change(query="&rollback=previous"),
        Ask("GET", "/services/x", until=updated("rollback_completed")),
    ],
    "a job again": [
        create("x", {"Command": ["true"]}, Mode={"ReplicatedJob": {}}),
        Ask("GET", counted(), until=lambda found: found[0]["ServiceStatus"]["CompletedTasks"] == 1),
        change(),
        Ask("GET", counted(), until=lambda found: found[0]["ServiceStatus"]["CompletedTasks"] == 1),
        Ask("GET", tasks_of("x")),
    ],
    "a paused update": [
        create(UpdateConfig={"Monitor": 100_000_000}),
        settled(1),
        change({"Image": NOWHERE}),
        Ask("GET", "/services/x", until=updated("paused")),
    ],
    "an update that goes back": [
        create(UpdateConfig={"Monitor": 100_000_000, "FailureAction": "rollback"}, RollbackConfig=_FAST),
        settled(1),
        change({"Image": NOWHERE}),
        Ask("GET", "/services/x", until=updated("rollback_completed")),
        change(query="&rollback=previous", status=400, message="rpc error: code = FailedPrecondition desc = service "),
    ],
    "an update that goes on": [
        create(UpdateConfig={"Monitor": 100_000_000, "FailureAction": "continue"}),
        settled(1),
        change({"Image": NOWHERE}),
        Ask("GET", "/services/x", until=updated()),
    ],
    "removed": [
        create("leaving"),
        Ask("GET", counted("leaving"), until=running(1)),
        Ask("DELETE", "/services/leaving"),
        Ask("GET", "/services/leaving", 404, "service leaving not found"),
        Ask("GET", filtered("/tasks", {"name": ["leaving"]}), until=lambda tasks: not tasks),
    ],
}
