"""The analytical engine: parse, compile, run on the columns, decode, serialise."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol

import duckdb
import pyarrow as pa
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    Triple,
    serialize,
)

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Formats, Row, Term
from govgraph.engine.columnar.algebra import TriplePattern, Var
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.compile import Plan, compile_query
from govgraph.engine.columnar.decode import Decoded, Decoder
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.results import serialise, serialise_boolean
from govgraph.errors import GovgraphError
from govgraph.vocabulary import PREFIXES

BATCH_ROWS = 65_536
PLANS = 1024


class Running(Protocol):
    """The result of a plan, as long as it is open."""

    def to_arrow_reader(self, batch_size: int = ...) -> Iterable[pa.RecordBatch]: ...

    def fetchall(self) -> list[Any]: ...


class ColumnarEngine:
    """Answers over the columns of one release, exactly or not at all (NotCompiled).

    Safe to call from many threads. A query that runs longer than `seconds` is interrupted:
    GovgraphError(query-timeout).
    """

    def __init__(self, columns: Columns, seconds: float | None = None) -> None:
        self.columns, self.seconds = columns, seconds
        self._plans = lru_cache(PLANS)(self._compile)

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
            raise NotCompiled("bindings")
        plan = self.plan(query, dataset)
        return [row for batch in self._batches(plan) for row in batch.solutions()]

    def answer(self, query: str, formats: Formats, dataset: Dataset = EVERYTHING) -> Answer:
        plan = self.plan(query, dataset)
        if plan.form == "construct":
            rdf = formats["graph"]
            assert isinstance(rdf, RdfFormat)
            named = rdf in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML)
            body = serialize(self._triples(plan), format=rdf, prefixes=PREFIXES if named else None)
            return Answer("graph", body or b"")
        table = formats[plan.form]
        assert isinstance(table, QueryResultsFormat)
        if plan.form == "ask":
            return Answer("ask", serialise_boolean(self._any(plan), table))
        names = [column.name for column in plan.columns]
        return Answer("select", b"".join(serialise(names, self._batches(plan), table)))

    def graphs(self) -> list[str]:
        ids = ", ".join(map(str, self.columns.graphs)) or "NULL"
        rows = self.columns.cursor().execute(f"SELECT lex FROM term WHERE id IN ({ids})")
        return [lex for (lex,) in rows.fetchall()]

    def _compile(
        self,
        query: str,
        default: tuple[str, ...] | None,
        named: tuple[str, ...] | None,
        inference: bool,
    ) -> Plan:
        parsed = parse(query, prefixes=PREFIXES)
        return compile_query(parsed, self.columns, Dataset(default, named, inference))

    def _batches(self, plan: Plan) -> Iterator[Decoded]:
        """The decoded rows, so many at a time; nothing holds them all."""
        columns = [(column.name, column.form) for column in plan.columns]
        decoder = Decoder(self.columns.cursor(), columns, plan.local)
        with self._running(plan) as result:
            for batch in result.to_arrow_reader(BATCH_ROWS):
                yield decoder.decode(batch)

    def _any(self, plan: Plan) -> bool:
        with self._running(plan) as result:
            return bool(result.fetchall())

    @contextmanager
    def _running(self, plan: Plan) -> Iterator[Running]:
        """The plan's result on a cursor of its own, interrupted when its time is over."""
        cursor = self.columns.cursor()
        timer = threading.Timer(self.seconds, cursor.interrupt) if self.seconds else None
        if timer:
            timer.start()
        try:
            yield cursor.sql(plan.sql)
        except duckdb.InterruptException:
            raise GovgraphError("query-timeout", limit=self.seconds) from None
        except duckdb.Error as error:
            raise NotCompiled(f"in the run: {error}") from error
        finally:
            if timer:
                timer.cancel()
            cursor.close()

    def _triples(self, plan: Plan) -> Iterator[Triple]:
        """CONSTRUCT: each solution's triples, ill-formed ones left out, each once."""
        seen: set[Triple] = set()
        number = 0
        for batch in self._batches(plan):
            for row in batch.solutions():
                number += 1
                for pattern in plan.template:
                    triple = _instance(pattern, row, number)
                    if triple is not None and triple not in seen:
                        seen.add(triple)
                        yield triple


def _key(graphs: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if graphs is None else tuple(graphs)


def _instance(pattern: TriplePattern, row: Mapping[str, Term], number: int) -> Triple | None:
    """The pattern with a solution's terms; blank nodes of the template are new in each."""

    def term(node: Var | NamedNode | Literal) -> Term | None:
        if not isinstance(node, Var):
            return node
        if node.hidden:
            return BlankNode(f"r{number}{node.name[2:]}")
        return row.get(node.name)

    subject, predicate, value = term(pattern.subject), term(pattern.predicate), term(pattern.object)
    if not isinstance(subject, NamedNode | BlankNode) or not isinstance(predicate, NamedNode):
        return None
    return None if value is None else Triple(subject, predicate, value)
