# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S11, S12, S17 and CVE-2026-115622 as one law over all modules: no secret value is in any warning, message, diff,
result, invocation or line of syslog, whether the task succeeds, fails or has wrong options, and however an engine
spells it in its error."""

from __future__ import annotations

import base64
import importlib
import json
from pathlib import Path

import pytest
from ansible.module_utils import basic
from ansible.release import __version__
from ansible_collections.hive.swarm.plugins.module_utils._core.redaction import contains_secrets, without_values
from ansible_collections.hive.swarm.plugins.module_utils._frontend import module as module_front_end
from ansible_collections.hive.swarm.plugins.plugin_utils import _swarm_action
from ansible_collections.hive.swarm.tests.support import stack_tasks
from ansible_collections.hive.swarm.tests.support.harness import on, run_module

from ..core.samples import PEM_CERTIFICATE

SOURCES = Path(__file__).parents[3].joinpath("plugins", "modules").glob("*.py")
# Those that an action alone carries out are in tests/unit/action/test_plan_playbook.py.
MODULES = sorted(path.stem for path in SOURCES if "def main(" in path.read_text())
CANARY = 'CANARY<"&>\\n7'
KEY = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEICANARYp9SecretSigningKeyMaterial\nAAAACANARYsecond/line+\n-----END EC PRIVATE KEY-----\n"
TOKEN = f"SWMTKN-1-{'1canary'.ljust(50, 'x')}-{'2canary'.ljust(25, 'y')}"
UNLOCK = f"SWMKEY-1-{base64.b64encode(b'CANARY-unlock-key-32-bytes-long!').decode().rstrip('=')}"
STACK = stack_tasks.of_document(
    "shop",
    {
        "services": {"web": {"image": "web:1", "environment": {"PASSWORD": CANARY}, "secrets": ["key"]}},
        "secrets": {"key": {"file": "key"}},
        "version": "3.7",
    },
    {"key": CANARY},
)
# Valid tasks whose every secret-bearing option has a canary.
TASKS = {
    "swarm_init": {"signing_ca_cert": PEM_CERTIFICATE, "signing_ca_key": KEY},
    "swarm_join": {"remote_addrs": ["127.0.0.1"], "join_token": TOKEN},
    "swarm_unlock": {"unlock_keys": [UNLOCK]},
    "swarm_secret": {"name": "app", "data": CANARY},
    "swarm_service": {
        "name": "web",
        "image": "web:1",
        "wait": False,
        "env": {"PASSWORD": CANARY},
        "hide_env": True,
        "registry_auth": {"username": "u", "password": CANARY, "server_address": "registry.example"},
    },
    "swarm_stack": {**STACK, "hide_env": True, "wait": False},
    "lab": {
        "name": "law",
        "registry": True,
        "registry_login": {"username": "u", "password": CANARY},
        "engines": [{"name": "n1", "env": {"PROXY": CANARY}, "daemon_json": {"proxies": CANARY}}],
        "daemon_json": {"proxies": {"http": CANARY}},
    },
}
# Since ansible-core 2.20 a result has the task's options with -vvv only.
INVOCATION = {} if __version__.startswith("2.19.") else {"_ansible_inject_invocation": True}
SECRETS = [CANARY, KEY, TOKEN, UNLOCK]
each_module = pytest.mark.parametrize("module", TASKS)
of_engines = pytest.mark.parametrize("module", [name for name in TASKS if name != "lab"])


def spellings_of(secret):
    """Written here by other means than in the code."""
    plain = json.dumps(secret)[1:-1]
    return {
        secret,
        plain,
        plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
        json.dumps(json.dumps(secret))[3:-3],
        base64.b64encode(secret.encode()).decode(),
        base64.urlsafe_b64encode(json.dumps({"password": secret}).encode()).decode(),
        secret.strip(),
    }


def assert_nothing(result, lines=()):
    text = json.dumps(result, ensure_ascii=False) + json.dumps(result) + "".join(lines)
    for word in ("CANARY", "canary", base64.b64encode(CANARY.encode()).decode()):
        assert word not in text, text
    assert KEY.splitlines()[1] not in text


@pytest.fixture
def syslog(monkeypatch):
    lines = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda self, msg, log_args=None: lines.append(f"{msg} {log_args}"))
    return lines


def spec_of(name, monkeypatch):
    def capture(self, **arguments):
        raise StopIteration(arguments["argument_spec"])

    monkeypatch.setattr(module_front_end.Module, "__init__", capture)
    with pytest.raises(StopIteration) as captured:
        importlib.import_module(f"ansible_collections.hive.swarm.plugins.modules.{name}").main()
    monkeypatch.undo()
    return captured.value.value


@pytest.mark.parametrize("module", MODULES)
def test_every_module_with_a_secret_has_a_task_here(module, monkeypatch):
    spec = spec_of(module, monkeypatch)
    assert any(map(contains_secrets, spec.values())) == (module in TASKS)


def test_success_in_check_mode_and_really(cluster, syslog, monkeypatch):
    """And in the invocation, which a task of ansible-core 2.19 has with every result."""
    engine = cluster.swarm(managers=1)[0]
    for module in ("swarm_init", "swarm_secret", "swarm_service", "swarm_stack"):
        for check in (True, False, True):
            result = on(engine)(module, {**TASKS[module], **INVOCATION}, check=check)
            assert not result["failed"], result
            assert_nothing(result, syslog)
    for module in ("swarm_service", "swarm_stack", "swarm_secret"):
        result = on(engine)(module, {"name": TASKS[module]["name"], "state": "absent"}, check=False)
        assert_nothing(result, syslog)


WRONG = [
    {"timeout": "many"},
    {"no_such_option": "CANARYunknown"},
    {"docker_cli": "CANARYunknown", "timeout": "many"},
    {"use_ssh_client": "perhaps"},
]


@each_module
@pytest.mark.parametrize("wrong", WRONG)
def test_s12_another_option_is_wrong(module, wrong, syslog):
    result = run_module(module, {**TASKS[module], **wrong, **INVOCATION})
    assert result["failed"]
    assert_nothing(result, syslog)
    if module != "lab":
        assert result["failure"]["kind"] == "bad_input"
        assert result["failure"]["option"] in wrong


@pytest.mark.parametrize("module", [name for name in TASKS if name != "lab"])
@pytest.mark.parametrize("wrong", WRONG)
def test_s12_another_option_is_wrong_in_the_controller(module, wrong):
    """The action checks options without AnsibleModule."""
    definition = importlib.import_module(f"ansible_collections.hive.swarm.plugins.modules.{module}").MODULE
    options = {**TASKS[module], **wrong}
    arguments = _swarm_action.Arguments(f"hive.swarm.{module}", definition.argument_spec, definition.rules, options)
    message, result = arguments.failure()
    assert_nothing([message, result, arguments.params])
    assert result["failure"]["option"] in wrong


def misspelt():
    """Each secret option, and each of its sub-options, with a wrong name, a wrong type or a wrong shape."""
    for module, option, value in (
        ("swarm_init", "signing_ca_key", KEY),
        ("swarm_join", "join_token", TOKEN),
        ("swarm_unlock", "unlock_keys", [UNLOCK]),
        ("swarm_secret", "data", CANARY),
        ("swarm_service", "registry_auth", {"password": CANARY}),
        ("swarm_service", "env", {"PASSWORD": CANARY}),
        ("swarm_service", "plugin", {"env": [f"PASSWORD={CANARY}"]}),
        ("lab", "registry_login", {"password": CANARY}),
        ("lab", "engines", [{"name": "n1", "env": {"A": CANARY}}]),
        ("lab", "daemon_json", {"proxies": CANARY}),
    ):
        yield module, {f"{option}s_": value}
        yield module, {option[:-1]: value}
        yield module, {option: {"wrong_key": value}}
        yield module, {option: [[value]]}
        yield module, {option: json.dumps({"x": value})}
        if isinstance(value, dict):
            yield module, {option: {"passwd": CANARY, "identity_tokn": [CANARY], "password": {"a": CANARY}}}
            yield module, {option: f"passwd={CANARY} username=u"}
            yield module, {option: CANARY}
            yield module, {option: [CANARY]}


@pytest.mark.parametrize(("module", "options"), list(misspelt()))
def test_s11_the_secret_option_itself_is_wrong(module, options, syslog):
    needed = {key: value for key, value in TASKS[module].items() if key in ("name", "remote_addrs")}
    result = run_module(module, {**needed, **options, "docker_host": "unix:///nowhere", "timeout": "many"})
    assert result["failed"]
    assert_nothing(result, syslog)


@of_engines
def test_s17_an_engine_that_repeats_the_request(module, cluster, syslog):
    member = module not in ("swarm_join", "swarm_unlock")
    engine = cluster.swarm(managers=1)[0] if member else cluster.engine("outsider")
    secrets = [secret for secret in SECRETS if json.dumps(secret)[1:-1] in json.dumps(TASKS[module])]
    for secret in secrets or [CANARY]:  # that of a stack stands in a document in an option
        for spelling in spellings_of(secret):
            engine.fail(500, f"cannot do: {spelling} is wrong", path="/")
            result = on(engine)(module, {**TASKS[module], **INVOCATION})
            assert result["failed"]
            assert_nothing(result, syslog)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_text_loses_every_spelling_of_a_value_and_nothing_else(secret):
    for spelling in spellings_of(secret):
        text = without_values(f"before {spelling} after", {secret})
        assert text.startswith("before ") and text.endswith(" after")
        assert "CANARY" not in text and "canary" not in text
    assert without_values("a short word", {"a", "or", ""}) == "a short word"


def test_s12_the_log_of_a_container_that_repeats_a_hidden_variable():
    from ansible_collections.hive.swarm.plugins.module_utils._service.info import env_values, specs_of

    spec = {"TaskTemplate": {"ContainerSpec": {"Env": [f"PASSWORD={CANARY}", "EMPTY=", "A=b=c"]}}}
    plugin = {"TaskTemplate": {"PluginSpec": {"env": ["X=secret"]}}}
    values = env_values(specs_of([{"Spec": spec, "PreviousSpec": plugin}, {"Spec": {}}]))
    assert values == {CANARY, "b=c", "secret"}
    assert_nothing(without_values(f"my password is {CANARY}", values))
