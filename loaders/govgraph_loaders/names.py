"""The IRIs of a batch: what its rows describe and point at, and what keeps them from it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from govgraph_loaders import terms
from govgraph_loaders.cells import CellReader, Cells, indexes
from govgraph_loaders.table import Column
from govgraph_loaders.terms import Terms
from govgraph_loaders.uri import Expanded, Template, is_iri, map_unique


class Names:
    """Expands the templates of a table over the cells of a batch; notes problems as it goes."""

    def __init__(self, reader: CellReader, cells: Mapping[str, Cells]) -> None:
        self.reader, self.batch, self.size = reader, reader.batch, reader.size
        self.cells = cells

    def check_identifiers(self) -> None:
        """Note each empty cell without which a value of its row would have to be dropped."""
        table = self.batch.table
        everywhere = pl.repeat(True, self.size, dtype=pl.Boolean, eager=True)
        templates = [(table.about, everywhere)]
        for column in table.columns:
            if not (column.virtual or column.suppress):
                given = self.cells[column.name].given
                templates += [(t, given) for t in (column.about, column.property, column.value)]
        wanted: dict[str, pl.Series] = {}
        for template, given in templates:
            for name in template.names if template else ():
                wanted[name] = wanted[name] | given if name in wanted else given
        for name, where in wanted.items():
            if name in self.cells and not table.column(name).required:
                missing = where & ~self.cells[name].given
                self.reader.note_rows("missing-identifier", name, missing)

    def numbered(self, fragment: str, numbers: pl.Series) -> Terms:
        """The table's IRI with a fragment and a number."""
        return terms.iri(self.batch.iri + fragment, numbers.cast(pl.String))

    def iris(self, template: Template, column: Column) -> Terms:
        """Absolute IRIs per row, null where a variable of the template is null; to the letter of
        the standard such a variable is left out instead."""
        whole = not self.batch.table.to_the_letter
        iris = template.expand_column(self._variable, self.batch.iri, whole=whole)
        return self._valid(iris, template, column, indexes(self.size))

    def item_wise(self, column: Column) -> bool:
        """Whether each item of a list has an IRI of its own. The standard gives the list one."""
        named = column.value is not None and column.name in column.value.names
        listed = self.cells[column.name].row is not None
        return named and listed and not self.batch.table.to_the_letter

    def items(self, column: Column) -> Terms:
        """The IRIs of a column's values, one for each item of a list."""
        cells, template = self.cells[column.name], column.value
        assert template is not None
        rows = cells.rows()

        def variable(name: str) -> pl.Series:
            return cells.text if name == column.name else self._variable(name).gather(rows)

        iris = template.expand_column(variable, self.batch.iri)
        return self._valid(iris, template, column, rows)

    def _valid(
        self, expanded: Expanded, template: Template, column: Column, rows: pl.Series
    ) -> Terms:
        """IRIs that a value has spoilt are noted and left out."""
        start, rest = expanded
        if not template.risky or rest is None:
            return terms.iri(start, rest)
        iris = terms.joined((start, rest))
        good = map_unique(iris, lambda iri: iri if is_iri(iri) else None)
        spoilt = rows.filter(iris.is_not_null() & good.is_null())
        if len(spoilt):
            where = indexes(self.size).is_in(spoilt.implode())
            self.reader.note_rows("invalid-uri", column.name, where)
        return terms.iri("", good)

    def _variable(self, name: str) -> pl.Series:
        """A template variable: a column, lists as lists, or the number of the row."""
        if name in self.cells:
            return self.cells[name].listed()
        numbers = self.batch.places if name == "_sourceRow" else self.batch.rows
        return numbers.cast(pl.String)
