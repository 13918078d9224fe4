# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users of other modules for secrets and configs ran into, each as a test of its own; bad input and requests."""

from __future__ import annotations

import hashlib
import json

import pytest
from ansible.module_utils.common.parameters import PASS_VARS
from ansible_collections.hive.swarm.plugins.module_utils._secret_config import requests, resource
from ansible_collections.hive.swarm.plugins.module_utils._secret_config.live import DataComparison
from ansible_collections.hive.swarm.plugins.module_utils._secret_config.plan import next_document
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.fake_engine.errors import OUT_OF_SEQUENCE, ApiError
from ansible_collections.hive.swarm.tests.support.fake_engine.objects import Objects
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import secret_config
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

each_kind = pytest.mark.parametrize("kind", secret_config.KINDS)
# From ansible-core 2.21 on it is only on request that results have the options of the task; before, they always have.
WITH_OPTIONS = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}
ROLLING = {"name": "app", "rolling_versions": True}
NAMED = {"name": "app", "content_names": True}


@pytest.fixture
def manager():
    """What differs between the generations is tried on real engines."""
    with FakeCluster(API_1_51) as cluster:
        yield cluster.swarm(managers=1)[0]


@pytest.fixture
def secrets(manager):
    return secret_config.Host(manager, "secret")


def done(host, check=False, **options):
    """Run the kind's module; it must not fail."""
    result = on(host.engine)(host.module, options, check=check)
    assert not result["failed"], result["msg"]
    return result


def refused(host, check=False, **options):
    result = on(host.engine)(host.module, options, check=check)
    assert result["failed"], result
    return result


# -- rolling versions -------------------------------------------------------------------------------------------------


@each_kind
def test_a_run_without_changes_removes_no_version_and_does_not_fail_for_one_in_use(manager, kind):
    """Elsewhere the old versions go one run late, unreported, and with a failure if a service uses one."""
    host = secret_config.Host(manager, kind)
    for number in range(4):
        done(host, **ROLLING, data=f"data {number}", versions_to_keep=1)
        if number == 0:
            host.use("web", "app_v1")
    assert set(host.all()) == {"app_v1", "app_v3", "app_v4"}
    for check in (True, False):
        before = FakeWorld([manager]).token()
        assert done(host, check, **ROLLING, data="data 3", versions_to_keep=1)["changed"] is False
        assert FakeWorld([manager]).token() == before


@each_kind
def test_the_run_that_makes_a_version_removes_the_one_too_many(manager, kind):
    host = secret_config.Host(manager, kind)
    results = [done(host, **ROLLING, data=f"data {number}", versions_to_keep=0) for number in range(3)]
    assert [result["versions"] for result in results] == [["app_v1"], ["app_v2"], ["app_v3"]]
    assert list(host.all()) == ["app_v3"]


@each_kind
@pytest.mark.parametrize("way", ["rolling_versions", "content_names"])
def test_removing_all_versions_removes_none_if_one_is_in_use(manager, kind, way):
    host = secret_config.Host(manager, kind)
    names = [done(host, name="app", data=f"data {n}", **{way: True})[f"{kind}_name"] for n in range(3)]
    host.use("web", names[1])
    for check in (True, False):
        result = refused(host, check, name="app", state="absent", **{way: True})
        assert result["failure"]["kind"] == "refused"
        assert result["failure"]["kind"] == "refused"
    assert set(host.all()) == set(names)


@each_kind
def test_a_removal_that_finds_only_versions_says_which_option_removes_them(manager, kind):
    host = secret_config.Host(manager, kind)
    done(host, **ROLLING, data="data")
    done(host, name="app_v1_0123456789", data="something else")
    for check in (True, False):
        result = done(host, check, name="app", state="absent")
        assert result["changed"] is False
        assert result["warnings"] == [
            f"{kind} app does not exist, but app_v1 does. Use rolling_versions to remove all versions."
        ]
    assert done(host, **ROLLING, state="absent").get("warnings", []) == []


@each_kind
def test_the_version_that_a_rollback_needs_stays(manager, kind):
    host = secret_config.Host(manager, kind)
    for number in (1, 2):
        done(host, **ROLLING, data=f"data {number}", versions_to_keep=0)
        host.use("web", f"app_v{number}")
    assert done(host, **ROLLING, data="data 2", versions_to_keep=0)["versions"] == ["app_v1", "app_v2"]
    service = manager.do("GET", "/services/web")
    path = f"/services/{service['ID']}/update?version={service['Version']['Index']}&rollback=previous"
    manager.do("POST", path, service["Spec"])


# -- check mode -------------------------------------------------------------------------------------------------------


