# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Laws of units and spellings."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.values import (
    DURATION,
    GO,
    LABELS,
    OPTIONS,
    PEM,
    format_duration,
    normalize_pem,
    parse_duration,
    parse_size,
)
from hypothesis import given
from hypothesis import strategies as st

NANOSECONDS = st.integers(min_value=0, max_value=2**63 - 1)  # Go's time.Duration
TEXT = st.text(alphabet="ab\n\r\t =+/", max_size=20)


# -- durations --------------------------------------------------------------------------------------------------------


@given(NANOSECONDS)
def test_any_duration_of_the_engine_survives(nanoseconds):
    assert parse_duration(format_duration(nanoseconds)) == nanoseconds


@given(NANOSECONDS)
def test_a_shown_duration_is_shown_as_it_is(nanoseconds):
    shown = format_duration(nanoseconds)
    assert DURATION.decode(DURATION.encode(shown)) == shown


@given(NANOSECONDS.filter(bool))
def test_k2_a_number_without_a_unit_is_refused(number):
    """K2: 30 was 30 ns, and a task was killed at once."""
    for spelling in (number, str(number), f"{number}.5"):
        with pytest.raises(ValueError, match="unit"):
            parse_duration(spelling)


@pytest.mark.parametrize("value", [True, None, [30], {"s": 30}, float("nan"), float("inf"), 1e30, "107000d", "-5s"])
def test_k2_what_is_not_a_duration_at_all(value):
    with pytest.raises(ValueError, match=r"must be a string|is too large|is not a duration"):
        parse_duration(value)


@given(st.integers(0, 10**6), st.integers(0, 999_999_999))
def test_a_fraction_loses_nothing(seconds, nanoseconds):
    assert parse_duration(f"{seconds}.{nanoseconds:09}s") == seconds * 10**9 + nanoseconds


# Each value with what options read in it, and what compose files read, as the docker CLI does (Go's time.ParseDuration);
# None where it is refused.
SECOND = 10**9
DURATIONS = {
    "0": (0, 0),
    "0s": (0, 0),
    "10s": (10 * SECOND, 10 * SECOND),
    "1m30s": (90 * SECOND, 90 * SECOND),
    "2h45m": (9900 * SECOND, 9900 * SECOND),
    "1h1m1.5s": (3661_500_000_000, 3661_500_000_000),
    "1.5s": (1_500_000_000, 1_500_000_000),
    ".5s": (500_000_000, 500_000_000),
    "1.us": (1_000, 1_000),
    "3ms": (3_000_000, 3_000_000),
    "3µs": (3_000, 3_000),
    "3\u03bcs": (3_000, 3_000),
    "3ns": (3, 3),
    "0.5ns0.5ns": (0, 0),
    "1d": (86400 * SECOND, None),
    "90d": (90 * 86400 * SECOND, None),
    "1w": (7 * 86400 * SECOND, None),
    " 5s ": (5 * SECOND, None),
    "-5s": (None, -5 * SECOND),
    "+2ns": (None, 2),
    "-0": (None, 0),
    "1": (None, None),
    "0.0": (None, None),
    "2562048h": (None, None),  # more than 64 bits
    **dict.fromkeys(
        ["", "s", ".s", "5 s", "5S", "1,5s", "5s 3m", "1s2", "five", "5sx", "0x10", "--1s", "1.5.5s", "٣s"],
        (None, None),
    ),
}
SIZES = {
    "0": (0, 0),
    "512": (512, 512),
    "5b": (5, 5),
    "1k": (1024, 1024),
    "1Kb": (1024, 1024),
    "64MiB": (64 * 2**20, 64 * 2**20),
    "1.5 GiB": (3 * 2**29, 3 * 2**29),
    "1.5g": (3 * 2**29, 3 * 2**29),
    ".5G": (2**29, 2**29),
    "1.m": (2**20, 2**20),
    "1t": (2**40, 2**40),
    "2p": (2**51, 2**51),
    " 512M": (512 * 2**20, None),
    "1  g": (2**30, None),
    "8192p": (None, None),  # more than 64 bits
    **dict.fromkeys(["", "k", "-1", "1x", "1bb", "1ib", "1 kk", "1kibi", "1.5.5m", "1\u212a", "٣"], (None, None)),
}


def read(parse, text, dialect):
    try:
        return parse(text, dialect)
    except ValueError:
        return None


@pytest.mark.parametrize("text", DURATIONS)
def test_durations_of_each_dialect(text):
    assert (read(parse_duration, text, OPTIONS), read(parse_duration, text, GO)) == DURATIONS[text]


@pytest.mark.parametrize("text", SIZES)
def test_sizes_of_each_dialect(text):
    assert (read(parse_size, text, OPTIONS), read(parse_size, text, GO)) == SIZES[text]


# -- labels -----------------------------------------------------------------------------------------------------------


# Surrogates and NUL are in no string of an engine.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@given(st.dictionaries(TEXT, TEXT))
def test_labels_of_strings_are_left_alone(labels):
    assert LABELS.encode(labels) == labels == LABELS.decode(LABELS.encode(labels))


@given(st.dictionaries(st.integers(), st.integers()))
def test_whole_numbers_are_what_was_written(labels):
    assert LABELS.encode(labels) == {str(key): str(value) for key, value in labels.items()}


@pytest.mark.parametrize("value", [True, False, 1.0, 1.10, None, [], {}])
def test_what_yaml_has_changed_is_refused(value):
    with pytest.raises(ValueError, match=r"the value of 'a' must be a string, not .*Put it in quotes"):
        LABELS.encode({"a": value})


# -- PEM --------------------------------------------------------------------------------------------------------------


@given(TEXT)
def test_normal_is_normal(text):
    for pem in (text, f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----"):
        assert normalize_pem(normalize_pem(pem)) == normalize_pem(pem)
        assert PEM.decode(PEM.encode(pem)) == PEM.encode(pem)


@given(st.lists(st.text(alphabet="abc+/=", min_size=1, max_size=8), min_size=1, max_size=5))
def test_blanks_and_line_ends_do_not_count(lines):
    pem = ["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"]
    normal = "\n".join(pem) + "\n"
    assert normalize_pem(normal) == normal
    assert normalize_pem("\r\n".join(pem)) == normal
    assert normalize_pem("\n\n".join(f"  {line}\t" for line in ["", *pem, ""])) == normal


def test_two_certificates_stay_two():
    one = "-----BEGIN CERTIFICATE-----\nab\n-----END CERTIFICATE-----\n"
    assert normalize_pem(f"{one}\n{one}") == one + one
