# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS in front of a unix socket, as a daemon with --tlsverify has it, and the certificates for it.

A thread in the test's process that hands bytes on: the engine behind it is real, and so is the handshake.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

NAME = "engine.example"


def make_certificates(folder: Path) -> Path:
    """ca.pem, cert.pem, key.pem (client), server.pem, server-key.pem: the names that DOCKER_CERT_PATH wants."""
    _openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -subj /CN=ca -days 2"
        " -addext keyUsage=critical,keyCertSign",
    )
    _signed(folder, "server", "server.pem", "server-key.pem", f"subjectAltName=DNS:{NAME}")
    _signed(folder, "client", "cert.pem", "key.pem", "extendedKeyUsage=clientAuth")
    return folder


def _signed(folder: Path, name: str, certificate: str, key: str, extension: str) -> None:
    (folder / "extension").write_text(f"{extension}\nauthorityKeyIdentifier=keyid\n")
    _openssl(folder, f"req -newkey rsa:2048 -nodes -keyout {key} -out request.pem -subj /CN={name}")
    _openssl(
        folder,
        f"x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -out {certificate}"
        " -extfile extension",
    )


def _openssl(folder: Path, command: str) -> None:
    subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)


@contextlib.contextmanager
def tls_front(target: str, certificates: Path | None) -> Iterator[int]:
    """The TCP port on 127.0.0.1 where a unix socket can be reached; with certificates, by TLS and a client's alone."""
    context = None
    if certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "server.pem", certificates / "server-key.pem")
        context.load_verify_locations(certificates / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, target, context), daemon=True).start()
        yield listener.getsockname()[1]


def _accept(listener: socket.socket, target: str, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return  # the test is over
        threading.Thread(target=_serve, args=(client, target, context), daemon=True).start()


def _serve(client: socket.socket, target: str, context: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as engine:
        near = context.wrap_socket(client, server_side=True) if context else client
        engine.connect(target)
        back = threading.Thread(target=_copy, args=(engine, near), daemon=True)
        back.start()
        _copy(near, engine)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
