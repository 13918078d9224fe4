# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The message where an engine closes a TLS connection because it requires a certificate of the client."""

from __future__ import annotations

import ssl

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.tcp import TcpTransport
from ansible_collections.hive.swarm.plugins.module_utils._engine.transport import ConnectionEnded

OPTIONS = {
    "docker_host": "tcp://192.0.2.1:2376",
    "tls": True,
    "validate_certs": False,
    "tls_hostname": None,
    "ca_path": None,
    "client_cert": None,
    "client_key": None,
}


@pytest.mark.parametrize(
    "error",
    [
        ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2590)"),
        ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:2427)"),
        ConnectionResetError(104, "Connection reset by peer"),
        BrokenPipeError(32, "Broken pipe"),
        ConnectionEnded("the connection ended"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_each_way_to_see_the_refusal_names_the_options(error):
    assert "client_cert and client_key" in TcpTransport(OPTIONS).why(error, 5)
