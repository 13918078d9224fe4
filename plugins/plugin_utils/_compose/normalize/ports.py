# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Published ports: ``[address:][published:]target[/protocol]``, each port or a range, to the long form.

As docker/go-connections, nat, and docker/cli, opts/swarmopts: ranges of one length belong together pairwise, and one
target can have a range of published ports. A swarm publishes on every address, so an address is left out.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ....module_utils._stack.compose_places import Section

_PROTOCOLS = ("tcp", "udp", "sctp")
_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_HIGHEST = 65535


class Port(t.NamedTuple):
    """:param address: of the host, as written; empty for all. :param published: empty for any."""

    address: str
    published: t.Sequence[int]
    target: t.Sequence[int]
    protocol: str

    @property
    def loses_address(self) -> bool:
        return bool(self.address) and not ipaddress.ip_address(self.address).is_unspecified

    def long(self) -> list[Section]:
        """The long form of each single port; published is 0 where the swarm chooses it."""
        if len(self.target) == 1:
            pairs = [(self.target[0], published) for published in self.published or [0]]
        else:
            pairs = list(zip(self.target, self.published or [0] * len(self.target)))
        pairs.sort(key=lambda pair: str(pair[0]))  # as the command line does, before it sorts them all
        return [
            {"target": target, "published": published, "protocol": self.protocol, "mode": "ingress"}
            for target, published in pairs
        ]


def parse_port(value: object) -> Port:
    """Raises ValueError with what would be right."""
    text = str(value)
    rest, _slash, protocol = text.partition("/")
    address, published, target = ("", "", *rest.rsplit(":", 2))[-3:]
    if (protocol.lower() or "tcp") not in _PROTOCOLS:
        raise ValueError(f"{text!r} has an unknown protocol. Use {', '.join(_PROTOCOLS[:-1])} or {_PROTOCOLS[-1]}")
    port = Port(_address(text, address), _range(text, published), _range(text, target), protocol.lower() or "tcp")
    if not port.target:
        raise ValueError(f"{text!r} has no port of the container. Write it like 8080:80 or 8080:80/udp")
    if port.published and len(port.target) not in (1, len(port.published)):
        raise ValueError(f"{text!r} has ranges of different lengths")
    return port


def published_ports(text: str) -> t.Sequence[int]:
    """``8080``, or ``8080-8082`` for each of them, of the long form; 0 for an empty text. Raises ValueError."""
    return _range(text, text) or (0,)


def _address(text: str, address: str) -> str:
    bare = address[1:-1] if address.startswith("[") and address.endswith("]") else address
    if bare:
        try:
            ipaddress.ip_address(bare)
        except ValueError:
            raise ValueError(f"{text!r} has an invalid IP address before its ports") from None
    return bare


def _range(text: str, ports: str) -> t.Sequence[int]:
    if not ports:
        return ()
    match = _RANGE.fullmatch(ports)
    first = int(match[1]) if match else -1
    last = int(match[2]) if match and match[2] else first
    if not 0 <= first <= last <= _HIGHEST:
        raise ValueError(f"{text!r} is not a port. Write it like 8080:80, 8080-8082:80-82 or 8080:80/udp")
    return range(first, last + 1)