@each_kind
def test_check_mode_says_that_what_is_in_use_cannot_be_changed(manager, kind):
    """Elsewhere check mode says "changed", and the run fails."""
    host = secret_config.Host(manager, kind)
    done(host, name="app", data="one")
    host.use("web", "app")
    messages = {refused(host, check, name="app", data="two")["msg"] for check in (True, False)}
    assert len(messages) == 1
    assert "web" in messages.pop()


def test_a_play_that_points_a_service_to_a_new_version_passes_check_mode(manager, secrets):
    made = done(secrets, True, **NAMED, data="one")
    assert made["secret_name"] == "app_(known after apply)"
    service = {"name": "web", "image": secret_config.IMAGE, "resolve_image": "never"}
    used = [{"secret_name": made["secret_name"], "secret_id": made["secret_id"], "filename": "app"}]
    assert on(manager)("swarm_service", {**service, "secrets": used}, check=True)["changed"] is True


# -- what could not be unset ------------------------------------------------------------------------------------------


@each_kind
def test_labels_and_template_driver_can_be_taken_away(manager, kind):
    host = secret_config.Host(manager, kind)
    done(host, name="app", data="one", labels={"a": "1", "flag": ""}, template_driver="golang")
    assert done(host, name="app", labels={"a": "1"})[kind]["labels"] == {"a": "1"}
    assert done(host, name="app", labels={})[kind]["labels"] == {}
    assert done(host, name="app", data="one", template_driver="")[kind]["template_driver"] is None
    assert "Templating" not in host.all()["app"]["Spec"]


# -- secrets that tell ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [{}, {"rolling_versions": True}, {"content_names": True}], ids=str)
def test_s10_no_fingerprint_of_a_secret_is_stored(secrets, way):
    """S10: a short secret is found from any hash, salted and slow or not. Elsewhere the label is its SHA-224."""
    for data in ("0451", "0452"):
        done(secrets, name="pin", data=data, labels={"a": "1"}, **way)
        done(secrets, name="pin", data=data, labels={"a": "2"}, **way)
    assert [item["Spec"]["Labels"] for item in secrets.all().values()] == [{"a": "2"}] * len(secrets.all())
    stored = json.dumps([{"Spec": item["Spec"]} for item in secrets.all().values()])  # IDs and times have digits too
    assert not [tell for data in ("0451", "0452") for tell in secret_config.tells(data) if tell in stored]


FINGERPRINTS = {"hive.swarm.digest": "scrypt$c2FsdA==$aGFzaA==", "ansible_key": "0" * 56}


@each_kind
@pytest.mark.parametrize("label", FINGERPRINTS)
def test_s10_a_fingerprint_goes_with_the_next_write(manager, kind, label):
    """S10: it is neither believed nor kept; of a config, whose data is no secret, it does not matter."""
    host = secret_config.Host(manager, kind)
    host.make("app", "one", Labels={label: FINGERPRINTS[label], "ansible_version": "3", "a": "1"})
    assert done(host, name="app", data="one", labels={"a": "1"})["changed"] is False
    assert label in host.all()["app"]["Spec"]["Labels"]
    assert list(done(host, name="app", labels={"a": "2"})["diff"]["after"]) == ["labels"]
    stays = {label} if kind == "config" else set()
    assert set(host.all()["app"]["Spec"]["Labels"]) == {"a", "ansible_version", *stays}


@each_kind
def test_s10_a_fingerprint_does_not_move_to_another_version(manager, kind):
    host = secret_config.Host(manager, kind)
    host.make("app_v1", "one", Labels={**FINGERPRINTS, "a": "1"})
    done(host, **ROLLING, data="two")
    assert host.all()["app_v2"]["Spec"]["Labels"] == {"a": "1"}


# -- an engine that does not compare ----------------------------------------------------------------------------------


def behave(monkeypatch, status):
    """Have the engine answer each update of an outdated version in one way."""

    def update(objects, item, version, request):
        if version == item.version:
            item.spec = {**item.spec, "Labels": request["Labels"] or {}}
        elif status != 200:
            raise ApiError(status, OUT_OF_SEQUENCE if status == 500 else "invalid version")

    monkeypatch.setattr(Objects, "update", update)


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("data", [secret_config.ONE, secret_config.TWO], ids=["same", "other"])
@pytest.mark.parametrize("way", [{}, {"rolling_versions": True}, {"content_names": True}], ids=str)
def test_s10_an_engine_that_does_not_compare_is_not_believed(monkeypatch, secrets, status, data, way):
    """S10: that a secret is unchanged, or is another, is never said by an engine that says so of everything."""
    done(secrets, name="app", data=secret_config.ONE, **way)
    before = secrets.all()
    behave(monkeypatch, status)
    for check in (True, False):
        result = refused(secrets, check, name="app", data=data, **way)
        assert result["failure"]["kind"] == "unsupported"
        assert not [
            tell
            for tell in (*secret_config.tells(secret_config.ONE), *secret_config.tells(secret_config.TWO))
            if tell in json.dumps(result)
        ]
    assert secrets.all() == before
    assert done(secrets, name="app", labels={"a": "1"}, **way)["changed"] is True


