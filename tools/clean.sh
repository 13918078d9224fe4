#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Removes what builds and tests left in the checkout. With "all" the environments and caches too.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = all ]; then
    rm -rf .build .venv .venv-*
else
    rm -rf .build/{copy.*,dist,docs,molecule,pytest,ruff,runs}
fi
rm -rf .ansible tests/output changelogs/.plugin-cache.yaml
find . -name .git -prune -o -path './.venv*' -prune -o -path ./.build -prune -o -name __pycache__ -print0 | xargs -0 rm -rf
