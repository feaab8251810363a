"""Requests byte by byte: what no library for clients would send."""

from __future__ import annotations

import socket
from collections.abc import Iterable

_HOST = b"Host: 127.0.0.1\r\n"
_QUERY = b"POST /sparql HTTP/1.1\r\n" + _HOST + b"Content-Type: application/sparql-query\r\n"
_CHUNKED = _QUERY + b"Transfer-Encoding: chunked\r\n\r\n"


def _get(path: bytes, *headers: bytes, method: bytes = b"GET", version: bytes = b"1.1") -> bytes:
    lines = (*headers, b"Host: 127.0.0.1", b"Connection: close")
    return method + b" " + path + b" HTTP/" + version + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n"


#: Two readings of where a request ends, or of whom it asks: none of them is answered.
AMBIGUOUS = {
    "a length and chunks": _QUERY
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": _QUERY + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nASK{}",
    "another coding": _QUERY + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks that are not last": _QUERY + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": _QUERY + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "two lengths": _QUERY + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{} ",
    "a list of lengths": _QUERY + b"Content-Length: 5, 5\r\n\r\nASK{}",
    "a negative length": _QUERY + b"Content-Length: -5\r\n\r\nASK{}",
    "a signed length": _QUERY + b"Content-Length: +5\r\n\r\nASK{}",
    "a length beyond numbers": _QUERY + b"Content-Length: 99999999999999999999999\r\n\r\nASK{}",
    "a folded header": _get(b"/sparql", b"X: a\r\n b"),
    "line ends without a return": b"GET /sparql HTTP/1.1\nHost: a\n\n",
    "a return in a header": _get(b"/sparql", b"X: a\rY: b"),
    "a zero byte in a header": _get(b"/sparql", b"X: a\x00b"),
    "no host": b"GET /sparql HTTP/1.1\r\n\r\n",
    "two hosts": _get(b"/sparql", b"Host: example.org"),
    "a chunk beyond numbers": _CHUNKED + b"FFFFFFFFFFFFFFFFFFFF\r\n",
    "a negative chunk": _CHUNKED + b"-1\r\n",
    "a tunnel": _get(b"127.0.0.1:22", method=b"CONNECT"),
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a version of its own": _get(b"/sparql", version=b"9.9"),
    "a method of its own": _get(b"/sparql", method=b"BREW"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 10,
    "bytes beyond ASCII in a path": _get(b"/id/person/\xe4\xba\xba"),
    "no path": b"GET  HTTP/1.1\r\n" + _HOST + b"\r\n",
}

#: What is unusual, and still a request: the status of its answer.
UNUSUAL = {
    "a query": (200, _get(b"/sparql?query=ASK%7B%7D")),
    "HTTP/1.0": (200, _get(b"/sparql?query=ASK%7B%7D", version=b"1.0")),
    "another host": (200, b"GET /health HTTP/1.1\r\nHost: \xff\"><b>\r\nConnection: close\r\n\r\n"),
    "a whole URL": (200, _get(b"http://example.org/health")),
    "a web socket": (200, _get(b"/health", b"Upgrade: websocket", b"Sec-WebSocket-Key: x")),
    "HTTP/2 by an upgrade": (200, _get(b"/health", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk")),
    "20,000 headers": (200, _get(b"/health", *[b"X-%d: a" % number for number in range(20_000)])),
    "Accept of 100 kB": (200, _get(b"/sparql?query=ASK%7B%7D", b"Accept: " + b"text/x;q=0.1," * 8000 + b"*/*")),
    "If-None-Match of 100 kB": (200, _get(b"/sparql?query=ASK%7B%7D", b"If-None-Match: " + b'"x",' * 25_000 + b'"y"')),
    "weights that are none": (200, _get(b"/sparql?query=ASK%7B%7D", b"Accept: */*;q=NaN, text/csv;q=1e400")),
    "Accept-Encoding of 100 kB": (200, _get(b"/health", b"Accept-Encoding: " + b"x;q=0.1," * 12_000)),
    "a query string that is not UTF-8": (400, _get(b"/sparql?query=%ff%fe")),
    "half a character in a query": (400, _get(b"/sparql?query=%ed%a0%80")),
    "an overlong slash in a path": (404, _get(b"/id/person/%c0%af%c0%ae")),
    "a zero byte in a path": (404, _get(b"/id/person/%00")),
    "steps upwards": (404, _get(b"/id/../../canary.txt")),
    "escaped steps upwards": (404, _get(b"/id/%2e%2e/%2e%2e%2f%2e%2e/canary.txt")),
    "steps upwards in a release": (404, _get(b"/api/v1/releases/..%2f..%2fcanary/changes")),
    "steps upwards in its name": (404, _get(b"/sparql?query=ASK%7B%7D&release=../../canary.txt")),
    "backslashes": (307, _get(b"/id/..\\..\\canary.txt")),
    "a path of 60 kB": (404, _get(b"/id/person/" + b"a" * 60_000)),
    "a path of 100 kB": (400, _get(b"/id/person/" + b"a" * 100_000)),
    "a path of 10,000 steps": (404, _get(b"/id/" + b"a/" * 10_000)),
    "two slashes": (404, _get(b"//etc/passwd")),
    "a star": (404, _get(b"*", method=b"OPTIONS")),
    "TRACE": (405, _get(b"/sparql", method=b"TRACE")),
    "PROPFIND": (405, _get(b"/sparql", method=b"PROPFIND")),
    "a head of 2 MB": (431, _get(b"/health", *[b"X-%d: " % number + b"a" * 60_000 for number in range(40)])),
    "a header of 2 MB": (431, _get(b"/health", b"X: " + b"a" * 2_000_000)),
    "a path of 2 MB": (431, _get(b"/" + b"a" * 2_000_000)),
    "half a head": (408, b"GET /health HTTP/1.1\r\n"),
    "nothing": (408, b""),
    "half a body": (408, _QUERY + b"Connection: close\r\nContent-Length: 100\r\n\r\nASK{}"),
    "a body of 16 exabytes": (413, _QUERY + b"Connection: close\r\nContent-Length: 9223372036854775807\r\n\r\n"),
}  # fmt: skip

#: Headers after a body, where no proxy looks: they do not count.
TRAILER = (
    _QUERY + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nASK{}\r\n0\r\nAccept: text/csv\r\nContent-Type: text/csv\r\n\r\n"
)  # fmt: skip

#: Never-ending parts of a request that hold no part of its body: the connection is broken off.
ENDLESS = {
    "a trailer": (_CHUNKED + b"5\r\nASK{}\r\n1\r\n \r\n0\r\nX: ", b"a" * 65_536),
    "the extension of a chunk": (_CHUNKED + b"5;", b"a" * 65_536),
    "empty lines": (b"", b"\r\n" * 32_768),
}


def exchanged(port: int, parts: Iterable[bytes]) -> bytes:
    """What a server sends back until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
            while found := connection.recv(65_536):
                answer += found
        except ConnectionError:
            return answer
    return answer


def status(answer: bytes) -> int:
    """The status of an answer; 0 if there is none."""
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.") else 0
