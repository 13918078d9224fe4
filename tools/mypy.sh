#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Checks the types of the collection's Python as ansible_collections.hive.swarm, whatever the checkout's folder is called.
# mypy does not read a package without py.typed from an environment, so it gets a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

namespace=.build/mypy/path/ansible_collections/hive
mkdir -p "$namespace"
ln -sfn "$PWD" "$namespace/swarm"
.venv-lint/bin/mypy -p ansible_collections.hive.swarm.plugins "$@" | sed "s|^$namespace/swarm/||"