@pytest.mark.parametrize("status", [403, 405, 503])
def test_s10_an_engine_that_does_not_answer_is_not_believed(manager, secrets, status):
    """S10: such as a proxy that lets nothing but GET pass."""
    done(secrets, name="app", data=secret_config.ONE)
    manager.fail(status, "not allowed", path="/secrets/app/update")
    assert refused(secrets, name="app", data=secret_config.ONE)["failure"]["status"] == status


def test_s10_a_secret_that_is_removed_meanwhile_is_made_again(monkeypatch, secrets):
    done(secrets, name="app", data=secret_config.ONE)
    ask, clean = DataComparison._ask, [secrets.clean]

    def ask_late(comparison, item, data):
        if clean:
            clean.pop()()
        return ask(comparison, item, data)

    monkeypatch.setattr(DataComparison, "_ask", ask_late)
    assert done(secrets, name="app", data=secret_config.ONE)["changed"] is True
    assert list(secrets.all()) == ["app"]


@pytest.mark.parametrize("data", ["s", "v", "1", "true", "app", "secret", "5"])
@pytest.mark.parametrize("way", [{}, {"rolling_versions": True}, {"content_names": True}], ids=str)
def test_a_short_secret_leaves_names_and_ids_readable(secrets, data, way):
    """Elsewhere the name comes back as rs_v********, and the next task cannot use it."""
    result = done(secrets, name="app-secret-1", data=data, labels={"vs": "true"}, **way)
    (item,) = secrets.all().values()
    assert (result["secret_name"], result["secret_id"]) == (item["Spec"]["Name"], item["ID"])
    assert result["secret"]["labels"] == {"vs": "true"}
    assert "***" not in json.dumps(result)
    assert "NO_LOG" not in json.dumps(result)


@pytest.mark.parametrize("options", [{}, {"name": "no name"}, {"data_is_b64": True}, {"labels": {"hive.swarm.x": ""}}])
def test_the_options_that_a_task_returns_are_without_the_secret(manager, secrets, options):
    task = {"name": "app", "data": secret_config.ONE, **options, **WITH_OPTIONS}
    for check in (True, False):
        result = on(manager)("swarm_secret", task, check=check)
        assert result["invocation"]["module_args"]["data"] == "(hidden)"
        assert not [tell for tell in secret_config.tells(secret_config.ONE) if tell in json.dumps(result)]


@pytest.mark.parametrize("options", [{"versions_to_keep": "many"}, {"nonsense": 1}, {"state": "gone"}])
def test_options_that_ansible_itself_refuses_do_not_show_the_secret(manager, options):
    task = {"name": "app", "data": secret_config.ONE, **options, **WITH_OPTIONS}
    result = on(manager)("swarm_secret", task)
    assert result["failed"]
    assert secret_config.ONE not in json.dumps(result)


def test_the_log_of_the_node_has_no_secret():
    """Ansible writes the options of each module into it, but for those with no_log."""
    assert resource.SECRET_SPEC["data"]["no_log"] is True
    assert resource.CONFIG_SPEC["data"]["no_log"] is False


def test_an_engine_that_repeats_a_secret_is_not_repeated(manager, secrets):
    manager.fail(400, f"I do not like {secret_config.ONE}", path="/secrets/create")
    result = refused(secrets, name="app", data=secret_config.ONE)
    assert result["msg"] == "I do not like (hidden)"
    assert result["failure"]["kind"] == "engine"
    assert secret_config.ONE not in json.dumps(result)


def test_a_config_is_shown_before_and_after(manager):
    host = secret_config.Host(manager, "config")
    done(host, name="app", data="listen 80;\n")
    diff = done(host, True, name="app", data="listen 81;\n")["diff"]
    assert (diff["before"]["data"], diff["after"]["data"]) == ("listen 80;\n", "listen 81;\n")


# -- races ------------------------------------------------------------------------------------------------------------


