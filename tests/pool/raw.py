"""HTTP as bytes on a socket, for what no client library would do."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from urllib.parse import urlencode


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def request(line: str, *headers: str, body: str = "") -> bytes:
    return "\r\n".join((line, "Host: 127.0.0.1", *headers, "", body)).encode()


def asking(query: str, version: str = "1.1", **more: str) -> bytes:
    """A request for the answer to a query."""
    return request(f"GET /sparql?{urlencode({'query': query, **more})} HTTP/{version}")


def until_closed(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and the rest of all that comes until the other end closes."""
    content = bytearray()
    while part := connection.recv(1 << 20):
        content += part
    head, _, rest = bytes(content).partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    return int(lines[0].split()[1]), _headers(lines[1:]), rest


def _headers(lines: Iterable[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines)
    return {name.lower(): value.strip() for name, _, value in pairs}
