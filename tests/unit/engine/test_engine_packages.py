# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which packages make an engine of a version."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.steps import Reason
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.packages import meant, plan, upstream

DEBIAN = ["docker.io", "docker-cli", "containerd"]
OLD, NEW = "20.10.24+dfsg1-1+deb12u1+b6", "28.5.2+dfsg4-5"
OFFERS = [
    ["docker.io", NEW],
    ["docker.io", OLD],
    ["docker-cli", NEW],
    ["containerd", "2.1.9+ds1-5"],
    ["containerd", "1.6.20~ds1-1+deb12u3"],
]
DOCKER = ["docker-ce", "docker-ce-cli", "containerd.io"]


def test_the_newest_is_installed_where_there_is_none():
    found = plan(DEBIAN, OFFERS, {})
    assert found["install"] == [f"docker.io={NEW}", f"docker-cli={NEW}", "containerd"]
    assert found["change"] == "install" and found["hold"] == []


def test_an_engine_that_is_there_is_left_alone_without_a_version():
    assert plan(DEBIAN, [], {"docker.io": OLD})["change"] == "nothing"


def test_a_client_that_is_no_package_of_its_own_is_left_out():
    found = plan(DEBIAN, OFFERS, {}, "20.10", "1.6")
    assert found["install"] == [f"docker.io={OLD}", "containerd=1.6.20~ds1-1+deb12u3"]
    assert found["hold"] == ["docker.io", "containerd"]


def test_an_upgrade_brings_the_client():
    found = plan(DEBIAN, OFFERS, {"docker.io": OLD, "containerd": "1.6.20~ds1-1+deb12u3"}, "28.5")
    assert found["change"] == "upgrade" and found["live"] == OLD and found["target"] == NEW
    assert f"docker-cli={NEW}" in found["install"]


def test_a_version_that_is_there_needs_no_offers():
    found = plan(DEBIAN, [], {"docker.io": NEW, "docker-cli": NEW, "containerd": "2.1.9+ds1-5"}, "28.5")
    assert found["change"] == "nothing" and found["stop"] == []
    assert found["hold"] == DEBIAN


def test_a_downgrade_is_refused():
    found = plan(DEBIAN, OFFERS, {"docker.io": NEW}, "20.10")
    assert found["stop"][0].kind == "downgrade"
    assert found["install"] == [] and found["change"] == "nothing"


def test_what_is_not_offered_is_refused_with_what_is():
    assert plan(DEBIAN, OFFERS, {}, "29")["stop"] == [
        Reason(
            "version_not_available",
            f"engine_version: the package docker.io 29 is not available. Available are {NEW}, {OLD}.",
        )
    ]
    assert plan(DEBIAN, OFFERS, {}, "28.5", "3")["stop"][0].kind == "version_not_available"


def test_versions_of_dockers_repository_on_enterprise_linux():
    offers = [["docker-ce", "3:28.5.2-1.el9"], ["docker-ce-cli", "1:28.5.2-1.el9"], ["containerd.io", "0:1.7.28-1.el9"]]
    found = plan(DOCKER, offers, {"docker-ce": "3:27.5.1-1.el9"}, "28.5", separator="-")
    assert found["install"] == ["docker-ce-3:28.5.2-1.el9", "docker-ce-cli-1:28.5.2-1.el9", "containerd.io"]


@pytest.mark.parametrize(
    ("offered", "version", "right"),
    [
        (NEW, "28.5.2", True),
        (NEW, "28.5", True),
        (NEW, "28", True),
        (NEW, NEW, True),
        (NEW, "28.5.20", False),
        (NEW, "2", False),
        ("5:28.5.2-1~debian.12~bookworm", "28.5.2", True),
        ("5:28.5.2-1~debian.12~bookworm", "28.5.2-1", True),
        ("28.51.0", "28.5", False),
    ],
)
def test_a_version_is_meant_from_its_start(offered, version, right):
    assert meant(offered, version) is right


def test_versions_compare_by_their_numbers():
    assert upstream("5:28.5.2-1~debian.12~bookworm") == (28, 5, 2) > upstream("5:9.0") == (9, 0)
