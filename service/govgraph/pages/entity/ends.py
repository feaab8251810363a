"""The other ends of an entity's links, by property and direction: all, or the first of very many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from govgraph.engine.base import Engine
from govgraph.pages.page import Page
from govgraph.vocabulary import GOV, PREFIXES, PROLOGUE, PROV, RDFS

#: Neighbours of one kind of link that are looked at, kinds of links, and links that are read at once.
EACH, LINKS, FEW = 60, 40, 400
#: More of one kind are not put in order before the first of them are taken.
_SORTED = 2_000
_ALL = {
    True: "SELECT DISTINCT ?p ?other WHERE { %s ?p ?other FILTER(isIRI(?other)) } LIMIT %d",
    False: "SELECT DISTINCT ?p ?other WHERE { ?other ?p %s } LIMIT %d",
}
_COUNTS = {
    True: "SELECT ?p (COUNT(DISTINCT ?other) AS ?n) WHERE { %s ?p ?other FILTER(isIRI(?other)) } GROUP BY ?p",
    False: "SELECT ?p (COUNT(DISTINCT ?other) AS ?n) WHERE { ?other ?p %s } GROUP BY ?p",
}
_OTHERS = {
    True: "SELECT DISTINCT ?other WHERE {{ {here} {p} ?other FILTER(isIRI(?other)) }} {order} LIMIT {most}",
    False: "SELECT DISTINCT ?other WHERE {{ ?other {p} {here} }} {order} LIMIT {most}",
}
#: Links that are evidence, notes or names, and no relation.
ASIDE = (PROV, RDFS, PREFIXES["rdf"], PREFIXES["csvw"], GOV + "about", GOV + "assertion")
_TABLES = "table/"


@dataclass(frozen=True)
class Ends:
    """The first entities at the other end of a kind of link, `outward` if it leads to them; `total`
    counts all."""

    property: str
    outward: bool
    total: int
    others: tuple[str, ...]

    def triple(self, iri: str, other: str) -> Triple:
        """The link between the entity and one of the others."""
        start, end = (iri, other) if self.outward else (other, iri)
        return Triple(NamedNode(start), NamedNode(self.property), NamedNode(end))

    def triples(self, iri: str) -> Iterable[Triple]:
        """All of them."""
        return (self.triple(iri, other) for other in self.others)


def both(page: Page, iri: str) -> list[Ends]:
    """The kinds of links in both directions."""
    return [one for outward in (True, False) for one in ends(page, iri, outward)]


def ends(page: Page, iri: str, outward: bool) -> list[Ends]:
    """The kinds of links in one direction, each with its first ends."""
    assert page.opened is not None
    engine, here = page.opened.engine, str(NamedNode(iri))
    rows = engine.select(PROLOGUE + _ALL[outward] % (here, FEW + 1))
    several: dict[str, list[str]] = {}
    totals: dict[str, int] = {}
    for row in rows:
        several.setdefault(row["p"].value, []).append(row["other"].value)
    if len(rows) > FEW:
        counted = engine.select(PROLOGUE + _COUNTS[outward] % here)
        totals = {row["p"].value: int(row["n"].value) for row in counted}
        several = {term: _first(engine, here, outward, term, totals[term]) for term in totals}
    found = []
    for term, others in sorted(several.items()):
        ours = tuple(sorted(each for each in others if is_ours(page, each) and each != iri)[:EACH])
        if ours and not term.startswith(ASIDE):
            found.append(Ends(term, outward, totals.get(term, len(others)), ours))
    return found[:LINKS]


def _first(engine: Engine, here: str, outward: bool, term: str, total: int) -> list[str]:
    """The first ends of one kind of link, in order unless there are very many."""
    if term.startswith(ASIDE):
        return []
    order = "ORDER BY ?other" if total <= _SORTED else ""
    query = _OTHERS[outward].format(here=here, p=str(NamedNode(term)), order=order, most=EACH)
    return [row["other"].value for row in engine.select(PROLOGUE + query)]


def is_ours(page: Page, iri: str) -> bool:
    assert page.opened is not None
    base = page.opened.context.base
    return iri.startswith(base) and not iri.startswith(base + _TABLES)
