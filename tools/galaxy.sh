#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What becomes of the collection on its way to a user: it is built, Galaxy's import checks pass, it installs offline
# into an empty folder, and ansible-doc reads everything that is in it.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/.venv-importer/bin
tmp=$(mktemp -d "$PWD/.build/copy.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

tarball=$(tools/build.sh "$tmp/dist")
echo "== built $(basename "$tarball")"
tar tzf "$tarball"

echo "== import"
printf '[galaxy-importer]\nLOG_LEVEL_MAIN = INFO\nRUN_ANSIBLE_LINT = False\nCHECK_REQUIRED_TAGS = True\n' >"$tmp/importer.cfg"
cd "$tmp"
PATH=$bin:$PATH GALAXY_IMPORTER_CONFIG=$tmp/importer.cfg "$bin/python" -m galaxy_importer.main "$tarball" 2>&1 | tee import.log
if grep -E '^(ERROR|WARNING)|Traceback' import.log; then exit 1; fi

echo "== install"
export ANSIBLE_COLLECTIONS_PATH=$tmp/installed ANSIBLE_HOME=$tmp/home
"$bin/ansible-galaxy" collection install --offline --no-deps -p "$tmp/installed" "$tarball"
"$bin/ansible-doc" --metadata-dump hive.swarm >documented.json
"$bin/python" "$OLDPWD/tools/installed.py" documented.json "$tmp/installed/ansible_collections/hive/swarm"
