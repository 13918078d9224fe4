# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell command that carries HTTP requests to the engine's socket on a node, and the reading of its output.

The command takes the request on standard input, so no secret is in an argument list. It uses the first of these programs
that the node has, so a node needs no Python:

- ``perl``, or ``python3``: a few lines that copy standard input to the socket and the socket to standard output. Perl starts
  in a fifth of Python's time and is on every Debian and Ubuntu (perl-base is essential there); one command tries both
- ``curl``: reads the request as a configuration file and a body, because it takes no raw HTTP
- ``docker system dial-stdio``: copies as Python does. Its input stays open until the answer is there: it closes the
  connection's sending side at the end of its input, which cancels the request in the engine (net/http, server.go)

Whatever a login shell, sudo or a banner prints comes before a line with a mark, which is random for each request.
"""

from __future__ import annotations

import errno
import os
import re
import shlex
import typing as t

#: In order of preference.
PROGRAMS = ("perl", "python3", "curl", "docker")
#: Those that run lines of ours.
_COPYING = ("perl", "python3")

#: What a node may set for Docker's clients. A module handles more of them than the command does.
_OTHER_VARIABLES = (
    "DOCKER_API_VERSION", "DOCKER_TIMEOUT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_TLS_HOSTNAME", "DOCKER_CERT_PATH",
)  # fmt: skip

#: Where programs are. The PATH of a shell that is not a login shell may lack some.
FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# $1: the socket, or nothing for the one of the environment. $2: the timeout in seconds. $3: the mark. $4, $5: see _ARGUMENTS.
# A script becomes one line: a login shell such as csh ends a quoted word at the end of a line. No script has a single
# quote, which each shell around it, of become and of the connection, would multiply, an exclamation mark (history of csh)
# or two backslashes (fish makes one of them).
_PROLOGUE = r"""
PATH=${PATH:+$PATH:}FOLDERS;
s=$1 t=$2 m=$3 a=${4-} b=${5-};
say() { printf "\n%s" "$m"; printf "\t%s" "$@"; echo; exit 0; };
if [ -z "$s" ]; then
  o=OTHERS;
  [ -z "$o" ] || say variables;
  case ${DOCKER_HOST:-unix:///var/run/docker.sock} in
    unix://*) s=${DOCKER_HOST#unix://}; s=${s:-/var/run/docker.sock};;
    *) say host "$DOCKER_HOST";;
  esac;
fi;
""".replace("FOLDERS", FOLDERS).replace("OTHERS", "".join(f"${{{name}-}}" for name in _OTHER_VARIABLES))

_CHECKS = r"""
[ -e "$s" ] || say connect 2 "$(id -un)" "$s";
[ -S "$s" ] || say connect 88 "$(id -un)" "$s";
[ -w "$s" ] || say connect 13 "$(id -un)" "$s";
printf "\n%s\tsent\n" "$m";
"""

# The timeout is for all of the answer: one that comes a byte at a time has to end too. Further requests follow a success
# alone: each would wait for the same leader that is lost. In their place one that ends the connection follows a failure.
# Without a module, as to load one (Socket, POSIX) takes several times as long as all the rest. AF_UNIX and SOCK_STREAM are 1
# on Linux; packed is a sockaddr_un (unix(7)). alarm(2) counts whole seconds. The variable "\x21" is errno, without its mark.
_PERL = r"""
($path, $timeout, $mark) = @ARGV;
$SIG{ALRM} = sub { exit 28 };
$SIG{PIPE} = "IGNORE";
alarm int($timeout + 0.999);
sub report { syswrite STDOUT, "\n" . join("\t", $mark, @_) . "\n" }
sub pass {
    my ($to, $data) = @_;
    for (my $at = 0; $at < length $data;) {
        my $count = syswrite $to, $data, length($data) - $at, $at;
        exit 56 unless defined $count;
        $at += $count;
    }
}
binmode STDIN;
binmode STDOUT;
undef $/;
($size, $requests) = split /\n/, <STDIN>, 2;
$rest = substr $requests, $size;
unless (socket(ENGINE, 1, 1, 0) and connect(ENGINE, pack("Sa*x", 1, $path))) {
    report("connect", ${"\x21"} + 0, scalar(getpwuid($>)), $path);
    exit 0;
}
report("sent", "perl");
pass(*ENGINE, substr($requests, 0, $size));
while ($count = sysread ENGINE, $data, 262144) {
    pass(*STDOUT, $data);
    next unless length $rest;
    pass(*ENGINE, substr($data, 9, 1) eq "2" ? $rest : "GET /_ping HTTP/1.0\r\n\r\n");
    $rest = "";
}
exit(defined $count ? 0 : 56);
"""

# As the program before. To import socket takes as long as all the rest of a request (it imports selectors and enum), so its
# core is used where there is one.
_PYTHON = r"""
try:
    import _socket as socket
