# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a lab that look at the machine, without any engine."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab, LabError
from ansible_collections.hive.swarm.plugins.module_utils._lab import _binaries as binaries
from ansible_collections.hive.swarm.plugins.module_utils._lab import _images as images
from ansible_collections.hive.swarm.plugins.module_utils._lab import _order as order
from ansible_collections.hive.swarm.plugins.module_utils._lab import _preflight as preflight
from ansible_collections.hive.swarm.plugins.module_utils._lab import _processes as processes
from ansible_collections.hive.swarm.plugins.module_utils._lab import _spec as specs
from ansible_collections.hive.swarm.plugins.module_utils._lab import _status as status
from ansible_collections.hive.swarm.plugins.module_utils._lab import _store as store


@pytest.fixture
def marked(tmp_path):
    """A process that carries the mark of a node, and its folder."""
    folder = str(tmp_path / "lab" / "n1")
    env = {**os.environ, processes.MARK: folder, processes.SPEC: "abc"}
    with subprocess.Popen(["sleep", "100"], env=env) as child:
        yield child, folder
        child.kill()


def test_a_process_is_found_by_its_mark_alone(marked):
    child, folder = marked
    processes.wait_until(lambda: processes.marked(folder) != [], 5, "the child")
    processes.wait_until(lambda: processes.marked(folder)[0].command == "sleep", 5, "the child")
    (found,) = processes.marked(folder)
    assert (found.pid, found.command, found.spec, found.stopped) == (child.pid, "sleep", "abc", False)
    assert found.pid in [process.pid for process in processes.marked(os.path.dirname(folder))]
    assert processes.marked(folder[:-1]) == []
    assert os.getpid() not in [process.pid for process in processes.marked()]


def test_a_pid_that_was_given_away_gets_no_signal(marked):
    child, folder = marked
    processes.wait_until(lambda: processes.marked(folder) != [], 5, "the child")
    (found,) = processes.marked(folder)
    other = processes.Process(**{**vars(found), "start": found.start - 1})
    assert other.gone()
    assert not other.send(signal.SIGKILL)
    assert child.poll() is None


def test_a_process_between_two_programs_is_there(tmp_path):
    """Its environment is empty in the middle of an exec; a daemon that starts must not look as if it had ended."""
    script = tmp_path / "again"
    script.write_text('#!/bin/sh\nexec "$0"\n')
    script.chmod(0o755)
    with subprocess.Popen([str(script)], env={processes.MARK: str(tmp_path)}) as process:
        try:
            assert all(processes.read(process.pid) for _look in range(3000))
        finally:
            process.kill()


def test_a_stopped_process_is_known(marked):
    child, folder = marked
    child.send_signal(signal.SIGSTOP)
    processes.wait_until(lambda: processes.marked(folder)[0].stopped, 5, "the stop")


def test_a_zombie_is_gone_only_when_asked_so(marked):
    child, folder = marked
    processes.wait_until(lambda: processes.marked(folder) != [], 5, "the child")
    (found,) = processes.marked(folder)
    child.kill()
    processes.wait_until(lambda: processes.marked(folder) == [], 5, "the end")
    processes.wait_until(lambda: found.gone(zombie=True), 5, "the end")
    assert not found.gone()
    child.wait()
    assert found.gone()


@pytest.fixture
def busybox(monkeypatch, tmp_path):
    """A stand-in for the machine's busybox, which may not be installed yet."""
    path = tmp_path / "busybox"
    path.write_text("#!/bin/sh\necho sh\necho httpd\n")
    path.chmod(0o755)
    monkeypatch.setattr(images, "busybox_path", lambda: str(path))


@pytest.mark.usefixtures("busybox")
def test_the_same_name_gives_the_same_image():
    archives = [images.Busybox().archive(name) for name in ("lab/a:1", "lab/a:1", "lab/a:2")]
    assert archives[0] == archives[1]
    assert archives[0] != archives[2]


@pytest.mark.usefixtures("busybox")
def test_the_image_is_one_that_docker_load_reads():
    with tarfile.open(fileobj=io.BytesIO(images.Busybox().archive("lab/a:1"))) as archive:
        (manifest,) = json.load(archive.extractfile("manifest.json"))
        config = json.load(archive.extractfile(manifest["Config"]))
        with tarfile.open(fileobj=archive.extractfile(manifest["Layers"][0])) as layer:
            httpd = layer.getmember("bin/httpd").linkname
    assert manifest["RepoTags"] == ["lab/a:1"]
    assert config["config"]["Cmd"] == ["sh"]
    assert httpd == "busybox"


def test_a_dynamic_busybox_is_refused(monkeypatch):
    monkeypatch.setattr(images, "which", lambda command: os.path.realpath("/bin/sh"))
    with pytest.raises(LabError, match="busybox-static"):
        images.busybox_path()


def test_without_root_nothing_begins(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="needs root"):
        Lab()


@pytest.mark.parametrize("root", ["relative", "/run/lab", "/etc", "/opt/x", "/srv/../run", "/sys/x"])
def test_a_root_that_engines_see_otherwise_is_refused(root):
    with pytest.raises(LabError, match="root"):
        preflight.check_root(root)


def test_a_root_where_overlay_cannot_work_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(preflight, "filesystem", lambda path: "overlay")
    with pytest.raises(LabError, match="on overlay"):
        preflight.check_root(str(tmp_path))


def test_the_file_system_of_a_path_is_that_of_the_nearest_mount():
    assert preflight.filesystem("/proc/1") == "proc"
    assert preflight.filesystem("/processes") == preflight.filesystem("/")


