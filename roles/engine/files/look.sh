# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=sh
# Says what is on the host, one fact a line. Arguments: the restart marker, files that the engine reads at its start,
# "--", names of packages. Changes nothing.
marker=$1
shift
started=0
if command -v systemctl >/dev/null; then
    echo "active $(systemctl show --property=ActiveState --value docker.service 2>/dev/null)"
    pid=$(systemctl show --property=MainPID --value docker.service 2>/dev/null)
    if [ "${pid:-0}" != 0 ]; then
        started=$(date -d "$(systemctl show --property=ExecMainStartTimestamp --value docker.service)" +%s)
        case $(readlink "/proc/$pid/exe") in *deleted*) echo "restart the program was replaced" ;; esac
    fi
    unit=$(systemctl show --property=FragmentPath --value docker.service 2>/dev/null)
    if [ -f "$unit" ]; then sed -n 's/^ExecStart=/command /p' "$unit"; fi
    for name in firewalld nftables; do
        if [ "$(systemctl is-active $name 2>/dev/null)" = active ]; then echo "firewall $name"; fi
    done
fi
if command -v ufw >/dev/null && ufw status 2>/dev/null | grep -q '^Status: active'; then echo "firewall ufw"; fi
changed() { [ -e "$1" ] && [ "$started" != 0 ] && [ "$(stat -c %Y "$1")" -ge $((started + $2)) ]; }
if changed "$marker" 0; then echo "restart daemon.json was changed"; fi
while [ "$1" != -- ]; do
    if changed "$1" 1; then echo "restart $1 was changed"; fi
    shift
done
shift
for name; do
    if command -v dpkg-query >/dev/null; then
        status=$(dpkg-query -W -f '${db:Status-Abbrev} ${Version}' "$name" 2>/dev/null) || continue
        case $status in
            [ih]i*) echo "package $name ${status##* }" ;;
            [ih][!nc]*) echo "unfinished $name" ;; # an installation was cut off
        esac
        case $status in
            h*) echo "held $name" ;;
        esac
    elif command -v rpm >/dev/null && rpm -q "$name" >/dev/null 2>&1; then
        rpm -q --qf 'package %{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$name"
    fi
done
if [ -f /etc/docker/daemon.json ]; then echo "mode $(stat -c %a /etc/docker/daemon.json)"; fi
if [ -f /etc/docker/daemon.json ]; then echo "config $(base64 -w 0 /etc/docker/daemon.json)"; fi
