"""/ontology/NAME: one class with its properties as picture and table; /shapes/NAME: one shape."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from govgraph.errors import GovgraphError
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.vocabulary.examples import of_class, of_shape
from govgraph.pages.vocabulary.neighbours import neighbours
from govgraph.pages.vocabulary.ontology import ontology
from govgraph.pages.vocabulary.shapes import asked, shapes
from govgraph.pages.vocabulary.store import short

router = APIRouter(include_in_schema=False)


@router.get("/ontology/{name}")
async def one_class(request: Request, name: str) -> Response:
    """A class by its prefixed name, such as gov:Appointment. GovgraphError(no-such-path)."""
    found = ontology()
    iri = next((iri for iri, term in found.classes.items() if term.name == name), None)
    if iri is None:
        raise GovgraphError("no-such-path")
    return respond(
        "class.html", Page.of(request), None, ontology=found, near=neighbours(found, iri),
        term=found.classes[iri], examples=of_class(name), short=short,
        checks=[shape for shape in shapes() if name in shape.targets],
    )  # fmt: skip


@router.get("/shapes/{name}")
async def one_shape(request: Request, name: str) -> Response:
    """A shape by the last part of its IRI. GovgraphError(no-such-path)."""
    found = next((shape for shape in shapes() if shape.anchor == name), None)
    if found is None:
        raise GovgraphError("no-such-path")
    return respond(
        "shape.html", Page.of(request), None, shape=found, good=of_shape(name, "good"),
        bad=of_shape(name, "bad"), asked=asked, classes={t.name: t for t in ontology().classes.values()},
    )  # fmt: skip
