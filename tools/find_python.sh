#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Prints "VERSION PATH" for each of the Python versions named that this machine has, in that order.
# Candidates are run, since a name on PATH proves little. Shims of version managers are passed by: they exist for every
# version, are slow, and fail for those that are not selected; what they would start is looked up in its own place.
set -euo pipefail
shopt -s nullglob

candidates() {
    local version=$1
    printf '%s\n' \
        "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3 \
        "$HOME"/.asdf/installs/python/"$version".*/bin/python3 \
        "$HOME"/.local/share/{mise/installs/python,uv/python}/*"$version".*/bin/python3
    type -ap "python$version" python3 | grep -v /shims/ || true
}

for version in "$@"; do
    while read -r candidate; do
        found=$("$candidate" -c 'import ctypes, os, ssl, sys, venv
print("%d.%d" % sys.version_info[:2], os.path.realpath(sys.executable))' 2>/dev/null </dev/null) || continue
        if [ "${found%% *}" = "$version" ]; then
            echo "$found"
            break
        fi
    done < <(candidates "$version")
done
