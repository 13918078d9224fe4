# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages about networks, secrets and configs that a service shall have and the swarm has not."""

from __future__ import annotations

import difflib
import typing as t

from ..network.reading import PREDEFINED, is_leftover


def _closest(name: str, known: t.Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else "."


class Unknown(t.NamedTuple):
    """:param certain: whether no earlier task can make it: something else has the name."""

    text: str
    certain: bool = False


def unknown_network(engine: t.Any, name: str, known: t.Iterable[str]) -> Unknown:
    """Why the name is none that a service can be attached to."""
    here = [item for item in engine.get("/networks") if name in (item["Name"], item["Id"])]
    if any(map(is_leftover, here)):
        text = f"networks: the network {name!r} was removed from the swarm; this engine still has tasks that use it."
        return Unknown(text)
    if here:
        driver, scope = here[0]["Driver"], here[0]["Scope"]
        text = f"networks: {name!r} is a {driver} network of scope {scope}; services need one of scope swarm (overlay)."
        return Unknown(text, certain=True)
    return Unknown(f"networks: the swarm has no network {name!r}{_closest(name, [*known, *PREDEFINED])}")


def unknown_object(engine: t.Any, kind: str, name: str) -> str:
    known = [item["Spec"]["Name"] for item in engine.get(f"/{kind}s")]
    return f"{kind}s: the swarm has no {kind} {name!r}{_closest(name, known)}"
