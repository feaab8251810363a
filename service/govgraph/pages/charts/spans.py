"""Time lines of answers whose dates are days, EDTF texts or ready-made certain and possible days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from govgraph.catalog.run import Result
from govgraph.pages.charts.names import in_language, naming, row_name, word
from govgraph.pages.page import Page
from govgraph.pages.timeline import Timeline, timeline
from govgraph_loaders import edtf

#: Rows that are looked at; a time line shows fewer.
_READ = 500
_DAYS = ("possible_from", "certain_from", "certain_to", "possible_to")
Days = tuple[date | None, date | None]


def spans(page: Page, result: Result, hint: Mapping[str, str]) -> Timeline | None:
    """A bar for each row from `start` to `end`; a moment where the hint has no `end`. `series` says
    what kind a row is."""
    label = in_language(page, result, hint["label"])
    if of := hint.get("of"):
        hint = {**hint, "of": in_language(page, result, of)}
    frame = result.frame.head(_READ)
    if hint["start"] not in _DAYS:
        frame = frame.with_columns(_days(frame, hint))
    if kind := hint.get("series"):
        frame = frame.with_columns(pl.col(kind).str.replace("cannot be told", "open").alias("kind"))
    line = timeline(page, replace(result, frame=frame), label)
    if line is None:
        return None
    names = _names(page, result, _drawn(frame).head(len(line.bars)), label, hint)
    bars = tuple(replace(bar, label=text) for bar, text in zip(line.bars, names, strict=True))
    return replace(line, bars=bars, left_out=line.left_out + result.frame.height - frame.height)


def _drawn(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that have a bar: not those without a day, nor overlaps, which are bands."""
    dated = frame.filter(pl.any_horizontal(pl.col("possible_from", "possible_to").is_not_null()))
    if "kind" not in dated.columns:
        return dated
    return dated.filter(pl.col("kind").ne_missing(pl.lit("overlap")))


def _names(
    page: Page, result: Result, shown: pl.DataFrame, label: str, hint: Mapping[str, str]
) -> list[str]:
    """What bars are called; one that is of a kind says so, colours only help. A gap has no name."""
    name, kind, of = naming(page, result, shown), hint.get("series"), hint.get("of", label)
    found = []
    for row in shown.iter_rows(named=True):
        known = row[label] is not None or row[of] is not None
        parts = [
            row_name(name, row, label, hint) if known else "",
            word(page, row[kind]) if kind else "",
        ]
        found.append(" · ".join(filter(None, parts)))
    return found


def _days(frame: pl.DataFrame, hint: Mapping[str, str]) -> list[pl.Series]:
    """The four columns of days of a time line."""
    start, end = frame[hint["start"]], frame[hint["end"]] if "end" in hint else None
    if end is None:
        found = [_moment(_bounds(one)) for one in start]
    else:
        found = [_span(one, other) for one, other in zip(start, end, strict=True)]
    return [pl.Series(name, days, pl.Date) for name, days in _columns(found)]


def _columns(rows: Iterable[tuple[date | None, ...]]) -> Iterable[tuple[str, list[date | None]]]:
    rows = list(rows)
    return ((name, [row[place] for row in rows]) for place, name in enumerate(_DAYS))


def _moment(days: Days) -> tuple[date | None, ...]:
    """Some day between two; certain if they are one."""
    sure = days if days[0] == days[1] else (None, None)
    return days[0], *sure, days[1]


def _span(start: Any, end: Any) -> tuple[date | None, ...]:
    """From a start to an end. One that goes on is certain to the edge; one whose end nobody has
    recorded is certain on its first day only."""
    first, sure_from = _bounds(start)
    sure_to, last = _bounds(end)
    if end is None and not isinstance(start, date):
        sure_to = sure_from
    return first, sure_from, sure_to, last


def _bounds(value: Any) -> Days:
    """The first and the last day that a value can mean; a text that is no date means none."""
    if value is None or isinstance(value, date):
        return value, value
    try:
        return edtf.bounds(value)
    except ValueError:
        return None, None
