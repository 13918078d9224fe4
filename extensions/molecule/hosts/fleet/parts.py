# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that hosts are made of, built once and kept: a root of Debian and a folder of packages.

Each is kept under a digest of its recipe, so a new recipe makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import contextmanager

from _lab import _binaries as binaries
from _lab._images import Busybox
from _lab._run import run

SUITE = "bookworm"
NEWER = "forky"
USER = "ansible"
#: Where a host sees its packages.
SOURCE = "/srv/packages"
#: An image for `docker load`, beside the packages, and its name.
IMAGE_FILE, IMAGE = "busybox.tar", "lab/busybox:1"

INCLUDE = (
    "systemd,systemd-sysv,dbus,openssh-server,python3,python3-apt,sudo,iproute2,iptables,kmod,procps,"
    "ca-certificates,debian-archive-keyring"
)
#: What a role may want to install, with all that it depends on.
OLD = [
    "docker.io",
    "btrfs-progs",
    "python3-docker",
    "python3-requests",
    "python3-paramiko",
    "python3-jmespath",
    "curl",
    "xz-utils",
    "openssl",
    "nftables",
    "ufw",
    "firewalld",
    "chrony",
]
#: The newer engine; its runc wants a newer C library, and the older one serves it as well.
NEW = ["docker.io", "docker-cli", "containerd", "tini-static"]

_PREPARE = r"""
useradd --create-home --shell /bin/bash "$1"
echo "$1 ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$1"
chmod 0440 "/etc/sudoers.d/$1"
echo "deb [trusted=yes] file:$2 ./" >/etc/apt/sources.list
printf 'PermitRootLogin no\nPasswordAuthentication no\nUseDNS no\n' >/etc/ssh/sshd_config.d/hosts.conf
rm -f /etc/ssh/ssh_host_* /var/cache/apt/archives/*.deb
systemctl mask apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer getty.target console-getty.service
apt-get clean
"""

#: Of the package user-mode-linux: the kernel, and its modules by release.
KERNEL, _MODULES = "/usr/bin/linux.uml", "/usr/lib/uml/modules"
#: What runs before systemd in a host with a kernel of its own.
FIRST = "/usr/sbin/host-first"
_FIRST = r"""#!/bin/sh
# Give the host what is its own, from a folder of the machine; then start systemd.
mount -t proc proc /proc
for word in $(cat /proc/cmdline); do
  case $word in seed=*) seed=${word#seed=} ;; esac
done
mkdir -p /run/seed
mount -t hostfs -o "ro,$seed" none /run/seed
[ -e /etc/seeded ] || { cp -a /run/seed/files/. / && touch /etc/seeded; }
. /run/seed/network
ip link set lo up
ip link set eth0 up
ip address add "$ADDRESS" dev eth0
mount -t hostfs -o "ro,$PACKAGES" none /srv/packages
umount /run/seed /proc
exec /sbin/init
"""
#: This kernel has no nf_tables. Arguments: the tree, the modules, the image.
_DISK = r"""
mkdir -p "$1/usr/lib/modules"
cp --archive "$2/." "$1/usr/lib/modules"
for tool in iptables ip6tables; do chroot "$1" update-alternatives --set "$tool" "/usr/sbin/$tool-legacy"; done
truncate -s 8G "$3"
mkfs.ext4 -q -d "$1" -L root "$3"
"""


def base() -> str:
    """The root that all hosts lie over. Making it takes about a minute."""
    recipe = f"2\n{SUITE}\n{INCLUDE}\n{USER}\n{SOURCE}\n{_PREPARE}"
    return _kept("root", recipe, _make_base)


def disk() -> str:
    """The image that all disks of hosts with a kernel of their own differ from. Making it takes half a minute."""
    lower = base()
    with open(KERNEL, "rb") as file:
        kernel = hashlib.sha256(file.read()).hexdigest()
    folder = _kept("disk", f"{lower}\n{kernel}\n{_DISK}\n{_FIRST}", lambda target: _make_disk(lower, target))
    return os.path.join(folder, "disk.img")


def _make_disk(lower: str, target: str) -> None:
    tree = os.path.join(target, "tree")
    run(["cp", "--archive", lower, tree], timeout=300)
    with open(tree + FIRST, "w", encoding="ascii") as file:
        file.write(_FIRST)
    os.chmod(tree + FIRST, 0o755)
    run(["/bin/sh", "-euc", _DISK, "disk", tree, _MODULES, os.path.join(target, "disk.img")], timeout=300)
    shutil.rmtree(tree)


def packages(extra: Sequence[str] = ()) -> str:
    """A folder that is an apt source, with two versions of the engine and the packages named."""
    lower = base()
    recipe = "\n".join((lower, NEWER, IMAGE, *OLD, *NEW, *sorted(extra)))
    return _kept("packages", recipe, lambda target: _make_packages(lower, [*OLD, *extra], target))


