# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The harness must catch what it is there to catch: each lie below is a small module that tells it."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import HarnessError, on, run_module
from ansible_collections.hive.swarm.tests.support.steps import Step, Untrue, run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld, ask

OPTIONS = {
    "docker_host": {"type": "str"},
    "labels": {"type": "dict"},
    "token": {"type": "str", "no_log": True},
}


def module_of(main) -> ModuleType:
    """A module object whose main() makes its AnsibleModule and hands it to a function."""
    module = ModuleType(main.__name__)

    def run_main():
        main(AnsibleModule(OPTIONS, supports_check_mode=True))

    module.main = run_main
    return module


def socket_of(module) -> str:
    return module.params["docker_host"].removeprefix("unix://")


def set_labels(module, *, lie_in_check=False, always_write=False, whole_diff=False, always_changed=False):
    """An honest module for the labels of a swarm, and its dishonest variants."""
    path = socket_of(module)
    _status, swarm = ask(path, "GET", "/swarm")
    live, wanted = swarm["Spec"]["Labels"], module.params["labels"]
    changed = live != wanted
    if (changed or always_write) and (lie_in_check or not module.check_mode):
        spec = {**swarm["Spec"], "Labels": wanted}
        ask(path, "POST", f"/swarm/update?version={swarm['Version']['Index']}", spec)
    before, after = ({"labels": live}, {"labels": wanted}) if changed else ({}, {})
    if whole_diff and changed:
        before["name"] = after["name"] = "default"
    module.exit_json(changed=changed or always_changed, diff={"before": before, "after": after}, labels=wanted)


@pytest.fixture
def engine():
    with FakeCluster() as cluster:
        yield cluster.swarm()[0]


def life(engine, main, *steps):
    """Run a life of labels with one module; default: set some, then the same again."""
    module = module_of(main)
    steps = steps or ({"labels": {"a": "b"}},)
    return run_steps([Step(module, args) for args in steps], on(engine), FakeWorld([engine]))


def test_honest_module_passes(engine):
    results = life(engine, set_labels, {"labels": {"a": "b"}}, {"labels": {}}, {"labels": {"c": "d"}})
    assert [result["labels"] for result in results] == [{"a": "b"}, {}, {"c": "d"}]
    assert len(engine.writes) == 3


def lies_in_check_mode(module):
    set_labels(module, lie_in_check=True)


def writes_without_need(module):
    set_labels(module, always_write=True)


def names_too_much(module):
    set_labels(module, whole_diff=True)


def says_changed_always(module):
    set_labels(module, always_changed=True)


