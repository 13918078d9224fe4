# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What would happen to a service: create it, change it, or go back to the previous spec, of which the engine keeps one.

The service as a whole is checked before anything is written. The engine refuses most of it too, but often half-way (a task that
is rejected), with status 500, or in words that name no option. Checked only when something is to be written: what is there
already has passed.
"""

from __future__ import annotations

import posixpath
import re
import typing as t

from .._core.errors import BadInput, NoQuorum, NotAManager, NotFound, Refused, Unreachable
from .._core.plan import CREATE, KNOWN_AFTER, NONE, RECREATE, ROLLBACK, UPDATE, Change, Plan
from .._core.reconcile import Live, Resource
from .._core.validators import ABSOLUTE, Problem, raise_first
from .._core.values import MISSING, Document, Values, at, parse_duration, parse_size
from .._engine.client import Engine
from .checks import warn_of_kept
from .failures import error_of
from .image import AUTH_HEADER, KEEP_LIVE, USE_AS_WRITTEN, Pinned, decide_image, familiar, resolve
from .registry_auth import header, server_of
from .schema import FORCE_UPDATE, PLATFORMS, SERVICE, lacks_placement
from .tasks import timestamp_key, went_wrong


class ServiceTask(Resource[Live]):
    """A task that writes services: of one service, or of a stack."""

    # An engine that restarts meanwhile, or a leader that dies, ends no rollout.
    transient_errors = (NoQuorum, NotAManager, Unreachable)
    # Whether a run creates what an earlier one has removed, from the rehearsal that this has left.
    finishes_rehearsals = False

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        self._headers: dict[str, dict[str, str] | None] = {}  # by address of the registry
        self._pinned: dict[str, Pinned] = {}  # by name of the image

    def header(self, image: str | None) -> dict[str, str] | None:
        """Return the header with the credentials for an image's registry; None where the task gives none."""
        given, login = self.params.get("registry_auth"), self.params["with_registry_auth"]
        if not image or not (given or login):
            return None
        server = server_of(image)
        if server not in self._headers:
            value = header(image, given, login, self.warn, self.engine.node)
            self._headers[server] = {AUTH_HEADER: value} if value else None
        return self._headers[server]

    def image_to_write(self, wanted: str, live: str | None) -> Pinned:
        """Return the live image where it is the same, else the desired one as the registry has it. Raise ValueError."""
        decision = decide_image(live, wanted, self.params["resolve_image"])
        if live is not None and decision == KEEP_LIVE:
            return Pinned(live, None)
        if decision == USE_AS_WRITTEN:
            return Pinned(familiar(wanted), None)
        if wanted not in self._pinned:
            auth = (self.header(wanted) or {}).get(AUTH_HEADER)
            self._pinned[wanted] = resolve(self.engine, wanted, auth, self.warn, live)
        return self._pinned[wanted]


def no_image(name: str) -> BadInput:
    return BadInput("image", f"required to create service {name!r}, which does not exist.")


def plan_assumed(name: str, params: Values) -> Plan:
    """The change of a service that an earlier task would create: all that the task names, from unknown values."""
    raise_first(name_problems(name))
    spec = {"Name": name, **SERVICE.create(params)}
    shown = SERVICE.view(spec)
    given = [item.option for item in SERVICE.given(params)]
    changes = [Change(option, MISSING, shown[option], params["hide_env"] and option == "env") for option in given]
    if params["force_update"]:
        changes.append(Change("force_update", MISSING, KNOWN_AFTER))
    return Plan("service", name, UPDATE if changes else NONE, tuple(changes), spec=spec)


def plan_create(name: str, params: Values, before: Document | None = None) -> Plan:
    """:param before: spec of the service that an earlier run was to create, with names; what the task does not name is
    kept.
    """
    raise_first(name_problems(name))
    if before:
        changes = SERVICE.changes(before, params)
        spec = with_platforms(SERVICE.apply(_base(before, changes), changes), params)
    else:
        params = _complete(params)
        spec = with_platforms({"Name": name, **SERVICE.create(params)}, params)
    if params["plugin"]:
        spec["TaskTemplate"]["Runtime"] = "plugin"
    raise_first(service_problems(SERVICE.view(spec), params))
    return Plan("service", name, CREATE, tuple(creation_changes(spec, params)), spec=spec)


