# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole hosts on this machine, reached by ssh.

hosts.py up mine 5                five hosts n1 to n5; the inventory is /var/lib/hive-hosts/mine/inventory.json
hosts.py up mine web1 web2        hosts of these names (others of the fleet go)
hosts.py up mine 3 --kind uml     hosts with kernels of their own (user-mode Linux)
hosts.py down mine                nothing is left
hosts.py power-off mine n2        a power cut; shut-down asks systemd; boot starts it again; wipe empties its disk
hosts.py show mine                variables of the hosts as JSON
hosts.py list
"""

from __future__ import annotations

import argparse
import sys

from fleet import fleet as fleets
from fleet import parts
from fleet.fleet import Fleet, LabError

ORDERS = ("power-off", "shut-down", "boot", "wipe")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("order", choices=("up", "down", "show", "list", "prepare", *ORDERS))
    parser.add_argument("name", nargs="?", default="")
    parser.add_argument("hosts", nargs="*")
    parser.add_argument("--package", action="append", default=[], help="a package more that apt inside shall offer")
    parser.add_argument("--kind", choices=tuple(fleets.KINDS), default="", help="uml: each with a kernel of its own")
    arguments = parser.parse_args()
    try:
        print(carry_out(arguments))
    except LabError as error:
        print(f"hosts: {error}", file=sys.stderr)
        return 1
    return 0


def carry_out(arguments: argparse.Namespace) -> str:
    """What to print, after doing what the arguments say."""
    order = arguments.order
    if order == "list":
        return "\n".join(fleets.fleets())
    if order == "prepare":
        return parts.packages(arguments.package)
    fleet = Fleet(arguments.name)
    if order == "down":
        return "changed" if fleet.down() else "nothing was there"
    if order == "up":
        changed = fleet.up(_names(arguments.hosts), arguments.package, arguments.kind)
        return f"{'changed' if changed else 'unchanged'}\n{fleet.folder}/inventory.json"
    if order in ORDERS:
        one(fleet, order, arguments.hosts, arguments.package)
        return f"{order}: {' '.join(arguments.hosts)}"
    return fleets.show(fleet)


def _names(words: list[str]) -> list[str]:
    if len(words) == 1 and words[0].isdigit():
        return [f"n{number}" for number in range(1, int(words[0]) + 1)]
    return words or ["n1"]


def one(fleet: Fleet, order: str, names: list[str], packages: list[str]) -> None:
    """Give one order to some hosts of the fleet."""
    for name in names:
        host = fleet.host(name)
        if order == "shut-down":
            host.shut_down()
        else:
            host.power_off()
        if order == "wipe":
            host.wipe()
        if order in ("boot", "wipe"):
            fleet.up([host.name for host in fleet.hosts], packages)


if __name__ == "__main__":
    sys.exit(main())
