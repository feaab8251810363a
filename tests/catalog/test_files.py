"""Files that people open: text that a spreadsheet would take for a formula stays text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl

from govgraph.catalog.entry import Column, Entry
from govgraph.catalog.files import written
from govgraph.catalog.run import Result
from govgraph.http.state import Opened

HOSTILE = ["=1+1", "+1", "-1", "@x", "\tx", "a=b"]
ENTRY = Entry("e", "t", Path("e"), "题", "E", "说明", "About.", (Column("x", "string", "甲", "x"),))
RESULT = Result(ENTRY, {}, pl.DataFrame({"x": HOSTILE}))


def test_csv_quotes_what_would_be_a_formula(shipped: Opened) -> None:
    text = written(shipped.context, RESULT, "csv", "r").decode("utf-8-sig")
    assert text.splitlines() == ["x", "'=1+1", "'+1", "'-1", "'@x", "'\tx", "a=b"]


def test_xlsx_has_no_formula_and_parquet_the_plain_texts(shipped: Opened) -> None:
    book = zipfile.ZipFile(io.BytesIO(written(shipped.context, RESULT, "xlsx", "r")))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert b"=1+1" in book.read("xl/sharedStrings.xml")
    table = pl.read_parquet(written(shipped.context, RESULT, "parquet", "r"))
    assert table["x"].to_list() == HOSTILE
