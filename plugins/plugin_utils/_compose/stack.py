# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files to the documents of a stack."""

from __future__ import annotations

import typing as t

from ...module_utils._core.errors import BadInput
from ...module_utils._core.values import Document, Values
from ...module_utils._service.checks import number_of, published_ports
from ...module_utils._stack.compose_places import File, Invalid, Item, Origins, Problem, Section
from ...module_utils._stack.definition import Stack as Names
from ...module_utils._stack.definition import check_stack_name
from . import unsupported_keys
from .convert.networks import used_networks
from .convert.objects import specs
from .convert.service import Objects, service_spec
from .interpolation import Variables
from .merging import merged_services
from .normalize.objects import long_objects
from .normalize.service import ComposeContext, long_service
from .part_checks import Parts, check_parts
from .problems import Problems
from .redaction import Redactor
from .schema import checked, version_of

_KINDS = Objects._fields


class Stack(t.NamedTuple):
    """What a stack consists of. Keys are the names that the swarm knows.

    :param services: bodies of POST /services/create, with names where the engine wants IDs of networks, secrets and
        configs.
    :param networks: bodies of POST /networks/create, of networks that services use.
    :param secrets, configs: specs, data in base64, whether a service uses them or not.
    :param external: ``networks``, ``secrets``, ``configs`` to the names of those that services use and that have to
        be there.
    :param origins: where the files describe it, for errors that only an engine can cause: ``files`` are names and
        lines by place; ``objects`` has the place of each object by section and name, ``ports`` by service and by
        ``8080/tcp`` the number of the file and the place.
    :param warnings: sentences.
    """

    name: str
    services: dict[str, Document]
    networks: dict[str, Document]
    secrets: dict[str, Document]
    configs: dict[str, Document]
    external: dict[str, list[str]]
    origins: Values
    warnings: list[str]


class _Long(t.NamedTuple):
    """A file in its long form."""

    services: Section
    objects: Objects


def load(
    name: str,
    files: t.Sequence[File],
    folder: str,
    values: t.Mapping[str, str],
    read: t.Callable[[str], bytes],
    on_controller: bool = False,
) -> Stack:
    """:param name: of the stack. :param files: at least one; later ones are merged into earlier ones.
    :param folder: what relative paths are relative to, absolute; the command line takes that of the first file.
    :param values: the environment, for variables and for what ``environment`` leaves open.
    :param read: absolute path to bytes, for env_file, secrets and configs; raises OSError.
    :param on_controller: whether the folder is one of the controller, so that nodes may not have what is in it.
    Raises BadInput for the name, and ComposeError with all that is wrong with the files. Neither shows a value of a variable.
    """
    try:
        check_stack_name(name)
    except ValueError as error:
        raise BadInput("name", str(error)) from None
    loading = _Loading(Names(name), files, folder, values, read)
    return loading.stack(on_controller)


