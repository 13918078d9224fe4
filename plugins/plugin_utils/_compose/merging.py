# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several files become one, as docker/cli, cli/compose/loader/merge.go has it, on long forms.

What a later file says counts; what is empty there (``""``, false, 0, an empty list) says nothing, but for counts
such as replicas. Lists are put behind each other; ports count by what they publish, mounts by their target, secrets
and configs by their source. Networks, volumes, secrets and configs of the file are replaced as a whole.

Where we differ: the command line forgets all but one of the ports that one file publishes under the same number
(tcp and udp, or none), and the options of a log driver where only the later file has some.
"""

from __future__ import annotations

import typing as t

from ...module_utils._stack.compose_places import Section

# Where zero is a value.
_COUNTS = ("replicas", "parallelism", "retries", "max_attempts")
# Mappings whose values are plain strings, where an empty one counts.
_STRINGS = ("labels", "sysctls", "options")
_REPLACED = ("command", "entrypoint")


# The key, its value in the earlier file and in the later one, to the value of both.
Merge = t.Callable[[str, t.Any, t.Any], object]


def merged_services(base: dict[str, Section], later: dict[str, Section]) -> dict[str, Section]:
    found = {name: merged_service(item, later[name]) if name in later else item for name, item in base.items()}
    return {**found, **{name: item for name, item in later.items() if name not in base}}


def merged_service(base: Section, later: Section) -> Section:
    found = dict(base)
    for key in {**base, **later}:
        merge = _SPECIAL.get(key, _merged)
        if key in base and (key in later or key in _KEYED):
            found[key] = merge(key, base[key], later.get(key, []))
        elif key in later and later[key] != []:
            found[key] = later[key]
    return found


def _merged(key: str, base: object, later: object) -> object:
    if isinstance(base, dict) and isinstance(later, dict):
        return _merged_mapping(key, base, later)
    if isinstance(base, list) and isinstance(later, list) and key not in _REPLACED:
        return base + later
    return later if later or (key in _COUNTS and later is not None) else base


def _merged_mapping(key: str, base: Section, later: Section) -> Section:
    found = dict(base)
    for name, item in later.items():
        if key in _STRINGS or name not in base:
            found[name] = item
        else:
            found[name] = _merged(name, base[name], item)
    return found


def _environment(_key: str, base: Section, later: Section) -> Section:
    return {**base, **{name: value for name, value in later.items() if value or not base.get(name)}}


def _logging(_key: str, base: Section, later: Section) -> Section:
    """Options belong to a driver: those of another one are gone."""
    drivers = {item["driver"] for item in (base, later) if item.get("driver")}
    if len(drivers) > 1:
        return later
    return _merged_mapping("logging", base, {key: item for key, item in later.items() if item})


def _networks(_key: str, base: Section, later: Section) -> Section:
    """The aliases of the later file replace those of the earlier one, even by none."""
    found = dict(base)
    for name, item in later.items():
        if not base.get(name):
            found[name] = item if item is not None else base.get(name)
        elif item is not None:
            found[name] = {**base[name], "aliases": item.get("aliases", [])}
    return found


def _ulimits(_key: str, base: Section, later: Section) -> Section:
    return {**base, **later}


def _by(*keys: str, nothing: str | int = "") -> Merge:
    """Merge lists of mappings whose identity is the first of these keys that says something; sorted by the first.

    :param nothing: what the first one counts as where it is not there.
    """

    def identity(item: Section) -> tuple[str, object]:
        key = next((key for key in keys if item.get(key)), keys[0])
        return key, item.get(key)

    def merge(_key: str, base: list[Section], later: list[Section]) -> list[Section]:
        replaced = [identity(item) for item in later]
        kept = [item for item in base if identity(item) not in replaced]
        return sorted(kept + later, key=lambda item: item.get(keys[0]) or nothing)

    return merge


_KEYED = ("ports", "volumes", "secrets", "configs")
_SPECIAL: dict[str, Merge] = {
    "environment": _environment,
    "logging": _logging,
    "networks": _networks,
    "ulimits": _ulimits,
    "ports": _by("published", "target", nothing=0),
    "volumes": _by("target"),
    "secrets": _by("source"),
    "configs": _by("source"),
}
