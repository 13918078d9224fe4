# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check an installed collection: ``tools/installed.py DOCUMENTED FOLDER``.

DOCUMENTED is the output of ``ansible-doc --metadata-dump``, FOLDER where the collection was installed. Each plugin,
module and role in FOLDER must be in DOCUMENTED, and nothing may have come along that only developers need.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

UNWANTED = {"Makefile", "benchmarks", "pyproject.toml", "requirements", "tests", "tools"}
# Folders of plugins that are not plugins with documentation.
UNDOCUMENTED = {"action", "doc_fragments", "module_utils", "plugin_utils"}
KINDS = {"modules": "module"}


def present(folder: Path) -> set[tuple[str, str]]:
    """The kind and full name of each module, plugin and role with an argument specification in the collection."""
    plugins = {
        (KINDS.get(path.parent.name, path.parent.name), f"hive.swarm.{path.stem}")
        for path in folder.glob("plugins/*/*.py")
        if path.parent.name not in UNDOCUMENTED and not path.stem.startswith("_")
    }
    specs = folder.glob("roles/*/meta/argument_specs.y*ml")
    roles = {("role", f"hive.swarm.{path.parent.parent.name}") for path in specs}
    return plugins | roles


def main(documented: str, folder: str) -> int:
    listed = json.loads(Path(documented).read_text())["all"]
    found = {(kind, name) for kind, names in listed.items() for name in names}
    wanted = present(Path(folder))
    missing = sorted(wanted - found)
    names = [path.name for path in Path(folder).iterdir()]
    unwanted = sorted(name for name in names if name in UNWANTED or name.startswith("."))
    print(f"{len(wanted)} plugins and roles installed, {len(missing)} without documentation, {len(unwanted)} too many")
    for what in [*missing, *unwanted]:
        print(what)
    return int(bool(missing or unwanted))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
