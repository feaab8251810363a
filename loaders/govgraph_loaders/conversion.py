"""The pure heart of the loader: one batch of cells in, quads and problems out.

Nothing here reads a file, a clock or a store, so batches can be converted anywhere, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote

import polars as pl

from govgraph_loaders import keyvalues, terms
from govgraph_loaders.batch import Batch
from govgraph_loaders.cells import indexes
from govgraph_loaders.datatypes import XSD
from govgraph_loaders.edtf import day
from govgraph_loaders.namespaces import GOV
from govgraph_loaders.problems import Problem
from govgraph_loaders.statements import Objects, Statements
from govgraph_loaders.table import Column
from govgraph_loaders.terms import Terms
from govgraph_loaders.uri import map_unique

INTEGER = XSD + "integer"
PROV_DERIVED = terms.iri("http://www.w3.org/ns/prov#wasDerivedFrom")
ROWNUM = terms.iri("http://www.w3.org/ns/csvw#rownum")
LINE = terms.iri(GOV + "line")
IN_TABLE = terms.iri(GOV + "inTable")
PRECISION = terms.iri(GOV + "precision")


@dataclass(frozen=True)
class Converted:
    """What a batch came to.

    `rows`, `text`, `counts`: number, N-Quads text and number of statements (UInt32) of each row
    accepted so far.
    `read`, `rejected`: how many rows were met, the numbers of those known to be bad.
    `keys`: column names -> frame (row, key, whole) of the key values that later checks compare.
    `references`: frame (row, key, column) of IRIs that some row must describe; `column` is a place
    among the table's.
    `subjects`: frame (row, key), the IRIs that each row describes.
    """

    rows: pl.Series
    text: pl.Series
    problems: list[Problem]
    read: int
    rejected: pl.Series
    counts: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.UInt32))
    keys: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    references: pl.DataFrame = field(default_factory=lambda: keyvalues.REFERENCES)
    subjects: pl.DataFrame = field(default_factory=lambda: keyvalues.SUBJECTS)

    @property
    def quads(self) -> str:
        """The N-Quads of the accepted rows."""
        return str(self.text.str.join("").item())


def convert(batch: Batch, *, texts: bool = False) -> Converted:
    """Check every cell of a batch and write the quads of its good rows. Pure.

    With `texts` the frames of keys, references and subjects also have (line, text, shown).
    """
    return _Conversion(batch, texts).run()


class _Conversion(Statements):
    def __init__(self, batch: Batch, texts: bool) -> None:
        super().__init__(batch, f" <{batch.iri}> .\n")
        self.texts = texts
        self.references: list[pl.DataFrame] = []

    def run(self) -> Converted:
        self.read_cells()
        if not self.table.suppress and self.size:
            self.names.check_identifiers()
            for column in self.table.columns:
                self.subject(column)
                if not column.suppress:
                    self.column(column)
            self._evidence()
        return self._result()

    def unnamed(self) -> Terms:
        """An entity named by its row."""
        return self.names.numbered("#entity=", self.batch.rows)

    def list_node(self, index: int, number: int) -> str:
        return f"<{self.batch.iri}#list={self.batch.rows[index]}-{self.stated}-{number}>"

    def column(self, column: Column) -> Objects:
        objects, row = super().column(column)
        if column.bounds:
            self._bounds(column, self.subject(column))
        if column.precision:
            self._precision(column)
        if column.must_exist and objects is not None:
            self._reference(column, objects, row)
        return objects, row

    def _bounds(self, column: Column, subject: Terms) -> None:
        """The first and last day that an EDTF cell can mean, as dates that queries can compare."""
        cells = self.cells[column.name]
        for which, iri in enumerate(column.bounds or ()):
            days = map_unique(cells.text, lambda text, which=which: day(text, which))  # type: ignore[misc]
            self.state(subject, terms.iri(iri), terms.literal(days, XSD + "date", None), cells.row)

    def _precision(self, column: Column) -> None:
        """Whether a number is given, since one that is not is not known, and not zero."""
        given = self.cells[column.name].given
        words = pl.select(pl.when(pl.lit(given)).then(pl.lit("exact")).otherwise(pl.lit("unknown")))
        self.state(self.subject(column), PRECISION, terms.iri(GOV, words.to_series()), None)

    def _evidence(self) -> None:
        """The row itself, and which entities it was the source of."""
        row = self.names.numbered("#row=", self.batch.places)
        for predicate, number in ((ROWNUM, self.batch.rows), (LINE, self.batch.lines)):
            self.state(row, predicate, terms.literal(number.cast(pl.String), INTEGER, None), None)
        self.state(row, IN_TABLE, terms.iri(self.batch.iri), None)
        for subject in self.subjects.values():
            self.state(subject, PROV_DERIVED, row, None)

    def _reference(self, column: Column, objects: Terms, row: pl.Series | None) -> None:
        """Remember the IRIs that a column points at, for the check across tables."""
        rows = indexes(self.size) if row is None else row
        shown = map_unique(self.cells[column.name].text, unquote) if self.texts else None
        frame = keyvalues.compared(self.batch, rows, objects.iris(len(rows)), shown)
        place = pl.lit(self.table.columns.index(column), pl.UInt16)
        self.references.append(frame.with_columns(column=place).drop_nulls())

    def _subjects(self, subject: Terms) -> pl.DataFrame:
        iris = subject.iris(self.size)
        shown = iris if self.texts else None
        return keyvalues.compared(self.batch, indexes(self.size), iris, shown).drop_nulls()

    def _result(self) -> Converted:
        batch, bad = self.batch, self.reader.bad
        subjects = [self._subjects(subject) for subject in self._described()]
        return Converted(
            rows=batch.rows.filter(~bad),
            text=self.written.texts().filter(~bad),
            counts=self.written.counts().filter(~bad),
            problems=[*batch.problems, *self.reader.problems],
            read=batch.read,
            rejected=batch.rows.filter(bad),
            keys=self.keys(self.texts),
            references=pl.concat(self.references) if self.references else keyvalues.REFERENCES,
            subjects=pl.concat(subjects) if subjects else keyvalues.SUBJECTS,
        )

    def _described(self) -> list[Terms]:
        """The subjects that a row says something of; a virtual column only points at its own."""
        abouts = [column.about for column in self.table.columns if not column.virtual]
        names = {about.text if about else "" for about in (self.table.about, *abouts)}
        return [subject for name, subject in self.subjects.items() if name in names]
