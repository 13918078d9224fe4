# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a service and their places in a ServiceSpec (moby, api/types/swarm/service.go and container.go).

Where an object is missing, the engine has defaults of its own at run time (swarmkit, api/defaults/service.go), and
the docker CLI writes the same ones when it makes the object: they are the ``initial`` objects of the fields here, so that
``delay: 5s`` on a service without RestartPolicy is not a change.

Two things stand in a document by name while it is planned and by ID when it is sent: networks, and the config of a
credential spec (references.py).
"""

from __future__ import annotations

import re
import typing as t

from .._core import validators as checks
from .._core.errors import BadInput
from .._core.schema import DictField, Field, ObjectField, ObjectList, Schema, UnorderedList
from .._core.validators import checked_options
from .._core.values import MISSING, Codec, Document, Path, Place, Values, at, is_detachment, is_of_a_stack, shown
from . import codecs
from .codecs import MODE, MODE_OR_NONE
from .constraints import parse_spread
from .placeholders import check_placeholders, printable_text

# -- places, which are chains of keys or have get and put as Path has ----------------------------------------------------

NETWORKS = at("TaskTemplate", "Networks")
CREDENTIAL_CONFIG = at("TaskTemplate", "ContainerSpec", "Privileges", "CredentialSpec", "Config")
CONTAINER = at("TaskTemplate", "ContainerSpec")
CONFIGS = at("TaskTemplate", "ContainerSpec", "Configs")
IMAGE = at("TaskTemplate", "ContainerSpec", "Image")
PLATFORMS = at("TaskTemplate", "Placement", "Platforms")
FORCE_UPDATE = at("TaskTemplate", "ForceUpdate")
PORTS = at("EndpointSpec", "Ports")
# Of secrets and configs: the kind, and how the keys of a reference begin.
PREFIXES = (("secret", "Secret"), ("config", "Config"))


def with_names(spec: Document, name_of: t.Callable[[str], str] | None) -> Document:
    """A document with the names of networks, where ``name_of`` tells them, and of a credential spec's config."""
    attached = NETWORKS.get(spec)
    if name_of and attached and attached is not MISSING:
        spec = NETWORKS.put(spec, [{**item, "Target": name_of(item["Target"])} for item in attached])
    config = CREDENTIAL_CONFIG.get(spec)
    if config and config is not MISSING:
        for item in configs_of(spec):
            if item.get("ConfigID") == config:
                spec = CREDENTIAL_CONFIG.put(spec, item["ConfigName"])
    return spec


def configs_of(spec: Document) -> list[Document]:
    found = CONFIGS.get(spec)
    return found if isinstance(found, list) else []


MODES = {
    "replicated": "Replicated",
    "global": "Global",
    "replicated-job": "ReplicatedJob",
    "global-job": "GlobalJob",
}
_NAMES = {key: name for name, key in MODES.items()}
# What the docker CLI starts from; the engine's own defaults are the same.
_NEW: dict[str, Document] = {
    "replicated": {"Replicas": 1},
    "replicated-job": {"MaxConcurrent": 1, "TotalCompletions": 1},
}


def _decode_mode(mode: Document) -> str:
    return next((_NAMES[key] for key in mode if key in _NAMES), "replicated")


MODE_KIND = Codec(lambda name: {MODES[name]: dict(_NEW.get(name, {}))}, _decode_mode)


class ModePath(t.NamedTuple):
    """A number inside of Mode, whose key depends on the kind of mode; a mode that has no such number has no place."""

    keys_by_mode: t.Mapping[str, str]

    def get(self, document: object) -> t.Any:
        path = self._path(document)
        return path.get(document) if path else MISSING

    def put(self, document: Document | None, value: object) -> Document:
        path = self._path(document)
        return path.put(document, value) if path else dict(document or {})

    def _path(self, document: object) -> Path | None:
        mode = at("Mode").get(document)
        kind = _decode_mode(mode) if isinstance(mode, dict) else "replicated"
        key = self.keys_by_mode.get(kind)
        return at("Mode", MODES[kind], key) if key else None


