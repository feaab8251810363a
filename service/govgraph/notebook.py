"""A release in a notebook, without a server: rows as Python values, Arrow tables, explanations.

from govgraph.notebook import open_release

release = open_release()
release.rows("SELECT ?p ?name { ?p a foaf:Person ; skos:prefLabel ?name } LIMIT 5")
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from govgraph.engine.base import EVERYTHING, Dataset, Engine, Row
from govgraph.engine.explain import Explanation
from govgraph.engine.guard import guard
from govgraph.http.state import Releases
from govgraph.settings import Settings


@dataclass(frozen=True)
class Notebook:
    """An opened release. Queries have the limits of the settings and see the usual prefixes; all
    methods raise GovgraphError as the service does."""

    id: str
    engine: Engine

    def rows(self, query: str, dataset: Dataset = EVERYTHING) -> list[Row]:
        """The rows of a SELECT: variable -> pyoxigraph term, without the unbound."""
        guard(query)
        return self.engine.select(query, dataset=dataset)

    def arrow(self, query: str, dataset: Dataset = EVERYTHING) -> pa.Table:
        """The rows of a SELECT as a table of texts, a column for each variable that some row binds:
        IRIs, labels of blank nodes and lexical forms; null is unbound."""
        found = self.rows(query, dataset)
        names = dict.fromkeys(name for row in found for name in row)
        columns = {name: [_text(row, name) for row in found] for name in names}
        return pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})

    def explain(
        self, query: str, dataset: Dataset = EVERYTHING, *, analyse: bool = False
    ) -> Explanation:
        """How a query is answered; print its `as_text()`."""
        guard(query)
        return self.engine.explain(query, dataset, analyse=analyse)


def open_release(release: str | None = None, **settings: Any) -> Notebook:
    """The current release, or the one named. `settings` are those of GOVGRAPH_*: `home=…`.

    GovgraphError(no-release, unknown-release)."""
    if "home" in settings:
        settings["home"] = Path(settings["home"])
    opened = Releases(Settings(**settings)).open(release)
    return Notebook(opened.release.id, opened.engine)


def _text(row: Row, name: str) -> str | None:
    return row[name].value if name in row else None
