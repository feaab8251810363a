"""The cells of a batch: text to lexical forms, each problem noted at its cell.

Source: https://www.w3.org/TR/tabular-data-model/ §6.4, parsing cells.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from govgraph_loaders.batch import Batch
from govgraph_loaders.checks import CHECKS
from govgraph_loaders.datatypes import VERBATIM
from govgraph_loaders.problems import CellError, Problem, near_hint, problem
from govgraph_loaders.table import Column
from govgraph_loaders.uri import encode, map_unique

_SPACE = "[ \t\r\n]+"


@dataclass(frozen=True)
class Cells:
    """A parsed column, one entry per value: `text` is the lexical form, null where the cell is
    empty or bad, and entry i belongs to row `row[i]` of the batch. `row` None: the column has no
    separator and entry i belongs to row i. `given`: which rows have any value, good or bad.
    `bad`: to the letter of the standard a bad cell keeps its text as a string; these do so."""

    text: pl.Series
    row: pl.Series | None
    given: pl.Series
    bad: pl.Series | None = None

    def scalar(self) -> pl.Series:
        """One string per row, list items joined as RFC 6570 joins them."""
        if self.row is None:
            return self.text
        return regroup(self.text, self.row, len(self.given), ",")

    def listed(self) -> pl.Series:
        """One string per row, or one list of strings where the column has a separator."""
        if self.row is None:
            return self.text
        entries = pl.DataFrame({"row": self.row, "text": self.text}).drop_nulls()
        lists = entries.group_by("row", maintain_order=True).agg("text")
        rows = indexes(len(self.given)).to_frame("row")
        return rows.join(lists, on="row", how="left", maintain_order="left")["text"]

    def rows(self) -> pl.Series:
        """The row that each entry belongs to."""
        return indexes(len(self.text)) if self.row is None else self.row


class CellReader:
    """Parses the columns of a batch. `bad` marks the rows that have an error."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.size = batch, len(batch.rows)
        self.problems: list[Problem] = []
        self.bad = pl.repeat(False, self.size, dtype=pl.Boolean, eager=True)

    def read(self, column: Column) -> Cells:
        """Text to lexical forms, noting each problem."""
        text = self._text(column)
        row = None
        if column.separator:
            text, row = self._split(text, column)
            given = indexes(self.size).is_in(row.implode())
        else:
            given = text.is_not_null()
        if column.required:
            blank = ~given if row is not None else ~given | (text == "").fill_null(False)
            self.note_rows("required-cell-empty", column.name, blank)
        lexical = self._lexical(column, text, row)
        if not self.batch.table.to_the_letter:
            return Cells(lexical, row, given)
        return Cells(lexical.fill_null(text), row, given, lexical.is_null() & text.is_not_null())

    def note_rows(self, code: str, column: str, where: pl.Series) -> None:
        """One problem for each row where the mask is true; these rows are bad."""
        written = self._written(column)
        for index in where.arg_true():
            self._note(code, column, index, written[index])
        self.bad = self.bad | where

    def _written(self, column: str) -> pl.Series:
        """A column as it stands in the file."""
        if column in self.batch.cells.columns:
            return self.batch.cells[column]
        return pl.repeat(None, self.size, dtype=pl.String, eager=True)

    def _text(self, column: Column) -> pl.Series:
        """The cell text after white space, default and null values (§6.4 steps 1 to 7)."""
        text = self._written(column.name).fill_null("")
        base = column.datatype.base
        if base not in VERBATIM and text.str.contains("[ \t\r\n]").any():
            text = text.str.strip_chars(" \t\r\n")
            pattern = "[\t\r\n]" if base == "normalizedString" else _SPACE
            text = text.str.replace_all(pattern, " ")
        return _settle(text, column)

    def _split(self, text: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
        """The items of list cells, and the row of each."""
        frame = pl.DataFrame({"row": indexes(self.size), "item": text}).drop_nulls("item")
        frame = frame.filter(pl.col("item") != "")
        items = pl.col("item").str.split(column.separator or "")
        frame = frame.with_columns(items).explode("item")
        if column.datatype.base not in VERBATIM or column.value is not None:
            frame = frame.with_columns(pl.col("item").str.strip_chars(" \t\r\n"))
        frame = frame.with_columns(_settle(frame["item"], column)).drop_nulls("item")
        return frame["item"], frame["row"]

    def _lexical(self, column: Column, text: pl.Series, row: pl.Series | None) -> pl.Series:
        """Lexical forms: at once where the fast test holds, else value by value."""
        exact = column.check is None and not column.must_exist
        fast = column.datatype.fast(text) if exact else None
        if fast is None:
            return self._scalar(column, text, row)
        if fast.fill_null(True).all():
            return text
        slow = pl.select(pl.when(~pl.lit(fast)).then(pl.lit(text))).to_series()
        parsed = self._scalar(column, slow, row)
        return pl.select(pl.when(pl.lit(fast)).then(pl.lit(text)).otherwise(parsed)).to_series()

    def _scalar(self, column: Column, text: pl.Series, row: pl.Series | None) -> pl.Series:
        errors: dict[str, CellError] = {}
        parse = _parser(column)

        def attempt(value: str) -> str | None:
            try:
                return parse(value)
            except CellError as error:
                errors[value] = error
                return None

        parsed = map_unique(text, attempt)
        if errors:
            self._note_errors(column, text, row, errors)
        return parsed

    def _note_errors(
        self, column: Column, text: pl.Series, row: pl.Series | None, errors: dict[str, CellError]
    ) -> None:
        details = {value: _details(value, error) for value, error in errors.items()}
        hit = text.is_in([*errors])
        index = (indexes(self.size) if row is None else row).filter(hit)
        for i, value in zip(index, text.filter(hit), strict=True):
            self._note(errors[value].code, column.name, i, value, **details[value])
        self.bad = self.bad | indexes(self.size).is_in(index.implode())

    def _note(self, code: str, column: str, index: int, value: str | None, **details: Any) -> None:
        batch = self.batch
        where = {"row": batch.rows[index], "line": batch.lines[index], "column": column}
        self.problems.append(
            problem(code, dataset=batch.dataset, table=batch.file, value=value, **where, **details)
        )


def indexes(length: int) -> pl.Series:
    """0, 1, 2 … as row indexes."""
    return pl.int_range(length, dtype=pl.UInt32, eager=True)


def regroup(text: pl.Series, row: pl.Series, length: int, separator: str) -> pl.Series:
    """Join the entries of each row; null for a row without any."""
    entries = pl.DataFrame({"row": row, "text": text}).drop_nulls()
    joined = entries.group_by("row", maintain_order=True).agg(pl.col("text").str.join(separator))
    rows = indexes(length).to_frame("row")
    return rows.join(joined, on="row", how="left", maintain_order="left")["text"]


def _settle(text: pl.Series, column: Column) -> pl.Series:
    """The default for an empty string, then null for what stands for it."""
    if column.default:
        text = text.replace("", column.default)
    null = ("", *column.null) if column.separator else column.null
    if not null:
        return text
    stands_for_it = text == null[0] if len(set(null)) == 1 else text.is_in([*null])
    if not stands_for_it.any():
        return text
    return pl.select(pl.when(~pl.lit(stands_for_it)).then(pl.lit(text))).to_series()


def _parser(column: Column) -> Callable[[str], str]:
    """The datatype's parser with the column's own check, and references in encoded form."""
    check = CHECKS[column.check] if column.check else None

    def parse(text: str) -> str:
        lexical = column.datatype.parse(text)
        if check:
            check(lexical)
        return _reference_path(lexical) if column.must_exist else lexical

    return parse


def _reference_path(text: str) -> str:
    """`type/key` with the key encoded as `{id}` encodes it, so that both give one IRI."""
    kind, slash, key = text.partition("/")
    return kind + slash + encode(key)


def _details(value: str, error: CellError) -> dict[str, Any]:
    """An error's details for its message, with the nearest allowed value."""
    allowed = error.details.get("near", ())
    near = difflib.get_close_matches(value, allowed, n=1) if isinstance(allowed, tuple) else []
    return {k: v for k, v in error.details.items() if k != "near"} | near_hint(near)