def with_counts(spec: Document) -> Document:
    """A new service with the counts that the engine gives it where the spec has none."""
    mode = at("Mode").get(spec)
    return {
        **spec,
        "Mode": {key: {**_NEW.get(_NAMES.get(key, ""), {}), **(given or {})} for key, given in mode.items()},
    }


# Engines dereference it wherever a task differs from its service in this alone, and their managers then crash at every
# start (swarmkit, manager/orchestrator/task.go, nodeMatches; moby#37883; seen on 20.10 and 28.5). Their own clients
# always send it. To tasks an empty one and none are the same: neither restarts them.
_PLACEMENT_PLACE = at("TaskTemplate", "Placement")


def with_placement(spec: Document) -> Document:
    return spec if isinstance(_PLACEMENT_PLACE.get(spec), dict) else _PLACEMENT_PLACE.put(spec, {})


def lacks_placement(spec: Document, than: Document) -> bool:
    """Whether a service crashes its managers when it goes from ``than`` to this spec. Jobs replace all their tasks."""
    jobs = {"ReplicatedJob", "GlobalJob"} & set(at("Mode").get(than) or {})
    return (
        not jobs and isinstance(_PLACEMENT_PLACE.get(than), dict) and not isinstance(_PLACEMENT_PLACE.get(spec), dict)
    )


REPLICAS = ModePath({"replicated": "Replicas", "replicated-job": "TotalCompletions"})
MAX_CONCURRENT = ModePath({"replicated-job": "MaxConcurrent"})


class _FileConfigs(t.NamedTuple):
    """The configs that are files; those that a credential spec refers to stand in the same list (``Runtime``)."""

    whole: Path = CONFIGS

    def get(self, document: object) -> t.Any:
        found = self.whole.get(document)
        return [item for item in found if "Runtime" not in item] if isinstance(found, list) else found

    def put(self, document: Document | None, value: object) -> Document:
        found = self.whole.get(document)
        others = [item for item in found if "Runtime" in item] if isinstance(found, list) else []
        return self.whole.put(document, [*(value if isinstance(value, list) else []), *others] or MISSING)


FILE_CONFIGS = _FileConfigs()


def image_of(spec: Document | None) -> str | None:
    image = IMAGE.get(spec or {})
    return None if image is MISSING else image or None


def brief_view(spec: Document) -> Values:
    """The few options that tell services apart, as the schema shows them."""
    mode, replicas = at("Mode").get(spec), REPLICAS.get(spec)
    return {
        "image": image_of(spec),
        "mode": _decode_mode(mode) if isinstance(mode, dict) else "replicated",
        "replicas": None if replicas is MISSING else replicas,
    }


# -- options -------------------------------------------------------------------------------------------------------------

_SECOND = 10**9
TextCheck = t.Callable[[str], None]


def _task(*keys: str) -> Path:
    return at("TaskTemplate", *keys)


def _container(*keys: str) -> Path:
    return at("TaskTemplate", "ContainerSpec", *keys)


def _text(
    option: str, path: Place, check: TextCheck = checks.printable, since: str | None = None, required: bool = False
) -> Field:
    spec = {"required": True} if required else {}
    return Field(option, path, codec=codecs.TEXT, check=check, since=since, spec=spec)


def _flag(option: str, path: Place, since: str | None = None) -> Field:
    return Field(option, path, type="bool", codec=codecs.FLAG, default=False, since=since)


def _words(option: str, path: Place, check: t.Callable[[list[str]], None] | None = None) -> Field:
    """A list in which the order says something."""
    return Field(option, path, type="list", codec=codecs.LIST, default=[], check=check, spec={"elements": "str"})


def _each_one_word(items: t.Iterable[str]) -> None:
    for item in items:
        checks.one_word(item)


def _choice(
    option: str,
    path: Place,
    *choices: str,
    default: str | None = None,
    codec: Codec | None = None,
    since: str | None = None,
    choices_since: t.Mapping[str, str] | None = None,
) -> Field:
    """The docker CLI sends an empty word for what a compose file does not say; to the engine it is the default."""
    codec = codec or Codec(decode=lambda word: word or default)
    return Field(
        option,
        path,
        default=default,
        codec=codec,
        since=since,
        spec={"choices": list(choices)},
        choices_since=choices_since or {},
    )


