# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard of the machine's link to a lab: packets of root alone get onto it.

The engines and the registry of a lab serve without TLS, and a client of an engine is root on the machine, whose disk the
engine sees. So nothing of the machine but root's own sockets may send to a lab, on any port: neither its other users nor
what it forwards, as from containers of its own Docker.

Two layers, since other programs flush rules. The packet filter (iptables, or nftables where that fails) drops what has no
socket of root; a socket that is bound to the link with SO_BINDTODEVICE does not pass it by. The routing rule, which needs
no packet filter, refuses other users the route, with "Permission denied". The link has no IPv6. It is up only while both
are there, and a lab without them is not healthy, so that `up` makes them again.
"""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Iterable

from . import _names as names
from ._errors import LabError
from ._run import run

#: All user IDs but root's; the last number of 32 bits means none.
_OTHERS = "1-4294967294"
#: Before the rules that others add, whose default is 32765 and less.
_PREFERENCE = "90"
_IPV6 = "/proc/sys/net/ipv6/conf/{}/disable_ipv6"
_WORDS = "the machine's link to the lab cannot be closed to other users"


def close(lab: str, network: ipaddress.IPv4Network) -> None:
    """Put the guard on the link, which is there and down. LabError, with the link still down, where that cannot be done."""
    link = names.uplink(lab)
    _disable_ipv6(link)
    if not _has_route_rule(network):
        run(["ip", "rule", "add", *_route_rule(network)])
    if not _has_filter(lab):
        _add_filter(lab)
    if not is_closed(lab, network):
        raise LabError(f"{_WORDS}: its rules are not there after they were added")


def is_closed(lab: str, network: ipaddress.IPv4Network) -> bool:
    """Return whether all of the guard is there."""
    return _has_no_ipv6(names.uplink(lab)) and _has_route_rule(network) and _has_filter(lab)


def remove(lab: str, networks: Iterable[ipaddress.IPv4Network]) -> None:
    """Remove the rules; the link must be gone. ``networks`` are those that it had addresses of."""
    for network in networks:
        while _has_route_rule(network):
            run(["ip", "rule", "delete", *_route_rule(network)])
    while _has_iptables(lab):
        run(_iptables("-D", lab))
    if _has_nftables(lab):
        run(["nft", "delete", "table", "ip", _table(lab)])


def _route_rule(network: ipaddress.IPv4Network) -> list[str]:
    return ["pref", _PREFERENCE, "to", str(network), "uidrange", _OTHERS, "prohibit"]


def _has_route_rule(network: ipaddress.IPv4Network) -> bool:
    rules = json.loads(run(["ip", "-j", "rule", "show"], check=False) or "[]")
    first, last = (int(number) for number in _OTHERS.split("-"))
    return any(
        rule.get("dst") == str(network.network_address)
        and rule.get("dstlen", 32) == network.prefixlen
        and (rule.get("uid_start"), rule.get("uid_end")) == (first, last)
        and rule.get("action") == "prohibit"
        for rule in rules
    )


def _disable_ipv6(link: str) -> None:
    path = _IPV6.format(link)
    if os.path.exists(path):
        with open(path, "w", encoding="ascii") as file:
            file.write("1")


def _has_no_ipv6(link: str) -> bool:
    try:
        with open(_IPV6.format(link), encoding="ascii") as file:
            return file.read().strip() == "1"
    except FileNotFoundError:
        return True


def _has_filter(lab: str) -> bool:
    return _has_iptables(lab) or _has_nftables(lab)


def _add_filter(lab: str) -> None:
    try:
        run(_iptables("-A", lab))
        return
    except LabError as error:
        reason = error
    try:
        run(["nft", "-f", "-"], stdin=_nft_rules(lab))
    except LabError as error:
        raise LabError(f"{_WORDS}: {reason}; {error}") from error


def _iptables(action: str, lab: str) -> list[str]:
    """The rule sees what sockets of the machine send and what it forwards; a packet without a socket is not root's."""
    rule = ["POSTROUTING", "-o", names.uplink(lab), "-m", "owner", "!", "--uid-owner", "0", "-j", "DROP"]
    return ["iptables", "-w", "-t", "mangle", action, *rule]


def _has_iptables(lab: str) -> bool:
    return _succeeds(_iptables("-C", lab))


def _table(lab: str) -> str:
    return f"hive-lab-{lab}"


def _nft_rules(lab: str) -> str:
    return (
        f"table ip {_table(lab)} {{\n"
        " chain postrouting {\n"
        "  type filter hook postrouting priority mangle; policy accept;\n"
        f'  oifname "{names.uplink(lab)}" meta skuid 0 accept\n'
        f'  oifname "{names.uplink(lab)}" drop\n'
        " }\n"
        "}\n"
    )


def _has_nftables(lab: str) -> bool:
    return _succeeds(["nft", "list", "chain", "ip", _table(lab), "postrouting"])


def _succeeds(argv: list[str]) -> bool:
    try:
        run(argv)
    except LabError:
        return False
    return True
