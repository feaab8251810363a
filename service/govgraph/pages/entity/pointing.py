"""What else points at an entity: observations, notes and the like, which are no neighbours of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from govgraph.catalog.present import labels
from govgraph.pages.entity.neighbours import Around
from govgraph.pages.page import Page
from govgraph.pages.terms import names_of

#: The first ones in order, of as many as are worth sorting.
_IN = """SELECT ?s ?p WHERE {
  { SELECT DISTINCT ?s ?p WHERE { ?s ?p %s FILTER(!CONTAINS(STR(?s), "#row=")) } LIMIT %d }
} ORDER BY ?p ?s LIMIT %d"""
#: Entities that are looked at; how many are put in order.
MOST, SORTED = 60, 500


@dataclass(frozen=True)
class Pointing:
    """Entities that have this one as the value of a property, as (IRI, names)."""

    name: Mapping[str, str]
    entities: tuple[tuple[str, Mapping[str, str]], ...]


@dataclass(frozen=True)
class Pointings:
    """The entities by property; `more` if there are others."""

    groups: tuple[Pointing, ...]
    more: bool


def pointing(page: Page, iri: str, near: Around) -> Pointings:
    """What points at an entity and is not around it."""
    assert page.opened is not None
    context = page.opened.context
    rows = context.engine.select(_IN % (NamedNode(iri), SORTED, MOST + 1))
    ends = {end for link in near.links for one in link.neighbours for end in (one.iri, one.record)}
    told = ends | near.left_out | near.undated
    rest = [
        row for row in rows[:MOST] if isinstance(row["s"], NamedNode) and row["s"].value not in told
    ]
    named = labels(context.engine, (row["s"].value for row in rest))
    groups: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for row in rest:
        subject = row["s"].value
        groups.setdefault(row["p"].value, []).append((subject, named.get(subject, {})))
    terms = names_of(context.engine, groups)
    found = tuple(Pointing(terms[term], tuple(several)) for term, several in groups.items())
    return Pointings(found, len(rows) > MOST)
