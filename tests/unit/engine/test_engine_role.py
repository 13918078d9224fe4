# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role's files promise, and what it would write on systems that are not here."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.hive.swarm.plugins.module_utils._hosts.installation import Inspection

ROLE = Path(__file__).resolve().parents[3] / "roles" / "engine"
#: Identifier, version and code name of os-release.
SYSTEMS = {
    "debian": ("debian", "12", "bookworm"),
    "ubuntu": ("ubuntu", "24.04", "noble"),
    "rocky9": ("rocky", "9.6", ""),
    "rocky10": ("rocky", "10.0", ""),
    "rhel8": ("rhel", "8.10", ""),
    "alma9": ("almalinux", "9.6", ""),
    "oracle9": ("ol", "9.6", ""),
    "stream10": ("centos", "10", ""),
    "rhel10": ("rhel", "10.0", ""),
    "bullseye": ("debian", "11", "bullseye"),
    "trixie": ("debian", "13", "trixie"),
    "jammy": ("ubuntu", "22.04", "jammy"),
}
DEBIAN = ("debian", "ubuntu")
DROPIN = "/etc/systemd/system/docker.service.d/hive-swarm.conf"


def found_on(system: str, files=None, packages=None, firewalls=(), user_id=0, **service):
    """What hive.swarm.engine_info returns for that system; without more, for a host without an engine.

    :param packages: name -> version, or version and whether it is held.
    """
    identifier, version, codename = SYSTEMS[system]
    entries = {name: value if isinstance(value, tuple) else (value, False) for name, value in (packages or {}).items()}
    return {
        "user_id": user_id,
        "system": {
            "id": identifier,
            "family": "Debian" if identifier in DEBIAN else "RedHat",
            "name": system,
            "version": version,
            "codename": codename,
            "service_manager": "systemd",
        },
        "service": {
            "state": "",
            "enabled": False,
            "command": "",
            "started_at": None,
            "program_replaced": False,
            **service,
        },
        "firewalls": list(firewalls),
        "packages": {
            name: {"version": version, "installed": bool(version), "held": held}
            for name, (version, held) in entries.items()
        },
        "files": files or {},
    }


def file(text: str = "", mode: str = "0644", modified_at: int = 0):
    return {"mode": mode, "modified_at": modified_at, "content": base64.b64encode(text.encode()).decode()}


def read(path: str):
    return yaml.safe_load((ROLE / path).read_text())


def templar(system: str, found=None, **options) -> Templar:
    """Ansible's own templates with the role's words, on that system and with these options.

    :param found: arguments of found_on.
    """
    loader = DataLoader()
    loader.set_basedir(str(ROLE))
    variables = {"engine__found": found_on(system, **(found or {}))}
    for name in ("defaults", "vars"):
        variables.update(loader.load_from_file(str(ROLE / name / "main.yml"), trusted_as_template=True))
    return Templar(loader, {**variables, **options})


def rendered(system: str, expression: str, found=None, **options):
    """The value of an expression."""
    value = templar(system, found, **options).template(trust_as_template(f"{{{{ {expression} }}}}"))
    return json.loads(json.dumps(value, default=list))


def file_of(name: str, system: str, found=None, **options) -> list[str]:
    """The lines that the module template would write, without the first, which says who wrote it."""
    text = trust_as_template((ROLE / "templates" / name).read_text())
    return templar(system, found, **options).template(text, overrides={"trim_blocks": True}).splitlines()[1:]


def test_defaults_are_documented():
    documented = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    for name, default in read("defaults/main.yml").items():
        if "{{" not in str(default):
            assert documented[name].get("default") == default, name
    assert set(read("defaults/main.yml")) <= set(documented)


def test_only_modules_of_ansible_itself_and_of_this_collection():
    for path in sorted(ROLE.glob("tasks/**/*.yml")):
        for task in yaml.safe_load(path.read_text()):
            for step in [task, *task.get("block", []), *task.get("always", [])]:
                dotted = [key for key in step if "." in key]
                assert all(key.startswith(("ansible.builtin.", "hive.swarm.")) for key in dotted), (path, dotted)


