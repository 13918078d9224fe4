# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hive.swarm.engine_plan decides, on systems that are not here as well."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._installation import files as names
from ansible_collections.hive.swarm.plugins.plugin_utils._installation import firewall, repository
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.config import daemon_keys
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.host import Host, other_packages
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.plan import Known, data_root_of, plan, questions
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.restart import waiting
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.engine import argument_spec, given
from ansible_collections.hive.swarm.plugins.plugin_utils._swarm_action import Arguments

ROLE = Path(__file__).resolve().parents[3] / "roles" / "engine"
DROPIN = names.DROPIN
CONFIG = names.CONFIG
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


def options_of(**options: Any) -> dict[str, Any]:
    """The options as the action has them."""
    arguments = Arguments("engine_plan", argument_spec("configure"), {}, options)
    assert not arguments.error, arguments.error
    return {"docker_host": None, **given(arguments.params)}


def planned(found, swarm=None, peers=(), certificates=None, manager=False, **options):
    known = Known("alpha", found, swarm or {}, list(peers), manager, certificates or {})
    return plan(options_of(**options), known)


DOCKERD = "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS"
#: A host where nothing is to be done.
WELL = {
    "state": "active",
    "enabled": True,
    "started_at": 1000,
    "command": DOCKERD,
    "packages": dict.fromkeys(("docker.io", "docker-cli", "containerd"), ("28.5.2+dfsg4-5", True)),
}


def well(system="debian", **found):
    return found_on(system, **{**WELL, **found})


def steps(result) -> list[str]:
    assert {step.node for step in result["steps"]} <= {"alpha"}
    return [f"{step.step}: {step.reason}" if step.reason else step.step for step in result["steps"]]


def kinds(result) -> list[str]:
    return [reason.kind for reason in result["stop"]]


@pytest.mark.parametrize(
    ("system", "source", "packages"),
    [
        ("debian", "docker", ["docker-ce", "docker-ce-cli", "containerd.io"]),
        ("rocky10", "docker", ["docker-ce", "docker-ce-cli", "containerd.io"]),
        ("ubuntu", "distribution", ["docker.io", "docker-cli", "containerd"]),
        ("rocky9", "distribution", []),
        ("debian", "none", []),
    ],
)
def test_packages_of_a_source(system, source, packages):
    assert planned(found_on(system), source=source)["repository"]["names"] == packages


@pytest.mark.parametrize("system", [name for name in SYSTEMS if SYSTEMS[name][0] not in DEBIAN])
def test_the_enterprise_linux_family_is_one(system):
    result = planned(found_on(system), source="docker")
    assert result["engine"]["family"] == "RedHat"
    # The kernel of version 10 needs one package more.
    assert result["other_packages"] == (["kernel-modules-extra"] if system.endswith("10") else [])
    packages = planned(found_on(system), source="docker", remote_transport="true")["other_packages"]
    assert packages[:2] == ["python3-docker", "python3-requests"]
    assert other_packages(Host(found_on(system), "none"), options_of(source="none")) == []


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
    assert ("foreign_engine" in kinds(planned(found_on("debian", **found), source=source))) == foreign


#: What is different from the host that is well, the options, and the words of what is changed.
CHANGES = [
    ({}, {}, []),
    ({}, {"version": "28.5"}, []),
    ({}, {"version": "27"}, ["keep the engine's version: 28.5.2+dfsg4-5 is installed, 27 is wanted"]),
    ({}, {"version": "28.5", "hold": "false"}, ["release the package docker.io", "release the package docker-cli", "release the package containerd"]),
    ({"packages": {"docker.io": "28.5.2"}}, {"version": "28.5"}, ["hold the package docker.io"]),
    ({"packages": {"docker.io": "28.5.2"}}, {}, []),
    ({"packages": {}}, {}, ["install the engine"]),
    ({"packages": {}}, {"version": "28.5", "upgrade": True}, ["install the engine: 28.5"]),
    ({}, {"version": "29", "upgrade": True}, ["change the engine's version: 28.5.2+dfsg4-5 is installed, 29 is wanted"]),
    ({"packages": {}, "command": "/opt/dockerd"}, {"source": "none"}, []),
    ({"state": "failed"}, {}, ["start the engine: docker.service is failed"]),
    ({"enabled": False}, {}, ["start the engine at every boot"]),
    ({"files": {DROPIN: file()}}, {}, [f"write {DROPIN}", "restart the engine: its service changes"]),
    ({"files": {DROPIN: file(names.HEADER + "\n")}}, {}, []),
    ({"files": {CONFIG: file('{"debug": true}')}}, {}, []),
    (
        {"files": {CONFIG: file('{"debug": true}')}},
        {"daemon": {"debug": None}},
        ["write /etc/docker/daemon.json: debug", "restart the engine: daemon.json changes"],
    ),
    ({}, {"extra_packages": ["jq"]}, ["install other packages: jq"]),
    ({"packages": {**WELL["packages"], "jq": "1.6"}}, {"extra_packages": ["jq"]}, []),
    ({}, {"proxy": {"http": "http://p"}}, [f"write {names.PROXY_FILE}", f"write {names.PROXY_DROPIN}", "restart the engine: its service changes"]),
]  # fmt: skip


