# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages about bad input, side by side in one file for each area, so that a person can review their wording.

``HIVE_WRITE_MESSAGES=1 pytest tests/unit/modules/test_messages.py`` rewrites the files in ``messages/``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import membership as joins
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options
from ansible_collections.hive.swarm.tests.unit.modules import (
    test_bad_input,
    test_networks,
    test_option_values,
    test_secret_config_problems,
    test_service_bad_input,
)

pytestmark = [pytest.mark.once, pytest.mark.parametrize("version", [API_1_51], indirect=True)]
FOLDER = Path(__file__).parent / "messages"
# An option or an object first, and a full stop or a question (did you mean) at the end.
FORM = re.compile(
    r"(?:[a-z_]+(?:[.\[][\w\].\[{} -]+)*(?:, [a-z_]+)*(?: \([^)]*\))?|[A-Z]\w+ [\w.-]+): .+[.?]", re.DOTALL
)
# IDs differ in every run.
ENGINE_ID = re.compile(r"\b[a-z0-9]{25}\b")
# So do the interfaces of the host.
INTERFACES = re.compile(r"(?<=Use one of )\S+(?:, \S+)*(?=\.)")
Task = tuple[str, dict[str, Any]]


def services() -> Iterator[Task]:
    for table in (test_service_bad_input.WRONG, test_service_bad_input.UNKNOWN):
        for options, _message in table.values():
            task = {**test_service_bad_input.NEW, **options}
            yield "swarm_service", {key: value for key, value in task.items() if value is not None}


def networks() -> Iterator[Task]:
    for options, _message in test_networks.WRONG.values():
        yield "swarm_network", {"name": "new", **options}


def secrets_and_configs() -> Iterator[Task]:
    for kind in ("secret", "config"):
        for options, _message in test_secret_config_problems.WRONG:
            yield f"swarm_{kind}", {"name": "app", "data": "one", **options}


def values() -> Iterator[Task]:
    for module, options, _option in (case.values for case in test_option_values.REFUSED):
        yield module, test_option_values.task_of(module, options)


def membership() -> Iterator[Task]:
    for module, cases in test_bad_input.WRONG.items():
        yield from ((module, {**test_bad_input.TASKS[module], **options}) for options, _option in cases)
    for options, _option in joins.wrong_joins("192.0.2.1"):
        yield "swarm_join", {**test_bad_input.TASKS["swarm_join"], **options}


def members() -> Iterator[Task]:
    """What is refused on a manager, which is the only one."""
    for fixed in ({"subnet_size": 25}, {"data_path_port": 4790}, {"default_addr_pool": ["10.99.0.0/16"]}):
        yield "swarm_init", fixed
    yield "swarm_init", {"heartbeat_tick": 17}
    yield "swarm_init", {"rotate_manager_unlock_key": True}
    for swarm in ({"remote_addrs": ["198.51.100.9"]}, {"cluster_id": "another"}):
        yield "swarm_join", {**test_bad_input.TASKS["swarm_join"], **swarm}
    yield "swarm_leave", {}
    yield "swarm_leave", {"demote": True}
    for options in ({"role": "worker"}, {"state": "absent"}, {"labels": {"a": True}}, {"labels_state": "replace"}):
        yield "swarm_node", {"hostname": "self", **options}
    for hostname in ("", "manager", "zzzzzzzz"):
        yield "swarm_node", {"hostname": hostname}


AREAS = {
    "services": services,
    "networks": networks,
    "secrets_and_configs": secrets_and_configs,
    "values": values,
    "membership": membership,
    "members": members,
}


def text_of(manager: Any, tasks: Iterator[Task]) -> str:
    """The distinct messages of the tasks, sorted, one on each line."""
    found = set()
    for module, options in tasks:
        result = on(manager)(module, options)
        if result["failed"]:
            message = INTERFACES.sub("INTERFACES", ENGINE_ID.sub("ID", result["msg"]))
            found.add(f"{module}: {message}")
    return "".join(f"{line}\n" for line in sorted(found))


@pytest.mark.parametrize("area", AREAS)
def test_messages(cluster, area):
    (manager,) = cluster.swarm(managers=1)
    service_options.make_referred(manager)
    pool = {"Config": [{"Subnet": "10.99.0.0/16"}]}
    manager.do("POST", "/networks/create", {"Name": "taken", "Driver": "overlay", "IPAM": pool})
    manager.do("POST", "/networks/create", {"Name": "mine", "Driver": "bridge"})
    text = text_of(cluster.engine("outside") if area == "membership" else manager, AREAS[area]())
    golden = FOLDER / f"{area}.txt"
    if os.environ.get("HIVE_WRITE_MESSAGES"):
        golden.write_text(text)
    assert text == golden.read_text()
    wrong = [line for line in text.splitlines() if not FORM.fullmatch(line.partition(": ")[2])]
    assert wrong == []
