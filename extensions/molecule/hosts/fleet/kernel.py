# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with a kernel of its own: user-mode Linux, a Linux kernel that is a process.

The kernel of this machine may lack IPVS, without which no virtual IP and no published port of a swarm is routed. This one
has it. What the host keeps is in its folder: `disk.cow` (all that differs from the base image), `seed` (what it gets at its
first boot), `console.log`.
"""

from __future__ import annotations

import os
import shutil
import subprocess

from _lab import _box as box
from _lab import _names as names
from _lab import _network as network
from _lab import _processes as processes
from _lab._run import clean_env, run

from . import parts
from .host import Host, write

_MEMORY = "1024M"
#: In a PID namespace, so that all of it ends with its first process: the processes that run the host's programs have no
#: environment by which they could be found. A reboot is the kernel's own: it starts itself again.
_ALONE = ["unshare", "--pid", "--fork", "--kill-child=SIGKILL"]


class KernelHost(Host):
    """A host of a fleet that has a kernel of its own, running or not."""

    BOOT_SECONDS = 300.0

    @property
    def _seed(self) -> str:
        return os.path.join(self.folder, "seed")

    def connect(self) -> None:
        """Give it a port of the bridge, unless it has one."""
        hub, port = names.hub_namespace(self._spec.name), names.port(self.address)
        if port in network.observe(self._spec).hub_links:
            return
        run(["ip", "-n", hub, "tuntap", "add", "dev", port, "mode", "tap"])
        run(["ip", "-n", hub, "link", "set", port, "master", network.BRIDGE, "up"])

    def disconnect(self) -> None:
        """Take the port away."""
        run(["ip", "-n", names.hub_namespace(self._spec.name), "link", "delete", names.port(self.address)], check=False)

    def install(self, key: str, hosts: str) -> None:
        """Make the seed of a host that has none. Its disk is made by the first boot."""
        if os.path.exists(self._seed):
            return
        fresh = os.path.join(self.folder, "fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        files = os.path.join(fresh, "files")
        self.write_identity(files, key, hosts)
        os.rename(fresh, self._seed)

    def public_key(self) -> str:
        """The host's own key, as type and base64."""
        with open(os.path.join(self._seed, "files/etc/ssh/ssh_host_ed25519_key.pub"), encoding="ascii") as file:
            return " ".join(file.read().split()[:2])

    def boot(self, packages: str) -> None:
        """Start the host; it answers within a minute or so (await_ready)."""
        write(self._seed, "network", f"ADDRESS={self.address}/{self._spec.network.prefixlen}\nPACKAGES={packages}\n")
        hub = os.path.join(network.NETNS, names.hub_namespace(self._spec.name))
        argv = ["nsenter", f"--net={hub}", *_ALONE, parts.KERNEL, f"mem={_MEMORY}"]
        argv += [f"ubd0={self.folder}/disk.cow,{parts.disk()}", "root=/dev/ubda", "rw", f"init={parts.FIRST}"]
        argv += [f"seed={self._seed}", f"eth0=tuntap,{names.port(self.address)}"]
        argv += [f"uml_dir={self.folder}", f"umid={self.name}", "con=null", "con0=null,fd:1", "ssl=null"]
        env = clean_env(box.marks(self._spec, self._node, self._node.fingerprint()))
        with open(os.path.join(self.folder, "console.log"), "ab") as log:
            # It outlives us and holds nothing of ours open.
            subprocess.Popen(
                argv, env=env, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def shut_down(self, seconds: float = 180) -> None:
        """Ask systemd to shut down, and wait for it."""
        fleet = os.path.dirname(self.folder)
        ssh = ["ssh", "-i", f"{fleet}/id_ed25519", "-o", f"UserKnownHostsFile={fleet}/known_hosts"]
        # The connection may end before the command does.
        run([*ssh, f"{parts.USER}@{self.address}", "sudo systemctl --no-block poweroff"], check=False)
        processes.wait_until(lambda: not self.running, seconds, f"end of the host {self.name!r}", pause=0.5)

    def wipe(self) -> None:
        """Forget the disk of a host that is off."""
        shutil.rmtree(self._seed)
        os.unlink(os.path.join(self.folder, "disk.cow"))
