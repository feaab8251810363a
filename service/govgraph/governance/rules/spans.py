"""On which days a dated fact may hold, and on which it surely does.

A fact with coarse dates has many readings: its first day is one of [earliest, latest] start, its
last day one of [earliest, latest] end, and no reading ends before it starts. It may hold on the days
that some reading covers, and surely holds on those that every reading covers. The semantics are
those of `governance.time.Span`: a start that is not known may be any day, a start without an end
runs on, `..` as an end is open.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from govgraph.governance.days import day

#: Stand for a first day that is not known, and for going on.
EVER, ON = date(1, 1, 1), date(9999, 12, 31)
#: Facts' properties for the bounds, as columns of terms.
DATES = {
    "start_first": "gov:startEarliest",
    "start_last": "gov:startLatest",
    "end_first": "gov:endEarliest",
    "end_last": "gov:endLatest",
}
#: First and last day on which a fact may hold, and on which it surely holds; null: on none.
MAY, SURE = ("may_first", "may_last"), ("sure_first", "sure_last")
DAYS = (*MAY, *SURE)
#: The day by which a fact has surely begun, and that before which it surely has not ended. It surely
#: holds between them, if there is anything between.
EDGES = ("begun_by", "lasts_to")


def spanned(facts: pl.DataFrame, ended: pl.DataFrame, unknown: date = ON) -> pl.DataFrame:
    """Facts with the columns of DATES (terms) replaced by those of DAYS and EDGES (pl.Date).

    `ended` are facts, by their first column, that have ended, nobody knows when; others without a
    bound of their end run on. A start that is not known may be as late as `unknown`. Dates that
    contradict each other, an end before the start, leave everything between them open.
    """
    node = facts.columns[0]
    marks = ended.select(pl.col(ended.columns[0]).alias(node), has_ended=True).unique()
    bounds = facts.join(marks, on=node, how="left").with_columns(map(day, DATES))
    ends = pl.col("has_ended").is_not_null() | pl.col("end_last").is_not_null()
    dated = bounds.with_columns(
        pl.col("start_first").fill_null(EVER),
        pl.col("start_last").fill_null(unknown),
        # an end without an earliest day may have been any day
        pl.col("end_first").fill_null(pl.when(ends).then(EVER).otherwise(ON)),
        pl.col("end_last").fill_null(ON),
    )
    return _days(dated).drop(*DATES, "has_ended")


def _days(dated: pl.DataFrame) -> pl.DataFrame:
    start_first, start_last, end_first, end_last = (
        pl.col(c) for c in ("start_first", "start_last", "end_first", "end_last")
    )
    sound = start_first <= end_last
    edged = dated.with_columns(
        may_first=pl.when(sound).then(start_first).otherwise(end_first),
        may_last=pl.when(sound).then(end_last).otherwise(start_last),
        # no reading ends before it starts, which narrows both
        begun_by=pl.when(sound).then(pl.min_horizontal(start_last, end_last)).otherwise(ON),
        lasts_to=pl.when(sound).then(pl.max_horizontal(end_first, start_first)).otherwise(EVER),
    )
    sure = (pl.col("begun_by") <= pl.col("lasts_to")) & (pl.col("begun_by") < ON)
    edges = zip(SURE, EDGES, strict=True)
    return edged.with_columns(pl.when(sure).then(edge).alias(day) for day, edge in edges)
