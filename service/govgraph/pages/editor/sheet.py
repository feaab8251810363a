"""The rows of a query as a spreadsheet, with a page that says what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from pyoxigraph import Literal, NamedNode

from govgraph.catalog.files import SHEET_ROWS, workbook
from govgraph.errors import GovgraphError
from govgraph.pages.editor.asked import LARGEST_SHEET, solutions
from govgraph.pages.editor.rows import Term, is_number
from govgraph.pages.page import Page


def written(page: Page, text: str) -> bytes:
    """The workbook: numbers as numbers, entities as IRIs.

    GovgraphError(not-acceptable) for a query that has no rows, (answer-too-large, too-many-rows)."""
    found = solutions(page, text, LARGEST_SHEET)
    if found is None:
        raise GovgraphError("answer-too-large", limit=LARGEST_SHEET, offered="csv, json")
    names = [variable.value for variable in found.variables]
    rows = [[_value(row[name]) for name in names] for row in found]
    if len(rows) >= SHEET_ROWS:
        raise GovgraphError("too-many-rows", limit=SHEET_ROWS - 1, offered="csv, json")
    return workbook([names, *rows], _codebook(page, text))


def _codebook(page: Page, text: str) -> Iterable[tuple[Any, ...]]:
    yield "query", text
    yield "release", page.release
    yield "permalink", page.origin + page.to("/query", q=text, release=page.release)


def _value(term: Term | None) -> str | int | float | None:
    if term is None:
        return None
    if is_number(term):
        return _number(term.value)  # type: ignore[union-attr]
    return term.value if isinstance(term, Literal | NamedNode) else str(term)


def _number(text: str) -> int | float | str:
    """Numbers that a sheet can hold; others as they are written."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or len(number.as_tuple().digits) > 15:
        return text
    return int(number) if number == number.to_integral_value() else float(number)
