# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A driver that the engine lacks: it knows when it creates the object, and the failure names the option."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_text

pytestmark = [pytest.mark.usefixtures("no_time"), pytest.mark.parametrize("version", [API_1_51], indirect=True)]
NOT_FOUND = 'plugin "vault" not found'
LOOKUP = "error during lookup of plugin vault"
LEGACY = "legacy plugin vault of type NetworkDriver is not supported in swarm mode"
VOLUME = 'create v: error looking up volume plugin vault:latest: plugin "vault:latest" not found'


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


@pytest.mark.parametrize(
    ("module", "options", "status", "reported", "option"),
    [
        ("swarm_network", {"driver": "vault"}, 404, NOT_FOUND, "driver"),
        ("swarm_network", {"driver": "vault"}, 400, LEGACY, "driver"),
        ("swarm_network", {"ipam_driver": "vault"}, 400, LOOKUP, "ipam_driver"),
        ("swarm_network", {"driver_options": {"vault": "vault"}}, 404, NOT_FOUND, None),
        ("swarm_secret", {"driver": {"name": "vault"}}, 500, NOT_FOUND, "driver.name"),
        ("swarm_volume", {"driver": "vault"}, 404, VOLUME, "driver"),
    ],
)
def test_the_failure_names_the_option(manager, module, options, status, reported, option):
    manager.fail(status, reported, "POST", f"/{module.removeprefix('swarm_')}s/create", times=100)
    result = on(manager)(module, {"name": "vault", **options})
    assert result["failed"]
    assert result["failure"].get("option") == option
    assert result["msg"] == result["failure"]["message"]
    assert result["msg"].startswith(f"{option}: {reported}" if option else reported)


@pytest.mark.parametrize(
    ("network", "key"),
    [("{driver: vault}", "networks.n.driver"), ("{ipam: {driver: vault}}", "networks.n.ipam.driver")],
)
def test_the_failure_of_a_stack_names_the_key(manager, network, key):
    text = f"services:\n  web:\n    image: lab/busybox:1\n    networks: [n]\nnetworks:\n  n: {network}\n"
    manager.fail(404, NOT_FOUND, "POST", "/networks/create", times=100)
    result = on(manager)("swarm_stack", of_text("shop", text))
    assert [(one["line"], one["key"]) for one in result["failure"]["problems"]] == [(6, key)]
