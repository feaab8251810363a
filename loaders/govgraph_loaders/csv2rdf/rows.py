"""The rows of a table as csv2rdf describes them (https://www.w3.org/TR/csv2rdf/ §4)."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from govgraph_loaders import terms
from govgraph_loaders.annotations import quoted
from govgraph_loaders.batch import Batch
from govgraph_loaders.conversion import Converted
from govgraph_loaders.datatypes import RDF, XSD
from govgraph_loaders.namespaces import PREFIXES
from govgraph_loaders.statements import Statements, as_literals
from govgraph_loaders.table import Column
from govgraph_loaders.terms import Terms

CSVW = PREFIXES["csvw"]
RDFS = PREFIXES["rdfs"]


class RowStatements(Statements):
    """What the rows of a batch say. `number` tells the blank nodes of tables apart; `table` is the
    term of the table, None in minimal mode, which leaves the rows themselves out."""

    def __init__(self, batch: Batch, number: int, table: str | None) -> None:
        super().__init__(batch, " .\n")
        self.number, self.term = number, table

    def run(self) -> Converted:
        """Every row's statements, good or bad, as `convert` gives those of the good ones."""
        self.read_cells()
        if self.size and not self.table.suppress:
            for column in self.table.columns:
                if not column.suppress:
                    self.column(column)
            if self.term is not None:
                self._rows(self.term)
        batch = self.batch
        return Converted(
            rows=batch.rows,
            text=self.written.texts(),
            problems=[*batch.problems, *self.reader.problems],
            read=batch.read,
            rejected=batch.rows.filter(self.reader.bad),
            keys=self.keys(),
        )

    def unnamed(self) -> Terms:
        return self._blank("e")

    def list_node(self, index: int, number: int) -> str:
        return f"_:l{self.number}.{self.batch.rows[index]}.{self.stated}.{number}"

    def literals(self, column: Column) -> Terms:
        """A bad cell is a string."""
        cells = self.cells[column.name]
        typed = as_literals(column, cells.text)
        plain = terms.literal(cells.text, None, column.lang)
        texts = [pl.lit(which.text(len(cells.text))) for which in (plain, typed)]
        chosen = pl.when(pl.lit(cells.bad)).then(texts[0]).otherwise(texts[1])
        return Terms("", pl.select(chosen).to_series())

    def _blank(self, kind: str) -> Terms:
        """A blank node for each row."""
        return Terms(f"_:{kind}{self.number}.", self.batch.rows.cast(pl.String))

    def _rows(self, table: str) -> None:
        """The rows themselves: their place, their titles and what they describe."""
        row, batch = self._blank("r"), self.batch
        source = self.names.numbered("#row=", batch.places)
        number = terms.literal(batch.rows.cast(pl.String), XSD + "integer", None)
        self._say(row, f"<{RDF}type>", terms.iri(CSVW + "Row"))
        self._say(Terms(table), f"<{CSVW}row>", row)
        self._say(row, f"<{CSVW}rownum>", number)
        self._say(row, f"<{CSVW}url>", source)
        for subject in self.subjects.values():
            self._say(row, f"<{CSVW}describes>", subject)
        self._titles(row)

    def _titles(self, row: Terms) -> None:
        for name in self.table.row_titles:
            if name in self.cells:
                cells = self.cells[name]
                title = terms.literal(cells.text, None, self.table.column(name).lang)
                self._say(row, f"<{CSVW}title>", title, cells.row)

    def _say(
        self, subject: Terms, predicate: str, objects: Terms, row: pl.Series | None = None
    ) -> None:
        self.state(subject, Terms(predicate), objects, row)


def comment_statements(table: str, comments: Iterable[str]) -> str:
    """The comments of a file, as what its table says of itself."""
    return "".join(f"{table} <{RDFS}comment> {quoted(text)} .\n" for text in comments)


def table_statements(group: str, table: str, iri: str) -> str:
    """A table, its URL and the group that it belongs to."""
    return (
        f"{group} <{CSVW}table> {table} .\n"
        f"{table} <{RDF}type> <{CSVW}Table> .\n"
        f"{table} <{CSVW}url> <{iri}> .\n"
    )
