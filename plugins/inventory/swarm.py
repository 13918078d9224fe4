# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm
short_description: Use the nodes of a Docker swarm as hosts
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Reads the nodes of a swarm from one of its managers and adds each node as a host, in groups by role, state, availability,
    labels and platform. The playbooks of this collection use the groups V(managers) and V(workers).
  - Requires a configuration file whose name ends in C(.swarm.yml) or C(.swarm.yaml).
  - Sends two requests for any number of nodes.
  - All values from the swarm, such as labels and host names, are data and are never evaluated as templates. The plugin never
    reads tokens or keys.
extends_documentation_fragment:
  - constructed
  - inventory_cache
options:
  plugin:
    description: Marks the file as a configuration of this plugin.
    type: str
    required: true
    choices: [hive.swarm.swarm]
  docker_host:
    description:
      - URL of an engine, or a list of URLs. They are tried in this order until a manager with quorum responds.
      - C(unix://) is a local socket. C(ssh://) uses the Docker SDK for Python with paramiko on the controller, or the program
        C(ssh), see O(use_ssh_client). C(known_hosts) must contain the key of an ssh host.
      - Requests go to these addresses only. Redirects are refused. Proxies, C(.netrc) and E(REQUESTS_CA_BUNDLE) of the
        environment are not used. Responses larger than 64 MiB are refused.
      - V(context://NAME) selects a context of the docker CLI, with its certificates. V(context://) selects the current
        context.
      - If an engine is a worker, the plugin also tries the managers that the worker lists, with the same scheme, user and
        port. This is not possible with a C(unix://) socket, where the failure names the managers. So workers in the list are
        trusted to name their managers. The plugin uses up to 16 IP addresses from workers, tries them after the whole list,
        and spends at most twice O(timeout) on all of them.
      - If this option is not set, the environment variable E(DOCKER_HOST) is used, then the context in E(DOCKER_CONTEXT), then
        C(unix:///var/run/docker.sock).
    type: list
    elements: str
    aliases: [docker_url]
    env:
      - name: DOCKER_HOST
  tls_hostname:
    description:
      - Name to expect in the engines' certificates, if it differs from the name in O(docker_host).
      - With C(tcp://), this option, O(ca_path), O(client_cert) and O(client_key) need O(validate_certs) or O(tls).
    type: str
    env:
      - name: DOCKER_TLS_HOSTNAME
  api_version:
    description: Version of the Docker API to use. The default is the engine's own version.
    type: str
    default: auto
    aliases: [docker_api_version]
    env:
      - name: DOCKER_API_VERSION
  timeout:
    description: Seconds within which each response of an engine must be complete.
    type: int
    default: 30
    aliases: [time_out]
    env:
      - name: DOCKER_TIMEOUT
  ca_path:
    description:
      - File with the CA certificate that verifies the engines' certificates.
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
    description: Use TLS without verifying the engine's certificate. O(validate_certs) takes precedence.
    type: bool
    default: false
    env:
      - name: DOCKER_TLS
  validate_certs:
    description: Use TLS and verify the engine's certificate.
    type: bool
    default: false
    aliases: [tls_verify]
    env:
      - name: DOCKER_TLS_VERIFY
  use_ssh_client:
    description:
      - For C(ssh://) use the program C(ssh) instead of the Python package C(paramiko). The host then needs the docker CLI.
      - Always the case if the Docker SDK for Python is not installed.
    type: bool
    default: false
  hostnames:
    description:
      - Sources of the hosts' names. The plugin uses the first one that gives a usable name, and the node's ID as the last
        resort.
      - V(hostname) is the host name that the engine reports, V(name) the name in the node's spec, V(id) its ID, V(address) the
        address that Ansible connects to, V(label:KEY) a label of the node and V(engine_label:KEY) a label of its engine.
      - A value with C({{) is a template that can use the host's variables.
      - Names with another meaning in Ansible are not usable, such as C(localhost), C(all), the name of a group for roles, or
        names with spaces, slashes, colons or braces.
      - The node itself reports its host name, so a compromised worker can report another one. V(label:KEY), V(name) and V(id)
        are set by a manager. Use V(["label:KEY", "id"]) if host variables contain secrets.
      - If several nodes have the same name, the name goes to a manager that the other managers reach, then to the node that a
        manager has named, then to a manager, then to the node that is ready. The other nodes get their ID appended. If only
        workers of equal rank have the name, none of them gets it. A warning reports each case.
      - If a node reports the name of a host from another inventory source, its ID is appended to the name, unless the name or
        C(ansible_host) of that host is the address at which the managers list the node. A name that a manager has set is
        merged with that host.
    type: list
    elements: str
    default: [hostname]
  address_from:
    description:
      - Sources of C(ansible_host). The plugin uses the first one that gives an address.
      - V(manager_address) is the address at which managers reach each other, V(address) the address at which the managers list
        the node, V(hostname) its host name, and V(label:KEY) a label of the node.
      - Loopback addresses, C(0.0.0.0), and values that are neither an address nor a host name are skipped. A manager that was
        elected after a failure has C(0.0.0.0) as its V(address), even if it is dead.
    type: list
    elements: str
    default: [manager_address, address, "label:ansible_host", hostname]
  hostvars_prefix:
    description:
      - Prefix of the names of host variables.
      - V(swarm_) is refused, because the role P(hive.swarm.cluster#role) reads the desired state of a node from
        C(swarm_labels) and C(swarm_availability), while these variables contain its live state.
    type: str
    default: swarm_node_
  raw:
    description: Whether to also add the engine's API object of the node to each host, as C(swarm_node_raw).
    type: bool
    default: false
  group_by:
    description:
      - Groups to create. The groups V(swarm) with all nodes and V(swarm_offline) with the nodes that are down always exist.
      - V(role) creates V(managers) and V(workers), V(leader) creates V(swarm_leader), V(availability) creates
        V(swarm_active), V(swarm_pause) and V(swarm_drain), V(state) creates V(swarm_ready), V(swarm_down) and so on.
      - V(label) creates V(swarm_label_KEY_VALUE), or V(swarm_label_KEY) if the value is empty. V(engine_label) creates
        V(swarm_engine_label_KEY_VALUE). V(platform) creates V(swarm_os_linux), V(swarm_arch_x86_64) and so on.
      - V(service) creates V(swarm_service_NAME), and V(stack) creates V(swarm_stack_NAME), with the nodes that run a task of
        it. Both need two more requests, for any number of nodes.
    type: list
    elements: str
    choices: [role, leader, availability, state, label, engine_label, platform, service, stack]
    default: [role, leader, availability, state, label, engine_label, platform]
  group_prefix:
    description:
      - Prefix of the names of all groups except those of roles. The group of all nodes has this name without its last
        underscore.
    type: str
    default: swarm_
  managers_group:
    description: Name of the group of managers.
    type: str
    default: managers
  workers_group:
    description: Name of the group of workers.
    type: str
    default: workers
  offline:
    description:
      - How to handle offline nodes, which are V(down) or V(disconnected) and not a manager that the others reach. A node is
        V(unknown) for some seconds after an election of managers, which counts as online.
      - V(include) adds them to all groups, and to V(swarm_offline). V(group) adds them only to V(swarm_offline) and to the
        groups of all nodes and of their state, so that plays on C(managers) or C(workers) do not wait for them. V(exclude)
        omits them.
      - The stale entry of a machine that was wiped and has joined again as another node is only in the groups V(swarm),
        V(swarm_former) and that of its state, whatever the value of this option. V(exclude) omits it.
    type: str
    choices: [include, group, exclude]
    default: include
  filters:
    description:
      - Only nodes that match these filters of the engine. Supported are C(id), C(label) (of the engine), C(membership),
        C(name), C(node.label) and C(role).
      - A value is a string or a list of strings, one of which must match. C(id) and C(name) match prefixes.
    type: dict
    default: {}
  query:
    description:
      - Only nodes that this JMESPath expression selects. The expression is applied to the list of nodes as
        M(hive.swarm.swarm_node_info) returns it, and its result must be a list of nodes, of IDs or of host names.
      - Needs the Python package C(jmespath) on the controller.
    type: str
  include:
    description:
      - Only nodes for which one of these expressions is true. They are Jinja2 expressions that can use the host's variables,
        applied after O(query).
      - An expression that fails, for example because a label does not exist, is not true. With O(strict=true) it is an error.
    type: list
    elements: str
    default: []
  exclude:
    description: Only nodes for which none of these expressions is true. Like O(include), and applied after it.
    type: list
    elements: str
    default: []
requirements:
  - Docker Engine 20.10 or newer (Docker API 1.41)
  - Docker SDK for Python 5.0.3 or newer with paramiko, or the program C(ssh), only for C(ssh://)
  - jmespath, only for O(query)
notes:
  - With O(cache=true) the last response is cached and used as long as it is younger than O(cache_timeout). If the swarm has no
    quorum or no manager is reachable, it is used regardless of its age, with a warning. C(--flush-cache) ignores it.
  - An engine that does not respond delays the inventory by O(timeout) seconds.
seealso:
  - module: hive.swarm.swarm_node_info
  - ref: ansible_collections.hive.swarm.docsite.guide_inventory
    description: A guide with output, and with the steps to migrate from community.docker.docker_swarm.
"""

EXAMPLES = r"""
# Everything by default, from the engine of this machine. File name: my.swarm.yml
plugin: hive.swarm.swarm

---
# Three managers, of which any one will do, through ssh
plugin: hive.swarm.swarm
docker_host:
  - ssh://admin@manager1.example
  - ssh://admin@manager2.example
  - ssh://admin@manager3.example
use_ssh_client: true

---
# TLS; nodes by the name in a label, and those that are down out of the way
plugin: hive.swarm.swarm
docker_host: [tcp://192.0.2.11:2376, tcp://192.0.2.12:2376]
validate_certs: true
ca_path: ~/certs/ca.pem
client_cert: ~/certs/cert.pem
client_key: ~/certs/key.pem
hostnames: ["label:hive.swarm.host", id]  # the label that the role sets with cluster_host_label: hive.swarm.host
offline: group

---
# A context of the docker CLI, the last answer for ten minutes and in emergencies, and groups of one's own
plugin: hive.swarm.swarm
docker_host: context://production
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/swarm
cache_timeout: 600
compose:
  ansible_user: "'admin'"
  gigabytes: swarm_node_memory_bytes // 2 ** 30
groups:
  big: swarm_node_memory_bytes > 32 * 2 ** 30
keyed_groups:
  - key: swarm_node_labels.rack
    prefix: rack

---
# Some nodes only: by the engine, by JMESPath and by expressions
plugin: hive.swarm.swarm
filters:
  role: worker
query: "[?labels.disk == 'ssd' && availability == 'active']"
exclude:
  - swarm_node_engine_version is version('24', '<')
group_by: [role, state, service]
"""


from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable, get_cache_plugin

from ..module_utils._core.errors import MissingLibrary, SwarmError
from ..module_utils._core.query import check_query, run_query
from ..module_utils._core.redaction import printable
from ..module_utils._core.validators import did_you_mean
from ..module_utils._core.values import Values
from ..module_utils._engine.connection import connection_spec
from ..module_utils._engine.lists import api_filters
from ..module_utils._frontend.argument_errors import inventory_hint
from ..module_utils._node.info import CHOICES, FILTERS
from ..plugin_utils._inventory.addresses import address_of, check_sources, check_texts
from ..plugin_utils._inventory.cache import Cache, age_of, duration_text, key_of
from ..plugin_utils._inventory.choice import is_offline, queried, stale_entries
from ..plugin_utils._inventory.endpoints import endpoints
from ..plugin_utils._inventory.groups import GroupOptions, groups_of
from ..plugin_utils._inventory.names import check_preferences, complaints, name_nodes
from ..plugin_utils._inventory.neighbours import others
from ..plugin_utils._inventory.reading import NoManager, ReadOptions, read_swarm
from ..plugin_utils._inventory.variables import variables


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """What the engine says reaches Ansible as plain strings, which since ansible-core 2.19 are never templates."""

    NAME = "hive.swarm.swarm"

    def verify_file(self, path: str) -> bool:
        return path.endswith((".swarm.yml", ".swarm.yaml")) and super().verify_file(path)

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        config = loader.load_from_file(path, cache="none")
        _refuse_foreign_options(config)
        self._read_config_data(path)
        self._warn_of_unknown(config)
        try:
            self._populate(path, cache)
        except MissingLibrary as error:
            message = f"{printable(error.message)} Install the Python package {error.library} on the controller."
            raise AnsibleParserError(message) from None
        except SwarmError as error:
            # Without its cause, which Ansible shows as well, as it is.
            raise AnsibleParserError(printable(error.message)) from None

    def _warn_of_unknown(self, config: Values) -> None:
        """Ansible ignores options that a plugin does not have, and so misspelt ones."""
        known = ["plugin", *self.get_options()]
        for option in config:
            if option not in known:
                self.display.warning(printable(f"{option}: unknown option, ignored{did_you_mean(str(option), known)}"))

    # What is known

    def _populate(self, path: str, cache: bool) -> None:
        query = check_query(self.get_option("query"))
        check_preferences(self.get_option("hostnames"))
        check_sources(self.get_option("address_from"))
        for option in ("include", "exclude"):
            check_texts(option, self.get_option(option) or [])
        snapshot = self._snapshot(path, cache)
        nodes = snapshot["nodes"]
        chosen = queried(nodes, run_query(query, nodes)) if query else nodes
        self._add_hosts(path, snapshot, chosen)

    def _snapshot(self, path: str, may_read: bool) -> Values:
        """The swarm's answer, or a kept one."""
        found = endpoints(self.get_option("docker_host"))
        wanted = ReadOptions(
            api_filters(self.get_option("filters"), "nodes", FILTERS, CHOICES),
            self.get_option("raw"),
            bool({"service", "stack"} & set(self.get_option("group_by"))),
        )
        options = {name: self.get_option(name) for name in connection_spec() if name != "docker_host"}
        options["docker_host"] = None
        if not self.get_option("cache"):
            return read_swarm(found, options, wanted, self.display.vvv)
        kept = self._open_cache(path, found, wanted)
        snapshot = kept.fresh() if may_read else None
        if snapshot is None:
            try:
                snapshot = read_swarm(found, options, wanted, self.display.vvv)
            except NoManager as error:
                return self._stale(kept, error, may_read)
            kept.keep(snapshot)
        return snapshot

    def _open_cache(self, path: str, *asked: object) -> Cache:
        """Ansible's cache plugin, which is never to forget: see Cache."""
        places = {"_uri": self.get_option("cache_connection"), "_prefix": self.get_option("cache_prefix")}
        given = {name: value for name, value in places.items() if value is not None}
        self._cache = get_cache_plugin(self.get_option("cache_plugin"), _timeout=0, **given)
        return Cache(self._cache, key_of(self.get_cache_key(path), *asked), self.get_option("cache_timeout"))

    def _stale(self, kept: Cache, error: NoManager, may_read: bool) -> Values:
        snapshot = kept.stale() if may_read and error.passing else None
        if snapshot is None:
            raise error
        self.display.warning(
            f"{printable(error.message)} The nodes are those of {duration_text(age_of(snapshot))} ago, from the cache (source:"
            f" {snapshot['endpoint']}); roles, states and addresses may have changed since."
        )
        return snapshot

    # What becomes of it

    def _add_hosts(self, path: str, snapshot: Values, chosen: list[Values]) -> None:
        """All nodes count for names, so that they are the same whatever is chosen."""
        listed, services = snapshot["nodes"], snapshot["services"]
        naming = self._naming()
        addresses = {node["id"]: address_of(node, self.get_option("address_from")) for node in listed}
        former = stale_entries(listed, lambda node: addresses[node["id"]])
        facts = {node["id"]: self._variables(node, addresses[node["id"]]) for node in listed}
        names = name_nodes(
            [{**node, "address": addresses[node["id"]], "seen_at": node["address"]} for node in listed],
            self.get_option("hostnames"),
            lambda template, node: self._render(template, facts[node["id"]]),
            self._group_names(naming, listed, snapshot["services"]),
            others(self.inventory, self.loader, path, self.get_option("hostvars_prefix") + "id"),
        )
        offline = self.get_option("offline")
        shown = [
            node
            for node in chosen
            if self._is_wanted(facts[node["id"]])
            and not (offline == "exclude" and (is_offline(node) or node["id"] in former))
        ]
        for sentence in complaints(names, {node["id"] for node in shown}):
            self.display.warning(printable(sentence))
        self._add_groups(naming)
        for node in sorted(shown, key=lambda node: names.by_id[node["id"]]):
            groups = groups_of(node, services.get(node["id"], {}), naming, node["id"] in former, offline == "group")
            self._add_host(names.by_id[node["id"]], facts[node["id"]], groups)

    def _group_names(self, naming: GroupOptions, nodes: list[Values], services: Values) -> set[str]:
        """All groups that this source makes, and those of the sources before it."""
        made = {name for node in nodes for name in groups_of(node, services.get(node["id"], {}), naming, False, False)}
        fit = {self._sanitize_group_name(name) for name in made | naming.fixed}
        return {*fit, *(self.get_option("groups") or {}), *self.inventory.groups}

    def _naming(self) -> GroupOptions:
        roles = {"manager": self.get_option("managers_group"), "worker": self.get_option("workers_group")}
        return GroupOptions(self.get_option("group_prefix"), roles, frozenset(self.get_option("group_by")))

    def _variables(self, node: Values, address: str) -> Values:
        found = variables(node, self.get_option("hostvars_prefix"))
        return {**found, "ansible_host": address} if address else found

    def _render(self, template: str, facts: Values) -> str:
        """A name from a template; nothing where it fails, unless options are strict."""
        self._offer(facts)
        try:
            return str(self.templar.template(template))
        except Exception as error:
            if self.get_option("strict"):
                raise AnsibleParserError(f"hostnames: {template!r} fails: {error}") from error
            return ""

    def _offer(self, facts: Values) -> None:
        """What templates and expressions see; as Constructable has it for its own."""
        extra = self._vars if self.get_option("use_extra_vars") else {}
        self.templar.available_variables = {**facts, **(extra or {})}

    def _is_wanted(self, facts: Values) -> bool:
        include, exclude = self.get_option("include"), self.get_option("exclude")
        return (not include or self._any_true("include", include, facts)) and not (
            exclude and self._any_true("exclude", exclude, facts)
        )

    def _any_true(self, option: str, expressions: list[str], facts: Values) -> bool:
        self._offer(facts)
        for expression in expressions:
            try:
                if self.templar.evaluate_conditional(expression):
                    return True
            except Exception as error:
                if self.get_option("strict"):
                    raise AnsibleParserError(f"{option}: {expression!r} fails: {error}") from error
        return False

    def _add_groups(self, naming: GroupOptions) -> None:
        """Those that plays name are there, though they may be empty."""
        for group in (naming.everything, *(naming.roles.values() if "role" in naming.kinds else ())):
            self.inventory.add_group(self._sanitize_group_name(group))

    def _add_host(self, name: str, facts: Values, groups: list[str]) -> None:
        if name in self.inventory.groups:  # one that keyed_groups has made
            name = f"{name}_{facts[self.get_option('hostvars_prefix') + 'id']}"
        self.inventory.add_host(name)
        for variable, value in facts.items():
            self.inventory.set_variable(name, variable, value)
        for group in groups:
            self.inventory.add_child(self.inventory.add_group(self._sanitize_group_name(group)), name)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), facts, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), facts, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), facts, name, strict=strict)


def _refuse_foreign_options(config: object) -> None:
    """Ansible ignores options that a plugin does not have; those of community.docker are refused with what to use."""
    hints = [inventory_hint(option, value) for option, value in config.items()] if isinstance(config, dict) else []
    if any(hints):
        raise AnsibleParserError(" ".join(filter(None, hints)))
