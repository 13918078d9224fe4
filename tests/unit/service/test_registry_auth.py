# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials for registries: from options, from files of the docker login, from helpers."""

from __future__ import annotations

import base64
import json
import os

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._service.registry_auth import check, header, server_of

HUB = "https://index.docker.io/v1/"
SECRET = "s3cret-ö~~~~~?????"  # in it all that base64 and base64url spell otherwise


def auth(username="robin", password=SECRET):
    return base64.b64encode(f"{username}:{password}".encode()).decode()


def opened(value):
    """What an engine reads out of the header (Go's base64.URLEncoding wants the padding)."""
    assert len(value) % 4 == 0 and not set(value) & set("+/")
    return json.loads(base64.urlsafe_b64decode(value))


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def login(tmp_path, monkeypatch):
    """login(config) is the docker login of the user."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))

    def write(config):
        text = config if isinstance(config, str) else json.dumps(config)
        (tmp_path / "config.json").write_text(text)

    return write


@pytest.fixture
def helper(tmp_path, monkeypatch):
    """helper(name, script) is a credential helper in PATH."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    def write(name, script):
        program = tmp_path / f"docker-credential-{name}"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    return write


def found(warnings, image="registry:5000/app:1"):
    return header(image, None, True, warnings.append)


@pytest.mark.parametrize(
    ("image", "server"),
    [("busybox", HUB), ("docker.io/foo/bar", HUB), ("registry:5000/app", "registry:5000"), ("quay.io/a/b", "quay.io")],
)
def test_the_login_is_the_one_of_the_images_registry(image, server):
    assert server_of(image) == server


def test_no_option_is_no_header_and_no_look(warnings, login):
    login("invalid JSON")
    assert header("busybox", None, False, warnings.append) is None
    assert warnings == []


def test_credentials_of_the_task_are_sent_as_the_engine_reads_them(warnings, login):
    login("invalid JSON")
    given = {"username": "robin", "password": SECRET, "identity_token": None, "server_address": None}
    assert opened(header("registry:5000/app", given, True, warnings.append)) == {
        "username": "robin",
        "password": SECRET,
        "serveraddress": "registry:5000",
    }


def test_a_token_and_an_address_of_the_task(warnings):
    value = header("a", {"identity_token": "t", "server_address": "elsewhere"}, False, warnings.append)
    assert opened(value) == {"identitytoken": "t", "serveraddress": "elsewhere"}


@pytest.mark.parametrize("given", [{"username": "robin"}, {"password": SECRET}, {"server_address": "x"}])
def test_half_credentials_are_refused(given):
    with pytest.raises(BadInput) as error:
        check(given)
    assert error.value.option == ("registry_auth",)
    assert SECRET not in repr(error.value)


@pytest.mark.parametrize(
    ("auths", "image", "expected"),
    [
        ({"registry:5000": {"auth": auth()}}, "registry:5000/a", {"username": "robin", "password": SECRET}),
        ({HUB: {"auth": auth("me", "a:b\0")}}, "busybox", {"username": "me", "password": "a:b"}),
        ({"https://quay.io/v1/": {"auth": auth()}}, "quay.io/a/b", {"username": "robin", "password": SECRET}),
        ({"quay.io": {"username": "u", "password": "p"}}, "quay.io/a/b", {"username": "u", "password": "p"}),
        ({"quay.io": {"identitytoken": "t"}}, "quay.io/a/b", {"identitytoken": "t"}),
        ({"quay.io": {"registrytoken": "t"}}, "quay.io/a/b", {"registrytoken": "t"}),
    ],
)
def test_the_docker_login_is_found(warnings, login, auths, image, expected):
    login({"auths": auths})
    assert opened(found(warnings, image)) == {**expected, "serveraddress": server_of(image)}
    assert warnings == []


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"auths": None},
        {"auths": {"other": {"auth": auth()}}},
        {"auths": {"registry:5000": {}}},
        {"auths": {"registry": {"auth": auth()}}},
    ],
)
def test_no_login_for_the_registry_is_a_warning(warnings, login, tmp_path, config):
    login(config)
    assert found(warnings) is None
    assert len(warnings) == 1 and f"{tmp_path}/config.json has no login for registry:5000" in warnings[0]