@pytest.mark.parametrize(("found", "options", "changes"), CHANGES)
def test_the_host_is_changed_only_if_something_differs(found, options, changes):
    result = planned(well(**found), **options)
    assert (steps(result), result["unchanged"]) == (changes, not changes)


def test_an_engine_that_waits_for_its_restart_is_not_unchanged():
    result = planned(well(program_replaced=True))
    assert steps(result) == ["restart the engine: the program was replaced"]
    assert (result["waiting"], result["unchanged"]) == (["the program was replaced"], False)


#: Systems and hosts with a swarm and options, and kinds of the reasons not to continue.
REFUSALS = [
    ("debian", {}, {}, {}, []),
    ("debian", {"user_id": 1000}, {}, {}, ["not_root"]),
    ("rocky9", {"packages": {}}, {}, {}, ["bad_input"]),
    ("debian", {"packages": {}}, {}, {}, ["foreign_engine"]),
    ("debian", {"packages": {}, "command": ""}, {}, {"source": "none"}, ["no_engine"]),
    ("debian", {}, {}, {"btrfs": {"image": "/a"}}, ["bad_input"]),
    ("debian", {}, {}, {"api": {"hosts": [], "ca": "a"}}, ["bad_input"]),
    ("debian", {}, {"rootless": True}, {}, ["not_supported"]),
    ("debian", {}, {"live_restore": True}, {}, ["not_supported"]),
    ("debian", {}, {"storage_driver": "btrfs"}, {"storage_driver": "overlay2"}, ["data_at_risk"]),
    ("debian", {}, {"storage_driver": "btrfs"}, {}, []),
    ("debian", {}, {"rootless": True}, {"daemon": {"live-restore": True}}, ["bad_input", "not_supported"]),
]  # fmt: skip


@pytest.mark.parametrize(("system", "found", "swarm", "options", "expected"), REFUSALS)
def test_what_speaks_against_continuing(system, found, swarm, options, expected):
    """All reasons at once."""
    assert kinds(planned(well(system, **found), swarm, **options)) == expected


def test_a_system_that_the_role_does_not_support_is_not_judged_further():
    found = well()
    found["system"]["family"] = ""
    result = planned(found, source="docker")
    assert (kinds(result), set(result)) == (["platform_not_supported"], {"unchanged", "steps", "stop"})


PROXY = {"http": 'http://u:a%40b"$\\c@proxy', "no_proxy": ["a", "b"]}
API = {"hosts": ["tcp://192.0.2.1:2376"], "ca": "BEGIN a", "cert": "BEGIN b", "key": "BEGIN c"}
PEMS = {name: API[name] for name in ("ca", "cert", "key")}


def contents(result) -> dict[str, dict]:
    """Files of the host as the plan wants them."""
    return {path: file(entry["content"], entry["mode"]) for path, entry in result["files"].items()}


