"""The key values of a batch, as the check across tables compares them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph_loaders.cells import Cells
from govgraph_loaders.rows import Batch
from govgraph_loaders.table import Table

#: Between the parts of a key: no cell holds a NUL.
SEPARATOR = "\0"
KEYS = pl.DataFrame(
    schema={"row": pl.UInt32, "line": pl.UInt32, "key": pl.String, "whole": pl.Boolean}
)
REFERENCES = pl.DataFrame(
    schema={
        "row": pl.UInt32,
        "line": pl.UInt32,
        "column": pl.String,
        "value": pl.String,
        "key": pl.String,
    }
)
SUBJECTS = pl.DataFrame(schema={"row": pl.UInt32, "key": pl.String})


def key_columns(table: Table) -> set[tuple[str, ...]]:
    """The columns, taken together, whose values other rows or tables are compared with."""
    foreign = (key.columns for key in table.foreign_keys)
    return {table.primary_key, *foreign, *table.referenced} - {()}


def key_frame(batch: Batch, columns: Sequence[Cells]) -> pl.DataFrame:
    """(row, line, key, whole) for some columns taken together; a list gives one key an item.

    `whole`: no part is empty. A row with a bad part has no key.
    """
    if len(columns) == 1 and columns[0].row is not None:
        rows, key = columns[0].row, columns[0].text
    else:
        rows = pl.int_range(len(batch.rows), dtype=pl.UInt32, eager=True)
        parts = pl.concat_str([pl.lit(_part(cells)) for cells in columns], separator=SEPARATOR)
        key = pl.select(parts).to_series()
    given = pl.all_horizontal([pl.lit(cells.given) for cells in columns])
    frame = {
        "row": batch.rows.gather(rows),
        "line": batch.lines.gather(rows),
        "key": key,
        "whole": pl.select(given).to_series().gather(rows),
    }
    return pl.DataFrame(frame).drop_nulls("key")


def _part(cells: Cells) -> pl.Series:
    given, text = pl.lit(cells.given), pl.lit(cells.scalar())
    return pl.select(pl.when(given).then(text).otherwise(pl.lit(""))).to_series()


def shown(key: str) -> str:
    """A key as a report shows it."""
    return key.replace(SEPARATOR, ", ")
