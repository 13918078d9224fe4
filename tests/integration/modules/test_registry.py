# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images, registries and logins against engines of two versions, with the docker command line (20.10) as the judge."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import make_transport
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.plugins.module_utils._service import image as images
from ansible_collections.hive.swarm.plugins.module_utils._service.image import AUTH_HEADER, familiar, resolve
from ansible_collections.hive.swarm.plugins.module_utils._service.registry_auth import header
from ansible_collections.hive.swarm.tests.integration.lab.support import post
from ansible_collections.hive.swarm.tests.support.images import HEX, MISTAKES, SPELLINGS
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, RealHost

_SEED = "lab/busybox:1"
_LOGIN = {"username": "robin", "password": "open/sesame?"}
_ENGINES = {f"v{release.replace('.', '-')}": release for release in GENERATIONS}
# From Debian's docker.io, which the engines of the lab come from; another one may come first in PATH.
_CLI = "/usr/bin/docker"


class Site:
    """An engine that is a swarm of its own, and the lab's registry, which may want a login."""

    def __init__(self, lab: Lab, name: str):
        self.host = RealHost(lab.engine(name))
        self.tcp = lab.engine(name).facts()["docker_host_tcp"]
        self.registry = lab.registry
        self.engine = _client(self.host.docker_host)
        self.warnings: list[str] = []

    def push(self, name: str, login: dict | None = None) -> None:
        """Put the lab's image into the registry under another name."""
        repository, _colon, tag = name.rpartition(":")
        auth = header(name, login or {"identity_token": "none"}, False, self.warnings.append)
        post(self.host, f"/images/{_SEED}/tag?repo={repository}&tag={tag}")
        post(self.host, f"/images/{repository}/push?tag={tag}", headers={AUTH_HEADER: auth})

    def pinned(self, image: str, auth: str | None = None, live: str | None = None) -> images.Pinned:
        return resolve(self.engine, image, auth, self.warnings.append, live)

    def by_command_line(self, image: str, *options: str, config: str = "/nonexistent") -> tuple[dict, str]:
        """What `docker service create` stores as TaskTemplate, and what it says besides."""
        command = [_CLI, "--config", config, "-H", self.host.docker_host, "service", "create", "--quiet", "--detach"]
        done = subprocess.run(
            [*command, "--replicas", "0", *options, image], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ValueError(done.stderr)
        return self._taken(done.stdout.strip()), done.stderr

    def by_api(self, pinned: images.Pinned, auth: str | None) -> dict:
        template = {"ContainerSpec": {"Image": pinned.image}, "Placement": {"Platforms": pinned.platforms}}
        body = {"Name": "by-api", "TaskTemplate": template, "Mode": {"Replicated": {"Replicas": 0}}}
        answer = self.engine.post("/services/create", body, headers={AUTH_HEADER: auth} if auth else None)
        return self._taken(answer["ID"])

    def first_end(self, service: str) -> str:
        """The state of the service's oldest task, once it runs or is rejected."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            tasks = self.engine.get("/tasks", filters={"service": [service]})
            states = [task["Status"]["State"] for task in sorted(tasks, key=lambda task: task["CreatedAt"])]
            if states and states[0] in ("running", "rejected"):
                return states[0]
            time.sleep(0.2)
        raise TimeoutError(f"the task is {states}")

    def _taken(self, service: str) -> dict:
        template = self.host.do("GET", f"/services/{service}")["Spec"]["TaskTemplate"]
        self.host.do("DELETE", f"/services/{service}")
        return template


def _client(docker_host: str) -> Engine:
    names = ("client_cert", "client_key", "ca_path", "tls_hostname", "tls", "validate_certs", "use_ssh_client")
    return Engine(make_transport({"docker_host": docker_host, "timeout": 60, **dict.fromkeys(names)}))


def _image(template: dict) -> tuple[str, list]:
    return template["ContainerSpec"]["Image"], template.get("Placement", {}).get("Platforms")


def _lab(registry: bool | dict[str, str]) -> Lab:
    """An engine of each generation, which pulls what its tasks need, as the lab's engines else do not; a registry."""
    pulling = {"DOCKER_SERVICE_PREFER_OFFLINE_IMAGE": "0"}
    engines = [{"name": name, "binaries": GENERATIONS[release], "env": pulling} for name, release in _ENGINES.items()]
    # A name that lets a later run take it away, should this one be cut off (see conftest.py).
    return Lab(f"tru1-{os.getpid()}", engines=engines, registry=registry, images=[_SEED])


@pytest.fixture(scope="module")
def _swarms() -> Iterator[None]:
    """Each engine of the lab is a swarm of its own."""
    lab = _lab(True)
    try:
        lab.up()
        for engine in lab.engines:
            body = {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": engine.address}
            RealHost(engine).do("POST", "/swarm/init", body)
        yield
    finally:
        lab.down()


@pytest.fixture(scope="module", params=_ENGINES)
def engine_name(request: pytest.FixtureRequest, _swarms: None) -> str:
    return request.param


@pytest.fixture
def site(engine_name: str) -> Site:
    """An engine and a registry that serves everybody."""
    return _site(engine_name, True)


@pytest.fixture
def private(engine_name: str) -> Site:
    """An engine and a registry that wants a login."""
    return _site(engine_name, _LOGIN)


def _site(engine: str, registry: bool | dict[str, str]) -> Site:
    lab = _lab(registry)
    lab.up()
    return Site(lab, engine)


@pytest.mark.parametrize("image", SPELLINGS)
def test_the_command_line_spells_as_we_do(site: Site, image: str) -> None:
    template, _said = site.by_command_line(image, "--no-resolve-image")
    assert template["ContainerSpec"]["Image"] == familiar(image)


@pytest.mark.parametrize("image", [image for image in MISTAKES if not image.startswith("-")])
def test_no_engine_takes_what_we_refuse(site: Site, image: str) -> None:
    with pytest.raises(ValueError, match=r"not a valid repository/tag|image reference must be provided"):
        site.by_command_line(image, "--no-resolve-image")


@pytest.mark.parametrize("digest", [False, True])
def test_an_image_is_pinned_as_the_command_line_does(site: Site, digest: bool) -> None:
    site.push("registry:5000/app:1")
    image = "registry:5000/app:1"
    if digest:
        image = site.pinned(image).image
    pinned = site.pinned(image)
    template, said = site.by_command_line(image)
    assert said == ""
    assert _image(template) == _image(site.by_api(pinned, None)) == (pinned.image, pinned.platforms)
    assert pinned.image.startswith("registry:5000/app:1@sha256:")
    assert pinned.platforms == [{"Architecture": "amd64", "OS": "linux"}]
    assert site.warnings == []


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("registry:5000/app:none", "the registry registry:5000 does not have this image (manifest unknown"),
        ("registry:5000/none", "the registry registry:5000 does not have this image (manifest unknown"),
        (f"registry:5000/app@sha256:{HEX}", "the registry registry:5000 does not have this image (manifest unknown"),
        ("127.0.0.1:1/app", "the registry 127.0.0.1:1 cannot be queried (Get"),
        ("registry.invalid/app", "the registry registry.invalid cannot be queried (Get"),
        ("busybox", "the registry docker.io cannot be queried (Get"),
    ],
)
def test_where_the_command_line_only_warns_so_do_we(site: Site, image: str, words: str) -> None:
    pinned = site.pinned(image)
    template, said = site.by_command_line(image)
    assert "could not be accessed on a registry" in said
    assert _image(template) == (pinned.image, pinned.platforms)
    assert len(site.warnings) == 1 and words in site.warnings[0]


