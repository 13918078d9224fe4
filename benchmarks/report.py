# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Medians over the rounds, the spread of the rounds' ratios, and what each line is held against."""

from __future__ import annotations

import statistics
from collections.abc import Mapping

from measuring import Case, Figures, median

#: Line -> requests and commands per task.
Counts = Mapping[str, tuple[float, float]]


def show(cases: Mapping[str, Case], figures: Figures, counts: Counts) -> None:
    print(f"\n{'one task':52} {'ms':>6} {'ratio':>6} {'CPU':>6} {'ratio':>6} {'requests':>8} {'commands':>8}  spread")
    for name, costs in figures.items():
        floor = figures[f"{cases[name].connection.name}: an empty module"]
        each, base = median(costs), median(floor)
        ratios = [one.wall / other.wall for one, other in zip(costs, floor)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        asked = "".join(f"{number:9g}" for number in counts[name]) if name in counts else " " * 18
        columns = f"{each.wall * 1000:6.0f} {statistics.median(ratios):6.2f} {each.cpu * 1000:6.0f} {each.cpu / base.cpu:6.2f}"
        print(f"{name:52} {columns}{asked}  {spread}{_verdict(cases[name], name, figures)}")


def _verdict(case: Case, name: str, figures: Figures) -> str:
    """Return the lines that this one is held against, where it exceeds the limit."""
    words = []
    for other, limit in case.limits.items():
        share = ratio(figures, name, other)
        words.append(f"  {'ok' if share <= limit else 'ABOVE THE LIMIT'}: {share:.2f} (at most {limit:g}) of {other}")
    return "".join(words)


def ratio(figures: Figures, name: str, other: str) -> float:
    """Return the median of the rounds' ratios: what disturbs a round disturbs both."""
    return statistics.median(one.wall / base.wall for one, base in zip(figures[name], figures[other]))
