# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole hosts for the benchmark (extensions/molecule/hosts), and what a task costs there in commands and requests."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from measuring import HERE, Case, Connection, ansible, playbook

_HOSTS = HERE.parent / "extensions" / "molecule" / "hosts" / "hosts.py"
_NAME = "bench"
#: A debugging daemon logs each request (moby, daemon/server/middleware/debug.go).
_REQUEST = re.compile(r'level=debug msg="(?:handling|Calling) [A-Z]+ ')
_SETTINGS = "/etc/docker/daemon.json"


class Hosts:
    """:param folder: for inventories and control sockets of ssh."""

    def __init__(self, folder: Path, inventory: dict[str, Any]) -> None:
        self._folder = folder
        self._hosts: dict[str, dict[str, Any]] = inventory["all"]["hosts"]

    def inventory(self, count: int) -> Path:
        """Return the inventory of the first so many hosts: the first three are managers."""
        names = list(self._hosts)[:count]
        path = self._folder / f"first{count}.json"
        groups = {"managers": names[:3], "workers": names[3:]}
        site = {"cluster_advertise_addr": "{{ ansible_host }}", "engine_version": "28.5"}
        content = {
            "all": {
                "hosts": {name: self._hosts[name] for name in names},
                "children": {group: {"hosts": {member: {} for member in members}} for group, members in groups.items()},
                "vars": site,
            }
        }
        path.write_text(json.dumps(content))
        return path

    def connection(self, name: str, count: int = 1, pipelining: bool = True) -> Connection:
        """Return ssh whose master connection lasts, so that no round pays for another one."""
        environment = {
            "ANSIBLE_PIPELINING": str(pipelining),
            "ANSIBLE_SSH_ARGS": "-C -o ControlMaster=auto -o ControlPersist=1800s",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self._folder),
        }
        return Connection(name, "all", self.inventory(count), environment)

    def site(self, count: int, changes: bool | None = False) -> None:
        connection = self.connection("site", count)
        ansible(["ansible-playbook", "hive.swarm.site"], connection, changes)

    def ping(self, count: int) -> None:
        ansible(["ansible", "all", "-m", "ansible.builtin.ping"], self.connection("ping", count), None)

    def shell(self, command: str) -> str:
        """Return the output of a command on the first host, as root."""
        arguments = ["ansible", "all", "-m", "ansible.builtin.raw", "-a", command]
        return ansible(arguments, self.connection("shell"), None)

    def install(self) -> None:
        """Make the first host a swarm of one, with what community.docker needs."""
        self.site(1, changes=None)
        self.shell("DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends python3-docker")
        self.shell("docker load -i /srv/packages/busybox.tar")

    @contextlib.contextmanager
    def debugging(self) -> Iterator[None]:
        """Let the engine of the first host log its requests."""
        self.shell(f"cp -p {_SETTINGS} /root/daemon.json 2>/dev/null || echo '{{}}' >/root/daemon.json")
        edit = f"import json; d = json.load(open('/root/daemon.json')); d['debug'] = True; json.dump(d, open('{_SETTINGS}', 'w'))"
        self.shell(f'python3 -c "{edit}" && systemctl reload docker && sleep 1')
        try:
            yield
        finally:
            self.shell(f"mv /root/daemon.json {_SETTINGS} && systemctl reload docker")

    def counts(self, case: Case, count: int) -> tuple[float, float]:
        """Return the requests to the engine and the commands on the host for each of so many tasks."""
        book = playbook(self._folder, 0, case, count)
        log, wrappers = self._folder / "commands", {}
        for program in ("ssh", "sftp", "scp"):
            wrapper = self._folder / program
            wrapper.write_text(f'#!/bin/sh\necho {program} >>{log}\nexec {program} "$@"\n')
            wrapper.chmod(0o755)
            wrappers[f"ANSIBLE_{program.upper()}_EXECUTABLE"] = str(wrapper)
        before = self.requests()
        log.write_text("")
        ansible(["ansible-playbook", str(book)], case.connection, case.changes, wrappers)
        return (self.requests() - before) / count, len(log.read_text().splitlines()) / count

    def requests(self) -> int:
        """Return how many requests the engine of the first host has logged."""
        return len(_REQUEST.findall(self.shell("journalctl --unit docker --output cat --no-pager")))


@contextlib.contextmanager
def hosts(count: int, folder: Path) -> Iterator[Hosts]:
    """Make hosts, and remove them."""
    _order("up", _NAME, str(count), "--package", "python3-docker")
    try:
        yield Hosts(folder, json.loads(Path(f"/var/lib/hive-hosts/{_NAME}/inventory.json").read_text()))
    finally:
        _order("down", _NAME)


def _order(*words: str) -> None:
    subprocess.run([sys.executable, str(_HOSTS), *words], check=True, stdout=subprocess.DEVNULL)
