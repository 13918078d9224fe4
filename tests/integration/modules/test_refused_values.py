# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""T3: what swarm_service refuses runs on no engine, and the neighbours of it that it accepts do."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import IMAGE, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage


def _config(**owner: str) -> dict:
    return {"configs": [{"config_name": "app", "filename": "/app", **owner}]}


def _volume(source: str) -> dict:
    return {"mounts": [{"type": "volume", "source": source, "target": "/data"}]}


# Option of the module -> how it stands in the engine's container spec.
CASES = {
    "cap": ({"cap_add": ["CAP_NOSUCH"]}, {"CapabilityAdd": ["CAP_NOSUCH"]}, {"cap_add": ["net_admin"]}),
    "signal": ({"stop_signal": "SIGNOSUCH"}, {"StopSignal": "SIGNOSUCH"}, {"stop_signal": "SIGINT"}),
    "uid": (_config(uid="www-data"), {"UID": "www-data"}, _config(uid="33")),
    "gid": (_config(gid="www-data"), {"GID": "www-data"}, _config(gid="33")),
    "root": (
        {"mounts": [{"type": "tmpfs", "target": "/a/.."}]},
        {"Mounts": [{"Type": "tmpfs", "Target": "/a/.."}]},
        {"mounts": [{"type": "tmpfs", "target": "/a"}]},
    ),
    "hostname": ({"hostname": "h" * 65}, {"Hostname": "h" * 65}, {"hostname": "h" * 64}),
    "user": ({"user": "2147483648"}, {"User": "2147483648"}, {"user": "2147483647"}),
    "directory": ({"working_dir": "{{.Node.ID}}"}, {"Dir": "{{.Node.ID}}"}, {"working_dir": "/tmp"}),
    "program": ({"command": ["", "sleep"]}, {"Command": ["", "sleep"]}, {"command": [""]}),
    "volume": (_volume("v"), {"Mounts": [{"Type": "volume", "Source": "v", "Target": "/data"}]}, _volume("vv")),
}


@pytest.fixture(scope="module")
def manager(real_lab):
    reset_all(real_lab)
    make_swarm(real_lab[:1])
    data = base64.b64encode(b"x").decode()
    identity = real_lab[0].do("POST", "/configs/create", {"Name": "app", "Data": data})["ID"]
    return real_lab[0], identity


def _tasks(host, name):
    return [task for task in host.do("GET", "/tasks") if host.do("GET", f"/services/{name}")["ID"] == task["ServiceID"]]


@pytest.mark.parametrize("name", CASES)
def test_the_engine_runs_what_is_accepted_alone(manager, name):
    host, config = manager
    refused, raw, accepted = CASES[name]
    service = {
        "name": "good",
        "image": IMAGE,
        "args": ["sleep", "600"],
        "stop_grace_period": "0s",
        "resolve_image": "never",
    }
    said = on(host)("swarm_service", {**service, **refused})
    assert said["failed"] and said["failure"]["kind"] == "bad_input"
    assert said["failure"]["option"].partition(".")[0] == next(iter(refused))

    file = {"Name": "/app", "UID": "0", "GID": "0", "Mode": 0o444, **raw}
    configs = raw
    if raw.keys() & {"UID", "GID"}:
        configs = {"Configs": [{"File": file, "ConfigID": config, "ConfigName": "app"}]}
    container = {"Image": IMAGE, "Args": ["sleep", "600"], "StopGracePeriod": 0, **configs}
    host.do("POST", "/services/create", {"Name": "bad", "TaskTemplate": {"ContainerSpec": container, "Placement": {}}})
    ended = ("failed", "rejected")
    Stage.wait_for(lambda: any(task["Status"]["State"] in ended for task in _tasks(host, "bad")))
    host.do("DELETE", "/services/bad")

    assert not on(host)("swarm_service", {**service, **accepted, "wait_timeout": 60})["failed"]
    host.do("DELETE", "/services/good")
