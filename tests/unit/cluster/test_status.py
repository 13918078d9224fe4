# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as settled, as a problem, and what people see."""

from __future__ import annotations

import base64
from datetime import datetime, timezone

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import Host
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.nodes import unsettled
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.status import judged, status, table
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LISTED = [node("n1", "manager", leader=True), node("n2", "manager"), node("n3", "manager"), node("n4")]
HEALTHY = {"managers": 3, "reachable": 3, "needed": 2, "margin": 1}
EXPECTED = [{"hostname": name, "role": role} for name, role in (("n1", "manager"), ("n4", "worker"))]


def test_settled():
    assert unsettled(LISTED, EXPECTED) == []


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [
        (LISTED[:3], "n4: the managers do not list it"),
        (
            [LISTED[0], node("n4", state="down", status_message="heartbeat failure")],
            "n4: it is down (heartbeat failure)",
        ),
        ([LISTED[0], node("n4", "manager")], "n4: it is a manager and must be a worker"),
        ([LISTED[0], node("n4", manager=True)], "n4: it is still a manager"),
        ([node("n1", "manager", manager=False), node("n4")], "n1: it is not a manager yet"),
        ([node("n1", "manager", reachability="unknown"), node("n4")], "n1: the other managers do not reach it"),
    ],
)
def test_not_settled(nodes, reason):
    assert unsettled(nodes, EXPECTED) == [reason]


def test_two_hosts_of_one_name_need_two_nodes():
    twins = [{"hostname": "n4", "role": "worker"}, {"hostname": "n4", "role": "manager"}]
    assert unsettled([node("n4", "manager", id="x"), node("n4")], twins) == []
    assert unsettled([node("n4")], twins) == ["n4: the managers do not list it"]


def test_a_healthy_swarm_has_no_problems():
    hosts = [member("n1", "manager"), member("n4", "worker")]
    found = status(LISTED, HEALTHY, "c1", hosts, [])
    assert (found["cluster_id"], found["problems"], found["warnings"]) == ("c1", [], [])
    assert table(found) == [
        "Swarm c1",
        "HOSTNAME  ROLE     STATE  AVAILABILITY  LEADER  ADDRESS    ENGINE  ID",
        "n1        manager  ready  active        leader  192.0.2.1  28.5.2  id-n1",
        "n2        manager  ready  active                192.0.2.2  28.5.2  id-n2",
        "n3        manager  ready  active                192.0.2.3  28.5.2  id-n3",
        "n4        worker   ready  active                192.0.2.4  28.5.2  id-n4",
        "Managers: 3 of 3 reachable, 2 needed, 1 more may fail",
    ]


@pytest.mark.parametrize(
    ("nodes", "quorum", "hosts", "problem"),
    [
        (LISTED, {**HEALTHY, "reachable": 2, "margin": 0}, [], "2 of 3 managers are reachable and 2 are needed"),
        (LISTED, {**HEALTHY, "reachable": 1, "margin": -1}, [], "2 are needed: nothing can be changed"),
        ([*LISTED[:3], node("n4", state="down")], HEALTHY, [], "n4 (id-n4): it is down."),
        ([*LISTED, node("n4", id="old")], HEALTHY, [], "n4 is listed 2 times: id-n4 is ready, old is ready."),
        (
            [*LISTED[:2], node("n3", "manager", reachability="unreachable")],
            HEALTHY,
            [],
            "n3 (id-n3): the other managers do not reach it.",
        ),
        (LISTED, HEALTHY, [host("n5")], "In the inventory, but not in this swarm: n5."),
        (LISTED, HEALTHY, [member("n4", "worker", wanted="manager")], "n4 is a worker; the inventory wants a manager."),
        (
            LISTED,
            HEALTHY,
            [member("n3", "manager", cluster="", error="deadline exceeded.")],
            "n3 (id-n3): the managers reach it, but its engine follows no leader (deadline exceeded).",
        ),
    ],
)
def test_problems(nodes, quorum, hosts, problem):
    found = status(nodes, quorum, "c1", hosts, [])
    assert len(found["problems"]) == 1
    assert problem in found["problems"][0]
    assert table(found)[1] == f"Problem: {found['problems'][0]}"