def _capabilities(option: str, path: Place) -> UnorderedList:
    return UnorderedList(option, path, codec=codecs.CAPABILITY, tidy=codecs.without_included, since="1.41")


def _merged(option: str) -> t.Callable[[Values], bool]:
    return lambda params: params.get(f"{option}_state") == "merge"


# -- mounts -----------------------------------------------------------------------------------------------------------

DRIVER_CONFIG = Schema(
    _text("name", at("Name"), check=checks.driver),
    DictField("options", at("Options"), codecs.STRINGS),
)
MOUNT = Schema(
    Field(
        "type",
        at("Type"),
        default="bind",
        spec={"choices": ["bind", "volume", "tmpfs", "npipe", "cluster"], "default": "bind"},
        choices_since={"cluster": "1.42"},
    ),
    _text("source", at("Source"), check=check_placeholders),
    Field("target", at("Target"), check=printable_text, spec={"required": True}),
    _flag("readonly", at("ReadOnly")),
    _choice(
        "propagation",
        at("BindOptions", "Propagation"),
        "private",
        "rprivate",
        "shared",
        "rshared",
        "slave",
        "rslave",
        codec=codecs.PROPAGATION,
    ),
    _flag("non_recursive", at("BindOptions", "NonRecursive"), since="1.41"),
    _flag("no_copy", at("VolumeOptions", "NoCopy")),
    DictField("labels", at("VolumeOptions", "Labels"), codecs.STRINGS, kept=is_of_a_stack),
    _text("subpath", at("VolumeOptions", "Subpath"), since="1.45", check=checks.relative_path),
    ObjectField("driver_config", at("VolumeOptions", "DriverConfig"), DRIVER_CONFIG),
    Field("tmpfs_size", at("TmpfsOptions", "SizeBytes"), codec=codecs.SIZE),
    Field("tmpfs_mode", at("TmpfsOptions", "Mode"), type="raw", codec=MODE_OR_NONE),
    UnorderedList("tmpfs_options", at("TmpfsOptions", "Options"), codec=codecs.TMPFS, since="1.46"),
)


# -- files of secrets and configs -------------------------------------------------------------------------------------


def _numeric_id(text: str) -> None:
    """The engine accepts a name, and then each task is rejected (moby, daemon/container_operations_unix.go)."""
    if text and not (text.isascii() and text.isdigit() and int(text) < 2**32):
        raise ValueError(f"{text!r} is not a numeric user or group ID. The engine does not resolve names")


def _file_name(name: str) -> None:
    checks.printable(name)
    if not name:
        raise ValueError("must not be empty. Omit it for the name of the secret or config")


def _file_schema(kind: str, prefix: str) -> Schema:
    return Schema(
        Field(f"{kind}_name", at(f"{prefix}Name"), spec={"required": True}),
        Field(f"{kind}_id", at(f"{prefix}ID")),
        Field("filename", at("File", "Name"), check=_file_name),
        Field("uid", at("File", "UID"), default="", check=_numeric_id),
        Field("gid", at("File", "GID"), default="", check=_numeric_id),
        Field("mode", at("File", "Mode"), type="raw", codec=MODE, default="0000"),
    )


def _complete_file(kind: str) -> t.Callable[[Values], Values]:
    """What the docker CLI sends for what a user leaves out; the engine itself would deny access to all users."""

    def complete(item: Values) -> Values:
        given = {key: value for key, value in item.items() if value is not None}
        return {"filename": item[f"{kind}_name"], "uid": "0", "gid": "0", "mode": "0444", **given}

    return complete


SECRET, CONFIG = _file_schema("secret", "Secret"), _file_schema("config", "Config")


def _by_filename(item: Values) -> str:
    return item["filename"]


# -- networks and ports -----------------------------------------------------------------------------------------------

