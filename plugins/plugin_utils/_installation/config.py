# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file daemon.json: its desired content, what that changes, whether it has secrets, and whether the engine needs a restart."""

from __future__ import annotations

import json
import re

from ...module_utils._core.values import Values
from .files import CERTIFICATES
from .listening import is_local_socket, is_loopback_only, is_one_address

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
#: Options of the role, to the keys that they set.
_KEYS = {
    "insecure_registries": "insecure-registries",
    "registry_mirrors": "registry-mirrors",
    "log_driver": "log-driver",
    "log_options": "log-opts",
    "metrics_address": "metrics-addr",
    "data_root": "data-root",
    "storage_driver": "storage-driver",
}
#: Keys of secrets, such as splunk-token, logentries-token and aws_secret_access_key.
_NAME = re.compile(
    r"token|secret|passw|passphrase|pwd|credential|api.?key|access.?key|private.?key|authorization", re.I
)
#: A value such as http://user:password@proxy, with or without a scheme.
_LOGIN = re.compile(r"[^/@\s]*:[^/@\s]*@")


def daemon_keys(options: Values) -> Values:
    """Return the keys that follow from the options of the role that are given."""
    found = {key: options[name] for name, key in _KEYS.items() if options[name] is not None}
    if options["labels"] is not None:
        found["labels"] = _labels(options["labels"])
    if options["btrfs"]:
        found["storage-driver"] = "btrfs"
    if options["api"]:
        found["hosts"] = ["fd://", *(options["api"].get("hosts") or ())]
        found["tlsverify"] = True
        found.update(zip(("tlscacert", "tlscert", "tlskey"), CERTIFICATES.values()))
    return found


def _labels(labels: object) -> list[object]:
    if isinstance(labels, dict):
        return [f"{key}={value}" for key, value in labels.items()]
    return list(labels) if isinstance(labels, (list, tuple)) else [labels]


def has_secrets(document: object, name: str = "") -> bool:
    """Return whether a value, or one below it, is a secret by its name or as a URL with a login."""
    if isinstance(document, dict):
        return any(has_secrets(value, str(key)) for key, value in document.items())
    if isinstance(document, (list, tuple)):
        return any(has_secrets(value, name) for value in document)
    if document in (None, "") or isinstance(document, bool):
        return False
    return bool(_NAME.search(name) or _LOGIN.search(str(document)))


def read(text: str) -> tuple[Values, list[str]]:
    """What a file holds, and why it cannot be said. The engine takes an empty file for one without keys."""
    try:
        live = json.loads(text) if text.strip() else {}
    except ValueError as error:
        return {}, [f"/etc/docker/daemon.json: invalid JSON ({error}). Fix the file, or remove it."]
    if not isinstance(live, dict):
        return {}, ["/etc/docker/daemon.json: must contain a JSON object. Fix the file, or remove it."]
    return live, []


def next_content(live: Values, daemon: Values, options: Values, purge: bool) -> Values:
    """Return the keys that the file is to have; see ``plan``. :param live: what ``read`` returns."""
    merged = {**({} if purge else live), **options, **daemon}
    return {key: value for key, value in merged.items() if value is not None}


def plan(text: str, daemon: Values, options: Values, purge: bool = False) -> Values:
    """What to do with the file.

    :param text: what it holds now.
    :param daemon: keys as the user gives them; null takes a key away.
    :param options: keys that follow from other options of the role.
    :param purge: whether to remove keys that are not given.
    :returns: wanted (the whole next file), differing (names of keys), needs (nothing, reload or restart), secret (whether
        the file has secrets, now or next) and stop (reasons not to write it).
    """
    live, broken = read(text)
    wanted = next_content(live, daemon, options, purge)
    changed = sorted(
        key for key in {*live, *wanted} if key not in live or key not in wanted or live[key] != wanted[key]
    )
    return {
        "wanted": wanted,
        "differing": changed,
        "needs": _needs(changed, wanted),
        "secret": has_secrets(live) or has_secrets(wanted),
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
    """Return what opens the engine to its network, where this run sets it. What the file has already is not judged."""
    stop = []
    given = {*daemon, *options}
    hosts = _hosts(wanted)
    opened = [host for host in hosts if not is_loopback_only(host)]
    if given & {"hosts", "tlsverify"} and opened and wanted.get("tlsverify") is not True:
        stop.append(
            f"engine_daemon: hosts opens the engine without client certificates ({opened[0]}), and each client that reaches"
            " it is root on the host. Use engine_api, or set tlsverify to true."
        )
    if "hosts" in given and hosts and not any(is_local_socket(host) for host in hosts):
        stop.append("engine_daemon: hosts has no local socket, which the role needs. Add fd://.")
    metrics = wanted.get("metrics-addr")
    if "metrics-addr" in given and metrics not in (None, "") and not is_one_address(metrics):
        stop.append(
            f"engine_metrics_address: opens the metrics, which have no password, on every address of the host ({metrics})."
            " Name one address and a port."
        )
    return stop


def _hosts(wanted: Values) -> list[object]:
    hosts = wanted.get("hosts") or []
    return list(hosts) if isinstance(hosts, (list, tuple)) else [hosts]
