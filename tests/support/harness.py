# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running a module's real main() in this process, as Ansible would, and getting back what it says.

    result = run_module("swarm_info", {"docker_host": engine.docker_host})

Nothing of the module is replaced. The options go in the way ansible-core's own test helper passes them
(ansible.module_utils.testing), the result is what the module printed. One module at a time: stdout and
ansible-core's globals belong to the process.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Callable

from ansible.module_utils import _internal, basic
from ansible.module_utils.common import warnings

Runner = Callable[..., "dict[str, Any]"]

COLLECTION = "ansible_collections.hive.swarm"


class HarnessError(AssertionError):
    """A module that did not end the way modules end: a traceback, no JSON, an exit code against the result."""


def run_module(
    name: str | ModuleType, args: dict[str, Any] | None = None, check: bool = False, diff: bool = True
) -> dict[str, Any]:
    """Run a module and return its result, with `failed` always set.

    name: file name of the module without .py, or a module object that has a main().
    Warnings and deprecations are lists of plain texts, whatever the version of ansible-core.
    Raises HarnessError for anything that is neither a clean exit_json nor a clean fail_json.
    """
    module = name if isinstance(name, ModuleType) else importlib.import_module(f"{COLLECTION}.plugins.modules.{name}")
    internal = {
        "module_name": module.__name__.replace("ansible_collections.", "").replace("plugins.modules.", ""),
        "check_mode": check,
        "diff": diff,
    }
    options = {**(args or {}), **{f"_ansible_{key}": value for key, value in internal.items()}}
    output = io.StringIO()
    with _module_args(options), _no_leftovers(), contextlib.redirect_stdout(output):
        code = _exit_code(module)
    result = _result(module.__name__, output.getvalue(), code)
    _check_named_option(module, args or {}, result)
    return result


def _check_named_option(module: ModuleType, args: dict[str, Any], result: dict[str, Any]) -> None:
    """C1: a law over every test: a refusal of bad input names an option of the module, or of the task, as data."""
    failure = result.get("failure") or {}
    if failure.get("kind") != "bad_input":
        return
    spec = module.MODULE.argument_spec if hasattr(module, "MODULE") else getattr(module, "ARGUMENTS", {})
    aliases = (alias for item in spec.values() for alias in item.get("aliases") or ())
    if str(failure.get("option")).partition(".")[0] not in {*spec, *aliases, *args}:
        raise HarnessError(f"{module.__name__} refused bad input without naming an option: {failure}")


def on(engine: Any, run: Runner = run_module, **defaults: Any) -> Runner:
    """A runner whose modules talk to one engine (anything with `docker_host`), with further default options."""
    defaults = {"docker_host": engine.docker_host, **defaults}

    def run_there(
        name: str | ModuleType, args: dict[str, Any] | None = None, check: bool = False, diff: bool = True
    ) -> dict[str, Any]:
        return run(name, {**defaults, **(args or {})}, check=check, diff=diff)

    return run_there


def _exit_code(module: ModuleType) -> int:
    try:
        module.main()
    except SystemExit as end:
        return int(end.code or 0)
    except Exception as error:
        raise HarnessError(f"{module.__name__} ended with {type(error).__name__}: {error}") from error
    raise HarnessError(f"{module.__name__} returned without exit_json or fail_json")


def _result(name: str, output: str, code: int) -> dict[str, Any]:
    lines = [line for line in output.splitlines() if line.strip()]
    if len(lines) != 1:
        raise HarnessError(f"{name} printed {len(lines)} lines where one result belongs: {output!r}")
    try:
        result = json.loads(lines[0])
    except ValueError as error:
        raise HarnessError(f"{name} printed no JSON: {output!r}") from error
    result.setdefault("failed", False)
    result.pop("_ansible_new_secrets", None)  # ansible-core 2.22: the controller takes them out before all else
    for key in ("warnings", "deprecations"):
        if key in result:
            result[key] = [_text(item) for item in result[key]]
    if bool(code) != result["failed"]:
        raise HarnessError(f"{name} exited with {code}, but its result says failed={result['failed']}")
    return result


def _text(warning: Any) -> str:
    """The words of a warning; since 2.19 a module sends it as a structure."""
    return warning["event"]["msg"] if isinstance(warning, dict) and "event" in warning else str(warning)


@contextlib.contextmanager
def _module_args(options: dict[str, Any]) -> Iterator[None]:
    """ansible-core's own way to pass options where it has one (2.19 on), its predecessor's elsewhere."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:
        with _patched(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": options}).encode()):
            yield
    else:
        with patch_module_args(options):
            yield


@contextlib.contextmanager
def _no_leftovers() -> Iterator[None]:
    """Each run as in a process of its own: no warnings of earlier runs, argv without arguments, and no controller.

    A test that loads an action makes this process a controller, which shows warnings instead of returning them.
    """
    with contextlib.ExitStack() as stack:
        if hasattr(_internal, "is_controller"):  # since ansible-core 2.19
            stack.enter_context(_patched(_internal, "is_controller", False))
            stack.enter_context(_patched(_internal, "import_controller_module", lambda name: None))
        for store in ("_global_warnings", "_global_deprecations"):
            stack.enter_context(_patched(warnings, store, type(getattr(warnings, store))()))
        stack.enter_context(_patched(sys, "argv", sys.argv[:1]))
        yield


@contextlib.contextmanager
def _patched(where: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(where, name)
    setattr(where, name, value)
    try:
        yield
    finally:
        setattr(where, name, before)
