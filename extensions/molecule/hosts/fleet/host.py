# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host: its disk, its boot, its end.

What the host keeps is in its folder: `upper` (all files that differ from the base), `docker` and `containerd` (which
overlay2 wants on a real disk), `console.log`. All mounts are in the mount namespace of its container manager, so they
go when that ends, in whatever way.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence

from _lab import LabError
from _lab import _box as box
from _lab import _cgroups as cgroups
from _lab import _network as network
from _lab import _processes as processes
from _lab._names import node_namespace
from _lab._run import clean_env, run
from _lab._spec import Node, Spec

from . import parts

#: Arguments: the host's folder, the base, the network namespace; then the command. JOIN holds the cgroup files to join.
#: The copies of other namespaces' mounts go, as they would keep those alive; so does /run, where the container manager
#: leaves folders behind. The processes that wait are in a group of their own, as version 2 wants of inner groups.
_BOOT = r"""
folder=$1 base=$2 namespace=$3
shift 3
for group in $JOIN; do echo 0 >"${group%/*/*}/manager/cgroup.procs"; done
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -H -n)"
mount -t overlay -o "lowerdir=$base,upperdir=$folder/upper,workdir=$folder/work" overlay "$folder/root"
mount --bind "$namespace" "$folder/network"
umount --recursive --lazy /run/netns
mount -t tmpfs -o mode=0755 tmpfs /run
exec unshare --pid --fork --kill-child=SIGKILL --mount-proc /bin/sh -euc "$MANAGE" manage "$@"
"""
#: PID 1 of a PID namespace, so that all ends with it. Status 133 is a reboot (systemd-nspawn(1), EXIT STATUS).
_MANAGE = r"""
status=133
while [ "$status" = 133 ]; do
  status=0
  (for group in $JOIN; do echo 0 >"$group"; done; exec "$@") || status=$?
done
"""
_ENVIRONMENT = {
    # dockerd writes to /proc/sys/net; it and runc make calls that the filter of systemd-nspawn does not know.
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1",
    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
    "SYSTEMD_SECCOMP": "0",
}
#: On the host's disk, as overlay2 cannot lie on the overlay that the host's root is.
_ON_DISK = {"docker": "/var/lib/docker", "containerd": "/var/lib/containerd"}


