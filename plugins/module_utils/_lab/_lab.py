# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab: its desired state, what would change (Plan), and how to apply it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Union

from . import _binaries as binaries
from . import _box as box
from . import _cgroups as cgroups
from . import _daemon as daemon
from . import _http as http
from . import _names as names
from . import _network as network
from . import _preflight as preflight
from . import _processes as processes
from . import _spec as specs
from . import _status as status
from . import _store as store
from ._errors import LabError
from ._images import Store
from ._login import check, entry, matches
from ._run import run
from ._status import Status, side_by_side

Engines = Union[int, Sequence[Union[str, Mapping[str, Any]]]]
#: An engine that is silent for longer than this (seconds) after its start is taken for dead.
_PATIENCE = 30


@dataclass(frozen=True)
class Plan:
    """What would be done: both sides in the words of the diff."""

    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def changed(self) -> bool:
        """Whether anything would be done."""
        return self.before != self.after


class Engine:
    """One running (or broken, on purpose) node of a lab."""

    def __init__(self, spec: specs.Spec, node: specs.Node, timeout: float = 60) -> None:
        self._spec = spec
        self._node = node
        self._timeout = timeout
        self.name = node.name
        self.hostname = node.hostname
        self.address = node.address

    @property
    def folder(self) -> str:
        """The node's folder: data, daemon.json, daemon.log, docker.sock."""
        return box.folder_of(self._spec, self.name)

    @property
    def socket(self) -> str:
        """Path of the engine's socket."""
        return specs.socket(self._spec.folder, self.name)

    @property
    def docker_host(self) -> str:
        """URL for DOCKER_HOST and the modules' option docker_host."""
        return f"unix://{self.socket}"

    @property
    def log(self) -> str:
        """Path of the daemon's log."""
        return daemon.log_file(self._spec, self.name)

    def get(self, url: str) -> Any:
        """The parsed JSON of a GET on the engine's API, None for 404."""
        return http.get(self.socket, url)

    def facts(self) -> dict[str, str]:
        """What a play needs to reach the engine."""
        return {
            "name": self.name,
            "hostname": self.hostname,
            "address": self.address,
            "docker_host": self.docker_host,
            "docker_host_tcp": f"tcp://{self.address}:{specs.ENGINE_PORT}",
        }

    def status(self) -> Status:
        """The node as it is now."""
        return status.of_node(self._spec, self._node)

    @property
    def pid(self) -> int | None:
        """Pid of the daemon on the machine, None when it does not run."""
        live = self.status().daemon
        return live.pid if live else None

    def start(self) -> None:
        """Bring the node to a daemon that answers, from whatever state; a cut link stays cut."""
        now = self.status()
        if now.state in (status.OFF, status.ASTRAY):
            self._build()
        elif now.state == status.STOPPED:
            self._launch()
        elif now.state == status.OUTDATED:
            self.stop()
            self._launch()
        elif now.state == status.PAUSED:
            self.unpause()
        elif now.state == status.SILENT and self._hopeless(now):
            self.kill()
            self._launch()
        self.wait_ready()

    def _hopeless(self, now: Status) -> bool:
        return now.daemon is None or now.daemon.age() > _PATIENCE

    def _build(self) -> None:
        box.kill(self._spec, self.name)
        if not self.status().wired:
            network.make_port(self._spec, self._node)
        box.start(self._spec, self._node)
        self._launch()

    def _launch(self) -> None:
        init = box.init_of(box.find(self._spec, self.name))
        if init is None:
            raise LabError(f"engine {self.name!r}: its namespaces are gone")
        daemon.write_config(self._spec, self._node)
        daemon.prepare_log(self._spec, self.name)
        argv, env = daemon.argv(self._spec, self._node), daemon.env(self._node)
        box.launch(self._spec, self._node, init, argv, env, self.log)

    def wait_ready(self) -> None:
        """Return when the daemon answers; LabError with its last words when it ends or stays silent."""

        def ready() -> bool:
            found = box.find(self._spec, self.name)
            live = daemon.daemon_of(self._node, found)
            if live is None and not daemon.may_come(found):
                raise LabError("it has ended")
            return live is not None and daemon.answers(self._spec, self._node, live)

        try:
            processes.wait_until(ready, self._timeout, "an answer", pause=0.05)
        except LabError as error:
            words = daemon.last_words(self._spec, self.name)
            raise LabError(f"engine {self.name!r} does not start: {error}; {self.log} ends: {words}") from error

    def stop(self) -> None:
        """Ask the daemon to end (SIGTERM) and wait for it; containers end with it."""
        self._end(signal.SIGTERM, signal.SIGCONT)

    def kill(self) -> None:
        """End the daemon alone (SIGKILL); containerd and containers stay."""
        self._end(signal.SIGKILL)

    def _end(self, *numbers: int) -> None:
        live = self._signal(*numbers)
        if live:
            processes.wait_until(live.gone, self._timeout, f"end of the daemon of {self.name!r}")

    def restart(self) -> None:
        """stop, then start."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze the daemon (SIGSTOP): it takes connections and never answers."""
        if self._signal(signal.SIGSTOP) is None:
            raise LabError(f"engine {self.name!r} has no daemon to pause; start it first")

    def unpause(self) -> None:
        """Let the daemon go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def power_off(self) -> None:
        """End the whole node at once: daemon, containerd, containers, mounts, their links. The disk stays."""
        box.kill(self._spec, self.name)
        network.clear(self._spec.name, self.name)

    def wipe(self) -> None:
        """Power cut and an empty disk, then start again as a new engine."""
        self.power_off()
        box.erase(self._spec, self.name)
        self.start()

    def partition(self) -> None:
        """Cut the node's link to the lab."""
        network.set_connected(self._spec.name, self._node, False)

    def heal(self) -> None:
        """Restore the node's link to the lab."""
        if self.status().wired:
            network.set_connected(self._spec.name, self._node, True)
        else:
            network.make_port(self._spec, self._node)

    def _signal(self, *numbers: int) -> processes.Process | None:
        live = daemon.daemon_of(self._node, box.find(self._spec, self.name))
        if live:
            for number in numbers:
                live.send(number)
        return live


