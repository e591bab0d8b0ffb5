"""Workers that kill themselves: `python -m tests.generations.rendering.dying`.

For each line on standard input, a number, it forks a worker that takes what is queued all the way
and dies by SIGKILL at the boundary of that number; 0 lets it live. A boundary lies before and after
each commit, each statement that commits by itself, and each call to the provider. Answered on
standard output is a line of JSON: the boundaries that were passed, and whether the worker died.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django
import httpx

WRITES = ("INSERT", "UPDATE", "DELETE")


class Boundaries:
    def __init__(self, *, die_at: int, told: int) -> None:
        self._die_at, self._told, self._count = die_at, told, 0

    def __call__(self, name: str) -> None:
        self._count += 1
        os.write(self._told, f"{name}\n".encode())
        if self._count == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, call: Callable[..., Any], *args: Any) -> Any:
        self(f"before {name}")
        result = call(*args)
        self(f"after {name}")
        return result


def main() -> None:
    django.setup()
    from generations.providers.http import async_client
    from portal.celery import app

    app.conf.task_always_eager = True
    import_module("generations.tasks")  # once, and not in each worker
    async_client()  # and its TLS context
    for line in sys.stdin:
        passed, status = run_and_die(int(line))
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        ended = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
        answer = {"passed": passed, "died": died, "ended": ended}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def run_and_die(die_at: int) -> tuple[list[str], int]:
    heard, told = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(heard)
        work(Boundaries(die_at=die_at, told=told))
    os.close(told)
    with os.fdopen(heard) as pipe:
        passed = pipe.read().splitlines()
    return passed, os.waitpid(worker, 0)[1]


def work(boundary: Boundaries) -> None:
    """Take everything to its end, in this process alone, and leave without a farewell."""
    from django.db import connection

    from generations import tasks
    from generations.models import Generation
    from generations.models.generation import Status

    code = 1
    try:
        watch(boundary)
        tasks.dispatch()
        while Generation.objects.standing(Status.RENDERING).exists():
            tasks.poll()
        connection.close()
        code = 0
    finally:
        os._exit(code)


def watch(boundary: Boundaries) -> None:
    """See every commit and every call on the wire; nothing of the portal's own is replaced."""
    from django.db import connection

    database: Any = connection
    asynchronous: Any = httpx.AsyncHTTPTransport
    synchronous: Any = httpx.HTTPTransport
    commit = database._commit
    send, read = asynchronous.handle_async_request, synchronous.handle_request

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if database.in_atomic_block or not sql.startswith(WRITES):
            return execute(sql, params, many, context)
        name = " ".join(sql.split()[:3])
        return boundary.around(name, execute, sql, params, many, context)

    async def call(pool: Any, request: httpx.Request) -> httpx.Response:
        boundary(f"before {request.method} {request.url.path}")
        response: httpx.Response = await send(pool, request)
        boundary(f"after {request.method} {request.url.path}")
        return response

    def call_at_once(pool: Any, request: httpx.Request) -> Any:
        return boundary.around(f"{request.method} {request.url.path}", read, pool, request)

    database._commit = lambda: boundary.around("commit", commit)
    database.execute_wrappers.append(statement)
    asynchronous.handle_async_request = call
    synchronous.handle_request = call_at_once


if __name__ == "__main__":
    main()
