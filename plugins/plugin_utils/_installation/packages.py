# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which packages to install so that the engine has the version that was asked for."""

from __future__ import annotations

import re

from ...module_utils._core.values import Values
from .._cluster.steps import Reason

#: Packages with a version of their own; those of all others is the engine's.
CONTAINERD = ("containerd", "containerd.io")
#: The plan where nothing is installed by the role.
NOTHING: Values = {"live": "", "target": "", "change": "nothing", "install": [], "hold": [], "stop": []}


def plan(
    names: list[str],
    offers: list[list[str]],
    installed: dict[str, str],
    version: str = "",
    containerd: str = "",
    separator: str = "=",
) -> Values:
    """What to install.

    :param names: the packages of an engine, its own first. One that is not offered in the engine's version is left out.
    :param offers: name and version of what can be installed, the newest first.
    :param installed: versions of the packages that are there.
    :param version: the engine's version or its beginning: 28.5 is the newest 28.5.x. Empty is any.
    :param containerd: the same for containerd.
    :param separator: stands between name and version.
    :returns: live (version of the engine that is there), target (desired version), change (nothing,
        install, or upgrade), install (packages with versions), hold (packages that keep their versions) and stop (reasons to install nothing).
    """
    found = installed.get(names[0], "")
    result: Values = {"live": found, "target": found, "change": "nothing", "install": [], "hold": [], "stop": []}
    if not found or (version and not meant(found, version)):
        _choose(result, names, offers, version, containerd, separator)
    if version:
        result["hold"] = [name for name in names if name in installed or _named(name, result["install"], separator)]
    return result


def _choose(
    result: Values, names: list[str], offers: list[list[str]], version: str, containerd: str, separator: str
) -> None:
    engines = [offered for name, offered in offers if name == names[0]]
    target = next((offered for offered in engines if meant(offered, version)), "")
    if not target:
        there = ", ".join(engines) or "nothing"
        message = f"engine_version: the package {names[0]} {version} is not available. Available are {there}."
        result["stop"].append(Reason("version_not_available", message))
        return
    if result["live"] and upstream(target) < upstream(result["live"]):
        message = (
            f"engine_version: {result['live']} is installed, and {target} is older. An engine does not read what a newer one"
            " has written; take the host out of the swarm and wipe its data first."
        )
        result["stop"].append(Reason("downgrade", message))
        return
    result.update(target=target, change="upgrade" if result["live"] else "install")
    result["install"] = [f"{names[0]}{separator}{target}"]
    for name in names[1:]:
        versions = [offered for offer, offered in offers if offer == name]
        if name in CONTAINERD:
            fitting = [offered for offered in versions if containerd and meant(offered, containerd)]
            if containerd and not fitting:
                offered = ", ".join(versions) or "nothing"
                message = f"engine_containerd_version: no {name} {containerd}; offered is {offered}."
                result["stop"].append(Reason("version_not_available", message))
            result["install"].append(f"{name}{separator}{fitting[0]}" if fitting else name)
        else:
            # On the Enterprise Linux family each package has an epoch of its own.
            same = [offered for offered in versions if _bare(offered) == _bare(target)]
            result["install"] += [f"{name}{separator}{offered}" for offered in same[:1]]


def _bare(version: str) -> str:
    return re.sub(r"^[0-9]+:", "", version)


def _named(name: str, install: list[str], separator: str) -> bool:
    return any(entry == name or entry.startswith(name + separator) for entry in install)


def meant(offered: str, version: str) -> bool:
    """Whether a package's version is the one asked for or begins with it, with or without epoch and revision."""
    if not version or offered == version:
        return True
    return re.match(rf"([0-9]+:)?{re.escape(version)}([.+~-].*)?$", offered) is not None


def upstream(version: str) -> tuple[int, ...]:
    """The numbers of a version without epoch and revision: (28, 5, 2) of 5:28.5.2-1~debian.12~bookworm."""
    found = re.match(r"(?:[0-9]+:)?([0-9]+(?:\.[0-9]+)*)", version)
    return tuple(int(part) for part in found.group(1).split(".")) if found else ()
