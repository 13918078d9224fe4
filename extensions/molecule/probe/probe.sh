# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=sh

# Asks the service five times a second, each address of it until one answers. Runs in a busybox whose wget cannot look names
# up. Ends between two requests, by the file that off.yml makes: a request that is cut off is no failure of the service.
until [ -e /off ]; do
  answered=
  for address in $(nslookup web 127.0.0.11 2>/dev/null | grep '^Address' | grep -v '127.0.0.11' | sed 's/.* //'); do
    if timeout 2 wget -q -O - "http://$address/" >/dev/null 2>&1; then
      answered=yes
      break
    fi
  done
  if [ "$answered" ]; then echo "answered $(date +%s)"; else echo "failed $(date +%s)"; fi
  sleep 0.2
done
rm /off
