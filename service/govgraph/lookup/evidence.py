"""Evidence behind an entity: the rows that state it and the sentences those rows name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from pyoxigraph import NamedNode

from govgraph.documents import Passages
from govgraph.engine.base import Engine, Row
from govgraph.vocabulary import PROLOGUE

_ROWS = """SELECT DISTINCT ?entity ?table ?row ?rownum ?line ?assertion ?own WHERE {
  VALUES ?entity { %s }
  GRAPH ?table { ?entity prov:wasDerivedFrom ?row . ?row csvw:rownum ?rownum ; gov:line ?line
                 OPTIONAL { ?entity gov:assertion ?assertion }
                 BIND(EXISTS { ?entity a ?class } AS ?own) }
} ORDER BY ?entity ?table ?rownum"""

_SENTENCES = """SELECT ?entity ?table ?sentence ?number ?document ?begin ?end WHERE {
  VALUES ?entity { %s }
  GRAPH ?table { ?entity prov:wasDerivedFrom ?sentence }
  ?sentence nif:referenceContext ?document ; nif:beginIndex ?begin ; nif:endIndex ?end
  OPTIONAL { ?sentence dcterms:identifier ?number }
} ORDER BY ?entity ?table ?begin"""

Evidence = list[dict[str, Any]]
CHUNK = 500


def evidence(engine: Engine, entities: Iterable[str], passages: Passages) -> dict[str, Evidence]:
    """For each entity IRI its rows: dataset, table, row, line, how it is asserted, sentences.

    Rows that only mention an entity, as a relation does, count where none describes it. A sentence
    has its document, offsets and, where the document is at hand, its text.
    """
    found: dict[str, Evidence] = {}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for values in _chunks(entities):
        for row in _describing(engine.select(PROLOGUE + _ROWS % values)):
            entity, table = row["entity"].value, row["table"].value
            rows[entity, table] = item = _row(row)
            found.setdefault(entity, []).append(item)
        for row in engine.select(PROLOGUE + _SENTENCES % values):
            target = rows.get((row["entity"].value, row["table"].value))
            if target is not None:
                target["sentences"].append(_sentence(row, passages))
    return found


def _describing(rows: list[Row]) -> list[Row]:
    """The rows that describe their entity, all rows of an entity that none describes."""
    own = {row["entity"] for row in rows if row["own"].value == "true"}
    return [row for row in rows if row["own"].value == "true" or row["entity"] not in own]


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
