# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Docker SDK's errors are told as, with the versions of urllib3 of both legs."""

from __future__ import annotations

import socket

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._errors import Unreachable
from ansible_collections.hive.swarm.plugins.module_utils._transport_sdk import SdkTransport

OPTIONS = dict.fromkeys(("client_cert", "client_key", "ca_path", "use_ssh_client", "validate_certs", "tls_hostname"))


@pytest.mark.parametrize("tls", [False, True])
def test_an_address_without_a_listener_is_said_once(tls):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        transport = SdkTransport({**OPTIONS, "docker_host": url, "timeout": 5, "tls": tls})
        with pytest.raises(Unreachable) as error:
            transport.request("GET", "/info", None, 5)
    transport.close()
    assert error.value.message == (
        f"docker_host {url}: Failed to establish a new connection: [Errno 111] Connection refused"
    )
