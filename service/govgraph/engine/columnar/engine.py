"""The analytical engine: parse, compile, run on the columns, decode, serialise."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyarrow as pa
from pyoxigraph import QueryResultsFormat, RdfFormat

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Formats, Row, Term
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.compile import Plan, compile_query
from govgraph.engine.columnar.decode import Decoded, Decoder
from govgraph.engine.columnar.graphs import (
    LINE_BY_LINE,
    SHORTENED,
    fresh_label,
    instances,
    rewritten,
    write_triples,
)
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.results import serialise, serialise_boolean
from govgraph.engine.columnar.running import Run, RunChunks
from govgraph.engine.columnar.show import algebra_text, sql_text
from govgraph.engine.explain import LINES, Explanation, measured
from govgraph.engine.remembered import remembered
from govgraph.engine.stream import Chunks, gathered
from govgraph.observed import note
from govgraph.vocabulary import PREFIXES

#: Cells of a batch: 32,768 rows of five columns. What is done to a batch cannot be interrupted.
BATCH_CELLS = 5 * 32_768
#: Bytes of rows that are held in memory until the last of them is there.
HELD_BYTES = 32 << 20
PLANS = 1024


class ColumnarEngine:
    """Answers over the columns of one release, exactly or not at all (NotCompiled).

    Safe to call from many threads. A query that runs longer than `seconds` is interrupted:
    GovgraphError(query-timeout).
    """

    name = "columns"

    def __init__(self, columns: Columns, seconds: float | None = None) -> None:
        self.columns, self.seconds = columns, seconds
        self._plans = remembered(self._compile)

    def plan(self, query: str, dataset: Dataset = EVERYTHING) -> Plan:
        """The compiled query. NotCompiled with the reason if there is no exact translation."""
        default, named = _key(dataset.default), _key(dataset.named)
        plan = self._plans(query, default, named, dataset.inference)
        if plan.volatile:
            return self._compile(query, default, named, dataset.inference)
        return plan

    def select(
        self, query: str, bindings: Mapping[str, Term] | None = None, dataset: Dataset = EVERYTHING
    ) -> list[Row]:
        if bindings:
            parsed = parse(query, prefixes=PREFIXES)
            plan = compile_query(parsed, self.columns, dataset, bindings)
        else:
            plan = self.plan(query, dataset)
        with self.running() as run:
            return [row for batch in self._decoded(plan, run) for row in batch.solutions()]

    def answer(self, query: str, formats: Formats, dataset: Dataset = EVERYTHING) -> Answer:
        """As the interface has it. NotCompiled from the first chunk at the latest, and only from a
        plan that may give up."""
        plan = self.plan(query, dataset)
        note(engine=self.name)
        if plan.form == "construct":
            wanted = formats["graph"]
            assert isinstance(wanted, RdfFormat)
            return Answer("graph", self._graph(plan, wanted))
        table = formats[plan.form]
        assert isinstance(table, QueryResultsFormat)
        if plan.form == "ask":
            return Answer("ask", self._chunks(lambda run: self._boolean(plan, table, run)))
        return Answer("select", self._chunks(lambda run: self._table(plan, table, run)))

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        """The algebra, the SQL and DuckDB's plan for it; `analyse` runs the query twice: with the
        plan's rows and times taken, and to the end of its answer. NotCompiled as for `plan`."""
        began = time.perf_counter()
        parsed = parse(query, prefixes=PREFIXES)
        after = time.perf_counter()
        plan = compile_query(parsed, self.columns, dataset)
        seconds = {"parse": after - began, "compile": time.perf_counter() - after}
        graph = plan.form == "construct"
        sql = instances(plan, self.columns).sql if graph else plan.sql
        with self.running() as run:
            explained = run.rows.execute(f"EXPLAIN {'ANALYZE ' if analyse else ''}{sql}").fetchall()
        text = "\n".join(str(row[-1]) for row in explained)
        done = measured(self.answer(query, LINES, dataset)) if analyse else None
        return Explanation(
            "columns", "", None, algebra_text(parsed), sql_text(sql), text, seconds, done
        )

    @contextmanager
    def running(self) -> Iterator[Run]:
        """A run that is at work from beginning to end."""
        run = self._run()
        try:
            with run.working():
                yield run
        finally:
            run.close()

    def graphs(self) -> list[str]:
        return [self.columns.lexicon.lex(ident) for ident in self.columns.graphs]

    def _compile(
        self,
        query: str,
        default: tuple[str, ...] | None,
        named: tuple[str, ...] | None,
        inference: bool,
    ) -> Plan:
        parsed = parse(query, prefixes=PREFIXES)
        return compile_query(parsed, self.columns, Dataset(default, named, inference))

    def _run(self) -> Run:
        return Run(self.columns, self.seconds)

    def _prepared(self, plan: Plan, run: Run) -> Plan:  # noqa: ARG002 (of a cluster's engine)
        """The plan as the run's cursor can execute it."""
        return plan

    def _chunks(self, pieces: Callable[[Run], Iterator[bytes]]) -> RunChunks:
        return RunChunks(self._run, lambda run: gathered(pieces(run)))

    def _table(self, plan: Plan, form: QueryResultsFormat, run: Run) -> Iterator[bytes]:
        names = [column.name for column in plan.columns]
        return serialise(names, self._decoded(plan, run), form)

    def _boolean(self, plan: Plan, form: QueryResultsFormat, run: Run) -> Iterator[bytes]:
        sql = self._prepared(plan, run).sql
        yield serialise_boolean(bool(run.rows.sql(sql).fetchall()), form)

    def _decoded(self, plan: Plan, run: Run) -> Iterator[Decoded]:
        plan = self._prepared(plan, run)
        columns = [(column.name, column.form) for column in plan.columns]
        decoder = Decoder(self.columns.lexicon, columns, plan.local)
        for batch in _rows(plan.sql, run, len(columns), complete=plan.may_give_up):
            yield decoder.decode(batch)
            run.check()

    def _graph(self, plan: Plan, form: RdfFormat) -> Chunks:
        if form in LINE_BY_LINE or form in SHORTENED:
            return self._chunks(lambda run: self._triples(plan, form, run))
        triples = self._chunks(lambda run: self._triples(plan, RdfFormat.N_TRIPLES, run))
        return rewritten(triples, form)

    def _triples(self, plan: Plan, form: RdfFormat, run: Run) -> Iterator[bytes]:
        plan = self._prepared(plan, run)
        made = instances(plan, self.columns)
        decoder = Decoder(self.columns.lexicon, made.columns, made.local)
        batches = _rows(made.sql, run, len(made.columns), complete=plan.may_give_up)
        return write_triples(batches, decoder, fresh_label(run.rows), form)


def _rows(sql: str, run: Run, width: int, *, complete: bool) -> Iterator[pa.RecordBatch]:
    """The rows in batches; `complete` if the last must be there before the first is given.

    Complete rows wait in memory, and if they are many in a temporary table, which DuckDB may spill.
    """
    batches = _batches(sql, run, width)
    if not complete:
        yield from batches
        return
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size > HELD_BYTES:
            held.clear()
            batches.close()  # a cursor has one result at a time
            run.rows.execute(f"CREATE TEMP TABLE complete AS {sql}").fetchall()
            yield from _batches("FROM complete", run, width)
            return
    yield from held


def _batches(sql: str, run: Run, width: int) -> Generator[pa.RecordBatch]:
    for batch in run.rows.sql(sql).to_arrow_reader(max(1, BATCH_CELLS // max(width, 5))):
        run.check()
        yield batch


def _key(graphs: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if graphs is None else tuple(graphs)
