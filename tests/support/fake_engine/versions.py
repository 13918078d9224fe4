# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two engine generations that the fake plays."""

from __future__ import annotations

import functools
from typing import NamedTuple


class Version(NamedTuple):
    """What differs between engine generations on the wire."""

    engine: str
    api: str
    min_api: str
    builder: str  # value of Builder-Version on /_ping; empty: the header is absent
    swarm_header: bool  # /_ping carries Swarm: <state>, since API 1.42
    json_prefix: str  # what precedes a complaint of the JSON decoder
    bad_filter: str  # how a complaint of an unknown filter begins
    no_json_filter: int  # status for filters that are no JSON
    dialing: str  # how a failed connection is told
    ends_jobs: bool  # removing a job removes its tasks, too


API_1_41 = Version("20.10.24", "1.41", "1.12", "", False, "", "Invalid filter", 500, "Error while dialing", False)
API_1_51 = Version(
    "28.5.2", "1.51", "1.24", "2", True, "invalid JSON: ", "invalid filter", 400, "Error while dialing:", True
)


@functools.cache
def as_numbers(api: str) -> tuple[int, ...]:
    """(1, 41) for "1.41"; raises ValueError for what is no version."""
    return tuple(int(part) for part in api.split("."))


def refusal(asked: str, version: Version) -> str | None:
    """The engine's words for an API version out of its range, or None when it serves it."""
    if as_numbers(asked) < as_numbers(version.min_api):
        return (
            f"client version {asked} is too old. Minimum supported API version is {version.min_api}, "
            "please upgrade your client to a newer version"
        )
    if as_numbers(asked) > as_numbers(version.api):
        return f"client version {asked} is too new. Maximum supported API version is {version.api}"
    return None
