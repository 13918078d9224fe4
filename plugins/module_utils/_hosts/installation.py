# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Docker Engine is installed on a host: its system, packages, service and files, by one command without Python there.

The command changes nothing. A front end runs it, and gets the result of the module from its output.
"""

from __future__ import annotations

import base64
import os
import re
import shlex
import typing as t

from .._core.errors import BadInput, EngineError
from .._core.values import Values

SCRIPT = r"""
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
tab=$(printf '\t')

has() { command -v "$1" >/dev/null 2>&1; }
encoded() { base64 <"$1" | tr -d '\n'; }

service() {
    unit= started=
    while IFS= read -r line; do
        printf 'service\t%s\n' "$line"
        case $line in
            FragmentPath=?*) unit=${line#*=} ;;
            ExecMainStartTimestamp=?*) started=${line#*=} ;;
            MainPID=0) ;;
            MainPID=?*) case $(readlink "/proc/${line#*=}/exe") in *deleted*) echo replaced ;; esac ;;
        esac
    done <<END
$(systemctl show --property=LoadState,ActiveState,UnitFileState,MainPID,FragmentPath,ExecMainStartTimestamp docker.service 2>/dev/null)
END
    if [ -n "$started" ]; then printf 'started\t%s\n' "$(date -d "$started" +%s)"; fi
    if [ -f "$unit" ]; then sed -n "s/^ExecStart=/command$tab/p" "$unit"; fi
}

# The active firewalls, and their rules where a chain of nftables is given.
firewalls() {
    chain=$1 zone=$2
    if [ -n "$chain" ]; then echo rules; fi
    if has systemctl; then
        for name in firewalld nftables; do
            if [ "$(systemctl is-active "$name" 2>/dev/null)" = active ]; then active "$name"; fi
        done
    fi
    if has ufw && ufw status 2>/dev/null | grep -q '^Status: active'; then active ufw; fi
}
active() {
    printf 'firewall\t%s\n' "$1"
    if [ -n "$chain" ]; then "rules_$1"; fi
}
listed() { while IFS= read -r line; do printf 'rule\t%s\t%s\n' "$1" "$line"; done; }
rules_ufw() { ufw show added 2>/dev/null | listed ufw; }
rules_firewalld() {
    firewall-cmd --list-rich-rules ${zone:+"--zone=$zone"} 2>/dev/null | listed firewalld
    firewall-cmd --permanent --list-rich-rules ${zone:+"--zone=$zone"} 2>/dev/null | listed firewalld_permanent
}
rules_nftables() {
    set -f
    if found=$(nft list chain $chain 2>/dev/null); then
        echo chain
        printf '%s\n' "$found" | listed nftables
    fi
    set +f
}

packages() {
    if [ $# = 0 ]; then return; fi
    if has dpkg-query; then
        dpkg-query -W -f 'package\t${Package}\t${db:Status-Abbrev}\t${Version}\n' "$@" 2>/dev/null
    elif has rpm; then
        rpm -q --qf 'package\t%{NAME}\tii\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$@" 2>/dev/null
    fi
}

# The versions that can be installed, the newest first with apt, the oldest first with dnf.
available() {
    if [ -z "$1" ]; then return; fi
    set -f
    if has apt-cache; then
        kind=apt offered=$(apt-cache madison $1 2>&1)
    else
        kind=dnf offered=$(dnf -q repoquery --disableexcludes=all --qf '%{name} %{epoch}:%{version}-%{release}\n' $1 2>&1)
    fi
    printf 'available\t%s\t%s\t%s\n' "$kind" "$?" "$(printf '%s' "$offered" | base64 | tr -d '\n')"
    set +f
}

# The file or device that a line of /proc/self/mounts or fstab names, by its real path. For a loop device of a file, the file.
real() {
    case $1 in
        UUID=*) if [ "${1#UUID=}" = "$uuid" ]; then readlink -f "$source"; else echo "$1"; fi ;;
        *)
            file=$(readlink -f "$1" || echo "$1")
            case $file in
                "$(readlink -f "$source")") ;;
                /dev/loop*) file=$(cat "/sys/block/${file#/dev/}/loop/backing_file" 2>/dev/null || echo "$file") ;;
            esac
            echo "$file"
            ;;
    esac
}
same() { [ "$(real "$1")" = "$(readlink -f "$source")" ]; }
tag() { blkid --probe --match-tag "$1" --output value "$source" 2>/dev/null; }
stored() { printf 'storage\t%s\t%s\n' "$1" "${2-}"; }

