"""Random queries that begin at a node they name have the same solutions once that is worked out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from agreement import _cells, _words
from answers import columns_of, rows_of
from pyoxigraph import RdfFormat, Store, parse
from random_queries import LINKS, NODES, Writer, ours

from govgraph.engine import merge
from govgraph.engine.columnar import algebra as a
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.compile import compile_query
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse as parsed
from govgraph.engine.columnar.write import printed
from govgraph.engine.narrow import narrowed
from govgraph.engine.oxigraph import OxigraphEngine

GRAPHS, QUERIES = 4, 60


def query(writer: Writer) -> str:
    """A random group with a node, a path from one, or an OPTIONAL of several triples around it."""
    writer.budget = 5
    body, node, link = writer.group(3), writer.one(NODES), writer.one(LINKS)
    path = f"{node} {writer.one(('', '^'))}{link}{writer.one('*+?')} ?a ."
    steps = f"OPTIONAL {{ ?a {LINKS[0]} ?m ; {LINKS[1]} ?n }}"
    group = writer.one((
        f"{body} FILTER(?a = {node})", f"{path} {body}", f"{body} {path}", f"{body} {steps}",
        f"{{ {body} FILTER(?b = {node}) }} {path} {steps}", f"{body} OPTIONAL {{ {path} }}",
        f"{body} MINUS {{ {path} }}", f"{body} FILTER NOT EXISTS {{ {path} }}",
    ))  # fmt: skip
    return ours(f"SELECT * {{ {group} }}")


def rows(asked: a.Query, columns: Columns) -> Counter[str]:
    found = rows_of(compile_query(asked, columns), columns)
    names = sorted({name for row in found for name in row})
    return Counter(_words(_cells(row, names)) for row in found)


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_solutions_are_the_same(tmp_path: Path, seed: int) -> None:
    writer = Writer(f"narrow {seed}")
    quads = list(parse(writer.graph(), RdfFormat.TRIG))
    store = Store()
    merge.extend(store, quads)
    compared = 0
    with columns_of(quads, tmp_path / "columns") as columns:
        for _ in range(QUERIES):
            text = query(writer)
            try:  # what is put together may assign a variable twice
                asked = parsed(text, None, {})
                found = narrowed(asked, OxigraphEngine(store).linked)
                if found == asked:
                    continue
                before = rows(asked, columns)
                after = rows(found, columns)
                written = rows(parsed(printed(found), None, {}), columns)
            except NotCompiled:
                continue
            assert after == before, text
            assert written == before, text
            compared += 1
    assert compared > QUERIES / 8
