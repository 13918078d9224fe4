# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the project's checks, two at a time and a linter beside them, one log each: ``tools/run.py GROUP-OR-STEP...``.

A step that fails shows what failed: tests with the ends of their tracebacks, lines of errors. The last line counts
every test and every check that does not run pytest: ``N passed, N failed``. The exit code is 0 only when nothing failed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
KEPT_RUNS = 5
TESTS_SHOWN = 10
TEST_LINES = 12
LOG_LINES = 40
LINE_LENGTH = 500
ERROR = re.compile(r"\b(error|errors|fatal|failed|traceback)\b", re.IGNORECASE)
PROGRESS = re.compile(r"[.sxXFER]*( *\[ *\d+%\])?")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def tool(name: str, venv: str = ".venv-lint") -> str:
    """The path of a program of an environment."""
    return str(ROOT / venv / "bin" / name)


PARALLEL = ("-n", "3")
NICENESS = 10


def pytest_step(name: str, path: str, venv: str, *args: str, **kwargs) -> Step:
    return Step(name, [tool("pytest", venv), path, "--durations=15", "--color=no", *args], pytest=True, **kwargs)


@dataclass
class Step:
    """One check: a command, whether pytest runs it, and its limit in seconds."""

    name: str
    argv: list[str]
    pytest: bool = False
    timeout: int = 3600


@dataclass
class Result:
    """How a step ended: its seconds, tests passed, failed and skipped (a check without pytest is one test).

    ``cpu`` are the seconds of processors that its processes took, but for those that outlive their parents, as engines do.
    """

    step: Step
    seconds: float = 0.0
    cpu: float = 0.0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""

    @property
    def line(self) -> str:
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped" if self.step.pytest else ""
        detail = ", ".join(part for part in (counts, self.note) if part)
        return f"{'FAILED' if self.failed else 'ok':7}{self.step.name:20}{self.seconds:7.1f} s {self.cpu:7.1f} s of CPU  {detail}".rstrip()


# What depends on ansible-core. The other tests of ansible-test give the same result with each of its versions.
CORE_SANITY = ("ansible-doc", "compile", "import", "validate-modules")
# The oldest Python of a node, of a controller, and the newest; what imports on these imports on those between.
PYTHONS = "3.9 3.11 3.14"


def lint_steps() -> list[Step]:
    sanity = str(ROOT / "tools/sanity.sh")
    return [
        Step("sanity", [sanity, ".venv", PYTHONS]),
        Step("sanity-floor", [sanity, ".venv-floor", "", *(f"--test={name}" for name in CORE_SANITY)]),
        Step("ansible-lint", [tool("ansible-lint"), "--nocolor"]),
        Step("galaxy", [str(ROOT / "tools/galaxy.sh")]),
        Step("ruff-format", [tool("ruff"), "format", "--check", "."]),
        Step("ruff", [tool("ruff"), "check", "--output-format=concise", "."]),
        Step("mypy", [str(ROOT / "tools/mypy.sh")]),
        Step("yamllint", [tool("yamllint"), "--strict", "."]),
        Step("shellcheck", [tool("shellcheck"), ".ci/run", *map(str, sorted(ROOT.glob("tools/*.sh")))]),
        Step("docs-lint", [tool("antsibull-docs"), "lint-collection-docs", "--plugin-docs", "."]),
        Step("docs", [str(ROOT / "tools/docs.sh")]),
        Step("changelog", [tool("antsibull-changelog"), "lint"]),
        Step("licenses", [tool("reuse"), "lint", "--lines"]),
        pytest_step("contracts", "tests/lint", ".venv-lint"),
    ]


def next_steps() -> list[Step]:
    """What depends on ansible-core, with the version that is to be released; nothing without a Python that it runs on."""
    if not (ROOT / ".venv-next" / "stamp").exists():
        return []
    slow = "--ignore=tests/unit/action/test_stack_playbook.py"
    return [pytest_step("unit-next", "tests/unit/action", ".venv-next", slow)]


def test_steps() -> list[Step]:
    return [
        # They wait for engines most of the time; three processes, each with labs of its own.
        pytest_step("integration", "tests/integration", ".venv", *PARALLEL),
        # One process each: engines on a machine without a free core lose their leaders.
        pytest_step("unit", "tests/unit", ".venv"),
        pytest_step("unit-floor", "tests/unit", ".venv-floor", "-m", "not once"),
        *next_steps(),
        pytest_step("integration-floor", "tests/integration", ".venv-floor", "-m", "floor"),
    ]


