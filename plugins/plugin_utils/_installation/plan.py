# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done to one host: every decision of the role engine, from what was read of the host and its engine."""

from __future__ import annotations

import json
import typing as t

from ...module_utils._core.values import Values
from .._cluster.steps import Reason, Step, reasons
from . import checks, config, firewall, packages, repository, storage
from .files import CERTIFICATES, CONFIG, DROPIN, MARKER, READ_AT_START, File, dropin, service_files, without_hosts
from .host import Host, engine_packages, known_packages, other_packages
from .restart import after_changes, waiting

DATA_ROOT = "/var/lib/docker"


class Known(t.NamedTuple):
    """What a host is planned from, beside the options.

    :param name: of the host.
    :param found: the result of hive.swarm.engine_info.
    :param swarm: that of hive.swarm.swarm_info; empty where no engine responds.
    :param peers: addresses, or names, of all nodes.
    :param manager: whether the host is to be a manager.
    :param certificates: those of the API as PEM, by ``ca``, ``cert`` and ``key``.
    """

    name: str
    found: Values
    swarm: Values
    peers: list[str]
    manager: bool
    certificates: dict[str, str]


def questions(options: Values, data_root: str) -> Values:
    """Return the options of hive.swarm.engine_info that a plan needs.

    :param data_root: the folder for the engine's data.
    """
    btrfs, source = options["btrfs"], storage.source_of(options["btrfs"])
    contents = [CONFIG, *READ_AT_START]
    if options["source"] == "docker":
        contents += [repository.SOURCES, *repository.KEY_FILES.values()]
    asked: Values = {"packages": known_packages(options["extra_packages"]), "files": [MARKER]}
    if options["firewall"]:
        asked["firewall"] = {"chain": options["firewall_chain"], "zone": options["firewall_zone"]}
        contents += [firewall.FIREWALLD_RECORD, firewall.NFTABLES_FILE, *firewall.BOOT_FILES.values()]
    if btrfs and not storage.incomplete(btrfs):
        asked["storage"] = {"folder": data_root, "source": source}
        asked["files"].append(source)
        contents.append(storage.FSTAB)
    if options["downloaded_key"]:
        contents.append(options["downloaded_key"])
    if options["offers"]:
        asked["available"] = engine_packages(options["source"])
    return {**asked, "contents": contents}


def data_root_of(options: Values, found: Values | None = None) -> str:
    """Return where the engine keeps its data; before the host was read, only as the options say."""
    live = config.read(Host(found, options["source"]).text(CONFIG))[0] if found else {}
    wanted = config.next_content(live, options["daemon"], config.daemon_keys(options), options["daemon_purge"])
    return str(wanted.get("data-root") or DATA_ROOT)


def plan(options: Values, known: Known) -> Values:
    """Return the plan, as hive.swarm.engine_plan documents it; only ``stop`` where the host cannot be judged."""
    host = Host(known.found, options["source"])
    stop = checks.platform(host)
    return {"unchanged": False, "steps": [], "stop": stop} if stop else _Planner(options, known, host).plan()