except ImportError:
    import socket
import os, sys, time
path, timeout, mark = sys.argv[1:]
end = time.monotonic() + float(timeout)
out = sys.stdout.buffer
size, _, requests = sys.stdin.buffer.read().partition(b"\n")
first, rest = requests[:int(size)], requests[int(size):]
engine = socket.socket(socket.AF_UNIX)
def say(*words):
    out.write(("\n%s\n" % "\t".join([mark, *map(str, words)])).encode())
def within():
    engine.settimeout(max(end - time.monotonic(), 0.001))
    return engine
try:
    within().connect(path)
except OSError as error:
    import pwd
    say("connect", error.errno or 0, pwd.getpwuid(os.getuid()).pw_name, path)
    sys.exit()
say("sent", "python3")
try:
    within().sendall(first)
    while True:
        data = within().recv(262144)
        if len(data) == 0:
            break
        out.write(data)
        if rest:
            within().sendall(rest if data[9:10] == b"2" else b"GET /_ping HTTP/1.0\r\n\r\n")
            rest = b""
except OSError as error:
    out.flush()
    sys.exit(28 if isinstance(error, socket.timeout) else 56)
""".strip()

_RUN_PYTHON = r"""
exec "$p" -IS -c "import sys; exec(sys.argv.pop(1).replace(chr(9), chr(10)))" "$a" "$s" "$t" "$m"
"""

_RUN = {
    # Of the host's language Perl warns at each start where it is not installed (perllocale, PERL_BADLANG).
    "perl": r"""
[ "$p" = perl ] && PERL_BADLANG=0 PERL5OPT= exec perl -f -C0 -e "$b" "$s" "$t" "$m";
"""
    + _RUN_PYTHON,
    "python3": _RUN_PYTHON,
    # The body is curl's standard input, the settings are those of a pipe: a line of them is limited (tool_parsecfg.c).
    "curl": _CHECKS
    + r"""
read -r n;
c=$(head -c "$n");
{
  printf "%s\n" "$c" | "$p" --config /dev/fd/3 --unix-socket "$s" --max-time "$t" 3<&0 0<&4;
} 4<&0
""",
    # Once it copies, the docker CLI does not end on SIGTERM (docker/cli 28, cmd/docker/docker.go).
    "docker": _CHECKS
    + r"""
