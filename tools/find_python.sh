#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Prints "VERSION PATH" for each of the Python versions named that this machine has, in that order.
# Candidates are run, since a name on PATH proves little. Shims of version managers are passed by: they exist for every
# version, are slow, and fail for those that are not selected; what they would start is looked up in its own place.
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/.."

candidates() {
    local version=$1
    printf '%s\n' \
        "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3 \
        "$HOME"/.asdf/installs/python/"$version".*/bin/python3 \
        "$HOME"/.local/share/{mise/installs/python,uv/python}/*"$version".*/bin/python3
    type -ap "python$version" python3 | grep -v /shims/ || true
}

# Print the path of a Python in which a program takes a sixth less time, where it takes a second to make one.
#
# A Python that a version manager has built is often a shared library, in which a call goes by a table and nothing is
# inlined. Its static library is installed beside it, and of that an interpreter of the same files can be linked.
quicker() {
    local version=$1 python=$2 made=$PWD/.build/python/$1 folder library
    read -r folder library < <("$python" -c 'from sysconfig import get_config_var as get
print(get("LIBPL"), get("LIBRARY")) if get("Py_ENABLE_SHARED") else print()') || true
    if [ -e "$folder/$library" ] && [ -e "$folder/python.o" ] && command -v cc >/dev/null; then
        mkdir -p "$made"
        if [ "$folder/$library" -nt "$made/python$version" ]; then
            cc -o "$made/$$" "$folder/python.o" "$folder/$library" -Xlinker -export-dynamic -lm -ldl -lpthread -lutil \
                2>/dev/null && mv "$made/$$" "$made/python$version"
        fi
        if same_files "$python" "$made/python$version"; then
            python=$made/python$version
        fi
    fi
    echo "$python"
}

# Whether two interpreters have the same version and the same standard library, and load what is not built in.
same_files() {
    local ask='import ctypes, os, ssl, sys, venv; print(sys.version, os.__file__, ssl.__file__)'
    [ "$("$1" -c "$ask")" = "$("$2" -c "$ask" 2>/dev/null)" ]
}

for version in "$@"; do
    while read -r candidate; do
        found=$("$candidate" -c 'import ctypes, os, ssl, sys, venv
print("%d.%d" % sys.version_info[:2], os.path.realpath(sys.executable))' 2>/dev/null </dev/null) || continue
        if [ "${found%% *}" = "$version" ]; then
            echo "$version $(quicker "$version" "${found#* }")"
            break
        fi
    done < <(candidates "$version")
done
