"""A file's header against its declaration: which declared column each cell belongs to."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from govgraph_loaders.metadata import undeclared_column
from govgraph_loaders.problems import near_hint
from govgraph_loaders.table import Column, Table

Note = Callable[..., None]
#: Columns that are compared with what is known, in case they are misspelt: it takes long.
_HINTED = 200


class Header:
    """`columns` says what cell i of a row is (None: nothing that is loaded); `table` is the
    declaration, completed where it leaves the columns to the header; `fatal` if no row can be
    read by it. Problems go to `note`."""

    def __init__(self, table: Table, names: list[str], note: Note) -> None:
        self.table, self.names, self.note = completed(table, names), names, note
        self.fatal = False
        self.columns = self._match()
        self._missing()

    def _match(self) -> list[Column | None]:
        declared = [column for column in self.table.columns if not column.virtual]
        by_title = {t: column for column in declared for t in (*column.titles, column.name)}
        matched: list[Column | None] = []
        seen: set[str] = set()
        for number, name in enumerate(self.names):
            column = by_title.get(name)
            names = {name} if column is None else {name, column.name}
            if names & seen:
                self._wrong("duplicate-header", name)
            elif column is None:
                self._unknown(name, [*by_title] if number < _HINTED else [])
            seen |= names
            matched.append(column)
        return matched

    def _unknown(self, name: str, known: list[str]) -> None:
        hint = near_hint(difflib.get_close_matches(name, known, n=1))
        if self.table.strict:
            self._wrong("header-mismatch", name, **hint)
        else:
            self.note("unknown-column", column=name, value=name, **hint)

    def _missing(self) -> None:
        """Declared columns that the file lacks: fatal where a row cannot do without."""
        needed = _needed(self.table)
        declared = {column.name: column for column in self.table.columns if not column.virtual}
        for name in [*declared, *(needed - set(declared))]:
            column = declared.get(name)
            if column is not None and column in self.columns:
                continue
            if name in needed or (column is not None and column.required):
                self._wrong("missing-column", name)
            elif self.table.strict:
                self.note("missing-column", column=name, value=name, severity="warning")

    def _wrong(self, code: str, name: str, **details: Any) -> None:
        self.fatal = True
        self.note(code, column=name, value=name, **details)


def numbered(table: Table, count: int) -> Table:
    """The declaration of a file without a header, with `_col.1` and so on if there is none."""
    return completed(table, [None] * count)


def completed(table: Table, names: Sequence[str | None]) -> Table:
    """The table with a column for each cell of the header, where it declares none."""
    if any(not column.virtual for column in table.columns):
        return table
    found = {
        column.name: column
        for number, name in enumerate(names, start=1)
        for column in [undeclared_column(table, number, name)]
    }
    return replace(table, columns=(*found.values(), *table.columns))


def _needed(table: Table) -> set[str]:
    """Columns without which no row has an identity."""
    abouts = [column.about for column in table.columns if column.about]
    names = {name for about in abouts for name in about.names}
    return {*table.primary_key, *names} - {"_row", "_sourceRow"}
