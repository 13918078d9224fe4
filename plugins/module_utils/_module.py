# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AnsibleModule that shows no secrets when options are wrong, and no control characters."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ._errors import BadInput
from ._option_types import checked_options

# Options of these types, and the lists of them, hold what the user made up: environments, documents, options of drivers.
_FREE_FORM = ("dict", "raw")
_UNLOGGED = ("data", "args")  # the content of a config, and what a container is called with


class Module(AnsibleModule):
    """AnsibleModule with what this collection promises of secrets and of texts for the terminal."""

    _checked = False
    given: dict[str, t.Any]  # the options as the task has them; the check changes those that are wrong

    def __init__(self, **arguments: t.Any) -> None:
        super().__init__(**arguments)
        self._checked = True

    def _load_params(self) -> None:
        """Check the types while the values still are what the task has, see _option_types.py."""
        self.given = {}
        super()._load_params()
        self.given = dict(self.params)
        try:
            self.params = checked_options(self.argument_spec, self.params)
        except BadInput as error:
            self._set_internal_properties()  # the module's name, for the hints
            self.fail_json(msg=error.message, failure=error.failure())

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:  # type: ignore[override]
        """Fail; before the options have been checked, with what is wrong with them and without their secrets."""
        if not self._checked:
            from ._argument_errors import explain

            msg, result = explain(self, msg, result)
        from ._printable import printable, printable_values

        for key in ("failure", "progress"):
            if key in result:
                result[key] = printable_values(result[key])
        super().fail_json(msg=printable(msg), **result)

    def _log_invocation(self) -> None:
        """Ansible writes the options of every task to the node's syslog, except for no_log options."""
        params = self.params
        self.params = {name: _logged(self.argument_spec.get(name, {}), name, value) for name, value in params.items()}
        try:
            super()._log_invocation()
        finally:
            self.params = params


def _logged(item: dict[str, t.Any], name: str, value: t.Any) -> t.Any:
    hidden = name in _UNLOGGED or item.get("type") in _FREE_FORM or item.get("elements") in _FREE_FORM
    return "NOT_LOGGING_PARAMETER" if hidden and value is not None else value
