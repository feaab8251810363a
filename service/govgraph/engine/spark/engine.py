"""The engine on a cluster: the columnar plan runs there, its ids are decoded here."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache
from uuid import uuid4

import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from sqlglot.errors import SqlglotError

from govgraph.engine.base import EVERYTHING, Dataset
from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.compile import Plan
from govgraph.engine.columnar.engine import PLANS, ColumnarEngine
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.columnar.parse import parse
from govgraph.engine.columnar.running import Run
from govgraph.engine.columnar.show import algebra_text
from govgraph.engine.explain import LINES, Explanation, measured
from govgraph.engine.spark.iterate import running
from govgraph.engine.spark.script import Script, script
from govgraph.vocabulary import PREFIXES


class SparkEngine(ColumnarEngine):
    """Answers on a cluster, exactly or not at all (NotCompiled).

    `columns` are the release's own: they know constants and decode the ids that come back. `spark`
    is a session with the release's tables (`session.open_tables`). A query that runs longer than
    `seconds` is cancelled: GovgraphError(query-timeout).
    """

    name = "spark"

    def __init__(self, columns: Columns, spark: SparkSession, seconds: float | None = None) -> None:
        super().__init__(columns, seconds)
        self.spark = spark
        self._scripts = lru_cache(PLANS)(script)

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        """The algebra and Spark's SQL, step by step; `analyse` runs the query to its end."""
        began = time.perf_counter()
        parsed = parse(query, prefixes=PREFIXES)
        plan = self.plan(query, dataset)
        wanted = self._script(plan.sql)
        seconds = {"compile": time.perf_counter() - began}
        sql = "\n\n".join([*(f"-- {s.name}: {s.kind}\n{s.sql}" for s in wanted.steps), wanted.sql])
        run = measured(self.answer(query, LINES, dataset)) if analyse else None
        algebra = algebra_text(parsed)
        return Explanation("spark", "by setting", None, algebra, sql, None, seconds, run)

    def _script(self, sql: str) -> Script:
        try:
            return self._scripts(sql)
        except SqlglotError as error:
            raise NotCompiled(f"on Spark: {error}") from error

    def _run(self) -> Run:
        return _ClusterRun(self.columns, self.spark, self.seconds)

    def _prepared(self, plan: Plan, run: Run) -> Plan:
        """The plan's rows, which the cluster has computed, as a table of the run's cursor. Ids are
        small: texts are made of them batch by batch."""
        wanted = self._script(plan.sql)
        assert isinstance(run, _ClusterRun)
        run.name_jobs()
        try:
            with running(self.spark, wanted) as question:
                run.rows.register("collected", question.toArrow())
        except (PySparkException, Py4JError, pa.ArrowException) as error:
            run.check()
            raise NotCompiled(f"on Spark, in the run: {_first_line(error)}") from error
        return replace(plan, sql="SELECT * FROM collected", may_give_up=False)


class _ClusterRun(Run):
    """A run whose jobs on the cluster are cancelled when it is stopped."""

    def __init__(self, columns: Columns, spark: SparkSession, seconds: float | None) -> None:
        super().__init__(columns, seconds)
        self.context, self.group = spark.sparkContext, str(uuid4())

    def name_jobs(self) -> None:
        """Jobs of this thread belong to this run from now on."""
        self.context.setJobGroup(self.group, "govgraph", interruptOnCancel=True)

    def interrupt(self) -> None:
        super().interrupt()
        self.context.cancelJobGroup(self.group)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]
