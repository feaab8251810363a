"""One graph on either engine."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import write_columns
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.oxigraph import OxigraphEngine

GRAPH = NamedNode("http://x.example/graph")


def on_oxigraph(turtle: str) -> OxigraphEngine:
    store = Store()
    store.extend(parse(turtle, RdfFormat.TURTLE))
    return OxigraphEngine(store)


def on_columns(turtle: str, folder: Path) -> ColumnarEngine:
    """The columns are written into the folder."""
    triples = parse(turtle, RdfFormat.TURTLE)
    quads = (Quad(q.subject, q.predicate, q.object, GRAPH) for q in triples)
    serialize(quads, folder / "graph.nq", RdfFormat.N_QUADS)
    write_columns([(GRAPH.value, folder / "graph.nq")], folder / "columns")
    return ColumnarEngine(Columns(folder / "columns"))
