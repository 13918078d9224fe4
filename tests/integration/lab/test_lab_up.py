# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab comes up whole, stays as it is, and is mended without harm to what is well."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab, LabError

from .support import identity, ip, pids, post, reaches, run_container, running, traces


def test_up_makes_what_was_asked_for(lab):
    for engine in lab.engines:
        info = engine.get("/info")
        assert info["Name"] == f"{lab.name}-{engine.name}"
        assert info["Driver"] == "overlay2"
        tags = [tag for image in engine.get("/images/json") for tag in image["RepoTags"]]
        assert {"lab/busybox:1", "lab/busybox:2"} <= set(tags)


def test_engines_share_neither_identity_nor_keys_nor_namespaces(lab):
    assert len({identity(engine) for engine in lab.engines}) == 3
    for engine in lab.engines:
        with open(f"/proc/{engine.pid}/mountinfo") as file:
            # A copy of another engine's namespace would keep that namespace after its end.
            assert [line for line in file if f"/hive.{lab.name}" in line] == []


def test_what_the_machine_has_in_etc_docker_is_not_the_engines(lab, request):
    path = Path("/etc/docker", f"{lab.name}.test")
    request.addfinalizer(lambda: path.unlink(missing_ok=True))
    path.write_text("")
    inside = f"/proc/{lab.engine('n1').pid}/root/etc"
    assert os.path.exists(f"{inside}/passwd")
    assert not os.path.exists(inside + str(path)[4:])


def test_an_image_has_the_same_id_everywhere(lab):
    assert len({engine.get("/images/lab/busybox:1/json")["Id"] for engine in lab.engines}) == 1
    engine = lab.engines[0]
    assert engine.get("/images/lab/busybox:1/json")["Id"] != engine.get("/images/lab/busybox:2/json")["Id"]


def test_again_changes_nothing_and_is_quick(lab):
    live = pids(lab)
    began = time.monotonic()
    assert not lab.up().changed
    # An engine alone needs that long to start; a busy machine needs a second for looking.
    assert time.monotonic() - began < 5
    assert pids(lab) == live


