# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What speaks against changing a host, found before anything is changed."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .._cluster.steps import Reason, reasons
from .host import Host

_SOCKET = "unix:///var/run/docker.sock"


def platform(host: Host) -> list[Reason]:
    """Return why the host cannot be judged at all."""
    system, stop = host.found["system"], []
    if not host.supported:
        message = (
            f"{system['name']} with {system['service_manager']}: the role supports systemd on Debian, Ubuntu and the"
            " Enterprise Linux family."
        )
        stop.append(Reason("platform_not_supported", message))
    if host.found["user_id"] != 0:
        stop.append(Reason("not_root", "Docker Engine is installed and configured by root: use become."))
    return stop


def engine_source(host: Host) -> list[Reason]:
    """Return what is wrong with the source of the engine.

    The packages of one source conflict with those of the other: installing one takes the other away, and with it a newer
    engine.
    """
    if host.source != "none" and not host.names:
        message = (
            f"engine_source: {host.source} has no engine for {host.found['system']['name']}; the Enterprise Linux family has"
            " none of its own, so set it to docker, or to none where something else installs it."
        )
        return reasons("bad_input", [message])
    if host.is_foreign:
        message = (
            f"The host has an engine, {host.command.split()[0]}, that is not from the package {host.names[0]}, and would lose"
            " it. Say with engine_source where it comes from, or none to have it configured only."
        )
        return reasons("foreign_engine", [message])
    if host.source == "none" and not host.has_engine:
        return reasons("no_engine", ["engine_source is none, and the host has no docker.service."])
    return []


def running_engine(swarm: Values, config: Values, url: str, waiting: list[str], data_root: str) -> list[Reason]:
    """Return what the running engine, or what it keeps, does not allow.

    :param swarm: what hive.swarm.swarm_info returned; empty where no engine responds.
    :param config: the plan of daemon.json.
    :param url: address of the engine, empty for the default.
    :param waiting: why the engine has to restart already.
    """
    stop = []
    if swarm.get("rootless"):
        message = (
            f"The engine at {url or _SOCKET} runs without root, where overlay networks do not work: a swarm needs one that is"
            " run by root."
        )
        stop.append(Reason("not_supported", message))
    if swarm.get("live_restore") and "live-restore" not in config["differing"] and not waiting:
        message = (
            "The engine runs with live-restore, which daemon.json does not say, so it is on the command line of"
            " docker.service. An engine in a swarm does not start with it: take it away there."
        )
        stop.append(Reason("not_supported", message))
    driver, wanted = swarm.get("storage_driver") or "", config["wanted"].get("storage-driver")
    if driver and wanted is not None and driver != wanted:
        message = (
            f"The engine keeps images and containers with the storage driver {driver}, and they would be out of sight with"
            f" {wanted}. Take the node out of the swarm and empty {data_root} first."
        )
        stop.append(Reason("data_at_risk", message))
    return stop


def missing_keys(api: Values, incomplete: list[str]) -> list[Reason]:
    """Return the keys that options lack.

    :param incomplete: those of other options.
    """
    missing = [f"engine_api.{key}" for key in ("hosts", "ca", "cert", "key") if api and api.get(key) is None]
    found = missing + incomplete
    return reasons("bad_input", [f"Needed as well: {', '.join(found)}."] if found else [])


def certificates(pems: dict[str, str]) -> list[Reason]:
    """Return what is wrong with certificates of the API."""
    wrong = [name for name in ("ca", "cert") if "PRIVATE KEY" in pems.get(name, "")]
    return reasons(
        "bad_input",
        [
            f"engine_api.{name} contains a private key: give the certificate alone. The authority's key has no place on the hosts."
            for name in wrong
        ],
    )
