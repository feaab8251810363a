"""Flows of one group added up, with bounds."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.governance.money.cells import AMOUNT
from govgraph.governance.money.ledger import Ledger
from govgraph.governance.money.sums import most

_ZERO = pl.lit(0, dtype=AMOUNT)


def aggregated(ledger: Ledger, rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """A row for each key: flows, known, unknown, uncertain, value, lower, upper, source.

    `rows` are flows of the ledger, none of which is in another of its key, with `in_period`, and
    `rate` and `factor`: amounts with a factor are converted to `currency`.
    """
    apart = rows["factor"].count() > 0
    sums = _grouped(ledger, rows, [*key, "rate", "factor"] if apart else key)
    found = _added(sums, key) if apart else sums
    counts = pl.col("flows", "known", "uncertain").cast(pl.Int64)
    return found.with_columns(counts).with_columns(unknown=pl.col("flows") - pl.col("known"))


def unconverted(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows for `aggregated` that stay in their own currencies."""
    return rows.with_columns(rate=pl.lit(None, pl.String), factor=pl.lit(None, AMOUNT))


def _grouped(ledger: Ledger, rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Sums in the flows' own currencies."""
    sure = pl.col("in_period") == "yes"
    told = (pl.col("lower").is_not_null() | (pl.col("least") > 0)) & sure
    sums = rows.group_by(key).agg(
        flows=pl.len(),
        known=pl.col("value").is_not_null().sum(),
        uncertain=(~sure).sum(),
        value=_sum(pl.col("known"), sure & pl.col("known").is_not_null()),
        lower=_sum(pl.col("least"), told),
        source=pl.col("flow"),
    )
    sums = sums.with_row_index("number")
    members = sums.select(group="number", flow="source").explode("flow")
    found = sums.drop("source").join(_sources(ledger, rows, members), on="number")
    upper = most(ledger, members).rename({"group": "number"})
    return found.join(upper, on="number").drop("number")


def _sources(ledger: Ledger, rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """`number`, `source`: the flows of each group and what their bounds rest on."""
    grounds = members.join(ledger.grounds(rows), on="flow").select("group", flow="ground")
    every = pl.concat([members, grounds]) if grounds.height else members
    return every.group_by(number="group").agg(source=pl.col("flow").unique().sort())


def _sum(column: pl.Expr, counted: pl.Expr) -> pl.Expr:
    """The sum of what is counted; null if nothing is."""
    return pl.when(counted.any()).then(column.filter(counted).sum())


def _added(sums: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Sums of several rates in one currency; the rates are among the evidence."""
    money = ("value", "lower", "upper")
    factor = pl.col("factor").fill_null(pl.lit(1, dtype=AMOUNT))
    converted = pl.col("rate").is_not_null()
    sums = sums.sort("rate").with_columns(  # so that the evidence is in the same order each time
        *(pl.col(name) * factor for name in money),
        source=pl.when(converted).then(pl.concat_list("source", "rate")).otherwise("source"),
    )
    bounded = pl.col("upper").is_not_null().all()
    return sums.group_by(key).agg(
        pl.col("flows", "known", "uncertain").sum(),
        *(_sum(pl.col(name), pl.col(name).is_not_null()) for name in money[:2]),
        upper=pl.when(bounded).then(pl.col("upper").sum()),
        source=pl.col("source").explode(),
    )
