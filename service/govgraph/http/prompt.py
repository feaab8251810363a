"""Lookups over /sparql, answered before the framework: the same few queries of ever new things.

A request that says no more than a query is answered here if Oxigraph answers it at once. Every
other one, whatever is wrong with it too, is the application's.
"""

from __future__ import annotations

from typing import Any

from govgraph.edge.form import pairs
from govgraph.edge.lookup import PATH, Pairs, coded, lookup_headers, plain
from govgraph.engine.base import Engine, Form
from govgraph.engine.guard import guard
from govgraph.engine.hybrid import HybridEngine, Route
from govgraph.engine.outline import outline
from govgraph.engine.stream import Prompt
from govgraph.errors import GovgraphError
from govgraph.http import negotiate
from govgraph.http.common import FRESH
from govgraph.http.protocol import FORM
from govgraph.http.state import Opened, Releases

#: Status, headers and body of an answer.
Whole = tuple[int, Pairs, bytes]
#: Outlines of queries that are remembered, and requests: so many, and of so many bytes.
OUTLINES = 4_096
REQUESTS, LONGEST = 1_024, 8_192


class Lookups:
    """The lookups of the current release; `services` says whether queries may call other endpoints."""

    def __init__(self, releases: Releases, *, services: bool) -> None:
        self.releases, self.services = releases, services
        self._forms: dict[tuple[str, str], Form | None] = {}
        self._asked: dict[tuple[str, bytes], tuple[str, Form]] = {}

    def answer(self, scope: dict[str, Any], body: bytes) -> Whole | None:
        """The answer to a request, None if it is the application's to give."""
        if scope["path"] != PATH:
            return None
        if (headers := plain(scope["headers"])) is None:
            return None
        try:
            release = self.releases.open()
            found = self._lookup(release, scope, headers, body)
            return found and self._answered(release, *found, headers)
        except GovgraphError:
            return None

    def _lookup(
        self, release: Opened, scope: dict[str, Any], headers: dict[bytes, bytes], body: bytes
    ) -> tuple[str, Form] | None:
        """The query of a request and its form, if it is a lookup. Programs ask the same again, and
        what they ask by GET they say in the URL alone."""
        key = (release.release.id, scope["query_string"]) if scope["method"] == "GET" else None
        if key and (known := self._asked.get(key)):
            return known
        query = _query(scope, headers, body)
        found = None if query is None else self._found(release, query)
        if found and key and len(key[1]) <= LONGEST:
            if len(self._asked) >= REQUESTS:
                self._asked.clear()
            self._asked[key] = found
        return found

    def _found(self, release: Opened, query: str) -> tuple[str, Form] | None:
        """What Oxigraph is asked for a query that is a lookup, or is one from the nodes it names."""
        if form := self._form(release, query):
            return query, form
        route = self._route(release.engine, query)
        return (route.query, route.lookup) if route and route.query and route.lookup else None

    def _answered(
        self, release: Opened, query: str, form: Form, headers: dict[bytes, bytes]
    ) -> Whole | None:
        assert isinstance(release.engine, HybridEngine)
        accept = headers.get(b"accept", b"").decode("latin-1") or None
        offered: Any = negotiate.GRAPHS if form == "graph" else negotiate.RESULTS
        media = negotiate.require(accept, offered)[0]
        chunks = release.engine.oxigraph.answer(query, {form: offered[media]}, lookup=form).chunks
        assert isinstance(chunks, Prompt)
        content = chunks.whole()
        if content is None:
            return None
        coding, content = coded(content, headers.get(b"accept-encoding", b"").decode("latin-1"))
        length = (b"content-length", str(len(content)).encode())
        return (
            200,
            (*lookup_headers(release.release.id, media, coding, "oxigraph"), length),
            content,
        )

    def _form(self, release: Opened, query: str) -> Form | None:
        """The form of a lookup; None for any other query."""
        if not isinstance(release.engine, HybridEngine):
            return None
        text = outline(query, release.engine.schema)
        if text is None:
            return self._routed(release.engine, query)
        key = release.release.id, text
        if key not in self._forms:
            if len(self._forms) >= OUTLINES:
                self._forms.clear()
            self._forms[key] = self._routed(release.engine, query)
        return self._forms[key]

    def _routed(self, engine: Engine, query: str) -> Form | None:
        """The form of a query that is a lookup as it stands."""
        route = self._route(engine, query)
        return None if route is None or route.query else route.lookup

    def _route(self, engine: Engine, query: str) -> Route | None:
        """The route of a query that may be answered here."""
        if FRESH.search(query) or (self.services and "service" in query.lower()):
            return None
        try:
            guard(query)
            return engine.route(query) if isinstance(engine, HybridEngine) else None
        except GovgraphError:
            return None


def _query(scope: dict[str, Any], headers: dict[bytes, bytes], body: bytes) -> str | None:
    """The query of a request that carries nothing else. GovgraphError(not-utf8)."""
    if scope["method"] == "GET":
        encoded = scope["query_string"]
    elif scope["method"] == "POST" and not scope["query_string"]:
        media = headers.get(b"content-type", b"")
        if media == b"application/sparql-query":
            return body.decode() if body.isascii() else None
        encoded = body if media == FORM.encode() else b""
    else:
        return None
    found = pairs(encoded)
    return found[0][1] if len(found) == 1 and found[0][0] == "query" else None
