#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the collection's tarball into the folder given and prints its path.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p "$1"
out=$(readlink -f "$1")
venv=$PWD/.venv
tmp=$(mktemp -d "$PWD/.build/copy.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
cd "$(tools/copy.sh "$tmp")"
"$venv/bin/ansible-galaxy" collection build --force --output-path "$out" >/dev/null
ls "$out"/hive-swarm-*.tar.gz
