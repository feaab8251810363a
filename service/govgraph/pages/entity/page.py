"""/id/TYPE/KEY as a page: what an entity is, since when, on what evidence, and what points to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from govgraph.catalog.present import labels
from govgraph.errors import GovgraphError
from govgraph.http import linked, negotiate
from govgraph.http.common import in_thread
from govgraph.pages.common import Shown
from govgraph.pages.entity.facts import Facts, facts
from govgraph.pages.entity.later import later
from govgraph.pages.entity.sections import sections, told
from govgraph.pages.frame import respond
from govgraph.pages.kinds import KINDS
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.results import short
from govgraph.pages.trail import trail

router = APIRouter(include_in_schema=False)
#: The first ones in order, of as many as are worth sorting.
_IN = """SELECT ?s ?p WHERE {
  { SELECT DISTINCT ?s ?p WHERE { ?s ?p %s FILTER(!CONTAINS(STR(?s), "#row=")) } LIMIT %d }
} ORDER BY ?p ?s LIMIT %d"""
#: Entities that point here and are listed; how many are put in order.
MOST, SORTED = 60, 500


@dataclass(frozen=True)
class Pointing:
    """Entities that have this one as the value of a property."""

    name: Mapping[str, str]
    entities: tuple[tuple[str, Mapping[str, str]], ...]


@router.get("/id/{kind}/{key:path}")
async def entity(request: Request, kind: str, key: str, page: Shown) -> Response:
    """The page, or another format if that is asked for."""
    assert page.opened is not None
    format = request.query_params.get("format")
    accept = negotiate.SHORT.get(format, "none/none") if format else negotiate.accepted(request)
    first, *others = linked.OFFERED  # which a client without preferences gets
    if negotiate.choose(accept, [first, "text/html", *others]) != "text/html":
        return await linked.entity(request, kind, key, page.opened, format)
    iri = page.opened.context.base + linked.path_of(request)
    return await in_thread(request, lambda: _page(page, kind, iri))


def _page(page: Page, kind: str, iri: str) -> Response:
    found = facts(page, iri)
    if found is None:
        zh, en = "实体", "entity"
        raise GovgraphError("not-found", kind=en, kind_zh=zh, id=short(page, iri))
    return respond(
        "entity.html", page, "find",
        iri=iri, kind=kind if kind in KINDS else "other", facts=found, trail=trail(page, iri),
        sections=told(page, kind, iri),
        later=later(page, sections().get(kind, ()), iri), pointing=_pointing(page, iri), numbers=numbers,
        synthetic="synthetic" in found.assertions, title=_title(found, iri), key=short(page, iri),
    )  # fmt: skip


def _title(found: Facts, iri: str) -> Mapping[str, str]:
    return found.labels.get(iri) or {}


def _pointing(page: Page, iri: str) -> dict[str, Any]:
    """What points at an entity, by property."""
    assert page.opened is not None
    context = page.opened.context
    rows = context.engine.select(_IN % (NamedNode(iri), SORTED, MOST + 1))
    named = context.labels(row["s"].value for row in rows if isinstance(row["s"], NamedNode))
    terms = labels(context.engine, (row["p"].value for row in rows))
    groups: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for row in rows[:MOST]:
        if isinstance(row["s"], NamedNode):
            subject = row["s"].value
            groups.setdefault(row["p"].value, []).append((subject, named.get(subject, {})))
    found = [Pointing(terms.get(p, {"und": short(page, p)}), tuple(es)) for p, es in groups.items()]
    return {"groups": found, "more": len(rows) > MOST}
