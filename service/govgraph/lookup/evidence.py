"""Evidence behind an entity: the rows that state it and the sentences those rows name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from pyoxigraph import NamedNode

from govgraph.documents import Passages
from govgraph.engine.base import Engine, Row, Term
from govgraph.vocabulary import GOV, PROLOGUE, PROV, RDF

_ROWS = """SELECT ?entity ?table ?row ?rownum ?line ?assertion WHERE {
  VALUES ?entity { %s }
  ?entity prov:wasDerivedFrom ?row .
  ?row gov:inTable ?table ; csvw:rownum ?rownum ; gov:line ?line
  OPTIONAL { ?entity gov:assertion ?assertion }
} ORDER BY ?entity ?table ?rownum"""

_SENTENCES = """SELECT ?entity ?sentence ?number ?document ?begin ?end WHERE {
  VALUES ?entity { %s }
  ?entity prov:wasDerivedFrom ?sentence .
  ?sentence nif:referenceContext ?document ; nif:beginIndex ?begin ; nif:endIndex ?end
  OPTIONAL { ?sentence dcterms:identifier ?number }
} ORDER BY ?entity ?begin"""

#: What one table says of an entity; asked for entities of several tables only.
_SHARED = """SELECT ?entity ?table ?property ?value WHERE {
  VALUES ?entity { %s } VALUES ?table { %s }
  VALUES ?property { rdf:type gov:assertion prov:wasDerivedFrom }
  GRAPH ?table { ?entity ?property ?value }
}"""

Evidence = list[dict[str, Any]]
CHUNK = 500


def evidence(engine: Engine, entities: Iterable[str], passages: Passages) -> dict[str, Evidence]:
    """For each entity IRI its rows: dataset, table, row, line, how it is asserted, sentences.

    Rows that only mention an entity, as a relation does, count where none describes it. A sentence
    has its document, offsets and, where the document is at hand, its text.
    """
    found: dict[str, Evidence] = {}
    for values in _chunks(entities):
        _add(found, engine, values, passages)
    return found


def _add(found: dict[str, Evidence], engine: Engine, values: str, passages: Passages) -> None:
    rows = engine.select(PROLOGUE + _ROWS % values)
    said = _Said(engine, rows)
    last: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in said.describing(rows):
        entity, table = row["entity"].value, row["table"].value
        last[entity][table] = item = _row(row)
        if not found.setdefault(entity, []) or found[entity][-1]["iri"] != item["iri"]:
            found[entity].append(item)
    for row in engine.select(PROLOGUE + _SENTENCES % values):
        for table, item in last[row["entity"].value].items():
            if said.states(table, row):
                item["sentences"].append(_sentence(row, passages))


class _Said:
    """What each table says of the entities that several tables speak of. What is in the merge
    about an entity of one table is said by that table."""

    def __init__(self, engine: Engine, rows: list[Row]) -> None:
        tables: dict[Term, set[Term]] = defaultdict(set)
        for row in rows:
            tables[row["entity"]].add(row["table"])
        self.shared = {entity: found for entity, found in tables.items() if len(found) > 1}
        self.facts: dict[tuple[Term, str], set[tuple[str, Term]]] = defaultdict(set)
        if self.shared:
            named = sorted({str(table) for found in self.shared.values() for table in found})
            query = _SHARED % (" ".join(map(str, self.shared)), " ".join(named))
            for row in engine.select(PROLOGUE + query):
                fact = row["property"].value, row["value"]
                self.facts[row["entity"], row["table"].value].add(fact)

    def describing(self, rows: list[Row]) -> list[Row]:
        """The rows that describe their entity, all rows of an entity that none describes, each
        with what its own table asserts."""
        own = {row["entity"] for row in rows if self._describes(row)}
        kept = (row for row in rows if self._describes(row) or row["entity"] not in own)
        return [row for row in kept if self._asserts(row)]

    def states(self, table: str, row: Row) -> bool:
        """Whether a table derives the row's entity from the row's sentence."""
        if row["entity"] not in self.shared:
            return True
        return (PROV + "wasDerivedFrom", row["sentence"]) in self.facts[row["entity"], table]

    def _describes(self, row: Row) -> bool:
        if row["entity"] not in self.shared:
            return True
        return any(p == RDF + "type" for p, _ in self.facts[row["entity"], row["table"].value])

    def _asserts(self, row: Row) -> bool:
        """Whether the assertion of a row of the merge is that of its table."""
        if row["entity"] not in self.shared or "assertion" not in row:
            return True
        stated = self.facts[row["entity"], row["table"].value]
        if all(p != GOV + "assertion" for p, _ in stated):
            del row["assertion"]
            return True
        return (GOV + "assertion", row["assertion"]) in stated


def _chunks(entities: Iterable[str]) -> Iterable[str]:
    distinct = list(dict.fromkeys(entities))
    for start in range(0, len(distinct), CHUNK):
        yield " ".join(str(NamedNode(iri)) for iri in distinct[start : start + CHUNK])


def _row(row: Row) -> dict[str, Any]:
    dataset, _, table = row["table"].value.rpartition("table/")[2].partition("/")
    return {
        "dataset": unquote(dataset),
        "table": unquote(table),
        "row": int(row["rownum"].value),
        "line": int(row["line"].value),
        "iri": row["row"].value,
        "assertion": row["assertion"].value.rpartition("#")[2] if "assertion" in row else None,
        "sentences": [],
    }


def _sentence(row: Row, passages: Passages) -> dict[str, Any]:
    begin, end = int(row["begin"].value), int(row["end"].value)
    return {
        "iri": row["sentence"].value,
        "number": row["number"].value if "number" in row else None,
        "document": row["document"].value,
        "begin": begin,
        "end": end,
        "text": passages.cut(row["document"].value, begin, end),
    }