@pytest.mark.usefixtures("_swarms")
def test_a_registry_that_hangs_is_waited_for_as_long_as_the_engine_does() -> None:
    """Both engines at once: it takes them 25 seconds."""
    sites = [_site(name, True) for name in _ENGINES]
    sites[0].registry.pause()
    try:
        with ThreadPoolExecutor() as pool:
            pinned = list(pool.map(lambda site: site.pinned("registry:5000/app:1"), sites))
    finally:
        sites[0].registry.unpause()
    assert pinned == [("registry:5000/app:1", None)] * 2
    for site in sites:
        assert "the registry registry:5000 does not respond in time (Get" in site.warnings[0]


def test_a_registry_that_hangs_longer_ends_in_the_same_words(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_PATIENCE", 1.0)
    live = f"registry:5000/app:1@sha256:{HEX}"
    site.registry.pause()
    try:
        began = time.monotonic()
        assert site.pinned("registry:5000/app:1", live=live) == (live, None)
        assert time.monotonic() - began < 12  # the engine would wait for 15
    finally:
        site.registry.unpause()
    assert "the registry registry:5000 does not respond in time (no response within 1 seconds)" in site.warnings[0]
    assert site.engine.get("/version")  # the connection was given up, the engine was not


def test_the_right_login_pins(private: Site) -> None:
    private.push("registry:5000/closed:1", _LOGIN)
    auth = header("registry:5000/closed:1", _LOGIN, False, private.warnings.append)
    pinned = private.pinned("registry:5000/closed:1", auth)
    assert _image(private.by_api(pinned, auth)) == (pinned.image, [{"Architecture": "amd64", "OS": "linux"}])
    assert "@sha256:" in pinned.image
    assert private.warnings == []


def test_the_login_travels_over_tcp_as_well(private: Site) -> None:
    private.push("registry:5000/closed:1", _LOGIN)
    auth = header("registry:5000/closed:1", _LOGIN, False, private.warnings.append)
    private.engine = _client(private.tcp)
    assert "@sha256:" in private.pinned("registry:5000/closed:1", auth).image


def test_the_login_of_the_command_line_is_found(private: Site, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = base64.b64encode(f"{_LOGIN['username']}:{_LOGIN['password']}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"registry:5000": {"auth": entry}}}))
    private.push("registry:5000/closed:1", _LOGIN)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    auth = header("registry:5000/closed:1", None, True, private.warnings.append)
    pinned = private.pinned("registry:5000/closed:1", auth)
    template, said = private.by_command_line("registry:5000/closed:1", "--with-registry-auth", config=str(tmp_path))
    assert said == ""
    assert _image(template) == (pinned.image, pinned.platforms)
    assert private.warnings == []


@pytest.mark.parametrize(("login", "outcome"), [(_LOGIN, "running"), (None, "rejected")])
def test_tasks_pull_what_the_login_lets_them(private: Site, login: dict | None, outcome: str) -> None:
    name = f"registry:5000/{outcome}:1"  # what an engine has pulled once it does not pull again
    private.push(name, _LOGIN)
    auth = header(name, _LOGIN, False, private.warnings.append)
    image = private.pinned(name, auth).image
    private.host.do("DELETE", f"/images/{name}")
    body = {"Name": "pulls", "TaskTemplate": {"ContainerSpec": {"Image": image, "Args": ["sleep", "1000"]}}}
    private.engine.post("/services/create", body, headers={AUTH_HEADER: auth} if login else None)
    try:
        assert private.first_end("pulls") == outcome
    finally:
        private.host.do("DELETE", "/services/pulls")


def test_the_wrong_login_is_one_warning_without_it(private: Site) -> None:
    wrong = {**_LOGIN, "password": "guessed"}
    auth = header("registry:5000/closed:1", wrong, False, private.warnings.append)
    assert private.pinned("registry:5000/closed:1", auth) == ("registry:5000/closed:1", None)
    assert len(private.warnings) == 1
    assert "the registry registry:5000 refuses the credentials (unauthorized" in private.warnings[0]
    assert "guessed" not in private.warnings[0] and auth not in private.warnings[0]


def test_no_login_is_one_warning_that_names_the_options(private: Site) -> None:
    assert private.pinned("registry:5000/closed:1") == ("registry:5000/closed:1", None)
    assert len(private.warnings) == 1
    assert "registry:5000 requires credentials: see registry_auth and with_registry_auth" in private.warnings[0]
