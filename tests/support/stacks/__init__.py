# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stacks as people write them, one compose file each, which together use every key of the format.

They need the networks, secrets and configs of EXTERNAL, and the files of BESIDE in their folder. No two of them want
the same port, subnet or name, so that they can all be there at once. Nothing of them runs: services have no replicas
where they can, otherwise no node to run on.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
EXTERNAL = ("ext", "ext2", "ext3")
HOME = "/home/somebody"
BESIDE = {
    "one.txt": "one\n",
    "password.txt": "s3cret\n",
    "conf.txt": "a = 1\n",
    "rules.txt": "b = 2\n",
    "settings.conf": "a = {{.Service.Name}}\n",
    "agent.json": "{}\n",
    "common.env": '# comment\nA=common\nB=common\n  C= blank\nQUOTED="kept"\nTRAILING=blank \nOUTSIDE\nABSENT\nEMPTIED=\n',
    "special.env": "A=special\r\n",
}


class StackFile(NamedTuple):
    """:param more: what the names of the other files end with. :param values: the environment.
    :param newer: whether an engine of API 1.41 does not know all of it.
    """

    name: str
    more: tuple[str, ...] = ()
    values: Mapping[str, str] = MappingProxyType({})
    newer: bool = False

    @property
    def files(self) -> list[str]:
        """Names, the first one first."""
        return [f"{self.name}.yml", *(f"{self.name}.{end}.yml" for end in self.more)]

    @property
    def environment(self) -> dict[str, str]:
        """All that there is for variables."""
        return {"HOME": HOME, **self.values}


_VALUES = {
    "IMAGE_NAME": "lab/busybox",
    "TAG": "1",
    "YES": "Yes",
    "A": "a",
    "EMPTY": "",
    "NUMBER": "3",
    "MODE": "256",
    "ZERO": "0",
    "RATIO": "0.5",
}
_MORE = {
    "database": StackFile("database", values={"VERSION": "7", "FROM_OUTSIDE": "outside"}),
    "environment": StackFile("environment", values={"OUTSIDE": "outside"}),
    "variables": StackFile("variables", values=_VALUES),
    "defaults": StackFile("defaults", values={"SET": "set", "EMPTY": "", "EMPTY_IMAGE": ""}),
    "envfiles": StackFile("envfiles", values={"FROM_OUTSIDE": "outside"}),
    "merged": StackFile("merged", more=("override",)),
    "shop": StackFile("shop", more=("swarm", "here"), values={"TAG": "1", "HOST": "here"}),
    "newer": StackFile("newer", newer=True),
}
STACKS = [
    _MORE.get(name, StackFile(name))
    for name in sorted(path.name[:-4] for path in FOLDER.glob("*.yml"))
    if "." not in name
]


def prepare(folder: Path) -> None:
    """Put the compose files and what they need into a folder."""
    for path in FOLDER.glob("*.yml"):
        shutil.copy(path, folder)
    for name, text in BESIDE.items():
        (folder / name).write_text(text, newline="")


def make_external(host: Any) -> None:
    """Networks, secrets and configs that the files take for granted."""
    for name in EXTERNAL:
        for kind in ("secrets", "configs"):
            host.do("POST", f"/{kind}/create", {"Name": name, "Data": base64.b64encode(b"x").decode()})
        host.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})
