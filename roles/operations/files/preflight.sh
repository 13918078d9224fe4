# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=sh
# Says what is on the host, one fact a line. Arguments: the controller's time in seconds, names of kernel modules.
# Changes nothing.
echo "clock $(($(date +%s) - $1))"
shift
kernel=$(uname -r)
for module; do
    if ! test -d "/sys/module/$module" && command -v modprobe >/dev/null && ! modprobe -nq "$module"; then
        if test -d "/lib/modules/$kernel"; then echo "module $module"; else echo "unknown $module $kernel"; fi
    fi
done
if command -v ip >/dev/null; then
    ip -o address show | awk '/ dynamic / { sub("/.*", "", $4); print "dynamic " $4 }'
    ip -o link show | sed -n 's/^[0-9]*: \([^:@]*\)[^:]*: .* mtu \([0-9]*\) .*/mtu \1 \2/p'
    ip -4 route show | sed 's/^/route /'
fi
# A firewall of the host, and whether hive.swarm.site has opened it for the nodes.
if command -v ufw >/dev/null && ufw status 2>/dev/null | grep -q '^Status: active'; then
    if ufw show added 2>/dev/null | grep -q "comment 'hive.swarm'"; then echo "firewall ufw opened"; else echo "firewall ufw"; fi
fi
for name in firewalld:/etc/firewalld/hive-swarm.rules nftables:/etc/nftables.hive-swarm.conf; do
    if [ "$(systemctl is-active "${name%%:*}" 2>/dev/null)" = active ]; then
        if [ -e "${name#*:}" ]; then echo "firewall ${name%%:*} opened"; else echo "firewall ${name%%:*}"; fi
    fi
done
if command -v timedatectl >/dev/null; then
    echo "synchronised $(timedatectl show --property=NTPSynchronized --value 2>/dev/null)"
fi
