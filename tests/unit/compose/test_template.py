# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables in texts, and what becomes of them where a number or a boolean belongs."""

from __future__ import annotations

import string

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.template import substitute
from hypothesis import given
from hypothesis import strategies as st

from .stacks import at, places_of, spec_of, stack_of, web

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters
VALUES = {"A": "a", "E": "", "_b1": "b"}


def filled(text):
    unset = []
    return substitute(text, VALUES.get, unset.append), unset


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("plain", "plain"),
        ("$A", "a"),
        ("${A}", "a"),
        ("x$A.y", "xa.y"),
        ("${_b1}$A", "ba"),
        ("$$A", "$A"),
        ("$$$A", "$a"),
        ("$$$$", "$$"),
        ("${E:-d}", "d"),
        ("${E-d}", ""),
        ("${U:-d}", "d"),
        ("${U-d}", "d"),
        ("${A:-d}", "a"),
        ("${U:-}", ""),
        ("${U:-$A}", "$A"),
        ("${U:-a:-b}", "a:-b"),
        ("${A:?why}", "a"),
        ("${E?why}", ""),
        ("${A:?no-default}", "a"),
        ("${A:+x}", "x"),
        ("${E:+x}", ""),
        ("${E+x}", "x"),
        ("${U+x}", ""),
        ("$U-d e", "d e"),  # as the docker command line reads it
        ("{$A}", "{a}"),
    ],
)
def test_a_text(text, becomes):
    assert filled(text) == (becomes, [])


@pytest.mark.parametrize("text", ["$", "$5", "a$", "${}", "${5}", "${A", "${A:}", "${A b}", "$ A", "${A!x}"])
def test_no_variable(text):
    with pytest.raises(ValueError, match=r"\$\{NAME\}, or \$\$") as caught:
        filled(text)
    assert text not in str(caught.value).replace("${NAME}, or $$", "") or text == "$"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${U:?give U}", "U is required: give U$"),
        ("${E:?}", "E is required$"),
        ("${U?why-not}", "U is required: why-not$"),
    ],
)
def test_required(text, message):
    with pytest.raises(ValueError, match=message):
        filled(text)


def test_a_variable_without_a_value_is_told_of():
    assert filled("${U}x$V") == ("x", ["U", "V"])


NAMES = st.from_regex(r"[_a-zA-Z][_a-zA-Z0-9]{0,3}", fullmatch=True)
TEXTS = st.text(alphabet=string.ascii_letters + " .:/{-?+", max_size=8)
SIGNS = st.sampled_from(["", ":-", "-", ":+", "+", ":?", "?"])


@given(st.dictionaries(NAMES, TEXTS), NAMES, SIGNS, TEXTS, TEXTS, TEXTS)
def test_one_variable_by_a_tiny_oracle(values, name, sign, default, before, after):
    """The value, the default or an error, by what the signs mean and nothing else."""
    value = values.get(name)
    there = bool(value) if sign.startswith(":") else value is not None
    text = f"{before}${{{name}{sign}{default if sign else ''}}}{after}"
    if sign.endswith("?") and not there:
        with pytest.raises(ValueError, match=f"{name} is required"):
            substitute(text, values.get, str)
        return
    wanted = {"+": default if there else "", "-": value if there else default}.get(sign[-1:], value or "")
    assert substitute(text, values.get, str) == before + wanted + after


@given(st.text(max_size=20), st.dictionaries(NAMES, TEXTS))
def test_a_text_with_its_dollars_doubled_stays(text, values):
    assert substitute(text.replace("$", "$$"), values.get, str) == text


# Values out of variables


@pytest.mark.parametrize(
    ("keys", "path", "value"),
    [
        ({"read_only": "${TRUE}"}, "TaskTemplate.ContainerSpec.ReadOnly", True),
        ({"init": "${TRUE}"}, "TaskTemplate.ContainerSpec.Init", True),
        ({"deploy": {"replicas": "${THREE}"}}, "Mode.Replicated.Replicas", 3),
        ({"deploy": {"replicas": "${N:-0}"}}, "Mode.Replicated.Replicas", 0),
        ({"deploy": {"update_config": {"max_failure_ratio": "0.${THREE}"}}}, "UpdateConfig.MaxFailureRatio", 0.3),
        ({"healthcheck": {"retries": "${THREE}"}}, "TaskTemplate.ContainerSpec.Healthcheck.Retries", 3),
        ({"deploy": {"resources": {"limits": {"pids": "${THREE}"}}}}, "TaskTemplate.Resources.Limits.Pids", 3),
        (
            {"deploy": {"resources": {"limits": {"cpus": "${THREE}"}}}},
            "TaskTemplate.Resources.Limits.NanoCPUs",
            3 * 10**9,
        ),
        ({"environment": {"A": "${THREE}"}}, "TaskTemplate.ContainerSpec.Env", ["A=3"]),
        ({"hostname": "${THREE}"}, "TaskTemplate.ContainerSpec.Hostname", "3"),
        ({"stop_grace_period": "${THREE}s"}, "TaskTemplate.ContainerSpec.StopGracePeriod", 3 * 10**9),
        (
            {"ulimits": {"nofile": "${THREE}"}},
            "TaskTemplate.ContainerSpec.Ulimits",
            [{"Name": "nofile", "Soft": 3, "Hard": 3}],
        ),
    ],
)
def test_a_value_out_of_a_variable_has_the_type_of_its_key(keys, path, value):
    found = at(spec_of(stack_of(web(**keys))), path)
    assert found == value and type(found) is type(value)


WRONG = [
    ({"read_only": "${THREE}"}, "read_only"),
    ({"deploy": {"replicas": "${TRUE}"}}, "deploy.replicas"),
    ({"deploy": {"replicas": "${THREE}_0"}}, "deploy.replicas"),
    ({"read_only": "true"}, "read_only"),
]


@pytest.mark.parametrize(("keys", "place"), WRONG)
def test_a_variable_of_the_wrong_type(keys, place):
    with pytest.raises(ComposeError) as caught:
        stack_of(web(**keys))
    assert places_of(caught.value) == [("0.yml", None, f"services.web.{place}")]


def test_keys_are_left_alone():
    assert spec_of(stack_of(web(environment={"$A": "1"})))["TaskTemplate"]["ContainerSpec"]["Env"] == ["$A=1"]


def test_a_variable_is_told_of_once_with_its_place():
    stack = stack_of(web(hostname="$GONE", user="${GONE}"), lines={"services.web.hostname": 4})
    assert stack.warnings == ["0.yml, line 4: services.web.hostname: the variable GONE is not set and becomes empty."]