@pytest.mark.parametrize("command", ["ip", "iptables", "unshare"])
def test_a_missing_command_is_named_with_its_package(monkeypatch, command):
    monkeypatch.setattr(preflight, "which", lambda name: None if name == command else "/bin/" + name)
    with pytest.raises(LabError, match=rf"'{command}' is missing; install the package {preflight.COMMANDS[command]}"):
        preflight.check_tools()


def test_a_missing_controller_is_named(monkeypatch, tmp_path):
    (tmp_path / "cgroup.controllers").write_text("cpu io memory\n")
    monkeypatch.setattr(preflight.cgroups, "ROOT", str(tmp_path))
    with pytest.raises(LabError, match="'pids'"):
        preflight._check_controllers()


@pytest.mark.parametrize(
    ("procs", "control", "refused"),
    [("1\n7\n", "", True), ("", "", False), ("1\n", "cpu memory pids\n", False), ("1\n", None, False)],
)
def test_a_container_that_cannot_hand_controllers_on_is_told_so(monkeypatch, tmp_path, procs, control, refused):
    monkeypatch.setattr(preflight.cgroups, "ROOT", str(tmp_path))
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    (tmp_path / "cgroup.procs").write_text(procs)
    if control is not None:  # the true root has no type
        (tmp_path / "cgroup.subtree_control").write_text(control)
        (tmp_path / "cgroup.type").write_text("domain\n")
    if refused:
        with pytest.raises(LabError, match="into a child"):
            preflight._check_controllers()
    else:
        preflight._check_controllers()


def test_both_versions_of_cgroups_are_told_apart(monkeypatch, tmp_path):
    cgroups = preflight.cgroups
    monkeypatch.setattr(cgroups, "ROOT", str(tmp_path))
    for name in ("memory", "cpu,cpuacct", "cpuset"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cgroup.procs").write_text("")
    (tmp_path / "cpu").symlink_to("cpu,cpuacct")
    assert [os.path.basename(path) for path in cgroups.hierarchies()] == ["cpu,cpuacct", "cpuset", "memory"]
    (tmp_path / "cgroup.controllers").write_text("memory\n")
    assert cgroups.hierarchies() == [str(tmp_path)]


def test_on_cgroup_2_the_daemon_lives_in_a_leaf(monkeypatch, tmp_path):
    cgroups = preflight.cgroups
    monkeypatch.setattr(cgroups, "ROOT", str(tmp_path))
    (tmp_path / "cgroup.controllers").write_text("memory\n")
    assert cgroups.make_leaf("lab", "n1") == [str(tmp_path / "hive-lab/lab/n1/init/cgroup.procs")]
    cgroups.remove("lab")
    assert not (tmp_path / "hive-lab").exists()


def test_a_folder_without_an_engine_is_refused(tmp_path):
    with pytest.raises(LabError, match="does not contain dockerd"):
        binaries.check(str(tmp_path))


def test_a_folder_of_binaries_comes_first_in_path(tmp_path):
    (tmp_path / "usr" / "sbin").mkdir(parents=True)
    assert binaries.search_path(str(tmp_path)).startswith(f"{tmp_path}:{tmp_path}/usr/sbin:")
    assert binaries.search_path("system") == binaries.PATH


def test_the_lock_is_held_by_one_and_survives_the_removal_of_its_folder(tmp_path):
    folder, order_of = str(tmp_path / "lab"), []

    def second():
        with store.locked(folder):
            order_of.append("second")

    thread = threading.Thread(target=second)
    with store.locked(folder):
        thread.start()
        thread.join(0.2)
        order_of.append("first")
        os.rmdir(folder)
    thread.join(5)
    assert order_of == ["first", "second"]
    assert os.path.isdir(folder)


class FakeEngine:
    """An engine in a state."""

    name = "n1"

    def __init__(self, state, connected=True, wired=True):
        self._status = status.Status(state, connected, None, None, wired)

    def status(self):
        return self._status


CHANGES = {
    "started": {"running": False, "stopped": True, "paused": True, "off": True},
    "stopped": {"running": True, "stopped": False, "paused": True, "off": False},
    "killed": {"running": True, "stopped": False, "paused": True, "off": False},
    "restarted": {"running": True, "stopped": True, "paused": True, "off": True},
    "paused": {"running": True, "paused": False},
    "unpaused": {"running": False, "stopped": False, "paused": True, "off": False},
    "powered_off": {"running": True, "stopped": True, "paused": True, "off": False},
    "wiped": {"running": True, "stopped": True, "paused": True, "off": True},
    "partitioned": {"running": True, "off": True},
    "connected": {"running": False, "off": False},
}


def test_every_order_is_in_the_table():
    assert set(CHANGES) == set(order.ORDERS)


@pytest.mark.parametrize(("name", "state"), [(name, state) for name in CHANGES for state in CHANGES[name]])
def test_an_order_changes_something_only_where_it_means_something(name, state):
    plan = order.plan_order(FakeEngine(state), name)
    assert plan.changed is CHANGES[name][state]
    assert (plan.before != plan.after) is plan.changed


@pytest.mark.parametrize("state", ["stopped", "off"])
def test_no_daemon_no_pause(state):
    with pytest.raises(LabError, match="start it first"):
        order.plan_order(FakeEngine(state), "paused")


def test_no_link_no_cut():
    with pytest.raises(LabError, match="no link"):
        order.plan_order(FakeEngine("running", connected=False, wired=False), "partitioned")


def test_imports_need_nothing_but_python():
    code = "import sys; sys.path.insert(0, sys.argv[1]); import _lab; assert 'ansible' not in sys.modules"
    folder = os.path.dirname(os.path.dirname(specs.__file__))
    subprocess.run([sys.executable, "-S", "-c", code, folder], check=True)
