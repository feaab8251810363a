"""A release in a notebook, without a server: rows as Python values, Arrow tables, explanations.

from govgraph.notebook import open_release

release = open_release()
release.rows("SELECT ?p ?name { ?p a foaf:Person ; skos:prefLabel ?name } LIMIT 5")
release.query("holders-on-date", at="2020-06", place="ex-c01")
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from govgraph.catalog.index import find_entry
from govgraph.catalog.run import Result
from govgraph.catalog.values import as_texts
from govgraph.engine.base import EVERYTHING, Dataset, Engine, Row
from govgraph.engine.explain import Explanation
from govgraph.engine.guard import guard
from govgraph.http.state import Opened, Releases
from govgraph.settings import Settings


@dataclass(frozen=True)
class Notebook:
    """An opened release. Queries have the limits of the settings and see the usual prefixes; all
    methods raise GovgraphError as the service does."""

    opened: Opened

    @property
    def id(self) -> str:
        return self.opened.release.id

    @property
    def engine(self) -> Engine:
        return self.opened.engine

    def query(self, name: str, **parameters: Any) -> pl.DataFrame:
        """The answer of a query of the catalogue as a typed frame (docs/catalog.md): entities are
        IRIs, days are dates, null is unknown. A parameter that takes several values takes a list.

        GovgraphError(unknown-query, invalid-parameter, invalid-date, unknown-value)."""
        return self.result(name, **parameters).frame

    def result(self, name: str, **parameters: Any) -> Result:
        """The same with what the answer rests on, and the parameters that were used."""
        texts = {key: as_texts(value) for key, value in parameters.items()}
        return self.opened.answer(find_entry(name), texts)

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
    return Notebook(opened)


def _text(row: Row, name: str) -> str | None:
    return row[name].value if name in row else None
