"""Running a script: tables kept on the cluster step by step, closures iterated to their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from pyspark.sql import DataFrame, SparkSession

from govgraph.engine.spark.script import PREFIX, Script, Step

#: So many rounds of a closure, then its parts become one table.
_ROUNDS = 16
_RUNS = count()


@contextmanager
def running(spark: SparkSession, script: Script) -> Iterator[DataFrame]:
    """The script's question over its tables, which are dropped afterwards."""
    run = f"run{next(_RUNS)}_"
    made: list[str] = []
    try:
        for step in script.steps:
            table = _table(spark, step, run)
            table.createOrReplaceTempView(_own(step.name, run))
            made.append(_own(step.name, run))
        yield spark.sql(_own(script.sql, run))
    finally:
        for name in made:
            spark.catalog.dropTempView(name)


def _own(sql: str, run: str) -> str:
    return sql.replace(PREFIX, run)


def _table(spark: SparkSession, step: Step, run: str) -> DataFrame:
    if step.kind == "closure":
        return _closure(spark, step, run)
    table = _query(spark, step.sql, step, run)
    # a table that is kept is computed once: its row numbers and its choice of rows stay the same
    return table.localCheckpoint() if step.kind == "kept" else table


def _query(spark: SparkSession, sql: str, step: Step, run: str) -> DataFrame:
    table = spark.sql(_own(sql, run))
    return table.toDF(*step.columns) if step.columns else table


def _closure(spark: SparkSession, step: Step, run: str) -> DataFrame:
    """All rows that the recursion reaches, each once: only new rows are followed, so cycles end."""
    newest = _query(spark, step.sql, step, run).distinct().localCheckpoint()
    known, name = newest, _own(step.name, run)
    for number in count(1):
        if newest.isEmpty():
            break
        newest.createOrReplaceTempView(name)
        found = _query(spark, step.further, step, run).distinct()
        newest = found.join(known, list(step.columns), "left_anti").localCheckpoint()
        known = known.union(newest)
        if number % _ROUNDS == 0:
            known = known.localCheckpoint()
    return known