def rival(monkeypatch, host, name, data):
    """Somebody makes a version just before this run does."""
    create = requests.create
    left = [name]

    def create_late(engine, kind, spec):
        if left:
            host.make(left.pop(), data)
        return create(engine, kind, spec)

    monkeypatch.setattr(requests, "create", create_late)


@pytest.mark.parametrize(("way", "name"), [("rolling_versions", "app_v1"), ("content_names", "app_0123456789")])
def test_the_next_version_that_somebody_else_made_is_found_done(monkeypatch, secrets, way, name):
    rival(monkeypatch, secrets, name, secret_config.ONE)
    result = done(secrets, name="app", data=secret_config.ONE, **{way: True})
    assert (result["changed"], result["secret_name"], list(secrets.all())) == (False, name, [name])


def test_of_two_versions_with_the_same_data_the_one_that_stays_is_found(secrets):
    """The run that made the later one is about to take it back."""
    for name in ("app_0123456789", "app_0000000000"):
        secrets.make(name, secret_config.ONE)
    assert done(secrets, **NAMED, data=secret_config.ONE)["secret_name"] == "app_0123456789"


@each_kind
def test_a_version_that_force_made_is_the_one_from_then_on(manager, kind):
    host = secret_config.Host(manager, kind)
    first = done(host, **NAMED, data="one")[f"{kind}_name"]
    forced = done(host, **NAMED, data="one", force=True)[f"{kind}_name"]
    assert forced != first
    again = done(host, **NAMED, data="one", labels={})
    assert (again["changed"], again[f"{kind}_name"]) == (False, forced)


def test_other_data_of_somebody_else_is_not_lost(monkeypatch, secrets):
    rival(monkeypatch, secrets, "app_v1", secret_config.TWO)
    result = done(secrets, **ROLLING, data=secret_config.ONE)
    assert (result["secret_name"], result["versions"]) == ("app_v2", ["app_v1", "app_v2"])


def test_a_version_that_comes_to_be_used_in_the_last_moment_stays(monkeypatch, secrets):
    done(secrets, **ROLLING, data=secret_config.ONE)
    create = requests.create

    def create_and_use(engine, kind, spec):
        secrets.use("web", "app_v1")
        return create(engine, kind, spec)

    monkeypatch.setattr(requests, "create", create_and_use)
    result = done(secrets, **ROLLING, data=secret_config.TWO, versions_to_keep=0)
    assert result["versions"] == ["app_v1", "app_v2"]
    assert result["warnings"] == ["app_v1: kept, because a service uses it now. A later run removes it."]


# -- requests ---------------------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize("way", [{}, {"rolling_versions": True}, {"content_names": True}], ids=str)
def test_requests_of_a_run_without_changes(manager, kind, way):
    host = secret_config.Host(manager, kind)
    assert done(host, name="app", state="absent", **way)["changed"] is False
    name = done(host, name="app", data="one", **way)[f"{kind}_name"]
    host.use("web", name)

    def count(**options):
        before = manager.count()
        assert done(host, name="app", **way, **options)["changed"] is False
        return manager.count() - before

    asked = 2 if kind == "secret" else 0  # whether it has the data, and whether the engine would say so of any
    assert count(data="one") == 1 + asked
    assert count() == 1
    if way:
        done(host, name="app", data="two", **way)
        asked += kind == "secret" and "content_names" in way  # of the version before
        assert count(data="two", versions_to_keep=1) == 1 + asked
        assert count(data="two", versions_to_keep=0) == 2 + asked  # is one of them in use?


# -- bad input --------------------------------------------------------------------------------------------------------

WRONG = [
    ({"name": "a b"}, "name"),
    ({"name": "-a"}, "name"),
    ({"name": "a" * 65}, "name"),
    ({"name": "a" * 54, "content_names": True}, "name"),
    ({"name": "a" * 60, "rolling_versions": True}, "name"),
    ({"content_names": True, "rolling_versions": True}, "content_names"),
    ({"data_src": "/nowhere"}, "data_src"),
    ({"data": None, "data_src": "/nowhere"}, "data_src"),
    ({"data": ""}, "data"),
    ({"data": "a b*", "data_is_b64": True}, "data"),
    ({"labels": {"a": True}}, "labels"),
    ({"labels": {"hive.swarm.digest": "x"}}, "labels"),
    ({"labels": {"ansible_key": "x"}}, "labels"),
    ({"data": "x" * 1024000}, "data"),
]


@each_kind
@pytest.mark.parametrize(("options", "option"), WRONG)
def test_bad_input(manager, kind, options, option):
    """The messages are in messages/secrets_and_configs.txt."""
    host = secret_config.Host(manager, kind)
    for check in (True, False):
        result = refused(host, check, **{"name": "app", "data": "one", **options})
        assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", option)
    assert not [request for request in manager.writes if f"/{kind}s" in str(request)]