def test_no_login_at_all_is_a_warning_that_names_the_users_file(warnings, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert found(warnings) is None
    assert f"{tmp_path}/.docker/config.json has no login" in warnings[0]


@pytest.mark.parametrize(
    "config",
    [
        f'{{"auths": {{"registry:5000": {{"auth": "{auth()}"',
        "[]",
        {"auths": {"registry:5000": {"auth": f"{SECRET}%%"}}},
        {"auths": {"registry:5000": {"auth": base64.b64encode(SECRET.encode()).decode()}}},
    ],
)
def test_a_damaged_login_is_an_error_that_shows_nothing_of_it(warnings, login, config):
    login(config)
    with pytest.raises(BadInput) as error:
        found(warnings)
    assert error.value.option == ("with_registry_auth",)
    shown = repr(error.value) + str(error.value) + repr(error.value.__cause__)
    assert SECRET not in shown and auth() not in shown


def test_a_login_that_may_not_be_read_is_an_error(warnings, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").mkdir()
    with pytest.raises(BadInput) as error:
        found(warnings)
    assert error.value.option == ("with_registry_auth",)


def test_a_helper_is_asked_for_the_registry(warnings, login, helper):
    login({"credsStore": "one", "auths": {"registry:5000": {}}})
    helper(
        "one", f"""read server; echo '{{"ServerURL": "'$server'", "Username": "'$1:$server'", "Secret": "{SECRET}"}}'"""
    )
    assert opened(found(warnings)) == {
        "username": "get:registry:5000",
        "password": SECRET,
        "serveraddress": "registry:5000",
    }


def test_a_helper_of_the_registry_goes_before_the_common_one(warnings, login, helper):
    login({"credsStore": "missing", "credHelpers": {"registry:5000": "two"}})
    helper("two", """echo '{"Username": "<token>", "Secret": "t"}'""")
    assert opened(found(warnings)) == {"identitytoken": "t", "serveraddress": "registry:5000"}


def test_a_registry_without_a_helper_of_its_own_can_be_in_the_file(warnings, login):
    login({"credsStore": "missing", "credHelpers": {"registry:5000": ""}, "auths": {"registry:5000": {"auth": auth()}}})
    assert opened(found(warnings))["username"] == "robin"


@pytest.mark.parametrize(
    "script",
    [
        "echo credentials not found in native keychain; exit 1",
        """echo '{"ServerURL": "", "Username": "", "Secret": ""}'""",
    ],
)
def test_a_helper_without_a_login_is_a_warning(warnings, login, helper, script):
    login({"credsStore": "one"})
    helper("one", script)
    assert found(warnings) is None
    assert "no login for registry:5000" in warnings[0]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (f"echo '{SECRET}'; exit 3", "exit code 3"),
        (f"echo '{SECRET}'", "exit code 0"),
        (r"printf '\377'", "exit code 0"),
        (f"""echo '{{"Secret": "{SECRET}"}}'""", "exit code 0"),
    ],
)
def test_a_helper_that_fails_is_an_error_that_shows_nothing_of_it(warnings, login, helper, script, words):
    login({"credsStore": "one"})
    helper("one", script)
    with pytest.raises(BadInput, match=r"Test it with echo registry:5000 \| docker-credential-one get") as error:
        found(warnings)
    assert words in str(error.value) and SECRET not in str(error.value)


def test_a_helper_that_is_missing_is_named(warnings, login):
    login({"credsStore": "nowhere"})
    with pytest.raises(BadInput) as error:
        found(warnings)
    assert error.value.option == ("with_registry_auth",)
