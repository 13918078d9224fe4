# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan, and waiting on a clock that does not pass by itself."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import NotConverged
from ansible_collections.hive.swarm.plugins.module_utils._core.plan import (
    CREATE,
    HIDDEN,
    HIDDEN_NEW,
    KNOWN_AFTER,
    NONE,
    REMOVE,
    TOKEN_AFTER,
    UNLOCK_KEY_AFTER,
    UPDATE,
    Change,
    Plan,
)
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import (
    CONVERGED,
    INTERVAL,
    Clock,
    ReportingClock,
    failed,
    wait,
    waiting,
)


class HandClock(Clock):
    """Time passes by sleeping alone."""

    def __init__(self):
        self.time = 0.0
        self.naps = []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.time += seconds


# -- plan -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [CREATE, UPDATE, REMOVE, "join"])
def test_every_action_is_a_change(action):
    assert Plan("swarm", "", action).changed


def test_no_action_is_no_change_and_an_empty_diff():
    plan = Plan("swarm", "", NONE, (Change("labels", {}, {"a": "b"}),))
    assert not plan.changed
    assert plan.diff() == {"before": {}, "after": {}}


def test_the_diff_is_the_changes():
    plan = Plan("node", "one (id)", UPDATE, (Change("role", "worker", "manager"), Change("labels", {}, {"a": ""})))
    assert plan.diff() == {
        "before_header": "node one (id)",
        "after_header": "node one (id)",
        "before": {"role": "worker", "labels": {}},
        "after": {"role": "manager", "labels": {"a": ""}},
    }


def test_what_is_not_there_is_not_named():
    create = Plan("swarm", "", CREATE, (Change("name", None, "default"),)).diff()
    assert (create["before"], create["after"]) == ({}, {"name": "default"})
    remove = Plan("node", "n", REMOVE, (Change("role", "worker", None),)).diff()
    assert (remove["before"], remove["after"]) == ({"role": "worker"}, {})


def test_objects_of_a_list_name_what_is_set_alone():
    before = [{"target": "/a", "readonly": False, "labels": {}, "driver": {"name": None, "options": []}, "size": 0}]
    diff = Plan("service", "a", UPDATE, (Change("mounts", before, [{**before[0], "labels": {"a": ""}}]),)).diff()
    shown = {"target": "/a", "readonly": False, "size": 0}
    assert (diff["before"], diff["after"]) == ({"mounts": [shown]}, {"mounts": [{**shown, "labels": {"a": ""}}]})


def test_values_that_are_false_are_named():
    change = Plan("swarm", "", UPDATE, (Change("a", 0, ""), Change("b", False, {}), Change("c", [], 0))).diff()
    assert change["before"] == {"a": 0, "b": False, "c": []}
    assert change["after"] == {"a": "", "b": {}, "c": 0}


def test_a_secret_is_shown_as_changed_and_no_more():
    plan = Plan("swarm", "", UPDATE, (Change("key", "old secret", "new secret", secret=True),))
    assert "secret" not in json.dumps(plan.diff()).replace("(hidden", "")
    assert plan.diff()["before"] == {"key": HIDDEN}
    assert plan.diff()["after"] == {"key": HIDDEN_NEW}
    first = Plan("swarm", "", UPDATE, (Change("key", None, "secret", secret=True),))
    assert first.diff()["after"] == {"key": HIDDEN}


def test_what_stands_for_a_secret_is_known_as_such():
    """Check mode's stand-ins are told apart from values, and from each other."""
    assert len({KNOWN_AFTER, TOKEN_AFTER, UNLOCK_KEY_AFTER}) == 3


# -- waiting ----------------------------------------------------------------------------------------------------------


def looks(*verdicts):
    """A look that gives these verdicts in turn, the last one for ever."""
    left = list(verdicts)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_what_is_there_is_not_waited_for():
    clock = HandClock()
    wait(looks(CONVERGED), 60, "it", clock)
    assert clock.naps == []


def test_there_is_always_one_look():
    with pytest.raises(NotConverged):
        wait(looks(waiting("no time")), 0, "it", HandClock())
    wait(looks(CONVERGED), 0, "it", HandClock())


def test_a_failure_ends_the_wait_at_once():
    clock = HandClock()
    with pytest.raises(NotConverged, match=r"^the node: another client removed it$"):
        wait(looks(waiting("up"), failed("another client removed it")), 60, "the node", clock)
    assert len(clock.naps) == 1


def test_the_message_has_what_the_limit_and_the_last_reason():
    clock = HandClock()
    with pytest.raises(NotConverged) as error:
        wait(looks(waiting("it is up"), waiting("it is still up")), 30, "removing n1", clock)
    assert error.value.message == "removing n1: not done after 30 seconds (wait_timeout): it is still up"
    assert error.value.kind == "not_converged"


def test_the_limit_is_kept_and_the_pauses_grow_to_a_second():
    clock = HandClock()
    with pytest.raises(NotConverged):
        wait(looks(waiting("")), 30, "it", clock)
    assert 30 <= clock.time < 30.1
    assert clock.naps[0] == pytest.approx(0.1)
    assert max(clock.naps) == pytest.approx(1.0)
    assert clock.naps[:7] == sorted(clock.naps[:7])
    assert len(clock.naps) < 45


def test_the_last_look_comes_after_the_last_pause():
    """What gets there just in time counts."""
    clock = HandClock()
    wait(lambda: CONVERGED if clock.time >= 5 else waiting("soon"), 5, "it", clock)
    assert clock.time < 5.1


# -- progress ---------------------------------------------------------------------------------------------------------


class Reporting(HandClock, ReportingClock):
    def __init__(self, show):
        HandClock.__init__(self)
        ReportingClock.__init__(self, show)


def test_a_long_wait_is_reported_at_intervals():
    shown = []
    clock = Reporting(shown.append)
    with pytest.raises(NotConverged):
        wait(looks(waiting("3 tasks still run on it")), 50, "node n4", clock)
    passed = [int(line.split(" seconds passed")[0].rsplit(" ", 1)[1]) for line in shown]
    assert [round(seconds / INTERVAL) for seconds in passed] == [1, 2, 3]
    assert all(line.startswith("node n4: 3 tasks still run on it; ") and line.endswith(" left") for line in shown)


def test_waits_after_each_other_are_reported_as_one():
    shown = []
    clock = Reporting(shown.append)
    for _each in range(3):
        with pytest.raises(NotConverged):
            wait(looks(waiting("why")), INTERVAL - 5, "it", clock)
    assert len(shown) == 1


def test_a_short_wait_is_not_reported():
    shown = []
    wait(looks(*[waiting("why")] * 5, CONVERGED), 60, "it", Reporting(shown.append))
    assert shown == []
