# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=sh
# Says how a folder and a file or device are, one fact a line. Arguments: the folder, the file or device.
# Changes nothing, but that the kernel may load a module.
folder=$1 source=$2
# The file or device that a line of /proc/self/mounts or fstab names, by its real path. For a loop device of a file, the file.
real() {
    case $1 in
        UUID=*) if [ "${1#UUID=}" = "$uuid" ]; then readlink -f "$source"; else echo "$1"; fi ;;
        *)
            file=$(readlink -f "$1" || echo "$1")
            case $file in
                "$(readlink -f "$source")") ;;
                /dev/loop*) file=$(cat "/sys/block/${file#/dev/}/loop/backing_file" 2>/dev/null || echo "$file") ;;
            esac
            echo "$file"
            ;;
    esac
}
same() { [ "$(real "$1")" = "$(readlink -f "$source")" ]; }
said() { blkid --probe --match-tag "$1" --output value "$source" 2>/dev/null || true; }

grep -qw btrfs /proc/filesystems || modprobe btrfs 2>/dev/null || true
if grep -qw btrfs /proc/filesystems; then echo "kernel btrfs"; fi
if [ -e "$source" ]; then echo exists; fi
if [ -b "$source" ]; then echo block; fi
uuid=
if [ -s "$source" ] || [ -b "$source" ]; then
    type=$(said TYPE) label=$(said LABEL) table=$(said PTTYPE) uuid=$(said UUID)
    if [ -n "$type$table" ]; then
        echo "holds ${type:-partitions}${label:+ $label}"
        echo "uuid $uuid"
    elif [ -n "$(head -c 1048576 "$source" | tr -d '\0' | head -c 1)" ]; then
        echo "holds data"
    fi
fi
# The last line is what is on top.
top=$(awk -v folder="$folder" '$2 == folder { found = $1 " " $3 } END { print found }' /proc/self/mounts)
if [ "${top##* }" = btrfs ]; then
    if same "${top% *}"; then echo mounted; else echo data; fi
elif [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
    echo data
fi
while read -r device target rest; do
    if [ "$target" != "$folder" ] && [ "${device#/}" != "$device" ] && same "$device"; then echo "elsewhere $target"; fi
done </proc/self/mounts
while read -r device target rest; do
    if [ "${device#\#}" = "$device" ] && [ "$target" = "$folder" ] && ! same "$device"; then echo "fstab $device $target $rest"; fi
done </etc/fstab
