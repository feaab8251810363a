"""The engine on a cluster: the columnar plan runs there, its ids are decoded here."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import uuid4

import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from sqlglot.errors import SqlglotError

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.compile import Plan
from govgraph.engine.columnar.engine import PLANS, ColumnarEngine, Running
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.spark.iterate import running
from govgraph.engine.spark.script import script
from govgraph.errors import GovgraphError


class SparkEngine(ColumnarEngine):
    """Answers on a cluster, exactly or not at all (NotCompiled).

    `columns` are the release's own: they know constants and decode the ids that come back. `spark`
    is a session with the release's tables (`session.open_tables`). A query that runs longer than
    `seconds` is cancelled: GovgraphError(query-timeout).
    """

    def __init__(self, columns: Columns, spark: SparkSession, seconds: float | None = None) -> None:
        super().__init__(columns, seconds)
        self.spark = spark
        self._scripts = lru_cache(PLANS)(script)

    @contextmanager
    def _running(self, plan: Plan) -> Iterator[Running]:
        try:
            wanted = self._scripts(plan.sql)
        except SqlglotError as error:
            raise NotCompiled(f"on Spark: {error}") from error
        with self._in_time():
            try:
                with running(self.spark, wanted) as question:
                    table = question.toArrow()
            except (PySparkException, Py4JError, pa.ArrowException) as error:
                raise NotCompiled(f"on Spark, in the run: {_first_line(error)}") from error
        yield _Collected(table)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """Jobs of this thread, cancelled when their time is over."""
        context, group = self.spark.sparkContext, str(uuid4())
        late, over = threading.Event(), threading.Event()

        def stop() -> None:
            late.set()
            context.cancelJobGroup(group)
            while not over.wait(1):  # a query has jobs after the one that is running
                context.cancelJobGroup(group)

        timer = threading.Timer(self.seconds, stop) if self.seconds else None
        context.setJobGroup(group, "govgraph", interruptOnCancel=True)
        if timer:
            timer.start()
        try:
            yield
        except NotCompiled:
            if late.is_set():
                raise GovgraphError("query-timeout", limit=self.seconds) from None
            raise
        finally:
            over.set()
            if timer:
                timer.cancel()


class _Collected:
    """A result that has come back: ids mostly, which are small; texts are made batch by batch."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def to_arrow_reader(self, batch_size: int = 65_536) -> Iterable[pa.RecordBatch]:
        # one batch for the rows of an answer without columns, too
        batches: list[pa.RecordBatch] = self.table.to_batches(batch_size)
        return batches

    def fetchall(self) -> list[Any]:
        rows: list[Any] = self.table.to_pylist()
        return rows


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]
