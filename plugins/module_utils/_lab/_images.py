# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images for the engines of a lab, without a registry: a tiny one made of busybox, or archives."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from http.client import HTTPException

from . import _http as http
from ._errors import LabError
from ._run import run, which
from ._spec import Image

#: The image's label that says what it was made of.
LABEL = "hive.swarm.lab"
_PLATFORMS = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "ppc64le": "ppc64le", "s390x": "s390x"}


def busybox_path() -> str:
    """The statically linked busybox of the system."""
    path = which("busybox")
    if not path:
        raise LabError("the command 'busybox' is missing; install busybox-static")
    if not _static(path):
        raise LabError(f"{path} is not statically linked; install busybox-static instead of busybox")
    return path


def _static(path: str) -> bool:
    # A program that wants a dynamic linker names it in a segment of type PT_INTERP (elf(5)).
    with open(path, "rb") as file:
        return b"/ld-" not in file.read(4096)


def _add(
    archive: tarfile.TarFile, name: str, data: bytes = b"", mode: int = 0o644, link: str = "", folder: bool = False
) -> None:
    info = tarfile.TarInfo(name)
    info.mode, info.size = mode, len(data)
    if link:
        info.type, info.linkname = tarfile.SYMTYPE, link
    elif folder:
        info.type = tarfile.DIRTYPE
    archive.addfile(info, io.BytesIO(data))


def _layer(binary: bytes, applets: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in ("bin", "etc", "root", "var", "var/www"):
            _add(archive, name, mode=0o755, folder=True)
        _add(archive, "tmp", mode=0o1777, folder=True)
        _add(archive, "bin/busybox", binary, mode=0o755)
        for applet in sorted(set(applets.split()) - {"busybox"}):
            _add(archive, f"bin/{applet}", link="busybox")
        _add(archive, "etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n")
        _add(archive, "etc/group", b"root:x:0:\nnogroup:x:65534:\n")
        _add(archive, "var/www/index.html", b"lab\n")
    return buffer.getvalue()


class Busybox:
    """Makes the test image under any name, equal on all engines: the same name gives the same ID."""

    def __init__(self) -> None:
        self._path = busybox_path()
        self._layer: bytes | None = None

    def content(self, name: str) -> str:
        """What an image of that name is made of; the binary is told by its size and time."""
        stat = os.stat(self._path)
        return hashlib.sha256(f"1 {name} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:16]

    def archive(self, name: str) -> bytes:
        """The image in the format that `docker load` reads."""
        if self._layer is None:
            with open(self._path, "rb") as file:
                self._layer = _layer(file.read(), run([self._path, "--list"]))
        digest = hashlib.sha256(self._layer).hexdigest()
        config = {
            "architecture": _PLATFORMS.get(os.uname().machine, os.uname().machine),
            "os": "linux",
            "created": "2026-01-01T00:00:00Z",
            "config": {"Cmd": ["sh"], "Env": ["PATH=/bin"], "Labels": {LABEL: self.content(name)}},
            "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "hive.swarm lab"}],
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        }
        text = json.dumps(config, sort_keys=True).encode()
        config_name = hashlib.sha256(text).hexdigest() + ".json"
        manifest = [{"Config": config_name, "RepoTags": [name], "Layers": [f"{digest}/layer.tar"]}]
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            _add(archive, config_name, text)
            _add(archive, f"{digest}/layer.tar", self._layer)
            _add(archive, "manifest.json", json.dumps(manifest).encode())
        return buffer.getvalue()


class Store:
    """Brings images to engines, and knows which are there already."""

    def __init__(self) -> None:
        self._busybox: Busybox | None = None
        self._archives: dict[str, bytes] = {}

    def _maker(self) -> Busybox:
        if self._busybox is None:
            self._busybox = Busybox()
        return self._busybox

    def present(self, socket: str, image: Image) -> bool:
        """Whether the engine has the image (for the test image: as it would be made now)."""
        live = http.get(socket, f"/images/{image.name}/json")
        if live is None or image.archive:
            return live is not None
        labels = live["Config"].get("Labels") or {}
        return labels.get(LABEL) == self._maker().content(image.name)

    def prepare(self, image: Image) -> None:
        """Make or read the archive once, before engines load it side by side."""
        if image.name in self._archives:
            return
        if not image.archive:
            self._archives[image.name] = self._maker().archive(image.name)
            return
        try:
            with open(image.archive, "rb") as file:
                self._archives[image.name] = file.read()
        except OSError as error:
            raise LabError(f"image {image.name!r}: {image.archive}: {error.strerror}") from error

    def load(self, socket: str, image: Image) -> None:
        """Load the image into an engine."""
        self.prepare(image)
        try:
            status, body = http.request(
                socket, "POST", "/images/load?quiet=1", self._archives[image.name], "application/x-tar"
            )
        except (OSError, HTTPException) as error:
            raise LabError(f"image {image.name!r}: {error}") from error
        text = body.decode("utf-8", "replace").strip()
        if status != 200 or "errorDetail" in text:
            raise LabError(f"image {image.name!r}: {text or status}")
        if not self.present(socket, image):
            raise LabError(f"image {image.name!r}: {image.archive or 'the archive'} does not hold it")
