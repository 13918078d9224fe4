# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the service docker.service that the role writes, and the certificates of the engine's API."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._core.values import Values

HEADER = "# Written by the Ansible role hive.swarm.engine."
CONFIG = "/etc/docker/daemon.json"
#: Is there while an engine has not loaded its daemon.json. A reboot, which restarts the engine, removes it.
MARKER = "/run/hive-swarm-engine.restart"
_DROPINS = "/etc/systemd/system/docker.service.d"
DROPIN = f"{_DROPINS}/hive-swarm.conf"
PROXY_DROPIN = f"{_DROPINS}/hive-swarm-proxy.conf"
PROXY_FILE = "/etc/docker/hive-swarm-proxy.env"
CERTIFICATES = {name: f"/etc/docker/api/{name}.pem" for name in ("ca", "cert", "key")}
#: What an engine reads when it starts.
READ_AT_START = (DROPIN, PROXY_DROPIN, PROXY_FILE, *CERTIFICATES.values())
_VARIABLES = {"http": "HTTP_PROXY", "https": "HTTPS_PROXY", "no_proxy": "NO_PROXY"}


class File(t.NamedTuple):
    """:param mode: one that other users cannot read is that of a file with secrets."""

    path: str
    content: str
    mode: str = "0644"

    @property
    def secret(self) -> bool:
        return self.mode == "0600"


def service_files(proxy: Values, dropin: File | None) -> list[File]:
    """Return the settings of the service.

    systemd shows Environment= to every user (systemd.exec(5)), and not what is in an EnvironmentFile=.
    """
    found = [dropin] if dropin else []
    if proxy:
        variables = [
            f'{name}="{_quoted(proxy[key])}"' for key, name in _VARIABLES.items() if proxy.get(key) is not None
        ]
        found.append(File(PROXY_FILE, _text(variables), "0600"))
        found.append(File(PROXY_DROPIN, _text(["[Service]", f"EnvironmentFile={PROXY_FILE}"])))
    return found


def dropin(command: str, own_hosts: bool, mount: str) -> File:
    """Return what the service has beside its unit.

    :param command: start command of the service without addresses.
    :param own_hosts: whether the engine listens where daemon.json says. It does not start when it is said twice.
    :param mount: folder of the engine's data that has to be mounted before; empty for none.
    """
    lines = ["[Unit]", f"RequiresMountsFor={mount}"] if mount else []
    if own_hosts:
        lines += ["[Service]", "ExecStart=", f"ExecStart={command}"]
    return File(DROPIN, _text(lines))


def without_hosts(command: str) -> str:
    return re.sub(r"\s(-H|--host)[= ]\S+", "", command)


def _text(lines: list[str]) -> str:
    return "\n".join([HEADER, *lines, ""])


def _quoted(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return text.replace("\\", "\\\\").replace('"', '\\"')
