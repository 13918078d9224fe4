#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs molecule scenarios, all or those that are named, one after the other: tools/molecule.sh [SCENARIO...]
# The repository in examples/infrastructure is one of them, by this path.
# Each in a process of its own, since molecule's own way to run several at once skips create and destroy.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/packages.sh hosts

PATH=$PWD/.venv-molecule/bin:$PATH
# The collection is linked into the environment; molecule need not fetch or install anything.
export ANSIBLE_COLLECTIONS_PATH=$PWD/.build/none MOLECULE_EPHEMERAL_DIRECTORY
if [ $# = 0 ]; then
    for folder in extensions/molecule/*/; do
        if [ -f "$folder/molecule.yml" ]; then set -- "$@" "$(basename "$folder")"; fi
    done
    set -- "$@" examples/infrastructure
fi
root=$PWD
failed=()
for scenario; do
    MOLECULE_EPHEMERAL_DIRECTORY=$root/.build/molecule/$scenario
    mkdir -p "$MOLECULE_EPHEMERAL_DIRECTORY"
    SECONDS=0
    # A repository runs as it does where it is the whole checkout.
    if [ -d "$scenario" ]; then cd "$scenario" && name=default; else name=$scenario; fi
    molecule "${MOLECULE_COMMAND:-test}" --scenario-name "$name" || failed+=("$scenario")
    cd "$root"
    echo "molecule: $scenario took $SECONDS s"
done
if [ ${#failed[@]} -gt 0 ]; then echo "molecule: failed: ${failed[*]}" >&2; exit 1; fi
