"""The cluster first, the local engines for what it refuses: as `hybrid` does with the columns."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from govgraph.engine.base import EVERYTHING, Answer, Dataset, Formats, Row, Term
from govgraph.engine.columnar.notcompiled import NotCompiled
from govgraph.engine.explain import Explanation
from govgraph.engine.fallback import Fallback
from govgraph.engine.hybrid import HybridEngine
from govgraph.engine.oxigraph import form_of
from govgraph.engine.spark.engine import SparkEngine
from govgraph.engine.spark.session import connect, open_tables
from govgraph.engine.stream import Chunks

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
        form_of(query)

        def here() -> Chunks:
            return self.local.answer(query, formats, dataset).chunks

        try:
            there = self.spark.answer(query, formats, dataset)
        except (NotCompiled, RecursionError) as error:
            log.info("the cluster leaves a query to the local engines: %s", error)
            return self.local.answer(query, formats, dataset)
        return Answer(there.form, Fallback(there.chunks, here))

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        """As the interface has it; what the cluster leaves is explained as the local engines do."""
        form_of(query)
        try:
            return self.spark.explain(query, dataset, analyse=analyse)
        except (NotCompiled, RecursionError) as error:
            found = self.local.explain(query, dataset, analyse=analyse)
            return replace(found, reason=f"the cluster leaves it ({error}); {found.reason}")

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