@pytest.mark.parametrize(
    ("system", "packages"),
    [
        ("debian", ["docker-ce", "docker-ce-cli", "containerd.io"]),
        ("rocky10", ["docker-ce", "docker-ce-cli", "containerd.io"]),
    ],
)
def test_packages_of_dockers_repository(system, packages):
    assert rendered(system, "engine__names", engine_source="docker") == packages


def test_enterprise_linux_has_no_engine_of_its_own():
    assert rendered("rocky9", "engine__names") == []


def task_of(path: str, name: str) -> dict:
    return next(task for task in read(path) if task["name"] == name)


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("rhel8", "rhel"),
        ("rhel10", "rhel"),
        ("rocky9", "centos"),
        ("alma9", "centos"),
        ("oracle9", "centos"),
        ("stream10", "centos"),
    ],
)
def test_dnf_is_told_of_dockers_repository(system, name):
    task = task_of("tasks/repository.yml", "Name Docker's repository to dnf")
    module = {
        key: templar(system, engine_source="docker", engine_version="28.5").template(trust_as_template(str(value)))
        for key, value in task["ansible.builtin.yum_repository"].items()
    }
    assert module == {
        "name": "docker-ce-stable",
        "description": "Docker CE",
        "baseurl": f"https://download.docker.com/linux/{name}/$releasever/$basearch/stable",
        "gpgkey": "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-docker-ce",
        "gpgcheck": "True",
        "exclude": ["docker-ce", "docker-ce-cli", "containerd.io"],
        "mode": "0644",
    }


@pytest.mark.parametrize("system", [name for name in SYSTEMS if SYSTEMS[name][0] not in DEBIAN])
def test_the_enterprise_linux_family_is_one(system):
    assert rendered(system, "[engine__deb, engine__names]", engine_source="docker") == [
        False,
        ["docker-ce", "docker-ce-cli", "containerd.io"],
    ]
    wanted = ["kernel-modules-extra"] if system.endswith("10") else []
    assert rendered(system, "engine__other_packages", engine_source="docker") == wanted
    packages = rendered(system, "engine__other_packages", engine_source="docker", engine_remote_transport="true")
    assert packages[:2] == ["python3-docker", "python3-requests"]


@pytest.mark.parametrize(("system", "extra"), [("rocky10", ["kernel-modules-extra"]), ("rocky9", []), ("ubuntu", [])])
def test_the_kernel_of_enterprise_linux_10_needs_one_package_more(system, extra):
    assert rendered(system, "engine__other_packages", engine_source="docker") == extra


DOCKERD = "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS"


def test_what_was_found_is_understood():
    found = {
        "state": "active",
        "packages": {"docker.io": ("20.10.24+dfsg1-1", True), "containerd": "1.7"},
        "command": DOCKERD,
    }
    assert rendered("debian", "[engine__active, engine__installed, engine__held, engine__own_command]", found) == [
        True,
        {"docker.io": "20.10.24+dfsg1-1", "containerd": "1.7"},
        ["docker.io"],
        "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS",
    ]


@pytest.mark.parametrize(
    ("found", "source", "foreign"),
    [
        ({"command": "/usr/bin/dockerd -H fd://", "packages": {"containerd": "2.1.9"}}, "distribution", True),
        ({"command": "/usr/bin/dockerd -H fd://", "packages": {"docker-ce": "5:28.5.2-1"}}, "docker", False),
        ({"command": "/usr/sbin/dockerd -H fd://"}, "docker", True),
        ({"command": "/usr/local/bin/dockerd"}, "none", False),
        ({"command": "/usr/sbin/dockerd -H fd://", "packages": {"docker.io": ""}}, "distribution", False),
        ({"state": "inactive"}, "distribution", False),
    ],
)
def test_an_engine_of_another_source_is_foreign(found, source, foreign):
    assert rendered("debian", "engine__foreign", found, engine_source=source) == foreign


