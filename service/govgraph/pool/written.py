"""A whole answer as the bytes that a connection sends, with the headers that the edge adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from govgraph.edge.cors import cors_headers
from govgraph.edge.security import security_headers
from govgraph.observed import TOLD

Pairs = tuple[tuple[bytes, bytes], ...]
#: What would end a header before its end.
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class Top(NamedTuple):
    """The top of an answer: the lines of its headers; what a worker has told of it; the release that it names."""

    lines: bytes
    told: bytes
    release: bytes


@lru_cache(1024)
def top_of(headers: Pairs, *, https: bool) -> Top:
    """The top of an answer to a GET. ValueError for a header that would not stay one.

    Most answers differ in their bodies alone, so most tops have been made before."""
    named = dict(headers)
    kept = [pair for pair in headers if pair[0] != TOLD]
    kept += security_headers(kept, https=https)
    kept += cors_headers("GET", "/", None, frozenset())
    if any(_CONTROL.search(part) for pair in kept for part in pair):
        raise ValueError("a control character in a header")
    return Top(_lines(kept), named.get(TOLD, b""), named.get(b"govgraph-release", b""))


def written(status: int, lines: bytes, more: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
    """An answer's bytes: its head's lines, the headers that are of the moment, its body."""
    return b"".join((STATUS_LINE[status], lines, _lines(more), b"\r\n", body))


def _lines(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%b: %b\r\n" % pair for pair in pairs)
