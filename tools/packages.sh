#!/usr/bin/env bash
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Installs the Debian packages that this machine lacks: tools/packages.sh [lab] [hosts]
#
# lab (the default): what tests with real engines need. The packages of a lab are installed by the lab's own role; here
# are the clients and login shells that some tests run.
# hosts: what the whole hosts of extensions/molecule/hosts need.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" = 0 ] || { echo "packages: labs and hosts need root: they make network namespaces" >&2; exit 1; }

missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }
need ssh openssh-client
lab=
for kind in "${@:-lab}"; do
    case $kind in
        lab)
            lab=yes
            need openssl openssl
            need nft nftables
            for shell in csh fish ksh zsh; do need "$shell" "$shell"; done
            ;;
        hosts)
            need debootstrap debootstrap
            need systemd-nspawn systemd-container
            need ip iproute2
            need busybox busybox-static
            need linux.uml user-mode-linux
            ;;
        *) echo "packages: $kind is neither lab nor hosts" >&2 && exit 2 ;;
    esac
done
if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || { echo "packages: please install ${missing[*]}" >&2; exit 1; }
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
fi
[ -n "$lab" ] || exit 0
for program in dockerd containerd runc iptables ip busybox docker-registry; do
    if ! command -v "$program" >/dev/null; then
        exec .venv/bin/ansible-playbook tools/packages.yml
    fi
done
