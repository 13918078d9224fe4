# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of variables as the docker CLI reads them: for ``env_files`` of swarm_service and ``env_file`` of Compose files."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import ThisNode
from ansible_collections.hive.swarm.plugins.module_utils._service.checks import with_env_files
from ansible_collections.hive.swarm.plugins.module_utils._service.codecs import parse_env_file

OUTSIDE = {"OUTSIDE": "o", "EMPTY": ""}


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b"", {}),
        (b"A=1\nB=2", {"A": "1", "B": "2"}),
        (b"A=1\nA=2\n", {"A": "2"}),
        (b"\n  \t\n# B=1\n  #C=1\n \tA=1\n", {"A": "1"}),
        (b"A= 1 # no comment \n", {"A": " 1 # no comment "}),
        (b"A='1'\nB=\"2\"\n", {"A": "'1'", "B": '"2"'}),
        (b"A=b=c\nB=\n", {"A": "b=c", "B": ""}),
        (b"A=$OUTSIDE\n", {"A": "$OUTSIDE"}),
        (b"OUTSIDE\nEMPTY\nABSENT\n", {"OUTSIDE": "o", "EMPTY": ""}),
        (b"\xef\xbb\xbfA=1\n", {"A": "1"}),
        (b"A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=1\u20282\x0b3\x0c4\x855\n".encode(), {"A": "1\u20282\x0b3\x0c4\x855"}),
    ],
)
def test_variables(data, values):
    assert parse_env_file(data, OUTSIDE) == values


@pytest.mark.parametrize(
    "data", [b"=hunter2", b"A =hunter2", b"hunter 2", b"A\tB=hunter2", b"A=1\nhunter\t2\n", b"\xff=hunter2"]
)
def test_a_file_that_is_not_valid_is_refused_without_its_values(data, tmp_path):
    with pytest.raises(ValueError, match=r"is not a variable|is not UTF-8") as error:
        parse_env_file(data, {})
    path = tmp_path / "a.env"
    path.write_bytes(data)
    with pytest.raises(BadInput) as refused:
        with_env_files({"env_files": [str(path)], "env": None}, ThisNode())
    assert refused.value.option == ("env_files",)
    assert refused.value.problem == f"{path}: {error.value}."
    assert "hunter" not in f"{error.value} {refused.value}"
