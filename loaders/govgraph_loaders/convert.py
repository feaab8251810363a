"""The pure heart of the loader: one batch of cells in, quads and problems out.

Nothing here reads a file, a clock or a store, so batches can be converted anywhere, in any order.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from govgraph_loaders import edtf, terms
from govgraph_loaders.checks import CHECKS
from govgraph_loaders.metadata import GOV, Column, Table
from govgraph_loaders.problems import CellError, Problem, problem
from govgraph_loaders.rows import Batch
from govgraph_loaders.uri import Template, encode, map_unique

PROV_DERIVED = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
ROWNUM = "<http://www.w3.org/ns/csvw#rownum>"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
KEY_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Converted:
    """What a batch came to.

    `rows`, `lines`, `text`: number, first line and N-Quads text of each row accepted so far.
    `keys`: column names -> frame (row, line, key) of the key values that later checks compare.
    `references`: frame (row, line, column, value, iri) of IRIs that some row must describe.
    `subjects`: frame (row, iri), what each row describes.
    """

    rows: pl.Series
    lines: pl.Series
    text: pl.Series
    problems: list[Problem]
    read: int
    rejected: pl.Series
    keys: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict)
    references: pl.DataFrame = field(default_factory=pl.DataFrame)
    subjects: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def quads(self) -> str:
        """The N-Quads of the accepted rows."""
        return "".join(self.text)


def convert(batch: Batch) -> Converted:
    """Check every cell of a batch and write the quads of its good rows. Pure."""
    return _Conversion(batch).run()


@dataclass(frozen=True)
class _Cells:
    """A parsed column, one entry per value: `row` indexes the batch, `text` is the lexical form.
    For a column without a separator `row` is None and entry i belongs to row i."""

    text: pl.Series
    row: pl.Series | None

    def scalar(self, length: int) -> pl.Series:
        """One string per row, list items joined as RFC 6570 joins them."""
        if self.row is None:
            return self.text
        return _regroup(self.text, self.row, length, ",")


class _Conversion:
    def __init__(self, batch: Batch) -> None:
        self.batch, self.table, self.size = batch, batch.table, len(batch.rows)
        self.problems: list[Problem] = []
        self.bad = pl.Series("bad", [False], dtype=pl.Boolean).new_from_index(0, self.size)
        self.raw: dict[str, pl.Series] = {}
        self.cells: dict[str, _Cells] = {}
        self.lines_out: list[pl.Series] = []
        self.subjects: dict[str, pl.Series] = {}
        self.references: list[pl.DataFrame] = []

    def run(self) -> Converted:
        for column in self.table.columns:
            if not column.virtual:
                self._parse(column)
        if not self.table.suppress:
            for column in self.table.columns:
                self._triples(column)
            self._evidence()
        return self._result()

    # -- cells ---------------------------------------------------------------------------------

    def _parse(self, column: Column) -> None:
        """Text to lexical forms, noting each problem; null where a cell is empty or bad."""
        text = self._text(column)
        self.raw[column.name] = text
        empty = text.is_null()
        if column.required:
            self._note_rows("required-cell-empty", column, empty)
        row = None
        if column.separator:
            text, row = self._split(text, column)
        parsed = self._lexical(column, text, row)
        if column.required:
            self._mark(empty)
        self.cells[column.name] = _Cells(parsed, row)

    def _text(self, column: Column) -> pl.Series:
        """The cell text after white space, nulls and defaults (tabular-data-model §6.4)."""
        if column.name not in self.batch.cells.columns:
            missing = pl.Series([column.default], dtype=pl.String)
            return missing.new_from_index(0, self.size).alias(column.name)
        text = self.batch.cells[column.name]
        if not column.datatype.keeps_space and text.str.contains(r"\s").any():
            text = text.str.strip_chars().str.replace_all(r"\s+", " ")
        if not column.separator or "" in column.null:
            text = _null(text, column.null)
        return text.fill_null(column.default) if column.default else text

    def _split(self, text: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
        frame = pl.DataFrame({"row": pl.int_range(self.size, dtype=pl.UInt32, eager=True), "v": text})
        frame = frame.drop_nulls("v").with_columns(pl.col("v").str.split(column.separator or "|"))
        frame = frame.explode("v")
        if not column.datatype.keeps_space or column.value is not None:
            frame = frame.with_columns(pl.col("v").str.strip_chars())
        frame = frame.with_columns(_null(frame["v"], column.null).alias("v")).drop_nulls("v")
        return frame["v"], frame["row"]

    def _lexical(self, column: Column, text: pl.Series, row: pl.Series | None) -> pl.Series:
        exact = column.check is None and not column.must_exist
        fast = column.datatype.fast(text) if exact else None
        if fast is not None and fast.fill_null(True).all():
            return text
        slow = text if fast is None else pl.select(pl.when(~pl.lit(fast)).then(pl.lit(text))).to_series()
        errors: dict[str, CellError] = {}
        parse = _checked(column)

        def attempt(value: str) -> str | None:
            try:
                return parse(value)
            except CellError as error:
                errors[value] = error
                return None

        parsed = map_unique(slow, attempt)
        if errors:
            self._note_cells(column, slow, row, errors)
        if fast is None:
            return parsed
        return pl.select(pl.when(pl.lit(fast)).then(pl.lit(text)).otherwise(pl.lit(parsed))).to_series()

    def _note_cells(
        self, column: Column, text: pl.Series, row: pl.Series | None, errors: dict[str, CellError]
    ) -> None:
        index = pl.int_range(self.size, dtype=pl.UInt32, eager=True) if row is None else row
        hit = text.is_in(list(errors)).fill_null(False)
        for i, value in zip(index.filter(hit), text.filter(hit), strict=True):
            error = errors[value]
            details = {k: v for k, v in error.details.items() if k != "near"}
            near = _nearest(value, error.details.get("near", ()))
            self._note(error.code, column, i, value, **details, **near)
        self._mark(pl.int_range(self.size, dtype=pl.UInt32, eager=True).is_in(index.filter(hit).implode()))

    def _note(self, code: str, column: Column, index: int, value: str | None, **more: object) -> None:
        batch = self.batch
        self.problems.append(
            problem(
                code, dataset=batch.dataset, table=batch.file, row=batch.rows[index],
                line=batch.lines[index], column=column.name, value=value, **more,
            )  # type: ignore[arg-type]
        )  # fmt: skip

    def _note_rows(self, code: str, column: Column, where: pl.Series) -> None:
        for index in where.arg_true():
            self._note(code, column, index, self.batch.cells[column.name][index] if column.name in self.batch.cells.columns else None)
        self._mark(where)

    def _mark(self, where: pl.Series) -> None:
        self.bad = self.bad | where.fill_null(False)

    # -- triples -------------------------------------------------------------------------------

    def _triples(self, column: Column) -> None:
        subject = self._subject(column)
        if column.suppress:
            return
        objects, row = self._objects(column)
        if objects is None:
            return
        predicate = self._iris(column.property)
        if predicate.dtype == pl.String and column.property.constant is None:
            predicate = terms.iri(predicate)
        else:
            predicate = pl.Series([f"<{predicate[0]}>"]) if self.size else predicate
        if column.ordered and row is not None:
            self._emit_list(subject, predicate, objects, row)
        else:
            self._emit(subject, predicate, objects, row)
        if column.bounds:
            self._bounds(column, subject)
        if column.must_exist:
            self._reference(column, row)

    def _subject(self, column: Column) -> pl.Series:
        """`<iri>` of what the column's cells describe, null where it is not named."""
        key = column.about.text if column.about else ""
        if key not in self.subjects:
            iris = self._iris(column.about) if column.about else self._row_subject()
            if column.about:
                self._identify(column.about)
            self.subjects[key] = terms.iri(iris)
        return self.subjects[key]

    def _row_subject(self) -> pl.Series:
        """Without aboutUrl a row describes an entity of its own, named by its number."""
        number = self.batch.rows.cast(pl.String)
        return pl.select(pl.lit(self.batch.iri + "#entity=") + pl.lit(number)).to_series()

    def _identify(self, about: Template) -> None:
        """The table's own subject needs every cell it is named by."""
        if self.table.defaults.get("aboutUrl") is None:
            return
        for name in about.names:
            if name in self.cells and about.text == self._main_about():
                column = self.table.column(name)
                missing = self.cells[name].scalar(self.size).is_null() & ~self.bad
                self._note_rows("missing-identifier", column, missing)

    def _main_about(self) -> str:
        first = next((c.about for c in self.table.columns if c.about and not c.virtual), None)
        return first.text if first else ""

    def _iris(self, template: Template) -> pl.Series:
        """Absolute IRIs per row, null where a variable of the template is null."""
        iris = template.expand_column(self._variable, self.size, self.batch.iri)
        for name in template.names:
            known = self._variable(name).is_not_null()
            if not known.all():
                iris = pl.select(pl.when(pl.lit(known)).then(pl.lit(iris))).to_series()
        return iris

    def _variable(self, name: str) -> pl.Series:
        if name in self.cells:
            return self.cells[name].scalar(self.size)
        return self._special(name)

    def _special(self, name: str) -> pl.Series:
        if name == "_row":
            return self.batch.rows.cast(pl.String)
        if name == "_sourceRow":
            return self.batch.lines.cast(pl.String)
        return pl.Series([None], dtype=pl.String).new_from_index(0, self.size)

    def _objects(self, column: Column) -> tuple[pl.Series | None, pl.Series | None]:
        """N-Triples terms of a column's values, and the rows they belong to (None: one each)."""
        if column.virtual:
            if column.value is not None:
                return terms.iri(self._iris(column.value)), None
            if column.default is None:
                return None, None
            text = pl.Series([column.default]).new_from_index(0, self.size)
            return self._literals(column, text), None
        cells = self.cells[column.name]
        if column.value is None:
            return self._literals(column, cells.text), cells.row
        if cells.row is not None and column.name in column.value.names:
            iris = column.value.expand_column(
                lambda name: cells.text if name == column.name else self._variable(name).gather(cells.row),
                len(cells.text), self.batch.iri,
            )  # fmt: skip
            return terms.iri(iris), cells.row
        iris = self._iris(column.value)
        known = cells.scalar(self.size).is_not_null()
        return terms.iri(pl.select(pl.when(pl.lit(known)).then(pl.lit(iris))).to_series()), None

    def _literals(self, column: Column, text: pl.Series) -> pl.Series:
        datatype, lang = column.datatype, None
        if datatype.iri == XSD + "string":
            lang = column.lang
            return terms.literal(text, None, lang)
        return terms.literal(text, datatype.iri, None)

    def _emit(
        self, subject: pl.Series, predicate: pl.Series, objects: pl.Series, row: pl.Series | None
    ) -> None:
        """One quad per object, as one text per row (null where a row has none)."""
        graph = f" <{self.batch.iri}> .\n"
        if row is None:
            line = pl.lit(subject) + " " + pl.lit(predicate) + " " + pl.lit(objects) + graph
            self._add(pl.select(line).to_series())
            return
        predicates = predicate if len(predicate) == 1 else predicate.gather(row)
        line = pl.lit(subject.gather(row)) + " " + pl.lit(predicates) + " " + pl.lit(objects) + graph
        self._add(_regroup(pl.select(line).to_series(), row, self.size, ""))

    def _emit_list(
        self, subject: pl.Series, predicate: pl.Series, objects: pl.Series, row: pl.Series
    ) -> None:
        """An ordered list becomes an rdf:List; its nodes are named after the row and column."""
        graph = f" <{self.batch.iri}> .\n"
        texts: list[str | None] = [None] * self.size
        per_row = pl.DataFrame({"row": row, "o": objects}).group_by("row", maintain_order=True).agg("o")
        for index, items in per_row.iter_rows():
            prefix = f"{self.batch.iri}#list={self.batch.rows[index]}-{len(self.lines_out)}-"
            nodes = [f"<{prefix}{n}>" for n in range(len(items))] + [f"<{RDF}nil>"]
            name = predicate[0] if len(predicate) == 1 else predicate[index]
            text = f"{subject[index]} {name} {nodes[0]}{graph}"
            for n, item in enumerate(items):
                text += f"{nodes[n]} <{RDF}first> {item}{graph}{nodes[n]} <{RDF}rest> {nodes[n + 1]}{graph}"
            texts[index] = text
        self._add(pl.Series(texts, dtype=pl.String))

    def _bounds(self, column: Column, subject: pl.Series) -> None:
        """The first and last day that an EDTF cell can mean, as dates that queries can compare."""
        for which, iri in enumerate(column.bounds or ()):
            days = map_unique(self.cells[column.name].text, lambda text: _day(text, which))
            self._emit(subject, pl.Series([f"<{iri}>"]), terms.literal(days, XSD + "date", None), None)

    def _evidence(self) -> None:
        """The row itself, and which entities it was the source of."""
        batch = self.batch
        offset = batch.header_line if batch.header_line <= 1 else 1
        number = pl.lit((batch.rows + offset).cast(pl.String))
        row = pl.select(pl.lit(f"<{batch.iri}#row=") + number + ">").to_series()
        graph = f"<{batch.iri}> .\n"
        integer = f'"^^<{XSD}integer> {graph}'
        about = pl.lit(row)
        text = (
            about + f' {ROWNUM} "' + pl.lit(batch.rows.cast(pl.String)) + integer
            + about + f' <{GOV}line> "' + pl.lit(batch.lines.cast(pl.String)) + integer
            + about + f" <{GOV}inTable> <{batch.iri}> {graph}"
        )  # fmt: skip
        self._add(pl.select(text).to_series())
        for subject in self.subjects.values():
            line = pl.lit(subject) + f" {PROV_DERIVED} " + about + f" {graph}"
            self._add(pl.select(line).to_series())

    def _add(self, text: pl.Series) -> None:
        if len(text) == 1 and self.size > 1:
            text = text.new_from_index(0, self.size)
        self.lines_out.append(text)

    # -- keys ----------------------------------------------------------------------------------

    def _reference(self, column: Column, row: pl.Series | None) -> None:
        """Remember the IRIs that a column points at, for the check across tables."""
        cells = self.cells[column.name]
        index = pl.int_range(self.size, dtype=pl.UInt32, eager=True) if row is None else row
        assert column.value is not None
        iris = column.value.expand_column(
            lambda name: cells.text if name == column.name else self._variable(name).gather(index),
            len(cells.text), self.batch.iri,
        )  # fmt: skip
        self.references.append(
            pl.DataFrame(
                {
                    "row": self.batch.rows.gather(index),
                    "line": self.batch.lines.gather(index),
                    "column": pl.Series([column.name]).new_from_index(0, len(index)),
                    "value": cells.text,
                    "iri": iris,
                }
            ).drop_nulls("value")
        )

    def _keys(self, names: tuple[str, ...]) -> pl.DataFrame:
        """(row, line, key) for a primary key or a foreign key; list cells give one key an item."""
        rows, lines = self.batch.rows, self.batch.lines
        if len(names) == 1 and self.cells[names[0]].row is not None:
            cells = self.cells[names[0]]
            frame = {"row": rows.gather(cells.row), "line": lines.gather(cells.row), "key": cells.text}
        else:
            parts = [pl.lit(self.cells[name].scalar(self.size)) for name in names]
            key = pl.select(pl.concat_str(parts, separator=KEY_SEPARATOR)).to_series()
            frame = {"row": rows, "line": lines, "key": key}
        return pl.DataFrame(frame).drop_nulls("key")

    def _result(self) -> Converted:
        batch, table = self.batch, self.table
        wanted = {table.primary_key, *(key.columns for key in table.foreign_keys)} - {()}
        text = self._row_text()
        good = ~self.bad
        subjects = [pl.DataFrame({"row": batch.rows, "iri": s.str.strip_chars("<>")}) for s in self.subjects.values()]
        return Converted(
            rows=batch.rows.filter(good),
            lines=batch.lines.filter(good),
            text=text.filter(good),
            problems=[*batch.problems, *self.problems],
            read=batch.read,
            rejected=batch.rows.filter(self.bad),
            keys={names: self._keys(names) for names in wanted if self._has(names)},
            references=pl.concat(self.references) if self.references else pl.DataFrame(),
            subjects=pl.concat(subjects).drop_nulls() if subjects else pl.DataFrame(),
        )

    def _has(self, names: tuple[str, ...]) -> bool:
        return all(name in self.cells for name in names)

    def _row_text(self) -> pl.Series:
        if not self.lines_out or not self.size:
            return pl.Series([""], dtype=pl.String).new_from_index(0, self.size)
        parts = [pl.lit(part) for part in self.lines_out]
        return pl.select(pl.concat_str(parts, ignore_nulls=True)).to_series()


