"""A worker: a process that answers one request at a time with the service's application.

It is sent requests and sends back what the application sends, then `done`. It ends when its keeper
does; a request that is to end early ends with its worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from govgraph.edge.logs import configure
from govgraph.errors import GovgraphError
from govgraph.pool.frames import frame, receive_frame
from govgraph.settings import Settings

#: What a worker says: it is ready; an answer in one piece; or its start, its chunks, its end.
READY, WHOLE, START, CHUNK, DONE = "ready", "whole", "start", "chunk", "done"
Message = MutableMapping[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]
#: What the kernel sends a process whose parent ends (prctl(2)).
_PR_SET_PDEATHSIG = 1


def main(given: dict[str, Any], connection: socket.socket, memory: int) -> None:
    """Answer requests until the other end closes. `memory` is what a worker may take, in bytes,
    beside what it has mapped when it is ready; 0 is no limit."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    settings = Settings(**given)
    configure(settings.log_level, settings.log_format)
    app = _application(settings)
    gc.freeze()
    _limit_memory(memory)
    # not asyncio.run or a Runner: both set signal handlers anew for each request
    loop = asyncio.new_event_loop()
    with contextlib.suppress(ConnectionError):
        connection.sendall(frame((READY,)))
        while True:
            scope, body = receive_frame(connection)
            loop.run_until_complete(_answer(app, connection, scope, body))


def _application(settings: Settings) -> Application:
    """The application with the current release open, if there is one."""
    from govgraph.app import create_app

    app = create_app(settings, one_by_one=True)
    with contextlib.suppress(GovgraphError):
        app.state.releases.open()
    return app


async def _answer(
    app: Application, connection: socket.socket, scope: dict[str, Any], body: bytes
) -> None:
    unread = [body]
    reply = _Reply(connection)

    async def receive() -> Message:
        if not unread:
            await asyncio.Event().wait()  # a client that hangs up ends this process instead
        return {"type": "http.request", "body": unread.pop(), "more_body": False}

    failed = None
    try:
        await app(_scope(scope), receive, reply.send)
    except ConnectionError:
        raise
    except Exception as error:
        # the application has logged it; what was sent so far is no whole answer
        failed = type(error).__name__
    reply.end(failed)


class _Reply:
    """What the application sends, on its way to the keeper. Sending waits for room: there is
    nothing else to do meanwhile."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.head: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self.over = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(bytes(name), bytes(value)) for name, value in message["headers"]]
            self.head = message["status"], headers
            return
        content, more = bytes(message.get("body", b"")), message.get("more_body", False)
        if self.head is not None and not more:
            self._tell(WHOLE, *self.head, content)
            self.over = True
            return
        if self.head is not None:
            self._tell(START, *self.head)
            self.head = None
        self._tell(CHUNK, content, more)

    def end(self, failed: str | None) -> None:
        if not self.over:
            self._tell(DONE, failed)

    def _tell(self, *value: Any) -> None:
        self.connection.sendall(frame(value))


def _scope(sent: dict[str, Any]) -> dict[str, Any]:
    """A scope as ASGI has it; pairs travel as lists."""
    pairs = {"headers": [tuple(pair) for pair in sent["headers"]]}
    ends = {key: tuple(sent[key]) if sent[key] else None for key in ("client", "server")}
    return sent | pairs | ends | {"asgi": {"version": "3.0", "spec_version": "2.3"}, "state": {}}


def _die_with_parent() -> None:
    """On Linux a worker never outlives the process that forked it, even one that is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:
            sys.exit(0)


def _limit_memory(memory: int) -> None:
    """Address space: what is mapped now, and so much more. Files of releases are mapped too."""
    if memory and sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
