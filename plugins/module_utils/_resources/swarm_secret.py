# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One secret, or the line of its versions."""

from __future__ import annotations

from .blob.kinds import SECRET
from .blob.resource import Blob
from .blob.schemas import argument_spec

ARGUMENT_SPEC = argument_spec(SECRET)


class SwarmSecret(Blob):
    kind = SECRET
    unseen = ("data",)
