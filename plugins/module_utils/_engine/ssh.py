# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ssh without any Python package: the program ``ssh``, and on the other side ``docker system dial-stdio``.

That command hands bytes on to the daemon's socket (docker/cli, cli/command/system/dial_stdio.go); the docker CLI and
the Docker SDK reach ``ssh://`` engines in the same way.
"""

from __future__ import annotations

import socket
import subprocess
from urllib.parse import urlsplit

from .._core.errors import BadInput
from .._core.validators import split_address
from .transport import SocketTransport


class SshTransport(SocketTransport):
    def __init__(self, url: str) -> None:
        super().__init__(f"docker_host {url}")
        self._command = _command(url)
        self._process: subprocess.Popen[bytes] | None = None

    def connected(self, timeout: float) -> socket.socket:
        near, far = socket.socketpair()
        with far:
            # AnsibleModule and its run_command are not available here; it would wait for the end, too.
            self._process = subprocess.Popen(  # pylint: disable=ansible-bad-function
                self._command, stdin=far.fileno(), stdout=far.fileno(), stderr=subprocess.PIPE
            )
        return near

    def why(self, error: Exception, timeout: float) -> str:
        timed_out = isinstance(error, socket.timeout)
        return f"{self.where}: {f'no response within {timeout:g} seconds' if timed_out else self._said(error)}."

    def _said(self, error: Exception) -> str:
        """The last line of what ssh says, which is where its reason stands."""
        if self._process is None:
            return f"the program ssh cannot be run: {error}"
        super().close()
        try:
            lines = self._process.communicate(timeout=5)[1].decode("utf-8", "replace").split("\n")
        except subprocess.TimeoutExpired:
            lines = []
        return next(
            (line.strip().rstrip(".") for line in reversed(lines) if line.strip()), f"ssh does not respond ({error})"
        )

    def close(self) -> None:
        super().close()
        if self._process is not None:
            self._process.kill()
            if self._process.stderr:
                self._process.stderr.close()  # a proxy command that ssh has started may hold the other end
            self._process.wait()
            self._process = None


def _command(url: str) -> list[str]:
    """Nothing in the URL can be an option of ssh, and ssh asks no questions in the middle of an inventory."""
    try:
        user, _at, address = urlsplit(url).netloc.rpartition("@")
        user = user.partition(":")[0]
        host, port = split_address(address)
    except ValueError as error:
        raise BadInput("docker_host", f"{url!r} has no host. Write it like ssh://user@host:22.") from error
    login = ["-l", user] if user else []
    options = ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30", *(["-p", str(port)] if port else [])]
    if host.startswith("-") or user.startswith("-"):
        raise BadInput("docker_host", f"{url!r}: a user or host must not begin with a dash.")
    return ["ssh", *options, *login, "--", host, "docker", "system", "dial-stdio"]
