# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the values of a task before Ansible converts them: the type that the argument spec names, at every level.

Ansible's own conversion accepts too much: it turns a mapping or a boolean into the text that Python shows for it, and a boolean
into 1. What is neither a string nor a number is refused here. Ansible evaluates ``{{ }}`` in values alone, so a key of a mapping
that has it is refused too.
"""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.validation import check_type_dict, check_type_list
from ansible.module_utils.parsing.convert_bool import boolean

from .codecs import MAX_INT64, in_int64, shown, text_of
from .errors import BadInput
from .paths import Values
from .validators import did_you_mean

_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")
# The option whose text may be any bytes: what is not UTF-8 comes as surrogates (PEP 383).
_BYTES = "data"
# Mappings that compose files write as lists too.
_LABELS = ("labels", "container_labels")
_DECIMAL = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?\s*", re.IGNORECASE)


def checked_options(spec: Values, params: Values, parents: str = "") -> Values:
    """Return the options with lists and mappings that are written as text taken apart, numbers as numbers.

    :param spec: the argument spec of these options.
    :param parents: the names of the options around them, each followed by a dot.
    Raise BadInput for the first value of another type, and for an unknown sub-option. Other unknown options are left to
    Ansible.
    """
    known = {alias: item for item in spec.values() for alias in item.get("aliases") or ()}
    known.update(spec)
    if parents and not known.keys() >= params.keys():
        raise _unknown(parents, known, params)
    if parents:
        _require(spec, params, parents)
    return {
        name: _checked(f"{parents}{name}", known[name], value) if name in known and value is not None else value
        for name, value in params.items()
        if value is not None or not _has_default(f"{parents}{name}", known.get(name, {}))
    }


def decimal_texts(spec: Values, params: Values, parents: str = "") -> list[str]:
    """Return the names of values that are strings to the engine and that YAML has read as numbers with a decimal point.

    Such a number becomes text without the zeros at its end: ``1.10`` is 1.1.

    :param params: the options as the task has them.
    """
    found: list[str] = []
    for name, value in params.items():
        item = spec.get(name)
        if value is None or item is None or isinstance(value, (str, int)):
            continue
        if item.get("options"):
            for element in value if isinstance(value, list) else [value]:
                if isinstance(element, dict):
                    found += decimal_texts(item["options"], element, f"{parents}{name}.")
        elif item.get("type", "str") not in ("float", "int", "bool", "dict") and item.get("elements") != "float":
            found += _decimals(f"{parents}{name}", value)
    return found


def decimal_warnings(names: t.Sequence[str]) -> list[str]:
    """Return a warning of these names, or none. The values are not in it: they may be passwords."""
    if not names:
        return []
    return [
        f"{', '.join(names)}: a number with a decimal point becomes text, and YAML drops the zeros at its end: 1.10 is sent as"
        " 1.1. Put it in quotes."
    ]


def _decimals(name: str, value: object) -> list[str]:
    if isinstance(value, float):
        return [name]
    if isinstance(value, dict):
        return [place for key, item in value.items() for place in _decimals(f"{name}.{key}", item)]
    return [place for item in value for place in _decimals(name, item)] if isinstance(value, list) else []


def _has_default(name: str, item: Values) -> bool:
    """Whether null has to be left out: Ansible would convert it, or compare it with the choices.

    Raise BadInput where there has to be a value.
    """
    if item.get("required"):
        raise wrong_type(name, "is required and must not be null.")
    return "default" in item or "choices" in item


def _require(spec: Values, params: Values, parents: str) -> None:
    """Raise BadInput for the first sub-option that is missing. Of options, Ansible reports the missing ones all at once."""
    for name, item in spec.items():
        if item.get("required") and not params.keys() & {name, *item.get("aliases", ())}:
            raise wrong_type(f"{parents}{name}", "is required.")


def wrong_type(name: str, problem: str) -> BadInput:
    return BadInput(name, problem)


def _unknown(parents: str, known: Values, params: Values) -> BadInput:
    """Ansible would first complain of the option that a misspelt one is missing for."""
    name = next(name for name in params if name not in known)
    hint = did_you_mean(str(name), known, f". There are {', '.join(sorted(known))}.")
    return wrong_type(parents[:-1], f"unknown option {name!r}{hint}")


def _checked(name: str, item: Values, value: object) -> object:
    kind = item.get("type", "str")
    if kind == "list":
        return _elements(name, item, value)
    if kind == "dict":
        return _mapping(name, item, value)
    if name == _BYTES and isinstance(value, str):
        return value
    try:
        return _scalar(kind, value)
    except ValueError as error:
        secret = item.get("no_log") and not isinstance(value, str)  # of a string, no error here shows a part
        problem = "must be a string. Put it in quotes" if secret else error
        raise wrong_type(name, f"{problem}.") from None


def _elements(name: str, item: Values, value: object) -> list[object]:
    kind = item.get("elements", "raw")
    if isinstance(value, (bool, dict)):
        raise wrong_type(name, f"must be a list, not {shown(value)}.")
    if kind == "dict":
        return [_mapping(name, item, element, number) for number, element in enumerate(check_type_list(value), 1)]
    if kind == "raw" and not isinstance(value, (list, str)):
        raise wrong_type(name, f"must be a list, not {shown(value)}.")
    elements = [value] if isinstance(value, float) else list(check_type_list(value))  # what the task has stays as it is
    for number, element in enumerate(elements):
        try:
            elements[number] = _scalar(kind, element)
        except ValueError as error:
            raise wrong_type(name, f"item {number + 1} {error}.") from None
    return elements


def _mapping(name: str, item: Values, value: object, number: int = 0) -> Values:
    """:param number: the place of an element in its list, from 1."""
    labels = name.rpartition(".")[2] in _LABELS
    if isinstance(value, list) and labels:
        return _labels(name, value)
    try:
        found = check_type_dict(value)
    except TypeError:
        place = f"item {number} " if number else ""
        raise wrong_type(name, f"{place}must be a mapping, not {shown(value)}.") from None
    if labels:
        _refuse_empty_key(name, found)
    return checked_options(item["options"], found, f"{name}.") if item.get("options") else found


def _labels(name: str, items: list[object]) -> Values:
    """Return labels that are written as in a compose file, ``[KEY=VALUE, KEY]``; of a key that is there twice, the last."""
    for number, item in enumerate(items, start=1):
        if not isinstance(item, str) or not item.partition("=")[0].strip():
            hint = "" if isinstance(item, str) else f", not {shown(item)}"
            raise wrong_type(name, f"item {number} must be a string, KEY=VALUE{hint}. Or write a mapping.")
    return {key: value for key, _equals, value in (str(item).partition("=") for item in items)}


def _refuse_empty_key(name: str, labels: Values) -> None:
    """As the docker CLI does (opts/opts.go, ValidateLabel); the engine stores such a label."""
    for key, value in labels.items():
        if isinstance(key, str) and not key.strip():
            raise wrong_type(name, f"the key of the value {shown(value)} must not be empty.")


def _scalar(kind: str, value: object) -> object:
    """Raise ValueError with a message that begins with a verb."""
    check = _CHECKS.get(kind)
    return check(value) if check else value


def _whole(value: object) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return in_int64(int(value), value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value % 1 == 0:
        return in_int64(int(value), value)
    raise ValueError(f"must be a whole number, not {shown(value)}")


def _decimal(value: object) -> float:
    found = float("nan")
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        found = float(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        found = float(value) if abs(value) <= MAX_INT64 else float("nan")
    if not abs(found) <= MAX_INT64:
        raise ValueError(f"must be a number, not {shown(value)}")
    return found


def _flag(value: object) -> bool:
    if isinstance(value, (bool, str, int, float)):
        try:
            return bool(boolean(value))
        except TypeError:
            pass
    raise ValueError(f"must be true or false, not {shown(value)}")


def _any(value: object) -> object:
    """What a raw option is made of, its own code checks; but no text of any option may be unreadable."""
    return text_of(value) if isinstance(value, str) else value


_CHECKS: dict[str, t.Callable[[object], object]] = {
    "raw": _any,
    "str": text_of,
    "path": text_of,
    "int": _whole,
    "float": _decimal,
    "bool": _flag,
}


def refuse_template_keys(options: t.Mapping[str, object]) -> None:
    """Raise BadInput for a key of labels, variables and the like with ``{{``: Ansible fills in values alone."""
    for option, value in options.items():
        place = _template_key(value)
        if place is not None:
            raise BadInput(
                (option, *place),
                f"Ansible does not evaluate {{{{ }}}} in a key. Build the whole mapping in one"
                f" expression, as in {option}: \"{{{{ {{'zone-' ~ number: 'a'}} }}}}\".",
            )


def _template_key(value: object) -> tuple[str, ...] | None:
    """The keys that lead to the first one with a template."""
    if isinstance(value, dict):
        pairs: t.Iterable[tuple[object, object]] = value.items()
    else:
        pairs = enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        if isinstance(key, str) and "{{" in key:
            return (key,)
        inner = _template_key(item)
        if inner is not None:
            return inner if isinstance(key, int) else (str(key), *inner)
    return None