@pytest.mark.parametrize(
    ("options", "pems"), [({"proxy": PROXY}, {}), ({"api": API}, PEMS), ({"api": API, "proxy": PROXY}, PEMS)]
)
def test_files_that_the_role_has_written_are_not_written_again(options, pems):
    first = planned(well(), certificates=pems, contents=True, **options)
    assert first["steps"] and not first["unchanged"]
    written = {**contents(first), CONFIG: file(first["config"]["content"], first["config"]["mode"])}
    again = planned(well(files=written), certificates=pems, **options)
    assert (steps(again), again["unchanged"]) == ([], True)
    for path in first["files"]:
        other = {**written, path: {**written[path], "mode": "0640"}}
        assert steps(planned(well(files=other), certificates=pems, **options))[:-1] == [f"write {path}"]
        other = {**written, path: file("other", written[path]["mode"])}
        assert steps(planned(well(files=other), certificates=pems, **options))[:-1] == [f"write {path}"]


def test_s17_contents_with_secrets_are_returned_only_on_request():
    """S17: a plan is shown with -v."""
    secret = {"splunk-token": "CANARY"}
    asked = {"proxy": PROXY, "api": API, "daemon": {"log-opts": secret}}
    shown = planned(well(), certificates=PEMS, **asked)
    assert [path for path, entry in shown["files"].items() if "content" in entry] == [DROPIN, names.PROXY_DROPIN]
    assert shown["config"]["secret"] and "content" not in shown["config"]
    assert not any(word in str(shown) for word in ("CANARY", "a%40b", "BEGIN"))
    full = planned(well(), certificates=PEMS, contents=True, **asked)
    assert "CANARY" in full["config"]["content"] and "BEGIN c" in full["files"]["/etc/docker/api/key.pem"]["content"]


def test_a_private_key_is_not_installed_as_a_certificate():
    result = planned(well(), certificates={**PEMS, "ca": "-----BEGIN PRIVATE KEY-----"}, api=API)
    (reason,) = result["stop"]
    assert reason.kind == "bad_input" and "engine_api.ca" in reason.message


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
    files = {CONFIG: file("{}", mode=live)} if live else {}
    daemon = {"log-opts": {"splunk-token": "x"}} if secret else {}
    assert planned(well(files=files), daemon=daemon)["config"]["mode"] == mode


@pytest.mark.parametrize(
    ("found", "reasons"),
    [
        ({}, []),
        ({"program_replaced": True}, ["the program was replaced"]),
        ({"files": {names.MARKER: file(modified_at=999)}}, []),
        ({"files": {names.MARKER: file(modified_at=1000)}}, ["daemon.json was changed"]),
        # The service writes some of them as it starts.
        ({"files": {DROPIN: file(modified_at=1000)}}, []),
        ({"files": {DROPIN: file(modified_at=1001)}}, [f"{DROPIN} was changed"]),
        ({"files": {DROPIN: file(modified_at=1001)}, "state": "inactive", "started_at": None}, []),
    ],
)
def test_why_an_engine_has_to_restart(found, reasons):
    assert waiting(Host(well(**found), "distribution")) == reasons


@pytest.mark.parametrize(
    ("options", "pems", "reasons"),
    [
        ({"daemon": {"debug": True}}, {}, []),
        ({"daemon": {"ipv6": True}}, {}, ["daemon.json changes"]),
        ({"proxy": PROXY}, {}, ["its service changes"]),
        ({"api": API}, PEMS, ["daemon.json changes", "its service changes", "its certificates change"]),
    ],
)
def test_why_an_engine_has_to_restart_after_the_changes(options, pems, reasons):
    assert planned(well(), certificates=pems, **options)["restart"] == reasons
    assert planned(well(state="inactive", started_at=None), certificates=pems, **options)["restart"] == []


def test_options_become_keys():
    options = options_of(
        labels={"zone": "a", "rack": 7},
        btrfs={"device": "/dev/sdb"},
        api={"hosts": ["tcp://192.0.2.1:2376"]},
        registry_mirrors=[],
    )
    assert daemon_keys(options) == {
        "registry-mirrors": [],
        "labels": ["zone=a", "rack=7"],
        "storage-driver": "btrfs",
        "hosts": ["fd://", "tcp://192.0.2.1:2376"],
        "tlsverify": True,
        "tlscacert": "/etc/docker/api/ca.pem",
        "tlscert": "/etc/docker/api/cert.pem",
        "tlskey": "/etc/docker/api/key.pem",
    }
    assert daemon_keys(options_of(labels=["a=b"])) == {"labels": ["a=b"]}
    assert daemon_keys(options_of()) == {}