class _Planner:
    """The parts of one plan."""

    def __init__(self, options: Values, known: Known, host: Host) -> None:
        self.options, self.known, self.host = options, known, host
        keys = config.daemon_keys(options)
        self.config = config.plan(host.text(CONFIG), options["daemon"], keys, options["daemon_purge"])
        self.data_root = str(self.config["wanted"].get("data-root") or DATA_ROOT)
        self.waiting = waiting(host)
        self.packages = self._packages()
        self.storage = storage.plan(host, options["btrfs"], self.data_root) if "storage" in known.found else {}
        self.key = repository.key(host, options) if host.source == "docker" else {}
        self.firewall, self.firewall_stop = self._firewall()
        self.files = self._files()

    def plan(self) -> Values:
        host, differing = self.host, [file.path for file in self.files if self._differs(file)]
        others = [name for name in other_packages(host, self.options) if name not in host.installed]
        hold = self._hold()
        restart = after_changes(host, self.config, differing)
        steps = self._steps(differing, others, hold, restart)
        return {
            "unchanged": not steps,
            "steps": steps,
            "stop": self._stop(),
            "warnings": self._warnings(),
            "waiting": self.waiting,
            "restart": restart,
            "packages": {name: item for name, item in self.packages.items() if name != "stop"},
            "hold": hold,
            "other_packages": others,
            "repository": {"names": host.names, "folder": repository.folder(host), "key": self.key},
            "config": self._config(),
            "files": {file.path: self._file(file, file.path in differing) for file in self.files},
            "firewall": self.firewall,
            "storage": self.storage,
            "engine": self._engine(),
            "swarm": self.known.swarm,
        }

    def _packages(self) -> Values:
        """Return which version is installed. Without offers, a plan that needs them has the change ``choose``."""
        host, options, offers = self.host, self.options, self.known.found.get("available")
        if not host.names:
            return {**packages.NOTHING, "upgrade": False}
        separator = "=" if host.deb else "-"
        version, containerd = options["version"], options["containerd_version"]
        listed = [[offer["name"], offer["version"]] for offer in offers or ()]
        found = packages.plan(host.names, listed, host.installed, version, containerd, separator)
        if found["stop"] and offers is None:
            found.update(change="choose", stop=[])
        return {**found, "upgrade": found["change"] == "upgrade" and options["upgrade"]}

    def _hold(self) -> list[str]:
        host, keep = self.host, self.packages["hold"]
        if not host.deb:
            return []
        return [name for name in keep if (name in host.held) != self.options["hold"]]

    def _files(self) -> list[File]:
        host, options = self.host, self.options
        own_hosts = "hosts" in self.config["wanted"]
        own = own_hosts or options["btrfs"] or host.has_file(DROPIN)
        unit = dropin(self._command(False), own_hosts, self.data_root if options["btrfs"] else "") if own else None
        found = service_files(options["proxy"], unit)
        if host.source == "docker" and host.deb:
            found.append(repository.sources(host, options))
        return found + [File(CERTIFICATES[name], pem, "0600") for name, pem in self.known.certificates.items()]

    def _differs(self, file: File) -> bool:
        return self.host.mode(file.path) != file.mode or self.host.text(file.path) != file.content

    def _file(self, file: File, differs: bool) -> Values:
        shown = {"content": file.content} if self.options["contents"] or not file.secret else {}
        return {"mode": file.mode, "differs": differs, **shown}

    def _config(self) -> Values:
        """An administrator's mode stays, and is closed where the file has secrets."""
        secret = self.config["secret"]
        content = json.dumps(self.config["wanted"], indent=4, sort_keys=True) + "\n"
        return {
            "differing": self.config["differing"],
            "needs": self.config["needs"],
            "secret": secret,
            "mode": "0600" if secret else self.host.mode(CONFIG) or "0644",
            **({"content": content} if self.options["contents"] or not secret else {}),
        }

    def _command(self, hosts: bool) -> str:
        """Return the start command, with addresses or without."""
        program = "/usr/sbin/dockerd" if self.host.source == "distribution" else "/usr/bin/dockerd"
        usual = f"{program} -H fd:// --containerd=/run/containerd/containerd.sock"
        command = self.host.command or usual
        return command if hosts else without_hosts(command)

    def _engine(self) -> Values:
        service = self.host.found["service"]
        words = self._command("hosts" not in self.config["wanted"]).split()
        return {
            "installed": self.host.has_engine,
            "state": service["state"],
            "active": self.host.active,
            "enabled": service["enabled"],
            "family": self.host.family,
            "command": [word for word in words if "$" not in word],
        }

    def _firewall(self) -> tuple[Values, list[Reason]]:
        options, known = self.options, self.known
        if not options["firewall"] or not known.found["firewalls"]:
            return {}, []
        stop = firewall.unknown_peers(known.peers)
        if stop:
            return {}, stop
        rules = firewall.words(known.peers, known.manager, options["data_path_port"])
        return firewall.plan(self.host, rules, options["firewall_chain"]), []

    # What comes of it

    def _steps(self, differing: list[str], others: list[str], hold: list[str], restart: list[str]) -> list[Step]:
        """Return what the role does, in its order."""
        host, service, name = self.host, self.host.found["service"], self.known.name
        found = [*self._package_steps(others)]
        if self.storage and not self.storage["complete"]:
            found.append(("mount a btrfs file system", f"{self.storage['source']} on {self.data_root}"))
        found += [(f"{'hold' if self.options['hold'] else 'release'} the package {each}", "") for each in hold]
        found += [(f"write {path}", "") for path in differing]
        if self.config["differing"]:
            found.append((f"write {CONFIG}", ", ".join(self.config["differing"])))
        found += [(f"change the rules of {each}", "") for each in firewall.differing(self.firewall)]
        if not host.active:
            found.append(("start the engine", f"docker.service is {service['state'] or 'missing'}"))
        elif not service["enabled"]:
            found.append(("start the engine at every boot", ""))
        if restart:
            found.append(("restart the engine", "; ".join(restart)))
        return [Step(name, step, reason) for step, reason in found]

    def _package_steps(self, others: list[str]) -> t.Iterator[tuple[str, str]]:
        planned, version = self.packages, self.options["version"]
        # dnf's repository can only be compared on the host.
        if self.host.source == "docker" and not (self.host.deb and self.key["installed"]):
            yield "offer Docker's repository", ""
        if others:
            yield "install other packages", ", ".join(others)
        if planned["change"] == "nothing" and not planned["stop"]:
            return
        if not planned["live"]:
            yield "install the engine", version
        else:
            change = "change" if self.options["upgrade"] else "keep"
            yield f"{change} the engine's version", f"{planned['live']} is installed, {version} is wanted"

    def _stop(self) -> list[Reason]:
        options, known = self.options, self.known
        found = checks.engine_source(self.host)
        found += checks.missing_keys(options["api"], storage.incomplete(options["btrfs"]))
        found += checks.certificates(known.certificates)
        found += reasons("bad_input", self.config["stop"])
        found += checks.running_engine(
            known.swarm, self.config, options["docker_host"] or "", self.waiting, self.data_root
        )
        found += storage.obstacles(options["btrfs"], self.storage) if self.storage else []
        found += self.firewall_stop + self.packages["stop"]
        wrong = repository.key_problem(self.host, options, self.key.get("url", ""))
        return found + (reasons("untrusted_key", [wrong]) if wrong else [])

    def _warnings(self) -> list[str]:
        if self.firewall.get("nftables", {}).get("chain_exists", True):
            return []
        chain = self.options["firewall_chain"]
        return [f"nftables has no chain {chain} (engine_firewall_chain), so nothing was opened."]