@each_kind
def test_c4_an_object_that_an_earlier_task_may_make(manager, kind):
    host = secret_config.Host(manager, kind)
    failure = refused(host, name="app")["failure"]
    assert (failure["kind"], failure["option"]) == ("bad_input", "data")
    predicted = on(manager)(f"swarm_{kind}", {"name": "app"}, check=True)
    assert not predicted["failed"] and predicted["warnings"][0].startswith("data: ")


def test_data_that_is_no_text(secrets):
    assert refused(secrets, name="a", data="\ud800")["failure"]["option"] == "data"


def test_a_driver_excludes_data(secrets):
    assert refused(secrets, name="a", data="x", driver={"name": "v"})["failure"]["option"] == "data"


def test_data_takes_the_place_of_a_driver():
    """No engine of the tests has a plugin for secrets, so the next document is all that there is to look at."""
    base = {"Name": "app", "Labels": {"a": "1"}, "Driver": {"Name": "vault", "Options": {"path": "a"}}}
    task = {"labels": None, "template_driver": None, "driver": None, "force": False, "content_names": False}
    kind = secret_config.KINDS["secret"]
    assert next_document(kind, base, task, b"one") == {"Name": "app", "Labels": {"a": "1"}, "Data": "b25l"}
    assert next_document(kind, base, task, None) == base
    cleared = next_document(kind, base, {**task, "driver": {"name": "", "options": {}}}, None)
    assert "Driver" not in cleared
    partly = next_document(kind, base, {**task, "driver": {"name": None, "options": {"path": "b"}}}, None)
    assert partly["Driver"] == {"Name": "vault", "Options": {"path": "b"}}


# -- info -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def some(manager):
    """Three of each kind, one of which a service uses."""
    for kind in secret_config.KINDS:
        host = secret_config.Host(manager, kind)
        done(host, name="app", data="text\n", labels={"a": "1"}, template_driver="golang")
        done(host, name="binary", data="/wD+", data_is_b64=True)
        host.make("application", "by hand", Labels={"ansible_key": hashlib.sha224(b"by hand").hexdigest()})
        host.use(f"web-{kind}", "app")
    return manager


def listed(manager, kind, **options):
    result = on(manager)(f"swarm_{kind}_info", options)
    assert not result["failed"], result["msg"]
    assert result["changed"] is False
    return result


@each_kind
@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["app", "application", "binary"]),
        ({"name": ["binary", "app", "nobody"]}, ["binary", "app"]),
        ({"filters": {"name": "app"}}, ["app", "application"]),
        ({"filters": {"names": ["app", "binary"]}}, ["app", "binary"]),
        ({"filters": {"label": "a=1"}}, ["app"]),
        ({"filters": {"label": ["a=2"]}}, []),
    ],
)
def test_which_ones_are_listed(some, kind, options, names):
    before = some.count()
    assert [item["name"] for item in listed(some, kind, **options)[f"{kind}s"]] == names
    assert some.count() - before == 1


@each_kind
def test_what_is_told_of_one(some, kind):
    before = some.count()
    app, application, binary = listed(some, kind, used_by=True, raw=True)[f"{kind}s"]
    assert some.count() - before == 2
    assert (app["labels"], app["template_driver"], app["used_by"]) == ({"a": "1"}, "golang", [f"web-{kind}"])
    assert (application["labels"], application["used_by"]) == ({}, [])
    assert app["raw"]["ID"] == app["id"]
    if kind == "config":
        assert (app["data"], app["data_b64"]) == ("text\n", None)
        assert (binary["data"], binary["data_b64"]) == (None, "/wD+")
    else:
        shown = json.dumps([app, application, binary])
        assert "data" not in app
        assert not [
            word for word in ("digest", "scrypt", "ansible_key", *secret_config.tells("by hand")) if word in shown
        ]


@each_kind
def test_one_by_its_id_and_a_query(some, kind):
    (item,) = listed(some, kind, name=["app"])[f"{kind}s"]
    assert [found["name"] for found in listed(some, kind, filters={"id": item["id"]})[f"{kind}s"]] == ["app"]
    assert listed(some, kind, name=[item["id"]], query="[].name")["result"] == ["app"]
    assert listed(some, kind, used_by=True, query="[?!used_by].name")["result"] == ["application", "binary"]


@each_kind
def test_a_filter_that_there_is_not(some, kind):
    result = on(some)(f"swarm_{kind}_info", {"filters": {"driver": "x"}})
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", "filters")