# How a folder is, and the file or device whose file system is to be mounted there.
storage() {
    folder=$1 source=$2 uuid=
    stored asked
    grep -qw btrfs /proc/filesystems || modprobe btrfs 2>/dev/null
    if grep -qw btrfs /proc/filesystems; then stored btrfs; fi
    if [ -e "$source" ]; then stored exists; fi
    if [ -b "$source" ]; then stored block; fi
    if [ -s "$source" ] || [ -b "$source" ]; then
        type=$(tag TYPE) label=$(tag LABEL) table=$(tag PTTYPE) uuid=$(tag UUID)
        if [ -n "$uuid" ]; then stored uuid "$uuid"; fi
        if [ -n "$type$table" ]; then
            stored holds "${type:-partitions}${label:+ $label}"
        elif [ -n "$(head -c 1048576 "$source" | tr -d '\0' | head -c 1)" ]; then
            stored holds data
        fi
    fi
    # The last line is what is on top.
    top=$(awk -v folder="$folder" '$2 == folder { found = $1 " " $3 } END { print found }' /proc/self/mounts)
    if [ "${top##* }" = btrfs ]; then
        if same "${top% *}"; then stored mounted; else stored data; fi
    elif [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
        stored data
    fi
    while read -r device target rest; do
        if [ "$target" != "$folder" ] && [ "${device#/}" != "$device" ] && same "$device"; then
            stored elsewhere "$target"
        fi
    done </proc/self/mounts
    while read -r device target rest; do
        if [ "${device#\#}" = "$device" ] && [ "$target" = "$folder" ] && ! same "$device"; then
            stored fstab "$device $target $rest"
        fi
    done </etc/fstab
}

# Has the engine itself validate a daemon.json. Before 23.0 it has no --validate. As a user without rights it reads and
# validates the file and ends then, since it is not root (moby 20.10, cmd/dockerd/daemon.go, start), before it has written
# anything. That user cannot open the file, which may have secrets: it gets what root has opened, through a pipe of its own.
config() {
    file=$1
    set -f
    set -- $2
    set +f
    valid=no
    if "$1" --help 2>&1 | grep -q -e --validate; then
        if said=$("$@" --validate --config-file "$file" 2>&1); then valid=yes; fi
    else
        said=$(setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh -c 'cat <&3 | "$@" --config-file /dev/stdin' \
            sh "$@" 3<"$file" 2>&1)
        case $said in *"root privileges"*) valid=yes ;; esac
    fi
    printf 'config\t%s\t%s\n' "$valid" "$(printf '%s' "$said" | base64 | tr -d '\n')"
}

main() {
    mark=$1
    printf '\n%s\n' "$mark"
    if [ -n "$2" ]; then storage "$2" "$3"; fi
    if [ -n "$4" ]; then config "$4" "$5"; fi
    chain=$6 zone=$7
    available "$8"
    count=$9
    shift 9
    printf 'uid\t%s\n' "$(id -u)"
    for file in /etc/os-release /usr/lib/os-release; do
        if [ -f "$file" ]; then printf 'os-release\t%s\n' "$(encoded "$file")"; break; fi
    done
    if [ -d /run/systemd/system ]; then manager=systemd; else manager=$(cat /proc/1/comm 2>/dev/null); fi
    printf 'service-manager\t%s\n' "$manager"
    if has systemctl; then service; fi
    firewalls "$chain" "$zone"
    number=0
    while [ "$number" -lt "$count" ]; do
        if [ -f "$2" ]; then
            printf 'file\t%s\t%s\n' "$number" "$(stat -L -c '%a %Y' "$2")"
            if [ "$1" = read ]; then printf 'content\t%s\t%s\n' "$number" "$(encoded "$2")"; fi
        fi
        shift 2
        number=$((number + 1))
    done
    packages "$@"
    echo end
}

