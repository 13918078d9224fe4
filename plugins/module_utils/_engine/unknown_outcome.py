# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a write whose answer did not arrive was carried out: the engine is read instead of guessed at.

The one place for all modules: the client calls it for every write without an answer, so that the sequences of writes
in the modules' packages go on as if the answer had arrived.

=====================  ================================================================================================
request                carried out, and by this run, if
=====================  ================================================================================================
create                 an object of this name has all that was sent; it had been read as missing before. The data of a
                       secret, which no answer contains, is compared by the engine
update                 the version is newer than the one that was sent, and the spec is the one that was sent
removal                the object is gone
swarm/init, join       the engine is in a swarm; it had been read as outside of any before
swarm/leave, unlock    the engine is in no swarm, or no longer locked
=====================  ================================================================================================
"""

from __future__ import annotations

import re
import typing as t

from .._core.errors import EngineError, NotFound, OutcomeUnknown, OutOfSequence, SwarmError, Unreachable, Unsupported
from .._core.values import Document
from .client import Engine, SentWrite
from .lists import classify_networks, list_volumes
from .local_state import ACTIVE, INACTIVE, PENDING, read_local

# Seconds for each read: an engine that has just not answered may hang.
_PATIENCE = 10.0
# Fields of a request that no object has.
_REQUEST_ONLY = ("CheckDuplicate",)
_LABELS = "Labels"  # exact, and often with empty values


class _Answer(t.NamedTuple):
    """What the engine would have answered."""

    content: object = None


def settle(engine: Engine, write: SentWrite, error: SwarmError) -> t.Any:
    """Return the answer that the write would have had.

    :param error: why there is none: OutcomeUnknown, or InvalidAnswer for one that cannot be read.
    :raises OutOfSequence: the object is another one than this run has read or sent; read and plan again.
    :raises SwarmError: ``error``, where the write is not known to have been carried out.
    """
    try:
        answer = _answer(engine, write)
    except OutOfSequence as conflict:
        raise conflict from error
    except SwarmError:
        answer = None  # cannot be read either
    if answer is None:
        if isinstance(error, OutcomeUnknown):
            error.message = (
                f"{error.message.rstrip('.')}. The engine may have carried out {write.method} {write.path}, or may still"
                " do so: run the task again, which reads what is there."
            )
        raise error
    return answer.content


def _answer(engine: Engine, write: SentWrite) -> _Answer | None:
    """Return what the engine would have answered, None where it has not carried out the write."""
    kind, _slash, rest = write.path[1:].partition("/")
    if kind == "swarm" and rest != "update":
        return _after_local(engine, rest, write.body)
    if write.method == "DELETE":
        return _after_removal(engine, write.path)
    if rest == "create":
        return _after_create(engine, kind, write.body)
    return _after_update(engine, write)


def _after_local(engine: Engine, action: str, body: Document) -> _Answer | None:
    local = read_local(engine)
    if action == "init":
        # A manager that is made anew from its own state was active before as well.
        made = local.state == ACTIVE and local.manager and not body.get("ForceNewCluster")
        return _Answer(local.node_id) if made else None
    done = {"join": (ACTIVE,), "leave": (INACTIVE,), "unlock": (ACTIVE, PENDING)}.get(action, ())
    return _Answer() if local.state in done else None


def _after_removal(engine: Engine, path: str) -> _Answer | None:
    try:
        engine.get(path, timeout=_PATIENCE)
    except NotFound:
        return _Answer()
    return None


def _after_create(engine: Engine, kind: str, body: Document) -> _Answer | None:
    live = _named(engine, kind, body.get("Name", ""))
    if live is None:
        return None
    sent = {key: value for key, value in body.items() if key not in _REQUEST_ONLY}
    if kind == "secrets":
        data = sent.pop("Data", None)
        same = data is None or has_data(engine, f"/secrets/{live['ID']}/update", {"Name": body["Name"], "Data": data})
        if same is None:  # removed since
            return None
        if not same:
            raise OutOfSequence(f"Another client has created secret {body['Name']} with other data.")
    if not _covers(live.get("Spec") or live, sent):
        raise OutOfSequence(f"Another client has created {kind[:-1]} {body['Name']}.")
    return _Answer({key: live[key] for key in ("ID", "Id", "Name") if key in live})


def _named(engine: Engine, kind: str, name: str) -> Document | None:
    """Return the object of this very name. A name that is the beginning of another object's ID would find that."""
    if kind == "volumes":
        volume = next((item for item in list_volumes(engine, timeout=_PATIENCE) if item["Name"] == name), None)
        return volume and {**volume, "ClusterVolumeSpec": volume["ClusterVolume"]["Spec"]}
    listed = engine.get(f"/{kind}", timeout=_PATIENCE, filters={"name": [name]})
    if kind == "networks":
        return classify_networks(listed, name).network
    return next((item for item in listed if item["Spec"]["Name"] == name), None)


