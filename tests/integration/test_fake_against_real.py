# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is the fake engine honest? The same HTTP dialogues with it and with a real engine must bring the same answers.

Fixtures wanted of conftest: `real_engine` and, for dialogues of two, `real_peer`: a fresh inactive engine each,
of one version, that reach each other and have no default route. Each has `socket`, `address` (its only one
besides loopback, with .253 of its /24 unused) and `restart()` (as by kill -9).
"""

from __future__ import annotations

import contextlib
import time

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab._images import Store
from ansible_collections.hive.swarm.plugins.module_utils._lab._spec import Image
from ansible_collections.hive.swarm.tests.support.dialogue import speak
from ansible_collections.hive.swarm.tests.support.dialogues import PAIR, SOLO
from ansible_collections.hive.swarm.tests.support.dialogues_services import IMAGE
from ansible_collections.hive.swarm.tests.support.dialogues_swarm import BEHAVIOURS, FAMILIES, SCRIPTS, empty
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_41, API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.shapes import shape
from ansible_collections.hive.swarm.tests.support.worlds import UnixConnection, ask

# A manager that leaves in the first moments of its swarm can take its daemon with it (seen on 20.10).
_BEFORE_LEAVING = 2.0
# Headers that say nothing of the API.
_OTHER_HEADERS = {"Date", "Content-Length", "Transfer-Encoding", "Server"}


@contextlib.contextmanager
def fakes_of(reals):
    """Fake engines of the version, names and addresses of real ones."""
    generation = API_1_41 if ask(reals[0].socket, "GET", "/version")[1]["ApiVersion"] == "1.41" else API_1_51
    with FakeCluster(generation) as cluster:
        yield [
            cluster.engine(
                f"fake{number}",
                hostname=ask(real.socket, "GET", "/info")[1]["Name"],
                address=real.address,
                default_route=False,
            )
            for number, real in enumerate(reals)
        ]


def clean_up(reals):
    """Have real engines in no swarm again."""
    for real in reversed(reals):
        real.reset()


def comparable(said):
    """An answer reduced to what the fake claims to know: of /info, what belongs to the swarm."""
    if said.request != "GET /info":
        return said.status, said.answer
    warnings = [text for text in said.answer["Warnings"] or [] if "Swarm" in text]
    return said.status, said.answer["Swarm"], warnings


def compare(dialogue, reals):
    """Hold one dialogue with both kinds; the real engines come first, so that the table itself is checked by them."""
    with fakes_of(reals) as fakes:
        try:
            real = speak(dialogue, reals)
        finally:
            clean_up(reals)
        for expected, found in zip(real, speak(dialogue, fakes, hasty=True)):
            assert comparable(found) == comparable(expected), expected.request


@pytest.mark.parametrize("name", SOLO)
def test_one_engine(real_engine, name):
    compare(SOLO[name], [real_engine])


@pytest.mark.parametrize("name", PAIR)
def test_two_engines(real_engine, real_peer, name):
    compare(PAIR[name], [real_engine, real_peer])


@pytest.fixture
def real_manager(real_lab):
    """A manager alone with the test image, in a swarm that has nothing in it; it stays from one test to the next."""
    real, store, image = real_lab[0], Store(), Image(IMAGE)
    if ask(real.socket, "GET", "/info")[1]["Swarm"].get("Nodes") != 1:
        real.reset()
        real.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": real.address})
        time.sleep(_BEFORE_LEAVING)
    if not store.present(real.socket, image):
        store.load(real.socket, image)
    empty(real.socket)
    return real


# Each waits for rollouts, which both generations do alike.
_WAITING = ("updated", "tasks")


@pytest.mark.parametrize(
    ("family", "name"),
    [pytest.param(*each, marks=pytest.mark.soak("20.10") if each[0] in _WAITING else ()) for each in SCRIPTS],
)
def test_manager(real_manager, family, name):
    dialogue = FAMILIES[family][name]
    with fakes_of([real_manager]) as (fake,):
        fake.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
        for what, behaviour in BEHAVIOURS.items():
            fake.cluster.script.set(what, behaviour)
        real = speak(dialogue, [real_manager])
        for expected, found in zip(real, speak(dialogue, [fake], hasty=True)):
            assert comparable(found) == comparable(expected), expected.request


def headers(engine, method, path):
    """Status and the headers of an answer."""
    connection = UnixConnection(engine.socket)
    connection.request(method, path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, {name: value for name, value in response.getheaders() if name not in _OTHER_HEADERS}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_ping"),
        ("HEAD", "/_ping"),
        ("GET", "/version"),
        ("GET", "/info"),
        ("GET", "/swarm"),
        ("GET", "/nope"),
        ("POST", "/swarm/leave"),
    ],
)
def test_headers(real_engine, method, path):
    with fakes_of([real_engine]) as (fake,):
        assert headers(fake, method, path) == headers(real_engine, method, path)


@pytest.mark.parametrize("path", ["/info", "/version"])
def test_what_the_fake_says_of_itself_has_the_shape_of_the_real(real_engine, path):
    _status, real = ask(real_engine.socket, "GET", path)
    with fakes_of([real_engine]) as (fake,):
        _status, claimed = ask(fake.socket, "GET", path)
    for key in set(claimed) - {"Warnings", "Components"}:
        assert shape(claimed[key]) == shape(real[key]), key