main "$@" </dev/null
"""


def command(
    mark: str,
    files: t.Sequence[str],
    contents: t.Sequence[str],
    packages: t.Sequence[str],
    storage: Values | None = None,
    daemon_config: Values | None = None,
    firewall: Values | None = None,
    available: t.Sequence[str] = (),
) -> list[str]:
    """Return the words of the command whose standard input is the script.

    :param mark: what the output begins with, after anything that a login shell or sudo prints.
    :param contents: those of the files whose content is wanted, too.
    """
    described = [word for file in files for word in ("read" if file in contents else "stat", file)]
    disk = [storage["folder"], storage["source"]] if storage else ["", ""]
    config = [daemon_config["file"], " ".join(daemon_config["command"])] if daemon_config else ["", ""]
    rules = [firewall["chain"], firewall["zone"]] if firewall else ["", ""]
    offers = " ".join(available)
    return ["/bin/sh", "-s", "--", mark, *disk, *config, *rules, offers, str(len(files)), *described, *packages]


_LIST: Values = {"type": "list", "elements": "str", "default": []}
ARGUMENT_SPEC: Values = {
    "packages": _LIST,
    "files": _LIST,
    "contents": _LIST,
    "storage": {
        "type": "dict",
        "options": {"folder": {"type": "str", "required": True}, "source": {"type": "str", "required": True}},
    },
    "available": _LIST,
    "firewall": {
        "type": "dict",
        "options": {"chain": {"type": "str", "default": "inet filter input"}, "zone": {"type": "str", "default": ""}},
    },
    "daemon_config": {
        "type": "dict",
        "options": {
            "file": {"type": "str", "required": True},
            "command": {"type": "list", "elements": "str", "required": True},
        },
    },
}


class Inspection:
    """:param params: the validated options.

    :raises BadInput: an option is not valid.
    """

    script = SCRIPT.encode()

    def __init__(self, params: Values) -> None:
        self._packages = [_package("packages", name) for name in params["packages"]]
        available = [_package("available", name) for name in params.get("available", ())]
        contents = [_path("contents", path) for path in params["contents"]]
        self._files = contents + [_path("files", path) for path in params["files"] if path not in contents]
        #: What stands before it in the output belongs to login shells, sudo and banners.
        self.mark = f"hive.swarm:{os.urandom(8).hex()}"
        storage, daemon_config = params.get("storage"), params.get("daemon_config")
        for option, given in (
            ("storage.folder", storage),
            ("storage.source", storage),
            ("daemon_config.file", daemon_config),
        ):
            if given:
                _path(option, given[option.rpartition(".")[2]])
        firewall = _firewall(params.get("firewall"))
        asked = (storage, daemon_config, firewall, available)
        self.command = command(self.mark, self._files, contents, self._packages, *asked)

    def result(self, output: str, errors: str) -> Values:
        """Return what the module returns; raise EngineError where the command did not get to its end."""
        found = read(output, self.mark, self._files)
        if found is None:
            words = (errors or output).strip() or "no output"
            raise EngineError(f"The command that inspects the host failed: {words[-500:]}")
        return found


def _path(option: str, path: str) -> str:
    if not path.startswith("/") or "\0" in path:
        raise BadInput(option, f"the path must be absolute ({path}).")
    return path


def _package(option: str, name: str) -> str:
    if not re.fullmatch(r"[^\s\0-][^\s\0]*", name):
        raise BadInput(option, f"invalid package name {name!r}.")
    return name


def _firewall(given: Values | None) -> Values | None:
    if given and (len(given["chain"].split()) != 3 or "\0" in given["chain"]):
        raise BadInput("firewall", f"chain: must be a family, a table and a chain ({given['chain']}).")
    return given


_FAMILIES = {"Debian": {"debian", "ubuntu"}, "RedHat": {"rhel", "fedora", "centos"}}


def read(output: str, mark: str, files: t.Sequence[str]) -> Values | None:
    """Return the result, or None where the script did not get to its end.

    :param output: standard output of the script.
    :param files: those that were asked about, in this order.
    """
    _noise, _mark, body = output.partition(f"\n{mark}\n")
    lines = body.strip().splitlines()
    if not lines or lines[-1] != "end":
        return None
    facts = [line.split("\t") for line in lines]
    return {
        "user_id": int(_first(facts, "uid")),
        "system": _system(facts),
        "service": _service(facts),
        "firewalls": _all(facts, "firewall"),
        "packages": _packages(facts),
        "files": _files(facts, files),
        **_rules(facts),
        **_available(facts),
        **_storage(facts),
        **_daemon_config(facts),
    }


def _all(facts: list[list[str]], name: str) -> list[str]:
    return [words[1] for words in facts if words[0] == name and len(words) > 1]


def _first(facts: list[list[str]], name: str) -> str:
    return next(iter(_all(facts, name)), "")


def _system(facts: list[list[str]]) -> Values:
    """See os-release(5): values are quoted as in a shell."""
    text = base64.b64decode(_first(facts, "os-release")).decode("utf-8", "replace")
    found = dict(re.findall(r"(?m)^([A-Z_0-9]+)=(.*)$", text))
    values = {name: "".join(_unquoted(value)) for name, value in found.items()}
    identifier, like = values.get("ID", ""), values.get("ID_LIKE", "").split()
    family = next((family for family, ids in _FAMILIES.items() if ids & {identifier, *like}), "")
    return {
        "id": identifier,
        "id_like": like,
        "family": family,
        "name": values.get("PRETTY_NAME") or values.get("NAME", ""),
        "version": values.get("VERSION_ID", ""),
        "codename": values.get("VERSION_CODENAME", ""),
        "service_manager": _first(facts, "service-manager"),
    }


def _unquoted(value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError:
        return [value]


def _service(facts: list[list[str]]) -> Values:
    properties = dict(line.split("=", 1) for line in _all(facts, "service") if "=" in line)
    started = _first(facts, "started")
    return {
        "exists": properties.get("LoadState") == "loaded",
        "state": properties.get("ActiveState", ""),
        "enabled": properties.get("UnitFileState") == "enabled",
        "command": _first(facts, "command"),
        "started_at": int(started) if started and properties.get("MainPID", "0") != "0" else None,
        "program_replaced": ["replaced"] in facts,
    }


def _packages(facts: list[list[str]]) -> Values:
    """By dpkg's letters: desired (i, h: hold), then the state (i, n: not installed, c: files of configuration alone)."""
    found = {}
    for words in facts:
        if words[0] == "package" and len(words) == 4:
            desired, state = words[2][:1], words[2][1:2]
            if desired in "ih" and state not in "nc":
                installed = state == "i"
                found[words[1]] = {"version": words[3], "installed": installed, "held": desired == "h"}
    return found


