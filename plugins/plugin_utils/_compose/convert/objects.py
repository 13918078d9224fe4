# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and configs that are created (docker/cli, cli/compose/convert/compose.go)."""

from __future__ import annotations

import base64

from ....module_utils._core.values import Document, inside
from ....module_utils._secret_config.checks import size_problems
from ....module_utils._secret_config.schema import KINDS
from ....module_utils._stack.compose_places import Invalid, Section
from ....module_utils._stack.definition import Stack
from ..normalize.service import ComposeContext
from .shape import filled, strings


def specs(kind: str, objects: dict[str, Section], stack: Stack, context: ComposeContext) -> dict[str, Document]:
    """The file's key to SecretSpec or ConfigSpec of all that are not external, whether a service uses them or not.

    :param kind: ``secrets`` or ``configs``.
    """
    found = {}
    for key, item in objects.items():
        if not item["external"]:
            with context.attempt(inside(kind, key)):
                found[key] = _spec(kind, stack.called(key, item), item, inside(kind, key), stack, context)
    return found


def _spec(kind: str, name: str, item: Section, place: str, stack: Stack, context: ComposeContext) -> Document:
    return {
        "Name": name,
        "Labels": stack.labels(item.get("labels")),
        **filled(
            Data=_data(kind, item, place, context),
            Driver=_driver(item),
            Templating={"Name": item["template_driver"]} if item.get("template_driver") else None,
        ),
    }


def _data(kind: str, item: Section, place: str, context: ComposeContext) -> str | None:
    """The file's bytes in base64; a driver brings its own."""
    sources = [key for key in ("file", "content", "environment", "driver") if item.get(key)]
    if len(sources) > 1:
        raise Invalid(place, f"{' and '.join(sorted(sources))} are mutually exclusive")
    if not sources and not context.problems.has(place):
        raise Invalid(place, f"needs {_SOURCES[kind]}, or external")
    if not sources or sources == ["driver"]:
        return None
    where = inside(place, sources[0])
    data = _read(sources[0], item, where, context)
    for problem in size_problems(KINDS[kind.rstrip("s")], sources[0], data):
        raise Invalid(where, problem.text)
    return base64.b64encode(data).decode()


_SOURCES = {"secrets": "file, environment or driver", "configs": "file, content or environment"}


def _read(source: str, item: Section, place: str, context: ComposeContext) -> bytes:
    if source == "file":
        return context.content(item["file"], place)
    if source == "content":
        return str(item["content"]).encode()
    if item["environment"] not in context.values:
        raise Invalid(place, f"the variable {item['environment']} is not set")
    return context.values[item["environment"]].encode()


def _driver(item: Section) -> Document | None:
    if not item.get("driver"):
        return None
    return filled(Name=item["driver"], Options=strings(item.get("driver_opts")))
