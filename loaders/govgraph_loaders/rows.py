"""CSV bytes to batches of cells, each row with its number and its line in the file."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from govgraph_loaders import encoding as codecs
from govgraph_loaders.metadata import Column, Dialect, Reader, Table
from govgraph_loaders.problems import Problem, problem

BATCH_ROWS = 20_000
CELL_LIMIT = 4 << 20


@dataclass(frozen=True)
class Batch:
    """Rows of one table: `cells` has one text column per declared column that the file has,
    `rows` and `lines` (UInt32) their data-row numbers and first lines. `read` counts all rows
    met, `problems` are those of rows that could not be cut into cells."""

    table: Table
    dataset: str
    file: str
    iri: str
    cells: pl.DataFrame
    rows: pl.Series
    lines: pl.Series
    read: int
    problems: list[Problem] = field(default_factory=list)
    header_line: int = 1


def read_batches(
    path: Path, table: Table, *, dataset: str, iri: str, rows: int = BATCH_ROWS
) -> Iterator[Batch]:
    """Read a file in bounded memory. At least one batch comes, so that a file's own problems
    (an empty file, a bad header) are always seen. OSError if the file cannot be read."""
    yield from _File(path, table, dataset, iri).batches(rows)


class _Lines:
    """The lines of a file, noting NUL characters and undecodable bytes as they pass."""

    def __init__(self, stream: Iterator[str]) -> None:
        self.stream, self.suspect = stream, False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.stream)
        if "\0" in line or not (line.isascii() or _decodes(line)):
            self.suspect = True
        return line


def _decodes(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


class _File:
    def __init__(self, path: Path, table: Table, dataset: str, iri: str) -> None:
        self.path, self.table, self.dataset, self.iri = path, table, dataset, iri
        self.problems: list[Problem] = []
        self.fatal = False
        self.row = 0
        self.read = 0

    def note(self, code: str, **where: Any) -> None:
        found = problem(code, dataset=self.dataset, table=self.path.name, **where)
        self.problems.append(found)

    def batches(self, size: int) -> Iterator[Batch]:
        declared = self.table.dialect.encoding
        if declared:
            self.encoding = codecs.resolve(declared)
        else:
            self.encoding, guessed = codecs.detect(self.path)
            if guessed:
                self.note("encoding-guessed", encoding=self.encoding)
        with codecs.open_text(self.path, self.encoding) as stream:
            yield from self._read(stream, size)

    def _read(self, stream: Iterator[str], size: int) -> Iterator[Batch]:
        lines = _Lines(stream)
        records = _records(lines, self.table.dialect)
        self._header(records)
        kept: list[list[str]] = []
        numbers: list[int] = []
        starts: list[int] = []
        for start, record in records:
            if not self._accept(start, record, lines):
                continue
            kept.append(record)  # type: ignore[arg-type]
            numbers.append(self.row)
            starts.append(start)
            if len(kept) >= size:
                yield self._batch(kept, numbers, starts)
                kept, numbers, starts = [], [], []
        yield self._batch(kept, numbers, starts)

    def _header(self, records: Iterator[tuple[int, list[str] | csv.Error]]) -> None:
        """Match the header with the declaration; afterwards `self.columns` says what cell i is."""
        dialect = self.table.dialect
        names: list[str] | None = None
        try:
            for _ in range(dialect.skip_rows):
                next(records)
            for _ in range(dialect.header_rows):
                _, record = next(records)
                names = names or (record if isinstance(record, list) else None)
        except StopIteration:
            names = None
        if dialect.header_rows == 0:
            self.columns: list[Column | None] = [c for c in self.table.columns if not c.virtual]
            self.header_line = 0
            return
        self.header_line = dialect.skip_rows + 1
        if not names:
            self.note("empty-file")
            self.fatal, self.columns = True, []
            return
        self.columns = self._match([name.strip() for name in names])

    def _match(self, names: list[str]) -> list[Column | None]:
        if not self.table.columns:
            self.table = _declared_by_header(self.path, self.table, names)
        by_title = {t: c for c in self.table.columns if not c.virtual for t in (*c.titles, c.name)}
        matched: list[Column | None] = []
        for name in names:
            column = by_title.get(name)
            if names.count(name) > 1 or (column is not None and column in matched):
                self.fatal = True
                if column not in matched or column is None:
                    self._header_problem("duplicate-header", name)
            elif column is None:
                self._unknown(name, [*by_title])
            matched.append(column)
        self._missing(matched)
        return matched

    def _unknown(self, name: str, known: list[str]) -> None:
        near = difflib.get_close_matches(name, known, n=1)
        hint = {"hint": f"; did you mean {near[0]}?", "hint_zh": f",是否想写 {near[0]}?"} if near else {}
        strict = self.table.strict
        self.fatal = self.fatal or strict
        self._header_problem("header-mismatch" if strict else "unknown-column", name, **hint)

    def _missing(self, matched: list[Column | None]) -> None:
        needed = _needed(self.table)
        for column in self.table.columns:
            if column.virtual or column in matched:
                continue
            if column.name in needed or column.required:
                self.fatal = True
                self._header_problem("missing-column", column.name)
            elif self.table.strict:
                self._header_problem("missing-column", column.name, severity="warning")

    def _header_problem(self, code: str, column: str, **details: Any) -> None:
        self.note(code, line=self.header_line, column=column, value=column, **details)

    def _accept(self, line: int, record: list[str] | csv.Error, lines: _Lines) -> bool:
        """Count a record and say whether it can be converted."""
        suspect, lines.suspect = lines.suspect, False
        if isinstance(record, csv.Error):
            self._count()
            self.note(**_quoting(record), row=self.row, line=line)
            return False
        if not record and len(self.columns) != 1:
            if not self.table.dialect.skip_blank_rows:
                self.note("blank-line", line=line)
            return False
        self._count()
        if not record:
            record.append("")
        if len(record) != len(self.columns) and not self.fatal:
            self.note("ragged-row", row=self.row, line=line, found=len(record), expected=len(self.columns))
            return False
        if suspect and self._suspect_cells(line, record):
            return False
        return not self.fatal

    def _count(self) -> None:
        self.row += 1
        self.read += 1

    def _suspect_cells(self, line: int, record: list[str]) -> bool:
        found = False
        for column, cell in zip(self.columns, record, strict=False):
            code = "nul-byte" if "\0" in cell else None if _decodes(cell) else "invalid-encoding"
            if code:
                found = True
                shown = "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c == "\0" else c for c in cell)
                where = {"row": self.row, "line": line, "column": column.name if column else None}
                self.note(code, value=shown, encoding=self.encoding.removesuffix("-sig"), **where)
        return found

    def _batch(self, kept: list[list[str]], numbers: list[int], starts: list[int]) -> Batch:
        by_column = list(zip(*kept, strict=True)) if kept else [()] * len(self.columns)
        cells = {
            column.name: pl.Series(column.name, values, dtype=pl.String)
            for column, values in zip(self.columns, by_column, strict=True)
            if column is not None
        }
        problems, self.problems = self.problems, []
        read, self.read = self.read, 0
        return Batch(
            self.table, self.dataset, self.path.name, self.iri, pl.DataFrame(cells),
            pl.Series(numbers, dtype=pl.UInt32), pl.Series(starts, dtype=pl.UInt32),
            read, problems, self.header_line,
        )  # fmt: skip


def _needed(table: Table) -> set[str]:
    """Columns without which no row has an identity."""
    abouts = [column.about for column in table.columns if column.about]
    return {*table.primary_key, *(name for about in abouts for name in about.names)}


def _declared_by_header(path: Path, table: Table, names: list[str]) -> Table:
    reader = Reader(path, table.base, table.strict)
    return replace(table, columns=tuple(reader.undeclared(name, table) for name in names))


def _quoting(error: csv.Error) -> dict[str, Any]:
    text = str(error)
    if "unexpected end" in text:
        return {"code": "unclosed-quote"}
    if "field larger" in text:
        return {"code": "cell-too-long", "limit": CELL_LIMIT}
    return {"code": "malformed-quoting", "why": text}


def _records(lines: _Lines, dialect: Dialect) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Each record with its first line; a malformed one comes as its csv.Error."""
    csv.field_size_limit(CELL_LIMIT)
    source = _without_comments(lines, dialect.comment) if dialect.comment else lines
    reader = csv.reader(
        source,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=dialect.double_quote,
        escapechar=None if dialect.double_quote else "\\",
        skipinitialspace=dialect.skip_initial_space,
        strict=True,
    )
    while True:
        start = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield start, error
            continue
        yield start, _trim(record, dialect.trim) if dialect.trim != "false" else record


def _trim(record: list[str], how: str) -> list[str]:
    strip = {"true": str.strip, "start": str.lstrip, "end": str.rstrip}.get(how, str.strip)
    return [strip(cell) for cell in record]


class _without_comments:
    """Lines that begin with the comment prefix become empty, so that line numbers stay true."""

    def __init__(self, lines: _Lines, prefix: str) -> None:
        self.lines, self.prefix = lines, prefix

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        return "\n" if line.startswith(self.prefix) else line
