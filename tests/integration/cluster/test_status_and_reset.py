# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks status and reset."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def ending_tomorrow() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "api")])
    now = datetime.now(timezone.utc)
    begin, end = now - timedelta(days=89), now + timedelta(days=1)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 7, begin, end).sign(key, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def test_status_is_a_table_or_json_and_succeeds_where_all_is_well(world):
    cluster = world.swarm()
    table = world.play("status").succeeded()
    assert f"Swarm {cluster}" in table.said("Show the swarm")
    file = world.folder / "status.json"
    run = world.play("status", "-e", "operations_format=json", "-e", f"operations_status_file={file}").succeeded()
    document = run.status()
    assert json.dumps(document, indent=4) in run.output
    assert (json.loads(file.read_text()), run.changes) == (document, [])
    assert document["cluster_id"] == cluster
    assert document["quorum"] == {"managers": 3, "reachable": 3, "needed": 2, "margin": 1}
    assert (len(document["nodes"]), document["problems"]) == (5, [])
    ends = document["certificates"]
    assert sorted(ends["nodes"]) == ["n1", "n2", "n3", "n4", "n5"]  # 90 days, and 20 years
    assert max(ends["nodes"].values()) < ends["root"]

    # A file of an engine's API; nothing renews that.
    (world.folder / "api.pem").write_text(ending_tomorrow())
    files = json.dumps({"operations_api_certificates": [str(world.folder / "api.pem"), "/nowhere.pem"]})
    run = world.play("status", "-e", files).refused()
    assert f"n1: a certificate of the engine's API ({world.folder / 'api.pem'}) ends on" in run.failure
    assert sorted(run.status()["certificates"]["api"]) == ["n1", "n2", "n3", "n4", "n5"]


def test_status_fails_and_says_what_has_to_be_mended(world):
    world.swarm("n1 n2", "n4 n5 n6")
    world.leave("n4")
    world.api("n1").delete(f"/nodes/{world.node_id('n5')}", force=True)
    world.inventory(managers="n1 n2 n6", workers="n4 n5")
    world.wait(lambda: world.nodes()["n4"][0]["Status"]["State"] == "down", "n4 down")
    run = world.play("status").refused()
    for problem in (
        "2 of 2 managers are reachable and 2 are needed",
        "it is down (heartbeat failure). Its host is in no swarm: hive.swarm.heal",
        "In the inventory, but not in this swarm: n5",
        "n6 is a worker; the inventory wants a manager",
    ):
        assert problem in run.failure


def test_status_fails_where_the_inventory_is_another_one(world):
    world.inventory("", "")
    assert "is it the right one?" in world.play("status").refused().failure


def test_status_fails_where_there_is_no_swarm(world):
    assert "None of the hosts is in a swarm" in world.play("status").refused().failure


def test_reset_needs_the_id_of_the_swarm_and_leaves_others_alone(world):
    cluster = world.swarm("n1 n2 n3", "n4")
    world.swarm("n6", "n5")
    for given in ([], ["-e", "operations_confirm=wrong"]):
        run = world.play("reset", *given).refused()
        assert run.kinds == {"not_confirmed"} and cluster in run.failure

    confirmed = ("-e", f"operations_confirm={cluster}")
    predicted = world.play("reset", *confirmed, check=True).succeeded()
    real = world.play("reset", *confirmed).succeeded()
    assert predicted.changes == real.changes
    assert "Left alone, since they are in another swarm: n5" in " ".join(real.output.split())
    assert ("n4", "leave", "worker") in real.steps()
    order = [each["host"] for each in real.results if each["changed"]]
    assert (order[0], order[-1]) == ("n4", "n1")  # who made the swarm leads it, and is the last
    assert sorted(order) == ["n1", "n2", "n3", "n4"]
    assert {world.info(name)["LocalNodeState"] for name in ("n1", "n2", "n3", "n4")} == {"inactive"}
    assert world.info("n5")["LocalNodeState"] == "active"


def test_reset_of_some_hosts_lets_the_swarm_go_on(world):
    cluster = world.swarm()
    options = ("-e", f"operations_confirm={cluster}", "-e", "operations_reset_gwbridge=true")
    run = world.play("reset", "--limit", "n3,n5", *options).succeeded()
    for name, there in (("n3", False), ("n4", True)):
        assert ("docker_gwbridge" in {each["Name"] for each in world.api(name).get("/networks")}) == there
    assert "The swarm goes on with" in run.output
    assert "Managers: 2 of 2 reachable, 2 needed, 0 more may fail" in run.said("Show the remaining swarm")
    assert world.roles() == {"n1": "manager", "n2": "manager", "n4": "worker"}
    assert world.info("n3")["LocalNodeState"] == "inactive"
