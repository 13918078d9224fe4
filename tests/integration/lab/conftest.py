# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labs of the tests of the lab: names of their own, taken down whatever happens."""

from __future__ import annotations

import contextlib
import itertools
import os

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab

_NUMBERS = itertools.count(1)
IMAGE = "lab/busybox:1"


@contextlib.contextmanager
def labs():
    """A function that makes Lab objects with fresh names; at the end they are down."""
    made = []

    def new(**options):
        made.append(Lab(name=f"t{os.getpid()}-{next(_NUMBERS)}", **options))
        return made[-1]

    try:
        yield new
    finally:
        for lab in made:
            lab.down()


@pytest.fixture
def new_lab():
    """new_lab(engines=2, ...) is a Lab that is not up yet."""
    with labs() as new:
        yield new


@pytest.fixture(scope="package")
def shared():
    """A lab of three engines with a registry, which every test leaves or gets healthy."""
    with labs() as new:
        lab = new(engines=3, registry=True, images=[IMAGE, "lab/busybox:2"])
        lab.up()
        yield lab


@pytest.fixture
def lab(shared):
    """The shared lab, mended first."""
    shared.up()
    return shared


@pytest.fixture
def ends_engines() -> bool:
    """The tests here run playbooks and command lines that stop and start engines."""
    return True