@pytest.mark.parametrize("system", ["debian", "ubuntu", "bullseye", "trixie", "jammy"])
def test_apt_is_told_of_dockers_repository(system):
    content = planned(found_on(system), source="docker")["files"][repository.SOURCES]["content"]
    assert content.splitlines() == [
        names.HEADER,
        "Types: deb",
        f"URIs: https://download.docker.com/linux/{SYSTEMS[system][0]}",
        f"Suites: {SYSTEMS[system][2]}",
        "Components: stable",
        "Signed-By: /etc/apt/keyrings/docker.asc",
    ]


@pytest.mark.parametrize(
    ("system", "url", "path", "fingerprint"),
    [
        ("debian", "/linux/debian/gpg", "/etc/apt/keyrings/docker.asc", "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"),
        ("jammy", "/linux/ubuntu/gpg", "/etc/apt/keyrings/docker.asc", "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"),
        ("rhel8", "/linux/rhel/gpg", "/etc/pki/rpm-gpg/RPM-GPG-KEY-docker-ce", "060A61C51B558A7F742B77AAC52FEB6B621E9F35"),
        ("alma9", "/linux/centos/gpg", "/etc/pki/rpm-gpg/RPM-GPG-KEY-docker-ce", "060A61C51B558A7F742B77AAC52FEB6B621E9F35"),
    ],
)  # fmt: skip
def test_s17_dockers_key_is_pinned(system, url, path, fingerprint):
    """S17: from a copy of the repository as well."""
    host = Host(found_on(system), "docker")
    for base in ("https://download.docker.com/linux", "http://mirror/linux"):
        key = repository.key(host, options_of(source="docker", repository_url=base))
        assert key == {"url": base.replace("/linux", "") + url, "file": path, "installed": False}
    assert repository.expected_key(host, options_of()) == fingerprint
    assert repository.expected_key(host, options_of(repository_key_checksum="sha256:00")) == "sha256:00"


def test_s17_another_key_is_refused_where_it_was_downloaded_and_where_it_lies():
    found = well(
        packages={}, command="", files={"/tmp/key": file("other"), "/etc/apt/keyrings/docker.asc": file("other")}
    )
    result = planned(found, source="docker", downloaded_key="/tmp/key")
    assert kinds(result) == ["untrusted_key"]
    assert "offer Docker's repository" in steps(result) and not result["repository"]["key"]["installed"]
    accepted = planned(found, source="docker", downloaded_key="/tmp/key", repository_key_checksum="")
    assert accepted["stop"] == [] and accepted["repository"]["key"]["installed"]


@pytest.mark.parametrize(
    ("system", "folder"),
    [("rhel8", "rhel"), ("rhel10", "rhel"), ("rocky9", "centos"), ("oracle9", "centos"), ("stream10", "centos"), ("ubuntu", "ubuntu")],
)  # fmt: skip
def test_the_folder_of_a_system_in_dockers_repository(system, folder):
    assert planned(found_on(system), source="docker")["repository"]["folder"] == folder


def test_the_service_waits_for_the_mount_and_names_no_socket():
    found = well(command="/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $OPTIONS")
    found["storage"] = {**EMPTY, "block": True}
    result = planned(found, certificates=PEMS, btrfs={"device": "/dev/sdb"}, api=API)
    assert result["files"][DROPIN]["content"].splitlines()[1:] == [
        "[Unit]",
        "RequiresMountsFor=/var/lib/docker",
        "[Service]",
        "ExecStart=",
        "ExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock $OPTIONS",
    ]
    command = ["/usr/bin/dockerd", "--containerd=/run/containerd/containerd.sock"]
    assert result["engine"]["command"] == command
    assert planned(found)["engine"]["command"] == [command[0], "-H", "fd://", command[1]]


def test_s17_the_proxy_is_in_a_file_that_systemd_does_not_show():
    """S17: every user can read Environment= of a unit."""
    files = planned(well(), proxy=PROXY, contents=True)["files"]
    assert files[names.PROXY_FILE]["content"].splitlines()[1:] == [
        'HTTP_PROXY="http://u:a%40b\\"$\\\\c@proxy"',
        'NO_PROXY="a,b"',
    ]
    assert files[names.PROXY_FILE]["mode"] == "0600"
    assert files[names.PROXY_DROPIN]["content"].splitlines()[1:] == ["[Service]", f"EnvironmentFile={names.PROXY_FILE}"]


