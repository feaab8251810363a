"""Is money conserved: parts within totals, and what is passed on within what was received?"""

from __future__ import annotations

from typing import Literal

import polars as pl

from govgraph.engine.base import Engine
from govgraph.governance.answer import Answer
from govgraph.governance.money import cells, words
from govgraph.governance.money.aggregate import aggregated, unconverted
from govgraph.governance.money.keys import keyed
from govgraph.governance.money.ledger import Ledger, ledger_of
from govgraph.governance.money.selection import Selection
from govgraph.governance.money.sums import outermost

Per = Literal["all", "project", "year", "purpose"]
_KEY = ["organization", "group", "group_text", "currency"]
_SUMS = ("flows", "unknown", "value", "lower", "upper", "source")
_ZERO = pl.lit(0, dtype=cells.AMOUNT)


def parts_within_totals(engine: Engine, *, verdict: str | None = None) -> Answer:
    """Each total with its direct parts: whether they are together at most the total (`conserved`:
    yes, no, or unknown where amounts are), and by how much they surely exceed it (`excess`)."""
    everything = ledger_of(engine).flows
    mine = pl.col("flow", "currency", "value", "lower", "upper", "fiscal_year")
    totals = everything.select(mine).rename({"flow": "total", "currency": "of_total"})
    parts = everything.drop_nulls("whole").join(
        totals.select(whole="total", of_total="of_total"), on="whole"
    )
    same = pl.col("currency").eq_missing(pl.col("of_total"))
    bounded = (pl.col("upper").is_not_null() & same).all()
    stated = same & (pl.col("lower").is_not_null() | (pl.col("floor") > 0))
    sums = parts.group_by(total="whole").agg(
        parts=pl.len().cast(pl.Int64),
        parts_unknown=pl.col("value").is_null().sum().cast(pl.Int64),
        parts_lower=pl.when(stated.any()).then(pl.col("floor").filter(stated).sum()),
        parts_upper=pl.when(bounded).then(pl.col("upper").sum()),
        source=pl.col("flow").sort(),
    )
    found = totals.join(sums, on="total").with_columns(
        source=pl.concat_list("total", "source"),
        **judged("parts_lower", "parts_upper", "lower", "upper"),
    )
    shown = found.select(
        "total", "fiscal_year", "value", "lower", "upper", "parts", "parts_unknown", "parts_lower",
        "parts_upper", "conserved", "excess", "source", currency="of_total",
    )  # fmt: skip
    shown = shown.filter(conserved=verdict) if verdict else shown
    money = ["value", "lower", "upper", "parts_lower", "parts_upper", "excess"]
    return Answer(cells.plain(shown.sort("total"), money), [words.verdicts(found["conserved"])])


def along_chains(
    engine: Engine,
    *,
    per: Per = "all",
    organization: str | None = None,
    place: str | None = None,
    year: int | None = None,
    verdict: str | None = None,
) -> Answer:
    """What each organization that both receives and gives money received and passed on, by currency
    and, if asked, for each project, year or purpose. `conserved`: whether it passed on at most what
    it received, as far as flows are recorded: yes, no, or unknown where amounts are."""
    ledger = ledger_of(engine)
    found = Selection(place=place, year=year).of(engine, ledger.flows)
    every = keyed(engine, found, per)
    found = every.filter(named="one").filter(pl.col("funder").ne_missing(pl.col("recipient")))
    received, passed = (_side(ledger, found, side) for side in ("recipient", "funder"))
    both = received.join(passed, on=_KEY, nulls_equal=True, suffix="_passed").rename(
        {name: f"{name}_received" for name in _SUMS}
    )
    both = both.filter(organization=organization) if organization else both
    both = both.with_columns(
        **judged("lower_passed", "upper_passed", "lower_received", "upper_received")
    )
    shown = both.filter(conserved=verdict) if verdict else both
    return Answer(_chain_rows(shown), [words.verdicts(both["conserved"]), *words.named(every)])


def judged(least: str, most: str, lower: str, upper: str) -> dict[str, pl.Expr]:
    """`conserved`, whether an amount (least … most) is surely, surely not or perhaps at most
    another (lower … upper), and the `excess` that is sure. Null bounds are none."""
    excess = pl.col(least).fill_null(_ZERO) - pl.col(upper)
    kept = pl.col(most) <= pl.col(lower).fill_null(_ZERO)
    told = pl.when(excess > 0).then(pl.lit("no")).when(kept).then(pl.lit("yes"))
    return {
        "conserved": told.otherwise(pl.lit("unknown")),
        "excess": pl.when(excess > 0).then(excess),
    }


def _side(ledger: Ledger, found: pl.DataFrame, side: str) -> pl.DataFrame:
    """Sums of the flows that organizations give (funder) or get (recipient), each counted once."""
    rows = found.drop_nulls(side).with_columns(organization=side)
    grouped = rows.select("flow", group=pl.struct(_KEY))
    rows = rows.join(outermost(ledger, grouped), on="flow", how="semi")
    return aggregated(ledger, unconverted(rows), _KEY).select(*_KEY, *_SUMS)


def _chain_rows(found: pl.DataFrame) -> pl.DataFrame:
    counts = [f"{name}_{side}" for side in ("received", "passed") for name in _SUMS[:2]]
    money = [f"{name}_{side}" for side in ("received", "passed") for name in _SUMS[2:5]]
    found = found.rename({f"source_{side}": f"{side}_by" for side in ("received", "passed")})
    shown = found.select(
        *_KEY, *counts[:2], *money[:3], *counts[2:], *money[3:], "conserved", "excess",
        source_received="received_by", source_passed="passed_by",
    )  # fmt: skip
    return cells.plain(shown.sort(_KEY, nulls_last=True), [*money, "excess"])
