# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service in its long form: compose's keys, each with one type of value.

Durations are nanoseconds, sizes bytes, cpus billionths; lists are lists, mappings are mappings of strings.
"""

from __future__ import annotations

import typing as t

from ....module_utils._core.values import Document, inside, text_of
from ....module_utils._service.codecs import parse_env_file
from ....module_utils._stack.compose_places import File, Invalid, Item, Section
from ..dotenv import parse_dotenv
from ..problems import Problems
from ..shell_split import split_words
from ..units import as_text, duration, file_mode, nano_cpus, size
from .pairs import hosts, pairs, texts
from .ports import parse_port, published_ports
from .volumes import absolute, host_path, is_relative, parse_volume


class ComposeContext(t.NamedTuple):
    """:param folder: what relative paths are relative to. :param values: the environment.
    :param read: absolute path to bytes, or OSError. :param warn: takes place and text.
    :param problems: collects what cannot be meant. :param file: that is read; None for the merged whole.
    :param canonical: whether it is the output of docker compose config, which writes out defaults.
    :param for_nodes: whether relative paths of mounts are those of a node already, not of the controller.
    """

    folder: str
    values: t.Mapping[str, str]
    read: t.Callable[[str], bytes]
    warn: t.Callable[[str, str], None]
    problems: Problems
    file: File | None = None
    canonical: bool = False
    for_nodes: bool = True

    def attempt(self, place: str) -> t.ContextManager[None]:
        """Collect what is raised in it."""
        return self.problems.attempt(place, self.file)

    def item(self, values: t.Mapping[str, object], place: str) -> Item:
        return Item(values, self.file, place)

    def content(self, path: str, place: str) -> bytes:
        """The bytes of a file that the compose file names; raises Invalid."""
        try:
            whole = absolute(text_of(path), self.folder)
        except ValueError as error:
            raise Invalid(place, str(error)) from None
        try:
            return self.read(whole)
        except OSError as error:
            raise Invalid(place, f"cannot read {whole}: {error.strerror or error}") from None


def long_service(service: Section, place: str, context: ComposeContext) -> Section:
    """What can be meant of it. Keys that a swarm ignores are left out."""
    found = {key: service[key] for key in _AS_IT_IS if service.get(key) is not None}
    for key, convert in _CONVERTED.items():
        if service.get(key) is not None:
            with context.attempt(inside(place, key)):
                found[key] = convert(service[key])
    if "environment" in service or "env_file" in service:
        found["environment"] = _environment(service, place, context)
    for key, convert_list in _LISTS.items():
        if key in service:
            found[key] = convert_list(service[key], inside(place, key), context)
    if service.get("deploy"):
        found["deploy"] = _deploy(service["deploy"], inside(place, "deploy"), context)
    return found


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _words(value: str | list[str]) -> list[str]:
    return split_words(value) if isinstance(value, str) else list(value)


def _references(items: list[str | Section], place: str, context: ComposeContext) -> list[Item]:
    long = ({"source": item} if isinstance(item, str) else dict(item) for item in items)
    return [_reference(item, f"{place}[{number}]", context) for number, item in enumerate(long)]


# Numbers without quotes that look like octal modes, and are decimal.
_DECIMAL_MODES = (400, 440, 444, 500, 550, 555, 600, 640, 644, 660, 664, 666, 700, 750, 755, 770, 775, 777)


def _reference(item: Section, place: str, context: ComposeContext) -> Item:
    mode = item.get("mode")
    if isinstance(mode, str):
        item["mode"] = file_mode(mode)
    elif mode in _DECIMAL_MODES:
        context.warn(
            inside(place, "mode"),
            f"{int(mode)} is a decimal number, which is the mode 0{int(mode):o}. Write 0{int(mode)}",
        )
    if context.canonical and item.get("target") == f"/run/secrets/{item.get('source')}":
        del item["target"]
    return context.item(item, place)


def _networks(value: Section | list[str]) -> Section:
    if isinstance(value, list):
        return dict.fromkeys(value)
    return {name: item and {**item, **_driver_opts(item)} for name, item in value.items()}


def _driver_opts(item: Section) -> Section:
    return {"driver_opts": texts(item["driver_opts"])} if "driver_opts" in item else {}


def _healthcheck(value: Section) -> Section:
    found = {**value, **_durations(value, "interval", "timeout", "start_period", "start_interval")}
    if isinstance(value.get("test"), str):
        found["test"] = ["CMD-SHELL", value["test"]]
    return found


def _durations(value: Section, *keys: str) -> dict[str, int]:
    return {key: duration(value[key]) for key in keys if key in value}


def _ulimits(value: Section) -> Section:
    return {
        name: dict(item) if isinstance(item, dict) else {"soft": item, "hard": item} for name, item in value.items()
    }


def _logging(value: Section) -> Section:
    return {**value, **({"options": texts(value["options"])} if "options" in value else {})}


# Keys whose values have one form only.
_AS_IT_IS = (
    "cap_add",
    "cap_drop",
    "credential_spec",
    "hostname",
    "image",
    "init",
    "oom_score_adj",
    "read_only",
    "restart",
    "stdin_open",
    "stop_signal",
    "tty",
    "user",
    "working_dir",
)
_CONVERTED: dict[str, t.Callable[[t.Any], t.Any]] = {
    "command": _words,
    "dns": _listed,
    "dns_search": _listed,
    "entrypoint": _words,
    "extra_hosts": hosts,
    "healthcheck": _healthcheck,
    # The engine takes other spellings, and returns its own.
    "isolation": str.lower,
    "labels": texts,
    "logging": _logging,
    "networks": _networks,
    "stop_grace_period": duration,
    "sysctls": texts,
    "ulimits": _ulimits,
}


def _environment(service: Section, place: str, context: ComposeContext) -> dict[str, str | None]:
    """Files first, then what the service sets itself (docker/cli, cli/compose/loader).

    A name without a value takes the value that the environment has. Where we differ: an empty value stays empty. The
    command line fills it from its environment as well (https://github.com/docker/cli/issues/2075), so that the outcome
    depends on who deploys, and values leak.
    """
    found: dict[str, str | None] = {}
    files = service.get("env_file", [])
    for number, file in enumerate(files if isinstance(files, list) else [files]):
        here = inside(place, "env_file") + (f"[{number}]" if isinstance(files, list) else "")
        with context.attempt(here):
            long = {"path": file, "format": "raw"} if isinstance(file, str) else file
            found.update(_possible(_env_file(long, here, context), here, context))
    found.update(_possible(pairs(service.get("environment", {})), inside(place, "environment"), context))
    return {name: context.values.get(name) if value is None else value for name, value in found.items()}


def _possible(variables: t.Mapping[str, str | None], place: str, context: ComposeContext) -> t.Mapping[str, str | None]:
    """The variables that a container can have; the others are problems of the place. No message shows a value."""
    found = {}
    for name, value in variables.items():
        with context.attempt(place):
            if not name.strip():
                raise ValueError("a variable has no name. Write it as NAME=value")
            if "\0" in name or "\0" in (value or ""):
                raise ValueError(f"the variable {name!r} contains a NUL character")
            found[name] = value
    return found


def _env_file(file: Section, place: str, context: ComposeContext) -> t.Mapping[str, str | None]:
    """The variables of a file: of the long form as docker compose reads them, of the short one as docker stack does."""
    kind = file.get("format") or "dotenv"
    if kind not in ("raw", "dotenv"):
        raise Invalid(inside(place, "format"), "must be raw, or be omitted")
    try:
        data = context.content(file["path"], place)
    except Invalid:
        if file.get("required", True):
            raise
        return {}
    if kind == "dotenv":
        return parse_dotenv(file["path"], data, {}, context.values, lambda name: None)
    found = parse_env_file(data, context.values)
    quoted = [name for name, value in found.items() if value and _is_quoted(value)]
    if quoted:
        context.warn(
            place, f"the quotes around the values of {', '.join(quoted)} reach the container, as with docker stack"
        )
    return found


def _ports(items: list[str | Section], place: str, context: ComposeContext) -> list[Item]:
    ports: list[Item] = []
    for number, item in enumerate(items):
        here = f"{place}[{number}]"
        if isinstance(item, dict):
            published = item.get("published")
            numbers = published_ports(published) if isinstance(published, str) else [published]
            ports.extend(context.item(_long_port(item, one), here) for one in numbers)
            continue
        port = parse_port(item)
        if port.loses_address:
            context.warn(here, _EVERY_ADDRESS)
        ports.extend(context.item(one, here) for one in port.long())
    return ports


def _long_port(item: Section, published: int | None) -> Section:
    """With the engine's spelling of words: it takes others, and returns its own."""
    found: Document = {key: item[key] for key in ("target", "protocol", "mode") if key in item}
    found.update({key: found[key].lower() for key in ("protocol", "mode") if key in found})
    return found if published is None else {**found, "published": published}


def _volumes(items: list[str | Section], place: str, context: ComposeContext) -> list[Item]:
    found: list[Item] = []
    for number, item in enumerate(items):
        with context.attempt(f"{place}[{number}]"):
            found.append(_volume(item, f"{place}[{number}]", context))
    return found


def _volume(item: str | Section, place: str, context: ComposeContext) -> Item:
    volume, unknown = (dict(item), []) if isinstance(item, dict) else parse_volume(item)
    if context.canonical and volume.get("bind") == {}:
        del volume["bind"]  # all that it said is create_host_path, which docker compose writes out
    if volume["type"] == "tmpfs" and isinstance((volume.get("tmpfs") or {}).get("size"), str):
        volume["tmpfs"] = {**volume["tmpfs"], "size": size(volume["tmpfs"]["size"])}
    if volume["type"] == "bind":
        if not context.for_nodes and is_relative(volume.get("source", "")):
            context.warn(place, _RELATIVE)
        volume["source"] = host_path(volume.get("source", ""), context.folder, context.values.get("HOME"))
        if volume["source"].startswith("~"):
            context.warn(place, "~ is not replaced, because the environment has no HOME")
    if unknown:
        context.warn(place, "ignored, the option after the target is not known")
    return context.item(volume, place)


_RELATIVE = "the source is relative to a directory of the controller, and must exist on each node. Use an absolute path"
_EVERY_ADDRESS = "a swarm publishes on every address, not only on this one"
_LISTS: dict[str, t.Callable[[list[str | Section], str, ComposeContext], list[Item]]] = {
    "configs": _references,
    "ports": _ports,
    "secrets": _references,
    "volumes": _volumes,
}


def _deploy(deploy: Section, place: str, context: ComposeContext) -> Section:
    found = dict(deploy)
    if "labels" in deploy:
        found["labels"] = texts(deploy["labels"])
    for key in ("update_config", "rollback_config"):
        if key in deploy:
            found[key] = {**deploy[key], **_durations(deploy[key], "delay", "monitor")}
    if "restart_policy" in deploy:
        found["restart_policy"] = {
            **deploy["restart_policy"],
            **_durations(deploy["restart_policy"], "delay", "window"),
        }
    for key, item in deploy.get("resources", {}).items():
        here = inside(inside(place, "resources"), key)
        found["resources"] = {**found["resources"], key: _resources(item, here, context)}
    return found


def _resources(item: Section, place: str, context: ComposeContext) -> Section:
    found = dict(item)
    if "memory" in item:
        found["memory"] = size(item["memory"])
    if "cpus" in item:
        found["cpus"] = 0
        with context.attempt(inside(place, "cpus")):
            found["cpus"] = nano_cpus(as_text(item["cpus"])) if item["cpus"] else 0
    return found


def _is_quoted(value: str) -> bool:
    return len(value) > 1 and value[0] in ("'", '"') and value.endswith(value[0])
