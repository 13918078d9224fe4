#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Installs the Debian packages that the tests with real engines need and this machine lacks: those of a lab by the
# lab's own role, and the clients and login shells that some tests run.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" = 0 ] || { echo "packages: tests with real engines need root: they make network namespaces" >&2; exit 1; }

missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }
need openssl openssl
need ssh openssh-client
need nft nftables
for shell in csh fish ksh zsh; do need "$shell" "$shell"; done
if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || { echo "packages: please install ${missing[*]}" >&2; exit 1; }
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
fi
for program in dockerd containerd runc iptables ip busybox docker-registry; do
    if ! command -v "$program" >/dev/null; then
        exec .venv/bin/ansible-playbook tools/packages.yml
    fi
done
