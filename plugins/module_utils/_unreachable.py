# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why there is no talking to a unix socket, and what to do about it."""

from __future__ import annotations

import errno
import os
import socket
import stat


def why(path: str, error: Exception, timeout: float) -> str:
    """A sentence on an error of connecting or talking; ``timeout`` is in seconds."""
    where = f"docker_host unix://{path}"
    number = getattr(error, "errno", None)
    if isinstance(error, socket.timeout):
        return f"{where}: no answer within {timeout:g} seconds: the daemon hangs or is overloaded (option timeout)."
    if number == errno.ENOENT:
        return f"{where}: there is no such socket: Docker Engine is not installed here, or does not run."
    if number in (errno.EACCES, errno.EPERM):
        return f"{where}: permission denied: use become, or a user in the group that owns the socket."
    if not _is_socket(path):
        return f"{where}: this is not a socket."
    if number == errno.ECONNREFUSED:
        return f"{where}: nobody listens on this socket: the daemon is not running."
    return f"{where}: {error or type(error).__name__}: the daemon closed the connection; see its log."


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return True  # it cannot be looked at, so nothing speaks against it
