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
from govgraph.pages.entity.ego import ego, kind_of, titled
from govgraph.pages.entity.facts import Facts, facts
from govgraph.pages.entity.neighbours import Around, Link, around
from govgraph.pages.entity.sections import told
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.results import short
from govgraph.pages.terms import names_of
from govgraph.pages.trail import trail

router = APIRouter(include_in_schema=False)
_IN = """SELECT DISTINCT ?entity ?s ?p WHERE { ?s ?p ?entity FILTER(!CONTAINS(STR(?s), "#row=")) }
ORDER BY ?p ?s LIMIT %d"""
#: Entities that point here and are listed.
MOST = 60


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
    name = page.plain(_title(found, iri), short(page, iri))
    near = around(page, iri)
    return respond(
        "entity.html", page, "find",
        near=near, wide=ego(page, name, near.links, False), narrow=ego(page, name, near.links, True),
        titled=titled, kind_of=kind_of, full=lambda link: _full(page, iri, link), iri=iri, kind=kind, facts=found, trail=trail(page, iri),
        sections=told(page, kind, iri), pointing=_pointing(page, iri, near), numbers=numbers,
        synthetic="synthetic" in found.assertions, title=_title(found, iri), key=short(page, iri),
    )  # fmt: skip


def _title(found: Facts, iri: str) -> Mapping[str, str]:
    return found.labels.get(iri) or {}


def _full(page: Page, iri: str, link: Link) -> str:
    """The address of all neighbours by one kind of link, as an answer of the editor."""
    ends = f"<{iri}> <{link.property}> ?entity" if link.outward else f"?entity <{link.property}> <{iri}>"
    return page.to("/query", q=f"SELECT ?entity WHERE {{ {ends} }} ORDER BY ?entity")


def _pointing(page: Page, iri: str, near: Around) -> dict[str, Any]:
    """What else points at an entity, by property: observations and notes of it, and the like."""
    assert page.opened is not None
    context = page.opened.context
    rows = context.select(_IN % (MOST + 1), entity=iri)
    told = {end for link in near.links for one in link.neighbours for end in (one.iri, one.record)}
    rest = [row for row in rows[:MOST] if row["s"].value not in told]
    named = labels(context.engine, (row["s"].value for row in rest))
    groups: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for row in rest:
        if isinstance(row["s"], NamedNode):
            subject = row["s"].value
            groups.setdefault(row["p"].value, []).append((subject, named.get(subject, {})))
    terms = names_of(context.engine, groups)
    found = [Pointing(terms[p], tuple(entities)) for p, entities in groups.items()]
    return {"groups": found, "more": len(rows) > MOST}
