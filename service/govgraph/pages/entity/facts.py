"""The facts of an entity, property by property, each value with its cells and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from govgraph.catalog.present import labels as names_of
from govgraph.engine.base import Engine, Row, Term
from govgraph.governance.kept import kept
from govgraph.inference.graph import Graph
from govgraph.inference.rule import terms
from govgraph.inference.why import stated
from govgraph.lookup.facts import FactDocument
from govgraph.pages.page import Page
from govgraph.pages.proofs import Proof, of_fact
from govgraph.pages.results import Cell, short
from govgraph.pages.terms import borrowed, named
from govgraph.pages.words import texts
from govgraph.vocabulary import GOV, PREFIXES, PROLOGUE, PROV, RDF

_OUT = "SELECT DISTINCT ?entity ?p ?o WHERE { ?entity ?p ?o } ORDER BY ?p ?o LIMIT %d"
#: Facts that a page looks at.
MOST = 400
_DATED = """SELECT ?p WHERE {
  ?p schema:rangeIncludes edtf:EDTF }"""
#: Shown elsewhere on the page: names in the title, rows and sentences as evidence.
_HIDDEN = {
    PROV + "wasDerivedFrom",
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["rdfs"] + "label",
    GOV + "assertion",
    RDF + "type",
}
_BOUND = re.compile(r"(Earliest|Latest)$")
_EDTF = NamedNode(PREFIXES["edtf"] + "EDTF")
#: A value that the store spells otherwise than the tables: its cell is not found by its text.
_UNPLACED: dict[str, Any] = {"text": "", "asserted": True, "cells": [], "derivations": []}
_WORDS_OF_A_SOURCE = GOV + "verbatim"


@dataclass(frozen=True)
class Value:
    """A value with its evidence; `inferred` if no table states it, `said` if it is a source's own
    words."""

    cell: Cell
    proofs: tuple[Proof, ...]
    inferred: bool
    said: bool


@dataclass(frozen=True)
class Property:
    """A property with its values."""

    iri: str
    name: Mapping[str, str]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Facts:
    """What the release says of an entity. `assertions` are the ways in which rows state it, `known`
    all properties that it has, shown or not, `stated` what some table states of all triples that
    were asked about."""

    properties: tuple[Property, ...]
    types: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    assertions: tuple[str, ...]
    known: frozenset[str]
    stated: frozenset[Triple]


def facts(page: Page, iri: str, others: Iterable[Triple] = ()) -> Facts | None:
    """The facts of an entity; None if the release says nothing of it. In which graphs triples stand
    is asked once, of its own and of `others`."""
    assert page.opened is not None
    context = page.opened.context
    rows = context.select(_OUT % MOST, entity=iri)
    if not rows:
        return None
    shown = [row for row in rows if _shown(row, rows)]
    subject = NamedNode(iri)
    triples = [Triple(subject, NamedNode(row["p"].value), row["o"]) for row in shown]
    asked = stated(Graph(context.engine), list(dict.fromkeys([*triples, *others])))
    known = {triple: asked[triple] for triple in triples if triple in asked}
    document = FactDocument(context, list(known.values())).as_dict()["facts"]
    told = dict.fromkeys(triples, _UNPLACED) | dict(zip(known, document, strict=True))
    labels = names_of(context.engine, [iri, *_iris(rows)])
    triples = [t for t in triples if told[t]["asserted"] or _worth(page, t, labels)]
    return Facts(
        _grouped(page, triples, told, labels),
        tuple(row["o"].value for row in rows if row["p"].value == RDF + "type"),
        labels,
        tuple(_local(row["o"]) for row in rows if row["p"].value == GOV + "assertion"),
        frozenset(row["p"].value for row in rows),
        frozenset(triple for triple, fact in asked.items() if fact.stated_in),
    )


def _worth(page: Page, triple: Triple, labels: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether an inferred fact is told: not if it only says the same in another vocabulary."""
    return page.inference and bool(labels.get(triple.predicate.value))


def _shown(row: Row, rows: list[Row]) -> bool:
    """Whether a fact is told: not the bounds of a date that is told itself, not the types."""
    name = row["p"].value
    stem = _BOUND.sub("", name)
    if stem != name and any(other["p"].value == stem for other in rows):
        return False
    return name not in _HIDDEN


def _iris(rows: Iterable[Row]) -> list[str]:
    return [t.value for row in rows for t in (row["p"], row["o"]) if isinstance(t, NamedNode)]


def _local(term: Term) -> str:
    return str(getattr(term, "value", "")).rpartition("#")[2]


def _grouped(
    page: Page,
    triples: list[Triple],
    told: Mapping[Triple, Any],
    labels: Mapping[str, Mapping[str, str]],
) -> tuple[Property, ...]:
    groups: dict[str, list[Value]] = {}
    for triple in triples:
        iri = triple.predicate.value
        groups.setdefault(iri, []).append(_value(page, triple, told[triple], labels))
    found = [
        Property(iri, named(iri, labels.get(iri)), tuple(_in_language(page, values)))
        for iri, values in groups.items()
    ]
    return tuple(sorted(found, key=lambda p: (all(v.inferred for v in p.values), _place(p), p.iri)))


def _place(group: Property) -> tuple[str, int]:
    """What one row states stays together."""
    places = [(proof.place, proof.row) for v in group.values for proof in v.proofs if proof.place]
    return min(places, default=("~", 0))


def _in_language(page: Page, values: list[Value]) -> list[Value]:
    """Values in the page's language where a property has texts in both."""
    other = [value for value in values if value.cell.lang == page.other]
    ours = [value for value in values if value.cell.lang == page.language]
    return [value for value in values if value not in other] if ours else values


def _value(page: Page, triple: Triple, fact: Any, labels: Mapping[str, Mapping[str, str]]) -> Value:
    iri, (_, _, object_) = triple.predicate.value, terms(triple)
    return Value(
        _cell(page, iri, object_, labels),
        tuple(of_fact(page, fact)),
        not fact["asserted"],
        iri == _WORDS_OF_A_SOURCE,
    )


def _cell(page: Page, property_: str, term: Term, labels: Mapping[str, Mapping[str, str]]) -> Cell:
    if isinstance(term, NamedNode):
        text, lang = page.chosen(
            labels.get(term.value) or borrowed(term.value), short(page, term.value)
        )
        ours = page.opened is not None and term.value.startswith(page.opened.context.base)
        link = page.entity(term.value) if ours or term.value.startswith("http") else None
        return Cell(text, link, lang if lang != page.language else None)
    if not isinstance(term, Literal):
        return Cell("—")
    assert page.opened is not None
    kind = term.datatype.value.rpartition("#")[2]
    if kind in ("integer", "decimal", "double", "gYear"):
        return Cell(term.value if kind == "gYear" else page.number(term.value))
    if kind == "boolean":
        return Cell(page.t(f"values.{term.value}"))
    if kind == "date" or term.datatype == _EDTF or property_ in _times(page.opened.engine):
        return Cell(page.date(term.value))
    word = f"values.{short(page, property_)}-{term.value}"
    return Cell(page.t(word)) if word in texts() else Cell(term.value, lang=term.language)


@kept
def _times(engine: Engine) -> frozenset[str]:
    """The properties whose texts are dates as EDTF writes them."""
    return frozenset(row["p"].value for row in engine.select(PROLOGUE + _DATED))
