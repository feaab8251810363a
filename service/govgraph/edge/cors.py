"""Other sites' pages: any may read, those of configured origins may write."""

from __future__ import annotations

from collections.abc import Iterable

from govgraph.edge.writes import is_write

Headers = list[tuple[bytes, bytes]]
_EXPOSED = b"ETag, Govgraph-Release, Location, Retry-After, Link, X-Request-Id, Content-Disposition"
_ACCEPTED = (
    b"Accept, Accept-Language, Authorization, Content-Encoding, Content-Language, Content-Type,"
    b" If-Match, If-None-Match, X-Api-Key, X-Request-Id"
)
_METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


def origins(text: str) -> frozenset[str]:
    """The origins of the setting, such as https://example.org; * is any."""
    return frozenset(part.strip().rstrip("/") for part in text.split(",") if part.strip())


def cors_headers(method: str, path: str, origin: str | None, writers: frozenset[str]) -> Headers:
    """What lets a page of `origin` see the answer to a request: none for a write of a page that may
    not write. A request without an origin is not from a page."""
    if not is_write(method, path):
        return [(b"access-control-allow-origin", b"*"), _EXPOSES]
    if origin is None or not (origin in writers or "*" in writers):
        return [(b"vary", b"Origin")]
    allowed = (b"access-control-allow-origin", origin.encode("latin-1"))
    return [allowed, _EXPOSES, (b"vary", b"Origin")]


def preflight(
    path: str, headers: Iterable[tuple[bytes, bytes]], writers: frozenset[str]
) -> Headers | None:
    """The answer's headers if a request that was made with OPTIONS is a browser's question whether
    a page may make another one; None if it is not."""
    asked = dict(headers)
    origin, method = asked.get(b"origin"), asked.get(b"access-control-request-method")
    if origin is None or method is None:
        return None
    found = cors_headers(method.decode("latin-1"), path, origin.decode("latin-1"), writers)
    if all(name != b"access-control-allow-origin" for name, _ in found):
        return found
    return [
        *(pair for pair in found if pair != _EXPOSES),
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", _ACCEPTED),
        (b"access-control-max-age", b"7200"),
    ]


_EXPOSES = (b"access-control-expose-headers", _EXPOSED)
