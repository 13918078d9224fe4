# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An ssh server on loopback behind which an engine lives, as ``docker_host: ssh://`` expects of a host.

It lets in one key and knows one command, ``docker system dial-stdio``, which hands bytes to the daemon's socket
(docker/cli, cli/command/system/dial_stdio.go). The server is paramiko's; the clients are paramiko and OpenSSH.
"""

from __future__ import annotations

import contextlib
import shlex
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import paramiko


@contextlib.contextmanager
def ssh_server(home: Path, target: str) -> Iterator[int]:
    """The port of a server that lets in the key in ``home/.ssh`` and has the engine with the unix socket ``target``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        host_key, user_key = _prepare(home / ".ssh", port)
        server = _Host(user_key, target)
        threading.Thread(target=_accept, args=(listener, host_key, server), daemon=True).start()
        yield port


def _prepare(folder: Path, port: int) -> tuple[paramiko.PKey, paramiko.PKey]:
    """Keys, known_hosts, and an ``ssh`` that looks into this home."""
    folder.mkdir(mode=0o700)
    host_key, user_key = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    user_key.write_private_key_file(str(folder / "id_ecdsa"))
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key.get_name()} {host_key.get_base64()}\n")
    (folder / "ssh").write_text(_wrapper(folder))
    (folder / "ssh").chmod(0o755)
    return host_key, user_key


def _wrapper(folder: Path) -> str:
    """OpenSSH looks up the home directory in the user database, whatever HOME says."""
    options = ["-i", f"{folder}/id_ecdsa", "-o", f"UserKnownHostsFile={folder}/known_hosts", "-o", "BatchMode=yes"]
    return f'#!/bin/sh\nexec /usr/bin/ssh {shlex.join(options)} "$@"\n'


def _accept(listener: socket.socket, host_key: paramiko.PKey, server: _Host) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return  # the test is over
        transport = paramiko.Transport(client)
        transport.add_server_key(host_key)
        with contextlib.suppress(paramiko.SSHException, EOFError):
            transport.start_server(server=server)


class _Host(paramiko.ServerInterface):
    def __init__(self, user_key: paramiko.PKey, target: str) -> None:
        self._user_key = user_key
        self._target = target

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL if key == self._user_key else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED

    def check_channel_env_request(self, channel: paramiko.Channel, name: bytes, value: bytes) -> bool:
        return True

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        if command.split()[-3:] != [b"docker", b"system", b"dial-stdio"]:
            return False
        engine = socket.socket(socket.AF_UNIX)
        engine.connect(self._target)
        for source, sink in ((channel, engine), (engine, channel)):
            threading.Thread(target=_copy, args=(source, sink), daemon=True).start()
        return True


def _copy(source: socket.socket | paramiko.Channel, sink: socket.socket | paramiko.Channel) -> None:
    with contextlib.suppress(OSError, EOFError):
        while data := source.recv(32768):
            sink.sendall(data)
    with contextlib.suppress(OSError, EOFError):
        sink.close()
