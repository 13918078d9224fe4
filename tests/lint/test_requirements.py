# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S17: each package of each environment is pinned with the hashes of its files, and no registry is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
FILES = sorted((TOP / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_s17_every_package_has_hashes(path):
    text = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("#"))
    packages = re.split(r"\n(?=[a-zA-Z])", text.strip())
    assert packages
    for package in packages:
        assert re.match(r"[\w.-]+==\S+ ", package) and "--hash=sha256:" in package, package[:80]
    assert "://" not in text and "--index" not in text


def test_s17_the_installers_require_them():
    installs = re.findall(r"pip (?:install|sync) (?:[^\n\\]|\\\n)*", (TOP / "tools" / "setup.sh").read_text())
    assert len(installs) == 3 and all("--require-hashes" in command for command in installs)
