# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of secrets, configs and networks. Every script begins with a manager whose swarm has nothing in it."""

from __future__ import annotations

from .dialogue import Ask
from .dialogues import filtered
from .dialogues_services import create, refused, spec

_DATA = "aGVsbG8="
_NAME = "rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] characters allowed"


def of(kind):
    """All scripts for secrets or for configs."""
    path, key, limit = f"/{kind}s", kind.capitalize(), 512000 if kind == "secret" else 1024000

    def make(name="s", **more):
        return Ask("POST", f"{path}/create", 201, body={"Name": name, "Data": _DATA, **more})

    def bad(status, message, **given):
        return [Ask("POST", f"{path}/create", status, message, {"Name": "s", "Data": _DATA, **given})]

    def change(status=200, message="", **given):
        return Ask("POST", lambda f: f.object_update(f"{path}/s"), status, message, {"Name": "s", **given})

    def reference(f, **given):
        return {f"{key}ID": f.object(f"{path}/s"), f"{key}Name": "s", "File": {"Name": "t"}, **given}

    def used(status=201, message="", name="x", **given):
        def body(f):
            return spec(name, {f"{key}s": [reference(f, **given)]})

        return Ask("POST", "/services/create", status, message, body)

    def unknown(*names):
        return {f"{key}s": [{f"{key}ID": name, f"{key}Name": name, "File": {"Name": name}} for name in names]}

    words = f"rpc error: code = InvalidArgument desc = {kind}"
    return {
        "made": [make(Labels={"a": "b"}), Ask("GET", f"{path}/s"), Ask("GET", path)],
        "without labels": [make(), Ask("GET", f"{path}/s")],
        "a template": [make(Templating={"Name": "golang", "Options": {"a": "b"}}), Ask("GET", f"{path}/s")],
        "taken": [make(), *bad(409, f"rpc error: code = AlreadyExists desc = {kind} s already exists")],
        "taken in another case": [
            make("S"),
            *bad(409, f"rpc error: code = AlreadyExists desc = {kind} s already exists"),
            *(Ask("GET", filtered(path, {name: ["s"]})) for name in ("name", *(["names"] if kind == "secret" else []))),
        ],
        "no name": bad(400, "rpc error: code = InvalidArgument desc = name must be provided", Name=""),
        "bad name": [*bad(400, _NAME, Name="a b"), *bad(400, _NAME, Name="-a"), *bad(400, _NAME, Name="a" * 65)],
        "good name": [make("a_b.c-d"), make("A" * 64)],
        "no data": bad(400, f"{words} data must be larger than 0 and less than {limit} bytes", Data=None),
        "too much data": bad(400, f"{words} data must be larger", Data="eHh4" * (limit // 3 + 1)),
        "no base64": bad(400, "", Data="*"),
        "wrong type": [*bad(400, "", Name=5), *bad(400, "", Labels=[])],
        "found": [
            make("s", Labels={"a": "b"}),
            make("s12"),
            make("t"),
            *(
                Ask("GET", filtered(path, filters))
                for filters in (
                    {"name": ["s"]},
                    {"name": ["1"]},
                    {"name": ["s12", "t"]},
                    {"label": ["a"]},
                    {"label": ["a=c"]},
                )
            ),
            Ask("GET", filtered(path, {"names": ["s"]}), 200 if kind == "secret" else 400),
            Ask("GET", filtered(path, {"bogus": ["s"]}), 400),
            Ask("GET", lambda f: filtered(path, {"id": [f.object(f"{path}/s12")[:6]]})),
            Ask("GET", lambda f: f"{path}/{f.object(f'{path}/t')}"),
            Ask("GET", lambda f: f"{path}/{f.object(f'{path}/t')[:8]}"),
        ],
        "nobody": [
            Ask("GET", f"{path}/nobody", 404, f"{kind} nobody not found"),
            Ask("DELETE", f"{path}/nobody", 404, f"{kind} nobody not found"),
            Ask("POST", f"{path}/nobody/update?version=1", 404, f"{kind} nobody not found", {"Name": "s"}),
        ],
        "labels": [make(), change(Labels={"c": "d"}), Ask("GET", f"{path}/s"), change(), Ask("GET", f"{path}/s")],
        "nothing but labels": [
            make(),
            change(400, "rpc error: code = InvalidArgument desc = only updates to Labels are allowed", Data="eHg="),
            change(400, "rpc error: code = InvalidArgument desc = only updates to Labels are allowed", Name="t"),
            change(Data=_DATA),
            Ask(
                "POST",
                f"{path}/s/update?version=1",
                500,
                "rpc error: code = Unknown desc = update out of",
                {"Name": "s"},
            ),
            Ask("POST", f"{path}/s/update", 400, f"invalid {kind} version", {"Name": "s"}),
        ],
        # Whoever does not know the data can have the engine compare it, and nothing is written.
        "the data is compared before the version": [
            make(Labels={"a": "b"}),
            *(
                Ask("POST", f"{path}/s/update?version=1", status, f"rpc error: code = {said}", {"Name": "s", **given})
                for given, status, said in (
                    ({"Data": "eHg="}, 400, "InvalidArgument desc = only updates to Labels are allowed"),
                    ({"Data": "eHg=", "Labels": {"a": "b"}}, 400, "InvalidArgument desc = only updates to Labels"),
                    ({"Data": _DATA}, 500, "Unknown desc = update out of sequence"),
                    ({"Data": _DATA, "Labels": {"c": "d"}}, 500, "Unknown desc = update out of sequence"),
                    ({"Data": None}, 500, "Unknown desc = update out of sequence"),
                )
            ),
            Ask("GET", f"{path}/s"),
        ],
        "in use": [
            make(),
            used(),
            Ask("GET", "/services/x"),
            Ask("DELETE", f"{path}/s", 400, f"{words} 's' is in use by the following service: x"),
            Ask("DELETE", "/services/x"),
            Ask("DELETE", f"{path}/s", 204),
            Ask("GET", f"{path}/s", 404, f"{kind} s not found"),
        ],
        "bad references": [
            make(),
            used(400, f"{words} not found: t", **{f"{key}Name": "t"}),
            used(400, "rpc error: code = InvalidArgument desc = malformed", **{f"{key}Name": ""}),
            used(400, "rpc error: code = InvalidArgument desc = malformed file", File={"Name": ""}),
            used(400, "", File=None),
            *refused(400, f"{words} not found: n", unknown("n")),
            *refused(400, f"{words}s not found: n, m", unknown("n", "m")),
            *refused(400, f"{words} references 'n' and 'n' have a conflicting target: 'n'", unknown("n", "n")),
        ],
    }


def network(name="a-net", status=201, message="", **more):
    """An overlay network is made, or not."""
    return Ask("POST", "/networks/create", status, message, {"Name": name, "Driver": "overlay", **more})


def seen(path="/networks/a-net"):
    """A network, once the manager has given it a subnet."""
    return Ask("GET", path, until=lambda answer: bool(answer["IPAM"]["Config"]))


def gone(path, status=204, message=""):
    """It is removed."""
    return Ask("DELETE", path, status, message)


def attached(*targets, status=201, message="", **blocks):
    """A service with these networks."""
    task = {"Networks": [{"Target": target} for target in targets]}
    return Ask("POST", "/services/create", status, message, spec("x", None, task, **blocks))


def addressed(service):
    """Whether a service has an address in its networks."""
    return bool(service["Endpoint"].get("VirtualIPs"))


NETWORKS = {
    "predefined": [
        Ask("GET", "/networks/host?scope=swarm"),
        Ask("GET", "/networks/bridge?scope=swarm"),
        Ask("GET", lambda f: f"/networks/{f.object('/networks/host?scope=swarm')}"),
        Ask("GET", "/networks/none?scope=swarm", 404, "network none not found"),
        Ask("GET", "/networks/host?scope=bogus", 404, "network host not found"),
        Ask("GET", filtered("/networks", {"scope": ["swarm"]})),
        Ask("GET", filtered("/networks", {"name": ["host"], "scope": ["swarm"]})),
    ],
    "made": [network(), seen(), seen("/networks/a-net?scope=swarm")],
    "with everything": [
        network(
            Attachable=True,
            Internal=True,
            Labels={"a": "b"},
            Options={"encrypted": "", "com.docker.network.driver.mtu": "1400"},
            IPAM={"Config": [{"Subnet": "10.77.0.0/24", "Gateway": "10.77.0.9"}]},
            CheckDuplicate=True,
        ),
        seen(),
    ],
    "found": [
        network("net-one", Labels={"a": "b"}),
        network("net-two"),
        seen("/networks/net-one"),
        seen("/networks/net-two"),
        *(
            Ask("GET", filtered("/networks", {"scope": ["swarm"], **filters}))
            for filters in (
                {"name": ["net"]},
                {"name": ["net-two"]},
                {"name": ["net-two", "ingress"]},
                {"label": ["a=b"]},
                {"label": ["a=c"]},
                {"driver": ["overlay"]},
                {"driver": ["bogus"]},
                {"type": ["custom"]},
                {"type": ["builtin"]},
            )
        ),
        Ask("GET", filtered("/networks", {"scope": ["bogus"]})),
        Ask("GET", filtered("/networks", {"bogus": ["x"]}), 400),
        Ask("GET", filtered("/networks", {"type": ["bogus"]}), 500),
        Ask("GET", lambda f: filtered("/networks", {"id": [f.object("/networks/net-one")[:9]]})),
        Ask("GET", lambda f: f"/networks/{f.object('/networks/net-one')}"),
        Ask("GET", lambda f: f"/networks/{f.object('/networks/net-one')[:9]}"),
    ],
    "taken": [
        network(),
        network("a-net", 409, "network with name a-net already exists"),
        network("host", 409, "network with name host already exists"),
        network("m", 409, "rpc error: code = AlreadyExists desc = ingress network (", Ingress=True),
    ],
    "bad": [
        network("a b", 400, "rpc error: code = InvalidArgument desc = name must be valid as a DNS name component"),
        network("m", 403, "cannot downgrade network scope for overlay networks", Scope="local"),
    ],
    "nobody": [
        Ask("GET", "/networks/nobody", 404, "network nobody not found"),
        gone("/networks/nobody", 404, "network nobody not found"),
    ],
    "removed": [
        network(),
        gone("/networks/a-net"),
        Ask("GET", "/networks/a-net", 404, "", until=lambda answer: "not found" in answer["message"]),
        gone("/networks/host", 403, "host is a pre-defined network and cannot be removed"),
    ],
    "in use": [
        network(),
        attached("a-net"),
        gone("/networks/a-net", 400, "rpc error: code = FailedPrecondition desc = network "),
    ],
    "attached": [
        network("m"),
        network(),
        attached("a-net", "m"),
        Ask("GET", "/services/x", until=lambda service: len(service["Endpoint"].get("VirtualIPs", [])) == 2),
        Ask(
            "GET", filtered("/tasks", {"service": ["x"]}), until=lambda tasks: tasks[0]["Status"]["State"] == "running"
        ),
    ],
    "attached by ID": [
        network(),
        Ask(
            "POST",
            "/services/create",
            201,
            body=lambda f: spec(
                "x",
                None,
                {"Networks": [{"Target": f.object("/networks/a-net"), "Aliases": ["a"], "DriverOpts": {"b": "c"}}]},
            ),
        ),
        Ask("GET", "/services/x", until=addressed),
    ],
    "attached in the old way": [
        network(),
        create("x", Networks=[{"Target": "a-net"}]),
        Ask("GET", "/services/x", until=addressed),
    ],
    "attached in both ways": [
        network(),
        create("x", None, {"Networks": [{"Target": "a-net"}]}, Networks=[{"Target": "nobody"}]),
        Ask("GET", "/services/x", until=addressed),
    ],
    "without a virtual address": [
        network(),
        attached("a-net", EndpointSpec={"Mode": "dnsrr"}),
        Ask("GET", "/services/x"),
    ],
    "on the host": [
        attached("host"),
        Ask("GET", "/services/x", until=addressed),
        Ask(
            "GET", filtered("/tasks", {"service": ["x"]}), until=lambda tasks: tasks[0]["Status"]["State"] == "running"
        ),
    ],
    "not to be attached": [
        attached("nobody", status=500, message="network nobody not found"),
        attached("none", status=404, message="could not find the corresponding predefined swarm network"),
        attached("", status=400, message="network  is ambiguous (3 matches found)"),
        attached(
            "ingress", status=400, message="rpc error: code = InvalidArgument desc = Service cannot be explicitly"
        ),
        Ask("POST", "/networks/create", 201, body={"Name": "local", "Driver": "bridge"}),
        attached("local", status=403, message="The network local cannot be used with services."),
        gone("/networks/local"),
    ],
}

# Registries that nobody can reach: the reason names sockets, so that its beginning has to do.
DISTRIBUTION = {
    "spelling": [
        Ask("GET", "/distribution/UPPER/json", 400, "invalid reference format: repository name "),
        Ask("GET", "/distribution/a%20b/json", 400, "invalid reference format"),
        Ask("GET", "/distribution/x::y/json", 400, "invalid reference format"),
    ],
}

SECRETS, CONFIGS = of("secret"), of("config")
