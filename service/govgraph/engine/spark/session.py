"""The connection to a cluster, and the tables of a release there."""

from __future__ import annotations

from pyspark.sql import SparkSession

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.encode import TWINS
from govgraph.errors import GovgraphError

#: What the translation relies on; everything else is the cluster's own configuration.
SEMANTICS = {
    "spark.sql.ansi.enabled": "true",  # an overflow or a bad cast ends the run
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # scales are kept, as in DuckDB
    "spark.sql.variable.substitute": "false",  # ${…} in a text is text
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",  # the calendar goes back for ever
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    # a union of checkpointed tables would look for attributes that it does not have
    "spark.sql.constraintPropagation.enabled": "false",
}


def connect(master: str) -> SparkSession:
    """A session of this process on a master. GovgraphError(cluster-unavailable) if there is none."""
    builder = SparkSession.builder.master(master).appName("govgraph")
    for key, value in SEMANTICS.items():
        builder = builder.config(key, value)
    try:
        session: SparkSession = builder.getOrCreate()
    except Exception as error:  # Py4J, Java and the network each have errors of their own
        raise GovgraphError("cluster-unavailable", why=_first_line(error)) from error
    return session


def open_tables(spark: SparkSession, folder: str, columns: Columns, check: bool) -> SparkSession:
    """A session in which the release's tables have their names.

    `folder` is a path or URI that the cluster's nodes can read. With `check` its files are compared
    with the release, for ids mean nothing in another: GovgraphError(cluster-data) if they differ.
    """
    own = spark.newSession()
    for key, value in SEMANTICS.items():
        own.conf.set(key, value)
    try:
        for name in TWINS:
            table = own.read.parquet(f"{folder.rstrip('/')}/{name}.parquet")
            if name == "term":
                table = table.withColumn("ts", table.ts.cast("timestamp_ltz"))
            table.createOrReplaceTempView(name)
        own.sql(_graphs(columns)).createOrReplaceTempView("graph")
        same = not check or all(_digest(own, columns, name) for name in TWINS)
    except Exception as error:
        raise GovgraphError("cluster-unavailable", why=_first_line(error)) from error
    if not same:
        raise GovgraphError("cluster-data", folder=folder)
    return own


def _graphs(columns: Columns) -> str:
    """The table `graph`, which has no Parquet file."""
    rows = ", ".join(f"({ident}, {inferred})" for ident, inferred in columns.graphs.items())
    table = f"VALUES {rows or '(0, false)'} AS v(id, inferred)"
    return f"SELECT CAST(id AS BIGINT) AS id, inferred FROM {table} WHERE id <> 0"


_MIXED = "bit_xor((s % 1000003) * (p % 997) + (o % 1000033)), bit_xor(s), bit_xor(p), bit_xor(o)"
_TEXTS = "bit_xor(id), bit_xor({}), sum(length(lex))"
#: The first 60 bits of a text's MD5, in both dialects.
_DUCKDB = "CAST('0x' || left(md5(concat(id, lex)), 15) AS BIGINT)"
_SPARK = "CAST(conv(left(md5(concat(id, lex)), 15), 16, 10) AS BIGINT)"


def _digest(spark: SparkSession, columns: Columns, name: str) -> bool:
    """Whether a table is the same here and there, by counts and checksums over all its rows."""
    local, remote = (
        f"SELECT count(*), {_TEXTS.format(md5) if name == 'term' else _MIXED} FROM {name}"
        for md5 in (_DUCKDB, _SPARK)
    )
    here = columns.cursor().execute(local).fetchall()
    return [tuple(row) for row in here] == [tuple(row) for row in spark.sql(remote).collect()]


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]
