"""The cluster first, the local engines for what it refuses: as `hybrid` does with the columns."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Formats, Row, Term
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.spark.engine import SparkEngine
from govgraph.engine.spark.session import connect, open_tables

log = logging.getLogger("govgraph")


class ClusterEngine:
    """Queries of users run on the cluster. The look-ups of our own pages (`select`) stay here: a
    job takes a second where a look-up takes a millisecond."""

    def __init__(self, spark: SparkEngine, local: HybridEngine) -> None:
        self.spark, self.local = spark, local

    def select(
        self, query: str, bindings: Mapping[str, Term] | None = None, dataset: Dataset = EVERYTHING
    ) -> list[Row]:
        return self.local.select(query, bindings, dataset)

    def answer(self, query: str, formats: Formats, dataset: Dataset = EVERYTHING) -> Answer:
        self.local.judge(query)
        try:
            return self.spark.answer(query, formats, dataset)
        except (NotCompiled, RecursionError) as error:
            log.info("the cluster leaves a query to the local engines: %s", error)
        return self.local.answer(query, formats, dataset)

    def graphs(self) -> list[str]:
        return self.local.graphs()


def open_cluster(
    local: HybridEngine,
    master: str,
    folder: str | None,
    release: str,
    seconds: float | None = None,
) -> ClusterEngine:
    """The cluster at `master`, with the release's Parquet files at `folder` (a path or URI, with
    {release} for the release's id; None: the files of the local engines).

    GovgraphError(cluster-unavailable, cluster-data)."""
    columns = local.columns.columns
    place = str(columns.path) if folder is None else folder.replace("{release}", release)
    tables = open_tables(connect(master), place, columns, check=folder is not None)
    return ClusterEngine(SparkEngine(columns, tables, seconds), local)