NETWORK = Schema(
    Field("name", at("Target"), check=checks.one_word, spec={"required": True}),
    UnorderedList("aliases", at("Aliases"), codec=codecs.WORD),
    DictField("options", at("DriverOpts"), codecs.STRINGS),
)


_NETWORK_KEYS = ("name", "aliases", "options")


def complete_network(item: str | Values) -> Values:
    """A network as ``{name, aliases, options}``; users also write just the name. Raise BadInput for another type."""
    if isinstance(item, str):
        return {"name": item}
    if not isinstance(item, dict):
        raise ValueError(
            f"must be the name of a network or a mapping with name, aliases and options, not {shown(item)}"
        )
    for key in item:
        if key not in _NETWORK_KEYS:
            raise ValueError(f"unknown key {key!r} of a network. Use name, aliases and options")
    if not item.get("name"):
        raise ValueError("a network needs a name")
    if not isinstance(item.get("aliases") or [], list):
        raise BadInput("aliases", f"must be a list, not {shown(item['aliases'])}.")
    return checked_options(NETWORK.argument_spec(), item)


PORT = Schema(
    Field(
        "published_port",
        at("PublishedPort"),
        type="int",
        codec=codecs.NUMBER,
        check=checks.between(0, 65535),
    ),
    Field("target_port", at("TargetPort"), type="int", check=checks.between(1, 65535), spec={"required": True}),
    Field(
        "protocol",
        at("Protocol"),
        default="tcp",
        spec={"choices": ["tcp", "udp", "sctp"], "default": "tcp"},
        choices_since={"sctp": "1.37"},
    ),
    Field("mode", at("PublishMode"), default="ingress", spec={"choices": ["ingress", "host"], "default": "ingress"}),
    _text("name", at("Name")),
)


def _port_key(item: Values) -> tuple[int, str, str, int | None]:
    return (item["target_port"], item["protocol"], item["mode"], item["published_port"])


# -- resources, policies, placement -----------------------------------------------------------------------------------


def _resource_name(name: str) -> None:
    """As the engine's configuration has them: KIND=VALUE, separated by commas (swarmkit, api/genericresource)."""
    if not re.fullmatch(r"[^\s=,]+", name):
        raise ValueError(f"{name!r} is not a valid name of a resource. Do not use spaces, = and commas")


def _complete_resource(item: Values) -> Values:
    if item.get("value") is None and item.get("name") is None:
        raise ValueError(f"{item['kind']} needs a value or a name")
    return item


_GENERIC = Schema(
    Field("kind", at("kind"), check=_resource_name, spec={"required": True}),
    Field("value", at("value"), type="int", check=checks.between(0)),
    Field("name", at("name"), check=_resource_name),
)


class _GenericResources:
    """The engine's list: each element is a discrete (kind and number) or a named resource (kind and one name)."""

    @staticmethod
    def get(document: object) -> t.Any:
        found = at("GenericResources").get(document)
        if not isinstance(found, list):
            return found
        return [_flat_resource(item) for item in found]

    @staticmethod
    def put(document: Document | None, value: object) -> Document:
        return at("GenericResources").put(document, value if not isinstance(value, list) else list(map(_nested, value)))


def _flat_resource(item: Document) -> Values:
    if "NamedResourceSpec" in item:
        return {"kind": item["NamedResourceSpec"]["Kind"], "name": item["NamedResourceSpec"].get("Value", "")}
    discrete = item.get("DiscreteResourceSpec") or {}
    return {"kind": discrete.get("Kind", ""), "value": discrete.get("Value", 0)}


def _nested(item: Values) -> Document:
    if "name" in item:
        return {"NamedResourceSpec": {"Kind": item["kind"], "Value": item["name"]}}
    return {"DiscreteResourceSpec": {"Kind": item["kind"], "Value": item["value"]}}


