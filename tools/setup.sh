#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes the Python environments that are named, or brings them up to date: tools/setup.sh main floor lint ...
# "main" becomes .venv, any other NAME becomes .venv-NAME, with the packages pinned in requirements/NAME.txt.
#
# An environment is complete when its stamp is there and matches; the stamp goes first and comes last, so a set-up
# that was cut off is started over. A lock keeps two set-ups from meeting.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH

# The newest that all tools know comes first; 3.14 only if none of the other newer ones exists.
PYTHONS=(3.13 3.12 3.14 3.11)
FLOOR_PYTHONS=(3.11 3.12 3.13)
NEXT_PYTHONS=(3.13 3.14) # ansible-core 2.22 needs 3.13

die() {
    echo "setup: $*" >&2
    exit 1
}

# Print the path of a Python of one of the versions given, the first that is there.
find_python() {
    local found
    read -r _ found < <(tools/find_python.sh "$@") && echo "$found"
}

# Get uv, which installs, with whichever of pip and venv this machine has.
get_uv() {
    local python tmp=$STATE/uv.tmp
    if cmp -s requirements/uv.txt "$STATE/uv/requirements.txt"; then return; fi
    python=$(find_python "${PYTHONS[@]}") || die "needs Python 3.11 or later; on Debian: apt-get install python3 python3-venv"
    rm -rf "$tmp" "$STATE/uv"
    if "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip install -q --disable-pip-version-check --root-user-action ignore --target "$tmp" \
            --require-hashes -r requirements/uv.txt
    elif "$python" -c 'import ensurepip' >/dev/null 2>&1; then
        "$python" -m venv "$tmp"
        "$tmp/bin/python" -m pip install -q --disable-pip-version-check --root-user-action ignore \
            --require-hashes -r requirements/uv.txt
    else
        die "$python has neither pip nor venv; on Debian: apt-get install python3-venv"
    fi
    cp requirements/uv.txt "$tmp/requirements.txt"
    mv "$tmp" "$STATE/uv"
}

# uv does not read pip's settings; a mirror set there is meant for us too.
use_pip_index() {
    local index
    if [ -n "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then return; fi
    index=${PIP_INDEX_URL:-$("$1" -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX=$index; fi
}

# Make the collection importable as ansible_collections.hive.swarm under any name of the checkout's folder.
link_collection() {
    local parent
    parent=$(echo "$1"/lib/python3.*/site-packages)/ansible_collections/hive
    mkdir -p "$parent"
    ln -sfn "$PWD" "$parent/swarm"
}

make_env() {
    local name=$1 link=.venv-$1 dir want python
    local pythons=("${PYTHONS[@]}")
    if [ "$name" = main ]; then link=.venv; fi
    if [ "$name" = floor ]; then pythons=("${FLOOR_PYTHONS[@]}"); fi
    if [ "$name" = next ]; then pythons=("${NEXT_PYTHONS[@]}"); fi
    if [ "$name" = next ] && ! find_python "${pythons[@]}" >/dev/null; then
        echo "setup: without Python 3.13 nothing is tested with the next ansible-core"
        return
    fi
    [ -f "requirements/$name.txt" ] || die "no requirements/$name.txt"
    dir=$PWD/$link
    want="$PWD $(sha256sum <"requirements/$name.txt")"
    if [ "$(cat "$dir/stamp" 2>/dev/null)" = "$want" ] && "$dir/bin/python" -c '' 2>/dev/null; then return; fi

    get_uv
    if [[ "$(cat "$dir/stamp" 2>/dev/null)" = "$PWD "* ]] && "$dir/bin/python" -c '' 2>/dev/null; then
        echo "setup: bringing $link up to date"
        rm "$dir/stamp"
    else
        python=$(find_python "${pythons[@]}") || die "$link needs one of Python ${pythons[*]}"
        echo "setup: making $link with $python"
        rm -f "$dir/stamp"
        "$STATE/uv/bin/uv" venv -q --clear --python "$python" "$dir"
    fi
    use_pip_index "$(find_python "${PYTHONS[@]}")"
    "$STATE/uv/bin/uv" pip sync -q --require-hashes --python "$dir/bin/python" "requirements/$name.txt"
    if [ "$name" != importer ]; then link_collection "$dir"; fi
    echo "$want" >"$dir/stamp"
}

STATE=$PWD/.build
mkdir -p "$STATE"
exec 9>"$STATE/setup.lock"
flock -n 9 || { echo "setup: waiting for another set-up to end"; flock 9; }
for name in "$@"; do make_env "$name"; done
