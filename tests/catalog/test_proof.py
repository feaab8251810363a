"""A row's evidence is enough: asked of nothing but the triples of its evidence, a query gives the
row again."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store
from tests.catalog.expected import examples
from tests.conftest import ROOT

from govgraph.catalog.entry import Entry
from govgraph.catalog.index import entries
from govgraph.catalog.run import query_text
from govgraph.catalog.values import given
from govgraph.engine.base import Row
from govgraph.engine.columnar.parse import parse
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.http.state import Opened
from govgraph.inference.graph import Graph
from govgraph.inference.proof import Proof, prove
from govgraph.vocabulary import PREFIXES

QUERIES = [entry for entry in entries().values() if entry.query is not None]
QUESTIONS = sorted((ROOT / "queries" / "competency").glob("CQ*.rq"))
#: Rows of each query that are looked at.
ROWS = 12


def proofs(opened: Opened, text: str) -> list[tuple[Row, Proof]]:
    """The first rows of a query with what they rest on. Of columns that name evidence nothing is
    said: they follow from the others, or are drawn from several."""
    query, graph = parse(text, prefixes=PREFIXES), Graph(opened.engine)
    names = [var.name for var in query.vars if not var.name.startswith("source")]
    found = []
    for row in opened.engine.select(text)[:ROWS]:
        shown = {name: row.get(name) for name in names}
        found.append((row, prove(graph, query, shown)))
    return found


def again(text: str, proof: Proof) -> list[dict[str, str]]:
    """The rows that the query gives on the triples of a proof."""
    store = Store()
    for triple in proof.triples:
        store.update(f"INSERT DATA {{ {triple.subject} {triple.predicate} {triple.object} }}")
    return [shown(row) for row in OxigraphEngine(store).select(text)]


def shown(row: Row) -> dict[str, str]:
    return {n: t.value for n, t in row.items() if not n.startswith("source")}


def check(opened: Opened, text: str) -> None:
    for row, proof in proofs(opened, text):
        if not proof.triples:
            assert all(name in ("status", "stated", "answer") for name in shown(row)), row
        elif proof.total == proof.shown:
            assert shown(row) in again(text, proof), proof


@pytest.mark.parametrize("entry", QUERIES, ids=lambda entry: entry.name)
def test_a_row_of_the_catalogue_follows_from_its_evidence(shipped: Opened, entry: Entry) -> None:
    check(shipped, query_text(entry, given(shipped.context, entry, examples(entry))))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_row_of_a_question_follows_from_its_evidence(shipped: Opened, path: Path) -> None:
    check(shipped, path.read_text("utf-8"))
