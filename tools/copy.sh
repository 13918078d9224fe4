#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Copies the collection, uncommitted work included and ignored files left out, to DIR/ansible_collections/hive/swarm
# and prints that path. ansible-test and the galaxy build cannot work from the linked checkout: the first insists on
# this layout by getcwd(), the second packs whatever lies around.
set -euo pipefail
cd "$(dirname "$0")/.."
copy=$1/ansible_collections/hive/swarm
mkdir -p "$copy"
git ls-files -coz --exclude-standard | tar --null --ignore-failed-read -T- -cf - 2>/dev/null | tar xf - -C "$copy"
echo "$copy"
