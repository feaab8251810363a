"""A matrix: two columns of an answer across and down, a third one in the cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from govgraph.catalog.run import Result
from govgraph.pages.charts.names import in_language, naming, title, word
from govgraph.pages.page import Page

#: Columns and rows that are drawn.
ACROSS, DOWN = 24, 60
_STATES = ("sourced", "unsourced", "unknown", "absent", "notApplicable")
_SHADES = 4


@dataclass(frozen=True)
class Cell:
    """A state, or a number with its shade from 0 to 4; neither if the answer has no such row."""

    said: str
    state: str | None = None
    shade: int = 0


@dataclass(frozen=True)
class Grid:
    """Headings across and down with the cells; `left_out` rows and columns are not drawn."""

    corner: str
    across: Sequence[str]
    down: Sequence[tuple[str, Sequence[Cell]]]
    left_out: int


def grid(page: Page, result: Result, hint: Mapping[str, str]) -> Grid:
    """The value of each pair of `x` and `y`; numbers of several rows are summed up."""
    x, y, value = hint["x"], in_language(page, result, hint["y"]), hint["value"]
    xs, ys = (result.frame[name].unique(maintain_order=True) for name in (x, y))
    shown = result.frame.filter(
        pl.col(x).is_in(xs.head(ACROSS).implode(), nulls_equal=True),
        pl.col(y).is_in(ys.head(DOWN).implode(), nulls_equal=True),
    )
    name = naming(page, result, shown)
    found = _values(shown.select(x, y, value).iter_rows())
    most = max((abs(n) for n in found.values() if isinstance(n, float)), default=0.0)
    down = [
        (name(y, row), [_cell(page, found.get((column, row)), most) for column in xs.head(ACROSS)])
        for row in ys.head(DOWN)
    ]
    across = [name(x, column) for column in xs.head(ACROSS)]
    left_out = max(0, len(xs) - ACROSS) + max(0, len(ys) - DOWN)
    return Grid(title(page, result, y), across, down, left_out)


def _values(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, Any], Any]:
    found: dict[tuple[Any, Any], Any] = {}
    for x, y, value in rows:
        if value is None or isinstance(value, str):
            found.setdefault((x, y), value)
        else:
            found[x, y] = (found.get((x, y)) or 0.0) + float(value)
    return found


def _cell(page: Page, value: Any, most: float) -> Cell:
    if value is None:
        return Cell("—")
    if isinstance(value, float):
        shade = round(abs(value) / most * _SHADES) if most else 0
        return Cell(page.number(int(value) if value.is_integer() else round(value, 3)), None, shade)
    if value in _STATES:
        return Cell(page.t(f"states.{value}"), value)
    return Cell(word(page, value))
