# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hive.swarm.engine_info: its script with the programs of other systems, its result, its two front ends."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput, EngineError
from ansible_collections.hive.swarm.plugins.module_utils._hosts.installation import Inspection, read

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

MARK = "hive.swarm:0"
SHELLS = [shell for shell in (["dash"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(shell[0])]
UBUNTU = 'NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 24.04.3 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n'
ROCKY = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nPRETTY_NAME="Rocky Linux 9.6 (Blue Onyx)"\nVERSION_ID="9.6"\n'


def inspection(**options: Any) -> Inspection:
    return Inspection({"packages": [], "files": [], "contents": [], **options})


def output(*lines: str, system: str = UBUNTU) -> str:
    """What the script prints on that system, without its mark's neighbours."""
    facts = ["uid\t0", f"os-release\t{base64.b64encode(system.encode()).decode()}", "service-manager\tsystemd", *lines]
    return "\n".join(["", MARK, *facts, "end", ""])


def test_a_running_engine():
    found = read(
        output(
            "service\tLoadState=loaded",
            "service\tActiveState=active",
            "service\tUnitFileState=enabled",
            "service\tMainPID=42",
            "started\t1795910400",
            "command\t/usr/bin/dockerd -H fd://",
            "command\t/usr/bin/other",
            "firewall\tufw",
        ),
        MARK,
        [],
    )
    assert found == {
        "user_id": 0,
        "system": {
            "id": "ubuntu",
            "id_like": ["debian"],
            "family": "Debian",
            "name": "Ubuntu 24.04.3 LTS",
            "version": "24.04",
            "codename": "noble",
            "service_manager": "systemd",
        },
        "service": {
            "exists": True,
            "state": "active",
            "enabled": True,
            "command": "/usr/bin/dockerd -H fd://",
            "started_at": 1795910400,
            "program_replaced": False,
        },
        "firewalls": ["ufw"],
        "packages": {},
        "files": {},
    }


def test_a_host_without_an_engine():
    found = read(output(system=ROCKY), MARK, [])
    assert found["system"]["family"] == "RedHat"
    assert found["service"] == {
        "exists": False,
        "state": "",
        "enabled": False,
        "command": "",
        "started_at": None,
        "program_replaced": False,
    }


@pytest.mark.parametrize(
    ("identifier", "like", "family"),
    [
        ("debian", "", "Debian"),
        ("linuxmint", "ubuntu debian", "Debian"),
        ("ol", "fedora", "RedHat"),
        ("almalinux", "rhel centos fedora", "RedHat"),
        ("alpine", "", ""),
    ],
)
def test_families_of_systems(identifier, like, family):
    found = read(output(system=f'ID={identifier}\nID_LIKE="{like}"\n'), MARK, [])
    assert found["system"]["family"] == family


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ii ", (True, False)),
        ("hi ", (True, True)),
        ("iF ", (False, False)),  # its installation was cut off
        ("un ", None),
        ("rc ", None),
        ("ic ", None),
    ],
)
def test_states_of_packages(status, state):
    found = read(output(f"package\tdocker.io\t{status}\t28.5.2"), MARK, [])["packages"].get("docker.io")
    assert (found and (found["installed"], found["held"])) == state


def test_what_a_login_prints_is_not_read():
    found = read("Welcome!\nuid\t7" + output("firewall\tnftables"), MARK, [])
    assert (found["user_id"], found["firewalls"]) == (0, ["nftables"])


def test_an_output_that_was_cut_off_is_an_error():
    """Else a host would seem to have no engine, and get one."""
    whole = output("package\tdocker.io\tii \t28.5.2")
    task = inspection()
    task.mark = MARK
    assert task.result(whole, "")["packages"]
    for text, errors in ((whole.replace("\nend\n", ""), ""), ("", "sh: not found")):
        with pytest.raises(EngineError, match=errors or "The command that inspects the host failed"):
            task.result(text, errors)


def test_rules_of_firewalls():
    lines = ["rules", "firewall\tfirewalld", "rule\tfirewalld\trule a", "rule\tfirewalld_permanent\trule b"]
    assert read(output(*lines), MARK, [])["firewall_rules"] == {
        "ufw": [],
        "firewalld": ["rule a"],
        "firewalld_permanent": ["rule b"],
        "nftables": None,
    }
    assert read(output(*lines, "chain"), MARK, [])["firewall_rules"]["nftables"] == []
    assert "firewall_rules" not in read(output(), MARK, [])