LIMITS = Schema(
    Field("cpus", at("NanoCPUs"), type="float", codec=codecs.CPUS),
    Field("memory", at("MemoryBytes"), codec=codecs.SIZE),
    Field("pids", at("Pids"), type="int", codec=codecs.NUMBER, since="1.41", check=checks.between(0)),
)
RESERVATIONS = Schema(
    Field("cpus", at("NanoCPUs"), type="float", codec=codecs.CPUS),
    Field("memory", at("MemoryBytes"), codec=codecs.SIZE),
    ObjectList(
        "generic_resources",
        _GenericResources(),
        _GENERIC,
        key=lambda item: (item["kind"], item["name"]),
        complete=_complete_resource,
        since="1.32",
        rules={"mutually_exclusive": [("value", "name")], "required_one_of": [("value", "name")]},
    ),
)
RESTART = Schema(
    _choice("condition", at("Condition"), "none", "on-failure", "any", default="any"),
    Field("delay", at("Delay"), codec=codecs.DURATION_ALWAYS, default="5s"),
    Field("max_attempts", at("MaxAttempts"), type="int", default=0, check=checks.between(0)),
    Field("window", at("Window"), codec=codecs.DURATION_OR_NONE, default="0s"),
)
_NEW_RESTART = {"Condition": "any", "Delay": 5 * _SECOND, "MaxAttempts": 0}


def _rollout(*actions: str) -> Schema:
    return Schema(
        Field("parallelism", at("Parallelism"), type="int", default=0, check=checks.between(0)),
        Field("delay", at("Delay"), codec=codecs.DURATION_OR_NONE, default="0s"),
        _choice("failure_action", at("FailureAction"), *actions, default="pause", choices_since={"rollback": "1.28"}),
        Field("monitor", at("Monitor"), codec=codecs.DURATION_OR_NONE, default="5s"),
        Field("max_failure_ratio", at("MaxFailureRatio"), type="float", codec=codecs.RATIO, default=0.0, check=_ratio),
        _choice("order", at("Order"), "stop-first", "start-first", default="stop-first", since="1.29"),
    )


def _ratio(ratio: float) -> None:
    if not 0 <= ratio <= 1:
        raise ValueError(f"{ratio} is out of bounds: it must be from 0 to 1")


UPDATE, ROLLBACK = _rollout("pause", "continue", "rollback"), _rollout("pause", "continue")
_NEW_ROLLOUT = {
    "Parallelism": 1,
    "FailureAction": "pause",
    "Monitor": 5 * _SECOND,
    "MaxFailureRatio": 0,
    "Order": "stop-first",
}


def _spread(descriptor: str) -> None:
    parse_spread(descriptor)


def _platform_name(name: str) -> None:
    """As Go and the images spell them; the engine compares them with their case, and finds no node for others."""
    if not re.fullmatch(r"[a-z0-9_.-]*", name):
        raise ValueError(f"{name!r} is not a platform. Write it in lower case, like linux or amd64")


PREFERENCE = Schema(_text("spread", at("Spread", "SpreadDescriptor"), check=_spread, required=True))
_PLATFORM = Schema(
    Field("os", at("OS"), default="", check=_platform_name, spec={"required": True}),
    Field("architecture", at("Architecture"), default="", check=_platform_name),
)
PLACEMENT = Schema(
    UnorderedList("constraints", at("Constraints"), codec=codecs.CONSTRAINT),
    ObjectList(
        "preferences",
        at("Preferences"),
        PREFERENCE,
        key=lambda item: item["spread"],
        ordered=True,
        since="1.28",
    ),
    Field(
        "replicas_max_per_node",
        at("MaxReplicas"),
        type="int",
        codec=codecs.NUMBER,
        since="1.40",
        check=checks.between(0),
    ),
    ObjectList(
        "platforms", at("Platforms"), _PLATFORM, key=lambda item: (item["os"], item["architecture"]), since="1.30"
    ),
)


def _host_name(name: str) -> None:
    """The engine accepts more, and the kernel refuses it (sethostname(2))."""
    checks.one_word(name)
    check_placeholders(name)
    size = len(name.encode("utf-8", "surrogatepass"))
    if size > 64 and "{{" not in name:
        raise ValueError(f"{name!r} has {size} bytes; the host name of a container has at most 64")


