# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the planning actions has the options that they validate. Sanity compares it for modules alone."""

from __future__ import annotations

import importlib

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._plan_action import argument_spec
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.conditions import CONDITIONS
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.discovery import ARGUMENT_SPEC, discover
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.engine import OPERATIONS as ENGINE
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.engine import argument_spec as engine_spec
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.operations import OPERATIONS, Swarm
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.preflight import ARGUMENT_SPEC as PREFLIGHT
from ansible_collections.hive.swarm.plugins.plugin_utils._reading_action import FORMAT
from ansible_collections.hive.swarm.plugins.plugin_utils._status_action import ARGUMENT_SPEC as STATUS
from ansible_collections.hive.swarm.plugins.plugin_utils._wait_action import argument_spec as wait_spec
from ansible_collections.hive.swarm.tests.unit.cluster import situations

MODULES = "ansible_collections.hive.swarm.plugins.modules"


def documented(module):
    return yaml.safe_load(importlib.import_module(f"{MODULES}.{module}").DOCUMENTATION)["options"]


def of_spec(item):
    """The facts of an option, with the names that the documentation has for them."""
    facts = {key: value for key, value in item.items() if key in ("type", "elements", "choices", "default", "required")}
    if "options" in item:
        facts["suboptions"] = {name: of_spec(inner) for name, inner in item["options"].items()}
    return facts


def of_documentation(item):
    facts = {key: value for key, value in item.items() if key not in ("description", "suboptions")}
    if "suboptions" in item:
        facts["suboptions"] = {name: of_documentation(inner) for name, inner in item["suboptions"].items()}
    return facts


def described(item):
    texts = item["description"]
    return " ".join([texts] if isinstance(texts, str) else texts)


@pytest.mark.parametrize(
    ("module", "spec"),
    [("swarm_discover", ARGUMENT_SPEC), ("swarm_preflight", {**PREFLIGHT, **FORMAT}), ("swarm_status", STATUS)],
)
def test_options(module, spec):
    options = {name: of_documentation(item) for name, item in documented(module).items()}
    assert options == {name: of_spec(item) for name, item in spec.items()}


def connection_options():
    from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import connection_spec

    return set(connection_spec())


@pytest.mark.parametrize(
    ("module", "known"),
    [
        *(("swarm_plan", argument_spec(operation)) for operation in OPERATIONS),
        *(("engine_plan", engine_spec(operation)) for operation in ENGINE),
        *(("swarm_wait", wait_spec(condition)) for condition in CONDITIONS),
    ],
)
def test_options_of_an_operation_or_condition(module, known):
    spec = {name: of_spec(item) for name, item in known.items() if name not in connection_options()}
    options = documented(module)
    # An option that one of the operations requires is not required in general.
    for name in [name for name, item in spec.items() if item.get("required") and not options[name].get("required")]:
        del spec[name]["required"]
        assert "requires it" in described(options[name]), name
    assert {name: of_documentation(options[name]) for name in spec} == spec


def test_an_option_of_batches_names_its_operation():
    options = documented("engine_plan")
    for name in set(ENGINE["restart"]) - set(ENGINE["configure"]):
        assert "O(operation=restart)" in described(options[name]), name


def test_every_option_is_one_of_an_operation_and_names_it():
    options = documented("swarm_plan")
    users = {name: [key for key, each in OPERATIONS.items() if name in each.options] for name in options}
    common = [name for name, operations in users.items() if not operations]
    assert common == ["operation", "discovered", "confirm", "show"]
    for name, operations in users.items():
        for operation in operations if len(operations) < len(OPERATIONS) else []:
            text = described(options[name])
            assert f"V({operation})" in text or f"O(operation={operation})" in text, (name, operation)


def returned(operation):
    """The keys that the documentation has for an operation, beside those of all."""
    values = yaml.safe_load(importlib.import_module(f"{MODULES}.swarm_plan").RETURN)
    return {name for name, value in values.items() if f"V({operation})" in value["returned"]}


@pytest.mark.parametrize("creates", [True, False])
def test_site_returns_what_its_documentation_lists(creates):
    hosts = [situations.host("n1", "manager")] if creates else [situations.member("n1", "manager")]
    found = discover(
        {
            "hosts": [{"name": "n1", "probe": hosts[0].probe, "address": "192.0.2.1"}],
            "wanted": {"manager": ["n1"], "worker": [], "trusted": [], "confirmed": [], "cluster_id": "", "host_label": ""},
            "elsewhere": [], "avoid": [], "keys_given": False, "creates": True, "allow_duplicate_hostnames": False,
        }
    )  # fmt: skip
    nodes = [] if creates else [situations.node("n1", "manager", leader=True)]
    swarm = Swarm(found, hosts, nodes=nodes, settings={}, services=[], tasks=[], quorum={})
    plan = OPERATIONS["site"].plan(swarm, {"allow_duplicate_hostnames": False})
    assert plan["stop"] == []
    assert set(plan) - {"steps", "warnings", "stop", "confirm"} == returned("site")


@pytest.mark.parametrize(
    ("spec", "common"),
    [(argument_spec, ["discovered", "operation"]), (engine_spec, []), (wait_spec, ["condition"])],
    ids=["swarm_plan", "engine_plan", "swarm_wait"],
)
def test_with_an_unknown_name_nothing_is_required_but_what_all_require(spec, common):
    """A required option of one operation would be reported in place of the misspelt name."""
    assert sorted(option for option, item in spec("misspelt").items() if item.get("required")) == common
