# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plugin as Ansible runs it, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
import yaml
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible_collections.hive.swarm.plugins.inventory import swarm

from . import replay as engines

NAME = "hive.swarm.swarm"


class Inventory:
    """What came out: hosts with their variables, groups with their hosts, warnings."""

    def __init__(self, data: InventoryData, warnings: list[str]) -> None:
        self.vars: dict[str, dict[str, Any]] = {name: host.vars for name, host in data.hosts.items()}
        self.groups = {name: sorted(host.name for host in group.get_hosts()) for name, group in data.groups.items()}
        self.warnings = warnings

    @property
    def hosts(self) -> list[str]:
        return sorted(self.vars)

    def groups_of(self, host: str) -> set[str]:
        return {name for name, hosts in self.groups.items() if host in hosts} - {"all"}

    def addresses(self) -> dict[str, Any]:
        return {name: variables.get("ansible_host") for name, variables in self.vars.items()}


Read = Callable[..., Inventory]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of whoever runs the tests: no contexts of their docker CLI, no settings of their Ansible."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """read(docker_host, fresh=False, **options): parse a source with these options. ``fresh`` is --flush-cache."""

    def run(docker_host: Any = None, fresh: bool = False, **options: Any) -> Inventory:
        config = {"plugin": NAME, **({"docker_host": docker_host} if docker_host else {}), **options}
        source = tmp_path / "test.swarm.yml"
        source.write_text(yaml.safe_dump(config))
        plugin = _load()
        assert plugin.verify_file(str(source))
        warnings: list[str] = []
        plugin.display = _Display(plugin.display, warnings)
        data = InventoryData()
        plugin.parse(data, DataLoader(), str(source), cache=not fresh)
        if hasattr(plugin, "_cache"):
            plugin.update_cache_if_changed()
        data.reconcile_inventory()
        return Inventory(data, warnings)

    return run


def _load() -> swarm.InventoryModule:
    """What Ansible's loader does; it cannot do it itself where Python has already found the collection."""
    inventory_loader._load_config_defs(NAME, swarm, swarm.__file__)
    plugin = swarm.InventoryModule()
    plugin._load_name = plugin.ansible_name = NAME
    plugin._redirected_names = [NAME]
    return plugin


class _Display:
    """Ansible's display, with the warnings in a list."""

    def __init__(self, display: Any, warnings: list[str]) -> None:
        self._display, self._warnings = display, warnings

    def warning(self, message: str, **_options: Any) -> None:
        self._warnings.append(message)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._display, name)


@pytest.fixture(params=engines.RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    """Both releases of which answers are recorded."""
    return request.param


@pytest.fixture
def at(release: str) -> Iterator[Callable[[str], tuple[str, engines.Replay]]]:
    """at(stage): URL and replay of an engine that answers as recorded at that stage."""
    opened = []

    def open_engine(stage: str) -> tuple[str, engines.Replay]:
        context = engines.engine(engines.recorded(release, stage))
        opened.append(context)
        return context.__enter__()

    yield open_engine
    for context in opened:
        context.__exit__(None, None, None)
