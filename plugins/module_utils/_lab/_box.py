# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A box: the namespaces one engine lives in, held by one process, the box's init.

Killing that init ends all in the box, containers too, and its mounts go with it. The daemon
alone can be killed and started again inside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from . import _cgroups as cgroups
from . import _network as network
from . import _processes as processes
from ._errors import LabError
from ._names import node_namespace
from ._run import clean_env
from ._spec import Node, Spec

#: Runs in fresh UTS, mount and IPC namespaces and in the node's network namespace. Arguments:
#: the node's folder, the lab's hosts file, the host name, then the cgroup files to join.
#: /run is private (sockets and pid files of docker), /etc is an overlay (the engine's key, trust
#: and certificates), so is /opt (containerd makes a folder there), sysfs is of this network namespace but keeps the cgroups.
#: The copies of other engines' namespace mounts go first: they would keep those namespaces alive.
_SETUP = r"""
folder=$1 hosts=$2 hostname=$3
shift 3
for procs; do echo 0 >"$procs"; done
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -H -n)"
echo "$hostname" >/proc/sys/kernel/hostname
umount --recursive --lazy /run/netns
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir /run/lock /run/cgroup
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/cgroup /sys/fs/cgroup
umount --recursive --lazy /run/cgroup
for top in etc opt; do
  mount -t overlay -o "lowerdir=/$top,upperdir=$folder/$top,workdir=$folder/work/$top" overlay "/$top"
done
mount --bind "$hosts" /etc/hosts
exec unshare --pid /bin/sh -euc "$INIT" box &
"""

#: Becomes PID 1 of the box. With SIGCHLD ignored the kernel reaps whatever is orphaned. The
#: caller reads our output to its end, which comes when all is mounted, or has failed.
_INIT = r"""
/bin/sh -euc 'mount -t proc proc /proc
exec env --ignore-signal=CHLD sleep infinity >/dev/null 2>&1' &
"""

#: Without the fork of nsenter, its child is in the PID namespace, and once this shell has
#: ended, that child belongs to the box's init.
_START = r"""
log=$1
shift
while [ "$1" != -- ]; do echo 0 >"$1"; shift; done
shift
ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -H -n)"
"$@" >>"$log" 2>&1 &
"""


def folder_of(spec: Spec, node: str) -> str:
    """All that a node keeps on the disk."""
    return os.path.join(spec.folder, node)


def marks(spec: Spec, node: Node, fingerprint: str) -> dict[str, str]:
    """Environment by which the node's processes are found again."""
    return {processes.MARK: folder_of(spec, node.name), processes.SPEC: fingerprint}


def find(spec: Spec, node: str) -> list[processes.Process]:
    """All processes of the node that carry its mark."""
    return processes.marked(folder_of(spec, node))


def init_of(found: Sequence[processes.Process]) -> processes.Process | None:
    """The box's init among a node's processes."""
    for process in found:
        if process.init and process.command == processes.BOX:
            return process
    return None


def in_namespace(init: processes.Process, lab: str, node: str) -> bool:
    """Whether the box is in the namespace that carries the node's name now."""
    try:
        named = os.stat(os.path.join(network.NETNS, node_namespace(lab, node)))
        return os.stat(f"/proc/{init.pid}/ns/net").st_ino == named.st_ino
    except FileNotFoundError:
        return False


def _prepare_overlays(spec: Spec, node: Node) -> None:
    folder = folder_of(spec, node.name)
    upper = os.path.join(folder, "etc")
    for part in ("opt", "work/etc", "work/opt"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    docker = os.path.join(upper, "docker")
    os.makedirs(docker, exist_ok=True)
    # An opaque folder hides the machine's own /etc/docker
    # (https://docs.kernel.org/filesystems/overlayfs.html#whiteouts-and-opaque-directories).
    os.setxattr(docker, "trusted.overlay.opaque", b"y")
    for name, text in (("hostname", node.hostname), ("resolv.conf", "# a lab has no way out")):
        path = os.path.join(upper, name)
        if os.path.islink(path):
            os.unlink(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n")


def start(spec: Spec, node: Node) -> processes.Process:
    """Make the box of a node whose network namespace exists and which has no process; return its init."""
    _prepare_overlays(spec, node)
    files = cgroups.make_leaf(spec.name, node.name)
    env = clean_env(marks(spec, node, node.box_fingerprint()))
    env["INIT"] = _INIT
    argv = ["nsenter", f"--net={os.path.join(network.NETNS, node_namespace(spec.name, node.name))}"]
    argv += ["unshare", "--uts", "--mount", "--ipc", "/bin/sh", "-euc", _SETUP, "box"]
    argv += [folder_of(spec, node.name), os.path.join(spec.folder, "hosts"), node.hostname, *files]
    said = _run_to_end(argv, env)
    if said:
        raise LabError(f"engine {node.name!r}: its namespaces cannot be made: {said}")
    return _await_init(spec, node)


def _await_init(spec: Spec, node: Node) -> processes.Process:
    # Two execs lie between the end of the shell's output and the init's final name.
    found: list[processes.Process] = []

    def there() -> bool:
        init = init_of(find(spec, node.name))
        found.extend([init] if init else [])
        return bool(found)

    processes.wait_until(there, 10, f"engine {node.name!r}: init of its namespaces", pause=0.005)
    return found[0]


def _run_to_end(argv: Sequence[str], env: Mapping[str, str]) -> str:
    done = subprocess.Popen(  # pylint: disable=ansible-bad-function,consider-using-with
        list(argv),
        env=dict(env),
        cwd="/",
        start_new_session=True,
        universal_newlines=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _none = done.communicate(timeout=30)
    return said.strip().replace("\n", "; ")


def launch(
    spec: Spec, node: Node, init: processes.Process, argv: Sequence[str], env: Mapping[str, str], log: str
) -> None:
    """Start the daemon inside the box; it outlives us and holds nothing of ours open."""
    files = cgroups.make_leaf(spec.name, node.name)
    enter = ["nsenter", f"--target={init.pid}", "--mount", "--uts", "--ipc", "--net", "--pid", "--no-fork", "--wd=/"]
    shell = ["/bin/sh", "-euc", _START, "box", log, *files, "--", *argv]
    full = clean_env({**env, **marks(spec, node, node.fingerprint())})
    said = _run_to_end([*enter, *shell], full)
    if said:
        raise LabError(f"engine {node.name!r}: its daemon cannot be started: {said}")


def kill(spec: Spec, node: str) -> None:
    """End everything in the box at once, as a power cut does."""
    processes.end_all(lambda: find(spec, node), f"engine {node!r}")


def erase(spec: Spec, node: str) -> None:
    """Empty the node's disk: data, engine key, private /etc. The box must be gone."""
    for name in ("data", "etc", "opt", "work"):
        shutil.rmtree(os.path.join(folder_of(spec, node), name), ignore_errors=False, onerror=_unless_gone)


def _unless_gone(_function: object, _path: str, info: tuple) -> None:
    if not isinstance(info[1], FileNotFoundError):
        raise info[1]