def _complete(params: Values) -> Values:
    mode = params["mode"] or ("global" if params["plugin"] else "replicated")
    replicas, concurrent = params["replicas"], params["max_concurrent"]
    if mode == "replicated-job":  # each stands for the other (docker/cli, command/service/opts.go)
        concurrent = replicas if concurrent is None else concurrent
        replicas = concurrent if replicas is None else replicas
    return {**params, "mode": mode, "replicas": replicas, "max_concurrent": concurrent}


def with_platforms(spec: Document, params: Values) -> Document:
    """What the registry says of an image keeps its tasks off nodes of another make."""
    platforms = params.get("_platforms")
    if not platforms or (params["placement"] or {}).get("platforms") is not None:
        return spec
    return PLATFORMS.put(spec, platforms)


def creation_changes(spec: Document, params: Values) -> t.Iterator[Change]:
    """Everything of a service that is not the engine's default, as changes from nothing."""
    return differences({}, _without_defaults(SERVICE.view(spec), SERVICE.view({})), params["hide_env"])


def _without_defaults(shown: Values, default: Values) -> Values:
    return {
        key: _without_defaults(value, default[key]) if _both_groups(value, default.get(key)) else value
        for key, value in shown.items()
        if key not in default or value != default[key] or key == "mode"
    }


def _both_groups(value: object, default: object) -> bool:
    return isinstance(value, dict) and isinstance(default, dict)


def differences(before: Values, after: Values, hide_env: bool, key: tuple[str, ...] = ()) -> t.Iterator[Change]:
    """The changes between two services in the options' words; groups and dictionaries key by key."""
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name, MISSING), after.get(name, MISSING)
        if old == new:
            continue
        groups = [{} if side is MISSING else side for side in (old, new)]
        if all(isinstance(side, dict) for side in groups):
            yield from differences(groups[0], groups[1], hide_env, (*key, name))
        else:
            path = (*key, name)
            yield Change(path[0], old, new, hide_env and path[0] == "env", path[1:], null=path[0] == "env")


def plan_update(engine: Engine, service: Document, live: Document, params: Values, changes: list[Change]) -> Plan:
    """:param service: as the engine lists it.
    :param live: its spec as it is planned.
    :param changes: at least one.
    """
    name = live["Name"]
    mode = next((change for change in changes if change.option == "mode"), None)
    if mode and not params["recreate"]:
        raise Refused(
            f"service {name} is {mode.before} and cannot be changed to {mode.after} in place. Use recreate: true to"
            " replace it by a new one. The service does not exist during the replacement.",
            option="mode",
        )
    spec = with_platforms(SERVICE.apply(_base(live, changes), changes), params)
    if mode:  # what only the old mode had goes with it
        changes = list(differences(SERVICE.view(live), SERVICE.view(spec), params["hide_env"]))
    for change in changes:
        if change.option == "force_update":
            spec = FORCE_UPDATE.put(spec, change.after)
    raise_first(service_problems(SERVICE.view(spec), params))
    if not params["retry_rolled_back"]:
        _refuse_rolled_back(engine, service, live, spec)
    return Plan("service", name, RECREATE if mode else UPDATE, tuple(changes), spec=spec)


def _base(live: Document, changes: list[Change]) -> Document:
    """Jobs have no update and rollback policies, so a service that becomes one loses them."""
    mode = next((change for change in changes if change.option == "mode"), None)
    if not mode or not mode.after.endswith("job"):
        return live
    return at("UpdateConfig").put(at("RollbackConfig").put(live, MISSING), MISSING)


def _refuse_rolled_back(engine: Engine, service: Document, live: Document, spec: Document) -> None:
    """The engine rolled a release back because it failed. The same task would ship it again, and again.

    The live release never counts as one, even if tasks of it failed meanwhile. The engine does not keep the one
    that it left (swarmkit, manager/orchestrator/update/updater.go, rollbackUpdate), but its tasks.
    """
    update = service.get("UpdateStatus") or {}
    if not update.get("State", "").startswith("rollback"):
        return
    start, wanted = timestamp_key(update["StartedAt"]), _release(spec["TaskTemplate"])
    if wanted == _release(live["TaskTemplate"]):
        return
    for task in engine.get("/tasks", filters={"service": [service["ID"]]}):
        if timestamp_key(task["CreatedAt"]) >= start and _failed(spec, task) and _release(task["Spec"]) == wanted:
            raise Refused(
                f"Service {spec['Name']} was rolled back from this release ({update['State']} at"
                f" {update.get('CompletedAt', update['StartedAt'])[:19]}Z; {_error(task)}). Deploy another release, or"
                " set retry_rolled_back: true to try it again."
            )


