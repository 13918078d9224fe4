# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module is, whichever front end runs it: a shipped module (``module.py``) or an action of the controller."""

from __future__ import annotations

import functools
import typing as t

from .._core.drivers import name_driver
from .._core.errors import BadInput, SwarmError
from .._core.reconcile import ReportingClock, Resource, explained, reconcile, with_assumed_swarm
from .._core.redaction import (
    mask_later,
    printable,
    printable_values,
    returned_secrets,
    secret_values,
    without_values,
    without_values_in,
)
from .._core.validators import decimal_texts, decimal_warnings, refuse_template_keys
from .._core.values import Values
from .._engine.client import Engine
from .._engine.connection import connection_spec

WAIT_SPEC: Values = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
}


class Definition(t.NamedTuple):
    """Options and what they are for.

    :param argument_spec: the connection options among them. :param rules: AnsibleModule's own, such as required_if.
    :param resource: what the module manages, or None where it only reads. :param read: how it reads then.
    :param by_state: values of the option state with a class of their own.
    """

    argument_spec: Values
    rules: Values
    resource: type[Resource] | None = None
    read: t.Callable[[Engine, Values], Values] | None = None
    by_state: t.Mapping[str, type[Resource]] = {}

    @property
    def self_redacted(self) -> tuple[str, ...]:
        """Return the options whose values no result contains, see Resource."""
        return self.resource.self_redacted if self.resource else ()


def define(
    resource: type[Resource],
    argument_spec: Values,
    by_state: t.Mapping[str, type[Resource]] | None = None,
    **rules: object,
) -> Definition:
    """Return the definition of a module that manages an object, with the connection options."""
    return Definition({**connection_spec(), **argument_spec}, rules, resource=resource, by_state=by_state or {})


def define_info(read: t.Callable[[Engine, Values], Values], argument_spec: Values, **rules: object) -> Definition:
    """Return the definition of a module that only reads; ``read`` returns its result."""
    return Definition({**connection_spec(), **argument_spec}, rules, read=read)


class Run:
    """One run of a module's core, on any engine, for any front end.

    :param params: the validated options. :param given: the options as the task has them.
    :param show: shows a line on a wait that goes on; None where no user sees it.
    """

    def __init__(
        self,
        definition: Definition,
        params: Values,
        check_mode: bool,
        given: Values,
        show: t.Callable[[str], None] | None = None,
    ) -> None:
        self._definition = definition
        self._params = params
        self._check_mode = check_mode
        self._show = show
        self._resource: Resource | None = None
        self._assumptions: list[str] = []  # of check mode, in a module that only reads
        self._decimals = decimal_texts(definition.argument_spec, given)

    def perform(self, connect: t.Callable[[], Engine]) -> Values:
        """Return the result; raise SwarmError, without secrets. Secrets of both are masked in later output."""
        try:
            result = self._perform(connect)
        finally:
            mask_later(self._data())
        mask_later(returned_secrets(result))
        return result

    def _perform(self, connect: t.Callable[[], Engine]) -> Values:
        engines: list[Engine] = []
        try:
            _check_wait(self._params.get("wait_timeout") or 0)
            refuse_template_keys(self._params)
            engine = connect()
            engines = [engine]
            if self._definition.read:
                return {"changed": False, **self._read(engine, self._definition.read)}
            resource = self._definition.by_state.get(self._params.get("state", ""), self._definition.resource)
            self._resource = t.cast("type[Resource]", resource)(engine, self._params, self._check_mode)
            if self._show:
                self._resource.clock = ReportingClock(functools.partial(self._report, self._show))
            engines = self._resource.engines
            return _printed(reconcile(self._resource))
        except Exception as error:
            failure = explained(error, engines)
            if failure is None:
                raise
            name_driver(failure, self._params)
            _redact(failure, self._secrets())
            if failure is error:
                raise
            raise failure from error

    def _read(self, engine: Engine, read: t.Callable[[Engine, Values], Values]) -> Values:
        """What a module that only reads returns."""
        assume = self._assumptions.append if self._check_mode else None
        return with_assumed_swarm(engine, lambda: read(engine, self._params), assume)

    def warnings(self) -> list[str]:
        """Return what the user is to be warned of.

        Ansible shows warnings of no_log tasks too (CVE-2026-115622), and as they are.
        """
        warnings = [
            *decimal_warnings(self._decimals),
            *(self._resource.warnings if self._resource else self._assumptions),
        ]
        if not warnings:
            return []
        secrets = self._secrets()
        return [printable(without_values(warning, secrets)) for warning in warnings]

    def _report(self, show: t.Callable[[str], None], line: str) -> None:
        """Show a line, which may have words of an engine or a container."""
        show(printable(without_values(line, self._secrets())))

    def failure(self, error: SwarmError) -> Values:
        """Return what a failure adds to the result, without the message."""
        return {"failure": error.failure(), **error.result}

    def _secrets(self) -> set[str]:
        hidden = self._resource.hidden_values() if self._resource else set()
        return secret_values(self._definition.argument_spec, self._params) | hidden | self._data()

    def _data(self) -> set[str]:
        return self._resource.secret_data() if self._resource else set()


def _printed(result: Values) -> Values:
    """How a rollout went has words of containers, and is shown with ``-v``."""
    if not result.get("progress"):
        return result
    return {**result, "progress": printable_values(result["progress"])}


def _check_wait(seconds: int) -> None:
    if seconds < 0:
        raise BadInput("wait_timeout", f"{seconds} is out of bounds: it must be at least 0 seconds.")


def _redact(error: SwarmError, secrets: set[str]) -> None:
    """An engine may repeat a request in its error, a container its variables in its log."""
    error.message = without_values(error.message, secrets)
    error.details = without_values_in(error.details, secrets)
    if "progress" in error.result:
        error.result["progress"] = without_values_in(error.result["progress"], secrets)