sh -c "$a" sh "$t" | {
  read -r holder;
  timeout -s KILL "$t" "$p" --host "unix://$s" system dial-stdio;
  code=$?;
  kill "$holder" 2>/dev/null;
  [ "$code" -ne 137 ] || exit 28;
  exit "$code";
}
""",
}

_FIND_FIRST = """for p in {}; do command -v "$p" >/dev/null 2>&1 && break; p=; done;"""
_FIND = {
    "perl": _FIND_FIRST.format("perl python3 /usr/libexec/platform-python"),
    "python3": _FIND_FIRST.format("python3 /usr/libexec/platform-python"),
    "curl": _FIND_FIRST.format("curl"),
    "docker": _FIND_FIRST.format("docker"),
}
_ABSENT = """[ -n "$p" ] || say absent $(for q in perl python3 curl docker; do command -v "$q" >/dev/null 2>&1 && echo "$q"; done);"""


def one_line(*scripts: str) -> str:
    """Return scripts whose lines end with a semicolon, or with a word after which none may be, as one line."""
    return " ".join(line.strip() for script in scripts for line in script.strip().splitlines())


#: What the programs run. Lines of Python have their ends back before they are run.
_LINES_OF_PYTHON = _PYTHON.replace("\n", "\t")
_ARGUMENTS = {
    "perl": [_LINES_OF_PYTHON, one_line(_PERL)],
    "python3": [_LINES_OF_PYTHON],
    "curl": [],
    "docker": ["echo $$; cat; exec sleep $1"],
}


def command(program: str, socket: str | None, timeout: float, mark: str) -> str:
    """Return the command for a POSIX shell. ``socket`` is the path on the node; None for the one of its environment."""
    script = one_line(_PROLOGUE, _FIND[program], _ABSENT, _RUN[program])
    arguments = [socket or "", f"{timeout:g}", mark, *_ARGUMENTS[program]]
    return shlex.join(["/bin/sh", "-c", script, "hive.swarm", *arguments])


#: Every command prints a line that begins with it, however it ends; what comes before is of shells, sudo and banners.
MARK = "hive.swarm:"


def new_mark() -> str:
    return f"{MARK}{os.urandom(8).hex()}"


class Request(t.NamedTuple):
    """``path`` with its query, percent-encoded; ``headers`` without those of the body."""

    method: str
    path: str
    body: bytes | None
    headers: t.Mapping[str, str]


def carried(program: str, requests: t.Sequence[Request]) -> t.Sequence[Request]:
    """Return the requests that one command carries: curl and docker cannot wait for the first reply before they send more."""
    return requests if program in _COPYING else requests[:1]


def standard_input(program: str, requests: t.Sequence[Request]) -> bytes:
    """Return what the command reads.

    :param requests: those of ``carried``. They use one connection (RFC 9112, section 9.3).
    """
    first, *others = requests
    if program == "curl":
        config = _curl_config(first)
        return b"%d\n%s%s" % (len(config), config, first.body or b"")
    parts = [_http(request, last=request is requests[-1]) for request in (first, *others)]
    return b"".join([b"%d\n" % len(parts[0]), *parts]) if program in _COPYING else parts[0]


def _headers(request: Request, last: bool) -> dict[str, str]:
    """The connection ends with the last answer, so its end is the end of the output."""
    of_body = {"Content-Type": "application/json"} if request.body is not None else {}
    end = {"Connection": "close"} if last else {}
    return {"Host": "docker", "Accept": "application/json", **end, **of_body, **request.headers}


def _http(request: Request, last: bool) -> bytes:
    headers = _headers(request, last)
    if request.body is not None or request.method != "GET":
        headers["Content-Length"] = str(len(request.body or b""))
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + (request.body or b"")


def _curl_config(request: Request) -> bytes:
    """See "--config" in curl(1): one option a line, a value in double quotes with backslash escapes."""
    lines = ["silent", "show-error", "include", "raw", "http1.1", _option("url", f"http://docker{request.path}")]
    lines.append(_option("request", request.method))
    headers = {**_headers(request, last=True), "Expect": ""}
    lines += [_option("header", f"{name}: {value}") for name, value in headers.items()]
    if request.body is not None or request.method != "GET":
        lines.append(_option("data-binary", "@-"))
    return "\n".join([*lines, ""]).encode("ascii")


def _option(name: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'{name} = "{escaped}"'


class Outcome(t.NamedTuple):
    """What the command reports.

    :param state: ``sent`` (``reply`` is what the engine returned, cut off where the exit code is not 0; ``programs`` has the
        one that ran where the command had a choice), ``connect`` (the socket cannot be used: ``number`` is the errno, ``user``
        the account), ``absent`` (the node lacks the program; ``programs`` are those that it has), ``host`` (the node's DOCKER_HOST
        is not a unix socket), ``variables`` (other DOCKER_* variables are set there) or ``failed`` (no mark: the command did not
        get so far).
    """

    state: str
    reply: bytes = b""
    number: int = 0
    user: str = ""
    path: str = ""
    programs: tuple[str, ...] = ()
    host: str = ""


def read_output(stdout: bytes, mark: str) -> Outcome:
    """Return what the command reports; what comes before the mark belongs to shells, sudo and banners."""
    found = re.search(rb"(?:^|\n)" + re.escape(mark.encode()) + rb"\t([^\r\n]*)\r?\n", stdout)
    if not found:
        return Outcome("failed")
    state, *words = found[1].decode("utf-8", "replace").split("\t")
    if state == "connect":
        number, user, path = words
        return Outcome(state, number=int(number), user=user, path=path)
    if state == "absent":
        return Outcome(state, programs=tuple(name for name in PROGRAMS if name in words))
    if state == "host":
        return Outcome(state, host=words[0])
    return Outcome(state, programs=tuple(words), reply=stdout[found.end() :])


#: Exit codes of curl(1), which the other programs follow.
TIMED_OUT = 28
NOT_CONNECTED = 7


def connect_error(outcome: Outcome) -> OSError:
    return OSError(outcome.number, os.strerror(outcome.number) if outcome.number else "the connection failed")


def lacks_permission(outcome: Outcome) -> bool:
    return outcome.number in (errno.EACCES, errno.EPERM)
