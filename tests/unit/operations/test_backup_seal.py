# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S7: the authentication code of a backup, and which archives are restored without one."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations import seal
from ansible_collections.hive.swarm.tests.unit.operations.test_cluster_restore import copy, described, plan

KEY = "a passphrase"
MANIFEST = described("n2", encrypted=True, checksum="sum", archive="swarm.tar.gz.enc")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """The derivation is slow by design; one test has it as it is."""
    monkeypatch.setattr(seal, "_ITERATIONS", 10)


def sealed(passphrase=KEY, **changes):
    return json.dumps(seal.seal({**MANIFEST, **changes}, passphrase))


def test_s7_what_was_sealed_is_valid_and_reads_as_it_was():
    assert seal.read(sealed(), KEY) == {"manifest": MANIFEST, "seal": "valid"}
    assert seal.read(json.dumps(json.loads(sealed()), indent=8), KEY)["seal"] == "valid"


def test_s7_the_code_is_hmac_of_a_key_by_pbkdf2(monkeypatch):
    """S7: so that other programs can check it: sorted keys, no spaces, the description without its code."""
    monkeypatch.undo()
    found = json.loads(sealed())
    mac = found.pop("mac")
    key = hashlib.pbkdf2_hmac("sha256", KEY.encode(), bytes.fromhex(mac["salt"]), 600_000)
    text = json.dumps(found, sort_keys=True, separators=(",", ":"))
    assert mac["value"] == hmac.new(key, text.encode(), "sha256").hexdigest()
    assert len(mac["salt"]) == 64


def test_s7_each_seal_has_a_salt_of_its_own():
    assert json.loads(sealed())["mac"] != json.loads(sealed())["mac"]


@pytest.mark.parametrize("key", sorted(MANIFEST))
def test_s7_no_field_of_a_description_can_change(key):
    """S7: encrypted, checksum, autolocked, managers, window and all others."""
    changed = json.loads(sealed())
    changed[key] = "other"
    assert seal.read(json.dumps(changed), KEY)["seal"] == "invalid"
    del changed[key]
    assert seal.read(json.dumps(changed), KEY)["seal"] == "invalid"


@pytest.mark.parametrize(
    "mac",
    [
        {},
        {"salt": "", "value": ""},
        {"salt": "zz", "value": "0" * 64},
        {"salt": None, "value": None},
        {"salt": "00", "value": 5},
        {"salt": "00", "value": "\u00e4"},
        {"value": "0" * 64},
        [],
        "valid",
        True,
    ],
)
def test_s7_a_code_that_is_none_is_invalid(mac):
    assert seal.read(json.dumps({**MANIFEST, "mac": mac}), KEY)["seal"] == "invalid"


def test_s7_another_passphrase_does_not_do():
    assert seal.read(sealed(), "another")["seal"] == "invalid"
    assert seal.read(sealed(), KEY + "\n")["seal"] == "valid", "as the shell, which drops it, encrypts"
    assert seal.read(sealed(), "")["seal"] == "unchecked"


def test_s7_more_keys_and_the_same_key_twice_do_not_do():
    assert seal.read(json.dumps({**json.loads(sealed()), "more": 1}), KEY)["seal"] == "invalid"
    twice = sealed().replace('"managers": 3', '"managers": 3, "managers": 1')
    assert seal.read(twice, KEY)["seal"] == "invalid"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"a"', "5", "\x00"])
def test_what_is_not_a_description_is_none(text):
    assert seal.read(text, KEY) == {"manifest": {}, "seal": "missing"}


def test_without_a_passphrase_there_is_no_code():
    assert json.loads(sealed("")) == MANIFEST


# -- which archives are restored --------------------------------------------------------------------------------------

WITH = {"can_decrypt": True, "verifies": True}


def given(state="valid", file="", **changes):
    return copy("n2", **{"encrypted": True, **changes})._replace(seal=state, file=file)


def test_s7_an_authentic_archive_is_restored():
    assert plan(given(), **WITH)["stop"] == []
    assert plan(given(file="a.tar.gz"), **WITH)["stop"] == []


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        (given(encrypted=False), "archive_not_authentic"),
        (given("missing", encrypted=False), "archive_not_authentic"),
        (given(encrypted="yes"), "archive_not_authentic"),
        (given("missing"), "archive_not_authentic"),
        (given("unchecked"), "archive_not_authentic"),
        (given("invalid"), "archive_not_authentic"),
        (given("invalid", encrypted=False), "archive_not_authentic"),
        (given(checksum="other"), "archive_damaged"),
        (given(file="swarm-of-yesterday.tar.gz"), "archive_not_authentic"),
    ],
)
def test_s7_with_a_passphrase_no_other_archive_is(refused, kind):
    (reason,) = plan(refused, **WITH)["stop"]
    assert reason.kind == kind


def test_s7_what_the_operator_accepts_is_restored():
    for accepted in (given("missing", encrypted=False), given("missing"), given("unchecked")):
        assert plan(accepted, can_decrypt=True)["stop"] == []
    (reason,) = plan(given("invalid"), can_decrypt=True)["stop"]
    assert reason.kind == "archive_not_authentic"
