"""The largest sum of some flows that stated amounts, totals and parts allow."""

from __future__ import annotations

import polars as pl

from govgraph.governance.money.cells import AMOUNT
from govgraph.governance.money.ledger import Ledger

_NOTHING = pl.lit(0, dtype=AMOUNT)


def most(ledger: Ledger, grouped: pl.DataFrame) -> pl.DataFrame:
    """`group`, `upper`: the largest sum of each group's flows, none of which is in another of its
    group; null is not bounded. `grouped` has `flow` and `group`.

    Of a tree, a group's sum s needs of the tree's amount at least max(least, s + held): `held` is
    what flows beside the group's take up in any case. So s is at most the sum of what the parts
    allow, and at most the total's upper bound less what is held. Computed from the deepest parts
    up; what has no total any more is added up.
    """
    own = ledger.flows.select("flow", "least", own="upper")
    state = grouped.join(own, on="flow").select("flow", "group", held=_NOTHING, most="own")
    for level in reversed(ledger.bounding):
        rest = state.join(level, on="flow", how="anti")
        if rest.height < state.height:
            risen = _risen(level, own, state)
            state = pl.concat([rest, risen.select(state.columns)])
    return state.group_by("group").agg(upper=_total(pl.col("most")))


def _risen(level: pl.DataFrame, own: pl.DataFrame, state: pl.DataFrame) -> pl.DataFrame:
    """What the parts of one level leave to their totals, by group: flow, group, held, most."""
    parts = level.join(own, on="flow").with_columns(of_all=pl.col("least").sum().over("whole"))
    mine = parts.join(state, on="flow")
    # a part that is at least more than its share in the sum can be takes up the rest as well
    held = pl.max_horizontal("held", pl.col("least") - pl.col("most")).sum()
    risen = mine.group_by(flow="whole", group="group").agg(
        held=held + pl.col("of_all").first() - pl.col("least").sum(), most=_total(pl.col("most"))
    )
    risen = risen.join(own, on="flow")
    return risen.with_columns(most=pl.min_horizontal("most", pl.col("own") - pl.col("held")))


def _total(column: pl.Expr) -> pl.Expr:
    """The sum; null, not bounded, if one of the summands is."""
    return pl.when(column.is_not_null().all()).then(column.sum())


def outermost(ledger: Ledger, grouped: pl.DataFrame) -> pl.DataFrame:
    """The rows of `flow`, `group` whose flow is in no other flow of its group."""
    whole = grouped.rename({"flow": "whole"})
    within = grouped.join(ledger.pairs, on="flow").join(whole, on=["whole", "group"], how="semi")
    return grouped.join(within, on=["flow", "group"], how="anti")
