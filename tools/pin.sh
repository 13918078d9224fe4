#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Pins each requirements/NAME.in in requirements/NAME.txt, with the hashes of its files, for every Python from 3.11 on.
# No header and no annotations: they would carry paths and hosts of the machine that ran this.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true

for source in requirements/*.in; do
    .build/uv/bin/uv pip compile -q --upgrade --no-header --no-annotate --universal --python-version 3.11 --generate-hashes \
        "$source" -o "${source%.in}.txt"
done
git diff --stat -- requirements
