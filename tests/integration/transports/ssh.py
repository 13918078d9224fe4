# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An ssh server on loopback whose sessions find the engine, as ``docker_host: ssh://`` expects of a host."""

from __future__ import annotations

import contextlib
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def ssh_server(home: Path, docker_host: str) -> Iterator[int]:
    """The port of a server that lets root in by a key in ``home/.ssh``; its sessions have DOCKER_HOST set."""
    port = _free_port()
    config = _prepare(home, port, docker_host)
    os.makedirs("/run/sshd", exist_ok=True)
    server = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        _await_port(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _prepare(home: Path, port: int, docker_host: str) -> Path:
    """Keys, known_hosts, the server's configuration, and an ``ssh`` that looks into this home."""
    folder = home / ".ssh"
    folder.mkdir(mode=0o700)
    for name in ("id_ecdsa", "host"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "authorized_keys").write_text((folder / "id_ecdsa.pub").read_text())
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    (folder / "ssh").write_text(_wrapper(folder))
    (folder / "ssh").chmod(0o755)
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
        f"PermitRootLogin prohibit-password\nAuthorizedKeysFile {folder}/authorized_keys\n"
        f"SetEnv DOCKER_HOST={docker_host}\n"
    )
    return config


def _wrapper(folder: Path) -> str:
    """OpenSSH looks up the home directory in the user database, whatever HOME says."""
    options = f"-i {folder}/id_ecdsa -o UserKnownHostsFile={folder}/known_hosts -o BatchMode=yes"
    return f'#!/bin/sh\nexec /usr/bin/ssh {shlex.join(shlex.split(options))} "$@"\n'


def _await_port(port: int) -> None:
    for _again in range(50):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"no ssh server on port {port}")
