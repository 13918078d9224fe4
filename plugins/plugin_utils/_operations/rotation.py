# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether tokens, root certificate or unlock key may be renewed now."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values
from .._cluster.steps import Reason, Step, reasons

TOKENS, CA, UNLOCK_KEY = "tokens", "ca", "unlock_key"
KINDS = (TOKENS, CA, UNLOCK_KEY)


class RotationOptions(t.NamedTuple):
    """:param kind: what to renew.
    :param keeps_keys: whether keys go to a place where the user finds them.
    :param key_given: whether the present unlock key is among those that the user gave.
    """

    kind: str
    keeps_keys: bool = False
    key_given: bool = False


def plan_rotation(discovered: Values, nodes: list[Values], live: Values, options: RotationOptions) -> Values:
    """What will be done, or why not.

    :param live: what hive.swarm.swarm_info returned on a manager: the settings of the swarm, and
        ``root_rotation_in_progress``.
    :returns: start (false where a rotation of the certificate is under way and is only waited for), counter (of
        rotations, for the certificate), steps, warnings, stop and confirm.
    """
    if options.kind not in KINDS:
        message = f"operations_rotate: required. Set what to renew with -e operations_rotate={'|'.join(KINDS)}."
        return _plan(stop=[Reason("bad_input", message)])
    if not discovered["manager"]:
        return _plan(stop=reasons("no_swarm", discovered["stop"]))
    planners = {TOKENS: _plan_tokens, CA: _plan_ca, UNLOCK_KEY: _plan_key}
    return planners[options.kind](discovered, nodes, live, options)


def _plan(
    start: bool = False,
    counter: int = 0,
    steps: t.Iterable[Step] = (),
    warnings: t.Iterable[str] = (),
    stop: t.Iterable[Reason] = (),
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


def _plan_tokens(discovered: Values, nodes: list[Values], live: Values, options: RotationOptions) -> Values:
    rotating = live["root_rotation_in_progress"]
    return _plan(
        start=True,
        stop=down_problems(nodes) if rotating else [],
        steps=[
            *(
                [Step("", "wait for the new root certificate", "both tokens change when it is there")]
                if rotating
                else []
            ),
            Step("", "renew the join tokens of workers and managers", "the old ones are void at once"),
            Step("", "hand the new tokens over", f"the {len(nodes)} nodes in the swarm are not affected"),
        ],
    )


# The root certificate

_HAND_OVER = Step("", "hand the new join tokens over", "both tokens change with the root certificate")


def _plan_ca(discovered: Values, nodes: list[Values], live: Values, options: RotationOptions) -> Values:
    stop = down_problems(nodes)
    counter = live["swarm"]["ca_force_rotate"]
    if live["root_rotation_in_progress"]:
        steps = [Step("", "wait for the new root certificate", "a rotation is under way already"), _HAND_OVER]
        return _plan(counter=counter, steps=steps, stop=stop)
    steps = [
        Step("", f"renew the root certificate of the swarm {discovered['cluster_id']}", "services are not affected"),
        Step("", f"wait until {len(nodes)} nodes have new certificates", "the new root certificate signs them"),
        _HAND_OVER,
    ]
    return _plan(start=True, counter=counter + 1, steps=steps, stop=stop, confirm=discovered["cluster_id"])


def down_problems(nodes: list[Values]) -> list[Reason]:
    """A rotation does not end as long as one listed node is down, and the tokens change only at its end."""
    down = sorted(f"{node['hostname']} ({node['id']}, {node['state']})" for node in nodes if node["state"] != "ready")
    if not down:
        return []
    message = (
        f"The rotation would not end, since these nodes cannot get a new certificate: {', '.join(down)}. Bring them back,"
        " or remove their entries with hive.swarm.scale_in."
    )
    return [Reason("node_not_ready", message)]


def waits_for(nodes: list[Values], rotating: bool) -> str:
    """What a rotation of the certificate still waits for; empty when it is over."""
    if not rotating:
        return ""
    down = sorted(node["hostname"] for node in nodes if node["state"] != "ready")
    return f"it needs every node, and these are not ready: {', '.join(down)}" if down else "nodes get new certificates"


# The unlock key


def _plan_key(discovered: Values, nodes: list[Values], live: Values, options: RotationOptions) -> Values:
    if not live["swarm"]["autolock_managers"]:
        message = "The swarm has no unlock key, as autolock is off (cluster_swarm.autolock_managers)."
        return _plan(stop=[Reason("not_autolocked", message)])
    away = sorted(n["hostname"] for n in nodes if n["manager"] and n["reachability"] != "reachable")
    stop: list[Reason] = []
    warnings = []
    if away:
        warnings.append(f"Not reachable: {', '.join(away)}. They will open with the old key alone: keep it until then.")
    if away and not (options.keeps_keys or options.key_given):
        message = (
            f"{', '.join(away)} {'are' if len(away) > 1 else 'is'} not reachable and will open with the present key"
            " only, which would not be known then. Set where to store the keys (operations_secrets_file or"
            " operations_secrets_tasks), or show that you have the present one in cluster_unlock_keys."
        )
        stop.append(Reason("unlock_key_missing", message))
    steps = [
        Step("", f"renew the unlock key of the swarm {discovered['cluster_id']}"),
        Step(
            "", "hand the new key over", "keep the old one behind it in cluster_unlock_keys, as long as backups need it"
        ),
    ]
    return _plan(start=True, steps=steps, warnings=warnings, stop=stop)
