"""The ontology's and the shapes' files as graphs in memory, read once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from govgraph import resources
from govgraph.vocabulary import PREFIXES

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple
LABEL = PREFIXES["rdfs"] + "label"
DEFINITION = PREFIXES["skos"] + "definition"
FIRST, REST = PREFIXES["rdf"] + "first", PREFIXES["rdf"] + "rest"


@cache
def graph(folder: str) -> Store:
    """All Turtle files of a resource folder, `ontology` or `shapes`."""
    store = Store()
    for path in sorted(resources.folder(folder).glob("*.ttl")):
        store.extend(parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True))
    return store


def values(store: Store, subject: Node, property_: str) -> list[Term]:
    """The values of a property, in the order of their texts."""
    found = store.quads_for_pattern(subject, NamedNode(property_), None)
    return sorted((quad.object for quad in found), key=str)


def texts(store: Store, subject: Node, property_: str) -> dict[str, str]:
    """The texts of a property by language (`und` for none)."""
    found = values(store, subject, property_)
    return {each.language or "und": each.value for each in found if isinstance(each, Literal)}


def members(store: Store, head: Term) -> Iterator[Term]:
    """What an RDF list holds."""
    while isinstance(head, BlankNode):
        yield from values(store, head, FIRST)
        head = next(iter(values(store, head, REST)), NamedNode(PREFIXES["rdf"] + "nil"))


def short(iri: str) -> str:
    """An IRI as a prefixed name where a prefix is known."""
    for name, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{name}:{iri[len(start) :]}"
    return iri


def shortened(text: str) -> str:
    """A text of IRIs, such as a property path, as a reader tells them apart: known prefixes, else
    the last two parts."""
    if not text.startswith(("http://", "https://")) or " " in text:
        return text
    known = short(text)
    return known if known != text else "/".join(text.rsplit("/", 2)[-2:])
