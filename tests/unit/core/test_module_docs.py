# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module documents is what it takes, and what it takes is what its fields say."""

from __future__ import annotations

import copy
import importlib
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._frontend import module as runner

from .samples import schemas

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "plugins" / "modules").glob("swarm_*.py"))
DOCUMENTED = [path.stem for path in SOURCES]
# The actions that plan have no module that could run; tests/unit/action/test_plan_documentation.py compares them.
MODULES = [path.stem for path in SOURCES if "def main(" in path.read_text()]
# Module -> the schemas whose fields are options of it.
SCHEMAS = {"swarm_init": "SWARM", "swarm_join": "JOIN_REQUEST", "swarm_node": "NODE"}


class Captured(Exception):
    """The argument spec that a module hands to AnsibleModule."""

    def __init__(self, **rules):
        self.rules = rules
        super().__init__()


def rules_of(name, monkeypatch):
    """The arguments of the module's AnsibleModule."""

    def capture(_self, **rules):
        raise Captured(**rules)

    monkeypatch.setattr(runner.Module, "__init__", capture)
    with pytest.raises(Captured) as captured:
        importlib.import_module(f"ansible_collections.hive.swarm.plugins.modules.{name}").main()
    return captured.value.rules


def documented(name):
    """The module's options as documented, those of its fragments too."""
    module = importlib.import_module(f"ansible_collections.hive.swarm.plugins.modules.{name}")
    document = yaml.safe_load(module.DOCUMENTATION)
    options = {}
    for name in document.get("extends_documentation_fragment", []):
        options.update(fragment_options(name))
    return {**options, **document.get("options", {})}


def fragment_options(name):
    """The options that a documentation fragment of this collection brings along."""
    file, _dot, part = name.removeprefix("hive.swarm.").partition(".")
    module = importlib.import_module(f"ansible_collections.hive.swarm.plugins.doc_fragments.{file}")
    return yaml.safe_load(getattr(module.ModuleDocFragment, part.upper() or "DOCUMENTATION"))["options"]


def facts(option, inner):
    """What docs and spec must agree on; `inner` is the key of the options inside the option."""
    nested = {name: facts(value, inner) for name, value in (option.get(inner) or {}).items()}
    return {
        "type": option.get("type", "str"),
        "default": option.get("default"),
        "required": option.get("required", False),
        "choices": option.get("choices"),
        "elements": option.get("elements"),
        "aliases": sorted(option.get("aliases", [])),
        "options": nested,
    }


@pytest.mark.parametrize("name", MODULES)
def test_the_documentation_is_the_argument_spec(name, monkeypatch):
    spec = rules_of(name, monkeypatch)["argument_spec"]
    docs = documented(name)
    assert {option: facts(value, "suboptions") for option, value in docs.items()} == {
        option: facts(value, "options") for option, value in spec.items()
    }


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_option_says_what_it_is_for(name):
    for option, value in documented(name).items():
        assert value.get("description"), option


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_field_is_an_option_and_says_which_api_it_needs(name, monkeypatch):
    docs, spec = documented(name), rules_of(name, monkeypatch)["argument_spec"]
    for field in schemas()[SCHEMAS[name]].fields:
        assert facts(spec[field.option], "options") == facts(field.argument_spec(), "options")
        told = " ".join(docs[field.option]["description"])
        # What every engine still in use has (1.25: Docker Engine 1.13) need not be told.
        if field.since and field.since not in ("1.25", "1.28") and field.option != "signing_ca_key":
            assert f"Needs API version {field.since}" in told, field.option


@pytest.mark.parametrize("name", MODULES)
def test_the_argument_spec_is_made_anew_each_time(name, monkeypatch):
    first = rules_of(name, monkeypatch)["argument_spec"]
    untouched = copy.deepcopy(first)
    for option in first.values():
        if "choices" in option:
            option["choices"].append("changed")
    assert rules_of(name, monkeypatch)["argument_spec"] == untouched


@pytest.mark.parametrize("name", MODULES)
def test_check_mode_is_supported(name, monkeypatch):
    assert rules_of(name, monkeypatch)["supports_check_mode"] is True
