# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file daemon.json: what it shall hold, what that changes, and whether the engine needs a restart for it."""

from __future__ import annotations

import json
import re
import typing as t

Values = dict[str, t.Any]

#: The engine applies these on SIGHUP (moby, daemon/reload.go), as long as the file still names them: it keeps the old
#: value of a key that is gone.
RELOADABLE = frozenset(
    (
        "allow-nondistributable-artifacts",
        "authorization-plugins",
        "debug",
        "default-runtime",
        "features",
        "insecure-registries",
        "labels",
        "max-concurrent-downloads",
        "max-concurrent-uploads",
        "max-download-attempts",
        "registry-mirrors",
        "runtimes",
        "shutdown-timeout",
    )
)

#: Where nobody from outside comes.
_LOCAL = re.compile(r"tcp://(127\.|localhost\b|\[::1\])")


def read(text: str) -> tuple[Values, list[str]]:
    """What a file holds, and why it cannot be said. The engine takes an empty file for one without keys."""
    try:
        live = json.loads(text) if text.strip() else {}
    except ValueError as error:
        return {}, [f"/etc/docker/daemon.json is there and is no JSON ({error}): mend it, or take it away."]
    if not isinstance(live, dict):
        return {}, ["/etc/docker/daemon.json is there and holds no object of keys: mend it, or take it away."]
    return live, []


def plan(text: str, daemon: Values, options: Values, purge: bool = False) -> Values:
    """What to do with the file.

    :param text: what it holds now.
    :param daemon: keys as the user gives them; null takes a key away.
    :param options: keys that follow from other options of the role.
    :param purge: whether keys that nobody names go.
    :returns: wanted (the whole next file), differing (names of keys), needs (nothing, reload or restart) and stop
        (reasons not to write it).
    """
    live, broken = read(text)
    wanted = {} if purge else dict(live)
    wanted.update(options)
    wanted.update(daemon)
    wanted = {key: value for key, value in wanted.items() if value is not None}
    changed = sorted(
        key for key in {*live, *wanted} if key not in live or key not in wanted or live[key] != wanted[key]
    )
    return {
        "wanted": wanted,
        "differing": changed,
        "needs": _needs(changed, wanted),
        "stop": broken + _twice(daemon, options) + _unfit(wanted) + _exposed(daemon, options, wanted),
    }


def _needs(changed: list[str], wanted: Values) -> str:
    if not changed:
        return "nothing"
    return "reload" if all(key in RELOADABLE and key in wanted for key in changed) else "restart"


def _twice(daemon: Values, options: Values) -> list[str]:
    twice = sorted(key for key in options if key in daemon and daemon[key] != options[key])
    return [f"{', '.join(twice)}: given in engine_daemon and by an option of its own; say it once."] if twice else []


def _unfit(wanted: Values) -> list[str]:
    """What a swarm does not work with (moby, daemon/config: IsSwarmCompatible)."""
    stop = []
    if wanted.get("live-restore"):
        stop.append(
            "live-restore is on in daemon.json, and an engine in a swarm does not start with it: set it to false or,"
            " in engine_daemon, to null."
        )
    if wanted.get("firewall-backend") == "nftables":
        stop.append("firewall-backend is nftables in daemon.json, and swarms need iptables.")
    return stop


def _exposed(daemon: Values, options: Values, wanted: Values) -> list[str]:
    """What opens the engine to whoever reaches it, where it is asked for now. What others have set is theirs."""
    stop = []
    hosts = daemon.get("hosts") or []
    if any(str(host).startswith("tcp://") and not _LOCAL.match(host) for host in hosts) and not wanted.get("tlsverify"):
        stop.append(
            "engine_daemon: with hosts and without tlsverify, all who reach the engine are root there: use engine_api."
        )
    if hosts and not any(str(host).startswith(("fd://", "unix://")) for host in hosts):
        stop.append(
            "engine_daemon: hosts names no local socket, by which the engine is asked whether it works: add fd://."
        )
    metrics = str(options.get("metrics-addr", ""))
    if metrics.startswith((":", "0.0.0.0:", "[::]:")):
        stop.append(
            f"engine_metrics_address: {metrics} is every address of the host, and metrics ask for no password: name one."
        )
    return stop
