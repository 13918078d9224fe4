# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleError, AnsibleUndefinedVariable

from ..module_utils._core.validators import native
from ..module_utils._core.values import Values
from ..plugin_utils._cluster.steps import Reason, Step, table
from ..plugin_utils._installation.firewall import address
from ..plugin_utils._installation.plan import Known, data_root_of, plan, questions
from ..plugin_utils._installation.restart import turns
from ..plugin_utils._messages import cleaned
from ..plugin_utils._plans.engine import CONFIGURE, OPERATION, argument_spec, given
from ..plugin_utils._reading_action import NotRead, ReadingAction, connection_options, failed, show_lines

#: Variables of a host that may have its address, in this order; the last resort is its name.
_ADDRESSES = ("cluster_advertise_addr", "lab_address", "ansible_host")


class ActionModule(ReadingAction):
    """Plan the engine of a host. Runs in the controller and reads the host with one command, and its engine with one."""

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        result = super().run(tmp, task_vars)
        operation = str(native(self._task.args.get(OPERATION, CONFIGURE)))
        options, failure = self.options({**connection_options(), **argument_spec(operation)})
        if failure:
            return {**result, **failure}
        if operation != CONFIGURE:
            return {**result, "changed": False, "batches": _batches(options)}
        try:
            planned = self._plan(given(options), task_vars or {})
        except NotRead as error:
            return {**result, **error.result}
        return {**result, "changed": False, **_outcome(planned, options)}

    def _plan(self, options: Values, task_vars: Values) -> Values:
        found = self._read_host(options, task_vars)
        pems, unreadable = self._certificates(options["api"])
        name = str(task_vars.get("inventory_hostname"))
        known = Known(
            name=name,
            found=found,
            swarm=self._read_swarm(found, options, task_vars),
            peers=_peers(options, task_vars) if found["firewalls"] else [],
            manager=name in options["managers"],
            certificates=pems,
        )
        planned = plan(options, known)
        return {**planned, "stop": [*planned["stop"], *unreadable]}

    def _read_host(self, options: Values, task_vars: Values) -> Values:
        """Read the host again where the file system is for a folder that only daemon.json names."""
        folder = data_root_of(options)
        found = self.inspect("engine_info", task_vars, **questions(options, folder))
        there = data_root_of(options, found)
        if "storage" not in found or there == folder:
            return found
        return self.inspect("engine_info", task_vars, **questions(options, there))

    def _read_swarm(self, found: Values, options: Values, task_vars: Values) -> Values:
        """Also where docker.service is not active: an engine without root is a service of its user."""
        if found["service"]["state"] != "active" and not options["docker_host"]:
            return {}
        try:
            return self.read("swarm_info", task_vars, quorum=False)
        except NotRead as error:
            if error.result.get("unreachable"):
                raise
            return {}

    def _certificates(self, api: Values) -> tuple[dict[str, str], list[Reason]]:
        """Return those of the API as PEM, and why one is not readable; none where the option is incomplete."""
        found, stop = {}, []
        for name in ("ca", "cert", "key") if {"hosts", "ca", "cert", "key"} <= {*api} else ():
            try:
                found[name] = api[name] if "BEGIN" in api[name] else self._file(api[name])
            except (AnsibleError, OSError) as error:
                stop.append(
                    Reason("file_missing", f"engine_api.{name}: cannot read {api[name]} on the controller: {error}")
                )
        return found, stop

    def _file(self, path: str) -> str:
        real = self._loader.get_real_file(self._find_needle("files", path), decrypt=True)
        with open(real, encoding="utf-8") as file:
            return file.read().rstrip() + "\n"


def _batches(options: Values) -> list[list[str]]:
    return turns(options["hosts"], options["managers"], options["leaders"], options["at_once"])


def _peers(options: Values, task_vars: Values) -> list[str]:
    if not options["firewall"]:
        return []
    if options["firewall_peers"] is not None:
        return list(options["firewall_peers"])
    hosts = task_vars["hostvars"]
    names = [*options["managers"], *options["workers"]]
    return list(dict.fromkeys(address(name, [_variable(hosts[name], key) for key in _ADDRESSES]) for name in names))


def _variable(host: Mapping[str, object], name: str) -> object:
    try:
        return host.get(name) or ""
    except AnsibleUndefinedVariable:
        return ""


def _outcome(planned: Values, options: Values) -> Values:
    """Return the result. What is planned is shown once, before more is read for it."""
    steps = [Step(*step)._asdict() for step in planned["steps"]]
    stop = [Reason(*reason)._asdict() for reason in planned["stop"]]
    planned = t.cast(Values, cleaned({**planned, "steps": steps, "stop": stop}))
    if not options["show"]:
        return planned
    if stop:
        message = " ".join(reason["message"] for reason in planned["stop"])
        return {"stop": planned["stop"], **failed(planned["stop"][0]["kind"], message)}
    if planned["steps"] and not options["offers"] and not options["downloaded_key"]:
        show_lines(table(Step(**step) for step in planned["steps"]))
    return planned