def test_paths_of_the_role_are_those_of_the_plan():
    variables = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())
    said = {
        name: str(value).replace("{{ engine__dropins }}", variables["engine__dropins"])
        for name, value in variables.items()
    }
    assert said["engine__config"] == names.CONFIG
    assert said["engine__marker"] == names.MARKER
    assert said["engine__dropin"] == names.DROPIN
    assert said["engine__proxy_dropin"] == names.PROXY_DROPIN
    assert said["engine__proxy_file"] == names.PROXY_FILE
    assert said["engine__sources"] == repository.SOURCES
    assert said["engine__firewalld_rules"] == firewall.FIREWALLD_RECORD
    assert said["engine__nftables_rules"] == firewall.NFTABLES_FILE
    assert [f"{said['engine__certificates']}/{name}.pem" for name in names.CERTIFICATES] == list(
        names.CERTIFICATES.values()
    )


# Versions


def test_a_version_that_is_not_there_is_chosen_from_the_offers():
    first = planned(well(), version="29")
    assert (first["packages"]["change"], first["stop"]) == ("choose", [])
    asked = questions(options_of(version="29", offers=True), "/var/lib/docker")
    assert asked["available"] == ["docker.io", "docker-cli", "containerd"]
    offers = [
        {"name": name, "version": version}
        for name, version in (("docker.io", "29.0.1-1"), ("docker.io", "28.5.2+dfsg4-5"))
    ]
    chosen = planned({**well(), "available": offers}, version="29", upgrade=True)
    assert (chosen["packages"]["change"], chosen["packages"]["install"]) == (
        "upgrade",
        ["docker.io=29.0.1-1", "containerd"],
    )
    assert chosen["packages"]["upgrade"] is True
    assert planned({**well(), "available": offers}, version="29", upgrade="false")["packages"]["upgrade"] is False
    refused = planned({**well(), "available": offers}, version="30")
    assert kinds(refused) == ["version_not_available"]
    assert kinds(planned({**well(), "available": [{"name": "docker.io", "version": "27.5.1"}]}, version="27")) == [
        "downgrade"
    ]


# Firewalls

NFT = firewall.NFTABLES_FILE


def rules_of(**live):
    return {"ufw": [], "firewalld": [], "firewalld_permanent": [], "nftables": None, **live}


def firewalled(name, files=None, **live):
    return {**well(firewalls=[name], files=files or {}), "firewall_rules": rules_of(**live)}


def test_a_host_with_ufw_is_unchanged_when_its_rules_are_there():
    """Only rules with the comment of the role go, and it needs no command on the host to find that out."""
    first = planned(firewalled("ufw"), peers=["192.0.2.1"])
    assert steps(first) == ["change the rules of ufw"]
    there = [f"ufw {rule} comment 'hive.swarm'" for rule in first["firewall"]["ufw"]["add"]]
    again = planned(firewalled("ufw", ufw=[*there, "ufw allow 22/tcp"]), peers=["192.0.2.1"])
    assert again["unchanged"] and again["firewall"]["ufw"] == {"add": [], "remove": []}
    gone = planned(firewalled("ufw", ufw=there), peers=["192.0.2.2"])
    assert gone["firewall"]["ufw"]["remove"] == first["firewall"]["ufw"]["add"] and not gone["unchanged"]
    assert planned(firewalled("ufw"), peers=["192.0.2.1"], firewall=False)["unchanged"]


def test_a_host_with_firewalld_is_unchanged_when_both_lists_and_the_record_are_there():
    first = planned(firewalled("firewalld"), peers=["192.0.2.1"])["firewall"]["firewalld"]
    rules = first["runtime"]["add"]
    assert (first["permanent"]["add"], first["record"]) == (rules, sorted(rules))
    record = {firewall.FIREWALLD_RECORD: file("".join(f"{rule}\n" for rule in rules))}
    both = {"firewalld": rules, "firewalld_permanent": rules}
    again = planned(firewalled("firewalld", record, **both), peers=["192.0.2.1"])
    assert again["unchanged"] and again["firewall"]["firewalld"]["record"] is None
    half = planned(firewalled("firewalld", record, firewalld=rules), peers=["192.0.2.1"])
    assert half["firewall"]["firewalld"]["permanent"]["add"] == rules and not half["unchanged"]
    gone = planned(firewalled("firewalld", record, **both), peers=[])
    assert (gone["firewall"]["firewalld"]["record"], gone["unchanged"]) == ([], False)
    assert gone["firewall"]["firewalld"]["runtime"] == {"add": [], "remove": rules}
    by_hand = planned(firewalled("firewalld", record), peers=[])
    assert (by_hand["firewall"]["firewalld"]["record"], by_hand["unchanged"]) == ([], False)


