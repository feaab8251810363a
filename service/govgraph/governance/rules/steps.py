"""Days on which counts change: the one sweep that every type of rule is judged with.

A layer is a frame of rows (`subject`, spans.DAYS), such as the adoptions that bind a subject or the
appointments that cover its duty. A step says from which day on how many rows of each layer may hold
(`<layer>_may`) and surely hold (`<layer>_sure`); it lasts until the day before the next step of the
subject. Every row closes, if only after ON, so that counts return to zero between subjects and one
running total serves all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from govgraph.governance.rules.spans import DAYS, MAY, SURE

#: A key is a subject and a day in one number: days of the years 1 to 10000 fit into 22 bits.
_BITS = 1 << 22
_ORIGIN = (date(1, 1, 1) - date(1970, 1, 1)).days


def steps(layers: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """`subject`, `day` (pl.Date) and the two counts of each layer, in order."""
    numbers = enumerate(layers.values())
    stacked = pl.concat(
        [rows.select("subject", *DAYS, layer=pl.lit(n, pl.UInt8)) for n, rows in numbers]
    )
    ordered = pl.concat(_changes(stacked, days, edge) for days in (MAY, SURE) for edge in (0, 1))
    key, totals = pl.col("key"), _totals(layers)
    counted = ordered.sort("key").select("key", **totals)
    return counted.filter(key.ne_missing(key.shift(-1))).select(
        (key // _BITS).cast(pl.UInt32).alias("subject"),
        (key % _BITS + _ORIGIN).cast(pl.Int32).cast(pl.Date).alias("day"),
        *totals,
    )


def _totals(layers: Iterable[str]) -> dict[str, pl.Expr]:
    """How many rows of each layer may hold and surely hold after each change."""
    delta = pl.col("delta").cast(pl.Int64)
    return {
        f"{layer}_{reading}": pl.when(layer=number, sure=sure).then(delta).otherwise(0).cum_sum()
        for number, layer in enumerate(layers)
        for reading, sure in (("may", False), ("sure", True))
    }


def _changes(stacked: pl.DataFrame, days: tuple[str, str], edge: int) -> pl.DataFrame:
    """A row for each day on which a row of a layer opens (edge 0), or after which it closes (1)."""
    number = pl.col(days[edge]).cast(pl.Int32).cast(pl.Int64) - _ORIGIN + edge
    return stacked.drop_nulls(days[edge]).select(
        "layer",
        key=pl.col("subject").cast(pl.Int64) * _BITS + number,
        delta=pl.lit(1 - 2 * edge, pl.Int8),
        sure=pl.lit(days == SURE),
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
