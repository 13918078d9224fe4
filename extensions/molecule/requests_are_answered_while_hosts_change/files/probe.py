# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request the published port of hosts four times a second, and log the answers: probe.py LOG ADDRESS...

Each host is requested; so is `any` of them, as by a load balancer that takes the next host where one does not answer.
Runs for as long as the file LOG is there, and for an hour at most.
"""

import os
import sys
import threading
import time
import urllib.request

LOG, *ADDRESSES = sys.argv[1:]
END = time.time() + 3600


def requested(addresses, seconds):
    problems = []
    for address in addresses:
        try:
            with urllib.request.urlopen(f"http://{address}:8080/", timeout=seconds) as answer:
                return f"answered {answer.read().decode().strip()}"
        except OSError as error:
            problems.append(f"{address}: {error}")
    return f"failed {'; '.join(problems)}"


def probe(name, addresses, seconds, log):
    while time.time() < END and os.path.exists(LOG):
        began = int(time.time())
        outcome = requested(addresses, seconds)
        log.write(f"{began} {name} {outcome}\n")
        time.sleep(0.25)


with open(LOG, "w", encoding="utf-8", buffering=1) as file:
    probes = [(address, [address], 10) for address in ADDRESSES]
    probes.append(("any", ADDRESSES, 3))
    threads = [threading.Thread(target=probe, args=(*one, file)) for one in probes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
