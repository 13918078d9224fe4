# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files to the documents of a stack."""

from __future__ import annotations

import typing as t

from . import leftouts
from .check import checked, version_of
from .documents.naming import Stack as Names
from .documents.naming import check_stack_name
from .documents.networks import used_networks
from .documents.objects import specs
from .documents.service import Objects, service_spec
from .errors import ComposeError, Invalid
from .forms.objects import long_objects
from .forms.service import Surroundings, long_service
from .interpolation import Variables
from .merging import merged_services
from .places import File

_KINDS = Objects._fields


class Stack(t.NamedTuple):
    """What a stack consists of. Keys are the names that the swarm knows.

    :param services: bodies of POST /services/create, with names where the engine wants IDs of networks, secrets and
        configs.
    :param networks: bodies of POST /networks/create, of networks that services use.
    :param secrets, configs: specs, data in base64, whether a service uses them or not.
    :param external: ``networks``, ``secrets``, ``configs`` to the names of those that services use and that have to
        be there.
    :param warnings: sentences.
    """

    name: str
    services: dict[str, dict[str, t.Any]]
    networks: dict[str, dict[str, t.Any]]
    secrets: dict[str, dict[str, t.Any]]
    configs: dict[str, dict[str, t.Any]]
    external: dict[str, list[str]]
    warnings: list[str]


class _Long(t.NamedTuple):
    """A file in its long form."""

    services: dict[str, t.Any]
    objects: Objects


def load(
    name: str,
    files: t.Sequence[File],
    folder: str,
    values: t.Mapping[str, str],
    read: t.Callable[[str], bytes],
) -> Stack:
    """:param name: of the stack. :param files: at least one; later ones are merged into earlier ones.
    :param folder: what relative paths are relative to, absolute; the command line takes that of the first file.
    :param values: the environment, for variables and for what ``environment`` leaves open.
    :param read: absolute path to bytes, for env_file, secrets and configs; raises OSError.
    Raises ComposeError, which no value of a variable is in.
    """
    warnings: list[str] = []
    try:
        check_stack_name(name)
    except ValueError as error:
        raise ComposeError(f"name: {error}") from None
    _check_versions(files)
    variables = Variables(values, warnings.append)
    long = [_long(file, variables, folder, read, warnings) for file in files]
    whole = long[0]
    for later in long[1:]:
        whole = _merged(whole, later)
    warnings.extend(leftouts.warnings(files))
    around = Surroundings(folder, values, read, lambda place, text: warnings.append(f"{place}: {text}."))
    try:
        return _documents(Names(name), whole, around, warnings)
    except Invalid as error:
        raise _owner(files, error.problem.place).error([error.problem]) from None


def _check_versions(files: t.Sequence[File]) -> None:
    versions = [version_of(file) for file in files]
    for file, version in zip(files, versions):
        if version != versions[0]:
            said = " and ".join("{}.{}".format(*one) for one in (versions[0], version))
            raise ComposeError(f"{file.spot('version')}: version: files of a stack have one version, these have {said}")


def _long(file: File, variables: Variables, folder: str, read: t.Callable[[str], bytes], warnings: list[str]) -> _Long:
    leftouts.refuse(file)
    version = version_of(file)
    document = checked(file, variables.fill(file), warnings.append)

    def warn(place: str, text: str) -> None:
        warnings.append(f"{file.spot(place)}: {place}: {text}.")

    around = Surroundings(folder, variables.values, read, warn)
    try:
        services = {
            key: long_service(service, f"services.{key}", around)
            for key, service in document.get("services", {}).items()
        }
        objects = Objects(*(long_objects(kind, document.get(kind, {}), version, warn) for kind in _KINDS))
    except Invalid as error:
        raise file.error([error.problem]) from None
    return _Long(services, objects)


def _merged(base: _Long, later: _Long) -> _Long:
    objects = Objects(*({**old, **new} for old, new in zip(base.objects, later.objects)))
    return _Long(merged_services(base.services, later.services), objects)


def _documents(names: Names, whole: _Long, around: Surroundings, warnings: list[str]) -> Stack:
    services, objects = whole
    for key, service in services.items():
        if not service.get("image"):
            raise Invalid(f"services.{key}", "needs an image; a swarm builds none")
    made = [service_spec(key, service, objects, names) for key, service in services.items()]
    networks, external = used_networks(services, objects.networks, names)
    return Stack(
        name=names.name,
        services={spec["Name"]: spec for spec in made},
        networks=networks,
        secrets=specs("secrets", objects.secrets, names, around),
        configs=specs("configs", objects.configs, names, around),
        external={"networks": external, **_external_files(made, objects, names)},
        warnings=warnings,
    )


def _external_files(made: list[dict[str, t.Any]], objects: Objects, names: Names) -> dict[str, list[str]]:
    found = {}
    for kind, known in (("Secret", objects.secrets), ("Config", objects.configs)):
        external = {names.called(key, item) for key, item in known.items() if item["external"]}
        used = {one[f"{kind}Name"] for spec in made for one in _container_of(spec).get(f"{kind}s", [])}
        found[f"{kind.lower()}s"] = sorted(external & used)
    return found


def _container_of(spec: dict[str, t.Any]) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", spec["TaskTemplate"]["ContainerSpec"])


def _owner(files: t.Sequence[File], place: str) -> File:
    """The last file that says something at the place, since its word counts."""
    key = place.split("[")[0]
    for file in reversed(files):
        if any(at == key or at.startswith((f"{key}.", f"{key}[")) for at in file.lines):
            return file
    return files[0]
