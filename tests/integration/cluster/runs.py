# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running a playbook of the collection, and what it did on which host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    """One run of ansible-playbook.

    :param results: one dictionary per task, host and item that was not skipped, as record.py writes them.
    :param skipped: the same of those that were skipped.
    """

    code: int
    output: str
    results: list[dict[str, Any]]
    skipped: list[dict[str, Any]]

    @property
    def tasks(self) -> Counter[str]:
        """How many tasks each host had, those that were skipped as well: each costs a process of the controller."""
        found = {(each["host"], each["number"]) for each in self.results + self.skipped}
        return Counter(host for host, _number in found)

    @property
    def changes(self) -> list[tuple[str, str, str, Any]]:
        """Task, host, item and diff of everything that changed, in no particular order."""
        changed = [each for each in self.results if each["changed"]]
        return sorted(((each["task"], each["host"], each["item"], _diff(each)) for each in changed), key=str)

    @property
    def changed_tasks(self) -> list[tuple[str, str]]:
        return sorted({(task, host) for task, host, _item, _diff in self.changes})

    @property
    def failed(self) -> list[dict[str, Any]]:
        return [each for each in self.results if each["kind"] in ("failed", "unreachable")]

    @property
    def failure(self) -> str:
        """The messages of what failed."""
        return "\n".join(str(each["msg"]) for each in self.failed)

    @property
    def kinds(self) -> set[str]:
        """The kinds of what failed."""
        return {each["failure"]["kind"] for each in self.failed}

    @property
    def unconfirmed(self) -> str:
        """What the plan that failed asks to be confirmed, for no other reason."""
        assert self.kinds == {"not_confirmed"}, self.output
        (wanted,) = {each["confirm"] for each in self.failed}
        return wanted

    def said(self, task: str) -> Any:
        """The message of a task, or the lines that it has shown."""
        return next(each["msg"] for each in self.results if each["task"] == task)

    def status(self) -> dict[str, Any]:
        """The status that was shown last."""
        return [each["status"] for each in self.results if isinstance(each["status"], dict)][-1]

    def steps(self) -> list[tuple[str, str, str]]:
        """Node, step and reason of the plan that was shown."""
        steps = next(each["steps"] for each in self.results if each["steps"] is not None)
        return [(step["node"], step["step"], step["reason"]) for step in steps]

    def succeeded(self) -> Run:
        assert self.code == 0, self.output
        return self

    def refused(self) -> Run:
        """It failed, and has changed nothing before."""
        assert self.code != 0, self.output
        assert not self.changes, self.output
        return self


def _diff(each: dict[str, Any]) -> Any:
    diffs = each["diff"] if isinstance(each["diff"], list) else [each["diff"]]
    return [{side: (diff or {}).get(side) for side in ("before", "after")} for diff in diffs]


def run_playbook(name: str, inventory: Path, *arguments: str, check: bool = False) -> Run:
    """Run hive.swarm.NAME with --diff, with this Python's Ansible."""
    return run([f"hive.swarm.{name}"], inventory, *arguments, check=check)


def run(playbooks: list[str], inventory: Path, *arguments: str, check: bool = False, folder: Path | None = None) -> Run:
    """Run playbooks one after the other, in the inventory's folder or another one."""
    record = inventory.with_name("record.jsonl")
    record.unlink(missing_ok=True)
    record.touch()
    secrets = inventory.with_name("secrets.json")
    secrets.unlink(missing_ok=True)
    program = Path(sys.executable).with_name("ansible-playbook")
    command = [str(program), "-i", str(inventory), *playbooks, "--diff", *arguments]
    env = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    env |= {
        # What is installed in somebody's home would come before the checkout.
        "ANSIBLE_COLLECTIONS_PATH": str(inventory.with_name("none")),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "record,secrets_kept",
        "SECRETS_FILE": str(secrets),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_FORKS": "6",
        "ANSIBLE_PIPELINING": "1",
        "RECORD_FILE": str(record),
    }
    done = subprocess.run(
        command + ["--check"] * check,
        env=env,
        cwd=folder or inventory.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    kept = json.loads(secrets.read_text()) if secrets.exists() else []
    assert kept == [], f"S17: host variables that hold a token or key: {kept}"
    results = [json.loads(line) for line in record.read_text().splitlines()]
    skipped = [each for each in results if each["kind"] == "skipped"]
    results = [each for each in results if each["kind"] != "skipped"]
    return Run(done.returncode, done.stdout + done.stderr, results, skipped)
