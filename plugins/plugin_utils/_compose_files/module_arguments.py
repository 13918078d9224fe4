# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's options to a Stack, and to the options that the module is handed.

The module gets the stack and nothing that it was made of: ``variables`` and documents that stand in the task may hold
passwords, and a module's options are shown at -vvv.
"""

from __future__ import annotations

import collections
import json
import os.path
import typing as t
from collections.abc import Mapping, Sequence

from ansible.module_utils.common.validation import check_type_bool, check_type_dict, check_type_list

from ...module_utils._core.errors import BadInput
from ...module_utils._core.validators import checked_options, decimal_warnings, rebuilt
from ...module_utils._core.values import Values, number_text
from ...module_utils._stack.compose_places import ComposeError, File, problem_at, unnumbered
from .._compose.dotenv import parse_dotenv
from .._compose.stack import load
from .._compose.units import as_text
from .document import parse
from .sources import PathError, Source

Options = Mapping[str, t.Any]
Variables = Mapping[str, t.Optional[str]]

_WITHOUT_FILES = ("absent", "rolled_back")  # states that read no compose files
# What the action itself uses of the task's options; Ansible has not checked any of them yet.
_READ_HERE: Values = {
    "name": {"type": "str"},
    "remote_src": {"type": "bool"},
    "project_src": {"type": "path"},
    "variables": {"type": "dict"},
    "env_files": {"type": "list", "elements": "path"},
}
_OURS = ("variables", "_stack")


class ComposeInput(t.NamedTuple):
    """:param sources: whether on the node, to the source of files.
    :param playbook: folder of the playbook. :param environment: that of the task. :param process: the controller's.
    :param warn: takes a sentence.
    """

    sources: t.Callable[[bool], Source]
    playbook: str
    environment: Mapping[str, str]
    process: Mapping[str, str]
    warn: t.Callable[[str], None]


def module_arguments(options: Options, given: ComposeInput) -> Values:
    """The module's options; raises BadInput."""
    options = {
        **options,
        **checked_options(_READ_HERE, {name: options[name] for name in _READ_HERE if name in options}),
    }
    handed = {name: value for name, value in options.items() if name not in _OURS}
    needed = options.get("state") not in _WITHOUT_FILES
    if options.get("compose") is None:
        if needed and "compose" in options:
            raise BadInput("compose", "must not be null. Give at least one compose file or document.")
        return handed
    entries = _entries(options["compose"])
    if not entries and needed:
        raise BadInput("compose", "must not be empty. Give at least one compose file or document.")
    handed["compose"] = [_name(entry, number) for number, entry in enumerate(entries, start=1)]
    if options.get("name") is None or not needed:
        return handed
    return {**handed, "_stack": _stack(entries, options, given)}


def _entries(value: object) -> list[object]:
    """A document alone is a list of one; of paths there may be several in one string, as in any list of Ansible."""
    if isinstance(value, Mapping) or _is_text(value):
        return [value]
    return _checked("compose", check_type_list, value)


def _name(entry: object, number: int) -> str:
    if isinstance(entry, Mapping) or _is_text(entry):
        return f"inline document {number}"
    if isinstance(entry, str):
        return str(entry)
    raise BadInput("compose", f"item {number} must be a path, a mapping, or the text of a document.")


def _stack(entries: Sequence[object], options: Options, given: ComposeInput) -> str:
    source = given.sources(_checked("remote_src", check_type_bool, options.get("remote_src") or False))
    project = options.get("project_src")
    folder = _found("project_src", source.folder, str(project)) if project else None
    paths = [_found("compose", source.find, str(entry), folder) if _is_path(entry) else None for entry in entries]
    files = [
        _file(entry, path, _name(entry, number), source)
        for number, (entry, path) in enumerate(zip(entries, paths), start=1)
    ]
    folder = folder or next((os.path.dirname(path) for path in paths if path), "") or source.default(given.playbook)
    values = _values(options, folder, source, given)
    stack = load(str(options["name"]), files, folder, values, source.read, source.on_controller)
    for warning in stack.warnings:
        given.warn(warning)
    return json.dumps(stack._replace(warnings=[])._asdict())