def test_a_host_with_nftables_is_unchanged_when_its_chain_jumps_to_the_rules_of_the_file():
    first = planned(firewalled("nftables", nftables=["chain input {", "}"]), peers=["192.0.2.1"], manager=True)
    wanted = first["firewall"]["nftables"]
    assert wanted["content"].splitlines() == [
        names.HEADER,
        "add table inet filter",
        "add chain inet filter hive_swarm",
        "flush chain inet filter hive_swarm",
        "add rule inet filter hive_swarm ip saddr 192.0.2.1 tcp dport 2377 accept",
        "add rule inet filter hive_swarm ip saddr 192.0.2.1 tcp dport 7946 accept",
        "add rule inet filter hive_swarm ip saddr 192.0.2.1 udp dport 7946 accept",
        "add rule inet filter hive_swarm ip saddr 192.0.2.1 udp dport 4789 accept",
        "add rule inet filter hive_swarm ip saddr 192.0.2.1 meta l4proto esp accept",
        "insert rule inet filter input jump hive_swarm",
    ]
    assert wanted["write"] and wanted["include"] and wanted["load"] and not first["unchanged"]
    files = {NFT: file(wanted["content"]), "/etc/nftables.conf": file(f'flush ruleset\ninclude "{NFT}"\n')}
    live = ["chain input {", "\t\tjump hive_swarm", "}"]
    again = planned(firewalled("nftables", files, nftables=live), peers=["192.0.2.1"], manager=True)
    assert again["unchanged"], again["steps"]
    for broken in (
        firewalled("nftables", files, nftables=live[:1]),
        firewalled("nftables", {NFT: files[NFT]}, nftables=live),
        firewalled("nftables", {**files, NFT: file("other")}, nftables=live),
    ):
        assert steps(planned(broken, peers=["192.0.2.1"], manager=True)) == ["change the rules of nftables"]


def test_nothing_is_opened_where_nftables_filters_nothing():
    result = planned(firewalled("nftables"), peers=["192.0.2.1"])
    assert result["unchanged"]
    assert result["warnings"] == [
        "nftables has no chain inet filter input (engine_firewall_chain), so nothing was opened."
    ]


def test_a_peer_without_an_address_is_refused_where_a_firewall_runs():
    result = planned(firewalled("ufw"), peers=["192.0.2.1", "alpha", "2001:db8::/64"])
    assert kinds(result) == ["bad_input"]
    assert planned(well(), peers=["alpha"])["stop"] == []


@pytest.mark.parametrize(
    ("candidates", "address"),
    [
        (["192.0.2.1", "192.0.2.2"], "192.0.2.1"),
        (["eth0", "", "2001:db8::1"], "2001:db8::1"),
        (["eth0", None, "host.example"], "alpha"),
        ([], "alpha"),
    ],
)
def test_the_address_of_a_host(candidates, address):
    assert firewall.address("alpha", candidates) == address


# The file system for the engine's data

EMPTY = {
    **dict.fromkeys(("exists", "block", "mounted", "data"), False),
    "btrfs": True,
    "holds": "",
    "uuid": "",
    "fstab": "",
    "elsewhere": [],
}
IMAGE = {"image": "/var/lib/docker.btrfs", "size": "20G"}
DEVICE = {"device": "/dev/sdb"}


def stored(btrfs, storage=None, fstab="", mode="0600"):
    files = {"/etc/fstab": file(fstab), btrfs.get("image", "/none"): {"mode": mode, "modified_at": 0}}
    content = f"{names.HEADER}\n[Unit]\nRequiresMountsFor=/var/lib/docker\n"
    files |= {DROPIN: file(content), CONFIG: file('{"storage-driver": "btrfs"}')}
    packages = {**WELL["packages"], "btrfs-progs": "6"}
    return {**well(files=files, packages=packages), "storage": {**EMPTY, "btrfs": True, **(storage or {})}}


