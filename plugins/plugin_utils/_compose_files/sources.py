# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the files of a task are looked for, and how they are read: on the controller, or on the node.

Both have the same methods, so nothing else knows the difference:

    on_controller               whether files are the controller's own, which may use its environment
    find(path, beside) -> str   the whole path; beside is a folder that is looked in first; raises PathError
    folder(path) -> str         the whole path of a folder; raises PathError
    default(playbook) -> str    the folder of a task without files
    read(path) -> bytes         the content behind a whole path; raises OSError
"""

from __future__ import annotations

import os
import posixpath
import typing as t

from ansible.errors import AnsibleFileNotFound

from ...module_utils._core.errors import BadInput

_VAULT = b"$ANSIBLE_VAULT;"
_HEAD = len(_VAULT)


class PathError(Exception):
    """The path is not one of a file, with the reason. The caller names the option that has the path."""


class Source(t.Protocol):
    on_controller: bool

    def find(self, path: str, beside: str | None = None) -> str: ...

    def folder(self, path: str) -> str: ...

    def default(self, playbook: str) -> str: ...

    def read(self, path: str) -> bytes: ...


class OnController:
    """:param search: Ansible's, path to whole path: the role's and the playbook's files and folders.
    :param decrypted: whole path to the path of a temporary file with the content that ansible-vault hides.
    :param forget: removes that temporary file, which Ansible would keep until the playbook ends.
    """

    def __init__(
        self, search: t.Callable[[str], str], decrypted: t.Callable[[str], str], forget: t.Callable[[str], None]
    ) -> None:
        self.on_controller = True
        self._search = search
        self._decrypted = decrypted
        self._forget = forget
        self._read: dict[str, bytes] = {}

    def find(self, path: str, beside: str | None = None) -> str:
        if beside and os.path.exists(os.path.join(beside, path)):
            return os.path.join(beside, path)
        try:
            return self._search(path)
        except AnsibleFileNotFound as error:
            searched = ", ".join(dict.fromkeys(str(one) for one in error.paths or ()))
            looked = f"; looked for it at {searched}" if searched else ""
            raise PathError(
                f"{path} is not on the controller{looked}. With remote_src it is read on the node."
            ) from None

    def folder(self, path: str) -> str:
        return self.find(path)

    def default(self, playbook: str) -> str:
        return playbook

    def read(self, path: str) -> bytes:
        if path not in self._read:
            self._read[path] = self._content(path)
        return self._read[path]

    def _content(self, path: str) -> bytes:
        with open(path, "rb") as file:
            data = file.read()
        if data[:_HEAD] != _VAULT:
            return data
        plain = self._decrypted(path)
        try:
            with open(plain, "rb") as file:
                return file.read()
        finally:
            self._forget(plain)


class OnNode:
    """:param content: path to bytes, or OSError. :param expand: ``~/stack`` to a whole path."""

    def __init__(self, content: t.Callable[[str], bytes], expand: t.Callable[[str], str]) -> None:
        self.on_controller = False
        self._content = content
        self._expand = expand
        self._read: dict[str, bytes] = {}

    def find(self, path: str, beside: str | None = None) -> str:
        path = self._expand(path) if path.startswith("~") else path
        if posixpath.isabs(path):
            return path
        if not beside:
            raise PathError(f"{path} is read on the node, so it must be absolute, or below an absolute project_src.")
        return posixpath.join(beside, path)

    def folder(self, path: str) -> str:
        return self.find(path)

    def default(self, playbook: str) -> str:
        raise BadInput("project_src", "with remote_src and no path in compose it must be given.")

    def read(self, path: str) -> bytes:
        if path not in self._read:
            self._read[path] = self._content(path)
        return self._read[path]