def test_a_host_that_cannot_be_asked_may_be_in_the_swarm():
    ((problem),) = status(LISTED, HEALTHY, "c1", [silent("n9")])["problems"]
    assert (
        problem
        == "n9: the engine gives no answer (the socket does not exist. Docker Engine is not installed here, or does not run)."
    )
    far = Host("far", "worker", {"msg": "Task failed: Failed to connect by ssh."})
    assert status(LISTED, HEALTHY, "c1", [far])["problems"] == [
        "far: the engine gives no answer (Failed to connect by ssh)."
    ]
    assert status(LISTED, HEALTHY, "c1", [silent("n9", in_play=False)])["problems"] == []


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            silent("n4"),
            "it is down. Its engine gives no answer (the socket does not exist. Docker Engine is not installed here, or does not run).",
        ),
        (silent("n4", in_play=False), "it is down."),
        (Host("far", "worker", {"msg": "off"}, address="192.0.2.4"), "it is down. Its engine gives no answer (off)."),
        (host("n4", state="locked"), "it is down. It is locked since its engine was started, and gets no key, because"),
        (
            host("n4", state="locked", named=True),
            "it is down. It is locked since its engine was started: hive.swarm.heal",
        ),
        (
            host("n4", "manager", state="locked"),
            "it is down. It is locked since its engine was started: hive.swarm.heal",
        ),
        (host("n4"), "it is down. Its host is in no swarm: hive.swarm.heal has it join again."),
        (member("n4", "worker", error="certificate expired."), "it is down. Its engine says: certificate expired."),
    ],
)
def test_a_node_that_is_down_is_one_problem_with_what_its_host_says(reason, said):
    (problem,) = status([*LISTED[:3], node("n4", state="down")], HEALTHY, "c1", [reason])["problems"]
    assert problem.startswith(f"n4 (id-n4): {said}")


def test_a_former_life_is_one_problem_and_a_manager_that_is_gone_another():
    (problem,) = status([*LISTED, node("n4", id="old", state="down")], HEALTHY, "c1", [])["problems"]
    assert problem.startswith("n4 is listed 2 times: id-n4 is ready, old is down. hive.swarm.heal removes")
    gone = node("n3", "manager", id="old", state="down")
    assert len(status([*LISTED, gone], HEALTHY, "c1", [])["problems"]) == 2


def test_one_manager_alone_is_no_problem():
    alone = {"managers": 1, "reachable": 1, "needed": 1, "margin": 0}
    assert status(LISTED[:1], alone, "c1", [], [])["problems"] == []


NOWHERE = "1234: The swarm does not have a leader."
TALE = (
    "The swarm has no quorum: n1 cannot find enough other managers. What runs goes on running, but nothing can be"
    " changed, and what fails is not replaced. Bring back n2; where they are lost for good, hive.swarm.recover_quorum"
    " goes on with one."
)
SILENCE = (
    "n2: the engine gives no answer (the socket does not exist. Docker Engine is not installed here, or does not run)."
)


