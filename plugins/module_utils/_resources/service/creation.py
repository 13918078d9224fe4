# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning a service that is not there, and showing one as a whole."""

from __future__ import annotations

import typing as t

from ..._errors import BadInput
from ..._path import MISSING, Document, Values, at
from ..._plan import CREATE, KNOWN_AFTER, NONE, UPDATE, Change, Plan
from .checks import check_name, check_service
from .schema import SERVICE

_PLATFORMS = at("TaskTemplate", "Placement", "Platforms")


def no_image(name: str) -> BadInput:
    return BadInput(f"image: there is no service {name!r}, and to create it takes an image.")


def plan_assumed(name: str, params: Values) -> Plan:
    """The change of a service that an earlier task would create: all that the task names, from unknown values."""
    check_name(name)
    spec = {"Name": name, **SERVICE.create(params)}
    shown = SERVICE.view(spec)
    given = [item.option for item in SERVICE.given(params)]
    changes = [Change(option, MISSING, shown[option], params["hide_env"] and option == "env") for option in given]
    if params["force_update"]:
        changes.append(Change("force_update", MISSING, KNOWN_AFTER))
    return Plan("service", name, UPDATE if changes else NONE, tuple(changes), spec=spec)


def plan_create(name: str, params: Values) -> Plan:
    check_name(name)
    params = _complete(params)
    spec = with_platforms({"Name": name, **SERVICE.create(params)}, params)
    if params["plugin"]:
        spec["TaskTemplate"]["Runtime"] = "plugin"
    check_service(SERVICE.view(spec), params)
    return Plan("service", name, CREATE, tuple(all_of(spec, params)), spec=spec)


def _complete(params: Values) -> Values:
    mode = params["mode"] or ("global" if params["plugin"] else "replicated")
    replicas, concurrent = params["replicas"], params["max_concurrent"]
    if mode == "replicated-job":  # each stands for the other (docker/cli, command/service/opts.go)
        concurrent = replicas if concurrent is None else concurrent
        replicas = concurrent if replicas is None else replicas
    return {**params, "mode": mode, "replicas": replicas, "max_concurrent": concurrent}


def with_platforms(spec: Document, params: Values) -> Document:
    """What the registry says of an image keeps its tasks off nodes of another make."""
    platforms = params.get("_platforms")
    if not platforms or (params["placement"] or {}).get("platforms") is not None:
        return spec
    return _PLATFORMS.put(spec, platforms)


def all_of(spec: Document, params: Values) -> t.Iterator[Change]:
    """Everything of a service that is not the engine's default, as changes from nothing."""
    return differences({}, _without_defaults(SERVICE.view(spec), SERVICE.view({})), params["hide_env"])


def _without_defaults(shown: Values, default: Values) -> Values:
    return {
        key: _without_defaults(value, default[key]) if _both_groups(value, default.get(key)) else value
        for key, value in shown.items()
        if key not in default or value != default[key] or key == "mode"
    }


def _both_groups(value: t.Any, default: t.Any) -> bool:
    return isinstance(value, dict) and isinstance(default, dict)


def differences(before: Values, after: Values, hide_env: bool, key: tuple[str, ...] = ()) -> t.Iterator[Change]:
    """The changes between two services in the options' words; groups and dictionaries key by key."""
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name, MISSING), after.get(name, MISSING)
        if old == new:
            continue
        groups = [{} if side is MISSING else side for side in (old, new)]
        if all(isinstance(side, dict) for side in groups):
            yield from differences(groups[0], groups[1], hide_env, (*key, name))
        else:
            path = (*key, name)
            yield Change(path[0], old, new, hide_env and path[0] == "env", path[1:], null=path[0] == "env")