class Lab:
    """N real engines on this machine.

    `engines` is a number or a list of names or dictionaries (name, hostname, address, binaries,
    daemon_json, env). `registry` may be a login: {username, password}. `up` creates or repairs the lab; `down` removes it; both may be
    repeated. `Lab.open` finds a lab that is there.
    """

    def __init__(
        self,
        name: str = "lab",
        engines: Engines = 5,
        subnet: str | None = None,
        registry: bool | Mapping[str, Any] = False,
        daemon_json: Mapping[str, Any] | None = None,
        binaries: str = specs.SYSTEM,  # pylint: disable=redefined-outer-name
        images: Sequence[str | Mapping[str, Any]] = (),
        root: str = store.DEFAULT_ROOT,
        timeout: float = 60,
        check_machine: bool = True,
    ) -> None:
        preflight.check_user()
        self.name = names.check_lab_name(name)
        self.root = root
        self.folder = os.path.join(root, name)
        self._timeout = timeout
        self._engine_options = specs.engine_options(engines)
        self._subnet = subnet
        self._registry = registry
        self._daemon_json = dict(daemon_json or {})
        specs.check_daemon_json(self._daemon_json)
        self._binaries = specs.check_binaries(binaries)
        self._images = [specs.Image(image) if isinstance(image, str) else specs.Image(**image) for image in images]
        self._store = Store()
        self._check_machine = check_machine
        #: The spec that was planned or made last; in check mode it is nowhere else.
        self._planned: specs.Spec | None = None

    @classmethod
    def open(cls, name: str = "lab", root: str = store.DEFAULT_ROOT, timeout: float = 60) -> Lab:
        """The lab that is there; LabError without one."""
        spec = store.read(root, names.check_lab_name(name))
        if spec is None:
            raise LabError(f"the lab {name!r} does not exist in {root}")
        return cls(name=name, root=root, timeout=timeout)

    @property
    def spec(self) -> specs.Spec:
        """The lab as it was last brought up; LabError before that."""
        spec = store.read(self.root, self.name)
        if spec is None:
            raise LabError(f"the lab {self.name!r} does not exist in {self.root}")
        return spec

    @property
    def engines(self) -> list[Engine]:
        """All engines, in their order."""
        return self._engines(self.spec)

    @property
    def registry(self) -> Engine:
        """The registry, as a node with the faults of one; LabError when the lab has none."""
        return self.engine(names.REGISTRY)

    def engine(self, name: str) -> Engine:
        """One engine by its name."""
        spec = self.spec
        return Engine(spec, spec.node(name), self._timeout)

    def _engines(self, spec: specs.Spec) -> list[Engine]:
        return [Engine(spec, node, self._timeout) for node in spec.nodes if node.kind == "engine"]

    def facts(self) -> dict[str, Any]:
        """The lab for the result of a module, as planned or made: engines, subnet, registry."""
        spec = self._planned or self.spec
        there = any(node.kind == "registry" for node in spec.nodes)
        return {
            "name": self.name,
            "subnet": spec.subnet,
            "machine_address": names.machine_address(spec.network),
            "registry": f"{names.registry_address(spec.network)}:{specs.REGISTRY_PORT}" if there else None,
            "engines": [engine.facts() for engine in self._engines(spec)],
        }

    # -- desired state ---------------------------------------------------------------------

    def wanted(self, live: specs.Spec | None) -> specs.Spec:
        """The spec that `up` brings about; subnet and addresses of a live lab are kept."""
        subnet = self._subnet or (live.subnet if live else None) or self._free_subnet()
        if not live or subnet != live.subnet:
            self._check_subnet(subnet)
        known = {node.name: node.address for node in live.nodes if node.kind == "engine"} if live else {}
        spec = specs.resolve(
            self.name,
            self.root,
            subnet,
            self._engine_options,
            self._registry,
            self._daemon_json,
            self._binaries,
            known,
            self._login_number(live),
        )
        for node in spec.nodes:
            specs.socket(spec.folder, node.name)
        return spec

    def _login_number(self, live: specs.Spec | None) -> int:
        """The number of the registry's login: that of the live one while its file holds the wanted login."""
        if not isinstance(self._registry, Mapping):
            return 0
        check(self._registry)
        configs = [node.config for node in live.nodes if node.kind == "registry"] if live else []
        number = configs[0].get("auth", {}).get("htpasswd", {}).get("number", 0) if configs else 0
        return number if number and matches(self._registry, specs.htpasswd(self.folder)) else number + 1

    def _write_login(self) -> None:
        if isinstance(self._registry, Mapping):
            path = specs.htpasswd(self.folder)
            if not matches(self._registry, path):
                store.write_private(path, entry(self._registry) + "\n")

    def _taken(self) -> list:
        others = [spec.network for spec in store.labs(self.root) if spec.name != self.name]
        return others + network.machine_networks(self.name)

    def _free_subnet(self) -> str:
        return str(names.choose_subnet(self.name, self._taken()))

    def _check_subnet(self, subnet: str) -> None:
        for other in self._taken():
            if names.subnet_of(subnet).overlaps(other):
                raise LabError(f"subnet {subnet} overlaps with {other}, which this machine uses already")

    # -- plans -----------------------------------------------------------------------------

    def plan(self) -> Plan:
        """What `up` would do; fails where it would fail at once."""
        self._check_alone()
        live = self._live()
        spec = self.wanted(live)
        plan = self._plan(live, spec)
        if plan.changed and self._check_machine:
            preflight.check(spec, self._images)
        self._planned = spec
        return plan

    def _live(self) -> specs.Spec | None:
        return store.read(self.root, self.name)

    def _known(self) -> specs.Spec | None:
        try:
            return self._live()
        except LabError:
            return None

    def _plan(self, live: specs.Spec | None, spec: specs.Spec) -> Plan:
        before = self._view(live) if live else {}
        after: dict[str, Any] = {"subnet": spec.subnet, "hub": True, "nodes": {}}
        for node in spec.nodes:
            after["nodes"][node.name] = status.view(spec, node)
            self._add_images(before, after, spec, node)
        return Plan(before, after)

    def _view(self, live: specs.Spec) -> dict[str, Any]:
        nodes: dict[str, Any] = {}
        for name, found in status.of_nodes(live, live.nodes).items():
            nodes[name] = status.view(live, live.node(name), found.state, found.connected)
        nodes.update({name: {"state": status.STRAY} for name in status.strays(live)})
        return {"subnet": live.subnet, "hub": network.hub_ready(network.observe(live)), "nodes": nodes}

    def _add_images(self, before: dict[str, Any], after: dict[str, Any], spec: specs.Spec, node: specs.Node) -> None:
        """Report the images to load; not known for an engine that is down and has a disk."""
        if node.kind != "engine" or not self._images:
            return
        live = before.get("nodes", {}).get(node.name)
        wanted = [image.name for image in self._images]
        if live is None:
            after["nodes"][node.name]["images"] = wanted
        elif live["state"] == status.RUNNING:
            socket = specs.socket(spec.folder, node.name)
            live["images"] = [image.name for image in self._images if self._store.present(socket, image)]
            after["nodes"][node.name]["images"] = wanted

    def plan_down(self) -> Plan:
        """What `down` would do."""
        self._check_alone()
        live = self._known()
        if live:
            return Plan(self._view(live), {})
        left = status.leftovers(self.folder, self.name)
        return Plan({"leftovers": left} if left else {}, {})

    def _check_alone(self) -> None:
        for process in processes.marked():
            folder = os.path.dirname(process.mark)
            if os.path.basename(folder) == self.name and folder != self.folder:
                raise LabError(
                    f"a lab {self.name!r} runs from the root {os.path.dirname(folder)}: use that or another name"
                )

    # -- doing -----------------------------------------------------------------------------

    def up(self) -> Plan:
        """Create or repair the lab. What is healthy is not touched. Returns what was done."""
        plan = self.plan()
        if not plan.changed:
            return plan
        with store.locked(self.root), store.locked(self.folder):
            store.close_folder(self.folder)
            live = self._live()
            if live is None:
                self._clear(keep_folder=True)
            spec = self._planned = self.wanted(live)
            store.write(spec)
        with store.locked(self.folder):
            self._fetch(spec)
            self._make(spec)
        return plan

    def _fetch(self, spec: specs.Spec) -> None:
        for choice in sorted({node.binaries for node in spec.nodes}):
            if binaries.missing(choice):
                binaries.fetch(choice)

    def _make(self, spec: specs.Spec) -> None:
        side_by_side(lambda name: self._remove_node(spec, name), status.strays(spec))
        for node in spec.nodes:
            os.makedirs(box.folder_of(spec, node.name), exist_ok=True)
        store.write_hosts(spec)
        self._write_login()
        if not network.hub_ready(network.observe(spec)):
            network.make_hub(spec)
        for image in self._images:
            self._store.prepare(image)
        side_by_side(lambda node: self._make_node(spec, node), spec.nodes)

    def _remove_node(self, spec: specs.Spec, name: str) -> None:
        box.kill(spec, name)
        network.remove_node(self.name, name)
        cgroups.remove(self.name, name)
        _remove_folder(box.folder_of(spec, name))

    def _make_node(self, spec: specs.Spec, node: specs.Node) -> None:
        engine = Engine(spec, node, self._timeout)
        if not engine.status().connected:
            engine.heal()
        if engine.status().state != status.RUNNING:
            engine.start()
        for image in self._images if node.kind == "engine" else ():
            if not self._store.present(engine.socket, image):
                self._store.load(engine.socket, image)

    def down(self) -> Plan:
        """Take the lab away, whatever is there of it. Returns what was done."""
        plan = self.plan_down()
        if plan.changed:
            with store.locked(self.folder):
                self._clear()
            if self.root == store.DEFAULT_ROOT:
                run(["rmdir", self.root], check=False)
        return plan

    def _clear(self, keep_folder: bool = False) -> None:
        processes.end_all(lambda: processes.marked(self.folder), f"lab {self.name!r}")
        network.remove(self.name, self._known())
        cgroups.remove(self.name)
        for point in status.mounts(self.folder):
            run(["umount", "--lazy", point])
        if not keep_folder:
            _remove_folder(self.folder)
            return
        for name in os.listdir(self.folder):
            _remove_folder(os.path.join(self.folder, name))


def _remove_folder(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