@pytest.mark.parametrize(
    ("hosts", "refusal", "problems"),
    [
        ([host("n1", "manager"), host("n2")], "", ["None of the hosts is in a swarm."]),
        ([host("n1", "manager"), silent("n2")], "", ["None of the hosts that answer is in a swarm.", SILENCE]),
        ([silent("n2", "manager")], "", ["No host responds, so the state of the swarm is not known.", SILENCE]),
        ([member("n1", "manager", cluster="", error=NOWHERE), silent("n2", "manager")], "", [TALE, SILENCE]),
        ([member("n1", "manager"), silent("n2", "manager")], "context deadline exceeded", [TALE, SILENCE]),
        ([member("n1", "manager"), silent("n2", "manager")], "odd.", [f"{TALE} (It says: odd.)", SILENCE]),
        (
            [member("n3", "worker"), silent("n2", "manager")],
            "",
            [
                "No manager responds, so the state of the swarm is not known. n3: in a swarm with managers at 192.0.2.1.",
                SILENCE,
            ],
        ),
        (
            [host("n1", "manager", state="locked"), host("n3", "manager", state="locked")],
            "",
            [
                "No manager is at work.",
                "n1, n3: locked since the engine was started. hive.swarm.heal unlocks with the key in cluster_unlock_keys,"
                " docker swarm unlock by hand.",
            ],
        ),
    ],
)
def test_where_nobody_lists_the_nodes_it_says_why(hosts, refusal, problems):
    found = status([], {}, "", hosts, refusal=refusal)
    assert found["problems"] == problems
    assert table(found) == ["No manager lists the nodes", *(f"Problem: {problem}" for problem in problems)]


def test_two_swarms_and_two_managers_that_only_miss_each_other():
    (problem,) = status([], {}, "", [member("n1", "manager"), member("n2", "manager", cluster="c2")])["problems"]
    assert problem.startswith("The hosts are in 2 different swarms: n1 in c1; n2 in c2.")
    alone = [member(name, "manager", cluster="") for name in ("n1", "n2")]
    (problem,) = status([], {}, "", alone)["problems"]
    assert "n1, n2 cannot find enough other managers" in problem
    assert "See what keeps the managers from each other;" in problem


def test_silent_hosts_of_one_reason_are_one_problem():
    problems = status(LISTED, HEALTHY, "c1", [silent("n8"), silent("n9")])["problems"]
    assert problems == [
        "n8, n9: the engine gives no answer (the socket does not exist. Docker Engine is not installed here, or does not run)."
    ]


def test_an_inventory_without_our_groups():
    assert "is it the right one?" in judged([host("localhost", "")], {"manager": [], "worker": []}, False)[0]
    assert judged([], {"manager": [], "worker": []}, False) == []
    assert "Neither in" in judged([host("n1", ""), host("n2")], {"manager": ["n2"], "worker": []}, False)[0]


def test_services_that_lack_tasks_are_problems():
    web = {"id": "s1", "name": "web", "running": 1, "desired": 2, "spec": {"mode": "replicated"}}
    found = status(LISTED, HEALTHY, "c1", [], [], services=[web, {**web, "id": "s2", "running": 2}])
    assert (found["services"], found["problems"]) == (2, ["Service web: 1 of 2 tasks run."])


def test_what_could_be_better():
    nodes = [*LISTED[:3], node("n4", engine_version="20.10.24", labels={"hive.swarm.maintenance": "active"})]
    swarm = {"root_rotation_in_progress": True, "swarm": {"autolock_managers": True}}
    found = status(nodes, HEALTHY, "c1", [], [], swarm=swarm)
    versions, rotation, maintenance = found["warnings"]
    assert "20.10.24, 28.5.2" in versions
    assert "root certificate" in rotation
    assert "n4" in maintenance
    assert (found["autolock"], found["root_rotation"]) == (True, True)
    assert "Autolock is on: managers need the unlock key after a restart" in table(found)


def test_a_rotation_that_a_node_keeps_from_its_end_names_it():
    nodes = [*LISTED[:3], node("n4", state="down")]
    (warning,) = status(nodes, HEALTHY, "c1", [], swarm={"root_rotation_in_progress": True})["warnings"]
    assert "cannot get to its end as long as a node is down: bring back, or remove, n4." in warning


# Certificates

DAY = 86400
NOW = 1_800_000_000


