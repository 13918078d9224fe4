# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explain options that Ansible's own check refuses, and name the replacements of options of community.docker.

A test compares the tables with the options of community.docker.
"""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult

from .._core.redaction import hidden_options, secret_values, without_values
from .._core.values import Values

_CLI = "The docker CLI is not used. Set the engine in docker_host"
_STATE = (
    "For docker_swarm with state: present, use the module swarm_init; with join, swarm_join; with absent, "
    "swarm_leave; with remove, swarm_node with state: absent."
)
_OF_INIT = "docker_swarm uses it only with state: present, which corresponds to swarm_init. Remove it from this task."
_INIT_ONLY = [
    "default_addr_pool",
    "subnet_size",
    "data_path_port",
    "task_history_retention_limit",
    "snapshot_interval",
    "keep_old_snapshots",
    "log_entries_for_slow_followers",
    "heartbeat_tick",
    "election_tick",
    "dispatcher_heartbeat_period",
    "node_cert_expiry",
    "name",
    "labels",
    "signing_ca_cert",
    "signing_ca_key",
    "ca_force_rotate",
    "autolock_managers",
    "rotate_worker_token",
    "rotate_manager_token",
    "advertise_addr",
    "listen_addr",
    "data_path_addr",
]
_SWARM = {
    **dict.fromkeys(_INIT_ONLY, _OF_INIT),
    "state": _STATE,
    "node_id": "Use the module swarm_node with hostname: NODE_ID and state: absent.",
    "join_token": "Use the module swarm_join, which supports it.",
    "remote_addrs": "Use the module swarm_join, which supports it.",
    "force": "docker_swarm uses it with state: present, which is force_new_cluster of swarm_init, and with "
    "state: absent, which is force of swarm_leave. Remove it from this task.",
}
_STACK_CLI = {
    "docker_cli": f"{_CLI}.",
    "cli_context": f"{_CLI}; for a context of the docker CLI, set docker_host: context://NAME.",
}
_NETWORK_USERS = (
    "swarm_network does not connect containers. Attach services with the option networks of swarm_service, and "
    "containers with community.docker.docker_container."
)
_APPENDS = "swarm_network does not disconnect containers. Remove this option."
_RAW = "Use the modules swarm_node_info, swarm_service_info and swarm_task_info; with raw: true they return the "
_DEBUG = "Run Ansible with -vvv instead."

OPTIONS: dict[str, dict[str, str]] = {
    "swarm_init": {
        **_SWARM,
        "force": "Use force_new_cluster: CLUSTER_ID, with the ID of the swarm to recover.",
    },
    "swarm_join": _SWARM,
    "swarm_leave": _SWARM,
    "swarm_unlock": _SWARM,
    "swarm_node": {
        **_SWARM,
        "node_id": "Use hostname: NODE_ID, with state: absent in place of state: remove of docker_swarm.",
    },
    "swarm_info": {
        "nodes": "Use the module swarm_node_info.",
        "nodes_filters": "Use filters of the module swarm_node_info.",
        "services": "Use the module swarm_service_info.",
        "services_filters": "Use filters of the module swarm_service_info.",
        "tasks": "Use the module swarm_task_info.",
        "tasks_filters": "Use filters of the module swarm_task_info.",
        "verbose_output": f"{_RAW}engine's documents too.",
    },
    "swarm_network": {
        "connected": _NETWORK_USERS,
        "containers": _NETWORK_USERS,
        "appends": _APPENDS,
        "incremental": _APPENDS,
        "force": "Use recreate: true to replace a network that differs; its services are reattached.",
    },
    "swarm_stack": _STACK_CLI,
    "swarm_stack_info": _STACK_CLI,
    "swarm_task_info": {
        **_STACK_CLI,
        "name": "For the tasks of a stack use filters: {label: com.docker.stack.namespace=NAME}; for those of a "
        "service, service: [NAME].",
    },
}
_EVERYWHERE = {"debug": _DEBUG, **_STACK_CLI}

_HOST_URI = "Use compose: {ansible_host_uri: \"'tcp://' ~ ansible_host ~ ':2376'\"}."
INVENTORY = {
    "verbose_output": "Use raw: true, which adds the engine's API object of each node as swarm_node_raw.",
    "include_host_uri": _HOST_URI,
    "include_host_uri_port": _HOST_URI,
    "debug": "Run ansible-inventory with -vvv instead.",
}
_INVENTORY_FILTERS = (
    "A list of include and exclude is not supported. Use the options include and exclude, which are lists of "
    "expressions; filters are those of the engine, such as filters: {role: manager}."
)

# Options of both, with a value that only community.docker has.
VALUES: dict[str, dict[str, dict[str, str]]] = {
    "swarm_node": {"state": dict.fromkeys(("join", "remove"), _STATE)},
    "swarm_network": {
        "scope": {
            "global": "The engine does not support the scope global for new networks. Use swarm or local, or omit the option."
        }
    },
}


def option_hint(module: str, option: str) -> str:
    """Return what to use instead of an option that our module lacks; an empty text if it is not from community.docker."""
    text = OPTIONS.get(module, {}).get(option) or _EVERYWHERE.get(option)
    return f"{option}: {module} does not have this option of community.docker. {text}" if text else ""


def value_hint(module: str, option: str, value: object) -> str:
    """Return the same for a value of an option that both have."""
    text = VALUES.get(module, {}).get(option, {}).get(value) if isinstance(value, str) else None
    return f"{option}: {value} is a value of community.docker. {text}" if text else ""


def inventory_hint(option: str, value: object) -> str:
    """Return the same for an option of the inventory plugin."""
    text = INVENTORY.get(option) or (_INVENTORY_FILTERS if option == "filters" and isinstance(value, list) else "")
    return f"{option}: hive.swarm.swarm does not have this option of community.docker. {text}" if text else ""


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
    precise = result.get("failure", {}).get("option")  # of a value of another type, which _core/validators.py found
    beside = [precise, *wrong] if precise and not hints else wrong
    option = next(iter([*unknown, *beside]), None)
    secrets = secret_values(spec, module.given, _FREE_FORM) | secret_values(spec, params, _FREE_FORM)
    text = without_values(" ".join(hints) or _without_internal(message, spec), secrets)
    module.params = hidden_options(spec, params, _FREE_FORM)
    failure = {"kind": "bad_input", "status": None, "message": text, "option": option}
    return text, {**result, "failure": failure}


def _without_internal(message: str, spec: Values) -> str:
    """Return the message of Ansible, which lists all options, without those that only an action sets, such as _stack."""
    head, title, names = message.partition("Supported parameters include: ")
    for option in spec:
        if option.startswith("_"):
            names = re.sub(rf"(?<!\w){option}, ", "", names)
    return f"{head}{title}{names}"


def _name_of(module: CheckedModule) -> str:
    return str(module._name).rpartition(".")[2]


def _hints(module: str, unknown: list[str], wrong: list[str], params: Values) -> list[str]:
    """What the task of community.docker would be here; empty where nothing of it is from there."""
    of_options = [option_hint(module, option) for option in unknown]
    of_values = [value_hint(module, option, params.get(option)) for option in wrong]
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
