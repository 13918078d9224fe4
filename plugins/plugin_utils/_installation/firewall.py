# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules that let the nodes of a swarm reach each other, in the words of three firewalls."""

from __future__ import annotations

import re
import typing as t
from ipaddress import ip_network

from ...module_utils._core.values import Values
from .._cluster.steps import Reason
from .files import HEADER
from .host import Host

#: Raft and the API of managers; gossip; and the protocol of encrypted overlay networks
#: (docs.docker.com, engine/swarm/swarm-tutorial).
MANAGER_PORT, GOSSIP_PORT, ESP = 2377, 7946, "esp"

#: What tells a rule of ufw that the role has added.
COMMENT = "hive.swarm"
_UFW_COMMENT = re.compile(r" comment '.*'$")

#: Rich rules of firewalld have no comments. So a file has those that the role has added: such a rule goes when its node does.
FIREWALLD_RECORD = "/etc/firewalld/hive-swarm.rules"
NFTABLES_FILE = "/etc/nftables.hive-swarm.conf"
NFTABLES_INCLUDE = f'include "{NFTABLES_FILE}"'
#: What nftables loads at every boot, by the family of the system.
BOOT_FILES = {"Debian": "/etc/nftables.conf", "RedHat": "/etc/sysconfig/nftables.conf"}


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


def is_address(text: str) -> bool:
    """Return whether it is an address or a network."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def address(name: str, candidates: t.Iterable[object]) -> str:
    """Return the first of what a host is said to have that is an address, else its name."""
    return next((str(each) for each in (*candidates, name) if is_address(str(each or ""))), name)


def unknown_peers(peers: list[str]) -> list[Reason]:
    names = [peer for peer in peers if not is_address(peer)]
    if not names:
        return []
    message = (
        "The firewall must let the nodes through, and some of them have a name instead of an address:"
        f" {', '.join(names)}. Give engine_firewall_peers, or set engine_firewall to false."
    )
    return [Reason("bad_input", message)]


def plan(host: Host, rules_of: dict[str, list[str]], chain: str) -> Values:
    """Return what is to be done to each active firewall.

    :param rules_of: as words() gives them.
    :param chain: family, table and chain of nftables in which incoming packets are filtered.
    """
    live, planned = host.found["firewall_rules"], {}
    if "ufw" in host.found["firewalls"]:
        planned["ufw"] = changes(live["ufw"], rules_of["ufw"])
    if "firewalld" in host.found["firewalls"]:
        planned["firewalld"] = _firewalld(live, rules_of["firewalld"], host.text(FIREWALLD_RECORD).splitlines())
    if "nftables" in host.found["firewalls"]:
        planned["nftables"] = _nftables(host, live["nftables"], rules_of["nftables"], chain)
    return planned


def differing(planned: Values) -> list[str]:
    """Return the names of the firewalls that are changed."""
    return [name for name, what in planned.items() if any(_changes(what))]


def _changes(what: Values) -> list[object]:
    if "runtime" in what:
        return [*what["runtime"].values(), *what["permanent"].values(), what["record"] is not None]
    return [what.get("add"), what.get("remove"), what.get("write"), what.get("include"), what.get("load")]


def _firewalld(live: Values, wanted: list[str], own: list[str]) -> Values:
    """:param own: the rules that the role has added before."""
    lists = {"runtime": live["firewalld"], "permanent": live["firewalld_permanent"]}
    listed = {rule.strip() for rules in lists.values() for rule in rules}
    new = [rule for rule in wanted if rule not in listed]
    gone = [rule for rule in own if rule not in wanted]
    record = sorted({*new, *own} - {*gone}) if new or gone else None
    return {**{name: changes(rules, wanted, own) for name, rules in lists.items()}, "record": record}


def _nftables(host: Host, live: list[str] | None, wanted: list[str], chain: str) -> Values:
    """The rules are in a chain of their own, which the chain of incoming packets jumps to.

    :param live: the lines of the chain; None where it does not exist, so that nothing is filtered.
    """
    path, jumps = BOOT_FILES[host.family], any("jump hive_swarm" in line for line in live or ())
    content = _nftables_file(wanted, chain)
    write = host.text(NFTABLES_FILE) != content or host.mode(NFTABLES_FILE) != "0644"
    include = NFTABLES_INCLUDE not in host.text(path).splitlines()
    found = live is not None
    return {
        "chain_exists": found,
        "jumps": jumps,
        "boot_file": path,
        "content": content,
        "write": found and write,
        "include": found and include,
        "load": found and (write or not jumps),
    }


def _nftables_file(wanted: list[str], chain: str) -> str:
    family, table, name = chain.split()
    own = f"{family} {table} hive_swarm"
    lines = [
        HEADER,
        f"add table {family} {table}",
        f"add chain {own}",
        f"flush chain {own}",
        *(f"add rule {own} {rule}" for rule in wanted),
        f"insert rule {family} {table} {name} jump hive_swarm",
    ]
    return "\n".join([*lines, ""])
