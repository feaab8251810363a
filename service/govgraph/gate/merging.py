"""A table with the rows of another file of it: the same key is the same row, columns go by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from govgraph.errors import GovgraphError
from govgraph_loaders import Problem, Source, read_batches
from govgraph_loaders.encoding import find_encoding, open_bytes, open_text
from govgraph_loaders.header import Header
from govgraph_loaders.records import Record, Records, csv_options
from govgraph_loaders.table import Dialect, Table

Cells = dict[str, str]


@dataclass(frozen=True)
class Uploaded:
    """The rows of an uploaded file that could be cut into cells, each with its number and line;
    `read` counts the others too, `problems` has what is wrong with them and with the header."""

    columns: tuple[str, ...]
    rows: list[tuple[int, int, Cells]]
    read: int
    problems: list[Problem]

    @property
    def unusable(self) -> bool:
        """Whether the file as a whole cannot be read by the table's declaration."""
        return any(p.severity == "error" and p.row is None for p in self.problems)


@dataclass
class Merged:
    """The bytes of a table, and by its row numbers the uploaded rows (number, line) in it."""

    content: bytes = b""
    places: dict[int, tuple[int, int]] = field(default_factory=dict)


def read_upload(source: Source, path: Path) -> Uploaded:
    """The rows of a file that is to be merged into a table."""
    rows: list[tuple[int, int, Cells]] = []
    problems: list[Problem] = []
    columns: dict[str, None] = {}
    read = 0
    for batch in read_batches(path, source.table, dataset=source.dataset, iri=source.iri):
        read += batch.read
        problems += batch.problems
        columns |= dict.fromkeys(batch.cells.columns)
        numbers = zip(batch.rows.to_list(), batch.lines.to_list(), strict=True)
        cells = batch.cells.iter_rows(named=True)
        rows += [(row, line, each) for (row, line), each in zip(numbers, cells, strict=False)]
    return Uploaded(tuple(columns), rows, read, problems)


def merge(source: Source, path: Path, uploaded: Uploaded, *, replacing: bool) -> Merged:
    """The table at `path` with uploaded rows: in place of those with their key, if they may replace
    any, or else after all others. What the upload has no column for is kept, or left empty.

    Without a key, rows are added that are not there yet. GovgraphError(table-unmergeable)."""
    table = Existing(source.table, path)
    table.add_columns(uploaded.columns)
    known, merged, keyed = table.by_key(), Merged(), bool(source.table.primary_key)
    for row, line, cells in uploaded.rows:
        key = table.key(cells)
        # a key that the upload has twice is a row twice, which the check of keys will find
        there = known.pop(key, None) if replacing and keyed else None if keyed else known.get(key)
        if there is None:
            there = table.append(cells)
            known.update({} if keyed else {key: there})
        else:
            table.change(there, cells)
        merged.places[there + 1] = row, line
    merged.content = table.written()
    return merged


class Existing:
    """A table's rows as texts, with the columns that nothing declares."""

    def __init__(self, table: Table, path: Path) -> None:
        self.table, self.path, self.changed = table, path, False
        self.encoding = find_encoding(path, table.dialect.encoding)[0]
        if not _is_plain(table.dialect):
            raise self._unmergeable("its dialect passes over rows or columns", "其方言会略过行或列")
        with open_text(path, self.encoding) as stream:
            records = [r for r in Records(stream, table.dialect) if r.cells or r.error]
        width = len(records[0].cells) if records else 0
        if not width or any(r.error or r.suspect or len(r.cells) != width for r in records):
            raise self._unmergeable("it has rows that cannot be read", "其中有无法读取的行")
        self.rows = [record.cells for record in records[1:]]
        self.header = records[0].cells
        self.columns = self._columns(records[0])

    def add_columns(self, names: Sequence[str]) -> None:
        """Columns that the table has not had so far, empty in its rows."""
        for name in names:
            if name not in self.columns:
                self.columns[name] = len(self.header)
                self.header.append(name)
                self.changed = True
        for row in self.rows:
            row += [""] * (len(self.header) - len(row))

    def by_key(self) -> dict[tuple[str, ...], int]:
        """The places of rows by their keys; the first of those with the same one."""
        found: dict[tuple[str, ...], int] = {}
        for place, row in enumerate(self.rows):
            key = self.key({name: row[at] for name, at in self.columns.items()})
            found.setdefault(key, place)
        return found

    def key(self, cells: Cells) -> tuple[str, ...]:
        """What identifies a row: its primary key, or else all of it."""
        return tuple(cells.get(name, "") for name in self.table.primary_key or self.columns)

    def change(self, place: int, cells: Cells) -> None:
        row = self.rows[place]
        for name, text in cells.items():
            self.changed = self.changed or row[self.columns[name]] != text
            row[self.columns[name]] = text

    def append(self, cells: Cells) -> int:
        """Add a row at the end; its place."""
        self.rows.append([""] * len(self.header))
        self.changed = True
        self.change(len(self.rows) - 1, cells)
        return len(self.rows) - 1

    def written(self) -> bytes:
        """The file, as it is if nothing has changed, else in the dialect and the encoding in which
        it will be read."""
        if not self.changed:
            with open_bytes(self.path) as stream:
                return stream.read()
        out = io.StringIO(newline="")
        options = csv_options(self.table.dialect) | {"lineterminator": "\n"}
        declared = self.table.dialect.encoding is not None or self.encoding.startswith("utf")
        try:
            csv.writer(out, **options).writerows([self.header, *self.rows])
            return out.getvalue().encode(self.encoding if declared else "utf-8")
        except (csv.Error, UnicodeEncodeError):
            why, why_zh = (
                f"not all can be written as {self.encoding}",
                f"无法全部写成 {self.encoding}",
            )
            raise self._unmergeable(why, why_zh) from None

    def _columns(self, header: Record) -> dict[str, int]:
        """Where each declared column is."""
        names = [cell.strip() for cell in header.cells]
        found = Header(self.table, names, _unheard)
        at = {column.name: place for place, column in enumerate(found.columns) if column}
        if found.fatal or any(name not in at for name in self.table.primary_key):
            raise self._unmergeable("its header lacks columns", "其表头缺少列")
        return at

    def _unmergeable(self, why: str, why_zh: str) -> GovgraphError:
        return GovgraphError("table-unmergeable", table=self.path.name, why=why, why_zh=why_zh)


def _unheard(_code: str, **_where: object) -> None:
    """What is wrong with the header is said when the table is built."""


def _is_plain(dialect: Dialect) -> bool:
    passes_over = (
        dialect.skip_rows or dialect.skip_columns or dialect.skip_blank_rows or dialect.comment
    )
    return dialect.header_rows == 1 and not passes_over