def test_a_package_manager_that_fails_offers_nothing_by_mistake():
    said = base64.b64encode(b"no network").decode()
    with pytest.raises(EngineError):
        read(output(f"available\tdnf\t1\t{said}"), MARK, [])


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"files": ["daemon.json"]}, "files"),
        ({"contents": ["~/x"]}, "contents"),
        ({"packages": ["--root=/"]}, "packages"),
        ({"packages": [""]}, "packages"),
        ({"available": ["a b"]}, "available"),
        ({"firewall": {"chain": "input", "zone": ""}}, "firewall"),
    ],
)
def test_bad_input(options, option):
    with pytest.raises(BadInput) as caught:
        inspection(**options)
    assert caught.value.failure()["option"] == option


def run_script(shell: list[str], task: Inspection, programs: Path | None = None) -> dict[str, Any]:
    """The result of the script in a shell; programs of that folder come first."""
    path = f"{programs}:{os.environ['PATH']}" if programs else os.environ["PATH"]
    done = subprocess.run(
        [*shell, *task.command[1:]],
        input=task.script,
        capture_output=True,
        env={"PATH": path},
        timeout=60,
        check=False,
    )
    return task.result(done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_files_of_this_machine(shell, tmp_path):
    """Names with blanks, quotes, tabs and line ends as well."""
    odd = tmp_path / "a file\twith 'quotes'\nand lines"
    odd.write_bytes(b"\0\xff content\n")
    odd.chmod(0o600)
    os.utime(odd, (1, 1700000000))
    plain = tmp_path / "plain"
    plain.write_text("x")
    plain.chmod(0o644)
    found = run_script(shell, inspection(contents=[str(odd)], files=[str(plain), str(odd), str(tmp_path), "/none"]))
    assert found["files"][str(odd)] == {
        "mode": "0600",
        "modified_at": 1700000000,
        "content": base64.b64encode(b"\0\xff content\n").decode(),
    }
    assert found["files"][str(plain)]["mode"] == "0644"
    assert "content" not in found["files"][str(plain)]
    assert set(found["files"]) == {str(odd), str(plain)}
    assert found["user_id"] == os.getuid()
    assert found["system"]["id"]


SYSTEMCTL = r"""
case "$1 $2" in
    "show "*) printf 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nMainPID=%s\nFragmentPath=%s\n' "$PPID" UNIT
        printf 'ExecMainStartTimestamp=Thu 2026-11-26 08:00:00 UTC\n' ;;
    "is-active nftables") echo active ;;
    *) echo inactive; exit 3 ;;
esac
"""


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shell[0] != "busybox"], ids=" ".join)
@pytest.mark.parametrize("manager", ["dpkg-query", "rpm"])
def test_programs_of_a_host(shell, manager, tmp_path):
    """The real ones of this machine may be absent; these print what theirs do. busybox has some of its own."""
    unit = tmp_path / "docker.service"
    unit.write_text("[Service]\nExecStart=/usr/bin/dockerd -H fd://\nExecReload=/bin/kill\n")
    programs = {
        "systemctl": SYSTEMCTL.replace("UNIT", str(unit)),
        "ufw": "case $1 in status) echo Status: active ;; *) echo 'Added user rules:'; echo ufw allow 22/tcp ;; esac",
        "nft": r"""[ "$*" = 'list chain inet filter input' ] && printf 'table inet filter {\n\tjump hive_swarm\n}\n'""",
        "dpkg-query": r"printf 'package\tcontainerd\thi \t1.7.24\n'; exit 1",
        "apt-cache": "printf 'docker-ce | 5:28.5.2-1 | http://mirror Packages\\ndocker-ce | 5:27.0-1 | http://mirror\\n'",
        "dnf": "printf 'docker-ce 3:27.0-1.el9\\n\\ndocker-ce 3:28.5.2-1.el9\\n'",
        "rpm": r"""printf 'package\tcontainerd\tii\t0:1.7.24-1.el9\n'; echo package docker-ce is not installed; exit 1""",
    }
    if manager == "rpm":
        del programs["dpkg-query"], programs["apt-cache"]
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("id", "base64", "tr", "cat", "stat", "readlink", "sed", "date", "grep", "sh"):
        (folder / name).symlink_to(shutil.which(name))
    for name, text in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    chain = {"chain": "inet filter input", "zone": ""}
    task = inspection(packages=["containerd", "docker-ce"], available=["docker-ce"], firewall=chain)
    # The script adds the usual folders to PATH, which would find the programs of this machine.
    task.script = task.script.replace(
        b"${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", b"$PATH"
    )
    shell = [shutil.which(shell[0]), *shell[1:]]
    done = subprocess.run(
        [*shell, *task.command[1:]],
        input=task.script,
        capture_output=True,
        env={"PATH": str(folder)},
        timeout=60,
        check=False,
    )
    found = task.result(done.stdout.decode(), done.stderr.decode())
    held = manager == "dpkg-query"
    version = "1.7.24" if held else "0:1.7.24-1.el9"
    assert found["packages"] == {"containerd": {"version": version, "installed": True, "held": held}}
    assert found["firewalls"] == ["nftables", "ufw"]
    assert found["firewall_rules"] == {
        "ufw": ["Added user rules:", "ufw allow 22/tcp"],
        "firewalld": [],
        "firewalld_permanent": [],
        "nftables": ["table inet filter {", "\tjump hive_swarm", "}"],
    }
    versions = ["5:28.5.2-1", "5:27.0-1"] if held else ["3:28.5.2-1.el9", "3:27.0-1.el9"]
    assert found["available"] == [{"name": "docker-ce", "version": version} for version in versions]
    assert found["service"]["command"] == "/usr/bin/dockerd -H fd://"
    assert found["service"]["started_at"] == 1795680000
    assert found["service"]["enabled"] is True


