"""The ontology, its examples and the table declarations, read for the tests."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rdflib import OWL, RDF, Graph, Literal, URIRef

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://w3id.org/govgraph/ontology"
GOV = f"{BASE}#"
MODULES = sorted((ROOT / "ontology").glob("*.ttl"))
EXAMPLES = sorted((ROOT / "ontology" / "examples").glob("*.ttl"))
KINDS = {
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
}


class Column(NamedTuple):
    """One column of a table declaration, with the table it belongs to."""

    table: str
    description: dict[str, Any]

    @property
    def words(self) -> list[str]:
        """The words that the column's format lists, if it lists any."""
        datatype = self.description.get("datatype")
        pattern = datatype.get("format", "") if isinstance(datatype, dict) else ""
        words: list[str] = pattern.split("|")
        return words if all(word.isalpha() for word in words) else []


def module_iri(path: Path) -> URIRef:
    """The IRI of a module; govgraph.ttl is the whole."""
    return URIRef(BASE if path.stem == "govgraph" else f"{BASE}/{path.stem}")


def parse(paths: list[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def declared(graph: Graph) -> dict[URIRef, set[URIRef]]:
    """Each declared term, own or reused, with its kinds."""
    kinds: dict[URIRef, set[URIRef]] = {}
    for term, kind in graph.subject_objects(RDF.type):
        if isinstance(term, URIRef) and isinstance(kind, URIRef) and kind in KINDS:
            kinds.setdefault(term, set()).add(kind)
    return kinds


def own(graph: Graph) -> dict[URIRef, set[URIRef]]:
    """Each declared gov: term with its kinds."""
    return {term: kinds for term, kinds in declared(graph).items() if term.startswith(GOV)}


@cache
def ontology() -> Graph:
    """All modules in one graph; not to be changed."""
    return parse(MODULES)


@cache
def columns() -> tuple[Column, ...]:
    """Every column of every standard table."""
    return tuple(
        Column(path.name.removesuffix(".csv-metadata.json"), column)
        for path in sorted((ROOT / "loaders" / "tables").glob("*.csv-metadata.json"))
        for column in json.loads(path.read_text("utf-8"))["tableSchema"]["columns"]
    )


def languages(graph: Graph, subject: URIRef, property_: URIRef) -> list[str | None]:
    """The languages of a property's texts, sorted."""
    texts = [text for text in graph.objects(subject, property_) if isinstance(text, Literal)]
    return sorted((text.language for text in texts), key=str)
