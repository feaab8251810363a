"""Rows of a table on their way from the file to the graph."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from govgraph_loaders.problems import Problem
from govgraph_loaders.table import Table


@dataclass(frozen=True)
class Batch:
    """Rows of one table: `cells` has one text column per declared column that the file has,
    `rows` and `lines` (UInt32) their data-row numbers and first lines. `read` counts all rows
    met, `problems` are those of rows that could not be cut into cells. `places`
    (UInt32) are the rows' places among all rows of the file, as RFC 7111 counts, `comments` the
    texts of those that are none of the table's."""

    table: Table
    dataset: str
    file: str
    iri: str
    cells: pl.DataFrame
    rows: pl.Series
    lines: pl.Series
    places: pl.Series
    read: int
    problems: list[Problem] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def only(self, rows: pl.Series) -> Batch:
        """The batch with some of its rows, by their numbers."""
        kept = self.rows.is_in(rows.implode())
        return replace(
            self,
            cells=self.cells.filter(kept),
            rows=self.rows.filter(kept),
            lines=self.lines.filter(kept),
            places=self.places.filter(kept),
        )