class Host:
    """A host of a fleet, running or not."""

    BOOT_SECONDS = 60.0

    def __init__(self, spec: Spec, node: Node) -> None:
        self._spec = spec
        self._node = node
        self.name = node.name
        self.address = node.address

    @property
    def folder(self) -> str:
        """All that the host keeps on the machine's disk."""
        return box.folder_of(self._spec, self.name)

    @property
    def running(self) -> bool:
        """Whether its container manager runs, however far it has booted."""
        return bool(box.find(self._spec, self.name))

    def answers(self) -> bool:
        """Whether its sshd does."""
        try:
            with socket.create_connection((self.address, 22), timeout=1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def install(self, key: str, hosts: str) -> None:
        """Make the disk of a host that has none: names, keys, and who may log in."""
        upper = os.path.join(self.folder, "upper")
        if os.path.exists(upper):
            return
        fresh = os.path.join(self.folder, "fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in ("work", "root", *_ON_DISK):
            os.makedirs(os.path.join(self.folder, part), exist_ok=True)
        self.write_identity(fresh, key, hosts)
        os.rename(fresh, upper)

    def write_identity(self, root: str, key: str, hosts: str) -> None:
        """Write what tells a host from others: names, keys, and who may log in."""
        write(root, "etc/hostname", self.name + "\n")
        write(root, "etc/machine-id", hashlib.sha256(os.urandom(16)).hexdigest()[:32] + "\n")
        write(root, "etc/hosts", hosts)
        write(root, f"home/{parts.USER}/.ssh/authorized_keys", key)
        for path in (f"home/{parts.USER}", f"home/{parts.USER}/.ssh", f"home/{parts.USER}/.ssh/authorized_keys"):
            os.chown(os.path.join(root, path), 1000, 1000)
        os.makedirs(os.path.join(root, "etc/ssh"), exist_ok=True)
        run(["ssh-keygen", "-q", "-A", "-f", root])

    def connect(self) -> None:
        """Give it a network, unless it has one."""
        if not network.node_address_ready(self._spec.name, self._node):
            network.make_port(self._spec, self._node)

    def disconnect(self) -> None:
        """Take its network away."""
        network.remove_node(self._spec.name, self.name)

    def public_key(self) -> str:
        """The host's own key, as type and base64."""
        with open(os.path.join(self.folder, "upper/etc/ssh/ssh_host_ed25519_key.pub"), encoding="ascii") as file:
            return " ".join(file.read().split()[:2])

    def boot(self, packages: str) -> None:
        """Start the host; it answers some seconds later (await_ready)."""
        base = parts.base()
        with open(os.path.join(self.folder, "network"), "w", encoding="ascii"):
            pass
        namespace = os.path.join(network.NETNS, node_namespace(self._spec.name, self.name))
        argv = ["unshare", "--mount", "--propagation=private", "/bin/sh", "-euc", _BOOT, "boot"]
        argv += [self.folder, base, namespace, *self._nspawn(packages)]
        shell = {"JOIN": " ".join(self._groups()), "MANAGE": _MANAGE}
        env = clean_env({**_ENVIRONMENT, **shell, **box.marks(self._spec, self._node, self._node.fingerprint())})
        with open(os.path.join(self.folder, "console.log"), "ab") as log:
            # It outlives us and holds nothing of ours open.
            subprocess.Popen(
                argv, env=env, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _groups(self) -> Sequence[str]:
        """The cgroup files that the container manager joins; beside each group one for those who wait for it."""
        files = cgroups.make_leaf(self._spec.name, self.name)
        for file in files:
            os.makedirs(os.path.join(os.path.dirname(os.path.dirname(file)), "manager"), exist_ok=True)
        return files

    def _nspawn(self, packages: str) -> Sequence[str]:
        argv = ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--console=read-only"]
        argv += [
            f"--directory={self.folder}/root",
            f"--machine={self._spec.name}-{self.name}",
            f"--hostname={self.name}",
        ]
        argv += [f"--network-namespace-path={self.folder}/network", "--capability=all"]
        argv += ["--resolv-conf=off", "--timezone=off", "--link-journal=no", f"--bind-ro={packages}:{parts.SOURCE}"]
        argv += [f"--bind={self.folder}/{part}:{path}" for part, path in _ON_DISK.items()]
        # For file systems in image files. Devices that the kernel makes later are not seen inside.
        argv += [f"--bind={path}" for path in [*sorted(glob.glob("/dev/loop[0-9]*")), "/dev/loop-control"]]
        return argv

    def await_ready(self) -> None:
        """Return when sshd answers; LabError with the console's last words when the host ends or stays silent."""

        def ready() -> bool:
            if not self.running:
                raise LabError("it has ended")
            return self.answers()

        try:
            processes.wait_until(ready, self.BOOT_SECONDS, "an answer of sshd", pause=0.1)
        except LabError as error:
            raise LabError(f"host {self.name!r}: {error}; its console ends: {self._last_words()}") from error

    def _last_words(self) -> str:
        with open(os.path.join(self.folder, "console.log"), encoding="utf-8", errors="replace") as file:
            return "; ".join(file.read().splitlines()[-5:])

    def shut_down(self, seconds: float = 60) -> None:
        """Ask systemd to shut down, and wait for it."""
        for process in box.find(self._spec, self.name):
            if process.command == "systemd-nspawn":
                process.send(signal.SIGTERM)
        processes.wait_until(lambda: not self.running, seconds, f"end of the host {self.name!r}")
        self.power_off()

    def power_off(self) -> None:
        """End all of the host at once, as a power cut does. The disk stays."""
        box.kill(self._spec, self.name)
        cgroups.remove(self._spec.name, self.name)

    def wipe(self) -> None:
        """Forget the disk of a host that is off."""
        for part in ("upper", "work", "root", *_ON_DISK):
            shutil.rmtree(os.path.join(self.folder, part), ignore_errors=False, onerror=_unless_gone)


def _unless_gone(_function, _path, error) -> None:
    if not isinstance(error[1], FileNotFoundError):
        raise error[1]


def write(root: str, path: str, text: str) -> None:
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="ascii") as file:
        file.write(text)
