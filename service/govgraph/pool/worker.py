"""A worker: a process that answers one request at a time with the service's application.

It is sent requests and sends back what the application sends, then `done`. What an application can
answer at once, by a function `at_once` of its own, goes around the event loop. A worker ends when
its keeper does; a request that is to end early ends with its worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from govgraph.errors import GovgraphError
from govgraph.pool.frames import Receiver, frame
from govgraph.pool.role import Application, Role

#: What a worker says: it is ready; it wants more of the request's body; an answer in one piece; or
#: its start, its chunks, its end; or that a request which was to be answered at once cannot be.
READY, MORE, WHOLE, START, CHUNK, DONE = "ready", "more", "whole", "start", "chunk", "done"
LATER = "later"
#: What marks such a request.
AT_ONCE = "at_once"
Message = MutableMapping[str, Any]
log = logging.getLogger("govgraph")
#: What the kernel sends a process whose parent ends (prctl(2)).
_PR_SET_PDEATHSIG = 1


def main(role: Role, connection: socket.socket) -> None:
    """Answer requests until the other end closes."""
    _die_with_parent()
    # the keeper ends its workers, when their work is done; signals to a whole group are its own
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    app = role.application()
    gc.freeze()
    _limit_memory(role.memory)
    # not asyncio.run or a Runner: both set signal handlers anew for each request
    loop = asyncio.new_event_loop()
    receiver = Receiver(connection)
    with contextlib.suppress(ConnectionError):
        connection.sendall(frame((READY,)))
        while True:
            scope, *body = receiver.next()
            if (whole := _at_once(app, scope, (body[0], body[1]))) is not None:
                connection.sendall(frame((WHOLE, *whole)))
            elif scope.get(AT_ONCE):
                connection.sendall(frame((LATER,)))
            else:
                loop.run_until_complete(_answer(app, receiver, scope, (body[0], body[1])))


def _at_once(app: Any, scope: dict[str, Any], body: tuple[bytes, bool]) -> tuple[Any, ...] | None:
    """What an application answers without its event loop, if it can and the body is there."""
    answer = getattr(app, "at_once", None)
    if answer is None or body[1]:
        return None
    try:
        found: tuple[Any, ...] | None = answer(scope, body[0])
    except Exception:
        log.exception("%s %s", scope["method"], scope["path"])
        return None
    return found


async def _answer(
    app: Application, receiver: Receiver, scope: dict[str, Any], body: tuple[bytes, bool]
) -> None:
    reply, body_ = _Reply(receiver.connection), _Body(receiver, *body)
    failed: tuple[str, dict[str, str]] | None = None
    try:
        await app(_scope(scope), body_.receive, reply.send)
    except ConnectionError:
        raise
    except Exception as error:
        failed = _failure(error)
        if failed is None:
            log.exception("%s %s", scope["method"], scope["path"])
            failed = "internal", {}
    reply.end(failed)


def _failure(error: BaseException) -> tuple[str, dict[str, str]] | None:
    """The code and the details of an error of ours, which the framework wraps once an answer has
    begun; None for another error."""
    found = error if isinstance(error, GovgraphError) else error.__cause__
    if not isinstance(found, GovgraphError):
        return None
    return found.code, {name: str(value) for name, value in found.details.items()}


class _Body:
    """The request's body, whose pieces are asked for one by one."""

    def __init__(self, receiver: Receiver, piece: bytes, more: bool) -> None:
        self.receiver = receiver
        self.unread: tuple[bytes, bool] | None = (piece, more)
        self.more = more

    async def receive(self) -> Message:
        if self.unread is None and not self.more:
            await asyncio.Event().wait()  # a client that hangs up ends this process instead
        piece, self.more = self.unread or self._next()
        self.unread = None
        return {"type": "http.request", "body": piece, "more_body": self.more}

    def _next(self) -> tuple[bytes, bool]:
        self.receiver.connection.sendall(frame((MORE,)))
        piece, more = self.receiver.next()
        return piece, more


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

    def end(self, failed: tuple[str, dict[str, str]] | None) -> None:
        """Say that the application has returned, and whether its answer is whole."""
        if not self.over:
            self._tell(DONE, *(failed or (None, None)))

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
