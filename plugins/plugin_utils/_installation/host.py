# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host as hive.swarm.engine_info has found it, and the packages that it needs."""

from __future__ import annotations

import base64
import typing as t

from ...module_utils._core.values import Values

FAMILIES = ("Debian", "RedHat")
#: Packages of an engine, its own first.
PACKAGES = {
    ("distribution", "Debian"): ["docker.io", "docker-cli", "containerd"],
    ("docker", "Debian"): ["docker-ce", "docker-ce-cli", "containerd.io"],
    ("docker", "RedHat"): ["docker-ce", "docker-ce-cli", "containerd.io"],
}
TRANSPORT_PACKAGES = ["python3-docker", "python3-requests", "python3-paramiko", "python3-jmespath"]
#: The kernel of EL 10 keeps a module (xt_addrtype) there that every container network needs.
KERNEL_PACKAGES = ["kernel-modules-extra"]
BTRFS_PACKAGES = ["btrfs-progs"]


def engine_packages(source: str) -> list[str]:
    """Return the names of the engine's packages on any system."""
    return list(dict.fromkeys(name for key, names in PACKAGES.items() if key[0] == source for name in names))


def known_packages(extra: list[str]) -> list[str]:
    """Return the names of all packages that a plan may be about."""
    own = [name for source, _family in PACKAGES for name in engine_packages(source)]
    return list(dict.fromkeys([*own, *extra, *TRANSPORT_PACKAGES, *KERNEL_PACKAGES, *BTRFS_PACKAGES]))


class Host(t.NamedTuple):
    """:param found: the result of hive.swarm.engine_info.
    :param source: where the engine's packages come from, as the option ``source``.
    """

    found: Values
    source: str

    @property
    def family(self) -> str:
        return str(self.found["system"]["family"])

    @property
    def deb(self) -> bool:
        return self.family == "Debian"

    @property
    def supported(self) -> bool:
        return self.found["system"]["service_manager"] == "systemd" and self.family in FAMILIES

    @property
    def names(self) -> list[str]:
        """The packages of the engine; empty where the source has none for the system."""
        return list(PACKAGES.get((self.source, self.family), ()))

    @property
    def installed(self) -> dict[str, str]:
        packages = self.found["packages"].items()
        return {name: state["version"] for name, state in packages if state["installed"]}

    @property
    def held(self) -> list[str]:
        return [name for name, state in self.found["packages"].items() if state["held"]]

    @property
    def active(self) -> bool:
        return self.found["service"]["state"] == "active"

    @property
    def command(self) -> str:
        """The start command of the service, empty where there is none."""
        return str(self.found["service"]["command"])

    @property
    def has_engine(self) -> bool:
        return self.names[0] in self.installed if self.names else self.command != ""

    @property
    def is_foreign(self) -> bool:
        """Whether the engine is from another source. One whose installation was cut off is the role's own."""
        unfinished = any(not state["installed"] for name, state in self.found["packages"].items() if name in self.names)
        return self.source != "none" and self.command != "" and not self.has_engine and not unfinished

    def has_file(self, path: str) -> bool:
        return path in self.found["files"]

    def text(self, path: str) -> str:
        """Return the content of a file, empty where it does not exist."""
        content = self.found["files"].get(path, {}).get("content", "")
        return base64.b64decode(content).decode("utf-8", "surrogateescape")

    def mode(self, path: str) -> str:
        return str(self.found["files"].get(path, {}).get("mode", ""))

    def modified_at(self, path: str) -> int:
        return int(self.found["files"].get(path, {}).get("modified_at", 0))


def other_packages(host: Host, options: Values) -> list[str]:
    """Return the packages beside the engine's own."""
    newest = host.family == "RedHat" and int(host.found["system"]["version"].partition(".")[0] or 0) >= 10
    return [
        *options["extra_packages"],
        *(TRANSPORT_PACKAGES if options["remote_transport"] else ()),
        *(KERNEL_PACKAGES if newest and host.source != "none" else ()),
        *(BTRFS_PACKAGES if options["btrfs"] else ()),
    ]
