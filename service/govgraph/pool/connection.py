"""Connections as the server takes them: what is not a part of a body has to be short and in time.

The parser below us keeps whatever it is sent until a head is whole, and waits for it for ever.
"""

from __future__ import annotations

import asyncio
import json
import resource
import socket
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from httptools import parse_url
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from govgraph.errors import GovgraphError
from govgraph.pool.heads import Known, known

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

    from govgraph.pool.heads import Head
    from govgraph.pool.lookup import Lookup
    from govgraph.pool.shortway import ShortWay

#: Bytes of a head, of what stands between the parts of a body, or after it.
HEAD = 1 << 20
#: Files that the process needs for anything but connections.
OTHER_FILES = 128
#: Headers of requests that have a body, or may have one.
_WITH_BODY = frozenset({b"content-length", b"transfer-encoding", b"expect"})


class Unheard:
    """The event of a cycle whose messages nobody waits for."""

    def set(self) -> None:
        """Nobody waits."""


class Answered:
    """In the place of a cycle: a request that has been answered."""

    message_event = Unheard()
    more_body, response_complete, keep_alive, disconnected = False, True, True, False


ANSWERED = Answered()


def most_connections() -> int:
    """How many connections the process may have: as many as the system lets it have files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard and hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return max(soft - OTHER_FILES, OTHER_FILES)


class Connection(HttpToolsProtocol):
    """A connection that is ended if a request's head is too long, or not there in `seconds`, or if
    there are `most` already."""

    seconds = 30.0
    most = 1 << 30
    way: ShortWay | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._barren = 0
        self._in_head = True
        self._late: asyncio.TimerHandle | None = None
        #: Whether the parser is at no request, and how many began in what came last.
        self._between, self._begun = True, 0
        #: Whether the short way has just been tried for what the parser is given.
        self._tried = False
        #: The head that has just gone the short way, and the last one that was sent alone.
        self._head: Head | None = None
        self._known: Known | None = None
        self._answered = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _forget_the_deaf(transport, self.seconds)
        if len(self.connections) > self.most:
            self._end(GovgraphError("busy", seconds=1))
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing() or (self._known and self._again(data, self._known)):
            return
        self._barren += len(data)
        self._begun, self._head, between = 0, None, self._between
        super().data_received(data)
        self._tried = False
        if self._head and self._begun == 1 and between and self._between:
            self._known = known(data, self.url, self._head)
        if self._barren > HEAD:
            self._end(GovgraphError("head-too-large", limit=HEAD))
        elif self._in_head and self._barren and not self._late:
            self._wait()

    def _again(self, data: bytes, known: Known) -> bool:
        """Take a request whose head has the same lines as one before. The parser need not see it."""
        if not (self.way and self._between and not self._barren and self._is_free()):
            return False
        if (target := known.target(data)) is None:
            return False
        path, query = target
        if self.way.at_once(self, known.head, path, query):
            return True
        self.url = path + b"?" + query if query else path
        scope = known.head.scope.copy()
        scope["path"], scope["raw_path"], scope["query_string"] = path.decode("ascii"), path, query
        scope["state"] = self.app_state.copy()
        taken = self.way.take(self, scope, known.head)
        self._tried = not taken
        return taken

    def on_message_begin(self) -> None:
        self._between = False
        self._begun += 1
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A ValueError makes the parser give up: two hosts are two opinions of whom to ask."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise ValueError("a request has one Host")
        self._in_head = False
        self._arrived()
        if self._tried or not (self.way and self._is_plain() and self._is_taken(self.way)):
            super().on_headers_complete()

    def _is_taken(self, way: ShortWay) -> bool:
        scope = self._located()
        head = way.head(scope)
        at_once = way.at_once(self, head, scope["raw_path"], scope["query_string"])
        if not (at_once or way.take(self, scope, head)):
            return False
        self._head = head
        return True

    def _is_plain(self) -> bool:
        """Whether this is a GET that carries nothing, on a connection that goes on after it."""
        parser = self.parser
        return (
            parser.get_method() == b"GET"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and self._is_free()
            and not any(name in _WITH_BODY for name, _ in self.headers)
        )

    def _is_free(self) -> bool:
        """Whether every request so far has been answered, and the answers have been taken."""
        return (self.cycle is None or self.cycle.response_complete) and not (
            self.flow.write_paused or self.transport.is_closing()
        )

    def _located(self) -> dict[str, Any]:
        """The request's scope with what it asks for, as the server below us takes it apart."""
        url = parse_url(self.url)
        path = url.path.decode("ascii")
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["method"], scope["raw_path"] = "GET", url.path
        scope["path"] = unquote(path) if "%" in path else path
        scope["query_string"] = url.query or b""
        return scope

    def send(self, content: bytes, *, last: bool) -> None:
        """Send a whole answer of the short way; the `last` one of a connection ends it."""
        if not self.transport.is_closing():
            self.transport.write(content)
        if last:
            self.transport.close()
        if self.timeout_keep_alive_task and not self.pipeline:
            self._answered = self.loop.time()
            self.server_state.total_requests += 1
        else:
            self.on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that has been idle. Answers at once do not set the clock anew each time,
        so it may go off early, or while a worker is at an answer."""
        self.timeout_keep_alive_task = None
        if self.cycle and not self.cycle.response_complete:
            return
        if (rest := self._answered + self.timeout_keep_alive - self.loop.time()) > 0:
            later = self.loop.call_later(rest, self.timeout_keep_alive_handler)
            self.timeout_keep_alive_task = later
        else:
            super().timeout_keep_alive_handler()

    def answer(self, content: bytes) -> None:
        """Send the whole answer to a request that needs nothing in the place of a cycle."""
        self.cycle = cast(Any, ANSWERED)
        self.send(content, last=False)

    def answer_by(self, lookup: Lookup) -> None:
        """Have a request of the short way in the place of a cycle."""
        self.cycle = cast(Any, lookup)

    def begin_anew(self, lookup: Lookup) -> None:
        """Let a request of the short way begin the long one."""
        cycle = RequestResponseCycle(
            scope=cast("HTTPScope", lookup.scope), transport=self.transport, flow=self.flow, logger=self.logger,
            access_logger=self.access_logger, access_log=self.access_log,
            default_headers=self.server_state.default_headers, message_event=asyncio.Event(),
            expect_100_continue=False, keep_alive=lookup.keep_alive,
            on_response=self.on_response_complete,
        )  # fmt: skip
        cycle.more_body, cycle.disconnected = False, lookup.disconnected
        cycle.message_event.set()
        if self.cycle is cast(Any, lookup):
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)

    def on_header(self, name: bytes, value: bytes) -> None:
        """What follows the body is no header of the request: a proxy has not looked at it."""
        if self._in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._barren = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._barren = 0
        self._in_head = self._between = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """What the parser below us does not take."""
        self._end(GovgraphError("request-malformed"))

    def _wait(self) -> None:
        error = GovgraphError("request-timeout", seconds=round(self.seconds))
        self._late = self.loop.call_later(self.seconds, self._end, error)

    def _arrived(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    def _end(self, error: GovgraphError) -> None:
        """Say why, unless an answer is on its way, and close."""
        self._arrived()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            body = json.dumps(error.problem(), ensure_ascii=False).encode()
            self.transport.write(_response(error.status, body))
        self.transport.close()


def _forget_the_deaf(transport: asyncio.Transport, seconds: float) -> None:
    """On Linux a client that takes nothing of what is sent for so long is cut off by the system."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(1000 * seconds))


def _response(status: int, body: bytes) -> bytes:
    head = (
        b"content-type: application/problem+json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
    )
    return STATUS_LINE[status] + head % len(body) + body


def taking(seconds: float, most: int, way: ShortWay | None = None) -> type[Connection]:
    """So many connections, on which a request's head has so much time, with a short way if there is one."""
    return type("Connection", (Connection,), {"seconds": seconds, "most": most, "way": way})
