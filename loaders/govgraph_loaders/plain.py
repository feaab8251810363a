"""Blocks of a file in which every line is a record: cut into columns at once, outside Python.

Most blocks of most files are such. What is quoted, ragged, blank or strange anywhere sends its block
the slow way, record by record, which alone decides what is wrong and where.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa
from pyarrow import csv

from govgraph_loaders.records import CELL_LIMIT
from govgraph_loaders.table import Dialect


def read_plain(block: str, dialect: Dialect, width: int) -> pl.DataFrame | None:
    """The cells of whole lines, as text columns named 0, 1 …; None if the block is not plain, that
    is if its lines are not surely records of `width` cells each."""
    if not (width and block) or not _cuts_plainly(dialect) or not _is_plain(block, dialect):
        return None
    try:
        data = block.encode()
        table = csv.read_csv(pa.BufferReader(data), *_options(dialect.delimiter, width, len(data)))
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return None
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _cuts_plainly(dialect: Dialect) -> bool:
    """Whether the dialect does no more than cut a line at each delimiter."""
    return dialect.delimiter.isascii() and not (
        dialect.comment
        or dialect.skip_columns
        or dialect.trim != "false"
        or dialect.skip_blank_rows
        or dialect.skip_initial_space
    )


def _is_plain(block: str, dialect: Dialect) -> bool:
    """Whether no character of the block has a meaning of its own to the dialect, or to some reader
    and not to another, and no line is blank."""
    marks = [dialect.quote or "\0", "\0" if dialect.double_quote else "\\", "\0", "\ufeff"]
    return (
        len(block) <= CELL_LIMIT
        and block[0] not in "\r\n"
        and not any(mark in block for mark in (*marks, "\n\n", "\n\r"))
        and ("\r" not in block or block.count("\r") == block.count("\r\n"))
    )


def _options(
    delimiter: str, width: int, size: int
) -> tuple[csv.ReadOptions, csv.ParseOptions, csv.ConvertOptions]:
    """All cells are text, an empty one is an empty text, and every line has so many."""
    names = [str(number) for number in range(width)]
    return (
        csv.ReadOptions(column_names=names, use_threads=False, block_size=size + 1),
        csv.ParseOptions(
            delimiter=delimiter, quote_char=False, double_quote=False, ignore_empty_lines=False
        ),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
