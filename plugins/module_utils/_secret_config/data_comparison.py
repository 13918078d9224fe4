# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a secret or config has some data. The engine returns that of a config, and compares that of a secret.

No fingerprint of a secret is stored or read: a label can be read by every client that may list secrets, and a short
secret is found from its hash by trying.
"""

from __future__ import annotations

import base64
import os
import re
import typing as t

from .._core.errors import EngineError, NotFound, OutcomeUnknown, OutOfSequence, Unreachable, Unsupported
from .._core.paths import Document
from .._engine.client import path_part
from .kinds import Kind

# The engine takes a name for an ID where it could be one.
_ID = re.compile("[0-9a-z]{25}")


class DataComparison:
    """Compares data with objects of one kind, during one run.

    An update of a secret with other data is refused as such before its version is looked at (swarmkit,
    manager/controlapi/secret.go, UpdateSecret; verified with 20.10 and 28.5). So an update of version 0 is
    refused in one of two ways, which tell whether the data is the same, and never writes. One request for each pair of
    object and data, and one in each run that proves that the engine tells the two apart.
    """

    def __init__(self, engine: t.Any, kind: Kind) -> None:
        self._engine, self._kind = engine, kind
        self._answers: dict[tuple[str, bytes], bool] = {}
        self._proved = False
        self._other = os.urandom(32)  # data that no secret has

    def expect(self, name: str, data: bytes) -> None:
        """Have the data compared along with the request that lists the object (``Engine.expect``)."""
        if self._kind.hidden:
            for content in (data, self._other):
                path, spec = self._update(name, name, content)
                self._engine.expect(path, spec, method="POST", version=0)

    def has(self, item: Document, data: bytes) -> bool:
        """Return whether the object has this data. Raise Unsupported where the engine does not tell."""
        if not self._kind.hidden:
            return base64.b64decode(item["Spec"].get("Data") or "") == data
        key = (item["ID"], data)
        if key not in self._answers:
            answer = self._ask(item, data)
            if answer is None:  # removed since it was listed
                return False
            if not self._proved:
                self._prove(item, answer)
            self._answers[key] = answer
        return self._answers[key]

    def _prove(self, item: Document, answer: bool) -> None:
        """Ask what has the opposite answer: random data of a secret that has the data, no data of any other."""
        control = self._ask(item, self._other if answer else None)
        if control is answer:
            raise self._unsupported(item)
        self._proved = control is not None

    def _ask(self, item: Document, data: bytes | None) -> bool | None:
        """Return whether the secret has the data, or True without data; None where the secret is gone."""
        name = item["Spec"]["Name"]
        path, spec = self._update(item["ID"] if _ID.fullmatch(name) else name, name, data)
        try:
            self._post(path, spec)
        except OutOfSequence:
            return True
        except NotFound:
            return None
        except EngineError as error:
            if error.status != 400:
                raise
            return False
        raise self._unsupported(item)

    def _post(self, path: str, spec: Document) -> None:
        """Send it again where the answer was lost, as a read: it writes nothing."""
        try:
            self._engine.post(path, spec, version=0)
        except OutcomeUnknown:
            try:
                self._engine.post(path, spec, version=0)
            except OutcomeUnknown as error:
                raise Unreachable(error.message) from error

    def _update(self, key: str, name: str, data: bytes | None) -> tuple[str, Document]:
        """Return path and body of an update. ``key`` is an ID or a name; no object has version 0."""
        encoded = None if data is None else base64.b64encode(data).decode()
        return f"{self._kind.path}/{path_part(key)}/update", {"Name": name, "Data": encoded}

    def _unsupported(self, item: Document) -> Unsupported:
        return Unsupported(
            f"data: the engine does not compare the data of {self._kind.name} {item['Spec']['Name']}. It does not respond to"
            " an update of an outdated version like engines 20.10 to 28.5. Omit data to manage only the labels."
        )
