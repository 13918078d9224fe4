# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hide secrets in texts and options, and escape control characters in texts of engines, nodes and containers.

Ansible prints messages and warnings as they are. A container that prints an escape sequence could otherwise set the title of the
operator's terminal, clear its screen or write its clipboard.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import typing as t
from urllib.parse import quote, quote_plus

from .values import Values

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:  # before ansible-core 2.22

    def register_secrets(values: t.Iterable[str], /) -> None:
        """Earlier releases have no such interface."""


HIDDEN = "(hidden)"
# A shorter value is part of many words, and no secret.
SHORTEST = 3
# Lines of a key in PEM; the last one of a certificate can be short.
_SHORTEST_LINE = 12
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
# Keys of results that a task returns on request.
_RETURNED = ("join_tokens", "unlock_key")
_GO_ESCAPES = (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"))


def secret_values(spec: Values, params: Values, hidden: t.Collection[str] = ()) -> set[str]:
    """Return the texts in options that are no_log, or that have a no_log sub-option.

    :param spec: the module's argument spec. :param params: the task's options, valid or not, aliases too.
    :param hidden: names of options and sub-options that count as such.
    """
    found: set[str] = set()
    for name, item in _by_every_name(spec).items():
        if contains_secrets(item, hidden) or name in hidden:
            found.update(_texts(params.get(name), item.get("options"), hidden))
    return found


def data_texts(encoded: str | None) -> set[str]:
    """Return base64 data as it is sent, and as the text that it stands for where it is one."""
    if not encoded:
        return set()
    return {encoded, base64.b64decode(encoded).decode("utf-8", "ignore")}


def contains_secrets(item: Values, hidden: t.Collection[str] = ()) -> bool:
    """Whether an option is no_log, or has a sub-option that is or that is in ``hidden``."""
    options = item.get("options") or {}
    return bool(item.get("no_log")) or any(
        name in hidden or contains_secrets(options[name], hidden) for name in options
    )


def _by_every_name(spec: Values) -> Values:
    return {name: item for option, item in spec.items() for name in (option, *item.get("aliases", ()))}


def _texts(value: object, options: Values | None, hidden: t.Collection[str]) -> t.Iterator[str]:
    """The texts of a value, but for those of sub-options that hold no secrets."""
    if isinstance(value, dict):
        known = _by_every_name(options or {})
        for key, item in value.items():
            if key not in known or key in hidden or contains_secrets(known[key], hidden):
                yield from _texts(item, known.get(key, {}).get("options"), hidden)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item, options, hidden)
    elif value not in (None, "", True, False):
        yield str(value)


def hidden_options(spec: Values, params: Values, hidden: t.Collection[str] = ()) -> Values:
    """Return the task's options as they can be shown when one of them is wrong.

    Values of secrets are hidden, those of options and sub-options that are in ``hidden``, and those of options that do
    not exist: a misspelt one may be a password.
    """
    known = _by_every_name(spec)
    return {name: _shown(value, known.get(name), name, hidden) for name, value in params.items()}


def _shown(value: object, item: Values | None, name: str, hidden: t.Collection[str]) -> object:
    if value is None:
        return None
    if item is None or item.get("no_log") or name in hidden:
        return HIDDEN
    if not item.get("options"):
        return value
    if isinstance(value, dict):
        return hidden_options(item["options"], value, hidden)
    if isinstance(value, (list, tuple)):
        return [_shown(part, item, name, hidden) for part in value]
    return HIDDEN  # of a wrong type, so what is in it is not known


def without_values(text: str, values: t.AbstractSet[str]) -> str:
    """Return the text with HIDDEN for each of the values, however an engine spells them when it repeats a request."""
    values = {
        value for value in values if len(value.strip()) >= SHORTEST and (len(value) <= 2 * len(text) or "\n" in value)
    }
    spelt = {spelling for value in values for spelling in spellings(value)}
    if not spelt:
        return text
    for spelling in sorted(spelt, key=len, reverse=True):
        text = text.replace(spelling, HIDDEN)
    return _BASE64.sub(lambda found: HIDDEN if _holds(found[0], spelt) else found[0], text)


def spellings(value: str) -> set[str]:
    """Return the value as it can stand in JSON, in JSON in JSON, in a URL, in Python, and each long line of it."""
    found = {value, value.strip()}
    if "\n" in value:
        found |= {line.strip() for line in value.splitlines() if len(line.strip()) >= _SHORTEST_LINE}
    for text in list(found):
        found |= {repr(text)[1:-1], quote(text), quote(text, safe=""), quote_plus(text)}
        for ascii_only in (True, False):
            once = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
            for form in (once, _as_go(once)):
                found |= {form, json.dumps(form, ensure_ascii=ascii_only)[1:-1]}
    return {*found, base64.b64encode(value.encode()).decode().rstrip("=")}


def _as_go(text: str) -> str:
    for character, escape in _GO_ESCAPES:
        text = text.replace(character, escape)
    return text


def _holds(text: str, spelt: t.AbstractSet[str]) -> bool:
    """Whether text is base64, of either alphabet, of something with one of the spellings in it."""
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        plain = base64.b64decode(body + "=" * (-len(body) % 4)).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return False
    return any(spelling in plain for spelling in spelt)


def without_values_in(value: object, values: t.AbstractSet[str]) -> t.Any:
    """Return the same structure with the values hidden in each string of it."""
    if isinstance(value, str):
        return without_values(value, values)
    if isinstance(value, dict):
        return {key: without_values_in(item, values) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_values_in(item, values) for item in value]
    return value


# C0 without tab and newline, DEL, C1, and what reverses or breaks a line (Unicode's bidirectional controls, LS and PS).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return the text with each control character as ``\\x1b`` or ``\\u202e``; tab and newline stay."""
    return text if text.isprintable() else _CONTROL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def printable_values(value: object) -> t.Any:
    """Return the same structure with every string in it, keys too, made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable_values(key): printable_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_values(item) for item in value]
    return value


def mask_later(values: t.Iterable[str]) -> None:
    """Register secrets, which ansible-core masks in all output of the run from then on, of other tasks too.

    It registers the values of no_log options itself (ArgumentSpecValidator); these are what a task reads and returns.
    """
    register_secrets([value for value in values if len(value) >= SHORTEST])


def returned_secrets(result: Values) -> set[str]:
    """Return the tokens and the key in a result."""
    found = [result.get(key) or "" for key in _RETURNED]
    return {text for value in found for text in (value.values() if isinstance(value, dict) else [value])}