class _Loading:
    """One reading of files, with what all of its phases share."""

    def __init__(
        self,
        names: Names,
        files: t.Sequence[File],
        folder: str,
        values: t.Mapping[str, str],
        read: t.Callable[[str], bytes],
    ) -> None:
        self._names = names
        self._files = files
        self._hidden = Redactor(files, values)
        self._problems = Problems(Origins(files), self._hidden.text)
        self._warnings: list[str] = []
        self._variables = Variables(values, self._warnings.append)
        self._context = ComposeContext(folder, values, read, self._warn, self._problems)

    def stack(self, on_controller: bool) -> Stack:
        self._context = self._context._replace(for_nodes=not on_controller)
        versions = self._versions()
        filled = [(file, version, self._variables.fill(file, self._problems)) for file, version in versions]
        self._problems.next_phase()
        long = [self._long(*one) for one in filled] or [_Long({}, Objects({}, {}, {}, {}))]
        whole = long[0]
        for later in long[1:]:
            whole = _merged(whole, later)
        self._warnings.extend(unsupported_keys.warnings(self._files))
        self._problems.next_phase()
        stack = self._documents(whole)
        self._problems.report()
        return stack

    def _warn(self, place: str, text: str, file: File | None = None) -> None:
        file, place = self._problems.origin(place, file)
        self._warnings.append(f"{file.spot(place)}: {place}: {self._hidden.text(text, file, place).rstrip('.')}.")

    def _versions(self) -> list[tuple[File, tuple[int, int]]]:
        """The files that can be read at all, and the version of the format, which is the same for all."""
        found: list[tuple[File, tuple[int, int]]] = []
        for file in self._files:
            with self._problems.attempt("version", file):
                found.append((file, version_of(file)))
                if found[-1][1] != found[0][1]:
                    said = " and ".join("{}.{}".format(*one) for one in (found[0][1], found[-1][1]))
                    raise Invalid("version", f"all files of a stack must have the same version; these have {said}")
        return found

    def _long(self, file: File, version: tuple[int, int], filled: object) -> _Long:
        def warn(place: str, text: str) -> None:
            self._warn(place, text, file)

        document = checked(file, filled, version, self._problems, warn) or {}
        if document.get("name") not in (None, self._names.name):
            warn("name", f"ignored, the task sets the name of the stack to {self._names.name}")
        self._problems.next_phase()
        context = self._context._replace(warn=warn, file=file, canonical="name" in document)
        services = {
            key: long_service(service, f"services.{key}", context)
            for key, service in document.get("services", {}).items()
            if service is not None
        }
        objects = (long_objects(kind, document.get(kind, {}), version, file, self._problems, warn) for kind in _KINDS)
        return _Long(services, Objects(*objects))

    def _documents(self, whole: _Long) -> Stack:
        services, objects = whole
        services = {key: self._with_image(key, service) for key, service in services.items()}
        made = {
            key: service_spec(key, service, objects, self._names, self._problems) for key, service in services.items()
        }
        networks = used_networks(services, objects.networks, self._names)
        secret_config = {
            kind: specs(kind, getattr(objects, kind), self._names, self._context) for kind in ("secrets", "configs")
        }
        check_parts(
            Parts(made, networks.created, secret_config["secrets"], secret_config["configs"], services), self._problems
        )
        return Stack(
            name=self._names.name,
            services=_by_name(made),
            networks=_by_name(networks.created),
            secrets=_by_name(secret_config["secrets"]),
            configs=_by_name(secret_config["configs"]),
            external={
                "networks": sorted(set(networks.external.values())),
                **_external_files(list(made.values()), objects, self._names),
            },
            origins=self._origins_of(made, objects),
            warnings=self._warnings,
        )

    def _origins_of(self, made: dict[str, Document], objects: Objects) -> Values:
        named = {
            kind: {self._names.called(key, item): f"{kind}.{key}" for key, item in getattr(objects, kind).items()}
            for kind in ("networks", "secrets", "configs")
        }
        services = {spec["Name"]: f"services.{key}" for key, spec in made.items()}
        return {
            "files": [[file.name, dict(file.lines)] for file in self._files],
            "objects": {"services": services, **named},
            "ports": {spec["Name"]: self._ports_of(spec) for spec in made.values()},
        }

    def _ports_of(self, spec: Document) -> dict[str, list[int | str]]:
        numbers = {id(file): number for number, file in enumerate(self._files)}
        ports = t.cast(list[Item], published_ports(spec))  # they come from the files
        return {number_of(port): [numbers[id(port.file)], port.place] for port in ports}

    def _with_image(self, key: str, service: Section) -> Section:
        """The service; one without an image, which is a problem, with any, so that the rest of it can be checked."""
        if service.get("image"):
            return service
        place = f"services.{key}"
        if not self._problems.has(f"{place}.image"):
            self._problems.add(Problem(place, "needs an image, because a swarm does not build images"))
        return {**service, "image": "none"}


def _by_name(documents: dict[str, Document]) -> dict[str, Document]:
    return {document["Name"]: document for document in documents.values()}


def _merged(base: _Long, later: _Long) -> _Long:
    objects = Objects(*({**old, **new} for old, new in zip(base.objects, later.objects)))
    return _Long(merged_services(base.services, later.services), objects)


def _external_files(made: list[Document], objects: Objects, names: Names) -> dict[str, list[str]]:
    found = {}
    for kind, known in (("Secret", objects.secrets), ("Config", objects.configs)):
        external = {names.called(key, item) for key, item in known.items() if item["external"]}
        used = {one[f"{kind}Name"] for spec in made for one in _container_of(spec).get(f"{kind}s", [])}
        found[f"{kind.lower()}s"] = sorted(external & used)
    return found


def _container_of(spec: Document) -> Document:
    return t.cast("Document", spec["TaskTemplate"]["ContainerSpec"])