def _null(text: pl.Series, nulls: tuple[str, ...]) -> pl.Series:
    return pl.select(pl.when(~pl.lit(text).is_in(list(nulls))).then(pl.lit(text))).to_series().alias(text.name)


def _checked(column: Column) -> Callable[[str], str]:
    """The datatype's parser with the column's own check, and references in encoded form."""
    parse = column.datatype.parse
    check = CHECKS[column.check] if column.check else None

    def both(text: str) -> str:
        lexical = parse(text)
        if check:
            check(lexical)
        return _reference_path(lexical) if column.must_exist else lexical

    return both


def _reference_path(text: str) -> str:
    """`type/key` with the key encoded as `{id}` encodes it, so that both give one IRI."""
    kind, slash, key = text.partition("/")
    return kind + slash + encode(key)


def _nearest(value: str, allowed: object) -> dict[str, str]:
    near = difflib.get_close_matches(value, list(allowed), n=1) if isinstance(allowed, tuple) else []
    return {"hint": f"; did you mean {near[0]}?", "hint_zh": f",是否想写 {near[0]}?"} if near else {}


def _day(text: str, which: int) -> str | None:
    day = edtf.bounds(text)[which]
    return day.isoformat() if day else None


def _regroup(text: pl.Series, row: pl.Series, length: int, separator: str) -> pl.Series:
    """Join the entries of each row; null for a row without any."""
    joined = (
        pl.DataFrame({"row": row, "text": text}).drop_nulls().group_by("row", maintain_order=True)
        .agg(pl.col("text").str.join(separator))
    )  # fmt: skip
    rows = pl.int_range(length, dtype=pl.UInt32, eager=True).to_frame("row")
    return rows.join(joined, on="row", how="left", maintain_order="left")["text"]