def test_both_front_ends_return_the_same(tmp_path):
    """The action, and the module that it falls back to for asynchronous tasks; also in check mode."""
    config = tmp_path / "daemon.json"
    config.write_text("{}")
    options = {"contents": [str(config)], "packages": ["dpkg"]}
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {"name": "action", "hive.swarm.engine_info": options, "register": "a"},
            {"name": "module", "hive.swarm.engine_info": options, "async": 60, "poll": 1, "register": "b"},
            {"name": "check", "hive.swarm.engine_info": options, "check_mode": True, "register": "c"},
            {"name": "wrong", "hive.swarm.engine_info": {"files": ["x"]}, "register": "d", "ignore_errors": True},
            {
                "ansible.builtin.copy": {
                    "content": "{{ [a, b, c, d] | to_json }}",
                    "dest": str(tmp_path / "results"),
                    "mode": "0600",
                }
            },
        ],
    }
    (tmp_path / "play.yml").write_text(json.dumps([play]))
    program = Path(sys.executable).with_name("ansible-playbook")
    command = [program, "-i", "localhost,", "-c", "local", "-e", f"ansible_python_interpreter={sys.executable}"]
    done = subprocess.run([*command, tmp_path / "play.yml"], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    action, module, check, wrong = json.loads((tmp_path / "results").read_text())
    names = ("changed", "user_id", "system", "service", "firewalls", "packages", "files")
    assert action["files"][str(config)]["content"] == base64.b64encode(b"{}").decode()
    assert [action[name] for name in names] == [module[name] for name in names] == [check[name] for name in names]
    assert wrong["failure"] == {"kind": "bad_input", "status": None, "option": "files", "message": wrong["msg"]}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_what_is_in_the_way_of_a_file_system(shell, tmp_path):
    folder, source = tmp_path / "a folder", tmp_path / "disk.img"
    folder.mkdir()
    asked = {"folder": str(folder), "source": str(source)}
    found = run_script(shell, inspection(storage=asked))["storage"]
    found.pop("btrfs")  # of the kernel of this machine
    nothing = dict.fromkeys(("exists", "block", "mounted", "data"), False)
    assert found == {**nothing, "holds": "", "uuid": "", "fstab": "", "elsewhere": []}

    source.write_bytes(bytes(4096))
    assert run_script(shell, inspection(storage=asked))["storage"]["holds"] == ""
    source.write_bytes(bytes(4096) + b"x")
    (folder / "file").touch()
    found = run_script(shell, inspection(storage=asked))["storage"]
    assert (found["exists"], found["holds"], found["data"]) == (True, "data", True)
    assert "storage" not in run_script(shell, inspection())


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_mounted_source_and_another_one_on_the_folder(shell, tmp_path):
    """The root of this machine is mounted on / and not on the folder."""
    device = next(line.split()[0] for line in Path("/proc/self/mounts").read_text().splitlines() if line[0] == "/")
    found = run_script(shell, inspection(storage={"folder": str(tmp_path), "source": device}))["storage"]
    assert found["elsewhere"]
    assert not found["mounted"]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize(("code", "valid"), [(0, True), (1, False)])
def test_the_engine_validates_its_file(shell, tmp_path, code, valid):
    """Its words are no patterns of file names."""
    engine = tmp_path / "dockerd"
    engine.write_text(f'#!/bin/sh\n[ "$1" != --help ] || echo --validate\necho "$*"\nexit {code}\n')
    engine.chmod(0o755)
    asked = {"file": "/etc/daemon.json", "command": [str(engine), "-H", "tcp://[::]:*"]}
    found = run_script(shell, inspection(daemon_config=asked))["daemon_config"]
    assert found == {"valid": valid, "message": "-H tcp://[::]:* --validate --config-file /etc/daemon.json"}
