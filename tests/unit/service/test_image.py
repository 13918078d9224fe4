# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spelling, comparing and pinning images."""

from __future__ import annotations

import re

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import (
    EngineError,
    NotFound,
    Unreachable,
)
from ansible_collections.hive.swarm.plugins.module_utils._engine.api_errors import error_of
from ansible_collections.hive.swarm.plugins.module_utils._service import image as images
from ansible_collections.hive.swarm.plugins.module_utils._service.image import (
    KEEP_LIVE,
    RESOLVE_DIGEST,
    USE_AS_WRITTEN,
    decide_image,
    exact,
    familiar,
    parse_resolve_image,
    same_image,
)
from ansible_collections.hive.swarm.tests.support.images import (
    DIGEST,
    HEX,
    MISTAKES,
    NEWER_SPELLINGS,
    REFUSED,
    SPELLINGS,
)

OTHER = f"sha256:{HEX[::-1]}"


class Registry:
    """An engine that answers /distribution as it is told."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def get(self, path, timeout=None, headers=None):
        self.asked.append((path, headers))
        assert 0 < timeout <= 60
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def answer(*platforms):
    return {"Descriptor": {"digest": DIGEST}, "Platforms": [dict(zip(("architecture", "os"), p)) for p in platforms]}


@pytest.fixture
def warnings():
    return []


@pytest.mark.parametrize(("image", "stored"), [*SPELLINGS.items(), *NEWER_SPELLINGS.items()])
def test_an_image_is_spelled_as_the_command_line_does(image, stored):
    assert familiar(image) == stored
    assert familiar(stored) == stored


@pytest.mark.parametrize(("image", "words"), [*MISTAKES.items(), *REFUSED.items()])
def test_what_is_no_image_is_refused_with_what_would_be_right(image, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        familiar(image)


@pytest.mark.parametrize(
    ("live", "wanted", "same"),
    [
        ("busybox:latest", "busybox", True),
        (f"busybox:latest@{DIGEST}", "docker.io/library/busybox", True),
        (f"busybox:1@{DIGEST}", "busybox:1", True),
        (f"busybox:1@{DIGEST}", f"busybox:1@{DIGEST}", True),
        ("docker.io/library/busybox:1", "busybox:1", True),
        ("no image at all", "no image at all", True),
        (f"busybox:1@{DIGEST}", "busybox:2", False),
        (f"busybox:1@{DIGEST}", f"busybox:1@{OTHER}", False),
        (f"busybox@{DIGEST}", "busybox", False),
        ("busybox:1", f"busybox:1@{DIGEST}", False),
        ("registry:5000/busybox:1", "busybox:1", False),
        (DIGEST, "busybox", False),
        ("no image at all", "busybox", False),
    ],
)
def test_a_live_digest_is_no_difference_where_none_is_wanted(live, wanted, same):
    assert same_image(live, wanted) is same


@pytest.mark.parametrize("when", ["changed", "always", "never"])
@pytest.mark.parametrize("live", [None, "busybox:1"])
def test_an_image_that_is_wanted_has_to_be_one(live, when):
    with pytest.raises(ValueError, match="lower case"):
        decide_image(live, "Busybox", when)


@pytest.mark.parametrize("live", ["busybox:1", f"busybox:1@{OTHER}"])
def test_the_same_image_is_kept_unless_it_is_always_asked_for(live):
    assert [decide_image(live, "busybox:1", when) for when in ("changed", "never", "always")] == [
        KEEP_LIVE,
        KEEP_LIVE,
        RESOLVE_DIGEST,
    ]


@pytest.mark.parametrize("live", [None, "busybox:2", f"busybox:2@{DIGEST}"])
def test_a_new_image_is_asked_for_unless_never(live):
    assert [decide_image(live, "busybox:1", when) for when in ("changed", "never", "always")] == [
        RESOLVE_DIGEST,
        USE_AS_WRITTEN,
        RESOLVE_DIGEST,
    ]


def test_a_digest_is_asked_about_once_for_its_platforms():
    image = f"busybox@{DIGEST}"
    for when in ("changed", "always"):
        assert decide_image(None, image, when) == RESOLVE_DIGEST
        assert decide_image(f"busybox@{OTHER}", image, when) == RESOLVE_DIGEST
        assert decide_image(image, image, when) == KEEP_LIVE


def test_about_the_id_of_an_image_no_registry_is_asked():
    assert exact(DIGEST) and exact(f"busybox@{DIGEST}") and not exact("busybox") and not exact("sha256:abc")
    assert decide_image(None, DIGEST, "always") == USE_AS_WRITTEN
    assert decide_image(DIGEST, DIGEST, "always") == KEEP_LIVE


@pytest.mark.parametrize("word", ["changed", "always", "never"])
def test_resolve_image_takes_words(word):
    assert parse_resolve_image(word) == word


@pytest.mark.parametrize("spelling", [(True, False), ("yes", "no"), ("true", "false"), ("True", "False")])
def test_resolve_image_takes_truth_values(spelling):
    assert [parse_resolve_image(value) for value in spelling] == ["always", "never"]


@pytest.mark.parametrize("value", ["sometimes", "", None, 2, []])
def test_resolve_image_takes_nothing_else(value):
    with pytest.raises(ValueError, match=r"not valid\. Use changed, always"):
        decide_image(None, "busybox", value)


def test_an_image_is_pinned_with_the_platforms_that_it_is_for(warnings):
    engine = Registry(answer(("amd64", "linux"), ("arm", "linux"), ("arm64", "linux"), ("", "")))
    pinned = images.resolve(engine, "busybox", None, warnings.append)
    assert pinned.image == f"busybox:latest@{DIGEST}"
    assert pinned.platforms == [
        {"Architecture": "amd64", "OS": "linux"},
        {"OS": "linux"},
        {"Architecture": "arm64", "OS": "linux"},
        {},
    ]
    assert engine.asked == [("/distribution/busybox:latest/json", None)]
    assert warnings == []


def test_a_digest_stays_and_gets_its_platforms(warnings):
    engine = Registry(answer(("amd64", "linux")))
    pinned = images.resolve(engine, f"registry:5000/app:1@{OTHER}", "x", warnings.append)
    assert pinned == (f"registry:5000/app:1@{OTHER}", [{"Architecture": "amd64", "OS": "linux"}])
    assert engine.asked == [(f"/distribution/registry:5000/app:1@{OTHER}/json", {"X-Registry-Auth": "x"})]


def test_a_registry_that_tells_no_platforms_is_another_thing_than_no_answer(warnings):
    assert images.resolve(Registry({"Descriptor": {"digest": DIGEST}}), "a", None, warnings.append).platforms == []
    assert images.resolve(Registry(EngineError("no", 500)), "a", None, warnings.append).platforms is None


@pytest.mark.parametrize(
    ("error", "auth", "words"),
    [
        (NotFound("manifest unknown: manifest unknown", 404), None, "does not have this image (manifest unknown"),
        (EngineError("unauthorized: authentication required", 401), "x", "refuses the credentials (unauth"),
        (
            EngineError('Head "http://r/": no basic auth credentials', 500),
            None,
            "requires credentials: see registry_auth",
        ),
        (EngineError("denied: requested access to the resource is denied", 403), None, "requires credentials"),
        (
            error_of(500, b'{"message": "Get: context deadline exceeded"}'),
            None,
            "in time (Get",
        ),
        (EngineError("Get: (Client.Timeout exceeded while awaiting headers)", 500), None, "does not respond in time"),
        (EngineError("dial tcp: connect: connection refused", 500), None, "cannot be queried (dial tcp"),
    ],
)
def test_a_registry_that_cannot_tell_is_one_warning(warnings, error, auth, words):
    pinned = images.resolve(Registry(error), "registry:5000/app", auth, warnings.append)
    assert pinned == ("registry:5000/app:latest", None)
    assert len(warnings) == 1
    assert (
        warnings[0].startswith("image registry:5000/app:latest: the registry registry:5000 ") and words in warnings[0]
    )
    assert warnings[0].endswith("not pinned to a digest, so nodes may run different versions of it.")
    assert "managers" not in warnings[0]


def test_a_registry_that_cannot_tell_takes_no_digest_away(warnings):
    live = f"busybox:1@{DIGEST}"
    engine = Registry(EngineError("connection refused", 500))
    assert images.resolve(engine, "busybox:1", None, warnings.append, live) == (live, None)
    assert warnings[0].endswith("The service keeps its current image.")
    assert images.resolve(engine, "busybox:2", None, warnings.append, live) == ("busybox:2", None)


def test_a_digest_of_an_unknown_platform_is_still_a_digest(warnings):
    image = f"busybox@{DIGEST}"
    assert images.resolve(Registry(NotFound("manifest unknown", 404)), image, None, warnings.append).image == image
    assert warnings[0].endswith("The platforms of the image are not known.")


def test_a_slow_registry_is_not_waited_for(warnings, monkeypatch):
    monkeypatch.setattr(images, "_PATIENCE", 1e-9)

    class Slow(Registry):
        def get(self, path, timeout=None, headers=None):
            raise self.answer

    pinned = images.resolve(Slow(Unreachable("no response within 0 seconds")), "busybox", None, warnings.append)
    assert pinned.image == "busybox:latest"
    assert "docker.io does not respond in time" in warnings[0]


def test_an_engine_that_is_gone_is_no_slow_registry(warnings):
    with pytest.raises(Unreachable, match="the socket does not exist"):
        images.resolve(Registry(Unreachable("the socket does not exist")), "busybox", None, warnings.append)
    assert warnings == []
