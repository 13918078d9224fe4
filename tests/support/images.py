# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of images and what the docker command line (20.10) makes of them, for tests with and without engines."""

from __future__ import annotations

HEX = "0123456789abcdef" * 4
DIGEST = f"sha256:{HEX}"
LONG_DIGEST = f"sha512:{HEX}{HEX}"

# What `docker service create --no-resolve-image IMAGE` stores.
SPELLINGS = {
    "busybox": "busybox:latest",
    "docker.io/library/busybox": "busybox:latest",
    "docker.io/busybox:1": "busybox:1",
    "index.docker.io/library/busybox": "busybox:latest",
    "library/busybox": "busybox:latest",
    "docker.io/foo/bar": "foo/bar:latest",
    "foo/bar:1.0": "foo/bar:1.0",
    "library/a/b": "library/a/b:latest",
    "docker.io/library/a/b": "library/a/b:latest",
    "a__b": "a__b:latest",
    "a---b": "a---b:latest",
    "a.b": "a.b:latest",
    "a/a/a/x": "a/a/a/x:latest",
    "registry:5000/app": "registry:5000/app:latest",
    "registry:5000/app:1": "registry:5000/app:1",
    "registry:5000/library/app": "registry:5000/library/app:latest",
    "localhost/app": "localhost/app:latest",
    "localhost:5000/app": "localhost:5000/app:latest",
    "Foo.example/bar": "Foo.example/bar:latest",
    "quay.io/a/b/c:x": "quay.io/a/b/c:x",
    "busybox:V1_x.y-z": "busybox:V1_x.y-z",
    f"busybox:{'t' * 128}": f"busybox:{'t' * 128}",
    f"busybox@{DIGEST}": f"busybox@{DIGEST}",
    f"busybox:1@{DIGEST}": f"busybox:1@{DIGEST}",
    f"docker.io/library/busybox:1@{DIGEST}": f"busybox:1@{DIGEST}",
    f"busybox@{LONG_DIGEST}": f"busybox@{LONG_DIGEST}",
    DIGEST: DIGEST,
    "sha256:abc": "sha256:abc",
}

# What newer command lines store and 20.10 leaves as it is (or its engine refuses).
NEWER_SPELLINGS = {
    "[::1]:5000/app": "[::1]:5000/app:latest",
    f"docker.io/{'x' * 247}": f"{'x' * 247}:latest",
}

# What no engine takes, and a word of what we say about it.
MISTAKES = {
    "": "empty",
    " ": "empty",
    " busybox": "contains spaces",
    "busy box": "contains spaces",
    "busybox:a b": "contains spaces",
    "busybox\n": "contains spaces",
    "Busybox": "'busybox' instead of 'Busybox'",
    "foo/Bar": "'foo/bar' instead of 'foo/Bar'",
    "busybox:": "the tag after the colon is missing",
    "busybox:-x": "the tag '-x'",
    "busybox:1:2": "the tag '1:2'",
    "busybox:ä": "the tag 'ä'",
    f"x:{'t' * 129}": "up to 128",
    "busybox@": "the digest ''",
    "busybox@sha256:12": "the digest 'sha256:12'",
    f"busybox@{HEX}": "sha256: and 64 digits",
    f"busybox@{DIGEST.upper()}": "0-9 and a-f",
    f"busybox@md5:{HEX[:32]}": "the digest 'md5:",
    HEX: f"write an image's ID as sha256:{HEX}",
    "a___b": "'a___b'",
    "a..b": "'a..b'",
    "/x": "'/x'",
    "x/": "'x/'",
    "x//y": "'x//y'",
    "x_": "'x_'",
    "host:port/x": "the port 'port' of the registry 'host'",
    "-x.example.com/y": "'-x.example.com' is not a valid registry host",
    "http://x/y": "remove http://",
    "x" * 256: "more than 255",
}

# What engines take, and can pull from nowhere.
REFUSED = {"FOO/bar": "'foo/bar' instead of 'FOO/bar'", "h_x.io/a": "'h_x.io' is not a valid registry host"}
