# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which values of daemon.json are secrets: tokens of log drivers, and logins in URLs of proxies and mirrors."""

from __future__ import annotations

import re

#: Names such as splunk-token, logentries-token and aws_secret_access_key.
_NAME = re.compile(
    r"token|secret|passw|passphrase|pwd|credential|api.?key|access.?key|private.?key|authorization", re.I
)
#: A value such as http://user:password@proxy, with or without a scheme.
_LOGIN = re.compile(r"[^/@\s]*:[^/@\s]*@")


def has_secrets(document: object, name: str = "") -> bool:
    """Return whether a value, or one below it, is a secret by its name or as a URL with a login."""
    if isinstance(document, dict):
        return any(has_secrets(value, str(key)) for key, value in document.items())
    if isinstance(document, (list, tuple)):
        return any(has_secrets(value, name) for value in document)
    if document in (None, "") or isinstance(document, bool):
        return False
    return bool(_NAME.search(name) or _LOGIN.search(str(document)))
