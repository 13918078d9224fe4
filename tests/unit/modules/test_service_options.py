# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of swarm_service on the fake engine: predicted, done, and done once."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_service, foretold
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import data

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters


@pytest.fixture
def manager(cluster):
    """A swarm of one, with two of everything that a service can refer to."""
    (host,) = cluster.swarm(managers=1)
    table.make_referred(host)
    return host


# The older one is tried on real engines; here it would be twice the same.
@pytest.mark.parametrize("version", [API_1_51], indirect=True)
@pytest.mark.parametrize("row", table.OPTIONS, ids=str)
def test_option(manager, row):
    run = on(manager)
    made = run("swarm_service", table.base(row))
    assert not made["failed"], made["msg"]
    audited = audited_service(manager, table.NAME, foretold(run, "service"))
    run_steps(list(table.steps(row)), audited, FakeWorld([manager]))


@pytest.mark.parametrize("version", [API_1_51], indirect=True)
@settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(data=data())
def test_any_options_together(manager, data):
    """Random options over a random live service."""
    live, wanted = data.draw(table.options("1.51")), data.draw(table.options("1.51"))
    table.play(manager, table.compatible(live, wanted), wanted, FakeWorld([manager]))