def test_engines_and_machine_reach_each_other_and_nothing_else(lab):
    first, second = lab.engines[:2]
    assert reaches(lab, first.name, second.address)
    assert reaches(lab, first.name, lab.facts()["machine_address"], 1) is False
    routes = subprocess.run(
        ["nsenter", f"--net=/run/netns/hive.{lab.name}.{first.name}", "ip", "route"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "default" not in routes


def test_a_killed_engine_is_mended_and_the_others_go_on(lab):
    live = pids(lab)
    lab.engine("n2").kill()
    plan = lab.up()
    assert plan.before["nodes"]["n2"]["state"] == "stopped"
    mended = pids(lab)
    assert mended.pop("n2") != live.pop("n2")
    assert mended == live


@pytest.mark.parametrize("fault", ["stop", "pause", "power_off", "partition"])
def test_every_fault_is_mended(lab, fault):
    live = pids(lab)
    getattr(lab.engine("n3"), fault)()
    assert lab.plan().changed
    assert lab.up().changed
    assert not lab.plan().changed
    assert [pid for name, pid in pids(lab).items() if name != "n3"] == [live["n1"], live["n2"]]


def test_a_namespace_that_is_gone_is_made_again(lab):
    live = pids(lab)
    ip("netns", "delete", f"hive.{lab.name}.n2")
    assert lab.up().changed
    assert reaches(lab, "n2", lab.engine("n1").address)
    mended = pids(lab)
    assert mended["n2"] != live["n2"]
    assert (mended["n1"], mended["n3"]) == (live["n1"], live["n3"])


def test_a_hub_that_is_gone_is_made_again_and_no_engine_restarts(lab):
    live = pids(lab)
    ip("netns", "delete", f"hive.{lab.name}")
    end = time.monotonic() + 30
    while reaches(lab, "n1", lab.engine("n2").address):  # the kernel takes it down after ip has ended
        assert time.monotonic() < end
    assert lab.up().changed
    assert reaches(lab, "n1", lab.engine("n2").address)
    assert pids(lab) == live


def test_a_link_that_is_gone_is_made_again(lab):
    live = pids(lab)
    ip("-n", f"hive.{lab.name}.n1", "link", "delete", "eth0")
    assert lab.up().changed
    assert reaches(lab, "n1", lab.engine("n2").address)
    assert pids(lab) == live


def test_after_a_reboot_the_disks_are_there(lab):
    post(lab.engine("n1"), "/volumes/create", {"Name": "kept"})
    before = identity(lab.engine("n1"))
    for engine in [*lab.engines, lab.registry]:
        engine.power_off()
    for name in ("", ".n1", ".n2", ".n3", ".registry"):
        ip("netns", "delete", f"hive.{lab.name}{name}")
    assert lab.up().changed
    assert lab.engine("n1").get("/volumes/kept") is not None
    assert identity(lab.engine("n1")) == before
    assert not lab.plan().changed


@pytest.mark.parametrize("seconds", [0.1, 0.4, 1.0])
def test_a_run_that_was_cut_off_is_finished_or_cleaned(new_lab, seconds):
    lab = new_lab(engines=2, images=["lab/busybox:1"])
    code = "import sys; from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab; print(1, flush=True);"
    code += "Lab(name=sys.argv[1], engines=3, images=['lab/busybox:1']).up()"
    with subprocess.Popen([sys.executable, "-c", code, lab.name], stdout=subprocess.PIPE) as cut:
        cut.stdout.readline()
        time.sleep(seconds)
        cut.send_signal(signal.SIGKILL)
    assert lab.up().changed
    assert list(pids(lab)) == ["n1", "n2"]
    assert not lab.plan().changed
    assert not os.path.exists(os.path.join(lab.folder, "n3"))
    assert not os.path.exists(f"/run/netns/hive.{lab.name}.n3")


def test_an_engine_that_is_no_longer_wanted_goes_and_a_new_one_comes(new_lab):
    lab = new_lab(engines=2)
    lab.up()
    live, addresses = pids(lab), {engine.name: engine.address for engine in lab.engines}
    other = Lab(name=lab.name, engines=["n2", "n3"])
    assert other.up().changed
    assert pids(other)["n2"] == live["n2"]
    assert other.engine("n2").address == addresses["n2"]
    assert other.engine("n3").address not in addresses.values()
    assert not os.path.exists(os.path.join(lab.folder, "n1"))
    assert not other.plan().changed


def test_another_daemon_json_restarts_only_that_engine(new_lab):
    lab = new_lab(engines=2)
    lab.up()
    live = pids(lab)
    other = Lab(name=lab.name, engines=["n1", {"name": "n2", "daemon_json": {"labels": ["zone=a"]}}])
    plan = other.up()
    assert plan.before["nodes"]["n1"] == plan.after["nodes"]["n1"]
    assert other.engine("n2").get("/info")["Labels"] == ["zone=a"]
    assert pids(other)["n1"] == live["n1"]
    assert not other.plan().changed


def test_another_subnet_moves_the_whole_lab(new_lab):
    # No lab chooses these by itself, as other tests do at the same time.
    lab = new_lab(engines=2, subnet="198.51.100.0/28")
    lab.up()
    other = Lab(name=lab.name, engines=2, subnet="198.51.100.32/28")
    assert other.up().changed
    assert [engine.address for engine in other.engines] == ["198.51.100.35", "198.51.100.36"]
    assert reaches(other, "n1", "198.51.100.36")
    assert not other.plan().changed


def test_labs_live_side_by_side(lab, new_lab):
    other = new_lab(engines=1)
    live = pids(lab)
    other.up()
    assert other.spec.subnet != lab.spec.subnet
    assert reaches(lab, "n1", lab.engine("n2").address)
    assert not reaches(lab, "n1", other.engine("n1").address)
    assert not lab.plan().changed
    other.down()
    assert pids(lab) == live
    assert not lab.plan().changed


def test_a_subnet_that_is_in_use_is_refused(lab, new_lab):
    with pytest.raises(LabError, match="overlaps"):
        new_lab(engines=1, subnet=lab.spec.subnet).up()


def test_the_same_name_in_another_root_is_refused(lab, tmp_path):
    with pytest.raises(LabError, match="runs from the root"):
        Lab(name=lab.name, root=str(tmp_path)).up()
    with pytest.raises(LabError, match="runs from the root"):
        Lab(name=lab.name, root=str(tmp_path)).down()


def test_a_folder_of_binaries_that_is_none_is_refused_before_anything_is_done(new_lab, tmp_path):
    lab = new_lab(engines=1, binaries=str(tmp_path))
    with pytest.raises(LabError, match="does not contain dockerd"):
        lab.up()
    assert traces(lab) == {}


def test_an_engine_that_cannot_start_says_why_and_is_mended(new_lab):
    lab = new_lab(engines=1, daemon_json={"no-such-option": 1})
    with pytest.raises(LabError, match="no-such-option"):
        lab.up()
    Lab(name=lab.name, engines=1).up()


def test_daemons_hold_nothing_of_ours_open_and_survive_us(new_lab):
    lab = new_lab(engines=1)
    code = "import os, sys; from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab;"
    code += "os.set_inheritable(os.open('/etc/hostname', os.O_RDONLY), True); Lab(name=sys.argv[1], engines=1).up()"
    # With a daemon that held our pipe, the end of the output would not come.
    subprocess.run([sys.executable, "-c", code, lab.name], capture_output=True, check=True, timeout=60)
    pid = lab.engine("n1").pid
    held = [os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 1, 2)]
    assert held == ["/dev/null", lab.engine("n1").log, lab.engine("n1").log]
    everything = [os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")]
    assert "/etc/hostname" not in everything


def test_the_check_predicts_what_is_done(new_lab):
    lab = new_lab(engines=2, images=["lab/busybox:1"])
    predicted, done = lab.plan(), lab.up()
    assert (predicted.before, predicted.after) == (done.before, done.after)
    assert lab.plan().before == done.after
    predicted, done = lab.plan_down(), lab.down()
    assert (predicted.before, predicted.after) == (done.before, done.after)
    assert lab.plan_down().before == {}


def test_a_registry_serves_nobody_without_the_login_it_is_given(new_lab):
    login = {"username": "robin", "password": "s3cret"}
    lab = new_lab(engines=1, registry=login, images=["lab/busybox:1"])
    made = lab.up()
    assert not lab.up().changed
    path = os.path.join(lab.folder, "registry", "htpasswd")
    with open(path, encoding="utf-8") as file:
        line = file.read().strip()
    assert os.stat(path).st_mode & 0o777 == 0o600
    with open(os.path.join(lab.folder, "lab.json"), encoding="utf-8") as file:
        shown = file.read() + str(made) + str(lab.facts())
    assert line.partition(":")[2] not in shown and login["password"] not in shown, "S10"
    engine = lab.engine("n1")
    post(engine, "/images/lab/busybox:1/tag?repo=registry:5000/closed&tag=1")
    with pytest.raises(AssertionError, match="no basic auth credentials"):
        _push(engine, {})
    with pytest.raises(AssertionError, match="unauthorized"):
        _push(engine, {**login, "password": "guessed"})
    _push(engine, login)
    again = Lab(name=lab.name, engines=1, registry={**login, "password": "other"}, images=["lab/busybox:1"])
    assert again.up().changed
    assert not again.up().changed
    with pytest.raises(AssertionError, match="unauthorized"):
        _push(engine, login)
    _push(engine, {**login, "password": "other"})


def _push(engine, login):
    auth = base64.urlsafe_b64encode(json.dumps(login).encode()).decode()
    post(engine, "/images/registry:5000/closed/push?tag=1", headers={"X-Registry-Auth": auth})


def test_down_leaves_nothing(new_lab):
    lab = new_lab(engines=2, registry=True, images=["lab/busybox:1"])
    lab.up()
    first = lab.engine("n1")
    container = run_container(first, "sleep", "1000", HostConfig={"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}})
    assert running(first, container)
    post(first, "/swarm/init", {"ListenAddr": "0.0.0.0", "AdvertiseAddr": first.address})
    lab.engine("n2").kill()
    assert set(traces(lab)) >= {"namespaces", "links", "mounts", "processes", "cgroups", "folders"}
    assert lab.down().changed
    assert traces(lab) == {}
    assert not lab.down().changed


def test_down_finds_a_lab_whose_folder_is_gone(new_lab):
    lab = new_lab(engines=1)
    lab.up()
    os.unlink(os.path.join(lab.folder, "lab.json"))
    assert lab.plan_down().changed
    lab.down()
    assert traces(lab) == {}