def _failed(spec: Document, task: Document) -> bool:
    """Whether the task went wrong, by the policy that it had itself."""
    return went_wrong({"Spec": {**spec, "TaskTemplate": task["Spec"]}}, task)


def _error(task: Document) -> str:
    state = task["Status"]["State"]
    return f"a task {'ended' if state == 'complete' else state}: {error_of(task)}"


def _release(template: Document) -> Values:
    """What tasks are made of, in the options' words; networks are counted, as one side has names and one IDs."""
    shown = SERVICE.view({"TaskTemplate": template})
    return {**shown, "networks": len(shown["networks"]), "credential_spec": None}


def plan_assumed_rollback(resource: Resource) -> Plan:
    """The rollback of a service that is not there, for check mode, where an earlier task may make it; raises NotFound."""
    name = resource.params["name"]
    resource.missing(NotFound(f"Service {name!r} does not exist and cannot be rolled back."))
    return Plan("service", name, ROLLBACK, spec={"Name": name})


def plan_rollback(service: Document, name: str, hide_env: bool) -> Plan:
    """The engine swaps the two specs, so going back twice would go forward: once back, it is done."""
    state = (service.get("UpdateStatus") or {}).get("State", "")
    if state.startswith("rollback"):  # a paused rollback counts as well
        return Plan("service", name)
    previous = service.get("PreviousSpec")
    if not previous:
        raise Refused(f"Service {name} has no previous spec: it was never updated.")
    if lacks_placement(previous, than=service["Spec"]):
        raise Refused(
            f"Service {name}: the previous spec has no Placement, and engines crash on a rollback to it (moby#37883)."
            " Set the options of the previous release instead."
        )
    changes = differences(SERVICE.view(service["Spec"]), SERVICE.view(previous), hide_env)
    return Plan("service", name, ROLLBACK, (*changes, *_forced(service["Spec"], previous)), spec=previous)


def _forced(spec: Document, previous: Document) -> list[Change]:
    """Return the change of the counter of forced updates, which is not an option with a value, and replaces the tasks."""
    before, after = (0 if count is MISSING else count for count in (FORCE_UPDATE.get(spec), FORCE_UPDATE.get(previous)))
    return [] if before == after else [Change("force_update", before, after)]


# swarmkit, manager/controlapi/common.go: a DNS label, as the name is one in the networks of the service.
_NAME = r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*"
_MIN_MEMORY = 4 * 1024**2
_MIN_CPUS = 0.001


Problems = t.Iterator[Problem]


def name_problems(name: str) -> Problems:
    if not re.fullmatch(_NAME, name):
        yield Problem(
            ("name",),
            f"{name!r} is not a valid name. Use letters, digits, '-' and '_', and start and end with a letter or digit",
        )
    if len(name) > 63:
        yield Problem(("name",), f"{name!r} has {len(name)} characters; the name of a service has at most 63")


def service_problems(after: Values, given: Values) -> Problems:
    """Everything about the service as a whole that cannot be meant.

    :param after: the service as it would be, in the options' words.
    :param given: the options of the task.
    """
    for check in (_modes, _jobs, _ports, _mounts, _files, _networks, _resources, _health, _privileges):
        yield from check(after, given)


def _modes(after: Values, given: Values) -> Problems:
    mode = after["mode"]
    if given.get("plugin") and mode != "global":
        yield Problem(("mode",), f"must be global for a plugin, not {mode}")
    if given.get("replicas") is not None and mode.startswith("global"):
        yield Problem(("replicas",), f"not supported with mode {mode}, which runs a task on every node")
    if given.get("max_concurrent") is not None and mode != "replicated-job":
        yield Problem(("max_concurrent",), f"only supported with mode replicated-job, not with {mode}")
    if given.get("placement") and after["placement"]["replicas_max_per_node"] and mode.startswith("global"):
        yield Problem(
            ("placement", "replicas_max_per_node"), f"not supported with mode {mode}, which runs one task per node"
        )