@pytest.mark.parametrize(
    ("btrfs", "line"),
    [
        (IMAGE, "/var/lib/docker.btrfs /var/lib/docker btrfs loop,nofail 0 0"),
        (DEVICE, "UUID=ab-cd /var/lib/docker btrfs defaults,nofail 0 0"),
    ],
)
def test_a_host_with_btrfs_is_unchanged_when_it_is_mounted_now_and_at_every_boot(btrfs, line):
    there = {"exists": True, "block": btrfs == DEVICE, "mounted": True, "holds": "btrfs hive-swarm", "uuid": "ab-cd"}
    result = planned(stored(btrfs, there, f"# comment\n{line}\n"), btrfs=btrfs)
    assert result["unchanged"], result["steps"]
    for broken in (
        stored(btrfs, {**there, "mounted": False}, f"{line}\n"),
        stored(btrfs, there, f"#{line}\n"),
        stored(btrfs, {**there, "uuid": "other"}, f"{line}\n")
        if btrfs == DEVICE
        else stored(btrfs, there, f"{line}\n", "0644"),
    ):
        assert [step.step for step in planned(broken, btrfs=btrfs)["steps"]] == ["mount a btrfs file system"]


@pytest.mark.parametrize(
    ("btrfs", "storage", "words"),
    [
        (IMAGE, {}, []),
        (DEVICE, {"block": True, "holds": "btrfs hive-swarm"}, []),
        (IMAGE, {"btrfs": False}, ["the kernel has no btrfs"]),
        (DEVICE, {}, ["/dev/sdb is not a block device"]),
        (IMAGE, {"data": True}, ["/var/lib/docker is not empty"]),
        (IMAGE, {"fstab": "LABEL=x"}, ["/etc/fstab mounts something else on /var/lib/docker (LABEL=x)"]),
        (DEVICE, {"block": True, "elsewhere": ["/a", "/b"]}, ["/dev/sdb is in use: it is mounted on /a and /b"]),
        (DEVICE, {"block": True, "holds": "ext4"}, ["(ext4), and only empty devices are formatted. If it is not needed, wipe"]),
        (IMAGE, {"holds": "data", "data": True}, ["is not empty", "(data), and only empty devices"]),
        (IMAGE, {"mounted": True, "elsewhere": ["/a"], "holds": "btrfs hive-swarm"}, []),
    ],
)  # fmt: skip
def test_what_is_in_the_way_of_the_file_system(btrfs, storage, words):
    """Nothing is formatted that contains anything, and nothing is mounted over data."""
    messages = [reason.message for reason in planned(stored(btrfs, storage), btrfs=btrfs)["stop"]]
    assert len(messages) == len(words), messages
    assert all(word in message for word, message in zip(words, messages))


@pytest.mark.parametrize(
    ("options", "live", "before", "after"),
    [
        ({}, "{}", "/var/lib/docker", "/var/lib/docker"),
        ({"data_root": "/data"}, "{}", "/data", "/data"),
        ({"daemon": {"data-root": "/data"}}, '{"data-root": "/old"}', "/data", "/data"),
        ({}, '{"data-root": "/old"}', "/var/lib/docker", "/old"),
    ],
)
def test_the_folder_of_the_data_is_known_before_the_host_is_read_or_from_its_file(options, live, before, after):
    assert data_root_of(options_of(**options)) == before
    assert data_root_of(options_of(**options), well(files={CONFIG: file(live)})) == after


def test_the_host_is_asked_only_for_what_the_options_need():
    asked = questions(options_of(firewall=False), "/var/lib/docker")
    assert set(asked) == {"packages", "files", "contents"}
    asked = questions(options_of(btrfs=IMAGE, firewall_zone="swarm"), "/data")
    assert asked["storage"] == {"folder": "/data", "source": "/var/lib/docker.btrfs"}
    assert asked["firewall"] == {"chain": "inet filter input", "zone": "swarm"}
    assert "storage" not in questions(options_of(btrfs={"image": "/a"}), "/data")
