# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""N hosts on one bridge, with an inventory that reaches them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from _lab import LabError
from _lab import _box as box
from _lab import _cgroups as cgroups
from _lab import _names as names
from _lab import _network as network
from _lab import _processes as processes
from _lab import _spec as specs
from _lab import _store as store
from _lab._run import run, which

from . import parts
from .host import Host
from .kernel import KernelHost

ROOT = "/var/lib/hive-hosts"
_NEEDED = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "ip": "iproute2",
    "unshare": "util-linux",
    "busybox": "busybox-static",
    "ssh-keygen": "openssh-client",
    "dpkg-deb": "dpkg",
}
#: Kinds of hosts, and the class of each: in namespaces of this machine's kernel, or with a kernel of its own.
KINDS = {"host": Host, "uml": KernelHost}
_NEEDED_FOR = {"uml": {"linux.uml": "user-mode-linux", "mkfs.ext4": "e2fsprogs"}}


def fit(text: str) -> str:
    """A name for a fleet that follows from any text, such as a scenario's name."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if len(name) > 24:
        name = name[:15].strip("-") + "-" + hashlib.sha256(text.encode()).hexdigest()[:8]
    return names.check_lab_name(name)


class Fleet:
    """Hosts that belong together. `up` makes or mends them, `down` takes them away; both may be repeated."""

    def __init__(self, name: str) -> None:
        if os.geteuid() != 0:
            raise LabError("hosts need root (namespaces, mounts, cgroups)")
        self.name = fit(name)
        self.folder = os.path.join(ROOT, self.name)

    @property
    def spec(self) -> specs.Spec:
        """The fleet as it was brought up; LabError before that."""
        spec = store.read(ROOT, self.name)
        if spec is None:
            raise LabError(f"there are no hosts {self.name!r}; there are: {', '.join(fleets()) or 'none'}")
        return spec

    @property
    def hosts(self) -> list[Host]:
        """All hosts, in their order."""
        spec = self.spec
        return [_host(spec, node) for node in spec.nodes]

    def host(self, name: str) -> Host:
        """One host by its name."""
        spec = self.spec
        return _host(spec, spec.node(name))

    def up(self, wanted: Sequence[str], extra_packages: Sequence[str] = (), kind: str = "") -> bool:
        """Make the hosts of these names, or mend them; the others of the fleet go. Whether anything was to be done.

        :param kind: one of KINDS, for all; as they are, or ``host``, by default.
        """
        live = store.read(ROOT, self.name)
        kind = kind or (live.nodes[0].kind if live and live.nodes else "host")
        if live and any(node.kind != kind for node in live.nodes):
            raise LabError(f"the hosts {self.name!r} are of another kind; take them down first")
        _check_tools(kind)
        self._check_alone()
        packages = parts.packages(extra_packages)
        with store.locked(ROOT), store.locked(self.folder):
            spec = self._resolve(wanted, kind)
            gone = set(os.listdir(self.folder)) & self._strays(spec)
            for name in gone:
                self._remove(name, live)
            self._write(spec)
        with store.locked(self.folder):
            if not network.hub_ready(network.observe(spec)):
                network.make_hub(spec)
            off = [host for host in self.hosts if not host.running]
            for host in self.hosts:
                host.connect()
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda host: self._start(host, packages), off))
            self._write_access()
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda host: host.await_ready(), self.hosts))
        return bool(off or gone)

    def _resolve(self, wanted: Sequence[str], kind: str) -> specs.Spec:
        live = store.read(ROOT, self.name)
        taken = [
            spec.network for root in (ROOT, store.DEFAULT_ROOT) for spec in store.labs(root) if spec.name != self.name
        ]
        taken += network.machine_networks(self.name)
        subnet = live.subnet if live else str(names.choose_subnet(self.name, taken))
        known = {node.name: node.address for node in live.nodes} if live else {}
        fresh = iter(names.engine_addresses(names.subnet_of(subnet), known.values(), len(wanted)))
        nodes = [
            specs.Node(names.check_engine_name(name), kind, name, known.get(name) or next(fresh), specs.SYSTEM, {}, {})
            for name in wanted
        ]
        return specs.Spec(self.name, ROOT, subnet, nodes)

    def _strays(self, spec: specs.Spec) -> set[str]:
        wanted = {node.name for node in spec.nodes}
        return {entry for entry in os.listdir(self.folder) if os.path.isdir(os.path.join(self.folder, entry))} - wanted

    def _write(self, spec: specs.Spec) -> None:
        store.write(spec)
        for node in spec.nodes:
            os.makedirs(box.folder_of(spec, node.name), exist_ok=True)
        key = os.path.join(self.folder, "id_ed25519")
        if not os.path.exists(key):
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"hosts {self.name}", "-f", key])

    def _start(self, host: Host, packages: str) -> None:
        host.power_off()
        with open(os.path.join(self.folder, "id_ed25519.pub"), encoding="ascii") as file:
            host.install(file.read(), self._hosts_file())
        host.boot(packages)

    def _hosts_file(self) -> str:
        lines = ["127.0.0.1 localhost", *(f"{host.address} {host.name}" for host in self.hosts)]
        return "\n".join(lines) + "\n"

    def _write_access(self) -> None:
        """known_hosts and the inventory."""
        with open(os.path.join(self.folder, "known_hosts"), "w", encoding="ascii") as file:
            file.writelines(f"{host.address} {host.public_key()}\n" for host in self.hosts)
        with open(os.path.join(self.folder, "inventory.json"), "w", encoding="ascii") as file:
            file.write(specs.canonical(self.inventory()))

    def variables(self, host: Host) -> dict[str, object]:
        """What Ansible needs to reach the host."""
        known = f"-o UserKnownHostsFile={self.folder}/known_hosts -o IdentitiesOnly=yes"
        return {
            "ansible_host": host.address,
            "ansible_user": parts.USER,
            "ansible_ssh_private_key_file": os.path.join(self.folder, "id_ed25519"),
            "ansible_ssh_common_args": known,
            "ansible_python_interpreter": "/usr/bin/python3",
            "ansible_become": True,
        }

    def inventory(self, managers: int = 3) -> dict[str, object]:
        """An inventory (YAML's subset JSON): the first hosts are managers, the others workers."""
        variables = {host.name: self.variables(host) for host in self.hosts}
        ordered = list(variables)
        children = {
            "managers": {"hosts": {name: {} for name in ordered[:managers]}},
            "workers": {"hosts": {name: {} for name in ordered[managers:]}},
        }
        return {"all": {"hosts": variables, "children": children}}

    def down(self) -> bool:
        """Take all away, whatever of it is there. Whether anything was."""
        self._check_alone()
        found = processes.marked(self.folder)
        if not (found or os.path.isdir(self.folder) or network.namespaces(self.name) or cgroups.existing(self.name)):
            return False
        with store.locked(self.folder):
            processes.end_all(lambda: processes.marked(self.folder), f"the hosts {self.name!r}")
            network.remove(self.name)
            cgroups.remove(self.name)
            shutil.rmtree(self.folder)
        return True

    def _remove(self, name: str, live: specs.Spec | None) -> None:
        folder = os.path.join(self.folder, name)
        processes.end_all(lambda: processes.marked(folder), f"the host {name!r}")
        for node in live.nodes if live else ():
            if node.name == name:
                _host(live, node).disconnect()
        cgroups.remove(self.name, name)
        shutil.rmtree(folder)

    def _check_alone(self) -> None:
        """LabError where a lab has the name: its network namespaces are called the same."""
        for process in processes.marked():
            folder = os.path.dirname(process.mark)
            if os.path.basename(folder) == self.name and folder != self.folder:
                raise LabError(f"{folder} runs under the name {self.name!r}: use another name for the hosts")


def fleets() -> list[str]:
    """Names of all fleets that are there."""
    return [spec.name for spec in store.labs(ROOT)]


def _host(spec: specs.Spec, node: specs.Node) -> Host:
    return KINDS[node.kind](spec, node)


def _check_tools(kind: str) -> None:
    needed = {**_NEEDED, **_NEEDED_FOR.get(kind, {})}
    missing = [package for command, package in needed.items() if not which(command)]
    if missing:
        raise LabError(f"hosts need packages that this machine lacks: apt-get install {' '.join(missing)}")


def show(fleet: Fleet) -> str:
    """What a caller needs to know, as JSON."""
    hosts = {host.name: fleet.variables(host) for host in fleet.hosts}
    return json.dumps({"name": fleet.name, "folder": fleet.folder, "hosts": hosts})
