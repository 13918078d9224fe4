# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=sh
# Lets the engine itself judge a daemon.json. Arguments: the file, then the engine's command line.
# Before 23.0 it has no --validate. As a user without rights it reads and judges the file and ends then, since it is not
# root (moby 20.10, cmd/dockerd/daemon.go, start), before it has written anything.
file=$1
shift
if "$1" --help 2>&1 | grep -q -e --validate; then exec "$@" --validate --config-file "$file"; fi
# That user cannot open the file, which may have secrets: it gets what root has opened, through a pipe of its own.
said=$(setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh -c 'cat <&3 | "$@" --config-file /dev/stdin' \
    sh "$@" 3<"$file" 2>&1) || true
case $said in
    *"root privileges"*) exit 0 ;;
esac
echo "$said" >&2
exit 1
