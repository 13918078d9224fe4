# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said to engines to see whether the fake answers as real ones do. Data, and nothing but data.

SOLO dialogues begin with one inactive engine, PAIR dialogues with two, none of them with a default route.
Who holds them cleans up afterwards.
"""

from __future__ import annotations

import json

from .dialogue import Ask, Pause, Restart

NO_SWARM = 'This node is not a swarm manager. Use "docker swarm init"'
WORKER = "This node is not a swarm manager. Worker nodes can't be used"
ALREADY = "This node is already part of a swarm."
LOCKED = "Swarm is encrypted and needs to be unlocked"
LISTEN = {"ListenAddr": "0.0.0.0:2377"}
NODE = {"Role": "worker", "Availability": "active"}
INACTIVE_INFO = Ask("GET", "/info", until=lambda info: info["Swarm"]["LocalNodeState"] == "inactive")


def init(**more):
    """The request that makes the first engine a swarm, with its own address."""
    return Ask("POST", "/swarm/init", body=lambda f: {**LISTEN, "AdvertiseAddr": f.engines[0].address, **more})


def refused_by_no_manager(message, on=0):
    """Everything that only a manager answers."""
    return [
        Ask("GET", "/swarm", 503, message, on=on),
        Ask("GET", "/swarm/unlockkey", 503, message, on=on),
        Ask("GET", "/nodes", 503, message, on=on),
        Ask("GET", "/nodes/x", 503, message, on=on),
        Ask("GET", "/tasks", 503, message, on=on),
        Ask("POST", "/swarm/update?version=1", 503, message, {}, on=on),
        Ask("POST", "/nodes/x/update?version=1", 503, message, NODE, on=on),
        Ask("DELETE", "/nodes/x", 503, message, on=on),
    ]


def bad_init(status, message, **request):
    """An init that is refused and leaves the engine inactive."""
    return Ask("POST", "/swarm/init", status, message, {**LISTEN, **request})


def filtered(path, filters):
    """The path of a filtered list."""
    return f"{path}?filters={json.dumps(filters, separators=(',', ':'))}"


def with_spec(status, message, **block):
    """An update with this spec alone; refused."""
    return Ask("POST", lambda f: f.swarm_update(), status, message, block)


def rotated(swarm):
    """Whether no rotation of the CA runs any more."""
    return not swarm["RootRotationInProgress"]


SOLO = {
    "protocol": [
        Ask("GET", "/_ping"),
        Ask("GET", "/v1.30/_ping"),
        Ask("GET", "/v1.99/info", 400, "client version 1.99 is too new. Maximum supported API version is "),
        Ask("GET", "/nope", 404, "page not found"),
        Ask("PUT", "/swarm", 404, "page not found"),
        Ask("POST", "/swarm/init", 400, "", {"ListenAddr": 5}),
        Ask("POST", "/swarm/init", 400, "", {**LISTEN, "Spec": {"Raft": {"ElectionTick": "x"}}}),
    ],
    "inactive": [
        INACTIVE_INFO,
        *refused_by_no_manager(NO_SWARM),
        Ask("POST", "/swarm/leave", 503, "This node is not part of a swarm"),
        Ask("POST", "/swarm/leave?force=1", 503, "This node is not part of a swarm"),
        Ask("POST", "/swarm/unlock", 503, NO_SWARM, {"UnlockKey": "x"}),
        Ask("POST", "/swarm/update", 400, "invalid swarm version ''", {}),
        Ask("POST", "/nodes/x/update", 400, "invalid node version ''", NODE),
    ],
    "bad init": [
        Ask("POST", "/swarm/init", 400, 'invalid ListenAddr "": invalid empty address', {}),
        bad_init(400, "listen address must be an IP address", ListenAddr="bogus"),
        bad_init(400, "listen address must be an IP address", ListenAddr="nosuch0:2377"),
        bad_init(500, "manager stopped: failed to listen on remote API address", ListenAddr="203.0.113.9:2377"),
        bad_init(400, "advertise address must be a non-zero IP", AdvertiseAddr="nosuch0"),
        bad_init(400, "advertise address must be a non-zero IP", AdvertiseAddr="0.0.0.0"),
        bad_init(400, "data path address must be a non-zero IP", DataPathAddr="nosuch0"),
        bad_init(500, "Datapath port number is not in valid range (1024-49151) : 80", DataPathPort=80),
        bad_init(500, "invalid base pool bogus", DefaultAddrPool=["bogus"]),
        bad_init(500, "invalid base pool 10.0.0.0/33", DefaultAddrPool=["10.0.0.0/33"]),
        bad_init(500, "invalid CIDR", DefaultAddrPool=["10.0.0.0/24"], SubnetSize=20),
        bad_init(500, "subnet size is out of range: 30", DefaultAddrPool=["10.0.0.0/24"], SubnetSize=30),
        bad_init(500, 'invalid Availability: "bogus"', Availability="bogus"),
        bad_init(400, 'swarm spec must be named "default"', Spec={"Name": "mine"}),
        INACTIVE_INFO,
    ],
    "bad join": [
        Ask("POST", "/swarm/join", 400, 'invalid ListenAddr "": invalid empty address', {}),
        Ask("POST", "/swarm/join", 400, "at least 1 RemoteAddr is required to join", LISTEN),
        Ask("POST", "/swarm/join", 400, 'invalid remoteAddr ""', {**LISTEN, "RemoteAddrs": [""]}),
        Ask(
            "POST",
            "/swarm/join",
            500,
            "invalid join token",
            lambda f: {**LISTEN, "RemoteAddrs": [f.nobody()], "JoinToken": "x"},
        ),
        Ask("POST", "/swarm/join", 500, "could not find local IP", {**LISTEN, "RemoteAddrs": ["203.0.113.9"]}),
        Ask(
            "POST",
            "/swarm/join",
            500,
            'invalid Availability: "bogus"',
            lambda f: {**LISTEN, "RemoteAddrs": [f.nobody()], "Availability": "bogus"},
        ),
        INACTIVE_INFO,
    ],
    # A spec that only the manager refuses: the answer is a 500, and there is a swarm all the same.
    "init with a bad spec": [
        Ask(
            "POST",
            "/swarm/init",
            500,
            "error updating cluster settings: rpc error: code = InvalidArgument desc = minimum certificate expiry",
            lambda f: {
                **LISTEN,
                "AdvertiseAddr": f.engines[0].address,
                "Spec": {"CAConfig": {"NodeCertExpiry": 1}, "Labels": {"a": "b"}},
            },
        ),
        Ask("GET", "/info", until=lambda info: info["Swarm"]["LocalNodeState"] == "active"),
        Ask("GET", "/swarm"),
    ],
    "a swarm of one": [
        init(Spec={"Orchestration": {"TaskHistoryRetentionLimit": None}, "Labels": {}}),
        Ask("GET", "/info"),
        Ask("GET", "/_ping"),
        Ask("GET", "/swarm"),
        Ask("GET", "/nodes"),
        Ask("GET", "/swarm/unlockkey"),
        Ask("POST", "/swarm/init", 503, ALREADY, LISTEN),
        Ask("POST", "/swarm/init", 503, ALREADY, {}),
        Ask("POST", "/swarm/join", 503, ALREADY, {}),
        Ask("POST", "/swarm/unlock", 409, "swarm is not locked", {"UnlockKey": "x"}),
        Ask("POST", "/swarm/leave", 503, "You are attempting to leave the swarm on a node that is participating"),
    ],
    "options of init": [
        init(
            Availability="drain",
            DefaultAddrPool=["10.20.0.0/16"],
            DataPathPort=5000,
            AutoLockManagers=True,
            Spec={"Labels": {"a": "b"}, "Raft": {"KeepOldSnapshots": 3}, "CAConfig": {"NodeCertExpiry": 3600000000000}},
        ),
        Ask("GET", "/swarm"),
        Ask("GET", "/nodes"),
        Ask("GET", "/swarm/unlockkey"),
    ],
    "spec": [
        init(),
        Ask("POST", "/swarm/update?version=1", 500, "rpc error: code = Unknown desc = update out of sequence", {}),
        Ask("POST", "/swarm/update?version=1", 400, 'swarm spec must be named "default"', {"Name": "x"}),
        Ask("POST", "/swarm/update?version=x", 400, "invalid swarm version 'x'", {}),
        Ask(
            "POST", lambda f: f.swarm_update("&rotateWorkerToken=x"), 400, "invalid value for rotateWorkerToken: x", {}
        ),
        with_spec(400, "rpc error: code = InvalidArgument desc = minimum cert", CAConfig={"NodeCertExpiry": 1}),
        with_spec(400, "rpc error: code = InvalidArgument desc = heartbeat", Dispatcher={"HeartbeatPeriod": -1}),
        with_spec(400, 'invalid protocol: ""', CAConfig={"ExternalCAs": [{"URL": "https://x"}]}),
        with_spec(400, "", Raft={"SnapshotInterval": -1}),
        with_spec(
            400,
            "rpc error: code = InvalidArgument desc = if a signing CA key is provided",
            CAConfig={"SigningCAKey": "x"},
        ),
        Ask("GET", "/swarm"),
        Ask(
            "POST",
            lambda f: f.swarm_update(),
            body=lambda f: f.spec(
                Labels={"a": "b"},
                Raft={"ElectionTick": -1, "HeartbeatTick": 2},
                CAConfig={"ExternalCAs": [{"Protocol": "CFSSL", "URL": "https://x", "Options": {}}]},
                TaskDefaults={"LogDriver": {"Name": "none"}},
                Junk=1,
            ),
        ),
        Ask("GET", "/swarm"),
        Ask("POST", lambda f: f.swarm_update(), body={}),
        Ask("GET", "/swarm"),
    ],
    "rotations": [
        init(),
        Ask(
            "POST",
            lambda f: f.swarm_update("&rotateWorkerToken=1&rotateManagerToken=true"),
            body=lambda f: f.spec(),
        ),
        Ask("POST", lambda f: f.swarm_update(), body=lambda f: f.spec(CAConfig={"ForceRotate": 1})),
        Ask("GET", "/swarm", until=rotated),
    ],
    "node": [
        init(),
        Ask("POST", lambda f: f.node_update(), 400, 'invalid Role: ""', {}),
        Ask("POST", lambda f: f.node_update(), 400, 'invalid Availability: ""', {"Role": "worker"}),
        Ask("POST", lambda f: f.node_update(), 400, 'invalid Role: "x"', {"Role": "x", "Availability": "active"}),
        Ask("POST", lambda f: f.node_update(), 400, "rpc error: code = FailedPrecondition desc = attempting", NODE),
        Ask(
            "POST",
            lambda f: f.node_update(),
            body={"Role": "manager", "Availability": "PAUSE", "Labels": {"a": "b"}, "Name": "mine"},
            again=True,
        ),
        Ask("GET", lambda f: f"/nodes/{f.name()}"),
        Ask("GET", lambda f: f"/nodes/{f.id()[:12]}"),
        Ask("POST", lambda f: f.node_update(), body={"Role": "manager", "Availability": "active"}, again=True),
        Ask("GET", "/nodes"),
        Ask(
            "POST",
            lambda f: f"/nodes/{f.id()}/update?version=1",
            500,
            "rpc error: code = Unknown desc = update out of sequence",
            {"Role": "manager", "Availability": "active"},
        ),
        Ask("GET", "/nodes/nobody", 404, "node nobody not found"),
        Ask("POST", "/nodes/nobody/update?version=1", 404, "node nobody not found", NODE),
        Ask("DELETE", "/nodes/nobody", 404, "node nobody not found"),
        Ask("DELETE", lambda f: f"/nodes/{f.id()}", 400, "rpc error: code = FailedPrecondition desc = node"),
        Ask("DELETE", lambda f: f"/nodes/{f.id()}?force=1", 400, "rpc error: code = FailedPrecondition desc = node"),
    ],
    "filters": [
        init(),
        Ask("GET", filtered("/nodes", {"role": ["manager"]})),
        Ask("GET", filtered("/nodes", {"role": ["worker"]})),
        Ask("GET", filtered("/nodes", {"role": ["x"]}), 500, "Invalid role filter: 'x'"),
        Ask("GET", filtered("/nodes", {"membership": ["accepted"]})),
        Ask("GET", filtered("/nodes", {"membership": ["x"]}), 500, "Invalid membership filter: 'x'"),
        Ask("GET", filtered("/nodes", {"x": ["x"]}), 400),
        Ask("GET", lambda f: filtered("/nodes", {"name": [f.name()]})),
        Ask("GET", lambda f: filtered("/nodes", {"id": {f.id()[:5]: True}})),
        Ask("GET", filtered("/nodes", {"node.label": ["a=b"]})),
        Ask("GET", lambda f: filtered("/tasks", {"node": [f.id()], "desired-state": ["running"]})),
        Ask("GET", filtered("/tasks", {"node": ["nobody"]}), 404, "node nobody not found"),
        Ask("GET", filtered("/tasks", {"service": ["nobody"]}), 404, "service nobody not found"),
        Ask("GET", filtered("/tasks", {"desired-state": ["x"]}), 500, "Invalid desired-state filter: 'x'"),
        Ask("GET", filtered("/tasks", {"x": ["x"]}), 400),
    ],
    "autolock": [
        init(Spec={"EncryptionConfig": {"AutoLockManagers": True}}),
        Ask("GET", "/swarm/unlockkey"),
        Ask("POST", lambda f: f.swarm_update("&rotateManagerUnlockKey=1"), body=lambda f: f.spec()),
        Ask("GET", "/swarm/unlockkey", until=lambda answer: answer["UnlockKey"] != ""),
        Ask("POST", "/swarm/unlock", 409, "swarm is not locked", lambda f: {"UnlockKey": f.key()}),
        Pause(3.0),  # until then the new key may not be on the disk, and the old one still opens
        Restart(),
        Ask("GET", "/info", until=lambda info: info["Swarm"]["LocalNodeState"] == "locked"),
        *refused_by_no_manager(LOCKED),
        Ask("POST", "/swarm/init", 503, ALREADY, LISTEN),
        Ask("POST", "/swarm/init", 503, WORKER, {**LISTEN, "ForceNewCluster": True}),
        Ask("POST", "/swarm/join", 503, ALREADY, {}),
        Ask("POST", "/swarm/leave", 503, "Swarm is encrypted and locked."),
        Ask("POST", "/swarm/unlock", 400, "invalid key string", {"UnlockKey": "x"}),
        Ask(
            "POST",
            "/swarm/unlock",
            401,
            "swarm could not be unlocked: invalid key provided",
            {"UnlockKey": "SWMKEY-1-wbn5QaU6M0JHGzSrWkFAQy71doT/qhl86nmQP5qzC7I"},
        ),
        Ask("POST", "/swarm/unlock", body=lambda f: {"UnlockKey": f.key()}),
        Ask("GET", "/info", until=lambda info: info["Swarm"]["ControlAvailable"]),
        Ask("POST", "/swarm/init", 503, LOCKED, {**LISTEN, "ForceNewCluster": True}),
        INACTIVE_INFO,
        Ask("POST", "/swarm/leave?force=1", 503, "This node is not part of a swarm"),
        Restart(),
        Ask("GET", "/info", until=lambda info: info["Swarm"]["LocalNodeState"] == "locked"),
    ],
}

PAIR = {
    "worker": [
        init(),
        Ask("POST", "/swarm/join", body=lambda f: f.joining(Availability="pause"), on=1),
        Ask("GET", "/info", on=1),
        Ask("GET", "/_ping", on=1),
        Ask("GET", "/nodes", until=lambda nodes: all(n["Description"].get("Hostname") for n in nodes)),
        Ask("GET", "/info"),
        *refused_by_no_manager(WORKER, on=1),
        Ask("POST", "/swarm/init", 503, ALREADY, LISTEN, on=1),
        Ask("POST", "/swarm/init", 503, WORKER, {**LISTEN, "ForceNewCluster": True}, on=1),
        Ask("POST", "/swarm/join", 503, ALREADY, {}, on=1),
        Ask("POST", "/swarm/unlock", 503, WORKER, {"UnlockKey": "x"}, on=1),
        Ask("DELETE", lambda f: f"/nodes/{f.id(1)}", 400, "rpc error: code = FailedPrecondition desc = node"),
        Ask("DELETE", lambda f: f"/nodes/{f.id(1)}?force=1"),
        # The engine is not told that it was struck off the list.
        Ask("GET", "/info", on=1),
        Ask("POST", "/swarm/leave", on=1),
        Ask("GET", "/info", on=1),
    ],
    "roles": [
        init(Spec={"Dispatcher": {"HeartbeatPeriod": 10**9}}),  # a node is down after three of them
        Ask("POST", "/swarm/join", body=lambda f: f.joining(), on=1),
        Ask("POST", lambda f: f.node_update(1), body={"Role": "manager", "Availability": "active"}, again=True),
        Ask("GET", "/info", on=1, until=lambda info: info["Swarm"].get("Managers") == 2),
        Ask("GET", "/info"),
        Ask("GET", "/nodes"),
        Ask("GET", "/nodes", on=1),
        Ask("POST", "/swarm/leave", 503, "You are attempting to leave the swarm on a node that is", on=1),
        Ask("POST", lambda f: f.node_update(1), body=NODE, again=True),
        Ask("GET", "/swarm", 503, WORKER, on=1, until=lambda answer: answer["message"].startswith(WORKER)),
        Ask("GET", "/info", until=lambda info: info["Swarm"]["Managers"] == 1),
        Ask("POST", "/swarm/leave", on=1),
        Ask("GET", "/nodes", until=lambda nodes: "down" in [node["Status"]["State"] for node in nodes]),
    ],
    "twice": [
        init(),
        Ask("POST", "/swarm/join", body=lambda f: f.joining(AdvertiseAddr="nosuch0"), on=1),
        Ask("POST", "/swarm/leave", on=1),
        Ask("POST", "/swarm/join", body=lambda f: f.joining(), on=1),
        Ask(
            "GET", lambda f: f"/nodes/{f.name(1)}", 400, "node", until=lambda a: "is ambiguous (2 match" in a["message"]
        ),
        Ask("DELETE", lambda f: f"/nodes/{f.name(1)}", 400, "node"),
        Ask("POST", lambda f: f"/nodes/{f.name(1)}/update?version=1", 400, "node", NODE),
    ],
    "refused join": [
        init(),
        Ask(
            "POST",
            "/swarm/join",
            400,
            "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
            lambda f: f.joining(JoinToken=""),
            on=1,
        ),
        Ask(
            "POST",
            "/swarm/join",
            400,
            "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
            lambda f: f.joining(JoinToken=f.joining()["JoinToken"][:-25] + "0" * 25),
            on=1,
        ),
        Ask(
            "POST",
            "/swarm/join",
            500,
            "remote CA does not match fingerprint. Expected: ",
            lambda f: f.joining(JoinToken="SWMTKN-1-" + "1" * 50 + "-" + "0" * 25),
            on=1,
        ),
        Ask("GET", "/info", on=1),
    ],
    "join to nobody": [
        init(),
        Ask(
            "POST",
            "/swarm/join",
            503,
            "Timeout was reached before node joined.",
            lambda f: f.joining(RemoteAddrs=[f.nobody()]),
            on=1,
        ),
        Ask("GET", "/info", on=1, until=lambda info: info["Swarm"]["LocalNodeState"] == "error"),
        Ask("GET", "/swarm", 503, NO_SWARM, on=1),
        Ask("POST", "/swarm/join", 503, ALREADY, {}, on=1),
        Ask("POST", "/swarm/init", 503, ALREADY, LISTEN, on=1),
        Ask("POST", "/swarm/leave", on=1),
        Ask("GET", "/info", on=1),
    ],
}
