"""/ontology as a page: classes as a tree, each with its properties; properties; individuals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import BlankNode, NamedNode, Store

from govgraph.http import linked, negotiate
from govgraph.pages.frame import respond
from govgraph.pages.page import Page
from govgraph.pages.terms import borrowed
from govgraph.pages.vocabulary.hierarchy import Hierarchy, hierarchies
from govgraph.pages.vocabulary.store import (
    DEFINITION,
    LABEL,
    graph,
    members,
    short,
    texts,
    values,
)
from govgraph.vocabulary import GOV, PREFIXES, RDF

router = APIRouter(include_in_schema=False)
_OWL, _RDFS = PREFIXES["owl"], PREFIXES["rdfs"]
_PROPERTIES = ("ObjectProperty", "DatatypeProperty")


@dataclass(frozen=True)
class Term:
    """A class, property or individual with what its file says of it; `links` are IRIs by what they
    are to it."""

    iri: str
    name: str
    label: Mapping[str, str]
    definition: Mapping[str, str]
    links: Mapping[str, tuple[str, ...]]

    @property
    def anchor(self) -> str:
        return self.iri.rpartition("#")[2]

    @property
    def is_ours(self) -> bool:
        """Whether our files define it, and do not only use it."""
        return self.iri.startswith(GOV)

    def called(self, page: Page) -> str:
        """Its name where there is room for no more; one of another vocabulary may be called like
        one of ours."""
        name = page.plain(self.label, self.name)
        return name if self.is_ours or not self.label else f"{name} {self.name}"


@dataclass(frozen=True)
class Ontology:
    """All classes, those of other vocabularies that ours stand below or point at too, and all terms
    of ours: `tree` has the classes below each, None for the top."""

    classes: Mapping[str, Term]
    properties: Mapping[str, Term]
    individuals: Mapping[str, tuple[Term, ...]]
    tree: Mapping[str | None, tuple[str, ...]]


@router.get("/ontology")
async def page(request: Request) -> Response:
    """The documentation; the ontology itself for programs."""
    if not wants_html(request):
        return await linked.ontology(request)
    page = Page.of(request)
    return respond(
        "ontology.html", page, None, ontology=ontology(), short=short, drawings=drawings(page)
    )


def drawings(page: Page) -> list[Hierarchy]:
    """The trees of classes as pictures, with names in the page's language."""
    found = ontology()
    names = {iri: term.called(page) for iri, term in found.classes.items()}
    return hierarchies(found.tree, names)


def wants_html(request: Request) -> bool:
    """Whether a request that may have RDF or a page is one of a reader."""
    offered = [*negotiate.GRAPHS, "text/html"]
    return negotiate.choose(negotiate.accepted(request), offered) == "text/html"


@cache
def ontology() -> Ontology:
    """The terms that the files define."""
    store = graph("ontology")
    classes = _terms(store, ("Class",), ("subClassOf",), foreign=True)
    properties = _terms(
        store, _PROPERTIES, ("domain", "range", "subPropertyOf"), ("inverseOf", "rangeIncludes")
    )
    return Ontology(classes, properties, _individuals(store, classes), _tree(classes))


def _terms(
    store: Store,
    kinds: tuple[str, ...],
    links: tuple[str, ...],
    more: tuple[str, ...] = (),
    *,
    foreign: bool = False,
) -> dict[str, Term]:
    """The terms of some kinds: ours, or `foreign` ones too."""
    subjects = {
        quad.subject.value
        for kind in kinds
        for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(_OWL + kind))
        if isinstance(quad.subject, NamedNode) and (foreign or quad.subject.value.startswith(GOV))
    }
    names = {link: _RDFS + link for link in links}
    names |= {"inverseOf": _OWL + "inverseOf"} if "inverseOf" in more else {}
    names |= {"rangeIncludes": PREFIXES["schema"] + "rangeIncludes"} if more else {}
    ours_first = sorted(subjects, key=lambda iri: (not iri.startswith(GOV), iri))
    return {iri: _term(store, iri, names) for iri in ours_first}


def _term(store: Store, iri: str, links: Mapping[str, str]) -> Term:
    node = NamedNode(iri)
    found = {
        name: tuple(iri for value in values(store, node, link) for iri in _named(store, value))
        for name, link in links.items()
    }
    return Term(
        iri, short(iri), texts(store, node, LABEL) or borrowed(iri), texts(store, node, DEFINITION),
        {name: iris for name, iris in found.items() if iris},
    )  # fmt: skip


def _named(store: Store, value: object) -> Iterator[str]:
    """What a value names: itself, or the members of a union."""
    if isinstance(value, NamedNode):
        yield value.value
    elif isinstance(value, BlankNode):
        for union in values(store, value, _OWL + "unionOf"):
            yield from (each.value for each in members(store, union) if isinstance(each, NamedNode))


def _individuals(store: Store, classes: Mapping[str, Term]) -> dict[str, tuple[Term, ...]]:
    """The individuals of each class of ours that has some."""
    found: dict[str, tuple[Term, ...]] = {}
    for iri in classes:
        quads = store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(iri))
        nodes = sorted(q.subject.value for q in quads if isinstance(q.subject, NamedNode))
        if nodes:
            found[iri] = tuple(_term(store, node, {}) for node in nodes)
    return found


def _tree(classes: Mapping[str, Term]) -> dict[str | None, tuple[str, ...]]:
    """The classes below each class; those below none stand at the top."""
    below: dict[str | None, list[str]] = {}
    for iri, term in classes.items():
        parents: list[Any] = [p for p in term.links.get("subClassOf", ()) if p in classes]
        for parent in parents or [None]:
            below.setdefault(parent, []).append(iri)
    return {parent: tuple(children) for parent, children in below.items()}