def _user(text: str) -> None:
    """The engine accepts any number, and the nodes cannot start the container (moby/sys/user)."""
    checks.one_word(text)
    numbers = [int(part) for part in text.split(":") if re.fullmatch("-?[0-9]+", part)]
    if any(not 0 <= number < 2**31 for number in numbers):
        raise ValueError(f"{text!r} is out of bounds: IDs of users and groups are from 0 to 2147483647")


# -- container --------------------------------------------------------------------------------------------------------

HEALTHCHECK = Schema(
    Field("test", at("Test"), type="raw", codec=codecs.TEST, default=[]),
    Field("interval", at("Interval"), codec=codecs.DURATION_OR_NONE),
    Field("timeout", at("Timeout"), codec=codecs.DURATION_OR_NONE),
    Field("retries", at("Retries"), type="int", codec=codecs.NUMBER, check=checks.between(0)),
    Field("start_period", at("StartPeriod"), codec=codecs.DURATION_OR_NONE, since="1.29"),
    Field("start_interval", at("StartInterval"), codec=codecs.DURATION_OR_NONE, since="1.44"),
)
_SELINUX = Schema(
    _flag("disable", at("Disable")),
    _text("user", at("User")),
    _text("role", at("Role")),
    _text("type", at("Type")),
    _text("level", at("Level")),
)
_SECCOMP = Schema(
    _choice("mode", at("Mode"), "default", "unconfined", "custom", default="default"),
    Field("profile", at("Profile"), type="raw", codec=codecs.PROFILE),
)
_APPARMOR = Schema(_choice("mode", at("Mode"), "default", "disabled", default="default"))
_PRIVILEGES = Schema(
    _flag("no_new_privileges", at("NoNewPrivileges"), since="1.44"),
    ObjectField("seccomp", at("Seccomp"), _SECCOMP, since="1.44"),
    ObjectField("apparmor", at("AppArmor"), _APPARMOR, since="1.44"),
    ObjectField("selinux_context", at("SELinuxContext"), _SELINUX, since="1.29"),
)
CREDENTIAL_SPEC = Schema(
    _text("config", at("Config"), since="1.40"),
    _text("file", at("File")),
    _text("registry", at("Registry")),
)
LOGGING = Schema(
    _text("driver", at("Name"), check=checks.driver),
    DictField("options", at("Options"), codecs.STRINGS),
)
_PLUGIN_PRIVILEGE = Schema(
    Field("name", at("name"), spec={"required": True}),
    _text("description", at("description")),
    UnorderedList("value", at("value")),
)
_PLUGIN = Schema(
    _text("name", at("name")),
    _text("remote", at("remote")),
    _flag("disabled", at("disabled")),
    UnorderedList("env", at("env")),
    ObjectList("privileges", at("privileges"), _PLUGIN_PRIVILEGE, key=lambda item: item["name"]),
)

