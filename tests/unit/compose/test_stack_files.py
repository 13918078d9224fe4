# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The compose files that the docker command line is held against leave out no key of the format, and no form of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.schema import FILE
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.validators import (
    Keys,
    ListOf,
    MapOf,
    OneOf,
    SinceVersion,
)
from ansible_collections.hive.swarm.tests.support.compose_config import EVERYTHING
from ansible_collections.hive.swarm.tests.support.stacks import FOLDER, STACKS

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters
# A key, and where there are several ways to write its value, one for each.
Place = "tuple[str, str]"
# No engine of the tests has a plugin for secrets, and none takes a service without it.
_DRIVERS = {
    ("secrets.*.driver", ""),
    ("secrets.*.driver_opts", ""),
    ("secrets.*.driver_opts.*", "a number"),
    ("secrets.*.driver_opts.*", "a string"),
}
# What the format allows and the command line makes nonsense of ("%!s(int=3) host"), fails on, or (28.5) does not send.
_NONSENSE = {
    ("services.*.extra_hosts.*", "a number"),
    ("services.*.shm_size", "a number"),
    ("services.*.oom_score_adj", ""),
}
# Words that a key may have, all of them.
WORDS = {
    "services.*.volumes[].type": {"volume", "bind", "tmpfs", "npipe", "cluster"},
    "services.*.ports[].mode": {"ingress", "host"},
    "services.*.ports[].protocol": {"tcp", "udp"},
    "services.*.restart": {"always", "unless-stopped", "on-failure", "on-failure:4", "no"},
    "services.*.isolation": {"default", "process", "hyperv"},
    "services.*.volumes[].bind.propagation": {"rprivate", "shared", "rshared", "rslave"},
    "services.*.deploy.mode": {"replicated", "global", "replicated-job", "global-job"},
    "services.*.deploy.endpoint_mode": {"vip", "VIP", "dnsrr"},
    "services.*.deploy.restart_policy.condition": {"any", "on-failure", "none"},
    "services.*.deploy.update_config.failure_action": {"pause", "continue", "rollback"},
    "services.*.deploy.rollback_config.failure_action": {"pause", "continue"},
    "services.*.deploy.update_config.order": {"start-first", "stop-first"},
    "services.*.deploy.rollback_config.order": {"start-first", "stop-first"},
}


def _documents() -> list[Any]:
    return [EVERYTHING, *(yaml.safe_load((FOLDER / name).read_text()) for stack in STACKS for name in stack.files)]


def _forms(kind: Any) -> list[Any]:
    """The ways to write a value."""
    if isinstance(kind, SinceVersion):
        return _forms(kind.kind)
    return [form for one in kind.kinds for form in _forms(one)] if isinstance(kind, OneOf) else [kind]


def _all(kind: Any, place: str = "") -> Iterator[Place]:
    """What there is to say."""
    forms = _forms(kind)
    for form in forms:
        yield place, form.what if len(forms) > 1 else ""
        if isinstance(form, Keys):
            for key, value in form.keys.items():
                yield from _all(value, f"{place}.{key}".lstrip("."))
        elif isinstance(form, MapOf):
            yield from _all(form.value, f"{place}.*")
        elif isinstance(form, ListOf):
            yield from _all(form.item, f"{place}[]")


def _said(kind: Any, value: Any, place: str = "") -> Iterator[tuple[str, str, Any]]:
    """What a file says of it, with the values."""
    forms = _forms(kind)
    form = next((one for one in forms if one.fits(value)), forms[0])
    yield place, form.what if len(forms) > 1 else "", value
    if isinstance(form, Keys) and isinstance(value, dict):
        for key, item in value.items():
            if key in form.keys:
                yield from _said(form.keys[key], item, f"{place}.{key}".lstrip("."))
    elif isinstance(form, MapOf) and isinstance(value, dict):
        for item in value.values():
            yield from _said(form.value, item, f"{place}.*")
    elif isinstance(form, ListOf) and isinstance(value, list):
        for item in value:
            yield from _said(form.item, item, f"{place}[]")


def test_no_key_of_the_format_is_left_out():
    said = {(place, form) for document in _documents() for place, form, _value in _said(FILE, document)}
    assert sorted(set(_all(FILE)) - said - _DRIVERS - _NONSENSE) == []


@pytest.mark.parametrize("place", WORDS)
def test_no_word_is_left_out(place):
    values = {value for document in _documents() for at, _form, value in _said(FILE, document) if at == place}
    assert WORDS[place] - values == set()


def test_there_are_enough_of_them():
    assert len(STACKS) >= 27
    assert len({path.name for path in FOLDER.glob("*.yml")}) == sum(len(stack.files) for stack in STACKS)
