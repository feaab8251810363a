"""The key values of a batch, as the check across tables compares them.

Keys are compared by 128 bits of their hashes, so that those of a nation fit in memory; a row that
does not hold is read again for its text, which only then comes with its key.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph_loaders.batch import Batch
from govgraph_loaders.cells import Cells
from govgraph_loaders.table import Table

#: Between the parts of a key: no cell holds a NUL.
SEPARATOR = "\0"
KEYS = pl.DataFrame(schema={"row": pl.UInt32, "key": pl.Int128, "whole": pl.Boolean})
REFERENCES = pl.DataFrame(schema={"row": pl.UInt32, "key": pl.Int128, "column": pl.UInt16})
SUBJECTS = pl.DataFrame(schema={"row": pl.UInt32, "key": pl.Int128})


def key_columns(table: Table) -> set[tuple[str, ...]]:
    """The columns, taken together, whose values other rows or tables are compared with."""
    foreign = (key.columns for key in table.foreign_keys)
    return {table.primary_key, *foreign, *table.referenced} - {()}


def key_frame(
    batch: Batch, names: Sequence[str], columns: Sequence[Cells], texts: bool
) -> pl.DataFrame:
    """(row, key, whole) for some columns taken together; a list gives one key an item. `whole`: no
    part is empty. A row with a bad part, or without one that it cannot do without, has no key."""
    if len(columns) == 1 and columns[0].row is not None:
        rows, key = columns[0].row, columns[0].text
    else:
        rows = pl.int_range(len(batch.rows), dtype=pl.UInt32, eager=True)
        values = [
            pl.lit(_part(cells, _needed(batch.table, name)))
            for name, cells in zip(names, columns, strict=True)
        ]
        key = pl.select(pl.concat_str(values, separator=SEPARATOR)).to_series()
    given = pl.select(pl.all_horizontal([pl.lit(cells.given) for cells in columns])).to_series()
    shown = key.str.replace_all(SEPARATOR, ", ", literal=True) if texts else None
    frame = compared(batch, rows, key, shown)
    return frame.with_columns(whole=given.gather(rows)).drop_nulls("key")


def compared(
    batch: Batch, rows: pl.Series, text: pl.Series, shown: pl.Series | None
) -> pl.DataFrame:
    """(row, key) of texts that belong to rows of a batch, by their indexes; null stays null. With
    `shown`, the texts as a report has them, also (line, text, shown)."""
    frame = {"row": batch.rows.gather(rows), "key": hashed(text)}
    if shown is not None:
        frame |= {"line": batch.lines.gather(rows), "text": text, "shown": shown}
    return pl.DataFrame(frame)


def hashed(text: pl.Series) -> pl.Series:
    """128 bits for each text (Int128), null for null. The halves are of different texts, so that
    they do not rely on what the hash makes of its seed."""
    column = pl.lit(text)
    high = column.hash(1).reinterpret(signed=True).cast(pl.Int128)
    low = (pl.lit(SEPARATOR) + column).hash(2).cast(pl.Int128)
    return pl.select(pl.when(column.is_not_null()).then(high * 2**64 + low)).to_series()


def _part(cells: Cells, needed: bool) -> pl.Series:
    given, text = pl.lit(cells.given), pl.lit(cells.scalar())
    return pl.select(
        pl.when(given).then(text).otherwise(pl.lit(None if needed else ""))
    ).to_series()


def _needed(table: Table, name: str) -> bool:
    """Whether a row is refused for the cell alone if it is empty, so that no key is missed."""
    if table.to_the_letter:
        return False
    names = table.about.names if table.about and not table.suppress else ()
    return name in names or table.column(name).required