def has_data(engine: Engine, path: str, spec: Document) -> bool | None:
    """Return whether the secret has the data of a spec, or True without data; None where the secret is gone.

    An update of a secret with other data is refused as such before its version is looked at (swarmkit,
    manager/controlapi/secret.go, UpdateSecret; verified with 20.10 and 28.5). So an update of version 0, which no object
    has, is refused in one of two ways, which tell whether the data is the same, and never writes.

    :param path: of the update, with the secret's ID or name. :raises Unsupported: the engine does not compare.
    """
    try:
        _post(engine, path, spec)
    except OutOfSequence:
        return True
    except NotFound:
        return None
    except EngineError as error:
        if error.status != 400:
            raise
        return False
    raise does_not_compare(spec["Name"])


def _post(engine: Engine, path: str, spec: Document) -> None:
    """Send it again where the answer was lost, as a read: it writes nothing."""
    try:
        engine.post(path, spec, version=0)
    except OutcomeUnknown:
        try:
            engine.post(path, spec, version=0)
        except OutcomeUnknown as error:
            raise Unreachable(error.message) from error


def does_not_compare(name: str) -> Unsupported:
    """Return the error about an engine that answers an update of version 0 in another way."""
    return Unsupported(
        f"data: the engine does not compare the data of secret {name}. It does not respond to"
        " an update of an outdated version like engines 20.10 to 28.5. Omit data to manage only the labels."
    )


def _after_update(engine: Engine, write: SentWrite) -> _Answer | None:
    kind = write.path[1:].partition("/")[0]
    sent = write.body
    if kind == "secrets" and "Data" in sent:
        return None  # it compares data and writes nothing
    live = engine.get(re.sub("/update$", "", write.path), timeout=_PATIENCE)
    if kind == "volumes":
        live, sent = live["ClusterVolume"], sent["Spec"]
    if live["Version"]["Index"] <= write.query["version"]:
        return None
    if _filled(live["Spec"]) != _filled(_without_key(sent)):
        raise OutOfSequence("The object was changed meanwhile.")
    return _Answer()


def _without_key(spec: Document) -> Document:
    """The signing key of a swarm is taken and not returned."""
    if not (spec.get("CAConfig") or {}).get("SigningCAKey"):
        return spec
    return {**spec, "CAConfig": {**spec["CAConfig"], "SigningCAKey": ""}}


def _filled(value: object) -> object:
    """Without what is empty, which engines leave out or add at will, but for the values of labels."""
    if isinstance(value, dict):
        filled = {key: item if key == _LABELS else _filled(item) for key, item in value.items()}
        return {key: item for key, item in filled.items() if item}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return value


def _covers(live: object, sent: object) -> bool:
    """Whether an object has all that was sent; the engine adds what it chooses itself."""
    if not sent and not isinstance(sent, bool):
        return True
    if isinstance(sent, dict) and isinstance(live, dict):
        return all(
            (live.get(key) or {}) == (value or {}) if key == _LABELS else _covers(live.get(key), value)
            for key, value in sent.items()
        )
    if isinstance(sent, list) and isinstance(live, list):
        return len(live) == len(sent) and all(map(_covers, live, sent))
    return bool(live == sent) or not (live or sent)
