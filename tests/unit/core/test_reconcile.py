# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one loop: who is asked when, what a lost race does, what check mode leaves out."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import (
    EngineError,
    NoQuorum,
    NotConverged,
    OutOfSequence,
    Refused,
)
from ansible_collections.hive.swarm.plugins.module_utils._core.plan import NONE, UPDATE, Change, Plan
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import (
    CONVERGED,
    Resource,
    failed,
    reconcile,
    waiting,
)

from .test_plan_and_wait import HandClock


class Counter(Resource):
    """A number that the task wants. `meddle` is what others do just before each of our writes."""

    def __init__(self, live=0, wanted=1, check_mode=False, meddle=(), verdicts=(), **params):
        super().__init__(None, {"wait": True, "wait_timeout": 10, **params}, check_mode)
        self.clock = HandClock()
        self.live, self.wanted, self.meddle, self.verdicts = live, wanted, list(meddle), list(verdicts)
        self.calls = []

    def validate(self):
        self.calls.append("validate")

    def read(self):
        self.calls.append("read")
        return self.live

    def plan(self, live):
        self.calls.append("plan")
        changes = (Change("number", live, self.wanted),) if live != self.wanted else ()
        return Plan("counter", "", UPDATE if changes else NONE, changes)

    def apply(self, live, plan):
        self.calls.append("apply")
        if self.meddle:
            change = self.meddle.pop(0)
            if change is not None:
                self.live = change
            raise OutOfSequence("update out of sequence", 500)
        self.live = self.wanted

    def check_convergence(self, live):
        self.calls.append("check_convergence")
        verdict = self.verdicts.pop(0) if self.verdicts else CONVERGED
        if isinstance(verdict, Exception):
            raise verdict  # pylint: disable=raising-non-exception
        return verdict

    def result(self, live, plan):
        return {"number": live}


def test_a_change():
    counter = Counter()
    result = reconcile(counter)
    assert result["changed"] is True
    assert result["diff"]["before"] == {"number": 0}
    assert result["diff"]["after"] == {"number": 1}
    assert result["number"] == 1
    assert counter.calls == ["validate", "read", "plan", "apply", "read", "check_convergence"]


def test_nothing_to_do_reads_once_and_looks_at_what_it_read():
    counter = Counter(live=1)
    assert reconcile(counter) == {"changed": False, "diff": {"before": {}, "after": {}}, "number": 1}
    assert counter.calls == ["validate", "read", "plan", "check_convergence"]


def test_check_mode_says_the_same_and_does_nothing():
    counter, real = Counter(check_mode=True), Counter()
    predicted, done = reconcile(counter), reconcile(real)
    assert counter.calls == ["validate", "read", "plan"]
    assert counter.live == 0
    assert (predicted["changed"], predicted["diff"]) == (done["changed"], done["diff"])


def test_what_cannot_be_meant_is_refused_before_anything_is_read():
    class Nonsense(Counter):
        def validate(self):
            raise Refused("nonsense")

    counter = Nonsense()
    with pytest.raises(Refused):
        reconcile(counter)
    assert counter.calls == []


# -- races ------------------------------------------------------------------------------------------------------------


def test_a_lost_race_is_run_again_from_what_is_there_now():
    counter = Counter(live=0, wanted=5, meddle=[3])
    result = reconcile(counter)
    assert counter.calls == ["validate", "read", "plan", "apply", "read", "plan", "apply", "read", "check_convergence"]
    assert result["diff"]["before"] == {"number": 3}
    assert counter.live == 5
    assert len(counter.clock.naps) == 1
    assert 0.02 <= counter.clock.naps[0] <= 0.1


def test_somebody_else_did_our_work():
    counter = Counter(live=0, wanted=5, meddle=[5])
    result = reconcile(counter)
    assert result["changed"] is False
    assert not result["diff"]["before"]
    assert counter.calls.count("apply") == 1


def test_races_are_bounded_and_the_last_error_is_told():
    counter = Counter(meddle=[None] * 100)
    with pytest.raises(OutOfSequence):
        reconcile(counter)
    assert counter.calls.count("apply") == 12
    assert counter.clock.time < 10


def test_the_pauses_between_races_differ():
    counters = [Counter(meddle=[None] * 8) for _number in range(2)]
    for counter in counters:
        reconcile(counter)
    assert counters[0].clock.naps != counters[1].clock.naps


def test_what_the_second_plan_refuses_is_refused():
    class Strict(Counter):
        def plan(self, live):
            if live == 3:
                raise Refused("three is taken")
            return super().plan(live)

    with pytest.raises(Refused):
        reconcile(Strict(live=0, wanted=5, meddle=[3]))


def test_other_errors_are_not_tried_again():
    class Broken(Counter):
        def apply(self, live, plan):
            self.calls.append("apply")
            raise EngineError("no", 500)

    counter = Broken()
    with pytest.raises(EngineError):
        reconcile(counter)
    assert counter.calls.count("apply") == 1


# -- waiting ----------------------------------------------------------------------------------------------------------


def test_what_is_unchanged_but_not_there_yet_is_waited_for():
    counter = Counter(live=1, verdicts=[waiting("soon"), waiting("soon")])
    assert reconcile(counter)["changed"] is False
    assert counter.calls.count("check_convergence") == 3


def test_no_wait():
    counter = Counter(wait=False, verdicts=[failed("never")])
    assert reconcile(counter)["number"] == 1
    assert "check_convergence" not in counter.calls


def test_a_failed_wait_says_what_was_changed():
    with pytest.raises(NotConverged) as error:
        reconcile(Counter(verdicts=[failed("the task died")]))
    assert error.value.result["changed"] is True
    assert error.value.result["diff"]["after"] == {"number": 1}


def test_a_moment_without_a_leader_is_waited_through():
    counter = Counter(verdicts=[NoQuorum("no leader")])
    assert reconcile(counter)["changed"] is True
    assert counter.calls.count("check_convergence") == 2


def test_a_warning_is_given_once():
    counter = Counter()
    counter.warn("mind the gap")
    counter.warn("mind the gap")
    assert counter.warnings == ["mind the gap"]
