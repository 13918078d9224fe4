# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``docker compose config`` prints for a compose file, and every other form that the Compose Specification has and
``docker stack deploy`` refuses.

Written down from compose-go 2 (transform/, loader/normalize.go, and how types/ are marshalled): long forms of
everything, defaults, names of networks and the like, file modes as octal text, sizes as text, variables filled in, and
``$`` doubled. Variables of files stay in the files, as with ``--no-env-resolution``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...plugins.module_utils._stack.compose_places import File, Origins
from ...plugins.plugin_utils._compose.interpolation import Variables
from ...plugins.plugin_utils._compose.normalize.pairs import hosts, pairs, texts
from ...plugins.plugin_utils._compose.normalize.ports import parse_port
from ...plugins.plugin_utils._compose.normalize.volumes import absolute, host_path, parse_volume
from ...plugins.plugin_utils._compose.problems import Problems
from ...plugins.plugin_utils._compose.schema import checked, version_of
from ...plugins.plugin_utils._compose.shell_split import split_words
from ...plugins.plugin_utils._compose.units import nano_cpus, size

Document = dict[str, Any]
SECTIONS = ("networks", "volumes", "secrets", "configs")

# Each key and form of the Specification that is read beside those of format 3.
EVERYTHING: Document = {
    "name": "shop",
    "services": {
        "web": {
            "image": "lab/busybox:1",
            "annotations": {"a": "b"},
            "attach": False,
            "command": None,
            "depends_on": {"db": {"condition": "service_healthy", "required": True, "restart": True}},
            "deploy": {
                "placement": {},
                "resources": {
                    "limits": {"cpus": 0.5, "memory": "536870912"},
                    "reservations": {"cpus": 0.25, "memory": "4194304"},
                },
            },
            "develop": {"watch": []},
            "entrypoint": None,
            "env_file": [
                {"path": "common.env", "required": True, "format": "raw"},
                {"path": "gone", "required": False},
            ],
            "networks": {
                "default": {
                    "gw_priority": 1,
                    "interface_name": "eth9",
                    "ipv4_address": "10.0.0.9",
                    "ipv6_address": "fd00::9",
                    "link_local_ips": ["169.254.1.1"],
                    "mac_address": "02:42:ac:11:00:09",
                    "priority": 1,
                }
            },
            "platform": "linux/amd64",
            "ports": [
                *({"target": 81, key: 1} for key in ("app_protocol", "host_ip", "name")),
                {
                    "app_protocol": "http",
                    "host_ip": "127.0.0.1",
                    "mode": "ingress",
                    "name": "web",
                    "protocol": "tcp",
                    "published": "18180",
                    "target": 80,
                },
            ],
            "pull_policy": "always",
            "pull_refresh_after": "1d",
            "configs": [{"source": "text", "mode": "0440"}],
            "secrets": [{"source": "word", "target": "/run/secrets/word", "mode": "0400"}],
            "volumes": [{"type": "tmpfs", "target": "/t", "tmpfs": {"size": "1048576"}}],
        },
        "db": {"image": "lab/busybox:1", "env_file": {"path": "common.env", "format": "", "required": True}},
    },
    "configs": {"text": {"content": "a $$b"}, "other": {"environment": "WORD"}},
    "secrets": {"word": {"environment": "WORD"}},
}


def canonical(file: File, project: str, folder: str, values: Mapping[str, str]) -> Document:
    """The document that docker compose prints.

    :param folder: what relative paths are relative to. :param values: of variables.
    """
    filled = _filled(file, values)
    found: Document = {"name": project}
    found["services"] = {key: _service(item, folder, values) for key, item in filled.get("services", {}).items()}
    for section in SECTIONS:
        objects = dict(filled.get(section, {}))
        if section == "networks" and any("default" in item["networks"] for item in found["services"].values()):
            objects.setdefault("default", None)
        if objects:
            found[section] = {key: _object(key, item or {}, project, folder) for key, item in objects.items()}
    return _escaped(found)


def _filled(file: File, values: Mapping[str, str]) -> Document:
    """With variables filled in, and numbers and booleans that came out of them."""
    problems = Problems(Origins([file]), lambda text, file, place: text)
    filled = Variables(values, lambda text: None).fill(file, problems)
    found = checked(file, filled, version_of(file), problems, lambda place, text: None)
    problems.report()
    return found


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return value.replace("$", "$$") if isinstance(value, str) else value


