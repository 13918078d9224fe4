#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The demo: a lab of real engines, a swarm on them, the same run again with nothing changed, and the swarm's status.
# The lab adds its hosts to the inventory of the run that it is in, so each run starts with it.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "demo: the lab makes network namespaces and needs root: sudo make demo" >&2; exit 1; }
# The lab brings its own inventory; what does not apply need not be read; tables are read more easily as YAML.
export ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_INVENTORY_UNPARSED_WARNING=False
export ANSIBLE_DISPLAY_SKIPPED_HOSTS=no ANSIBLE_CALLBACK_RESULT_FORMAT=yaml
again=$(mktemp)
trap 'rm -f "$again"' EXIT

say() { printf '\n=== %s\n' "$*"; }

say "1/3 a lab and a swarm on it"
.venv/bin/ansible-playbook hive.swarm.lab hive.swarm.site --diff "$@"
say "2/3 the same again: nothing may change"
ANSIBLE_FORCE_COLOR=0 .venv/bin/ansible-playbook hive.swarm.lab hive.swarm.site --diff "$@" | tee "$again"
if grep -E ': ok=[0-9]+ +changed=[1-9]' "$again"; then
    echo "demo: the second run changed something on the hosts above" >&2
    exit 1
fi
say "3/3 the swarm"
.venv/bin/ansible-playbook hive.swarm.lab hive.swarm.status "$@"
say "changed=0 in the second run. The swarm is up until 'make clean'."
