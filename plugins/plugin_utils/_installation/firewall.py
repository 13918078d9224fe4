# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules that let the nodes of a swarm reach each other, in the words of three firewalls."""

from __future__ import annotations

import re
from ipaddress import ip_network

from ...module_utils._core.paths import Values

#: Raft and the API of managers; gossip; and the protocol of encrypted overlay networks
#: (docs.docker.com, engine/swarm/swarm-tutorial).
MANAGER_PORT, GOSSIP_PORT, ESP = 2377, 7946, "esp"

#: What tells a rule of ufw that the role has added.
COMMENT = "hive.swarm"
_UFW_COMMENT = re.compile(r" comment '.*'$")


def rules(peers: list[str], manager: bool, data_path_port: int = 4789) -> list[Values]:
    """One rule for each peer and port: source, port (0 for a protocol without), protocol.

    VXLAN does not know who sends, so nothing is opened to all.
    """
    ports = [(GOSSIP_PORT, "tcp"), (GOSSIP_PORT, "udp"), (int(data_path_port), "udp"), (0, ESP)]
    if manager:
        ports.insert(0, (MANAGER_PORT, "tcp"))
    networks = sorted({ip_network(peer, strict=False) for peer in peers}, key=lambda found: (found.version, found))
    sources = [str(network) for network in networks]
    return [{"source": source, "port": port, "protocol": protocol} for source in sources for port, protocol in ports]


def ufw(rule: Values) -> str:
    """The arguments of `ufw`, as `ufw show added` prints them."""
    source = _host(rule["source"])
    if not rule["port"]:
        return f"allow from {source} proto {rule['protocol']}"
    return f"allow from {source} to any port {rule['port']} proto {rule['protocol']}"


def firewalld(rule: Values) -> str:
    """A rich rule."""
    family = f"ipv{ip_network(rule['source']).version}"
    what = (
        f'port port="{rule["port"]}" protocol="{rule["protocol"]}"'
        if rule["port"]
        else f'protocol value="{rule["protocol"]}"'
    )
    return f'rule family="{family}" source address="{_host(rule["source"])}" {what} accept'


def nftables(rule: Values) -> str:
    """A rule of a chain of the family inet."""
    family = "ip6" if ip_network(rule["source"]).version == 6 else "ip"
    source = f"{family} saddr {_host(rule['source'])}"
    if not rule["port"]:
        return f"{source} meta l4proto {rule['protocol']} accept"
    return f"{source} {rule['protocol']} dport {rule['port']} accept"


def _host(source: str) -> str:
    network = ip_network(source)
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def changes(live: list[str], wanted: list[str], own: list[str] | None = None) -> dict[str, list[str]]:
    """Which rules to add, and which to remove because no peer needs them any more.

    :param live: the rules that a firewall lists; those of ufw begin with its name, and end with a comment where they have one.
    :param wanted: as words() gives them.
    :param own: the rules that were added before; None where the comment of a rule says so. Others are never removed.
    """
    listed = [_UFW_COMMENT.sub("", line.strip().removeprefix("ufw ")) for line in live]
    if own is None:
        own = [rule for rule, line in zip(listed, live) if line.strip().endswith(f" comment '{COMMENT}'")]
    return {
        "add": [rule for rule in wanted if rule not in listed],
        "remove": [rule for rule in dict.fromkeys(own) if rule in listed and rule not in wanted],
    }


def words(peers: list[str], manager: bool, data_path_port: int = 4789) -> dict[str, list[str]]:
    """The rules for each firewall."""
    found = rules(peers, manager, data_path_port)
    return {
        "ufw": [ufw(rule) for rule in found],
        "firewalld": [firewalld(rule) for rule in found],
        "nftables": [nftables(rule) for rule in found],
    }
