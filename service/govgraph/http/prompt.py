"""Lookups over /sparql, answered before the framework: the same few queries of ever new things.

A request that says no more than a query is answered here if Oxigraph answers it at once. Every
other one, whatever is wrong with it too, is the application's.
"""

from __future__ import annotations

from typing import Any

from govgraph.edge.form import pairs
from govgraph.edge.lookup import PATH, Pairs, coded, lookup_headers, plain
from govgraph.engine.base import Form
from govgraph.engine.guard import guard
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.outline import outline
from govgraph.engine.stream import Prompt
from govgraph.errors import GovgraphError
from govgraph.http import negotiate
from govgraph.http.common import FRESH
from govgraph.http.protocol import FORM
from govgraph.http.state import Opened, Releases

#: Status, headers and body of an answer.
Whole = tuple[int, Pairs, bytes]
#: Outlines of queries that are remembered.
OUTLINES = 4_096


class Lookups:
    """The lookups of the current release; `services` says whether queries may call other endpoints."""

    def __init__(self, releases: Releases, *, services: bool) -> None:
        self.releases, self.services = releases, services
        self._forms: dict[tuple[str, str], Form | None] = {}

    def answer(self, scope: dict[str, Any], body: bytes) -> Whole | None:
        """The answer to a request, None if it is the application's to give."""
        if scope["path"] != PATH:
            return None
        if (headers := plain(scope["headers"])) is None:
            return None
        try:
            query = _query(scope, headers, body)
            return None if query is None else self._answered(query, headers)
        except GovgraphError:
            return None

    def _answered(self, query: str, headers: dict[bytes, bytes]) -> Whole | None:
        release = self.releases.open()
        form = self._form(release, query)
        if form is None:
            return None
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
            return self._found(release.engine, query)
        key = release.release.id, text
        if key not in self._forms:
            if len(self._forms) >= OUTLINES:
                self._forms.clear()
            self._forms[key] = self._found(release.engine, query)
        return self._forms[key]

    def _found(self, engine: HybridEngine, query: str) -> Form | None:
        if FRESH.search(query) or (self.services and "service" in query.lower()):
            return None
        try:
            guard(query)
            return engine.route(query).lookup
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
