"""The cells that state triples: table, row, line and column, from the release alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Triple

from govgraph.engine.base import Engine, Row
from govgraph.vocabulary import PROLOGUE

#: Cells of one triple that are listed.
SHOWN = 20
_BATCH = 200
#: Rows that a subject comes from, and the subject where it is a row itself. One path that may be
#: empty would go through all rows of a nation, and a union of both loses rows on Virtuoso.
_ROWS = """SELECT ?s ?table ?row ?rownum ?line WHERE { VALUES (?s ?table) { %s }
  ?s prov:wasDerivedFrom ?row . ?row gov:inTable ?table ; csvw:rownum ?rownum ; gov:line ?line }
ORDER BY ?s ?table ?rownum"""
_ITSELF = """SELECT ?s ?table ?rownum ?line WHERE { VALUES (?s ?table) { %s }
  ?s gov:inTable ?table ; csvw:rownum ?rownum ; gov:line ?line }"""
_NAMING = """SELECT DISTINCT ?row ?o ?other WHERE { VALUES (?row ?o) { %s }
  ?other prov:wasDerivedFrom ?row ; ?link ?o }"""
_COLUMNS = """SELECT ?table ?column ?name ?url WHERE { VALUES ?table { %s }
  ?table csvw:column ?column . ?column csvw:name ?name ; csvw:propertyUrl ?url }"""
Cells = list[dict[str, Any]]
Columns = Mapping[str, list[tuple[str, re.Pattern[str]]]]
#: An EDTF column states bounds, whose properties are named after its own.
_BOUND = re.compile(r"(Earliest|Latest)$")


def cells(engine: Engine, stated: Mapping[Triple, Iterable[str]]) -> dict[Triple, Cells]:
    """For each triple and the tables that state it, given by IRI, its cells.

    A table is one graph: where several of its rows speak of the subject, those are meant that have
    the object in another entity, all of them if there are none.
    """
    wanted = [(str(t.subject), table) for t, tables in stated.items() for table in tables]
    rows = _rows(engine, wanted)
    columns = _columns(engine, {table for _, table in wanted})
    found: dict[Triple, Cells] = {}
    for triple, tables in stated.items():
        of_table = [rows.get((str(triple.subject), table), []) for table in tables]
        meant = [row for several in of_table for row in _meant(engine, triple, several)]
        found[triple] = [_cell(row, triple, columns) for row in meant[:SHOWN]]
    return found


def _rows(engine: Engine, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], list[Row]]:
    """The rows of a table that speak of a subject."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    distinct = list(dict.fromkeys(wanted))
    for start in range(0, len(distinct), _BATCH):
        batch = distinct[start : start + _BATCH]
        values = " ".join(f"({subject} {NamedNode(table)})" for subject, table in batch)
        rows = engine.select(PROLOGUE + _ROWS % values)
        rows += [row | {"row": row["s"]} for row in engine.select(PROLOGUE + _ITSELF % values)]
        for row in rows:
            found[str(row["s"]), row["table"].value].append(row)
    return found


def _meant(engine: Engine, triple: Triple, rows: list[Row]) -> list[Row]:
    if len(rows) < 2:
        return rows
    values = " ".join(f"({row['row']} {triple.object})" for row in rows[:_BATCH])
    naming = engine.select(PROLOGUE + _NAMING % values)
    named = {row["row"] for row in naming if row["other"] != triple.subject} | {triple.object}
    return [row for row in rows if row["row"] in named] or rows


def _columns(engine: Engine, tables: Iterable[str]) -> Columns:
    """The columns of each table in their order, with what the IRIs of their properties look like."""
    values = " ".join(str(NamedNode(table)) for table in sorted(tables))
    rows = engine.select(PROLOGUE + _COLUMNS % values) if values else []
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["column"].value.rpartition("=")[2])):
        found[row["table"].value].append((row["name"].value, _pattern(row["url"].value)))
    return found


@lru_cache(4096)
def _pattern(template: str) -> re.Pattern[str]:
    """A URI template of single variables as a pattern."""
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("[^/#]+".join(map(re.escape, parts)))


def _cell(row: Row, triple: Triple, columns: Columns) -> dict[str, Any]:
    table = row["table"].value
    dataset, _, name = table.rpartition("table/")[2].partition("/")
    return {
        "dataset": unquote(dataset),
        "table": unquote(name),
        "row": int(row["rownum"].value),
        "line": int(row["line"].value),
        "column": _column(columns.get(table, []), triple),
        "iri": row["row"].value,
    }


def _column(columns: list[tuple[str, re.Pattern[str]]], triple: Triple) -> str | None:
    """The column that states the triple's property, in the language of its value."""
    property_ = triple.predicate.value
    for iri in (property_, _BOUND.sub("", property_)):
        names = [name for name, pattern in columns if pattern.fullmatch(iri)]
        language = triple.object.language if isinstance(triple.object, Literal) else None
        spoken = [name for name in names if language and name.endswith(f"_{language}")]
        if names:
            return (spoken or names)[0]
    return None
