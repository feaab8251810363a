"""Time lines: what is certain is a bar, what is possible is hatched, gaps are dotted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from govgraph.catalog.present import of_frame
from govgraph.catalog.run import Result
from govgraph.pages.page import Page
from govgraph.pages.results import short

#: Bars that are drawn; a table shows the rest.
MOST = 60
#: Height of a row, of the years above and of the name below, in pixels; names stand above their bars.
ROW, HEAD, FOOT = 40, 26, 18
_YEARS = 12
_YEAR = 365.2425


@dataclass(frozen=True)
class Bar:
    """A row, its ends in per cent of the width. `sure` is the part that holds in every reading of
    the dates, None if there is none; `days` is how long a gap lasts, None if that is not certain; an
    `open` one has no end."""

    label: str
    href: str | None
    kind: str
    x: float
    width: float
    sure: tuple[float, float] | None
    y: int
    start: bool
    days: int | None = None
    open: bool = False


@dataclass(frozen=True)
class Timeline:
    """Years as (name, per cent) and bars; `now` is the time that the reader looks at, `bands` are
    when certainly two bars hold at once, as (per cent, width)."""

    years: tuple[tuple[int, float], ...]
    bars: tuple[Bar, ...]
    now: tuple[float, str] | None
    undated: int
    left_out: int
    bands: tuple[tuple[float, float], ...] = ()

    @property
    def height(self) -> int:
        """The name of the reader's time has a line of its own below the bars."""
        return self.foot + (FOOT if self.now else 0)

    @property
    def foot(self) -> int:
        return HEAD + ROW * len(self.bars)


def timeline(page: Page, result: Result, label: str) -> Timeline | None:
    """The rows of an answer that have possible and certain days, named by the column `label`, or by
    several; None if none has a day."""
    assert page.opened is not None
    frame = result.frame
    if "possible_from" not in frame.columns:
        return None
    rows = list(frame.iter_rows(named=True))
    # what overlaps is a band behind the bars
    alone = [row for row in rows if row.get("kind") != "overlap"]
    dated = [row for row in alone if row["possible_from"] or row["possible_to"]]
    if not dated:
        return None
    names = of_frame(page.opened.context, result.entry, frame)
    first, last = _limits(dated)
    at = page.asked.at if page.asked else None
    bars = [
        _bar(page, row, label, names, first, last, number)
        for number, row in enumerate(dated[:MOST])
    ]
    now = (
        (_percent(at.first, first, last), page.date(at.text))
        if at and first <= at.first <= last
        else None
    )
    bands = _bands(dated, first, last) if "kind" in frame.columns else ()
    undated, left_out = len(alone) - len(dated), len(dated) - len(bars)
    years = tuple(_years(first, last))
    return Timeline(years, tuple(bars), now, undated, left_out, tuple(bands))


def _bands(
    rows: Iterable[Mapping[str, Any]], first: date, last: date
) -> Iterable[tuple[float, float]]:
    """When two or more posts are certainly held at once."""
    changes: Counter[date] = Counter()
    for row in rows:
        if row["kind"] in _HELD and row["certain_from"]:
            changes[row["certain_from"]] += 1
            changes[min(row["certain_to"] or last, last) + _DAY] -= 1
    held, since = 0, None
    for day, change in sorted(changes.items()):
        held += change
        if held > 1 and since is None:
            since = day
        elif held < 2 and since is not None:
            left = _percent(since, first, last)
            yield round(left, 2), round(_percent(day, first, last) - left, 2)
            since = None


def _limits(rows: Iterable[Mapping[str, Any]]) -> tuple[date, date]:
    """From the beginning of the first year to the end of the last; what is open runs a year on."""
    days = [day for row in rows for name in _DAYS if (day := row[name])]
    open_end = any(row["possible_to"] is None for row in rows)
    last = max(days).year + (1 if open_end else 0)
    return date(max(min(days).year, 1), 1, 1), date(min(last, 9999), 12, 31)


#: Rows that are holdings of posts.
_HELD = ("held", "post")
_DAYS = ("possible_from", "certain_from", "certain_to", "possible_to")


def _bar(
    page: Page,
    row: Mapping[str, Any],
    label: str,
    names: Mapping[str, Any],
    first: date,
    last: date,
    number: int,
) -> Bar:
    begin, end = row["possible_from"] or first, row["possible_to"] or last
    left, right = _percent(begin, first, last), _percent(end + _DAY, first, last)
    iris = [iri for column in label.split() if (iri := row[column])]
    text = " · ".join(page.plain(names.get(iri), short(page, iri)) for iri in iris)
    kind = str(row.get("kind") or "held")
    return Bar(
        text, page.entity(iris[0]) if iris else None, kind, round(left, 2),
        round(max(right - left, 0.3), 2), _sure(row, first, last), HEAD + ROW * number, left < 60,
        _gap_days(row), row["possible_to"] is None,
    )  # fmt: skip


_DAY = timedelta(days=1)


def _gap_days(row: Mapping[str, Any]) -> int | None:
    """How long nobody holds the post, or nothing is held, if both ends are certain."""
    ends = row["certain_from"], row["certain_to"]
    is_gap = row.get("kind") in ("gap", "vacant") and row.get("certain") == "yes"
    if not is_gap or None in ends or ends != (row["possible_from"], row["possible_to"]):
        return None
    return int((ends[1] - ends[0]).days) + 1


def _sure(row: Mapping[str, Any], first: date, last: date) -> tuple[float, float] | None:
    begin, end = row["certain_from"], row["certain_to"]
    if begin is None:
        return None
    left = _percent(begin, first, last)
    right = _percent(end + _DAY, first, last) if end else 100.0
    return (round(left, 2), round(max(right - left, 0.3), 2)) if right > left else None


def _percent(day: date, first: date, last: date) -> float:
    return min(100.0, max(0.0, (day - first).days / ((last - first).days + 1) * 100))


def _years(first: date, last: date) -> Iterable[tuple[int, float]]:
    """Not more than a dozen of them."""
    step = max(1, -(-(last.year - first.year + 1) // _YEARS))
    for year in range(first.year, last.year + 1, step):
        yield year, round(_percent(date(year, 1, 1), first, last), 2)
