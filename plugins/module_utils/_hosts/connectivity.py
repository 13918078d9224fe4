# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which connections between hosts get through, for hive.swarm.swarm_connectivity.

A raw socket gets a copy of every datagram that the firewall has let in, whichever program has the port: so what is in use can be
tried as well, also where it is the kernel that listens, as on the data path of overlay networks. It needs root. The
datagrams begin with a zero byte: to VXLAN a packet without network, which the kernel drops; to the engine one that it
cannot decrypt, which it notes in its log and drops.
"""

from __future__ import annotations

import array
import errno
import json
import os
import select
import socket
import struct
import time
import typing as t

from .._core.errors import BadInput
from .._core.validators import is_ip
from .._core.values import Values

MAGIC = b"\0hive.sw"
# The listener's socket for us, in the abstract namespace, where any user can bind and connect: so its name is not known
# before, and both ends check that the other one is the same user.
CONTROL = "hive.swarm.preflight."
SO_PEERCRED = 17
SO_ATTACH_FILTER = 26
CONNECT_SECONDS = 3
AT_ONCE = 200
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


# Listening


class Listening(t.NamedTuple):
    """:param run: of which run the datagrams have to be.
    :param seconds: after which the listener ends, if no one collects what it has received.
    """

    run: str
    tcp: list[int]
    udp: list[int]
    family: int
    seconds: int


class Target(t.NamedTuple):
    name: str
    address: str
    protocol: str
    port: int


def listen(wanted: Listening) -> Values:
    """Leave a listener behind, which ends automatically.

    :returns: tcp, the ports where a program responds now; udp, the ports of which datagrams are received; reason, why
        none are; taken, the ports that another program has; control, the name of the listener.
    """
    _check_run(wanted.run)
    family = FAMILIES[wanted.family]
    for name in _running():
        _stop_listener(name)
    listeners, taken = _listeners(family, wanted.tcp)
    taken += _taken_udp(family, wanted.udp)
    raw, reason = _raw_socket(family)
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    name = CONTROL + os.urandom(16).hex()
    control.bind("\0" + name)
    control.listen(8)
    if os.fork() == 0:
        _detach()
        _serve(listeners, raw, control, wanted)
        os._exit(0)
    return {"tcp": wanted.tcp, "udp": wanted.udp if raw else [], "reason": reason, "taken": taken, "control": name}


def _listeners(family: int, ports: list[int]) -> tuple[list[socket.socket], list[Values]]:
    listeners: list[socket.socket] = []
    taken: list[Values] = []
    for port in ports:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", port))
            listener.listen(AT_ONCE)
            listener.setblocking(False)
            listeners.append(listener)
        except OSError:
            listener.close()
            taken.append({"protocol": "tcp", "port": port})
    return listeners, taken


def _taken_udp(family: int, ports: list[int]) -> list[Values]:
    taken = []
    for port in ports:
        with socket.socket(family, socket.SOCK_DGRAM) as tried:
            try:
                tried.bind(("", port))
            except OSError:
                taken.append({"protocol": "udp", "port": port})
    return taken


def _raw_socket(family: int) -> tuple[socket.socket | None, str]:
    """A socket that receives every datagram, or None and the reason."""
    try:
        raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_UDP)
    except OSError as error:
        return None, error.strerror or str(error)
    _only_ours(raw, family)
    raw.setblocking(False)
    return raw, ""


def _only_ours(raw: socket.socket, family: int) -> None:
    """Have the kernel drop all else, so that a busy data path does not fill the socket.

    A classic BPF program: X is the length of the IPv4 header (there is none in what IPv6 gives); the two words behind
    X and the UDP header have to be MAGIC. An instruction is (code, jump if true, jump if false, value).
    """
    load_length = (0xB1, 0, 0, 0) if family == socket.AF_INET else (0x01, 0, 0, 0)
    first, second = struct.unpack("!II", MAGIC)
    steps = [
        load_length, (0x40, 0, 0, 8), (0x15, 0, 3, first), (0x40, 0, 0, 12), (0x15, 0, 1, second),
        (0x06, 0, 0, 0xFFFF), (0x06, 0, 0, 0),
    ]  # fmt: skip
    code = array.array("B", b"".join(struct.pack("HBBI", *step) for step in steps))
    raw.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(steps), code.buffer_info()[0]))


def _detach() -> None:
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)


def _serve(
    listeners: list[socket.socket], raw: socket.socket | None, control: socket.socket, wanted: Listening
) -> None:
    received: set[tuple[str, int]] = set()
    end = time.monotonic() + wanted.seconds
    sources = [control, *listeners] + ([raw] if raw else [])
    while time.monotonic() < end:
        ready = select.select(sources, [], [], max(0, end - time.monotonic()))[0]
        for source in ready:
            if source is raw:
                received |= _read(source, wanted)
            elif source is control:
                if _hand_over(control, listeners, {"run": wanted.run, "received": sorted(received)}):
                    return
            else:
                _reject_connection(source)


def _read(raw: socket.socket, wanted: Listening) -> set[tuple[str, int]]:
    header = 0
    packet = raw.recvfrom(65535)[0]
    if raw.family == socket.AF_INET:
        header = (packet[0] & 15) * 4
    port = struct.unpack_from("!H", packet, header + 2)[0]
    words = packet[header + 8 + len(MAGIC) :].decode("utf-8", "replace").split(" ", 1)
    if len(words) == 2 and words[0] == wanted.run and port in wanted.udp:
        return {(words[1], port)}
    return set()


def _reject_connection(listener: socket.socket) -> None:
    try:
        listener.accept()[0].close()
    except OSError:
        pass  # it has gone already


def _hand_over(control: socket.socket, listeners: list[socket.socket], what: Values) -> bool:
    """Return whether the other end is a process of the same user. Only that one gets what was received."""
    asker = control.accept()[0]
    with asker:
        if not _is_ours(asker):
            return False
        for listener in listeners:
            listener.close()
        control.close()
        asker.sendall(json.dumps(what).encode())
    return True


def _is_ours(connection: socket.socket) -> bool:
    """Whether the process at the other end is of the same user (SO_PEERCRED, see unix(7): process, user, group)."""
    peer = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, SO_PEERCRED, struct.calcsize("3i")))
    return peer[1] == os.geteuid()


def _check_run(run: str) -> None:
    """A space separates it from the sender's name in a datagram."""
    if not run or " " in run:
        raise BadInput("run", "must not be empty or contain spaces.")


