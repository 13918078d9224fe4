#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ansible-test sanity of an environment's ansible-core (.venv or .venv-floor), on a copy of the checkout:
# tools/sanity.sh VENV "PYTHONS" [ARGUMENTS of ansible-test sanity]
#
# PYTHONS are those that the tests compile and import for, beside that of the environment; those that this machine lacks
# are left out.
# ansible-test keeps environments of its own below HOME and fetches get-pip.py for them from a host that build machines
# often cannot reach. So it gets a HOME of its own, with a stand-in there that installs pip by uv.
set -euo pipefail
cd "$(dirname "$0")/.."
state=$PWD/.build
venv=$PWD/$1
name=$(basename "$1")
read -r -a pythons <<<"$2"
shift 2

exec 9>"$state/sanity$name.lock"
flock 9

home=$state/home$name
mkdir -p "$home/.ansible/test/cache"
ln -sfn "$HOME/.config" "$home/.config" # where packages come from is set there
for version in 24_2 25_2; do
    cp tools/get_pip.py "$home/.ansible/test/cache/get_pip_$version.py"
done

# Outside of the checkout: in it, ansible-test would ask git, for which the copy is ignored.
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# No shims: ansible-test would take them for Pythons.
mkdir "$tmp/bin"
pythons+=("$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')")
tools/find_python.sh "${pythons[@]}" | while read -r version python; do
    ln -s "$python" "$tmp/bin/python$version"
done
mkdir -p "$state/shellcheck"
ln -sf "$PWD/.venv-lint/bin/shellcheck" "$state/shellcheck/"
path=$venv/bin:$tmp/bin:$state/uv/bin:$state/shellcheck:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

cd "$(tools/copy.sh "$tmp")"
HOME=$home PATH=$path ansible-test sanity --color no "$@"