def _kept(kind: str, recipe: str, make: Callable[[str], None]) -> str:
    """The folder of that kind and recipe, made under a lock and moved into its place when whole."""
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:10]
    target = os.path.join(binaries.CACHE, f"hosts-{kind}-{SUITE}-{digest}")
    with _locked(binaries.CACHE):
        if not os.path.isdir(target):
            work = tempfile.mkdtemp(prefix=".hosts-", dir=binaries.CACHE)
            try:
                tree = os.path.join(work, "tree")
                os.chmod(work, 0o755)
                os.mkdir(tree, 0o755)
                make(tree)
                os.rename(tree, target)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return target


@contextmanager
def _locked(folder: str):
    os.makedirs(folder, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_base(tree: str) -> None:
    site, keyring = binaries.mirror()
    argv = ["debootstrap", "--variant=minbase", f"--include={INCLUDE}", f"--keyring={keyring}", SUITE, tree, site]
    # In namespaces of their own, so that what debootstrap mounts goes with it, however it ends.
    alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL"]
    run([*alone, *argv], timeout=900)
    run([*alone, "chroot", tree, "/bin/sh", "-euc", _PREPARE, "prepare", USER, SOURCE], timeout=60)
    # Empty, so that each host gets its own; and what a boot makes is not inherited.
    for name in ("etc/machine-id", "etc/hostname", "etc/resolv.conf"):
        path = os.path.join(tree, name)
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "w", encoding="ascii"):
            pass
    os.makedirs(tree + SOURCE)


def _make_packages(lower: str, old: Sequence[str], tree: str) -> None:
    site, keyring = binaries.mirror()
    with tempfile.TemporaryDirectory(prefix="hive-hosts-") as work:
        os.chmod(work, 0o755)
        options = _apt_options(work, lower, site, keyring)
        run(["apt-get", *options, "update"], timeout=300)
        _download(options, work, old)
        _download(options, work, [f"{name}/{NEWER}" for name in NEW])
        archives = os.path.join(work, "archives")
        for name in sorted(os.listdir(archives)):
            if name.endswith(".deb"):
                shutil.move(os.path.join(archives, name), tree)
    _write_index(tree)
    with open(os.path.join(tree, IMAGE_FILE), "wb") as image:
        image.write(Busybox().archive(IMAGE))


def _download(options: Sequence[str], work: str, names: Sequence[str]) -> None:
    """Fetch packages with what they need beyond the base, as an installation would, into work/archives."""
    run(["apt-get", *options, "--download-only", "--no-install-recommends", "-y", "install", *names], timeout=900)


def _apt_options(work: str, lower: str, site: str, keyring: str) -> list[str]:
    with open(os.path.join(work, "sources.list"), "w", encoding="ascii") as file:
        for suite in (SUITE, NEWER):
            file.write(f"deb [signed-by={keyring}] {site} {suite} main\n")
    with open(os.path.join(work, "preferences"), "w", encoding="ascii") as file:
        file.write(f"Package: *\nPin: release n={NEWER}\nPin-Priority: 100\n")
    for name in ("lists/partial", "archives/partial", "preferences.d"):
        os.makedirs(os.path.join(work, name))
    shutil.copy(os.path.join(lower, "var/lib/dpkg/status"), work)
    values = {
        "Dir::Etc::SourceList": f"{work}/sources.list",
        "Dir::Etc::SourceParts": "-",
        "Dir::Etc::Preferences": f"{work}/preferences",
        "Dir::Etc::PreferencesParts": f"{work}/preferences.d",
        "Dir::State": work,
        "Dir::State::Lists": f"{work}/lists",
        "Dir::State::Status": f"{work}/status",
        "Dir::State::extended_states": f"{work}/extended_states",
        "Dir::Cache": work,
        "Dir::Cache::Archives": f"{work}/archives",
        "Debug::NoLocking": "true",
        "APT::Update::Post-Invoke::": "true",
        "APT::Keep-Downloaded-Packages": "true",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    return [part for key, value in values.items() for part in ("-o", f"{key}={value}")] + ["-qq"]


def _write_index(folder: str) -> None:
    """The file Packages of a flat repository (https://wiki.debian.org/DebianRepository/Format)."""
    with open(os.path.join(folder, "Packages"), "w", encoding="utf-8") as index:
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".deb"):
                continue
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            index.write(run(["dpkg-deb", "--field", path]).rstrip("\n"))
            index.write(f"\nFilename: ./{name}\nSize: {os.path.getsize(path)}\nSHA256: {digest}\n\n")
