"""The pure heart of the loader: one batch of cells in, quads and problems out.

Nothing here reads a file, a clock or a store, so batches can be converted anywhere, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote

import polars as pl

from govgraph_loaders import keyvalues, terms
from govgraph_loaders.cells import CellReader, Cells, indexes, regroup
from govgraph_loaders.datatypes import RDF, XSD
from govgraph_loaders.edtf import day
from govgraph_loaders.names import Names
from govgraph_loaders.namespaces import GOV
from govgraph_loaders.problems import Problem
from govgraph_loaders.rows import Batch
from govgraph_loaders.table import Column
from govgraph_loaders.uri import map_unique

PROV_DERIVED = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
ROWNUM = "<http://www.w3.org/ns/csvw#rownum>"


@dataclass(frozen=True)
class Converted:
    """What a batch came to.

    `rows`, `text`: number and N-Quads text of each row accepted so far.
    `read`, `rejected`: how many rows were met, the numbers of those known to be bad.
    `keys`: column names -> frame (row, line, key) of the key values that later checks compare.
    `references`: frame (row, line, column, value, key) of IRIs that some row must describe.
    `subjects`: frame (row, key), the IRIs that each row describes.
    """

    rows: pl.Series
    text: pl.Series
    problems: list[Problem]
    read: int
    rejected: pl.Series
    keys: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    references: pl.DataFrame = field(default_factory=lambda: keyvalues.REFERENCES)
    subjects: pl.DataFrame = field(default_factory=lambda: keyvalues.SUBJECTS)

    @property
    def quads(self) -> str:
        """The N-Quads of the accepted rows."""
        return str(self.text.str.join("").item())


def convert(batch: Batch) -> Converted:
    """Check every cell of a batch and write the quads of its good rows. Pure."""
    return _Conversion(batch).run()


class _Conversion:
    def __init__(self, batch: Batch) -> None:
        self.batch, self.table, self.size = batch, batch.table, len(batch.rows)
        self.reader = CellReader(batch)
        self.graph = f" <{batch.iri}> .\n"
        self.cells: dict[str, Cells] = {}
        self.names = Names(self.reader, self.cells)
        self.subjects: dict[str, pl.Series] = {}
        self.references: list[pl.DataFrame] = []
        self.statements: list[pl.Series] = []

    def run(self) -> Converted:
        for column in self.table.columns:
            if not column.virtual:
                self.cells[column.name] = self.reader.read(column)
        if not self.table.suppress and self.size:
            self.names.check_identifiers()
            for column in self.table.columns:
                self._column(column)
            self._evidence()
        return self._result()

    def _subject(self, column: Column) -> pl.Series:
        """`<iri>` of what the column's cells describe, null where it is not named."""
        key = column.about.text if column.about else ""
        if key not in self.subjects:
            self.subjects[key] = terms.iri(self.names.subjects(column))
        return self.subjects[key]

    def _column(self, column: Column) -> None:
        """The statements that a column makes."""
        subject = self._subject(column)
        if column.suppress:
            return
        objects, row = self._objects(column)
        if objects is None:
            return
        predicate = terms.iri(self.names.iris(column.property, column))
        if column.ordered and row is not None:
            self._state_list(subject, predicate, objects, row)
        else:
            self._state(subject, predicate, objects, row)
        if column.bounds:
            self._bounds(column, subject)
        if column.must_exist:
            self._reference(column, objects, row)

    def _objects(self, column: Column) -> tuple[pl.Series | None, pl.Series | None]:
        """N-Triples terms of a column's values, and the rows they belong to (None: one each)."""
        if column.virtual:
            return self._virtual(column), None
        cells = self.cells[column.name]
        if column.value is None:
            return _literals(column, cells.text), cells.row
        if cells.row is not None and column.name in column.value.names:
            return terms.iri(self.names.items(column)), cells.row
        iris = pl.lit(self.names.iris(column.value, column))
        known = pl.lit(cells.scalar().is_not_null())
        return terms.iri(pl.select(pl.when(known).then(iris)).to_series()), None

    def _virtual(self, column: Column) -> pl.Series | None:
        if column.value is not None:
            return terms.iri(self.names.iris(column.value, column))
        if not column.default:
            return None
        lexical = column.datatype.parse(column.default)
        return _literals(column, pl.repeat(lexical, self.size, dtype=pl.String, eager=True))

    def _state(
        self, subject: pl.Series, predicate: pl.Series, objects: pl.Series, row: pl.Series | None
    ) -> None:
        """One quad per object, as one text per row (null where a row has none)."""
        if row is not None:
            subject, predicate = subject.gather(row), predicate.gather(row)
        line = pl.lit(subject) + " " + pl.lit(predicate) + " " + pl.lit(objects) + self.graph
        text = pl.select(line).to_series()
        self.statements.append(text if row is None else regroup(text, row, self.size, ""))

    def _state_list(
        self, subject: pl.Series, predicate: pl.Series, objects: pl.Series, row: pl.Series
    ) -> None:
        """An ordered list becomes an rdf:List; its nodes are named after the row and column."""
        per_row = pl.DataFrame({"row": row, "item": objects}).drop_nulls()
        heads: list[str | None] = [None] * self.size
        texts: list[str | None] = [None] * self.size
        for index, items in per_row.group_by("row", maintain_order=True).agg("item").iter_rows():
            name = f"{self.batch.iri}#list={self.batch.rows[index]}-{len(self.statements)}-"
            heads[index], texts[index] = _rdf_list(name, items, self.graph)
        self._state(subject, predicate, pl.Series(heads, dtype=pl.String), None)
        self.statements.append(pl.Series(texts, dtype=pl.String))

    def _bounds(self, column: Column, subject: pl.Series) -> None:
        """The first and last day that an EDTF cell can mean, as dates that queries can compare."""
        cells = self.cells[column.name]
        for which, iri in enumerate(column.bounds or ()):
            days = map_unique(cells.text, lambda text, which=which: day(text, which))  # type: ignore[misc]
            predicate = pl.repeat(f"<{iri}>", self.size, dtype=pl.String, eager=True)
            self._state(subject, predicate, terms.literal(days, XSD + "date", None), cells.row)

    def _evidence(self) -> None:
        """The row itself, and which entities it was the source of."""
        batch, graph = self.batch, self.graph
        row = pl.lit(terms.iri(self.names.numbered("#row=", batch.rows + batch.skipped)))
        integer = f'"^^<{XSD}integer>{graph}'
        text = (
            row + f' {ROWNUM} "' + pl.lit(batch.rows.cast(pl.String)) + integer
            + row + f' <{GOV}line> "' + pl.lit(batch.lines.cast(pl.String)) + integer
            + row + f" <{GOV}inTable> <{batch.iri}>{graph}"
        )  # fmt: skip
        self.statements.append(pl.select(text).to_series())
        for subject in self.subjects.values():
            line = pl.lit(subject) + f" {PROV_DERIVED} " + row + graph
            self.statements.append(pl.select(line).to_series())

    def _reference(self, column: Column, objects: pl.Series, row: pl.Series | None) -> None:
        """Remember the IRIs that a column points at, for the check across tables."""
        rows = indexes(self.size) if row is None else row
        frame = {
            "row": self.batch.rows.gather(rows),
            "line": self.batch.lines.gather(rows),
            "column": pl.repeat(column.name, len(rows), dtype=pl.String, eager=True),
            "value": map_unique(self.cells[column.name].text, unquote),
            "key": objects.str.strip_chars("<>"),
        }
        self.references.append(pl.DataFrame(frame).drop_nulls())

    def _result(self) -> Converted:
        batch, table = self.batch, self.table
        bad = self.reader.bad
        wanted = {
            names: keyvalues.key_frame(batch, [self.cells[name] for name in names])
            for names in keyvalues.key_columns(table)
            if all(name in self.cells for name in names)
        }
        subjects = [
            pl.DataFrame({"row": batch.rows, "key": subject.str.strip_chars("<>")})
            for subject in self._described()
        ]
        return Converted(
            rows=batch.rows.filter(~bad),
            text=self._row_text().filter(~bad),
            problems=[*batch.problems, *self.reader.problems],
            read=batch.read,
            rejected=batch.rows.filter(bad),
            keys=wanted,
            references=pl.concat([keyvalues.REFERENCES, *self.references]),
            subjects=pl.concat([keyvalues.SUBJECTS, *subjects]).drop_nulls(),
        )

    def _described(self) -> list[pl.Series]:
        """The subjects that a row says something of; a virtual column only points at its own."""
        abouts = [column.about for column in self.table.columns if not column.virtual]
        names = {about.text if about else "" for about in (self.table.about, *abouts)}
        return [subject for name, subject in self.subjects.items() if name in names]

    def _row_text(self) -> pl.Series:
        if not self.statements:
            return pl.repeat("", self.size, dtype=pl.String, eager=True)
        parts = [pl.lit(part) for part in self.statements]
        return pl.select(pl.concat_str(parts, ignore_nulls=True)).to_series()


def _literals(column: Column, text: pl.Series) -> pl.Series:
    if column.datatype.iri == XSD + "string":
        return terms.literal(text, None, column.lang)
    return terms.literal(text, column.datatype.iri, None)


def _rdf_list(name: str, items: list[str], graph: str) -> tuple[str, str]:
    """The head of an rdf:List and the quads of its nodes."""
    nodes = [f"<{name}{n}>" for n in range(len(items))] + [f"<{RDF}nil>"]
    text = "".join(
        f"{nodes[n]} <{RDF}first> {item}{graph}{nodes[n]} <{RDF}rest> {nodes[n + 1]}{graph}"
        for n, item in enumerate(items)
    )
    return nodes[0], text
