"""Days on which counts change: the one sweep that every type of rule is judged with.

A layer is a frame of rows (`subject`, spans.DAYS), such as the adoptions that bind a subject or the
appointments that cover its duty. A step says from which day on how many rows of each layer may hold
(`<layer>_may`) and surely hold (`<layer>_sure`); it lasts until the day before the next step of the
subject. Every row closes, if only after ON, so that counts return to zero between subjects and one
running total serves all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from govgraph.governance.rules.spans import MAY, SURE

#: A key is a subject and a day in one number: days of the years 1 to 10000 fit into 22 bits.
_BITS = 1 << 22
_ORIGIN = (date(1, 1, 1) - date(1970, 1, 1)).days


def steps(layers: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`subject`, `day` (pl.Date) and the two counts of each layer, in order."""
    changes = [_changes(rows, layer) for layer, rows in layers.items()]
    ordered = pl.concat(changes, how="diagonal").fill_null(0).sort("key")
    totals = ordered.with_columns(pl.exclude("key").cum_sum())
    last = pl.col("key").ne_missing(pl.col("key").shift(-1))
    return (
        totals.filter(last)
        .select(
            subject=(pl.col("key") // _BITS).cast(pl.UInt32),
            day=(pl.col("key") % _BITS + _ORIGIN).cast(pl.Int32).cast(pl.Date),
            rest=pl.struct(pl.exclude("key")),
        )
        .unnest("rest")
    )


def runs(stepped: pl.DataFrame, status: pl.Expr, *told: pl.Expr, **named: pl.Expr) -> pl.DataFrame:
    """`subject`, `status`, `first`, `last`: the maximal runs of days of one status; null is none.
    `told` and `named` are further columns, each an aggregation over the steps of a run."""
    judged = stepped.with_columns(status=status)
    subject, state = pl.col("subject"), pl.col("status")
    begins = subject.ne_missing(subject.shift()) | state.ne_missing(state.shift())
    marked = judged.with_columns(run=begins.cum_sum())
    found = marked.group_by("run", maintain_order=True).agg(
        subject.first(), state.first(), *told, first=pl.col("day").first(), **named
    )
    # after the last step nothing holds, so the next run tells where this one ends
    ended = found.with_columns(last=pl.col("first").shift(-1).dt.offset_by("-1d"))
    return ended.drop("run").drop_nulls("status")


def joined(rows: pl.DataFrame, days: tuple[str, str]) -> pl.DataFrame:
    """`subject`, `first`, `last`: the days of rows run together, per subject, over all that overlap
    or follow within a day. `days` are MAY or SURE."""
    layer = rows.select("subject", may_first=days[0], may_last=days[1])
    blank = pl.lit(None, pl.Date)
    stepped = steps({"held": layer.with_columns(sure_first=blank, sure_last=blank)})
    return runs(stepped, pl.when(pl.col("held_may") > 0).then(1)).drop("status")


def _changes(rows: pl.DataFrame, layer: str) -> pl.DataFrame:
    """One row for each day on which a row of the layer opens or closes."""
    named = (("may", MAY), ("sure", SURE))
    parts = [
        rows.drop_nulls(days[0]).select(
            key=_key(pl.col(days[edge]), edge),
            delta=pl.lit(1 - 2 * edge, pl.Int8),
        ).rename({"delta": f"{layer}_{name}"})
        for name, days in named
        for edge in (0, 1)
    ]  # fmt: skip
    return pl.concat(parts, how="diagonal")


def _key(day: pl.Expr, after: int) -> pl.Expr:
    number = day.cast(pl.Int32).cast(pl.Int64) - _ORIGIN + after
    return pl.col("subject").cast(pl.Int64) * _BITS + number
