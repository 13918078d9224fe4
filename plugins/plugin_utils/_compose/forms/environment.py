# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service's environment: files first, then what the service says itself (docker/cli, cli/compose/loader).

A name without a value takes the value from the environment that the file is read in, if it has one. In a file of
variables, a name alone that the environment does not have is left out. Nothing is substituted in such a file.

Where we differ: an empty value stays empty. The command line fills it from its environment as well
(https://github.com/docker/cli/issues/2075), so that the outcome depends on who deploys, and values leak.
"""

from __future__ import annotations

import typing as t

Environment = dict[str, t.Optional[str]]


def parse_env_file(data: bytes, values: t.Mapping[str, str]) -> Environment:
    """The variables of a file; raises ValueError, which shows no value (docker/cli, pkg/kvfile)."""
    found: Environment = {}
    for number, line in enumerate(_lines(data), start=1):
        line = line.lstrip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not name or " " in name or "\t" in name:
            raise ValueError(f"line {number} is not a variable. Write it as NAME=value")
        if equals:
            found[name] = value
        elif name in values:
            found[name] = values[name]
    return found


def _lines(data: bytes) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    return [line[:-1] if line.endswith("\r") else line for line in text.split("\n")]


def filled(layers: t.Iterable[Environment], values: t.Mapping[str, str]) -> Environment:
    """Layers of variables, of which the last one counts, with the environment's values for names without a value."""
    return {name: values.get(name) if value is None else value for layer in layers for name, value in layer.items()}
