"""A client that costs next to nothing itself: requests made beforehand, on connections kept open."""

from __future__ import annotations

import itertools
import selectors
import socket
import time
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

JSON = "application/sparql-results+json"
_END = b"\r\n\r\n"


def request(path: str, query: str) -> bytes:
    """A query as the bytes of a GET."""
    target = f"{path}?{urlencode({'query': query})}"
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {JSON}\r\n\r\n".encode()


class Connection:
    """One connection to a server of this machine, and what has come of the answer that it awaits."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._come = bytearray()

    def ask(self, sent: bytes) -> bytes:
        """The body of the answer. OSError if it breaks off, ValueError if its status is not 200."""
        self.send(sent)
        while (body := self.hear()) is None:
            pass
        return body

    def send(self, sent: bytes) -> None:
        self._come.clear()
        self.socket.sendall(sent)

    def hear(self) -> bytes | None:
        """Read on; the body once it is whole."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server has closed the connection")
        self._come += part
        return _body(bytes(self._come))

    def close(self) -> None:
        self.socket.close()


def _body(come: bytes) -> bytes | None:
    head, found, rest = come.partition(_END)
    if not found:
        return None
    status = head.split(b" ", 2)[1]
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    headers = {name.lower(): value.strip() for name, _, value in lines}
    if b"content-length" in headers:
        body = rest if len(rest) >= int(headers[b"content-length"]) else None
    else:
        body = _joined(rest) if rest.endswith(b"0\r\n\r\n") else None
    if body is not None and status != b"200":
        raise ValueError(f"status {status.decode()}: {body[:300].decode(errors='replace')}")
    return body


def _joined(chunks: bytes) -> bytes:
    """The chunks of a body as one."""
    parts, place = [], 0
    while True:
        end = chunks.index(b"\r\n", place)
        size = int(chunks[place:end], 16)
        if not size:
            return b"".join(parts)
        parts.append(chunks[end + 2 : end + 2 + size])
        place = end + 2 + size + 2


def latencies(port: int, requests: Iterable[bytes]) -> list[float]:
    """Milliseconds of each answer, one after the other on one connection."""
    connection, found = Connection(port), []
    for sent in requests:
        began = time.perf_counter()
        connection.ask(sent)
        found.append((time.perf_counter() - began) * 1000)
    connection.close()
    return found


def rate(port: int, requests: Sequence[bytes], clients: int, seconds: float) -> float:
    """Requests a second of so many clients, each asking as soon as it is answered."""
    endless = itertools.cycle(requests)
    answered = 0
    with selectors.DefaultSelector() as selector:
        connections = [Connection(port) for _ in range(clients)]
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(endless))
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            for key, _ in selector.select(1):
                if key.data.hear() is not None:
                    answered += 1
                    key.data.send(next(endless))
        for connection in connections:
            connection.close()
    return answered / passed