def _jobs(after: Values, given: Values) -> Problems:
    mode = after["mode"]
    if not mode.endswith("job"):
        return
    for option in ("update_config", "rollback_config"):
        if any(value is not None for value in (given.get(option) or {}).values()):
            yield Problem((option,), f"not supported with mode {mode}, because jobs have no rolling updates")
    if given.get("restart_config") and after["restart_config"]["condition"] == "any":
        yield Problem(("restart_config", "condition"), "any is not supported for jobs. Use none or on-failure")


Item = t.TypeVar("Item")


def _repeated(items: t.Iterable[Item | None]) -> t.Iterator[tuple[int, Item]]:
    """Number and value of each element that an earlier one is equal to; None is equal to nothing."""
    seen: set[Item | None] = set()
    for number, item in enumerate(items):
        if item in seen and item is not None:
            yield number, item
        seen.add(item)


def _ports(after: Values, given: Values) -> Problems:
    ports = after["publish"]
    if after["endpoint_mode"] == "dnsrr" and any(port["mode"] == "ingress" for port in ports):
        yield Problem(
            ("publish",),
            "endpoint_mode dnsrr does not support ingress. Publish with mode: host, or use endpoint_mode vip",
        )
    published = [(p["published_port"], p["protocol"]) if p["published_port"] else None for p in ports]
    for number, (port, protocol) in _repeated(published):
        yield Problem(("publish", number), f"port {port}/{protocol} is published twice")


# Sub-options of a mount -> the types that have them.
_ONLY = {
    "propagation": ("bind",),
    "non_recursive": ("bind",),
    "no_copy": ("volume",),
    "subpath": ("volume",),
    "labels": ("volume",),
    "driver_config": ("volume",),
    "tmpfs_size": ("tmpfs",),
    "tmpfs_mode": ("tmpfs",),
    "tmpfs_options": ("tmpfs",),
}


def _mounts(after: Values, given: Values) -> Problems:
    for number, mount in enumerate(given.get("mounts") or []):
        for problem in _mount(mount):
            yield problem.inside("mounts", number)
    for number, target in _repeated(posixpath.normpath(mount["target"]) for mount in after["mounts"]):
        yield Problem(("mounts", number, "target"), f"two mounts have the target {target}")


