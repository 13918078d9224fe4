# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S17: an endpoint that answers with junk is passed over, and the next one is asked."""

from __future__ import annotations

import copy
import os
import zlib
from typing import Any

import pytest
from ansible.errors import AnsibleParserError
from ansible_collections.hive.swarm.tests.unit.modules.test_junk_engines import JUNK, PYTHON, places, replaced

from . import replay
from .nodes import answers, manager, node

NODES = (manager(leader=True), node("w1", "web", labels={"a": "b"}, engine_labels={"c": "d"}))
SERVICES = [{"ID": "s", "Spec": {"Name": "shop", "Labels": {"com.docker.stack.namespace": "x"}}}]
TASKS = [{"ID": "t", "ServiceID": "s", "NodeID": "w1", "Status": {"State": "running"}, "DesiredState": "running"}]
WHOLE = answers(*NODES, services=SERVICES, tasks=TASKS)
SHARE = float(os.environ.get("JUNK_SHARE", "0.05"))


@pytest.mark.parametrize("path", ["/info", "/nodes", "/services", "/tasks"])
def test_s17_junk_in_each_place_of_each_answer(read, path):
    with replay.engine(answers(*NODES)) as (good, _engine), replay.engine(copy.deepcopy(WHOLE)) as (url, hostile):
        for place in places(WHOLE[path]["body"]):
            for number, junk in enumerate(JUNK):
                if zlib.crc32(repr((path, place, number)).encode()) % 1000 >= SHARE * 1000:
                    continue
                hostile.answers[path] = {"status": 200, "body": replaced(WHOLE[path]["body"], place, junk)}
                check(read, url, good, (place, junk))


def check(read: Any, url: str, good: str, what: Any) -> None:
    """Alone it is a typed failure or an inventory; with another endpoint behind it, always an inventory."""
    words = ""
    try:
        read(url, group_by=["role", "label", "service", "stack"])
    except AnsibleParserError as error:
        words = str(error)
    assert not PYTHON.search(words), (what, words)
    assert "\x1b" not in words, what
    assert read([url, good]).hosts or what == ((), []), what  # a list without nodes may be what filters leave
