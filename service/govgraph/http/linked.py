"""/id/…, /ontology, /shapes: linked data, negotiated as Turtle, JSON-LD and a plain page."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from govgraph import resources
from govgraph.errors import GovgraphError
from govgraph.http import negotiate
from govgraph.http.common import Release, in_thread, name_release
from govgraph.http.page import entity_page
from govgraph.http.state import Opened
from govgraph.lookup.evidence import evidence
from govgraph.vocabulary import PREFIXES, PROLOGUE

router = APIRouter(tags=["linked data"])
HTML = "text/html"
Format = Annotated[str | None, Query(description="html, turtle, jsonld … instead of Accept.")]
#: The first is what a client without preferences gets.
_OFFERED: dict[str, RdfFormat | None] = {
    "text/turtle": RdfFormat.TURTLE,
    HTML: None,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_OUT = "SELECT DISTINCT ?p ?o WHERE { ?entity ?p ?o } ORDER BY ?p ?o"
_IN = """SELECT DISTINCT ?s ?p WHERE { ?s ?p ?entity FILTER(!CONTAINS(STR(?s), "#row=")) } ORDER BY ?p ?s LIMIT 200"""


@router.api_route(
    "/id/{kind}/{key:path}", methods=["GET", "HEAD"], summary="One entity, in the format asked for"
)
async def entity(
    request: Request, kind: str, key: str, release: Release, format: Format = None
) -> Response:
    """All that the release says of an entity. GovgraphError(not-found, not-acceptable)."""
    media, form = _negotiate(request, format)
    iri = release.context.iri(kind, key)

    def work() -> bytes | str:
        found = _facts(release, iri)
        if not found["out"]:
            raise GovgraphError("not-found", kind="entity", kind_zh="实体", id=f"{kind}/{key}")
        return entity_page(release.context, iri, found) if form is None else _rdf(iri, found, form)

    response = Response(await in_thread(request, work))
    response.headers["Content-Type"] = media + ("; charset=utf-8" if media == HTML else "")
    name_release(response, release, media)
    return response


def _negotiate(request: Request, format: str | None) -> tuple[str, RdfFormat | None]:
    accept = negotiate.SHORT.get(format, "none/none") if format else request.headers.get("accept")
    return negotiate.require(accept, _OFFERED)


def _facts(release: Opened, iri: str) -> dict[str, Any]:
    context = release.context
    bindings: dict[str, Any] = {"entity": NamedNode(iri)} if _legal(iri) else {}
    if not bindings:
        return {"out": []}
    return {
        "out": context.engine.select(PROLOGUE + _OUT, bindings),
        "in": context.engine.select(PROLOGUE + _IN, bindings),
        "evidence": evidence(context.engine, [iri], context.passages).get(iri, []),
    }


def _legal(iri: str) -> bool:
    return not any(ch in iri for ch in '<>"{}|\\^` \n\r\t')


def _rdf(iri: str, found: dict[str, Any], form: RdfFormat) -> bytes:
    triples = (Triple(NamedNode(iri), row["p"], row["o"]) for row in found["out"])
    named = form in (RdfFormat.TURTLE, RdfFormat.RDF_XML)
    body = serialize(triples, format=form, prefixes=PREFIXES if named else None)
    assert body is not None
    return body


@router.get("/ontology", summary="The ontology, all modules")
async def ontology(request: Request) -> Response:
    """The OWL modules as one graph."""
    return _folder(request, resources.folder("ontology"))


@router.get("/shapes", summary="The shapes, all files")
async def shapes(request: Request) -> Response:
    """The SHACL files as one graph."""
    return _folder(request, resources.folder("shapes"))


def _folder(request: Request, folder: FilePath) -> Response:
    media, form = negotiate.require(request.headers.get("accept"), negotiate.GRAPHS)
    triples: list[Triple] = []
    for path in sorted(folder.glob("*.ttl")):
        triples += (
            q.triple for q in parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True)
        )
    body = serialize(triples, format=form)
    response = Response(body)
    response.headers["Content-Type"] = media
    return response