def _is_path(entry: object) -> bool:
    return isinstance(entry, str) and not _is_text(entry)


def _is_text(entry: object) -> bool:
    """Whether it is a document as YAML or JSON."""
    return isinstance(entry, str) and ("\n" in entry or entry.lstrip().startswith("{"))


def _found(option: str, find: t.Callable[..., str], *arguments: str | None) -> str:
    try:
        return find(*arguments)
    except PathError as error:
        raise BadInput(option, str(error)) from None


def _file(entry: object, path: str | None, name: str, source: Source) -> File:
    if path:
        return parse(name, _content("compose", path, source))
    if isinstance(entry, str):
        return parse(name, entry.encode())
    document = plain_document(entry, name)
    return File(name, document, unnumbered(document))


def _content(option: str, path: str, source: Source) -> bytes:
    try:
        return source.read(path)
    except OSError as error:
        raise BadInput(option, f"cannot read {path}: {error.strerror or error}") from None


def _values(options: Options, folder: str, source: Source, given: ComposeInput) -> dict[str, str]:
    """What a variable is: the task's word counts before its environment, a file of variables and the controller's.

    Files of a node get nothing of the controller's environment: who writes them there could read it in the service.
    """
    variables = _checked("variables", check_type_dict, options.get("variables") or {})
    own = plain_variables(variables, "variables")
    for warning in decimal_warnings([f"variables.{name}" for name in variables if isinstance(variables[name], float)]):
        given.warn(warning)
    above: collections.ChainMap[str, str | None] = collections.ChainMap(own, dict(given.environment))
    below: collections.ChainMap[str, str | None] = collections.ChainMap(
        {}, dict(given.process) if source.on_controller else {}
    )
    for path in _checked("env_files", check_type_list, options.get("env_files") or []):
        whole = _found("env_files", source.find, str(path), folder)
        unset: list[str] = []
        try:
            found = parse_dotenv(str(path), _content("env_files", whole, source), above, below, unset.append)
        except ComposeError as error:
            raise ComposeError(*error.details["problems"], option="env_files") from None
        for name in dict.fromkeys(unset):
            given.warn(f"{path}: the variable {name} is not set and becomes empty.")
        below = below.new_child(found)
    values = collections.ChainMap(*above.maps, *below.maps)
    return {name: value for name, value in values.items() if value is not None}


def _checked(option: str, check: t.Callable[[t.Any], t.Any], value: object) -> t.Any:
    try:
        return check(value)
    except TypeError as error:
        raise BadInput(option, str(error)) from None


def plain_document(value: object, name: str) -> object:
    """A document that stands in a task; raises ComposeError. A date becomes text, as in a file."""

    def refuse(item: object, place: str) -> t.NoReturn:
        text = f"a compose file has no value of the type {type(item).__name__}"
        raise ComposeError(problem_at(name, text, key=place))

    return rebuilt(value, lambda key: rebuilt(key, str, refuse), refuse)


def plain_variables(values: Mapping[str, object], option: str) -> dict[str, str | None]:
    """Name to text; numbers and booleans as YAML writes them, null for a variable that is not to be set.

    Raises BadInput, which shows no value.
    """
    found: dict[str, str | None] = {}
    for name, value in values.items():
        if isinstance(value, str) or value is None:
            found[str(name)] = value if value is None else str(value)
        elif isinstance(value, float):
            try:
                found[str(name)] = number_text(value)
            except ValueError:  # with an exponent
                raise BadInput((option, str(name)), "must be a string. Put it in quotes.") from None
        elif isinstance(value, (bool, int)):
            found[str(name)] = as_text(value)
        else:
            raise BadInput((option, str(name)), "must be a string, a number, a boolean or null.")
    return found
