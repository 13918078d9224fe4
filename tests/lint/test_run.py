# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of the checks itself: what it must not take for success."""

from __future__ import annotations

import importlib.util
import signal
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run():
    spec = importlib.util.spec_from_file_location("tools_run", ROOT / "tools" / "run.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def execute(run, tmp_path):
    """Run one step of Python code as the runner would: a shell may have had these tests ignore interrupts."""

    def _execute(code: str, **kwargs):
        step = run.Step("probe", [sys.executable, "-c", code], **kwargs)
        return run.Runner([], tmp_path, str(tmp_path)).execute(step)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield _execute
    signal.signal(signal.SIGINT, before)


def pytest_run(tmp_path: Path, source: str) -> dict:
    """The arguments of a step that has pytest run a file with this source."""
    (tmp_path / "test_probe.py").write_text(source)
    options = ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    code = f"import pytest, sys; sys.exit(pytest.main([*{options!r}, *sys.argv[1:]]))"
    return {"code": code, "pytest": True}


def counts(result) -> tuple[int, int, int]:
    return result.passed, result.failed, result.skipped


def test_a_check_counts_as_one(execute):
    assert counts(execute("")) == (1, 0, 0)
    assert counts(execute("raise SystemExit(3)")) == (0, 1, 0)


def test_tests_are_counted(execute, tmp_path):
    source = "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\ndef test_c(): pytest.skip('no')\n"
    assert counts(execute(**pytest_run(tmp_path, source))) == (1, 1, 1)


def test_no_tests_collected_is_a_failure(execute, tmp_path):
    result = execute(**pytest_run(tmp_path, ""))
    assert (counts(result), result.note) == ((0, 1, 0), "no tests collected")


def test_a_file_that_cannot_be_imported_is_a_failure(execute, tmp_path):
    assert execute(**pytest_run(tmp_path, "import nothing_of_that_name\n")).failed == 1


def test_a_step_that_takes_too_long_is_ended_and_fails(execute):
    result = execute("import time; time.sleep(60)", timeout=1)
    assert (result.failed, result.note) == (1, "took too long")
    assert result.seconds < 30


def test_a_step_gets_no_input(execute):
    assert execute("import sys; assert sys.stdin.read() == ''").failed == 0


def shown(run, capsys, result, folder: Path) -> list[str]:
    """What the runner prints of a result, without the indent."""
    run.show(result, folder)
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


def test_a_failed_test_is_named_first_with_the_end_of_its_traceback(run, execute, capsys, tmp_path):
    source = (
        "def test_good(): pass\ndef test_bad():\n    long = ['far above'] * 30\n    assert long == [], 'why\\nmore'\n"
    )
    head, title, again, *end, log = shown(run, capsys, execute(**pytest_run(tmp_path, source)), tmp_path)
    assert head.startswith("FAILED probe")
    assert title == "test_probe::test_bad: AssertionError: why"
    assert again == "-- test_probe::test_bad"
    assert len(end) <= run.TEST_LINES and end[-1].endswith("test_probe.py:4: AssertionError")
    assert log == f"the whole log: {tmp_path / 'probe.log'}"


def test_many_failed_tests_are_listed_before_their_tracebacks(run, execute, capsys, tmp_path):
    source = "import pytest\n@pytest.mark.parametrize('n', range(12))\ndef test_bad(n): assert n < 0\n"
    lines = shown(run, capsys, execute(**pytest_run(tmp_path, source)), tmp_path)
    assert lines[1:11] == [f"test_probe::test_bad[{n}]: assert {n} < 0" for n in range(10)]
    assert lines[11:13] == ["and 2 more", "-- test_probe::test_bad[0]"]


def test_an_error_of_a_fixture_is_shown_as_a_failure(run, execute, capsys, tmp_path):
    source = "import pytest\n@pytest.fixture\ndef lab(): raise OSError('no lab')\ndef test_a(lab): pass\n"
    lines = shown(run, capsys, execute(**pytest_run(tmp_path, source)), tmp_path)
    assert lines[1] == 'test_probe::test_a: failed on setup with "OSError: no lab"'


def test_a_failed_test_has_the_id_that_pytest_takes(run):
    here = ET.Element("testcase", classname="tests.lint.test_run.TestClass", name="test_it[a.b]")
    assert run.test_id(here) == "tests/lint/test_run.py::TestClass::test_it[a.b]"


def test_a_failed_check_shows_errors_before_the_end_of_its_log(run, execute, capsys, tmp_path):
    code = "print('ERROR: this one'); print('chatter\\n' * 100 + 'the end'); raise SystemExit(1)"
    first, *others = shown(run, capsys, execute(code), tmp_path)[1:-1]
    assert (first, others[-1], len(others)) == ("ERROR: this one", "the end", run.LOG_LINES - 1)


def test_a_pytest_that_reports_nothing_shows_its_log_without_progress(run, execute, capsys, tmp_path):
    code = "print('.' * 70 + ' [ 50%]\\n' + '..s.F.x.\\nKilled'); raise SystemExit(3)"
    assert shown(run, capsys, execute(code, pytest=True), tmp_path)[1:-1] == ["Killed"]


def test_steps_are_taken_in_their_order_and_once(run, tmp_path):
    runner = run.Runner([run.Step("one", []), run.Step("two", [])], tmp_path, "")
    assert [runner.take().name for _unused in range(2)] == ["one", "two"]
    assert runner.take() is None


def test_signals_drop_what_has_not_run(run, tmp_path):
    runner = run.Runner([run.Step("later", [])], tmp_path, "")
    runner.stop(15, None)
    assert [(result.step.name, result.failed) for result in runner.results] == [("later", 1)]
    assert runner.take() is None


def test_unknown_steps_are_refused(run):
    with pytest.raises(SystemExit, match="unknown step nonsense"):
        run.choose(["lint", "nonsense"])
