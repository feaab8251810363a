"""The evidence of answers: from a row to triples, from triples to cells of CSV rows and sentences.

A query's row rests on the solutions that give it again (inference/proof.py). A function's row names
its entities, and rests on what their own rows state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from pyoxigraph import NamedNode, Triple

from govgraph.catalog.entry import Entry
from govgraph.catalog.run import Result, query_text
from govgraph.catalog.values import given
from govgraph.engine.base import Row, Term
from govgraph.engine.columnar.parse import parse
from govgraph.errors import GovgraphError
from govgraph.inference.graph import Graph
from govgraph.inference.proof import Proof, prove
from govgraph.inference.why import why_all
from govgraph.lookup.entities import Context
from govgraph.lookup.facts import FactDocument, rule_files
from govgraph.vocabulary import PREFIXES, PROLOGUE, is_inferred

Json = dict[str, Any]
#: Rows of a page with evidence, and triples of one entity that a row names.
ROWS, STATED = 100, 60
_STATED = """SELECT DISTINCT ?s ?p ?o ?g WHERE { VALUES ?s { %s } GRAPH ?g { ?s ?p ?o }
  FILTER (?p != prov:wasDerivedFrom) }"""


class _Rests(NamedTuple):
    """What a row rests on: triples, which of them speak for which column, how many solutions."""

    triples: Sequence[Triple]
    columns: Mapping[str, Sequence[int]]
    solutions: int | None = None
    shown: int | None = None


def evidence(context: Context, result: Result, offset: int, rows: int) -> Json:
    """The evidence of some rows of an answer: `rows`, in their order, name `facts` by number, all
    and by column; a fact has cells with their sentences, or derivations from other facts.

    GovgraphError(invalid-parameter) for more than ROWS rows."""
    if rows > ROWS:
        why, why_zh = f"with evidence at most {ROWS}", f"带依据时不超过 {ROWS}"
        raise GovgraphError("invalid-parameter", name="limit", why=why, why_zh=why_zh)
    cut = result.frame.slice(offset, rows)
    rests = _proved(context, result, offset, rows)
    if rests is None:
        rests = _named(context, result.entry, cut)
    triples = list(dict.fromkeys(t for rest in rests for t in rest.triples))
    facts = why_all(context.engine, triples, rule_files(context.base))
    numbers = {triple: number for number, triple in enumerate(facts)}
    document = FactDocument(context, list(facts.values())).as_dict()
    return {"rows": [_row(rest, numbers) for rest in rests]} | document


def _row(rest: _Rests, numbers: Mapping[Triple, int]) -> Json:
    places = [numbers.get(triple) for triple in rest.triples]
    said = {"solutions": rest.solutions, "shown": rest.shown} if rest.solutions is not None else {}
    return said | {
        "facts": [n for n in places if n is not None],
        "columns": {
            name: [n for n in (places[at] for at in found) if n is not None]
            for name, found in rest.columns.items()
        },
    }


# -- rows of queries -----------------------------------------------------------------------------


def _proved(context: Context, result: Result, offset: int, rows: int) -> list[_Rests] | None:
    """What rows of a query rest on; None for a function."""
    entry = result.entry
    if entry.query is None:
        return None
    text = query_text(entry, given(context, entry, result.given))
    query, graph = parse(text, prefixes=PREFIXES), Graph(context.engine)
    shown = [column.name for column in entry.shown]
    found = context.engine.select(text)[offset : offset + rows]
    return [_rests(prove(graph, query, _values(row, shown))) for row in found]


def _values(row: Row, names: Sequence[str]) -> dict[str, Term | None]:
    return {name: row.get(name) for name in names}


def _rests(proof: Proof) -> _Rests:
    return _Rests(proof.triples, proof.columns, proof.total, proof.shown)


# -- rows of functions ---------------------------------------------------------------------------


def _named(context: Context, entry: Entry, frame: pl.DataFrame) -> list[_Rests]:
    """What rows rest on that name the entities that prove them."""
    named = [column.name for column in entry.columns if column.type == "source"]
    columns = [frame[name] for name in named]
    sources = [_distinct(column[n] for column in columns) for n in range(frame.height)]
    stated = _stated(context, {iri for iris in sources for iri in iris})
    shown = frame.select([column.name for column in entry.shown])
    return [
        _spoken([t for iri in iris for t in stated.get(iri, ())], row)
        for iris, row in zip(sources, shown.iter_rows(named=True), strict=True)
    ]


def _distinct(found: Iterable[Iterable[str] | None]) -> list[str]:
    return list(dict.fromkeys(iri for iris in found if iris is not None for iri in iris))


def _stated(context: Context, iris: set[str]) -> dict[str, list[Triple]]:
    """What tables state of entities, in a fixed order; of one that none speaks of, what is
    inferred."""
    found: dict[str, dict[bool, set[Triple]]] = {}
    if iris:
        nodes = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
        for row in context.engine.select(PROLOGUE + _STATED % nodes):
            triple = Triple(row["s"], row["p"], row["o"])  # type: ignore[arg-type]
            kinds = found.setdefault(row["s"].value, {})
            kinds.setdefault(is_inferred(row["g"].value), set()).add(triple)
    return {
        iri: sorted(kinds.get(False) or kinds[True], key=str)[:STATED]
        for iri, kinds in found.items()
    }


def _spoken(triples: list[Triple], row: Mapping[str, Any]) -> _Rests:
    """A cell is spoken for by the triples that have its value at one end."""
    ends = [{_text(t.subject), _text(t.object)} for t in triples]
    columns = {
        name: [n for n, values in enumerate(ends) if _text(value) in values]
        for name, value in row.items()
        if value is not None
    }
    return _Rests(triples, columns)


def _text(value: Any) -> str:
    return str(getattr(value, "value", value))
