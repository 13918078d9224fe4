# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the options of a task come to when files and registries have been asked."""

from __future__ import annotations

from .._core.errors import BadInput
from .._core.host import Node
from .._core.paths import MISSING, Document, Values
from .codecs import COMMAND, ENV, parse_env_file
from .image import ASK
from .pinning import AUTH_HEADER, resolve
from .registry_auth import ServiceTask
from .schema import SERVICE


def check_alone(params: Values) -> None:
    """Going back brings all of the previous spec, so it can be given nothing of it."""
    if params["state"] != "rolled_back":
        return
    given = [item.option for item in SERVICE.given(params)]
    given += [option for option in ("env_files", "force_update") if params[option] not in (None, False)]
    if given:
        raise BadInput(given[0], "cannot be combined with state: rolled_back, which restores the whole previous spec.")


def without_rivals(params: Values) -> Values:
    """Sub-options of which there can be one: giving it takes the others away, rather than standing beside them."""
    credential = params["credential_spec"]
    if credential and any(credential.values()):
        params = {**params, "credential_spec": {key: value or "" for key, value in credential.items()}}
    seccomp = (params["privileges"] or {}).get("seccomp")
    if seccomp and seccomp["mode"] not in (None, "custom") and seccomp["profile"] is None:
        params = {**params, "privileges": {**params["privileges"], "seccomp": {**seccomp, "profile": ""}}}
    return params


def with_command_as_args(params: Values) -> Values:
    """``command`` before ``args`` as the arguments of the image's entrypoint, as community.docker and the CLI have it."""
    command, args = params["command"], params["args"]
    if command is None and args is None:
        return params
    try:
        words = [] if command is None else COMMAND.encode(command)
    except ValueError as error:
        raise BadInput("command", f"{error}.") from error
    return {**params, "command": [], "args": [*([] if words is MISSING else words), *(args or [])]}


def with_env_files(params: Values, node: Node) -> Values:
    """``env`` with what the files have; what both have is as ``env`` says, as in compose. No files have nothing."""
    if params["env_files"] is None:
        return params
    merged: Values = {}
    for path in params["env_files"]:
        merged.update(_read(path, node))
    try:
        own = ENV.decode(ENV.encode(params["env"])) if params["env"] is not None else {}
    except ValueError as error:
        raise BadInput("env", f"{error}.") from error
    return {**params, "env": {**merged, **own}}


def _read(path: str, node: Node) -> Values:
    try:
        return parse_env_file(node.read(path), node.environment())
    except OSError as error:
        raise BadInput("env_files", f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise BadInput("env_files", f"{path}: {error}.") from error


def resolved_image(resource: ServiceTask, image: str, decision: str, live: str | None) -> tuple[str, list[Document]]:
    """The image to write, with its digest where a registry is to be asked, and the platforms that it is made for."""
    if decision != ASK:
        return image, []
    header = resource.header(image) or {}
    pinned = resolve(resource.engine, image, header.get(AUTH_HEADER), resource.warn, live)
    return pinned.image, pinned.platforms or []
