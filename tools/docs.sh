#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the HTML documentation of the collection, offline: plugins, roles and the guides of docs/docsite/rst.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/.build/docs
venv=$PWD/.venv-lint
exec 9>.build/docs.lock
flock 9
rm -rf "$out"
mkdir -p "$out"
export HOME=$out # for the log that antsibull-docs leaves at home
cp -r docs/site "$out/source"
mkdir -m 755 "$out/source/collection"

PATH=$venv/bin:$PATH antsibull-docs collection --use-current --squash-hierarchy --cleanup everything \
    --dest-dir "$out/source/collection" hive.swarm
"$venv/bin/sphinx-build" -q -W --keep-going -b html "$out/source" "$out/html"
echo "documentation: .build/docs/html/index.html"
