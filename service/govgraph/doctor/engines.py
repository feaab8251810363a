"""What the engines find in a release."""

from __future__ import annotations

from collections.abc import Mapping

from govgraph.engine.columnar.columns import Columns
from govgraph.engine.columnar.engine import ColumnarEngine
from govgraph.engine.oxigraph import OxigraphEngine
from govgraph.release import Release
from govgraph.settings import Settings

_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def counted(release: Release, settings: Settings) -> Mapping[str, int]:
    """The triples of the merge, as each engine counts them. Whatever the engines raise."""
    oxigraph = OxigraphEngine.open(release.store)
    counts = {"oxigraph": int(oxigraph.select(_COUNT)[0]["n"].value)}
    if release.columns.is_dir():
        with Columns(release.columns, memory_limit=settings.query_memory) as columns:
            found = ColumnarEngine(columns, settings.query_seconds).select(_COUNT)
            counts["columns"] = int(found[0]["n"].value)
    return counts
