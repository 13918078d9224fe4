# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a task's options, where Ansible's own check refuses them."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult

from .._core.paths import Values
from .._core.redaction import hidden_options, secret_values, without_values
from . import community_docker

# Variables of containers and settings of daemons may be passwords, whether the task says so or misspells hide_env.
_FREE_FORM = ("env", "daemon_json")


class CheckedModule(t.Protocol):
    """What is used of the module: the facts of its argument spec and the options of the task."""

    _name: str
    argument_spec: Values
    params: Values
    given: Values
    required_if: t.Iterable[t.Sequence[t.Any]] | None
    required_by: t.Mapping[str, str | t.Sequence[str]] | None
    mutually_exclusive: t.Iterable[t.Sequence[str]] | None


def explain(module: CheckedModule, message: str, result: Values) -> tuple[str, Values]:
    """Return the message and the result of a failed argument check, without secrets; hide them in module.params."""
    spec, params = module.argument_spec, module.params
    unknown, wrong = _wrong_options(module, spec, params)
    hints = _hints(_name_of(module), unknown, wrong, params)
    options = [*unknown, *wrong]
    secrets = secret_values(spec, module.given, _FREE_FORM) | secret_values(spec, params, _FREE_FORM)
    text = without_values(" ".join(hints) or message, secrets)
    module.params = hidden_options(spec, params, _FREE_FORM)
    options.append(result.get("failure", {}).get("option"))  # of a value of another type, which _core/options.py found
    failure = {"kind": "bad_input", "status": None, "message": text, "option": options[0]}
    return text, {**result, "failure": failure}


def _name_of(module: CheckedModule) -> str:
    return str(module._name).rpartition(".")[2]


def _hints(module: str, unknown: list[str], wrong: list[str], params: Values) -> list[str]:
    """What the task of community.docker would be here; empty where nothing of it is from there."""
    of_options = [community_docker.option_hint(module, option) for option in unknown]
    of_values = [community_docker.value_hint(module, option, params.get(option)) for option in wrong]
    found = [text for text in (*of_options, *of_values) if text]
    misspelt = [option for option, text in zip(unknown, of_options) if not text]
    return found and [*found, *(f"{option}: {module} does not have this option." for option in misspelt)]


def _wrong_options(module: CheckedModule, spec: Values, params: Values) -> tuple[list[str], list[str]]:
    """The options that do not exist, and those with a wrong value. Each is tried alone, as messages are for people."""
    outcome = getattr(module, "validation_result", None) or _validated(spec, params)
    if outcome is None:  # the options could not be read at all
        return [], []
    unknown = sorted(map(_dotted, outcome.unsupported_parameters), key=lambda option: (option != "state", option))
    wrong = [option for option in spec if _is_wrong(option, spec[option], params)]
    return unknown, list(dict.fromkeys([*wrong, *_against_rules(module, params)]))


def _dotted(item: str | tuple[str, ...]) -> str:
    return item if isinstance(item, str) else ".".join(item)


def _is_wrong(option: str, item: Values, params: Values) -> bool:
    given = {name: params[name] for name in (option, *item.get("aliases", ())) if params.get(name) is not None}
    alone = {key: fact for key, fact in item.items() if key != "fallback"}
    outcome = _validated({option: alone}, given)
    return outcome is None or bool(outcome.error_messages)


def _validated(spec: Values, params: Values) -> ValidationResult | None:
    """The outcome of Ansible's own check; None where a value is too much for it, like an infinite number."""
    try:
        return ArgumentSpecValidator(spec).validate(params)
    except (ArithmeticError, TypeError, ValueError):
        return None


def _against_rules(module: CheckedModule, params: Values) -> t.Iterator[str]:
    """The options that are missing or too many beside others."""
    for option, value, needed, *_any in module.required_if or ():
        if params.get(option) == value:
            yield from (name for name in needed if params.get(name) is None)
    for option, needed in (module.required_by or {}).items():
        if params.get(option) is not None:
            yield from (name for name in ([needed] if isinstance(needed, str) else needed) if params.get(name) is None)
    for group in module.mutually_exclusive or ():
        given = [name for name in group if params.get(name) is not None]
        yield from given if len(given) > 1 else ()
