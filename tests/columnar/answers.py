"""Running a compiled query over columns, as the engine does, for the tests of the compiler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from govgraph.engine.base import EVERYTHING, Dataset, Term
from govgraph.engine.columnar import algebra
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.compile import Plan, compile_query
from govgraph.engine.columnar.decode import Decoder
from govgraph.engine.columnar.encode import write_quads
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse

Row = dict[str, Term]


def columns_of(quads: Iterable[Quad], folder: Path, *, merged: bool = True) -> Columns:
    write_quads(quads, folder, merged=merged)
    return Columns(folder)


def compiled(
    text: str,
    columns: Columns,
    dataset: Dataset = EVERYTHING,
    base: str | None = None,
    prefixes: Mapping[str, str] | None = None,
) -> Plan:
    return compile_query(parse(text, base, prefixes or {}), columns, dataset)


def rows_of(plan: Plan, columns: Columns) -> list[Row]:
    """The rows of a plan's SQL. NotCompiled if the run met what it cannot answer exactly."""
    run, decoder = columns.cursor(), None
    try:
        result = run.sql(plan.sql)
        batches = result.to_arrow_reader(10_000)
        rows: list[Row] = []
        decoder = Decoder(
            columns.lexicon, [(c.name, c.form) for c in plan.columns], dict(plan.local)
        )
        for batch in batches:
            if plan.columns:
                rows += decoder.decode(batch).solutions()
            else:
                rows += [{}] * batch.num_rows
    except (duckdb.Error, OSError) as error:  # Arrow passes DuckDB's errors on as OSError
        if "NotCompiled" in str(error) or isinstance(error, duckdb.OutOfRangeException):
            raise NotCompiled(str(error).splitlines()[0]) from None
        raise
    return rows


def built(plan: Plan, rows: list[Row]) -> Iterator[tuple[Term, Term, Term]]:
    """The triples of a CONSTRUCT."""
    for number, row in enumerate(rows):
        for triple in plan.template:
            nodes = [
                _instance(node, row, number)
                for node in (triple.subject, triple.predicate, triple.object)
            ]
            subject, predicate, value = nodes
            if value is None or not isinstance(predicate, NamedNode):
                continue
            if isinstance(subject, NamedNode | BlankNode):
                yield subject, predicate, value


def _instance(node: algebra.Node, row: Row, number: int) -> Term | None:
    if not isinstance(node, algebra.Var):
        return node
    if node.hidden:
        return BlankNode(f"r{number}x{node.name[2:]}")
    return row.get(node.name)


__all__ = ["Literal", "Row", "built", "columns_of", "compiled", "rows_of"]