#: A host where nothing is to be done.
WELL = {
    "state": "active",
    "enabled": True,
    "started_at": 1000,
    "command": DOCKERD,
    "packages": dict.fromkeys(("docker.io", "docker-cli", "containerd"), ("28.5.2+dfsg4-5", True)),
}


#: What is different from that host, with options of the role, and whether the host is changed.
CHANGES = [
    ({}, {}, False),
    ({}, {"engine_version": "28.5"}, False),
    ({}, {"engine_version": "27"}, True),
    ({}, {"engine_version": "28.5", "engine_hold": False}, True),
    ({"packages": {"docker.io": "28.5.2"}}, {"engine_version": "28.5"}, True),
    ({"packages": {"docker.io": "28.5.2"}}, {}, False),
    ({"packages": {}}, {}, True),
    ({"packages": {}, "command": "/opt/dockerd"}, {"engine_source": "none"}, False),
    ({"state": "failed"}, {}, True),
    ({"enabled": False}, {}, True),
    ({"firewalls": ["ufw"]}, {}, True),
    ({"firewalls": ["ufw"]}, {"engine_firewall": False}, False),
    ({"files": {DROPIN: file()}}, {}, True),
    ({"files": {"/etc/docker/daemon.json": file('{"debug": true}')}}, {}, False),
    ({"files": {"/etc/docker/daemon.json": file('{"debug": true}')}}, {"engine_daemon": {"debug": None}}, True),
    ({}, {"engine_extra_packages": ["jq"]}, True),
    ({"packages": {**WELL["packages"], "jq": "1.6"}}, {"engine_extra_packages": ["jq"]}, False),
    ({}, {"engine_api": {"hosts": []}}, True),
    ({}, {"engine_proxy": {"http": "http://p"}}, True),
    ({}, {"engine_btrfs": {"device": "/dev/sdb"}}, True),
    ({}, {"engine_source": "docker"}, True),
]
#: Systems and hosts with options, and words of the reasons not to continue.
REFUSALS = [
    ("debian", {}, {}, []),
    ("debian", {"user_id": 1000}, {}, ["by root: use become"]),
    ("rocky9", {"packages": {}}, {}, ["engine_source: distribution has no engine for rocky9"]),
    ("debian", {"packages": {}}, {}, ["The host has an engine, /usr/sbin/dockerd"]),
    ("debian", {"packages": {}, "command": ""}, {"engine_source": "none"}, ["the host has no docker.service"]),
    ("debian", {}, {"engine_btrfs": {"image": "/a"}}, ["engine_btrfs.device, or image and size"]),
    ("debian", {}, {"engine__swarm": {"rootless": True}}, ["runs without root"]),
    ("debian", {}, {"engine__swarm": {"live_restore": True}}, ["runs with live-restore"]),
    ("debian", {}, {"engine__swarm": {"storage_driver": "btrfs"}, "engine_storage_driver": "overlay2"}, ["btrfs, and"]),
    ("debian", {}, {"engine_daemon": {"live-restore": True}, "engine__swarm": {"rootless": True}}, ["live-restore is on", "root"]),
]  # fmt: skip


