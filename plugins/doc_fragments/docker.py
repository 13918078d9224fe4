# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the connection options, in step with module_utils/_engine/connection.py."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  docker_host:
    description:
      - URL of the engine's socket.
      - C(unix://) and C(tcp://) need no Python package on the managed node. C(ssh://) needs the Docker SDK for Python with
        paramiko there, or the C(ssh) program with O(use_ssh_client=true). C(known_hosts) must contain the key of an ssh host.
      - Requests go to this address only. Redirects are refused. Proxies (E(HTTP_PROXY), E(HTTPS_PROXY), E(ALL_PROXY)),
        C(.netrc) and E(REQUESTS_CA_BUNDLE) of the environment are not used.
      - Responses larger than 64 MiB are refused.
      - V(context://NAME) selects a context of the docker CLI, with its certificates. V(context://) selects the current
        context. The context is read on the managed node, from the Docker configuration directory of the user that the task
        runs as (E(DOCKER_CONFIG), or C(~/.docker)).
      - If this option is not set, the environment variable E(DOCKER_HOST) is used.
    type: str
    default: unix:///var/run/docker.sock
    aliases: [docker_url]
  tls_hostname:
    description:
      - Name to expect in the engine's certificate, if it differs from the name in O(docker_host).
      - With C(tcp://), this option, O(ca_path), O(client_cert) and O(client_key) need O(validate_certs) or O(tls). Without
        them the task fails instead of sending its request unencrypted.
      - If this option is not set, the environment variable E(DOCKER_TLS_HOSTNAME) is used.
    type: str
  api_version:
    description:
      - Version of the Docker API to use. The default is the engine's own version.
      - If this option is not set, the environment variable E(DOCKER_API_VERSION) is used.
    type: str
    default: auto
    aliases: [docker_api_version]
  timeout:
    description:
      - Seconds within which each response of the engine must be complete.
      - If this option is not set, the environment variable E(DOCKER_TIMEOUT) is used.
    type: int
    default: 60
  ca_path:
    description:
      - File with the CA certificate that verifies the engine's certificate.
      - If this option is not set and the environment variable E(DOCKER_CERT_PATH) is set, C(ca.pem) in that folder is used.
    type: path
    aliases: [ca_cert, tls_ca_cert, cacert_path]
  client_cert:
    description:
      - File with the client's TLS certificate.
      - If this option is not set and the environment variable E(DOCKER_CERT_PATH) is set, C(cert.pem) in that folder is used.
    type: path
    aliases: [tls_client_cert, cert_path]
  client_key:
    description:
      - File with the key of O(client_cert).
      - If this option is not set and the environment variable E(DOCKER_CERT_PATH) is set, C(key.pem) in that folder is used.
    type: path
    aliases: [tls_client_key, key_path]
  tls:
    description:
      - Use TLS without verifying the engine's certificate. O(validate_certs) takes precedence.
      - If this option is not set, the environment variable E(DOCKER_TLS) is used.
    type: bool
    default: false
  validate_certs:
    description:
      - Use TLS and verify the engine's certificate.
      - If this option is not set, the environment variable E(DOCKER_TLS_VERIFY) is used.
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
      - Whether to wait until the swarm has reached the desired state.
      - With V(false) the task ends as soon as the engine has accepted the request.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum number of seconds to wait. If the task fails, its message names the condition that it was waiting for.
    type: int
    default: 120
"""
