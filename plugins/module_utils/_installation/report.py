# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the script printed, as the result of the module."""

from __future__ import annotations

import base64
import re
import shlex
import typing as t

from .._core.paths import Values

_FAMILIES = {"Debian": {"debian", "ubuntu"}, "RedHat": {"rhel", "fedora", "centos"}}


def read(output: str, mark: str, files: t.Sequence[str]) -> Values | None:
    """Return the result, or None where the script did not get to its end.

    :param output: standard output of the script.
    :param files: those that were asked about, in this order.
    """
    _noise, _mark, body = output.partition(f"\n{mark}\n")
    lines = body.strip().splitlines()
    if not lines or lines[-1] != "end":
        return None
    facts = [line.split("\t") for line in lines]
    return {
        "user_id": int(_first(facts, "uid")),
        "system": _system(facts),
        "service": _service(facts),
        "firewalls": _all(facts, "firewall"),
        "packages": _packages(facts),
        "files": _files(facts, files),
    }


def _all(facts: list[list[str]], name: str) -> list[str]:
    return [words[1] for words in facts if words[0] == name and len(words) > 1]


def _first(facts: list[list[str]], name: str) -> str:
    return next(iter(_all(facts, name)), "")


def _system(facts: list[list[str]]) -> Values:
    """See os-release(5): values are quoted as in a shell."""
    text = base64.b64decode(_first(facts, "os-release")).decode("utf-8", "replace")
    found = dict(re.findall(r"(?m)^([A-Z_0-9]+)=(.*)$", text))
    values = {name: "".join(_unquoted(value)) for name, value in found.items()}
    identifier, like = values.get("ID", ""), values.get("ID_LIKE", "").split()
    family = next((family for family, ids in _FAMILIES.items() if ids & {identifier, *like}), "")
    return {
        "id": identifier,
        "id_like": like,
        "family": family,
        "name": values.get("PRETTY_NAME") or values.get("NAME", ""),
        "version": values.get("VERSION_ID", ""),
        "codename": values.get("VERSION_CODENAME", ""),
        "service_manager": _first(facts, "service-manager"),
    }


def _unquoted(value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError:
        return [value]


def _service(facts: list[list[str]]) -> Values:
    properties = dict(line.split("=", 1) for line in _all(facts, "service") if "=" in line)
    started = _first(facts, "started")
    return {
        "exists": properties.get("LoadState") == "loaded",
        "state": properties.get("ActiveState", ""),
        "enabled": properties.get("UnitFileState") == "enabled",
        "command": _first(facts, "command"),
        "started_at": int(started) if started and properties.get("MainPID", "0") != "0" else None,
        "program_replaced": ["replaced"] in facts,
    }


def _packages(facts: list[list[str]]) -> Values:
    """By dpkg's letters: desired (i, h: hold), then the state (i, n: not installed, c: files of configuration alone)."""
    found = {}
    for words in facts:
        if words[0] == "package" and len(words) == 4:
            desired, state = words[2][:1], words[2][1:2]
            if desired in "ih" and state not in "nc":
                installed = state == "i"
                found[words[1]] = {"version": words[3], "installed": installed, "held": desired == "h"}
    return found


def _files(facts: list[list[str]], files: t.Sequence[str]) -> Values:
    found: Values = {}
    for words in facts:
        if words[0] == "file":
            mode, modified = words[2].split()
            found[files[int(words[1])]] = {"mode": mode.rjust(4, "0"), "modified_at": int(modified)}
        elif words[0] == "content":
            found[files[int(words[1])]]["content"] = words[2]
    return found