def _object(key: str, item: Document, project: str, folder: str) -> Document:
    found = {name: value for name, value in item.items() if name not in ("external", "name")}
    external = item.get("external", False)
    inner = external.get("name") if isinstance(external, dict) else None
    found["name"] = inner or item.get("name") or (key if external is not False else f"{project}_{key}")
    if external is not False:
        found["external"] = True
    for name in ("labels", "driver_opts"):
        if name in item:
            found[name] = texts(item[name])
    if "file" in item:
        found["file"] = absolute(item["file"], folder)
    return found


def _service(item: Document, folder: str, values: Mapping[str, str]) -> Document:
    found = {"command": None, "entrypoint": None, **item}
    for keys, convert in _CONVERTED.items():
        found.update({key: convert(found[key]) for key in keys if found.get(key) is not None})
    if "environment" in item:
        said = pairs(item["environment"])
        found["environment"] = {name: values.get(name) if value is None else value for name, value in said.items()}
    if "env_file" in item:
        files = [item["env_file"]] if isinstance(item["env_file"], str) else item["env_file"]
        found["env_file"] = [{"path": absolute(path, folder), "required": True, "format": "raw"} for path in files]
    networks = item.get("networks") or ["default"]
    found["networks"] = dict.fromkeys(networks) if isinstance(networks, list) else networks
    if "volumes" in item:
        found["volumes"] = [_volume(one, folder, values) for one in item["volumes"]]
    return found


def _healthcheck(item: Document) -> Document:
    return {**item, "test": ["CMD-SHELL", item["test"]]} if isinstance(item.get("test"), str) else item


def _reference(item: Any, folder: str | None) -> Document:
    found = {"source": item} if isinstance(item, str) else dict(item)
    if folder and "target" not in found:
        found["target"] = folder + found["source"]
    if "mode" in found:
        found["mode"] = f"0{int(found['mode']):o}"
    return found


def _ports(item: Any) -> list[Document]:
    if isinstance(item, dict):
        published = {"published": str(item["published"])} if "published" in item else {}
        return [{"mode": "ingress", "protocol": "tcp", **item, **published}]
    port = parse_port(item)
    address = {"host_ip": port.address} if port.address else {}
    long = [{**one, **address, "published": str(one["published"])} for one in port.long()]
    return [{key: value for key, value in one.items() if value != "0"} for one in long]


def _volume(item: Any, folder: str, values: Mapping[str, str]) -> Document:
    found = dict(item) if isinstance(item, dict) else parse_volume(item)[0]
    if found["type"] == "bind":
        found["source"] = host_path(found["source"], folder, values.get("HOME"))
        found["bind"] = {**found.get("bind", {}), "create_host_path": True}
    elif found["type"] == "volume":
        found.setdefault("volume", {})
    if "size" in (found.get("tmpfs") or {}):
        found["tmpfs"] = {**found["tmpfs"], "size": str(found["tmpfs"]["size"])}
    return found


def _deploy(item: Document) -> Document:
    found = {"placement": {}, "resources": {}, **item}
    if "labels" in item:
        found["labels"] = texts(item["labels"])
    for key, group in found["resources"].items():
        more = {name: group[name] for name in group if name not in ("cpus", "memory")}
        if group.get("cpus"):
            more["cpus"] = nano_cpus(str(group["cpus"])) / 10**9
        if group.get("memory"):
            more["memory"] = str(size(group["memory"]))
        found["resources"] = {**found["resources"], key: more}
    return found


_CONVERTED: dict[tuple[str, ...], Any] = {
    ("command", "entrypoint"): lambda value: split_words(value) if isinstance(value, str) else value,
    ("labels", "sysctls"): texts,
    ("dns", "dns_search", "tmpfs"): lambda value: [value] if isinstance(value, str) else value,
    ("extra_hosts",): lambda value: [f"{name}={address}" for name, address in hosts(value)],
    ("depends_on",): lambda value: {key: {"condition": "service_started", "required": True} for key in value},
    ("secrets",): lambda items: [_reference(one, "/run/secrets/") for one in items],
    ("configs",): lambda items: [_reference(one, None) for one in items],
    ("ports",): lambda items: [port for one in items for port in _ports(one)],
    ("healthcheck",): _healthcheck,
    ("deploy",): _deploy,
}
