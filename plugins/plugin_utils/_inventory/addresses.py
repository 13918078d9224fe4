# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The address for Ansible's connection: usable addresses, and never the controller's own.

A leader that was elected by a failover shows 0.0.0.0 as its address, and goes on showing it when it is dead, while its
address as a manager is right (moby issues 35437 and 30119).
"""

from __future__ import annotations

import re

from ...module_utils._core.errors import BadInput
from ...module_utils._core.validators import is_ip, same_ip, told_host
from ...module_utils._core.values import Values, shown

_FIELDS = ("manager_address", "address", "hostname")
_LABEL = "label:"
# What a host name may hold, and never a dash first: to ssh that would be an option.
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?\.?", re.ASCII)
_LOCAL = re.compile(r"(.*\.)?localhost(\..*)?|ip6-localhost|ip6-loopback", re.IGNORECASE)


def check_texts(option: str, items: list[object]) -> None:
    """Raise BadInput for an item of another type, such as the mapping that ``label: KEY`` is with a blank."""
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict) and len(item) == 1:
            key, value = next(iter(item.items()))
            meant = f". Write {key}:{value} without a blank, or put it in quotes"
        else:
            meant = ". Put it in quotes"
        if not isinstance(item, str):
            raise BadInput(option, f"item {number} must be a string, not {shown(item)}{meant}.")


def check_sources(sources: list[str]) -> None:
    """Raise BadInput for a source that there is not."""
    check_texts("address_from", list(sources))
    for source in sources:
        if source not in _FIELDS and not (source.startswith(_LABEL) and len(source) > len(_LABEL)):
            raise BadInput("address_from", f"{source!r} is none of {', '.join(_FIELDS)} and label:KEY.")


def address_of(node: Values, sources: list[str]) -> str:
    """The first of the sources that gives an address to connect to; empty if none does."""
    for source in sources:
        host = told_host(_text(node, source))
        if host and reachable(host):
            return host
    return ""


def _text(node: Values, source: str) -> str:
    return node["labels"].get(source[len(_LABEL) :], "") if source.startswith(_LABEL) else node[source]


def reachable(host: str) -> bool:
    """Whether that can be another machine's address or name."""
    return bool(is_ip(host) or _HOST.fullmatch(host)) and not is_own(host)


def is_own(host: str) -> bool:
    """Whether an address or a name would lead back to the client: the controller, not the node.

    Numbers without dots are addresses to the resolver, so they are not host names.
    """
    if is_ip(host):
        plain = host.lower().rpartition("::ffff:")[2]
        return plain.startswith("127.") or any(same_ip(plain, none) for none in ("0.0.0.0", "::", "::1"))
    return host.replace(".", "").isdigit() or bool(_LOCAL.fullmatch(host))
