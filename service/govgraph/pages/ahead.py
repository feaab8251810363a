"""Pages that a worker looks at before anyone asks.

Of a large release which way each question of a page goes, and what all pages of models rest on, is
found out by who comes first. That takes some seconds of a nation, and leaves a few tenths to those
who follow. Of a small one it is the page that goes through all there is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from starlette.types import ASGIApp, Message, Scope

from govgraph.http.state import Opened
from govgraph.lookup.search import all_of
from govgraph.vocabulary import PROLOGUE

OVERVIEW = "/funding"
#: Kinds of entities whose pages ask differently, and which have names.
KINDS = ("organization", "person", "post", "project", "model")
#: Places that something is known of, unlike the first by name, which are provinces; and flows.
_PLACES = "SELECT DISTINCT ?found { ?adoption gov:adopter ?found } LIMIT 2"
_FLOWS = "SELECT ?found { ?found a gov:FundingFlow } LIMIT 1"


def look_ahead(app: ASGIApp, opened: Opened, small: bool) -> None:
    """Look at pages of a release, one after the other; it need not be the one that is served."""
    for address in [OVERVIEW] if small else examples(opened):
        joint = "&" if "?" in address else "?"
        asyncio.run(_looked_at(app, f"{address}{joint}release={opened.release.id}"))


def examples(opened: Opened) -> Iterator[str]:
    """Addresses of an entity of each kind and of comparisons, as far as the release has them."""
    places, flows = _found(opened, _PLACES), _found(opened, _FLOWS)
    models = all_of(opened.labels, "model", limit=2)
    found = [all_of(opened.labels, kind, limit=1) for kind in KINDS]
    iris = [*places[:1], *flows, *(hit.iri for hits in found for hit in hits)]
    yield from ("/id/" + quote(iri.removeprefix(opened.context.base)) for iri in iris)
    for name, several in (("m", [model.iri for model in models]), ("p", places)):
        if len(several) > 1:
            keys = [(name, iri.rpartition("/")[2]) for iri in several]
            yield f"/compare?{urlencode(keys)}"


def _found(opened: Opened, query: str) -> list[str]:
    return [str(row["found"].value) for row in opened.engine.select(PROLOGUE + query)]


async def _looked_at(app: ASGIApp, address: str) -> None:
    path, _, query = address.partition("?")
    scope: Scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode(),
        "headers": [(b"accept", b"text/html")], "client": None, "server": None, "state": {},
    }  # fmt: skip
    await app(scope, _nothing, _unseen)


async def _nothing() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _unseen(_: Message) -> None:
    """Nobody looks at it."""
