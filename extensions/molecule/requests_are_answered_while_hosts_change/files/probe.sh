# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=sh
# Requests the virtual IP of the service four times a second. Runs in the lab's busybox, whose wget cannot look names up and crashes
# with -T.
address=
while [ -z "$address" ]; do
  address=$(nslookup web 127.0.0.11 | grep '^Address' | grep -v '127.0.0.11' | sed 's/.* //')
done
while :; do
  began=$(date +%s)
  if answer=$(timeout 10 wget -q -O - "http://$address/" 2>&1); then
    echo "$began virtual answered $answer"
  else
    echo "$began virtual failed $answer"
  fi
  sleep 0.25
done