def evaluated(folder: Path, cases) -> list[Any]:
    """The values of expressions in a play that has the variables and filters of the role.

    :param cases: expression and variables of each.
    """
    tasks = [
        {"name": f"case {number}", "ansible.builtin.debug": {"msg": f"{{{{ {expression} }}}}"}, "vars": variables}
        for number, (expression, variables) in enumerate(cases)
    ]
    files = [str(ROLE / name / "main.yml") for name in ("defaults", "vars")]
    play = {"hosts": "localhost", "gather_facts": False, "vars_files": files, "tasks": tasks}
    (folder / "play.yml").write_text(json.dumps([play]))
    (folder / "templates").symlink_to(ROLE / "templates")
    environment = {
        **os.environ,
        "ANSIBLE_CALLBACK_PLUGINS": str(ROLE.parents[1] / "tests/integration/cluster/callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "RECORD_FILE": str(folder / "record"),
    }
    program = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(
        [program, "-i", "localhost,", "-c", "local", folder / "play.yml"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line)["msg"] for line in (folder / "record").read_text().splitlines()]


def test_the_host_is_changed_only_if_something_differs(tmp_path):
    """Otherwise the tasks that change are not included: each costs a command on each host."""
    cases = [
        ("engine__must_change", {"engine__found": found_on("debian", **{**WELL, **found}), **options})
        for found, options, _changes in CHANGES
    ]
    assert evaluated(tmp_path, cases) == [changes for _found, _options, changes in CHANGES]


def test_what_speaks_against_continuing(tmp_path):
    """All reasons at once."""
    cases = [
        (
            "engine__refusals",
            {
                "engine__found": found_on(system, **{**WELL, **found}),
                "engine__swarm": {},
                **options,
            },
        )
        for system, found, options, _words in REFUSALS
    ]
    for refusals, (*_case, words) in zip(evaluated(tmp_path, cases), REFUSALS):
        assert len(refusals) == len(words), refusals
        for refusal, word in zip(refusals, words):
            assert word in refusal


def test_files_of_the_role_are_compared_before_they_are_written(tmp_path):
    """Templates and certificates; of the repository the key as well."""
    first = "# Written by the Ansible role hive.swarm.engine."
    proxy = {"https": "http://proxy:3128"}
    api = {"hosts": ["tcp://192.0.2.1:2376"], "ca": "BEGIN a", "cert": "BEGIN b", "key": "BEGIN c"}

    def lines(template, **options):
        return "\n".join([first, *file_of(template, "debian", **options)]) + "\n"

    source = {"/etc/apt/sources.list.d/docker.sources": file(lines("docker.sources.j2", engine_source="docker"))}
    environment = {
        "/etc/docker/hive-swarm-proxy.env": file(lines("proxy.env.j2", engine_proxy=proxy), mode="0600"),
        "/etc/systemd/system/docker.service.d/hive-swarm-proxy.conf": file(lines("proxy.conf.j2", engine_proxy=proxy)),
    }
    certificates = {f"/etc/docker/api/{name}.pem": file(api[name], mode="0600") for name in ("ca", "cert", "key")}
    plan = {"wanted": {"hosts": ["fd://"]}}
    unit = {DROPIN: file(lines("unit.conf.j2", found={"command": DOCKERD}, engine__file_plan=plan))}
    cases = [
        ({"engine_source": "docker"}, source, False),
        ({"engine_source": "docker"}, {}, True),
        ({"engine_source": "docker"}, {name: {**entry, "mode": "0600"} for name, entry in source.items()}, True),
        ({"engine_proxy": proxy}, environment, False),
        ({"engine_proxy": {"https": "http://other"}}, environment, True),
        ({"engine_api": api, "engine__file_plan": plan}, {**certificates, **unit}, False),
        ({"engine_api": {**api, "key": "BEGIN d"}, "engine__file_plan": plan}, {**certificates, **unit}, True),
        ({"engine_api": {**api, "ca": "/none"}, "engine__file_plan": plan}, {**certificates, **unit}, True),
        ({"engine_api": api, "engine__file_plan": plan}, certificates, True),
    ]
    differ = [
        ("engine__files_differ", {"engine__found": found_on("debian", files=files, command=DOCKERD), **options})
        for options, files, _differs in cases
    ]
    key = [
        (
            "engine__repository_differs",
            {"engine__found": found_on("debian"), "engine__key_is_there": there, **cases[0][0]},
        )
        for there in (True, False)
    ]
    assert evaluated(tmp_path, differ + key) == [*(differs for *_case, differs in cases), False, True]


@pytest.mark.parametrize(
    ("found", "reasons"),
    [
        ({}, []),
        ({"program_replaced": True}, ["the program was replaced"]),
        ({"files": {"/run/hive-swarm-engine.restart": file(modified_at=999)}}, []),
        ({"files": {"/run/hive-swarm-engine.restart": file(modified_at=1000)}}, ["daemon.json was changed"]),
        # The service writes some of them as it starts.
        ({"files": {DROPIN: file(modified_at=1000)}}, []),
        ({"files": {DROPIN: file(modified_at=1001)}}, [f"{DROPIN} was changed"]),
        ({"files": {DROPIN: file(modified_at=1001)}, "state": "inactive", "started_at": None}, []),
    ],
)
def test_why_an_engine_has_to_restart(found, reasons):
    assert rendered("debian", "engine__waiting", {**WELL, **found}) == reasons


def test_options_become_keys():
    found = rendered(
        "ubuntu",
        "engine__options",
        engine_labels={"zone": "a", "rack": 7},
        engine_btrfs={"device": "/dev/sdb"},
        engine_api={"hosts": ["tcp://192.0.2.1:2376"]},
        engine_registry_mirrors=[],
    )
    assert found == {
        "registry-mirrors": [],
        "labels": ["zone=a", "rack=7"],
        "storage-driver": "btrfs",
        "hosts": ["fd://", "tcp://192.0.2.1:2376"],
        "tlsverify": True,
        "tlscacert": "/etc/docker/api/ca.pem",
        "tlscert": "/etc/docker/api/cert.pem",
        "tlskey": "/etc/docker/api/key.pem",
    }


@pytest.mark.parametrize("system", ["debian", "ubuntu", "bullseye", "trixie", "jammy"])
def test_apt_is_told_of_dockers_repository(system):
    assert file_of("docker.sources.j2", system) == [
        "Types: deb",
        f"URIs: https://download.docker.com/linux/{SYSTEMS[system][0]}",
        f"Suites: {SYSTEMS[system][2]}",
        "Components: stable",
        "Signed-By: /etc/apt/keyrings/docker.asc",
    ]


def test_the_service_waits_for_the_mount_and_names_no_socket():
    found = {"command": "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock"}
    plan = {"wanted": {"hosts": ["fd://"]}}
    found = file_of("unit.conf.j2", "ubuntu", found, engine_btrfs={"device": "/dev/sdb"}, engine__file_plan=plan)
    assert [line for line in found if not line.startswith("#")] == [
        "[Unit]",
        "RequiresMountsFor=/var/lib/docker",
        "[Service]",
        "ExecStart=",
        "ExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock",
    ]


def test_s17_the_proxy_is_in_a_file_that_systemd_does_not_show():
    """S17: every user can read Environment= of a unit."""
    proxy = {"http": 'http://u:a%40b"$\\c@proxy', "no_proxy": ["a", "b"]}
    assert file_of("proxy.env.j2", "debian", engine_proxy=proxy) == [
        'HTTP_PROXY="http://u:a%40b\\"$\\\\c@proxy"',
        'NO_PROXY="a,b"',
    ]
    found = file_of("proxy.conf.j2", "debian", engine_proxy=proxy)
    assert found == ["[Service]", "EnvironmentFile=/etc/docker/hive-swarm-proxy.env"]
    modes = {
        task["ansible.builtin.template"]["dest"]: task
        for task in steps_of("unit")
        if "ansible.builtin.template" in task
    }
    written = modes["{{ engine__proxy_file }}"]
    assert (written["ansible.builtin.template"]["mode"], written["no_log"]) == ("0600", True)


def steps_of(name):
    """The tasks of a file, those of blocks as well."""
    for task in read(f"tasks/{name}.yml"):
        yield from task.get("block", [task])
        yield from task.get("always", [])


@pytest.mark.parametrize(
    ("live", "secret", "mode"),
    [
        (None, False, "0644"),
        ("0600", False, "0600"),
        ("0640", False, "0640"),
        ("0644", False, "0644"),
        ("0644", True, "0600"),
        (None, True, "0600"),
    ],
)
def test_s17_the_mode_of_daemon_json_is_the_administrators(live, secret, mode):
    """S17: and never wider than 0600 with secrets in it."""
    files = {"/etc/docker/daemon.json": file("{}", mode=live)} if live else {}
    assert rendered("debian", "engine__config_mode", {"files": files}, engine__plan={"secret": secret}) == mode


def test_s17_no_task_shows_a_daemon_json_with_secrets():
    """S17: with -v and --diff, every task that reads or writes the whole file hides it."""
    whole = ("engine__plan.wanted | to_nice_json", "engine__file_plan", "engine__config] +")
    found = [
        task
        for path in sorted(ROLE.glob("tasks/**/*.yml"))
        for task in steps_of(path.stem)
        if any(words in json.dumps(task) for words in whole)
    ]
    assert len(found) == 4, found
    assert {str(task.get("no_log")) for task in found} == {"True", "{{ engine__plan.secret }}"}
    modes = [task["ansible.builtin.copy"]["mode"] for task in found if "ansible.builtin.copy" in task]
    assert modes == ["{{ engine__config_mode }}", "0600"]


@pytest.mark.parametrize(
    ("system", "url", "file", "fingerprint"),
    [
        ("debian", "/linux/debian/gpg", "/etc/apt/keyrings/docker.asc", "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"),
        ("jammy", "/linux/ubuntu/gpg", "/etc/apt/keyrings/docker.asc", "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"),
        (
            "rhel8",
            "/linux/rhel/gpg",
            "/etc/pki/rpm-gpg/RPM-GPG-KEY-docker-ce",
            "060A61C51B558A7F742B77AAC52FEB6B621E9F35",
        ),
        (
            "alma9",
            "/linux/centos/gpg",
            "/etc/pki/rpm-gpg/RPM-GPG-KEY-docker-ce",
            "060A61C51B558A7F742B77AAC52FEB6B621E9F35",
        ),
    ],
)
def test_s17_dockers_key_is_pinned(system, url, file, fingerprint):
    """S17: from a copy of the repository as well."""
    for base in ("https://download.docker.com/linux", "http://mirror/linux"):
        assert rendered(system, "engine__key_url", engine_repository_url=base) == base.replace("/linux", "") + url
    assert rendered(system, "engine__key_file") == file
    assert rendered(system, "engine__key_expected") == fingerprint
    assert rendered(system, "engine__key_expected", engine_repository_key_checksum="sha256:00") == "sha256:00"


def test_rules_of_nftables_are_in_a_chain_of_their_own():
    rules = {"nftables": ["ip saddr 192.0.2.1 tcp dport 2377 accept"]}
    assert file_of("swarm.nft.j2", "debian", engine__rules=rules) == [
        "add table inet filter",
        "add chain inet filter hive_swarm",
        "flush chain inet filter hive_swarm",
        "add rule inet filter hive_swarm ip saddr 192.0.2.1 tcp dport 2377 accept",
        "insert rule inet filter input jump hive_swarm",
    ]


@pytest.mark.parametrize(
    ("config", "right"),
    [
        ({"debug": True}, True),
        ({"debug": 3}, False),
        ({"nonsense": 1}, False),
        ({"debug": True, "labels": ["a=" + "x" * 100_000]}, True),  # longer than a pipe holds
    ],
)
def test_the_engine_of_this_machine_judges_a_file(tmp_path, config, right):
    """With an engine that has no --validate as with one that has. S17: no other user can open the file meanwhile."""
    file = tmp_path / "daemon.json"
    file.write_text(json.dumps(config))
    file.chmod(0o600)
    tmp_path.chmod(0o700)
    asked = {"file": str(file), "command": ["dockerd", "-H", "fd://"]}
    task = Inspection({"packages": [], "files": [], "contents": [], "daemon_config": asked})
    done = subprocess.run(task.command, input=task.script, capture_output=True, timeout=60, check=False)
    found = task.result(done.stdout.decode(), done.stderr.decode())["daemon_config"]
    assert found["valid"] is right, found
    assert right or found["message"]


@pytest.mark.parametrize("word", [True, "true", "yes"])
def test_an_upgrade_may_be_asked_for_on_the_command_line(word):
    """There it is a text."""
    packages = {"change": "upgrade"}
    assert rendered("debian", "engine__upgrade", engine__packages=packages, engine_upgrade=word) is True
    assert rendered("debian", "engine__upgrade", engine__packages=packages, engine_upgrade="false") is False
