"""A date less a date is the days between them, as Oxigraph has it and the post rules ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from tests.columnar.answers import columns_of

from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.oxigraph import OxigraphEngine

DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")
DAYS = st.dates(date(1600, 1, 1), date(2400, 12, 31))
QUERY = """SELECT ?a ?b ?days (STR(?days) = "P1D" AS ?next) WHERE {
  ?x <http://e.org/p> ?a ; <http://e.org/q> ?b BIND(?a - ?b AS ?days) }"""


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=8))
def test_both_engines_count_the_same_days(pairs: list[tuple[date, date]]) -> None:
    pairs += [(pairs[0][0], pairs[0][0])]
    quads = [
        Quad(NamedNode(f"http://e.org/{n}"), NamedNode(f"http://e.org/{name}"), Literal(str(day), datatype=DATE))
        for n, pair in enumerate(pairs)
        for name, day in zip("pq", pair, strict=True)
    ]  # fmt: skip
    with TemporaryDirectory() as folder, columns_of(quads, Path(folder) / "columns") as columns:
        mine = ColumnarEngine(columns).select(QUERY)
    store = Store()
    store.extend(quads)
    theirs = OxigraphEngine(store).select(QUERY)
    assert sorted(map(str, mine)) == sorted(map(str, theirs))
