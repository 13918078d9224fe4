# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether tokens, root certificate or unlock key may be renewed now."""

from __future__ import annotations

import typing as t

from ...module_utils._core.paths import Values

TOKENS, CA, UNLOCK_KEY = "tokens", "ca", "unlock_key"
KINDS = (TOKENS, CA, UNLOCK_KEY)


class Wishes(t.NamedTuple):
    """:param kind: what to renew.
    :param keeps_keys: whether keys go to a place where the user finds them.
    :param key_given: whether the present unlock key is among those that the user gave.
    """

    kind: str
    keeps_keys: bool = False
    key_given: bool = False


def plan_rotation(survey: Values, nodes: list[Values], live: Values, wishes: Wishes) -> Values:
    """What will be done, or why not.

    :param live: what hive.swarm.swarm_info returned on a manager: the settings of the swarm, and
        ``root_rotation_in_progress``.
    :returns: start (false where a rotation of the certificate is under way and is only waited for), counter (of
        rotations, for the certificate), steps, warnings, stop and confirm.
    """
    if wishes.kind not in KINDS:
        return _plan(stop=[f"rotate: required. Set what to renew with -e rotate={'|'.join(KINDS)}."])
    if not survey["manager"]:
        return _plan(stop=survey["stop"])
    planners = {TOKENS: _plan_tokens, CA: _plan_ca, UNLOCK_KEY: _plan_key}
    return planners[wishes.kind](survey, nodes, live, wishes)


def _plan(
    start: bool = False,
    counter: int = 0,
    steps: t.Iterable[str] = (),
    warnings: t.Iterable[str] = (),
    stop: t.Iterable[str] = (),
    confirm: str = "",
) -> Values:
    return {
        "start": start and not list(stop),
        "counter": counter,
        "steps": list(steps),
        "warnings": list(warnings),
        "stop": list(stop),
        "confirm": confirm,
    }


def _plan_tokens(survey: Values, nodes: list[Values], live: Values, wishes: Wishes) -> Values:
    return _plan(
        start=True,
        steps=[
            f"Swarm {survey['cluster_id']}: new join tokens for workers and managers; the old ones are void at once",
            f"The {len(nodes)} nodes that are in the swarm are not affected",
        ],
    )


# The root certificate


def _plan_ca(survey: Values, nodes: list[Values], live: Values, wishes: Wishes) -> Values:
    stop = down_problems(nodes)
    counter = live["swarm"]["ca_force_rotate"]
    if live["root_rotation_in_progress"]:
        steps = ["A rotation of the root certificate is under way already: it is only waited for"]
        return _plan(counter=counter, steps=steps, stop=stop)
    steps = [
        f"Swarm {survey['cluster_id']}: a new root certificate, and from it a new one for each of {len(nodes)} nodes",
        "Both join tokens change with it; services are not affected",
    ]
    return _plan(start=True, counter=counter + 1, steps=steps, stop=stop, confirm=survey["cluster_id"])


def down_problems(nodes: list[Values]) -> list[str]:
    """A rotation does not end as long as one listed node is down, and the tokens change only at its end."""
    down = sorted(f"{node['hostname']} ({node['id']}, {node['state']})" for node in nodes if node["state"] != "ready")
    if not down:
        return []
    return [
        f"The rotation would not end, since these nodes cannot get a new certificate: {', '.join(down)}. Bring them back,"
        " or remove their entries with hive.swarm.scale_in."
    ]


def waits_for(nodes: list[Values], rotating: bool) -> str:
    """What a rotation of the certificate still waits for; empty when it is over."""
    if not rotating:
        return ""
    down = sorted(node["hostname"] for node in nodes if node["state"] != "ready")
    return f"it needs every node, and these are not ready: {', '.join(down)}" if down else "nodes get new certificates"


# The unlock key


def _plan_key(survey: Values, nodes: list[Values], live: Values, wishes: Wishes) -> Values:
    if not live["swarm"]["autolock_managers"]:
        return _plan(stop=["The swarm has no unlock key, as autolock is off (cluster_swarm.autolock_managers)."])
    away = sorted(n["hostname"] for n in nodes if n["manager"] and n["reachability"] != "reachable")
    stop, warnings = [], []
    if away:
        warnings.append(f"Not reachable: {', '.join(away)}. They will open with the old key alone: keep it until then.")
    if away and not (wishes.keeps_keys or wishes.key_given):
        stop.append(
            f"{', '.join(away)} {'are' if len(away) > 1 else 'is'} not reachable and will open with the present key"
            " only, which would not be known then. Set where to store the keys (operations_secrets_file or"
            " operations_secrets_tasks), or show that you have the present one in cluster_unlock_keys."
        )
    steps = [
        f"Swarm {survey['cluster_id']}: a new unlock key for its managers",
        "Keep the old one as well, behind the new one in cluster_unlock_keys, and for as long as backups need it",
    ]
    return _plan(start=True, steps=steps, warnings=warnings, stop=stop)
