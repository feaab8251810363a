"""Bars: what is known is full, what is possible between two bounds is hatched, what is not known
says so and has no bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from govgraph.catalog.run import Result
from govgraph.pages.charts.names import Naming, naming, row_name, title
from govgraph.pages.page import Page

#: Bars that are drawn; the table has all rows.
MOST = 60
#: Height of a row, its name above its bar, in pixels.
ROW = 40
#: Per cent of the width that bars take at most; beyond is room for their numbers.
_WIDE = 80.0
Span = tuple[float, float]


@dataclass(frozen=True)
class Bar:
    """A row: `full` and `possible` are (begin, width) in per cent of the width, `end` is where what
    is `said` of it stands."""

    name: str
    said: str
    full: Span | None
    possible: Span | None
    end: float
    y: int


@dataclass(frozen=True)
class Panel:
    """Bars of one scale, with what they have in common; `zero` is where they begin."""

    title: str
    bars: Sequence[Bar]
    zero: float

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


@dataclass(frozen=True)
class Bars:
    """All panels; `measure` is what the bars show, `left_out` rows are not drawn."""

    measure: str
    panels: Sequence[Panel]
    left_out: int


@dataclass(frozen=True)
class _Row:
    """A row's name and numbers; `lower` and `upper` are bounds where there is no value."""

    name: str
    group: str
    value: float | None
    lower: float | None
    upper: float | None

    @property
    def numbers(self) -> Iterable[float]:
        return (n for n in (self.value, self.lower, self.upper) if n is not None)


def bars(page: Page, result: Result, hint: Mapping[str, str]) -> Bars:
    """A bar for each row. Rows that differ in `series` are apart under one scale, those that differ
    in `unit`, as in currency, under a scale of their own."""
    frame = result.frame.head(MOST)
    name = naming(page, result, frame, hint.get("unit", ""))
    apart = hint.get("unit") or hint.get("series")
    rows = [_row(row, name, hint, apart) for row in frame.iter_rows(named=True)]
    rows.sort(key=lambda row: row.group)
    found = [(group, list(members)) for group, members in groupby(rows, lambda row: row.group)]
    whole = _limits(rows)
    panels = [
        _panel(page, group, members, _limits(members) if "unit" in hint else whole)
        for group, members in found
    ]
    return Bars(title(page, result, hint["y"]), panels, result.frame.height - frame.height)


def _row(row: Mapping[str, Any], name: Naming, hint: Mapping[str, str], apart: str | None) -> _Row:
    """Where a value has two bounds they are drawn: of about 80,000 only the upper one is known."""
    value, lower, upper = (_number(row.get(hint.get(key, ""))) for key in ("y", "lower", "upper"))
    if lower != upper:
        value = None
    group = name(apart, row[apart]) if apart else ""
    return _Row(row_name(name, row, hint["x"], hint), group, value, lower, upper)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _limits(rows: Iterable[_Row]) -> Span:
    """The least and the greatest number, zero among them."""
    numbers = [0.0, *(number for row in rows for number in row.numbers)]
    return min(numbers), max(numbers)


def _panel(page: Page, group: str, rows: Sequence[_Row], limits: Span) -> Panel:
    least, greatest = limits
    scale = _WIDE / ((greatest - least) or 1.0)

    def place(number: float) -> float:
        return round((number - least) * scale, 2)

    drawn = [_bar(page, row, place, place(greatest), n) for n, row in enumerate(rows)]
    return Panel(group, drawn, place(0.0))


def _bar(page: Page, row: _Row, place: Callable[[float], float], edge: float, number: int) -> Bar:
    """Full up to the value or the lower bound; hatched from there to the upper one, or to the edge
    if there is none."""
    zero, y = place(0.0), ROW * number
    value = row.value if row.value is not None else row.lower
    full = None if value is None else _span(zero, place(value))
    if row.value is not None or (row.lower is None and row.upper is None):
        return Bar(row.name, _said(page, row), full, None, full[0] + full[1] if full else zero, y)
    begin = zero if row.lower is None else place(row.lower)
    possible = _span(begin, edge if row.upper is None else place(row.upper))
    return Bar(row.name, _said(page, row), full, possible, possible[0] + possible[1], y)


def _span(one: float, other: float) -> Span:
    return min(one, other), max(abs(one - other), 0.2)


def _said(page: Page, row: _Row) -> str:
    """The number in words: a value, bounds, or that nothing is recorded."""
    if row.value is not None:
        return page.number(_plain(row.value))
    lower, upper = (None if n is None else page.number(_plain(n)) for n in (row.lower, row.upper))
    if lower is None and upper is None:
        return page.t("values.not-recorded")
    if upper is None:
        return page.t("charts.at-least", lower=lower)
    if lower is None:
        return page.t("charts.at-most", upper=upper)
    return page.t("charts.between", lower=lower, upper=upper)


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() else round(number, 3)
