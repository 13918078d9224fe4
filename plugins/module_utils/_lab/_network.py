# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network of a lab: a hub namespace with a bridge, a link to each engine, one to the machine.

No default route exists: nothing leaves the machine. The link to the machine takes packets of root alone
(_guard.py).
"""

from __future__ import annotations

import ipaddress
import json
import os
from dataclasses import dataclass
from typing import Any

from . import _guard as guard
from . import _names as names
from ._run import run
from ._spec import Node, Spec

NETNS = "/run/netns"
BRIDGE = "br0"
NODE_LINK = "eth0"


@dataclass(frozen=True)
class Wiring:
    """What is there: namespaces by name, the hub's links (name -> is it up), the machine's end."""

    namespaces: set[str]
    hub_links: dict[str, bool]
    uplink_ready: bool


def namespaces(lab: str) -> set[str]:
    """Names of the lab's network namespaces that exist."""
    try:
        entries = os.listdir(NETNS)
    except FileNotFoundError:
        return set()
    hub = names.hub_namespace(lab)
    return {entry for entry in entries if entry == hub or entry.startswith(hub + ".")}


def _links(namespace: str | None, *arguments: str) -> list[dict[str, Any]]:
    where = ["-n", namespace] if namespace else []
    printed = run(["ip", *where, "-j", *arguments], check=False)
    return [link for link in json.loads(printed or "[]") if link]


def observe(spec: Spec) -> Wiring:
    """Look, change nothing."""
    found = namespaces(spec.name)
    hub = names.hub_namespace(spec.name)
    links = _links(hub, "link", "show") if hub in found else []
    machine = _links(None, "address", "show", "dev", names.uplink(spec.name)) if links else []
    if not machine:
        return Wiring(found, {link["ifname"]: "UP" in link["flags"] for link in links}, False)
    wanted = names.machine_address(spec.network)
    ready = guard.is_closed(spec.name, spec.network) and any(
        entry.get("local") == wanted and entry.get("prefixlen") == spec.network.prefixlen
        for link in machine
        if "UP" in link["flags"]
        for entry in link["addr_info"]
    )
    return Wiring(found, {link["ifname"]: "UP" in link["flags"] for link in links}, ready)


def node_address_ready(lab: str, node: Node) -> bool:
    """Whether the engine's own end is up with its address."""
    links = _links(names.node_namespace(lab, node.name), "address", "show", "dev", NODE_LINK)
    return any(
        entry.get("local") == node.address for link in links if "UP" in link["flags"] for entry in link["addr_info"]
    )


def hub_ready(wiring: Wiring) -> bool:
    """Whether the bridge and the machine's link are there."""
    return bool(wiring.hub_links.get(BRIDGE)) and wiring.uplink_ready


def make_hub(spec: Spec) -> None:
    """Create or repair the bridge and the machine's link; the engines' links stay."""
    hub, uplink = names.hub_namespace(spec.name), names.uplink(spec.name)
    wiring = observe(spec)
    if hub not in wiring.namespaces:
        run(["ip", "netns", "add", hub])
    if BRIDGE not in wiring.hub_links:
        run(["ip", "-n", hub, "link", "add", BRIDGE, "type", "bridge"])
    run(["ip", "-n", hub, "link", "set", BRIDGE, "up"])
    if not wiring.uplink_ready:
        _remove_uplink(spec.name, {spec.network})
        address = f"{names.machine_address(spec.network)}/{spec.network.prefixlen}"
        run(["ip", "link", "add", uplink, "type", "veth", "peer", "name", "uplink", "netns", hub])
        run(["ip", "-n", hub, "link", "set", "uplink", "master", BRIDGE, "up"])
        guard.close(spec.name, spec.network)
        run(["ip", "address", "add", address, "dev", uplink])
        run(["ip", "link", "set", uplink, "up"])


def make_port(spec: Spec, node: Node) -> None:
    """Join a node to the hub with fresh links, in its namespace (made if need be)."""
    hub, own, port = (
        names.hub_namespace(spec.name),
        names.node_namespace(spec.name, node.name),
        names.port(node.address),
    )
    if not os.path.exists(os.path.join(NETNS, own)):
        run(["ip", "netns", "add", own])
    run(["ip", "-n", hub, "link", "delete", port], check=False)
    run(["ip", "-n", own, "link", "delete", NODE_LINK], check=False)
    run(["ip", "-n", hub, "link", "add", port, "type", "veth", "peer", "name", NODE_LINK, "netns", own])
    lines = f"link set {port} master {BRIDGE} up\n"
    run(["ip", "-n", hub, "-batch", "-"], stdin=lines)
    lines = (
        "link set lo up\n"
        f"address add {node.address}/{spec.network.prefixlen} dev {NODE_LINK}\n"
        f"link set {NODE_LINK} up\n"
    )
    run(["ip", "-n", own, "-batch", "-"], stdin=lines)


def set_connected(lab: str, node: Node, connected: bool) -> None:
    """Plug or pull the node's cable: the hub's end of its link goes up or down."""
    state = "up" if connected else "down"
    run(["ip", "-n", names.hub_namespace(lab), "link", "set", names.port(node.address), state])


def clear(lab: str, node: str) -> None:
    """Remove the links that a node's daemon has made, as the bridge of its swarm; the cable stays."""
    own = names.node_namespace(lab, node)
    if own in namespaces(lab):
        made = [link["ifname"] for link in _links(own, "link", "show") if link["ifname"] not in ("lo", NODE_LINK)]
        for name in made:
            run(["ip", "-n", own, "link", "delete", name], check=False)


def remove_node(lab: str, node: str) -> None:
    """Take away a node's namespace and, with it, both ends of its link."""
    own = names.node_namespace(lab, node)
    if own in namespaces(lab):
        run(["ip", "-n", own, "link", "delete", NODE_LINK], check=False)
        run(["ip", "netns", "delete", own])


def remove(lab: str, spec: Spec | None = None) -> None:
    """Take away all of the lab's namespaces and links, whatever of them is there; ``spec`` is the lab's if it is known."""
    _remove_uplink(lab, {spec.network} if spec else set())
    for namespace in sorted(namespaces(lab), reverse=True):
        run(["ip", "netns", "delete", namespace])


def _remove_uplink(lab: str, known: set[ipaddress.IPv4Network]) -> None:
    """Remove the machine's link, then its guard."""
    links = _links(None, "address", "show", "dev", names.uplink(lab)) if uplink_exists(lab) else []
    found = [f"{entry['local']}/{entry['prefixlen']}" for link in links for entry in link["addr_info"]]
    networks = {ipaddress.IPv4Network(text, strict=False) for text in found if ":" not in text}
    if links:
        run(["ip", "link", "delete", names.uplink(lab)], check=False)
    guard.remove(lab, networks | known)


def uplink_exists(lab: str) -> bool:
    """Whether the machine has a link to the lab."""
    return os.path.exists(f"/sys/class/net/{names.uplink(lab)}")


def machine_networks(lab: str) -> list[ipaddress.IPv4Network]:
    """IPv4 networks the machine can reach, without the lab's own and the default route."""
    routes = json.loads(run(["ip", "-4", "-j", "route", "show", "table", "all"]) or "[]")
    found = []
    for route in routes:
        if route.get("dst", "default") == "default" or route.get("dev") == names.uplink(lab):
            continue
        try:
            found.append(ipaddress.IPv4Network(route["dst"], strict=False))
        except ValueError:
            continue
    return found