# Probing


def probe(run: str, name: str, targets: list[Target]) -> list[Values]:
    """Connect by TCP, send datagrams by UDP.

    :param name: how the datagrams name this host.
    :returns: for each target name, protocol, port and result: open, refused or silent (TCP), sent or silent (UDP).
    """
    _check_run(run)
    for target in targets:
        if not is_ip(target.address):
            raise BadInput("targets.address", f"invalid IP address {target.address!r} of {target.name}.")
    tcp = [target for target in targets if target.protocol == "tcp"]
    results: list[Values] = []
    for start in range(0, len(tcp), AT_ONCE):
        results += _connect(tcp[start : start + AT_ONCE])
    return results + _send([target for target in targets if target.protocol == "udp"], run, name)


def _connect(targets: list[Target]) -> list[Values]:
    results: dict[int, str] = {}
    waiting: dict[int, tuple[int, socket.socket]] = {}
    for number, target in enumerate(targets):
        connection = socket.socket(_family(target.address), socket.SOCK_STREAM)
        connection.setblocking(False)
        code = connection.connect_ex((target.address, target.port))
        if code == errno.EINPROGRESS:
            waiting[connection.fileno()] = (number, connection)
        else:
            results[number] = _result(code)
            connection.close()
    _wait(waiting, results)
    return [_outcome(target, results.get(number, "silent")) for number, target in enumerate(targets)]


def _outcome(target: Target, result: str) -> Values:
    return {"name": target.name, "protocol": target.protocol, "port": target.port, "result": result}


def _wait(waiting: dict[int, tuple[int, socket.socket]], results: dict[int, str]) -> None:
    poll, end = select.poll(), time.monotonic() + CONNECT_SECONDS
    for descriptor in waiting:
        poll.register(descriptor, select.POLLOUT)
    while waiting and time.monotonic() < end:
        for descriptor, _event in poll.poll(max(0, end - time.monotonic()) * 1000):
            number, connection = waiting.pop(descriptor)
            poll.unregister(descriptor)
            results[number] = _result(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            connection.close()


def _result(code: int) -> str:
    return {0: "open", errno.ECONNREFUSED: "refused"}.get(code, "silent")


def _send(targets: list[Target], run: str, name: str) -> list[Values]:
    """Send twice, since a datagram may get lost without a firewall."""
    packet = MAGIC + f"{run} {name}".encode()
    results: dict[int, str] = {}
    for attempt in range(2):
        time.sleep(0.3 * attempt if targets else 0)
        for number, target in enumerate(targets):
            with socket.socket(_family(target.address), socket.SOCK_DGRAM) as sender:
                try:
                    sender.sendto(packet, (target.address, target.port))
                    results[number] = "sent"
                except OSError:
                    results.setdefault(number, "silent")
    return [_outcome(target, results[number]) for number, target in enumerate(targets)]


def _family(address: str) -> int:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


# Collecting


def collect(run: str, control: str) -> list[Values] | None:
    """End the listener.

    :returns: name of the sender and port of each datagram; None without a listener of this run.
    """
    kept = _stop_listener(control)
    if kept.get("run") != run:
        return None
    return [{"name": name, "port": port} for name, port in kept["received"]]


def _running() -> list[str]:
    """Return the names of listeners, such as that of an interrupted run. Another user may have made some of them."""
    with open("/proc/net/unix") as table:
        words = [line.split()[-1] for line in table]
    return sorted({word[1:] for word in words if word.startswith("@" + CONTROL)})


def _stop_listener(name: str) -> Values:
    """End a listener of ours, and return what it has received; nothing where there is none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
        control.settimeout(5)
        try:
            control.connect("\0" + name)
            if not _is_ours(control):
                return {}
            with control.makefile() as answer:
                kept: Values = json.loads(answer.read(1 << 20) or "{}")
                return kept
        except (OSError, ValueError):
            return {}
