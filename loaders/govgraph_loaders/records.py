"""Lines of text to CSV records, each with the line that it begins on."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from io import StringIO
from typing import Any, NamedTuple, TextIO

from govgraph_loaders.encoding import FILE_ERRORS
from govgraph_loaders.table import Dialect

CELL_LIMIT = 4 << 20
_STRIP = {"true": str.strip, "start": str.lstrip, "end": str.rstrip}


class Record(NamedTuple):
    """A record: its first line, its place among all rows of the file (RFC 7111), its cells, what is
    wrong with its quoting if it could not be cut, and whether its text has NUL characters or
    undecodable bytes."""

    line: int
    place: int
    cells: list[str]
    error: csv.Error | None
    suspect: bool


class Records:
    """The records of a file after the rows that the dialect skips; blank lines are records
    without cells, comments are none. Comments and skipped rows are added to `comments`.

    Records come one by one, or a block of lines at a time, for whoever can read it at once."""

    def __init__(self, stream: TextIO, dialect: Dialect, comments: list[str] | None = None) -> None:
        csv.field_size_limit(CELL_LIMIT)
        self.stream, self.dialect = stream, dialect
        self.lines = _Lines(stream, dialect, [] if comments is None else comments)
        self.reader = csv.reader(self.lines, **csv_options(dialect))
        self.lines.skip(dialect.skip_rows)

    def __iter__(self) -> Records:
        return self

    def __next__(self) -> Record:
        lines = self.lines
        lines.begin()
        try:
            cells = next(self.reader)[self.dialect.skip_columns :]
        except csv.Error as error:
            return Record(lines.start, lines.place, [], error, lines.suspect)
        return Record(
            lines.start, lines.place, _trim(cells, self.dialect.trim), None, lines.suspect
        )

    def blocks(self, size: int) -> Iterator[str]:
        """Whole lines, about `size` characters at a time. Either `pass_over` a block or take the
        records `within` it before the next one is asked for."""
        lines: list[str] = []
        length = 0
        try:
            for line in self.stream:
                lines.append(line)
                length += len(line)
                if length >= size:
                    yield "".join(lines)
                    lines, length = [], 0
        except FILE_ERRORS:
            yield "".join(lines)  # what came before the break counts
            raise
        yield "".join(lines)

    def pass_over(self, records: int, lines: int) -> tuple[int, int]:
        """A block was read elsewhere. The line and the place of its first record."""
        first = self.lines.number + 1, self.lines.place + 1
        self.lines.number += lines
        self.lines.place += records
        return first

    def within(self, block: str) -> Iterator[Record]:
        """The records that begin in a block; a quoted one may end beyond it."""
        held = StringIO(block, newline="")
        self.lines.stream = itertools.chain(held, self.stream)
        while held.tell() < len(block):
            record = next(self, None)
            if record is None:
                return
            yield record


def csv_options(dialect: Dialect) -> dict[str, Any]:
    """What the reader of Python is told of a dialect."""
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote,
        "quoting": csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        "doublequote": dialect.double_quote,
        "escapechar": None if dialect.double_quote else "\\",
        "skipinitialspace": dialect.skip_initial_space,
        "strict": True,
    }


def _trim(cells: list[str], how: str) -> list[str]:
    strip = _STRIP.get(how)
    return [strip(cell) for cell in cells] if strip else cells


class _Lines:
    """The lines of a file, counted; comment lines between records are passed over."""

    def __init__(self, stream: Iterator[str], dialect: Dialect, comments: list[str]) -> None:
        self.stream, self.comment, self.comments = stream, dialect.comment, comments
        self.number = self.start = self.place = 0
        self.suspect = self.first = False

    def begin(self) -> None:
        """The next line is the first of a record."""
        self.first, self.suspect = True, False
        self.place += 1

    def skip(self, count: int) -> None:
        """Pass over the first lines, whatever is in them."""
        for _ in range(count):
            self._note(next(self.stream, ""))
            self.number += 1

    def _note(self, line: str) -> None:
        """A row that is none of the table's."""
        self.place += 1
        text = shown(line.removeprefix("\ufeff").removeprefix(self.comment or "").strip())
        if text:
            self.comments.append(text)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._next()
        if self.first:
            while self.comment and line.startswith(self.comment):
                self._note(line)
                line = self._next()
            self.first, self.start = False, self.number
        if "\0" in line or not (line.isascii() or decodes(line)):
            self.suspect = True
        return line

    def _next(self) -> str:
        line = next(self.stream)
        self.number += 1
        return line.removeprefix("\ufeff") if self.number == 1 else line


def decodes(text: str) -> bool:
    """Whether a text is free of the lone surrogates that stand for undecodable bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(text: str) -> str:
    """A text as a report can hold it: U+FFFD for NUL and for undecodable bytes."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
