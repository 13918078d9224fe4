# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of tasks and their logs. Every script begins with a manager whose swarm has nothing in it."""

from __future__ import annotations

from .dialogue import Ask
from .dialogues import filtered
from .dialogues_services import NOWHERE, counted, create, running, tasks_of

_ONCE = {"RestartPolicy": {"Condition": "none"}}
_SHELL = ["sh", "-c"]


def until(*states):
    """Whether all tasks of a list have got to one of these states, and there are some."""
    return lambda tasks: bool(tasks) and all(_is_told(task, states) for task in tasks)


def _is_told(task, states):
    """Whether all follows the state: why it is pending, and that what has ended is not wanted any more."""
    state = task["Status"]["State"]
    follows = "Err" in task["Status"] if state == "pending" else state == "running" or task["DesiredState"] != "running"
    return state in states and follows


def alone(name, state, container=None, task=None, **blocks):
    """A service, and its tasks once they are there."""
    return [create(name, container, task, **blocks), Ask("GET", tasks_of(name), until=until(state))]


TASKS = {
    "running": alone("x", "running"),
    "two replicas": alone("x", "running", Mode={"Replicated": {"Replicas": 2}}),
    "everywhere": alone("x", "running", Mode={"Global": {}}),
    "a job": alone("x", "complete", {"Command": ["true"]}, Mode={"ReplicatedJob": {}}),
    "a job of two": [
        create("x", {"Command": ["true"]}, Mode={"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 2}}),
        Ask("GET", counted(), until=lambda found: found[0]["ServiceStatus"]["CompletedTasks"] == 2),
        Ask("GET", tasks_of("x")),
    ],
    "a global job": [
        create("x", {"Command": ["true"]}, Mode={"GlobalJob": {}}),
        Ask("GET", counted(), until=lambda found: found[0]["ServiceStatus"]["CompletedTasks"] == 1),
        Ask("GET", tasks_of("x")),
    ],
    "a job that is removed": [
        create("x", {"Command": ["true"]}, Mode={"ReplicatedJob": {}}),
        Ask("GET", counted(), until=lambda found: found[0]["ServiceStatus"]["CompletedTasks"] == 1),
        Ask("DELETE", "/services/x"),
        Ask("GET", counted()),
    ],
    "ended well": [
        *alone("ok", "complete", {"Command": ["true"]}, {"RestartPolicy": {"Condition": "on-failure"}}),
        Ask("GET", counted("ok")),
    ],
    "ended badly": [
        *alone("exit3", "failed", {"Command": [*_SHELL, "echo boo >&2; exit 3"]}, _ONCE),
        Ask("GET", counted("exit3")),
    ],
    "no such image": alone("x", "rejected", {"Image": NOWHERE}, _ONCE),
    "no such mount": alone("nomount", "rejected", {"Mounts": [{"Source": "/nope", "Target": "/x"}]}, _ONCE),
    "no such node": alone("x", "pending", task={"Placement": {"Constraints": ["node.hostname==nope"]}}),
    "no such node for a global service": [
        create("x", task={"Placement": {"Constraints": ["node.hostname==nope"]}}, Mode={"Global": {}}),
        Ask("GET", tasks_of("x")),
        Ask("GET", counted()),
    ],
    "no such platform": alone("x", "pending", task={"Placement": {"Platforms": [{"Architecture": "s390x"}]}}),
    "too much memory": alone("x", "pending", task={"Resources": {"Reservations": {"MemoryBytes": 10**15}}}),
    "too many on one node": [
        create("x", task={"Placement": {"MaxReplicas": 1}}, Mode={"Replicated": {"Replicas": 2}}),
        Ask("GET", counted(), until=running(1)),
    ],
    "a label that the node has not": [
        create("x", task={"Placement": {"Constraints": ["node.labels.disk!=ssd"]}}),
        Ask("GET", tasks_of("x"), until=until("running")),
        create("y", task={"Placement": {"Constraints": ["node.labels.disk==ssd"]}}),
        Ask("GET", tasks_of("y"), until=until("pending")),
    ],
    "published on the host": alone(
        "x", "running", EndpointSpec={"Ports": [{"TargetPort": 80, "PublishedPort": 8089, "PublishMode": "host"}]}
    ),
    "found": [
        create("one", Labels={"a": "b"}),
        create("other"),
        Ask("GET", tasks_of("one", "other"), until=lambda tasks: len(tasks) == 2 and until("running")(tasks)),
        *(
            Ask("GET", filtered("/tasks", filters))
            for filters in (
                {"name": ["o"]},
                {"name": ["one.1"]},
                {"name": ["ne"]},
                {"label": ["a"]},
                {"label": ["a=b"]},
                {"label": ["a=c"]},
                {"service": ["one"]},
                {"service": ["one", "other"]},
                {"name": ["o"], "desired-state": ["running"]},
                {"name": ["o"], "desired-state": ["shutdown", "accepted"]},
                {"name": ["o"], "runtime": ["container"]},
                {"name": ["o"], "runtime": ["plugin"]},
                {"service": ["one"], "desired-state": ["shutdown"]},
            )
        ),
        Ask("GET", lambda f: filtered("/tasks", {"node": [f.id()], "name": ["o"]})),
        Ask("GET", lambda f: filtered("/tasks", {"node": [f.name()], "name": ["one"]})),
        Ask("GET", lambda f: filtered("/tasks", {"id": [f.task("one")[:6]]})),
        Ask("GET", lambda f: f"/tasks/{f.task('one')}"),
        Ask("GET", lambda f: f"/tasks/{f.task('one')[:10]}"),
        Ask("GET", filtered("/tasks", {"service": ["no"]}), 404, "service no not found"),
        Ask("GET", "/tasks/nobody", 404, "task nobody not found"),
        Ask("GET", "/tasks/nobody/logs?stdout=1", 404, "task nobody not found"),
        Ask("GET", filtered("/tasks", {"bogus": ["x"]}), 400),
    ],
    "drained": [
        create("x"),
        Ask("GET", counted(), until=running(1)),
        Ask(
            "POST",
            lambda f: f.node_update(),
            body={"Role": "manager", "Availability": "drain"},
            again=True,
        ),
        Ask("GET", tasks_of("x", **{"desired-state": ["running"]}), until=until("pending")),
        Ask("POST", lambda f: f.node_update(), body={"Role": "manager", "Availability": "active"}, again=True),
        Ask("GET", tasks_of("x", **{"desired-state": ["running"]}), until=until("running")),
    ],
    "paused": [
        Ask("POST", lambda f: f.node_update(), body={"Role": "manager", "Availability": "pause"}, again=True),
        *alone("x", "pending"),
        Ask("POST", lambda f: f.node_update(), body={"Role": "manager", "Availability": "active"}, again=True),
        Ask("GET", tasks_of("x"), until=until("running")),
    ],
    "a label comes and goes": [
        create("x", task={"Placement": {"Constraints": ["node.labels.disk==ssd"]}}),
        Ask("GET", tasks_of("x"), until=until("pending")),
        Ask(
            "POST",
            lambda f: f.node_update(),
            body={"Role": "manager", "Availability": "active", "Labels": {"disk": "SSD"}},
            again=True,
        ),
        Ask("GET", tasks_of("x"), until=until("running")),
        Ask("POST", lambda f: f.node_update(), body={"Role": "manager", "Availability": "active"}, again=True),
        Ask("GET", tasks_of("x", **{"desired-state": ["running"]}), until=until("pending")),
    ],
}

_TALK = {"Command": [*_SHELL, "echo boo >&2; exit 3"]}


def talked(query, status=200, message="", task=False):
    """The logs of the service that said one word on stderr."""
    path = (lambda f: f"/tasks/{f.task('exit3')}/logs{query}") if task else f"/services/exit3/logs{query}"
    said = status != 200 or "stderr" not in query or "tail=0" in query
    return Ask("GET", path, status, message, until=None if said else lambda text: "boo" in text)


LOGS = {
    "logs": [
        *alone("exit3", "failed", _TALK, _ONCE),
        talked("?stderr=1"),
        talked("?stdout=1"),
        talked("?stdout=1&stderr=1"),
        talked("?stdout=true&stderr=bogus"),
        talked("?stderr=1&tail=1"),
        talked("?stderr=1&tail=0"),
        talked("?stderr=1&tail=all"),
        talked("?stderr=1&tail=5", task=True),
        talked("", 500, "Bad parameters: you must choose at least one stream"),
        talked("", 500, "Bad parameters: you must choose at least one stream", task=True),
        talked("?stdout=0&stderr=false", 500, "Bad parameters: you must choose at least one stream"),
        talked("?stderr=1&tail=bogus", 500, 'tail value must be a positive integer or "all"'),
        talked("?stderr=1&tail=-1", 500, "negative tail values not supported"),
        talked("?stderr=1&since=bogus", 500, "could not parse since timestamp"),
    ],
    "a terminal": [
        *alone("exit3", "failed", {**_TALK, "TTY": True}, _ONCE),
        talked("?stdout=1&stderr=1"),
        Ask("GET", "/services/exit3/logs?stdout=1"),
        Ask("GET", "/services/exit3/logs?stderr=1"),
    ],
    "nothing said": [
        *alone("x", "pending", task={"Placement": {"Constraints": ["node.hostname==nope"]}}),
        Ask("GET", "/services/x/logs?stdout=1&stderr=1"),
    ],
}
