"""Intervals whose ends are known to a day, a month, a year, or not at all, as columns.

A *reading* is a choice of one start and one end out of those that the dates allow, no end before
its start. What holds in every reading is certain, what holds in some is possible. An interval is
four columns of days (BOUNDS), never null: `start_earliest` … `start_latest` are the days on which
it can start, `end_earliest` … `end_latest` those that can be its last. NEVER stands for all days
before, ALWAYS for all after what calendars reach. `time.Span` is the same for one interval.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from govgraph.errors import GovgraphError
from govgraph.governance.time import Moment, Window
from govgraph_loaders import edtf

BOUNDS = ("start_earliest", "start_latest", "end_earliest", "end_latest")
NEVER, ALWAYS = date.min, date.max
DAY = timedelta(days=1)


def bounded(rows: pl.DataFrame, start: str = "start", end: str = "end") -> pl.DataFrame:
    """Rows with BOUNDS by two columns of EDTF texts, as `narrowed` leaves them.

    A start without an end, and an end of `..`, run on; without a start nothing is known of it, and
    nothing is known by a text that is no EDTF.
    """
    stated, ended = pl.col(start).is_not_null(), pl.col(end)
    runs_on = (ended == "..").fill_null(stated)
    found = rows.with_columns(
        start_earliest=earliest(rows, start),
        start_latest=latest(rows, start),
        end_earliest=pl.when(runs_on).then(ALWAYS).otherwise(earliest(rows, end)),
        end_latest=latest(rows, end),
    )
    return narrowed(found)


def earliest(rows: pl.DataFrame, column: str) -> pl.Expr:
    """The first day that each EDTF text of a column can mean, NEVER if there is none."""
    texts, days = _meanings(rows[column])
    return pl.col(column).replace_strict(texts, [day[0] for day in days], **_DATES).fill_null(NEVER)


def latest(rows: pl.DataFrame, column: str) -> pl.Expr:
    """The last day that each EDTF text of a column can mean, ALWAYS if there is none."""
    texts, days = _meanings(rows[column])
    return (
        pl.col(column).replace_strict(texts, [day[1] for day in days], **_DATES).fill_null(ALWAYS)
    )


def _meanings(column: pl.Series) -> tuple[list[str], list[edtf.Bounds]]:
    texts = column.unique().drop_nulls().sort().to_list()
    return texts, [_bounds(text) for text in texts]


_DATES: dict[str, Any] = {"default": None, "return_dtype": pl.Date}


def days_of(text: str) -> tuple[date, date]:
    """The first and the last day that an EDTF text can mean, NEVER and ALWAYS without a limit."""
    first, last = _bounds(text)
    return first or NEVER, last or ALWAYS


def _bounds(text: str) -> edtf.Bounds:
    try:
        return edtf.bounds(text)
    except ValueError:
        return None, None


def narrowed(rows: pl.DataFrame) -> pl.DataFrame:
    """The same intervals without starts and ends that no reading has, and without the intervals
    that have no reading at all because they end before they start."""
    possible = rows.filter(pl.col("start_earliest") <= pl.col("end_latest"))
    return possible.with_columns(
        pl.min_horizontal("start_latest", "end_latest").alias("start_latest"),
        pl.max_horizontal("end_earliest", "start_earliest").alias("end_earliest"),
    )


def has_core() -> pl.Expr:
    """Whether some day is certain: the core, from `start_latest` to `end_earliest`."""
    return (pl.col("start_latest") <= pl.col("end_earliest")) & (pl.col("start_latest") < ALWAYS)


def holds(at: Moment) -> pl.Expr:
    """`yes`, `no` or `unknown`: whether an interval covers a moment, as `Span.holds`."""
    start_earliest, start_latest, end_earliest, end_latest = (pl.col(name) for name in BOUNDS)
    return _verdict(
        no=(pl.lit(at.last) < start_earliest) | (pl.lit(at.first) > end_latest),
        yes=(start_latest <= at.first) & (pl.lit(at.last) <= end_earliest),
    )


def meets(window: Window) -> pl.Expr:
    """`yes`, `no` or `unknown`: whether an interval has a day in a window, as `Span.meets`."""
    start_earliest, start_latest, end_earliest, end_latest = (pl.col(name) for name in BOUNDS)
    return _verdict(
        no=(start_earliest > window.last) | (end_latest < window.first),
        yes=(start_latest <= window.last) & (end_earliest >= window.first),
    )


def asked(at: Moment | None, window: Window | None) -> pl.Expr | None:
    """The verdict on the days that a caller asks for, None if he asks for none.

    GovgraphError(dates-conflict) if he asks for a moment and a window.
    """
    if at is not None and window is not None:
        raise GovgraphError("dates-conflict")
    if at is not None:
        return holds(at)
    return None if window is None else meets(window)


def _verdict(no: pl.Expr, yes: pl.Expr) -> pl.Expr:
    return pl.when(no).then(pl.lit("no")).when(yes).then(pl.lit("yes")).otherwise(pl.lit("unknown"))


# -- how intervals are written -------------------------------------------------------------------


def start_text() -> pl.Expr:
    """The start as EDTF, as precise as it is; null if nothing is known of it."""
    return _edtf("start_earliest", "start_latest").alias("start")


def end_text() -> pl.Expr:
    """The last day as EDTF, `..` if it runs on; null if nothing is known of it."""
    runs_on = pl.col("end_earliest") == ALWAYS
    return pl.when(runs_on).then(pl.lit("..")).otherwise(_edtf(*BOUNDS[2:])).alias("end")


def _edtf(first: str, last: str) -> pl.Expr:
    """A day, a month, a year, or the interval from the first day to the last that it can be."""
    low, high = pl.col(first), pl.col(last)
    same_year = low.dt.year() == high.dt.year()
    begins = (low.dt.month() == 1) & (low.dt.day() == 1)
    ends = (high.dt.month() == 12) & (high.dt.day() == 31)
    month = (low.dt.day() == 1) & (high == low.dt.month_end())
    text = [
        pl.when(pl.col(name) == without).then(pl.lit("..")).otherwise(_day(name))
        for name, without in ((first, NEVER), (last, ALWAYS))
    ]
    return (
        pl.when((low == NEVER) & (high == ALWAYS)).then(pl.lit(None, pl.String))
        .when(low == high).then(_day(first))
        .when(same_year & begins & ends).then(_day(first).str.head(4))
        .when(month).then(_day(first).str.head(7))
        .otherwise(pl.format("{}/{}", *text))
    )  # fmt: skip


def _day(column: str) -> pl.Expr:
    return pl.col(column).dt.to_string("%Y-%m-%d")


def intervals() -> list[pl.Expr]:
    """What a caller sees: `certain_from`, `certain_to`, the days in every reading, and
    `possible_from`, `possible_to`, those in some. Null is unlimited; both null in the certain
    ones is no such day, which a verdict beside them tells apart."""
    core = has_core()
    return [
        pl.when(core).then(pl.col("start_latest")).alias("certain_from"),
        pl.when(core & (pl.col("end_earliest") < ALWAYS)).then(pl.col("end_earliest"))
        .alias("certain_to"),
        pl.when(pl.col("start_earliest") > NEVER).then(pl.col("start_earliest"))
        .alias("possible_from"),
        pl.when(pl.col("end_latest") < ALWAYS).then(pl.col("end_latest")).alias("possible_to"),
    ]  # fmt: skip