def _rules(facts: list[list[str]]) -> Values:
    """The chain of nftables is null where it does not exist, so that nothing is filtered."""
    if ["rules"] not in facts:
        return {}
    lines = [(words[1], "\t".join(words[2:])) for words in facts if words[0] == "rule"]
    names = ("ufw", "firewalld", "firewalld_permanent", "nftables")
    found: Values = {name: [line for kind, line in lines if kind == name] for name in names}
    return {"firewall_rules": found if ["chain"] in facts else {**found, "nftables": None}}


def _available(facts: list[list[str]]) -> Values:
    """:raises EngineError: the package manager has failed."""
    for words in facts:
        if words[0] == "available":
            text = base64.b64decode(words[3]).decode("utf-8", "replace")
            if words[2] != "0":
                raise EngineError(f"The package manager cannot list what it offers: {text.strip()[-500:]}")
            rows = [line.replace("|", " ").split()[:2] for line in text.splitlines()]
            found = [{"name": row[0], "version": row[1]} for row in rows if len(row) == 2 and row[1][0].isdigit()]
            return {"available": found if words[1] == "apt" else found[::-1]}
    return {}


def _storage(facts: list[list[str]]) -> Values:
    found = [words[1:] for words in facts if words[0] == "storage"]
    if not found:
        return {}
    texts: dict[str, list[str]] = {}
    for name, *words in found:
        texts.setdefault(name, []).append("\t".join(words))
    flags = {name: name in texts for name in ("btrfs", "exists", "block", "mounted", "data")}
    single = {name: next(iter(texts.get(name, ())), "") for name in ("holds", "uuid", "fstab")}
    return {"storage": {**flags, **single, "elsewhere": texts.get("elsewhere", [])}}


def _daemon_config(facts: list[list[str]]) -> Values:
    for words in facts:
        if words[0] == "config":
            said = base64.b64decode(words[2] if len(words) > 2 else "").decode("utf-8", "replace").strip()
            return {"daemon_config": {"valid": words[1] == "yes", "message": said}}
    return {}


def _files(facts: list[list[str]], files: t.Sequence[str]) -> Values:
    found: Values = {}
    for words in facts:
        if words[0] == "file":
            mode, modified = words[2].split()
            found[files[int(words[1])]] = {"mode": mode.rjust(4, "0"), "modified_at": int(modified)}
        elif words[0] == "content":
            found[files[int(words[1])]]["content"] = words[2]
    return found


#: A fact a line, its words separated by tabs. ``main`` reads no standard input, which is the script itself.
