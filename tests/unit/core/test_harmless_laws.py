# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K1: no change of any option takes an object away from a live document, whatever kind of object it is about."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.schema import ObjectField
from ansible_collections.hive.swarm.plugins.module_utils._secret_config.schema import SCHEMAS
from ansible_collections.hive.swarm.plugins.module_utils._service.schema import SERVICE
from ansible_collections.hive.swarm.plugins.module_utils._stack.services import exact_changes, without_emptied
from ansible_collections.hive.swarm.plugins.module_utils._volume.schema import VOLUME
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table
from ansible_collections.hive.swarm.tests.support.objects import REMOVABLE, lost, objects
from hypothesis import Phase, given, settings
from hypothesis.strategies import data

from ..compose.stacks import stack_of
from .samples import SAMPLES, cases, schemas

# Nothing here depends on ansible-core or on packages.
pytestmark = pytest.mark.once

# What the docker CLI and the Docker SDK send of a service even when it says nothing; some of it by one of them alone.
SKELETON: dict[str, Any] = {
    "Name": "web",
    "Labels": {},
    "TaskTemplate": {
        "ContainerSpec": {
            "Image": "a",
            "Labels": {},
            "DNSConfig": {},
            "Privileges": {"CredentialSpec": None, "SELinuxContext": None},
            "Healthcheck": {},
            "Sysctls": {},
        },
        "Resources": {"Limits": {}, "Reservations": {}},
        "RestartPolicy": {},
        "Placement": {},
    },
    "Mode": {"Replicated": {"Replicas": 1}},
    "UpdateConfig": {},
    "RollbackConfig": {},
    "EndpointSpec": {},
}
STATE = {"labels_state": "replace", "env_state": "replace", "container_labels_state": "replace", "hide_env": False}


def merged(first: Any, second: Any) -> Any:
    """Two documents as one; the second one counts."""
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return copy.deepcopy(second)
    both = {key: merged(first[key], second[key]) if key in first else second[key] for key in second}
    return {**copy.deepcopy(first), **both}


def prepared(options: dict[str, Any]) -> dict[str, Any]:
    """Options as the module has them once it has looked names up."""
    for kind in ("secret", "config"):
        items = [{**item, f"{kind}_id": "1"} for item in options.get(f"{kind}s") or ()]
        options = {**options, f"{kind}s": items} if items else options
    return {**dict.fromkeys(SERVICE.argument_spec()), **STATE, **options}


def live_service(options: dict[str, Any]) -> Any:
    return merged(SKELETON, SERVICE.create(prepared(options)))


def values(row: Any) -> list[Any]:
    return [value for value in (row.first, row.second, row.clear) if value is not None]


ROWS = [*table.OPTIONS, *table.ELSEWHERE]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_option_of_a_service(row):
    """From each value to each other one."""
    for before, after in itertools.permutations(values(row), 2):
        live = live_service({**row.base, row.option: before})
        wanted = prepared({row.option: after})
        assert not lost(live, SERVICE.apply(live, SERVICE.changes(live, wanted)))


def cleared_sub_options(schema: Any) -> list[tuple[str, Any]]:
    """Each group as a whole, and each list and dictionary in it alone, to be cleared."""
    found: list[tuple[str, Any]] = []
    for item in schema.fields:
        kind = item.argument_spec()["type"]
        if isinstance(item, ObjectField):
            found.append((item.option, {}))
            found += [(item.option, {name: value}) for name, value in cleared_sub_options(item.schema)]
        elif kind in ("list", "dict"):
            found.append((item.option, [] if kind == "list" else {}))
    return found


@pytest.mark.parametrize(("option", "empty"), cleared_sub_options(SERVICE), ids=str)
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(data=data())
def test_what_is_empty_clears_any_service(option, empty, data):
    live = live_service(data.draw(table.options("1.51")))
    assert not lost(live, SERVICE.apply(live, SERVICE.changes(live, prepared({option: empty}))))


@settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(data=data())
def test_any_change_of_any_service(data):
    live, wanted = live_service(data.draw(table.options("1.51"))), prepared(data.draw(table.options("1.51")))
    assert not lost(live, SERVICE.apply(live, SERVICE.changes(live, wanted)))