SERVICE = Schema(
    DictField(
        "labels", at("Labels"), codecs.STRINGS, merged=_merged("labels"), kept=is_of_a_stack, internal=is_detachment
    ),
    Field(
        "mode",
        at("Mode"),
        codec=MODE_KIND,
        default="replicated",
        immutable=True,
        spec={"choices": list(MODES)},
        choices_since={"replicated-job": "1.41", "global-job": "1.41"},
    ),
    Field("max_concurrent", MAX_CONCURRENT, type="int", since="1.41", check=checks.between(0)),
    Field("replicas", REPLICAS, type="int", check=checks.between(0)),
    # The container.
    _text("image", _container("Image")),
    DictField(
        "container_labels",
        _container("Labels"),
        codecs.STRINGS,
        merged=_merged("container_labels"),
        kept=is_of_a_stack,
    ),
    Field("command", _container("Command"), type="raw", codec=codecs.COMMAND, default=[]),
    _words("args", _container("Args")),
    _text("hostname", _container("Hostname"), check=_host_name),
    DictField(
        "env",
        _container("Env"),
        codecs.ENV,
        type="raw",
        merged=_merged("env"),
        hidden=lambda params: bool(params.get("hide_env")),
    ),
    _text("working_dir", _container("Dir"), check=checks.absolute_path),
    _text("user", _container("User"), check=_user),
    UnorderedList("groups", _container("Groups"), codec=codecs.WORD),
    ObjectField("privileges", _container("Privileges"), _PRIVILEGES),
    # The engine refuses an empty one: exactly one of config, file and registry has to be in it.
    ObjectField(
        "credential_spec", _container("Privileges", "CredentialSpec"), CREDENTIAL_SPEC, since="1.29", removable=True
    ),
    Field("init", _container("Init"), type="raw", codec=codecs.INIT, since="1.37"),
    _text("stop_signal", _container("StopSignal"), check=codecs.check_signal, since="1.28"),
    _flag("tty", _container("TTY")),
    _flag("stdin_open", _container("OpenStdin")),
    _flag("read_only", _container("ReadOnly"), since="1.28"),
    ObjectList("mounts", _container("Mounts"), MOUNT, key=lambda item: item["target"]),
    Field("stop_grace_period", _container("StopGracePeriod"), codec=codecs.GRACE),
    ObjectField("healthcheck", _container("Healthcheck"), HEALTHCHECK),
    DictField("hosts", _container("Hosts"), codecs.HOSTS, type="raw"),
    _words("dns", _container("DNSConfig", "Nameservers"), check=checks.ip_addresses),
    _words("dns_search", _container("DNSConfig", "Search"), check=_each_one_word),
    UnorderedList(
        "dns_options", _container("DNSConfig", "Options"), codec=codecs.WORD
    ),  # the resolver reads them in any order
    ObjectList(
        "secrets",
        _container("Secrets"),
        SECRET,
        key=_by_filename,
        complete=_complete_file("secret"),
        rules={"no_log": False},  # their names are none
    ),
    ObjectList("configs", FILE_CONFIGS, CONFIG, key=_by_filename, complete=_complete_file("config"), since="1.30"),
    _choice("isolation", _container("Isolation"), "default", "process", "hyperv", default="default", since="1.35"),
    DictField("sysctls", _container("Sysctls"), codecs.SYSCTLS, since="1.40"),
    _capabilities("cap_add", _container("CapabilityAdd")),
    _capabilities("cap_drop", _container("CapabilityDrop")),
    DictField("ulimits", _container("Ulimits"), codecs.ULIMITS, since="1.41"),
    Field(
        "oom_score_adj",
        _container("OomScoreAdj"),
        type="int",
        default=0,
        codec=codecs.NUMBER,
        since="1.46",
        check=checks.between(-1000, 1000),
    ),
    ObjectField("plugin", _task("PluginSpec"), _PLUGIN, since="1.31"),
    # The task.
    ObjectField("limits", _task("Resources", "Limits"), LIMITS),
    ObjectField("reservations", _task("Resources", "Reservations"), RESERVATIONS),
    Field("memswap_limit", _task("Resources", "SwapBytes"), codec=codecs.SWAP, since="1.52"),
    Field(
        "mem_swappiness",
        _task("Resources", "MemorySwappiness"),
        type="int",
        codec=codecs.SWAPPINESS,
        since="1.52",
        check=checks.between(-1, 100),
    ),
    ObjectField("restart_config", _task("RestartPolicy"), RESTART, initial=_NEW_RESTART),
    ObjectField("placement", _task("Placement"), PLACEMENT),
    ObjectList(
        "networks",
        _task("Networks"),
        NETWORK,
        key=lambda item: item["name"],
        complete=complete_network,
        spec={"type": "list", "elements": "raw"},
    ),
    # An empty one means the daemon's driver, none that of the swarm (swarmkit, manager/orchestrator/task.go, NewTask).
    ObjectField("logging", _task("LogDriver"), LOGGING, removable=True),
    # The rollout and the way in.
    ObjectField("update_config", at("UpdateConfig"), UPDATE, initial=_NEW_ROLLOUT),
    ObjectField("rollback_config", at("RollbackConfig"), ROLLBACK, initial=_NEW_ROLLOUT, since="1.28"),
    _choice("endpoint_mode", at("EndpointSpec", "Mode"), "vip", "dnsrr", default="vip"),
    ObjectList("publish", at("EndpointSpec", "Ports"), PORT, key=_port_key),
)
