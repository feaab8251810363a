"""/shapes as a page: what is checked of each class, in words, with its severity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Request, Response
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from govgraph.http import linked
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.vocabulary.ontology import Term, ontology, wants_html
from govgraph.pages.vocabulary.store import LABEL, Node, graph, members, short, texts, values
from govgraph.vocabulary import RDF

router = APIRouter(include_in_schema=False)
SH = "http://www.w3.org/ns/shacl#"
#: Said elsewhere in a row, or of no use to a reader.
_SAID = {"path", "message", "severity", "name", "order", "description", "property", "sparql"}


@dataclass(frozen=True)
class Check:
    """One constraint: what it looks at, what it asks in terms and in words, how bad a breach is."""

    path: str
    asks: tuple[tuple[str, str], ...]
    message: Mapping[str, str]
    severity: str


@dataclass(frozen=True)
class Shape:
    """A shape with all of its checks."""

    iri: str
    label: Mapping[str, str]
    targets: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def anchor(self) -> str:
        return self.iri.rpartition("#")[2]


@router.get("/shapes")
async def page(request: Request) -> Response:
    """The documentation; the shapes themselves for programs."""
    if not wants_html(request):
        return await linked.shapes(request)
    return respond("shapes.html", Page.of(request), None, shapes=shapes(), asked=asked)


def asked(page: Page, text: str) -> str:
    """What a check asks for, with terms by their names."""
    named = _terms()
    parts = [named[one].called(page) if one in named else one for one in text.split(", ")]
    return page.t("vocabulary.joint").join(parts)


@cache
def _terms() -> Mapping[str, Term]:
    """All terms by their prefixed names."""
    found = ontology()
    several = (*found.classes.values(), *found.properties.values())
    values = (term for terms in found.individuals.values() for term in terms)
    return {term.name: term for term in (*several, *values)}


@cache
def shapes() -> tuple[Shape, ...]:
    """All node shapes that have a target."""
    store = graph("shapes")
    kind = NamedNode(SH + "NodeShape")
    quads = store.quads_for_pattern(None, NamedNode(RDF + "type"), kind)
    nodes = sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=str)
    found = (_shape(store, node) for node in nodes)
    return tuple(shape for shape in found if shape.targets)


def _shape(store: Store, node: NamedNode) -> Shape:
    targets = [
        short(target.value)
        for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
        for target in values(store, node, SH + name)
        if isinstance(target, NamedNode)
    ]
    return Shape(node.value, texts(store, node, LABEL), tuple(targets), tuple(_checks(store, node)))


def _checks(store: Store, node: NamedNode) -> Iterator[Check]:
    if said := texts(store, node, SH + "message"):
        yield Check("", (("node", ""),), said, _severity(store, node))
    for constraint in values(store, node, SH + "property") + values(store, node, SH + "sparql"):
        if isinstance(constraint, NamedNode | BlankNode):
            yield _check(store, constraint, node)


def _check(store: Store, constraint: Node, shape: Node) -> Check:
    path = " ".join(_shown(store, value) for value in values(store, constraint, SH + "path"))
    return Check(
        path,
        _asks(store, constraint),
        _message(store, constraint),
        _severity(store, constraint, shape),
    )


def _severity(store: Store, *nodes: Node) -> str:
    """How bad a breach is, as the first of the nodes says that says it."""
    said = (value for node in nodes for value in values(store, node, SH + "severity"))
    return str(next(said, "#Violation")).rpartition("#")[2].strip(">")


def _message(store: Store, constraint: Node) -> dict[str, str]:
    """What a constraint says of a breach, or the query in it."""
    said = texts(store, constraint, SH + "message")
    for query in values(store, constraint, SH + "sparql"):
        if isinstance(query, NamedNode | BlankNode):
            said = said or texts(store, query, SH + "message")
    return said


def _asks(store: Store, constraint: Node) -> tuple[tuple[str, str], ...]:
    """The parameters of a constraint, such as minCount 1."""
    found = []
    for quad in store.quads_for_pattern(constraint, None, None):
        name = quad.predicate.value
        if name.startswith(SH) and name.removeprefix(SH) not in _SAID | {"select", "prefixes"}:
            found.append((name.removeprefix(SH), _shown(store, quad.object)))
    return tuple(sorted(found))


def _shown(store: Store, value: object) -> str:
    if isinstance(value, NamedNode):
        return short(value.value)
    if isinstance(value, Literal):
        return value.value
    listed = [_shown(store, each) for each in members(store, value)]  # type: ignore[arg-type]
    return ", ".join(listed) if listed else "…"
