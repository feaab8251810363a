"""What may be written in a query on a release: prefixes, classes and properties with their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from govgraph.http.state import Opened
from govgraph.lookup.statistics import Counts
from govgraph.pages.vocabulary.ontology import Term, ontology
from govgraph.pages.vocabulary.store import short
from govgraph.vocabulary import PREFIXES, RDF


def of_release(opened: Opened) -> dict[str, Any]:
    """The ontology's terms, and all others that the release uses under a prefix of ours; `uses` is
    how many entities a class has, how many triples a property has."""
    known, counted = ontology(), opened.statistics
    return {
        "base": opened.context.base,
        "prefixes": PREFIXES,
        "classes": _terms(known.classes, counted.classes, "entities"),
        "properties": _terms(known.properties, counted.properties, "triples", RDF + "type"),
    }


def _terms(
    ours: Mapping[str, Term], counts: Mapping[str, Counts], what: str, *without: str
) -> list[dict[str, Any]]:
    """The most used first."""
    named = {iri: short(iri) for iri in _both(ours, counts) if iri not in without}
    found = [
        _term(name, ours.get(iri), counts.get(iri, {}).get(what, 0))
        for iri, name in named.items()
        if name != iri
    ]
    return sorted(found, key=lambda term: (-term["uses"], term["name"]))


def _both(ours: Iterable[str], counts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys((*ours, *counts))


def _term(name: str, term: Term | None, uses: int) -> dict[str, Any]:
    if term is None:
        return {"name": name, "uses": uses}
    return {"name": name, "uses": uses, "label": term.label, "definition": term.definition}
