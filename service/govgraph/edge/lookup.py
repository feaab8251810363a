"""Lookups as requests: which have no more to them than a query, and the headers of their answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from govgraph.edge.coding import ENCODERS, LEAST, allows_identity, choose
from govgraph.edge.naming import naming
from govgraph.observed import TOLD, Observed

Pairs = tuple[tuple[bytes, bytes], ...]
PATH = "/sparql"
#: Headers that may change an answer in ways that the application knows.
_OTHERS = frozenset(
    {b"if-none-match", b"content-encoding", b"authorization", b"x-api-key", b"range"}
)


def plain(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes] | None:
    """A request's headers by their names; None if one comes twice, or asks for more than an answer."""
    given = list(headers)
    found = dict(given)
    return found if len(found) == len(given) and _OTHERS.isdisjoint(found) else None


def coded(content: bytes, accepted: str) -> tuple[str, bytes]:
    """A body in the coding that the client wants, and its name; a short one as it is, without a name.
    GovgraphError(not-acceptable) if none is possible."""
    coding = choose(accepted)
    if coding == "identity" or len(content) < (LEAST if allows_identity(accepted) else 1):
        return "", content
    return coding, ENCODERS[coding]().end(content)


@lru_cache(256)
def lookup_headers(release_id: str, media: str, coding: str, engine: str) -> Pairs:
    """All headers of an answer to a lookup but the length, as the application has them."""
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    named = {"Content-Type": media + charset, **naming(release_id, media)}
    named["Vary"] += ", Accept-Encoding"
    if coding:
        named["Content-Encoding"] = coding
    told = Observed("", route="/sparql", engine=engine).told()
    return (*((n.lower().encode(), v.encode()) for n, v in named.items()), (TOLD, told))
