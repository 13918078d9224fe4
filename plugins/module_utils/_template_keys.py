# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of mappings with ``{{``, which Ansible leaves as they are: it fills in values alone."""

from __future__ import annotations

import typing as t

from ._errors import BadInput


def refuse_template_keys(options: t.Mapping[str, t.Any]) -> None:
    """Raise BadInput for a key of labels, variables and the like with ``{{``: Ansible fills in values alone."""
    for option, value in options.items():
        place = _template_key(value)
        if place is not None:
            raise BadInput(
                f"{'.'.join((option, *place))}: Ansible fills in no {{{{ }}}} of a key. Build the whole mapping in one"
                f" expression, as in {option}: \"{{{{ {{'zone-' ~ number: 'a'}} }}}}\"."
            )


def _template_key(value: t.Any) -> tuple[str, ...] | None:
    """The keys that lead to the first one with a template."""
    if isinstance(value, dict):
        pairs: t.Iterable[tuple[t.Any, t.Any]] = value.items()
    else:
        pairs = enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        if isinstance(key, str) and "{{" in key:
            return (key,)
        inner = _template_key(item)
        if inner is not None:
            return inner if isinstance(key, int) else (str(key), *inner)
    return None
