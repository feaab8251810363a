"""Days that sets of intervals cover, and days between them that none covers.

Intervals are rows `first`, `last` (both belong to it) with columns that say whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.governance.readings import DAY, has_core


def possible(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The days that intervals cover in some reading: `by`, first, last, without overlaps."""
    return union(rows.select(*by, first="start_earliest", last="end_latest"), by)


def certain(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The days that some interval covers in every reading. Intervals vary independently, so a day
    is covered in all readings only if one interval alone covers it in all."""
    cores = rows.filter(has_core())
    return union(cores.select(*by, first="start_latest", last="end_earliest"), by)


def union(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The same days in the fewest intervals, sorted."""
    return (
        with_runs(rows, by, "first", "last")
        .group_by("run", maintain_order=True)
        .agg(pl.col(*by).first(), pl.col("first").min(), pl.col("last").max())
        .drop("run")
    )


def with_runs(rows: pl.DataFrame, by: Sequence[str], first: str, last: str) -> pl.DataFrame:
    """The rows in the order of `by` and days, with the number `run` of those that leave no day
    between them.

    The end that has been reached is a running maximum within each `by`: as the groups follow one
    another, days are moved so far apart from group to group that one over all rows will do.
    """
    ordered = rows.sort(*by, first, last)
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in by)
    group = changed.cast(pl.Int64).cum_sum() * _APART
    begins, ends = (pl.col(name).to_physical().cast(pl.Int64) + group for name in (first, last))
    apart = (begins > ends.cum_max().shift() + 1).fill_null(True)
    return ordered.with_columns(run=apart.cast(pl.Int64).cum_sum())


#: More days than calendars have.
_APART = 10_000_000


def uncovered(life: pl.DataFrame, covered: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The days of `life`, one interval for each `by`, that no interval of `covered` has."""
    by = list(by)
    parts = union(clipped(covered, life, by), by)
    between = parts.join(life, on=by, suffix="_life").select(
        *by,
        first=_after_last(by).fill_null(pl.col("first_life")),
        last=pl.col("first") - DAY,
    )
    reached = parts.group_by(by).agg(reached=pl.col("last").max())
    after = life.join(reached, on=by, how="left").select(
        *by, first=(pl.col("reached") + DAY).fill_null(pl.col("first")), last="last"
    )
    found = pl.concat([between, after]).filter(pl.col("first") <= pl.col("last"))
    return found.sort(*by, "first")


def _after_last(by: list[str]) -> pl.Expr:
    """The day after the interval before, if that is of the same `by`; rows are sorted."""
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in by)
    return pl.when(same).then(pl.col("last").shift() + DAY)


def clipped(rows: pl.DataFrame, life: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The parts of intervals within the one interval that `life` has for each `by`."""
    return (
        rows.join(life, on=list(by), suffix="_life")
        .select(
            *by,
            first=pl.max_horizontal("first", "first_life"),
            last=pl.min_horizontal("last", "last_life"),
        )
        .filter(pl.col("first") <= pl.col("last"))
    )


def vacancies(
    rows: pl.DataFrame, life: pl.DataFrame, sure: pl.DataFrame, by: Sequence[str]
) -> pl.DataFrame:
    """The days of `life` that intervals with BOUNDS leave open: `by`, first, last, `vacant`.

    `vacant` is `yes` for days that no reading covers, within the `sure` part of life, and
    `unknown` for the others that not every reading covers.
    """
    open_days = uncovered(sure, possible(rows, by), by)
    other = uncovered(life, pl.concat([certain(rows, by), open_days]), by)
    return pl.concat(
        [
            open_days.with_columns(vacant=pl.lit("yes")),
            other.with_columns(vacant=pl.lit("unknown")),
        ]
    ).sort(*by, "first")
