# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S17: the shapes of answers fit those of real engines, and a fault of ours stays one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import InvalidAnswer
from ansible_collections.hive.swarm.plugins.module_utils._engine.answers import unexpected
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._frontend.definition import Definition, Run
from ansible_collections.hive.swarm.tests.support.hostile import hostile, reply

RECORDED = sorted((Path(__file__).parents[1] / "inventory" / "recorded").glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
def test_recorded_answers_of_real_engines_fit(path):
    for stage, answers in json.loads(path.read_text()).items():
        for request, answer in answers.items():
            if answer["status"] == 200:
                engine = Engine(None)
                engine.answers["GET", request] = answer["body"]
                assert unexpected(engine) == "", stage


def run(body, read):
    from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import connect, connection_spec

    options = {key: spec.get("default") for key, spec in connection_spec().items()}
    with hostile(lambda _request: [reply(body)]) as server:
        return Run(Definition({}, {}, read=read), options, False, options).perform(
            lambda: connect({**options, "docker_host": server.url})
        )


def test_what_does_not_fit_is_named_with_its_request_and_place():
    with pytest.raises(InvalidAnswer) as error:
        run(b'[{"ID": "a", "Spec": {}, "Version": {"Index": 1}, "Status": {"State": ["CANARY"]}}]', names)
    assert "unexpected response to GET /nodes: the answer[0].Status.State is a list, and not a string." in str(
        error.value
    )
    assert "CANARY" not in str(error.value)


def names(engine, _params):
    return {"names": [node["Status"]["State"].upper() for node in engine.get("/nodes")]}


def test_a_fault_of_ours_stays_a_traceback():
    with pytest.raises(AttributeError):
        run(b"{}", lambda engine, _params: engine.get("/info").nonsense)
