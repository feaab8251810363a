"""Flows with what totals and parts say of their amounts.

A part is never more than its total, and no amount is below zero. So a total is at least the sum of
its parts, and a part is at most the total less the other parts. Both are exact on trees: every
amount between the bounds occurs in some assignment that keeps all that is stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.kept import kept
from govgraph.governance.money.cells import AMOUNT
from govgraph.governance.money.flows import flows as all_flows
from govgraph.governance.money.forest import edges, inside, levels

_ZERO = pl.lit(0, dtype=AMOUNT)
_EXACT = pl.col("lower").is_not_null() & (pl.col("lower") == pl.col("upper"))
_INEXACT = ~_EXACT.fill_null(value=False)
_UPWARDS = {"flow": "ground", "whole": "flow"}
_NO_GROUNDS = pl.DataFrame(schema={"flow": pl.String, "ground": pl.String})


@dataclass(frozen=True)
class Ledger:
    """All flows of a graph, however many of them a question selects.

    `flows` has beside its own columns `least` (never null: zero) and `most` (null: not bounded),
    `known` (the value, else the sum of the known values of the parts) and `contradictory`: the
    flow's tree has parts that surely exceed their total, and `least` and `most` are what is stated
    only; `floor` is what the flow and its parts state in any case. `currency` of a part that names none is
    that of its total. `pairs` are forest.inside of all links; `bounding` are the levels of those
    links that bound amounts: of one currency, in trees without a contradiction.
    """

    flows: pl.DataFrame
    pairs: pl.DataFrame
    bounding: list[pl.DataFrame]

    @staticmethod
    def of(flows: pl.DataFrame) -> Ledger:
        """Of `flow`, `whole`, `value`, `lower`, `upper`, `currency` and any other columns."""
        stated = pl.col("lower").fill_null(_ZERO)
        flows = flows.with_columns(
            least=stated, floor=stated, most="upper", known="value", contradictory=False
        )
        links = edges(flows)
        if not links.height:
            return Ledger(flows, inside(links), [])
        linked = pl.concat([links["flow"], links["whole"]]).unique().implode()
        trees, bounding = _bounded(flows.filter(pl.col("flow").is_in(linked)), links)
        alone = flows.filter(~pl.col("flow").is_in(linked))
        return Ledger(pl.concat([alone, trees.select(flows.columns)]), inside(links), bounding)

    def counted(self, selected: pl.DataFrame) -> pl.DataFrame:
        """The selected flows that are in no other selected one: what a sum is made of. A total
        stands for its parts, and an unknown total is at least their sum."""
        within = self.pairs.join(selected.select(whole="flow"), on="whole", how="semi")
        return selected.join(within, on="flow", how="anti")

    def grounds(self, flows: pl.DataFrame) -> pl.DataFrame:
        """`flow`, `ground`: of flows of the ledger whose amount is not exact, what bounds them and
        their sums beside what they state: the total, its other parts, their own parts."""
        derived = flows.filter(_INEXACT)
        totals = self.links.join(derived, on="flow", how="semi")
        parts = self.links.join(derived.select(whole="flow"), on="whole", how="semi")
        if not totals.height + parts.height:
            return _NO_GROUNDS
        others = totals.join(self.links.rename({"flow": "ground"}), on="whole")
        found = [totals.rename({"whole": "ground"}), others, parts.rename(_UPWARDS)]
        return pl.concat(each.select("flow", "ground") for each in found).unique()

    @cached_property
    def links(self) -> pl.DataFrame:
        """`flow`, `whole`: each part with the total that it is in directly."""
        return self.pairs.filter(depth=1).select("flow", "whole")


@kept
def ledger_of(engine: Engine) -> Ledger:
    """The ledger of all flows of an engine's graph."""
    return Ledger.of(all_flows(engine))


def _bounded(flows: pl.DataFrame, links: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Flows that are all totals or parts, and the links that bound them, by level."""
    by_level = levels(links)
    if flows["currency"].n_unique() > 1:
        flows = _inherited(flows, by_level)
        links = _of_one_currency(flows, links)
        by_level = levels(links)
    found = _upwards(flows, by_level)
    wrong = _contradictory(found, links)
    if wrong.len():
        told = pl.col("flow").is_in(wrong.implode())
        stated = pl.col("lower").fill_null(_ZERO)
        found = found.with_columns(
            contradictory=told, least=pl.when(told).then(stated).otherwise("least")
        )
        by_level = [level.filter(~told) for level in by_level]
    return _downwards(found, by_level), by_level


def _inherited(flows: pl.DataFrame, by_level: list[pl.DataFrame]) -> pl.DataFrame:
    """The flows; a part that names no currency gets that of its total."""
    found = flows.select("flow", "currency")
    for level in by_level:
        total = level.join(found.select(whole="flow", of_total="currency"), on="whole")
        found = found.join(total, on="flow", how="left").select(
            "flow", pl.coalesce("currency", "of_total")
        )
    return flows.drop("currency").join(found, on="flow")


def _of_one_currency(flows: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    currency = flows.select("flow", "currency")
    total = currency.rename({"flow": "whole", "currency": "of_total"})
    both = links.join(currency, on="flow").join(total, on="whole")
    return both.filter(pl.col("currency").eq_missing(pl.col("of_total"))).select("flow", "whole")


def _upwards(flows: pl.DataFrame, by_level: list[pl.DataFrame]) -> pl.DataFrame:
    """The flows, from the deepest parts up: a total is at least (`least`, `floor`) the sum of its
    parts, and where it states no value that of theirs is `known`."""
    found = flows.select("flow", "least", "known")
    for level in reversed(by_level):
        parts = level.join(found, on="flow")
        every = pl.col("known").is_not_null().any()
        sums = parts.group_by(flow="whole").agg(
            of_parts=pl.col("least").sum(), known_parts=pl.when(every).then(pl.col("known").sum())
        )
        found = found.join(sums, on="flow", how="left").select(
            "flow",
            least=pl.max_horizontal("least", "of_parts"),
            known=pl.coalesce("known", "known_parts"),
        )
    found = found.with_columns(floor="least")
    return flows.drop("least", "known", "floor").join(found, on="flow")


def _contradictory(flows: pl.DataFrame, links: pl.DataFrame) -> pl.Series:
    """The flows of trees in which something is at least more than it is at most."""
    wrong = flows.filter(pl.col("least") > pl.col("upper"))["flow"]
    if not wrong.len():
        return wrong
    pairs = inside(links)
    roots = pl.concat([pairs.filter(pl.col("flow").is_in(wrong.implode()))["whole"], wrong])
    below = pairs.filter(pl.col("whole").is_in(roots.implode()))["flow"]
    return pl.concat([roots, below]).unique()


def _downwards(flows: pl.DataFrame, by_level: list[pl.DataFrame]) -> pl.DataFrame:
    """The flows, from the roots down: a part is at most (`most`) its total less what the others
    are at least."""
    found = flows.select("flow", "least", "most")
    for level in by_level:
        parts = level.join(found.select("flow", "least"), on="flow")
        parts = parts.join(found.select(whole="flow", total="most"), on="whole")
        others = pl.col("least").sum().over("whole") - pl.col("least")
        room = parts.select("flow", room=pl.col("total") - others)
        found = found.join(room, on="flow", how="left").select(
            "flow", "least", most=pl.min_horizontal("most", "room")
        )
    return flows.drop("most").join(found.select("flow", "most"), on="flow")