@pytest.mark.parametrize(
    ("liar", "complaint"),
    [
        (lies_in_check_mode, r"check mode wrote something"),
        (writes_without_need, r"the second run wrote something"),
        (names_too_much, r"the diff names what does not change: name"),
        (says_changed_always, r"check mode afterwards says changed=True"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_lie_is_caught(engine, liar, complaint):
    with pytest.raises(Untrue, match=complaint):
        life(engine, liar)


def check_mode_differs(what):
    """A module whose check mode differs from its real run in one word."""

    def main(module):
        said = {"changed": True, "diff": {"before": {"labels": {}}, "after": {"labels": {"a": "b"}}}, "id": "x"}
        if module.check_mode:
            said.update(what)
        module.exit_json(**said)

    return module_of(main)


@pytest.mark.parametrize(
    ("what", "complaint"),
    [
        ({"changed": False}, "check mode says changed=False, not True"),
        ({"diff": {"before": {}, "after": {"labels": {"a": "b"}}}}, "the diffs differ"),
        ({"id": None}, "the results have different shapes"),
        ({"more": 1}, "the results have different shapes"),
    ],
)
def test_prediction_that_differs_is_caught(what, complaint):
    with pytest.raises(Untrue, match=complaint):
        run_steps([Step(check_mode_differs(what), repeats=False)])


def test_diff_with_another_option_than_expected_is_caught(engine):
    step = Step(module_of(set_labels), {"labels": {"a": "b"}}, diff={"labels", "autolock_managers"})
    with pytest.raises(Untrue, match="the diff names"):
        run_steps([step], on(engine))


def test_change_without_diff_is_caught():
    def silent(module):
        module.exit_json(changed=True, diff={"before": {}, "after": {}})

    with pytest.raises(Untrue, match="changed=True, but the diff is"):
        run_steps([Step(module_of(silent), repeats=False)])


def test_shown_secret_is_caught():
    def leaks(module):
        module.exit_json(changed=False, note="SWMTKN-1-x")

    with pytest.raises(Untrue, match="a secret is in the output of check mode"):
        run_steps([Step(module_of(leaks), changed=False, hidden=["SWMTKN-1-x"])])


def refuses(module):
    module.fail_json(msg="labels: x is no dict")


def refuses_only_for_real(module):
    if module.check_mode:
        module.exit_json(changed=False)
    refuses(module)


def writes_before_refusing(module):
    if not module.check_mode:
        ask(socket_of(module), "POST", "/swarm/update?version=1", {})
    refuses(module)


def test_failing_step(engine):
    step = Step(module_of(refuses), fails="x is no dict")
    assert run_steps([step], on(engine), FakeWorld([engine]))[0]["failed"]


@pytest.mark.parametrize(
    ("module", "fails", "complaint"),
    [
        (refuses, "another reason", "not with 'another reason'"),
        (refuses_only_for_real, "x is no dict", "check mode did not fail"),
        (writes_before_refusing, "x is no dict", "the failing run wrote something"),
        (set_labels, "x is no dict", "check mode did not fail"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_failure_that_is_not_the_expected_one_is_caught(engine, module, fails, complaint):
    step = Step(module_of(module), {"labels": {}}, fails=fails)
    with pytest.raises(Untrue, match=complaint):
        run_steps([step], on(engine), FakeWorld([engine]))


def test_failure_that_only_the_engine_knows(engine):
    run_steps([Step(module_of(refuses_only_for_real), fails="no dict", predicts=False)], on(engine))


def test_step_is_named_in_the_complaint(engine):
    module = module_of(set_labels)
    steps = [Step(module, {"labels": {"a": "b"}}), Step(module, {"labels": {"a": "b"}}, name="again")]
    with pytest.raises(Untrue, match=r"step 2 \(again\): "):
        run_steps(steps, on(engine))


def test_options_reach_the_module():
    def main(module):
        module.exit_json(changed=False, check=module.check_mode, diff_mode=module._diff, labels=module.params["labels"])

    result = run_module(module_of(main), {"labels": {"a": 1}}, check=True, diff=False)
    assert (result["check"], result["diff_mode"], result["labels"]) == (True, False, {"a": 1})
    assert result["failed"] is False


def test_warnings_do_not_outlive_a_run():
    def main(module):
        module.warn("mind the gap")
        module.exit_json(changed=False)

    def quiet(module):
        module.exit_json(changed=False)

    assert run_module(module_of(main))["warnings"] == ["mind the gap"]
    assert "warnings" not in run_module(module_of(quiet))


def test_unknown_option_is_a_clean_failure():
    result = run_module(module_of(refuses), {"nonsense": 1})
    assert result["failed"]
    assert "nonsense" in result["msg"]


def test_no_log_value_is_hidden():
    def main(module):
        module.exit_json(changed=False, note=f"token is {module.params['token']}")

    assert "sesame" not in str(run_module(module_of(main), {"token": "sesame"}))


def returns(_module):
    pass


def raises(_module):
    raise KeyError("Spec")


def chats(module):
    print("hello")
    module.exit_json(changed=False)


@pytest.mark.parametrize(
    ("main", "complaint"),
    [(returns, "returned without"), (raises, "ended with KeyError"), (chats, "printed 2 lines")],
)
def test_unclean_end_is_no_result(main, complaint):
    with pytest.raises(HarnessError, match=complaint):
        run_module(module_of(main))


def test_exit_code_against_the_result():
    module = ModuleType("odd")

    def main():
        print('{"changed": false, "failed": true}')
        raise SystemExit(0)

    module.main = main
    with pytest.raises(HarnessError, match="exited with 0"):
        run_module(module)


def test_module_is_found_by_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "ansible_collections.hive.swarm.plugins.modules.refuses", module_of(refuses))
    assert run_module("refuses")["msg"] == "labels: x is no dict"


class RestlessWorld:
    """A world whose versions move with every look, and whose contents move as told."""

    def __init__(self, *contents, moves=99):
        self.contents = list(contents)
        self.moves = moves
        self.looks = 0

    def token(self):
        self.looks += 1
        firm = self.contents.pop(0) if len(self.contents) > 1 else self.contents[0]
        return firm, min(self.looks, self.moves)


def does_nothing(module):
    module.exit_json(changed=False)


def test_version_that_moves_once_by_itself_is_no_lie():
    run_steps([Step(module_of(does_nothing), changed=False)], world=RestlessWorld("same", moves=3))


def test_versions_that_move_with_every_run_are_a_lie():
    with pytest.raises(Untrue, match="check mode wrote something"):
        run_steps([Step(module_of(does_nothing), changed=False)], world=RestlessWorld("same"))


def test_contents_that_move_once_are_a_lie():
    with pytest.raises(Untrue, match="check mode wrote something"):
        run_steps([Step(module_of(does_nothing), changed=False)], world=RestlessWorld("one", "other"))


def test_bad_input_without_an_option_is_noticed():
    """C1: each refusal of bad input names its option as data, in every test that runs a module."""

    def refuse(module):
        module.fail_json(msg="x", failure={"kind": "bad_input", "option": module.params["docker_host"]})

    for option in (None, "other", "label"):
        with pytest.raises(HarnessError, match="without naming an option"):
            run_module(module_of(refuse), {"docker_host": option})
    assert run_module(module_of(refuse), {"docker_host": "docker_host.inner"})["failed"]