def test_every_exception_is_one_of_a_field():
    """REMOVABLE says why; nothing is in it that the schemas do not take away."""

    def removable(schema: Any) -> set[str]:
        groups = [item for item in schema.fields if isinstance(item, ObjectField)]
        inner = (removable(item.schema) for item in groups)
        return {str(item.path) for item in groups if item.removable}.union(*inner)

    found = set().union(*map(removable, (SERVICE, VOLUME, *SCHEMAS.values())))
    assert found == set(REMOVABLE) - {"Templating"}


# -- stacks -----------------------------------------------------------------------------------------------------------

_DEPLOY: dict[str, Any] = {
    "limits": {"resources": {"limits": {"memory": "64M"}}},
    "reservations": {"resources": {"reservations": {"cpus": "0.1"}}},
    "placement": {"placement": {"constraints": ["node.role==manager"]}},
    "preferences": {"placement": {"preferences": [{"spread": "node.labels.a"}]}},
    "restart": {"restart_policy": {"condition": "none"}},
    "update": {"update_config": {"parallelism": 2}},
    "rollback": {"rollback_config": {"parallelism": 2}},
    "endpoint": {"endpoint_mode": "dnsrr"},
    "labels": {"labels": {"a": "b"}},
}
FILES: dict[str, Any] = {
    "plain": {},
    **{name: {"deploy": deploy} for name, deploy in _DEPLOY.items()},
    "dns": {"dns": ["192.0.2.1"], "dns_search": ["a.example"]},
    "health": {"healthcheck": {"test": ["CMD", "a"], "retries": 3}},
    "logging": {"logging": {"driver": "json-file", "options": {"max-size": "1m"}}},
    "credential": {"credential_spec": {"file": "a.json"}},
    "sysctls": {"sysctls": {"a.b": "1"}},
    "ports": {"ports": ["8080:80"]},
    "volumes": {"volumes": ["data:/data"]},
    "empty": {"deploy": {"resources": {"limits": {}, "reservations": {}}, "placement": {}, "restart_policy": {}}},
}


def document_of(name: str) -> Any:
    volumes = {"volumes": {"data": {}}} if name == "volumes" else {}
    return stack_of({"services": {"web": {"image": "a", **FILES[name]}}, **volumes}).services["shop_web"]


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(FILES, 2)))
def test_a_stack_has_the_objects_that_the_command_line_would_send(before, after):
    """K1: the document of the file is what `docker stack deploy` sends; what it has stays, what it lacks goes."""
    live, wanted = document_of(before), document_of(after)
    changes = exact_changes(SERVICE, live, wanted, {"hide_env": False})
    spec = without_emptied(SERVICE, live, SERVICE.apply(live, changes), wanted)
    assert objects(spec) >= objects(wanted) & objects(live)
    if changes and before != "empty":  # what a change did not empty stays
        assert objects(spec) <= objects(wanted), "the next `docker stack deploy` would restart tasks"
    assert "TaskTemplate.Placement" in objects(spec)


# -- the rest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases(), ids=lambda case: case[0])
def test_each_option_of_swarms_nodes_and_networks(case):
    _id, schema, field, samples = case
    name = next(name for name, known in schemas().items() if known is schema)
    live: dict[str, Any] = {}
    for item in schema.fields:
        live = item.path.put(live, copy.deepcopy(SAMPLES[name][item.option].values[0].engine))
    for value in (*samples.values, *samples.resets):
        assert not lost(live, field.write(live, value.user))


def test_the_availability_of_a_volume():
    spec = VOLUME.create(
        {
            **dict.fromkeys(VOLUME.argument_spec()),
            "access_mode": {"scope": "multi", "sharing": "all", "mount_volume": {}, "block_volume": None},
            "capacity_range": {"required_bytes": "1G", "limit_bytes": None},
            "accessibility_requirements": {"requisite": [{"a": "b"}], "preferred": None},
        }
    )
    spec = merged(spec, {"ClusterVolumeSpec": {"AccessMode": {"MountVolume": {}}, "CapacityRange": {}}})
    changes = VOLUME.changes(spec, {**dict.fromkeys(VOLUME.argument_spec()), "availability": "drain"})
    assert changes
    assert not lost(spec, VOLUME.apply(spec, changes))
