"""What the values of a column are called in a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from govgraph.catalog.entry import Column
from govgraph.catalog.present import labels
from govgraph.catalog.run import Result
from govgraph.pages.dates import worded
from govgraph.pages.page import Page
from govgraph.pages.results import short
from govgraph.pages.terms import borrowed
from govgraph.pages.words import texts

Naming = Callable[[str, Any], str]


def naming(page: Page, result: Result, frame: pl.DataFrame, *codes: str) -> Naming:
    """A function of a column's name and a value of it in `frame`, which has some of the answer's
    rows and columns. Columns of `codes`, such as units, are as they are written."""
    assert page.opened is not None
    types = {column.name: column.type for column in result.entry.columns}
    entities = [name for name in frame.columns if types.get(name) == "entity"]
    iris = {iri for name in entities for iri in frame[name].drop_nulls().unique()}
    known = labels(page.opened.engine, iris)
    ours = bool(result.entry.function)  # a program's sentences, with dates

    def name(column: str, value: Any) -> str:
        if value is None:
            return page.t("values.not-recorded")
        if types[column] == "list":
            return page.t("compare.joint").join(map(str, value))
        if types[column] in ("entity", "iri"):
            return page.plain(known.get(value) or borrowed(value), short(page, value))
        if ours and column.endswith(("_zh", "_en")):
            return worded(str(value), page.language)
        return str(value) if column in codes else word(page, value)

    return name


def row_name(name: Naming, row: Mapping[str, Any], column: str, hint: Mapping[str, str]) -> str:
    """What a row is called: by a column, and by those that the hint names as `of` and `and`."""
    columns = (column, hint.get("of"), hint.get("and"))
    parts = [each for each in columns if each and row[each] is not None]
    return " · ".join(name(each, row[each]) for each in parts or [column])


def word(page: Page, value: Any) -> str:
    """A value in the page's words, if it is one of ours."""
    key = f"values.{str(value).replace(' ', '-')}"
    return page.t(key) if key in texts() else str(value)


def in_language(page: Page, result: Result, column: str) -> str:
    """The column, or its twin in the page's language, as `item_en` is of `item_zh`."""
    twin = column.removesuffix("_zh").removesuffix("_en") + f"_{page.language}"
    return twin if _column(result, twin) else column


def title(page: Page, result: Result, name: str) -> str:
    """The heading of a column."""
    column = _column(result, name)
    assert column is not None
    return column.zh if page.language == "zh" else column.en


def _column(result: Result, name: str) -> Column | None:
    return next((each for each in result.entry.columns if each.name == name), None)
