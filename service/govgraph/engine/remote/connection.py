"""Requests to one URL over connections that are kept.

Measured (docs/adr/0024): SPARQLWrapper opens a connection for each query and reads the whole answer
before it gives a byte of it. Here connections are kept, answers come as they are made, and an
exchange can be ended from outside. Redirects are not followed: they would take the password along.
"""

from __future__ import annotations

import logging
import socket
import ssl
import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    RemoteDisconnected,
)
from threading import Lock
from urllib.parse import urlsplit

from govgraph import __version__
from govgraph.engine.remote.credentials import Credentials
from govgraph.engine.remote.reading import BLOCK, Body, Exchange
from govgraph.errors import GovgraphError

#: Connections that wait for the next request, and bytes of an error's text that are read.
KEPT, SAID = 8, 4096
#: What a request sends: bytes, or chunks made anew for each attempt.
Content = bytes | Callable[[], Iterable[bytes]] | None
log = logging.getLogger("govgraph")


class Reply:
    """A response whose head is here. It is closed once its body has been read, or given up."""

    def __init__(
        self, endpoint: Endpoint, link: HTTPConnection, response: HTTPResponse, body: Body
    ) -> None:
        self._endpoint, self._link, self._response = endpoint, link, response
        self.body, self.status = body, response.status
        self._closed = False
        endpoint.server = self.header("Server")

    def header(self, name: str) -> str:
        """A header's value, empty if there is none."""
        return self._response.getheader(name) or ""

    def read(self) -> bytes:
        """The whole body. GovgraphError(query-timeout, remote-cut)."""
        return b"".join(iter(self.body.read, b""))

    def close(self) -> None:
        """Keep the connection if the whole body was read, else end it."""
        if self._closed:
            return
        self._closed = True
        if self.body.whole and not self._response.will_close:
            self._endpoint.keep(self._link)
        else:
            self._response.close()
            self._link.close()

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Endpoint:
    """A server at a URL; `setting` is the name of the setting that the URL came from, `server` what
    the server calls itself, once it has answered.

    Safe to use from many threads.
    """

    def __init__(
        self, url: str, setting: str, seconds: float, credentials: Credentials | None = None
    ) -> None:
        self.url, self.setting, self.seconds = url, setting, seconds
        self.credentials = credentials
        parts = urlsplit(url)
        self._host, self._port, self._secure = (
            parts.hostname or "",
            parts.port,
            parts.scheme == "https",
        )
        self._target = parts.path or "/"
        self._given = parts.query
        self._idle: list[HTTPConnection] = []
        self._lock = Lock()
        weakref.finalize(self, _end, self._idle)
        self.server = ""
        self._challenge, self._answered = "Basic", 0

    def request(
        self,
        method: str,
        content: Content = None,
        headers: Mapping[str, str] | None = None,
        parameters: str = "",
        *,
        exchange: Exchange | None = None,
        repeatable: bool = True,
    ) -> Reply:
        """The response to a request, if it is a success: its head, with the body still to read.

        GovgraphError(remote-unavailable, remote-credentials, remote-address, remote-failed,
        query-timeout). Only what is `repeatable` is sent over a kept connection, which may turn out
        to be closed.
        """
        exchange = exchange or Exchange(self.seconds)
        target = "?".join(
            filter(None, (self._target, "&".join(filter(None, (self._given, parameters)))))
        )
        sent = {"User-Agent": f"govgraph/{__version__}"} | dict(headers or {})
        sent |= {} if repeatable else {"Connection": "close"}
        known = self._authorization(method, target)
        reply = self._sent(method, target, content, sent | known, exchange, repeatable)
        if reply.status == 401 and self._challenged(reply, target, exchange):
            known = self._authorization(method, target)
            reply = self._sent(method, target, content, sent | known, exchange, repeatable)
        return self._judged(reply)

    def _authorization(self, method: str, target: str) -> dict[str, str]:
        """The header that says who we are, by the server's last challenge if there was one."""
        if self.credentials is None:
            return {}
        with self._lock:
            self._answered += 1
            challenge, count = self._challenge, self._answered
        answer = self.credentials.answer(challenge, method, target, count)
        return {"Authorization": answer or self.credentials.basic()}

    def _challenged(self, reply: Reply, target: str, exchange: Exchange) -> bool:
        """Whether a server asks for more than was said. Virtuoso, told a password outright, says no
        without a challenge; it has to be asked as by a stranger."""
        if self.credentials is None:
            return False
        challenge = reply.header("WWW-Authenticate")
        if not challenge:
            self._given_up(reply)
            with self._sent("GET", target, None, {}, exchange, True) as stranger:
                challenge = stranger.header("WWW-Authenticate")
        if not challenge.lower().startswith("digest"):
            return False
        self._given_up(reply)
        with self._lock:
            self._challenge, self._answered = challenge, 0
        return True

    def keep(self, link: HTTPConnection) -> None:
        """Take a connection back whose last answer was read."""
        with self._lock:
            if len(self._idle) < KEPT:
                self._idle.append(link)
                return
        link.close()

    # -- one exchange --------------------------------------------------------------------------

    def _sent(
        self,
        method: str,
        target: str,
        content: Content,
        headers: Mapping[str, str],
        exchange: Exchange,
        repeatable: bool,
    ) -> Reply:
        kept = self._kept() if repeatable else None
        try:
            if kept is not None:
                with suppress(RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                    return self._exchange(kept, method, target, content, headers, exchange)
            return self._exchange(self._connection(), method, target, content, headers, exchange)
        except TimeoutError:
            raise exchange.over() from None
        except (OSError, HTTPException) as error:
            log.warning("%s cannot be reached: %s", self.setting, error)
            raise GovgraphError("remote-unavailable", setting=self.setting) from error

    def _exchange(
        self,
        link: HTTPConnection,
        method: str,
        target: str,
        content: Content,
        headers: Mapping[str, str],
        exchange: Exchange,
    ) -> Reply:
        try:
            link.timeout = exchange.left()
            if link.sock is None:
                link.connect()
            held: socket.socket = link.sock
            exchange.use(held)
            body = content() if callable(content) else content
            link.request(method, target, body, dict(headers))
            exchange.use(held)
            response = link.getresponse()
        except BaseException:
            link.close()
            raise
        return Reply(self, link, response, Body(response, held, exchange))

    def _kept(self) -> HTTPConnection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _connection(self) -> HTTPConnection:
        if self._secure:
            return HTTPSConnection(self._host, self._port, context=self._trust)
        return HTTPConnection(self._host, self._port)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    # -- what came back ------------------------------------------------------------------------

    def _judged(self, reply: Reply) -> Reply:
        if 200 <= reply.status < 300:
            return reply
        status, said = reply.status, self._given_up(reply)
        log.warning("%s answered %d: %s", self.setting, status, said)
        if status in (401, 403):
            raise GovgraphError("remote-credentials", setting=self.setting)
        if status < 400 or status in (404, 405, 410):
            raise GovgraphError("remote-address", setting=self.setting)
        if status in (429, 502, 503, 504):
            raise GovgraphError("remote-unavailable", setting=self.setting)
        raise RemoteFailure(self.setting, status, said)

    def _given_up(self, reply: Reply) -> str:
        """The beginning of what a response says; its connection is let go."""
        with reply, suppress(GovgraphError):
            said = reply.body.read(SAID)
            while len(said) < SAID and (more := reply.body.read(BLOCK)):
                said += more
            return said[:SAID].decode(errors="replace")
        return ""


def _end(idle: list[HTTPConnection]) -> None:
    """Close the connections that wait when nobody will use them any more."""
    while idle:
        idle.pop().close()


class RemoteFailure(GovgraphError):
    """A request that the server refused or failed at; `said` is its own text, for the log."""

    def __init__(self, setting: str, status: int, said: str) -> None:
        super().__init__("remote-failed", setting=setting)
        self.answered, self.said = status, said
