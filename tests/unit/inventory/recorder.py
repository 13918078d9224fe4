# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records what real engines answer to the inventory plugin, after a life in which much has gone wrong.

``python recorder.py LAB FILE`` needs a lab of four engines, all in no swarm. Three become managers, one a worker. The
worker's disk is lost and it joins again; the leader dies and comes back; its successor dies; then one manager more.
One file holds the answers at every stage: stage -> path -> status and body. ``GET /info`` carries no tokens, and is cut
down to what is about the swarm.
"""

from __future__ import annotations

import json
import pathlib
import sys
import time
from typing import Any, Callable

from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.support.lifecycles.real import RealHost, make_swarm
from ansible_collections.hive.swarm.tests.support.worlds import ask

# Data that nobody may take for anything else.
LABELS = {"rack": "b7", "empty": "", "template": "{{ 7 * 7 }}", "path/with/slashes": "../../etc", "größe": "groß 大"}


def wait(what: str, test: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.2)


def answer(host: RealHost, path: str) -> dict[str, Any]:
    status, body = ask(host.socket, "GET", path)
    if path == "/info" and status == 200:
        body = {key: body.get(key) for key in ("ID", "Name", "ServerVersion", "Swarm")}
    return {"status": status, "body": body}


def answers(host: RealHost) -> dict[str, Any]:
    return {path: answer(host, path) for path in ("/info", "/nodes")}


def label(manager: RealHost, hostname: str, **spec: Any) -> None:
    node = next(n for n in manager.do("GET", "/nodes") if n["Description"].get("Hostname") == hostname)
    body = {**node["Spec"], **spec}
    manager.do("POST", f"/nodes/{node['ID']}/update?version={node['Version']['Index']}", body)


def states(manager: RealHost, hostname: str) -> list[str]:
    return sorted(
        node["Status"]["State"]
        for node in manager.do("GET", "/nodes")
        if node["Description"].get("Hostname") == hostname
    )


def settled(manager: RealHost, dead: RealHost) -> bool:
    """The dead one is down, and the others have reported since."""
    status, nodes = ask(manager.socket, "GET", "/nodes")
    if status != 200:
        return False
    live = [
        node for node in nodes if node["Description"].get("Hostname") != dead.hostname and node["Spec"]["Labels"] == {}
    ]
    return states(manager, dead.hostname) == ["down"] and all(node["Status"]["State"] == "ready" for node in live)


def leads(host: RealHost) -> bool:
    status, nodes = ask(host.socket, "GET", "/nodes")
    return status == 200 and any((node.get("ManagerStatus") or {}).get("Leader") for node in nodes)


def leader_of(hosts: list[RealHost]) -> RealHost:
    leader = next(n for n in hosts[1].do("GET", "/nodes") if (n.get("ManagerStatus") or {}).get("Leader"))
    return next(host for host in hosts if host.hostname == leader["Description"]["Hostname"])


def members(manager: RealHost) -> int:
    """How many managers are reachable and ready."""
    nodes = [node for node in manager.do("GET", "/nodes") if node["Status"]["State"] == "ready"]
    return sum((node.get("ManagerStatus") or {}).get("Reachability") == "reachable" for node in nodes)


def play(hosts: list[RealHost]) -> dict[str, Any]:
    first, second, third, worker = hosts
    make_swarm(hosts, managers=3, heartbeat=1)
    label(first, worker.hostname, Labels=LABELS)
    label(first, third.hostname, Availability="drain", Name="third")
    film = {"healthy": answers(first), "worker": answers(worker)}
    worker.wipe()
    token = first.do("GET", "/swarm")["JoinTokens"]["Worker"]
    remote = [f"{first.address}:2377"]
    worker.do("POST", "/swarm/join", {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": remote, "JoinToken": token})
    wait(
        "the new entry", lambda: "ready" in states(first, worker.hostname) and len(states(first, worker.hostname)) == 2
    )
    film["rejoined"] = answers(first)
    wait("the old entry down", lambda: states(first, worker.hostname) == ["down", "ready"])
    first.kill()
    wait("another leader", lambda: leads(second))
    wait("the dead leader down", lambda: settled(second, first))
    wait("0.0.0.0", lambda: any(node["Status"]["Addr"] == "0.0.0.0" for node in second.do("GET", "/nodes")))
    film["failed over"] = answers(second)
    first.start()
    wait("the first leader back", lambda: members(second) == 3)
    successor = leader_of(hosts)
    successor.kill()
    wait("a third leader", lambda: leads(first))
    wait("the second leader down", lambda: settled(first, successor))
    film["failed over twice"] = answers(first)
    (third if successor is second else second).kill()
    wait("no leader", lambda: ask(first.socket, "GET", "/nodes")[0] != 200, 90)
    film["no quorum"] = answers(first)
    return film


def main(lab: str, file: str) -> None:
    film = play([RealHost(engine) for engine in Lab.open(lab).engines])
    text = json.dumps(film, indent=1, sort_keys=True, ensure_ascii=True)
    assert "SWMTKN" not in text and "SWMKEY" not in text
    pathlib.Path(file).write_text(text + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
