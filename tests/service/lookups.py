"""Lookups as the front hands them on, and what their answers have to be like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from govgraph.observed import TOLD

Whole = tuple[int, Sequence[tuple[bytes, bytes]], bytes]


def scope(query: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    pairs = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items() if v]
    asked = urlencode({"query": query}).encode() if method == "GET" else b""
    return {"method": method, "path": "/sparql", "query_string": asked, "headers": pairs}


def same(found: Whole, response: Any, *, ordered: bool = True) -> None:
    """Answers to one request that differ in the order of their solutions at most."""
    status, pairs, body = found
    told = {k.decode(): v.decode() for k, v in pairs if k != TOLD}
    assert len(told) == len(pairs) - 1
    if "content-encoding" not in told and ordered:
        assert body == response.content
    assert status == response.status_code
    for name in set(told) - {"content-length"}:
        assert told[name] == response.headers[name], name
    assert int(told["content-length"]) == len(body)
