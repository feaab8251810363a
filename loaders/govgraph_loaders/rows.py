"""CSV bytes to batches of cells, each row with its number and its line in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from govgraph_loaders.batch import Batch
from govgraph_loaders.encoding import FILE_ERRORS, find_encoding, open_text
from govgraph_loaders.header import Header, numbered
from govgraph_loaders.placed import PlacedHeader
from govgraph_loaders.plain import Plain, read_plain
from govgraph_loaders.problems import Problem, problem
from govgraph_loaders.records import CELL_LIMIT, Record, Records, decodes, shown
from govgraph_loaders.table import Column, Table

BATCH_ROWS = 20_000
#: Characters that are read at a time.
BLOCK = 1 << 21


def read_batches(
    path: Path, table: Table, *, dataset: str, iri: str, rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """Read a file in bounded memory. At least one batch comes, so that a file's own problems
    (it cannot be read, it is empty, a bad header) are always seen."""
    yield from _File(path, table, dataset, iri).batches(rows)


class _File:
    def __init__(self, path: Path, table: Table, dataset: str, iri: str) -> None:
        self.path, self.table, self.dataset, self.iri = path, table, dataset, iri
        self.columns: list[Column | None] = []
        self.encoding = "utf-8"
        self.fatal = self.given = False
        self.row = self.read = 0
        self.problems: list[Problem] = []
        self.comments: list[str] = []
        self.kept: list[tuple[int, Record]] = []

    def note(self, code: str, **where: Any) -> None:
        found = problem(code, dataset=self.dataset, table=self.path.name, **where)
        self.problems.append(found)

    def batches(self, size: int) -> Iterator[Batch]:
        try:
            self.encoding, guessed = find_encoding(self.path, self.table.dialect.encoding)
            if guessed:
                self.note("encoding-guessed", encoding=self.encoding)
            with open_text(self.path, self.encoding) as stream:
                records = Records(stream, self.table.dialect, self.comments)
                self._header(records)
                for block in records.blocks(BLOCK):
                    yield from self._block(records, block, size)
        except FILE_ERRORS as error:
            self.note("unreadable-file", why=error)
        if self.kept or self.read or self.problems or self.comments or not self.given:
            yield self._kept()

    def _block(self, records: Records, block: str, size: int) -> Iterator[Batch]:
        width = 0 if self.fatal else len(self.columns)
        plain = read_plain(block, self.table.dialect, width)
        if plain is None:
            yield from self._records(records.within(block), size)
            return
        if self.kept:
            yield self._kept()
        yield from self._plain(plain, *records.pass_over(len(plain.starts), plain.lines), size)

    def _plain(self, plain: Plain, line: int, place: int, size: int) -> Iterator[Batch]:
        """Batches of a block's records; `line` and `place` are the first one's."""
        for start in range(0, len(plain.starts), size):
            lines = plain.starts.slice(start, size) + line
            count = len(lines)
            yield self._batch(
                [cells.slice(start, size) for cells in plain.cells],
                _count_from(self.row + 1, count),
                lines,
                _count_from(place + start, count),
                count,
            )
            self.row += count

    def _records(self, records: Iterator[Record], size: int) -> Iterator[Batch]:
        for record in records:
            if self._accept(record):
                self.kept.append((self.row, record))
            if len(self.kept) >= size:
                yield self._kept()

    def _header(self, records: Iterator[Record]) -> None:
        """Match the header with the declaration."""
        dialect = self.table.dialect
        if dialect.header_rows == 0:
            return
        record = self._first(records)
        for _ in range(dialect.header_rows - 1):
            next(records, None)
        if record is None:
            self.fatal = True
            self.note("empty-file")
        elif record.error:
            self.fatal = True
            self.note(line=record.line, **_quoting(record))
        else:
            self._match(record)

    def _first(self, records: Iterator[Record]) -> Record | None:
        """The first record that is not a blank line."""
        for record in records:
            if record.cells or record.error:
                return record
            self._blank(record)
        return None

    def _match(self, record: Record) -> None:
        def note(code: str, **where: Any) -> None:
            self.note(code, line=record.line, **where)

        names = [shown(cell).strip() for cell in record.cells]
        kind = PlacedHeader if self.table.to_the_letter else Header
        header = kind(self.table, names, note)
        self.table, self.columns = header.table, header.columns
        undecodable = record.suspect and self._suspect_cells(record, names, row=None)
        self.fatal = header.fatal or undecodable

    def _accept(self, record: Record) -> bool:
        """Count a record and say whether it can be converted."""
        if record.error:
            self._count()
            self.note(row=self.row, line=record.line, **_quoting(record))
            return False
        if self._is_blank(record):
            self._blank(record)
            return False
        self._count()
        if not record.cells:
            record.cells.append("")
        good = self.fatal or self._right_width(record)
        if record.suspect and self._suspect_cells(record, self._names(record), row=self.row):
            return False
        return good and not self.fatal

    def _is_blank(self, record: Record) -> bool:
        """An empty line is a row only where a row is a single cell that may be empty."""
        if self.table.dialect.skip_blank_rows:
            return not any(record.cells)
        return not record.cells and len(self.columns) != 1

    def _blank(self, record: Record) -> None:
        if not self.table.dialect.skip_blank_rows:
            self.note("blank-line", line=record.line)

    def _count(self) -> None:
        self.row += 1
        self.read += 1

    def _right_width(self, record: Record) -> bool:
        found = len(record.cells)
        if self.table.dialect.header_rows == 0 and not self.columns:
            self.table = numbered(self.table, found)
            self.columns = [column for column in self.table.columns if not column.virtual]
        expected = len(self.columns)
        if found != expected:
            self.note("ragged-row", row=self.row, line=record.line, found=found, expected=expected)
        return found == expected

    def _names(self, record: Record) -> list[str | None]:
        """What the cells of a row belong to; None beyond the header."""
        names = [column.name if column else None for column in self.columns]
        return [*names, *[None] * len(record.cells)][: len(record.cells)]

    def _suspect_cells(
        self, record: Record, names: list[str] | list[str | None], row: int | None
    ) -> bool:
        found = False
        for name, cell in zip(names, record.cells, strict=True):
            code = "nul-byte" if "\0" in cell else None if decodes(cell) else "invalid-encoding"
            if code:
                found = True
                where = {"row": row, "line": record.line, "column": name, "value": shown(cell)}
                self.note(code, encoding=self.encoding.removesuffix("-sig"), **where)
        return found

    def _kept(self) -> Batch:
        """The records that were kept since the last batch."""
        by_column = zip(*(record.cells for _, record in self.kept), strict=True)
        values = [*by_column] if self.kept else [()] * len(self.columns)
        batch = self._batch(
            [pl.Series(cells, dtype=pl.String) for cells in values],
            pl.Series([row for row, _ in self.kept], dtype=pl.UInt32),
            pl.Series([record.line for _, record in self.kept], dtype=pl.UInt32),
            pl.Series([record.place for _, record in self.kept], dtype=pl.UInt32),
            self.read,
        )
        self.read, self.kept = 0, []
        return batch

    def _batch(
        self,
        cells: list[pl.Series],
        rows: pl.Series,
        lines: pl.Series,
        places: pl.Series,
        read: int,
    ) -> Batch:
        """A batch of these rows, with what was noted since the last one."""
        columns = self.columns if not self.fatal else []
        named = {
            column.name: values
            for column, values in zip(columns, cells, strict=False)
            if column is not None
        }
        batch = Batch(
            table=self.table,
            dataset=self.dataset,
            file=self.path.name,
            iri=self.iri,
            cells=pl.DataFrame(named),
            rows=rows,
            lines=lines,
            places=places,
            read=read,
            problems=self.problems,
            comments=[*self.comments],
        )
        self.given = True
        self.problems = []
        self.comments.clear()
        return batch


def _count_from(first: int, count: int) -> pl.Series:
    return pl.int_range(first, first + count, dtype=pl.UInt32, eager=True)


def _quoting(record: Record) -> dict[str, Any]:
    text = str(record.error)
    if "unexpected end" in text:
        return {"code": "unclosed-quote"}
    if "field larger" in text:
        return {"code": "cell-too-long", "limit": CELL_LIMIT}
    return {"code": "malformed-quoting"}