def quiet_home() -> str:
    """A home for linters, which then neither see the user's Ansible settings nor leave logs and caches in the home.

    Where packages come from is still the user's choice.
    """
    home = BUILD / "home"
    home.mkdir(exist_ok=True)
    link = home / ".config"
    if not link.is_symlink():
        link.symlink_to(Path.home() / ".config")
    return str(home)


def environment(program: str) -> dict[str, str]:
    """The caller's environment for a program: its folder comes first on PATH, no other virtual environment shows
    through, and git trusts this checkout.

    git refuses a checkout that belongs to another user, as those that a build machine mounts do.
    """
    unwanted = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    env = {key: value for key, value in os.environ.items() if key not in unwanted}
    env |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": str(ROOT)}
    env["PATH"] = os.pathsep.join([os.path.dirname(program), env.get("PATH", os.defpath)])
    return env | {"ANSIBLE_NOCOLOR": "1", "PY_COLORS": "0", "NO_COLOR": "1"}


def read_counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of a JUnit report; all zero if pytest wrote none."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 (our own pytest wrote it)
    counts = [[int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")] for suite in suites]
    tests, failures, errors, skipped = (sum(column) for column in zip(*counts))
    return tests - failures - errors - skipped, failures + errors, skipped


@dataclass
class Runner:
    """Runs steps on two threads, in their order, and on a third one what pytest does not run, with what time they leave.

    Labs have the number of a process in their names, and may meet.
    """

    pending: list[Step]
    folder: Path
    home: str
    results: list[Result] = field(default_factory=list)
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> list[Result]:
        for number in SIGNALS:
            signal.signal(number, self.stop)
        threads = [threading.Thread(target=self.work, args=[beside]) for beside in (False, False, True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.results

    def stop(self, number: int, _frame: object) -> None:
        """Handle a signal: end what runs, start nothing more. What was not run counts as failed."""
        self.pending, dropped = [], self.pending
        self.results += [Result(step, failed=1, note="not run") for step in dropped]
        for process in list(self.running.values()):
            end(process, number)

    def work(self, beside: bool = False) -> None:
        while step := self.take(beside):
            result = self.execute(step)
            with self.lock:
                self.results.append(result)
                show(result, self.folder)

    def take(self, beside: bool = False) -> Step | None:
        with self.lock:
            fit = (number for number, step in enumerate(self.pending) if not (beside and step.pytest))
            number = next(fit, None)
            return None if number is None else self.pending.pop(number)

    def execute(self, step: Step) -> Result:
        started = time.monotonic()
        report = self.folder / f"{step.name}.xml"
        argv = [*step.argv, f"--junitxml={report}"] if step.pytest else step.argv
        if not step.pytest:
            argv = ["nice", "-n", str(NICENESS), *argv]
        with (self.folder / f"{step.name}.log").open("w") as log:
            process = subprocess.Popen(
                argv,
                cwd=ROOT,
                env=environment(step.argv[0]) | ({} if step.pytest else {"HOME": self.home}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            if not step.pytest:
                yield_to_other_sessions(process.pid)
            self.running[step.name] = process
            note, cpu = wait(process, step.timeout)
            del self.running[step.name]
        return judge(step, process.returncode, (time.monotonic() - started, cpu), note, report)


def yield_to_other_sessions(pid: int) -> None:
    """Let a session have the time that others leave. A linter can wait, engines that wait for a core lose their leaders.

    A kernel with autogroups gives each session an equal share, and obeys the niceness of a process within its session
    alone (sched(7)).
    """
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(NICENESS))


def wait(process: subprocess.Popen, timeout: int) -> tuple[str, float]:
    """Wait for the end of a step; one that takes too long is ended, and the note says so.

    Returns the note and the seconds of processors.
    """
    note, signals = "", iter((signal.SIGINT, signal.SIGKILL))
    end_of_patience = time.monotonic() + timeout
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return note, usage.ru_utime + usage.ru_stime
        if time.monotonic() > end_of_patience:
            note, end_of_patience = "took too long", time.monotonic() + 120  # for pytest to take the lab down
            end(process, next(signals, signal.SIGKILL))
        time.sleep(0.1)


def end(process: subprocess.Popen, number: int) -> None:
    """Send a signal to a step and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def judge(step: Step, code: int, times: tuple[float, float], note: str, report: Path) -> Result:
    """Turn an exit code and pytest's report into a result. No tests collected (5) is a failure, as any code but 0.

    ``times`` are the seconds of the step, and those of processors.
    """
    passed, failed, skipped = read_counts(report) if step.pytest else (int(code == 0), 0, 0)
    if code != 0 or note:
        failed = max(failed, 1)
        note = note or f"exit code {code}"
    if step.pytest and code == 5:
        note = "no tests collected"
    return Result(step, *times, passed, failed, skipped, note)


def show(result: Result, folder: Path) -> None:
    """Print how a step ended. Of a failure come the facts first: a reader may see only the first lines."""
    print(result.line, flush=True)
    if result.failed and result.note != "not run":
        log = folder / f"{result.step.name}.log"
        lines = failed_tests(folder / f"{result.step.name}.xml") if result.step.pytest else []
        lines = lines or log_end(log.read_text(errors="replace").splitlines())
        lines = [line[:LINE_LENGTH] for line in lines] + [f"the whole log: {log}"]
        print(*(f"    {line}" for line in lines), sep="\n", flush=True)


def failed_tests(report: Path) -> list[str]:
    """The failed tests of a JUnit report: one line each, then the end of each one's traceback."""
    if not report.exists():
        return []
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 (our own pytest wrote it)
    failed = [(case, flaw) for case in cases for flaw in case if flaw.tag in ("failure", "error")]
    titles = [f"{test_id(case)}: {first_line(flaw.get('message', ''))}" for case, flaw in failed[:TESTS_SHOWN]]
    more = [f"and {len(failed) - TESTS_SHOWN} more"] if len(failed) > TESTS_SHOWN else []
    ends = [
        [f"-- {test_id(case)}", *(flaw.text or "").rstrip().splitlines()[-TEST_LINES:]]
        for case, flaw in failed[:TESTS_SHOWN]
    ]
    return [*titles, *more, *(line for end in ends for line in end)]


def test_id(case: ET.Element) -> str:
    """The ID of a test as pytest takes it; the report has dots in the path of its file."""
    parts = case.get("classname", "").split(".")
    for number in range(len(parts), 0, -1):
        path = "/".join(parts[:number]) + ".py"
        if (ROOT / path).is_file():
            return "::".join([path, *parts[number:], case.get("name", "")])
    return "::".join([".".join(parts), case.get("name", "")])


def first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]


def log_end(lines: list[str]) -> list[str]:
    """The last lines of a log without pytest's progress: those that speak of errors, from all of it, then others."""
    lines = [line for line in lines if not PROGRESS.fullmatch(line)]
    errors = [line for line in lines if ERROR.search(line)][-LOG_LINES // 2 :]
    others = [line for line in lines if line not in errors]
    return errors + others[-(LOG_LINES - len(errors)) :]


def new_folder() -> Path:
    """A folder for this run's logs, linked as ``latest``; the oldest are removed."""
    runs = BUILD / "runs"
    folder = runs / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    folder.mkdir(parents=True)
    link = runs / f"latest.{os.getpid()}"
    link.symlink_to(folder.name)
    link.replace(runs / "latest")
    for old in sorted(path for path in runs.iterdir() if path.is_dir() and not path.is_symlink())[:-KEPT_RUNS]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def choose(names: Sequence[str]) -> list[Step]:
    """The steps of the groups and steps that are named, each once."""
    groups = {"lint": lint_steps(), "test": test_steps()}
    steps = {step.name: step for group in groups.values() for step in group}
    unknown = [name for name in names if name not in groups and name not in steps]
    if unknown or not names:
        sys.exit(f"unknown step {' '.join(unknown)}; there are: {' '.join([*groups, *steps])}")
    return list({step.name: step for name in names for step in groups.get(name) or [steps[name]]}.values())


def processor_times() -> tuple[int, int, int]:
    """What the machine's processors have spent in all, idle, and waiting for the host that had given them away: proc(5)."""
    times = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(times), times[3] + times[4], times[7]


def main(names: Sequence[str]) -> int:
    folder, started, before = new_folder(), time.monotonic(), processor_times()
    results = Runner(choose(names), folder, quiet_home()).run()
    spent, idle, stolen = (after - then for after, then in zip(processor_times(), before))
    shares = f"processors {100 * idle / max(1, spent):.0f} % idle, {100 * stolen / max(1, spent):.0f} % stolen"
    print(f"\n{len(results)} steps in {time.monotonic() - started:.0f} s, {shares}, logs in .build/runs/{folder.name}")
    for result in results:
        print(result.line)
    failed = sum(result.failed for result in results)
    print(f"{sum(result.passed for result in results)} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
