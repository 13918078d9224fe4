# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S7, S15: an archive that another user changed is not restored, and no file of a backup is open to other users."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import stat

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.cluster.world import World

KEY = "a passphrase for tests"


class OneManager(World):
    """A lab of one engine, whose only manager is backed up to the controller."""

    def inventory(self, managers="n1", workers="", variables=None, **common):
        wide = {
            "operations_backup_dir": str(self.folder / "backups"),
            "operations_backup_fetch": str(self.fetched),
            "operations_backup_key": KEY,
            "operations_wait_timeout": 90,
            **common,
        }
        super().inventory(managers, workers, variables, **wide)

    def _variables(self, name):
        return {**super()._variables(name), "lab_name": self.lab.name, "lab_engine": name}

    @property
    def fetched(self):
        return self.folder / "fetched"

    def archive(self):
        (found,) = self.fetched.glob("*.tar.gz*")
        return found

    def restore(self, archive, *arguments):
        given = json.dumps(
            {"operations_restore_archives": {"n1": str(archive)}, "operations_restore_from": "controller"}
        )
        return self.play("restore", "-e", given, "-e", f"operations_confirm={self.cluster}", *arguments)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    lab = Lab(name=f"seal{os.getpid()}", engines=1, images=["lab/busybox:1"])
    try:
        lab.up()
        world = OneManager(lab, tmp_path_factory.mktemp("operations"))
        world.cluster = world.swarm("n1", "")
        world.api("n1").post("/secrets/create", {"Name": "kept", "Data": base64.b64encode(b"0123").decode()})
        world.fetched.mkdir(mode=0o755)
        world.made = world.play("backup", "-e", "operations_accept_outage=true", "-vvv").succeeded()
        yield world
    finally:
        lab.down()


@pytest.fixture
def taken(world, tmp_path):
    """The archive and its description where another user can write."""
    for path in world.fetched.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path / world.archive().name


def description_of(archive):
    return archive.with_name(archive.name.replace(".tar.gz.enc", ".json"))


def change(archive, **changes):
    path = description_of(archive)
    found = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: value for key, value in found.items() if value is not None}))


def test_s7_the_description_of_an_encrypted_backup_is_authenticated(world):
    found = json.loads(description_of(world.archive()).read_text())
    assert (found["encrypted"], set(found["mac"])) == (True, {"salt", "value"})
    assert found["checksum"] == hashlib.sha256(world.archive().read_bytes()).hexdigest()
    assert KEY not in world.made.output


def test_s15_a_fetched_backup_is_for_its_owner_alone(world):
    assert stat.S_IMODE(world.fetched.stat().st_mode) == 0o755, "the folder was there, and keeps its mode"
    files = sorted(world.fetched.iterdir())
    assert files == sorted([world.archive(), description_of(world.archive())])
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def altered(archive):
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)


def altered_with_its_checksum(archive):
    altered(archive)
    change(archive, checksum=hashlib.sha256(archive.read_bytes()).hexdigest())


def in_clear(archive):
    """The attack of the review: an archive of one's own, which its description calls not encrypted."""
    archive.write_bytes(b"an archive of somebody else")
    change(archive, encrypted=False, mac=None, checksum=hashlib.sha256(archive.read_bytes()).hexdigest())


def other_passphrase(_archive):
    return ["-e", "operations_backup_key=another"]


TAMPERINGS = {
    "archive": (altered, "damaged"),
    "archive and checksum": (altered_with_its_checksum, "its authentication code is wrong"),
    "in clear": (in_clear, "the archive is not encrypted"),
    "autolocked": (lambda archive: change(archive, autolocked=True), "its authentication code is wrong"),
    "code removed": (lambda archive: change(archive, mac=None), "has no authentication code"),
    "passphrase": (other_passphrase, "made with another passphrase"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_s7_nothing_that_was_changed_is_restored(world, taken, tampering):
    """S7: refused before anything is stopped or written. The other ways are in tests/unit/operations/test_backup_seal.py."""
    tamper, why = TAMPERINGS[tampering]
    pid = world.engines["n1"].pid
    run = world.restore(taken, *(tamper(taken) or ())).refused()
    assert why in run.failure
    assert world.engines["n1"].pid == pid
    assert world.cluster_id("n1") == world.cluster


def test_s15_a_folder_of_another_user_is_refused(world):
    folder = world.folder / "backups"
    pid = world.engines["n1"].pid
    for owner, mode in ((65534, 0o700), (0, 0o770), (0, 0o777)):
        os.chown(folder, owner, 0)
        folder.chmod(mode)
        run = world.play("backup", "-e", "operations_accept_outage=true")
        assert run.code != 0 and "only root writes to" in run.failure
        assert world.engines["n1"].pid == pid
    os.chown(folder, 0, 0)
    folder.chmod(0o700)


def left(world):
    names = [path.name for path in (world.folder / "backups").iterdir()]
    return [name for name in names if name.startswith(("brought-", "restoring-"))]


def test_s15_what_was_decrypted_does_not_outlive_a_run_that_fails(world, taken):
    """S15: openssl decrypts, and tar fails, as the command gives it something else."""
    world.engines["n1"].wipe()
    spoil = ["sh", "-c", 'echo "no archive" >"$1"', "{source}", "{target}"]
    run = world.restore(taken, "-e", json.dumps({"operations_backup_decrypt": spoil}))
    assert run.code != 0 and "tar" in run.output
    assert left(world) == []
    state = world.lab.folder + "/n1/data/swarm"
    assert not os.path.exists(f"{state}.restored")


def test_s7_what_was_made_is_restored(world, taken):
    world.engines["n1"].wipe()
    world.restore(taken).succeeded()
    assert world.cluster_id("n1") == world.cluster
    assert [secret["Spec"]["Name"] for secret in world.api("n1").get("/secrets")] == ["kept"]
    assert left(world) == []
