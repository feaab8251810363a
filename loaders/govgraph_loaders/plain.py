"""Blocks of a file with nothing strange in them, cut into columns at once.

Most blocks of most files are such. What is ragged, blank, malformed or undecodable anywhere sends its
block the slow way, record by record, which alone decides what is wrong and where.
"""

from __future__ import annotations

from csv import Error, reader
from dataclasses import dataclass
from io import StringIO

import polars as pl
import pyarrow as pa
from pyarrow import csv

from govgraph_loaders.records import CELL_LIMIT, csv_options
from govgraph_loaders.table import Dialect


@dataclass(frozen=True)
class Plain:
    """The cells of a block by column, the line of the block that each record begins on (from 0,
    UInt32), and how many lines there are."""

    cells: list[pl.Series]
    starts: pl.Series
    lines: int


def read_plain(block: str, dialect: Dialect, width: int) -> Plain | None:
    """The cells of whole lines; None if they are not surely records of `width` cells each."""
    if not (width and block) or not _cuts_plainly(dialect) or "\0" in block:
        return None
    try:
        data = block.encode()
    except UnicodeEncodeError:
        return None
    if _is_bare(block, dialect):
        return _cut(data, dialect, width)
    return _read(block, dialect, width)


def _cuts_plainly(dialect: Dialect) -> bool:
    """Whether the dialect has no rows or cells that are passed over."""
    return not (
        dialect.comment
        or dialect.skip_columns
        or dialect.trim != "false"
        or dialect.skip_blank_rows
        or dialect.skip_initial_space
    )


def _is_bare(block: str, dialect: Dialect) -> bool:
    """Whether every line is a record and no character has a meaning but the delimiter."""
    marks = [dialect.quote] if dialect.quote else []
    marks += ["\n\n", "\n\r", *([] if dialect.double_quote else ["\\"])]
    return (
        dialect.delimiter.isascii()
        and len(block) <= CELL_LIMIT
        and block[0] not in "\r\n\ufeff"
        and not any(mark in block for mark in marks)
        and ("\r" not in block or block.count("\r") == block.count("\r\n"))
    )


def _cut(data: bytes, dialect: Dialect, width: int) -> Plain | None:
    """Cut bare lines outside Python."""
    names = [str(number) for number in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
            csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=False,
                double_quote=False,
                ignore_empty_lines=False,
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    cells = [pl.Series(column, dtype=pl.String) for column in table.columns]
    count = table.num_rows
    return Plain(cells, pl.int_range(count, dtype=pl.UInt32, eager=True), count)


def _read(block: str, dialect: Dialect, width: int) -> Plain | None:
    """Read quoted records with Python's reader, which knows the line that it has come to."""
    records = reader(StringIO(block, newline=""), **csv_options(dialect))
    rows, starts, line = [], [], 0
    try:
        for cells in records:
            if len(cells) != width:
                return None
            rows.append(cells)
            starts.append(line)
            line = records.line_num
    except Error:
        return None
    columns = [pl.Series(column, dtype=pl.String) for column in zip(*rows, strict=True)]
    return Plain(columns, pl.Series(starts, dtype=pl.UInt32), line)
