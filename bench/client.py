"""One HTTP client for all servers: the connection is kept, the body is read to its end."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode

from bench.data import Query
from bench.engine import Failed, Reply, Unfinished

JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"


class Client:
    """Asks a SPARQL endpoint of this machine; `parameters` go with every query."""

    def __init__(self, port: int, path: str, parameters: Mapping[str, str] | None = None) -> None:
        self.port, self.path, self.parameters = port, path, dict(parameters or {})
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, query: Query, limit: float) -> Reply:
        """The answer and its seconds. Unfinished after `limit` seconds, Failed if not status 200.

        A connection that the server has closed meanwhile is opened again.
        """
        body = urlencode({"query": query.text, **self.parameters}).encode()
        headers = {
            "Accept": TRIPLES if query.constructs else JSON,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            return self._ask(body, headers, limit)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
        try:
            return self._ask(body, headers, limit)
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{type(error).__name__}: {error}") from error

    def _ask(self, body: bytes, headers: dict[str, str], limit: float) -> Reply:
        connection = self._connected()
        with _deadline(connection, limit):
            start = time.perf_counter()
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            content = response.read()
            seconds = time.perf_counter() - start
        if response.status != 200:
            raise Failed(f"status {response.status}: {content[:300].decode(errors='replace')}")
        return Reply(seconds, content)

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port)
            self._connection.connect()
        return self._connection

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


@contextmanager
def _deadline(connection: http.client.HTTPConnection, limit: float) -> Iterator[None]:
    """Cuts the connection when time is over: a socket's own limit starts anew at each read."""
    over = threading.Event()
    link = connection.sock
    assert link is not None

    def cut() -> None:
        over.set()
        link.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(limit, cut)
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if over.is_set():
            raise Unfinished from None
        raise
    finally:
        timer.cancel()
