# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker's package repository, or a copy of it: its key, and how apt and dnf are told of it."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .files import HEADER, File
from .host import Host
from .repository_key import problem

#: Docker's own keys, https://docs.docker.com/engine/install/debian/ and /centos/.
FINGERPRINTS = {
    "Debian": "9DC858229FC7DD38854AE2D88D81803C0EBFCD88",
    "RedHat": "060A61C51B558A7F742B77AAC52FEB6B621E9F35",
}
KEY_FILES = {"Debian": "/etc/apt/keyrings/docker.asc", "RedHat": "/etc/pki/rpm-gpg/RPM-GPG-KEY-docker-ce"}
SOURCES = "/etc/apt/sources.list.d/docker.sources"


def folder(host: Host) -> str:
    """Return the name that the system has in the repository."""
    identifier = str(host.found["system"]["id"])
    return identifier if host.deb else "rhel" if identifier == "rhel" else "centos"


def expected_key(host: Host, options: Values) -> str:
    given = options["repository_key_checksum"]
    return FINGERPRINTS[host.family] if given is None else str(given)


def key(host: Host, options: Values) -> Values:
    """Return where the key is and belongs, and whether it is there. An empty checksum takes any key."""
    path = KEY_FILES[host.family]
    url = options["repository_key_url"] or f"{options['repository_url']}/{folder(host)}/gpg"
    there = host.has_file(path) and problem(host.text(path), expected_key(host, options)) == ""
    return {"url": url, "file": path, "installed": there}


def key_problem(host: Host, options: Values, url: str) -> str:
    """Return why the downloaded key is not to be installed, empty where it is or where none was downloaded."""
    path = options["downloaded_key"]
    wrong = problem(host.text(path), expected_key(host, options)) if path else ""
    if not wrong:
        return ""
    return (
        f"engine_repository_key_checksum: {url} is not the expected key: {wrong}. Where a copy of the repository is signed"
        " with a key of its own, set engine_repository_key_checksum to the fingerprint of that key."
    )


def sources(host: Host, options: Values) -> File:
    """Return the file that tells apt of the repository."""
    lines = [
        HEADER,
        "Types: deb",
        f"URIs: {options['repository_url']}/{folder(host)}",
        f"Suites: {host.found['system']['codename']}",
        f"Components: {options['repository_channel']}",
        f"Signed-By: {KEY_FILES['Debian']}",
    ]
    return File(SOURCES, "\n".join([*lines, ""]))
