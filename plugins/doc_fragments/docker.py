# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the connection options, in step with module_utils/_connection.py."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  docker_host:
    description:
      - The engine to talk to, as the URL of its socket.
      - C(unix://) and C(tcp://) need no Python package on the managed node. C(ssh://) needs the Docker SDK for Python with
        paramiko there, or the C(ssh) program with O(use_ssh_client=true). The key of an ssh host must be in C(known_hosts).
      - Requests go to this address and nowhere else. Redirects are refused, and proxies (E(HTTP_PROXY), E(HTTPS_PROXY),
        E(ALL_PROXY)), C(.netrc) and E(REQUESTS_CA_BUNDLE) of the environment are not used.
      - An answer larger than 64 MiB is refused.
      - V(context://NAME) is a context of the docker command line, with its certificates. V(context://) is the one in use.
        It is read on the managed node, from the folder of the user that the task runs as (E(DOCKER_CONFIG), or
        C(~/.docker)).
      - If it is not given, the environment variable E(DOCKER_HOST) is used.
    type: str
    default: unix:///var/run/docker.sock
    aliases: [docker_url]
  tls_hostname:
    description:
      - The name to expect in the engine's certificate, where it differs from the name in O(docker_host).
      - With C(tcp://), this option, O(ca_path), O(client_cert) and O(client_key) need O(validate_certs) or O(tls). Without
        them the task fails, rather than send its request in clear.
      - If it is not given, the environment variable E(DOCKER_TLS_HOSTNAME) is used.
    type: str
  api_version:
    description:
      - The version of the Docker API to use. By default the engine's own.
      - If it is not given, the environment variable E(DOCKER_API_VERSION) is used.
    type: str
    default: auto
    aliases: [docker_api_version]
  timeout:
    description:
      - Seconds until one answer of the engine must be complete.
      - If it is not given, the environment variable E(DOCKER_TIMEOUT) is used.
    type: int
    default: 60
  ca_path:
    description:
      - File with the certificate authority to check the engine's certificate against.
      - If it is not given and the environment variable E(DOCKER_CERT_PATH) is set, C(ca.pem) in that folder is used.
    type: path
    aliases: [ca_cert, tls_ca_cert, cacert_path]
  client_cert:
    description:
      - File with the client's TLS certificate.
      - If it is not given and the environment variable E(DOCKER_CERT_PATH) is set, C(cert.pem) in that folder is used.
    type: path
    aliases: [tls_client_cert, cert_path]
  client_key:
    description:
      - File with the key of O(client_cert).
      - If it is not given and the environment variable E(DOCKER_CERT_PATH) is set, C(key.pem) in that folder is used.
    type: path
    aliases: [tls_client_key, key_path]
  tls:
    description:
      - Use TLS without checking the engine's certificate. O(validate_certs) takes precedence.
      - If it is not given, the environment variable E(DOCKER_TLS) is used.
    type: bool
    default: false
  validate_certs:
    description:
      - Use TLS and check the engine's certificate.
      - If it is not given, the environment variable E(DOCKER_TLS_VERIFY) is used.
    type: bool
    default: false
    aliases: [tls_verify]
  use_ssh_client:
    description:
      - For C(ssh://) use the C(ssh) program instead of the Python package C(paramiko). The engine's host needs the docker CLI.
    type: bool
    default: false
requirements:
  - Docker Engine 20.10 or newer (Docker API 1.41)
  - Docker SDK for Python 5.0.3 or newer, only for O(docker_host) with C(ssh://) and without O(use_ssh_client)
"""

    WAIT = r"""
options:
  wait:
    description:
      - Whether to wait until the swarm has got to where the task wants it.
      - With V(false) the task ends as soon as the engine has accepted the order.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait at most. The failure says what was being waited for.
    type: int
    default: 120
"""