def pem(name, start, end):
    """A certificate that begins and ends so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begin, until = (datetime.fromtimestamp(NOW + days * DAY, timezone.utc) for days in (start, end))
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 7, begin, until)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def content(text):
    """A file, as hive.swarm.engine_info returns it."""
    return {"mode": "0600", "content": base64.b64encode(text.encode()).decode()}


def judged_certificates(root="", now=NOW, **nodes):
    hosts = [member("n1", "manager"), member("n4", "worker")]
    files = {name: {"/d/swarm-node.crt": content(text)} for name, text in nodes.items()}
    return status(LISTED, HEALTHY, "c1", hosts, swarm={"root_certificate": root}, certificates=files, now=now)


def test_certificates_that_last():
    found = judged_certificates(pem("swarm-ca", -1, 7000), n1=pem("id-n1", -10, 80), n4=pem("id-n4", -40, 50))
    assert (found["problems"], found["warnings"]) == ([], [])
    assert found["certificates"] == {
        "root": "2046-03-16T08:00:00Z", "nodes": {"n1": "2027-04-05T08:00:00Z", "n4": "2027-03-06T08:00:00Z"}, "api": {}
    }  # fmt: skip
    assert table(found)[-1] == "Certificates: the root's ends on 2046-03-16, the first of a node on 2027-03-06"


@pytest.mark.parametrize(("days", "problems", "warnings"), [(170, 0, 1), (20, 1, 0), (-1, 1, 0)])
def test_a_root_that_ends(days, problems, warnings):
    found = judged_certificates(pem("swarm-ca", -300, days))
    assert (len(found["problems"]), len(found["warnings"])) == (problems, warnings)
    (said,) = found["problems"] + found["warnings"]
    assert ("has ended on" if days < 0 else "ends on") in said
    assert "hive.swarm.rotate -e operations_rotate=ca" in said


def test_while_a_root_takes_the_place_of_another_the_younger_counts():
    both = pem("swarm-ca", -7000, 5) + pem("swarm-ca", -1, 7000)
    assert judged_certificates(both)["problems"] == []


def test_a_node_whose_certificate_was_not_renewed():
    (said,) = judged_certificates(n4=pem("id-n4", -85, 5))["problems"]
    assert said.startswith("n4: its certificate ends on 2027-01-20 and was not renewed.")
    assert judged_certificates(n4=pem("id-n4", -85, 5), now=0)["problems"] == []


def test_what_is_no_certificate_of_the_node_is_left_alone():
    found = judged_certificates(
        "nonsense", n1=pem("another", -85, 5), n4="-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----"
    )
    assert found["problems"] == []
    assert found["certificates"] == {"root": "", "nodes": {}, "api": {}}
    for file in ({"content": "no Base64"}, {"mode": "0600"}):
        files = {"n1": {"/d/swarm-node.crt": file, "/etc/docker/api/cert.pem": file}}
        assert status(LISTED, HEALTHY, "c1", [member("n1", "manager")], certificates=files, now=NOW)["problems"] == []


@pytest.mark.parametrize(
    ("lived", "left", "problems", "warnings"),
    [
        (200, 165, 0, 0),  # of a year
        (250, 115, 0, 1),
        (340, 25, 1, 0),
        (70, 20, 0, 1),  # of 90 days
        (82, 8, 1, 0),
        (3000, 190, 0, 0),  # of nearly ten years
        (3000, 170, 0, 1),
        (300, -1, 1, 0),
    ],
)
def test_a_certificate_of_an_engines_api_that_ends(lived, left, problems, warnings):
    """Its authority's counts, too, and its end is told for the host."""
    lasting, ending = pem("ca", -1, 7000), pem("n1", -lived, left)
    files = {"n1": {"/etc/docker/api/ca.pem": content(lasting), "/etc/docker/api/cert.pem": content(lasting + ending)}}
    root = pem("swarm-ca", -1, 7000)
    hosts = [member("n1", "manager")]
    found = status(LISTED, HEALTHY, "c1", hosts, swarm={"root_certificate": root}, certificates=files, now=NOW)
    assert (len(found["problems"]), len(found["warnings"])) == (problems, warnings)
    for said in found["problems"] + found["warnings"]:
        assert said.startswith("n1: a certificate of the engine's API (/etc/docker/api/cert.pem)")
        assert ("has ended on" if left < 0 else "ends on") in said
    assert found["certificates"]["api"]["n1"] in table(found)[-1] + "T08:00:00Z"
