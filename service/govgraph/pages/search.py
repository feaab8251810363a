"""/search: what is called so, with what tells namesakes apart; without words, all of a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode

from govgraph.http.common import in_thread
from govgraph.lookup.entities import Context
from govgraph.lookup.search import Hit, all_of, search
from govgraph.pages.common import Shown
from govgraph.pages.frame import respond
from govgraph.pages.kinds import KINDS
from govgraph.vocabulary import PROLOGUE

router = APIRouter(include_in_schema=False)
#: Hits of a page, and pages at most.
SHOWN, PAGES = 50, 200
#: What stands above an entity, and what it is known by beside its names.
_AROUND = """SELECT ?entity ?above ?code WHERE { VALUES ?entity { %s }
  OPTIONAL { ?entity gov:parentPlace|gov:place|org:subOrganizationOf|org:postIn ?above }
  OPTIONAL { ?entity gov:statCode|gov:uscc|dcterms:identifier ?code } } ORDER BY ?entity ?above ?code"""


@dataclass(frozen=True)
class Around:
    """What tells an entity from its namesakes."""

    above: str | None = None
    code: str | None = None


@router.get("/search")
async def find(request: Request, page: Shown, q: str = "", type: str = "") -> Response:
    """The page of hits. An unknown type is no type."""
    kind = type if type in KINDS else ""
    number = _number(request.query_params.get("page"))
    return await in_thread(request, lambda: _page(page, q.strip(), kind, number))


def _page(page: Shown, q: str, kind: str, number: int) -> Response:
    assert page.opened is not None
    context, labels = page.opened.context, page.opened.labels
    prefix = f"{context.base}{kind}/" if kind else context.base
    start = (number - 1) * SHOWN
    if q:
        hits = search(labels, q, limit=start + SHOWN + 1, prefix=prefix)[start:]
    else:
        hits = all_of(labels, prefix, limit=SHOWN + 1, offset=start) if kind else []
    shown, more = hits[:SHOWN], len(hits) > SHOWN
    return respond(
        "search.html", page, "find",
        q=q, kind=kind, kinds=KINDS, number=number, more=more, **_named(context, shown),
    )  # fmt: skip


def _named(context: Context, hits: list[Hit]) -> dict[str, Any]:
    around = _around(context, [hit.iri for hit in hits])
    above = [found.above for found in around.values() if found.above]
    return {
        "hits": hits,
        "around": around,
        "labels": context.labels([*(hit.iri for hit in hits), *above]),
        "types": {hit.iri: context.split(hit.iri)[0] for hit in hits},
    }


def _around(context: Context, iris: list[str]) -> dict[str, Around]:
    if not iris:
        return {}
    values = " ".join(str(NamedNode(iri)) for iri in iris)
    found = {iri: Around() for iri in iris}
    for row in reversed(context.engine.select(PROLOGUE + _AROUND % values)):
        above, code = row.get("above"), row.get("code")
        found[row["entity"].value] = Around(
            above.value if isinstance(above, NamedNode) else None,
            code.value if isinstance(code, Literal) else None,
        )
    return found


def _number(text: str | None) -> int:
    return min(max(int(text), 1), PAGES) if text and text.isascii() and text.isdigit() else 1