# moby, volume/local: the nodes reject the tasks. Templates are replaced before.
_VOLUME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+|.*\{\{.*", re.DOTALL)


def _target(target: str) -> Problems:
    if not ABSOLUTE.match(target):
        yield Problem(("target",), f"{target!r} is not an absolute path")
    elif not posixpath.normpath(target).strip("/"):  # moby, volume/mounts: the tasks are rejected
        yield Problem(("target",), "must not be the root directory")


def _mount(mount: Values) -> Problems:
    target, source, kind = mount.get("target") or "", mount.get("source"), mount["type"]
    yield from _target(target)
    if not source and kind in ("bind", "npipe", "cluster"):
        yield Problem(("source",), f"required for the {kind} mount at {target}")
    if source and kind == "tmpfs":
        yield Problem(("source",), f"not supported for the tmpfs mount at {target}")
    if kind == "bind" and not ABSOLUTE.match(source or ""):
        yield Problem(("source",), f"{source!r} is not an absolute path. For a volume, use type: volume")
    driver = (mount.get("driver_config") or {}).get("name") or "local"
    if kind == "volume" and driver == "local" and source and not _VOLUME.fullmatch(source):
        yield Problem(
            ("source",),
            f"{source!r} is not a valid volume name. Use two or more letters, digits, '_', '.' and '-', the first of them a"
            " letter or digit",
        )
    for option, kinds in _ONLY.items():
        if mount.get(option) and kind not in kinds:
            yield Problem(
                (option,), f"only supported for {kinds[0]} mounts, and the mount at {target} has the type {kind}"
            )


def _files(after: Values, given: Values) -> Problems:
    for kind in ("secrets", "configs"):
        for number, filename in _repeated(item["filename"] for item in after[kind]):
            yield Problem((kind, number, "filename"), f"two items have the filename {filename}")


def _networks(after: Values, given: Values) -> Problems:
    names = [item["name"] for item in after["networks"]]
    for number, name in _repeated(names):
        yield Problem(("networks", number), f"{name} is named twice")
    if "host" in names and (given.get("networks") or given.get("publish")):
        yield from _on_host(after)
    if given.get("networks") and "ingress" in names:
        yield Problem(("networks",), "ingress is only for published ports. Services cannot be attached to it")


def _on_host(after: Values) -> Problems:
    """moby starts no container of the host's network with another one, and ingress is one (verified with 28.5)."""
    if len(after["networks"]) > 1:
        yield Problem(("networks",), "host cannot be combined with other networks. No container would start")
    if any(port["mode"] == "ingress" for port in after["publish"]):
        text = "a service on the network host has the ports of its nodes. Remove the ports, or publish them with mode: host"
        yield Problem(("publish",), text)


def _resources(after: Values, given: Values) -> Problems:
    for option in ("limits", "reservations"):
        group = after[option]
        if group["cpus"] and group["cpus"] < _MIN_CPUS:
            yield Problem((option, "cpus"), f"{group['cpus']} is too low. The minimum is {_MIN_CPUS}")
        if group["memory"] and parse_size(group["memory"]) < _MIN_MEMORY:
            yield Problem((option, "memory"), f"{group['memory']} is too low. The minimum is 4M")
    generic = [(item["kind"], item["name"]) for item in after["reservations"]["generic_resources"]]
    for number, (kind, _name) in _repeated(generic):
        yield Problem(("reservations", "generic_resources", number), f"{kind} is named twice")
    if after["memswap_limit"] is not None and not after["limits"]["memory"]:
        yield Problem(("memswap_limit",), "needs limits.memory")


def _health(after: Values, given: Values) -> Problems:
    wanted = given.get("healthcheck") or {}
    for option in ("interval", "timeout", "start_period", "start_interval"):
        if wanted.get(option) and 0 < parse_duration(wanted[option]) < 10**6:
            yield Problem(("healthcheck", option), f"{wanted[option]} is too short. The minimum is 1ms")
    if after["healthcheck"]["test"] == ["NONE"] and any(v for k, v in wanted.items() if k != "test"):
        yield Problem(("healthcheck",), "test NONE disables the check and excludes the other options")


def _privileges(after: Values, given: Values) -> Problems:
    credential = [name for name, value in after["credential_spec"].items() if value]
    if len(credential) > 1:
        yield Problem(
            ("credential_spec",), f"config, file and registry are mutually exclusive, not {' and '.join(credential)}"
        )
    seccomp = after["privileges"]["seccomp"]
    if bool(seccomp["profile"]) != (seccomp["mode"] == "custom"):
        yield Problem(
            ("privileges", "seccomp"), "mode custom requires a profile, and the other modes do not support it"
        )


# opencontainers/runc, libcontainer/configs/validate: those of a container's own; user.* are, where users are remapped.
_OWN_SYSCTLS = re.compile(
    r"(net|user|fs\.mqueue)\..+|kernel\.(msg(max|mnb|mni)|sem|shm(all|max|mni|_rmid_forced)|domainname)"
)


def warn_of_effects(warn: t.Callable[[str], None], engine: Engine, plan: Plan, live: Document | None) -> None:
    """Warn of what is planned, and does not work as it is written.

    :param live: the spec as it is, None for a new service.
    """
    if any(change.option == "mounts" for change in plan.changes):
        warn_of_kept(warn, engine, plan.spec or {}, live)
    given = [change for change in plan.changes if change.option == "sysctls" and change.after not in (None, MISSING)]
    names = (name for change in given for name in change.key or change.after)
    wrong = sorted(name for name in names if not _OWN_SYSCTLS.fullmatch(name.replace("/", ".")))
    if wrong:
        warn(
            f"sysctls: {', '.join(wrong)}: a container has no such parameter of its own, and runc does not start"
            " containers with it. Set it on the nodes instead (ansible.posix.sysctl)."
        )
