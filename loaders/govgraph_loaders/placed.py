"""A file's header by place, as the standard has it: cell i is column i, and titles must agree.

Source: https://www.w3.org/TR/tabular-metadata/ §5.5.1, schema compatibility.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from govgraph_loaders.header import Note, completed
from govgraph_loaders.metadata import undeclared_column
from govgraph_loaders.problems import near_hint
from govgraph_loaders.table import Column, Table


class PlacedHeader:
    """Like `Header`, but never fatal: what does not fit is noted and read by its place."""

    fatal = False

    def __init__(self, table: Table, names: list[str], note: Note) -> None:
        self.names, self.note = names, note
        self.language = str(table.inherited.get("lang", "und"))
        self.table = completed(table, self._apart()) if table.open else _padded(table, len(names))
        declared = [column for column in table.columns if not column.virtual]
        if declared or not table.open:
            self._compare(declared)
        found = (column for column in self.table.columns if not column.virtual)
        self.columns: list[Column | None] = [*itertools.islice(found, len(names))]

    def _apart(self) -> list[str | None]:
        """The names that columns can take: one that comes again is noted and taken by its place."""
        apart: list[str | None] = []
        for name in self.names:
            again = name in apart
            if again:
                self.note("duplicate-header", column=name, value=name)
            apart.append(None if again else name)
        return apart

    def _compare(self, declared: list[Column]) -> None:
        for column, name in zip(declared, self.names, strict=False):
            if not self._agree(column, name):
                hint = near_hint(column.titles[:1])
                self.note("header-mismatch", column=name, value=name, **hint)
        for name in self.names[len(declared) :]:
            self.note("header-mismatch", column=name, value=name)
        for column in declared[len(self.names) :]:
            self.note("missing-column", column=column.name, value=column.name)

    def _agree(self, column: Column, name: str) -> bool:
        """Whether a title of the column is the header's, in a language that fits."""
        if not column.titles and not column.named:
            return True
        titles = zip(column.titles, column.languages, strict=True)
        return any(t == name and _fits(lang, self.language) for t, lang in titles)


def _fits(one: str, other: str) -> bool:
    """Whether two language tags agree as far as the shorter one says; `und` fits any."""
    first, second = one.lower().split("-"), other.lower().split("-")
    shorter = min(len(first), len(second))
    return "und" in (one, other) or first[:shorter] == second[:shorter]


def _padded(table: Table, count: int) -> Table:
    """The declaration with columns by number where the file has more than it declares."""
    declared = [column for column in table.columns if not column.virtual]
    virtual = [column for column in table.columns if column.virtual]
    more = (undeclared_column(table, n, None) for n in range(len(declared) + 1, count + 1))
    return replace(table, columns=(*declared, *more, *virtual))
