# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell script that inspects a host, with one command and without Python there. It changes nothing."""

from __future__ import annotations

import typing as t

#: A fact a line, its words separated by tabs. ``main`` reads no standard input, which is the script itself.
SCRIPT = r"""
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
tab=$(printf '\t')

has() { command -v "$1" >/dev/null 2>&1; }
encoded() { base64 <"$1" | tr -d '\n'; }

service() {
    unit= started=
    while IFS= read -r line; do
        printf 'service\t%s\n' "$line"
        case $line in
            FragmentPath=?*) unit=${line#*=} ;;
            ExecMainStartTimestamp=?*) started=${line#*=} ;;
            MainPID=0) ;;
            MainPID=?*) case $(readlink "/proc/${line#*=}/exe") in *deleted*) echo replaced ;; esac ;;
        esac
    done <<END
$(systemctl show --property=LoadState,ActiveState,UnitFileState,MainPID,FragmentPath,ExecMainStartTimestamp docker.service 2>/dev/null)
END
    if [ -n "$started" ]; then printf 'started\t%s\n' "$(date -d "$started" +%s)"; fi
    if [ -f "$unit" ]; then sed -n "s/^ExecStart=/command$tab/p" "$unit"; fi
}

firewalls() {
    if has systemctl; then
        for name in firewalld nftables; do
            if [ "$(systemctl is-active "$name" 2>/dev/null)" = active ]; then printf 'firewall\t%s\n' "$name"; fi
        done
    fi
    if has ufw && ufw status 2>/dev/null | grep -q '^Status: active'; then printf 'firewall\tufw\n'; fi
}

packages() {
    if [ $# = 0 ]; then return; fi
    if has dpkg-query; then
        dpkg-query -W -f 'package\t${Package}\t${db:Status-Abbrev}\t${Version}\n' "$@" 2>/dev/null
    elif has rpm; then
        rpm -q --qf 'package\t%{NAME}\tii\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$@" 2>/dev/null
    fi
}

main() {
    mark=$1 count=$2
    shift 2
    printf '\n%s\n' "$mark"
    printf 'uid\t%s\n' "$(id -u)"
    for file in /etc/os-release /usr/lib/os-release; do
        if [ -f "$file" ]; then printf 'os-release\t%s\n' "$(encoded "$file")"; break; fi
    done
    if [ -d /run/systemd/system ]; then manager=systemd; else manager=$(cat /proc/1/comm 2>/dev/null); fi
    printf 'service-manager\t%s\n' "$manager"
    if has systemctl; then service; fi
    firewalls
    number=0
    while [ "$number" -lt "$count" ]; do
        if [ -f "$2" ]; then
            printf 'file\t%s\t%s\n' "$number" "$(stat -L -c '%a %Y' "$2")"
            if [ "$1" = read ]; then printf 'content\t%s\t%s\n' "$number" "$(encoded "$2")"; fi
        fi
        shift 2
        number=$((number + 1))
    done
    packages "$@"
    echo end
}

main "$@" </dev/null
"""


def command(mark: str, files: t.Sequence[str], contents: t.Sequence[str], packages: t.Sequence[str]) -> list[str]:
    """Return the words of the command whose standard input is the script.

    :param mark: what the output begins with, after anything that a login shell or sudo prints.
    :param contents: those of the files whose content is wanted, too.
    """
    described = [word for file in files for word in ("read" if file in contents else "stat", file)]
    return ["/bin/sh", "-s", "--", mark, str(len(files)), *described, *packages]
