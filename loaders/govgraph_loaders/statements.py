"""What the columns of a batch state, as N-Triples or N-Quads text by row.

Two writers build on it: `convert`, for the graph of a release, and `csv2rdf`, for the standard's
own output. They differ in what they do with bad cells and in the names of unnamed things.
"""

from __future__ import annotations

import polars as pl

from govgraph_loaders import keyvalues, terms
from govgraph_loaders.batch import Batch
from govgraph_loaders.cells import CellReader, Cells, regroup
from govgraph_loaders.datatypes import RDF, XSD
from govgraph_loaders.names import Names
from govgraph_loaders.rowtext import RowText
from govgraph_loaders.table import Column
from govgraph_loaders.terms import Terms, joined

#: Terms, and the rows they belong to (None: one each); no terms where a column says nothing.
Objects = tuple[Terms | None, pl.Series | None]


class Statements:
    """The statements of one batch. `end` closes each: its graph, if there is one, and the dot."""

    def __init__(self, batch: Batch, end: str) -> None:
        self.batch, self.table, self.size = batch, batch.table, len(batch.rows)
        self.end = end
        self.reader = CellReader(batch)
        self.cells: dict[str, Cells] = {}
        self.names = Names(self.reader, self.cells)
        self.subjects: dict[str, Terms] = {}
        self.written = RowText(self.size)
        self.stated = 0

    def read_cells(self) -> None:
        """Parse every column of the file, noting each problem."""
        for column in self.table.columns:
            if not column.virtual:
                self.cells[column.name] = self.reader.read(column)

    def unnamed(self) -> Terms:
        """The term of what a row describes where no aboutUrl names it."""
        raise NotImplementedError

    def list_node(self, index: int, number: int) -> str:
        """The term of a node of the list that row `index` has in the column being stated."""
        raise NotImplementedError

    def literals(self, column: Column) -> Terms:
        """The terms of a column's values that are no IRIs."""
        return as_literals(column, self.cells[column.name].text)

    def subject(self, column: Column) -> Terms:
        """The term of what the column's cells describe, null where it is not named."""
        key = column.about.text if column.about else ""
        if key not in self.subjects:
            self.subjects[key] = self._subject(column)
        return self.subjects[key]

    def _subject(self, column: Column) -> Terms:
        if column.about is None:
            return self.unnamed()
        return self.names.iris(column.about, column)

    def column(self, column: Column) -> Objects:
        """State what a column says; the same as `objects`."""
        objects, row = self.objects(column)
        if objects is None:
            return objects, row
        predicate = self.names.iris(column.property, column)
        if column.ordered and row is not None:
            self._state_list(self.subject(column), predicate, objects, row)
        else:
            self.state(self.subject(column), predicate, objects, row)
        return objects, row

    def objects(self, column: Column) -> Objects:
        """N-Triples terms of a column's values, and the rows they belong to (None: one each)."""
        if column.virtual:
            return self._virtual(column), None
        cells = self.cells[column.name]
        if column.value is None:
            return self.literals(column), cells.row
        if self.names.item_wise(column):
            return self.names.items(column), cells.row
        iris = self.names.iris(column.value, column)
        return iris.where(cells.scalar().is_not_null()), None

    def _virtual(self, column: Column) -> Terms | None:
        if column.value is not None:
            return self.names.iris(column.value, column)
        if not column.default:
            return None
        return as_literals(column, column.datatype.parse(column.default))

    def state(
        self, subject: Terms, predicate: Terms, objects: Terms, row: pl.Series | None
    ) -> None:
        """One statement per object; none where a term is null."""
        self.stated += 1
        if row is None:
            self.written.add(*subject.parts, " ", *predicate.parts, " ", *objects.parts, self.end)
        elif len(row):
            subject, predicate = subject.gather(row), predicate.gather(row)
            text = joined((*subject.parts, " ", *predicate.parts, " ", *objects.parts, self.end))
            self.written.add_many(regroup(text, row, self.size, ""))

    def _state_list(self, subject: Terms, predicate: Terms, objects: Terms, row: pl.Series) -> None:
        """An ordered list becomes an rdf:List; its nodes are named after the row and column."""
        per_row = pl.DataFrame({"row": row, "item": objects.text(len(row))}).drop_nulls()
        heads: list[str | None] = [None] * self.size
        texts: list[str | None] = [None] * self.size
        for index, items in per_row.group_by("row", maintain_order=True).agg("item").iter_rows():
            nodes = [self.list_node(index, n) for n in range(len(items))]
            heads[index], texts[index] = nodes[0], self._list(nodes, items)
        self.state(subject, predicate, Terms("", pl.Series(heads, dtype=pl.String)), None)
        self.written.add_many(pl.Series(texts, dtype=pl.String))
        self.stated += 1

    def _list(self, nodes: list[str], items: list[str]) -> str:
        """The statements of the nodes of an rdf:List."""
        tails = [*nodes[1:], f"<{RDF}nil>"]
        return "".join(
            f"{node} <{RDF}first> {item}{self.end}{node} <{RDF}rest> {tail}{self.end}"
            for node, item, tail in zip(nodes, items, tails, strict=True)
        )

    def keys(self, texts: bool = False) -> dict[tuple[str, ...], pl.DataFrame]:
        """The key values that later checks compare, by the names of their columns."""
        return {
            names: keyvalues.key_frame(
                self.batch, names, [self.cells[name] for name in names], texts
            )
            for names in keyvalues.key_columns(self.table)
            if all(name in self.cells for name in names)
        }


def as_literals(column: Column, text: pl.Series | str) -> Terms:
    """Lexical forms as literals of the column's datatype and language."""
    if column.datatype.iri == XSD + "string":
        return terms.literal(text, None, column.lang)
    return terms.literal(text, column.datatype.iri, None)
