# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role's files promise, and what it would write on systems that are not here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = Path(__file__).resolve().parents[3] / "roles" / "engine"
#: What ansible.builtin.setup finds, and what look.sh says on a host without an engine.
SYSTEMS = {
    "debian": {"os_family": "Debian", "distribution": "Debian", "distribution_release": "bookworm"},
    "ubuntu": {"os_family": "Debian", "distribution": "Ubuntu", "distribution_release": "noble"},
    "rocky9": {"os_family": "RedHat", "distribution": "Rocky", "distribution_major_version": "9"},
    "rocky10": {"os_family": "RedHat", "distribution": "Rocky", "distribution_major_version": "10"},
    "rhel8": {"os_family": "RedHat", "distribution": "RedHat", "distribution_major_version": "8"},
    "alma9": {"os_family": "RedHat", "distribution": "AlmaLinux", "distribution_major_version": "9"},
    "oracle9": {"os_family": "RedHat", "distribution": "OracleLinux", "distribution_major_version": "9"},
    "stream10": {"os_family": "RedHat", "distribution": "CentOS", "distribution_major_version": "10"},
    "rhel10": {"os_family": "RedHat", "distribution": "RedHat", "distribution_major_version": "10"},
    "bullseye": {"os_family": "Debian", "distribution": "Debian", "distribution_release": "bullseye"},
    "trixie": {"os_family": "Debian", "distribution": "Debian", "distribution_release": "trixie"},
    "jammy": {"os_family": "Debian", "distribution": "Ubuntu", "distribution_release": "jammy"},
}


def read(path: str):
    return yaml.safe_load((ROLE / path).read_text())


def templar(system: str, said: str = "", **options) -> Templar:
    """Ansible's own templates with the role's words, on that system and with these options."""
    loader = DataLoader()
    variables = {"ansible_facts": SYSTEMS[system], "engine__looked": {"stdout_lines": said.splitlines()}}
    for name in ("defaults", "vars"):
        variables.update(loader.load_from_file(str(ROLE / name / "main.yml"), trusted_as_template=True))
    return Templar(loader, {**variables, **options})


def rendered(system: str, expression: str, said: str = "", **options):
    """The value of an expression."""
    value = templar(system, said, **options).template(trust_as_template(f"{{{{ {expression} }}}}"))
    return json.loads(json.dumps(value, default=list))


def file_of(name: str, system: str, said: str = "", **options) -> list[str]:
    """The lines that the module template would write, without the first, which says who wrote it."""
    text = trust_as_template((ROLE / "templates" / name).read_text())
    return templar(system, said, **options).template(text, overrides={"trim_blocks": True}).splitlines()[1:]


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


@pytest.mark.parametrize("system", [name for name in SYSTEMS if SYSTEMS[name]["os_family"] == "RedHat"])
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


def test_what_look_says_is_understood():
    said = (
        "active active\nfirewall ufw\npackage docker.io 20.10.24+dfsg1-1\nheld docker.io\nconfig eyJkZWJ1ZyI6IHRydWV9\n"
    )
    said += "command /usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS"
    found = rendered(
        "debian",
        "[engine__active, engine__firewalls, engine__installed, engine__held, engine__live, engine__own_command]",
        said,
    )
    assert found == [
        True,
        ["ufw"],
        {"docker.io": "20.10.24+dfsg1-1"},
        ["docker.io"],
        '{"debug": true}',
        "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS",
    ]


@pytest.mark.parametrize(
    ("said", "source", "foreign"),
    [
        ("command /usr/bin/dockerd -H fd://\npackage containerd 2.1.9", "distribution", True),
        ("command /usr/bin/dockerd -H fd://\npackage docker-ce 5:28.5.2-1", "docker", False),
        ("command /usr/sbin/dockerd -H fd://", "docker", True),
        ("command /usr/local/bin/dockerd", "none", False),
        ("command /usr/sbin/dockerd -H fd://\nunfinished docker.io", "distribution", False),
        ("active inactive", "distribution", False),
    ],
)
def test_an_engine_of_another_source_is_foreign(said, source, foreign):
    assert rendered("debian", "engine__foreign", said, engine_source=source) == foreign


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
        f"URIs: https://download.docker.com/linux/{SYSTEMS[system]['distribution'].lower()}",
        f"Suites: {SYSTEMS[system]['distribution_release']}",
        "Components: stable",
        "Signed-By: /etc/apt/keyrings/docker.asc",
    ]


def test_the_service_waits_for_the_mount_and_names_no_socket():
    said = "command /usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock"
    plan = {"wanted": {"hosts": ["fd://"]}}
    found = file_of("unit.conf.j2", "ubuntu", said, engine_btrfs={"device": "/dev/sdb"}, engine__plan=plan)
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
    ("said", "secret", "mode"),
    [
        ("", False, "0644"),
        ("mode 600", False, "0600"),
        ("mode 640", False, "0640"),
        ("mode 644", False, "0644"),
        ("mode 644", True, "0600"),
        ("", True, "0600"),
    ],
)
def test_s17_the_mode_of_daemon_json_is_the_administrators(said, secret, mode):
    """S17: and never wider than 0600 with secrets in it."""
    assert rendered("debian", "engine__config_mode", said, engine__plan={"secret": secret}) == mode


def test_s17_no_task_shows_a_daemon_json_with_secrets():
    """S17: with -v and --diff, every task that reads or writes the whole file hides it."""
    whole = ("engine__plan.wanted | to_nice_json", "engine__live | hive.swarm.engine_config", "look.sh")
    found = [
        task
        for path in sorted(ROLE.glob("tasks/**/*.yml"))
        for task in steps_of(path.stem)
        if any(words in json.dumps(task) for words in whole)
    ]
    assert len(found) == 4
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
    argv = [
        "/bin/sh",
        "-euc",
        (ROLE / "files/validate.sh").read_text(),
        "validate",
        str(file),
        "dockerd",
        "-H",
        "fd://",
    ]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode == 0) is right, done.stderr


@pytest.mark.parametrize("word", [True, "true", "yes"])
def test_an_upgrade_may_be_asked_for_on_the_command_line(word):
    """There it is a text."""
    packages = {"change": "upgrade"}
    assert rendered("debian", "engine__upgrade", engine__packages=packages, engine_upgrade=word) is True
    assert rendered("debian", "engine__upgrade", engine__packages=packages, engine_upgrade="false") is False
