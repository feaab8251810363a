"""Answers as files: CSV for people, XLSX with a codebook, Parquet."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import xlsxwriter

from govgraph.catalog.present import flat
from govgraph.catalog.run import Result
from govgraph.errors import GovgraphError
from govgraph.lookup.entities import Context

#: What a spreadsheet would take for a formula at the beginning of a cell.
_FORMULA = r"^[=+\-@\t\r]"
#: Rows that a sheet can have, its heading included.
SHEET_ROWS = 1_048_576
_SHEET_CELL = 32_767
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def written(context: Context, result: Result, kind: str, release: str) -> bytes:
    """An answer as a file of a kind in MEDIA."""
    return _WRITERS[kind](flat(context, result), result, release)


def _csv(table: pl.DataFrame, result: Result, release: str) -> bytes:  # noqa: ARG001
    """UTF-8 with a mark that spreadsheets need to see it; text that would be a formula is quoted
    by an apostrophe."""
    texts = [
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, dtype in table.schema.items()
        if dtype == pl.String
    ]
    return table.with_columns(texts).write_csv(include_bom=True).encode()


def _parquet(table: pl.DataFrame, result: Result, release: str) -> bytes:
    """Texts, days, numbers in their types; the query, its parameters and the release as metadata."""
    buffer = io.BytesIO()
    said = {"govgraph": f"{result.entry.name} {dict(result.given)} {release}"}
    table.write_parquet(buffer, metadata=said)
    return buffer.getvalue()


def _xlsx(table: pl.DataFrame, result: Result, release: str) -> bytes:
    """A sheet of rows and a codebook: what the columns mean, what was asked, what it rests on."""
    if table.height >= SHEET_ROWS:
        raise GovgraphError("too-many-rows", limit=SHEET_ROWS - 1, offered="csv, parquet")
    return workbook([table.columns, *table.iter_rows()], _codebook(result, release))


def workbook(rows: Iterable[Iterable[Any]], codebook: Iterable[Iterable[Any]]) -> bytes:
    """A sheet of rows, the first of them headings, and one that says what they are."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("rows")
        sheet.freeze_panes(1, 0)
        _fill(sheet, rows, bold, day)
        _fill(book.add_worksheet("codebook"), codebook, bold, day)
    return buffer.getvalue()


def _fill(sheet: Any, rows: Iterable[Iterable[Any]], bold: Any, day: Any) -> None:
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(number, place, value)
            elif isinstance(value, int | float | Decimal):
                sheet.write_number(number, place, value)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif value is not None:
                style = bold if number == 0 else None
                sheet.write_string(number, place, str(value)[:_SHEET_CELL], style)


def _codebook(result: Result, release: str) -> Iterable[tuple[Any, ...]]:
    entry = result.entry
    yield "column", "列", "meaning", "type", "unit"
    for column in entry.shown:
        yield column.name, column.zh, column.en, column.type, column.unit
        if column.type == "entity":
            yield (
                f"{column.name}_zh",
                f"{column.zh}(中文名称)",
                f"{column.en} (Chinese label)",
                "string",
            )
            yield (
                f"{column.name}_en",
                f"{column.zh}(英文名称)",
                f"{column.en} (English label)",
                "string",
            )
    yield ()
    yield "query", entry.title_zh, entry.title_en, entry.name
    yield "", entry.description_zh, entry.description_en
    for name, texts in result.given.items():
        yield "parameter", name, ", ".join(texts)
    for said in result.coverage:
        yield "coverage", said.zh, said.en
    yield "release", release


_WRITERS: Mapping[str, Callable[[pl.DataFrame, Result, str], bytes]] = {
    "csv": _csv, "xlsx": _xlsx, "parquet": _parquet,
}  # fmt: skip
