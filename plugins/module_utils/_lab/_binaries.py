# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Engine binaries: the system's, a folder's, or those of another Debian suite beside the system's.

A suite's packages are fetched with apt's own means into a private directory, with the
machine's own mirror and keyring, and unpacked there. Nothing of the system is touched.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile

from ._errors import LabError
from ._run import PATH, run, which
from ._spec import SYSTEM

CACHE = "/var/cache/hive-lab"
PACKAGES = ("docker.io", "docker-cli", "containerd", "runc", "tini")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_BINS = ("", "bin", "sbin", "usr/bin", "usr/sbin", "usr/libexec/docker")


def folder(binaries: str) -> str | None:
    """The folder that the choice stands for; None for the system's."""
    if binaries == SYSTEM:
        return None
    if binaries.startswith("/"):
        return binaries
    return os.path.join(CACHE, f"{binaries}-{run(['dpkg', '--print-architecture']).strip()}")


def search_path(binaries: str) -> str:
    """PATH for a daemon: the choice's own folders, then the system's."""
    top = folder(binaries)
    if top is None:
        return PATH
    own = [os.path.normpath(os.path.join(top, part)) for part in _BINS]
    return ":".join([path for path in own if os.path.isdir(path)] + [PATH])


def missing(binaries: str) -> bool:
    """Whether a suite must be fetched first."""
    top = folder(binaries)
    return binaries != SYSTEM and not binaries.startswith("/") and not os.path.isdir(str(top))


def check(binaries: str) -> None:
    """LabError unless the choice has dockerd (a suite that is still to be fetched passes)."""
    if missing(binaries):
        for command in ("apt-get", "dpkg-deb"):
            if not which(command):
                raise LabError(f"binaries {binaries!r}: fetching a Debian suite needs the command {command!r}")
        return
    top = folder(binaries)
    if top is not None and not which("dockerd", ":".join(os.path.join(top, part) for part in _BINS)):
        raise LabError(f"binaries {binaries!r}: {top} does not contain dockerd")
    for command in ("dockerd", "containerd", "runc"):
        if not which(command, search_path(binaries)):
            raise LabError(f"binaries {binaries!r}: the command {command!r} is missing; install docker.io")


def fetch(suite: str) -> str:
    """Fetch a Debian suite's engine unless it is cached; return its folder. Takes about half a minute."""
    target = str(folder(suite))
    os.makedirs(CACHE, exist_ok=True)
    handle = os.open(CACHE, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not os.path.isdir(target):
            _fetch_into(suite, target)
    finally:
        os.close(handle)
    return target


def _fetch_into(suite: str, target: str) -> None:
    site, keyring = mirror()
    work = tempfile.mkdtemp(prefix=".fetch-", dir=CACHE)
    # apt reads the keyrings as its own unprivileged user.
    os.chmod(work, 0o755)
    try:
        options = _apt_options(work, site, suite, keyring)
        run(["apt-get", *options, "update"], timeout=300)
        run(["sh", "-c", 'cd "$0" && exec apt-get "$@"', work, *options, "download", *PACKAGES], timeout=600)
        tree = os.path.join(work, "tree")
        for name in sorted(os.listdir(work)):
            if name.endswith(".deb"):
                run(["dpkg-deb", "--extract", os.path.join(work, name), tree])
        os.chmod(tree, 0o755)
        _drop_unusable(tree)
        os.rename(tree, target)
    except LabError as error:
        raise LabError(f"binaries {suite!r}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _drop_unusable(tree: str) -> None:
    """Remove the programs that this machine cannot run, so that the system's are used for them.

    runc and tini need the C library of their suite; dockerd and containerd do with an older one.
    """
    for command in ("runc", "tini", "dockerd", "containerd"):
        for path in [os.path.join(tree, part, command) for part in _BINS]:
            if os.path.lexists(path):
                _drop_if_unusable(command, path)


def _drop_if_unusable(command: str, path: str) -> None:
    try:
        run([path, "--version"])
    except LabError as error:
        if command in ("dockerd", "containerd"):
            raise LabError(f"its {command} does not run on this machine: {error}") from error
        os.unlink(path)


def _apt_options(work: str, site: str, suite: str, keyring: str) -> list[str]:
    source = os.path.join(work, "sources.list")
    with open(source, "w", encoding="utf-8") as file:
        file.write(f"deb [signed-by={keyring}] {site} {suite} main\n")
    status = os.path.join(work, "status")
    for path in (os.path.join(work, "lists", "partial"), os.path.join(work, "archives", "partial")):
        os.makedirs(path)
    with open(status, "w", encoding="utf-8"):
        pass
    values = {
        "Dir::Etc::SourceList": source,
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": os.path.join(work, "lists"),
        "Dir::State::Status": status,
        "Dir::Cache": work,
        "APT::Update::Post-Invoke::": "true",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    return [part for key, value in values.items() for part in ("-o", f"{key}={value}")] + ["-qq"]


def mirror() -> tuple[str, str]:
    """Address of the machine's Debian mirror, and the keyring it is signed with."""
    printed = run(["apt-get", "indextargets", "--format", "$(ORIGIN)\t$(LABEL)\t$(SITE)"])
    sites = [line.split("\t")[2] for line in printed.splitlines() if line.startswith("Debian\tDebian\t")]
    if not sites:
        raise LabError("the machine's apt has no Debian mirror with fetched lists (apt-get update)")
    if not os.path.exists(KEYRING):
        raise LabError(f"the keyring {KEYRING} is missing; install debian-archive-keyring")
    return sites[0], KEYRING
