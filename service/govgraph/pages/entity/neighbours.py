"""What an entity is linked to, by kind of link: what it names, what names it, and what a record that
has no name of its own, such as an appointment, joins it to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Triple

from govgraph.catalog.present import labels
from govgraph.engine.base import Row
from govgraph.governance.time import Span
from govgraph.pages.entity.ends import ASIDE, Ends, is_ours
from govgraph.pages.page import Page
from govgraph.pages.terms import names_of
from govgraph.vocabulary import PROLOGUE

Names = Mapping[str, str]
_RECORDS = """SELECT DISTINCT ?record ?p ?other WHERE { VALUES ?record { %s } ?record ?p ?other
  FILTER(isIRI(?other)) } ORDER BY ?record ?p ?other"""
_DATES = """SELECT ?thing (SAMPLE(?from) AS ?start) (SAMPLE(?to) AS ?end) WHERE { VALUES ?thing { %s }
  OPTIONAL { ?thing gov:start ?from } OPTIONAL { ?thing gov:end ?to } } GROUP BY ?thing"""


@dataclass(frozen=True)
class Neighbour:
    """An entity at the other end of a link. `record` joins the two if neither names the other;
    `held` says whether the link holds at the reader's date, None if it has no dates or none is
    asked for; `inferred` if no table states it."""

    iri: str
    names: Names
    record: str | None
    start: str | None
    end: str | None
    held: str | None
    inferred: bool


@dataclass(frozen=True)
class Link:
    """Neighbours by one kind of link; `outward` if it leads from the entity to them. `total` counts
    those that were not looked at too."""

    property: str
    names: Names
    outward: bool
    neighbours: tuple[Neighbour, ...]
    total: int


@dataclass(frozen=True)
class Around:
    """The links of an entity; `left_out` are neighbours that did not hold at the reader's date,
    `undated` inferred ones of which that cannot be told."""

    links: tuple[Link, ...]
    left_out: frozenset[str]
    undated: frozenset[str]


def around(page: Page, iri: str, found: Sequence[Ends], stated: Collection[Triple]) -> Around:
    """What an entity is linked to, from the ends of its links (ends.both) and those of them that
    some table states. Each neighbour stands under the first link that leads to it, what tables
    state before what is inferred."""
    reader = _Reader(page, iri, found, stated)
    links = sorted(_grouped(reader, found), key=lambda one: all(n.inferred for n in one.neighbours))
    return Around(tuple(_distinct(links)), frozenset(reader.left_out), frozenset(reader.undated))


class _Reader:
    """Reads what is wanted of all links of an entity at once."""

    def __init__(
        self, page: Page, iri: str, found: Sequence[Ends], stated: Collection[Triple]
    ) -> None:
        assert page.opened is not None
        self.page, self.iri, self.stated = page, iri, stated
        self.engine = page.opened.engine
        met = list(dict.fromkeys(other for one in found for other in one.others))
        named = labels(self.engine, met)
        records = [end for end in met if not named.get(end)]
        self.joined = self._joined(records)
        far = [row["other"].value for rows in self.joined.values() for row in rows]
        self.names = named | labels(self.engine, far)
        through = [row["p"].value for rows in self.joined.values() for row in rows]
        self.terms = names_of(self.engine, [*(one.property for one in found), *through])
        self.dates = self._dates(met)
        self.left_out: set[str] = set()
        self.undated: set[str] = set()

    def _joined(self, records: list[str]) -> dict[str, list[Row]]:
        """What records lead to, but the entity itself."""
        joined: dict[str, list[Row]] = {}
        for row in self._select(_RECORDS, records):
            other = row["other"].value
            aside = row["p"].value.startswith(ASIDE)
            if not aside and other != self.iri and is_ours(self.page, other):
                joined.setdefault(row["record"].value, []).append(row)
        return joined

    def _dates(self, things: list[str]) -> dict[str, tuple[str | None, str | None]]:
        return {
            row["thing"].value: (_text(row, "start"), _text(row, "end"))
            for row in self._select(_DATES, things)
        }

    def _select(self, query: str, iris: list[str]) -> list[Row]:
        values = " ".join(str(NamedNode(iri)) for iri in iris)
        return self.engine.select(PROLOGUE + query % values) if iris else []

    def neighbours(self, one: Ends, other: str) -> Iterable[tuple[str, bool, Neighbour]]:
        """Whom one link leads to, with the property and direction that it is told by."""
        start, end = self.dates.get(other, (None, None))
        inferred = one.triple(self.iri, other) not in self.stated
        if inferred and (not self.page.inference or other not in self.names):
            return
        asked = self.page.asked
        held = asked.verdict(Span(start, end)) if asked and (start or end) else None
        if held == "no":
            self.left_out.add(other)
        elif asked and inferred and held is None:
            self.undated.add(other)
        elif other in self.names:
            made = Neighbour(other, self.names[other], None, start, end, held, inferred)
            yield one.property, one.outward, made
        else:
            for row in self.joined.get(other, ()):
                far = row["other"].value
                if far in self.names:
                    made = Neighbour(far, self.names[far], other, start, end, held, False)
                    yield row["p"].value, True, made


def _grouped(reader: _Reader, found: Sequence[Ends]) -> Iterable[Link]:
    """The neighbours by the links that they are told by."""
    groups: dict[tuple[str, bool], list[Neighbour]] = {}
    unseen: dict[tuple[str, bool], int] = {}
    for one in found:
        met = dict[tuple[str, bool], None]()
        for other in one.others:
            for term, outward, neighbour in reader.neighbours(one, other):
                groups.setdefault((term, outward), []).append(neighbour)
                met[term, outward] = None
        for key in met:
            unseen[key] = max(unseen.get(key, 0), one.total - len(one.others))
    for (term, outward), neighbours in groups.items():
        total = len(neighbours) + unseen[term, outward]
        yield Link(term, reader.terms[term], outward, tuple(neighbours), total)


def _text(row: Row, name: str) -> str | None:
    value: Any = row.get(name)
    return None if value is None else str(value.value)


def _distinct(links: Iterable[Link]) -> Iterable[Link]:
    """Links with each neighbour once. Records that join two are told one by one, unless a link of
    their own joins them too."""
    direct: set[str] = set()
    joined: set[str] = set()
    records: set[tuple[str, str | None]] = set()
    for link in links:
        kept = []
        for one in link.neighbours:
            met = (one.iri, one.record) in records or (one.inferred and one.iri in joined)
            if not met and one.iri not in direct:
                kept.append(one)
            records.add((one.iri, one.record))
            (joined if one.record else direct).add(one.iri)
        gone = len(link.neighbours) - len(kept)
        if kept:
            yield Link(link.property, link.names, link.outward, tuple(kept), link.total - gone)
