"""/id/…, /ontology, /shapes: linked data, negotiated as Turtle, JSON-LD and their kind."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from govgraph import resources
from govgraph.engine.base import Row
from govgraph.errors import GovgraphError
from govgraph.http import negotiate
from govgraph.http.common import Release, in_thread, name_release
from govgraph.vocabulary import PREFIXES

router = APIRouter(tags=["linked data"])
Format = Annotated[str | None, Query(description="html, turtle, jsonld … instead of Accept.")]
#: The first is what a client without preferences gets.
OFFERED: dict[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_OUT = "SELECT DISTINCT ?entity ?p ?o WHERE { ?entity ?p ?o } ORDER BY ?p ?o"


@router.head("/id/{kind}/{key:path}", include_in_schema=False)
@router.get("/id/{kind}/{key:path}", summary="One entity, in the format asked for")
async def entity(
    request: Request, kind: str, key: str, release: Release, format: Format = None
) -> Response:
    """All that the release says of an entity. GovgraphError(not-found, not-acceptable)."""
    media, form = _negotiate(request, format)
    iri = release.context.base + path_of(request)

    def work() -> bytes:
        facts = release.context.select(_OUT, entity=iri)
        if not facts:
            raise GovgraphError("not-found", kind="entity", kind_zh="实体", id=f"{kind}/{key}")
        return _rdf(iri, facts, form)

    response = Response(await in_thread(request, work), media_type=media)
    name_release(response, release, media)
    return response


def path_of(request: Request) -> str:
    """TYPE/KEY as it stands in the IRI. The raw path tells an escaped slash from a real one."""
    raw = request.scope["raw_path"].decode("latin-1").partition("/id/")[2]
    return "/".join(quote(unquote(part), safe="") for part in raw.split("/"))


def _negotiate(request: Request, format: str | None) -> tuple[str, RdfFormat]:
    accept = negotiate.SHORT.get(format, "none/none") if format else negotiate.accepted(request)
    return negotiate.require(accept, OFFERED)


def _rdf(iri: str, facts: list[Row], form: RdfFormat) -> bytes:
    triples = (Triple(NamedNode(iri), NamedNode(row["p"].value), row["o"]) for row in facts)
    named = form in (RdfFormat.TURTLE, RdfFormat.RDF_XML)
    body = serialize(triples, format=form, prefixes=PREFIXES if named else None)
    assert body is not None
    return body


@router.get("/ontology", summary="The ontology, all modules")
async def ontology(request: Request) -> Response:
    """The OWL modules as one graph."""
    return await in_thread(request, lambda: _shipped(request, "ontology"))


@router.get("/shapes", summary="The shapes, all files")
async def shapes(request: Request) -> Response:
    """The SHACL files as one graph."""
    return await in_thread(request, lambda: _shipped(request, "shapes"))


def _shipped(request: Request, name: str) -> Response:
    """A folder of Turtle as one graph; it changes with the program only."""
    media, form = negotiate.require(negotiate.accepted(request), negotiate.GRAPHS)
    digest, content = _document(name, form)
    headers = {"ETag": f'W/"{digest};{media}"', "Vary": "Accept", "Cache-Control": "no-cache"}
    return Response(content, media_type=media, headers=headers)


@cache
def _document(name: str, form: RdfFormat) -> tuple[str, bytes]:
    """The digest of the files, and what they say in one format."""
    digest, triples = sha256(), list[Triple]()
    for path in sorted(resources.folder(name).glob("*.ttl")):
        content = path.read_bytes()
        digest.update(content)
        quads = parse(content, format=RdfFormat.TURTLE, rename_blank_nodes=True)
        triples += (quad.triple for quad in quads)
    return digest.hexdigest()[:16], serialize(triples, format=form) or b""
