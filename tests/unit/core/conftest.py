# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Property tests: the same examples every time, and nothing left in the checkout."""

from __future__ import annotations

import tempfile

from hypothesis import configuration, settings

configuration.set_hypothesis_home_dir(tempfile.gettempdir() + "/hive-swarm-hypothesis")
settings.register_profile("laws", database=None, deadline=None, derandomize=True, max_examples=60)
settings.load_profile("laws")
