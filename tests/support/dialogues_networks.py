# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of the options of networks. Every script begins with a manager whose swarm has nothing in it, and takes
away what it has made on the engine itself."""

from __future__ import annotations

from .dialogue import Ask
from .dialogues_objects import attached, gone, network, seen

_POOL = {"Subnet": "10.88.0.0/24", "IPRange": "10.88.0.128/25", "AuxiliaryAddresses": {"h": "10.88.0.5"}}


def pools(*given, **more):
    """IPAM of a request."""
    return {"Config": list(given), **more}


# With a dash, names are no beginnings of IDs: the engine takes a network of the swarm by those before a local one by name.
def config(name="a-conf", status=201, message="", **more):
    """A config-only network is made, or not."""
    return Ask("POST", "/networks/create", status, message, {"Name": name, "ConfigOnly": True, **more})


def of_nodes(name="a-net", status=201, message="", **more):
    """A network of the swarm whose addresses are up to each node."""
    body = {"Name": name, "Driver": "macvlan", "Scope": "swarm", **more}
    return Ask("POST", "/networks/create", status, message, body)


_SEEN = Ask("GET", "/networks/a-net", until=lambda answer: bool(answer["Driver"]))
NETWORK_OPTIONS = {
    "several subnets": [
        network(IPAM=pools({"Subnet": "10.78.0.0/24"}, {"Subnet": "10.79.0.0/24", "Gateway": "10.79.0.7"})),
        seen(),
    ],
    "a range": [network(IPAM=pools(_POOL, Options={"a": "b"})), seen()],
    "a number of its own": [
        network(Options={"com.docker.network.driver.overlay.vxlanid_list": "5000"}),
        seen(),
    ],
    "never allocated": [
        network("m-net", IPAM=pools({"Subnet": "10.77.0.0/16"})),
        seen("/networks/m-net"),
        network(Labels={"a": "b"}, Options={"a": "b"}, IPAM=pools({"Subnet": "10.77.1.0/24"})),
        Ask("GET", "/networks/a-net"),
        gone("/networks/a-net"),
    ],
    "overlapping itself": [
        network(IPAM=pools({"Subnet": "10.77.0.0/16"}, {"Subnet": "10.77.0.0/24"})),
        Ask("GET", "/networks/a-net"),
    ],
    "bad addresses": [
        network("m", 400, "", IPAM=pools({"Subnet": "10.77.0.0/24", "Gateway": "10.78.0.1"})),
        network("m", 400, "", IPAM=pools({"Subnet": "10.77.0.0/24", "IPRange": "10.78.0.0/25"})),
    ],
    "config-only": [
        config(Options={"parent": "eth0"}, Labels={"a": "b"}, IPAM=pools(_POOL)),
        Ask("GET", "/networks/a-conf"),
        config("b-conf"),
        Ask("GET", "/networks/b-conf"),
        config(status=409, message="network with name a-conf already exists", CheckDuplicate=True),
        gone("/networks/a-conf"),
        gone("/networks/b-conf"),
    ],
    "bad config-only": [
        config(status=403, message="configuration network can only contain", Attachable=True),
        config(status=403, message="configuration network can only contain", Scope="swarm"),
        config(status=403, message="a configuration network cannot depend on", ConfigFrom={"Network": "b-conf"}),
    ],
    "config-from": [
        config(),
        of_nodes(ConfigFrom={"Network": "a-conf"}, Attachable=True),
        _SEEN,
        of_nodes("m", 403, "user specified configurations", ConfigFrom={"Network": "a-conf"}, Labels={"a": "b"}),
        of_nodes("m", 403, "network driver options", ConfigFrom={"Network": "a-conf"}, Options={"a": "b"}),
        gone("/networks/a-net"),
        gone("/networks/a-conf"),
    ],
    "config-from of an overlay": [
        config(),
        network(ConfigFrom={"Network": "a-conf"}),
        seen(),
        gone("/networks/a-conf"),
    ],
    "what nodes do is not told": [of_nodes(Options={"parent": "eth0"}, Labels={"a": "b"}, Internal=True), _SEEN],
    "a bad ingress": [
        network(
            "m", 400, "rpc error: code = InvalidArgument desc = ingress network cannot", Ingress=True, Attachable=True
        ),
        network("m", 403, "rpc error: code = PermissionDenied", Labels={"com.docker.swarm.predefined": "true"}),
        network("m" * 64, 400, "rpc error: code = InvalidArgument desc = name must be 63 characters or fewer"),
        attached(EndpointSpec={"Ports": [{"TargetPort": 80, "PublishedPort": 8080}]}),
        gone("/networks/ingress", 400, "rpc error: code = FailedPrecondition desc = ingress network cannot be removed"),
    ],
}
