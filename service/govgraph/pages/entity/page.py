"""/id/TYPE/KEY as a page: what an entity is, since when, on what evidence, and what points to it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from govgraph.errors import GovgraphError
from govgraph.http import linked, negotiate
from govgraph.http.common import in_thread
from govgraph.pages.citing.box import as_file, citation
from govgraph.pages.common import Shown
from govgraph.pages.entity.ego import ego, kind_of, titled
from govgraph.pages.entity.ends import both
from govgraph.pages.entity.facts import facts
from govgraph.pages.entity.later import later
from govgraph.pages.entity.neighbours import Around, Link, around
from govgraph.pages.entity.pointing import pointing
from govgraph.pages.entity.sections import sections, told
from govgraph.pages.entity.unknown import lacking
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.proofs import numbers
from govgraph.pages.results import short
from govgraph.pages.trail import trail

router = APIRouter(include_in_schema=False)
#: Formats of linked data, then of the facts with their evidence.
_RDF = {"Turtle": "turtle", "JSON-LD": "jsonld", "N-Triples": "ntriples", "RDF/XML": "rdfxml"}
_FACTS = {"JSON": "json", "CSV": "csv"}


@router.get("/id/{kind}/{key:path}")
async def entity(request: Request, kind: str, key: str, page: Shown) -> Response:
    """The page, or another format if that is asked for."""
    assert page.opened is not None
    iri = page.opened.context.base + linked.path_of(request)
    if not request.query_params.get("cite") and not _wants_page(request):
        format = request.query_params.get("format")
        return await linked.entity(request, kind, key, page.opened, format)
    return await in_thread(request, lambda: _page(page, kind, iri))


def _wants_page(request: Request) -> bool:
    format = request.query_params.get("format")
    accept = negotiate.SHORT.get(format, "none/none") if format else negotiate.accepted(request)
    first, *others = linked.OFFERED  # which a client without preferences gets
    return negotiate.choose(accept, [first, "text/html", *others]) == "text/html"


def _page(page: Page, kind: str, iri: str) -> Response:
    met = both(page, iri)
    found = facts(page, iri, (triple for one in met for triple in one.triples(iri)))
    if found is None:
        zh, en = "实体", "entity"
        raise GovgraphError("not-found", kind=en, kind_zh=zh, id=short(page, iri))
    title, key = found.labels.get(iri) or {}, short(page, iri)
    cited = citation(page, *_titles(page, title, iri), f"{kind}-{key}")
    return as_file(page, cited) or respond(
        "entity.html", page, "find",
        iri=iri, kind=kind, facts=found, trail=trail(page, iri), sections=told(page, kind, iri),
        synthetic="synthetic" in found.assertions, title=title, key=key, numbers=numbers,
        later=later(page, sections().get(kind, ()), iri), lacking=lacking(page, found),
        citation=cited, files=_files(page, iri),
        **_around(
            page, iri, page.plain(title, page.nameless(iri)), around(page, iri, met, found.stated)
        ),
    )  # fmt: skip


def _titles(page: Page, names: Any, iri: str) -> tuple[str, str]:
    """What an entity is cited as, in the page's language and in English: name, or kind, and key."""
    key = short(page, iri)
    if not names:
        return page.nameless(iri), key
    own, english = page.plain(names, key), names.get("en") or page.plain(names, key)
    marks = ("（{}）", " ({})") if page.language == "zh" else (" ({})", " ({})")
    return own + marks[0].format(key), english + marks[1].format(key)


def _files(page: Page, iri: str) -> dict[str, str]:
    """Where the entity is had in other formats, of the release that is shown."""
    assert page.opened is not None
    path = iri.removeprefix(page.opened.context.base)
    pinned = {"release": page.release, "at": None, "inference": None, "lang": None}
    rdf = {name: page.to(f"/id/{path}", format=to, **pinned) for name, to in _RDF.items()}
    facts = {
        name: page.to(f"/api/v1/entities/{path}", format=to, **pinned)
        for name, to in _FACTS.items()
    }
    return rdf | facts


def _around(page: Page, iri: str, name: str, near: Around) -> dict[str, Any]:
    """What the part on neighbours is drawn from."""
    return {
        "near": near,
        "wide": ego(page, name, near.links, narrow=False),
        "narrow": ego(page, name, near.links, narrow=True),
        "pointing": pointing(page, iri, near),
        "titled": titled,
        "kind_of": kind_of,
        "full": lambda link: _full(page, iri, link),
    }


def _full(page: Page, iri: str, link: Link) -> str:
    """The address of all neighbours by one kind of link, as an answer of the editor."""
    ends = ("<%s> <%s> ?entity", "?entity <%s> <%s>")[not link.outward]
    pair = (iri, link.property) if link.outward else (link.property, iri)
    return page.to("/query", q=f"SELECT ?entity WHERE {{ {ends % pair} }} ORDER BY ?entity")
