# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tries the ways between hosts, on a host, with nothing but Python: ``ways.py listen|try|heard ARGUMENTS``, in JSON.

listen  {"run", "tcp": [ports], "udp": [ports], "family": 4 or 6, "seconds"}: leaves a listener behind, which ends by
        itself. Says {"tcp": ports where a program responds now, "taken": where that is another program (TCP and UDP),
        "udp": ports that are heard, "why": what speaks against hearing, "control": the listener's name}.
try     {"run", "name", "ways": [[to, address, "tcp" or "udp", port]]}: says [[to, protocol, port, result]], which is
        open, refused, silent or sent.
heard   {"run", "control"}: ends the listener. Says {"udp": [[from, port]]}, or nothing where there is none.

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
import sys
import time

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


def listen(wanted):
    family = FAMILIES[wanted["family"]]
    for name in _running():
        _stop_listener(name)
    listeners, taken = _listeners(family, wanted["tcp"])
    said = {"tcp": wanted["tcp"], "taken": taken + _taken_udp(family, wanted["udp"]), "udp": wanted["udp"], "why": ""}
    raw = None
    try:
        raw = _raw_socket(family)
    except OSError as error:
        said.update(udp=[], why=error.strerror)
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    said["control"] = CONTROL + os.urandom(16).hex()
    control.bind("\0" + said["control"])
    control.listen(8)
    if os.fork() == 0:
        _detach()
        _serve(listeners, raw, control, wanted)
        os._exit(0)
    return said


def _listeners(family, ports):
    listeners, taken = [], []
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
            taken.append(["tcp", port])
    return listeners, taken


def _taken_udp(family, ports):
    taken = []
    for port in ports:
        with socket.socket(family, socket.SOCK_DGRAM) as tried:
            try:
                tried.bind(("", port))
            except OSError:
                taken.append(["udp", port])
    return taken


def _raw_socket(family):
    raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_UDP)
    _only_ours(raw, family)
    raw.setblocking(False)
    return raw


def _only_ours(raw, family):
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


def _detach():
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)


def _serve(listeners, raw, control, wanted):
    heard, end = set(), time.monotonic() + wanted["seconds"]
    sources = [control, *listeners] + ([raw] if raw else [])
    while time.monotonic() < end:
        ready = select.select(sources, [], [], max(0, end - time.monotonic()))[0]
        for source in ready:
            if source is raw:
                heard |= _read(raw, wanted)
            elif source is control:
                if _hand_over(control, listeners, {"run": wanted["run"], "udp": sorted(heard)}):
                    return
            else:
                _turn_away(source)


def _read(raw, wanted):
    header = 0
    packet = raw.recvfrom(65535)[0]
    if raw.family == socket.AF_INET:
        header = (packet[0] & 15) * 4
    port = struct.unpack_from("!H", packet, header + 2)[0]
    words = packet[header + 8 + len(MAGIC) :].decode("utf-8", "replace").split(" ", 1)
    if len(words) == 2 and words[0] == wanted["run"] and port in wanted["udp"]:
        return {(words[1], port)}
    return set()


def _turn_away(listener):
    try:
        listener.accept()[0].close()
    except OSError:
        pass  # it has gone already


def _hand_over(control, listeners, what):
    """Whether it was one of ours who asked, and not just any user of the host."""
    asker = control.accept()[0]
    with asker:
        if not _is_ours(asker):
            return False
        for listener in listeners:
            listener.close()
        control.close()
        asker.sendall(json.dumps(what).encode())
    return True


def _is_ours(connection):
    """Whether the process at the other end is of the same user (SO_PEERCRED, see unix(7): process, user, group)."""
    peer = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, SO_PEERCRED, struct.calcsize("3i")))
    return peer[1] == os.geteuid()


# Trying


def try_ways(wanted):
    said = []
    tcp = [way for way in wanted["ways"] if way[2] == "tcp"]
    for start in range(0, len(tcp), AT_ONCE):
        said += _connect(tcp[start : start + AT_ONCE])
    return said + _send([way for way in wanted["ways"] if way[2] == "udp"], wanted)


def _connect(ways):
    results, waiting = {}, {}
    for number, (_to, address, _protocol, port) in enumerate(ways):
        connection = socket.socket(_family(address), socket.SOCK_STREAM)
        connection.setblocking(False)
        code = connection.connect_ex((address, port))
        if code == errno.EINPROGRESS:
            waiting[connection.fileno()] = (number, connection)
        else:
            results[number] = _result(code)
            connection.close()
    _wait(waiting, results)
    return [[way[0], "tcp", way[3], results.get(number, "silent")] for number, way in enumerate(ways)]


def _wait(waiting, results):
    poll, end = select.poll(), time.monotonic() + CONNECT_SECONDS
    for descriptor in waiting:
        poll.register(descriptor, select.POLLOUT)
    while waiting and time.monotonic() < end:
        for descriptor, _event in poll.poll(max(0, end - time.monotonic()) * 1000):
            number, connection = waiting.pop(descriptor)
            poll.unregister(descriptor)
            results[number] = _result(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            connection.close()


def _result(code):
    return {0: "open", errno.ECONNREFUSED: "refused"}.get(code, "silent")


def _send(ways, wanted):
    """Twice, since a datagram may get lost without a firewall."""
    packet = MAGIC + "{} {}".format(wanted["run"], wanted["name"]).encode()
    results = {}
    for turn in range(2):
        time.sleep(0.3 * turn if ways else 0)
        for number, (_to, address, _protocol, port) in enumerate(ways):
            with socket.socket(_family(address), socket.SOCK_DGRAM) as sender:
                try:
                    sender.sendto(packet, (address, port))
                    results[number] = "sent"
                except OSError:
                    results.setdefault(number, "silent")
    return [[way[0], "udp", way[3], results[number]] for number, way in enumerate(ways)]


def _family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


# Asking the listener


def heard(wanted):
    said = _stop_listener(wanted["control"])
    return said if said.get("run") == wanted["run"] else {}


def _running():
    """Names of listeners, of a run that was cut off for instance. Another user may have made some of them."""
    with open("/proc/net/unix") as table:
        words = [line.split()[-1] for line in table]
    return sorted({word[1:] for word in words if word.startswith("@" + CONTROL)})


def _stop_listener(name):
    """What a listener of ours has heard, who then ends; nothing where there is none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
        control.settimeout(5)
        try:
            control.connect("\0" + name)
            if not _is_ours(control):
                return {}
            with control.makefile() as answer:
                return json.loads(answer.read(1 << 20) or "{}")
        except (OSError, ValueError):
            return {}


if __name__ == "__main__":
    order = {"listen": listen, "try": try_ways, "heard": heard}[sys.argv[1]]
    print(json.dumps(order(json.loads(sys.argv[2]))))
