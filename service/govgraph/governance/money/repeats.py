"""Flows that share a number of the source: shown, and counted both ways."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govgraph.governance.money.cells import AMOUNT


def shared(identifiers: pl.DataFrame) -> pl.DataFrame:
    """The rows of flows.identifiers whose number more than one flow has."""
    return identifiers.filter(pl.col("flow").n_unique().over("number") > 1)


def once(rows: pl.DataFrame, identifiers: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """For each key with flows that share an identifier: `repeated`, how many they are, and
    `once_least`, `once_most`: the sum of the known amounts if each identifier is counted once, by
    the smallest and by the largest of its amounts. `rows` are those of `aggregate.aggregated`."""
    repeats = shared(identifiers).unique("flow", keep="first", maintain_order=True)
    rows = rows if repeats.height else rows.clear()
    factor = pl.col("factor").fill_null(pl.lit(1, dtype=AMOUNT))
    told = rows.join(repeats, on="flow", how="left").with_columns(amount=pl.col("known") * factor)
    counted = told.group_by([*key, pl.coalesce("number", "flow")]).agg(
        repeated=pl.col("identifier").is_not_null().sum(),
        least=pl.col("amount").min(),
        most=pl.col("amount").max(),
    )
    found = counted.group_by(key).agg(
        pl.col("repeated").sum(), once_least=pl.col("least").sum(), once_most=pl.col("most").sum()
    )
    return found.filter(pl.col("repeated") > 0)
