# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cache: how long it serves, that it serves in an emergency, and that it holds what it shall."""

from __future__ import annotations

import json
import os
import time

import pytest

from . import replay
from .nodes import answers, local_answers, manager, node

BEFORE = answers(manager(), node("w1", "web1"))
AFTER = answers(manager(), node("w1", "web1"), node("w2", "web2"))
NO_QUORUM = local_answers("active", ControlAvailable=True, Error="The swarm does not have a leader.")


@pytest.fixture
def engine():
    with replay.engine(BEFORE) as (url, engine):
        engine.url = url
        yield engine


@pytest.fixture
def cached(read, tmp_path):
    """read with a cache on the disk."""

    def run(docker_host, **options):
        return read(
            docker_host, cache=True, cache_plugin="jsonfile", cache_connection=str(tmp_path / "cache"), **options
        )

    run.folder = tmp_path / "cache"
    return run


def older(folder, seconds):
    """Let time pass for what is in the cache."""
    for file in folder.iterdir():
        document = json.loads(file.read_text())
        inner = document
        if "__payload__" in document:
            inner = json.loads(document["__payload__"])
        inner["at"] -= seconds
        if "__payload__" in document:
            document["__payload__"] = json.dumps(inner)
        file.write_text(json.dumps(document))
        os.utime(file, (time.time() - seconds, time.time() - seconds))


def test_a_second_run_asks_nobody(engine, cached):
    first = cached(engine.url)
    engine.answers = AFTER
    second = cached(engine.url)
    assert second.vars == first.vars and second.groups == first.groups
    assert second.warnings == []
    assert len(engine.asked) == 2


def test_flushing_asks_again_and_keeps_the_answer(engine, cached):
    cached(engine.url)
    engine.answers = AFTER
    assert cached(engine.url, fresh=True).hosts == ["boss", "web1", "web2"]
    assert cached(engine.url).hosts == ["boss", "web1", "web2"]
    assert len(engine.asked) == 4


def test_an_old_answer_is_not_used(engine, cached):
    cached(engine.url, cache_timeout=60)
    engine.answers = AFTER
    older(cached.folder, 50)
    assert len(cached(engine.url, cache_timeout=60).hosts) == 2
    older(cached.folder, 50)
    assert len(cached(engine.url, cache_timeout=60).hosts) == 3


def test_no_timeout_is_for_ever(engine, cached):
    cached(engine.url, cache_timeout=0)
    older(cached.folder, 10**7)
    cached(engine.url, cache_timeout=0)
    assert len(engine.asked) == 2


def test_without_quorum_the_old_answer_serves(engine, cached):
    cached(engine.url, cache_timeout=60)
    engine.answers = NO_QUORUM
    older(cached.folder, 3 * 86400)
    found = cached(engine.url, cache_timeout=60)
    assert found.hosts == ["boss", "web1"]
    (warning,) = found.warnings
    assert "No manager of a swarm with quorum answers" in warning
    assert "those of 3 days ago, from the cache" in warning
    engine.answers = AFTER
    assert len(cached(engine.url, cache_timeout=60).hosts) == 3


def test_the_old_answer_serves_when_nobody_is_there(cached):
    with replay.engine(BEFORE) as (url, _engine):
        cached(url, cache_timeout=1)
    older(cached.folder, 100)
    assert cached(url, cache_timeout=1).hosts == ["boss", "web1"]


def test_the_old_answer_does_not_serve_where_it_was_flushed(engine, cached):
    cached(engine.url)
    engine.answers = NO_QUORUM
    with pytest.raises(Exception, match="No manager of a swarm with quorum answers"):
        cached(engine.url, fresh=True)
    assert cached(engine.url).hosts == ["boss", "web1"], "it is still there"


def test_the_old_answer_does_not_serve_where_the_swarm_is_gone(engine, cached):
    """An engine that says that it is in no swarm is no emergency."""
    cached(engine.url, cache_timeout=1)
    older(cached.folder, 100)
    engine.answers = local_answers("inactive")
    with pytest.raises(Exception, match="in no swarm"):
        cached(engine.url, cache_timeout=1)


def test_other_questions_have_other_answers(engine, cached):
    for options in ({}, {"raw": True}, {"filters": {"role": "worker"}}, {"group_by": ["stack"]}):
        engine.answers = {**BEFORE, **{f"/{path}": {"status": 200, "body": []} for path in ("services", "tasks")}}
        before = len(engine.asked)
        cached(engine.url, **options)
        assert len(engine.asked) > before, options
    asked = len(engine.asked)
    for options in ({"offline": "exclude"}, {"query": "[]"}, {"hostnames": ["id"]}, {"include": ["true"]}):
        cached(engine.url, **options)
    assert len(engine.asked) == asked, "what is made of an answer needs no other one"


def test_another_form_is_no_answer(engine, cached, monkeypatch):
    cached(engine.url)
    monkeypatch.setattr("ansible_collections.hive.swarm.plugins.plugin_utils._inventory.cache.FORMAT", 2)
    cached(engine.url)
    assert len(engine.asked) == 4


def test_nothing_secret_is_kept(cached):
    loud = answers(manager(), node("w1", "web1"))
    loud["/info"]["body"]["Swarm"]["Cluster"]["JoinTokens"] = {"Worker": "SWMTKN-1-x"}
    with replay.engine(loud) as (url, _engine):
        found = cached(url, raw=True)
    assert "SWMTKN" not in "".join(file.read_text() for file in cached.folder.iterdir()) + str(found.vars)


def test_without_the_option_nothing_is_kept(engine, read):
    read(engine.url)
    read(engine.url)
    assert len(engine.asked) == 4
