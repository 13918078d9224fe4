# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=sh
# Says how a folder and a file or device are, one fact a line. Arguments: the folder, the file or device.
# Changes nothing, but that the kernel may load a module.
folder=$1 source=$2
grep -qw btrfs /proc/filesystems || modprobe btrfs 2>/dev/null || true
if grep -qw btrfs /proc/filesystems; then echo "kernel btrfs"; fi
if [ -e "$source" ]; then echo exists; fi
if [ -b "$source" ]; then echo block; fi
# The last line is what is on top.
top=$(awk -v folder="$folder" '$2 == folder { found = $1 " " $3 } END { print found }' /proc/self/mounts)
device=${top% *}
if [ "${top##* }" = btrfs ]; then
    case $device in
        /dev/loop*) device=$(cat "/sys/block/${device#/dev/}/loop/backing_file") ;;
    esac
    if [ "$(readlink -f "$device")" = "$(readlink -f "$source")" ]; then echo mounted; fi
elif [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
    echo data
fi
if [ "${top##* }" = btrfs ] && [ "$(readlink -f "$device")" != "$(readlink -f "$source")" ]; then echo data; fi
if [ -s "$source" ] || [ -b "$source" ]; then
    type=$(blkid --probe --match-tag TYPE --output value "$source" 2>/dev/null) || true
    label=$(blkid --probe --match-tag LABEL --output value "$source" 2>/dev/null) || true
    table=$(blkid --probe --match-tag PTTYPE --output value "$source" 2>/dev/null) || true
    if [ -n "$type$table" ]; then
        echo "holds ${type:-partitions}${label:+ $label}"
    elif [ -f "$source" ] && [ -n "$(head -c 1048576 "$source" | tr -d '\0' | head -c 1)" ]; then
        echo "holds data"
    fi
fi
