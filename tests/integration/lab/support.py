# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the lab do with engines."""

from __future__ import annotations

import json
import os
import subprocess

from ansible_collections.hive.swarm.plugins.module_utils._lab import _http as http


def post(engine, url, document=None, headers=()):
    """The parsed (or raw) answer of a POST; fails for a status of 400 and more."""
    body = json.dumps(document).encode() if document is not None else None
    connection = http._UnixConnection(engine.socket, 60)
    try:
        connection.request("POST", url, body, {"Content-Type": "application/json", **dict(headers)})
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    assert response.status < 400, f"POST {url}: {response.status} {text}"
    lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    assert not [line for line in lines if "error" in line], text
    return lines[0] if len(lines) == 1 else lines


def run_container(engine, *command, image="lab/busybox:1", **options):
    """Start a container; its ID."""
    container = post(engine, "/containers/create", {"Image": image, "Cmd": list(command), **options})["Id"]
    post(engine, f"/containers/{container}/start")
    return container


def running(engine, container):
    """Whether the engine says that the container runs."""
    return engine.get(f"/containers/{container}/json")["State"]["Running"]


def reaches(lab, engine, address, port=2375):
    """Whether a connection from inside the engine's network to the address can be made."""
    code = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1).close()"
    inside = ["nsenter", f"--net=/run/netns/hive.{lab.name}.{engine}", "python3", "-c", code]
    return subprocess.run([*inside, address, str(port)], capture_output=True, check=False).returncode == 0


def pids(lab):
    """Pid of every daemon."""
    return {engine.name: engine.pid for engine in lab.engines}


def identity(engine):
    """The engine's own ID, which a new disk changes."""
    return engine.get("/info")["ID"]


def ip(*arguments):
    """Run ip."""
    subprocess.run(["ip", *arguments], check=True)


def traces(lab):
    """Everything on the machine that belongs to the lab, found by other means than the lab's own."""
    commands = {
        "namespaces": ["ip", "netns", "list"],
        "links": ["ip", "-o", "link"],
        "routes": ["ip", "route", "show", "table", "all"],
        "firewall": ["iptables-save"],
        "mounts": ["cat", "/proc/mounts"],
        "processes": ["ps", "-eo", "pid,args"],
    }
    found = {}
    for what, command in commands.items():
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found[what] = [line for line in printed.splitlines() if lab.name in line and "pytest" not in line]
    walk = os.walk("/sys/fs/cgroup")
    found["cgroups"] = [folder for folder, _folders, _files in walk if f"/hive-lab/{lab.name}" in folder]
    found["folders"] = [path for path in (lab.folder,) if os.path.exists(path)]
    return {what: lines for what, lines in found.items() if lines}
