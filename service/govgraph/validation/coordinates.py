"""From facts back to their cells: the table, row, line and column that stated each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from govgraph.engine.base import Engine, Row, Term
from govgraph.vocabulary import CSVW, GOV, PROV
from govgraph_loaders import Source

#: Facts in one query.
BATCH = 500
_ROWS = f"""SELECT ?s ?table ?row ?number ?line WHERE {{
  VALUES ?s {{ %s }} GRAPH ?table {{ ?s <{PROV}wasDerivedFrom> ?row }}
  OPTIONAL {{ ?row <{CSVW}rownum> ?number }} OPTIONAL {{ ?row <{GOV}line> ?line }} }}"""
_STATING = "SELECT ?s ?p ?v ?table WHERE { VALUES (?s ?p ?v) { %s } GRAPH ?table { ?s ?p ?v } }"


@dataclass(frozen=True)
class Place:
    """A cell's coordinates, as far as they are known."""

    dataset: str | None = None
    table: str | None = None
    row: int | None = None
    line: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Fact:
    """A node; or that it has a value by a property, as far as these are known."""

    node: Term
    property: NamedNode | None = None
    value: Term | None = None


@dataclass(frozen=True)
class _Row:
    table: str
    number: int | None
    line: int | None


class Coordinates:
    """Looks up where facts come from, many at a time, given the sources they were loaded from and
    the triples that no source states."""

    def __init__(
        self, engine: Engine, sources: Iterable[Source], edited: Container[Triple] = frozenset()
    ) -> None:
        self.engine, self.edited = engine, edited
        self.sources = {source.iri: source for source in sources}
        self._rows: dict[Term, list[_Row]] = defaultdict(list)
        self._stating: dict[Fact, set[str]] = defaultdict(set)

    def look_up(self, facts: Iterable[Fact]) -> None:
        """Fetch what `find` needs for these facts, in few queries."""
        named = {fact: None for fact in facts if isinstance(fact.node, NamedNode)}
        if not self.sources or not named:
            return
        for nodes in _batches(dict.fromkeys(str(fact.node) for fact in named)):
            for row in self.engine.select(_ROWS % " ".join(nodes)):
                self._add_row(row)
        for triples in _batches(filter(None, map(_triple, named))):
            for row in self.engine.select(_STATING % " ".join(triples)):
                predicate = row["p"]
                assert isinstance(predicate, NamedNode)
                self._stating[Fact(row["s"], predicate, row["v"])].add(row["table"].value)

    def find(self, fact: Fact) -> Place:
        """The row that describes the node, preferring one that states the value."""
        if _stated_in(self.edited, fact):
            return Place()
        rows = sorted(self._rows.get(fact.node, ()), key=lambda row: (row.table, row.number or 0))
        stating = [row for row in rows if row.table in self._stating.get(fact, ())]
        mapping = [row for row in rows if self._column(row.table, fact.property)]
        for row in stating or mapping or rows:
            source = self.sources[row.table]
            column = self._column(row.table, fact.property)
            return Place(source.dataset, source.path.name, row.number, row.line, column)
        return Place()

    def short(self, text: str) -> str:
        """A text with our instances by type and key only."""
        for base in {source.table.base for source in self.sources.values()}:
            text = text.replace(base, "")
        return text

    def _add_row(self, row: Row) -> None:
        table, found = row["table"].value, row["row"]
        if table in self.sources and found.value.startswith(table + "#row="):
            place = _Row(table, _number(row.get("number")), _number(row.get("line")))
            if place not in self._rows[row["s"]]:
                self._rows[row["s"]].append(place)

    def _column(self, table: str, path: NamedNode | None) -> str | None:
        """The first column of a table that is mapped to a property."""
        for column in self.sources[table].table.columns if path else ():
            mapped = (column.property.constant, *(column.bounds or ()))
            if not column.virtual and path is not None and path.value in mapped:
                return column.name
        return None


def _stated_in(triples: Container[Triple], fact: Fact) -> bool:
    if fact.property is None or not isinstance(fact.node, NamedNode | BlankNode):
        return False
    return fact.value is not None and Triple(fact.node, fact.property, fact.value) in triples


def _triple(fact: Fact) -> str | None:
    """The fact for VALUES; None if it is no whole triple of terms that can be named."""
    if fact.property is None or not isinstance(fact.value, NamedNode | Literal):
        return None
    return f"({fact.node} {fact.property} {fact.value})"


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """So many at a time."""
    rest = iter(texts)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _number(term: Term | None) -> int | None:
    return int(term.value) if isinstance(term, Literal) else None
